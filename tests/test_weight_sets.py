"""Sets of weights: laws of draws and centroids, conflicts, walks, worked numbers."""

import pickle
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from assess.weight_sets import (
    ConflictError,
    WeightSet,
    centre,
    check_room,
    corners,
    draw,
    effective_size,
    mean_weights,
    pieces,
    rhat,
    room,
    split_rhat,
    stroll,
    uniform,
    walk,
    weight_set,
)

Array = NDArray[np.float64]
LEAST, MOST = 2, 6


def drawn(given_set: WeightSet, draws: int, seed: int = 1) -> Array:
    """Return weights of a set in pieces [child, draw]."""
    made, chance = pieces(given_set), np.random.default_rng(seed)
    assert made is not None
    return draw(made, chance.random(draws), chance.random((given_set.rows.shape[1], draws)))


def walked(given_set: WeightSet, draws: int, seed: int = 1) -> Array:
    """Return weights of a set by walks [child, draw]."""
    made = walk(given_set)
    return stroll(made, np.random.default_rng(seed).random((made.numbers, draws)))


def holds(given_set: WeightSet, weights: Array, within: float = 1e-12) -> bool:
    """Whether weights [child, draw] satisfy every row."""
    over = given_set.rows @ weights - given_set.limits[:, None]
    over[given_set.exact] = np.abs(over[given_set.exact])
    sums = np.abs(weights.sum(axis=0) - 1)
    return bool((over <= within).all() and (weights >= 0).all() and (sums <= within).all())


def conflict(given_set: WeightSet) -> ConflictError | None:
    """Return how judgements conflict, if they do."""
    try:
        check_room(given_set)
    except ConflictError as error:
        return error
    return None


@st.composite
def arguments(draw_from: st.DrawFn, exact: bool = True, most: int = MOST) -> dict[str, Any]:
    """Draw judgements that some weights, drawn first, satisfy with room."""
    n = draw_from(st.integers(LEAST, most))
    points = np.array(draw_from(st.lists(st.integers(1, 9), min_size=n, max_size=n)), float)
    true = points / points.sum()
    below = np.array(draw_from(st.lists(st.sampled_from([0.05, 0.5, 1]), min_size=n, max_size=n)))
    above = np.array(draw_from(st.lists(st.sampled_from([0.05, 0.5, 1]), min_size=n, max_size=n)))
    places = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1))
    pairs = draw_from(st.lists(places.filter(lambda p: true[p[0]] > true[p[1]]), max_size=3)) \
        if len(set(points)) > 1 else []  # fmt: skip
    bound = draw_from(places.filter(lambda p: p[0] != p[1]))
    ratio = float(true[bound[0]] / true[bound[1]])
    sharp = exact and n > 2 and draw_from(st.booleans())
    bounds = (ratio, ratio) if sharp else (0.7 * ratio, draw_from(st.sampled_from([None, 1.5])))
    top = bounds[1] * ratio if bounds[1] is not None and not sharp else bounds[1]
    return {
        "low": true * (1 - below),
        "high": np.minimum(true + above * (1 - true), 1),
        "before": pairs,
        "ratios": [(*bound, bounds[0], top)] if draw_from(st.booleans()) else [],
    }


# Laws


@given(given_arguments=arguments())
@settings(max_examples=60)
def test_every_draw_satisfies_every_judgement(given_arguments: dict[str, Any]) -> None:
    made = weight_set(**given_arguments)
    assert holds(made, drawn(made, 500))


@given(given_arguments=arguments())
@settings(max_examples=40)
def test_the_mean_of_draws_is_the_centroid(given_arguments: dict[str, Any]) -> None:
    made = weight_set(**given_arguments)
    found, exact = drawn(made, 4000), mean_weights(uniform(made))
    error = found.std(axis=1) / np.sqrt(4000)
    assert (np.abs(found.mean(axis=1) - exact) <= 5 * error + 1e-12).all()
    assert holds(made, exact[:, None])


