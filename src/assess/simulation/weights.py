"""How the weights under each node are drawn, and one block of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assess import tables, weighting
from assess.instrument import instrument
from assess.model import Study, Weights

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Measure = Literal["points", "ranks", "simplex"]
BY_RANK = tuple(name for name in weighting.__all__ if name.startswith("rank_"))


@dataclass(frozen=True, eq=False)
class Group:
    """How the weights of the children of one node are drawn, scenario by scenario.

    Attributes:
        node: id.
        first: place of its first child among all children of all nodes.
        measure: [scenario], "points": each child's points uniform between two ends, then divided by
            their sum; "ranks": uniform over all weights in the order of the ranks; "simplex":
            uniform over all weights, where nobody elicited any.
        low, high: [scenario, child], ends of the points; both the rank under "ranks".
        counts: [scenario, child], whether a child counts: something below it applies.
    """

    node: str
    first: int
    measure: tuple[Measure, ...]
    low: Array
    high: Array
    counts: Mask


def weight_groups(study: Study) -> tuple[Group, ...]:
    """Return how the weights of every group are drawn, root first."""
    return tuple(_groups(study))


def _groups(study: Study) -> Iterator[Group]:
    tree, first = study.tree, 0
    applies = dict(zip(tree.nodes, instrument(study).applies[0].T, strict=True))
    held = [tables.judged(study, scenario) for scenario in study.scenarios]
    for node in tree.groups:
        children = tree.children[node]
        spread = study.method.uncertainty.weight_spread
        drawn = [_points(own.get(node), children, spread) for own in held]
        yield Group(
            node=node,
            first=first,
            measure=tuple(measure for measure, _, _ in drawn),
            low=np.array([low for _, low, _ in drawn]),
            high=np.array([high for _, _, high in drawn]),
            counts=np.stack([applies[child] for child in children], axis=-1),
        )
        first += len(children)


def _points(
    held: Weights | None, children: tuple[str, ...], spread: float
) -> tuple[Measure, list[float], list[float]]:
    """Return the measure, and the ends of the points of every child."""
    if held is None or held.method.name == "equal":
        return "simplex", [0.0] * len(children), [0.0] * len(children)
    judged = [held.judgements[child] for child in children]
    if held.method.name in BY_RANK:
        ranks = [sum(p) / 2 if isinstance(p, tuple) else p for p in judged]
        return "ranks", ranks, ranks
    ends = [p if isinstance(p, tuple) else (p * (1 - spread), p * (1 + spread)) for p in judged]
    return "points", [low for low, _ in ends], [high for _, high in ends]


def weights(made: Group, u: Array) -> Array:
    """Return the weights of the children of a group [child, scenario, draw].

    Args:
        made: how they are drawn.
        u: [child, draw], uniform; the same for every scenario.
    """
    children, draws = u.shape
    points = np.empty((children, len(made.measure), draws))
    free = -np.log1p(-u)
    for s, measure in enumerate(made.measure):
        low, high = made.low[s, :, None], made.high[s, :, None]
        if measure == "points":
            points[:, s] = low + u * (high - low)
        else:
            points[:, s] = free if measure == "simplex" else _in_order(free, made.low[s])
    points *= made.counts.T[..., None]
    points[:, ~made.counts.any(axis=1)] = 1.0
    return np.asarray(points / points.sum(axis=0))


def _in_order(free: Array, ranks: Array) -> Array:
    """Return points in the order of the ranks, uniform over all such weights; ties share."""
    falling = -np.sort(-free, axis=0)
    placed = falling[np.argsort(np.argsort(ranks, kind="stable"), kind="stable")]
    for rank in np.unique(ranks):
        tied = ranks == rank
        placed[tied] = placed[tied].mean(axis=0)
    return placed
