"""The conventions C1 to C15 as laws of a whole study.

Each law takes a `Study`, or an `Assessed`: a study with the function that evaluates it, and raises
`LawBroken` with what breaks the convention.
"""

import contextlib
import io

import numpy as np

from assess.checks import check
from assess.model import Study
from assess.report import GATE_STATUSES, Report
from assess.rounding import points
from assess.testing import changed
from assess.testing.compared import Assessed, all_hold, on_study, refused, same_results
from assess.testing.subjects import CLOSE, Found
from assess.values import level_of, worth

__all__ = [
    "c01_a_scale_is_its_value_function",
    "c02_a_rule_sees_one_strategy",
    "c03_ordinal_levels_have_no_arithmetic",
    "c04_absence_is_never_filled_in",
    "c05_weights_name_their_tree",
    "c06_nothing_is_coerced",
    "c07_an_error_names_the_nearest",
    "c08_evidence_never_moves_a_score",
    "c09_the_same_inputs_the_same_bits",
    "c10_a_fingerprint_is_what_is_measured",
    "c11_no_leader_without_draws",
    "c12_the_library_is_quiet",
    "c13_a_likelihood_is_never_multiplied_in",
    "c14_who_fails_a_gate_has_no_rank",
    "c15_means_and_ends_leave_the_total_alone",
]

CLAIMED: tuple[str, ...] = ()

MOST = 8


def c01_a_scale_is_its_value_function(given: Study | Assessed) -> None:
    """C1: what one analyst alone rates scores what the scale says that its level is worth.

    s_(t, c) = v_c(x_(t, c))

    References:
        Belton and Stewart (2002), ch. 5, doi:10.1007/978-1-4615-1495-4.
    """

    def hold(under: Assessed) -> None:
        report, study = under.evaluate(under.study), under.study
        for s, t, leaf, text in changed.single_voices(study):
            scale, at = study.tree.scale_of(leaf), report.node(leaf)
            assert scale is not None
            expected, found = worth(scale, level_of(scale, text)), report.score[s, t, at]
            if not (np.isnan(found) or abs(found - expected) <= CLOSE):
                raise Found(
                    f"level {text} on {leaf!r} is worth {points(float(expected), 4)}, and scores "
                    f"{points(float(found), 4)}"
                )

    on_study(given, c01_a_scale_is_its_value_function, hold)


def c02_a_rule_sees_one_strategy(given: Study | Assessed) -> None:
    """C2: a strategy alone scores what it scores among others.

    s_t({t}) = s_t(T)

    References:
        Arrow (1951), Social Choice and Individual Values.
    """

    def hold(under: Assessed) -> None:
        for key in list(under.study.strategies)[:MOST]:
            alone = under.study
            for other in under.study.strategies:
                alone = alone if other == key else changed.without_strategy(alone, other)
            same_results(under, alone, f"of strategy {key!r} alone")

    on_study(given, c02_a_rule_sees_one_strategy, hold)


def c03_ordinal_levels_have_no_arithmetic(given: Study | Assessed) -> None:
    """C3: a level between two labels is refused.

    no x between label k and label k + 1

    References:
        Stevens (1946), doi:10.1126/science.103.2684.677.
    """

    def hold(under: Assessed) -> None:
        for row in changed.rows_of_ordinal_leaves(under.study)[:1]:
            between = changed.with_cell(under.study, row, "rating", "1.5")
            refused(under, between, f"1.5 in row {row}, between two labels")

    on_study(given, c03_ordinal_levels_have_no_arithmetic, hold)


def c04_absence_is_never_filled_in(given: Study | Assessed) -> None:
    """C4: a score lies within its bounds, and below the floor there is none.

    low <= s <= high; s is none where coverage < floor

    References:
        Manski (2003), doi:10.1007/b97478.
    """

    def hold(under: Assessed) -> None:
        report = under.evaluate(under.study)
        known = ~np.isnan(report.score)
        within = (report.score >= report.low - CLOSE) & (report.score <= report.high + CLOSE)
        all_hold(report, within | ~known, "has a score outside of its bounds")
        floor = under.study.method.coverage_floor
        all_hold(report, ~known | (report.coverage >= floor - CLOSE), "has a score below the floor")
        all_hold(
            report, (report.coverage == 1) | ~(report.coverage > 1), "is rated more than wholly"
        )

    on_study(given, c04_absence_is_never_filled_in, hold)


def c05_weights_name_their_tree(given: Study | Assessed) -> None:
    """C5: weights are non-negative and sum to 1 under each node; those of another tree are stale.

    sum_c w_c = 1, w_c >= 0

    References:
        von Winterfeldt and Edwards (1986), ch. 8.
    """

    def hold(under: Assessed) -> None:
        report, tree = under.evaluate(under.study), under.study.tree
        for node, children in tree.children.items():
            w = report.weights[:, [report.node(child) for child in children]]
            if not ((w >= 0).all() and np.allclose(w.sum(axis=1), 1, rtol=0, atol=CLOSE)):
                raise Found(f"the weights under {node!r} are {w.tolist()}")
        if changed.names_a_version(under.study):
            refused(under, changed.newer_tree(under.study), "weights made for another version")
        marked = changed.with_ranges_named(under.study)
        stale = changed.with_other_scale(marked, confirmed=False)
        refused(under, stale, "weights made before a scale below was changed")

    on_study(given, c05_weights_name_their_tree, hold)


def c06_nothing_is_coerced(given: Study | Assessed) -> None:
    """C6: a cell rated twice by one analyst, and a level that is no number, are refused.

    References:
        Design convention C6.
    """

    def hold(under: Assessed) -> None:
        if not len(under.study.ratings):
            return
        refused(under, changed.with_row_twice(under.study), "a cell that is rated twice")
        refused(under, changed.with_cell(under.study, 0, "rating", "nan"), "the level nan")
        refused(under, changed.with_cell(under.study, 0, "rating", "inf"), "the level inf")

    on_study(given, c06_nothing_is_coerced, hold)


