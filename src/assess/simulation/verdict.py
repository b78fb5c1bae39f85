"""Who leads whom: pairwise, under the least favourable error structure (C11)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assess.assessment import evaluate
from assess.model import FrozenDict, Study
from assess.report import GATE_STATUSES
from assess.simulation.indices import matrix
from assess.simulation.result import Simulation
from assess.simulation.tally import Bounds, Order, excluding

Mask = NDArray[np.bool_]
ERRORS = ("declared", "independent", "halo")  # the least favourable of them decides
MEDIAN = 0.5  # in so many draws at least it is clearly ahead, if it is at the median


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
        open: pairs of `leads` that missing ratings could undo (C4).
        under: who nobody leads under each convention alone, by its name in `Tallies`.
    """

    scenario: str
    leads: tuple[tuple[str, str], ...]
    leading: tuple[str, ...]
    leader: str
    cycles: tuple[tuple[str, ...], ...]
    failed: tuple[str, ...]
    open: tuple[tuple[str, str], ...]
    under: FrozenDict[str, tuple[str, ...]]

    @property
    def survives(self) -> bool:
        """Whether a leader leads whatever is missing."""
        led = {other for one, other in self.leads if (one, other) not in self.open}
        return bool(self.leader) and led >= {other for _, other in self.leads}


def verdicts(simulation: Simulation) -> tuple[Verdict, ...]:
    """Return who leads whom in every scenario.

    One strategy leads another if it is ahead in at least the study's share of paired draws, and by
    at least the study's margin at the median, under the declared error structure and both extremes.
    Nobody leads where a run was cut short before it came to the extremes.

    >>> import assess
    >>> found = verdicts(assess.simulate(assess.load("mali"), draws=1000, seed=1))
    >>> "continue_as_now" in found[0].failed
    True
    """
    study, tallies = simulation.study, simulation.tallies
    report, ids = evaluate(study), tuple(study.strategies)
    undecided = report.gates == GATE_STATUSES.index("undecided")
    passes = ~undecided[..., excluding(study)].any(axis=-1)
    alone = {name: _leads(study, order) for name, order in tallies.orders.items()}
    tested = all(name in alone for name in ERRORS)
    leads = np.logical_and.reduce([alone[name] & tested for name in ERRORS if name in alone])
    open_to = leads & ~_leads_at_bounds(study, tallies.missing)
    found = []
    for s, scenario in enumerate(study.scenario_ids):
        there = ~report.excluded[s] & ~np.isnan(report.score[s, :, 0])
        both = there[:, None] & there
        nobody_leads = _unled(leads[s] & both, there)
        sole = len(nobody_leads) == 1 and bool(passes[s, nobody_leads[0]])
        found.append(
            Verdict(
                scenario=scenario,
                leads=_pairs(leads[s] & both, ids),
                leading=tuple(ids[i] for i in nobody_leads),
                leader=ids[nobody_leads[0]] if sole else "",
                cycles=tuple(tuple(ids[i] for i in c) for c in _cycles(leads[s] & both)),
                failed=tuple(ids[i] for i in np.flatnonzero(report.excluded[s])),
                open=_pairs(open_to[s] & both, ids),
                under=FrozenDict(
                    {
                        name: tuple(ids[i] for i in _unled(edges[s] & both, there))
                        for name, edges in alone.items()
                    }
                ),
            )
        )
    return tuple(found)


def _pairs(edges: Mask, ids: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((ids[i], ids[j]) for i, j in np.argwhere(edges).tolist())


def _unled(edges: Mask, there: Mask) -> list[int]:
    """Return the places of those that take part and that nobody leads."""
    found: list[int] = np.flatnonzero(there & ~edges.any(axis=0)).tolist()
    return found


def _leads(study: Study, order: Order) -> Mask:
    """Return whether one leads the other [scenario, one, other]."""
    count = len(study.strategies)
    ahead = matrix(order.ahead, order.behind, count) / order.draws
    clear = matrix(order.clear, order.clearly_behind, count) / order.draws
    return np.asarray((ahead >= study.method.uncertainty.share) & (clear >= MEDIAN))


def _leads_at_bounds(study: Study, missing: Bounds | None) -> Mask:
    """Return whether one would lead the other whatever is missing [scenario, one, other]."""
    if missing is None:
        return np.ones((1, 1, 1), dtype=bool)
    enough = missing.ahead / missing.draws >= study.method.uncertainty.share
    return np.asarray(enough & (missing.clear / missing.draws >= MEDIAN))


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
