"""A point among the criteria, and what moving one leaf away from it changes."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assess import tables
from assess.aggregation import weighted_sum
from assess.assessment import pool
from assess.instrument import instrument, node_rules
from assess.model import Scale, Study
from assess.rollup import fold

Array = NDArray[np.float64]
HALF = 0.5
STEP = 1e-6


@dataclass(frozen=True, eq=False)
class Point:
    """Where local rates are taken: a value for each leaf, in one scenario.

    Attributes:
        study: whose rules and weights hold.
        s: the place of the scenario.
        values: [leaf] in [0, 1].
        strategy: id of the strategy whose pooled values they are; "" for half of every scale.
        filled: how many leaves nobody rated, and stand at half.
    """

    study: Study
    s: int
    values: Array
    strategy: str
    filled: int

    def scores(self, leaf: str, worths: Array) -> Array:
        """Return the value of every node [..., node] with one leaf at each of some worths."""
        moved = np.repeat(self.values[None], len(worths), axis=0)
        moved[:, self.study.tree.leaves.index(leaf)] = worths
        shape = (len(worths), len(self.study.scenarios), 1, len(self.values))
        laid = np.broadcast_to(moved[:, None, None], shape)
        found: Array = fold(instrument(self.study).total, laid)[:, self.s, 0]
        return found

    def swing(self, leaf: str, node: str) -> float:
        """Return by how much a node rises as a leaf goes from worth 0 to worth 1."""
        low, high = self.scores(leaf, np.array([0.0, 1.0]))[:, self._place(node)]
        return float(high - low)

    def slope(self, leaf: str) -> tuple[float, float]:
        """Return how fast the total rises with the worth of a leaf, below and above the point.

        At an end of the scale both are the slope on the one side that there is.
        """
        here = float(self.values[self.study.tree.leaves.index(leaf)])
        at = np.array([max(here - STEP, 0.0), here, min(here + STEP, 1.0)])
        low, middle, high = self.scores(leaf, at)[:, 0]
        below = (middle - low) / (at[1] - at[0]) if at[1] > at[0] else np.nan
        above = (high - middle) / (at[2] - at[1]) if at[2] > at[1] else np.nan
        if np.isnan(below):
            return float(above), float(above)
        return float(below), float(below if np.isnan(above) else above)

    def _place(self, node: str) -> int:
        return self.study.tree.nodes.index(node)


def point(study: Study, s: int, strategy: str) -> Point:
    """Return the pooled values of a strategy in a scenario; half of every scale for "".

    Leaves that nobody rated stand at half.
    """
    values = np.full(len(study.tree.leaves), np.nan)
    if strategy:
        panel = pool(study, tables.cells(study).values)[0, 0]
        values = panel[s if len(panel) > 1 else 0, list(study.strategies).index(strategy)]
    applies = instrument(study).applicable[s]
    absent = np.isnan(values)
    return Point(
        study,
        s,
        np.where(absent, HALF, values),
        strategy,
        int((absent & applies).sum()) if strategy else 0,
    )


def meeting(study: Study, one: str, other: str) -> str:
    """Return the lowest node that is above both leaves."""
    ways = [_way(study, leaf) for leaf in (one, other)]
    return next(node for node in ways[0] if node in ways[1])


def additive(study: Study, leaf: str, node: str) -> bool:
    """Whether every rule from a leaf up to a node above it is a weighted sum."""
    way = _way(study, leaf)
    rules = node_rules(study)
    return all(rules[group] is weighted_sum for group in way[: way.index(node) + 1])


def _way(study: Study, leaf: str) -> list[str]:
    """Return the groups above a leaf, lowest first, the root last."""
    tree, way = study.tree, list[str]()
    here = leaf
    while here != tree.id:
        here = tree.criteria[here].parent or tree.id
        way.append(here)
    return way


def ends(scale: Scale) -> tuple[float, float]:
    """Return the levels of worth 0 and 1 that a swing goes between: the longest way of the two.

    A scale that rises and falls has a worst level at either end, or at one; the swing starts at the
    one that is farther from the best.
    """
    at, worths = np.array(scale.at), np.array(scale.worths)
    pairs = [(a, b) for a in at[worths == 0] for b in at[worths == 1]]
    if scale.rising or scale.falling:  # from the last level worth nothing to the first worth all
        start, end = min(pairs, key=lambda pair: abs(pair[1] - pair[0]))
    else:
        nearest = [min((p for p in pairs if p[0] == a), key=lambda p: abs(p[1] - p[0]))
                   for a in dict.fromkeys(p[0] for p in pairs)]  # fmt: skip
        start, end = max(nearest, key=lambda pair: abs(pair[1] - pair[0]))
    return float(start), float(end)


def straight(scale: Scale) -> bool:
    """Whether worth is a straight line between the ends of a numeric scale."""
    return not scale.ordinal and len(scale.at) == 2


def level_at(scale: Scale, worth: float) -> float:
    """Return the level of a numeric scale with this worth, on the way of its swing.

    Where several levels have it, the one next to the worst end.
    """
    start, end = ends(scale)
    low, high = sorted((start, end))
    inside = [(a, w) for a, w in zip(scale.at, scale.worths, strict=True) if low <= a <= high]
    if end < start:
        inside.reverse()
    for (a, v), (b, w) in pairwise(inside):
        if v <= worth <= w and w > v:
            return a + (b - a) * (worth - v) / (w - v)
    return start if worth <= 0 else end


def gradient(scale: Scale, worth: float) -> tuple[float, float]:
    """Return how much worth one unit of level is, below and above a worth, as sizes."""
    start, end = ends(scale)
    low, high = sorted((start, end))
    inside = [(a, w) for a, w in zip(scale.at, scale.worths, strict=True) if low <= a <= high]
    if end < start:
        inside.reverse()
    pieces = [(v, w, (w - v) / abs(b - a)) for (a, v), (b, w) in pairwise(inside)]
    below = [size for v, w, size in pieces if v < worth <= w]
    above = [size for v, w, size in pieces if v <= worth < w]
    first, last = (below or above)[-1], (above or below)[0]
    return first, last
