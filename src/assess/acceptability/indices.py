"""Indices of acceptability from draws: ranks, central weights, winning, entropy."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Acceptability",
    "central_weights",
    "entropy",
    "pairwise_winning",
    "rank_acceptability",
    "smaa",
]

Floats = NDArray[np.float64]
TIE = 1e-12


@dataclass(frozen=True, eq=False)
class Acceptability:
    """What draws of values and weights say.

    Attributes:
        rank: [strategy, rank], share of draws in which a strategy takes a rank.
        central: [strategy, criterion], mean weights where it is first; NaN where it never is.
        confidence: [strategy], share of draws in which it is first under its own central weights;
            NaN where it has none.
        winning: [one, other], share of draws in which one is ahead of the other, a tie for half.
        mean: [strategy], mean score.
        choice_entropy: of who is first, in bits.
        ranking_entropy: of the whole order, in bits; strategies that tie stand in their order.
    """

    rank: Floats
    central: Floats
    confidence: Floats
    winning: Floats
    mean: Floats
    choice_entropy: float
    ranking_entropy: float


def smaa(values: ArrayLike, weights: ArrayLike) -> Acceptability:
    """Return all indices of an additive model from draws of values and weights.

    Args:
        values: [draw, strategy, criterion], what each strategy is worth; or [strategy, criterion]
            where that is certain.
        weights: [draw, criterion], at least 0.

    Raises:
        ValueError: shapes do not fit, a number is none, or a weight is negative.

    References:
        Lahdelma and Salminen (2001), SMAA-2, doi:10.1287/opre.49.3.444.11220.

    >>> found = smaa([[1.0, 0.0], [0.0, 1.0]], [[0.9, 0.1], [0.3, 0.7], [0.8, 0.2], [0.6, 0.4]])
    >>> found.rank.tolist(), found.central[1].tolist()
    ([[0.75, 0.25], [0.25, 0.75]], [0.3, 0.7])
    """
    w = _finite(weights, "weights", 2)
    v = np.asarray(values, np.float64)
    v = _finite(v[None] if v.ndim == 2 else v, "values", 3)
    if v.shape[-1] != w.shape[-1] or len(v) not in (1, len(w)):
        raise ValueError(f"values of shape {v.shape} do not fit weights of shape {w.shape}")
    if (w < 0).any():
        raise ValueError(f"a weight is negative: {w.min():g}")
    scores = np.einsum("dac,dc->da", np.broadcast_to(v, (len(w), *v.shape[1:])), w)
    rank, central = rank_acceptability(scores), central_weights(scores, w)
    return Acceptability(
        rank=rank,
        central=central,
        confidence=_confidence(v, central),
        winning=pairwise_winning(scores),
        mean=scores.mean(axis=0),
        choice_entropy=entropy(rank[:, 0]),
        ranking_entropy=_ranking_entropy(scores),
    )


def rank_acceptability(scores: ArrayLike) -> Floats:
    """Return the share of draws in which each strategy takes each rank [strategy, rank].

    Args:
        scores: [draw, strategy]; within 1e-12 they are equal, and share their ranks.

    Raises:
        ValueError: a score is no number.

    >>> rank_acceptability([[3, 2, 2], [1, 2, 0]]).tolist()
    [[0.5, 0.5, 0.0], [0.5, 0.25, 0.25], [0.0, 0.25, 0.75]]
    """
    s = _finite(scores, "scores", 2)
    draws, count = s.shape
    order = np.argsort(-s, axis=1, kind="stable")
    falling = np.take_along_axis(s, order, axis=1)
    new = np.ones(s.shape, dtype=bool)
    new[:, 1:] = falling[:, :-1] - falling[:, 1:] > TIE
    if new.all():
        place = order * count + np.arange(count)
        found = np.bincount(place.reshape(-1), minlength=count * count).astype(np.float64)
        return np.asarray(found.reshape(count, count) / draws)
    group = np.cumsum(new, axis=1) - 1 + np.arange(draws)[:, None] * count
    size = np.bincount(group.reshape(-1), minlength=draws * count)
    first = np.full(draws * count, count)
    np.minimum.at(first, group.reshape(-1), np.tile(np.arange(count), draws))
    share = 1.0 / size[group]
    found = np.zeros((count, count + 1))
    np.add.at(found, (order, first[group]), share)
    np.add.at(found, (order, (first + size)[group]), -share)
    return np.asarray(np.cumsum(found, axis=1)[:, :-1] / draws)


def central_weights(scores: ArrayLike, weights: ArrayLike) -> Floats:
    """Return the mean weights of the draws in which each strategy is first [strategy, criterion].

    Args:
        scores: [draw, strategy].
        weights: [draw, criterion].

    Returns:
        NaN for a strategy that is never first; a tie counts for each by its share.

    Raises:
        ValueError: a number is none.

    >>> central_weights([[2, 1], [1, 2], [3, 0]], [[0.8, 0.2], [0.1, 0.9], [0.6, 0.4]]).tolist()
    [[0.7, 0.30000000000000004], [0.1, 0.9]]
    """
    s, w = _finite(scores, "scores", 2), _finite(weights, "weights", 2)
    first = (s >= s.max(axis=1, keepdims=True) - TIE).astype(np.float64)
    first /= first.sum(axis=1, keepdims=True)
    held = np.einsum("da->a", first)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.einsum("da,dc->ac", first, w) / held[:, None])


def pairwise_winning(scores: ArrayLike) -> Floats:
    """Return the share of draws in which one strategy is ahead of another [one, other].

    Args:
        scores: [draw, strategy].

    Returns:
        A tie counts half; on the diagonal stands one half.

    Raises:
        ValueError: a score is no number.

    References:
        Leskinen et al. (2006), doi:10.1139/x05-251.

    >>> pairwise_winning([[3, 1], [2, 2]]).tolist()
    [[0.5, 0.75], [0.25, 0.5]]
    """
    s = _finite(scores, "scores", 2)
    found = np.empty((s.shape[1],) * 2)
    for i in range(s.shape[1]):
        apart = s[:, i, None] - s
        found[i] = ((apart > TIE).mean(axis=0) + (apart >= -TIE).mean(axis=0)) / 2
    return found


def entropy(shares: ArrayLike) -> float:
    """Return the entropy of shares in bits: 0 where one is all, log2(n) where all are alike.

    Raises:
        ValueError: a share is negative or no number.

    >>> entropy([0.5, 0.5, 0.0])
    1.0
    """
    p = _finite(shares, "shares", 1)
    if (p < 0).any():
        raise ValueError(f"a share is negative: {p.min():g}")
    there = p[p > 0]
    return float(-(there * np.log2(there)).sum()) + 0.0


def _confidence(values: Floats, central: Floats) -> Floats:
    """Return how often each strategy is first under its own central weights [strategy]."""
    found = np.full(len(central), np.nan)
    for i, weights in enumerate(central):
        if not np.isnan(weights).any():
            found[i] = rank_acceptability(np.einsum("dac,c->da", values, weights))[i, 0]
    return found


def _ranking_entropy(scores: Floats) -> float:
    """Return the entropy of the whole order of strategies, in bits."""
    order = np.argsort(-scores, axis=1, kind="stable")
    counts = np.unique(order, axis=0, return_counts=True)[1]
    return entropy(counts / len(scores))


def _finite(given: ArrayLike, what: str, axes: int) -> Floats:
    """Return an array of numbers with so many axes."""
    found = np.asarray(given, np.float64)
    if found.ndim != axes or not found.size:
        raise ValueError(f"{what} of shape {found.shape} do not have {axes} axes, none empty")
    if not np.isfinite(found).all():
        raise ValueError(f"{what} hold {found[~np.isfinite(found)][0]:g}; numbers are needed")
    return found
