"""The panel's voices: how far they agree, where it is split, and whose voice decides."""

from collections.abc import Iterator
from math import isnan

from assess.agreement import Agreement
from assess.model import Study
from assess.panel import (
    FirstChoices,
    Side,
    Spread,
    deciding_sets,
    first_choices,
    leave_one_out,
    split_cells,
    spreads,
    tendencies,
)
from assess.panel.given import analyst_name, with_a_voice
from assess.report import Report
from assess.rounding import counted, points
from assess.summary.criteria import shortened
from assess.summary.page import Section, Table

MOST_SPLIT = 8
DRAWS = 1000


def agreement(report: Report) -> Section | None:
    """Say how far analysts lie apart in points, by top criterion; coefficients beside it."""
    study = report.study
    if not _is_panel(study):
        return None
    first = study.scenarios[0]
    lines = spreads(report, scenario=first.id, draws=DRAWS).lines
    table = Table(
        ("", "points apart", "95 % interval", "compared", "alpha"),
        tuple(_spread_row(study, line) for line in lines),
    )
    told = (
        "Mean absolute difference between two analysts who rate the same, in points of 100.",
        *_reasons(study, lines),
        *_elsewhere(report),
    )
    return Section(f"Agreement ({first.label})", told, table)


def _spread_row(study: Study, line: Spread) -> tuple[str, ...]:
    """Return one line of the table of agreement."""
    noun = "strategy" if line.of == "total" else "cell"
    if line.apart is None:
        return (_called(study, line), "-", "-", "0", "-")
    units = counted(line.apart.units, noun).replace("strategys", "strategies")
    spread = points(line.apart / 100, 1)
    return (_called(study, line), spread, _interval(line.apart), units, _alpha(line))


def _called(study: Study, line: Spread) -> str:
    if line.of == "total":
        return "total, by each one's own ratings"
    return "all cells" if line.criterion == study.tree.id else study.tree.label(line.criterion)


def _interval(of: Agreement) -> str:
    if isnan(of.low):
        return "-"
    return f"{points(of.low / 100, 1)} to {points(of.high / 100, 1)}"


def _alpha(line: Spread) -> str:
    """Return alpha with its interval; a dash where it does not hold."""
    if line.alpha is None:
        return "-"
    between = "" if isnan(line.alpha.low) else f" ({line.alpha.low:.2f} to {line.alpha.high:.2f})"
    return f"{line.alpha.value:.2f}{between}"


def _reasons(study: Study, lines: tuple[Spread, ...]) -> Iterator[str]:
    """Say which coefficient alpha is, and why a line has none."""
    levels = dict.fromkeys(line.level for line in lines if line.alpha is not None)
    words = {"ordinal": "ranks of levels where all stand on one scale", "interval": "worths"}
    if levels:
        told = " and ".join(f"{level} ({words[level]})" for level in levels)
        yield f"Alpha is Krippendorff's, {told}; 1 is full agreement, 0 what chance would give."
    reasons: dict[str, list[str]] = {}
    for line in lines:
        if line.reason:
            reasons.setdefault(line.reason, []).append(_called(study, line))
    for reason, where in reasons.items():
        yield f"No coefficient for {', '.join(where)}: {reason}."


def _elsewhere(report: Report) -> Iterator[str]:
    """Say between which means the other scenarios lie."""
    study = report.study
    found = [
        line.apart / 100
        for line in spreads(report, draws=0).lines
        if line.of == "cells" and line.criterion == study.tree.id and line.apart is not None
    ]
    if len(study.scenarios) > 1 and found:
        low, high = points(min(found), 1), points(max(found), 1)
        span = low if low == high else f"{low} to {high}"
        yield f"All cells, over the {len(study.scenarios)} scenarios: {span} points apart."