@given(given_arguments=arguments(), seed=st.integers(0, 100))
@settings(max_examples=40)
def test_permuting_children_permutes_corners_and_centroid(
    given_arguments: dict[str, Any], seed: int
) -> None:
    n = len(given_arguments["low"])
    order = np.random.default_rng(seed).permutation(n)  # new place of each child
    back = np.argsort(order)
    moved = {
        "low": given_arguments["low"][back],
        "high": given_arguments["high"][back],
        "before": [(order[i], order[j]) for i, j in given_arguments["before"]],
        "ratios": [(order[i], order[j], *rest) for i, j, *rest in given_arguments["ratios"]],
    }
    first, second = uniform(weight_set(**given_arguments)), uniform(weight_set(**moved))
    np.testing.assert_allclose(mean_weights(second)[order], mean_weights(first), atol=1e-9)


@given(given_arguments=arguments())
@settings(max_examples=40)
def test_a_judgement_that_follows_from_the_others_changes_nothing(
    given_arguments: dict[str, Any],
) -> None:
    made = weight_set(**given_arguments)
    found = corners(made)
    assert found is not None
    most = found[0].max(axis=0)
    more = WeightSet(
        np.vstack([made.rows, np.eye(len(most))]),
        np.concatenate([made.limits, most + 1e-3]),
        np.append(made.exact, np.zeros(len(most), dtype=bool)),
        (*made.labels, *(f"more {i}" for i in range(len(most)))),
    )
    np.testing.assert_allclose(
        mean_weights(uniform(more)), mean_weights(uniform(made)), rtol=0, atol=1e-9
    )
    np.testing.assert_array_equal(drawn(more, 20), drawn(made, 20))


@st.composite
def quarrels(draw_from: st.DrawFn) -> WeightSet:
    """Draw judgements that often allow nothing."""
    n = draw_from(st.integers(2, 5))
    tenths = st.integers(0, 10).map(lambda x: x / 10)
    ends = [sorted((draw_from(tenths), draw_from(tenths))) for _ in range(n)]
    places = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda p: p[0] != p[1])
    ratio = places.map(lambda p: (*p, 2.0, draw_from(st.sampled_from([None, 2.0, 4.0]))))
    return weight_set(
        [low for low, _ in ends],
        [high for _, high in ends],
        before=draw_from(st.lists(places, max_size=3)),
        ratios=draw_from(st.lists(ratio, max_size=2)),
    )


@given(made=quarrels())
@settings(max_examples=150)
def test_conflicts_are_named_by_a_smallest_set_of_judgements(made: WeightSet) -> None:
    error = conflict(made)
    if error is None:
        assert holds(made, drawn(made, 50))
        return
    named = made
    for label in set(made.labels) - set(error.judgements):
        named = named.without(label)
    again = conflict(named)
    assert again is not None
    assert again.judgements == error.judgements
    for label in error.judgements:
        fewer = room(named.without(label))
        assert fewer >= -1e-7 if error.empty else fewer > 1e-7, label


@given(made=quarrels())
@settings(max_examples=80)
def test_a_set_has_corners_unless_it_is_empty(made: WeightSet) -> None:
    if room(made) < -1e-7:
        with pytest.raises(ValueError, match=r"^no weights are allowed$"):
            corners(made)
    else:
        found = corners(made)
        assert found is not None
        assert holds(made, found[0].T, within=1e-9)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("n", [3, 4])
