"""XLSX workbooks in, within limits: the values of every sheet, and cells that hold none."""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from importlib import import_module
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree import ElementTree

from assess.model import Problem, StudyError, shown

Value = str | float | bool | date | time | None
Grid = Sequence[Sequence[Value]]

META_SHEET = "_meta"
KIND = "kind"
LARGEST_FILE = 20_000_000  # bytes, as it lies on disk
LARGEST_CONTENT = 200_000_000  # bytes, unpacked
MOST_PARTS = 2_000
MOST_CELLS = 8_000_000  # of a sheet, from A1 to its last row and column
_NEEDED = 'workbooks need more: pip install "strategy-assess[excel]"'
_SAVE = "save it as .xlsx (Excel workbook), without a password"
_OLE = b"\xd0\xcf\x11\xe0"
# What makes it worth while to look at every cell of a sheet, which takes ten times as long as to
# search it: a cell beyond column ZZ or row 9,999, or not written as programs write them; a formula;
# a value that may be an error.
_UNUSUAL = re.compile(rb'<(?:c(?! r="[A-Z]{1,2}[0-9]{1,4}")|f[\s/>]|v>#)')
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(frozen=True)
class Book:
    """What a workbook holds.

    Attributes:
        name: of the file, for messages.
        sheets: the values of every sheet by its name, row by row from cell A1; None where a cell is
            empty. A formula counts at the result that the spreadsheet saved with it.
        faults: cells that hold a formula without its result, or an error value such as #N/A: they
            read as empty; and numbers shown in percent, where 70 % reads as 0.7. Whoever reads the
            sheets must refuse these.
    """

    name: str
    sheets: Mapping[str, Grid]
    faults: tuple[Problem, ...] = field(default=())

    @property
    def meta(self) -> Mapping[str, str]:
        """What the hidden sheet `_meta` says, by the words in its first column."""
        rows = self.sheets.get(META_SHEET, ())
        return {str(row[0]): str(row[1] or "") for row in rows if len(row) > 1 and row[0]}

    def place(self, sheet: str, row: int, column: int) -> str:
        """Return a cell as messages call it, `ana.xlsx!Ratings!B7`; row and column from 0."""
        return f"{self.name}!{sheet}!{address(row, column)}"

    def faults_in(self, sheets: Sequence[str]) -> list[Problem]:
        """Return the faults of some sheets."""
        starts = tuple(f"{self.name}!{sheet}!" for sheet in sheets)
        return [fault for fault in self.faults if fault.place.startswith(starts)]


