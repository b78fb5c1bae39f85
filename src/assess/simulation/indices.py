"""Indices read off counts of draws, each with its Monte Carlo standard error."""

from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assess.simulation.tally import Order

Array = NDArray[np.float64]
Counts = NDArray[np.int64]
NORMAL = 3.0  # the kurtosis of a normal distribution


def share_error(shares: ArrayLike, draws: int) -> Array:
    """Return the standard error of shares of draws: sqrt(p (1 - p) / n).

    Where ties split a draw, it is at most that, because no number in [0, 1] of mean p varies more.

    >>> share_error([0.5, 1.0], 10_000).tolist()
    [0.005, 0.0]
    """
    p = np.clip(np.asarray(shares, np.float64), 0.0, 1.0)
    return np.asarray(np.sqrt(p * (1 - p) / draws))


def quantile(counts: Counts, level: float, low: float, high: float) -> Array:
    """Read a quantile off counts [..., bin] of bins of equal width between two ends.

    Within a bin, draws are taken to lie evenly.

    Raises:
        ValueError: the level does not lie between 0 and 1.

    >>> quantile(np.array([0, 4, 0, 4]), 0.25, 0.0, 1.0).item()
    0.375
    """
    if not 0 < level < 1:
        raise ValueError(f"a quantile lies between 0 and 1: {level:g}")
    running = counts.cumsum(axis=-1)
    wanted = level * running[..., -1:]
    place = (running < wanted).sum(axis=-1, keepdims=True)
    inside = np.take_along_axis(counts, place, axis=-1)
    before = np.take_along_axis(running, place, axis=-1) - inside
    share = (wanted - before) / np.maximum(inside, 1)
    return np.asarray(low + ((place + share) * ((high - low) / counts.shape[-1]))[..., 0])


def quantile_error(counts: Counts, level: float, low: float, high: float) -> Array:
    """Return the standard error of a quantile: sqrt(p (1 - p) / n) over the density there.

    How many draws lie below a quantile p is binomial. One over the density is how steeply quantiles
    rise, read off between the order statistics two such errors below p and two above it.

    Raises:
        ValueError: the level does not lie between 0 and 1.

    References:
        David and Nagaraja (2003), Order Statistics, doi:10.1002/0471722162.

    >>> counts = np.full(100, 100)
    >>> round(quantile_error(counts, 0.5, 0.0, 1.0).item(), 9)
    0.005
    """
    middle = quantile(counts, level, low, high)
    if not middle.size:
        return middle
    draws = int(counts.sum(axis=-1).flat[0])
    step, end = np.sqrt(level * (1 - level) / draws), 0.5 / draws
    under = max(level - 2 * step, min(end, level))
    over = min(level + 2 * step, max(1 - end, level))
    below = np.minimum(quantile(counts, under, low, high), middle)
    above = np.maximum(quantile(counts, over, low, high), middle)
    return np.asarray((above - below) * (step / (over - under)))


def skewness(counts: Counts) -> Array:
    """Return the skewness of counts [..., bin] of bins of equal width.

    The third central moment over the cube of the standard deviation, each draw at the middle of its
    bin.

    Returns:
        [...]; 0 for a symmetric distribution, more where the longer tail lies above; NaN where the
        standard deviation is less than the width of a bin, and the bins show no shape.

    >>> skewness(np.array([1, 2, 0, 0, 1])).round(3).item(), skewness(np.array([3, 0])).item()
    (0.889, nan)
    """
    z, shares, spread = _standardised(counts)
    return np.where(spread >= 1, np.einsum("...b,...b->...", shares, z**3), np.nan)


def skewness_error(counts: Counts) -> Array:
    """Return the standard error of `skewness`, by the delta method; sqrt(6 / n) where normal.

    A draw at z deviations moves the skewness g by z^3 - 3 z - 3 g (z^2 - 1) / 2 - g, over n.
    """
    z, shares, _ = _standardised(counts)
    g = skewness(counts)[..., None]
    moves = z**3 - 3 * z - 1.5 * g * (z**2 - 1) - g
    return np.asarray(np.sqrt(np.einsum("...b,...b->...", shares, moves**2) / counts.sum(axis=-1)))


