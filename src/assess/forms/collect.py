"""Collect filled forms into the ratings of a study: all of them, or every problem and none."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assess.atomic import write_all
from assess.files.finding import study_file
from assess.files.study import Rules, StudyFiles, load_files
from assess.forms.answers import Answers, read_answers
from assess.forms.asked import marks
from assess.forms.identity import Form, misfits, read_form
from assess.forms.merge import Merge, apply, merged, problems, refusals
from assess.forms.sheets import Book, read_book
from assess.forms.tables import texts_of
from assess.model import Problem, StudyError

Override = tuple[str, str]


@dataclass(frozen=True)
class Counts:
    """What became of the rows of one form.

    Attributes:
        name: of the file.
        analyst: who filled it in.
        round: of asking.
        new: ratings that were not there.
        same: ratings that were there just so.
        replaced: ratings that took the place of others.
        empty: rows that were not rated.
    """

    name: str
    analyst: str
    round: int
    new: int
    same: int
    replaced: int
    empty: int

    def __str__(self) -> str:
        parts = [f"{self.new} new", f"{self.same} as before"]
        parts += [f"{self.replaced} replaced"] if self.replaced else []
        told = ", ".join([*parts, f"{self.empty} not rated"])
        return f"{self.name}: {self.analyst}, round {self.round}: {told}"


@dataclass(frozen=True)
class Collected:
    """What became of forms.

    Attributes:
        forms: what became of the rows of each.
        written: the files that are new or changed.
    """

    forms: tuple[Counts, ...]
    written: tuple[Path, ...]

    def __str__(self) -> str:
        """Say what each form brought, and which files were written."""
        files = [str(path) for path in self.written]
        told = files or ["nothing to write: no rating is new"]
        return "\n".join([*map(str, self.forms), *told])


def read_books(paths: Sequence[str | Path]) -> list[Book]:
    """Read workbooks; each is called by its file name, or by its path where two are called alike.

    Raises:
        StudyError: lists every file that is no sound workbook.
        ValueError: the extra `excel` is not installed.
    """
    files = [Path(path) for path in paths]
    alike = Counter(path.name for path in files)
    books, wrong = [], list[Problem]()
    for path in files:
        try:
            books.append(read_book(path, path.name if alike[path.name] == 1 else str(path)))
        except StudyError as error:
            wrong += error.problems
    if wrong:
        raise StudyError(wrong)
    return books


def collect(
    study: str | Path,
    books: Sequence[str | Path],
    *,
    override: Override | None = None,
    rules: Rules | None = None,
) -> Collected:
    """Merge filled forms into the CSV files of a study's ratings, all of them or none.

    What was rated before is kept: a form adds to it, in its round. Where it says otherwise than
    before in the same round it is refused, unless `override` says who wants it and why, which is
    kept in `overrides.csv`. To collect a form twice changes nothing.

    Args:
        study: its folder, or its `study.toml`.
        books: paths of the forms.
        override: the name of who replaces ratings, and the reason.
        rules: your own rules by the name that the tree uses.

    Returns:
        What became of each form, and which files were written.

    Raises:
        StudyError: lists every problem of the study, or of every form with file, sheet and cell;
            nothing was written.
        ValueError: the override lacks a name or a reason; or the extra `excel` is not installed.
        OSError: a file cannot be written; then none was.

    >>> collect("mali", [])
    Traceback (most recent call last):
    ...
    ValueError: 'mali' is packaged and stays as it is; copy it: assess new DIR --example mali
    """
    return collect_books(study, read_books(books), override=override, rules=rules)


def collect_books(
    study: str | Path,
    books: Sequence[Book],
    *,
    override: Override | None = None,
    rules: Rules | None = None,
) -> Collected:
    """Merge forms that were read already; see `collect`."""
    if override is not None and not all(map(str.strip, override)):
        raise ValueError("an override needs the name of who wants it, and the reason")
    if not Path(study).exists() and study_file(Path(study)):
        told = f"copy it: assess new DIR --example {study}"
        raise ValueError(f"{str(study)!r} is packaged and stays as it is; {told}")
    files = load_files(study, rules=rules)
    answers, wrong = _answers(files, books, str(study))
    found = merged(files, answers)
    apply(found)
    if override is None:
        wrong += refusals(found)
    wrong += problems(found)
    contents, unplaced = texts_of(found, override)
    if wrong := [*unplaced, *wrong]:
        raise StudyError(_in_order(wrong, books))
    _write(contents, files.folder)
    return Collected(tuple(_counts(found, answers)), tuple(contents))


def _answers(
    files: StudyFiles, books: Sequence[Book], folder: str
) -> tuple[list[Answers], list[Problem]]:
    """Return the answers of all forms that belong to a study, and what is wrong with forms."""
    found, wrong = [], list[Problem]()
    seen, now = dict[tuple[str, int], str](), marks(files.study)
    for book in books:
        try:
            form = read_form(book)
        except StudyError as error:
            wrong += error.problems
            continue
        if again := list(_again(form, seen)):
            wrong += again
        elif unfit := list(misfits(form, files.study, now, folder)):
            wrong += unfit
        else:
            answers = read_answers(book, form, files.study)
            wrong += answers.problems
            found.append(answers)
    return found, wrong


def _again(form: Form, seen: dict[tuple[str, int], str]) -> Iterator[Problem]:
    """Yield that a form of the same analyst and round came before."""
    first = seen.setdefault((form.analyst, form.round), form.name)
    if first != form.name:
        told = f"is a form of {form.analyst} for round {form.round}, and so is {first}"
        yield Problem("form", (), told, "collect one of the two", form.name)


def _in_order(wrong: Sequence[Problem], books: Sequence[Book]) -> list[Problem]:
    """Return problems in the order of books, sheets, rows and columns, none twice."""

    def order(problem: Problem) -> tuple[int, int, int, str, int]:
        for number, book in enumerate(books):
            if problem.place == book.name:
                return number, -1, 0, "", 0
            if problem.place.startswith(f"{book.name}!"):
                sheet, _, cell = problem.place.removeprefix(f"{book.name}!").rpartition("!")
                place = list(book.sheets).index(sheet or cell)
                letters = cell.rstrip("0123456789") if sheet else ""
                row = int(cell.removeprefix(letters)) if sheet else 0
                return number, place, row, letters, len(letters)
        return -1, 0, 0, "", 0

    return sorted({str(problem): problem for problem in wrong}.values(), key=order)


def _write(contents: dict[Path, bytes], folder: Path) -> None:
    """Write all files or none, and no folder that stays empty."""
    made = [path.parent for path in contents if not path.parent.exists()]
    for new in made:
        new.mkdir(exist_ok=True)
    try:
        write_all(contents)
    except BaseException:
        for new in {*made} - {folder}:
            new.rmdir()
        raise


def _counts(found: Merge, answers: Sequence[Answers]) -> Iterator[Counts]:
    fresh = Counter(name for name, _, _ in found.places)
    for one in answers:
        form, same = one.form, found.same[one.form.name]
        new = fresh[form.name]
        replaced = len(one.at) - new - same
        yield Counts(form.name, form.analyst, form.round, new, same, replaced, one.empty)
