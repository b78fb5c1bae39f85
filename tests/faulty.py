"""Rules, weighting methods, pooling centres and scales with one planted fault each.

Each stands with the law that is meant to catch it. The faults are those of published code and of
ten-line scripts: normalising over the set at hand, weights that do not sum to 1, a wrong axis.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from assess import aggregation, pooling, values, weighting

_random = np.random.default_rng(7)


@dataclass(frozen=True)
class Faulty:
    """A function with one fault.

    Attributes:
        law: the one that is meant to catch it.
        function: with the fault.
        claims: laws that it claims and does not keep.
        options: of the check, beside the claims.
    """

    law: str
    function: Callable[..., Any]
    claims: tuple[str, ...] = ()
    options: tuple[tuple[str, Any], ...] = ()


def min_max_over_the_set(values: Any, weights: Any) -> Any:
    flat = values.reshape(-1, values.shape[-1])
    low, span = flat.min(axis=0), np.ptp(flat, axis=0)
    scaled = np.where(span > 0, (values - low) / np.where(span > 0, span, 1), values)
    return (weights * scaled).sum(axis=-1)


def topsis(values: Any, weights: Any) -> Any:
    flat = values.reshape(-1, values.shape[-1])
    norm = np.sqrt((flat**2).sum(axis=0))
    scaled = weights * values / np.where(norm > 0, norm, 1)
    best, worst = (f(scaled.reshape(-1, values.shape[-1]), axis=0) for f in (np.max, np.min))
    far, near = (np.sqrt(((scaled - ideal) ** 2).sum(axis=-1)) for ideal in (worst, best))
    return np.where(far + near > 0, far / np.where(far + near > 0, far + near, 1), values.mean(-1))


def vector_normalised(values: Any, weights: Any) -> Any:
    flat = values.reshape(-1, values.shape[-1])
    norm = np.sqrt((flat**2).sum(axis=0))
    return (weights * values / np.where(norm > 0, norm, 1)).sum(axis=-1)


def share_of_the_best(values: Any, weights: Any) -> Any:
    best = values.reshape(-1, values.shape[-1]).max(axis=0)
    return (weights * values / np.where(best > 0, best, 1)).sum(axis=-1)


def weights_not_normalised(values: Any, weights: Any) -> Any:
    return (2 * weights * values).sum(axis=-1)


def weights_forgotten(values: Any, weights: Any) -> Any:
    del weights
    return values.mean(axis=-1)


def above_one(values: Any, weights: Any) -> Any:
    return (weights * values).sum(axis=-1) + 0.1


def clipped_above_one(values: Any, weights: Any) -> Any:
    return np.clip(1.2 * (weights * values).sum(axis=-1), 0, 1)


def off_by_one_in_the_order(values: Any, weights: Any) -> Any:
    order = np.sort(values, axis=-1)
    held = np.where(weights > 0, 1.0, 0.0)
    if values.shape[-1] == 1:
        return order[..., 0]
    shares = np.roll(np.cumsum(held, axis=-1), 1, axis=-1)
    return (order * shares).sum(axis=-1) / np.where(shares.sum(-1) > 0, shares.sum(-1), 1)


def changes_its_input(values: Any, weights: Any) -> Any:
    values *= weights
    return values.sum(axis=-1)


def changes_the_weights(values: Any, weights: Any) -> Any:
    weights += 0.0
    weights[..., 0] = weights[..., 0]
    score = (weights * values).sum(axis=-1)
    weights /= 2
    return score


def first_counts_double(values: Any, weights: Any) -> Any:
    held = np.array(weights, dtype=float)
    held[..., 0] *= 2
    total = held.sum(axis=-1, keepdims=True)
    return (held / np.where(total > 0, total, 1) * values).sum(axis=-1)


def swallows_nan(values: Any, weights: Any) -> Any:
    return np.nansum(weights * values, axis=-1)


def nan_is_the_worst(values: Any, weights: Any) -> Any:
    return (weights * np.nan_to_num(values)).sum(axis=-1)


def overflows_in_single_precision(values: Any, weights: Any) -> Any:
    factor = np.asarray(values).dtype.type(1e30)
    with np.errstate(all="ignore"):
        powers = (factor * values + 1) ** 4
        return (((weights * powers).sum(axis=-1)) ** 0.25 - 1) / factor


def jumps_where_children_are_equal(values: Any, weights: Any) -> Any:
    worst = np.where(weights > 0, values, np.inf).min(axis=-1)
    best = np.where(weights > 0, values, -np.inf).max(axis=-1)
    return np.where(worst == best, worst, 0.9 * worst)


def jumps_at_a_threshold(values: Any, weights: Any) -> Any:
    score = (weights * values).sum(axis=-1)
    return np.where(score >= 0.5, np.maximum(score, 0.6), score)


def wrong_sign_in_one_branch(values: Any, weights: Any) -> Any:
    score = (weights * values).sum(axis=-1)
    best = np.where(weights > 0, values, -np.inf).max(axis=-1)
    worst = np.where(weights > 0, values, np.inf).min(axis=-1)
    return np.where(best > 0.7, worst + best - score, score)


def wrong_axis(values: Any, weights: Any) -> Any:
    return (weights * values).sum(axis=0)


def sums_everything(values: Any, weights: Any) -> Any:
    return np.sum(weights * values)


def breaks_ties_at_random(values: Any, weights: Any) -> Any:
    return (weights * values).sum(axis=-1) + 1e-7 * _random.random(values.shape[:-1])


def best_of_all_children(values: Any, weights: Any) -> Any:
    del weights
    return values.max(axis=-1)


def weakest_of_all_children(values: Any, weights: Any) -> Any:
    del weights
    return values.min(axis=-1)


def counts_children_not_weight(values: Any, weights: Any) -> Any:
    there = weights > 0
    return np.where(there, values, 0).sum(axis=-1) / there.sum(axis=-1)


def zero_to_the_power_of_nothing(values: Any, weights: Any) -> Any:
    with np.errstate(divide="ignore", invalid="ignore"):
        return 1 / (weights / values).sum(axis=-1)


def product_without_weights(values: Any, weights: Any) -> Any:
    return np.where(weights > 0, values, 1).prod(axis=-1)


def a_penalty_for_imbalance(values: Any, weights: Any) -> Any:
    mean = (weights * values).sum(axis=-1)
    spread = (weights * (values - mean[..., None]) ** 2).sum(axis=-1)
    return np.clip(mean - 3 * spread, 0, 1)


def weighs_the_first_weights_for_all(values: Any, weights: Any) -> Any:
    first = weights.reshape(-1, weights.shape[-1])[0]
    return (first * values).sum(axis=-1)


def rounds_to_tenths(values: Any, weights: Any) -> Any:
    return (weights * values).sum(axis=-1).round(1)


def geometric_with_a_floor(values: Any, weights: Any) -> Any:
    return (np.maximum(values, 0.01) ** weights).prod(axis=-1)


def a_sum_that_claims_a_veto(values: Any, weights: Any) -> Any:
    return aggregation.weighted_sum(values, weights)


def a_product_that_claims_to_be_linear(values: Any, weights: Any) -> Any:
    return aggregation.weighted_product(values, weights)


def the_weakest_that_claims_to_be_strict(values: Any, weights: Any) -> Any:
    return aggregation.weakest_link(values, weights)


def a_quadratic_mean(values: Any, weights: Any) -> Any:
    return aggregation.power_mean(values, weights, exponent=2)


def an_ordered_mean(values: Any, weights: Any) -> Any:
    return aggregation.ordered_weighted(values, weights, order_weights=[0.6, 0.3, 0.1])


RULES: tuple[Faulty, ...] = (
    Faulty("other_strategies_irrelevant", min_max_over_the_set),
    Faulty("other_strategies_irrelevant", topsis),
    Faulty("other_strategies_irrelevant", vector_normalised),
    Faulty("other_strategies_irrelevant", share_of_the_best),
    Faulty("bounded", weights_not_normalised),
    Faulty("zero_weight_is_absence", weights_forgotten),
    Faulty("idempotent", above_one),
    Faulty("bounded", clipped_above_one),
    Faulty("order_free", off_by_one_in_the_order),
    Faulty("leaves_its_input", changes_its_input),
    Faulty("leaves_its_input", changes_the_weights),
    Faulty("order_free", first_counts_double),
    Faulty("never_swallows_nan", swallows_nan),
    Faulty("never_swallows_nan", nan_is_the_worst),
    Faulty("agrees_in_single_precision", overflows_in_single_precision),
    Faulty("continuous", jumps_where_children_are_equal),
    Faulty("continuous", jumps_at_a_threshold),
    Faulty("monotone", wrong_sign_in_one_branch),
    Faulty("one_score_a_strategy", wrong_axis),
    Faulty("one_score_a_strategy", sums_everything),
    Faulty("always_the_same", breaks_ties_at_random),
    Faulty("zero_weight_is_absence", best_of_all_children),
    Faulty("zero_weight_is_absence", weakest_of_all_children),
    Faulty("splitting_changes_nothing", counts_children_not_weight),
    Faulty("one_score_a_strategy", zero_to_the_power_of_nothing),
    Faulty("idempotent", product_without_weights),
    Faulty("monotone", a_penalty_for_imbalance),
    Faulty("broadcasts", weighs_the_first_weights_for_all),
    Faulty("idempotent", rounds_to_tenths),
    Faulty("idempotent", geometric_with_a_floor),
    Faulty("vetoes_at_zero", a_sum_that_claims_a_veto, ("vetoes_at_zero",)),
    Faulty(
        "translation_equivariant", a_product_that_claims_to_be_linear, ("translation_equivariant",)
    ),
    Faulty("self_dual", a_product_that_claims_to_be_linear, ("self_dual",)),
    Faulty("nonexpansive", a_product_that_claims_to_be_linear, ("nonexpansive",)),
    Faulty("strictly_monotone", the_weakest_that_claims_to_be_strict, ("strictly_monotone",)),
    Faulty("nested_is_flat", an_ordered_mean, ("nested_is_flat",)),
    Faulty(
        "homogeneous", lambda v, w: (w * v**2).sum(-1) / 2 + (w * v).sum(-1) / 2, ("homogeneous",)
    ),
    Faulty("compensates_no_more_than_claimed", a_quadratic_mean, (), (("orness", 0.5),)),
)


def plain_sum(judgements: Any) -> Any:
    return np.asarray(judgements, dtype=float)


def shares_of_the_largest(judgements: Any) -> Any:
    given = np.asarray(judgements, dtype=float)
    if not (np.isfinite(given) & (given >= 0)).all():
        raise ValueError("judgements are numbers of at least 0")
    return given / given.max()


def takes_whatever_comes(judgements: Any) -> Any:
    given = np.asarray(judgements, dtype=float)
    total = np.nansum(given)
    return np.nan_to_num(given / total if total else given, posinf=1.0)


def squares(judgements: Any) -> Any:
    return weighting.points(np.asarray(judgements, dtype=float) ** 2)


def upside_down(judgements: Any) -> Any:
    given = weighting.points(judgements)
    turned = given.max() - given
    return turned / turned.sum() if turned.sum() else np.full(len(given), 1 / len(given))


def favours_the_first(judgements: Any) -> Any:
    given = np.array(weighting.points(judgements))
    given[0] += 0.5
    return given / given.sum()


def normalises_in_place(judgements: Any) -> Any:
    weighting.points(judgements)
    judgements /= judgements.sum()
    return judgements


def adds_a_constant(judgements: Any) -> Any:
    given = weighting.points(judgements)
    return weighting.points(np.asarray(judgements, dtype=float) + 1) + 0 * given


def noisy(judgements: Any) -> Any:
    given = weighting.points(judgements)
    return weighting.points(given + 1e-6 * _random.random(len(given)))


METHODS: tuple[Faulty, ...] = (
    Faulty("sums_to_one", plain_sum),
    Faulty("sums_to_one", shares_of_the_largest),
    Faulty("refuses_what_is_no_judgement", takes_whatever_comes),
    Faulty("recovers_consistent_judgement", squares, ("recovers_consistent_judgement",)),
    Faulty("keeps_the_order", upside_down),
    Faulty("order_free", favours_the_first),
    Faulty("leaves_its_input", normalises_in_place),
    Faulty("scale_free", adds_a_constant, ("scale_free",)),
    Faulty("always_the_same", noisy),
    Faulty("tells_apart", weighting.equal, ("tells_apart",)),
)


def plain_mean(values: Any, weights: Any) -> Any:
    del weights
    return values.mean(axis=-1)


def sum_of_voices(values: Any, weights: Any) -> Any:
    return (weights * values).sum(axis=-1)


def the_loudest(values: Any, weights: Any) -> Any:
    return np.take_along_axis(values, weights.argmax(axis=-1)[..., None], axis=-1)[..., 0]


def middle_row(values: Any, weights: Any) -> Any:
    return np.sort(np.where(weights > 0, values, np.nan), axis=-1)[..., values.shape[-1] // 2]


def unweighted_median(values: Any, weights: Any) -> Any:
    return np.nanmedian(np.where(weights > 0, values, np.nan), axis=-1)


def a_mean_that_claims_to_bear_liars(values: Any, weights: Any) -> Any:
    return pooling.mean(values, weights)


def a_mean_of_ranks(values: Any, weights: Any) -> Any:
    return pooling.mean(np.round(2 * values) / 2, weights)


def sorts_its_input(values: Any, weights: Any) -> Any:
    found = pooling.mean(values, weights)
    values.sort(axis=-1)
    return found


CENTRES: tuple[Faulty, ...] = (
    Faulty("absent_analysts_say_nothing", plain_mean),
    Faulty("scale_free", sum_of_voices),
    Faulty("two_halves_of_an_analyst", the_loudest),
    Faulty("two_halves_of_an_analyst", unweighted_median),
    Faulty("bears_liars", a_mean_that_claims_to_bear_liars, (), (("liars", 0.3),)),
    Faulty("unanimous", a_mean_of_ranks),
    Faulty("leaves_its_input", sorts_its_input),
    Faulty("broadcasts", lambda v, w: pooling.mean(v, w.reshape(-1, w.shape[-1])[0])),
)


def clamps(scale: Any, levels: Any) -> Any:
    return np.interp(levels, scale.at, scale.worths)


def linear_from_end_to_end(scale: Any, levels: Any) -> Any:
    values.worth(scale, levels)
    low, high = scale.at[0], scale.at[-1]
    return (np.asarray(levels) - low) / (high - low)


def a_step(scale: Any, levels: Any) -> Any:
    at = np.searchsorted(scale.at, np.asarray(levels), side="right") - 1
    values.worth(scale, levels)
    return np.asarray(scale.worths)[np.clip(at, 0, len(scale.at) - 1)]


def of_those_at_hand(scale: Any, levels: Any) -> Any:
    found = values.worth(scale, levels)
    return found / found.max() if found.size > 1 and found.max() > 0 else found


def beyond_one(scale: Any, levels: Any) -> Any:
    return 1.25 * values.worth(scale, levels)


def in_one_unit(scale: Any, levels: Any) -> Any:
    found = values.worth(scale, levels)
    return np.where(np.asarray(levels) > 500, 1 - (1 - found), found) * (
        1 if scale.at[-1] < 1000 else 0.999
    )


SCALES: tuple[Faulty, ...] = (
    Faulty("refuses_what_is_off_the_scale", clamps),
    Faulty("reaches_its_anchors", linear_from_end_to_end),
    Faulty("linear_between_levels", a_step),
    Faulty("always_the_same", of_those_at_hand),
    Faulty("within_zero_and_one", beyond_one),
    Faulty("unit_free", in_one_unit),
)