@pytest.mark.parametrize("sampler", [drawn, walked])
def test_draws_are_uniform_by_rejection(n: int, seed: int, sampler: Any) -> None:
    chance = np.random.default_rng(100 * n + seed)
    true = chance.dirichlet(np.ones(n))
    low, high = true * 0.8 * chance.random(n), true + (1 - true) * chance.uniform(0.2, 1, n)
    first, second = np.argsort(-true)[:2]
    ratio = float(true[first] / true[second])
    made = weight_set(
        low, high, before=[(first, second)], ratios=[(first, second, None, 1.5 * ratio)]
    )
    even = -np.log(chance.random((n, 400_000)))
    even /= even.sum(axis=0)
    kept = even[:, (made.rows @ even <= made.limits[:, None]).all(axis=0)]
    assert kept.shape[1] > 300, "too few are left to compare with"
    found = sampler(made, 5000, seed=seed)
    for direction in (*np.eye(n), *chance.normal(size=(3, n))):
        assert stats.ks_2samp(direction @ found, direction @ kept).pvalue > 1e-4


@pytest.mark.parametrize("n", [3, 5, 7])
def test_pieces_fill_the_set_by_their_volumes(n: int) -> None:
    """The hull of the corners has the volume of all pieces together."""
    from scipy.spatial import ConvexHull

    made = weight_set([0.2 / n] * n, [1.7 / n] * n, before=[(0, 1)])
    found, split = corners(made), pieces(made)
    assert found is not None
    assert split is not None
    edges = split.corners[:, 1:, 1:] - split.corners[:, :1, 1:]
    volume = np.abs(np.linalg.det(edges)) / np.prod(np.arange(1, n))
    assert volume.sum() == pytest.approx(ConvexHull(found[0][:, 1:]).volume, rel=1e-9)
    np.testing.assert_allclose(volume / volume.sum(), split.shares, rtol=1e-9)


# Worked numbers


@pytest.mark.parametrize("n", [1, 2, 3, 4, 7, 12, 20])
def test_a_complete_order_gives_the_rank_order_centroid(n: int) -> None:
    made = pieces(weight_set([0] * n, [1] * n, before=[(i, i + 1) for i in range(n - 1)]))
    assert made is not None
    assert len(made.shares) == 1
    expected = [sum(1 / k for k in range(r, n + 1)) / n for r in range(1, n + 1)]
    np.testing.assert_allclose(centre(made), expected, rtol=1e-12)


@pytest.mark.parametrize(
    "before",
    [
        [(0, 1)],
        [(0, 1), (2, 3)],
        [(0, 1), (0, 2), (1, 3), (2, 3)],
        [(0, 2), (1, 2), (0, 3), (1, 3), (3, 4)],
    ],
)
def test_a_partial_order_gives_the_mean_of_its_complete_orders(
    before: list[tuple[int, int]],
) -> None:
    """Every complete order that keeps a partial one holds the same share of its weights."""
    n = 5
    centroid = np.cumsum(1 / np.arange(n, 0, -1))[::-1] / n
    kept = [
        [centroid[ranks[i]] for i in range(n)]
        for ranks in permutations(range(n))
        if all(ranks[i] < ranks[j] for i, j in before)
    ]
    made = uniform(weight_set([0] * n, [1] * n, before=before))
    np.testing.assert_allclose(mean_weights(made), np.mean(kept, axis=0), rtol=1e-12)


def test_two_criteria_and_a_ratio_by_closed_form() -> None:
    """Where a = 2 to 3 times b, a is uniform from 2/3 to 3/4."""
    made = weight_set([0, 0], [1, 1], ratios=[(0, 1, 2, 3)])
    assert mean_weights(uniform(made)) == pytest.approx([17 / 24, 7 / 24], rel=1e-12)
    found = drawn(made, 5000)[0]
    assert stats.kstest(found, stats.uniform(2 / 3, 1 / 12).cdf).pvalue > 1e-3


def test_lower_bounds_shift_the_simplex() -> None:
    """Draws are low + (1 - sum of low) times uniform weights: the mean adds a third of that."""
    made = pieces(weight_set([0.1, 0.2, 0.3], [1, 1, 1]))
    assert made is not None
    assert len(made.shares) == 1
    np.testing.assert_allclose(centre(made), np.array([0.1, 0.2, 0.3]) + 0.4 / 3, rtol=1e-12)


