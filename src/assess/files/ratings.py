"""Ratings from CSV, read by columns: codes and labels, never a row at a time."""

import csv
import io
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assess.files.text import check_file, wrong_encoding
from assess.model import COLUMNS, REQUIRED, Column, Problem, Ratings, StudyError, nearest


@dataclass(frozen=True)
class Sheet:
    """The ratings of one file.

    Attributes:
        name: of the file, for messages.
        columns: by name.
        rows: [row], the number of each row as a spreadsheet shows it; the header is row 1.
    """

    name: str
    columns: dict[str, Column]
    rows: NDArray[np.int64]


def read_ratings(path: Path, name: str) -> Sheet:
    """Read one CSV file of ratings.

    Args:
        path: UTF-8, comma-separated, with a header.
        name: what messages call it.

    Raises:
        StudyError: it cannot be read as such; with file, row and column.
    """
    import pandas as pd

    check_file(path, name)
    header = _header(path, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            frame = pd.read_csv(
                path,
                dtype=object,
                na_filter=False,
                skip_blank_lines=False,
                index_col=False,
                header=0,
                names=header,
                encoding="utf-8",
            )
    except UnicodeDecodeError as error:
        raise StudyError([wrong_encoding(path, name)]) from error
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        raise StudyError([_unreadable(name, len(header), str(error))]) from error
    columns = {key: _column(*pd.factorize(frame[key])) for key in header}
    blank = np.ones(len(frame), dtype=bool)
    for column in columns.values():
        if blank.any():
            blank &= column.matches("")
    rows = np.arange(len(frame)) + 2
    if blank.any():
        columns = {key: Column.of(c.codes[~blank], c.labels) for key, c in columns.items()}
        rows = rows[~blank]
    return Sheet(name, columns, rows)


def join(sheets: list[Sheet]) -> Ratings:
    """Return the ratings of several files, in their order."""
    if not sheets:
        return Ratings()
    if len(sheets) == 1:
        return Ratings(sheets[0].columns)
    joined = {}
    for name in COLUMNS:
        parts = [sheet.columns.get(name) or _blank(len(sheet.rows)) for sheet in sheets]
        labels: dict[str, int] = {}
        codes = []
        for part in parts:
            table = [labels.setdefault(label, len(labels)) for label in part.labels]
            codes.append(np.array(table, dtype=np.int32)[part.codes] if table else part.codes)
        joined[name] = Column.of(np.concatenate(codes), labels)
    return Ratings(joined)


def _header(path: Path, name: str) -> list[str]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        line = file.readline()
    if not line.strip():
        expected = ", ".join(REQUIRED)
        problem = Problem(name, (), "is empty", f"the first row names columns: {expected}", name)
        raise StudyError([problem])
    for separator, word in ((";", "semicolons"), ("\t", "tabs")):
        if separator in line and "," not in line:
            message = f"cells are separated by {word}; expected commas"
            hint = "save as CSV with commas and a decimal point"
            raise StudyError([Problem(name, (), message, hint, f"{name}:1")])
    cells = [cell.strip() for cell in next(csv.reader(io.StringIO(line)))]
    problems = []
    for cell in cells:
        if cell not in COLUMNS:
            message, hint = f"unknown column {cell!r}", nearest(cell, COLUMNS, most=20)
            problems.append(Problem(name, (), message, hint, f"{name}:1:{cell}"))
        elif cells.count(cell) > 1:
            problems.append(
                Problem(name, (), f"column {cell!r} stands twice", place=f"{name}:1:{cell}")
            )
    for column in REQUIRED:
        if column not in cells:
            message = f"column {column!r} is missing"
            hint = f"required are {', '.join(REQUIRED)}"
            problems.append(Problem(name, (), message, hint, f"{name}:1"))
    if problems:
        raise StudyError(dict.fromkeys(problems))
    return cells


def _column(codes: NDArray[np.int64], texts: Iterable[str]) -> Column:
    written = list(texts)
    labels = [text.strip() for text in written]
    if labels == written:
        return Column(codes.astype(np.int32), tuple(labels))
    return Column.of(codes, labels)


def _blank(rows: int) -> Column:
    return Column.of(np.zeros(rows, dtype=np.int32), [""])


def _unreadable(name: str, width: int, error: str) -> Problem:
    if found := re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", error):
        message = f"{found[3]} cells in a row of a table with {width} columns"
        hint = "quote a cell that holds a comma"
        return Problem(name, (), message, hint, f"{name}:{found[2]}")
    if found := re.search(r"EOF inside string starting at row (\d+)", error):
        message = "a quote is opened and never closed"
        return Problem(name, (), message, "close it", f"{name}:{int(found[1]) + 1}")
    if "loss of data" in error:
        message = f"rows have more cells than the {width} columns of the header"
        return Problem(name, (), message, "quote a cell that holds a comma", f"{name}:2")
    return Problem(name, (), f"cannot be read as CSV: {error}", place=name)