def c07_an_error_names_the_nearest(given: Study | Assessed) -> None:
    """C7: an unknown id is answered with its place, its value, and the id that is nearest.

    References:
        Design convention C7.
    """

    def hold(under: Assessed) -> None:
        for row in range(min(len(under.study.ratings), 1)):
            meant = under.study.ratings.cell(row, "criterion")
            wrong = changed.with_cell(under.study, row, "criterion", f"{meant}_x")
            found = [p for p in check(wrong) if p.path == (row, "criterion")]
            told = [p for p in found if f"{meant}_x" in p.message and "did you mean" in p.hint]
            if not told:
                raise Found(f"criterion {meant + '_x'!r} is not answered with the nearest")

    on_study(given, c07_an_error_names_the_nearest, hold)


def c08_evidence_never_moves_a_score(given: Study | Assessed) -> None:
    """C8: confidence, grade and the analysts' own low and high widen, and never move a score.

    s(R) does not depend on confidence, grade, low and high

    References:
        Design convention C8.
    """

    def hold(under: Assessed) -> None:
        same_results(
            under, changed.without_evidence(under.study), "without confidence and evidence"
        )

    on_study(given, c08_evidence_never_moves_a_score, hold)


def c09_the_same_inputs_the_same_bits(given: Study | Assessed) -> None:
    """C9: evaluated twice, a study gives the same bits.

    References:
        Design convention C9.
    """

    def hold(under: Assessed) -> None:
        reports = [under.evaluate(under.study), under.evaluate(under.study.model_copy())]
        for name in Report.array_names():
            if len({getattr(report, name).tobytes() for report in reports}) > 1:
                raise Found(f"{name} differs between two evaluations of the same study")

    on_study(given, c09_the_same_inputs_the_same_bits, hold)


def c10_a_fingerprint_is_what_is_measured(given: Study | Assessed) -> None:
    """C10: names and ratings leave the fingerprints alone; another worth changes them.

    References:
        Design convention C10.
    """

    def hold(under: Assessed) -> None:
        study = under.study
        before = dict(under.evaluate(study).fingerprints)
        named = dict(under.evaluate(changed.with_other_names(study)).fingerprints)
        if named != before:
            raise Found("other names give other fingerprints")
        other = dict(under.evaluate(changed.with_other_scale(study)).fingerprints)
        if other[study.tree.id] == before[study.tree.id]:
            raise Found("another scale below leaves the fingerprint of the root as it was")

    on_study(given, c10_a_fingerprint_is_what_is_measured, hold)


def c11_no_leader_without_draws(given: Study | Assessed) -> None:
    """C11: without draws no page names a leader.

    References:
        Design convention C11.
    """

    def hold(under: Assessed) -> None:
        page = str(under.evaluate(changed.with_plain_names(under.study)))
        if "leader" in page.lower() or "leads" in page.lower().split():
            raise Found("the page names a leader, although nothing was drawn")

    on_study(given, c11_no_leader_without_draws, hold)


def c12_the_library_is_quiet(given: Study | Assessed) -> None:
    """C12: evaluating prints nothing.

    References:
        Design convention C12.
    """

    def hold(under: Assessed) -> None:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            under.evaluate(under.study)
        if printed.getvalue():
            raise Found(f"evaluating prints {printed.getvalue()[:60]!r}")

    on_study(given, c12_the_library_is_quiet, hold)


def c13_a_likelihood_is_never_multiplied_in(given: Study | Assessed) -> None:
    """C13: how likely a scenario is changes no result.

    References:
        Design convention C13.
    """

    def hold(under: Assessed) -> None:
        unlikely = changed.with_likelihood(under.study, "very unlikely")
        same_results(under, unlikely, "with every scenario very unlikely")

    on_study(given, c13_a_likelihood_is_never_multiplied_in, hold)


def c14_who_fails_a_gate_has_no_rank(given: Study | Assessed) -> None:
    """C14: a strategy that fails an excluding gate has no rank, and the others rank as without it.

    References:
        Design convention C14.
    """

    def hold(under: Assessed) -> None:
        report = under.evaluate(under.study)
        fail = GATE_STATUSES.index("fail")
        gates = [under.study.tree.criteria[leaf].gate for leaf in report.gate_leaves]
        excluding = np.array([gate and gate.consequence == "exclude" for gate in gates], dtype=bool)
        failed = ((report.gates == fail) & excluding).any(axis=-1)
        if (report.ranks[:, :, 0][failed] != 0).any():
            raise Found("a strategy that fails a gate has a rank")
        for i, leaf in enumerate(report.gate_leaves):
            scale, gate, at = under.study.tree.scale_of(leaf), gates[i], report.node(leaf)
            assert scale is not None
            assert gate is not None
            needed = worth(scale, level_of(scale, str(gate.threshold)))
            wrong = (report.gates[:, :, i] == fail) & (report.low[:, :, at] >= needed)
            if wrong.any():
                raise Found(f"a strategy fails the gate of {leaf!r} although it reaches it")

    on_study(given, c14_who_fails_a_gate_has_no_rank, hold)


def c15_means_and_ends_leave_the_total_alone(given: Study | Assessed) -> None:
    """C15: whether a criterion counts among means or ends changes no total.

    s does not depend on the kinds of measures

    References:
        Keeney (1992), Value-Focused Thinking, ch. 3.
    """

    def hold(under: Assessed) -> None:
        same_results(under, changed.kinds_turned(under.study), "with means and ends exchanged")

    on_study(given, c15_means_and_ends_leave_the_total_alone, hold)
