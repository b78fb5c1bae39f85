"""What came out: profile, scenarios, gates."""

from collections.abc import Iterator, Mapping

import numpy as np

from assess.model import LIKELIHOOD_BANDS, Scenario, Study, ValueTree, as_text
from assess.report import GATE_STATUSES, Report
from assess.rounding import apart, points
from assess.simulation import Simulation
from assess.summary.page import Section, Table
from assess.summary.verdicts import excluding, highest, names, rank_is_open

MOST_COLUMNS = 6
MARKS = {
    "*": "highest point score, whatever is missing",
    "*?": "highest, but that depends on missing ratings",
    "?": "could be highest with ratings that are missing",
    "x": "excluded by a failed gate",
}


def profile(report: Report, simulation: Simulation | None = None) -> Section:
    """Show every strategy in the first scenario: total, band, rank, ends, means, criteria."""
    study, tree = report.study, report.study.tree
    everyone = range(len(study.strategies))
    *totals, acceptable, good = apart(
        [*report.score[0, :, 0], report.acceptable[0, 0], report.good[0, 0]]
    )
    ranks = [_rank(report, 0, t) for t in everyone]
    rows = [
        ("bounds for what is missing", *(_bounds(report, 0, t) for t in everyone)),
        ("band", *(_band(report, 0, t) for t in everyone)),
        ("rank", *ranks),
        ("gates that exclude", *(_gate(report, 0, t) for t in everyone)),
        ("effectiveness alone (ends)", *map(points, report.ends[0])),
        ("performance alone (means)", *map(points, report.means[0])),
    ]
    for node in tree.children[tree.id]:
        rows.append((tree.label(node), *map(points, report.score[0, :, report.node(node)])))
    rows.append(("weight rated", *(f"{points(share)} %" for share in report.coverage[0, :, 0])))
    drawn = [] if simulation is None else _drawn(report, simulation)
    told = [("total", *totals), *drawn, *(row for row in rows if set(row[1:]) != {"-"})]
    lines = [f"Scores 0 to 100 in scenario {study.scenarios[0].label}."]
    if good != "-" and set(totals) != {"-"}:
        lines.append(
            f"Acceptable from {acceptable}, good from {good}: what a strategy would score that is "
            "just acceptable, or just good, on every criterion."
        )
    if any(rank.endswith("?") for rank in ranks):
        lines.append("A rank with ? can change with ratings that are missing.")
    called = tuple(_marked(study, key) for key in study.strategies)
    return Section("Profile", tuple(lines), by_strategy(called, "", told))


def _drawn(report: Report, simulation: Simulation) -> list[tuple[str, ...]]:
    """Return rows on the draws, of strategies with a total: median, spread, how often first."""
    low, median, high = (simulation.quantile(level)[0] for level in (0.1, 0.5, 0.9))
    rows = [
        (points(median[t]), f"{points(low[t])} to {points(high[t])}", f"{points(share)} %")
        if has_total
        else ("-", "-", "-")
        for t, (share, has_total) in enumerate(
            zip(simulation.first[0], ~np.isnan(report.score[0, :, 0]), strict=True)
        )
    ]
    titles = ("median of draws", "10 to 90 % of draws", "first in (no verdict)")
    return [(title, *cells) for title, cells in zip(titles, zip(*rows, strict=True), strict=True)]


def _marked(study: Study, key: str) -> str:
    """Return the name of a strategy with its period, and a mark on the baseline."""
    strategy, name = study.strategies[key], study.label(key)
    period = "" if strategy.period in name else strategy.period
    marks = ", ".join(filter(None, (period, "baseline" if strategy.baseline else "")))
    return f"{name} ({marks})" if marks else name


def by_strategy(called: tuple[str, ...], corner: str, rows: list[tuple[str, ...]]) -> Table:
    """Return a table with a column a strategy, or a row each where they are many."""
    if len(called) <= MOST_COLUMNS:
        return Table((corner, *called), tuple(rows))
    turned = zip(*(row[1:] for row in rows), strict=True)
    body = tuple((name, *cells) for name, cells in zip(called, turned, strict=True))
    return Table(("strategy", *(row[0] for row in rows)), body)


def _bounds(report: Report, s: int, t: int) -> str:
    if not report.missing[s, t, 0]:
        return "none missing"
    return f"{points(report.low[s, t, 0])} to {points(report.high[s, t, 0])}"


def _band(report: Report, s: int, t: int) -> str:
    band = str(report.bands[s, t, 0])
    if not band or report.settled[s, t, 0]:
        return band or "-"
    return f"{band} (depends on {report.missing[s, t, 0]} missing)"


def _rank(report: Report, s: int, t: int) -> str:
    if report.excluded[s, t]:
        return "excluded"
    rank = str(report.ranks[s, t, 0] or "-")
    return f"{rank}?" if rank_is_open(report, s, t) else rank


