"""What collecting 50 filled forms of 400 rows costs, beside calamine that only reads them."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

import openpyxl  # type: ignore[import-untyped]  # it brings no types
import python_calamine
from made_up import columns, scenarios, study
from timing import Line, interleaved, ratio, show

import assess
from assess import Study
from assess.files.as_data import study_data
from assess.files.toml_text import toml_text
from assess.forms.asked import ANSWERS, FIRST_ANSWER, KEYS
from assess.forms.collect import collect
from assess.forms.form import write_form

ROUNDS = 7
GOAL = 3.0
FORMS, STRATEGIES = 50, 10
Said = dict[tuple[str, ...], tuple[str, ...]]


def main() -> None:
    made = study(FORMS, STRATEGIES, scenarios()[:1])
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder)
        write(made, there / "study")
        books = fill(made, there)
        functions: dict[str, Callable[[], object]] = {
            "calamine": lambda: [read(path) for path in books],
            "collect": lambda: anew(there / "study", books),
            "again": lambda: collect(there / "study", books),
        }
        taken = interleaved(functions, ROUNDS)
        rows = len(assess.load(there / "study").ratings)
    assert rows == FORMS * STRATEGIES * len(made.tree.leaves)
    slower, again = (ratio(taken[name], taken["calamine"]) for name in ("collect", "again"))
    goal = f"under {GOAL:.0f}"
    show(
        f"{FORMS} filled forms of {rows // FORMS} rows; processor time",
        [
            Line("calamine: the values of every sheet", median(taken["calamine"])),
            Line(
                "collect: read, check, merge, write", median(taken["collect"]), slower, goal,
                slower < GOAL,
            ),
            Line(
                "collect again, where all is there already", median(taken["again"]), again,
            ),
        ],
    )  # fmt: skip


def write(made: Study, folder: Path) -> None:
    """Write the study without ratings."""
    folder.mkdir()
    names = {
        "tree": made.tree.id,
        "scenarios": [item.id for item in made.scenarios],
        "ratings": ["ratings/*.csv"],
    }
    text = toml_text("study", {**names, **study_data(made)})
    (folder / "study.toml").write_text(text, encoding="utf-8")


def fill(made: Study, folder: Path) -> list[Path]:
    """Write a form for every analyst and type ratings with evidence into all of it."""
    given = columns(made, [""], unknown=0.03)
    said: Said = dict(
        zip(
            zip(*(given[name] for name in ("analyst", *KEYS)), strict=True),
            zip(*(given.get(name, [""] * len(given["rating"])) for name in ANSWERS), strict=True),
            strict=True,
        )
    )
    return [fill_one(made, key, folder / f"{key}.xlsx", said) for key in made.analysts]


def fill_one(made: Study, analyst: str, path: Path, said: Said) -> Path:
    """Type the ratings of one analyst; numbers as numbers."""
    book = openpyxl.load_workbook(write_form(made, analyst, path))
    for row in book["Ratings"].iter_rows():
        key = tuple(cell.value or "" for cell in row[:3])
        if (analyst, *key) in said:
            for cell, text in zip(row[FIRST_ANSWER:], said[analyst, *key], strict=True):
                cell.value = number(text)
    book.save(path)
    return path


def number(text: str) -> float | str | None:
    """Return what a spreadsheet makes of a text that is typed."""
    try:
        return float(text)
    except ValueError:
        return text or None


def read(path: Path) -> object:
    """Read every value, as calamine does by itself."""
    book = python_calamine.load_workbook(path)
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def anew(folder: Path, books: list[Path]) -> object:
    """Collect into the study without ratings."""
    shutil.rmtree(folder / "ratings", ignore_errors=True)
    return collect(folder, books)


if __name__ == "__main__":
    main()
