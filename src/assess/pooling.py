"""Analysts to one panel: every name in `__all__` is a centre that files can name.

A centre has the signature `(a),(a)->()`: `values [..., analyst]` in [0, 1] and `weights
[..., analyst]`, non-negative with a positive sum, give `[...]` in [0, 1]. An analyst who did not
rate has weight zero there.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["mean", "median", "trimmed_mean"]

Centre = NDArray[np.float64]
_ROUNDING = 1e-12


def mean(values: ArrayLike, weights: ArrayLike) -> Centre:
    """Average the analysts by weight.

    c = sum_a w_a v_a / sum_a w_a

    Args:
        values: [..., analyst] in [0, 1].
        weights: [..., analyst], of positive sum.

    Returns:
        [...] in [0, 1].

    References:
        Stone (1961), The opinion pool, doi:10.1214/aoms/1177704873.

    >>> mean([0.25, 0.75], [1, 3]).item()
    0.625
    """
    v, w = _arrays(values, weights)
    return np.asarray(np.einsum("...a,...a->...", w, v))


def median(values: ArrayLike, weights: ArrayLike) -> Centre:
    """Take the middle analyst by weight: half the weight may lie without moving it beyond them.

    c is the midpoint of the values at which the running weight first reaches and first passes 1/2.

    Args:
        values: [..., analyst] in [0, 1].
        weights: [..., analyst], of positive sum.

    Returns:
        [...] in [0, 1].

    References:
        Edgeworth (1888), On a new method of reducing observations, Phil. Mag. 25, 184-191.

    >>> median([0.1, 0.5, 0.9], [1, 1, 1]).item(), median([0.2, 0.6], [1, 1]).item()
    (0.5, 0.4)
    """
    v, running = _sorted(*_arrays(values, weights))
    lower = np.argmax(running >= 0.5 - _ROUNDING, axis=-1)[..., None]
    upper = np.argmax(running > 0.5 + _ROUNDING, axis=-1)[..., None]
    ends = np.take_along_axis(v, lower, -1), np.take_along_axis(v, upper, -1)
    return np.asarray((ends[0] + ends[1])[..., 0] / 2)


def trimmed_mean(values: ArrayLike, weights: ArrayLike, *, share: float = 0.2) -> Centre:
    """Average the analysts after cutting a share of the weight from each end.

    Args:
        values: [..., analyst] in [0, 1].
        weights: [..., analyst], of positive sum.
        share: of the weight, cut from each side; at least 0 and below 0.5.

    Returns:
        [...] in [0, 1].

    Raises:
        ValueError: the share is not in [0, 0.5).

    References:
        Tukey and McLaughlin (1963), Sankhya A 25, 331-352.

    >>> trimmed_mean([0.0, 0.4, 0.5, 0.6, 1.0], [1] * 5).round(12).item()
    0.5
    """
    if not 0 <= share < 0.5:
        raise ValueError(f"the share cut from each side lies in [0, 0.5): {share:g}")
    v, running = _sorted(*_arrays(values, weights))
    kept = np.diff(np.clip(running, share, 1 - share), axis=-1, prepend=share)
    return np.asarray((kept * v).sum(axis=-1) / (1 - 2 * share))


def _arrays(values: ArrayLike, weights: ArrayLike) -> tuple[Centre, Centre]:
    """Return both as float64, weights summing to 1, the value of an absent analyst set to 0.

    Where one who has a voice says what is no number, all values are NaN.
    """
    v, w = np.broadcast_arrays(np.asarray(values, np.float64), np.asarray(weights, np.float64))
    v = np.where(w == 0, 0.0, v)
    v = np.where(np.isnan(v).any(axis=-1, keepdims=True), np.nan, v)
    return v, w / w.sum(axis=-1, keepdims=True)


def _sorted(values: Centre, weights: Centre) -> tuple[Centre, Centre]:
    """Return values in rising order and the running weight up to each."""
    order = np.argsort(values, axis=-1, kind="stable")
    running = np.cumsum(np.take_along_axis(weights, order, axis=-1), axis=-1)
    return np.take_along_axis(values, order, axis=-1), running