def deviation_error(deviation: Array, counts: Counts) -> Array:
    """Return the standard error of standard deviations: s sqrt((k - 1) / (4 n)).

    Args:
        deviation: [...].
        counts: [..., bin], which show the kurtosis k, the fourth central moment over s^4; where
            they are too coarse to show it, it is taken to be at least 3, as of a normal one.
    """
    z, shares, spread = _standardised(counts)
    kurtosis = np.einsum("...b,...b->...", shares, z**4)
    kurtosis = np.where(spread >= 1, kurtosis, np.maximum(kurtosis, NORMAL))
    return np.asarray(deviation * np.sqrt((kurtosis - 1) / (4 * counts.sum(axis=-1))))


def _standardised(counts: Counts) -> tuple[Array, Array, Array]:
    """Return how many deviations from the mean each bin lies, and its share, both [..., bin].

    Third stands the standard deviation [...], in bins.
    """
    shares = counts / counts.sum(axis=-1, keepdims=True)
    place = np.arange(counts.shape[-1])
    apart = place - np.einsum("...b,b->...", shares, place)[..., None]
    spread = np.sqrt(np.einsum("...b,...b->...", shares, apart**2))[..., None]
    z = np.where(spread > 0, apart / np.where(spread > 0, spread, 1.0), 0.0)
    return z, shares, spread[..., 0]


def expected_rank(acceptability: Array) -> Array:
    """Return mean ranks [..., strategy], 1 the best, from shares of ranks [..., strategy, rank]."""
    ranks = np.arange(1, acceptability.shape[-1] + 1)
    return np.asarray((acceptability * ranks).sum(axis=-1))


def expected_rank_error(acceptability: Array, draws: int) -> Array:
    """Return the standard error of mean ranks, from their distribution; at most that with ties.

    >>> expected_rank_error(np.array([[0.5, 0.5], [0.5, 0.5]]), 10_000).tolist()
    [0.005, 0.005]
    """
    ranks = np.arange(1, acceptability.shape[-1] + 1)
    squares = (acceptability * ranks**2).sum(axis=-1)
    variance = np.maximum(squares - expected_rank(acceptability) ** 2, 0.0)
    return np.asarray(np.sqrt(variance / draws))


def winning(order: Order, count: int) -> Array:
    """Return the share of draws in which one is ahead of another [scenario, one, other].

    A tie counts half; on the diagonal stands one half.
    """
    found = np.full((*order.ahead.shape[:-1], count, count), 0.5)
    ahead, behind = (order.ahead / order.draws, order.behind / order.draws)
    for p, (i, j) in enumerate(combinations(range(count), 2)):
        tied = 1 - ahead[:, p] - behind[:, p]
        found[:, i, j], found[:, j, i] = ahead[:, p] + tied / 2, behind[:, p] + tied / 2
    return found


def winning_error(order: Order, count: int) -> Array:
    """Return the standard error of `winning`; 0 on the diagonal, where nothing is drawn."""
    found = np.zeros((*order.ahead.shape[:-1], count, count))
    ahead, behind = (order.ahead / order.draws, order.behind / order.draws)
    for p, (i, j) in enumerate(combinations(range(count), 2)):
        # One, one half or none a draw: E[x^2] - E[x]^2.
        moves = ahead[:, p] + behind[:, p] - (ahead[:, p] - behind[:, p]) ** 2
        found[:, i, j] = found[:, j, i] = np.sqrt(np.maximum(moves, 0.0) / order.draws) / 2
    return found


