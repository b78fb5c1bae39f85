"""Cells to entries of a study's workbook: headers understood, each value as its column wants it."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from assess.forms.notation import arguments, listing, separated
from assess.forms.sheets import Grid, Value, address
from assess.forms.study_guide import READ_ME_SHEET
from assess.forms.study_sheets import FIELDS, HEADER, NONE, SHEETS, STUDY_SHEET, YES, Column
from assess.model import Problem, nearest, parse_date, shown

Sheets = Mapping[str, Grid]

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_COMMA = re.compile(r"([+-]?\d+),(\d+)")
SHEET_ORDER = (STUDY_SHEET, *SHEETS)


@dataclass(frozen=True, order=True)
class Place:
    """A cell, in the order of sheets, rows and columns, each from 0."""

    sheet: int
    row: int
    column: int
    file: str

    def __str__(self) -> str:
        return f"{self.file}!{SHEET_ORDER[self.sheet]}!{address(self.row, self.column)}"


@dataclass(frozen=True)
class Entry:
    """One row of a sheet: what stands in it, and where, by the names of the columns.

    Of the sheet Study all rows are one entry, and its columns are the fields.
    """

    sheet: str
    cells: Mapping[str, Value]
    places: Mapping[str, Place]
    start: Place

    def at(self, column: str) -> Place:
        """Return where a column's cell is; the first cell of the row where there is no column."""
        return self.places.get(column, self.start)


