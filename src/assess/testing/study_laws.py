"""The laws of whole studies: what may change a result, and what never does.

Each law takes a `Study`, or an `Assessed`: a study with the function that evaluates it, changes the
study in one way, evaluates both, and raises `LawBroken` with what moved.
"""

import numpy as np

from assess.checks import check
from assess.model import Study
from assess.testing import changed
from assess.testing.compared import (
    Assessed,
    compare,
    never_moves,
    on_study,
    same_results,
)
from assess.testing.subjects import CLOSE, Found

__all__ = [
    "adding_a_scenario",
    "adding_a_silent_analyst",
    "adding_a_strategy",
    "cloning_a_strategy",
    "duplicating_an_analyst",
    "improving_a_rating",
    "missing_never_pays",
    "removing_a_scenario",
    "removing_a_strategy",
    "removing_an_analyst",
    "renaming_a_scenario",
    "renaming_a_strategy",
    "renaming_an_analyst",
    "row_order",
    "splitting_a_group",
    "unit_free",
]

CLAIMED: tuple[str, ...] = ()

MOST = 8


def adding_a_strategy(given: Study | Assessed) -> None:
    """One more strategy, the best on every criterion, changes no score of another.

    s_t(T + u) = s_t(T) for every t in T

    References:
        Arrow (1951), independence of irrelevant alternatives; design convention C2.
    """

    def hold(under: Assessed) -> None:
        more = changed.with_best_strategy(under.study, "one_more")
        same_results(under, more, "with one more strategy, the best on every criterion")

    on_study(given, adding_a_strategy, hold)


def removing_a_strategy(given: Study | Assessed) -> None:
    """Taking a strategy away changes no score of another, and not who of two is ahead.

    s_t(T - u) = s_t(T) for every t other than u

    References:
        Belton and Gear (1983), On a short-coming of Saaty's method of analytic hierarchies (rank
        reversal), doi:10.1016/0305-0483(83)90047-6; design convention C2.
    """

    def hold(under: Assessed) -> None:
        for gone in list(under.study.strategies)[:MOST]:
            if len(under.study.strategies) > 1:
                fewer = changed.without_strategy(under.study, gone)
                same_results(under, fewer, f"without strategy {gone!r}")

    on_study(given, removing_a_strategy, hold)


def cloning_a_strategy(given: Study | Assessed) -> None:
    """A copy of a strategy scores as it does, and changes no relation between two others.

    s_u'(T + u') = s_u(T), and s_t(T + u') = s_t(T)

    References:
        Tideman (1987), Independence of clones as a criterion for voting rules,
        doi:10.1007/BF00433944.
    """

    def hold(under: Assessed) -> None:
        first = next(iter(under.study.strategies))
        more = changed.with_clone(under.study, first, "a_copy")
        report = same_results(under, more, f"with a copy of strategy {first!r}")
        copy, of = report.score[:, -1], report.score[:, 0]
        if not np.allclose(copy, of, rtol=0, atol=CLOSE, equal_nan=True):
            raise Found(f"a copy of strategy {first!r} does not score as it does")

    on_study(given, cloning_a_strategy, hold)


def renaming_a_strategy(given: Study | Assessed) -> None:
    """What a strategy is called changes nothing.

    s_p(t)(p(T)) = s_t(T) for every renaming p

    References:
        May (1952), doi:10.2307/1907651 (neutrality).
    """

    def hold(under: Assessed) -> None:
        other = changed.renamed(under.study, "strategy")
        same_results(under, other, "with strategies renamed", in_order=True)

    on_study(given, renaming_a_strategy, hold)


def adding_a_silent_analyst(given: Study | Assessed) -> None:
    """One more analyst who rates nothing changes nothing; nor does one who has no weight.

    s(A + a) = s(A) where a rates nothing, or w_a = 0

    References:
        Design convention C4.
    """

    def hold(under: Assessed) -> None:
        silent = changed.with_silent_analyst(under.study, "one_more")
        same_results(under, silent, "with one more analyst who rates nothing")
        weightless = changed.with_weightless_copy(under.study, "one_more")
        same_results(under, weightless, "with one more analyst of weight 0")

    on_study(given, adding_a_silent_analyst, hold)


def removing_an_analyst(given: Study | Assessed) -> None:
    """Taking an analyst away changes no criterion that this analyst did not rate.

    s_(t, c)(A - a) = s_(t, c)(A) where a gives no rating of t on c

    References:
        Design convention C4.
    """

    def hold(under: Assessed) -> None:
        for gone in list(under.study.analysts)[:MOST]:
            fewer = changed.without_analyst(under.study, gone)
            if check(fewer):
                continue
            before, after = under.evaluate(under.study), under.evaluate(fewer)
            untouched = changed.unrated_by(under.study, gone)
            compare(before, after, f"without analyst {gone!r}", only=untouched)

    on_study(given, removing_an_analyst, hold)


def duplicating_an_analyst(given: Study | Assessed) -> None:
    """Two analysts who say the same, with half the weight each, count as one.

    s(A + a', w_a / 2, w_a / 2) = s(A)

    References:
        Grabisch, Marichal, Mesiar and Pap (2009), ch. 2 (replication),
        doi:10.1017/CBO9781139644150.
    """

    def hold(under: Assessed) -> None:
        for key in list(under.study.analysts)[:MOST]:
            halves = changed.with_half_analysts(under.study, key, "the_other_half")
            same_results(under, halves, f"with analyst {key!r} as two of half the weight")

    on_study(given, duplicating_an_analyst, hold)


