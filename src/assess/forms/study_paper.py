"""Rows to the sheets of a workbook: formats, frozen headers, drop-downs, words beside each cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from assess.forms.sheets import META_SHEET, Value
from assess.forms.study_rows import Rows
from assess.forms.study_sheets import FIELDS, SHEETS, STUDY_SHEET, Column

_SPARE = 300  # rows below the last one that have drop-downs, too
_FIRST_DAY = date(1900, 3, 1)  # before it, spreadsheets disagree on the calendar
_LISTS = "_lists"
_SHEET_OF = {"criterion": "Criteria", "node": "Criteria", "scenario": "Scenarios"}
_LAST = 10_000


@dataclass
class Paper:
    """A workbook that is being written.

    Attributes:
        book: an XlsxWriter workbook.
        formats: by the kind of cell.
        names: of the lists of words that drop-downs show.
    """

    book: Any
    formats: dict[str, Any] = field(default_factory=dict)
    names: dict[tuple[str, ...], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        top = {"valign": "top"}
        looks: dict[str, dict[str, Any]] = {
            "header": {"bold": True, "bg_color": "#DDE6F0", "border": 1, "text_wrap": True, **top},
            "label": {"bold": True, **top},
            "title": {"bold": True, "font_size": 14},
            "text": {"num_format": "@", "text_wrap": True, **top},
            "plain": {"text_wrap": True, **top},
            "date": {"num_format": "yyyy-mm-dd", "align": "left", **top},
        }
        self.formats = {name: self.book.add_format(look) for name, look in looks.items()}

    def read_me(self, name: str, rows: Sequence[tuple[str, str]]) -> None:
        """Write the sheet that says what to fill in."""
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 100)
        for number, (label, words) in enumerate(rows):
            look = self.formats["title" if number == 0 else "label"]
            sheet.write_string(number, 0, label, look)
            sheet.write_string(number, 1, words, self.formats["plain"])

    def study(self, rows: Rows) -> None:
        """Write the sheet Study, a field in each row."""
        sheet = self.book.add_worksheet(STUDY_SHEET)
        for place, width in enumerate((32, 70, 80)):
            sheet.set_column(place, place, width)
        self._header(sheet, rows[0])
        sheet.freeze_panes(1, 1)
        for number, (row, column) in enumerate(zip(rows[1:], FIELDS, strict=True), start=1):
            sheet.write_string(number, 0, str(row[0]), self.formats["label"])
            self._cell(sheet, (number, 1), row[1], column)
            sheet.write_string(number, 2, str(row[2]), self.formats["plain"])
            sheet.data_validation(number, 1, number, 1, self._helped(column))
        sheet.ignore_errors({"number_stored_as_text": f"B2:B{len(rows)}"})

    def table(self, name: str, columns: Sequence[Column], rows: Rows) -> None:
        """Write a sheet with an entry in each row."""
        sheet = self.book.add_worksheet(name)
        self._header(sheet, rows[0])
        sheet.freeze_panes(1, 1)
        last = len(rows) + _SPARE
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width, self.formats[_look(column)])
            sheet.data_validation(1, place, last, place, self._helped(column))
            for number, row in enumerate(rows[1:], start=1):
                self._cell(sheet, (number, place), row[place], column)
        sheet.ignore_errors({"number_stored_as_text": f"A2:Z{last}"})

    def _header(self, sheet: Any, names: Sequence[Value]) -> None:
        for place, name in enumerate(names):
            sheet.write_string(0, place, str(name), self.formats["header"])

    def _cell(self, sheet: Any, at: tuple[int, int], value: Value, column: Column) -> None:
        """Write a cell; a number as text where XlsxWriter, which keeps 16 digits, would bend it."""
        look = self.formats[_look(column)]
        if isinstance(value, date) and value >= _FIRST_DAY:
            sheet.write_datetime(*at, value, look)
        elif isinstance(value, float | int) and float(f"{value:.16G}") == value:
            sheet.write_number(*at, value, look)
        elif value is None:
            sheet.write_blank(*at, None, look)
        else:
            sheet.write_string(*at, str(value), look)

    def _helped(self, column: Column) -> dict[str, Any]:
        """Return what a spreadsheet shows beside a cell, and what it lets one type."""
        said = {"input_title": column.name, "input_message": column.about}
        stop = {"error_title": column.name, "error_message": column.about}
        if column.choices and column.kind != "number":
            name = self.names.setdefault(column.choices, f"words_{len(self.names) + 1}")
            return {"validate": "list", "source": f"={name}", **said, **stop}
        if column.kind == "reference" and column.of in _SHEET_OF:
            source = f"=ids_of_{_SHEET_OF[column.of].lower()}"
            loose = {"error_type": "information", **stop}
            return {"validate": "list", "source": source, **said, **loose}
        if column.kind == "number" and not column.choices:
            ends = {"criteria": "between", "minimum": -1e15, "maximum": 1e15}
            return {"validate": "decimal", **ends, **said, **stop}
        return {"validate": "any", **said}

    def lists(self) -> None:
        """Write the words of drop-downs on a hidden sheet, and name the ids of other sheets."""
        sheet = self.book.add_worksheet(_LISTS)
        sheet.very_hidden()
        for place, (words, name) in enumerate(self.names.items()):
            sheet.write_column(0, place, words)
            letter = chr(ord("A") + place)
            self.book.define_name(name, f"={_LISTS}!${letter}$1:${letter}${len(words)}")
        for of in dict.fromkeys(_SHEET_OF.values()):
            place = [column.name for column in SHEETS[of]].index("id")
            first = f"{of}!${chr(ord('A') + place)}$2"
            rows = f"MAX(1,COUNTA({first}:${chr(ord('A') + place)}${_LAST}))"
            self.book.define_name(f"ids_of_{of.lower()}", f"=OFFSET({first},0,0,{rows},1)")

    def meta(self, facts: Mapping[str, str]) -> None:
        """Write what kind of workbook this is, on a hidden sheet."""
        sheet = self.book.add_worksheet(META_SHEET)
        sheet.hide()
        for number, fact in enumerate(facts.items()):
            for place, word in enumerate(fact):
                sheet.write_string(number, place, word)


def _look(column: Column) -> str:
    """Return the format of a column's cells: text stays text, whatever it begins with."""
    if column.kind == "date":
        return "date"
    return "plain" if column.kind in ("number", "level") else "text"
