"""Whole numbers that sampled acceptability counts: they add up to the same in any order."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from assess.acceptability.prepared import Prepared

__all__ = ["GRID", "SUMS", "Tally", "nothing"]

Whole = NDArray[np.int64]

GRID = 2**24  # shares of weights, and scores, are rounded in each draw to multiples of 1 / GRID
SUMS = 14  # sums of a block are divided by 2 to this power before they are squared
FEW = 6  # up to so many strategies, whole orders are counted


@dataclass(frozen=True, eq=False)
class Tally:
    """What some blocks of draws come to; strategies that always tie are one row of the model.

    Attributes:
        draws: how many there are.
        blocks: how many of equal size.
        rank: [row, place], how often so many strategies are ahead of a row.
        ahead: [one, other], how often a row is ahead of one that stands after it; empty where that
            is not counted.
        held: [row], how often it is first.
        central: [row, criterion], sum of the weights where it is first, in units of 1 / `GRID`.
        squares, products: [row, criterion], over blocks, of the sum of the weights times itself,
            and times how often it is first, for the standard error of central weights.
        held_squares: [row], over blocks, of how often it is first times itself.
        total: [row], sum of its scores in units of 1 / `GRID`, where values are uncertain.
        order: [code], how often whole orders occur; empty with more than 6 strategies.
    """

    draws: int
    blocks: int
    rank: Whole
    ahead: Whole
    held: Whole
    central: Whole
    squares: Whole
    products: Whole
    held_squares: Whole
    total: Whole
    order: Whole

    def __add__(self, other: "Tally") -> "Tally":
        names = [field.name for field in fields(self)]
        return Tally(**{name: getattr(self, name) + getattr(other, name) for name in names})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tally) and all(
            np.array_equal(getattr(self, field.name), getattr(other, field.name))
            for field in fields(self)
        )

    def __hash__(self) -> int:
        return hash((self.draws, self.rank.tobytes()))


def nothing(prepared: Prepared) -> Tally:
    """Return a tally of no draws, to be counted into by whoever made it."""
    rows, criteria = prepared.model.values.shape
    places = int(prepared.model.size.sum())

    def zeros(*shape: int) -> Whole:
        return np.zeros(shape, np.int64)

    return Tally(
        draws=0,
        blocks=0,
        rank=zeros(rows, places),
        ahead=zeros(rows, rows) if prepared.wins else zeros(0, 0),
        held=zeros(rows),
        central=zeros(rows, criteria),
        squares=zeros(rows, criteria),
        products=zeros(rows, criteria),
        held_squares=zeros(rows),
        total=zeros(rows),
        order=zeros(places**rows if places <= FEW else 0),
    )
