"""Values made ready for drawing: checked, equal strategies put together, scaled to one unit."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Model", "Prepared", "Triangles", "prepare"]

Floats = NDArray[np.float64]

TIE = 1e-12
NARROW = 2.0**-8  # rows nearer to one another than this are scored in double precision
BLOCK = 1024  # draws of a block, fewer where so many numbers of one draw would fill the memory
NUMBERS = 2**21
FEW = 18  # up to so many rows, counting pairs is faster than sorting


@dataclass(frozen=True, eq=False)
class Triangles:
    """Values that analysts are unsure of, each drawn from a triangle of its own.

    Attributes:
        low, mode, high: [analyst, strategy, criterion], the smallest possible value, the likeliest
            and the largest; those of an analyst who is sure are one.
    """

    low: ArrayLike
    mode: ArrayLike
    high: ArrayLike


class Model(NamedTuple):
    """What a block is drawn from, in one unit; rows are strategies that do not always tie.

    A compiled loop takes it as it is. Values are in single or in double precision.

    Attributes:
        values: [row, criterion], where they are certain; no criteria where they are not.
        low, high, split, left, right: [row, criterion, analyst], the ends of the triangles, the
            share of probability below the mode, and what that below and above it is multiplied
            with under the root; no analysts where values are certain.
        size: [row], how many strategies it stands for.
    """

    values: NDArray[np.floating]
    low: NDArray[np.floating]
    high: NDArray[np.floating]
    split: NDArray[np.floating]
    left: NDArray[np.floating]
    right: NDArray[np.floating]
    size: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Prepared:
    """Values made ready for drawing.

    Attributes:
        model: what is drawn from.
        row: [strategy], the row of the model that stands for it.
        mean: [strategy, criterion], the expected values of the panel, as they were given.
        variance: [strategy, criterion], and their variances.
        certain: whether there is nothing to draw but weights.
        shift: [criterion], and `scale`: values are shift + scale times those of the model.
        block: draws of a block.
        pairs: whether each pair of rows is compared, and not sorted.
    """

    model: Model
    row: NDArray[np.intp]
    mean: Floats
    variance: Floats
    certain: bool
    shift: Floats
    scale: float
    block: int
    pairs: bool

    @property
    def criteria(self) -> int:
        """How many there are."""
        return self.mean.shape[1]

    @property
    def uniforms(self) -> int:
        """How many uniform numbers one draw takes."""
        return self.criteria + self.model.low.size


def prepare(values: ArrayLike | Triangles, pairs: bool | None) -> Prepared:
    """Return values made ready for drawing.

    Args:
        values: [strategy, criterion], or triangles.
        pairs: whether pairs are counted; None where there are few strategies.
    """
    triangles = _checked(values)
    low, mode, high = triangles
    ends = (low.mean(axis=0), high.mean(axis=0))
    mean = ((low + mode + high) / 3).mean(axis=0) if low is not high else ends[0]
    row = _rows(mean, ends[1] - ends[0])
    kept, size = _kept(row, mean)
    shift, scale = low.min(axis=(0, 1)), float(np.ptp(np.stack([low, high]), axis=(0, 1, 2)).max())
    single = _separation(ends[0][kept], ends[1][kept]) >= NARROW * scale
    unit = [(x[:, kept] - shift) / (scale or 1.0) for x in triangles]
    certain = bool((low == high).all())
    numbers = mean.shape[1] + (0 if certain else unit[0].size)
    return Prepared(
        model=_model(unit, size, certain, np.float32 if single else np.float64),
        row=np.argsort(kept)[np.searchsorted(np.sort(kept), row)],
        mean=mean,
        variance=_variance(*triangles),
        certain=certain,
        shift=shift,
        scale=scale,
        block=max(16, min(BLOCK, 2 ** int(np.log2(NUMBERS / numbers)))),
        pairs=len(kept) <= FEW if pairs is None else pairs or len(kept) <= FEW,
    )
