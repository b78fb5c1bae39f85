"""Problems of a study to their places in its files; and in their order."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assess.files.ratings import Sheet
from assess.files.toml import Source, counted
from assess.model import Criterion, Problem

_TABLES = ("strategies", "analysts", "actors", "seed_questions")
_PLACE_OF_A_CRITERION = ("parent", "kind", "scale")


def placed(
    problem: Problem,
    sources: Mapping[str, Source],
    sheets: Sequence[Sheet],
    rows: Mapping[str, NDArray[np.intp]],
) -> Problem:
    """Return a problem with the file, line and column, or row and column, where it stands.

    Args:
        problem: of a study.
        sources: the TOML files, by the part of the study that they hold.
        sheets: the files of ratings.
        rows: of all ratings together, those that are the study's "ratings" and its "earlier" ones.
    """
    if problem.part in rows and problem.path:
        (row, column), of = problem.path, rows[problem.part]
        again = problem.earlier
        earlier = "" if again is None else _row_place(sheets, int(of[again]))
        place = f"{_row_place(sheets, int(of[int(row)]))}:{column}"
        return replace(problem, place=place, earlier_place=earlier)
    source = sources.get(problem.part)
    return replace(problem, place=source.place(problem.path)) if source else problem


def _row_place(sheets: Sequence[Sheet], row: int) -> str:
    for sheet in sheets:
        if row < len(sheet.rows):
            return f"{sheet.name}:{sheet.rows[row]}"
        row -= len(sheet.rows)
    return "ratings"


def declared(
    problems: Sequence[Problem], sources: Mapping[str, Source], tree: str, scenarios: Sequence[str]
) -> dict[str, frozenset[str]]:
    """Return ids that the files do declare although something of them had to be left out.

    Args:
        problems: found so far.
        sources: the files read, by the part of the study they hold.
        tree: the name of the tree in `study.toml`.
        scenarios: the names of the scenarios there.
    """
    found = defaultdict[str, set[str]](set)
    tables = set[tuple[str, str]]()
    for problem in problems:
        kind, *way = problem.path or ("",)
        if problem.part.startswith("scenario ") and kind == "kind":
            found["kinds"].add(problem.part.removeprefix("scenario "))
        elif problem.part in ("study", "tree") and kind in _TABLES:
            tables.add((problem.part, str(kind)))
        elif problem.part == "tree" and way and (kind == "scales" or _moves(way[1:])):
            found[str(kind)].add(str(way[0]))
    for part, kind in tables:
        table = sources[part].data.get(kind)
        found[kind].update(table if isinstance(table, dict) else ())
    for ids in found.values():
        ids |= {key.lower() for key in ids}
    read = [source for part, source in sources.items() if part.startswith("scenario")]
    found["scenarios"] = {str(source.data.get("id")) for source in read}
    found["scenarios"] |= {Path(name).stem for name in scenarios}
    if "tree" not in sources or any(p.path == ("criteria",) for p in problems):
        found["trees"] = {tree}
    return {kind: frozenset(ids) for kind, ids in found.items()}


def _moves(way: list[str | int]) -> bool:
    """Whether what was left out of a criterion may change where it stands in the tree."""
    return not way or way[0] in _PLACE_OF_A_CRITERION or way[0] not in Criterion.model_fields


def ordered(problems: Sequence[Problem]) -> list[Problem]:
    """Return all problems in the order of files and lines, none twice, the rest counted."""
    problems = counted(problems)
    files = list(dict.fromkeys(_file_and_numbers(problem)[0] for problem in problems))

    def place(problem: Problem) -> tuple[int, list[int]]:
        name, numbers = _file_and_numbers(problem)
        return files.index(name), numbers

    return sorted({str(p): p for p in problems}.values(), key=place)


def _file_and_numbers(problem: Problem) -> tuple[str, list[int]]:
    """Return the file of a problem, and its line and column or row, to sort by."""
    name, *rest = re.split(r":(?=[0-9]{1,9}(?::|$))", problem.place)
    return name, [int(text.split(":")[0]) for text in rest]
