"""Whether chains of draws have come to one distribution, and how many free draws they are worth."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def rhat(chains: ArrayLike) -> Array:
    """Return how much chains still differ [...]: 1 where they agree, above 1.01 where they do not.

    The larger of the split R-hats of ranks as normal scores, of the draws and of their distances
    from the median, so that neither place, spread nor heavy tails are missed.

    Args:
        chains: [chain, draw, ...], at least 4 draws.

    Raises:
        ValueError: fewer than 4 draws, or no chain.

    References:
        Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021), Rank-normalization, folding, and
        localization: an improved R-hat, doi:10.1214/20-BA1221.

    >>> import numpy as np
    >>> steady = np.random.default_rng(1).normal(size=(4, 1000))
    >>> bool(rhat(steady) < 1.01), bool(rhat(steady + [[0], [0], [0], [2]]) > 1.1)
    (True, True)
    """
    halves = _halves(chains)
    folded = np.abs(halves - np.median(halves, axis=(0, 1)))
    return np.maximum(_ratio(_scores(halves)), _ratio(_scores(folded)))


def split_rhat(chains: ArrayLike) -> Array:
    """Return the split R-hat of the draws as they are [...], sqrt(((n-1)/n W + B/n) / W).

    Args:
        chains: [chain, draw, ...], at least 4 draws.

    Raises:
        ValueError: fewer than 4 draws, or no chain.

    References:
        Gelman and Rubin (1992), Inference from iterative simulation using multiple sequences,
        doi:10.1214/ss/1177011136.

    >>> split_rhat([[0, 2, 0, 2], [4, 6, 4, 6]]).round(4).tolist()
    1.7795
    """
    return _ratio(_halves(chains))


def effective_size(chains: ArrayLike) -> Array:
    """Return how many independent draws the chains are worth for a mean, by ranks [...].

    Args:
        chains: [chain, draw, ...], at least 4 draws.

    Raises:
        ValueError: fewer than 4 draws, or no chain.

    References:
        Vehtari, Gelman, Simpson, Carpenter and Bürkner (2021), doi:10.1214/20-BA1221; Geyer (1992),
        Practical Markov chain Monte Carlo, doi:10.1214/ss/1177011137.

    >>> import numpy as np
    >>> free = np.random.default_rng(1).normal(size=(4, 500))
    >>> bool(1500 < effective_size(free) < 2500)
    True
    """
    z = _scores(_halves(chains))
    m, n = z.shape[:2]
    centred = z - z.mean(axis=1, keepdims=True)
    freely = np.fft.rfft(centred, 2 * n, axis=1)
    covariance = np.fft.irfft(freely * freely.conj(), 2 * n, axis=1)[:, :n] / n
    within = covariance[:, 0].mean(axis=0) * n / (n - 1)
    over = within * (n - 1) / n + z.mean(axis=1).var(axis=0, ddof=1) * (m > 1)
    still = over > 0
    rho = 1 - (within - covariance.mean(axis=0)) / np.where(still, over, 1.0)
    rho[0] = 1.0
    pairs = rho[: n // 2 * 2].reshape(n // 2, 2, *rho.shape[1:]).sum(axis=1)
    positive = np.minimum.accumulate(pairs > 0, axis=0)
    falling = np.minimum.accumulate(np.where(positive, pairs, 0.0), axis=0)
    times = np.maximum(2 * falling.sum(axis=0) - 1, 1 / np.log10(m * n))
    return np.where(still, m * n / times, float(m * n))


def _halves(chains: ArrayLike) -> Array:
    """Return every chain as two, its first and its last half [2 chain, draw, ...]."""
    given = np.asarray(chains, dtype=np.float64)
    if given.ndim < 2 or not len(given) or given.shape[1] < 4:
        raise ValueError("chains are an array [chain, draw, ...] of at least 4 draws")
    half = given.shape[1] // 2
    return np.concatenate([given[:, :half], given[:, -half:]])


def _ratio(halves: Array) -> Array:
    n = halves.shape[1]
    within = halves.var(axis=1, ddof=1).mean(axis=0)
    between = halves.mean(axis=1).var(axis=0, ddof=1)
    moves = within > 0
    found = np.sqrt((n - 1) / n + between / np.where(moves, within, 1.0))
    return np.asarray(np.where(moves, found, np.where(between > 0, np.inf, 1.0)))


def _scores(halves: Array) -> Array:
    """Return normal scores of the ranks over all chains; equal draws share a score."""
    from scipy.special import ndtri

    flat = halves.reshape(halves.shape[0] * halves.shape[1], -1)
    ranks = np.stack([_mean_ranks(column) for column in flat.T], axis=-1)
    return np.asarray(ndtri((ranks - 0.375) / (len(flat) + 0.25))).reshape(halves.shape)


def _mean_ranks(column: Array) -> Array:
    """Return ranks from 1; equal numbers share the mean of theirs."""
    ordered = np.sort(column)
    first = np.searchsorted(ordered, column, side="left")
    last = np.searchsorted(ordered, column, side="right")
    return np.asarray((first + last + 1) / 2)
