"""What came out: answer, profile, scenarios, means and ends, gates, weak spots."""

from collections.abc import Iterator, Mapping

import numpy as np

from assess.model import ValueTree, as_text
from assess.report import GATE_STATUSES, TIE, Report
from assess.rounding import counted, points
from assess.summary.page import Section, Table

WEAKEST = 3
MOST_COLUMNS = 6


def answer(report: Report) -> Section:
    """Say who has the highest point score, by how much, and what that leaves out."""
    study = report.study
    lines = [_headline(report, 0)]
    lines.extend(_means_sentence(report, 0))
    lines.extend(_elsewhere(report))
    return Section(f"Answer ({study.scenarios[0].label})", tuple(filter(None, lines)))


def _headline(report: Report, s: int) -> str:
    """Say who has the highest point score in a scenario, and by how much."""
    study = report.study
    first = [t for t in range(len(study.strategies)) if report.ranks[s, t, 0] == 1]
    names = list(map(study.label, study.strategies))
    if not first:
        if np.isnan(report.score[s, :, 0]).all():
            floor = points(study.method.coverage_floor)
            return f"No total: less than {floor} % of the weight is rated (the study's floor)."
        return "No strategy with a total passes its gates."
    score = report.score[s, :, 0]
    rest = [t for t in range(len(names)) if report.ranks[s, t, 0] > 1]
    text = f"Highest point score: {' and '.join(names[t] for t in first)} {points(score[first[0]])}"
    if rest:
        second = max(rest, key=lambda t: score[t])
        gap = score[first[0]] - score[second]
        text += f", next {names[second]} {points(score[second])} ({points(gap, 1)} points behind)"
    text += "; not tested against doubt."
    lowest = min(report.low[s, t, 0] for t in first)
    open_to = [
        t
        for t in range(len(names))
        if t not in first and not report.excluded[s, t] and report.high[s, t, 0] > lowest + TIE
    ]
    missing = sum(int(report.missing[s, t, 0]) for t in (*first, *open_to))
    if open_to and missing:
        told = " or ".join(names[t] for t in open_to)
        text += f" What is missing ({counted(missing, 'cell')}) could put {told} first."
    return text


def _means_sentence(report: Report, s: int) -> Iterator[str]:
    """Say so where the highest score on ends and on means are not the same strategy (C15)."""
    names = list(map(report.study.label, report.study.strategies))
    ends, means = report.ends[s], report.means[s]
    eligible = ~report.excluded[s]
    if not (eligible & ~np.isnan(ends)).any() or not (eligible & ~np.isnan(means)).any():
        return
    best = [np.nanmax(np.where(eligible, values, np.nan)) for values in (ends, means)]
    highest = [
        {t for t in np.flatnonzero(eligible) if values[t] >= top - TIE}
        for values, top in zip((ends, means), best, strict=True)
    ]
    if not highest[0] & highest[1]:
        told = [" and ".join(names[t] for t in sorted(group)) for group in highest]
        yield (
            f"Means and ends differ: on measures of effectiveness alone {told[0]} is highest "
            f"({points(best[0])}), on measures of performance alone {told[1]} ({points(best[1])})."
        )


def _elsewhere(report: Report) -> Iterator[str]:
    study = report.study
    names = list(map(study.label, study.strategies))
    by_name: dict[str, list[str]] = {}
    for s, scenario in enumerate(study.scenarios):
        first = [names[t] for t in np.flatnonzero(report.ranks[s, :, 0] == 1)]
        if first:
            by_name.setdefault(" and ".join(first), []).append(scenario.label)
    if len(by_name) > 1:
        told = "; ".join(f"{name} in {', '.join(where)}" for name, where in by_name.items())
        yield f"Highest by scenario: {told}. How many scenarios is not a verdict."
    yield from _excluded(report)


def _excluded(report: Report) -> Iterator[str]:
    """Say who fails an excluding gate, and where, unless it is everywhere."""
    study = report.study
    told = []
    for t, key in enumerate(study.strategies):
        where = [
            item.label
            for item, out in zip(study.scenarios, report.excluded[:, t], strict=True)
            if out
        ]
        if where:
            everywhere = len(where) == len(study.scenarios)
            told.append(study.label(key) + ("" if everywhere else f" (in {', '.join(where)})"))
    if told:
        yield f"Excluded by a failed gate: {', '.join(told)}."


