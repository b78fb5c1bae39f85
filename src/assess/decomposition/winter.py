"""What each changed rating adds to a change of one score: Winter values, down to single ratings.

Ratings move from what they were to what they are one after another, those under one criterion
together; the value of a rating is the mean of its steps over all such orders. A step that begins
or ends where there is no score (too little is rated) is nobody's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from math import factorial

import numpy as np
from numpy.typing import NDArray

from assess.aggregation import weighted_sum
from assess.model import ValueTree
from assess.rollup import Rule, combine

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Cell = tuple[int, int]  # analyst, leaf

MOST_CHILDREN = 12
MOST_CONTEXTS = 2**14
ORDERS = 512


@dataclass(frozen=True, eq=False)
class Fold:
    """How the ratings of one strategy in one scenario become the score of one node.

    Attributes:
        tree: the value tree.
        node: whose score it is.
        weights: for each group [child], of those that apply.
        rules: for each group.
        pool: one leaf's values [context, analyst] to the panel's [context]; NaN where absent.
        applies: [leaf].
        floor: share of weight that must be rated.
    """

    tree: ValueTree
    node: str
    weights: dict[str, Array]
    rules: dict[str, Rule]
    pool: Callable[[Array], Array]
    applies: Mask
    floor: float


@dataclass(frozen=True, eq=False)
class _Step:
    """One level on the way up: the siblings' values and coverage in each context, and the rule."""

    place: int
    values: Array
    covered: Array
    weights: Array
    rule: Rule

    def repeated(self, times: int) -> "_Step":
        values, covered = (np.repeat(x, times, axis=0) for x in (self.values, self.covered))
        return _Step(self.place, values, covered, self.weights, self.rule)


State = dict[str, tuple[float, float]]  # by node: value and coverage


def winter_values(
    fold: Fold, before: Array, after: Array, seed: int = 0
) -> tuple[dict[Cell, float], dict[Cell, float]]:
    """Return the Winter value of every changed rating, and its standard error.

    Args:
        fold: how ratings become the score.
        before: values [analyst, leaf] in [0, 1]; NaN where absent.
        after: the same, later.
        seed: of the orders drawn where more than 12 children of a node changed, or there are more
            than 16,384 combinations above one rating.

    Returns:
        Both by analyst and leaf, as places; an error of 0 where the value is exact.

    References:
        Winter (1989), A value for cooperative games with levels structure of cooperation,
        doi:10.1007/BF01268161.
    """
    cells = _changed(fold, before, after)
    off, on = (_state(fold, values) for values in (before, after))
    places = {leaf: i for i, leaf in enumerate(fold.tree.leaves)}
    moving = {
        node
        for node in fold.tree.nodes
        if any(cells.get(places[leaf]) for leaf in fold.tree.below(node))
    }
    steady = bool((np.isnan(before) == np.isnan(after)).all())
    walk = _Walk(fold, before, after, cells, off, on, moving, steady)
    if walk.countable():
        found = walk.exact()
        return found, dict.fromkeys(found, 0.0)
    return walk.sampled(np.random.default_rng(np.random.SeedSequence(seed)))


def _changed(fold: Fold, before: Array, after: Array) -> dict[int, list[int]]:
    """Return the analysts whose rating changed, by leaf."""
    same = (before == after) | (np.isnan(before) & np.isnan(after))
    below = set(fold.tree.below(fold.node))
    return {
        c: np.flatnonzero(~same[:, c]).tolist()
        for c, leaf in enumerate(fold.tree.leaves)
        if leaf in below and fold.applies[c] and not same[:, c].all()
    }


def _state(fold: Fold, values: Array) -> State:
    """Return value and coverage of every node below the one that is looked at."""
    found: State = {}
    tree = fold.tree
    panel = np.where(fold.applies, fold.pool(values.T), 0.0)
    for leaf, held in zip(tree.leaves, panel.tolist(), strict=True):
        found[leaf] = held, float(not np.isnan(held))
    for node in reversed(tree.groups):
        below = np.array([found[child] for child in tree.children[node]])
        w = fold.weights[node]
        value = combine(below[None, :, 0], w[None], fold.rules[node])[0]
        found[node] = float(value), float((w * below[:, 1]).sum())
    return found


