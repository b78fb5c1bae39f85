"""Confidence factors: is a strategy first under the weights that favour it, whatever else comes."""

from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain, islice
from math import ceil

import numpy as np
from numpy.typing import NDArray

from assess.aggregation import weighted_sum
from assess.instrument import node_rules
from assess.model import Study, shown
from assess.model.frozen import fixed
from assess.simulation.block import cells, chance, ratings
from assess.simulation.engine import Sent, Task
from assess.simulation.indices import share_error
from assess.simulation.plan import Plan, plan
from assess.simulation.result import Simulation
from assess.simulation.tally import SHARE, TIE

Array = NDArray[np.float64]
Counts = NDArray[np.int64]
LARGEST = 2**20  # numbers in the largest array, so that a block stays small with many strategies
AT_ONCE = 64  # tasks that are sent together
MOST = 64  # blocks in a task


@dataclass(frozen=True, eq=False)
class Confidence:
    """How often each strategy is first under the central weights of each.

    Attributes:
        draws: how many there are.
        weights: [scenario, under, node], the central weights of nodes within their parent that were
            held; NaN for a strategy that has none.
        counts: [scenario, under, strategy], how often it is first under them, in units of
            1 / `SHARE`; a tie counts for each by its share.
    """

    draws: int
    weights: Array
    counts: Counts

    @cached_property
    def cross(self) -> Array:
        """Share of draws in which a strategy is first [scenario, under, strategy].

        `under` says whose central weights are held. A row sums to 1 (to 1e-5
        where more than 16 tie), or is NaN where that strategy is never first and has no central
        weights.
        """
        shares = self.counts / (SHARE * self.draws)
        return fixed(np.where(np.isnan(self.weights[..., :1]), np.nan, shares))

    @property
    def factors(self) -> Array:
        """Confidence factors [scenario, strategy]: each under its own central weights."""
        return np.asarray(np.diagonal(self.cross, axis1=1, axis2=2))

    @property
    def errors(self) -> Array:
        """Monte Carlo standard error of `cross`; that of the central weights is not in it."""
        return share_error(self.cross, self.draws)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Confidence):
            return NotImplemented
        return (
            self.draws == other.draws
            and np.array_equal(self.weights, other.weights, equal_nan=True)
            and np.array_equal(self.counts, other.counts)
        )

    def __hash__(self) -> int:
        return hash((self.draws, self.counts.tobytes()))


def confidence(
    simulation: Simulation, *, draws: int | None = None, executor: Executor | None = None
) -> Confidence:
    """Return how often each strategy is first where weights are held that favour one of them.

    The weights of every node within its parent are held at the means over the draws in which the
    strategy was first (`Simulation.central_weights`), and everything else is drawn again: the same
    ratings, analysts and absences as in the simulation, block by block. A low factor says that the
    ratings are too unsure to tell a strategy apart even where weights favour it most. Off the
    diagonal stand cross-confidence factors: who else is first under those weights.

    Args:
        simulation: what there is.
        draws: how many to draw again, rounded up to whole blocks; all of them if none is said.
        executor: any `concurrent.futures.Executor`; none draws in this thread.

    Returns:
        Counts, the same whatever the executor.

    Raises:
        TypeError: it is no simulation, or draws are no whole number.
        ValueError: there are not so many draws.

    References:
        Lahdelma and Salminen (2001), SMAA-2, doi:10.1287/opre.49.3.444.11220; cross-confidence:
        Lahdelma and Salminen (2006), doi:10.1016/j.ejor.2004.07.039.

    >>> import assess
    >>> found = confidence(assess.simulate(assess.load("mali"), draws=500, seed=1))
    >>> found.cross.shape == (*found.factors.shape, found.factors.shape[-1])
    True
    """
    if not isinstance(simulation, Simulation):
        raise TypeError(f"confidence takes a Simulation, not {shown(simulation)}")
    wanted = _blocks(simulation, draws)
    weights = simulation.central_weights
    blocks = islice(chain.from_iterable(range(*ends) for ends in simulation.blocks), wanted)
    count = partial(_firsts, Sent(simulation.study), simulation.seed, weights)
    counts = np.zeros((*weights.shape[:2], weights.shape[1]), dtype=np.int64)
    tasks = _tasks(blocks, wanted)
    while some := list(islice(tasks, AT_ONCE)):
        for came in map(count, some) if executor is None else executor.map(count, some):
            counts += came
    return Confidence(wanted * plan(simulation.study).block, fixed(weights), fixed(counts))


