"""What a panel holds possible in one cell: laws of the pools over a study, figures, refusals."""

import re
from math import sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import assess
from assess.model import Analyst, Evidence, Rating
from assess.panel import PooledDistribution, pooled_distribution
from assess.panel.pooled_distribution import BINS, POOLS
from tests import small

BIN = 1 / BINS
GOOD = Evidence(grade="B2", source="a report")
NAMES = ("ana", "ben", "cleo")
Given = tuple[float, float, float]


def rating(analyst: str, level: Any, **fields: Any) -> Rating:
    """Return a rating of `keep` on `trust`, whose worth is its level in points."""
    cell = {"strategy": "keep", "criterion": "trust"}
    return Rating.model_validate({"analyst": analyst, "rating": level} | cell | fields)


def own(analyst: str, low: float, level: float, high: float) -> Rating:
    """Return such a rating with the analyst's own 10th and 90th percentile."""
    return rating(analyst, level, low=low, high=high)


def others() -> list[Rating]:
    """Return the small study's ratings but that of `keep` on `trust`."""
    return [r for r in small.rows() if (r.strategy, r.criterion) != ("keep", "trust")]


def study(*rows: Rating, weights: dict[str, float] | None = None, **changes: Any) -> assess.Study:
    """Return the small study with some ratings of `keep` on `trust`."""
    held = dict.fromkeys(NAMES, 1.0) | (weights or {})
    analysts = {name: Analyst(weight=weight) for name, weight in held.items()}
    return small.study([*others(), *rows], **({"analysts": analysts} | changes))


def pooled(of: assess.Study, pool: Any = "linear", **asked: Any) -> PooledDistribution:
    """Return the pool of `keep` on `trust`."""
    cell = {"strategy": "keep", "criterion": "trust", "pool": pool}
    return pooled_distribution(assess.evaluate(of), **(cell | asked))


def exactly(message: str) -> str:
    """Return the pattern of a whole message."""
    return f"^{re.escape(message)}$"


def ratings_of(panel: list[Given]) -> list[Rating]:
    """Return one rating of each analyst, with own ends."""
    return [own(name, *three) for name, three in zip(NAMES, panel, strict=False)]


ends = st.integers(1, 99).map(float)
three = st.tuples(ends, ends, ends).map(lambda x: (min(x), sorted(x)[1], max(x)))
panels = st.lists(three, min_size=1, max_size=3)


@st.composite
def panels_that_meet(draw: st.DrawFn) -> list[Given]:
    """Draw panels all of whose members hold the worth 50 possible, so that every pool is there."""
    low, high = st.integers(5, 45).map(float), st.integers(55, 95).map(float)
    members = st.tuples(low, st.just(50.0), high)
    found: list[Given] = draw(st.lists(members, min_size=1, max_size=3))
    return found


@pytest.mark.parametrize("pool", POOLS)
@given(panel=panels_that_meet())
def test_a_pool_is_a_distribution_whose_quantiles_are_its_own(
    pool: str, panel: list[Given]
) -> None:
    found = pooled(study(*ratings_of(panel)), pool)
    assert found.bins.sum() == pytest.approx(1, abs=1e-12)
    assert (found.bins >= 0).all()
    assert (found.edges[0], found.edges[-1], len(found.edges)) == (0, 1, len(found.bins) + 1)
    below = np.interp(found.quantiles, found.edges, np.append(0, np.cumsum(found.bins)))
    np.testing.assert_allclose(below, found.levels, atol=float(found.bins.max()))


@pytest.mark.parametrize("pool", POOLS)
@given(three)
def test_one_analyst_alone_is_the_pool(pool: str, only: Given) -> None:
    low, _, high = only
    found = pooled(study(own("ben", *only)), pool)
    assert found.analysts == ("ben",)
    assert found.quantiles[0] == pytest.approx(low / 100, abs=BIN)
    assert found.quantiles[2] == pytest.approx(high / 100, abs=BIN)


@pytest.mark.parametrize("pool", POOLS)
@given(only=three, copies=st.integers(2, 3))
def test_analysts_who_say_the_same_pool_to_what_each_says(
    pool: str, only: Given, copies: int
) -> None:
    one, more = (pooled(study(*ratings_of([only] * n)), pool) for n in (1, copies))
    np.testing.assert_allclose(more.bins, one.bins, atol=1e-9)
    np.testing.assert_allclose(more.quantiles, one.quantiles, atol=1e-6)


@pytest.mark.parametrize("pool", POOLS)
@given(panel=panels_that_meet(), factor=st.floats(0.01, 100))
def test_only_the_ratios_of_weights_count(pool: str, panel: list[Given], factor: float) -> None:
    rows, held = ratings_of(panel), dict(zip(NAMES, (1.0, 2.0, 5.0), strict=True))
    plain = pooled(study(*rows, weights=held), pool)
    scaled = pooled(study(*rows, weights={k: factor * w for k, w in held.items()}), pool)
    np.testing.assert_allclose(scaled.bins, plain.bins, atol=1e-9)
    np.testing.assert_allclose(scaled.weights, plain.weights, atol=1e-12)


