"""Workbooks are read within limits: whatever is no plain value is refused, whatever is odd read."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # it brings no types
import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it brings no types

from assess.forms import sheets
from assess.forms.sheets import read_book
from assess.model import Problem, StudyError

SHEET = "xl/worksheets/sheet1.xml"
HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"
NO_RESULT = "holds a formula without its result"
SAVE = "save it as .xlsx (Excel workbook), without a password"


def book_bytes(fill: Callable[[Any], object] = lambda sheet: sheet.write_number(0, 0, 1)) -> bytes:
    """Return a workbook with one sheet that `fill` writes into."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False})
    fill(book.add_worksheet("One"))
    book.close()
    return buffer.getvalue()


def with_parts(content: bytes, **changes: bytes) -> bytes:
    """Return a workbook with other bytes in some of its parts; `sheet` is the first sheet."""
    parts = {SHEET if name == "sheet" else name: data for name, data in changes.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name, old.read(name)))
    return buffer.getvalue()


def read(content: bytes, tmp_path: Path) -> sheets.Book:
    """Read a workbook from its bytes."""
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    return read_book(path, "book.xlsx")


def refused(content: bytes, tmp_path: Path) -> str:
    """Return what is said of a workbook that is refused."""
    with pytest.raises(StudyError) as error:
        read(content, tmp_path)
    (problem,) = error.value.problems
    return str(problem)


def faults(cells: bytes, tmp_path: Path) -> list[str]:
    """Return the faults of a sheet that holds some rows of XML."""
    book = read(with_parts(book_bytes(), sheet=HEAD + cells + TAIL), tmp_path)
    return [str(fault).partition(" (")[0] for fault in book.faults]


def test_every_kind_of_value_arrives_as_it_is(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet.write_row(1, 1, [3, 0.5, True])
        for column, text in enumerate(("=1+1", "a\nb", " b ", "007", "é😀", "_x0041_", "'x")):
            sheet.write_string(2, column, text)
        sheet.write_formula(3, 0, "=1+1", None, 2)
        sheet.write_formula(3, 1, '="a"', None, "a")

    book = read(book_bytes(fill), tmp_path)
    rows = book.sheets["One"]
    assert rows[0] == [None] * 7
    assert rows[1][:4] == [None, 3, 0.5, True]
    assert rows[2] == ["=1+1", "a\nb", " b ", "007", "é😀", "_x0041_", "'x"]
    assert rows[3][:2] == [2, "a"]
    assert book.faults == ()


def test_days_and_times_arrive_as_such(tmp_path: Path) -> None:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "One"
    book.active.append([date(2026, 6, 30), datetime(2026, 6, 30, 12, 5), time(12, 5)])
    book.active["D1"] = 1.0625
    book.active["D1"].number_format = "[h]:mm"
    book.save(buffer)
    (row,) = read(buffer.getvalue(), tmp_path).sheets["One"]
    assert row == [date(2026, 6, 30), datetime(2026, 6, 30, 12, 5), time(12, 5), "1 day, 1:30:00"]


def test_merged_and_hidden_cells_are_read_like_others(tmp_path: Path) -> None:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "One"
    book.active.append(["a", "b", "c"])
    book.active.append([1, 2, 3])
    book.active.merge_cells("A1:C1")
    book.active.row_dimensions[2].hidden = True
    book.create_sheet("Two").sheet_state = "veryHidden"
    book["Two"]["A1"] = 4
    book.create_chartsheet("Chart")
    book.save(buffer)
    found = read(buffer.getvalue(), tmp_path).sheets
    assert {name: list(rows) for name, rows in found.items()} == {
        "One": [["a", None, None], [1, 2, 3]],
        "Two": [[4]],
    }


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (b'<row r="2"><c r="B2"><f>1+1</f></c></row>', f"B2: {NO_RESULT}"),
        (b'<row r="2"><c r="B2"><f>1+1</f><v/></c></row>', f"B2: {NO_RESULT}"),
        (b'<row r="2"><c r="B2"><f t="shared" si="0"/></c></row>', f"B2: {NO_RESULT}"),
        (b'<row><c/><c><f>1+1</f></c></row>', f"B1: {NO_RESULT}"),
        (b'<row r="2"><c r="B2" t="e"><v>#N/A</v></c></row>', "B2: holds the error '#N/A'"),
        (b"<row r='2'><c t = 'e' r = 'B2'><v>#REF!</v></c></row>", "B2: holds the error '#REF!'"),
        (b'<row><c/><c t="e"><f>1/0</f><v>#NUM!</v></c></row>', "B1: holds the error '#NUM!'"),
    ],
)  # fmt: skip
def test_cells_without_a_value_are_named(cells: bytes, told: str, tmp_path: Path) -> None:
    assert faults(cells, tmp_path) == [f"book.xlsx!One!{told}"]


