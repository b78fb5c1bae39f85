"""The answer tested against doubt: who leads, by how much, and which conventions that rests on."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from assess.panel import first_choices
from assess.report import Report
from assess.rounding import counted, few, points
from assess.simulation import Simulation, Verdict
from assess.simulation.indices import matrix

Array = NDArray[np.float64]
SURE = 0.95
MOST_NAMED = 6
CONVENTIONS = {
    "independent": "if ratings shared no errors",
    "halo": "if all errors under a top criterion were shared (full halo)",
    "centre": "if each draw took the panel's centre and not one analyst",
    "alike": "if weights that nobody elicited were equal",
}


def verdict_told(simulation: Simulation, verdict: Verdict) -> str:
    """Say who leads, or between whom it stands open."""
    study = simulation.study
    if not verdict.leader:
        told = open_told(simulation, verdict)
    elif verdict.leads:
        told = f"{study.label(verdict.leader)} leads{_gates(simulation, verdict)}"
    else:
        who = study.label(verdict.leader)
        told = f"{who} alone has a total and passes its gates{_gates(simulation, verdict)}"
    for circle in verdict.cycles:
        told += f"; in a circle: {', '.join(map(study.label, circle))}"
    return told


def open_told(simulation: Simulation, verdict: Verdict) -> str:
    """Say between whom it stands open."""
    names = [simulation.study.label(key) for key in verdict.leading]
    if len(names) == 1:
        return f"no leader: nobody leads {names[0]}, whose gate is undecided"
    if names:
        return f"no leader: nobody leads {few(names, MOST_NAMED)}"
    return "no strategy is left that has a total and passes its gates"


def _gates(simulation: Simulation, verdict: Verdict) -> str:
    """Say in how many draws a leader passes all its gates, where it is not nearly all."""
    study = simulation.study
    t = list(study.strategies).index(verdict.leader)
    share = simulation.cleared[study.scenario_ids.index(verdict.scenario), t]
    return "" if share > SURE else f", and passes its gates in {points(share)} % of draws"


def headline(report: Report, simulation: Simulation, verdict: Verdict) -> Iterator[str]:
    """Say who leads in a scenario, by how much, and on which conventions that rests."""
    s = report.study.scenario_ids.index(verdict.scenario)
    told = verdict_told(simulation, verdict)
    yield f"{told[0].upper()}{told[1:]}."
    yield from _pair(report, simulation, verdict, s)
    yield from conventions_told(simulation, verdict)
    yield from _missing(simulation, verdict)
    yield from _analysts(report, verdict, s)


def _pair(report: Report, simulation: Simulation, verdict: Verdict, s: int) -> Iterator[str]:
    """Hold the two best against each other: draws first, and the point scores beside them."""
    study, ids = report.study, list(report.study.strategies)
    low, median, high = (simulation.quantile(level)[s] for level in (0.1, 0.5, 0.9))
    taking_part = [key for key in ids if key not in verdict.failed]
    # The leader first, then those that nobody leads, then the rest, each by their medians.
    order = sorted(
        taking_part, key=lambda key: (key not in verdict.leading, -median[ids.index(key)])
    )
    best = [t for key in order if not np.isnan(report.score[s, t := ids.index(key), 0])][:2]
    if not best:
        return
    spread = ", ".join(
        f"{study.label(ids[t])} {points(median[t])} ({points(low[t])} to {points(high[t])})"
        for t in best
    )
    central = " and ".join(points(report.score[s, t, 0]) for t in best)
    yield f"Median of {simulation.draws:,} draws (10 to 90 %): {spread}; point scores {central}."
    if len(best) == 2:
        yield _ahead(simulation, s, *best)


def _ahead(simulation: Simulation, s: int, one: int, other: int) -> str:
    """Say in how many draws one strategy is ahead of another, and by how much."""
    names, order = list(map(simulation.study.label, simulation.study.strategies)), simulation.order
    shares = matrix(order.ahead, order.behind, len(names))[s] / order.draws
    ahead, level = shares[one, other], 1 - shares[one, other] - shares[other, one]
    if level == 1:
        return f"{names[one]} and {names[other]} are level in every draw."
    ends = [points(simulation.margin(at)[s, one, other], 1) for at in (0.5, 0.1, 0.9)]
    and_level = f", level in {points(level)} %" if points(level) != "0" else ""
    return (
        f"{names[one]} is ahead of {names[other]} in {points(ahead)} % of draws{and_level}, by "
        f"{ends[0]} points at the median ({ends[1]} to {ends[2]})."
    )


def conventions_told(simulation: Simulation, verdict: Verdict) -> Iterator[str]:
    """Say under which conventions alone another verdict would stand, and under which this one."""
    same = []
    if not verdict.leading:
        return
    if not {"independent", "halo"} <= verdict.under.keys():
        yield (
            "The run was cut short before it came to independent errors and full halo: until then "
            "nobody leads. More draws go on where it ended."
        )
    for name, told in CONVENTIONS.items():
        found = verdict.under.get(name)
        if found is None:
            continue
        if found == verdict.leading:
            same.append(told)
            continue
        names = [simulation.study.label(key) for key in found]
        open_between = f"it would stand open between {few(names, MOST_NAMED) or 'none'}"
        who = f"{names[0]} would lead" if len(names) == 1 else open_between
        yield f"{told[0].upper()}{told[1:]}, {who}."
    if same:
        yield f"This would stand {'; '.join(same)}."


def _missing(simulation: Simulation, verdict: Verdict) -> Iterator[str]:
    """Say which leads missing ratings could undo, whatever they might be (C4)."""
    study = simulation.study
    without = without_total(simulation, verdict)
    if without:
        yield (
            f"Too little is rated of {few(without, MOST_NAMED)} for a total: what is missing there "
            "could change who leads."
        )
    elif verdict.leader and verdict.survives and simulation.tallies.missing is not None:
        yield "That holds whatever the missing ratings might be."
    undone = [f"{study.label(one)} over {study.label(other)}" for one, other in verdict.open]
    if undone:
        yield f"Missing ratings could undo the lead of {few(undone, MOST_NAMED)}."


def without_total(simulation: Simulation, verdict: Verdict) -> list[str]:
    """Return the strategies, by name, that have no total although no gate excludes them."""
    study = simulation.study
    scored = simulation.scored()[study.scenario_ids.index(verdict.scenario)].tolist()
    some = zip(study.strategies, scored, strict=True)
    return [study.label(key) for key, there in some if not there and key not in verdict.failed]


def _analysts(report: Report, verdict: Verdict, s: int) -> Iterator[str]:
    """Say how many analysts put each of the leading strategies first, by their own ratings."""
    study, found = report.study, first_choices(report)
    speak = int(found.speaks[:, s].sum())
    if not speak or len(found.speaks) < 2:
        return
    ids = list(study.strategies)
    told = ", ".join(
        f"{study.label(key)} {found.count[s, ids.index(key)]}" for key in verdict.leading
    )
    yield f"Put first, of {counted(speak, 'analyst')} with a total of their own: {told}."


def elsewhere(simulation: Simulation, found: tuple[Verdict, ...]) -> Iterator[str]:
    """Say who leads in which scenario."""
    study = simulation.study
    if len(found) < 2:
        return
    where: dict[str, list[str]] = {}
    for verdict in found:
        told = verdict_told(simulation, verdict)
        label = study.scenario(verdict.scenario).label
        if verdict.leader and not verdict.survives and simulation.tallies.missing is not None:
            label += " (missing ratings could undo it)"
        where.setdefault(told, []).append(label)
    yield "By scenario; how many scenarios is not a verdict."
    yield from (f"- {told[0].upper()}{told[1:]}: {', '.join(x)}." for told, x in where.items())
