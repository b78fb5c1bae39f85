"""Fold rules up the tree: leaf values to a score at every node."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assess.aggregation import weighted_sum
from assess.model import ValueTree

Array = NDArray[np.float64]
Rule = Callable[[Array, Array], Array]


@dataclass(frozen=True)
class Rolled:
    """Scores at every node, in the order of `tree.nodes`.

    Attributes:
        score: [..., node] in [0, 1], over what is rated; NaN where nothing below is.
        low, high: [..., node] in [0, 1], exact bounds over what absent ratings might be.
        coverage: [..., node] in [0, 1], share of weight that is rated; NaN where not applicable.
    """

    score: Array
    low: Array
    high: Array
    coverage: Array

    def split(self, at: int) -> tuple["Rolled", "Rolled"]:
        """Return the strategies before this place, and the rest."""
        arrays = (self.score, self.low, self.high, self.coverage)
        return (
            Rolled(*(array[..., :at, :] for array in arrays)),
            Rolled(*(array[..., at:, :] for array in arrays)),
        )


def fold(
    tree: ValueTree, values: Array, weights: Mapping[str, Array], rules: Mapping[str, Rule]
) -> Array:
    """Return the value of every node from the values of the leaves.

    Args:
        tree: whose `leaves` order the last axis of `values`.
        values: [..., leaf] in [0, 1]; NaN leaves a child out and shares its weight among siblings.
        weights: for each group [..., child], summing to 1, in the order of `tree.children`.
        rules: for each group, `(c),(c)->()`.

    Returns:
        [..., node] in the order of `tree.nodes`; NaN where nothing below is left.
    """
    place = {node: i for i, node in enumerate(tree.nodes)}
    shape = np.broadcast_shapes(values.shape[:-1], *(w.shape[:-1] for w in weights.values()))
    found = np.empty((*shape, len(place)))
    found[..., [place[leaf] for leaf in tree.leaves]] = values
    for node in reversed(tree.groups):
        below = found.take([place[child] for child in tree.children[node]], axis=-1)
        found[..., place[node]] = _combine(below, weights[node], rules[node])
    return found


def roll(
    tree: ValueTree,
    values: Array,
    applicable: NDArray[np.bool_],
    weights: Mapping[str, Array],
    rules: Mapping[str, Rule],
) -> Rolled:
    """Return partial scores, exact bounds and coverage at every node (C4).

    The bounds are exact because every rule is monotone: they put 0 and 1 in the absent leaves.

    Args:
        tree: the value tree.
        values: [..., leaf] in [0, 1]; NaN where absent.
        applicable: [..., leaf]; where False the leaf has no weight.
        weights: for each group [..., child].
        rules: for each group, `(c),(c)->()`.
    """
    absent = np.isnan(values)
    share = np.where(applicable, 1.0 - absent, np.nan)
    coverage = fold(tree, share, weights, dict.fromkeys(tree.groups, weighted_sum))
    if not (absent & applicable).any():
        score = fold(tree, np.where(applicable, values, np.nan), weights, rules)
        return Rolled(score, score, score, coverage)
    filled = np.stack([values, np.where(absent, 0.0, values), np.where(absent, 1.0, values)])
    score, low, high = fold(tree, np.where(applicable, filled, np.nan), weights, rules)
    return Rolled(score, low, high, coverage)


def _combine(below: Array, weights: Array, rule: Rule) -> Array:
    """Apply a rule to the children that are there, their weights renormalised."""
    there = ~np.isnan(below)
    if there.all():
        return rule(below, np.broadcast_to(weights, below.shape))
    held = np.where(there, weights, 0.0)
    total = held.sum(axis=-1, keepdims=True)
    some = total > 0
    shared = np.where(some, held / np.where(some, total, 1.0), 1.0 / below.shape[-1])
    return np.where(some[..., 0], rule(np.where(there, below, 0.0), shared), np.nan)
