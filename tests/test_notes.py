"""Remarks on sound inputs: what an analyst is told although nothing is wrong."""

from typing import Any

import pytest

from assess.model import Rating
from assess.notes import notes
from tests import small

WORLD: Any = {"key": "drought", "kind": "world", "weights": {}}


def told(**changes: Any) -> list[str]:
    """Return the remarks on the small study with other ratings or fields."""
    return list(notes(small.study(**changes)))


def row(level: Any = 60, **fields: Any) -> Rating:
    """Return one more rating."""
    given = {"analyst": "ben", "strategy": "keep", "criterion": "trust", "rating": level}
    return Rating.model_validate(given | fields)


def test_a_world_says_how_many_of_its_ratings_were_given_for_it() -> None:
    rows = [*small.rows(), row(20, scenario="drought"), row(30, strategy="build")]
    found = told(ratings=rows, scenarios=(small.scenario(), small.scenario(**WORLD)))
    assert (
        "scenario drought: 1 of 14 ratings in use were given for it; the others hold in every "
        "scenario" in found
    )


def test_an_override_is_counted() -> None:
    rows = [*small.rows(), row(20, analyst="ana", scenario="drought")]
    found = told(ratings=rows, scenarios=(small.scenario(), small.scenario(**WORLD)))
    assert (
        "1 rating given for one scenario: each wins over the analyst's general rating there"
        in found
    )


def test_a_source_that_is_a_bare_number_is_doubted() -> None:
    rows = [*small.rows(), row(8, evidence={"source": "5"})]
    assert (
        "1 rating with a bare number as source ('5'): was the level written with a decimal comma?"
        in told(ratings=rows)
    )


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        (
            {},
            "12 of 12 ratings that give a level name no source or no grade, and count as low "
            "confidence",
        ),
        ({}, "means has measures of performance only: activity is not success"),
        (
            {},
            "scenario reference: nobody elicited the weights under results, means; they are equal",
        ),
        ({"ratings": []}, "keep: nobody gives a level on 4 of 4 criteria"),
    ],
)
def test_what_is_silent_or_one_sided_is_said(changes: dict[str, Any], remark: str) -> None:
    assert remark in told(**changes)


def test_weights_that_name_no_version_are_named() -> None:
    undated = small.scenario(
        weights={"small": {"method": "swing", "judgements": {"results": 100, "means": 50}}}
    )
    assert (
        "scenario reference: the weights under small do not say which version of the tree they "
        "were elicited against" in told(scenarios=(undated,))
    )
    assert (
        "scenario reference: the weights under small do not name the ranges they were elicited "
        "against, so a changed scale would not be noticed (assess check STUDY --ranges)" in told()
    )
