"""Pools of distributions: worked numbers, laws, refusals, and the way to bins and back."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy import stats

from assess.distributions import (
    bins_from_quantiles,
    bins_from_triangle,
    linear_pool,
    logarithmic_pool,
    quantile_average,
    quantiles_from_bins,
)

Floats = NDArray[np.float64]
Pool = Callable[[Any, Any], Floats]

CLOSE = 1e-9
POOLS: dict[str, Pool] = {
    "linear": linear_pool,
    "logarithmic": logarithmic_pool,
    "quantiles": quantile_average,
}
OF_BINS = ("linear", "logarithmic")

# Own inputs in the closed forms of Genest and Zidek (1986), doi:10.1214/ss/1177013825: the log pool
# of normals has their precision-weighted mean, the linear pool the variance of the mixture.
WEIGHTS = (0.5, 0.2, 0.3)
NORMALS = ((10.0, 2.0), (14.0, 4.0), (12.0, 1.0))
DISCRETE = ((0.7, 0.2, 0.1), (0.4, 0.4, 0.2), (0.1, 0.3, 0.6))
# R package SHELF, tests/testthat/test-linearpool.R; the mixture of the exact laws, by scipy.
SHELF = (stats.gamma(10, scale=1 / 4), stats.norm(3, 2), stats.lognorm(2, scale=3))
SHELF_WEIGHTS = (1, 2, 3)


def panels(pool: str) -> st.SearchStrategy[Floats]:
    """Draw what three analysts say about five bins, or at five levels."""
    raw = arrays(np.float64, (3, 5), elements=st.floats(0.01, 1))
    if pool in OF_BINS:
        return raw.map(lambda x: x / x.sum(axis=1, keepdims=True))
    return raw.map(lambda x: np.cumsum(x, axis=1))


weights = arrays(np.float64, 3, elements=st.floats(0.01, 10))
every_pool = pytest.mark.parametrize("pool", POOLS)


@pytest.mark.parametrize(
    ("pool", "expected"),
    [
        (linear_pool, [0.46, 0.27, 0.27]),
        (logarithmic_pool, [0.43357045719843984, 0.32222708064534467, 0.24420246215621547]),
    ],
)
def test_pool_of_three_discrete_distributions_is_the_worked_one(
    pool: Pool, expected: list[float]
) -> None:
    assert pool(DISCRETE, WEIGHTS).tolist() == pytest.approx(expected, abs=CLOSE)


@pytest.mark.parametrize(
    ("pool", "mean", "deviation"),
    [
        (linear_pool, 11.4, 2.8178005607210737),
        (logarithmic_pool, 11.485714285714284, 1.511857892036909),
    ],
)
def test_pool_of_three_normals_has_the_closed_mean_and_deviation(
    pool: Pool, mean: float, deviation: float
) -> None:
    grid = np.linspace(-30, 60, 3001)
    density = np.array([stats.norm(*normal).pdf(grid) for normal in NORMALS])
    pooled = pool(density / density.sum(axis=1, keepdims=True), WEIGHTS)
    found = float((pooled * grid).sum())
    assert found == pytest.approx(mean, abs=CLOSE)
    spread = float((pooled * (grid - found) ** 2).sum()) ** 0.5
    assert spread == pytest.approx(deviation, abs=CLOSE)


def test_linear_pool_of_three_families_has_the_quantiles_of_shelf() -> None:
    edges = np.concatenate([np.linspace(-20, 60, 40001), np.geomspace(61, 1e8, 500)])
    below = np.array([family.cdf(edges) for family in SHELF])
    below[:, 0], below[:, -1] = 0, 1
    pooled = linear_pool(np.diff(below), SHELF_WEIGHTS)
    up_to = float(pooled[: int(np.searchsorted(edges, 1.5))].sum())
    assert up_to == pytest.approx(0.2717577093263699, abs=1e-4)
    assert quantiles_from_bins(pooled, edges, [0.05, 0.5, 0.95]).tolist() == pytest.approx(
        [0.11264094387767137, 2.7424093641699265, 38.928063597353955], rel=1e-4
    )


def test_families_and_pool_are_those_that_shelf_fits() -> None:
    # The quartiles that SHELF is given, and what its own run pools from its fits.
    given_quartiles = [
        [1.931471692380966, 2.417178653678532, 2.9784615053788572],
        [1.6510204996078366, 3.0, 4.348979500392163],
        [0.778514850795214, 3.0, 11.560473112114625],
    ]
    quartiles = [family.ppf([0.25, 0.5, 0.75]) for family in SHELF]
    assert np.array(quartiles) == pytest.approx(np.array(given_quartiles), abs=CLOSE)
    edges = np.concatenate([np.linspace(-20, 60, 40001), np.geomspace(61, 1e8, 500)])
    below = np.array([family.cdf(edges) for family in SHELF])
    below[:, 0], below[:, -1] = 0, 1
    pooled = linear_pool(np.diff(below), SHELF_WEIGHTS)
    up_to = float(pooled[: int(np.searchsorted(edges, 1.5))].sum())
    assert up_to == pytest.approx(0.2717666507, abs=1e-4)
    assert quantiles_from_bins(pooled, edges, [0.05, 0.5, 0.95]).tolist() == pytest.approx(
        [0.112621137, 2.742367999, 38.929227187], rel=0.02
    )


def test_two_camps_stay_two_humps_meet_in_the_middle_or_are_moved_there() -> None:
    camps = [[0.80, 0.18, 0.02], [0.02, 0.18, 0.80]]
    assert linear_pool(camps, [1, 1]).round(3).tolist() == [0.41, 0.18, 0.41]
    assert logarithmic_pool(camps, [1, 1]).round(3).tolist() == [0.292, 0.416, 0.292]
    assert quantile_average([[0, 1, 2], [8, 9, 10]], [1, 1]).tolist() == [4, 5, 6]


def test_one_analyst_vetoes_a_bin_in_the_logarithmic_pool_alone() -> None:
    said = [[0.5, 0.5, 0.0], [0.2, 0.3, 0.5]]
    assert logarithmic_pool(said, [1, 9])[2] == 0
    assert linear_pool(said, [1, 9])[2] == pytest.approx(0.45)
    assert logarithmic_pool(said, [0, 1]).tolist() == pytest.approx(said[1])


@every_pool
def test_who_has_no_weight_may_say_anything(pool: str) -> None:
    said = [[0.25, 0.75], [np.nan, np.inf], [0.25, 0.75]]
    assert POOLS[pool](said, [1, 0, 2]).tolist() == pytest.approx([0.25, 0.75])


@every_pool
def test_weights_at_the_end_of_the_number_line_keep_their_ratios(pool: str) -> None:
    said = [[0.25, 0.75], [0.5, 0.5]]
    assert POOLS[pool](said, [1e308, 1e308]).tolist() == POOLS[pool](said, [1, 1]).tolist()


@pytest.mark.law
@every_pool
@given(data=st.data())
def test_what_all_say_is_what_the_pool_says(pool: str, data: st.DataObject) -> None:
    said = data.draw(panels(pool))[:1].repeat(3, axis=0)
    assert POOLS[pool](said, data.draw(weights)) == pytest.approx(said[0], abs=CLOSE)


@pytest.mark.law
@every_pool
@given(data=st.data())
def test_the_order_of_analysts_changes_nothing(pool: str, data: st.DataObject) -> None:
    said, w = data.draw(panels(pool)), data.draw(weights)
    order = data.draw(st.permutations(range(3)))
    assert POOLS[pool](said[order], w[order]) == pytest.approx(POOLS[pool](said, w), abs=CLOSE)


@pytest.mark.law
@every_pool
@given(data=st.data(), factor=st.sampled_from([1e-300, 1e-3, 7.0, 1e300]))
def test_only_the_ratios_of_weights_count(pool: str, data: st.DataObject, factor: float) -> None:
    said, w = data.draw(panels(pool)), data.draw(weights)
    assert POOLS[pool](said, w * factor) == pytest.approx(POOLS[pool](said, w), abs=CLOSE)


@pytest.mark.law
@every_pool
@given(data=st.data())
def test_the_pool_of_one_analyst_is_what_that_analyst_says(pool: str, data: st.DataObject) -> None:
    said = data.draw(panels(pool))
    assert POOLS[pool](said[:1], [3]) == pytest.approx(said[0], abs=CLOSE)


@pytest.mark.law
@every_pool
@given(data=st.data())
def test_a_copy_of_an_analyst_counts_as_that_weight_again(pool: str, data: st.DataObject) -> None:
    said, w = data.draw(panels(pool)), data.draw(weights)
    copied = POOLS[pool](np.vstack([said, said[0]]), [*w, w[0]])
    assert copied == pytest.approx(POOLS[pool](said, w * [2, 1, 1]), abs=CLOSE)


@pytest.mark.law
@pytest.mark.parametrize("pool", ["linear", "quantiles"])
@given(data=st.data())
def test_under_equal_weights_a_copy_pulls_the_average_by_one_share_in_all(
    pool: str, data: st.DataObject
) -> None:
    said = data.draw(panels(pool))
    before, after = POOLS[pool](said, [1] * 3), POOLS[pool](np.vstack([said, said[1]]), [1] * 4)
    assert after == pytest.approx((3 * before + said[1]) / 4, abs=CLOSE)


@pytest.mark.law
@pytest.mark.parametrize("pool", ["linear", "quantiles"])
@given(data=st.data())
def test_the_average_lies_between_the_analysts(pool: str, data: st.DataObject) -> None:
    said = data.draw(panels(pool))
    pooled = POOLS[pool](said, data.draw(weights))
    assert (pooled >= said.min(axis=0) - CLOSE).all()
    assert (pooled <= said.max(axis=0) + CLOSE).all()


@pytest.mark.law
@given(said=panels("logarithmic"), w=weights)
def test_the_odds_of_two_bins_lie_between_those_of_the_analysts(said: Floats, w: Floats) -> None:
    pooled = logarithmic_pool(said, w)
    odds = said[:, :-1] / said[:, 1:]
    assert (pooled[:-1] / pooled[1:] >= odds.min(axis=0) * (1 - CLOSE)).all()
    assert (pooled[:-1] / pooled[1:] <= odds.max(axis=0) * (1 + CLOSE)).all()


@pytest.mark.law
@given(
    said=panels("logarithmic"),
    w=weights,
    ruled_out=arrays(np.bool_, (3, 5)).map(lambda gone: gone & (np.arange(5) > 0)),
)
def test_the_logarithmic_pool_keeps_every_zero_and_the_linear_one_those_of_all(
    said: Floats, w: Floats, ruled_out: NDArray[np.bool_]
) -> None:
    said = np.where(ruled_out, 0.0, said)
    said /= said.sum(axis=1, keepdims=True)
    assert (logarithmic_pool(said, w) == 0).tolist() == ruled_out.any(axis=0).tolist()
    assert (linear_pool(said, w) == 0).tolist() == ruled_out.all(axis=0).tolist()


@pytest.mark.law
@pytest.mark.parametrize("pool", OF_BINS)
@given(data=st.data())
def test_a_pool_of_distributions_is_a_distribution(pool: str, data: st.DataObject) -> None:
    pooled = POOLS[pool](data.draw(panels(pool)), data.draw(weights))
    assert (pooled >= 0).all()
    assert pooled.sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.law
@given(
    said=panels("logarithmic"),
    w=weights,
    likelihood=arrays(np.float64, 5, elements=st.floats(0.01, 1)),
)
def test_to_update_and_pool_logarithmically_is_to_pool_and_update(
    said: Floats, w: Floats, likelihood: Floats
) -> None:
    def updated(p: Floats) -> Floats:
        return np.asarray(p * likelihood / (p * likelihood).sum(axis=-1, keepdims=True))

    assert logarithmic_pool(updated(said), w) == pytest.approx(
        updated(logarithmic_pool(said, w)), abs=CLOSE
    )


def test_the_linear_pool_is_not_externally_bayesian() -> None:
    said, likelihood = np.array([[0.9, 0.1], [0.1, 0.9]]), np.array([0.2, 0.8])
    updated = said * likelihood / (said * likelihood).sum(axis=1, keepdims=True)
    before = linear_pool(said, [1, 1]) * likelihood
    assert linear_pool(updated, [1, 1])[0] != pytest.approx(before[0] / before.sum(), abs=0.1)


@pytest.mark.law
@given(
    at=arrays(np.float64, 3, elements=st.floats(-10, 10)),
    width=arrays(np.float64, 3, elements=st.floats(0.01, 10)),
    w=weights,
)
def test_quantile_average_of_one_family_has_average_location_and_width(
    at: Floats, width: Floats, w: Floats
) -> None:
    levels = np.linspace(0.01, 0.99, 21)
    said = stats.logistic.ppf(levels, at[:, None], width[:, None])
    share = w / w.sum()
    expected = stats.logistic.ppf(levels, (share * at).sum(), (share * width).sum())
    assert quantile_average(said, w) == pytest.approx(expected, abs=1e-8)


@pytest.mark.law
@given(said=panels("quantiles"), w=weights)
def test_the_quantile_average_never_falls(said: Floats, w: Floats) -> None:
    assert (np.diff(quantile_average(np.repeat(said, 2, axis=1), w)) >= 0).all()


@every_pool
def test_cells_side_by_side_are_pooled_each_by_its_own_weights(pool: str) -> None:
    random = np.random.default_rng(1)
    said = random.dirichlet([1] * 4, size=(2, 6, 3)).cumsum(axis=-1)
    if pool in OF_BINS:
        said = np.diff(said, prepend=0, axis=-1)
    w = random.random((6, 3))
    together = POOLS[pool](said, w)
    assert together.shape == (2, 6, 4)
    for i, j in np.ndindex(2, 6):
        assert together[i, j] == pytest.approx(POOLS[pool](said[i, j], w[j]), abs=CLOSE)


@pytest.mark.law
@given(steps=arrays(np.float64, 6, elements=st.floats(0.01, 5)), data=st.data())
def test_quantiles_go_into_bins_and_come_back(steps: Floats, data: st.DataObject) -> None:
    quantiles, levels = np.cumsum(steps), np.array([0, 0.05, 0.25, 0.5, 0.75, 1])
    between = data.draw(st.lists(st.floats(0.02, 0.98), max_size=4))
    extra = quantiles[0] + np.array(between) * (quantiles[-1] - quantiles[0])
    edges = np.unique(np.concatenate([quantiles, extra, [-1.0, 40.0]]))
    bins = bins_from_quantiles(quantiles, levels, edges)
    assert bins.sum() == pytest.approx(1, abs=1e-12)
    found = quantiles_from_bins(bins, edges, levels[1:-1])
    assert found == pytest.approx(quantiles[1:-1], abs=1e-6)


@pytest.mark.law
@given(
    corners=arrays(np.float64, 3, elements=st.sampled_from([0, 0.1, 0.25, 0.5, 0.8, 1])).map(
        np.sort
    )
)
def test_a_triangle_has_the_bins_of_its_distribution_function(corners: Floats) -> None:
    low, mode, high = corners.tolist()
    edges = np.linspace(0, 1, 17)
    bins = bins_from_triangle(low, mode, high, edges)
    assert bins.sum() == pytest.approx(1, abs=1e-12)
    if low < high:
        exact = stats.triang((mode - low) / (high - low), low, high - low).cdf(edges)
        assert bins == pytest.approx(np.diff(exact), abs=CLOSE)
    else:
        assert bins[max(int(np.searchsorted(edges, mode)) - 1, 0)] == 1


def test_what_a_triangle_holds_beyond_the_edges_falls_into_the_end_bins() -> None:
    assert bins_from_triangle(-1, 0, 1, [0, 0.5, 1]).tolist() == [0.875, 0.125]
    assert bins_from_triangle([0.2, 3], [0.2, 3], [0.2, 3], [0, 1, 2]).tolist() == [[1, 0], [0, 1]]


def test_quantiles_of_many_rows_are_those_of_each() -> None:
    bins = np.array([[[0.2, 0.8, 0.0], [0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0], [0.3, 0.3, 0.4]]])
    edges, levels = [0.0, 1.0, 3.0, 4.0], [0.1, 0.2, 0.9]
    together = quantiles_from_bins(bins, edges, levels)
    assert together.round(9).tolist()[0] == [[0.5, 1.0, 2.75], [3.1, 3.2, 3.9]]
    for i, j in np.ndindex(2, 2):
        assert together[i, j].tolist() == quantiles_from_bins(bins[i, j], edges, levels).tolist()


GOOD = np.array([[0.5, 0.5], [0.25, 0.75]])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: linear_pool(GOOD, [1, -1]), "the weights [1.0, -1.0] are not all at least 0"),
        (lambda: linear_pool(GOOD, [0, 0]), "the weights [0.0, 0.0] leave no analyst a voice"),
        (
            lambda: linear_pool(np.array([GOOD, GOOD]), np.array([[1, 1], [1, np.nan]])),
            "at [1]: the weights [1.0, nan] are not all finite numbers",
        ),
        (
            lambda: linear_pool(GOOD, [1, 1, 1]),
            "distributions are [..., analyst, bin] and weights [..., analyst]: shapes (2, 2) and "
            "(3,) do not fit",
        ),
        (
            lambda: linear_pool([[0.5, 0.5], [0.3, 0.6]], [1, 1]),
            "at [1]: [0.3, 0.6] sum to 0.9; the bins of a distribution sum to 1",
        ),
        (
            lambda: logarithmic_pool([[0.5, 0.5], [-0.5, 1.5]], [1, 1]),
            "at [1]: [-0.5, 1.5] are not all at least 0",
        ),
        (
            lambda: linear_pool([[np.nan, 0.5], [0.5, 0.5]], [1, 1]),
            "at [0]: [nan, 0.5] are not all finite numbers",
        ),
        (
            lambda: logarithmic_pool(np.array([GOOD, np.eye(2)]), [1, 1]),
            "at [1]: no bin is held possible by every analyst who has a weight, so the logarithmic "
            "pool is not defined; use the linear pool, or give each analyst some probability "
            "everywhere",
        ),
        (
            lambda: quantile_average([[1, 2, 3], [1, 3, 2]], [1, 1]),
            "at [1]: the quantiles [1.0, 3.0, 2.0] fall somewhere",
        ),
        (
            lambda: quantile_average(np.array([[1, np.inf], [1, 3]]), [1, 1]),
            "at [0]: the quantiles [1.0, inf] are not all finite numbers",
        ),
        (
            lambda: bins_from_quantiles([0, 1, 1], [0, 0.5, 1], [0, 1]),
            "the quantiles [0.0, 1.0, 1.0] do not rise",
        ),
        (
            lambda: bins_from_quantiles([0, 1], [0, 0.5, 1], [0, 1]),
            "there are 3 levels, but the quantiles have shape (2,)",
        ),
        (
            lambda: bins_from_quantiles([0, 1], [0.05, 0.95], [0, 1]),
            "the levels reach from 0 to 1, not from 0.05 to 0.95",
        ),
        (
            lambda: bins_from_quantiles([[0, 1], [0, 2]], [0, 1], [0, 1]),
            "at [1]: the quantiles [0.0, 2.0] reach beyond the edges, 0 to 1",
        ),
        (
            lambda: bins_from_quantiles([0, 1], [0, 1], [0, 2, 1]),
            "the edges are finite numbers in rising order, two or more: [0.0, 2.0, 1.0]",
        ),
        (
            lambda: bins_from_triangle(0.5, 0.2, 0.8, [0, 1]),
            "low, mode and high [0.5, 0.2, 0.8] are not in rising order",
        ),
        (
            lambda: quantiles_from_bins([0.5, 0.5], [0, 1], [0.5]),
            "2 edges fit probabilities [..., 1], not those of shape (2,)",
        ),
        (
            lambda: quantiles_from_bins([0.5, 0.5], [0, 1, 2], [0.5, 1]),
            "levels lie above 0 and below 1, in rising order: [0.5, 1.0]",
        ),
        (
            lambda: quantiles_from_bins([0.5, 0.6], [0, 1, 2], [0.5]),
            "[0.5, 0.6] sum to 1.1; the bins of a distribution sum to 1",
        ),
    ],
)
def test_what_is_no_distribution_or_no_weight_is_refused(
    call: Callable[[], Floats], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()


def test_the_linear_pool_is_wider_than_the_quantile_average_where_analysts_disagree() -> None:
    edges, levels = np.linspace(0, 1, 101), [0.05, 0.5, 0.95]
    bins = bins_from_triangle([0.1, 0.5], [0.2, 0.7], [0.4, 0.9], edges)
    linear = quantiles_from_bins(linear_pool(bins, [1, 1]), edges, levels)
    averaged = quantile_average(quantiles_from_bins(bins, edges, levels), [1, 1])
    assert linear[2] - linear[0] > 1.5 * (averaged[2] - averaged[0])
