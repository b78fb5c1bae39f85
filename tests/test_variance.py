"""Shares of variance on arrays: published and closed-form figures, laws, errors, refusals."""

import re
from collections.abc import Callable
from itertools import permutations
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assess.variance import (
    Estimate,
    Indices,
    Sums,
    shapley,
    shapley_shares,
    sobol,
    sobol_indices,
    sobol_sums,
    subset_sums,
    walk_sums,
    walsh,
)

Array = NDArray[np.float64]
Model = Callable[[Array], Array]


def samples(inputs: int, draws: int, seed: int, *, uniform: bool = False) -> tuple[Array, Array]:
    """Return samples A and B [input, draw], standard normal or uniform on (-pi, pi)."""
    draw = np.random.default_rng(seed)
    shape = (2, inputs, draws)
    a, b = draw.uniform(-np.pi, np.pi, shape) if uniform else draw.standard_normal(shape)
    return a, b


def indices(
    model: Model, a: Array, b: Array, groups: list[list[int]], batches: int = 32
) -> Indices:
    """Return the indices of groups of inputs."""
    mixed = []
    for group in groups:
        x = a.copy()
        x[group] = b[group]
        mixed.append(model(x))
    return sobol(model(a), model(b), mixed, batches=batches)


def subsets(model: Model, a: Array, b: Array) -> Array:
    """Return the outputs of all mixtures [subset, draw]."""
    place = np.arange(len(a))[:, None]
    return np.stack([model(np.where(u >> place & 1, b, a)) for u in range(2 ** len(a))])


def alone(inputs: int) -> list[list[int]]:
    return [[j] for j in range(inputs)]


def holds(found: Estimate, expected: object, errors: float = 5.0) -> None:
    """Hold estimates to known values, within so many standard errors."""
    off = np.abs(found.value - np.asarray(expected, np.float64))
    assert (off <= errors * found.error + 1e-9).all(), (found.value, found.error, expected)


# Published and closed-form figures


def ishigami(x: Array) -> Array:
    found: Array = np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])
    return found


# Ishigami and Homma (1990), a = 7, b = 0.1, inputs uniform on (-pi, pi); closed form.
ISHIGAMI_VARIANCE = 13.844587940719254
ISHIGAMI_TOGETHER = 0.2436836640621477  # of the first and the third
ISHIGAMI = {
    "first": (0.31390519114781146, 0.4424111447900409, 0.0),
    "total": (0.5575888552099592, 0.4424111447900409, 0.2436836640621477),
    "shapley": (0.4357470231788853, 0.4424111447900409, 0.12184183203107385),
}


def test_first_and_total_indices_of_the_ishigami_function() -> None:
    a, b = samples(3, 2**15, 1, uniform=True)
    found = indices(ishigami, a, b, alone(3))
    assert float(found.variance) == pytest.approx(ISHIGAMI_VARIANCE, rel=0.02)
    for estimate, name in ((found.first, "first"), (found.total, "total")):
        np.testing.assert_allclose(estimate.value, ISHIGAMI[name], atol=0.02)
        holds(estimate, ISHIGAMI[name])


def test_a_group_of_two_inputs_holds_what_they_do_together_in_the_ishigami_function() -> None:
    a, b = samples(3, 2**15, 2, uniform=True)
    found = indices(ishigami, a, b, [[0, 2], [1], [2]])
    both = ISHIGAMI["first"][0] + ISHIGAMI["first"][2] + ISHIGAMI_TOGETHER
    holds(found.first, [both, ISHIGAMI["first"][1], ISHIGAMI["first"][2]])
    assert found.first.value[0] == pytest.approx(both, abs=0.02)


def test_shapley_effects_of_the_ishigami_function() -> None:
    a, b = samples(3, 2**14, 3, uniform=True)
    found = shapley(subsets(ishigami, a, b))
    np.testing.assert_allclose(found.value, ISHIGAMI["shapley"], atol=0.02)
    holds(found, ISHIGAMI["shapley"])


def test_a_linear_gaussian_model_has_the_squares_of_its_coefficients() -> None:
    """Var sum c_i x_i = sum c_i^2: first, total and Shapley are all c_i^2 / sum c^2."""
    c = np.array([3.0, 2.0, 1.0, 0.5])
    expected = c**2 / (c**2).sum()

    def linear(x: Array) -> Array:
        return np.asarray(c @ x + 7.0)

    a, b = samples(4, 2**14, 4)
    found = indices(linear, a, b, alone(4))
    holds(found.first, expected)
    holds(found.total, expected)
    holds(shapley(subsets(linear, a, b)), expected)
    assert found.total.error.max() < 0.01