def address(row: int, column: int) -> str:
    """Return a cell as spreadsheets call it; row and column from 0.

    >>> address(6, 1), address(0, 26), address(0, 702)
    ('B7', 'AA1', 'AAA1')
    """
    letters, left = "", column + 1
    while left:
        left, letter = divmod(left - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def excel(module: str) -> Any:
    """Return a library of the extra `excel`.

    Raises:
        ValueError: it is not installed; says what to do.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise ValueError(f"{_NEEDED} (there is no {module})") from error


def read_book(path: Path, name: str) -> Book:
    """Read the values of every sheet of an XLSX workbook.

    Merged cells hold their value in the first of them; hidden sheets, rows and columns are read
    like others; charts, pictures, formats and macros are passed over.

    Args:
        path: of the file.
        name: what messages call it.

    Raises:
        StudyError: it is no XLSX workbook, locked by a password, damaged, or too large.
        ValueError: the extra `excel` is not installed.
    """
    calamine = excel("python_calamine")
    content = _bytes(path, name)
    parts = _parts(content, name)
    try:
        sheets = _named(parts)
        shares = _percent_styles(parts.get("xl/styles.xml"))
        faults = [
            fault for sheet, data in sheets.items() for fault in _faults(data, sheet, name, shares)
        ]
        workbook = calamine.load_workbook(BytesIO(content))
        grids = {
            sheet: workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            for sheet in sheets
        }
    except StudyError:
        raise
    except (ElementTree.ParseError, LookupError, ValueError, calamine.CalamineError) as error:
        raise StudyError([_refused(name, f"is damaged: {error}")]) from error
    return Book(name, {sheet: _values(grid) for sheet, grid in grids.items()}, tuple(faults))


def _refused(name: str, message: str, hint: str = _SAVE) -> Problem:
    return Problem(name, (), message, hint, name)


def _bytes(path: Path, name: str) -> bytes:
    """Return the bytes of a file that may be a workbook."""
    try:
        if path.is_dir():
            raise StudyError([_refused(name, "is a folder, not a workbook", "name a file")])
        if (size := path.stat().st_size) > LARGEST_FILE:
            message = f"is {size:,} bytes long; at most {LARGEST_FILE:,} are read"
            raise StudyError([_refused(name, message, "leave out pictures and other sheets")])
        content = path.read_bytes()
    except OSError as error:
        raise StudyError([_refused(name, f"cannot be read: {error.strerror}", "")]) from error
    if content.startswith(_OLE):
        raise StudyError([_refused(name, "is locked by a password, or an old .xls file")])
    return content


def _parts(content: bytes, name: str) -> dict[str, bytes]:
    """Return the parts of a workbook, once they are known to be whole and of a bearable size."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = [info.filename for info in archive.infolist()]
            size = sum(info.file_size for info in archive.infolist())
            if size > LARGEST_CONTENT or len(names) > MOST_PARTS:
                message = f"unpacks to {size:,} bytes in {len(names):,} parts"
                limits = f"at most {LARGEST_CONTENT:,} bytes in {MOST_PARTS:,} parts are read"
                raise StudyError([_refused(name, f"{message}; {limits}", "is it a workbook?")])
            if len({part.lower() for part in names}) < len(names):
                raise StudyError([_refused(name, "is damaged: it holds a part twice")])
            parts = {part: archive.read(part) for part in names}  # checks sizes and sums, too
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise StudyError([_refused(name, "is no workbook, or damaged")]) from error
    if "xl/workbook.xml" not in parts:
        raise StudyError([_refused(name, "is no .xlsx workbook")])
    for part, data in parts.items():
        if part.endswith((".xml", ".rels")) and (b"<!DOCTYPE" in data or b"\0" in data[:4]):
            raise StudyError([_refused(name, f"is damaged: {part} is no plain XML in UTF-8")])
    return parts


def _named(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the XML of every sheet of cells by its name, in the order of the tabs."""
    links = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    targets = {
        link.attrib["Id"]: str(PurePosixPath("/xl") / link.attrib["Target"])[1:]
        for link in links
        if link.attrib["Type"].endswith("/worksheet")
    }
    found = {}
    for element in ElementTree.fromstring(parts["xl/workbook.xml"]).iter():
        if _local(element.tag) == "sheet":
            link = {_local(key): value for key, value in element.attrib.items()}["id"]
            if link in targets:
                found[element.attrib["name"]] = parts[targets[link]]
    return found


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _percent_styles(styles: bytes | None) -> set[str]:
    """Return the numbers of the formats of cells that show a number as a percentage."""
    if styles is None or b"xf" not in styles:
        return set()
    root = ElementTree.fromstring(styles)
    codes = {9, 10} | {
        int(item.get("numFmtId", 0))
        for item in root.iter()
        if _local(item.tag) == "numFmt" and "%" in item.get("formatCode", "")
    }
    formats = next((item for item in root if _local(item.tag) == "cellXfs"), ())
    return {str(i) for i, item in enumerate(formats) if int(item.get("numFmtId", 0)) in codes}


def _faults(data: bytes, sheet: str, name: str, shares: set[str]) -> Iterator[Problem]:
    """Yield the cells of a sheet that hold no plain value although something was entered.

    Raises:
        StudyError: cells lie so far apart that the grid between them would fill the memory.
    """
    start, end = data.find(b"<sheetData"), data.rfind(b"</sheetData>")
    percent = any(f's="{number}"'.encode() in data for number in shares)
    if 0 <= start < end and not percent and not _UNUSUAL.search(data, start, end):
        return
    rows = columns = 0
    for row, column, cell in _cells(data):
        place = f"{name}!{sheet}!{address(row, column)}"
        kind, text = cell.get("t", ""), _text(cell)
        if text:
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        if kind == "e":
            message, hint = (
                f"holds the error {shown(text)}",
                "type what is meant, or clear the cell",
            )
            yield Problem("workbook", (), message, hint, place)
        elif not text and kind != "str" and any(_local(child.tag) == "f" for child in cell):
            message = "holds a formula without its result"
            hint = "type the value itself, or open the file in a spreadsheet and save it"
            yield Problem("workbook", (), message, hint, place)
        elif text and kind in ("", "n") and cell.get("s") in shares:
            message = f"is shown in percent and holds {float(text):g}"
            hint = f"make it a plain number: {100 * float(text):g} or {float(text):g}?"
            yield Problem("workbook", (), message, hint, place)
    if rows * columns > MOST_CELLS:
        message = f"has cells as far as {address(rows - 1, columns - 1)}"
        hint = f"at most {MOST_CELLS:,} cells are read: delete what lies far out"
        raise StudyError([Problem(name, (), message, hint, f"{name}!{sheet}")])


def _text(cell: ElementTree.Element) -> str:
    """Return what a cell holds, as its sheet has it: a value, or the words themselves."""
    inside = {_local(child.tag): "".join(child.itertext()) for child in cell}
    return inside.get("v") or inside.get("is") or ""


def _cells(data: bytes) -> Iterator[tuple[int, int, ElementTree.Element]]:
    """Yield row and column, both from 0, and the element of every cell."""
    row = column = -1
    for event, element in ElementTree.iterparse(BytesIO(data), ("start", "end")):
        tag = _local(element.tag)
        if event == "start":
            if tag == "row":
                row, column = int(element.get("r", row + 2)) - 1, -1
            elif tag == "c":
                place = _ADDRESS.fullmatch(element.get("r", ""))
                column = _column(place[1]) if place else column + 1
        elif tag == "c":
            yield row, column, element
        elif tag == "row":
            element.clear()


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _values(grid: list[list[Any]]) -> Grid:
    return [
        [cell or None if cell.__class__ is str else _value(cell) for cell in row] for row in grid
    ]


def _value(cell: Any) -> Value:
    """Return a cell that is no text; a length of time is what a spreadsheet takes `25:30` for."""
    return str(cell) if cell.__class__ is timedelta else cell
