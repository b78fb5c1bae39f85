"""A study's workbook to the files of the study: all of them, or every mistake with its cell."""

import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assess.atomic import write_all
from assess.files.finding import NotFoundError, matching
from assess.files.new import schema_texts
from assess.files.study import load_files
from assess.files.toml import read_toml
from assess.files.toml_text import toml_text
from assess.forms.sheets import Book
from assess.forms.study_cells import SHEET_ORDER
from assess.forms.study_data import study_data
from assess.forms.study_told import StudyBook
from assess.model import COLUMNS, Problem, StudyError

_RATINGS = "ratings/*.csv"
_NO_RATINGS = "ratings/ratings.csv"
_REPLACE = "choose another folder, or write over it with --replace"
_HEAD = ("name", "question", "as_of", "horizon", "illustrative", "tree", "scenarios", "ratings")
# What hints say of TOML, and what that is in a workbook.
_HINTS = (
    (r"declare each as \[(\w+)\.ID\]", "write each in a row of the sheet"),
    (r"write \w+ = \{ name = .*?, (\w+) = \.\.\. \}", r"write \1 = ... under the settings"),
    (r"leave out all baseline = true but one", "leave yes in one row"),
    (r"write (against|ranges) = '(.*)'", r"write \2 under \1"),
    (r"write \[(.*), (.*)\]", r"write \1 and \2"),
    (r"write a number without quotes", "write a number"),
    (r"; a file of your own is written .*", ""),
)


@dataclass(frozen=True)
class Collected:
    """What became of a workbook.

    Attributes:
        written: the files that are new or changed.
        unchanged: the files that held the same already.
        left: files of trees and scenarios in the folder that the study does not name.
    """

    written: tuple[Path, ...]
    unchanged: tuple[Path, ...]
    left: tuple[Path, ...]

    def __str__(self) -> str:
        """Say which files were written, and which the study does not name any more."""
        lines = [str(path) for path in self.written]
        if not lines:
            lines = [f"nothing to write: {len(self.unchanged)} files hold the same already"]
        return "\n".join([*lines, *(f"{path}: is left, and not named" for path in self.left)])


def write_study(book: Book, folder: Path, *, overwrite: bool = False) -> Collected:
    """Write the files of a study from its workbook; all of them or none.

    Args:
        book: as `read_book` returns it.
        folder: of the study; made where there is none.
        overwrite: whether files that are there and differ are written over. Files of ratings never
            are, and `study.toml` keeps naming those that it names.

    Returns:
        Which files were written.

    Raises:
        StudyError: lists every problem with its cell, or every file that is there and differs.
    """
    faults = book.faults_in(SHEET_ORDER)
    places = frozenset(fault.place for fault in faults)
    made = study_data(book.sheets, book.name, faulty=places)
    texts = _texts(made, folder)
    found = [*faults, *made.problems, *_problems_of_the_whole(made, texts, folder)]
    if found:
        raise StudyError(_in_order(found, book.name))
    if not overwrite and (found := _in_the_way(texts, folder)):
        raise StudyError(found)
    return _put(texts, folder)


def _ratings_named(folder: Path) -> list[Any]:
    """Return which files of ratings the study names that is there already."""
    path = folder / "study.toml"
    if not path.is_file():
        return []
    held = read_toml(path, "study.toml").data.get("ratings", [])
    return held if isinstance(held, list) else []


def _texts(made: StudyBook, folder: Path) -> dict[str, str]:
    """Return the text of each file by its name."""
    tree = f"criteria/{made.tree.get('id', 'unnamed')}.toml"
    files = {
        key: f"scenarios/{key}.toml" for key, data in made.scenarios.items() if data is not None
    }
    ratings = _ratings_named(folder)
    whole = {
        **made.study,
        "tree": made.study.get("tree", tree),
        "scenarios": [files.get(key, key) for key in made.scenarios],
        "ratings": ratings or [_RATINGS],
    }
    first = {key: whole.pop(key) for key in _HEAD if key in whole}
    texts = {"study.toml": toml_text("study", {**first, **whole})}
    if "tree" not in made.study:
        texts[tree] = toml_text("tree", made.tree)
    for key, name in files.items():
        texts[name] = toml_text("scenario", made.scenarios[key] or {})
    if not ratings and not any((folder / "ratings").glob("*.csv")):
        texts[_NO_RATINGS] = ",".join(COLUMNS) + "\n"
    return texts


