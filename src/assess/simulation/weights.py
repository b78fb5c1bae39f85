"""How the weights under each node are drawn, and one block of them."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assess import tables, weighting
from assess.instrument import instrument
from assess.model import Study, Weights
from assess.rounding import counted, points
from assess.stakeholders import shares, voices
from assess.weight_bounds import METHODS, allowed
from assess.weight_sets import Uniform, Walk, draw, stroll

Array = NDArray[np.float64]
Places = NDArray[np.intp]
Mask = NDArray[np.bool_]
Measure = Literal["points", "ranks", "simplex", "bounds"]
BY_RANK = tuple(name for name in weighting.__all__ if name.startswith("rank_"))


@dataclass(frozen=True, eq=False)
class Group:
    """How the weights of the children of one node are drawn, scenario by scenario.

    Attributes:
        node: id.
        first: place of its first child among all children of all nodes.
        measure: [setting], "points": each child's points uniform between two ends, then divided by
            their sum; "ranks": uniform over all weights in the order of the ranks; "simplex":
            uniform over all weights, where nobody elicited any; "bounds": uniform over all weights
            that bounds allow.
        low, high: [setting, child], ends of the points; both the rank under "ranks".
        counts: [scenario, child], whether a child counts: something below it applies.
        allowed: [setting], the weights that bounds allow, of the children in the order of their
            ids; None under other measures.
        by_id: [child], the place of each child in the order of their ids.
        alike: [scenario], the first scenario in which the same weights are drawn.
        settings: [scenario], the settings that hold there: one, or one for each stakeholder.
        ends: [scenario], where the shares of the stakeholders end, of 1.
        bound: place of its first random number beyond one a child, among those of all nodes.
        numbers: how many there are.
    """

    node: str
    first: int
    measure: tuple[Measure, ...]
    low: Array
    high: Array
    counts: Mask
    allowed: tuple[Uniform | None, ...]
    by_id: Places
    alike: Places
    settings: tuple[range, ...]
    ends: tuple[Array, ...]
    bound: int
    numbers: int

    @cached_property
    def distinct(self) -> tuple[Places, Places, Places]:
        """Scenarios of different weights, the place of each scenario there, the first settings."""
        where, of = np.unique(self.alike, return_inverse=True)
        return where, of, np.array([self.settings[s].start for s in where.tolist()])


def weight_groups(study: Study) -> tuple[Group, ...]:
    """Return how the weights of every group are drawn, root first."""
    return tuple(_groups(study))


def _groups(study: Study) -> Iterator[Group]:
    tree, first, bound = study.tree, 0, 0
    applies = dict(zip(tree.nodes, instrument(study).applies[0].T, strict=True))
    held = [tables.judged(study, scenario) for scenario in study.scenarios]
    for node in tree.groups:
        children = tree.children[node]
        spread = study.method.uncertainty.weight_spread
        said = [_voices(own.get(node)) for own in held]
        drawn = [_points(one, children, spread) for each in said for one in each]
        counts = np.stack([applies[child] for child in children], axis=-1)
        bounded = _bounded(one for each in said for one in each)
        numbers = max(map(_numbers, bounded))
        settings = _ranges(map(len, said))
        ends = tuple(_ends(own.get(node)) for own in held)
        yield Group(
            node=node,
            first=first,
            measure=tuple(measure for measure, _, _ in drawn),
            low=np.array([low for _, low, _ in drawn]),
            high=np.array([high for _, _, high in drawn]),
            counts=counts,
            allowed=bounded,
            by_id=np.argsort(np.argsort(children)),
            alike=_alike(
                (
                    str(drawn[of.start : of.stop]),
                    *map(id, bounded[of.start : of.stop]),
                    end.tobytes(),
                    row.tobytes(),
                )
                for of, end, row in zip(settings, ends, counts, strict=True)
            ),
            settings=settings,
            ends=ends,
            bound=bound,
            numbers=numbers,
        )
        first, bound = first + len(children), bound + numbers


def _voices(held: Weights | None) -> tuple[Weights | None, ...]:
    """Return what is said of the children of a node: by all, or by each stakeholder."""
    return (None,) if held is None else tuple(voices(held).values())


def _ends(held: Weights | None) -> Array:
    return np.cumsum(np.ones(1) if held is None else shares(held))


def _ranges(lengths: Iterable[int]) -> tuple[range, ...]:
    """Return ranges of these lengths, one behind the other."""
    ends = [0, *accumulate(lengths)]
    return tuple(range(start, end) for start, end in pairwise(ends))


def _bounded(held: Iterable[Weights | None]) -> tuple[Uniform | None, ...]:
    """Return the weights that bounds allow in each scenario, once for the same bounds."""
    found: dict[Hashable, Uniform] = {}
    made: list[Uniform | None] = []
    for own in held:
        if own is None or own.method.name not in METHODS:
            made.append(None)
            continue
        said = (own.judgements, own.before, own.ratios)
        if said not in found:
            found[said] = allowed(own)
        made.append(found[said])
    return tuple(made)


def _numbers(made: Uniform | None) -> int:
    """Return how many random numbers a draw takes beyond one a child."""
    if isinstance(made, Walk):
        return made.numbers
    return int(made is not None and len(made.shares) > 1)


def _alike(given: Iterable[Hashable]) -> Places:
    """Return the place of the first that is equal to each."""
    first: dict[Hashable, int] = {}
    return np.array([first.setdefault(one, s) for s, one in enumerate(given)], dtype=np.intp)


def _points(
    held: Weights | None, children: tuple[str, ...], spread: float
) -> tuple[Measure, list[float], list[float]]:
    """Return the measure, and the ends of the points of every child."""
    if held is not None and held.method.name in METHODS:
        return "bounds", [0.0] * len(children), [0.0] * len(children)
    if held is None or held.method.name == "equal":
        return "simplex", [0.0] * len(children), [0.0] * len(children)
    judged = [held.judgements[child] for child in children]
    if held.method.name in BY_RANK:
        ranks = [sum(p) / 2 if isinstance(p, tuple) else p for p in judged]
        return "ranks", ranks, ranks
    ends = [p if isinstance(p, tuple) else (p * (1 - spread), p * (1 + spread)) for p in judged]
    return "points", [low for low, _ in ends], [high for _, high in ends]


def measures(study: Study) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return by which measures weights are drawn, in words, and where each holds.

    Returns:
        For every measure the (node, scenario) ids in which the children of the node are drawn by
        it, root first; a node with one child has nothing to draw.

    >>> import assess
    >>> list(measures(assess.load("mali")))[1:3]  # doctest: +NORMALIZE_WHITESPACE
    ['points up to 30 % off before they are divided by their sum',
     'uniform over all weights: nobody elicited any']
    """
    found: dict[str, list[tuple[str, str]]] = {}
    spread = study.method.uncertainty.weight_spread
    for node in study.tree.groups:
        if len(study.tree.children[node]) > 1:
            for scenario in study.scenarios:
                held = tables.judged(study, scenario).get(node)
                found.setdefault(_measures(held, spread), []).append((node, scenario.id))
    return {words: tuple(where) for words, where in found.items()}


