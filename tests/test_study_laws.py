"""Ways of evaluating with one fault each, caught by the law of whole studies meant for it."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

import numpy as np
import pytest

import assess
from assess import testing
from assess.assessment import evaluate
from assess.model import FrozenDict, Study, StudyError
from assess.report import GATE_STATUSES, Report
from assess.testing import Assessed, LawBroken

Evaluate = Callable[[Study], Report]
MALI = assess.load("mali")
_calls = count()


def raised(amount: Callable[[Study], float]) -> Evaluate:
    """Return a way of evaluating that adds to every score what a study gives it no right to."""

    def faulty(study: Study) -> Report:
        report = evaluate(study)
        return replace(report, score=report.score + 0.001 * amount(study))

    return faulty


def over_the_set(study: Study) -> Report:
    report = evaluate(study)
    best = np.nanmax(report.score, axis=1, keepdims=True)
    return replace(report, score=report.score / np.where(best > 0, best, 1))


def squared(study: Study) -> Report:
    report = evaluate(study)
    return replace(report, score=report.score**2, low=report.low**2, high=report.high**2)


def turned_round(study: Study) -> Report:
    report = evaluate(study)
    return replace(report, score=1 - report.score)


def absence_pays(study: Study) -> Report:
    report = evaluate(study)
    return replace(
        report, low=report.low + 0.5 * (report.high - report.low) + (report.coverage < 1)
    )


def beyond_the_bounds(study: Study) -> Report:
    report = evaluate(study)
    return replace(report, score=report.score + 0.5)


def heavy_weights(study: Study) -> Report:
    report = evaluate(study)
    return replace(report, weights=2 * report.weights)


def never_the_same(study: Study) -> Report:
    report = evaluate(study)
    return replace(report, score=report.score + 1e-12 * next(_calls))


def everyone_fails(study: Study) -> Report:
    report = evaluate(study)
    return replace(report, gates=np.full_like(report.gates, GATE_STATUSES.index("fail")))


def named_prints(study: Study) -> Report:
    report = evaluate(study)
    prints = {node: study.name + mark for node, mark in report.fingerprints.items()}
    return replace(report, fingerprints=FrozenDict(prints))


def one_print_for_all(study: Study) -> Report:
    report = evaluate(study)
    return replace(report, fingerprints=FrozenDict(dict.fromkeys(report.fingerprints, "same")))


def ends_for_the_total(study: Study) -> Report:
    report = evaluate(study)
    score = report.score.copy()
    score[:, :, 0] = report.ends
    return replace(report, score=score)


def loud(study: Study) -> Report:
    print("evaluating")
    return evaluate(study)


def of_anything(study: Study) -> Report:
    try:
        return evaluate(study)
    except StudyError:
        return evaluate(MALI)


def unwilling(study: Study) -> Report:
    raise RuntimeError(f"no report on {study.name}")


class Crowned(Report):
    """A report whose page names a leader."""

    def __str__(self) -> str:
        return "The leader is known."


def crowned(study: Study) -> Report:
    report = evaluate(study)
    return Crowned(**{name: getattr(report, name) for name in report.__dataclass_fields__})


def first_level(study: Study) -> float:
    return float(len(study.ratings.cell(0, "rating")) + len(study.ratings.cell(0, "criterion")))


def any_confidence(study: Study) -> float:
    return float(len(study.ratings.confidence.labels))


FAULTS: dict[str, Evaluate] = {
    "adding_a_scenario": raised(lambda study: len(study.scenarios)),
    "adding_a_silent_analyst": raised(lambda study: len(study.analysts)),
    "adding_a_strategy": over_the_set,
    "c01_a_scale_is_its_value_function": squared,
    "c02_a_rule_sees_one_strategy": over_the_set,
    "c03_ordinal_levels_have_no_arithmetic": of_anything,
    "c04_absence_is_never_filled_in": beyond_the_bounds,
    "c05_weights_name_their_tree": heavy_weights,
    "c06_nothing_is_coerced": of_anything,
    "c08_evidence_never_moves_a_score": raised(any_confidence),
    "c09_the_same_inputs_the_same_bits": never_the_same,
    "c10_a_fingerprint_is_what_is_measured": named_prints,
    "c11_no_leader_without_draws": crowned,
    "c12_the_library_is_quiet": loud,
    "c13_a_likelihood_is_never_multiplied_in": raised(
        lambda study: sum(item.likelihood == "very unlikely" for item in study.scenarios)
    ),
    "c14_who_fails_a_gate_has_no_rank": everyone_fails,
    "c15_means_and_ends_leave_the_total_alone": ends_for_the_total,
    "cloning_a_strategy": raised(lambda study: len(study.strategies)),
    "duplicating_an_analyst": raised(lambda study: len(study.analysts)),
    "improving_a_rating": turned_round,
    "missing_never_pays": absence_pays,
    "removing_a_scenario": raised(lambda study: len(study.scenarios)),
    "removing_a_strategy": over_the_set,
    "removing_an_analyst": raised(lambda study: len(study.analysts)),
    "renaming_a_scenario": raised(lambda study: "renamed_0" in study.scenario_ids),
    "renaming_a_strategy": raised(lambda study: "renamed_0" in study.strategies),
    "renaming_an_analyst": raised(lambda study: "renamed_0" in study.analysts),
    "row_order": raised(first_level),
    "splitting_a_group": raised(lambda study: len(study.tree.nodes)),
    "unit_free": raised(lambda study: study.tree.scale_of(study.tree.leaves[0]).at[-1] > 1e4),  # type: ignore[union-attr]  # a leaf has a scale
}


def law_of(name: str) -> Any:
    """Return a law of whole studies by its name."""
    return next(law for law in testing.laws_of("study") if law.__name__ == name)


@pytest.mark.parametrize("law", FAULTS)
def test_a_faulty_way_of_evaluating_is_caught_by_the_law_meant_for_it(law: str) -> None:
    with pytest.raises(LawBroken, match=f"^{law}: "):
        law_of(law)(Assessed(MALI, FAULTS[law]))


def test_every_law_of_studies_has_its_fault() -> None:
    names = {law.__name__ for law in testing.laws_of("study")}
    assert names - set(FAULTS) == {"c07_an_error_names_the_nearest"}  # of `check`, not of reports


def test_one_fingerprint_for_every_instrument_is_caught() -> None:
    with pytest.raises(LawBroken, match="leaves the fingerprint of the root as it was"):
        law_of("c10_a_fingerprint_is_what_is_measured")(Assessed(MALI, one_print_for_all))


def test_weights_that_grow_stale_unseen_are_caught() -> None:
    with pytest.raises(LawBroken, match="weights made for another version: nothing is said"):
        law_of("c05_weights_name_their_tree")(Assessed(MALI, of_anything))


def test_an_error_while_evaluating_breaks_the_law_at_hand() -> None:
    with pytest.raises(LawBroken, match="evaluating raises RuntimeError: no report on Mali"):
        law_of("row_order")(Assessed(MALI, unwilling))


def test_a_study_that_is_not_sound_is_refused_before_any_law() -> None:
    broken = MALI.model_copy(update={"scenarios": ()})
    with pytest.raises(StudyError, match="at least one scenario"):
        testing.check_study(broken)


@pytest.mark.parametrize("given", ["mali", None])
def test_what_is_no_study_or_scale_is_answered_in_words(given: Any) -> None:
    with pytest.raises(TypeError, match="check_study takes a Study"):
        testing.check_study(given)
    with pytest.raises(TypeError, match="check_scale takes a Scale"):
        testing.check_scale(given)
