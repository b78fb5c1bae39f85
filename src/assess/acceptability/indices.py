"""Indices of acceptability, each for itself, with Monte Carlo standard errors."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assess.acceptability.places import (
    Places,
    blocks,
    finite,
    first_shares,
    fitting,
    places,
    rank_sums,
    standard_error,
    winning_counts,
)

__all__ = ["central_weights", "entropy", "pairwise_winning", "rank_acceptability"]

Floats = NDArray[np.float64]
META_WEIGHTS = ("centroid", "linear", "inverse")


def rank_acceptability(scores: ArrayLike) -> Floats:
    """Return the share of draws in which each strategy takes each rank [strategy, rank].

    Args:
        scores: [draw, strategy]; within 1e-12 they are equal, and share their ranks.

    Raises:
        ValueError: a score is no number.

    >>> rank_acceptability([[3, 2, 2], [1, 2, 0]]).tolist()
    [[0.5, 0.5, 0.0], [0.5, 0.25, 0.25], [0.0, 0.25, 0.75]]
    """
    s = finite(scores, "scores", 2)
    return rank_shares(places(s))[0]


def central_weights(scores: ArrayLike, weights: ArrayLike) -> Floats:
    """Return the mean weights of the draws in which each strategy is first [strategy, criterion].

    Args:
        scores: [draw, strategy].
        weights: [draw, criterion], as they are, whatever they sum to.

    Returns:
        NaN for a strategy that is never first; a tie counts for each by its share.

    Raises:
        ValueError: shapes do not fit, a number is none, a weight is negative, or a draw has none.

    >>> central_weights([[2, 1], [1, 2], [3, 0]], [[0.8, 0.2], [0.1, 0.9], [0.6, 0.4]]).tolist()
    [[0.7, 0.30000000000000004], [0.1, 0.9]]
    """
    s = finite(scores, "scores", 2)
    return central_with_errors(places(s), fitting(weights, len(s)))[0]


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
    s = finite(scores, "scores", 2)
    return pairs_won(places(s))[0]


def entropy(shares: ArrayLike) -> float:
    """Return the entropy of shares in bits: 0 where one is all, log2(n) where all are alike.

    Raises:
        ValueError: a share is negative or no number.

    >>> entropy([0.5, 0.5, 0.0])
    1.0
    """
    p = finite(shares, "shares", 1)
    if (p < 0).any():
        raise ValueError(f"a share is negative: {p.min():g}")
    there = np.sort(p[p > 0])  # one sum, whatever the order of strategies
    return float(-(there * np.log2(there)).sum()) + 0.0


def rank_shares(found: Places) -> tuple[Floats, Floats, Floats]:
    """Return shares of ranks [strategy, rank], their errors, and those of the k best."""
    draws = len(found.ahead)
    total, squares, best = rank_sums(found)
    best_error = standard_error(np.cumsum(total, axis=1), best, draws)
    return total / draws, standard_error(total, squares, draws), best_error


def rank_errors(found: Places, meta: Floats) -> tuple[Floats, Floats]:
    """Return the errors of expected rank and of holistic acceptability [strategy].

    In one draw these are the mean rank, and the mean meta-weight, of the ranks that are shared.
    """
    draws, count = found.ahead.shape
    summed = np.concatenate([[0.0], np.cumsum(meta)])
    totals, squares = np.zeros((2, 2, count))
    for rows in blocks(draws, count):
        ahead, sharing = found.ahead[rows].astype(np.intp), found.sharing[rows].astype(np.intp)
        ranks = ahead + (sharing + 1) / 2
        weighted = (summed[ahead + sharing] - summed[ahead]) / sharing
        for i, drawn in enumerate((ranks, weighted)):
            totals[i] += drawn.sum(axis=0)
            squares[i] += np.einsum("da,da->a", drawn, drawn)
    expected, holistic = standard_error(totals, squares, draws)
    return expected, holistic


def pairs_won(found: Places) -> tuple[Floats, Floats]:
    """Return shares of draws in which one is ahead of another [one, other], and their errors."""
    draws, counts = len(found.ahead), winning_counts(found)
    tied = draws - counts - counts.T
    total = counts + tied / 2
    return total / draws, standard_error(total, counts + tied / 4, draws)


def means(columns: Floats) -> tuple[Floats, Floats]:
    """Return mean scores [strategy] of [strategy, draw], and their errors."""
    mean = columns.mean(axis=1)
    squares = np.array(
        [((held - centre) ** 2).sum() for held, centre in zip(columns, mean, strict=True)]
    )
    return mean, standard_error(np.zeros(len(mean)), squares, columns.shape[1])


def margins(columns: Floats, levels: Floats) -> Floats:
    """Return quantiles of how far one score is ahead of another [level, one, other]."""
    count = len(columns)
    found = np.zeros((len(levels), count, count))
    for i, j in combinations(range(count), 2):
        both = np.quantile(columns[i] - columns[j], np.concatenate([levels, 1 - levels]))
        found[:, i, j], found[:, j, i] = both[: len(levels)], 0.0 - both[len(levels) :]
    return found


def central_with_errors(found: Places, weights: Floats) -> tuple[Floats, Floats]:
    """Return central weights [strategy, criterion] and their errors.

    The error of this ratio of means is its first order (Cochran 1977), with n / (n - 1) for the
    n draws that the shares are worth: (sum of shares)^2 / sum of squared shares.
    """
    count = found.ahead.shape[1]
    central, error = np.full((2, count, weights.shape[1]), np.nan)
    for i in range(count):
        rows = np.flatnonzero(found.ahead[:, i] == 0)
        if not len(rows):
            continue
        share, held = 1.0 / found.sharing[rows, i], weights[rows]
        central[i] = np.einsum("d,dc->c", share, held) / share.sum()
        if len(rows) > 1:
            apart = np.einsum("d,dc->c", share**2, (held - central[i]) ** 2)
            worth = share.sum() ** 2 / (share**2).sum()
            error[i] = np.sqrt(apart * worth / (worth - 1)) / share.sum()
    return central, error


def cross_confidence(values: Floats, central: Floats, *, certain: bool) -> tuple[Floats, Floats]:
    """Return how often each is first under whose central weights [whose, strategy], and errors.

    Args:
        values: [draw, strategy, criterion].
        central: [strategy, criterion], NaN for none.
        certain: whether the one draw of values is certain, and the error 0.
    """
    draws = len(values)
    share, error = np.full((2, len(central), len(central)), np.nan)
    for i in np.flatnonzero(~np.isnan(central).any(axis=1)):
        first = first_shares(places(np.einsum("dac,c->da", values, central[i])))
        total, squares = first.sum(axis=0), np.einsum("da,da->a", first, first)
        share[i] = total / draws
        error[i] = 0.0 if certain else standard_error(total, squares, draws)
    return share, error


def order_entropy(found: Places) -> float:
    """Return the entropy of the whole order of strategies, in bits; a tie makes another order."""
    orders = np.ascontiguousarray(found.ahead)
    whole = orders.view(np.dtype((np.void, orders.shape[1] * orders.itemsize)))
    return entropy(np.unique(whole, return_counts=True)[1] / len(orders))


def meta_weighted(given: ArrayLike, count: int) -> Floats:
    """Return meta-weights [rank] that never rise from 1, by name or as given."""
    ranks = np.arange(1, count + 1)
    if isinstance(given, str):
        if given not in META_WEIGHTS:
            known = ", ".join(META_WEIGHTS)
            raise ValueError(f"there are no meta-weights {given!r}; the known are {known}")
        if given == "linear":
            return np.asarray((count - ranks) / max(count - 1, 1) + (count == 1))
        tail = np.cumsum(1.0 / ranks[::-1])[::-1]
        return np.asarray(1.0 / ranks if given == "inverse" else tail / tail[0])
    found = finite(given, "meta-weights", 1).copy()
    if len(found) != count:
        raise ValueError(f"there are {len(found)} meta-weights for {count} ranks")
    if found[0] != 1 or (np.diff(found) > 0).any() or found[-1] < 0:
        told = "meta-weights are 1 for the first rank, never rise and never fall below 0"
        raise ValueError(f"{told}: {found.tolist()}")
    return found


def quantile_levels(given: Sequence[float]) -> Floats:
    """Return levels of quantiles, each in [0, 1]."""
    found = finite(given, "levels", 1).copy()
    for level in found:
        if not 0 <= level <= 1:
            raise ValueError(f"the level of a quantile lies between 0 and 1: {level:g}")
    return found