def _problems_of_the_whole(
    made: StudyBook, texts: Mapping[str, str], folder: Path
) -> list[Problem]:
    """Return what is wrong with the files as they would be, each problem at its cell.

    They are loaded from a draft, with the ratings that the folder holds: so whatever can be wrong
    with a study is found here as well, in the same words.
    """
    with tempfile.TemporaryDirectory() as draft:
        for name, text in texts.items():
            path = Path(draft) / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        for path in _ratings_in(folder):
            target = Path(draft) / path.relative_to(folder.resolve())
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
        try:
            load_files(draft)
        except StudyError as error:
            return [_at_its_cell(made, p) for p in error.problems if not made.follows(p)]
    return []


def _ratings_in(folder: Path) -> list[Path]:
    """Return the files of ratings that the study in the folder names, or would name."""
    found: dict[Path, None] = {}
    for pattern in _ratings_named(folder) or [_RATINGS]:
        with suppress(NotFoundError):
            found.update(dict.fromkeys(matching(folder.resolve(), str(pattern))))
    return list(found)


def _at_its_cell(made: StudyBook, problem: Problem) -> Problem:
    """Return a problem of a file with the cell that it comes from, in the words of a workbook."""
    place = None if problem.path[:1] == ("ratings",) else made.place(problem.part, problem.path)
    if place is None:
        return problem
    hint = problem.hint
    for pattern, words in _HINTS:
        hint = re.sub(pattern, words, hint)
    return replace(problem, hint=hint, place=str(place))


def _in_order(problems: Iterable[Problem], file: str) -> list[Problem]:
    """Return problems in the order of sheets, rows and columns, none twice; the rest at the end."""
    cell = re.compile(re.escape(file) + r"!(.*)!([A-Z]+)(\d+)")

    def order(problem: Problem) -> tuple[int, int, int, str]:
        found = cell.fullmatch(problem.place)
        if not found or found[1] not in SHEET_ORDER:
            return len(SHEET_ORDER), 0, 0, ""
        return SHEET_ORDER.index(found[1]), int(found[3]), len(found[2]), found[2]

    return sorted({str(problem): problem for problem in problems}.values(), key=order)


def _in_the_way(texts: Mapping[str, str], folder: Path) -> list[Problem]:
    """Return which files are there already and hold something else."""
    return [
        Problem("folder", (), "is there already and differs", _REPLACE, str(folder / name))
        for name in texts
        if _differs(folder / name, texts[name])
    ]


def _differs(path: Path, text: str) -> bool:
    return path.exists() and not _holds(path, text)


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def _put(texts: Mapping[str, str], folder: Path) -> Collected:
    """Write the files that are new or differ: all of them, or none."""
    schemas = {f"schemas/{kind}.schema.json": text for kind, text in schema_texts()}
    whole = {folder / name: text for name, text in {**texts, **schemas}.items()}
    new = {path: text.encode() for path, text in whole.items() if not _holds(path, text)}
    made: list[Path] = []
    try:
        for path in new:
            above = [place for place in (path.parent, *path.parent.parents) if not place.exists()]
            path.parent.mkdir(parents=True, exist_ok=True)
            made += reversed(above)
        write_all(new)
    except BaseException:
        for place in reversed(made):
            place.rmdir()
        raise
    there = [path for kind in ("criteria", "scenarios") for path in (folder / kind).glob("*.toml")]
    left = sorted(path for path in there if path not in whole)
    return Collected(tuple(new), tuple(path for path in whole if path not in new), tuple(left))