def test_a_product_of_two_inputs_by_its_closed_form() -> None:
    """One of mean 1 and sd 1, one of mean 2 and sd 0.5: 4 + 0.25, and 0.25 together."""

    def product(x: Array) -> Array:
        return np.asarray((1 + x[0]) * (2 + 0.5 * x[1]))

    a, b = samples(2, 2**15, 5)
    whole = 4 + 0.25 + 0.25
    found = indices(product, a, b, alone(2))
    holds(found.first, [4 / whole, 0.25 / whole])
    holds(found.total, [4.25 / whole, 0.5 / whole])
    holds(shapley(subsets(product, a, b)), [4.125 / whole, 0.375 / whole])
    assert float(found.variance) == pytest.approx(whole, rel=0.05)


# The Shapley value itself, in another way


def by_orders(worth: Callable[[int], Array], players: int) -> Array:
    """Return the Shapley value [player, ...] of subsets' worths, over all orders one by one."""
    found = np.zeros((players, *worth(0).shape))
    for order in permutations(range(players)):
        held = 0
        for player in order:
            found[player] += worth(held | 1 << player) - worth(held)
            held |= 1 << player
    return found / factorial(players)


def test_subset_sums_are_the_mean_over_all_orders_and_all_pairs_of_subsets() -> None:
    y = np.random.default_rng(1).standard_normal((16, 3, 20))

    def worth(u: int) -> Array:
        return np.asarray(np.mean([(y[v] - y[v ^ u]) ** 2 / 2 for v in range(16)], axis=0).sum(-1))

    expected = by_orders(worth, 4)
    np.testing.assert_allclose(subset_sums(walsh(y), (0,))[0], expected, rtol=0, atol=1e-10)


def test_all_orders_walked_give_the_shapley_value_of_what_differs_from_sample_a() -> None:
    y = np.random.default_rng(2).standard_normal((16, 20))

    def model(which: tuple[bool, ...]) -> Array:
        return np.asarray(y[sum(taken << j for j, taken in enumerate(which))])

    expected = by_orders(lambda u: np.asarray(((y[0] - y[u]) ** 2 / 2).sum()), 4)
    found = walk_sums(model, permutations(range(4)), (0, 7))
    np.testing.assert_allclose(found.sum(axis=0), expected, rtol=0, atol=1e-10)
    assert found.shape == (2, 4)


def test_random_orders_and_all_subsets_agree_within_their_errors() -> None:
    a, b = samples(5, 4096, 6)

    def model(x: Array) -> Array:
        return np.asarray(x[0] * x[1] + 2 * x[2] + x[3] * (x[2] > 0))

    draw = np.random.default_rng(1)
    walked = [
        walk_sums(
            lambda which, i=i: model(  # type: ignore[misc]  # a default binds the batch
                np.where(np.array(which)[:, None], b[:, i : i + 128], a[:, i : i + 128])
            ),
            [draw.permutation(5).tolist() for _ in range(4)],
        )
        for i in range(0, 4096, 128)
    ]
    found, exact = shapley_shares(np.concatenate(walked)), shapley(subsets(model, a, b))
    off = np.abs(found.value - exact.value) / np.hypot(found.error, exact.error).clip(1e-12)
    assert off.max() < 4
    assert found.value[4] == exact.value[4] == 0


# Laws


coefficients = st.lists(st.integers(-3, 3), min_size=8, max_size=8)


def polynomial(c: list[int]) -> Model:
    """Return a model of four inputs; the last is used by nothing."""

    def model(x: Array) -> Array:
        out = c[0] * x[0] + c[1] * x[1] + c[2] * x[2] + c[3] * x[0] * x[1] + c[4] * x[1] * x[2]
        return np.asarray(out + c[5] * x[0] * x[2] + c[6] * x[0] * x[1] * x[2] + c[7] * x[0] ** 2)

    return model


@settings(deadline=None, max_examples=25)
@given(coefficients, st.integers(0, 2**31))
def test_first_is_below_shapley_is_below_total_and_shapley_sums_to_one(
    c: list[int], seed: int
) -> None:
    model, (a, b) = polynomial(c), samples(4, 2048, seed)
    found, effects = indices(model, a, b, alone(4)), shapley(subsets(model, a, b))
    if not any(c):
        assert np.isnan(effects.value).all()
        assert np.isnan(found.first.value).all()
        assert found.variance == 0
        return
    assert effects.value.sum() == pytest.approx(1, abs=1e-12)
    assert (effects.value >= 0).all()
    assert (found.first.value <= found.total.value + 6 * found.first.error + 0.05).all()
    slack = 6 * effects.error + 0.05
    assert (found.first.value <= effects.value + 6 * found.first.error + slack).all()
    assert (effects.value <= found.total.value + 6 * found.total.error + slack).all()