def _measures(held: Weights | None, spread: float) -> str:
    """Return in words how the weights of the children of a node are drawn, for all who judge."""
    each = dict.fromkeys(_measure(one, spread) for one in _voices(held))
    count = len(held.stakeholders) if held else 0
    one_of = f"of one of {counted(count, 'stakeholder')} a draw, " if count else ""
    return f"{one_of}{'; or '.join(each)}"


def _measure(held: Weights | None, spread: float) -> str:
    """Return in words how the weights of the children of a node are drawn."""
    if held is None:
        return "uniform over all weights: nobody elicited any"
    if held.method.name == "equal":
        return "uniform over all weights: the method equal elicits none"
    if held.method.name in METHODS:
        return _set_words(allowed(held))
    if held.method.name in BY_RANK:
        return "uniform over the weights that keep the order, equal ranks sharing their mean"
    ranges = [isinstance(given, tuple) for given in held.judgements.values()]
    off = f"up to {points(spread)} % off"
    if all(ranges):
        off = "within their ranges"
    elif any(ranges):
        off = f"within their ranges, single numbers {off},"
    return f"points {off} before they are divided by their sum"


def _set_words(made: Uniform) -> str:
    """Return in words how weights that bounds allow are drawn."""
    if isinstance(made, Walk):
        how = f"hit-and-run, {made.steps} steps, R-hat {made.rhat:.2f}"
    elif made.corners.shape[1] == 1:
        return "the only weights that the bounds allow"
    else:
        how = f"exact, {counted(len(made.shares), 'piece')}"
    return f"uniform over the weights that the bounds allow ({how})"


