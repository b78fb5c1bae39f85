"""Filled forms into the ratings of a study: what is new, what changes, and what is wrong."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from assess.checks import check
from assess.files.ratings import join
from assess.files.study import StudyFiles
from assess.forms.answers import Answers
from assess.forms.asked import ANSWERS, CRITERION_COLUMN, HEADERS, STRATEGY_COLUMN
from assess.forms.sheets import address
from assess.model import COLUMNS, Column, Problem, Ratings, shown
from assess.values import plain_number

Key = tuple[str, ...]
KEY = ("analyst", "round", "strategy", "scenario", "criterion")
_LEVELS = ("low", "rating", "high")
_MORE = re.compile(r", and in (\d+) more rows$")
_REPLACE = "to replace it: --override NAME --reason TEXT"


@dataclass(frozen=True)
class Change:
    """One cell of a rating that is given already and that a form says otherwise.

    Attributes:
        row: of the study's ratings, from 0.
        column: its name.
        before, after: the texts.
        place: the cell of the form.
    """

    row: int
    column: str
    before: str
    after: str
    place: str


@dataclass
class Merge:
    """The ratings of a study with those of some forms.

    Attributes:
        files: the study and where its ratings lie.
        columns: the texts of every column, first the rows there were, then the new ones.
        places: for each new row, the form it is from, its sheet and its row (from 0).
        changes: cells of rows there were that forms say otherwise.
        same: how many rows of each form are as they were, by the name of its file.
    """

    files: StudyFiles
    columns: dict[str, list[str]]
    places: list[tuple[str, str, int]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    same: dict[str, int] = field(default_factory=dict)

    @property
    def rows_before(self) -> int:
        """How many rows there were."""
        return len(self.columns["analyst"]) - len(self.places)


def merged(files: StudyFiles, forms: Sequence[Answers]) -> Merge:
    """Return the ratings of a study with those of forms: rows that are new stand at the end.

    Args:
        files: the study and its ratings.
        forms: filled in, each by another analyst or for another round.
    """
    before = join([*files.sheets])
    columns = {name: getattr(before, name).texts() for name in COLUMNS}
    found = Merge(files, columns)
    held = {key: row for row, key in enumerate(_keys(columns))}
    for answers in forms:
        _merge(found, answers, held)
    return found


def _keys(columns: Mapping[str, Sequence[str]]) -> Iterator[Key]:
    analyst, number, *rest = (columns[name] for name in KEY)
    return zip(analyst, (text or "1" for text in number), *rest, strict=True)


def _merge(found: Merge, answers: Answers, held: dict[Key, int]) -> None:
    name, cells, columns = answers.form.name, answers.cells(), found.columns
    fresh, found.same[name] = [], 0
    for i, key in enumerate(_keys(cells)):
        row = held.get(key)
        if row is None:
            fresh.append(i)
        elif changes := list(_changes(columns, row, answers, cells, i)):
            found.changes += changes
        else:
            found.same[name] += 1
    every = len(fresh) == len(answers.at)
    for column in COLUMNS:
        given = cells[column]
        columns[column].extend(given if every else (given[i] for i in fresh))
    found.places += [(name, *answers.at[i]) for i in fresh]


def _changes(
    columns: Mapping[str, Sequence[str]],
    row: int,
    answers: Answers,
    cells: Mapping[str, Sequence[str]],
    i: int,
) -> Iterator[Change]:
    sheet, at = answers.at[i]
    for name in ANSWERS:
        before, after = columns[name][row], cells[name][i]
        if before != after and not (name in _LEVELS and _same_number(before, after)):
            place = f"{answers.form.name}!{sheet}!{address(at, HEADERS.index(name))}"
            yield Change(row, name, before, after, place)


def _same_number(a: str, b: str) -> bool:
    """Whether two texts are one number, such as 7.0 and 7.

    >>> _same_number("7.0", "7"), _same_number("7", ""), _same_number("?", "7")
    (True, False, False)
    """
    try:
        return plain_number(a) == plain_number(b)
    except ValueError:
        return False


def apply(found: Merge) -> None:
    """Write the changes of the forms over the ratings there were."""
    for change in found.changes:
        found.columns[change.column][change.row] = change.after


def refusals(found: Merge) -> Iterator[Problem]:
    """Yield each cell of a form that says otherwise than a rating that is given already."""
    columns = found.columns
    for change in found.changes:
        who, number, *cell = (columns[name][change.row] for name in KEY)
        what = " ".join(filter(None, (who, *cell)))
        word = "" if change.column == "rating" else f"{change.column} "
        told = (
            f"{word}{shown(change.after)} takes the place of {shown(change.before)} that "
            f"{what} has in round {number or 1} already"
        )
        yield Problem("form", (), told, _REPLACE, change.place)


def problems(found: Merge) -> Iterator[Problem]:
    """Yield what is wrong with the ratings of a study once forms are merged, each at its cell."""
    ratings = Ratings({name: Column.of_texts(found.columns[name]) for name in COLUMNS})
    study = found.files.study.model_copy(update={"ratings": ratings, "earlier": Ratings()})
    before = ratings.superseded
    rows = {"ratings": np.flatnonzero(~before), "earlier": np.flatnonzero(before)}
    changed = {(change.row, change.column): change.place for change in found.changes}

    def place(row: int, column: str) -> str:
        return changed.get((row, column)) or _place(found, row, column)

    for problem in check(study):
        of = rows.get(problem.part)
        if of is None or not problem.path:
            yield replace(problem, place=found.files.folder.name)
            continue
        row, column = int(of[int(problem.path[0])]), str(problem.path[1])
        again = "" if problem.earlier is None else place(int(of[problem.earlier]), column)
        whole = replace(problem, part="ratings", earlier_place=again)
        for one, message in _each_row(row, column, problem.message, found.columns):
            yield replace(whole, path=(one, column), message=message, place=place(one, column))


def _each_row(
    first: int, column: str, message: str, columns: dict[str, list[str]]
) -> Iterator[tuple[int, str]]:
    """Yield each of the rows that a message stands for, as far as they hold the same text."""
    more = _MORE.search(message)
    texts, criteria = columns[column], columns["criterion"]
    alike = [row for row, text in enumerate(texts) if text == texts[first]] if more else []
    if more and len(alike) != int(more[1]) + 1:
        alike = [row for row in alike if criteria[row] == criteria[first]]
    if more is None or len(alike) != int(more[1]) + 1:
        yield first, message
        return
    yield from ((row, _MORE.sub("", message)) for row in alike)


def _place(found: Merge, row: int, column: str) -> str:
    """Return where a cell of the merged ratings stands: in a form, or in a file."""
    if row >= found.rows_before:
        name, sheet, at = found.places[row - found.rows_before]
        return f"{name}!{sheet}!{address(at, _column(column))}"
    name, number = file_row(found.files, row)
    return f"{name}:{number}:{column}"


def _column(name: str) -> int:
    if name in ANSWERS:
        return HEADERS.index(name)
    return STRATEGY_COLUMN if name == "strategy" else CRITERION_COLUMN


def file_row(files: StudyFiles, row: int) -> tuple[str, int]:
    """Return the file in which a row of the ratings stands, and its number there."""
    for sheet in files.sheets:
        if row < len(sheet.rows):
            return sheet.name, int(sheet.rows[row])
        row -= len(sheet.rows)
    raise IndexError(row)


def home(files: StudyFiles, analyst: str) -> str | None:
    """Return the file that holds an analyst's ratings, most of them; None where there is none."""
    counts = defaultdict[str, int](int)
    for sheet in files.sheets:
        counts[sheet.name] += int(sheet.columns["analyst"].matches(analyst).sum())
    best = max(counts, key=counts.__getitem__, default=None)
    return best if best is not None and counts[best] else None
