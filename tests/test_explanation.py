"""A score taken apart: what it says of absence, gates, authors and evidence."""

from datetime import date
from typing import Any

import pytest

import assess
from assess.model import Analyst, Evidence, Method, Rating, Strategy
from tests import small


def explained(ratings: list[Rating], strategy: str = "keep", **changes: Any) -> assess.Explanation:
    """Return one score of the small study taken apart."""
    return assess.explain(assess.evaluate(small.study(ratings, **changes)), strategy=strategy)


def note(of: assess.Explanation, criterion: str) -> str:
    """Return the note on one criterion."""
    return next(part.note for part in of.parts if part.criterion == criterion)


def rating(level: Any, criterion: str = "trust", analyst: str = "ana", **fields: Any) -> Rating:
    """Return one rating of `keep`."""
    given = {"analyst": analyst, "strategy": "keep", "criterion": criterion, "rating": level}
    return Rating.model_validate(given | fields)


def without(*criteria: str) -> list[Rating]:
    """Return the small study's ratings without some of `keep`."""
    return [r for r in small.rows() if r.strategy != "keep" or r.criterion not in criteria]


def test_a_leaf_that_nobody_knows_is_not_rated_and_says_who_said_so() -> None:
    rows = [*without("trust"), rating("?"), rating("withheld", analyst="ben")]
    of = explained(rows)
    assert note(of, "trust") == "not rated (1 said unknown, 1 withheld)"
    assert note(explained(without("trust")), "trust") == "not rated"
    assert " 0 % of its weight" not in str(of)


def test_a_leaf_rated_by_analysts_without_weight_alone_is_not_rated() -> None:
    rows = [*without("trust"), rating(70, analyst="ben")]
    of = explained(rows, analysts={"ana": Analyst(), "ben": Analyst(weight=0)})
    assert note(of, "trust") == "not rated (1 by analysts without weight)"


def test_an_absent_level_has_no_confidence_and_no_worth() -> None:
    of = explained([*without("trust"), rating("?", confidence="high")])
    line = next(part.ratings[0] for part in of.parts if part.criterion == "trust")
    assert line.confidence == ""
    assert "ana: unknown (?); judgement\n" in str(of) + "\n"


def test_a_group_below_the_floor_is_counted_and_shown_without_a_score_of_its_own() -> None:
    of = explained(without("trust"))
    told = "counted in the total, shown without a score of its own: 50 % of its weight is rated"
    assert note(of, "results") == f"{told}; equal weights, nobody elicited them"
    part = next(part for part in of.parts if part.criterion == "results")
    assert part.contribution != 0
    assert told in " ".join(str(of).split())
    below = explained(without("trust", "upkeep"), method=Method(coverage_floor=0.9))
    assert note(below, "results").startswith("no score: 50 % of its weight is rated; equal")


def test_an_undecided_gate_is_mentioned_and_a_failed_one_is_not_called_so() -> None:
    of = explained([*without("conduct"), rating("?", "conduct")])
    assert of.undecided == ("conduct",)
    assert "Its gate is undecided: conduct is not rated." in str(of)
    assert explained(small.rows()).undecided == ()
    assert explained(small.rows()).failed == ("conduct",)


def test_a_rating_shows_its_release_its_day_and_that_its_author_wrote_the_strategy() -> None:
    evidence = Evidence(source="survey", vintage="wave 3", date=date(2025, 6, 30), grade="B2")
    rows = [*without("trust"), rating(40, evidence=evidence, confidence="high")]
    strategies = dict(small.study().strategies) | {"keep": Strategy(author="written by Ana.")}
    of = explained(rows, strategies=strategies)
    assert "Author of the strategy: written by Ana." in str(of)
    assert (
        "high confidence, grade B2; an author of the strategy; judgement. survey, wave 3, "
        "2025-06-30" in " ".join(str(of).split())
    )


def test_no_line_is_wider_than_the_page() -> None:
    of = explained([*without("trust", "conduct"), rating("?")], method=Method(coverage_floor=0.1))
    assert max(map(len, str(of).split("\n"))) <= 100


def test_a_scenario_shows_its_author_and_likelihood_with_its_band() -> None:
    flood = small.scenario(author="the panel", likelihood="unlikely", horizon="two years")
    text = str(explained(small.rows(), scenarios=(flood,)))
    assert "Author of the scenario: the panel." in text
    assert "reference: unlikely (20 to 45 %, within two years)." in text


def test_a_study_in_place_of_a_report_is_answered_with_what_to_write() -> None:
    study: Any = small.study()
    with pytest.raises(TypeError) as caught:
        assess.explain(study, strategy="keep")
    assert str(caught.value) == (
        "explain takes a Report, not a Study: assess.explain(assess.evaluate(study), strategy=...)"
    )
