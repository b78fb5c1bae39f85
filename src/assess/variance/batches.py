"""Sums over batches of draws, and how far an estimate made of them may be off."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Estimate", "batch_sums", "finite", "jackknife", "starts"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Estimate:
    """Numbers with the error of their simulation.

    Attributes:
        value: [...], NaN where there is none.
        error: [...], standard error by the jackknife over batches; NaN of one batch.
        batches: how many there were.
    """

    value: Floats
    error: Floats
    batches: int

    def interval(self, level: float = 0.9) -> tuple[Floats, Floats]:
        """Return the ends of the interval of a confidence level, by Student's t; both [...].

        Raises:
            ValueError: the level does not lie between 0 and 1.

        >>> low, high = Estimate(np.array([0.5]), np.array([0.1]), 11).interval(0.9)
        >>> low.round(3).tolist(), high.round(3).tolist()
        ([0.319], [0.681])
        """
        from scipy.special import stdtrit

        if not 0 < level < 1:
            raise ValueError(f"a level lies between 0 and 1: {level:g}")
        reach = self.error * stdtrit(max(self.batches - 1, 1), (1 + level) / 2)
        return np.asarray(self.value - reach), np.asarray(self.value + reach)


def batch_sums(values: Floats, starts: Sequence[int]) -> Floats:
    """Return sums over batches of draws [batch, ...], of values [..., draw].

    >>> batch_sums(np.array([[1.0, 2.0, 3.0, 4.0]]), [0, 3]).tolist()
    [[6.0], [4.0]]
    """
    return np.moveaxis(np.add.reduceat(values, starts, axis=-1), -1, 0)


def jackknife(whole: Floats, left_out: Floats) -> Estimate:
    """Return an estimate [1, ...] with its error, of those that leave out a batch [batch, ...].

    error^2 = (n - 1) / n sum_i (left out_i - their mean)^2
    """
    n = len(left_out)
    if n == 1:
        return Estimate(whole[0], np.full(whole.shape[1:], np.nan), n)
    off = left_out - left_out.sum(axis=0) / n
    return Estimate(whole[0], np.sqrt((n - 1) / n * np.square(off).sum(axis=0)), n)


def starts(draws: int, batches: int) -> list[int]:
    """Return where so many batches of draws begin.

    Raises:
        ValueError: there are fewer draws than batches, or no batch.
    """
    if not 1 <= batches <= draws:
        raise ValueError(f"{draws:,} draws make 1 to {draws:,} batches, not {batches:,}")
    return [draws * i // batches for i in range(batches)]


def finite(given: ArrayLike) -> Floats:
    """Return outputs as an array, refusing what is no number."""
    values = np.asarray(given, np.float64)
    if not np.isfinite(values).all():
        raise ValueError(f"outputs hold {values[~np.isfinite(values)][0]:g}; numbers are needed")
    return values
