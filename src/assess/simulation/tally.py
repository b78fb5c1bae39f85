"""What a block of draws comes to, in whole numbers: tallies add up to the same in any order."""

from dataclasses import dataclass, fields
from itertools import combinations
from math import lcm
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from assess.instrument import instrument
from assess.model import Study
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
class Order:
    """How strategies stand to one another; pairs are `itertools.combinations` of them.

    Attributes:
        draws: how many there are.
        rank: [scenario, strategy, rank], in units of 1 / `SHARE`; ties share their places.
        ahead, behind: [scenario, pair], how often the first of a pair is ahead, and behind.
        clear, clearly_behind: [scenario, pair], the same by at least the margin of the study.
        margin: [scenario, pair, bin], how often the first less the second falls into each bin.
    """

    draws: int
    rank: Counts
    ahead: Counts
    behind: Counts
    clear: Counts
    clearly_behind: Counts
    margin: Counts

    def __post_init__(self) -> None:
        _freeze(self)

    def __add__(self, other: "Order") -> "Order":
        return _sum(self, other)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Order) and _alike(self, other)

    def __hash__(self) -> int:
        return hash((self.draws, self.rank.tobytes()))


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts and sums over draws.

    Attributes:
        order: how the strategies stand to one another.
        total: [scenario, strategy, bin], how often a total falls into each bin of `SCORE_BINS`.
        group: [setting, strategy, bin], the same of every node with children by the settings of
            the plan, in `NODE_BINS`; and `leaf`: [cell, bin], of its cells.
        group_sums, group_squares: [setting, strategy], of scores, in units of 1 / `GRID`.
        leaf_sums, leaf_squares: [cell], the same.
        central: [scenario, strategy, node], sum of the weights of nodes within their parent over
            draws in which a strategy is first, in units of 1 / `GRID`.
        good, acceptable: [scenario, strategy], how often a total reaches the profile.
        passed: [scenario, strategy, gate], how often a gate is passed.
        cleared: [scenario, strategy], how often all gates are passed that exclude.
    """

    order: Order
    total: Counts
    group: Counts
    leaf: Counts
    group_sums: Counts
    group_squares: Counts
    leaf_sums: Counts
    leaf_squares: Counts
    central: Counts
    good: Counts
    acceptable: Counts
    passed: Counts
    cleared: Counts

    def __post_init__(self) -> None:
        _freeze(self)

    @property
    def draws(self) -> int:
        """How many there are."""
        return self.order.draws

    def __add__(self, other: "Tally") -> "Tally":
        return _sum(self, other)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tally) and _alike(self, other)

    def __hash__(self) -> int:
        return hash(self.order)


@dataclass(frozen=True, eq=False)
class Bounds:
    """How strategies stand if what is missing speaks against the one and for the other (C4).

    Attributes:
        draws: how many there are.
        ahead: [scenario, one, other], how often one is ahead even so.
        clear: [scenario, one, other], how often by at least the margin of the study.
    """

    draws: int
    ahead: Counts
    clear: Counts

    def __post_init__(self) -> None:
        _freeze(self)

    def __add__(self, other: "Bounds") -> "Bounds":
        return _sum(self, other)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Bounds) and _alike(self, other)

    def __hash__(self) -> int:
        return hash((self.draws, self.ahead.tobytes()))


Counted = TypeVar("Counted", Order, Tally, Bounds)


def _freeze(counted: Order | Tally | Bounds) -> None:
    for field in fields(counted):
        if isinstance(value := getattr(counted, field.name), np.ndarray):
            value.setflags(write=False)


def _sum(one: Counted, other: Counted) -> Counted:
    """Add up field by field."""
    names = [field.name for field in fields(one)]
    return type(one)(**{name: getattr(one, name) + getattr(other, name) for name in names})


def _alike(one: Order | Tally | Bounds, other: Order | Tally | Bounds) -> bool:
    both = ((getattr(one, field.name), getattr(other, field.name)) for field in fields(one))
    return all(np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b for a, b in both)


def pairs(strategies: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the places of the first and the second of every pair."""
    found = np.array(list(combinations(range(strategies), 2)), dtype=np.intp).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def margin_bins(pairs: int) -> int:
    """Return how many bins a difference of two totals falls into: 0.25 points each, or 2.5."""
    return 800 if pairs <= MANY_PAIRS else 80


def histogram(values: Array, bins: int, low: float = 0.0, high: float = 1.0) -> Counts:
    """Count values [..., draw] in bins of equal width [..., bin]; the last holds its upper end."""
    place = ((values - low if low else values) * (bins / (high - low))).astype(np.intp)
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
    """Return how often each strategy takes each rank [..., strategy, rank], in units 1 / SHARE.

    Where more than 16 tie, the units that are left over go to the best of their ranks, so that each
    strategy's shares still add up to 1.
    """
    places = ahead.shape[-2]
    share, left = np.divmod(SHARE, tied)
    found = np.zeros((*ahead.shape[:-1], places + 1), dtype=np.int64)
    for rank in range(places):
        held = (ahead <= rank) & (rank < ahead + tied)
        over = (rank - ahead) < left
        found[..., rank] = (held * (share + over)).sum(axis=-1)
    return found[..., :-1]


