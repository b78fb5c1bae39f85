"""Triangular distributions: from an analyst's percentiles to the ends, and to quantiles."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["triangle_ends", "triangle_quantiles"]

Floats = NDArray[np.float64]
_HALVINGS = 60


def triangle_ends(
    low: ArrayLike, mode: ArrayLike, high: ArrayLike, *, tail: float = 0.1
) -> tuple[Floats, Floats]:
    """Return the ends of the triangle that has this mode and these percentiles.

    With p the share of probability below the mode, q = 1 - p and s the length of the triangle,
    mode - low = s (p - sqrt(tail p)) and high - mode = s (q - sqrt(tail q)). The ratio of the two
    rises with p from tail to 1 - tail, so there is one such triangle.

    Args:
        low: [...], below which lies the share `tail`.
        mode: [...], the likeliest value.
        high: [...], above which lies the share `tail`.
        tail: above 0 and below a half; 0.1 for the 10th and 90th percentile.

    Returns:
        Both [...]: the smallest and the largest possible value; all three are one where low and
        high are.

    Raises:
        ValueError: not low <= mode <= high, or no such tail.

    >>> a, b = triangle_ends(40, 50, 60)
    >>> a.round(2).item(), b.round(2).item()
    (31.91, 68.09)
    """
    if not 0 < tail < 0.5:
        raise ValueError(f"the tail is a share above 0 and below a half: {tail:g}")
    left, right, m = _sides(low, mode, high)
    p, above = np.full(m.shape, tail), np.full(m.shape, 1 - tail)
    for _ in range(_HALVINGS):
        middle = (p + above) / 2
        further = left * _reach(1 - middle, tail) >= right * _reach(middle, tail)
        p, above = np.where(further, middle, p), np.where(further, above, middle)
    length = (left + right) / (_reach(p, tail) + _reach(1 - p, tail))
    # Rounding may put an end inside the interval where a percentile is the mode.
    a, b = np.minimum(m - p * length, m - left), np.maximum(m + (1 - p) * length, m + right)
    return a, b


def _reach(share: Floats, tail: float) -> Floats:
    """Return how far a percentile lies from the mode, in lengths of the triangle [...]."""
    return np.asarray(share - np.sqrt(tail * share))


def triangle_quantiles(
    low: ArrayLike, mode: ArrayLike, high: ArrayLike, levels: ArrayLike
) -> Floats:
    """Return quantiles of the triangular distribution on [low, high].

    Args:
        low: [...], the smallest possible value.
        mode: [...], the likeliest.
        high: [...], the largest possible value.
        levels: [q], or with leading axes that fit [..., q]; from 0 to 1.

    Returns:
        [..., q].

    Raises:
        ValueError: not low <= mode <= high, or a level is not between 0 and 1.

    >>> triangle_quantiles(0, 2, 4, [0.125, 0.5, 0.875]).tolist()
    [1.0, 2.0, 3.0]
    """
    u = np.atleast_1d(np.asarray(levels, np.float64))
    if not ((u >= 0) & (u <= 1)).all():
        raise ValueError(f"levels lie between 0 and 1: {u.tolist()}")
    left, right, m = (x[..., None] for x in _sides(low, mode, high))
    length = left + right
    rising = m - left + np.sqrt(u * length * left)
    falling = m + right - np.sqrt((1 - u) * length * right)
    return np.where(u * length <= left, np.minimum(rising, m), np.maximum(falling, m))


def _sides(low: ArrayLike, mode: ArrayLike, high: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Return how far the ends lie below and above the mode, and the mode, all [...]."""
    a, m, b = np.broadcast_arrays(*(np.asarray(x, np.float64) for x in (low, mode, high)))
    wrong = ~((a <= m) & (m <= b))
    if wrong.any():
        first = [float(x[wrong].flat[0]) for x in (a, m, b)]
        raise ValueError(f"low, mode and high are not in rising order: {first}")
    return m - a, b - m, m
