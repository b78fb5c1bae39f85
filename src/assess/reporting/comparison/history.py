"""Scores over time as text for a terminal, and as CSV: a bar stands where a series breaks."""

import textwrap
from collections.abc import Iterator

import numpy as np

from assess.over_time import History, Moment
from assess.reporting.csv import plain
from assess.reporting.txt import WIDTH, printable
from assess.rounding import points

LABEL, COLUMN = 36, 10
AT_ONCE = (WIDTH - LABEL) // COLUMN
ABOUT = (
    "Scores 0 to 100; a bar (|) stands before a score that is not comparable with those left of it."
)
LAST = "A change between two reports is not an effect of the strategy."


def render(history: History) -> str:
    """Return totals and the criteria right below, report by report, and the breaks between them."""
    lines = ["HISTORY", *(report.label for report in history.reports), *_told(history.banner)]
    for report in history.reports:
        if report.panel:
            lines += _told(f"Panel of {report.number} against that before: {report.panel}")
    lines += ["", ABOUT]
    for scenario in dict.fromkeys(moment.scenario for moment in history.moments):
        lines += _scenario(history, scenario)
    lines += ["", *_breaks(history), "", LAST]
    return "\n".join(map(printable, lines))


def render_csv(history: History) -> str:
    """Return the whole table as CSV; a text that a spreadsheet would run is quoted."""
    frame = history.table
    frame.insert(6, "name", [history.names.criteria[key] for key in frame["criterion"]])
    for column in ("scenario", "strategy", "criterion", "name", "break"):
        frame[column] = frame[column].map(plain)
    frame["illustrative"] = "yes" if history.banner else ""
    return str(frame.to_csv(index=False, lineterminator="\n"))


def _scenario(history: History, scenario: str) -> Iterator[str]:
    """Yield one table a scenario, so many reports side by side as fit."""
    by_row: dict[tuple[str, str], dict[int, Moment]] = {}
    for moment in history.moments:
        if moment.scenario == scenario and moment.criterion in history.shown:
            by_row.setdefault((moment.strategy, moment.criterion), {})[moment.report] = moment
    numbers = [report.number for report in history.reports]
    for start in range(0, len(numbers), AT_ONCE):
        columns = numbers[start : start + AT_ONCE]
        yield ""
        head = textwrap.shorten(history.names.scenarios[scenario], LABEL - 2, placeholder="...")
        yield f"{head:<{LABEL}}" + "".join(f"{number:>{COLUMN}}" for number in columns)
        for strategy in history.names.strategies:
            for criterion in history.shown:
                if row := by_row.get((strategy, criterion)):
                    yield _row(history, row, columns)


def _row(history: History, row: dict[int, Moment], columns: list[int]) -> str:
    one = next(iter(row.values()))
    label = (
        history.names.strategies[one.strategy]
        if one.criterion == history.root
        else f"  {history.names.criteria[one.criterion]}"
    )
    short = label if len(label) < LABEL else f"{label[: LABEL - 4]}..."
    cells = (f"{_cell(row.get(number)):>{COLUMN}}" for number in columns)
    return f"{short:<{LABEL}}" + "".join(cells)


def _cell(moment: Moment | None) -> str:
    if moment is None:
        return ""
    score = "-" if np.isnan(moment.score) else points(moment.score / 100, 1)
    return f"| {score}" if moment.broken else score


def _breaks(history: History) -> Iterator[str]:
    if not history.breaks:
        yield "Every score measures the same throughout."
        return
    yield "WHERE SERIES BREAK"
    for number, criterion, reason in history.breaks:
        yield from _told(f"before {number}: {history.names.criteria[criterion]}: {reason}")


def _told(line: str) -> list[str]:
    return textwrap.wrap(" ".join(line.split()), WIDTH, subsequent_indent="  ")
