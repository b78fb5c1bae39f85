"""Which worlds of a study are in one unit, and who is compared over them (C13)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assess import robustness, tables
from assess.model import FrozenDict, Scenario, Study
from assess.over_scenarios.drawn import drawn_payoffs, spread
from assess.over_scenarios.world_set import WorldSet
from assess.report import Report
from assess.robustness import CRITERIA, Criterion
from assess.simulation import Simulation

Array = NDArray[np.float64]
DRAWS = 2000
PROFILES = ("acceptable", "good")
# Those that only compare strategies within a world: a swing says how long the way from worst to
# best is in each world, and not that the worst is as bad in all of them.
BY_SWING: tuple[Criterion, ...] = ("laplace", "minimax_regret")


@dataclass(frozen=True, eq=False)
class OverWorlds:
    """Sets of worlds under the same weights, and worlds that no other shares its weights with.

    Attributes:
        study: the inputs.
        sets: of two worlds or more each, the largest first.
        apart: ids of worlds under weights of their own, without a swing: there is no regret,
            maximin, maximax, Hurwicz, Laplace or expected value over them and others (C13).
        no_expected: why there is no expected value; "" where there is one.
    """

    study: Study
    sets: tuple[WorldSet, ...]
    apart: tuple[str, ...]
    no_expected: str


def over_worlds(
    report: Report,
    simulation: Simulation | None = None,
    *,
    optimism: float = 0.5,
    thresholds: Mapping[str, float] | None = None,
    draws: int = DRAWS,
) -> OverWorlds:
    """Hold decision criteria against the worlds of a study, among those that share their weights.

    Totals under different weights are not in one unit, unless a swing is elicited for each world;
    without, worlds under weights of their own stand apart. With swings there are regret, the mean
    and the expected value, which only compare strategies within a world. Strategies that fail an
    excluding gate in one of the worlds are left out: they cannot be what others regret.

    Args:
        report: of the study.
        simulation: draws of the same study; what each criterion comes to is then drawn, too.
        optimism: weight of the best world in Hurwicz' criterion.
        thresholds: totals in points of 100, by what they are called; what an acceptable and a good
            strategy would score if none are given, where the tree says so.
        draws: of the simulation that are drawn again, at most; whole blocks, one at least.

    Raises:
        ValueError: the draws are of another study; optimism outside 0 to 1.

    >>> import assess
    >>> found = over_worlds(assess.evaluate(assess.load("mali")))
    >>> found.sets[0].worlds
    ('reference', 'ceded_ground')
    >>> found.apart
    ('partner_realignment', 'budget_squeeze', 'sanctions_and_border_closure')
    """
    if simulation is not None and simulation.study.digest != report.study.digest:
        raise ValueError("the simulation is of another study than the report")
    robustness.hurwicz([[0.0]], optimism)
    groups = _alike(report)
    larger = sorted((places for places in groups if len(places) > 1), key=len, reverse=True)
    swung = [s for s, scenario in enumerate(report.study.scenarios) if scenario.swing is not None]
    if len(groups) > 1 and len(swung) > 1 and swung not in larger:
        larger.append(swung)
    sets = [
        made
        for places in larger
        if (made := _set(report, simulation, places, optimism, thresholds, draws))
    ]
    alone = [s for places in groups if len(places) == 1 for s in places]
    apart = [report.study.scenario_ids[s] for s in alone if len(swung) < 2 or s not in swung]
    told = _no_expected(report.study, sets)
    return OverWorlds(report.study, tuple(sets), tuple(apart) if len(groups) > 1 else (), told)


def _alike(report: Report) -> list[list[int]]:
    """Return the places of worlds, those under the same weights together, in their order.

    Weights are the same where they are equal at the point and in every draw; and so are swings,
    because another one says that a point is not worth the same.
    """
    found: dict[tuple[object, ...], list[int]] = {}
    for s, scenario in enumerate(report.study.scenarios):
        if "world" in scenario.kind:
            at = np.where(np.isnan(report.coverage[s, 0]), 0.0, report.weights[s])
            key = (at.tobytes(), scenario.swing, *_said(report.study, scenario))
            found.setdefault(key, []).append(s)
    return list(found.values())


def _said(study: Study, scenario: Scenario) -> Iterator[object]:
    """Yield what the draws of weights rest on: judgements, whatever the reasons."""
    for node, held in sorted(tables.judged(study, scenario).items()):
        voices = held.stakeholders
        yield (node, held.method, held.judgements, held.before, held.ratios, voices)


def _set(
    report: Report,
    simulation: Simulation | None,
    places: list[int],
    optimism: float,
    thresholds: Mapping[str, float] | None,
    draws: int,
) -> WorldSet | None:
    """Return one set of worlds; None where nobody is left to compare."""
    study, ids = report.study, tuple(report.study.strategies)
    left_out = {key: reason for t, key in enumerate(ids) if (reason := _why_not(report, places, t))}
    kept = [t for t, key in enumerate(ids) if key not in left_out]
    if not kept:
        return None
    swings = _swings(report, places)
    criteria, scale = (CRITERIA, 1.0) if swings is None else (BY_SWING, swings)
    payoffs = report.score[places][:, kept, 0].T * scale
    every = [s for s, scenario in enumerate(study.scenarios) if "world" in scenario.kind]
    held = [study.scenarios[s].probability for s in places]
    known = places == every and all(share is not None for share in held)
    if swings is not None:
        limits = {}
    elif thresholds is None:
        at = {name: float(getattr(report, name)[places[0], 0]) for name in PROFILES}
        limits = {name: value for name, value in at.items() if not np.isnan(value)}
    else:
        limits = {name: value / 100 for name, value in thresholds.items()}
    drawn = None
    if simulation is not None:
        totals = drawn_payoffs(simulation, places, kept, draws) * scale
        drawn = spread(totals, criteria, optimism)
    return WorldSet(
        study=study,
        worlds=tuple(study.scenario_ids[s] for s in places),
        strategies=tuple(ids[t] for t in kept),
        left_out=FrozenDict(left_out),
        payoffs=payoffs,
        criteria=criteria,
        swings=swings,
        missing=int(report.missing[places][:, kept, 0].sum()),
        thresholds=FrozenDict(limits),
        optimism=optimism,
        probabilities=np.array(held, dtype=np.float64) if known else None,
        drawn=drawn,
    )


def _swings(report: Report, places: list[int]) -> Array | None:
    """Return the swings of worlds [world], the largest 1; None where their weights are the same."""
    if any(places == group for group in _alike(report)):
        return None
    given = np.array([report.study.scenarios[s].swing for s in places], dtype=np.float64)
    return np.asarray(given / given.max())


def _why_not(report: Report, places: list[int], t: int) -> str:
    """Return why a strategy is not compared over worlds; empty if it is."""
    labels = [report.study.scenarios[s].label for s in places]
    fails = [name for name, s in zip(labels, places, strict=True) if report.excluded[s, t]]
    if fails:
        return f"fails a gate in {', '.join(fails)}"
    none = [name for name, s in zip(labels, places, strict=True) if np.isnan(report.score[s, t, 0])]
    return f"has no total in {', '.join(none)}" if none else ""


def _no_expected(study: Study, sets: list[WorldSet]) -> str:
    """Return why there is no expected value; empty if there is one."""
    if any(held.probabilities is not None for held in sets):
        return ""
    if all(scenario.probability is None for scenario in study.scenarios):
        return "the worlds are not declared to exclude one another, with probabilities"
    return "the worlds that have probabilities share neither weights nor elicited swings"
