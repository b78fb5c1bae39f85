"""All indices of acceptability at once: from draws of scores, or of values and weights."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from math import factorial, log2

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assess.acceptability.indices import (
    central_with_errors,
    cross_confidence,
    entropy,
    margins,
    means,
    meta_weighted,
    order_entropy,
    pairs_won,
    quantile_levels,
    rank_errors,
    rank_shares,
)
from assess.acceptability.places import finite, fitting, places, summing_to_one

__all__ = ["Acceptability", "StandardErrors", "from_scores", "smaa"]

Floats = NDArray[np.float64]
LEVELS = (0.1, 0.5, 0.9)


@dataclass(frozen=True, eq=False)
class StandardErrors:
    """Monte Carlo standard errors of the indices of `Acceptability`, on the same axes.

    Where ties split a place, the error is that of the split shares. Where there is but one draw,
    and where an index is NaN, it is NaN. Central weights are a ratio of means: theirs is its first
    order, s / sqrt(n) of the weights where only one strategy can be first, and NaN with fewer than
    two such draws. Confidence has the error given the central weights; 0 where values are certain.
    """

    rank: Floats
    best: Floats
    expected_rank: Floats
    holistic: Floats
    winning: Floats
    mean: Floats
    central: Floats
    confidence: Floats
    cross_confidence: Floats

    def __post_init__(self) -> None:
        _freeze(self)


@dataclass(frozen=True, eq=False)
class Acceptability:
    """What draws of scores, or of values and weights, say.

    Attributes:
        draws: how many there are.
        rank: [strategy, rank], share of draws in which a strategy takes a rank; ties share theirs.
        best: [strategy, k], share of draws in which it is among the k best.
        expected_rank: [strategy], mean rank, 1 the best.
        holistic: [strategy], acceptability of all ranks, each with its meta-weight.
        winning: [one, other], share of draws in which one is ahead of the other, a tie for half.
        margin: [level, one, other], quantiles of the score of one less that of the other.
        mean: [strategy], mean score.
        quantiles: [level, strategy], of the score.
        central: [strategy, criterion], mean weights where it is first; NaN where it never is. There
            are no criteria where no weights were given.
        confidence: [strategy], share of draws in which it is first under its own central weights;
            NaN where it has none, and without values.
        cross_confidence: [whose central weights, strategy], share of draws in which a strategy is
            first under the central weights of another; NaN where that one has none.
        choice_entropy: of who is first, in bits.
        ranking_entropy: of the whole order, in bits; an order with ties is an order of its own.
        meta_weights: [rank], those of `holistic`.
        levels: [level], those of `margin` and `quantiles`; linear between draws.
        error: Monte Carlo standard errors of shares and means.
    """

    draws: int
    rank: Floats
    best: Floats
    expected_rank: Floats
    holistic: Floats
    winning: Floats
    margin: Floats
    mean: Floats
    quantiles: Floats
    central: Floats
    confidence: Floats
    cross_confidence: Floats
    choice_entropy: float
    ranking_entropy: float
    meta_weights: Floats
    levels: Floats
    error: StandardErrors

    def __post_init__(self) -> None:
        _freeze(self)

    @property
    def first(self) -> Floats:
        """Share of draws in which each strategy is first [strategy]."""
        return self.rank[:, 0]

    @property
    def relative_choice_entropy(self) -> float:
        """Choice entropy over its largest value: 0 for one strategy, 1 for all alike."""
        return self.choice_entropy / max(log2(len(self.rank)), 1.0)

    @property
    def relative_ranking_entropy(self) -> float:
        """Ranking entropy over that of all orders alike; orders with ties can bring it above 1."""
        return self.ranking_entropy / max(log2(factorial(len(self.rank))), 1.0)


def smaa(
    values: ArrayLike,
    weights: ArrayLike,
    *,
    meta_weights: ArrayLike = "centroid",
    levels: Sequence[float] = LEVELS,
) -> Acceptability:
    """Return all indices of an additive model from draws of values and weights.

    Args:
        values: [draw, strategy, criterion], what each strategy is worth; or [strategy, criterion]
            where that is certain.
        weights: [draw, criterion], at least 0; those of each draw are divided by their sum, so that
            all draws count alike.
        meta_weights: as in `from_scores`.
        levels: as in `from_scores`.

    Raises:
        ValueError: shapes do not fit, a number is none, a weight is negative, a draw has none,
            meta-weights rise or do not start with 1, or a level lies beyond 0 and 1.

    References:
        Lahdelma and Salminen (2001), SMAA-2, doi:10.1287/opre.49.3.444.11220; of cross confidence,
        Lahdelma and Salminen (2006), European Journal of Operational Research 170, 228-240.

    >>> found = smaa([[1.0, 0.0], [0.0, 1.0]], [[0.9, 0.1], [0.3, 0.7], [0.8, 0.2], [0.6, 0.4]])
    >>> found.rank.tolist(), found.central[1].tolist()
    ([[0.75, 0.25], [0.25, 0.75]], [0.3, 0.7])
    >>> found.cross_confidence.tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """
    w = finite(weights, "weights", 2)
    v = np.asarray(values, np.float64)
    certain = v.ndim == 2
    v = finite(v[None] if certain else v, "values", 3)
    if v.shape[-1] != w.shape[-1] or len(v) not in (1, len(w)):
        raise ValueError(f"values of shape {v.shape} do not fit weights of shape {w.shape}")
    w = summing_to_one(fitting(w, len(w)))
    scores = np.einsum("dac,dc->da", np.broadcast_to(v, (len(w), *v.shape[1:])), w)
    found = from_scores(scores, w, meta_weights=meta_weights, levels=levels)
    cross, error = cross_confidence(v, found.central, certain=certain or len(v) < len(w))
    own, own_error = np.diagonal(cross).copy(), np.diagonal(error).copy()
    errors = replace(found.error, confidence=own_error, cross_confidence=error)
    return replace(found, confidence=own, cross_confidence=cross, error=errors)


def from_scores(
    scores: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    meta_weights: ArrayLike = "centroid",
    levels: Sequence[float] = LEVELS,
) -> Acceptability:
    """Return all indices that draws of scores give, whatever the rule behind them.

    Args:
        scores: [draw, strategy]; within 1e-12 they are equal, and share their ranks.
        weights: [draw, criterion], if known: for central weights, as they are, whatever they sum
            to.
        meta_weights: [rank], how much each rank counts in `holistic`: 1 for the first, never
            rising; or "centroid" (sum of 1/i for i from r on), "linear" (n - r) or "inverse" (1/r).
        levels: of quantiles, in [0, 1].

    Raises:
        ValueError: shapes do not fit, a number is none, a weight is negative, a draw has none,
            meta-weights rise or do not start with 1, or a level lies beyond 0 and 1.

    References:
        Lahdelma and Salminen (2001), SMAA-2, doi:10.1287/opre.49.3.444.11220.

    >>> found = from_scores([[3, 2, 2], [1, 2, 0], [5, 3, 1], [6, 4, 2]])
    >>> found.first.tolist(), found.error.rank[0].round(3).tolist()
    ([0.75, 0.25, 0.0], [0.25, 0.25, 0.0])
    >>> found.expected_rank.tolist(), found.margin[1, 0].tolist()
    ([1.25, 1.875, 2.875], [0.0, 1.5, 2.5])
    """
    s = finite(scores, "scores", 2)
    w = np.empty((len(s), 0)) if weights is None else fitting(weights, len(s))
    meta, held = meta_weighted(meta_weights, s.shape[1]), quantile_levels(levels)
    place, columns = places(s), np.ascontiguousarray(s.T)
    rank, rank_error, best_error = rank_shares(place)
    central, central_error = central_with_errors(place, w)
    winning, winning_error = pairs_won(place)
    mean, mean_error = means(columns)
    expected_error, holistic_error = rank_errors(place, meta)
    unknown = np.full((s.shape[1],) * 2, np.nan)
    return Acceptability(
        draws=len(s),
        rank=rank,
        best=np.cumsum(rank, axis=1),
        expected_rank=(rank * np.arange(1, s.shape[1] + 1)).sum(axis=1),
        holistic=(rank * meta).sum(axis=1),
        winning=winning,
        margin=margins(columns, held),
        mean=mean,
        quantiles=np.array([np.quantile(column, held) for column in columns]).T,
        central=central,
        confidence=unknown[0],
        cross_confidence=unknown,
        choice_entropy=entropy(rank[:, 0]),
        ranking_entropy=order_entropy(place),
        meta_weights=meta,
        levels=held,
        error=StandardErrors(
            rank=rank_error,
            best=best_error,
            expected_rank=expected_error,
            holistic=holistic_error,
            winning=winning_error,
            mean=mean_error,
            central=central_error,
            confidence=unknown[0],
            cross_confidence=unknown,
        ),
    )


def _freeze(held: "Acceptability | StandardErrors") -> None:
    """Make the arrays of a result read-only."""
    for field in fields(held):
        value = getattr(held, field.name)
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
