"""A group rated as a whole stands for every criterion below that the analyst did not rate."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import assess
from assess.model import Gate, Rating, StudyError, ValueTree
from assess.panel import split_cells, spreads
from tests import small

points = st.integers(0, 100)
DEATHS, TRUST = 1000, 0  # the level that is worth nothing, of each leaf below `results`


def rows(given: Mapping[tuple[str, str], float | str], **more: Any) -> list[Rating]:
    """Return one rating for each (analyst, criterion), the same for every strategy."""
    return [
        Rating(analyst=analyst, strategy=strategy, criterion=criterion, rating=level, **more)
        for (analyst, criterion), level in given.items()
        for strategy in ("keep", "reform", "build")
    ]


MEANS: dict[tuple[str, str], float | str] = {("ana", "upkeep"): 30, ("ana", "conduct"): "all"}


def report(given: Mapping[tuple[str, str], float | str], **changes: Any) -> assess.Report:
    return assess.evaluate(small.study(rows({**MEANS, **given}), **changes))


def score(found: assess.Report, criterion: str) -> float:
    return float(found.score[0, 0, found.node(criterion)])


@given(points)
def test_a_rating_of_a_group_is_the_same_as_that_worth_on_every_criterion_below(worth: int) -> None:
    whole = report({("ana", "results"): worth})
    each = report({("ana", "deaths"): DEATHS * (1 - worth / 100), ("ana", "trust"): float(worth)})
    np.testing.assert_allclose(whole.score, each.score, atol=1e-12)
    assert score(whole, "results") == pytest.approx(worth / 100, abs=1e-12)
    assert whole.coverage[0, 0, 0] == 1


@given(points, points)
def test_an_analysts_own_rating_of_a_criterion_wins_over_that_of_its_group(
    whole: int, own: int
) -> None:
    found = report({("ana", "results"): whole, ("ana", "trust"): own})
    assert score(found, "trust") == pytest.approx(own / 100)
    assert score(found, "deaths") == pytest.approx(whole / 100)


def test_an_unknown_of_ones_own_stays_unknown() -> None:
    found = report({("ana", "results"): 70, ("ana", "trust"): "?"})
    assert np.isnan(score(found, "trust"))
    assert score(found, "deaths") == pytest.approx(0.7)


@given(points, points)
def test_another_analysts_group_is_pooled_with_ones_criteria(whole: int, own: int) -> None:
    found = report({("ben", "results"): whole, ("ana", "trust"): own})
    assert score(found, "trust") == pytest.approx((whole + own) / 200)
    assert score(found, "deaths") == pytest.approx(whole / 100)


def test_the_nearest_group_wins_over_one_further_above() -> None:
    criteria = dict(small.tree().criteria)
    criteria["upper"] = assess.Criterion()
    criteria["results"] = criteria["results"].model_copy(update={"parent": "upper"})
    tree = ValueTree(id="small", criteria=criteria)
    plain = small.scenario(weights={})
    near = {("ana", "upper"): 20, ("ana", "results"): 80}
    found = report(near, tree=tree, scenarios=(plain,))
    assert score(found, "upper") == pytest.approx(0.8)


def test_a_rating_of_a_group_for_one_scenario_wins_there_over_the_general_one() -> None:
    worlds = (small.scenario(), small.scenario("flood", kind="world"))
    general = rows({**MEANS, ("ana", "results"): 40})
    found = assess.evaluate(
        small.study([*general, *rows({("ana", "results"): 60}, scenario="flood")], scenarios=worlds)
    )
    results = found.score[:, 0, found.node("results")]
    assert results.tolist() == pytest.approx([0.4, 0.6])


def test_a_rating_of_a_group_never_decides_a_gate() -> None:
    found = report({("ana", "means"): 90, ("ana", "conduct"): "?"})
    assert score(found, "upkeep") == 0.5
    assert np.isnan(score(found, "conduct"))
    assert found.gates[0].tolist() == [[2], [2], [2]]
    assert isinstance(found.study.tree.criteria["conduct"].gate, Gate)


def test_low_and_high_of_a_group_are_value_points() -> None:
    given = rows(MEANS) + rows({("ana", "results"): 50}, low=30, high=80)
    parts = assess.explain(assess.evaluate(small.study(given)), strategy="keep").parts
    line = next(part for part in parts if part.criterion == "deaths").ratings[0]
    assert (line.worth, line.low, line.high) == (50, 30, 80)
    assert line.meaning == "value points for Results as a whole"


@pytest.mark.parametrize(
    ("level", "told"),
    [
        (101, "ratings: row 6, column rating: '101' is off the scale, and in 2 more rows "
              "(the scale runs from 0 to 100)"),
        ("good", "ratings: row 6, column rating: 'good' is not a number, and in 2 more rows "
                 "(the scale runs from 0 to 100)"),
        ("n/a", "ratings: row 6, column rating: 'n/a' is not said of a group as a whole, and in 2 "
                "more rows (write it for each criterion below, or declare it in the scenario)"),
    ],
)  # fmt: skip
def test_what_is_no_rating_of_a_group_is_refused(level: float | str, told: str) -> None:
    with pytest.raises(StudyError) as refused:
        report({("ana", "results"): level})
    assert str(refused.value).splitlines()[1].strip() == told


def test_the_whole_tree_is_not_rated() -> None:
    with pytest.raises(StudyError, match="'small' is the whole tree; rate what is below"):
        report({("ana", "small"): 50})


def test_a_level_of_a_group_beside_an_n_a_below_it_is_no_contradiction() -> None:
    given = rows({**MEANS, ("ana", "results"): 60})
    given += rows({("ben", "trust"): "n/a"}, evidence={"rationale": "no survey can be held"})
    found = assess.evaluate(small.study(given))
    assert np.isnan(found.coverage[0, 0, found.node("trust")])
    assert score(found, "results") == pytest.approx(0.6)


def test_a_group_on_which_a_panel_is_split_is_listed_once_by_its_name() -> None:
    found = report({("ana", "results"): 20, ("ben", "results"): 80})
    split = split_cells(found)
    assert [(cell.strategy, cell.criterion) for cell in split.cells] == [
        (strategy, "results") for strategy in found.study.strategies
    ]
    assert split.compared == 3
    assert "Keep, Results" in str(split)
    page = str(found)
    assert "ana: 20 value points for Results as a whole, worth 20. No rationale." in page


def test_what_a_panel_says_of_a_group_counts_once_in_its_agreement() -> None:
    found = report({("ana", "results"): 20, ("ben", "results"): 80})
    lines = {line.criterion: line for line in spreads(found, draws=0).lines if line.of == "cells"}
    apart = lines["results"].apart
    assert apart is not None
    assert (float(apart), apart.units) == (60, 3)


def test_the_page_tells_a_criterion_that_is_rated_with_its_group_from_one_that_is_not() -> None:
    page = str(report({("ana", "results"): 20, ("ben", "deaths"): 900}))
    assert "trust (rated with its group, worth 20)" in page.replace("\n  ", " ")
    assert "deaths (900 deaths a year, worth 15)" in page.replace("\n  ", " ")
