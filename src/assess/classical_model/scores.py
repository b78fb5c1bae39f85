"""The two scores of the classical model, in bare arrays: calibration and information."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["calibration_score", "information_score", "levels_of"]

Floats = NDArray[np.float64]


def calibration_score(hits: ArrayLike, levels: ArrayLike, *, power: int | None = None) -> Floats:
    """Give the likelihood of hits this far, or further, from what the quantiles promise.

    C = P(chi-square > 2 N I), I = sum_b s_b ln(s_b / p_b), of one degree of freedom less than bins;
    s is the share of answers in each bin, p what the levels say it should be.

    Args:
        hits: [..., bin], answers in each bin; one bin more than levels.
        levels: [q], rising, above 0 and below 1.
        power: N, the number of questions the score counts as; by default the sum of the hits.

    Returns:
        [...] in [0, 1].

    Raises:
        ValueError: the levels are none, or the hits do not fit them, are negative or all 0.

    References:
        Cooke (1991), Experts in Uncertainty, Oxford University Press, chapter 12.

    >>> calibration_score([1, 2, 5, 2], [0.05, 0.5, 0.95]).round(3).item()
    0.192
    """
    from scipy.special import chdtrc

    p = np.diff(levels_of(levels), prepend=0.0, append=1.0)
    n = np.asarray(hits, np.float64)
    if n.shape[-1:] != p.shape or not (n >= 0).all() or not (n.sum(axis=-1) > 0).all():
        raise ValueError(f"hits are counts in {len(p)} bins, not all of them 0: {n.tolist()}")
    total = n.sum(axis=-1)
    s = n / total[..., None]
    relative = (s * np.log(np.where(s > 0, s, p) / p)).sum(axis=-1)
    count = total if power is None else power
    return np.asarray(chdtrc(len(p) - 1, np.maximum(2 * count * relative, 0)))


def information_score(
    quantiles: ArrayLike, levels: ArrayLike, low: ArrayLike, high: ArrayLike
) -> Floats:
    """Give how much quantiles say beyond a uniform background on [low, high], in nats.

    I = ln(high - low) + sum_b p_b ln(p_b / width of bin b); the first bin begins at low and the
    last ends at high. For a log-uniform background, give the logarithms of quantiles and ends.

    Args:
        quantiles: [..., q], rising along q, all between low and high.
        levels: [q], rising, above 0 and below 1.
        low: [...], lower end of the intrinsic range.
        high: [...], upper end.

    Returns:
        [...], at least 0.

    Raises:
        ValueError: the levels are none, or the quantiles do not rise from low to high.

    References:
        Cooke (1991), Experts in Uncertainty, Oxford University Press, chapter 12.

    >>> information_score([1.0, 2.0, 3.0], [0.25, 0.5, 0.75], 0.0, 4.0).item()
    0.0
    """
    p = np.diff(levels_of(levels), prepend=0.0, append=1.0)
    q = np.asarray(quantiles, np.float64)
    ends = (
        np.broadcast_to(np.asarray(x, np.float64), q.shape[:-1])[..., None] for x in (low, high)
    )
    lower, upper = ends
    width = np.diff(q, prepend=lower, append=upper, axis=-1)
    if q.shape[-1:] != (len(p) - 1,) or (width <= 0).any():
        raise ValueError(f"the {len(p) - 1} quantiles rise between low and high: {q.tolist()}")
    relative = (p * np.log(p / (width / (upper - lower)))).sum(axis=-1)
    return np.asarray(np.maximum(relative, 0.0))


def levels_of(levels: ArrayLike) -> Floats:
    """Return the levels [q] as float64, refused unless they rise between 0 and 1."""
    u = np.asarray(levels, np.float64)
    if u.ndim != 1 or u.size == 0 or not ((u > 0) & (u < 1)).all() or (np.diff(u) <= 0).any():
        raise ValueError(f"levels lie above 0 and below 1, in rising order: {u.tolist()}")
    return u
