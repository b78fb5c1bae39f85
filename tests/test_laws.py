"""Laws that every rule, weighting method, pooling centre and scale keeps."""

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assess import aggregation, pooling, weighting
from assess.model import Scale
from assess.values import off_scale, worth
from tests.strategies import named, numeric_scales, ordinal_scales, scales, values, weights

CLOSE = 1e-9

pytestmark = pytest.mark.law

each_rule = pytest.mark.parametrize("name", aggregation.__all__)
each_centre = pytest.mark.parametrize("name", pooling.__all__)
each_fold = pytest.mark.parametrize(
    ("module", "name"),
    [(module, name) for module in (aggregation, pooling) for name in module.__all__],
)


@each_fold
@given(data=st.data(), n=st.integers(1, 5))
def test_a_result_lies_between_the_worst_and_the_best_that_count(
    data: st.DataObject, n: int, module: Any, name: str
) -> None:
    rule, v, w = data.draw(named(module, name)), data.draw(values(n)), data.draw(weights(n))
    result, counted = rule(v, w), v[:, w > 0]
    assert (result >= counted.min(axis=1) - CLOSE).all()
    assert (result <= counted.max(axis=1) + CLOSE).all()


@each_fold
@given(data=st.data(), n=st.integers(1, 5), value=st.floats(0, 1))
def test_equal_values_give_that_value(
    data: st.DataObject, n: int, value: float, module: Any, name: str
) -> None:
    rule, w = data.draw(named(module, name)), data.draw(weights(n))
    assert rule(np.full(n, value), w) == pytest.approx(value, abs=CLOSE)


@each_fold
@given(data=st.data(), n=st.integers(1, 5))
def test_improving_a_value_never_lowers_the_result(
    data: st.DataObject, n: int, module: Any, name: str
) -> None:
    rule, w = data.draw(named(module, name)), data.draw(weights(n))
    v, better = data.draw(values(n)), data.draw(values(n))
    assert (rule(np.maximum(v, better), w) >= rule(v, w) - CLOSE).all()


@each_fold
@given(data=st.data(), n=st.integers(1, 5))
def test_order_does_not_matter(data: st.DataObject, n: int, module: Any, name: str) -> None:
    rule, v, w = data.draw(named(module, name)), data.draw(values(n)), data.draw(weights(n))
    order = data.draw(st.permutations(range(n)))
    np.testing.assert_allclose(rule(v[:, order], w[order]), rule(v, w), atol=CLOSE)


@each_fold
@given(data=st.data(), n=st.integers(1, 4))
def test_zero_weight_is_absence(data: st.DataObject, n: int, module: Any, name: str) -> None:
    rule, v, w = data.draw(named(module, name)), data.draw(values(n)), data.draw(weights(n))
    extra = data.draw(values(1))
    more = rule(np.hstack([v, extra]), np.append(w, 0.0))
    np.testing.assert_allclose(more, rule(v, w), atol=CLOSE)


@each_fold
@given(data=st.data(), n=st.integers(1, 4))
def test_splitting_one_in_two_identical_halves_changes_nothing(
    data: st.DataObject, n: int, module: Any, name: str
) -> None:
    rule, v, w = data.draw(named(module, name)), data.draw(values(n)), data.draw(weights(n))
    halves = np.append(w, w[-1] / 2)
    halves[n - 1] /= 2
    np.testing.assert_allclose(rule(np.hstack([v, v[:, -1:]]), halves), rule(v, w), atol=CLOSE)


@each_fold
@given(data=st.data(), n=st.integers(1, 4))
def test_leading_axes_broadcast(data: st.DataObject, n: int, module: Any, name: str) -> None:
    rule, v = data.draw(named(module, name)), data.draw(values(n))
    w = np.stack([data.draw(weights(n)), data.draw(weights(n))])[:, None, :]
    together = rule(v[None], w)
    apart = [[rule(row, ws[0]).item() for row in v] for ws in w]
    np.testing.assert_allclose(together, apart, atol=CLOSE)


@each_rule
@given(data=st.data(), n=st.integers(1, 4))
def test_a_rule_never_swallows_nan(data: st.DataObject, n: int, name: str) -> None:
    rule, v = data.draw(named(aggregation, name)), data.draw(values(n))
    w = data.draw(weights(n, zeros=False))
    v[:, data.draw(st.integers(0, n - 1))] = np.nan
    assert np.isnan(rule(v, w)).all()


@each_fold
@given(data=st.data(), n=st.integers(1, 4))
def test_inputs_are_never_changed(data: st.DataObject, n: int, module: Any, name: str) -> None:
    rule, v, w = data.draw(named(module, name)), data.draw(values(n)), data.draw(weights(n))
    before = v.copy(), w.copy()
    v.flags.writeable = w.flags.writeable = False
    rule(v, w)
    assert np.array_equal(v, before[0])
    assert np.array_equal(w, before[1])


