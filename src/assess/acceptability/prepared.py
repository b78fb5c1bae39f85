"""Values made ready for drawing: checked, equal strategies put together, scaled to one unit."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assess.acceptability.places import TIE, finite

__all__ = ["Model", "Prepared", "Triangles", "prepare"]

Floats = NDArray[np.float64]
Reals = NDArray[np.floating[Any]]
Rows = NDArray[np.intp]

NARROW = 2.0**-8  # of the widest criterion; rows nearer than this are scored in double precision
BLOCK = 1024  # draws of a block; fewer where so many numbers of one draw would fill the memory
NUMBERS = 2**22
MOST = 10_000  # strategies, for ranks are counted in a square table
FEW = 18  # up to so many rows, comparing pairs is faster than sorting


@dataclass(frozen=True, eq=False)
class Triangles:
    """Values that analysts are unsure of, each drawn from a triangle of its own.

    Attributes:
        low, mode, high: [analyst, strategy, criterion], the smallest possible value, the likeliest
            and the largest; all three are one where an analyst is sure.

    >>> from assess.acceptability import sample_smaa
    >>> unsure = Triangles(low=[[[0, 4], [1, 1]]], mode=[[[0, 5], [2, 2]]], high=[[[0, 6], [3, 3]]])
    >>> sample_smaa(unsure, draws=10_000).mean.round(1).tolist()
    [2.5, 2.0]
    """

    low: ArrayLike
    mode: ArrayLike
    high: ArrayLike


class Model(NamedTuple):
    """What a block is drawn from; a row is a strategy, or several that tie in every draw.

    The arrays are in one unit, in single or double precision, and go into compiled loops as they
    are. Rows stand in falling order of their mean, so that one which is dominated comes later.

    Attributes:
        values: [row, criterion], what the panel expects.
        low, high: [row, criterion, analyst], the ends of each triangle, shared out among the
            analysts; there are no analysts where all values are certain.
        split: the same, the share of probability below the mode.
        left, right: the same, what probability is multiplied with under the root on either side.
        size: [row], how many strategies it stands for.
    """

    values: Reals
    low: Reals
    high: Reals
    split: Reals
    left: Reals
    right: Reals
    size: NDArray[np.uint32]


@dataclass(frozen=True, eq=False)
class Prepared:
    """Values made ready for drawing.

    Attributes:
        model: what is drawn from.
        row: [strategy], the row of the model that stands for it.
        mean: [strategy, criterion], the expected values of the panel.
        variance: [strategy, criterion], their variances.
        shift: [criterion], and `scale`: values are shift + scale times those of the model.
        block: draws of a block.
        sorts: whether rows are sorted in each draw, and not compared pair by pair.
        wins: whether it is counted who is ahead of whom.
    """

    model: Model
    row: Rows
    mean: Floats
    variance: Floats
    shift: Floats
    scale: float
    block: int
    sorts: bool
    wins: bool

    @property
    def certain(self) -> bool:
        """Whether there is nothing to draw but weights."""
        return not self.model.low.size

    @property
    def single(self) -> bool:
        """Whether scores are compared in single precision."""
        return self.model.values.dtype == np.float32


def prepare(values: ArrayLike | Triangles, winning: bool | None) -> Prepared:
    """Return values made ready for drawing.

    Args:
        values: [strategy, criterion], or triangles.
        winning: whether it is counted who is ahead of whom; None where there are few strategies.
    """
    low, mode, high = _checked(values)
    ends = low.mean(axis=0), high.mean(axis=0)
    certain = bool((low == high).all())
    mean = ends[0] if certain else ((low + mode + high) / 3).mean(axis=0)
    kept, row = _together(*ends, mean)
    shift = low.min(axis=(0, 1))
    scale = float((high.max(axis=(0, 1)) - shift).max()) or 1.0
    near = next(_near(ends[0][kept], ends[1][kept], NARROW * scale), None)
    unit = [(x[: 0 if certain else None, kept] - shift) / scale for x in (low, mode, high)]
    numbers = len(kept) + mean.shape[1] * max(1, len(unit[0]))
    return Prepared(
        model=_model(
            np.float32 if near is None else np.float64,
            # A mean of equal values can lie one rounding below them, and scores are sorted by their
            # bits, which a sign would turn around.
            np.maximum((mean[kept] - shift) / scale, 0.0),
            *(np.ascontiguousarray(x.transpose(1, 2, 0)) for x in unit),
            size=np.bincount(row).astype(np.uint32),
        ),
        row=row,
        mean=mean,
        variance=_variance(low, mode, high),
        shift=shift,
        scale=scale,
        block=min(BLOCK, max(16, 1 << (NUMBERS // numbers).bit_length() >> 1)),
        sorts=len(kept) > FEW and not winning,
        wins=bool(winning) or (winning is None and len(kept) <= FEW),
    )


def _model(
    width: type[np.floating[Any]],
    values: Floats,
    low: Floats,
    mode: Floats,
    high: Floats,
    *,
    size: NDArray[np.uint32],
) -> Model:
    """Return the arrays of the model in one width, the panel's mean being a plain sum."""
    analysts = max(1, low.shape[-1])
    length = high - low
    split = np.divide(mode - low, length, out=np.ones_like(low), where=length > 0)
    left, right = length * (mode - low), length * (high - mode)
    parts = values, low / analysts, high / analysts, split, left / analysts**2, right / analysts**2
    a, b, c, d, e, f = (np.ascontiguousarray(x, width) for x in parts)
    return Model(a, b, c, d, e, f, size)