def test_exact_judgements_flatten_the_set() -> None:
    """With a = b and c = 0: one point, half each; a = 2 b alone: c from 0 to 1, on a line."""
    point = weight_set([0, 0, 0], [1, 1, 0], ratios=[(0, 1, 1, 1)])
    assert mean_weights(uniform(point)).tolist() == [0.5, 0.5, 0.0]
    assert np.ptp(drawn(point, 10), axis=1).tolist() == [0, 0, 0]
    line = weight_set([0, 0, 0], [1, 1, 1], ratios=[(0, 1, 2, 2)])
    np.testing.assert_allclose(mean_weights(uniform(line)), [1 / 3, 1 / 6, 1 / 2], rtol=1e-12)
    assert stats.kstest(drawn(line, 5000)[2], stats.uniform.cdf).pvalue > 1e-3
    assert stats.kstest(walked(line, 5000)[2], stats.uniform.cdf).pvalue > 1e-3


def test_nothing_said_allows_all_weights() -> None:
    """Each weight of n is a Beta(1, n - 1)."""
    found = drawn(weight_set([0] * 4, [1] * 4), 5000)
    for weight in found:
        assert stats.kstest(weight, stats.beta(1, 3).cdf).pvalue > 1e-3


# Conflicts


@pytest.mark.parametrize(
    ("told", "made"),
    [
        (
            "no weights satisfy a at least 0.6; b at least 0.5",
            weight_set([0.6, 0.5, 0], [1, 1, 1], before=[(0, 1)], names="abc"),
        ),
        (
            "no weights satisfy a at most 0.2; b at most 0.3; c at most 0.4",
            weight_set([0, 0, 0], [0.2, 0.3, 0.4], names="abc"),
        ),
        (
            "only weights at the very limits satisfy a at least 0.5; b at least 0.5",
            weight_set([0.5, 0.5, 0], [1, 1, 1], names="abc"),
        ),
        (
            "only weights at the very limits satisfy a before b; b before a",
            weight_set([0, 0, 0], [1, 1, 1], before=[(0, 1), (1, 0), (1, 2)], names="abc"),
        ),
        (
            "no weights satisfy a at least 3 times b; a at most 2 times c; c at most 0.1",
            weight_set(
                [0, 0.1, 0],
                [1, 1, 0.1],
                ratios=[(0, 1, 3, None), (0, 2, None, 2)],
                names="abc",
            ),
        ),
        (
            "no weights satisfy a exactly 0.5; b exactly 0.6",
            weight_set([0.5, 0.6, 0], [0.5, 0.6, 1], names="abc"),
        ),
    ],
)
def test_conflicting_judgements_are_named(told: str, made: WeightSet) -> None:
    with pytest.raises(ConflictError) as caught:
        check_room(made)
    assert set(str(caught.value).split(" satisfy ")[1].split("; ")) == set(
        told.split(" satisfy ")[1].split("; ")
    )
    assert str(caught.value).split(" satisfy ")[0] == told.split(" satisfy ", maxsplit=1)[0]
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.empty) == (str(caught.value), caught.value.empty)


def test_bounds_that_add_up_to_just_1_are_no_accident_of_rounding() -> None:
    """0.1 + 0.2 + 0.7 is 0.9999999999999999 in binary: the message is of limits, not of nothing."""
    with pytest.raises(ConflictError, match=r"^only weights at the very limits satisfy") as caught:
        uniform(weight_set([0.1, 0.2, 0.7], [1, 1, 1]))
    assert not caught.value.empty


def test_a_range_that_falls_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^a weight's range lies in 0 to 1 and does not fall$"):
        weight_set([0.5], [0.4])


# Walks


def test_walks_keep_to_sets_of_many_corners_and_come_to_one_distribution() -> None:
    n = 12
    made = weight_set([0.02] * n, [0.14] * n, before=[(0, 1)], ratios=[(2, 3, 1, 3)])
    assert pieces(made) is None
    found = uniform(made)
    assert not hasattr(found, "shares")
    assert found.rhat <= 1.01
    assert found.effective > 1000
    assert holds(made, walked(made, 2000))
    assert holds(made, mean_weights(found)[:, None])