@given(data=st.data(), n=st.integers(1, 5))
def test_power_means_rise_with_their_exponent(data: st.DataObject, n: int) -> None:
    v, w = data.draw(values(n)), data.draw(weights(n))
    ladder = [-np.inf, -3.0, -1.0, -1e-12, 0.0, 1e-12, 0.5, 1.0, 2.0, np.inf]
    scores = [aggregation.power_mean(v, w, exponent=p) for p in ladder]
    assert (np.diff(scores, axis=0) >= -CLOSE).all()


@given(data=st.data(), n=st.integers(1, 5))
def test_special_power_means_are_the_named_rules(data: st.DataObject, n: int) -> None:
    v, w = data.draw(values(n)), data.draw(weights(n))
    for exponent, rule in (
        (1.0, aggregation.weighted_sum),
        (0.0, aggregation.weighted_product),
        (-np.inf, aggregation.weakest_link),
    ):
        power = aggregation.power_mean(v, w, exponent=exponent)
        np.testing.assert_allclose(power, rule(v, w), atol=CLOSE)


@given(data=st.data(), n=st.integers(1, 5))
def test_flat_order_weights_are_the_weighted_sum(data: st.DataObject, n: int) -> None:
    v, w = data.draw(values(n)), data.draw(weights(n))
    flat = aggregation.ordered_weighted(v, w, order_weights=[0.25] * 4)
    np.testing.assert_allclose(flat, aggregation.weighted_sum(v, w), atol=CLOSE)


@pytest.mark.parametrize("order_weights", [(0.5, 0.6), (1.5, -0.5), (np.nan, 1.0)])
def test_order_weights_that_are_no_weights_are_refused(order_weights: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="sum to 1"):
        aggregation.ordered_weighted([0.1], [1.0], order_weights=order_weights)


@each_centre
@given(data=st.data(), n=st.integers(1, 5), factor=st.integers(2, 9))
def test_only_the_ratio_of_analysts_weights_counts(
    data: st.DataObject, n: int, factor: int, name: str
) -> None:
    centre, v, w = data.draw(named(pooling, name)), data.draw(values(n)), data.draw(weights(n))
    np.testing.assert_allclose(centre(v, factor * w), centre(v, w), atol=CLOSE)


@given(data=st.data(), n=st.integers(3, 7))
def test_fewer_than_half_of_the_panel_cannot_carry_the_median_away(
    data: st.DataObject, n: int
) -> None:
    honest = data.draw(values(n, rows=1))[0]
    liars = (n - 1) // 2
    told = honest.copy()
    told[:liars] = data.draw(st.sampled_from([0.0, 1.0]))
    w = np.ones(n)
    found = pooling.median(told, w).item()
    assert honest[liars:].min() - CLOSE <= found <= honest[liars:].max() + CLOSE


RANKED = ("rank_centroid", "rank_reciprocal", "rank_sum")


def judgements(name: str, n: int) -> st.SearchStrategy[np.ndarray[Any, Any]]:
    """Draw judgements that a method accepts."""
    if name in RANKED:
        points = st.lists(st.integers(1, n), min_size=n, max_size=n).map(np.array)
        return points.map(lambda p: np.array([1 + (p < x).sum() for x in p], dtype=float))
    drawn = st.lists(st.integers(0, 100), min_size=n, max_size=n).filter(any)
    if name == "swing":
        return drawn.map(lambda p: np.array([*p[:-1], 100], dtype=float))
    if name == "fixed":
        return drawn.map(lambda p: np.array(p) / sum(p))
    return drawn.map(lambda p: np.array(p, dtype=float))


each_method = pytest.mark.parametrize("name", weighting.__all__)


@each_method
@given(data=st.data(), n=st.integers(1, 6))
def test_weights_are_non_negative_and_sum_to_one(data: st.DataObject, n: int, name: str) -> None:
    w = getattr(weighting, name)(data.draw(judgements(name, n)))
    assert (w >= 0).all()
    assert w.sum() == pytest.approx(1)


@each_method
@given(data=st.data(), n=st.integers(1, 6))
def test_weights_keep_the_order_of_the_judgements(data: st.DataObject, n: int, name: str) -> None:
    judged = data.draw(judgements(name, n))
    w = getattr(weighting, name)(judged)
    importance = -judged if name in RANKED else judged
    for i in range(n):
        for j in range(n):
            if importance[i] == importance[j]:
                assert w[i] == pytest.approx(w[j])
            elif importance[i] > importance[j]:
                assert w[i] > w[j] or name == "equal"


@each_method
@given(data=st.data(), n=st.integers(1, 6))
def test_weights_follow_their_judgements_in_any_order(
    data: st.DataObject, n: int, name: str
) -> None:
    judged = data.draw(judgements(name, n))
    order = list(data.draw(st.permutations(range(n))))
    method = getattr(weighting, name)
    np.testing.assert_allclose(method(judged[order]), method(judged)[order], atol=CLOSE)