def on_grid(sums: Array) -> Counts:
    """Return sums of one block, rounded once to whole multiples of 1 / GRID."""
    return np.rint(sums * GRID).astype(np.int64)


def margin(study: Study) -> float:
    """Return by how much one total is to be ahead of another at the median, in [0, 1] (C11)."""
    return study.method.uncertainty.margin / 100


def order(totals: Array, margin: float) -> Order:
    """Count how the strategies stand to one another.

    Args:
        totals: [scenario, strategy, draw] in [0, 1]; NaN comes after all others, and is not ahead
            of anything.
        margin: how far ahead is clearly ahead, in [0, 1].
    """
    first, second = pairs(totals.shape[1])
    apart = totals[:, first] - totals[:, second]
    return Order(
        draws=totals.shape[-1],
        rank=rank_counts(*ranked(totals)),
        ahead=(apart > TIE).sum(axis=-1),
        behind=(apart < -TIE).sum(axis=-1),
        clear=(apart >= margin - TIE).sum(axis=-1),
        clearly_behind=(apart <= TIE - margin).sum(axis=-1),
        margin=histogram(np.nan_to_num(apart), margin_bins(len(first)), -1.0, 1.0),
    )


def bounds(low: Array, high: Array, margin: float) -> Bounds:
    """Count how strategies stand at the bounds of their totals [scenario, strategy, draw]."""
    apart = low[:, :, None] - high[:, None]
    return Bounds(
        draws=low.shape[-1],
        ahead=(apart > TIE).sum(axis=-1),
        clear=(apart >= margin - TIE).sum(axis=-1),
    )


def tally(study: Study, made: Plan, drawn: Drawn) -> Tally:
    """Count what one block of draws comes to."""
    totals, passed = drawn.totals, _passed(study, made, drawn)
    return Tally(
        order=order(totals, margin(study)),
        total=histogram(np.nan_to_num(totals), SCORE_BINS),
        group=histogram(drawn.scores, NODE_BINS),
        leaf=histogram(drawn.cells, NODE_BINS),
        group_sums=on_grid(drawn.scores.sum(axis=-1)),
        group_squares=on_grid(np.einsum("...d,...d->...", drawn.scores, drawn.scores)),
        leaf_sums=on_grid(drawn.cells.sum(axis=-1)),
        leaf_squares=on_grid(np.einsum("...d,...d->...", drawn.cells, drawn.cells)),
        central=_central(study, drawn),
        good=(totals >= drawn.good[:, None] - TIE).sum(axis=-1),
        acceptable=(totals >= drawn.acceptable[:, None] - TIE).sum(axis=-1),
        passed=passed.sum(axis=-1).transpose(1, 2, 0),
        cleared=passed[excluding(study)].all(axis=0).sum(axis=-1),
    )


def _central(study: Study, drawn: Drawn) -> Counts:
    """Add up the weights of the draws in which a strategy is first [scenario, strategy, node]."""
    totals, tree = np.nan_to_num(drawn.totals, nan=-1.0), study.tree
    first = (totals >= totals.max(axis=1, keepdims=True) - TIE).astype(np.float64)
    first /= first.sum(axis=1, keepdims=True)
    found = np.empty((*totals.shape[:2], len(tree.nodes)))
    found[..., 0] = first.sum(axis=-1)
    place = {node: i for i, node in enumerate(tree.nodes)}
    for node, w in zip(tree.groups, drawn.held, strict=True):
        here = [place[child] for child in tree.children[node]]
        found[..., here] = np.einsum("std,csd->stc", first, w)
    return on_grid(found)


def excluding(study: Study) -> NDArray[np.bool_]:
    """Return which gates exclude a strategy that fails them [gate]; others are only reported."""
    gates = [study.tree.criteria[leaf].gate for leaf in study.tree.leaves]
    return np.array([gate.consequence == "exclude" for gate in gates if gate], dtype=bool)


def _passed(study: Study, made: Plan, drawn: Drawn) -> NDArray[np.bool_]:
    """Return whether each gate is passed [gate, scenario, strategy, draw] (C14); if n/a, too."""
    made_of = instrument(study)
    each = [
        (drawn.cells[made.cell[:, :-2, leaf]] >= threshold - TIE)
        | ~made_of.applicable[:, leaf, None, None]
        for (leaf, _), threshold in zip(made_of.gates, drawn.thresholds, strict=True)
    ]
    return np.array(each, dtype=bool).reshape(len(each), *drawn.totals.shape)
