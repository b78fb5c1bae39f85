"""What payoffs, thresholds and probabilities must be: finite numbers of the right shape."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assess.model import shown

Array = NDArray[np.float64]

CLOSE = 1e-9
TIE = 1e-12


def numbers(name: str, given: ArrayLike) -> Array:
    """Return finite numbers, or say which is none."""
    try:
        found = np.asarray(given)
    except ValueError:  # rows of unequal length
        found = np.empty(0, dtype=object)
    if found.dtype.kind not in "fiu":
        raise ValueError(f"{name} are numbers, as many in each row: {shown(given)}")
    found = found.astype(np.float64)
    if not np.isfinite(found).all():
        place = tuple(np.argwhere(~np.isfinite(found))[0].tolist())
        raise ValueError(f"{name} are finite numbers: {found[place]} at {list(place)}")
    return found


def table_of(payoffs: ArrayLike) -> Array:
    """Return payoffs [..., strategy, world], none missing."""
    found = numbers("payoffs", payoffs)
    if found.ndim < 2 or 0 in found.shape:
        told = "[strategy, world], at least one of each"
        raise ValueError(f"payoffs are {told}: shape {found.shape}")
    return found


def probabilities_of(given: ArrayLike, worlds: int) -> Array:
    """Return probabilities [world] that sum to 1."""
    found = numbers("probabilities", given)
    if found.shape != (worlds,):
        raise ValueError(f"one probability a world, {worlds} in all: shape {found.shape}")
    sums_to_one("probabilities", found)
    return found


def sums_to_one(name: str, held: Array) -> None:
    """Refuse what is negative or does not sum to 1."""
    if (held < 0).any():
        raise ValueError(f"{name} are not negative: {held.min():g}")
    if abs(held.sum() - 1) > CLOSE:
        raise ValueError(f"{name} sum to 1: these sum to {held.sum():.10g}")
