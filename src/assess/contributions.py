"""What each leaf adds to a score: Winter values down the tree, which add up exactly.

A score is compared with that of a reference profile. Leaves move from their reference to their
value one after another, those under one criterion together; a leaf's contribution is the mean of
its steps over all such orders. Where every rule above is a weighted sum there is one order to
look at, and the contribution is weight times distance.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from math import factorial

import numpy as np
from numpy.typing import NDArray

from assess.aggregation import weighted_sum
from assess.model import ValueTree
from assess.rollup import Rule, fold, recipe

Array = NDArray[np.float64]

MOST_CHILDREN = 12
MOST_CONTEXTS = 2**16
ORDERS = 512


@dataclass(frozen=True)
class Contributions:
    """What the leaves of one strategy in one scenario add to its score.

    Attributes:
        start: score of the reference profile.
        total: score of the strategy; `start` and the contributions add up to it.
        by_leaf: [leaf]; 0 for a leaf that is left out.
        error: [leaf], standard error; 0 where the values are exact.
    """

    start: float
    total: float
    by_leaf: Array
    error: Array


@dataclass(frozen=True)
class _Step:
    """One level on the way up from a leaf: siblings' values in each context, and the rule."""

    place: int
    siblings: Array
    weights: Array
    rule: Rule


def contributions(
    tree: ValueTree,
    values: Array,
    weights: Mapping[str, Array],
    rules: Mapping[str, Rule],
    *,
    reference: float = 0.5,
    seed: int = 0,
) -> Contributions:
    """Return the Winter value of every leaf of one strategy in one scenario.

    Args:
        tree: the value tree.
        values: [leaf] in [0, 1]; NaN leaves a leaf out.
        weights: for each group [child].
        rules: for each group, `(c),(c)->()`.
        reference: the value of every leaf of the reference profile.
        seed: of the orders drawn where there are too many for an exact answer: a node below
            something other than a weighted sum with more than 12 children, or over 65,536
            combinations of groups above one leaf.

    References:
        Winter (1989), A value for cooperative games with levels structure of cooperation,
        doi:10.1007/BF01268161.
    """
    held = np.where(np.isnan(values), np.nan, reference)
    both = fold(recipe(tree, weights, rules), np.stack([held, values]))
    off, on = (dict(zip(tree.nodes, row, strict=True)) for row in both)
    if np.isnan(on[tree.id]):
        raise ValueError("no leaf has a value, so there is no score to take apart")
    if _countable(tree, on, rules):
        found = _exact(tree, on, off, weights, rules)
        error = np.zeros(len(tree.leaves))
    else:
        found, error = _sampled(tree, held, values, weights, rules, seed)
    return Contributions(float(off[tree.id]), float(on[tree.id]), found, error)


def _countable(tree: ValueTree, on: Mapping[str, float], rules: Mapping[str, Rule]) -> bool:
    def contexts(node: str, linear: bool, so_far: int) -> bool:
        below = [child for child in tree.children.get(node, ()) if not np.isnan(on[child])]
        linear = linear and (not below or rules[node] is weighted_sum)
        if not linear and len(below) > MOST_CHILDREN:
            return False
        so_far *= 1 if linear or not below else 2 ** (len(below) - 1)
        return so_far <= MOST_CONTEXTS and all(contexts(c, linear, so_far) for c in below)

    return contexts(tree.id, True, 1)


def _exact(
    tree: ValueTree,
    on: Mapping[str, float],
    off: Mapping[str, float],
    weights: Mapping[str, Array],
    rules: Mapping[str, Rule],
) -> Array:
    found = dict.fromkeys(tree.leaves, 0.0)

    def descend(node: str, linear: bool, chances: Array, above: tuple[_Step, ...]) -> None:
        if node not in tree.children:
            ends = [_up(np.full(len(chances), at[node]), above) for at in (on, off)]
            found[node] = float((chances * (ends[0] - ends[1])).sum())
            return
        there = [i for i, child in enumerate(tree.children[node]) if not np.isnan(on[child])]
        children = [tree.children[node][i] for i in there]
        share = weights[node][there] / weights[node][there].sum()
        linear = linear and rules[node] is weighted_sum
        for place, child in enumerate(children):
            states, chance = _coalitions(len(children), place, linear)
            siblings = np.where(states, [on[c] for c in children], [off[c] for c in children])
            step = _Step(place, np.tile(siblings, (len(chances), 1)), share, rules[node])
            repeated = tuple(
                _Step(s.place, np.repeat(s.siblings, len(chance), axis=0), s.weights, s.rule)
                for s in above
            )
            descend(child, linear, np.outer(chances, chance).ravel(), (*repeated, step))

    descend(tree.id, True, np.ones(1), ())
    return np.array([found[leaf] for leaf in tree.leaves])


def _up(value: Array, steps: tuple[_Step, ...]) -> Array:
    """Return the root's score in each context [context] for values of the lowest node."""
    for step in reversed(steps):
        children = step.siblings.copy()
        children[:, step.place] = value
        value = step.rule(children, np.broadcast_to(step.weights, children.shape))
    return value


def _coalitions(n: int, place: int, linear: bool) -> tuple[NDArray[np.bool_], Array]:
    """Return which children have moved [coalition, child], and Shapley's chance of each."""
    if linear:
        return np.zeros((1, n), dtype=bool), np.ones(1)
    states = np.array(
        [(*s[:place], False, *s[place:]) for s in product((False, True), repeat=n - 1)]
    )
    sizes = states.sum(axis=1)
    chance = np.array([factorial(k) * factorial(n - 1 - k) / factorial(n) for k in range(n)])
    return states, chance[sizes]


def _sampled(
    tree: ValueTree,
    held: Array,
    values: Array,
    weights: Mapping[str, Array],
    rules: Mapping[str, Rule],
    seed: int,
) -> tuple[Array, Array]:
    """Return the mean step of every leaf over random orders, and its standard error."""
    random = np.random.default_rng(np.random.SeedSequence(seed))
    place = {leaf: i for i, leaf in enumerate(tree.leaves)}

    def order(node: str) -> list[int]:
        if node not in tree.children:
            return [place[node]]
        children = tree.children[node]
        return [i for c in random.permutation(len(children)) for i in order(children[int(c)])]

    made = recipe(tree, weights, rules)
    steps = np.empty((ORDERS, len(tree.leaves)))
    for draw in range(ORDERS):
        moving = order(tree.id)
        walk = np.tile(held, (len(moving) + 1, 1))
        for step, leaf in enumerate(moving):
            walk[step + 1 :, leaf] = values[leaf]
        steps[draw, moving] = np.diff(fold(made, walk)[:, 0])
    return steps.mean(axis=0), steps.std(axis=0, ddof=1) / np.sqrt(ORDERS)