def test_walks_and_pieces_agree() -> None:
    made = weight_set([0.05] * 7, [0.3] * 7, before=[(0, 1), (1, 2)], ratios=[(3, 4, 0.5, 2)])
    exact, found = pieces(made), walk(made)
    assert exact is not None
    draws = walked(made, 4000)
    error = 5 * draws.std(axis=1) / np.sqrt(4000)
    assert (np.abs(draws.mean(axis=1) - centre(exact)) < error).all()
    assert (np.abs(found.centre - centre(exact)) < error).all()
    again = drawn(made, 4000)
    for a, b in zip(draws, again, strict=True):
        assert stats.ks_2samp(a, b).pvalue > 1e-4


def test_walks_are_the_same_every_time() -> None:
    made = weight_set([0.05] * 5, [0.4] * 5)
    first, second = walk(made), walk(made)
    assert first.pool.tobytes() == second.pool.tobytes()
    assert first.lines.tobytes() == second.lines.tobytes()
    whole = walked(made, 50)
    u = np.random.default_rng(1).random((first.numbers, 50))
    np.testing.assert_array_equal(whole, np.hstack([stroll(first, u[:, :20]),
                                                    stroll(first, u[:, 20:])]))  # fmt: skip


def test_one_point_is_no_set_to_walk_over() -> None:
    with pytest.raises(ValueError, match=r"^the set is one point; it is taken in pieces$"):
        walk(weight_set([0.3, 0.7], [0.3, 0.7]))


# Convergence


def test_split_rhat_by_hand() -> None:
    """Halves (0, 2), (0, 2), (4, 6), (4, 6): W = 2, B/n = 16/3, n = 2."""
    expected = np.sqrt(1 / 2 + (16 / 3) / 2)
    assert split_rhat([[0, 2, 0, 2], [4, 6, 4, 6]]) == pytest.approx(expected)


def test_rhat_is_1_for_free_draws_and_large_for_other_places_and_spreads() -> None:
    chance = np.random.default_rng(4)
    free = chance.normal(size=(4, 1000))
    assert rhat(free) < 1.01
    assert rhat(free + 0.5 * np.arange(4)[:, None]) > 1.1
    wider = free * np.array([1, 1, 1, 3])[:, None]
    assert rhat(wider) > 1.1
    assert split_rhat(wider) < 1.02
    trend = free + np.linspace(0, 3, 1000)
    assert rhat(trend) > 1.2
    assert rhat(chance.standard_cauchy((4, 1000))) < 1.01
    assert rhat(np.ones((4, 10))) == 1
    assert split_rhat(np.ones((2, 10)) * np.arange(2)[:, None]) == np.inf


@pytest.mark.parametrize("phi", [0.0, 0.5, 0.9, -0.5])
def test_the_effective_size_of_autoregression_is_that_of_its_closed_form(phi: float) -> None:
    """x_t = phi x_(t-1) + e: draws (1 - phi) / (1 + phi) of their number."""
    chance, n = np.random.default_rng(5), 4000
    noise = chance.normal(size=(4, n))
    chains = noise.copy()
    chains[:, 0] /= np.sqrt(1 - phi**2)
    for t in range(1, n):
        chains[:, t] += phi * chains[:, t - 1]
    expected = 4 * n * (1 - phi) / (1 + phi)
    assert effective_size(chains) == pytest.approx(expected, rel=0.15)


def test_the_effective_size_of_chains_that_do_not_move_is_their_number() -> None:
    assert effective_size(np.ones((2, 10, 3))).tolist() == [20, 20, 20]


def test_few_draws_are_refused() -> None:
    for function in (rhat, split_rhat, effective_size):
        with pytest.raises(ValueError, match=r"^chains are an array"):
            function([[1, 2, 3]])
