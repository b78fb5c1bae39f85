"""What a block of draws comes to, in whole numbers: tallies add up to the same in any order."""

from dataclasses import dataclass, fields
from itertools import combinations
from math import lcm
from typing import Self

import numpy as np
from numpy.typing import NDArray

from assess.instrument import instrument
from assess.model import Study
from assess.model.frozen import fixed
from assess.simulation.block import Drawn
from assess.simulation.plan import Plan

Array = NDArray[np.float64]
Counts = NDArray[np.int64]

SHARE = lcm(*range(1, 17))  # a tie of m shares one place exactly in units of 1/720720, up to 16
GRID = 2**30  # sums of fractions are rounded to whole multiples of 2^-30, once a block
SCORE_BINS = 1000  # of a total, a tenth of a point each
NODE_BINS = 200  # of other nodes, half a point each
MANY_PAIRS = 500
TIE = 1e-12


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts and sums over draws; pairs are those of `itertools.combinations` of the strategies.

    Attributes:
        draws: how many there are.
        total: [scenario, strategy, bin], how often a total falls into each bin of `SCORE_BINS`.
        group: [group, scenario, strategy, bin], the same of every node with children, in
            `NODE_BINS`; and `leaf`: [cell, bin], of the cells of the plan.
        group_sums, group_squares: [group, scenario, strategy], of scores, in units of 1 / `GRID`.
        leaf_sums, leaf_squares: [cell], the same.
        rank: [scenario, strategy, rank], in units of 1 / `SHARE`; ties share their places.
        ahead, behind: [scenario, pair], how often the first of a pair is ahead, and behind.
        margin: [scenario, pair, bin], how often the first less the second falls into each bin.
        central: [scenario, strategy, node], sum of the weights of nodes within their parent over
            draws in which a strategy is first, in units of 1 / `GRID`.
        good, acceptable: [scenario, strategy], how often a total reaches the profile.
        passed: [scenario, strategy, gate], how often a gate is passed.
    """

    draws: int
    total: Counts
    group: Counts
    leaf: Counts
    group_sums: Counts
    group_squares: Counts
    leaf_sums: Counts
    leaf_squares: Counts
    rank: Counts
    ahead: Counts
    behind: Counts
    margin: Counts
    central: Counts
    good: Counts
    acceptable: Counts
    passed: Counts

    def __post_init__(self) -> None:
        for name in self.array_names():
            object.__setattr__(self, name, fixed(getattr(self, name)))

    @classmethod
    def array_names(cls) -> tuple[str, ...]:
        """Names of the fields that hold arrays."""
        return tuple(field.name for field in fields(cls) if field.name != "draws")

    def __add__(self, other: Self) -> Self:
        return type(self)(
            **{
                field.name: getattr(self, field.name) + getattr(other, field.name)
                for field in fields(self)
            }
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tally) and all(
            np.array_equal(getattr(self, field.name), getattr(other, field.name))
            for field in fields(self)
        )

    def __hash__(self) -> int:
        return hash((self.draws, self.rank.tobytes()))


def pairs(strategies: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the places of the first and the second of every pair."""
    found = np.array(list(combinations(range(strategies), 2)), dtype=np.intp).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def margin_bins(pairs: int) -> int:
    """Return how many bins a difference of two totals falls into: 0.25 points each, or 2.5."""
    return 800 if pairs <= MANY_PAIRS else 80


def histogram(values: Array, bins: int, low: float = 0.0, high: float = 1.0) -> Counts:
    """Count values [..., draw] in bins of equal width [..., bin]; the last holds its upper end."""
    place = ((values - low) * (bins / (high - low))).astype(np.intp)
    np.clip(place, 0, bins - 1, out=place)
    rows = place.reshape(-1, place.shape[-1])
    rows += np.arange(len(rows))[:, None] * bins
    counts = np.bincount(rows.reshape(-1), minlength=len(rows) * bins)
    return counts.reshape(*values.shape[:-1], bins).astype(np.int64)


def ranked(totals: Array) -> tuple[Counts, Counts]:
    """Return how many are ahead of, and how many share the place of each [..., strategy, draw].

    Args:
        totals: [..., strategy, draw]; within 1e-12 they are equal, and NaN comes after all others.
    """
    known = np.where(np.isnan(totals), -1.0, totals)
    first, second = pairs(totals.shape[-2])
    ahead = np.zeros(totals.shape, dtype=np.int64)
    tied = np.ones(totals.shape, dtype=np.int64)
    for i, j in zip(first.tolist(), second.tolist(), strict=True):
        apart = known[..., i, :] - known[..., j, :]
        ahead[..., j, :] += apart > TIE
        ahead[..., i, :] += apart < -TIE
        equal = abs(apart) <= TIE
        tied[..., i, :] += equal
        tied[..., j, :] += equal
    return ahead, tied


def rank_counts(ahead: Counts, tied: Counts) -> Counts:
    """Return how often each strategy takes each rank [..., strategy, rank], in units 1 / SHARE."""
    places = ahead.shape[-2]
    found = np.zeros((*ahead.shape[:-1], places + 1), dtype=np.int64)
    for rank in range(places):
        held = (ahead <= rank) & (rank < ahead + tied)
        found[..., rank] = (held * (SHARE // np.minimum(tied, 16))).sum(axis=-1)
    return found[..., :-1]


def on_grid(sums: Array) -> Counts:
    """Return sums of one block, rounded once to whole multiples of 1 / GRID."""
    return np.rint(sums * GRID).astype(np.int64)


def tally(study: Study, made: Plan, drawn: Drawn) -> Tally:
    """Count what one block of draws comes to."""
    totals = drawn.scores[0]
    first, second = pairs(totals.shape[1])
    apart = totals[:, first] - totals[:, second]
    ahead, tied = ranked(totals)
    return Tally(
        draws=totals.shape[-1],
        total=histogram(totals, SCORE_BINS),
        group=histogram(drawn.scores, NODE_BINS),
        leaf=histogram(drawn.cells, NODE_BINS),
        group_sums=on_grid(drawn.scores.sum(axis=-1)),
        group_squares=on_grid(np.einsum("...d,...d->...", drawn.scores, drawn.scores)),
        leaf_sums=on_grid(drawn.cells.sum(axis=-1)),
        leaf_squares=on_grid(np.einsum("...d,...d->...", drawn.cells, drawn.cells)),
        rank=rank_counts(ahead, tied),
        ahead=(apart > TIE).sum(axis=-1),
        behind=(apart < -TIE).sum(axis=-1),
        margin=histogram(apart, margin_bins(len(first)), -1.0, 1.0),
        central=on_grid(np.einsum("std,nsd->stn", (ahead == 0) / tied, drawn.weights)),
        good=(totals >= drawn.good[:, None] - TIE).sum(axis=-1),
        acceptable=(totals >= drawn.acceptable[:, None] - TIE).sum(axis=-1),
        passed=_passed(study, made, drawn.cells),
    )


def _passed(study: Study, made: Plan, cells: Array) -> Counts:
    """Count in how many draws each gate is passed [scenario, strategy, gate] (C14)."""
    counts = [
        (cells[made.cell[:, :-2, leaf]] >= threshold - TIE).sum(axis=-1)
        for leaf, threshold in instrument(study).gates
    ]
    return (
        np.array(counts, dtype=np.int64).reshape(-1, *made.cell[:, :-2, 0].shape).transpose(1, 2, 0)
    )