@settings(deadline=None, max_examples=15)
@given(coefficients.filter(any), st.integers(0, 2**31))
def test_an_input_that_does_nothing_has_exactly_nothing(c: list[int], seed: int) -> None:
    model, (a, b) = polynomial(c), samples(4, 512, seed)
    found, effects = indices(model, a, b, alone(4)), shapley(subsets(model, a, b))
    for estimate in (found.first, found.total, effects):
        assert (estimate.value[3], estimate.error[3]) == (0, 0)


@settings(deadline=None, max_examples=15)
@given(coefficients.filter(any), st.permutations(range(4)), st.integers(0, 2**31))
def test_relabelling_the_groups_permutes_the_shares(
    c: list[int], order: list[int], seed: int
) -> None:
    model, (a, b) = polynomial(c), samples(4, 512, seed)
    found = indices(model, a, b, alone(4))
    other = indices(model, a, b, [[j] for j in order])
    np.testing.assert_array_equal(other.first.value, found.first.value[order])
    np.testing.assert_array_equal(other.total.error, found.total.error[order])
    y = subsets(model, a, b)
    again = [sum((u >> i & 1) << j for i, j in enumerate(order)) for u in range(16)]
    expected = shapley(y).value[order]
    np.testing.assert_allclose(shapley(y[again]).value, expected, rtol=0, atol=1e-12)


@settings(deadline=None, max_examples=15)
@given(st.lists(st.integers(1, 3), min_size=3, max_size=3), st.integers(0, 2**31))
def test_in_an_additive_model_first_total_and_shapley_agree(c: list[int], seed: int) -> None:
    def model(x: Array) -> Array:
        return np.asarray(c[0] * x[0] + c[1] * np.sin(x[1]) + c[2] * x[2] ** 2)

    a, b = samples(3, 4096, seed)
    found, effects = indices(model, a, b, alone(3)), shapley(subsets(model, a, b))
    for one, other in ((found.first, found.total), (found.total, effects)):
        slack = 6 * np.hypot(one.error, other.error) + 0.01
        assert (np.abs(one.value - other.value) <= slack).all()


@pytest.mark.parametrize(("shift", "scale"), [(0.0, 100.0), (1000.0, 1.0), (-3.0, 1e-4)])
def test_shares_do_not_depend_on_the_unit_of_the_output(shift: float, scale: float) -> None:
    a, b = samples(3, 2048, 1, uniform=True)

    def moved(x: Array) -> Array:
        return shift + scale * ishigami(x)

    one, other = indices(ishigami, a, b, alone(3)), indices(moved, a, b, alone(3))
    np.testing.assert_allclose(other.first.value, one.first.value, rtol=0, atol=1e-6)
    np.testing.assert_allclose(other.total.value, one.total.value, rtol=0, atol=1e-6)


# Errors


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    c = np.array([3.0, 2.0, 1.0])
    expected = c**2 / (c**2).sum()
    held = np.zeros((3, 3))
    runs = 300
    for seed in range(runs):
        a, b = samples(3, 1024, seed)
        y = np.einsum("j,jd->d", c, a), np.einsum("j,jd->d", c, b)
        mixed = y[0] + c[:, None] * (b - a)
        place = np.arange(3)[:, None]
        whole = np.stack([(c[:, None] * np.where(u >> place & 1, b, a)).sum(0) for u in range(8)])
        found = sobol(*y, mixed)
        for k, estimate in enumerate((found.first, found.total, shapley(whole))):
            low, high = estimate.interval(0.9)
            held[k] += (low <= expected) & (expected <= high)
    assert (held / runs).min() > 0.84
    assert (held / runs).max() < 0.96


def test_four_times_the_draws_halve_the_error() -> None:
    few, many = (
        indices(ishigami, *samples(3, draws, 7, uniform=True), alone(3), batches=64)
        for draws in (4096, 4 * 4096)
    )
    ratio = np.concatenate([few.first.error / many.first.error, few.total.error / many.total.error])
    assert 1.6 < np.median(ratio) < 2.4


