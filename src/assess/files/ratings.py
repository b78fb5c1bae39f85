"""Ratings from CSV, read by columns: codes and labels, never a row at a time."""

import csv
import io
import mmap
import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assess.checks.few import MOST
from assess.files.text import check_file, wrong_encoding
from assess.model import (
    COLUMNS,
    REQUIRED,
    Column,
    Problem,
    Ratings,
    StudyError,
    closest,
    nearest,
    shown,
)

# A quote that opens a cell, the cell, and its closing quote if it has one. The pattern begins with
# the quote itself, which lets the search leap from quote to quote.
_QUOTED = re.compile(
    rb'"(?:(?<=[,\r\n]")|(?<=\A")|(?<=\A\xef\xbb\xbf"))[^"]*+(?:""[^"]*+)*+("(?=[,\r\n]|\Z))?'
)
_TOO_MANY = "quote a cell that holds a comma; write numbers with a decimal point"
_TOO_FEW = "write every comma; empty cells are fine"


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
    try:
        header, quoted = _header(path, name)
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
        raise StudyError(_unreadable(path, name, len(header), str(error))) from error
    if _commas(path) - quoted != (len(frame) + 1) * (len(header) - 1):
        _check_widths(path, name, len(header))
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
    return Ratings.concatenated(Ratings(sheet.columns) for sheet in sheets)


def _header(path: Path, name: str) -> tuple[list[str], int]:
    """Return the names of the columns, once quotes and header are sound; and the quoted commas."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        line = file.readline()
    if not line.strip():
        what = "the first row is empty" if line else "is empty"
        hint = f"the first row names columns: {', '.join(REQUIRED)}"
        raise StudyError([Problem(name, (), what, hint, f"{name}:1" if line else name)])
    for separator, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if line.count(separator) > line.count(","):
            message = f"cells are separated by {word}; expected commas"
            hint = "save as CSV with commas and a decimal point"
            raise StudyError([Problem(name, (), message, hint, f"{name}:1")])
    quoted = _check_quotes(path, name)
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell.strip() for cell in next(_rows(file), [])]
    if problems := list(_header_problems(cells, name)):
        raise StudyError(problems)
    return cells, quoted


def _header_problems(cells: list[str], name: str) -> Iterator[Problem]:
    unknown = [cell for cell in dict.fromkeys(cells) if cell not in COLUMNS]
    for cell in unknown[:MOST]:
        message, hint = f"unknown column {shown(cell)}", nearest(cell, COLUMNS, most=20)
        place = f"{name}:1:{cell[:60]}" if cell else f"{name}:1"
        yield Problem(name, (), message, hint, place)
    if len(unknown) > MOST:
        yield Problem(name, (), f"{len(unknown) - MOST} more unknown columns", place=f"{name}:1")
    meant = {closest(cell, COLUMNS) for cell in unknown[:MOST]}
    for column in COLUMNS:
        if cells.count(column) > 1:
            message, place = f"column {column!r} stands twice", f"{name}:1:{column}"
            yield Problem(name, (), message, "keep one of the two", place)
        elif column in REQUIRED and column not in cells and column not in meant:
            message = f"column {column!r} is missing"
            yield Problem(name, (), message, f"required are {', '.join(REQUIRED)}", f"{name}:1")


def _check_quotes(path: Path, name: str) -> int:
    """Return how many commas stand inside quotes.

    A quote that is not closed where its cell ends is refused: it would swallow rows.
    """
    commas = 0
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for match in _QUOTED.finditer(data):
            if match[1] is None:
                start = match.start()
                before, cell = data[: start + 1].decode("utf-8-sig"), data[start : start + 60]
                break
            commas += match[0].count(b",")
        else:
            return commas
    rows = list(_rows(io.StringIO(before, newline="")))
    place = f"{name}:{len(rows)}"
    if len(rows) > 1 and len(rows[-1]) <= len(rows[0]):
        place += f":{rows[0][len(rows[-1]) - 1].strip()}"
    written = cell.decode("utf-8", "ignore").lstrip(",\r\n\ufeff").splitlines()[0]
    message = f"a quote is opened and not closed where the cell ends: {shown(written)}"
    hint = 'close it at the end of the cell; inside quotes, a quote is written ""'
    raise StudyError([Problem(name, (), message, hint, place)])


def _column(codes: NDArray[np.int64], texts: Iterable[str]) -> Column:
    written = list(texts)
    labels = [text.strip() for text in written]
    if labels == written:
        return Column(codes.astype(np.int32), tuple(labels))
    return Column.of(codes, labels)


def _commas(path: Path) -> int:
    with path.open("rb") as file:
        return sum(chunk.count(b",") for chunk in iter(partial(file.read, 2**20), b""))


def _check_widths(path: Path, name: str, width: int) -> None:
    """Refuse rows that do not have a cell for each column, all of them empty ones apart."""
    if found := _uneven(path, name, width):
        raise StudyError(found)


def _unreadable(path: Path, name: str, width: int, error: str) -> list[Problem]:
    """Say which rows are longer or shorter than the header; else what the parser says."""
    found = _uneven(path, name, width)
    return found or [Problem(name, (), f"cannot be read as CSV: {error}", place=name)]


def _uneven(path: Path, name: str, width: int) -> list[Problem]:
    """Return the rows that are longer or shorter than the header."""
    found: list[Problem] = []
    more = first_left = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row, cells in enumerate(_rows(file), start=1):
            if len(cells) == width or not any(map(str.strip, cells)):
                continue
            if len(found) >= MOST:
                first_left = first_left or row
                more += 1
                continue
            what = f"{len(cells)} cells in a row of a table with {width} columns"
            hint = _TOO_MANY if len(cells) > width else _TOO_FEW
            message = f"{what}: {shown(','.join(cells))}"
            found.append(Problem(name, (), message, hint, f"{name}:{row}"))
    if more:
        message = f"and {more:,} more rows like these"
        found.append(Problem(name, (), message, place=f"{name}:{first_left}"))
    return found


def _rows(file: Iterable[str]) -> Iterator[list[str]]:
    """Yield rows, empty ones too, as far as they can be read."""
    with suppress(csv.Error):
        yield from csv.reader(file)
