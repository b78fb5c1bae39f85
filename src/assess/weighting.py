"""Judgement to weights: every name in `__all__` is a method that files can name.

A method takes one judgement for each child of a node, `judgements [child]`, and returns weights
`[child]`, non-negative and summing to 1.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["equal", "fixed", "points", "rank_centroid", "rank_reciprocal", "rank_sum", "swing"]

Weights = NDArray[np.float64]


def equal(judgements: ArrayLike) -> Weights:
    """Weigh all children alike, whatever the judgements.

    Raises:
        ValueError: a judgement is negative or not finite.

    >>> equal([0, 0, 0, 0]).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    n = len(_numbers(judgements))
    return np.full(n, 1 / n)


def fixed(judgements: ArrayLike) -> Weights:
    """Take numbers that already are weights; they must sum to 1.

    Raises:
        ValueError: they do not sum to 1 within 1e-6, or one is negative or not finite.

    >>> fixed([0.5, 0.3, 0.2]).tolist()
    [0.5, 0.3, 0.2]
    """
    w = _checked(judgements)
    if abs(w.sum() - 1) > 1e-6:
        raise ValueError(f"fixed weights must sum to 1; these sum to {w.sum():g}")
    return np.asarray(w / w.sum())


def points(judgements: ArrayLike) -> Weights:
    """Share out importance in proportion to points given on any ratio scale.

    w_i = p_i / sum(p)

    Raises:
        ValueError: a point is negative or not finite, or all are zero.

    References:
        Edwards (1977), How to use multiattribute utility measurement for social decisionmaking,
        doi:10.1109/TSMC.1977.4309720.

    >>> points([3, 1]).tolist()
    [0.75, 0.25]
    """
    p = _checked(judgements)
    return np.asarray(p / p.sum())


def swing(judgements: ArrayLike) -> Weights:
    """Weigh by swings from worst to best; the one that matters most is 100.

    w_i = p_i / sum(p), max(p) = 100

    Raises:
        ValueError: the largest swing is not 100, or one is negative or not finite.

    References:
        von Winterfeldt and Edwards (1986), Decision Analysis and Behavioral Research, ch. 8.

    >>> swing([100, 60, 40]).tolist()
    [0.5, 0.3, 0.2]
    """
    p = _checked(judgements)
    if abs(p.max() - 100) > 1e-9:
        raise ValueError(
            f"the largest swing must be 100 (a range counts at its midpoint); it is {p.max():g}"
        )
    return np.asarray(p / p.sum())


def rank_centroid(judgements: ArrayLike) -> Weights:
    """Weigh by ranks, 1 the most important, at the centroid of all weights in that order.

    w_(r) = (1/n) sum_{k=r..n} 1/k; tied ranks share the mean.

    Raises:
        ValueError: the judgements are not ranks.

    References:
        Barron and Barrett (1996), Decision quality using ranked attribute weights,
        doi:10.1287/mnsc.42.11.1515.

    >>> rank_centroid([1, 2]).tolist()
    [0.75, 0.25]
    """
    return _by_rank(judgements, lambda n: np.cumsum(1 / np.arange(n, 0, -1))[::-1] / n)


def rank_sum(judgements: ArrayLike) -> Weights:
    """Weigh by ranks, 1 the most important, falling in equal steps.

    w_(r) = 2 (n + 1 - r) / (n (n + 1)); tied ranks share the mean.

    Raises:
        ValueError: the judgements are not ranks.

    References:
        Stillwell, Seaver and Edwards (1981), A comparison of weight approximation techniques,
        doi:10.1016/0030-5073(81)90015-5.

    >>> rank_sum([2, 1]).round(4).tolist()
    [0.3333, 0.6667]
    """
    return _by_rank(judgements, lambda n: 2 * np.arange(n, 0, -1) / (n * (n + 1)))


def rank_reciprocal(judgements: ArrayLike) -> Weights:
    """Weigh by ranks, 1 the most important, in proportion to 1 / rank.

    w_(r) = (1/r) / sum_k (1/k); tied ranks share the mean.

    Raises:
        ValueError: the judgements are not ranks.

    References:
        Stillwell, Seaver and Edwards (1981), doi:10.1016/0030-5073(81)90015-5.

    >>> rank_reciprocal([1, 2]).round(4).tolist()
    [0.6667, 0.3333]
    """
    return _by_rank(
        judgements, lambda n: (1 / np.arange(1, n + 1)) / (1 / np.arange(1, n + 1)).sum()
    )


def _by_rank(judgements: ArrayLike, formula: Callable[[int], Weights]) -> Weights:
    ranks = _checked(judgements)
    ordered = np.sort(ranks)
    first = np.searchsorted(ordered, ranks, side="left")
    last = np.searchsorted(ordered, ranks, side="right")
    if not (ranks == first + 1).all():
        raise ValueError(
            "ranks count from 1, the most important, and equal ranks share the best place "
            f"(1, 2, 2, 4): {', '.join(f'{r:g}' for r in ranks)}"
        )
    total = np.concatenate([[0.0], np.cumsum(formula(len(ranks)))])
    return np.asarray((total[last] - total[first]) / (last - first))


def _checked(judgements: ArrayLike) -> Weights:
    given = _numbers(judgements)
    if given.max() == 0:
        raise ValueError("at least one judgement must be above 0")
    return given


def _numbers(judgements: ArrayLike) -> Weights:
    given = np.asarray(judgements, dtype=np.float64)
    if given.ndim != 1 or not len(given):
        raise ValueError("judgements are one number for each child")
    least, most = given.min(), given.max()
    if not (least >= 0 and most < np.inf):
        bad = given[~np.isfinite(given) | (given < 0)][0]
        raise ValueError(f"a judgement must be a number of at least 0; one is {bad:g}")
    return given