def weights(
    made: Group, u: Array, further: Array | None = None, stakeholder: Array | None = None
) -> Array:
    """Return the weights of the children of a group [child, scenario, draw].

    Args:
        made: how they are drawn.
        u: [child, draw], uniform; the same for every scenario.
        further: [number, draw], uniform, for weights that bounds allow: which piece of the set, or
            the start and the steps of a walk; needed where the group takes some.
        stakeholder: [draw], uniform: whose judgements hold; needed where there are several.
    """
    where, settings, first = made.distinct
    points = u[:, None] * (made.high - made.low).T[:, first, None]
    points += made.low.T[:, first, None]
    free = -np.log1p(-u) if {"ranks", "simplex"} & set(made.measure) else u[:0]
    for i, s in enumerate(where.tolist()):
        if len(made.settings[s]) > 1 or made.measure[first[i]] != "points":
            each = [
                _drawn(made, setting, u, free, u[:0] if further is None else further)
                for setting in made.settings[s]
            ]
            points[:, i] = each[0] if len(each) == 1 else _taken(each, made.ends[s], stakeholder)
    if not made.counts.all():
        points *= made.counts[where].T[..., None]
    total = points.sum(axis=0)
    if not total.all():
        points += np.where(total == 0.0, _alone(made.counts[where]).T[..., None], 0.0)
        total = points.sum(axis=0)
    points /= total
    return points if len(where) == len(settings) else points[:, settings]


def _alone(counts: Mask) -> Mask:
    """Return which children share the weight where all points are 0 [scenario, child].

    Those that count; all where none does.
    """
    return np.asarray(counts | ~counts.any(axis=1, keepdims=True))


def _taken(each: Sequence[Array], ends: Array, stakeholder: Array | None) -> Array:
    """Return for each draw the points of one stakeholder [child, draw]."""
    assert stakeholder is not None
    who = np.minimum(np.searchsorted(ends, stakeholder, side="right"), len(each) - 1)
    return np.asarray(np.stack(each)[who, :, np.arange(len(who))].T)


def _drawn(made: Group, s: int, u: Array, free: Array, further: Array) -> Array:
    """Return points in one setting [child, draw]; weights are in proportion to them."""
    match made.measure[s]:
        case "points":
            low, high = made.low[s, :, None], made.high[s, :, None]
            return np.asarray(low + u * (high - low))
        case "ranks":
            return _in_order(free, made.low[s])
        case "simplex":
            return free
        case "bounds":
            allowed = made.allowed[s]
            assert allowed is not None
            if isinstance(allowed, Walk):
                return stroll(allowed, further[: allowed.numbers])[made.by_id]
            return draw(allowed, further[0] if len(further) else u[0], u)[made.by_id]


def _in_order(free: Array, ranks: Array) -> Array:
    """Return points in the order of the ranks, uniform over all such weights; ties share."""
    falling = -np.sort(-free, axis=0)
    placed = falling[np.argsort(np.argsort(ranks, kind="stable"), kind="stable")]
    for rank in np.unique(ranks):
        tied = ranks == rank
        placed[tied] = placed[tied].mean(axis=0)
    return placed
