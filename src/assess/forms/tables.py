"""Merged ratings to the bytes of CSV files, and replaced ones to the log of overrides."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from assess.files.study import StudyFiles
from assess.forms.merge import Change, Merge, file_row, home
from assess.model import COLUMNS, Problem

OVERRIDES = "overrides.csv"
_USUAL = COLUMNS[: COLUMNS.index("basis") + 1]
_LOG = (
    "name", "reason", "analyst", "round", "strategy", "scenario", "criterion", "column", "before",
    "after",
)  # fmt: skip


def texts_of(
    found: Merge, override: tuple[str, str] | None
) -> tuple[dict[Path, bytes], list[Problem]]:
    """Return the content of each file that has to be written, and what has no file to stand in.

    Files keep the rows that they hold, in their order and to the letter; new rows follow, in the
    order of the form. A text that begins with `=`, `+`, `-` or `@` stands as it is, because it is
    read back as it stands.

    Args:
        found: ratings merged; changes are among them already.
        override: who replaces ratings and why; None where nothing is replaced.
    """
    files, columns = found.files, found.columns
    new, wrong = defaultdict[str, list[int]](list), list[Problem]()
    homes: dict[str, str | None] = {}
    for row in range(found.rows_before, len(columns["analyst"])):
        analyst = columns["analyst"][row]
        if analyst not in homes:
            homes[analyst] = home(files, analyst) or _new_file(files, analyst)
            if homes[analyst] is None:
                wrong.append(_homeless(files, analyst, found.places[row - found.rows_before][0]))
        new[homes[analyst] or ""].append(row)
    changed = defaultdict[str, list[Change]](list)
    for change in found.changes if override else ():
        changed[file_row(files, change.row)[0]].append(change)
    contents = {
        files.folder / name: _content(found, name, new[name], changed[name])
        for name in sorted({*new, *changed} - {""})
    }
    if override and found.changes:
        if any(_covers(pattern, OVERRIDES) for pattern in files.ratings):
            told = f"a pattern of ratings takes {OVERRIDES} for ratings"
            place = "study.toml: ratings"
            wrong.append(Problem("study", (), told, "move the ratings into ratings/", place))
        contents[files.folder / OVERRIDES] = _log(found, override)
    return contents, wrong


def _new_file(files: StudyFiles, analyst: str) -> str | None:
    """Return the file that an analyst's first ratings go to, if the study would read it."""
    name = f"ratings/{analyst}.csv"
    return name if any(_covers(pattern, name) for pattern in files.ratings) else None


def _homeless(files: StudyFiles, analyst: str, form: str) -> Problem:
    name = f"ratings/{analyst}.csv"
    listed = ", ".join(f'"{item}"' for item in [*files.ratings, name])
    told = f"no file of the study holds ratings of {analyst}, and none would be read"
    return Problem("form", (), told, f"in study.toml write: ratings = [{listed}]", form)


def _covers(pattern: str, name: str) -> bool:
    """Whether a pattern of `study.toml` takes in a file of that name.

    >>> _covers("ratings/*.csv", "ratings/ana.csv"), _covers("*.csv", "ratings/ana.csv")
    (True, False)
    >>> _covers("**/*.csv", "ratings/ana.csv"), _covers("./ratings/ana.csv", "ratings/ana.csv")
    (True, True)
    """
    return _match(PurePosixPath(pattern).parts, PurePosixPath(name).parts)


def _match(pattern: Sequence[str], name: Sequence[str]) -> bool:
    if not pattern or not name:
        return not name and not pattern
    if pattern[0] == "**":
        return _match(pattern[1:], name) or _match(pattern, name[1:])
    return fnmatchcase(name[0], pattern[0]) and _match(pattern[1:], name[1:])


def _content(found: Merge, name: str, new: Sequence[int], changes: Sequence[Change]) -> bytes:
    """Return what a file of ratings is to hold: what it held, with changes, and new rows."""
    path, columns = found.files.folder / name, found.columns
    said = {column for column in COLUMNS if any(columns[column][row] for row in new)}
    held = path.read_bytes() if path.exists() else b""
    rows = list(csv.reader(io.StringIO(held.decode("utf-8-sig"), newline="")))
    header = [cell.strip() for cell in rows[0]] if rows else [*_USUAL]
    changed = {change.column for change in changes}
    lacking = [column for column in COLUMNS if column in said | changed and column not in header]
    wide = [*header, *lacking]
    fresh = ([columns[column][row] for column in wide] for row in new)
    if rows and not lacking and not changes:
        ending = "\r\n" if held.split(b"\n", 1)[0].endswith(b"\r") else "\n"
        before = held if held.endswith(b"\n") else held + ending.encode()
        return before + _csv(fresh, ending)
    whole = [row + [""] * (len(wide) - len(row)) if row else row for row in rows[1:]]
    for change in changes:
        _, number = file_row(found.files, change.row)
        whole[number - 2][wide.index(change.column)] = change.after
    return _csv([wide, *whole, *fresh])


def _csv(rows: Iterable[Sequence[str]], ending: str = "\n") -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator=ending).writerows(rows)
    return buffer.getvalue().encode()


def _log(found: Merge, override: tuple[str, str]) -> bytes:
    """Return the log of overrides with a row for each cell that is replaced now."""
    path = found.files.folder / OVERRIDES
    held = path.read_bytes() if path.exists() else _csv([[*_LOG]])
    held = held if held.endswith(b"\n") else held + b"\n"
    rows = []
    for change in found.changes:
        where = [found.columns[name][change.row] for name in _LOG[2:7]]
        where[1] = where[1] or "1"
        rows.append([*map(str.strip, override), *where, change.column, change.before, change.after])
    return held + _csv(rows)