class WrongCellError(ValueError):
    """What a cell holds does not belong there; with what to write instead."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def entries(book: Sheets, file: str) -> tuple[dict[str, list[Entry]], list[Problem]]:
    """Return the entries of every sheet, and what is wrong with sheets and headers.

    Args:
        book: the values of each sheet, row by row from the first cell.
        file: what messages call the workbook.
    """
    problems: list[Problem] = []
    for sheet in book:
        if sheet not in (*SHEET_ORDER, READ_ME_SHEET) and not sheet.startswith("_"):
            hint = f"{nearest(sheet, SHEET_ORDER)}; or delete it"
            problems.append(_problem(f"{file}!{sheet}", "is no sheet of a study", hint))
    found: dict[str, list[Entry]] = {}
    for sheet, columns in SHEETS.items():
        found[sheet] = []
        if rows := book.get(sheet):
            names = [column.name for column in columns]
            found[sheet] = [*_table(sheet, rows, names, file, problems)]
    found[STUDY_SHEET] = [_study(book.get(STUDY_SHEET, ()), file, problems)]
    return found, problems


def _problem(place: object, message: str, hint: str) -> Problem:
    return Problem("workbook", (), message, hint, str(place))


def _table(
    sheet: str,
    rows: Sequence[Sequence[Value]],
    names: Sequence[str],
    file: str,
    problems: list[Problem],
) -> Iterator[Entry]:
    """Yield the entries of a sheet whose first row names its columns."""
    order = SHEET_ORDER.index(sheet)
    header = [_trimmed(value) for value in rows[0]]
    strangers = _strangers(header, names)
    for column, hint in strangers.items():
        message = f"{shown(header[column])} is no column of this sheet"
        problems.append(_problem(Place(order, 0, column, file), message, hint))
    at = {name: i for i, name in enumerate(header) if name and i not in strangers}
    for number, row in enumerate(rows[1:], start=1):
        full = {i: value for i, value in enumerate(row) if not is_empty(value)}
        for column in full.keys() - at.values() - strangers.keys():
            message = f"{as_typed(full[column])} stands under no header"
            problems.append(_problem(Place(order, number, column, file), message, "clear the cell"))
        cells = {name: full[i] for name, i in at.items() if i in full}
        if cells:
            places = {name: Place(order, number, i, file) for name, i in at.items()}
            yield Entry(sheet, cells, places, Place(order, number, 0, file))


def _strangers(names: Sequence[str], known: Sequence[str]) -> dict[int, str]:
    """Return the places of names that are unknown or stand twice, each with a hint."""
    found: dict[int, str] = {}
    for place, name in enumerate(names):
        if name and name not in known:
            found[place] = nearest(name, known)
        elif name and name in names[:place]:
            found[place] = "it stands here already: keep one of the two"
    return found


def _study(rows: Sequence[Sequence[Value]], file: str, problems: list[Problem]) -> Entry:
    """Return the one entry of the sheet Study, whose fields are named in its first column."""
    labels = ["", *(_trimmed(row[0]) if row else "" for row in rows[1:])]
    strangers = _strangers(labels, [field.name for field in FIELDS])
    for line, hint in strangers.items():
        message = f"{shown(labels[line])} is no field of a study"
        problems.append(_problem(Place(0, line, 0, file), message, hint))
    if rows and _trimmed([*rows[0], ""][0]) != HEADER[0]:
        hint = f"its first row names the columns: {', '.join(HEADER)}"
        problems.append(_problem(Place(0, 0, 0, file), "the header is missing", hint))
    cells: dict[str, Value] = {}
    places: dict[str, Place] = {}
    for line, (label, row) in enumerate(zip(labels, rows, strict=True)):
        full = [i for i, value in enumerate(row) if i and not is_empty(value)]
        for column in full if line and not label else [i for i in full if i > 2]:
            message = f"{as_typed(row[column])} stands beside no field"
            where = Place(0, line, column, file)
            problems.append(_problem(where, message, "values stand in column B"))
        if label and line not in strangers:
            places[label] = Place(0, line, 1, file)
            cells.update({label: row[1]} if 1 in full else {})
    return Entry(STUDY_SHEET, cells, places, Place(0, 0, 0, file))


def is_empty(value: Value) -> bool:
    """Whether nothing stands in a cell; blanks alone are nothing."""
    return value is None or (isinstance(value, str) and not value.strip())


def as_typed(value: Value) -> str:
    """Return a value as messages show it; a whole number without a point.

    >>> as_typed(5.0), as_typed("5.0")
    ('5', "'5.0'")
    """
    return shown(int(value) if isinstance(value, float) and value.is_integer() else value)


def _trimmed(value: Value) -> str:
    return "" if value is None else str(value).strip()


def read(column: Column, value: Value) -> Any:
    """Return what a cell says, as its column wants it.

    Args:
        column: which.
        value: of the cell; not empty.

    Raises:
        WrongCellError: it does not belong there.
    """
    if column.kind == "number":
        return value if value in column.choices else number(value)
    if column.kind == "numbers":
        return [number(part) for part in text(value).split(",")]
    if column.kind == "date":
        return _day(value)
    if column.kind == "level" and isinstance(value, float | int) and not isinstance(value, bool):
        return value
    plain = text(value)
    return plain if column.kind in ("level", "text") else _words(column, plain.strip())


def _words(column: Column, plain: str) -> Any:
    """Return what a trimmed cell says: one word, several, or arguments."""
    try:
        if column.kind == "pairs":
            return arguments(plain)
        if column.kind == "list":
            return listing(plain)
        if column.kind in ("labels", "references"):
            return [] if column.of == "grade" and plain == NONE else separated(plain)
    except ValueError as error:
        raise WrongCellError(str(error)) from error
    if column.choices == (YES,):
        return _only(plain, column.choices) == YES and column.means
    return _only(plain, column.choices) if column.key == ("of",) else plain


def _only(word: str, choices: Sequence[str]) -> str:
    if word not in choices:
        raise WrongCellError(f"{shown(word)} is not allowed here", nearest(word, choices))
    return word


def number(value: Value) -> float:
    """Return a number, also where it was typed as text.

    Raises:
        WrongCellError: it is none.

    >>> number("4.5")
    4.5
    """
    if isinstance(value, float | int) and not isinstance(value, bool):
        return value
    written = text(value).strip()
    if _NUMBER.fullmatch(written):
        return float(written)
    comma = _COMMA.fullmatch(written)
    hint = f"write a decimal point: {comma[1]}.{comma[2]}" if comma else ""
    raise WrongCellError(f"{shown(written)} is not a number", hint)


def text(value: Value) -> str:
    """Return a text to the letter; a number as it was typed.

    Raises:
        WrongCellError: it is a date, or holds control characters.

    >>> text(2.0), text(0.25), text(" as it is ")
    ('2', '0.25', ' as it is ')
    """
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float | int):
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    if isinstance(value, date | time):
        midnight = isinstance(value, datetime) and value.time() == time()
        day = value.date() if isinstance(value, datetime) and midnight else value
        raise WrongCellError(
            f"{shown(day)} is a date, where a text belongs",
            "format the cell as text, then type it again",
        )
    if found := control_character(str(value)):
        raise WrongCellError(f"holds the control character {found!r}", "delete it")
    return str(value)


def control_character(written: str) -> str:
    r"""Return the first character that no cell keeps: controls, all but tab and line feed.

    >>> control_character("a\tb\n"), control_character("a\x01b")
    ('', '\x01')
    """
    wrong = (
        c
        for c in written
        if (unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n") or c in "\ufffe\uffff"
    )
    return next(wrong, "")


def _day(value: Value) -> date:
    if isinstance(value, datetime) and value.time() == time():
        return value.date()
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    written = str(value) if isinstance(value, date | time) else text(value).strip()
    if day := parse_date(written):
        return day
    raise WrongCellError(f"{shown(written)} is no date", "write it as 2026-06-30")