def profile(report: Report) -> Section:
    """Show every strategy in the first scenario: total, band, rank, ends, means, criteria."""
    study, tree = report.study, report.study.tree
    everyone = range(len(study.strategies))
    rows = [
        ("total", *(points(report.score[0, t, 0]) for t in everyone)),
        ("bounds for what is missing", *(_bounds(report, 0, t) for t in everyone)),
        ("band", *(_band(report, 0, t) for t in everyone)),
        ("rank", *(_rank(report, 0, t) for t in everyone)),
        ("effectiveness alone (ends)", *(points(report.ends[0, t]) for t in everyone)),
        ("performance alone (means)", *(points(report.means[0, t]) for t in everyone)),
    ]
    for node in tree.children[tree.id]:
        scores = report.score[0, :, report.node(node)]
        rows.append((tree.label(node), *map(points, scores)))
    rows.append(("weight rated", *(f"{points(report.coverage[0, t, 0])} %" for t in everyone)))
    lines = [f"Scores 0 to 100 in scenario {study.scenarios[0].label}."]
    if not np.isnan(report.good[0, 0]):
        lines.append(
            f"Acceptable from {points(report.acceptable[0, 0])}, good from "
            f"{points(report.good[0, 0])}: what a strategy would score that is just acceptable, or "
            "just good, on every criterion."
        )
    return Section("Profile", tuple(lines), _by_strategy(report, "", rows))


def leaves_alone(report: Report) -> Section | None:
    """Show what is rated, criterion by criterion, where a strategy has no total."""
    study, tree = report.study, report.study.tree
    if not np.isnan(report.score[0, :, 0]).any():
        return None
    rows = []
    for node in tree.nodes[1:]:
        scores = report.score[0, :, report.node(node)]
        if not np.isnan(scores).all():
            rows.append((tree.label(node), *map(points, scores)))
    if not rows:
        return None
    lines = (f"Criteria with a score in scenario {study.scenarios[0].label}; they are no total.",)
    return Section("Results by criterion", lines, _by_strategy(report, "criterion", rows))


def _by_strategy(report: Report, corner: str, rows: list[tuple[str, ...]]) -> Table:
    """Return a table with a column a strategy, or a row each where they are many."""
    names = tuple(map(report.study.label, report.study.strategies))
    if len(names) <= MOST_COLUMNS:
        return Table((corner, *names), tuple(rows))
    turned = zip(*(row[1:] for row in rows), strict=True)
    body = tuple((name, *cells) for name, cells in zip(names, turned, strict=True))
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
    return "excluded" if report.excluded[s, t] else str(report.ranks[s, t, 0] or "-")


def scenarios(report: Report) -> Section | None:
    """Show the totals of every scenario."""
    study = report.study
    if len(study.scenarios) == 1 or np.isnan(report.score[:, :, 0]).all():
        return None
    rows = [(scenario.label, *_totals(report, s)) for s, scenario in enumerate(study.scenarios)]
    worlds = [item.label for item in study.scenarios if "world" in item.kind]
    lines = ["* highest point score; x excluded by a failed gate."]
    if worlds:
        lines.append(f"Worlds, in which ratings may change: {', '.join(worlds)}.")
    likely = [f"{item.label}: {item.likelihood}" for item in study.scenarios if item.likelihood]
    if likely:
        lines.append(f"Likelihood as judged, never multiplied in: {'; '.join(likely)}.")
    return Section("By scenario", tuple(lines), _by_strategy(report, "scenario", rows))


def _totals(report: Report, s: int) -> Iterator[str]:
    for t in range(len(report.study.strategies)):
        mark = "x" if report.excluded[s, t] else "*" if report.ranks[s, t, 0] == 1 else ""
        yield points(report.score[s, t, 0]) + mark


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
        told = "; ".join(f"{status}: {', '.join(names)}" for status, names in by_status.items())
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


def weak_spots(report: Report) -> Section | None:
    """Name the leaves on which each strategy falls furthest below what is acceptable there."""
    study, tree = report.study, report.study.tree
    lines = []
    for t, key in enumerate(study.strategies):
        below = []
        for leaf in tree.leaves:
            score, needed = report.score[0, t, report.node(leaf)], _needed(report, leaf)
            if score < needed - TIE:
                below.append((score - needed, score, leaf))
        worst = sorted(below)[:WEAKEST]
        told = ", ".join(f"{tree.label(leaf)} {points(score)}" for _, score, leaf in worst)
        more = f", and {len(below) - WEAKEST} more" if len(below) > WEAKEST else ""
        if told:
            lines.append(f"{study.label(key)}: {told}{more}.")
    if not lines:
        return None
    return Section("Weak spots (furthest below acceptable)", tuple(lines))


def _needed(report: Report, leaf: str) -> float:
    """Return what is acceptable on a leaf; half way where it names no such level."""
    acceptable = float(report.acceptable[0, report.node(leaf)])
    return 0.5 if np.isnan(acceptable) else acceptable