@pytest.mark.parametrize("pool", POOLS)
@given(panel=panels_that_meet())
def test_the_order_of_analysts_does_not_count(pool: str, panel: list[Given]) -> None:
    rows = ratings_of(panel)
    one = pooled(study(*rows), pool)
    turned = {name: Analyst() for name in reversed(NAMES)}
    other = pooled(study(*reversed(rows), analysts=turned), pool)
    np.testing.assert_allclose(other.bins, one.bins, atol=1e-9)
    assert other.analysts == one.analysts[::-1]


@given(panels)
def test_the_quantile_average_averages_the_quantiles(panel: list[Given]) -> None:
    found = pooled(study(*ratings_of(panel)), "quantile_average", levels=[0.1, 0.9])
    mean = np.mean([(low, high) for low, _, high in panel], axis=0) / 100
    np.testing.assert_allclose(found.quantiles, mean, atol=1e-9)


@given(panels)
def test_the_linear_pool_is_the_mean_of_the_analysts_bins(panel: list[Given]) -> None:
    each = [pooled(study(row)).bins for row in ratings_of(panel)]
    found = pooled(study(*ratings_of(panel)))
    np.testing.assert_allclose(found.bins, np.mean(each, axis=0), atol=1e-12)


@given(panels_that_meet())
def test_the_logarithmic_pool_keeps_what_all_hold_possible(panel: list[Given]) -> None:
    each = np.array([pooled(study(row)).bins for row in ratings_of(panel)])
    found = pooled(study(*ratings_of(panel)), "logarithmic")
    np.testing.assert_array_equal(found.bins > 0, (each > 0).all(axis=0))


def test_worked_quantiles_of_a_triangle_from_confidence() -> None:
    # High confidence: the ends of the triangle lie 6 points off, P10 = 44 + sqrt(0.1 * 12 * 6).
    of = study(rating("ana", 50, confidence="high", evidence=GOOD))
    low, middle, high = (100 * pooled(of, "quantile_average").quantiles).tolist()
    assert (low, middle, high) == pytest.approx((44 + sqrt(7.2), 50, 56 - sqrt(7.2)), abs=1e-9)
    np.testing.assert_allclose(100 * pooled(of).quantiles, [low, middle, high], atol=100 * BIN)


def test_two_camps_stay_two_in_the_linear_pool_alone() -> None:
    of = study(own("ana", 15, 20, 25), own("ben", 75, 80, 85))
    linear, average = pooled(of), pooled(of, "quantile_average")
    middle = slice(BINS * 2 // 5, BINS * 3 // 5)
    assert linear.bins[middle].sum() == 0
    assert average.bins[middle].sum() > 0.99
    width = [float(x.quantiles[2] - x.quantiles[0]) for x in (linear, average)]
    assert width[1] == pytest.approx(0.1, abs=1e-9)
    assert width[0] > 0.6


def test_weights_move_the_pool_towards_the_heavier() -> None:
    rows = own("ana", 15, 20, 25), own("ben", 75, 80, 85)
    found = pooled(study(*rows, weights={"ana": 3}))
    assert found.weights.tolist() == [0.75, 0.25]
    assert found.bins[: BINS // 2].sum() == pytest.approx(0.75)


def test_a_certain_analyst_is_one_point() -> None:
    found = pooled(study(own("ana", 50, 50, 50)), "quantile_average")
    assert found.quantiles.tolist() == [0.5, 0.5, 0.5]
    assert found.bins[BINS // 2 - 1] == pytest.approx(1, abs=1e-12)


def test_what_lies_beyond_the_ends_of_the_scale_counts_as_its_ends() -> None:
    # The 10th percentile and the mode are 0: a tenth of the triangle lies below 0.
    for pool in POOLS:
        found = pooled(study(own("ana", 0, 0, 60)), pool, levels=[0.05, 0.9])
        assert found.bins[0] >= 0.1
        assert found.quantiles[0] == pytest.approx(0, abs=BIN)
        assert found.quantiles[1] == pytest.approx(0.6, abs=BIN)


def test_who_has_no_voice_or_gives_no_level_is_not_in_the_pool() -> None:
    rows = own("ana", 15, 20, 25), own("ben", 75, 80, 85), rating("cleo", "?")
    assert pooled(study(*rows, weights={"ben": 0})).analysts == ("ana",)
    red = {"ana": Analyst(), "ben": Analyst(pooled=False), "cleo": Analyst()}
    assert pooled(study(*rows, analysts=red)).analysts == ("ana",)


def test_a_rating_of_a_scenario_holds_there_alone() -> None:
    world = (small.scenario("calm"), small.scenario("storm", kind=("world",)))
    rows = own("ana", 15, 20, 25), rating("ana", 80, low=75, high=85, scenario="storm")
    of = study(*rows, scenarios=world)
    found = [100 * pooled(of, scenario=key).quantiles[0] for key in (None, "calm", "storm")]
    assert found == pytest.approx([15, 15, 75], abs=100 * BIN)


def test_a_rating_of_a_group_holds_for_the_leaves_below() -> None:
    whole = Rating(analyst="ben", strategy="keep", criterion="results", rating=60, low=50, high=70)
    found = pooled(study(own("ana", 15, 20, 25), whole))
    assert found.analysts == ("ana", "ben")
    assert 100 * found.quantiles[2] > 60


def test_levels_choose_the_quantiles_and_the_table_shows_points() -> None:
    found = pooled(study(own("ana", 15, 20, 25)), "quantile_average", levels=[0.1, 0.9])
    assert found.table.to_dict("list") == {
        "level": [0.1, 0.9],
        "points": [pytest.approx(15), pytest.approx(25)],
    }
    assert str(found) == "quantile average of ana, in points of 100: 10 % 15.0, 90 % 25.0"
    assert str(pooled(study(own("ana", 15, 20, 25)), levels=[0.9])).startswith("linear pool of ana")


def test_results_cannot_be_written_to() -> None:
    found = pooled(study(own("ana", 15, 20, 25)))
    for array in (found.weights, found.levels, found.quantiles, found.edges, found.bins):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.5


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"strategy": "kep"}, "no strategy 'kep' (did you mean 'keep'?)"),
        ({"criterion": "trus"}, "no criterion 'trus' (did you mean 'trust'?)"),
        ({"scenario": "x"}, "no scenario 'x' (choose from 'reference')"),
        (
            {"criterion": "results"},
            "'results' is a group; choose a criterion below it: 'deaths', 'trust'",
        ),
        (
            {"pool": "linar"},
            "no pool 'linar' (did you mean 'linear'?)",
        ),
        ({"levels": [0.9, 0.1]}, "levels lie above 0 and below 1, in rising order: [0.9, 0.1]"),
    ],
)
def test_what_is_not_there_is_refused_with_the_nearest(asked: Any, message: str) -> None:
    with pytest.raises(ValueError, match=exactly(message)):
        pooled(study(own("ana", 15, 20, 25)), **asked)