def entropy(shares: Array) -> Array:
    """Return the entropy of shares over the last axis: 0 for one of them, 1 for all alike.

    -sum_i b_i ln b_i / ln n; 0 where there is one alone.

    References:
        Shannon (1948), doi:10.1002/j.1538-7305.1948.tb01338.x.

    >>> entropy(np.array([[0.5, 0.5], [1.0, 0.0]])).tolist()
    [1.0, 0.0]
    """
    count = shares.shape[-1]
    if count < 2:
        return np.zeros(shares.shape[:-1])
    return np.asarray(-(shares * _logs(shares)).sum(axis=-1) / np.log(count) + 0.0)


def entropy_error(shares: Array, draws: int) -> Array:
    """Return the standard error of `entropy`, by the delta method.

    It is of first order: 0 where all shares are alike, at the top of the entropy.
    """
    count = shares.shape[-1]
    if count < 2:
        return np.zeros(shares.shape[:-1])
    logs = _logs(shares)
    variance = (shares * logs**2).sum(axis=-1) - (shares * logs).sum(axis=-1) ** 2
    return np.asarray(np.sqrt(np.maximum(variance, 0.0) / draws) / np.log(count))


def dominance_gap(counts: Counts, order: int) -> tuple[Array, Array]:
    """Return how far one strategy is from dominating another, and at most its standard error.

    At first order: the largest share of draws by which the cumulated distribution of `one` lies
    above that of `other`. At second order: the most by which the area below it does, which is how
    far `one` falls short of a level on average, more than `other` does.

    Args:
        counts: [..., strategy, bin], on bins of equal width over [0, 1]; equally many draws each.
        order: 1 or 2.

    Returns:
        Both [..., one, other]; 0 where it dominates, or both are alike. The error is the sum of
        those of both, because counts do not tell how they move together.

    Raises:
        ValueError: the order is another.

    References:
        Hadar and Russell (1969), Rules for ordering uncertain prospects, American Economic Review
        59, 25-34.

    >>> gap, _ = dominance_gap(np.array([[1, 0, 1, 0], [0, 2, 0, 0]]), 1)
    >>> gap.tolist()
    [[0.0, 0.5], [0.5, 0.0]]
    """
    if order not in (1, 2):
        raise ValueError(f"dominance is of order 1 or 2: {order!r}")
    draws = counts.sum(axis=-1, keepdims=True)
    level = counts.cumsum(axis=-1) / draws
    variance, width = level * (1 - level), 1.0
    if order == 2:
        level, width = level.cumsum(axis=-1), 1 / counts.shape[-1]
        # d = (x - X)+ in bins is counted by the first sum, d (d + 1) / 2 by the second.
        variance = np.maximum(2 * level.cumsum(axis=-1) - level - level**2, 0.0)
    error, count = np.sqrt(variance / draws), counts.shape[-2]
    gaps, errors = np.zeros((2, *counts.shape[:-2], count, count))
    for i, j in ((i, j) for i in range(count) for j in range(count) if i != j):
        apart = level[..., i, :] - level[..., j, :]
        worst = apart.argmax(axis=-1)[..., None]
        both = np.take_along_axis(error[..., i, :] + error[..., j, :], worst, axis=-1)[..., 0]
        gaps[..., i, j] = np.maximum(apart.max(axis=-1), 0.0) * width
        errors[..., i, j] = both * width
    return gaps, errors


def _logs(shares: Array) -> Array:
    """Return natural logarithms, and 0 for 0."""
    there = shares > 0
    return np.asarray(np.where(there, np.log(np.where(there, shares, 1.0)), 0.0))


def matrix(ahead: Array | Counts, behind: Array | Counts, count: int) -> Array:
    """Return figures of pairs [scenario, pair] as a matrix [scenario, one, other], 0 within.

    Args:
        ahead: of the first of each pair over the second, pairs in the order of `combinations`.
        behind: of the second over the first.
        count: of strategies.
    """
    found = np.zeros((len(ahead), count, count))
    for p, (i, j) in enumerate(combinations(range(count), 2)):
        found[:, i, j], found[:, j, i] = ahead[:, p], behind[:, p]
    return found
