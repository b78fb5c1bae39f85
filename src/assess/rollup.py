"""Fold rules up the tree: leaf values to a score at every node."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assess.model import ValueTree

Array = NDArray[np.float64]
Places = NDArray[np.intp]
Rule = Callable[[Array, Array], Array]


@dataclass(frozen=True, eq=False)
class Step:
    """Groups of equal height under one rule, folded together: the group is a leading axis.

    Attributes:
        nodes: [group], places on the node axis.
        children: [group, child], places on the node axis; a group with fewer children than the
            widest is filled up by the place after the last node, which weighs nothing.
        weights: [..., group, child], summing to 1.
        rule: `(c),(c)->()`.
    """

    nodes: Places
    children: Places
    weights: Array
    rule: Rule


@dataclass(frozen=True, eq=False)
class Recipe:
    """How the scores of a tree are made: its groups from the lowest up, with weights and rules.

    Attributes:
        leaves: [leaf], places on the node axis.
        nodes: how many nodes there are.
        steps: lowest groups first.
    """

    leaves: Places
    nodes: int
    steps: tuple[Step, ...]


def recipe(tree: ValueTree, weights: Mapping[str, Array], rules: Mapping[str, Rule]) -> Recipe:
    """Return how the scores of a tree are made.

    Args:
        tree: the value tree.
        weights: for each group [..., child], summing to 1, in the order of `tree.children`.
        rules: for each group, `(c),(c)->()`; groups that share one function are folded together.
    """
    place = {node: i for i, node in enumerate(tree.nodes)}
    height = dict.fromkeys(tree.leaves, 0)
    together: dict[tuple[int, int], list[str]] = {}
    for node in reversed(tree.groups):
        height[node] = 1 + max(height[child] for child in tree.children[node])
        together.setdefault((height[node], id(rules[node])), []).append(node)
    steps = []
    for _, groups in sorted(together.items(), key=lambda item: item[0][0]):
        widest = max(len(tree.children[node]) for node in groups)
        children = np.full((len(groups), widest), len(place))
        shape = np.broadcast_shapes(*(weights[node].shape[:-1] for node in groups))
        held = np.zeros((*shape, len(groups), widest))
        for g, node in enumerate(groups):
            count = len(tree.children[node])
            children[g, :count] = [place[child] for child in tree.children[node]]
            held[..., g, :count] = weights[node]
        nodes = np.array([place[node] for node in groups])
        steps.append(Step(nodes, children, held, rules[groups[0]]))
    return Recipe(np.array([place[leaf] for leaf in tree.leaves]), len(place), tuple(steps))


def fold(made: Recipe, values: Array) -> Array:
    """Return the value of every node from the values of the leaves.

    Args:
        made: by `recipe`.
        values: [..., leaf] in [0, 1], in the order of `tree.leaves`; NaN leaves a child out and
            shares its weight among siblings.

    Returns:
        [..., node] in the order of `tree.nodes`; NaN where nothing below is left.
    """
    leading = [step.weights.shape[:-2] for step in made.steps]
    shape = np.broadcast_shapes(values.shape[:-1], *leading)
    found = np.zeros((*shape, made.nodes + 1))
    found[..., made.leaves] = values
    for step in made.steps:
        below = found.take(step.children, axis=-1)
        found[..., step.nodes] = combine(below, step.weights, step.rule)
    return found[..., :-1]


def bounds(made: Recipe, values: Array) -> Array:
    """Return the exact bounds of every node over what absent ratings might be (C4).

    They are exact because every rule is monotone: they put 0 and 1 in the absent leaves.

    Args:
        made: by `recipe`.
        values: [..., leaf] in [0, 1]; NaN where absent.

    Returns:
        [2, ..., node], low and high.
    """
    absent = np.isnan(values)
    return fold(made, np.stack([np.where(absent, 0.0, values), np.where(absent, 1.0, values)]))


def combine(below: Array, weights: Array, rule: Rule) -> Array:
    """Apply a rule to the children that are there; the others are NaN and weigh nothing.

    Args:
        below: [..., child] in [0, 1]; NaN where there is no value.
        weights: [..., child], of the same shape, summing to 1.
        rule: `(c),(c)->()`.

    Returns:
        [...]; NaN where no child has a value.
    """
    absent = np.isnan(below)
    if not absent.any():
        return rule(below, weights)
    held = np.where(absent, 0.0, weights)
    total = np.einsum("...c->...", held)
    if (total > 0).all():
        return rule(below, held / total[..., None])
    none = total == 0
    held[none], total[none] = 1.0, below.shape[-1]
    held /= total[..., None]
    return np.where(none, np.nan, rule(np.where(absent, 0.0, below), held))
