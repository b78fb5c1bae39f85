"""The rules: values of the children to the score of their parent; every name in `__all__` is one.

A rule has the signature `(c),(c)->()`: `values [..., criterion]` in [0, 1] and `weights
[..., criterion]`, non-negative and summing to 1, give scores `[...]` in [0, 1]. It sees one
strategy at a time, so no strategy can change the score of another (C2). A child of weight zero
counts as not there.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["ordered_weighted", "power_mean", "weakest_link", "weighted_product", "weighted_sum"]

Scores = NDArray[np.float64]


def weighted_sum(values: ArrayLike, weights: ArrayLike) -> Scores:
    """Let good make up for bad in proportion to weight.

    s = sum_i w_i v_i

    Args:
        values: [..., criterion] in [0, 1].
        weights: [..., criterion], summing to 1.

    Returns:
        [...] in [0, 1].

    References:
        Keeney and Raiffa (1976), Decisions with Multiple Objectives, ch. 3,
        doi:10.1017/CBO9781139174084.

    >>> weighted_sum([1.0, 0.5], [0.6, 0.4]).item()
    0.8
    """
    v, w = _arrays(values, weights)
    return np.asarray(np.einsum("...c,...c->...", w, v))


def weighted_product(values: ArrayLike, weights: ArrayLike) -> Scores:
    """Let good make up for bad by ratio: a child at zero brings the score to zero.

    s = prod_i v_i^w_i

    Args:
        values: [..., criterion] in [0, 1].
        weights: [..., criterion], summing to 1.

    Returns:
        [...] in [0, 1].

    References:
        Bridgman (1922), Dimensional Analysis; Triantaphyllou (2000), Multi-Criteria Decision
        Making Methods, doi:10.1007/978-1-4757-3157-6.

    >>> weighted_product([1.0, 0.25], [0.5, 0.5]).item()
    0.5
    """
    v, w = _arrays(values, weights)
    return np.asarray(np.prod(v**w, axis=-1))


def power_mean(values: ArrayLike, weights: ArrayLike, *, exponent: float) -> Scores:
    """Let good make up for bad as far as the exponent allows: less below 1, more above.

    s = (sum_i w_i v_i^p)^(1/p); p = 0 is the weighted product, -inf the weakest, inf the best.

    Args:
        values: [..., criterion] in [0, 1].
        weights: [..., criterion], summing to 1.
        exponent: p; 1 is the weighted sum, -1 the harmonic mean.

    Returns:
        [...] in [0, 1]; 0 where a child is at 0 and the exponent is not above 0.

    References:
        Hardy, Littlewood and Polya (1934), Inequalities, ch. 2.

    >>> power_mean([1.0, 0.5], [0.5, 0.5], exponent=-1).round(4).item()
    0.6667
    """
    v, w = _arrays(values, weights)
    if exponent == 0:
        return weighted_product(v, w)
    there = w > 0
    best = exponent > 0
    unit = np.where(there, v, -np.inf).max(-1) if best else np.where(there, v, np.inf).min(-1)
    if np.isinf(exponent):
        return np.asarray(unit)
    # (sum w (v/unit)^p)^(1/p), written so that it stays exact as p goes to 0.
    with np.errstate(divide="ignore", over="ignore"):
        logs = np.log(np.where(there, v, 1.0)), np.log(np.where(unit == 0, 1.0, unit))
        powers = np.where(there, np.expm1(exponent * (logs[0] - logs[1][..., None])), 0.0)
        mean = np.exp(np.log1p(np.maximum(np.einsum("...c,...c->...", w, powers), -1.0)) / exponent)
    return np.asarray(np.where(unit == 0, 0.0, unit * mean))


def weakest_link(values: ArrayLike, weights: ArrayLike) -> Scores:
    """Score as the weakest child does; weights only say which children count.

    s = min over i with w_i > 0 of v_i

    Args:
        values: [..., criterion] in [0, 1].
        weights: [..., criterion], summing to 1.

    Returns:
        [...] in [0, 1].

    References:
        PEFA (2016), Framework for assessing public financial management, scoring method M1.

    >>> weakest_link([0.9, 0.2, 0.0], [0.5, 0.5, 0.0]).item()
    0.2
    """
    v, w = _arrays(values, weights)
    return np.asarray(np.where(w > 0, v, np.inf).min(axis=-1))


def ordered_weighted(
    values: ArrayLike, weights: ArrayLike, *, order_weights: Sequence[float]
) -> Scores:
    """Weigh children by their importance and by their place from best to worst (WOWA).

    s = sum_j [Q(P_j) - Q(P_{j-1})] v_(j), v_(1) the best, P_j the weight of the j best, and Q the
    line through the running sums of the order weights at 1/m, 2/m, ..., 1. Equal weights and one
    order weight a child give Yager's OWA.

    Args:
        values: [..., criterion] in [0, 1].
        weights: [..., criterion], summing to 1.
        order_weights: [m], for the best place first; non-negative, summing to 1. The same list
            serves any number of children.

    Returns:
        [...] in [0, 1].

    Raises:
        ValueError: the order weights are negative or do not sum to 1.

    References:
        Yager (1988), doi:10.1109/21.87068; Torra (1997),
        doi:10.1002/(SICI)1098-111X(199702)12:2<153::AID-INT3>3.0.CO;2-P.

    >>> yager = [0.4, 0.3, 0.2, 0.1]
    >>> ordered_weighted([0.7, 1, 0.3, 0.6], [0.25] * 4, order_weights=yager).round(12).item()
    0.76
    """
    v, w = _arrays(values, weights)
    order = np.asarray(order_weights, dtype=np.float64)
    if order.ndim != 1 or not (order >= 0).all() or abs(order.sum() - 1) > 1e-6:
        raise ValueError(f"order weights are non-negative and sum to 1: {list(order_weights)}")
    quantifier = np.concatenate([[0.0], np.cumsum(order / order.sum())])
    v, w = np.broadcast_arrays(v, w)
    best_first = np.argsort(-v, axis=-1, kind="stable")
    reached = np.cumsum(np.take_along_axis(w, best_first, axis=-1), axis=-1)
    at = np.interp(reached, np.linspace(0, 1, len(quantifier)), quantifier)
    shares = np.diff(at, axis=-1, prepend=0.0)
    return np.asarray((shares * np.take_along_axis(v, best_first, axis=-1)).sum(axis=-1))


def _arrays(values: ArrayLike, weights: ArrayLike) -> tuple[Scores, Scores]:
    """Return both as float64; the value of a child without weight is set to 0, and 0 ** 0 is 1."""
    w = np.asarray(weights, dtype=np.float64)
    return np.where(w == 0, 0.0, np.asarray(values, dtype=np.float64)), w