@given(data=st.data(), n=st.integers(1, 6), factor=st.floats(0.01, 100))
def test_points_count_by_ratio_alone(data: st.DataObject, n: int, factor: float) -> None:
    judged = data.draw(judgements("points", n))
    np.testing.assert_allclose(weighting.points(judged * factor), weighting.points(judged))


@given(data=st.data(), n=st.integers(1, 6))
def test_points_recover_the_weights_of_a_consistent_judge(data: st.DataObject, n: int) -> None:
    true = data.draw(weights(n, zeros=False))
    np.testing.assert_allclose(weighting.points(100 * true), true)
    np.testing.assert_allclose(weighting.swing(true * (100 / true.max())), true)


@pytest.mark.parametrize(
    ("name", "bad", "words"),
    [
        ("points", [1, -1], "at least 0"),
        ("points", [np.nan, 1], "at least 0"),
        ("points", [np.inf, 1], "at least 0"),
        ("points", [0, 0], "above 0"),
        ("points", [], "one number for each child"),
        ("swing", [90, 10], "must be 100"),
        ("fixed", [0.5, 0.6], "sum to 1.1"),
        ("rank_sum", [1, 3], "count from 1"),
        ("rank_sum", [1.5, 1], "count from 1"),
        ("rank_centroid", [0, 1], "count from 1"),
    ],
)
def test_judgements_that_cannot_become_weights_are_refused(
    name: str, bad: list[float], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        getattr(weighting, name)(bad)


@given(data=st.data(), scale=scales())
def test_a_worth_lies_between_zero_and_one_and_reaches_both(
    data: st.DataObject, scale: Scale
) -> None:
    found = worth(scale, scale.at)
    np.testing.assert_allclose(found, scale.worths)
    assert found.min() == 0
    assert found.max() == 1
    if not scale.ordinal:
        levels = data.draw(st.lists(st.floats(scale.at[0], scale.at[-1]), min_size=1, max_size=4))
        between = worth(scale, levels)
        assert ((between >= 0) & (between <= 1)).all()


@given(data=st.data(), scale=numeric_scales())
def test_a_worth_follows_the_direction_of_its_scale(data: st.DataObject, scale: Scale) -> None:
    ends = st.floats(scale.at[0], scale.at[-1])
    lower, higher = sorted((data.draw(ends), data.draw(ends)))
    low, high = worth(scale, [lower, higher])
    if scale.rising:
        assert low <= high + CLOSE
    if scale.falling:
        assert low >= high - CLOSE


@given(data=st.data(), scale=numeric_scales(), factor=st.sampled_from([0.001, 0.5, 60, 1000]))
def test_a_change_of_unit_changes_no_worth(
    data: st.DataObject, scale: Scale, factor: float
) -> None:
    rescaled = Scale(
        levels=tuple((factor * at, w) for at, w in zip(scale.at, scale.worths, strict=True))
    )
    levels = np.array(data.draw(st.lists(st.sampled_from(scale.at), min_size=1, max_size=4)))
    np.testing.assert_allclose(worth(rescaled, factor * levels), worth(scale, levels), atol=CLOSE)


@given(scale=numeric_scales(), beyond=st.floats(0.001, 1e6))
def test_a_level_off_the_scale_is_refused(scale: Scale, beyond: float) -> None:
    for level in (scale.at[0] - beyond, scale.at[-1] + beyond):
        assert off_scale(scale, level)
        with pytest.raises(ValueError, match="is off the scale"):
            worth(scale, level)


@given(scale=numeric_scales(beyond="saturate"), beyond=st.floats(0.001, 1e6))
def test_a_saturating_scale_gives_the_worth_of_its_end(scale: Scale, beyond: float) -> None:
    found = worth(scale, [scale.at[0] - beyond, scale.at[-1] + beyond])
    assert found.tolist() == [scale.worths[0], scale.worths[-1]]


@given(scale=ordinal_scales(), between=st.floats(0.01, 0.99))
def test_nothing_lies_between_ordinal_levels(scale: Scale, between: float) -> None:
    with pytest.raises(ValueError, match="no arithmetic"):
        worth(scale, between)


@given(scale=scales(), worths=st.permutations([0.0, 1.0, 0.2, 1.0, 0.0]))
def test_worths_turn_at_most_once(scale: Scale, worths: list[float]) -> None:
    steps = np.sign(np.diff(scale.worths))
    turns = np.diff(steps[steps != 0])
    assert np.count_nonzero(turns) <= 1
    assume(np.count_nonzero(np.diff(np.sign(np.diff(worths))[np.diff(worths) != 0])) > 1)
    with pytest.raises(ValueError, match="turn more often"):
        Scale(levels=tuple(zip(range(5), worths, strict=True)))
