"""The sheets of a form, cell by cell: formats, drop-downs, limits, and what is locked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from assess.forms.asked import (
    ANSWERS,
    CRITERION_COLUMN,
    EARLIER_COLUMN,
    FIRST_ANSWER,
    HEADER_ROW,
    HEADERS,
    RATING_COLUMN,
)
from assess.forms.sheets import META_SHEET, address
from assess.forms.words import (
    ABSENT,
    BESIDE,
    MESSAGE_LIMIT,
    NOT_APPLICABLE,
    TITLE_LIMIT,
    beside_rating,
    clipped,
)
from assess.model import ABSENCE_MARKS, BASES, CONFIDENCES, GRADES, Scale, Study, as_text

_LISTS = "_lists"
_WORDS: dict[str, Sequence[str]] = {"confidence": CONFIDENCES, "grade": GRADES, "basis": BASES}
_WIDTHS = {
    "Criterion": 30,
    "Strategy": 26,
    "earlier": 18,
    "confidence": 12,
    "grade": 7,
    "source": 34,
    "rationale": 60,
    "date": 12,
    "vintage": 10,
    "basis": 12,
}
_BAND_END = HEADERS.index("source")
_LETTERS = sum(_WIDTHS.get(name, 10) for name in HEADERS[CRITERION_COLUMN : _BAND_END + 1]) - 18
_LINE_HEIGHT = 15
_TALLEST = 400  # points; a spreadsheet shows at most 409
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "heading": {"bold": True, "font_size": 12, "top": 1},
    "header": {"bold": True, "bg_color": "#DDE6F0", "border": 1},
    "band": {"bold": True, "bg_color": "#EEF2F7"},
    "about": {"bg_color": "#EEF2F7", "text_wrap": True},
    "plain": {"text_wrap": True},
    "locked": {"text_wrap": True, "font_color": "#555555"},
    "number": {"locked": False, "border": 7},
    "text": {"locked": False, "border": 7, "num_format": "@", "text_wrap": True},
    "day": {"locked": False, "border": 7, "num_format": "yyyy-mm-dd", "align": "left"},
    "empty": {"bg_color": "#FFF6D5"},
    "absent": {"bg_color": "#E3E3E3"},
}


@dataclass
class Paper:
    """A form that is being written.

    Attributes:
        book: an XlsxWriter workbook.
        study: whose form it is.
        looks: formats by name.
        lists: names of the lists of words that drop-downs show.
    """

    book: Any
    study: Study
    looks: dict[str, Any] = field(default_factory=dict)
    lists: dict[tuple[str, ...], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.looks = {
            name: self.book.add_format({"valign": "top", **look}) for name, look in _LOOKS.items()
        }

    def answer_sheet(self, name: str, title: str, *, earlier: str) -> Any:
        """Add a sheet for answers, with its headers; `earlier` heads the column of that name."""
        sheet = self.book.add_worksheet(name)
        for column, header in enumerate(HEADERS):
            hidden = column < CRITERION_COLUMN or (column == EARLIER_COLUMN and not earlier)
            options = {"hidden": True} if hidden else {}
            sheet.set_column(column, column, _WIDTHS.get(header, 10), None, options)
            shown = earlier if column == EARLIER_COLUMN and earlier else header
            sheet.write_string(HEADER_ROW, column, shown, self.looks["header"])
        sheet.write_string(0, CRITERION_COLUMN, title, self.looks["title"])
        sheet.freeze_panes(HEADER_ROW + 1, FIRST_ANSWER)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0, HEADER_ROW)
        return sheet

    def line(self, sheet: Any, row: int, words: str, look: str) -> None:
        """Write words over the width of the sheet."""
        rows = sum(1 + len(line) // _LETTERS for line in words.split("\n"))
        if look == "about":
            sheet.set_row(row, min(_LINE_HEIGHT * rows + 3, _TALLEST))
        sheet.merge_range(row, CRITERION_COLUMN, row, _BAND_END, "", self.looks[look])
        sheet.write_string(row, CRITERION_COLUMN, words, self.looks[look])

    def answer_row(self, sheet: Any, row: int, keys: Sequence[str], words: Sequence[str]) -> None:
        """Write one row to be filled in: its keys, then criterion, strategy and earlier rating."""
        for column, text in enumerate((*keys, *words)):
            sheet.write_string(row, column, text, self.looks["locked"])
        scale = self.study.tree.rating_scale(keys[-1])
        for column, name in enumerate(ANSWERS, start=FIRST_ANSWER):
            sheet.write_blank(row, column, None, self.looks[_look(name, scale)])

    def limits(self, sheet: Any, first: int, last: int, criterion: str) -> None:
        """Say what may be entered as low, rating and high in the rows of a criterion."""
        scale = self.study.tree.rating_scale(criterion)
        marks = ABSENCE_MARKS[: 2 if criterion in self.study.tree.children else 3]
        for name in ("low", "rating", "high"):
            column = HEADERS.index(name)
            extra = marks if name == "rating" else ()
            rule = self._rule(scale, extra, address(first, column))
            told = beside_rating(self.study, criterion) if name == "rating" else BESIDE[name]
            label = self.study.tree.label(criterion) if name == "rating" else name
            wrong = ABSENT + (f", {NOT_APPLICABLE}" if len(marks) == 3 else "")
            error = f"{told[:90]} Or: {wrong}" if name == "rating" else told
            sheet.data_validation(
                first, column, last, column, {**rule, **_message(label, told, error)}
            )

    def _rule(self, scale: Scale | None, marks: Sequence[str], cell: str) -> dict[str, Any]:
        if scale is not None and scale.ordinal:
            return {"validate": "list", "source": f"={self._list(*scale.labels, *marks)}"}
        tests = [f"ISNUMBER({cell})"]
        if scale is not None and scale.beyond == "refuse":
            tests += [f"{cell}>={as_text(scale.at[0])}", f"{cell}<={as_text(scale.at[-1])}"]
        parts = [f"AND({','.join(tests)})", *(f'{cell}="{mark}"' for mark in marks)]
        return {"validate": "custom", "value": f"=OR({','.join(parts)})"}

    def _list(self, *words: str) -> str:
        return self.lists.setdefault(words, f"words_{len(self.lists) + 1}")

    def columns(self, sheet: Any, first: int, last: int) -> None:
        """Say what may be entered in the other columns, and colour what is not rated yet."""
        for name in ANSWERS:
            if name in ("low", "rating", "high"):
                continue
            column = HEADERS.index(name)
            rule: dict[str, Any] = {"validate": "any"}
            if name in _WORDS:
                rule = {"validate": "list", "source": f"={self._list(*_WORDS[name])}"}
            elif name == "date":
                ends = {"minimum": date(1900, 3, 1), "maximum": date(9999, 12, 31)}
                rule = {"validate": "date", "criteria": "between", **ends}
            error = BESIDE[name]
            sheet.data_validation(
                first, column, last, column, {**rule, **_message(name, BESIDE[name], error)}
            )
        ratings = (first, RATING_COLUMN, last, RATING_COLUMN)
        cell = f"${address(first, RATING_COLUMN)}"
        key = f"${address(first, 0)}"
        marks = ",".join(f'{cell}="{mark}"' for mark in ABSENCE_MARKS)
        for formula, look in ((f'=AND({key}<>"",{cell}="")', "empty"), (f"=OR({marks})", "absent")):
            options = {"type": "formula", "criteria": formula, "format": self.looks[look]}
            sheet.conditional_format(*ratings, options)
        sheet.ignore_errors({"number_stored_as_text": f"A1:{address(last, len(HEADERS) - 1)}"})

    def hidden(self, rows: Iterable[Sequence[str]]) -> None:
        """Write the words of the drop-downs, and what ties the form to its study."""
        lists = self.book.add_worksheet(_LISTS)
        lists.very_hidden()
        for column, (words, name) in enumerate(self.lists.items()):
            for row, word in enumerate(words):
                lists.write_string(row, column, word)
            letters = address(0, column).rstrip("1")
            cells = f"${letters}$1:${letters}${len(words)}"
            self.book.define_name(name, f"={_LISTS}!{cells}")
        meta = self.book.add_worksheet(META_SHEET)
        meta.hide()
        for number, facts in enumerate(rows):
            for column, word in enumerate(facts):
                meta.write_string(number, column, word)


def _look(name: str, scale: Scale | None) -> str:
    """Return the format of an answer cell; a level in words stays text, whatever it looks like."""
    if name in ("low", "rating", "high"):
        return "text" if scale is not None and scale.ordinal else "number"
    return "day" if name == "date" else "text"


def _message(title: str, told: str, error: str) -> dict[str, str]:
    return {
        "input_title": clipped(title, TITLE_LIMIT),
        "input_message": clipped(told, MESSAGE_LIMIT),
        "error_title": clipped(title, TITLE_LIMIT),
        "error_message": clipped(error, MESSAGE_LIMIT),
    }