def split(report: Report) -> Section | None:
    """List the cells in which the panel is split most, with what each side says."""
    if not _is_panel(report.study):
        return None
    found = split_cells(report)
    cells = found.cells[:MOST_SPLIT]
    title = f"Where the panel is split (over {found.over:g} points apart)"
    compared = counted(found.compared, "cell")
    first = f"{len(found.cells)} of {compared} that two or more analysts rated"
    first += f"; the {len(cells)} widest." if len(cells) < len(found.cells) else "."
    lines = [first]
    for cell in cells:
        lines.append(f"{found.what(cell)}: {points(cell.spread / 100)} points apart.")
        for side in (cell.low, cell.high):
            lines += (f"- {text}" for text in _side(found.study, side))
    return Section(title, tuple(lines))


def _side(study: Study, side: Side) -> Iterator[str]:
    """Say who stands on a side of a split cell, and why."""
    parts = (side.analysts, side.criteria, side.levels, side.worths, side.rationales)
    for key, criterion, level, worth, rationale in zip(*parts, strict=True):
        why = shortened(rationale) if rationale else "No rationale."
        given = study.tree.level_in_words(criterion, level)
        yield f"{analyst_name(study, key)}: {given}, worth {points(worth / 100)}. {why}"


def who_decides(report: Report) -> Section | None:
    """Say whose absence changes who is highest, and how few it takes."""
    if not _is_panel(report.study):
        return None
    lines = [*leave_one_out(report).sentences(), "Fewest absences that change who is highest:"]
    lines += (f"- {line}" for line in deciding_sets(report).sentences())
    return Section("Whose voice decides", tuple(lines))


def first_places(report: Report) -> Section | None:
    """Say how many analysts put each strategy first, by scenario, and how many say nothing."""
    study = report.study
    if not _is_panel(study):
        return None
    found = first_choices(report)
    title = "First choices by analyst (own ratings, same weights and rules)"
    if not found.speaks.any():
        line = "No analyst alone rated enough for a total of every strategy."
        return Section(title, (line,))
    lines = tuple(_firsts(found))
    return Section(title, lines, _firsts_table(found))


def _firsts(found: FirstChoices) -> Iterator[str]:
    """Say who puts what first in the headline scenario; a tie names several."""
    study = found.study
    for a, (key, analyst) in enumerate(study.analysts.items()):
        if not analyst.pooled:
            continue
        if found.speaks[a, 0]:
            firsts = zip(study.strategies, found.first[a, 0].tolist(), strict=True)
            told = " and ".join(study.label(strategy) for strategy, first in firsts if first)
            yield f"{analyst_name(study, key)}: {told}."
        else:
            yield f"{analyst_name(study, key)}: rated too little for a total of every strategy."


def _firsts_table(found: FirstChoices) -> Table:
    """Return how many analysts put each strategy first, one row a scenario."""
    study = found.study
    rows = [
        (scenario.label, *map(str, found.count[s].tolist()), str(found.silent[s]))
        for s, scenario in enumerate(study.scenarios)
    ]
    columns = ("scenario", *map(study.label, study.strategies), "say nothing")
    return Table(columns, tuple(rows))


def habits(report: Report) -> Section | None:
    """Show severity, use of the middle and halo of every analyst, or say that nothing can be."""
    study = report.study
    if not _is_panel(study):
        return None
    found = tendencies(report)
    if found.reason:
        line = f"Severity, central tendency and halo: {found.reason}."
        return Section("Habits of the analysts", (line,))
    by_analyst: dict[str, dict[str, str]] = {}
    for item in found.lines:
        told = f"{item.value:.2f} ({item.low:.2f} to {item.high:.2f})"
        by_analyst.setdefault(item.analyst, {})[item.what] = "-" if isnan(item.value) else told
    rows = [(analyst_name(study, key), *cells.values()) for key, cells in by_analyst.items()]
    lines = (
        "Beside the others on the same cells, with 95 % intervals: points below their mean; more "
        "ratings in the middle fifth, in percentage points; correlation of deviations between "
        "criteria under one top criterion.",
    )
    table = Table(("analyst", "severity", "middle", "halo"), tuple(rows))
    return Section("Habits of the analysts", lines, table)


def _is_panel(study: Study) -> bool:
    """Whether two analysts with a voice gave ratings."""
    givers = set(study.ratings.analyst.labels)
    heard = zip(study.analysts, with_a_voice(study).tolist(), strict=True)
    return sum(key in givers for key, voice in heard if voice) >= 2
