"""Worths that are ranges: drawn in their order, and what is rated on the scale moves with them."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.model import (
    INDEPENDENT,
    Analyst,
    Criterion,
    Gate,
    HalfWidths,
    Level,
    Method,
    Rating,
    Ratings,
    Scale,
    Scenario,
    Strategy,
    Study,
    Uncertainty,
    ValueTree,
)
from assess.simulation import Simulation, simulate
from assess.simulation.block import chance, drawn, ratings
from assess.simulation.plan import plan
from assess.simulation.worths import moved, shifts
from tests import small

Range = float | tuple[float, float]


def ladder(*worths: Range) -> Scale:
    """Return an ordinal scale of levels a, b, c... with these worths."""
    names = "abcdefgh"
    return Scale(
        levels={
            names[i]: Level(worth=worth, anchor=f"level {names[i]}")
            for i, worth in enumerate(worths)
        }
    )


def rated(scale: Scale | str, *levels: str, half: float = 0.0, **tree: Any) -> Study:
    """Return a study of strategies rated once each on one criterion, certain but for the worths."""
    return Study(
        name="Worths",
        as_of=small.study().as_of,
        tree=ValueTree(id="tree", criteria={"c": Criterion(scale=scale, **tree)}),
        scenarios=(Scenario(id="reference", tree="tree"),),
        strategies={f"s{i}": Strategy() for i in range(len(levels))},
        analysts={"ana": Analyst()},
        method=Method(
            half_widths=HalfWidths(high=half, moderate=half, low=half),
            uncertainty=Uncertainty(errors=INDEPENDENT, analysts="mean"),
        ),
        ratings=Ratings.from_rows(
            Rating(analyst="ana", strategy=f"s{i}", criterion="c", rating=level)
            for i, level in enumerate(levels)
        ),
    )


def totals(study: Study, seed: int = 0) -> Any:
    """Return the totals of one block [strategy, draw]."""
    made = plan(study)
    return drawn(study, made, chance(made, "sfc64", seed, 0), INDEPENDENT).totals[0]


@st.composite
def ranges(draw: st.DrawFn) -> list[Range]:
    """Draw worths that rise at their midpoints, some of them ranges that may overlap."""
    middles = sorted(draw(st.lists(st.integers(1, 99), min_size=1, max_size=5, unique=True)))
    found: list[Range] = [0.0]
    for middle in middles:
        most = min(middle, 100 - middle)
        half = draw(st.integers(0, most))
        found.append(((middle - half) / 100, (middle + half) / 100) if half else middle / 100)
    return [*found, 1.0]


@given(ranges(), st.integers(0, 1000))
def test_drawn_worths_lie_in_their_ranges_and_keep_the_order_of_levels(
    worths: list[Range], seed: int
) -> None:
    names = "abcdefgh"[: len(worths)]
    found = totals(rated(ladder(*worths), *names), seed)
    assert (np.diff(found, axis=0) >= -1e-12).all()
    for worth, here in zip(worths, found, strict=True):
        low, high = worth if isinstance(worth, tuple) else (worth, worth)
        assert (here >= low - 1e-12).all()
        assert (here <= high + 1e-12).all()


@given(ranges(), st.integers(0, 1000))
def test_values_between_levels_keep_their_order_and_stay_on_the_scale(
    worths: list[Range], seed: int
) -> None:
    made = plan(rated(ladder(*worths), "a", "b")).worths
    u = np.random.default_rng(seed).random((len(made.low), 20))
    values = np.repeat(np.linspace(0, 1, 101)[:, None], 20, axis=1)
    for side in made.sides:
        found = moved(side, shifts(made, u), values)
        assert (np.diff(found, axis=0) >= -1e-12).all()
        assert found[0].tolist() == [0.0] * 20
        np.testing.assert_allclose(found[-1], 1.0)


def test_a_single_range_is_drawn_uniformly() -> None:
    found = simulate(rated(ladder(0, (0.2, 0.6), 1), "b"), draws=40_000)
    assert found.mean[0, 0, 0] == pytest.approx(0.4, abs=5 * 0.4 / np.sqrt(12 * 40_000))
    assert found.deviation[0, 0, 0] == pytest.approx(0.4 / np.sqrt(12), abs=0.002)


def test_values_move_as_the_levels_about_them_do_by_hand() -> None:
    """Worths 0, 0.4 drawn as 0.5, 1: half way to the level is now 0.25, half way beyond 0.75."""
    made = plan(rated(ladder(0, (0.3, 0.5), 1), "b")).worths
    (side,) = made.sides
    shift = shifts(made, np.array([[1.0]]))
    np.testing.assert_allclose(shift, [[0.1]])
    found = moved(side, shift, np.array([[0.0], [0.2], [0.4], [0.7], [1.0]]))
    np.testing.assert_allclose(found[:, 0], [0.0, 0.25, 0.5, 0.75, 1.0])


def test_what_an_analyst_doubts_moves_with_the_worths() -> None:
    """The percentiles of a rating are those of its levels under the drawn worths."""
    study = rated(ladder(0, (0.2, 0.6), 1), "b", half=10)
    made = plan(study)
    numbers = chance(made, "sfc64", 1, 0)
    doubted = ratings(made, numbers, INDEPENDENT)[0]
    shift = shifts(made.worths, numbers.worths)[0]
    worth = 0.4 + shift
    assert np.corrcoef(doubted, worth)[0, 1] > 0.8
    below = doubted < worth
    assert 0.4 < below.mean() < 0.6


def both_sides(sides: str) -> Study:
    """Return a study on a scale that rises and falls, with a range on one side or on both."""
    left: Range = (0.3, 0.7) if "left" in sides else 0.5
    right: Range = (0.3, 0.7) if "right" in sides else 0.5
    scale = Scale(levels=((0, 0), (10, left), (20, 1), (30, right), (40, 0)))
    return rated(scale, "10", "20", "30")


@pytest.mark.parametrize(
    ("sides", "moving"), [("left", [True, False, False]), ("right", [False, False, True])]
)
def test_a_range_moves_its_own_side_of_a_scale_alone(sides: str, moving: list[bool]) -> None:
    assert (totals(both_sides(sides)).std(axis=1) > 0.05).tolist() == moving


def test_both_sides_are_drawn_apart() -> None:
    left, _, right = totals(both_sides("left and right"))
    assert abs(np.corrcoef(left, right)[0, 1]) < 0.2


def test_a_falling_scale_moves_with_its_range() -> None:
    scale = Scale(levels=((0, 1), (10, (0.3, 0.5)), (20, 0)))
    best, middle, worst = totals(rated(scale, "0", "10", "20"))
    assert best.tolist() == [1.0] * len(best)
    assert worst.tolist() == [0.0] * len(worst)
    assert middle.min() < 0.32
    assert middle.max() > 0.48


def test_criteria_that_name_one_scale_share_its_worths_and_others_do_not() -> None:
    scale = ladder(0, (0.2, 0.6), 1)
    shared = {"a": Criterion(scale="level"), "b": Criterion(scale="level")}
    apart = {"a": Criterion(scale=scale), "b": Criterion(scale=scale)}
    found = []
    for criteria in (shared, apart):
        study = rated(scale, "b")
        tree = ValueTree(id="tree", criteria=criteria, scales={"level": scale})
        rows = [Rating(analyst="ana", strategy="s0", criterion=c, rating="b") for c in "ab"]
        study = study.model_copy(update={"tree": tree, "ratings": Ratings.from_rows(rows)})
        made = plan(study)
        one, other = drawn(study, made, chance(made, "sfc64", 0, 0), INDEPENDENT).cells
        found.append(np.corrcoef(one, other)[0, 1])
    assert found[0] == pytest.approx(1)
    assert abs(found[1]) < 0.2


def test_profiles_and_thresholds_move_with_the_worths_of_their_levels() -> None:
    """Who stands exactly at a threshold passes in every draw, whatever the level is worth."""
    study = rated(
        ladder(0, (0.1, 0.3), (0.4, 0.8), 1),
        "b",
        "c",
        acceptable="b",
        good="c",
        gate=Gate(threshold="c"),
    )
    found: Simulation = simulate(study, draws=2000)
    assert found.passes[0, :, 0].tolist() == [0.0, 1.0]
    assert found.bands[0].tolist() == [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    assert found.deviation[0, 1, 0] > 0.1


def test_ranges_that_cross_are_narrowed_to_what_the_order_leaves_open() -> None:
    """The upper level cannot be worth less than 0.3, nor the lower one more than 0.7."""
    made = plan(rated(ladder(0, (0.3, 0.8), (0.5, 0.7), 1), "b", "c")).worths
    np.testing.assert_allclose(made.low, [0.3, 0.5])
    np.testing.assert_allclose(made.high, [0.7, 0.7])


def test_levels_of_equal_worth_stay_equal() -> None:
    one, other = totals(rated(ladder(0, (0.3, 0.5), (0.2, 0.6), 1), "b", "c"))
    np.testing.assert_array_equal(one, other)


def test_certain_worths_take_no_draw() -> None:
    made = plan(rated(ladder(0, 0.5, 1), "b"))
    assert made.worths.sides == ()
    assert chance(made, "sfc64", 0, 0).worths.shape == (0, made.block)
