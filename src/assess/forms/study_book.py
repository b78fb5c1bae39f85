"""A whole study as one workbook, for people who will not edit TOML."""

import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from assess.atomic import write_bytes
from assess.files import load
from assess.files.as_data import scenario_data, study_data, tree_data
from assess.files.new import new_study, refuse_full
from assess.forms.sheets import KIND, excel
from assess.forms.study_cells import control_character
from assess.forms.study_data import study_data as read_back
from assess.forms.study_guide import READ_ME_SHEET, guide
from assess.forms.study_paper import Paper
from assess.forms.study_rows import Rows, study_rows
from assess.forms.study_sheets import SHEETS, STUDY_SHEET
from assess.model import Problem, Study, StudyError, shown

LONGEST_TEXT = 32_767  # characters, of a cell
STUDY_BOOK = "study.xlsx"
STUDY_KIND = "study"
_FORMAT = "1"
_CREATED = datetime(2000, 1, 1)
_INSTEAD = "change it, or write the study as files"
Keys = tuple[str, ...]


def study_workbook(study: Study) -> bytes:
    """Return a study as an XLSX workbook: all of it but its ratings; equal studies, equal bytes.

    Args:
        study: its tree and scenarios stand in the workbook in full, also packaged ones.

    Raises:
        StudyError: it holds something that no cell can hold; lists every such thing.

    >>> from assess.files import load
    >>> study_workbook(load("mali"))[:2]
    b'PK'
    """
    tree, scenarios = tree_data(study.tree), [scenario_data(item) for item in study.scenarios]
    rows = study_rows(study_data(study), tree, scenarios)
    problems = [*_unholdable(study, rows)] or [*_changed(study, rows)]
    if problems:
        raise StudyError(problems)
    return _written(study, rows)


def new_study_book(folder: Path, *, example: str | None = None) -> Path:
    """Write the workbook of a study into a folder that does not exist yet or is empty.

    Args:
        folder: where; the workbook is called study.xlsx.
        example: name of a packaged example; the small study to start from if none.

    Returns:
        The workbook.

    Raises:
        StudyError: the folder holds something already, or there is no such example.
    """
    refuse_full(folder)
    with tempfile.TemporaryDirectory() as draft:
        new_study(Path(draft) / "study", example=example)
        study = load(Path(draft) / "study")
    content = study_workbook(study.model_copy(update={"ratings": (), "earlier": ()}))
    folder.mkdir(parents=True, exist_ok=True)
    return write_bytes(folder / STUDY_BOOK, content)


def _unholdable(study: Study, rows: Mapping[str, Rows]) -> list[Problem]:
    """Return what no cell holds: functions, control characters, very long texts."""
    found = [
        Problem("study", ("rules", name), "is a function, which no workbook holds", _INSTEAD)
        for name in study.rules
    ]
    for sheet, table in rows.items():
        for row in table[1:]:
            for name, value in zip(table[0], row, strict=True):
                if isinstance(value, str) and (words := _wrong(value)):
                    path = (sheet, str(row[0]), str(name))
                    found.append(Problem("workbook", path, words, _INSTEAD))
    return found


def _wrong(value: str) -> str:
    if wrong := control_character(value):
        return f"{shown(value)} holds the control character {wrong!r}, which no cell holds"
    if len(value.encode("utf-16-le")) > 2 * LONGEST_TEXT:
        return f"{shown(value)} is longer than the {LONGEST_TEXT:,} characters that a cell holds"
    return ""


def _changed(study: Study, rows: Mapping[str, Rows]) -> list[Problem]:
    """Return what would come back otherwise than it is, because of how cells are read."""
    back = read_back(rows, "workbook")
    found = list(back.problems)
    pairs: list[tuple[str, Any, Any]] = [
        ("study", study_data(study), back.study),
        ("tree", tree_data(study.tree), back.tree),
    ]
    for scenario in study.scenarios:
        key = scenario.id
        pairs.append((f"scenario {key}", scenario_data(scenario), back.scenarios.get(key)))
    for part, was, now in pairs:
        for path, value in _differences(was, now, ()):
            message = f"{shown(value)} cannot be told from another entry once it stands in a cell"
            found.append(Problem(part, path, message, _INSTEAD))
    return found


def _differences(was: Any, now: Any, path: tuple[str, ...]) -> Iterator[tuple[Keys, Any]]:
    """Yield the ways to values that differ, with what was there."""
    if isinstance(was, dict) and isinstance(now, dict):
        for key in {**was, **now}:
            yield from _differences(was.get(key), now.get(key), (*path, key))
    elif was != now:
        yield path, was


def _written(study: Study, rows: Mapping[str, Rows]) -> bytes:
    """Return the bytes of the workbook."""
    made = BytesIO()
    settings = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "default_date_format": "yyyy-mm-dd",
    }
    with excel("xlsxwriter").Workbook(made, settings) as book:
        # Without a day of its own, the file would hold that of its making.
        book.set_properties({"title": study.name[:255], "created": _CREATED})
        paper = Paper(book)
        paper.read_me(READ_ME_SHEET, guide(study.name, study.illustrative))
        paper.study(rows[STUDY_SHEET])
        for sheet, columns in SHEETS.items():
            paper.table(sheet, columns, rows[sheet])
        paper.lists()
        paper.meta({KIND: STUDY_KIND, "format": _FORMAT})
    return made.getvalue()