def renaming_an_analyst(given: Study | Assessed) -> None:
    """What an analyst is called changes nothing.

    s(p(A)) = s(A) for every renaming p

    References:
        May (1952), doi:10.2307/1907651 (anonymity).
    """

    def hold(under: Assessed) -> None:
        other = changed.renamed(under.study, "analyst")
        same_results(under, other, "with analysts renamed", in_order=True)

    on_study(given, renaming_an_analyst, hold)


def adding_a_scenario(given: Study | Assessed) -> None:
    """A copy of a scenario gives the same results again, and changes none of another.

    s_x'(S + x') = s_x(S), and s_y(S + x') = s_y(S)

    References:
        Design convention C13.
    """

    def hold(under: Assessed) -> None:
        first = under.study.scenario_ids[0]
        more = changed.with_scenario_copy(under.study, first, "a_copy")
        report = same_results(under, more, f"with a copy of scenario {first!r}")
        if not np.allclose(report.score[-1], report.score[0], rtol=0, atol=CLOSE, equal_nan=True):
            raise Found(f"a copy of scenario {first!r} does not give the same scores")

    on_study(given, adding_a_scenario, hold)


def removing_a_scenario(given: Study | Assessed) -> None:
    """Each scenario alone gives the scores that it gives among the others.

    s_x({x}) = s_x(S)

    References:
        Design convention C13.
    """

    def hold(under: Assessed) -> None:
        for key in under.study.scenario_ids[:MOST]:
            same_results(under, under.study.only(key), f"of scenario {key!r} alone")

    on_study(given, removing_a_scenario, hold)


def renaming_a_scenario(given: Study | Assessed) -> None:
    """What a scenario is called changes nothing.

    s_p(x)(p(S)) = s_x(S) for every renaming p

    References:
        Design convention C10.
    """

    def hold(under: Assessed) -> None:
        other = changed.renamed(under.study, "scenario")
        same_results(under, other, "with scenarios renamed", in_order=True)

    on_study(given, renaming_a_scenario, hold)


def row_order(given: Study | Assessed) -> None:
    """The order in which ratings are written changes nothing.

    s(p(R)) = s(R) for every permutation p of the rows

    References:
        Design convention C9.
    """

    def hold(under: Assessed) -> None:
        same_results(under, changed.rows_turned(under.study), "with its ratings in reverse order")

    on_study(given, row_order, hold)


def unit_free(given: Study | Assessed) -> None:
    """Another unit, of the levels and of their scale alike, changes nothing.

    s(1024 x on 1024 scale) = s(x on scale)

    References:
        Stevens (1946), On the theory of scales of measurement, doi:10.1126/science.103.2684.677.
    """

    def hold(under: Assessed) -> None:
        same_results(under, changed.other_units(under.study, 1024.0), "in another unit")

    on_study(given, unit_free, hold)


def splitting_a_group(given: Study | Assessed) -> None:
    """Two children in a group of their own change nothing where the rule nests and all are rated.

    f(f(v_1, v_2), v_3, ...) = f(v_1, v_2, v_3, ...)

    References:
        Kolmogorov (1930), Sur la notion de la moyenne (associativity).
    """

    def hold(under: Assessed) -> None:
        before = under.evaluate(under.study)
        for node in changed.groups_that_nest(under.study)[:MOST]:
            after = under.evaluate(changed.with_group_split(under.study, node, "together"))
            at = before.node(node)
            whole = (before.coverage[:, :, at] == 1) & changed.all_apply(under.study, node)[:, None]
            pairs = before.score[:, :, at][whole], after.score[:, :, after.node(node)][whole]
            if not np.allclose(*pairs, rtol=0, atol=CLOSE, equal_nan=True):
                raise Found(f"{node!r} scores otherwise with two children in a group of their own")

    on_study(given, splitting_a_group, hold)


def missing_never_pays(given: Study | Assessed) -> None:
    """Leaving a rating out never narrows the bounds, and never raises what is rated.

    low(R - r) <= low(R), high(R - r) >= high(R), coverage(R - r) <= coverage(R)

    References:
        Design convention C4; Manski (2003), Partial Identification of Probability Distributions,
        doi:10.1007/b97478.
    """

    def hold(under: Assessed) -> None:
        before = under.evaluate(under.study)
        for strategy, leaf in changed.rated_cells(under.study)[:MOST]:
            after = under.evaluate(changed.without_cell(under.study, strategy, leaf))
            told = f"without a rating of {strategy!r} on {leaf!r}"
            never_moves(before.low, after.low, before, f"the lower bound rises {told}", rise=True)
            never_moves(
                before.high, after.high, before, f"the upper bound falls {told}", rise=False
            )
            never_moves(
                before.coverage, after.coverage, before, f"coverage rises {told}", rise=True
            )

    on_study(given, missing_never_pays, hold)


def improving_a_rating(given: Study | Assessed) -> None:
    """A rating raised to the best level never lowers a score or a bound.

    s(R') >= s(R) where R' is R with one better level

    References:
        Grabisch, Marichal, Mesiar and Pap (2009), ch. 2 (monotonicity),
        doi:10.1017/CBO9781139644150.
    """

    def hold(under: Assessed) -> None:
        before = under.evaluate(under.study)
        for row in changed.rated_rows(under.study)[:MOST]:
            after = under.evaluate(changed.with_best_level(under.study, row))
            told = f"when rating {row} is raised to the best level"
            for name in ("score", "low", "high"):
                pair = getattr(before, name), getattr(after, name)
                never_moves(*pair, before, f"{name} falls {told}", rise=False)

    on_study(given, improving_a_rating, hold)
