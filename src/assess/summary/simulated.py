"""How sure the answer is, in words and tables: verdicts, shares of draws, error structures."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from assess.model import FULL_HALO, INDEPENDENT, Study
from assess.rounding import few, points
from assess.simulation import Simulation, Verdict, verdicts
from assess.simulation.tally import SHARE, Order
from assess.simulation.weights import measures
from assess.summary.page import Section, Summary, Table

Array = NDArray[np.float64]
SURE = 0.95
NO_LIKELIHOOD = "Shares of draws rest on the conventions below; they are not likelihoods."


def summarise_simulation(simulation: Simulation) -> Summary:
    """Return what a simulation says, first scenario first."""
    study = simulation.study
    about = [
        f"{simulation.draws:,} draws, seed {simulation.seed}, stream "
        f"{study.method.uncertainty.stream}; study {study.digest[:12]}, assess "
        f"{simulation.versions['assess']}",
        NO_LIKELIHOOD,
    ]
    if simulation.stopped:
        about.append(f"{simulation.stopped[0].upper()}{simulation.stopped[1:]}.")
    sections = (
        Section("Who leads whom", tuple(_verdict(simulation, x) for x in verdicts(simulation))),
        _totals(simulation),
        _structures(simulation),
        _firsts(simulation),
        Section("What is drawn", tuple(_settings(simulation))),
    )
    return Summary(f"{study.name}: how sure", tuple(about), study.banner, sections)


def _verdict(simulation: Simulation, verdict: Verdict) -> str:
    """Say who leads in one scenario, or between whom it stands open."""
    study = simulation.study
    where = study.scenario(verdict.scenario).label
    names = [study.label(key) for key in verdict.leading]
    if verdict.leader:
        told = f"{where}: {study.label(verdict.leader)} leads{_gates(simulation, verdict)}."
    elif len(names) == 1:
        told = f"{where}: nobody leads {names[0]}, whose gate is undecided."
    elif names:
        told = f"{where}: no leader; nobody leads {few(names, 6)}."
    else:
        told = f"{where}: no strategy is left that has a total and passes its gates."
    for circle in verdict.cycles:
        told += f" In a circle: {', '.join(map(study.label, circle))}."
    return told


def _gates(simulation: Simulation, verdict: Verdict) -> str:
    """Say in how many draws a leader passes its gates, where it is not nearly all."""
    study = simulation.study
    t = list(study.strategies).index(verdict.leader)
    share = simulation.passes[study.scenario_ids.index(verdict.scenario), t].min(initial=1.0)
    return "" if share > SURE else f", and passes its gates in {points(share)} % of draws"


def _totals(simulation: Simulation) -> Section:
    """Show the totals of the first scenario with their spread and first shares."""
    study = simulation.study
    low, median, high = (simulation.quantile(level)[0] for level in (0.1, 0.5, 0.9))
    rows = [
        (
            study.label(key),
            points(median[t]),
            f"{points(low[t])} to {points(high[t])}",
            f"{points(simulation.first[0, t])} %",
            points(simulation.expected_rank[0, t] / 100, 1),
            " ".join(f"{points(share)} %" for share in simulation.passes[0, t].tolist()) or "-",
        )
        for t, key in enumerate(study.strategies)
    ]
    columns = ("", "median", "10 to 90 %", "first", "mean rank", "passes its gates")
    return Section(f"Totals ({study.scenarios[0].label})", (), Table(columns, tuple(rows)))


def _structures(simulation: Simulation) -> Section:
    """Show what the error structure does to who comes first, in the first scenario."""
    study, tallies = simulation.study, simulation.tallies
    errors = study.method.uncertainty.errors
    named = (
        f"declared ({errors.text})",
        f"independent ({INDEPENDENT.text})",
        f"full halo ({FULL_HALO.text})",
    )
    rows = [
        (name, *(f"{points(share)} %" for share in _first(order)), f"{order.draws:,}")
        for name, order in zip(named, tallies.orders, strict=True)
        if order is not None
    ]
    lines = (
        "Analysts who share their errors, or whose ratings of one strategy err together, make the "
        "order less sure: a strategy leads only where it does under all three.",
    )
    columns = ("first, if errors are", *map(study.label, study.strategies), "draws")
    return Section(
        f"Error structure ({study.scenarios[0].label})", lines, Table(columns, tuple(rows))
    )


def _first(order: Order) -> list[float]:
    found: list[float] = (order.rank[0, :, 0] / (SHARE * order.draws)).tolist()
    return found


def _firsts(simulation: Simulation) -> Section:
    """Show how often each strategy comes first, one row a scenario."""
    study = simulation.study
    rows = [
        (scenario.label, *(f"{points(share)} %" for share in simulation.first[s].tolist()))
        for s, scenario in enumerate(study.scenarios)
    ]
    line = "Shown, and never a verdict: a copy of a strategy would halve its share."
    columns = ("scenario", *map(study.label, study.strategies))
    return Section("First in so many draws", (line,), Table(columns, tuple(rows)))


def _places(study: Study, where: Sequence[tuple[str, str]]) -> list[str]:
    """Return the nodes that a measure of weights holds for, with the scenarios if not in all."""
    held, of = Counter(node for node, _ in where), len(study.scenarios)
    return [
        study.tree.label(node) + ("" if count == of else f" ({count} of {of} scenarios)")
        for node, count in held.items()
    ]


def _settings(simulation: Simulation) -> Iterator[str]:
    """Say what is uncertain, and how it is drawn."""
    study, settings = simulation.study, simulation.study.method.uncertainty
    panel = {
        "pool": "each draw asks the analysts in random order, and a cell takes the first who rated "
        "it",
        "mean": f"the panel's centre ({study.method.pooling.text}) of the drawn ratings",
    }
    yield (
        f"Ratings: triangular about the level, cut at 0 and 100; errors {settings.errors.text}. "
        f"Analysts: {panel[settings.analysts]}."
    )
    yield from (
        f"Weights under {few(_places(study, where), 4)}: {measure}."
        for measure, where in measures(study).items()
    )
    yield (
        f"Absent: {settings.unknown} where unknown or not rated, {settings.withheld} where "
        "withheld."
    )
    yield (
        f"A strategy leads another if it is ahead in {points(settings.share)} % of paired draws "
        f"and by {settings.margin:g} points at the median."
    )
