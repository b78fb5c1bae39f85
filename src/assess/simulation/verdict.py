"""Who leads whom: pairwise, under the least favourable error structure (C11)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from assess.assessment import evaluate
from assess.report import GATE_STATUSES
from assess.simulation.result import Simulation, quantile, winning
from assess.simulation.tally import Order

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Verdict:
    """What can be said of one scenario.

    Attributes:
        scenario: id.
        leads: pairs (one, other) of ids: one leads the other.
        leading: ids of the strategies that nobody leads, in the order of the study; those that fail
            a gate stand apart.
        leader: the id, where one is alone there and passes its gates; else empty.
        cycles: sets of ids that lead one another in a circle.
        failed: ids of the strategies that fail a gate, and cannot lead.
    """

    scenario: str
    leads: tuple[tuple[str, str], ...]
    leading: tuple[str, ...]
    leader: str
    cycles: tuple[tuple[str, ...], ...]
    failed: tuple[str, ...]


def verdicts(simulation: Simulation) -> tuple[Verdict, ...]:
    """Return who leads whom in every scenario.

    One strategy leads another if it is ahead in at least the study's share of paired draws, and by
    at least the study's margin at the median, under the declared error structure and both extremes.

    >>> import assess
    >>> found = verdicts(assess.simulate(assess.load("mali"), draws=1000, seed=1))
    >>> "continue_as_now" in found[0].failed
    True
    """
    study = simulation.study
    report, leads = evaluate(study), _leads(simulation)
    passes = (report.gates != GATE_STATUSES.index("undecided")).all(axis=-1)
    ids = tuple(study.strategies)
    found = []
    for s, scenario in enumerate(study.scenario_ids):
        there = ~report.excluded[s] & ~np.isnan(report.score[s, :, 0])
        edges = leads[s] & there[:, None] & there
        open_to = np.flatnonzero(there & ~edges.any(axis=0))
        alone = len(open_to) == 1 and bool(passes[s, open_to[0]])
        found.append(
            Verdict(
                scenario=scenario,
                leads=tuple((ids[i], ids[j]) for i, j in np.argwhere(edges).tolist()),
                leading=tuple(ids[i] for i in open_to),
                leader=ids[open_to[0]] if alone else "",
                cycles=tuple(tuple(ids[i] for i in circle) for circle in _cycles(edges)),
                failed=tuple(ids[i] for i in np.flatnonzero(report.excluded[s])),
            )
        )
    return tuple(found)


def _leads(simulation: Simulation) -> Mask:
    """Return whether one leads the other under every error structure [scenario, one, other]."""
    settings, count = simulation.study.method.uncertainty, len(simulation.study.strategies)
    held = [order for order in simulation.tallies.orders if order is not None]
    ahead = np.min([winning(order, count) for order in held], axis=0)
    median = np.min([medians(order, count) for order in held], axis=0)
    return np.asarray((ahead >= settings.share) & (100 * median >= settings.margin))


def medians(order: Order, count: int) -> Array:
    """Return the median of how far one total is ahead of another [scenario, one, other]."""
    found = np.zeros((len(order.ahead), count, count))
    middle = quantile(order.margin, 0.5, -1.0, 1.0)
    for p, (i, j) in enumerate(combinations(range(count), 2)):
        found[:, i, j], found[:, j, i] = middle[:, p], -middle[:, p]
    return found


def _cycles(edges: Mask) -> Iterator[tuple[int, ...]]:
    """Yield sets of two or more that all reach one another along the edges."""
    reach = edges.copy()
    for k in range(len(reach)):
        reach |= reach[:, k, None] & reach[k]
    both, seen = reach & reach.T, set[int]()
    for i in range(len(both)):
        circle = tuple(np.flatnonzero(both[i]).tolist())
        if len(circle) > 1 and i not in seen:
            seen.update(circle)
            yield circle
