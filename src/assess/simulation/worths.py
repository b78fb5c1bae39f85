"""Worths that elicitation left as ranges: drawn in their order, and what values become by them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from assess import tables
from assess.model import Scale, Study, as_text
from assess.values import level_of

Array = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Side:
    """One side of a scale, on which worths only rise or only fall, and what is rated on it.

    Attributes:
        levels: [level], places among all levels whose worth is drawn; of rising worth.
        at: [level], what each is worth at the midpoint of its range.
        below, above: [level], the worth of the next level down and up, 0 and 1 beyond the ends.
        ratings, profiles, gates: places of the ratings in use, the cells of the two profiles and
            the gates whose levels lie on this side.
    """

    levels: Places
    at: Array
    below: Array
    above: Array
    ratings: Places
    profiles: Places
    gates: Places


@dataclass(frozen=True, eq=False)
class Worths:
    """Levels whose worth is drawn, and the sides of scales on which they lie.

    Attributes:
        low, high: [level], ends of the range, as far as the order of levels leaves them open.
        sides: of scales; criteria that name one scale share its draws.
    """

    low: Array
    high: Array
    sides: tuple[Side, ...]


def worths(study: Study, rows: Places) -> Worths:
    """Return the levels whose worth is drawn.

    Args:
        study: without problems.
        rows: of the ratings in use.
    """
    ends, sides = [np.empty((0, 2))], []
    for leaves in _sharing(study):
        scale = study.tree.scale_of(leaves[0])
        assert scale is not None  # every leaf of a sound tree has one
        for right in (False, True):
            knots = _knots(scale, right)
            drawn = knots[:, 1] < knots[:, 2]
            if drawn.any():
                first = sum(map(len, ends))
                sides.append(_side(study, rows, leaves, right, knots[:, 0], drawn, first))
                ends.append(knots[drawn, 1:])
    low, high = np.concatenate(ends).T
    return Worths(low, high, tuple(sides))


def _sharing(study: Study) -> list[tuple[str, ...]]:
    """Return the leaves, those together that name one scale."""
    found: dict[str, tuple[str, ...]] = {}
    for leaf in study.tree.leaves:
        named = study.tree.criteria[leaf].scale
        key = named if isinstance(named, str) else f"of {leaf}"
        found[key] = (*found.get(key, ()), leaf)
    return list(found.values())


def _knots(scale: Scale, right: bool) -> Array:
    """Return worths between 0 and 1 on one side, rising: midpoint and ends [level, 3].

    The ends are those of the range as far as the levels beside it leave them open. Levels that are
    worth the same at their midpoints stay worth the same.
    """
    peak = scale.worths.index(1.0)
    here = scale.points[peak:] if right else scale.points[: peak + 1]
    ranges = [worth if isinstance(worth, tuple) else (worth, worth) for _, worth in here]
    rising = sorted((sum(ends) / 2, *ends) for ends in ranges)
    tied = [list(alike) for _, alike in groupby(rising, key=lambda knot: knot[0])]
    found = np.array([np.mean(alike, axis=0) for alike in tied])
    found[:, 1] = np.maximum.accumulate(found[:, 1])
    found[:, 2] = np.minimum.accumulate(found[::-1, 2])[::-1]
    return found[(found[:, 0] > 0) & (found[:, 0] < 1)]


def _side(
    study: Study,
    rows: Places,
    leaves: tuple[str, ...],
    right: bool,
    at: Array,
    drawn: NDArray[np.bool_],
    first: int,
) -> Side:
    """Return a side of the scale of some leaves; its drawn levels are numbered from `first`."""
    scale = study.tree.scale_of(leaves[0])
    assert scale is not None
    peak = scale.worths.index(1.0)

    def here(level: Array) -> NDArray[np.bool_]:
        # A level at the peak of a scale that only falls lies on its falling side.
        left = (level <= scale.at[peak]) & (peak > 0)
        return ~left & ~np.isnan(level) if right else left

    among = tables.places(study.ratings.criterion, study.tree.leaves)[rows]
    about = np.isin(among, [study.tree.leaves.index(leaf) for leaf in leaves])
    rated = tables.levels(study)["rating"].level[rows]
    return Side(
        levels=first + np.arange(drawn.sum()),
        at=at[drawn],
        below=np.concatenate([[0.0], at[:-1]])[drawn],
        above=np.concatenate([at[1:], [1.0]])[drawn],
        ratings=np.flatnonzero(about & here(rated)),
        profiles=np.flatnonzero(here(np.array(list(_profile_levels(study, leaves))))),
        gates=np.flatnonzero(here(np.array(list(_gate_levels(study, leaves)), np.float64))),
    )


def _profile_levels(study: Study, leaves: tuple[str, ...]) -> Iterator[float]:
    """Yield the level of every cell of the two profiles; NaN where it is not on the scale."""
    for name in ("acceptable", "good"):
        for leaf in study.tree.leaves:
            level = getattr(study.tree.criteria[leaf], name)
            yield _level(study, leaf, level) if leaf in leaves and level is not None else np.nan


def _gate_levels(study: Study, leaves: tuple[str, ...]) -> Iterator[float]:
    """Yield the level that every gate asks for; NaN where it is not on the scale."""
    for leaf in study.tree.leaves:
        if gate := study.tree.criteria[leaf].gate:
            yield _level(study, leaf, gate.threshold) if leaf in leaves else np.nan


def _level(study: Study, leaf: str, level: float | str) -> float:
    scale = study.tree.scale_of(leaf)
    return level_of(scale, as_text(level)) if scale else np.nan


def shifts(made: Worths, u: Array) -> Array:
    """Return how far every drawn worth lies from its midpoint [level, draw].

    Worths are uniform in their ranges and put in the order of their levels.

    Args:
        made: the levels.
        u: [level, draw], uniform.
    """
    drawn = made.low[:, None] + u * (made.high - made.low)[:, None]
    for side in made.sides:
        drawn[side.levels] = np.sort(drawn[side.levels], axis=0) - side.at[:, None]
    return drawn


def moved(side: Side, shift: Array, values: Array) -> Array:
    """Return values under drawn worths [..., draw]: linear between levels, as the scale is.

    v + sum_k shift_k tent_k(v), tent_k 1 at the midpoint of level k and 0 from its neighbours on.

    Args:
        side: of the scale that they lie on.
        shift: [level, draw], from `shifts`.
        values: [..., draw] in [0, 1], under the midpoints.
    """
    found = values.copy()
    for k, level in enumerate(side.levels):
        rise = (values - side.below[k]) / (side.at[k] - side.below[k])
        fall = (side.above[k] - values) / (side.above[k] - side.at[k])
        tent = np.minimum(rise, fall, out=rise)
        found += shift[level] * np.maximum(tent, 0.0, out=tent)
    return found