def test_a_cell_without_a_voice_is_refused() -> None:
    told = "no analyst with a voice gives 'keep' a level on 'trust' in 'reference'"
    with pytest.raises(ValueError, match=exactly(told)):
        pooled(study(rating("ana", "?"), own("ben", 1, 2, 3), weights={"ben": 0}))


def test_what_does_not_apply_is_refused_with_the_reason() -> None:
    aside = (small.scenario(not_applicable={"trust": "nobody was asked"}),)
    told = "'trust' is not applicable in 'reference': nobody was asked"
    with pytest.raises(ValueError, match=exactly(told)):
        pooled(study(own("ana", 15, 20, 25), scenarios=aside))


def test_analysts_who_hold_nothing_possible_together_have_no_logarithmic_pool() -> None:
    rows = own("ana", 15, 20, 25), own("ben", 75, 80, 85), own("cleo", 5, 50, 95)
    told = (
        "no worth is held possible by all of ana, ben, cleo, so they have no logarithmic pool; "
        "pool='linear' keeps their disagreement"
    )
    with pytest.raises(ValueError, match=exactly(told)):
        pooled(study(*rows), "logarithmic")


def test_a_study_is_no_report() -> None:
    with pytest.raises(TypeError, match="pooled_distribution takes a Report, not a Study"):
        pooled_distribution(study(), strategy="keep", criterion="trust")  # type: ignore[arg-type]  # on purpose


def test_explain_shows_the_linear_pool_beside_leaves_that_several_rate() -> None:
    report = assess.evaluate(study(own("ana", 15, 20, 25), own("ben", 75, 80, 85)))
    of = assess.explain(report, strategy="keep")
    by_id = {part.criterion: part for part in of.parts}
    found = pooled_distribution(report, strategy="keep", criterion="trust")
    ends = found.quantiles[0], found.quantiles[2]
    assert by_id["trust"].pooled == pytest.approx([100 * x for x in ends], abs=1e-9)
    assert {key for key, part in by_id.items() if part.pooled} == {"trust"}
    low, high = (f"{100 * x:.0f}" for x in ends)
    (line,) = (line for line in str(of).splitlines() if line.strip().startswith("trust "))
    assert line.endswith(f"{low} to {high}")
    assert len(line) <= 100
    assert "10-90 %: percentiles of the linear pool in points" in str(of)


def test_explain_says_nothing_of_pools_where_nobody_shares_a_leaf() -> None:
    of = assess.explain(assess.evaluate(study(own("ana", 15, 20, 25))), strategy="keep")
    assert all(part.pooled is None for part in of.parts)
    assert "10-90 %" not in str(of)


def test_explain_says_nothing_of_a_pool_that_does_not_apply() -> None:
    aside = (small.scenario(not_applicable={"trust": "nobody was asked"}),)
    of = study(own("ana", 15, 20, 25), own("ben", 75, 80, 85), scenarios=aside)
    parts = assess.explain(assess.evaluate(of), strategy="keep").parts
    assert next(part for part in parts if part.criterion == "trust").pooled is None
