"""The red team: totals with its ratings in place of the panel's, and where it differs most."""

from collections.abc import Iterator
from math import isnan

import numpy as np
from numpy.typing import NDArray

from assess.panel import RedCell, RedTeam
from assess.panel import red_team as stand_in
from assess.panel.given import analyst_name, listed
from assess.report import Report
from assess.rounding import few, points
from assess.summary.criteria import shortened
from assess.summary.findings import by_strategy
from assess.summary.page import Section
from assess.summary.verdicts import names

Array = NDArray[np.float64]
MOST_CELLS = 5


def red_team(report: Report) -> Section | None:
    """Show what the red team, which is not pooled, would make of the totals."""
    found = stand_in(report)
    if not found.analysts:
        return None
    study = report.study
    who = listed(analyst_name(study, key) for key in found.analysts)
    lines = [f"{who}: reported beside the panel, in no score, agreement or verdict of this report."]
    lines += (_line(found, cell) for cell in found.cells[:MOST_CELLS])
    if len(found.cells) > MOST_CELLS:
        lines.append(f"And {len(found.cells) - MOST_CELLS} more cells in which it differs.")
    rows = list(_rows(report, found))
    table = by_strategy(tuple(names(report)), study.scenarios[0].label, rows)
    return Section("Red team", tuple(lines), table)


def _rows(report: Report, found: RedTeam) -> Iterator[tuple[str, ...]]:
    yield ("total of the panel", *_totals(report.score[0, :, 0], report.excluded[0]))
    yield ("with the red team's ratings", *_totals(found.score[0], found.excluded[0]))
    yield ("criteria the red team rates", *map(str, found.rated[0].tolist()))


def _totals(scores: Array, excluded: NDArray[np.bool_]) -> Iterator[str]:
    for score, out in zip(scores.tolist(), excluded.tolist(), strict=True):
        total = "-" if np.isnan(score) else points(score)
        yield f"{total} (fails a gate)" if out else total


def _line(found: RedTeam, cell: RedCell) -> str:
    """Say in one line what the panel and the red team say of a cell, and why."""
    study = found.study
    where = ""
    if len(cell.scenarios) < len(study.scenarios):
        where = f" ({few([study.scenario(key).label for key in cell.scenarios])})"
    panel = "nobody gives a level" if isnan(cell.panel) else f"worth {points(cell.panel / 100)}"
    why = " ".join(shortened(text) for text in cell.rationales if text) or "No rationale."
    return (
        f"- {study.label(cell.strategy)}, {study.tree.label(cell.criterion)}{where}: "
        f"panel {panel}, red team worth {points(cell.red / 100)}. {why}"
    )