def test_names_with_a_prefix_are_understood(tmp_path: Path) -> None:
    xml = (HEAD + b'<row r="2"><c r="B2"><f>1+1</f></c></row>' + TAIL).replace(b"</", b"</x:")
    xml = xml.replace(b"<", b"<x:").replace(b"<x:/x:", b"</x:").replace(b"xmlns=", b"xmlns:x=")
    book = read(with_parts(book_bytes(), sheet=xml), tmp_path)
    assert [fault.place for fault in book.faults] == ["book.xlsx!One!B2"]


def test_a_formula_with_its_result_is_no_fault(tmp_path: Path) -> None:
    row = b'<row r="1"><c r="A1"><f>1</f><v>1</v></c><c r="B1" t="str"><f>A2</f><v></v></c></row>'
    assert faults(row, tmp_path) == []


@pytest.mark.parametrize(
    ("looks", "value", "meant"),
    [("0%", 0.7, "70"), ("0.00%", 0.125, "12.5"), ('0 "x" %', 2, "200")],
)
def test_percentages_are_named(looks: str, value: float, meant: str, tmp_path: Path) -> None:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "One"
    for row, held in ((3, value), (4, None), (5, "text")):
        book.active.cell(row, 3, held).number_format = looks
    book.save(buffer)
    told = f"is shown in percent and holds {value:g} "
    told += f"(make it a plain number: {meant} or {value:g}?)"
    found = read(buffer.getvalue(), tmp_path).faults
    assert [str(fault) for fault in found] == [f"book.xlsx!One!C3: {told}"]


def test_faults_are_told_apart_by_sheets() -> None:
    name = "a.xlsx"
    problem = Problem("workbook", (), "x", place="a.xlsx!One two!B7")
    book = sheets.Book(name, {"One": [], "One two": []}, (problem,))
    assert book.faults_in(["One"]) == []
    assert book.faults_in(["One two"]) == [problem]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"analyst,strategy\n", f"is no workbook, or damaged ({SAVE})"),
        (b"", f"is no workbook, or damaged ({SAVE})"),
        (b"\xd0\xcf\x11\xe0rest", f"is locked by a password, or an old .xls file ({SAVE})"),
        (book_bytes()[:-100], f"is no workbook, or damaged ({SAVE})"),
        (with_parts(book_bytes(), sheet=HEAD + b"<row>"), None),
        (with_parts(book_bytes(), sheet=b'<!DOCTYPE x [<!ENTITY a "b">]>' + HEAD + TAIL),
         f"is damaged: {SHEET} is no plain XML in UTF-8 ({SAVE})"),
        (with_parts(book_bytes(), sheet=(HEAD + TAIL).decode().encode("utf-16")),
         f"is damaged: {SHEET} is no plain XML in UTF-8 ({SAVE})"),
    ],
)  # fmt: skip
def test_what_is_no_sound_workbook_is_refused(
    content: bytes, told: str | None, tmp_path: Path
) -> None:
    found = refused(content, tmp_path)
    assert (
        found.startswith("book.xlsx: is damaged: ")
        if told is None
        else found == f"book.xlsx: {told}"
    )


def test_an_archive_of_another_kind_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert refused(buffer.getvalue(), tmp_path) == f"book.xlsx: is no .xlsx workbook ({SAVE})"


def test_a_part_that_stands_twice_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO(book_bytes())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(SHEET.upper(), HEAD + TAIL)
    told = "book.xlsx: is damaged: it holds a part twice"
    assert refused(buffer.getvalue(), tmp_path) == f"{told} ({SAVE})"


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    buffer = io.BytesIO(book_bytes())
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb", bytes(sheets.LARGEST_CONTENT))
    monkeypatch.setattr(zipfile.ZipFile, "read", None)
    found = refused(buffer.getvalue(), tmp_path)
    assert found.endswith("at most 200,000,000 bytes in 2,000 parts are read (is it a workbook?)")


def test_a_file_that_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "LARGEST_FILE", 1000)
    found = refused(book_bytes(), tmp_path)
    assert "bytes long; at most 1,000 are read (leave out pictures and other sheets)" in found


def test_cells_far_apart_are_refused_before_the_grid_between_them_is_made(tmp_path: Path) -> None:
    row = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert refused(with_parts(book_bytes(), sheet=HEAD + row + TAIL), tmp_path) == (
        "book.xlsx!One: has cells as far as XFD1048576 "
        "(at most 8,000,000 cells are read: delete what lies far out)"
    )
    empty = row.replace(b"<v>1</v>", b"")
    assert read(with_parts(book_bytes(), sheet=HEAD + empty + TAIL), tmp_path).sheets["One"] == []


def test_a_folder_and_a_file_that_is_not_there_are_told(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="is a folder, not a workbook"):
        read_book(tmp_path, "book.xlsx")
    with pytest.raises(StudyError, match="cannot be read: No such file or directory"):
        read_book(tmp_path / "none.xlsx", "none.xlsx")


def test_what_to_install_is_said_where_it_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> Any:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(sheets, "import_module", missing)
    with pytest.raises(ValueError, match="pip install") as error:
        read_book(tmp_path, "book.xlsx")
    assert str(error.value) == (
        'workbooks need more: pip install "strategy-assess[excel]" (there is no python_calamine)'
    )
