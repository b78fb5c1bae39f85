"""Forms for tests: a study's folder, a form written, cells typed over as an analyst would."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # it brings no types

from assess.files.as_data import scenario_data, study_data, tree_data
from assess.files.toml_text import toml_text
from assess.forms.asked import ANSWERS, HEADERS, INSTRUCTIONS_SHEET, KEYS
from assess.forms.form import write_form
from assess.model import Rating, Study
from tests import small

Key = tuple[str, str, str]
Typed = Mapping[Key, Mapping[str, Any]]
NUMBERS = ("low", "rating", "high")


def folder_of(study: Study, folder: Path, ratings: str = "ratings/*.csv") -> Path:
    """Write the files of a study, without ratings."""
    for name in ("criteria", "scenarios"):
        (folder / name).mkdir(parents=True)
    names = [f"scenarios/{item.id}.toml" for item in study.scenarios]
    held = {"tree": "criteria/tree.toml", "scenarios": names, "ratings": [ratings]}
    texts = {
        "study.toml": toml_text("study", {**study_data(study), **held}),
        "criteria/tree.toml": toml_text("tree", tree_data(study.tree)),
    }
    for name, item in zip(names, study.scenarios, strict=True):
        texts[name] = toml_text("scenario", scenario_data(item))
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return folder


def study() -> Study:
    """Return the small study, without ratings and with a world."""
    world = small.scenario("flood", kind="world", name="Flood", description="The river rises.")
    return small.study(ratings=[], scenarios=(small.scenario(), world))


def typed_row(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is typed for a row of ratings: numbers as numbers, the rest as it is."""
    found: dict[str, Any] = {}
    for name in ANSWERS:
        text = cells.get(name, "")
        if text not in ("", None):
            found[name] = _number(text) if name in NUMBERS else text
    return found


def typed_rows(rows: Iterable[Mapping[str, Any]]) -> Typed:
    """Return what is typed for rows of ratings."""
    return {
        (row["strategy"], row.get("scenario") or "", row["criterion"]): typed_row(row)
        for row in rows
    }


def of_rating(rating: Rating) -> dict[str, Any]:
    """Return the cells of a rating by the names of columns."""
    return {**dict(rating), **dict(rating.evidence)}


def _number(given: Any) -> Any:
    try:
        return float(given)
    except ValueError:
        return given


def fill(path: Path, typed: Typed, change: Callable[[Any], object] | None = None) -> Path:
    """Type into the cells of a form and save it; then do anything else to the workbook."""
    book = openpyxl.load_workbook(path)
    left = dict(typed)
    for sheet in answer_sheets(book):
        for row in sheet.iter_rows(min_row=3):
            strategy, scenario, criterion = (cell.value or "" for cell in row[: len(KEYS)])
            key = strategy, scenario, criterion
            for name, value in left.pop(key, {}).items():
                cell = row[HEADERS.index(name)]
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"  # a cell formatted as text keeps =1+1 as it is typed
    assert not left, f"no row for {left}"
    if change is not None:
        change(book)
    book.save(path)
    return path


def answer_sheets(book: Any) -> list[Any]:
    """Return the sheets of a form that are filled in."""
    return [x for x in book if x.title != INSTRUCTIONS_SHEET and not x.title.startswith("_")]


def files_of(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file in a folder, by its place in it."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


# What ana says of the small study; every criterion of it, context too.
SAID: Typed = {
    ("keep", "", "deaths"): {"rating": 600, "source": "UN report", "grade": "B2"},
    ("reform", "", "deaths"): {"low": 300, "rating": 400, "high": 500, "confidence": "high"},
    ("build", "", "deaths"): {"rating": "?", "rationale": "nobody counts"},
    ("keep", "", "trust"): {"rating": 30.5},
    ("reform", "", "trust"): {"rating": 60},
    ("keep", "", "conduct"): {"rating": "none", "rationale": "=1+1 is no formula here"},
    ("reform", "", "conduct"): {"rating": "all", "basis": "measured", "vintage": "v25.1"},
    ("keep", "", "upkeep"): {"rating": 75},
    ("keep", "", "spending"): {"rating": 4.5},
}


def filled(
    folder: Path,
    change: Callable[[Any], object] | None = None,
    *,
    analyst: str = "ana",
    typed: Typed = SAID,
    of: Study | None = None,
    **options: Any,
) -> Path:
    """Write a form of the small study beside its folder, and fill it in."""
    path = write_form(of or study(), analyst, folder / f"{analyst}.xlsx", **options)
    return fill(path, typed, change)
