"""Level to worth: what a rating is worth in [0, 1] on its criterion's scale."""

from math import isfinite

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assess.model import Scale, as_text


def worth(scale: Scale, levels: ArrayLike) -> NDArray[np.float64]:
    """Return what levels are worth, linear between the levels of the scale.

    Args:
        scale: the value function; an ordinal scale takes positions 0, 1, 2... of its labels.
        levels: [...], in the scale's unit.

    Returns:
        [...] in [0, 1]; NaN where the level is NaN.

    Raises:
        ValueError: a level lies off a scale that refuses it, or between the labels of an ordinal
            one.

    References:
        Belton and Stewart (2002), Multiple Criteria Decision Analysis, ch. 5,
        doi:10.1007/978-1-4615-1495-4.

    >>> worth(Scale(worst=2000, best=0), [2000, 500, 0]).tolist()
    [0.0, 0.75, 1.0]
    """
    at = np.asarray(levels, dtype=np.float64)
    if scale.beyond == "refuse" and (beyond := off_scale(scale, at)).any():
        raise ValueError(
            f"level {at[beyond].flat[0]:g} is off the scale {scale.at[0]:g} to {scale.at[-1]:g}"
        )
    if scale.ordinal and (at[~np.isnan(at)] % 1).any():
        raise ValueError("ordinal levels have no arithmetic: give the position of a label (C3)")
    return np.interp(at, scale.at, scale.worths)


def off_scale(scale: Scale, levels: ArrayLike) -> NDArray[np.bool_]:
    """Return which levels [...] lie beyond the ends of the scale.

    >>> off_scale(Scale(worst=0, best=60), [-1, 0, 60, 75]).tolist()
    [True, False, False, True]
    """
    at = np.asarray(levels, dtype=np.float64)
    return (at < scale.at[0]) | (at > scale.at[-1])


def reference_worth(scale: Scale, level: float | str) -> float:
    """Return what a reference level of a tree is worth: a number, or the label of a level.

    Raises:
        ValueError: it is no level of the scale.

    >>> reference_worth(Scale(worst=0, best=60), 15)
    0.25
    """
    text = as_text(level)
    at = level_of(scale, text)
    if not scale.at[0] <= at <= scale.at[-1]:
        raise ValueError(f"{text} is off the scale {scale.at[0]:g} to {scale.at[-1]:g}")
    return float(np.interp(at, scale.at, scale.worths))


def level_of(scale: Scale, text: str) -> float:
    """Read a written level: a number, or the label of an ordinal level as its position.

    Raises:
        ValueError: says what was expected instead.

    >>> level_of(Scale(worst=0, best=60), "12.5")
    12.5
    """
    if scale.ordinal:
        if text not in scale.labels:
            raise ValueError(f"{text!r} is no level of this ordinal scale")
        return float(scale.labels.index(text))
    return plain_number(text)


def plain_number(text: str) -> float:
    """Read a finite number with a decimal point.

    Raises:
        ValueError: the text is none.

    >>> plain_number("1e3")
    1000.0
    """
    try:
        number = float(text) if text.isascii() and "_" not in text else float("nan")
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise ValueError(f"{text!r} is not a finite number")
    return number