def _checked(values: ArrayLike | Triangles) -> tuple[Floats, Floats, Floats]:
    """Return the ends and modes [analyst, strategy, criterion], finite and in order."""
    if not isinstance(values, Triangles):
        sure = finite(values, "values", 2)[None]
        _few(sure.shape[1])
        return sure, sure, sure
    low, mode, high = (finite(getattr(values, x), x, 3) for x in ("low", "mode", "high"))
    if not low.shape == mode.shape == high.shape:
        shapes = f"{low.shape}, {mode.shape} and {high.shape}"
        raise ValueError(f"low, mode and high have the shapes {shapes}; they have one")
    _few(low.shape[1])
    wrong = np.argwhere(~((low <= mode) & (mode <= high)))
    if len(wrong):
        analyst, strategy, criterion = (int(x) for x in wrong[0])
        given = ", ".join(f"{x[tuple(wrong[0])]:g}" for x in (low, mode, high))
        place = f"analyst {analyst}, strategy {strategy}, criterion {criterion} (from 0)"
        raise ValueError(f"low, mode and high are not in rising order: {given}; {place}")
    return low, mode, high


def _few(strategies: int) -> None:
    """Refuse more strategies than can be ranked."""
    if strategies > MOST:
        raise ValueError(f"there are {strategies} strategies; at most {MOST} can be ranked")


def _together(low: Floats, high: Floats, mean: Floats) -> tuple[Rows, Rows]:
    """Return the first strategy of each row, best mean first, and the row of each strategy."""
    first = np.arange(len(mean))
    pairs = np.concatenate([np.empty((0, 2), np.intp), *_near(low, high, TIE)])
    while len(pairs) and (first[pairs[:, 0]] != first[pairs[:, 1]]).any():
        least = first[pairs].min(axis=1)
        np.minimum.at(first, pairs, least[:, None])
    kept = np.flatnonzero(first == np.arange(len(mean)))
    kept = kept[np.argsort(-mean[kept].sum(axis=1), kind="stable")]
    row = np.empty(len(mean), np.intp)
    row[kept] = np.arange(len(kept))
    return kept, row[first]


def _near(low: Floats, high: Floats, within: float) -> Iterator[Rows]:
    """Yield pairs [pair, 2] of strategies whose values can nowhere be further apart."""
    order = np.argsort(low[:, 0], kind="stable")
    for step in range(1, len(order)):
        one, other = order[:-step], order[step:]
        close = low[other, 0] - low[one, 0] <= within
        if not close.any():
            return
        one, other = one[close], other[close]
        reach = np.maximum(high[one], high[other]) - np.minimum(low[one], low[other])
        found = reach.max(axis=1) <= within
        if found.any():
            yield np.stack([one[found], other[found]], axis=1)


def _variance(low: Floats, mode: Floats, high: Floats) -> Floats:
    """Return the variance of the mean of independent triangles [strategy, criterion]."""
    length, rise = high - low, mode - low
    each = (length * (length - rise) + rise * rise) / 18
    return np.asarray(each.sum(axis=0) / len(low) ** 2)
