"""In which worlds strategies reach thresholds: satisficing."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assess.model.frozen import fixed
from assess.robustness.payoffs import TIE, numbers, table_of

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Satisficing:
    """In which worlds strategies reach thresholds.

    Attributes:
        thresholds: [threshold].
        reached: [..., threshold, strategy, world].
    """

    thresholds: Array
    reached: Mask

    @property
    def share(self) -> Array:
        """Share of worlds in which each threshold is reached [..., threshold, strategy].

        It counts worlds, which are no sample of anything: it is no probability.
        """
        return np.asarray(self.reached.mean(axis=-1))

    @property
    def everywhere(self) -> Mask:
        """Whether each threshold is reached in every world [..., threshold, strategy]."""
        return np.asarray(self.reached.all(axis=-1))

    def worlds(self, threshold: int, strategy: int) -> tuple[int, ...]:
        """Return the places of the worlds in which a strategy reaches a threshold.

        Args:
            threshold: its place in `thresholds`.
            strategy: its place.

        Raises:
            ValueError: the payoffs were draws, each of which has worlds of its own.
        """
        if self.reached.ndim != 3:
            raise ValueError(f"worlds of one table, not of draws: {self.reached.shape}")
        return tuple(np.flatnonzero(self.reached[threshold, strategy]).tolist())


def satisficing(payoffs: ArrayLike, thresholds: ArrayLike) -> Satisficing:
    """Return in which worlds each strategy reaches each of several thresholds.

    Args:
        payoffs: [..., strategy, world].
        thresholds: one number or several, in the unit of the payoffs; what is within 1e-12 of one
            reaches it.

    Raises:
        ValueError: as `maximin`; no threshold, or one that is not a finite number.

    References:
        Simon (1956), Rational choice and the structure of the environment, doi:10.1037/h0042769.

    >>> found = satisficing([[50, 60], [20, 80], [40, 70]], [45, 65])
    >>> found.share.tolist(), found.worlds(0, 1)
    ([[1.0, 0.5, 0.5], [0.0, 0.5, 0.5]], (1,))
    """
    table, held = table_of(payoffs), numbers("thresholds", thresholds)
    if held.ndim > 1 or not held.size:
        raise ValueError(f"thresholds are one number or a list of some: shape {held.shape}")
    held = np.atleast_1d(held)
    reached = table[..., None, :, :] >= held[:, None, None] - TIE
    return Satisficing(fixed(held), fixed(reached))
