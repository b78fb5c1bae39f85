"""The ratings in a filled form, each with its cell; and what was done to the form."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from typing import Any

from assess.forms.asked import (
    ANSWERS,
    CRITERION_COLUMN,
    EARLIER_COLUMN,
    FIRST_ANSWER,
    HEADER_ROW,
    HEADERS,
    INSTRUCTIONS_SHEET,
    KEYS,
    seal,
)
from assess.forms.identity import Block, Form
from assess.forms.sheets import Book, Grid, Value
from assess.model import Problem, Study, as_text, shown

_MOVED = "rows of a form are not moved, deleted or added: undo it, or fill in a new form"
_LOCKED = "what is locked is no answer: undo it, or fill in a new form"
_LEVELS = 3  # low, rating and high come first
_END = FIRST_ANSWER + len(ANSWERS)
_COLUMNS = ("analyst", "round", *KEYS, *ANSWERS)


@dataclass
class Answers:
    """The rows that were filled in.

    Attributes:
        form: which.
        rows: the texts of each rating, analyst and round first, then as a form has them.
        at: sheet and row (from 0) of each rating.
        empty: how many rows were left empty.
        problems: what was done to the form that cannot be.
    """

    form: Form
    rows: list[tuple[str, ...]] = field(default_factory=list)
    at: list[tuple[str, int]] = field(default_factory=list)
    empty: int = 0
    problems: list[Problem] = field(default_factory=list)

    def cells(self) -> dict[str, Sequence[str]]:
        """Return the texts of every column of the ratings table, by name."""
        none: list[tuple[str, ...]] = [()] * len(_COLUMNS)
        return dict(zip(_COLUMNS, zip(*self.rows, strict=True) if self.rows else none, strict=True))


def read_answers(book: Book, form: Form, study: Study) -> Answers:
    """Read the ratings of a form that fits its study, and what does not belong into its cells."""
    found = Answers(form)
    found.problems += book.faults_in(form.sheets)
    known = {INSTRUCTIONS_SHEET, *form.sheets}
    for sheet in book.sheets:
        if sheet not in known and not sheet.startswith("_"):
            place = f"{book.name}!{sheet}"
            hint = "write it as a rationale; delete the sheet"
            found.problems.append(Problem("form", (), "is no sheet of this form", hint, place))
    for sheet in form.sheets:
        grid = book.sheets.get(sheet)
        if grid is None:
            told = f"the sheet {shown(sheet)} is missing"
            found.problems.append(Problem("form", (), told, "fill in a new form", book.name))
            continue
        blocks = [block for block in form.blocks if block.sheet == sheet]
        _Reader(book, study, found, sheet, grid).read(blocks)
    return found


@dataclass
class _Reader:
    """Reads one sheet of a form."""

    book: Book
    study: Study
    found: Answers
    sheet: str
    grid: Grid

    def read(self, blocks: Sequence[Block]) -> None:
        if not self._headers():
            return
        rows = {block.start + i for block in blocks for i in range(len(self.found.form.strategies))}
        if not all(self._unmoved(block) for block in blocks):
            return  # everything below stands where something else belongs
        for block in blocks:
            self._answers(block)
        for row, cells in enumerate(self.grid):
            self._strays(row, cells, asked=row in rows)

    def _say(self, row: int, column: int, message: str, hint: str) -> None:
        place = self.book.place(self.sheet, row, column)
        self.found.problems.append(Problem("form", (), message, hint, place))

    def _cell(self, row: int, column: int) -> Value:
        cells = self.grid[row] if row < len(self.grid) else ()
        return cells[column] if column < len(cells) else None

    def _headers(self) -> bool:
        for column, header in enumerate(HEADERS):
            given = self._cell(HEADER_ROW, column)
            if given != header and column != EARLIER_COLUMN:
                told = f"holds {_shown(given)}, where the header {header!r} belongs"
                self._say(HEADER_ROW, column, told, "columns are not moved or renamed: undo it")
                return False
        return True

    def _unmoved(self, block: Block) -> bool:
        """Whether the rows of a block stand where they stood; says what else stands there."""
        whole = True
        for row, (strategy, name) in enumerate(self.found.form.strategies.items(), block.start):
            locked = (strategy, block.scenario, block.criterion, block.label, name)
            given = self.grid[row][:EARLIER_COLUMN] if row < len(self.grid) else []
            if given == [text or None for text in locked]:
                continue
            given = [*given, *[None] * EARLIER_COLUMN]
            for column, text in enumerate(locked):
                if (given[column] or "") == text:
                    continue
                if column < len(KEYS):
                    told = f"the row of {block.criterion} for {strategy} is not here"
                    self._say(row, CRITERION_COLUMN, told, _MOVED)
                    return False
                told = f"holds {_shown(given[column])}, where {text!r} is locked"
                self._say(row, column, told, _LOCKED)
                whole = False
        if whole:
            self._check_seal(block)
        return True

    def _check_seal(self, block: Block) -> None:
        """Say that the locked words above a block, or its column of earlier ratings, changed."""
        rows = range(block.start, block.start + len(self.found.form.strategies))
        words = [self._cell(block.start - i, CRITERION_COLUMN) for i in (2, 1)]
        words += [self._cell(row, EARLIER_COLUMN) for row in rows]
        if seal(str(word or "") for word in words) != block.seal:
            told = f"the locked words on {block.criterion} were changed, above or beside its rows"
            self._say(block.start - 2, CRITERION_COLUMN, told, _LOCKED)

    def _answers(self, block: Block) -> None:
        form = self.found.form
        scale = self.study.tree.rating_scale(block.criterion)
        labels = scale.labels if scale is not None else ()
        number = str(form.round) if form.round > 1 else ""
        for row, strategy in enumerate(form.strategies, start=block.start):
            given = self.grid[row][FIRST_ANSWER:_END] if row < len(self.grid) else []
            texts = ["" if value is None else _text(value) for value in given]
            if not any(texts):
                self.found.empty += 1
                continue
            texts += [""] * (len(ANSWERS) - len(texts))
            for i, value in enumerate(given[:_LEVELS] if labels else ()):
                texts[i] = texts[i] if isinstance(value, str) else _label(texts[i], labels)
            keys = (strategy, block.scenario, block.criterion)
            self.found.rows.append((form.analyst, number, *keys, *texts))
            self.found.at.append((self.sheet, row))

    def _strays(self, row: int, cells: Sequence[Value], *, asked: bool) -> None:
        """Refuse what stands where nothing is asked."""
        start = _END if asked or row == HEADER_ROW else FIRST_ANSWER
        for column, value in enumerate(cells[start:], start=start):
            if value is not None:
                told = f"holds {_shown(value)}, where nothing is asked"
                self._say(row, column, told, "clear the cell, or write it as a rationale")


def _shown(value: Any) -> str:
    """Return the value of a cell as messages show it, numbers as they were typed."""
    if value in (None, ""):
        return "nothing"
    return shown(value) if isinstance(value, str) else _text(value)


def _text(value: Value) -> str:
    r"""Return the text that a cell stands for in a ratings table.

    >>> _text(7.0), _text(" B2 "), _text(datetime(2026, 6, 30)), _text("two\r\nlines"), _text(True)
    ('7', 'B2', '2026-06-30', 'two\nlines', 'TRUE')
    """
    if value.__class__ is float:  # tried first: most cells are numbers and texts
        return _number(value)
    if isinstance(value, str):
        text = value.strip()
        return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, date | time):
        midnight = isinstance(value, datetime) and value.time() == time.min
        return (value.date() if midnight and isinstance(value, datetime) else value).isoformat()
    return as_text(value)


_number = cache(as_text)  # the same few numbers stand in many cells


def _label(text: str, labels: Sequence[str]) -> str:
    """Return the level in words that a number stands for: 2 may have been typed for `2.0`."""
    if text in labels or not text:
        return text
    for label in labels:
        try:
            if float(label) == float(text):
                return label
        except ValueError:
            continue
    return text