def _blocks(simulation: Simulation, draws: int | None) -> int:
    """Return how many blocks are drawn again."""
    size = plan(simulation.study).block
    have = sum(last - first for first, last in simulation.blocks)
    if draws is None:
        return have
    if isinstance(draws, bool) or not isinstance(draws, int):
        raise TypeError(f"draws is a whole number, not {shown(draws)}")
    if not 1 <= draws <= simulation.draws:
        there = f"{simulation.draws:,}, as many as the simulation has"
        raise ValueError(f"draws lies between 1 and {there}: {draws:,}")
    return ceil(draws / size)


def _tasks(blocks: Iterator[int], count: int) -> Iterator[Task]:
    """Yield blocks as tasks; their size is a matter of speed alone."""
    size = min(max(count // AT_ONCE, 1), MOST)
    while task := tuple(islice(blocks, size)):
        yield task


def _firsts(sent: Sent, seed: int, weights: Array, blocks: Task) -> Counts:
    """Count firsts in some blocks: what a worker does at a time."""
    counts = [_count_block(sent.study, seed, weights, block) for block in blocks]
    return np.asarray(np.sum(counts, axis=0), dtype=np.int64)


def _count_block(study: Study, seed: int, weights: Array, block: int) -> Counts:
    """Count in one block how often each strategy is first [scenario, under, strategy]."""
    made, settings = plan(study), study.method.uncertainty
    numbers = chance(made, settings.stream, seed, block)
    values = cells(study, made, numbers, ratings(made, numbers, settings.errors))
    scenarios, strategies = weights.shape[:2]
    counts = np.zeros((scenarios, strategies, strategies), dtype=np.int64)
    at_once = max(LARGEST // max(strategies * made.block, 1), 1)
    for s in range(scenarios):
        held = np.flatnonzero(~np.isnan(weights[s, :, 0]))
        for start in range(0, len(held), at_once):
            under = held[start : start + at_once]
            totals = _totals(study, made, values, weights[s, under], s)
            totals = np.where(made.total[s, :, None], totals, -1.0)
            first = totals >= totals.max(axis=1, keepdims=True) - TIE
            shares = first * (SHARE // first.sum(axis=1, keepdims=True))
            counts[s, under] = shares.sum(axis=-1)
    return counts


def _totals(study: Study, made: Plan, values: Array, weights: Array, scenario: int) -> Array:
    """Fold one scenario's cells up the tree under several sets of weights.

    Args:
        study: whose tree and rules they are.
        made: of the study.
        values: [cell, draw] in [0, 1].
        weights: [under, node], of nodes within their parent.
        scenario: its place.

    Returns:
        Totals [under, strategy, draw].
    """
    tree, rules = study.tree, node_rules(study)
    place = {node: i for i, node in enumerate(tree.nodes)}
    cell = made.cell[scenario, :-2]
    scores = {leaf: values[cell[:, c]][None] for c, leaf in enumerate(tree.leaves)}
    for node in reversed(tree.groups):
        children = tree.children[node]
        held = weights[:, [place[child] for child in children]]
        held = (held / held.sum(axis=-1, keepdims=True))[:, None, None]
        below = [scores.pop(child) for child in children]
        if rules[node] is weighted_sum:
            scores[node] = sum(held[..., c] * child for c, child in enumerate(below))
        else:
            each = np.stack(np.broadcast_arrays(*below), axis=-1)
            scores[node] = rules[node](each, held)
    return np.broadcast_to(scores[tree.id], (len(weights), *scores[tree.id].shape[1:]))
