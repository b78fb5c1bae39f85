"""How sure the answer is, in words and tables: verdicts, shares of draws, error structures."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from assess.model import FULL_HALO, INDEPENDENT, Study
from assess.rounding import counted, few, points, supported
from assess.simulation import Simulation, Verdict, verdicts
from assess.simulation.plan import plan
from assess.simulation.tally import SHARE, Order
from assess.simulation.weights import measures
from assess.summary.page import Section, Summary, Table
from assess.summary.sureness import MOST_NAMED, conventions_told, verdict_told, without_total

Array = NDArray[np.float64]
NO_LIKELIHOOD = "Shares of draws rest on the conventions below; they are not likelihoods."


def summarise_simulation(simulation: Simulation) -> Summary:
    """Return what a simulation says, first scenario first."""
    study = simulation.study
    sections = (
        Section("Who leads whom", tuple(_verdicts(simulation, verdicts(simulation)))),
        _totals(simulation),
        *how_sure(simulation),
    )
    inputs = f"Study {study.digest[:12]}, assess {simulation.versions['assess']}"
    about = [inputs, drawn_told(simulation), *stopped_told(simulation)]
    return Summary(f"{study.name}: how sure", tuple(about), study.banner, sections)


def how_sure(simulation: Simulation) -> tuple[Section, ...]:
    """Return what lies behind the verdicts: conventions, first shares, and what is drawn."""
    return (
        _conventions(simulation),
        _firsts(simulation),
        Section("What is drawn", tuple(_settings(simulation))),
    )


def drawn_told(simulation: Simulation) -> str:
    """Say what was drawn, so that it can be drawn again."""
    stream = simulation.study.method.uncertainty.stream
    return f"{simulation.draws:,} draws, seed {simulation.seed}, stream {stream}. {NO_LIKELIHOOD}"


def stopped_told(simulation: Simulation) -> Iterator[str]:
    """Say why there are no more draws, unless there are as many as were asked for."""
    if simulation.stopped:
        yield f"{simulation.stopped[0].upper()}{simulation.stopped[1:]}."


def _verdicts(simulation: Simulation, found: tuple[Verdict, ...]) -> Iterator[str]:
    """Say who leads in every scenario."""
    for verdict in found:
        told = f"{verdict_told(simulation, verdict)}{_apart(simulation, verdict)}"
        yield f"{simulation.study.scenario(verdict.scenario).label}: {told}."


def _apart(simulation: Simulation, verdict: Verdict) -> str:
    """Say which strategies take no part, and why."""
    failed = [simulation.study.label(key) for key in verdict.failed]
    without = without_total(simulation, verdict)
    excluded = f"; excluded by a failed gate: {few(failed, MOST_NAMED)}" if failed else ""
    no_total = f"; too little is rated for a total: {few(without, MOST_NAMED)}" if without else ""
    return excluded + no_total


def _totals(simulation: Simulation) -> Section:
    """Show the totals of the first scenario with their spread and first shares."""
    study = simulation.study
    errors = simulation.errors
    low, median, high = (
        [*map(supported, simulation.quantile(level)[0], errors.quantile(level)[0])]
        for level in (0.1, 0.5, 0.9)
    )
    ranks = simulation.expected_rank[0] / 100
    rows = [
        (
            study.label(key),
            *(
                (
                    median[t],
                    f"{low[t]} to {high[t]}",
                    _percent(simulation.first[0, t], errors.first[0, t]),
                    supported(ranks[t], errors.expected_rank[0, t] / 100),
                )
                if simulation.scored()[0, t]
                else ("-", "-", "-", "-")
            ),
            _percent(simulation.cleared[0, t], errors.cleared[0, t]) if simulation.gates else "-",
        )
        for t, key in enumerate(study.strategies)
    ]
    columns = ("", "median", "10 to 90 %", "first", "mean rank", "passes its gates")
    return Section(f"Totals ({study.scenarios[0].label})", (), Table(columns, tuple(rows)))


def _percent(share: float, error: float) -> str:
    """Return a share in per cent as far as its standard error supports it; a dash for none."""
    return "-" if np.isnan(share) else f"{supported(share, error)} %"


def _conventions(simulation: Simulation) -> Section:
    """Show what each convention does to who comes first, in the first scenario."""
    study, orders = simulation.study, simulation.tallies.orders
    named = {
        "declared": f"declared ({study.method.uncertainty.errors.text})",
        "independent": f"independent errors ({INDEPENDENT.text})",
        "halo": f"full halo ({FULL_HALO.text})",
        "centre": "the panel's centre in each draw",
        "alike": "equal weights where nobody elicited any",
    }
    rows = [
        (
            named[name],
            *(
                f"{points(share)} %" if there else "-"
                for share, there in zip(_first(order), simulation.scored()[0], strict=True)
            ),
            f"{order.draws:,}",
        )
        for name, order in orders.items()
    ]
    lines = (
        "Analysts who share their errors, or whose ratings of one strategy err together, make the "
        "order less sure: a strategy leads only where it does as declared, under independent "
        "errors and under full halo.",
        *conventions_told(simulation, verdicts(simulation)[0]),
    )
    columns = ("first in draws, if", *map(study.label, study.strategies), "draws")
    return Section(f"Conventions ({study.scenarios[0].label})", lines, Table(columns, tuple(rows)))


def _first(order: Order) -> list[float]:
    found: list[float] = (order.rank[0, :, 0] / (SHARE * order.draws)).tolist()
    return found


def _firsts(simulation: Simulation) -> Section:
    """Show how often each strategy comes first, one row a scenario."""
    study = simulation.study
    rows = [
        (scenario.label, *map(_percent, simulation.first[s], simulation.errors.first[s]))
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
        "it, by their weights",
        "mean": f"the panel's centre ({study.method.pooling.text}) of the drawn ratings",
    }
    widths = study.method.half_widths
    yield (
        f"Ratings: triangular about the level, cut at 0 and 100, off by up to {widths.high:g}, "
        f"{widths.moderate:g} or {widths.low:g} points at high, moderate or low confidence, or as "
        f"far as the analyst says; errors {settings.errors.text}. "
        f"Analysts: {panel[settings.analysts]}."
    )
    if ranged := len(plan(study).worths.low):
        yield (
            f"Worths of {counted(ranged, 'level')} that elicitation left as ranges: uniform in "
            "their ranges, in the order of their levels."
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