def _gate(report: Report, s: int, t: int) -> str:
    """Return what the excluding gates say of a strategy: the worst of their statuses."""
    statuses = [status for _, status in excluding(report, s, t)]
    return next((x for x in ("fail", "undecided", "pass", "n/a") if x in statuses), "-")


def scenarios(report: Report) -> Section | None:
    """Show the totals of every scenario."""
    study = report.study
    if len(study.scenarios) == 1 or np.isnan(report.score[:, :, 0]).all():
        return None
    marks = [_marks(report, s) for s in range(len(study.scenarios))]
    used = [f"{mark} {told}" for mark, told in MARKS.items() if any(mark in row for row in marks)]
    lines = [f"{'; '.join(used)}."] if used else []
    lines.extend(_units(report))
    worlds = [item.label for item in study.scenarios if "world" in item.kind]
    if worlds:
        lines.append(f"Worlds, in which ratings may change: {', '.join(worlds)}.")
    likely = [likelihood(item) for item in study.scenarios if item.likelihood]
    if likely:
        lines.append(f"Likelihood as judged, never multiplied in: {'; '.join(likely)}.")
    rows = [
        (item.label, *map("".join, zip(apart(report.score[s, :, 0]), marks[s], strict=True)))
        for s, item in enumerate(study.scenarios)
    ]
    called = tuple(names(report))
    return Section("By scenario", tuple(lines), by_strategy(called, "scenario", rows))


def _marks(report: Report, s: int) -> list[str]:
    """Return the mark of each strategy in a scenario, as `MARKS` explains it."""
    found = highest(report, s)
    first = "*?" if found.cells else "*"
    return [
        "x" if report.excluded[s, t]
        else first if t in found.first
        else "?" if t in found.open_to
        else ""
        for t in range(len(report.study.strategies))
    ]  # fmt: skip


def _units(report: Report) -> Iterator[str]:
    """Say which totals may be compared: those under the same weights (C13)."""
    scenarios = report.study.scenarios
    alike: dict[bytes, list[str]] = {}
    for s, scenario in enumerate(scenarios):
        weighed = np.where(np.isnan(report.coverage[s, 0]), 0.0, report.weights[s])
        alike.setdefault(weighed.tobytes(), []).append(scenario.label)
    if len(alike) == 1:
        return
    one = "row" if len(report.study.strategies) <= MOST_COLUMNS else "column"
    shared = [f"{', '.join(group)} share theirs" for group in alike.values() if len(group) > 1]
    more = f" ({'; '.join(shared)})" if shared else ""
    yield (
        f"Totals under different weights are not in the same unit: compare them within a {one} "
        f"only{more}."
    )


def likelihood(scenario: Scenario) -> str:
    """Return the likelihood of a scenario: its term, the band of that term, its horizon.

    >>> likelihood(Scenario(id="flood", tree="a", likelihood="likely", horizon="36 months"))
    'flood: likely (55 to 80 %, within 36 months)'
    """
    low, high = LIKELIHOOD_BANDS[str(scenario.likelihood)]
    within = f", within {scenario.horizon}" if scenario.horizon else ""
    return f"{scenario.label}: {scenario.likelihood} ({low} to {high} %{within})"


def gates(report: Report) -> Section | None:
    """Say who passes which gate (C14)."""
    study, tree = report.study, report.study.tree
    if not report.gate_leaves:
        return None
    lines = []
    for g, leaf in enumerate(report.gate_leaves):
        gate = tree.criteria[leaf].gate
        assert gate is not None
        by_status: dict[str, list[str]] = {}
        for t, key in enumerate(study.strategies):
            statuses = [GATE_STATUSES[code] for code in report.gates[:, t, g]]
            where = [i for i, status in enumerate(statuses) if status != statuses[0]]
            differs = ", ".join(f"{statuses[i]} in {study.scenarios[i].label}" for i in where)
            name = study.label(key) + (f" ({differs})" if differs else "")
            by_status.setdefault(statuses[0], []).append(name)
        told = "; ".join(
            f"{status}{' (not rated)' if status == 'undecided' else ''}: {', '.join(called)}"
            for status, called in by_status.items()
        )
        ends = "excludes" if gate.consequence == "exclude" else "is only reported"
        threshold = _threshold(tree, leaf, as_text(gate.threshold))
        lines.append(f"{tree.label(leaf)} must reach {threshold}; failing {ends}. {told}.")
    return Section("Gates", tuple(lines))


def _threshold(tree: ValueTree, leaf: str, level: str) -> str:
    """Return the level of a gate in words: with its anchor, or with its unit."""
    scale = tree.scale_of(leaf)
    if scale is None or not isinstance(scale.levels, Mapping):
        return f"{level} {tree.criteria[leaf].unit}".strip()
    return f"{level} ({scale.levels[level].anchor.rstrip('.')})"
