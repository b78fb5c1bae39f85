"""The form of one analyst: a workbook that asks, row by row, how each strategy does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from assess.atomic import write_bytes
from assess.forms.asked import (
    DEPTHS,
    FORM_KIND,
    FORMAT,
    HEADER_ROW,
    INSTRUCTIONS_SHEET,
    KEYS,
    RATING_COLUMN,
    SHEETS,
    Depth,
    Part,
    Sheets,
    marks,
    parts,
    seal,
    worlds,
)
from assess.forms.paper import Paper
from assess.forms.sheets import KIND, address, excel
from assess.forms.words import about, instructions
from assess.model import Ratings, Study, nearest
from assess.model.ratings import round_number

CREATED = datetime(2000, 1, 1)  # no clock: equal inputs, equal bytes
LAST_ROUND = 9
_PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
          "strings_to_numbers": False}  # fmt: skip
Earlier = dict[tuple[str, str, str], str]


def write_form(
    study: Study,
    analyst: str,
    path: str | Path,
    *,
    depth: Depth = "leaf",
    scenario: Sequence[str] | None = None,
    sheets: Sheets = "one",
    round: int = 1,  # noqa: A002 - the word of the ratings table
) -> Path:
    """Write the form in which one analyst rates; equal inputs give equal bytes.

    The form is blind: it holds nothing that another analyst said. In a later round it shows what
    this analyst said before, in a locked column; nothing is filled in beforehand.

    Args:
        study: without problems; its ratings may be missing.
        analyst: id of who is asked.
        path: of the workbook, NAME.xlsx.
        depth: "leaf" asks every criterion, "group" one rating in value points (0 to 100) for each
            lowest group, which takes about an hour.
        scenario: ids of worlds that are asked apart as well; all of them if `sheets` is "scenario"
            and none is named.
        sheets: "one" for all ratings, or one a "scenario".
        round: of asking, 1 to 9.

    Returns:
        The path.

    Raises:
        ValueError: analyst, scenario, depth, sheets or round are none of the study; or the extra
            `excel` is not installed.
        OSError: the file cannot be written.

    >>> from assess.files import load
    >>> write_form(load("mali"), "anna", "anna.xlsx")
    Traceback (most recent call last):
    ...
    ValueError: no analyst 'anna' (did you mean 'ana'?)
    """
    return write_bytes(
        path,
        form_bytes(study, analyst, depth=depth, scenario=scenario, sheets=sheets, round=round),
    )


def form_bytes(
    study: Study,
    analyst: str,
    *,
    depth: Depth = "leaf",
    scenario: Sequence[str] | None = None,
    sheets: Sheets = "one",
    round: int = 1,  # noqa: A002 - the word of the ratings table
) -> bytes:
    """Return the form that `write_form` writes."""
    _check(study, analyst, depth, sheets, round)
    asked = worlds(study, scenario, sheets)
    found = parts(study, depth=depth, scenarios=asked, sheets=sheets)
    xlsxwriter = excel("xlsxwriter")
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, _PLAIN)
    book.set_properties({"created": CREATED, "title": study.name})
    first = book.add_worksheet(INSTRUCTIONS_SHEET)
    who = study.analysts[analyst].name or analyst
    writer = _Writer(Paper(book, study), who, round, _earlier(study, analyst, round))
    for part in found:
        writer.part(part)
    writer.finish()
    said = instructions(study, analyst, depth=depth, round_=round, scenarios=asked)
    _first_sheet(writer, first, said)
    head = {
        KIND: FORM_KIND,
        "format": FORMAT,
        "study": study.name,
        "tree": study.tree.id,
        "analyst": analyst,
        "round": str(round),
        "depth": depth,
        "scenarios": " ".join(asked),
    }
    ties = [("node", node, *pair) for node, pair in marks(study).items()]
    names = [("strategy", key, study.label(key)) for key in study.strategies]
    writer.paper.hidden([*head.items(), *names, *ties, *writer.blocks])
    book.close()
    return buffer.getvalue()


def _check(study: Study, analyst: str, depth: str, sheets: str, round_: int) -> None:
    if analyst not in study.analysts:
        raise ValueError(f"no analyst {analyst!r} ({nearest(analyst, study.analysts)})")
    for word, choices in ((depth, DEPTHS), (sheets, SHEETS)):
        if word not in choices:
            raise ValueError(f"{word!r} is unknown ({nearest(word, choices)})")
    if not isinstance(round_, int) or not 1 <= round_ <= LAST_ROUND:
        raise ValueError(f"round is {round_!r}; rounds are counted from 1 to {LAST_ROUND}")


def _earlier(study: Study, analyst: str, round_: int) -> Earlier:
    """Return what an analyst said last before a round, by strategy, scenario and criterion."""
    ratings = Ratings.concatenated([study.earlier, study.ratings])
    found = dict[tuple[str, str, str], tuple[int, str]]()
    for row in np.flatnonzero(ratings.analyst.matches(analyst)).tolist():
        number = round_number(ratings.cell(row, "round"))
        strategy, scenario, criterion = (ratings.cell(row, name) for name in KEYS)
        key = strategy, scenario, criterion
        if number < round_ and found.get(key, (0, ""))[0] < number:
            found[key] = number, _said(ratings, row)
    return {key: words for key, (_, words) in found.items()}


def _said(ratings: Ratings, row: int) -> str:
    """Return a rating in words: its level, the ends if there are some, the confidence."""
    level, low, high, sure = (
        ratings.cell(row, name) for name in ("rating", "low", "high", "confidence")
    )
    between = f" ({low} to {high})" if low and high else ""
    return f"{level}{between}{f', {sure}' if sure else ''}"


@dataclass
class _Writer:
    """Fills sheets from top to bottom.

    Attributes:
        paper: what is written on.
        who: the name of who is asked.
        round: of asking.
        earlier: what this analyst said in rounds before.
        sheets: by name.
        rows: the next free row of every sheet.
        asked: how many rows of every sheet are to be filled in.
        blocks: where the rows of each criterion stand, for the hidden sheet.
    """

    paper: Paper
    who: str
    round: int
    earlier: Earlier
    sheets: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)
    blocks: list[tuple[str, ...]] = field(default_factory=list)

    def part(self, part: Part) -> None:
        """Write the rows of one sheet that belong to one scenario."""
        study = self.paper.study
        where = study.scenario(part.scenario).label if part.scenario else "every scenario"
        if part.sheet not in self.sheets:
            title = f"{study.name}: {self.who}, round {self.round}"
            before = f"before round {self.round}" if self.round > 1 else ""
            sheet = self.paper.answer_sheet(part.sheet, title, earlier=before)
            self.sheets[part.sheet] = sheet
            self.rows[part.sheet], self.asked[part.sheet] = HEADER_ROW + 1, 0
        told = f"Ratings that hold in {where}"
        if part.scenario and (more := study.scenario(part.scenario).description):
            told += f": {' '.join(more.split())}"
        self._line(part.sheet, told, "heading")
        for criterion in part.criteria:
            self._criterion(part, criterion)

    def _line(self, sheet: str, words: str, look: str) -> None:
        self.paper.line(self.sheets[sheet], self.rows[sheet], words, look)
        self.rows[sheet] += 1

    def _criterion(self, part: Part, criterion: str) -> None:
        study, name = self.paper.study, part.sheet
        label, unit = study.tree.label(criterion), study.tree.criteria[criterion].unit
        way = " > ".join([*_above(study, criterion), label])
        band = f"{way} [{unit}]" if unit else way
        self._line(name, band, "band")
        words = about(study, criterion)
        self._line(name, words, "about")
        first, said = self.rows[name], []
        for strategy in study.strategies:
            key = (strategy, part.scenario, criterion)
            said.append(self.earlier.get(key, ""))
            shown = (label, study.label(strategy), said[-1])
            self.paper.answer_row(self.sheets[name], self.rows[name], key, shown)
            self.rows[name] += 1
        self.paper.limits(self.sheets[name], first, self.rows[name] - 1, criterion)
        self.asked[name] += len(said)
        sealed = seal([band, words, *said])
        self.blocks.append(("block", name, str(first + 1), part.scenario, criterion, label, sealed))

    def finish(self) -> None:
        """Write what holds for all rows of every sheet."""
        for name, sheet in self.sheets.items():
            self.paper.columns(sheet, HEADER_ROW + 1, self.rows[name] - 1)

    def progress(self) -> Iterator[tuple[str, str, int]]:
        """Yield for every sheet its name, the range of its ratings, and how many there are."""
        for name in self.sheets:
            first = address(HEADER_ROW + 1, RATING_COLUMN)
            last = address(self.rows[name] - 1, RATING_COLUMN)
            quoted = name.replace("'", "''")
            yield name, f"'{quoted}'!{first}:{last}", self.asked[name]


def _above(study: Study, criterion: str) -> list[str]:
    """Return the names of the groups above a criterion, the highest first."""
    found: list[str] = []
    key = study.tree.criteria[criterion].parent
    while key is not None and key != study.tree.id:
        found.insert(0, study.tree.label(key))
        key = study.tree.criteria[key].parent
    return found


def _first_sheet(writer: _Writer, sheet: Any, said: Sequence[tuple[str, str]]) -> None:
    """Write the instructions, and a count of what is rated that the spreadsheet keeps."""
    looks = writer.paper.looks
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 110)
    sheet.hide_gridlines(2)
    sheet.protect("", {"format_columns": True, "format_rows": True})
    row = 0
    for number, (label, words) in enumerate(said):
        look = "title" if number == 0 else "plain" if words else "band"
        sheet.write_string(row, 0, label, looks[look])
        sheet.write_string(row, 1, words, looks["plain"])
        row += 1
        if label == "Round":
            row = _progress(writer, sheet, row)


def _progress(writer: _Writer, sheet: Any, row: int) -> int:
    looks = writer.paper.looks
    counts = list(writer.progress())
    for name, cells, asked in counts:
        sheet.write_string(row, 0, f"Progress: {name}", looks["plain"])
        shown = f'=COUNTA({cells})&" of {asked} rows rated"'
        sheet.write_formula(row, 1, shown, looks["plain"], f"0 of {asked} rows rated")
        row += 1
    return row