@dataclass(frozen=True, eq=False)
class _Walk:
    """One change of many ratings: both ends, and what moves between them."""

    fold: Fold
    before: Array
    after: Array
    cells: dict[int, list[int]]
    off: State
    on: State
    moving: set[str]
    steady: bool

    def below(self, node: str) -> list[str]:
        """Return the children of a node that move."""
        return [child for child in self.fold.tree.children[node] if child in self.moving]

    def plain(self, node: str) -> bool:
        """Whether what a child adds here does not hang on its siblings."""
        return self.steady and self.fold.rules[node] is weighted_sum

    def countable(self) -> bool:
        """Whether all orders can be gone through."""
        leaves = self.fold.tree.leaves

        def few(node: str, plain: bool, contexts: int) -> bool:
            if node not in self.fold.tree.children:
                count = len(self.cells[leaves.index(node)])
                return count <= MOST_CHILDREN and contexts * 2 ** (count - 1) <= MOST_CONTEXTS
            children, plain = self.below(node), plain and self.plain(node)
            if not plain and len(children) > MOST_CHILDREN:
                return False
            contexts *= 1 if plain else 2 ** (len(children) - 1)
            return contexts <= MOST_CONTEXTS and all(few(c, plain, contexts) for c in children)

        return self.fold.node not in self.moving or few(self.fold.node, True, 1)

    def exact(self) -> dict[Cell, float]:
        """Return the mean step of every rating over all orders."""
        found: dict[Cell, float] = {}
        tree = self.fold.tree

        def descend(node: str, plain: bool, chances: Array, above: tuple[_Step, ...]) -> None:
            if node not in tree.children:
                found.update(self._of_leaf(tree.leaves.index(node), chances, above))
                return
            moving, plain = self.below(node), plain and self.plain(node)
            for child in moving:
                step, chance = self._step(node, child, moving, plain, len(chances))
                raised = tuple(s.repeated(len(chance)) for s in above)
                descend(child, plain, np.outer(chances, chance).ravel(), (*raised, step))

        if self.fold.node in self.moving:
            descend(self.fold.node, True, np.ones(1), ())
        return found

    def _step(
        self, node: str, child: str, moving: list[str], plain: bool, contexts: int
    ) -> tuple[_Step, Array]:
        children = self.fold.tree.children[node]
        states, chance = _coalitions(len(moving), moving.index(child), plain)
        moved = np.zeros((len(states), len(children)), dtype=bool)
        moved[:, [children.index(other) for other in moving]] = states
        off, on = (np.array([state[c] for c in children]) for state in (self.off, self.on))
        values, covered = (np.where(moved, on[:, i], off[:, i]) for i in (0, 1))
        values, covered = (np.tile(x, (contexts, 1)) for x in (values, covered))
        rule, weights = self.fold.rules[node], self.fold.weights[node]
        return _Step(children.index(child), values, covered, weights, rule), chance

    def _of_leaf(self, c: int, chances: Array, above: tuple[_Step, ...]) -> dict[Cell, float]:
        found = {}
        moving = self.cells[c]
        for place, analyst in enumerate(moving):
            states, chance = _coalitions(len(moving), place, False)
            ends = []
            for moved in (False, True):
                states[:, place] = moved
                held = np.tile(self.before[:, c], (len(states), 1))
                held[:, moving] = np.where(states, self.after[moving, c], self.before[moving, c])
                pooled = np.tile(self.fold.pool(held), len(chances))
                ends.append(self._up(pooled, tuple(s.repeated(len(chance)) for s in above)))
            step = np.nan_to_num(ends[1] - ends[0])
            found[analyst, c] = float((np.outer(chances, chance).ravel() * step).sum())
        return found

    def _up(self, value: Array, above: tuple[_Step, ...]) -> Array:
        """Return the node's score in each context; NaN where too little is rated."""
        covered = 1.0 - np.isnan(value)
        for step in reversed(above):
            values, shares = step.values.copy(), step.covered.copy()
            values[:, step.place], shares[:, step.place] = value, covered
            weights = np.broadcast_to(step.weights, values.shape)
            value = combine(values, weights, step.rule)
            covered = (weights * shares).sum(axis=-1)
        return self.scored(value, covered)

    def scored(self, value: Array, covered: Array) -> Array:
        """Return values where enough is rated, NaN elsewhere."""
        return np.where(covered.round(12) >= self.fold.floor - 1e-12, value, np.nan)

    def sampled(self, random: np.random.Generator) -> tuple[dict[Cell, float], dict[Cell, float]]:
        """Return the mean step of every rating over random orders, and its standard error."""
        cells = [(a, c) for c, analysts in self.cells.items() for a in analysts]
        place = {cell: i for i, cell in enumerate(cells)}
        steps = np.empty((ORDERS, len(cells)))
        for draw in range(ORDERS):
            order = self._order(self.fold.node, random)
            walk = np.tile(self.before, (len(order) + 1, 1, 1))
            for at, (a, c) in enumerate(order):
                walk[at + 1 :, a, c] = self.after[a, c]
            along = np.nan_to_num(np.diff(self._scores(walk)))
            steps[draw, [place[cell] for cell in order]] = along
        error = steps.std(axis=0, ddof=1) / np.sqrt(ORDERS)
        means = dict(zip(cells, steps.mean(axis=0).tolist(), strict=True))
        return means, dict(zip(cells, error.tolist(), strict=True))

    def _order(self, node: str, random: np.random.Generator) -> list[Cell]:
        tree = self.fold.tree
        if node in tree.children:
            children = self.below(node)
            shuffled = random.permutation(len(children)).tolist()
            return [cell for i in shuffled for cell in self._order(children[i], random)]
        c = tree.leaves.index(node)
        return [(int(a), c) for a in random.permutation(self.cells[c])]

    def _scores(self, values: Array) -> Array:
        """Return the node's score of many states [state, analyst, leaf] of its ratings."""
        tree, found = self.fold.tree, dict[str, tuple[Array, Array]]()
        for leaf in tree.below(self.fold.node):
            c = tree.leaves.index(leaf)
            if c in self.cells:
                pooled = self.fold.pool(values[:, :, c])
                found[leaf] = pooled, 1.0 - np.isnan(pooled)
            else:
                value, share = self.off[leaf]
                found[leaf] = np.full(len(values), value), np.full(len(values), share)
        for node in reversed(tree.groups):
            if all(child in found for child in tree.children[node]):
                below = [found[child] for child in tree.children[node]]
                held, shares = (np.stack([pair[i] for pair in below], axis=-1) for i in (0, 1))
                w = np.broadcast_to(self.fold.weights[node], held.shape)
                found[node] = combine(held, w, self.fold.rules[node]), (w * shares).sum(axis=-1)
        return self.scored(*found[self.fold.node])


def _coalitions(n: int, place: int, plain: bool) -> tuple[Mask, Array]:
    """Return which of n have moved [coalition, n] without one of them, and each one's chance."""
    if plain:
        return np.zeros((1, n), dtype=bool), np.ones(1)
    states = np.array(
        [(*s[:place], False, *s[place:]) for s in product((False, True), repeat=n - 1)]
    )
    chance = np.array([factorial(k) * factorial(n - 1 - k) / factorial(n) for k in range(n)])
    return states, chance[states.sum(axis=1)]
