"""What a simulation says: indices against the draws themselves, and standard errors that hold."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import assess
from assess.acceptability import smaa, stochastic_dominance
from assess.model import Criterion, Evidence, Rating, Study, ValueTree
from assess.rounding import supported
from assess.simulation import Simulation, confidence, simulate
from assess.simulation.block import Drawn, chance, drawn
from assess.simulation.indices import (
    deviation_error,
    entropy,
    entropy_error,
    quantile_error,
    skewness,
    skewness_error,
    winning,
    winning_error,
)
from assess.simulation.plan import plan
from assess.simulation.tally import Order
from tests import small
from tests.builders import judged
from tests.test_simulation import flat

Array = NDArray[np.float64]


def blocks(found: Simulation) -> list[Drawn]:
    """Draw again what a simulation counted."""
    made, method = plan(found.study), found.study.method.uncertainty
    each = (block for first, last in found.blocks for block in range(first, last))
    numbers = (chance(made, method.stream, found.seed, block) for block in each)
    return [drawn(found.study, made, some, method.errors) for some in numbers]


def scores(found: Simulation, node: str) -> Array:
    """Return the draws of a node [scenario, strategy, draw]."""
    made, tree = plan(found.study), found.study.tree
    if node in tree.groups:
        setting = made.setting[tree.groups.index(node)]
        return np.concatenate([one.scores[setting] for one in blocks(found)], axis=-1)
    cell = made.cell[:, :-2, tree.leaves.index(node)]
    return np.concatenate([one.cells[cell] for one in blocks(found)], axis=-1)


def apart(found: Simulation) -> Array:
    """Return the draws of how far each total is ahead of each other [one, other, draw]."""
    totals = scores(found, found.study.tree.id)[0]
    return np.asarray(totals[:, None] - totals)


THREE = {"a": (50.0, 40.0), "b": (60.0, 35.0), "c": (55.0, 30.0)}
TWO = {"a": (55.0, 45.0), "b": (48.0, 52.0)}


# Laws


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 2**31), st.booleans())
def test_shares_sum_to_one_and_k_best_rises_to_one(seed: int, tie: bool) -> None:
    values = {**THREE, "c": (50.0, 40.0)} if tie else THREE
    found = simulate(flat(values, half_width=10), draws=500, seed=seed)
    np.testing.assert_allclose(found.acceptability.sum(axis=-1), 1, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(found.k_best[..., 0], found.first)
    assert (np.diff(found.k_best, axis=-1) >= 0).all()
    assert (found.k_best[..., -1] == 1).all()
    np.testing.assert_allclose(found.k_best.sum(axis=1)[0], [1, 2, 3], rtol=0, atol=1e-12)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 2**31), st.booleans())
def test_a_mean_rank_is_one_and_how_often_the_others_are_ahead(seed: int, tie: bool) -> None:
    values = {**THREE, "c": (50.0, 40.0)} if tie else THREE
    found = simulate(flat(values, half_width=10), draws=500, seed=seed)
    ahead = found.winning.sum(axis=1) - 0.5
    np.testing.assert_allclose(found.expected_rank, 1 + ahead, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.expected_rank.sum(axis=-1), 6, rtol=0, atol=1e-12)


def test_who_dominates_at_first_order_does_at_second_and_never_has_a_gap() -> None:
    found = simulate(assess.load("mali"), draws=1000, seed=1)
    first, second = found.dominance.first, found.dominance.second
    assert first.any()
    assert (second >= first).all()
    assert (found.dominance_gap(1)[first] == 0).all()
    assert (found.dominance_gap(2)[second] == 0).all()
    alone = ~(first | np.eye(first.shape[-1], dtype=bool))
    assert (found.dominance_gap(1)[alone] > 0).all()


# Against the draws themselves


@pytest.fixture(scope="module")
def counted() -> Simulation:
    """Return a simulation of a study with a rule that is no sum, and something missing."""
    rows = [row for row in small.rows() if (row.strategy, row.criterion) != ("build", "trust")]
    return simulate(small.study(rows), draws=2000, seed=5)


def test_mean_deviation_and_skewness_of_every_node_are_those_of_its_draws(
    counted: Simulation,
) -> None:
    for n, node in enumerate(counted.study.tree.nodes):
        draws = scores(counted, node)
        np.testing.assert_allclose(counted.mean[..., n], draws.mean(axis=-1), atol=1e-8)
        np.testing.assert_allclose(counted.deviation[..., n], draws.std(axis=-1), atol=1e-6)
        z = (draws - draws.mean(axis=-1, keepdims=True)) / draws.std(axis=-1, keepdims=True)
        np.testing.assert_allclose(counted.skewness[..., n], (z**3).mean(axis=-1), atol=0.05)


@pytest.mark.parametrize("level", [0.05, 0.5, 0.9])
def test_quantiles_of_every_node_are_those_of_its_draws_to_a_bin(
    counted: Simulation, level: float
) -> None:
    for node in counted.study.tree.nodes:
        width = 0.001 if node == counted.study.tree.id else 0.005
        assert np.diff(counted.distribution(node).edges) == pytest.approx(width)
        found, expected = (
            counted.quantile(level, node),
            np.quantile(scores(counted, node), level, -1),
        )
        assert (abs(found - expected) <= width + 1e-9).all()
    np.testing.assert_array_equal(
        counted.quantile(level), counted.quantile(level, counted.study.tree.id)
    )


def test_a_distribution_holds_the_share_of_draws_in_each_bin(counted: Simulation) -> None:
    for node in ("small", "means", "trust"):
        found, draws = counted.distribution(node), scores(counted, node)
        bins = len(found.edges) - 1
        place = np.minimum((draws * bins).astype(int), bins - 1)
        for t in range(draws.shape[1]):
            expected = np.bincount(place[0, t], minlength=bins) / draws.shape[-1]
            np.testing.assert_array_equal(found.shares[0, t], expected)


def test_margins_hold_the_share_of_draws_from_either_side(counted: Simulation) -> None:
    one, other = counted.margins("reform", "build"), counted.margins("build", "reform")
    draws = apart(counted)[1, 2]
    expected, _ = np.histogram(draws, bins=one.edges)
    assert abs(one.shares[0] - expected / len(draws)).sum() < 4 / len(draws)
    np.testing.assert_array_equal(one.shares, other.shares[:, ::-1])
    np.testing.assert_array_equal(counted.margins("keep", "build").shares.sum(axis=-1), [1])


@pytest.mark.parametrize("shift", [0.0, 2.0, 4.0])
def test_dominance_is_that_of_the_draws_on_their_grid(shift: float) -> None:
    values = {"a": (50.0, 50.0), "b": (50.0 + shift, 50.0 + shift), "c": (20.0, 80.0)}
    found = simulate(flat(values, half_width=8), draws=1000, seed=4)
    grid = np.floor(scores(found, "flat")[0].T * 1000)
    expected = stochastic_dominance(grid)
    np.testing.assert_array_equal(found.dominance.first[0], expected.first)
    np.testing.assert_array_equal(found.dominance.second[0], expected.second)
    levels = np.arange(1000)[:, None, None]
    below = (levels >= grid.T).mean(axis=-1)
    gap = (below[:, :, None] - below[:, None]).max(axis=0)
    np.testing.assert_allclose(found.dominance_gap(1)[0], np.maximum(gap, 0), atol=1e-12)
    short = np.maximum(levels - grid.T, 0).mean(axis=-1) / 1000
    gap = (short[:, :, None] - short[:, None]).max(axis=0)
    np.testing.assert_allclose(found.dominance_gap(2)[0], np.maximum(gap, 0), atol=1e-12)


# What does not apply, and what nobody named


def test_what_does_not_apply_has_no_figures() -> None:
    """Everybody says that conduct, which carries the gate, does not apply."""
    rows = [row for row in small.rows() if row.criterion != "conduct"]
    rows += [
        Rating(
            analyst="ana",
            strategy=key,
            criterion="conduct",
            rating="n/a",
            evidence=Evidence(rationale="no operations"),
        )
        for key in ("keep", "reform", "build")
    ]
    found = simulate(small.study(rows), draws=300, seed=1)
    n = found.study.tree.nodes.index("conduct")
    for array in (found.mean, found.deviation, found.skewness):
        assert np.isnan(array[..., n]).all()
        assert not np.isnan(array[..., 0]).any()
    for array in (found.errors.mean, found.errors.deviation, found.errors.skewness):
        assert np.isnan(array[..., n]).all()
    assert np.isnan(found.quantile(0.5, "conduct")).all()
    assert np.isnan(found.errors.quantile(0.5, "conduct")).all()
    assert np.isnan(found.distribution("conduct").shares).all()
    assert found.gates == ("conduct",)
    assert np.isnan(found.passes).all()
    assert np.isnan(found.errors.passes).all()
    assert "nan" not in str(found)


def test_there_are_no_bands_where_the_tree_does_not_say_what_is_good() -> None:
    assert np.isnan(simulate(flat(TWO), draws=300).bands).all()
    found = simulate(small.study(), draws=300)
    np.testing.assert_allclose(found.bands.sum(axis=-1), 1, rtol=0, atol=1e-12)
    report = assess.evaluate(found.study)
    assert report.bands[0, 0, 0] == "weak"
    assert found.bands[0, 0].argmax() == 0


# Formulas by hand


def test_moments_by_hand() -> None:
    """1, 2, 0, 0, 1 draws at 0 to 4: mean 1.5, variance 2.25, third moment 3, fourth 11.0625."""
    counts = np.array([1, 2, 0, 0, 1])
    assert skewness(counts) == pytest.approx(3 / 2.25**1.5)
    kurtosis = 11.0625 / 2.25**2
    assert deviation_error(np.array(1.5), counts) == pytest.approx(
        1.5 * np.sqrt((kurtosis - 1) / 16)
    )
    alike = np.array([0, 4, 0])
    assert np.isnan(skewness(alike))
    assert deviation_error(np.array(0.2), alike) == pytest.approx(0.2 * np.sqrt(2 / 16))


def test_the_error_of_a_skewness_is_the_root_of_six_over_n_where_normal() -> None:
    bins = np.arange(-60, 61)
    counts = np.round(1e6 * np.exp(-0.5 * (bins / 10) ** 2)).astype(np.int64)
    expected = np.sqrt(6 / counts.sum())
    assert skewness_error(counts) == pytest.approx(expected, rel=1e-3)


def test_the_error_of_a_quantile_is_that_of_a_density_where_it_is_even() -> None:
    """sqrt(p (1 - p) / n) over the density, which is 1/2 on [-1, 1]."""
    counts = np.full((2, 80), 125)
    for level in (0.1, 0.5, 0.8):
        expected = 2 * np.sqrt(level * (1 - level) / 10_000)
        assert quantile_error(counts, level, -1, 1) == pytest.approx([expected] * 2)
    with pytest.raises(ValueError, match=r"^a quantile lies between 0 and 1: 0$"):
        quantile_error(counts, 0, -1, 1)


def test_the_error_of_a_winning_share_knows_that_ties_are_halves() -> None:
    """Of 8 draws 4 ahead, 2 behind, 2 tied: 0.625, variance 4.5 / 8 - 0.625^2."""
    held: dict[str, Any] = {
        "draws": 8,
        "rank": np.zeros((1, 2, 2), int),
        "clear": np.zeros((1, 1), int),
        "clearly_behind": np.zeros((1, 1), int),
        "margin": np.zeros((1, 1, 8), int),
    }
    order = Order(ahead=np.array([[4]]), behind=np.array([[2]]), **held)
    assert winning(order, 2)[0, 0, 1] == 0.625
    expected = np.sqrt((4.5 / 8 - 0.625**2) / 8)
    assert winning_error(order, 2).tolist() == [[[0, expected], [expected, 0]]]
    tied = Order(ahead=np.array([[0]]), behind=np.array([[0]]), **held)
    assert winning_error(tied, 2).tolist() == [[[0, 0], [0, 0]]]


def test_entropy_by_hand() -> None:
    shares = np.array([[0.25, 0.75], [0.5, 0.5], [1.0, 0.0]])
    expected = -(0.25 * np.log2(0.25) + 0.75 * np.log2(0.75))
    assert entropy(shares).tolist() == [pytest.approx(expected), 1, 0]
    assert entropy(np.ones((3, 1))).tolist() == [0, 0, 0]
    # dH / db = log2(3) from one share to the other, whose error is sqrt(3 / 16 / n).
    found = entropy_error(shares, 100).tolist()
    assert found == [pytest.approx(np.log2(3) * np.sqrt(3 / 1600)), 0, 0]


@pytest.mark.parametrize(
    ("error", "text"),
    [(0.03, "43"), (0.005, "43"), (0.0035, "43"), (0.003, "43.3"), (0.00005, "43.3"), (0.04, "40")],
)
def test_a_share_is_printed_to_the_digit_that_its_error_is_about(error: float, text: str) -> None:
    assert supported(0.4327, error) == text


# Standard errors


def test_errors_have_the_axes_of_their_index(counted: Simulation) -> None:
    for name in (
        "mean", "deviation", "skewness", "acceptability", "first", "k_best", "expected_rank",
        "entropy", "central_weights", "winning", "bands", "passes",
    ):  # fmt: skip
        found, error = getattr(counted, name), getattr(counted.errors, name)
        assert error.shape == found.shape, name
        assert (error[~np.isnan(found)] >= 0).all(), name
    assert counted.errors.margin(0.3).shape == counted.margin(0.3).shape
    for order in (1, 2):
        assert counted.errors.dominance_gap(order).shape == counted.dominance_gap(order).shape
    for node in counted.study.tree.nodes:
        assert counted.errors.quantile(0.3, node).shape == counted.quantile(0.3, node).shape


def figures(found: Simulation) -> dict[str, tuple[float, float]]:
    """Return figures of the first strategy with their standard errors."""
    errors = found.errors
    return {
        "first": (found.first[0, 0], errors.first[0, 0]),
        "mean": (found.mean[0, 0, 0], errors.mean[0, 0, 0]),
        "leaf": (found.mean[0, 0, 1], errors.mean[0, 0, 1]),
        "deviation": (found.deviation[0, 0, 0], errors.deviation[0, 0, 0]),
        "skewness": (found.skewness[0, 0, 0], errors.skewness[0, 0, 0]),
        "median": (found.quantile(0.5)[0, 0], errors.quantile(0.5)[0, 0]),
        "low": (found.quantile(0.1)[0, 0], errors.quantile(0.1)[0, 0]),
        "node": (found.quantile(0.9, "c1")[0, 0], errors.quantile(0.9, "c1")[0, 0]),
        "second": (found.acceptability[0, 0, 1], errors.acceptability[0, 0, 1]),
        "two_best": (found.k_best[0, 0, 1], errors.k_best[0, 0, 1]),
        "rank": (found.expected_rank[0, 0], errors.expected_rank[0, 0]),
        "winning": (found.winning[0, 0, 1], errors.winning[0, 0, 1]),
        "margin": (found.margin(0.5)[0, 0, 1], errors.margin(0.5)[0, 0, 1]),
        "entropy": (found.entropy[0], errors.entropy[0]),
        "good": (found.bands[0, 0, 2], errors.bands[0, 0, 2]),
        "weights": (found.central_weights[0, 0, 1], errors.central_weights[0, 0, 1]),
        "gap": (found.dominance_gap(1)[0, 0, 1], errors.dominance_gap(1)[0, 0, 1]),
        "gap_2": (found.dominance_gap(2)[0, 0, 1], errors.dominance_gap(2)[0, 0, 1]),
    }


OFF_ORDER = ("median", "low", "node", "margin")  # whose errors rest on a few draws about them
AT_MOST = ("weights", "gap", "gap_2")  # whose errors are upper bounds


def unsure() -> Study:
    """Return a study of three strategies whose order is open, with bands."""
    study = flat({**THREE, "c": (56.0, 36.0)}, judged({"c0": 60, "c1": 40}), 12, weight_spread=0.3)
    criteria = {
        key: Criterion(scale=item.scale, acceptable=40, good=48)
        for key, item in study.tree.criteria.items()
    }
    return study.model_copy(update={"tree": ValueTree(id="flat", criteria=criteria)})


def test_two_hundred_seeds_lie_about_the_truth_as_their_errors_say() -> None:
    """95 % of figures of 256 draws lie within 1.96 errors of a run of 100,000, all alike."""
    study = unsure()
    truth = {name: value for name, (value, _) in figures(simulate(study, draws=100_000)).items()}
    runs = [figures(simulate(study, draws=256, seed=seed)) for seed in range(1, 201)]
    for name, expected in truth.items():
        z = np.array([(run[name][0] - expected) / run[name][1] for run in runs])
        within = (abs(z) < 1.96).mean()
        assert within >= 0.88, (name, within)
        if name not in AT_MOST:
            assert within <= 0.99, (name, within)
            assert 0.85 < z.std() < 1.2, (name, z.std())


def test_errors_shrink_with_the_root_of_the_draws() -> None:
    few, many = (figures(simulate(unsure(), draws=n, seed=3)) for n in (2048, 32_768))
    for name in few:
        near = 0.4 if name in OFF_ORDER else 0.1
        assert few[name][1] / many[name][1] == pytest.approx(4, rel=near), name


# Confidence factors


def test_confidence_by_hand_where_ratings_are_sure() -> None:
    """A = (1, 0), B = (0, 1), C = (0.4, 0.4), weights uniform: central (3/4, 1/4), (1/4, 3/4)."""
    study = flat({"a": (100, 0), "b": (0, 100), "c": (40, 40)})
    found = confidence(simulate(study, draws=2000, seed=3))
    assert found.cross[0, :2].tolist() == [[1, 0, 0], [0, 1, 0]]
    assert np.isnan(found.cross[0, 2]).all()
    np.testing.assert_array_equal(found.factors[0], [1, 1, np.nan])
    np.testing.assert_allclose(found.weights[0, 0, 1:], [0.75, 0.25], atol=0.02)


def test_a_tie_under_central_weights_is_shared() -> None:
    found = confidence(simulate(flat({"a": (100, 0), "b": (100, 0)}), draws=300, seed=3))
    assert found.cross[0].tolist() == [[0.5, 0.5], [0.5, 0.5]]


def test_confidence_of_an_additive_study_is_that_of_its_draws_as_arrays() -> None:
    found = simulate(flat(THREE, half_width=20), draws=3000, seed=7)
    cell = plan(found.study).cell[0, :-2]
    each = blocks(found)
    values = np.concatenate([one.cells[cell] for one in each], axis=-1)
    weights = np.concatenate([one.held[0][:, 0] for one in each], axis=-1)
    expected = smaa(np.moveaxis(values, -1, 0), weights.T)
    got = confidence(found)
    np.testing.assert_allclose(got.weights[0, :, 1:], expected.central, atol=1e-8)
    np.testing.assert_allclose(got.factors[0], expected.confidence, rtol=0, atol=1e-12)
    assert 0.1 < got.factors.min() < got.factors.max() < 0.9
    np.testing.assert_allclose(got.cross.sum(axis=-1), 1, rtol=0, atol=1e-12)


def test_confidence_folds_the_rules_of_the_tree_in_every_scenario() -> None:
    """By hand: results are a weighted mean, means the weakest of both, weights held."""
    harder = small.scenario("harder", weights={"small": judged({"results": 20, "means": 80})})
    study = small.study(scenarios=(small.scenario(), harder))
    found = simulate(study, draws=1000, seed=2)
    nodes = study.tree.nodes.index
    expected = np.full((2, 3, 3), np.nan)
    for s in range(2):
        cell = plan(study).cell[s, :-2]
        values = np.concatenate([one.cells[cell] for one in blocks(found)], axis=-1)
        leaf = {key: values[:, i] for i, key in enumerate(study.tree.leaves)}
        for under in np.flatnonzero(found.first[s] > 0):
            w = found.central_weights[s, under]
            results = w[nodes("deaths")] * leaf["deaths"] + w[nodes("trust")] * leaf["trust"]
            means = np.minimum(leaf["upkeep"], leaf["conduct"])
            total = w[nodes("results")] * results + w[nodes("means")] * means
            expected[s, under] = np.bincount(total.argmax(axis=0), minlength=3) / found.draws
    got = confidence(found)
    np.testing.assert_allclose(got.cross, expected, rtol=0, atol=1e-12)
    assert got.cross[0, 1, 1] != got.cross[1, 1, 1]
    assert got.errors[0, 1, 1] == pytest.approx(
        np.sqrt(expected[0, 1, 1] * (1 - expected[0, 1, 1]) / found.draws)
    )


def test_confidence_is_the_same_on_any_executor_and_may_take_fewer_draws() -> None:
    found = simulate(small.study(), draws=3000, seed=2)
    alone = confidence(found)
    with ThreadPoolExecutor(2) as threads:
        assert confidence(found, executor=threads) == alone
    fewer = confidence(found, draws=1000)
    assert fewer.draws == 1024
    again = confidence(simulate(small.study(), draws=1000, seed=2))
    assert fewer != again  # other central weights
    np.testing.assert_allclose(fewer.cross, again.cross, atol=0.1)


@pytest.mark.parametrize(
    ("call", "error", "told"),
    [
        (lambda x: confidence(x.study), TypeError, "confidence takes a Simulation, not "),
        (lambda x: confidence(x, draws=True), TypeError, "draws is a whole number, not true"),
        (
            lambda x: confidence(x, draws=9999),
            ValueError,
            "draws lies between 1 and 2,048, as many as the simulation has: 9,999",
        ),
        (
            lambda x: x.quantile(0.5, "trusd"),
            ValueError,
            "there is no criterion 'trusd' (did you mean 'trust'?)",
        ),
        (
            lambda x: x.margins("keep", "kept"),
            ValueError,
            "there is no strategy 'kept' (did you mean 'keep'?)",
        ),
        (
            lambda x: x.margins("keep", "keep"),
            ValueError,
            "a margin lies between two strategies: 'keep' twice",
        ),
        (lambda x: x.dominance_gap(3), ValueError, "dominance is of order 1 or 2: 3"),
        (lambda x: x.errors.margin(1.5), ValueError, "a quantile lies between 0 and 1: 1.5"),
    ],
)
def test_what_there_is_not_is_refused_in_words(
    counted: Simulation, call: Callable[[Simulation], Any], error: type[Exception], told: str
) -> None:
    with pytest.raises(error) as refused:
        call(counted)
    assert str(refused.value).startswith(told)