def test_the_estimators_are_no_worse_than_those_they_are_made_of() -> None:
    """A large, a middling, a small and no share: root mean square errors over 200 runs."""
    c = np.array([3.0, 2.0, 0.5, 0.0])[:, None]
    expected = (c**2 / (c**2).sum())[:, 0]
    errors: dict[str, list[Array]] = {"ours": [], "saltelli": [], "janon": []}
    for seed in range(200):
        x, z = samples(4, 512, seed)
        a, b = (c * x).sum(axis=0), (c * z).sum(axis=0)
        m = a + c * (z - x)
        v = np.var(np.concatenate([a, b]))
        middle = (b + m).mean(axis=-1) / 2
        janon = ((b * m).mean(-1) - middle**2) / (((b**2 + m**2) / 2).mean(-1) - middle**2)
        errors["ours"].append(sobol(a, b, m).first.value - expected)
        errors["saltelli"].append((b * (m - a)).mean(axis=-1) / v - expected)
        errors["janon"].append(janon - expected)
    rms = {name: np.sqrt(np.mean(np.square(of), axis=0)) for name, of in errors.items()}
    assert (rms["ours"] <= 1.1 * np.minimum(rms["saltelli"], rms["janon"])).all()


def test_errors_are_those_of_leaving_out_each_batch_by_hand() -> None:
    a, b = samples(2, 12, 8)

    def model(x: Array) -> Array:
        return np.asarray(x[0] + 2 * x[0] * x[1])

    found = indices(model, a, b, alone(2), batches=3)
    without = [
        indices(model, np.delete(a, cut, 1), np.delete(b, cut, 1), alone(2), batches=1)
        for cut in (slice(0, 4), slice(4, 8), slice(8, 12))
    ]
    for name in ("first", "total"):
        values = np.array([getattr(x, name).value for x in without])
        expected = np.sqrt(2 / 3 * ((values - values.mean(axis=0)) ** 2).sum(axis=0))
        np.testing.assert_allclose(getattr(found, name).error, expected, rtol=1e-9)
    assert np.isnan(without[0].first.error).all()


def test_sums_of_blocks_add_up_and_stand_side_by_side() -> None:
    a, b = samples(3, 60, 9)
    outputs = ishigami(a), ishigami(b), [ishigami(np.vstack([b[:1], a[1:]]))]
    whole = sobol_sums(outputs[0], outputs[1], outputs[2], (0, 20, 40))
    cuts = [slice(i, i + 20) for i in (0, 20, 40)]
    parts = [sobol_sums(outputs[0][c], outputs[1][c], [outputs[2][0][c]]) for c in cuts]
    joined, added = Sums.joined(parts), parts[0] + parts[1] + parts[2]
    for one, other in ((joined.ends, whole.ends), (joined.mixed, whole.mixed)):
        np.testing.assert_allclose(one, other, rtol=1e-12)
    assert added.count.tolist() == [60]
    found = [sobol_indices(sums).total.value for sums in (whole, added)]
    np.testing.assert_allclose(found[0], found[1], rtol=1e-12)


def test_outputs_with_more_axes_are_taken_one_by_one() -> None:
    a, b = samples(3, 256, 10)
    y = subsets(ishigami, a, b)
    both = np.stack([np.stack([y, 2 * y**2], axis=1)], axis=1)
    found = shapley(both)
    assert found.value.shape == (3, 1, 2)
    np.testing.assert_allclose(found.value[:, 0, 1], shapley(2 * y**2).value, rtol=1e-12)
    mixed = both[[1, 2, 4]]
    several = sobol(both[0], both[7], mixed)
    single = sobol(y[0], y[7], y[[1, 2, 4]])
    np.testing.assert_allclose(several.first.value[:, 0, 0], single.first.value, rtol=1e-12)


# Where there is nothing to share, and what is refused


def test_an_output_that_varies_by_rounding_alone_has_no_shares() -> None:
    noise = 0.5 + 1e-16 * np.random.default_rng(1).integers(-1, 2, (3, 64))
    found = sobol(noise[0], noise[1], noise[2:])
    assert found.variance == 0
    assert np.isnan(found.first.value).all()
    assert np.isnan(found.total.value).all()


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (
            lambda: sobol([1.0, 2.0], [1.0], [[1.0, 2.0]]),
            "base and other are [..., draw] and mixed [group, ..., draw]: shapes (2,), (1,) and "
            "(1, 2) do not fit",
        ),
        (
            lambda: sobol([1.0, np.nan], [1.0, 2.0], [[1.0, 2.0]]),
            "outputs hold nan; numbers are needed",
        ),
        (
            lambda: sobol([1.0, 2.0], [1.0, 2.0], [[1.0, 2.0]], batches=3),
            "2 draws make 1 to 2 batches, not 3",
        ),
        (
            lambda: shapley(np.ones((3, 5))),
            "outputs are [2^players, ..., draw], not of shape (3, 5)",
        ),
        (lambda: shapley([[1.0], [np.inf]]), "outputs hold inf; numbers are needed"),
        (
            lambda: Estimate(np.ones(1), np.ones(1), 4).interval(1),
            "a level lies between 0 and 1: 1",
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_words(call: Callable[[], object], told: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(told)}$"):
        call()
