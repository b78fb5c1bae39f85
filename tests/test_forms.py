"""Forms: what is typed is what is collected, nobody sees another, and no fault gets through."""

import csv
import io
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from datetime import date, datetime
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl  # type: ignore[import-untyped]  # it brings no types
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import assess
from assess.files.study import load_files
from assess.forms.asked import ANSWERS, HEADERS, lowest, parts
from assess.forms.collect import collect
from assess.forms.form import form_bytes, write_form
from assess.forms.sheets import read_book
from assess.forms.words import anchors
from assess.model import (
    BASES,
    COLUMNS,
    CONFIDENCES,
    GRADES,
    Evidence,
    Rating,
    Ratings,
    Study,
    StudyError,
)
from assess.testing import studies
from tests import small
from tests.filled_forms import (
    SAID,
    Typed,
    answer_sheets,
    files_of,
    fill,
    filled,
    folder_of,
    of_rating,
    study,
    typed_rows,
)
from tests.form_faults import FAULTS, Fault, put

MALI = Path(__file__).resolve().parents[1] / "examples" / "mali"
# What spreadsheets keep; controls and half characters they do not, and openpyxl not `_x0041_`.
TEXTS = (
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Co")), max_size=12)
    .map(str.strip)
    .filter(lambda text: "_x" not in text)
)
HOSTILE = st.sampled_from(["=1+1", "+1", "-x", "@SUM(A1)", '"', "a,b", "two\nlines", "'", "007"])


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """Return a folder with the small study in `study`, without ratings."""
    folder_of(study(), tmp_path / "study")
    return tmp_path


def refused(folder: Path, *books: Path, **options: Any) -> tuple[str, ...]:
    """Collect books that are refused, which must change nothing; return what is said."""
    before = files_of(folder)
    with pytest.raises(StudyError) as error:
        collect(folder, books, **options)
    assert files_of(folder) == before
    return tuple(map(str, error.value.problems))


def rows_of(ratings: Ratings) -> list[tuple[str, ...]]:
    """Return the rows of a table of ratings, as texts."""
    return [tuple(ratings.cell(i, name) for name in COLUMNS) for i in range(len(ratings))]


def without_ratings(of: Study) -> Study:
    """Return a study before anybody rated."""
    return of.model_copy(update={"ratings": Ratings(), "earlier": Ratings()})


# What is typed is what is collected.


@st.composite
def rated(draw: st.DrawFn) -> Study:
    """Draw a study whose ratings carry evidence, with texts of every kind."""
    drawn = draw(studies())
    columns: dict[str, list[str]] = drawn.ratings.columns()
    size = len(drawn.ratings)
    words = {
        "confidence": st.sampled_from(["", *CONFIDENCES]),
        "grade": st.sampled_from(["", *GRADES]),
        "basis": st.sampled_from(["", *BASES]),
        "source": TEXTS | HOSTILE,
        "rationale": TEXTS | HOSTILE,
        "vintage": TEXTS,
        "date": st.dates(date(1900, 3, 1)).map(date.isoformat) | st.just(""),
    }
    for name, word in words.items():
        columns[name] = draw(st.lists(word, min_size=size, max_size=size))
    return drawn.model_copy(update={"ratings": Ratings.from_columns(columns)})


@given(rated())
@settings(max_examples=10)
def test_what_is_typed_into_forms_is_what_is_collected_and_twice_is_once(drawn: Study) -> None:
    with tempfile.TemporaryDirectory() as draft:
        folder, books = folder_of(drawn, Path(draft) / "study"), []
        for analyst in drawn.analysts:
            path = Path(draft) / f"{analyst}.xlsx"
            write_form(without_ratings(drawn), analyst, path, sheets="scenario")
            own = drawn.ratings.select(drawn.ratings.analyst.matches(analyst))
            rows = [{x: own.cell(i, x) for x in COLUMNS} for i in range(len(own))]
            books.append(fill(path, typed_rows(rows)))
        collect(folder, books)
        found = load_files(folder).study.ratings
        assert sorted(rows_of(found)) == sorted(rows_of(drawn.ratings))
        before = files_of(folder)
        again = collect(folder, books[::-1])
        assert (again.written, files_of(folder)) == ((), before)


@given(rated(), st.integers(1, 2))
@settings(max_examples=10)
def test_a_form_is_the_same_whatever_others_said(drawn: Study, asked: int) -> None:
    for analyst in drawn.analysts:
        own = drawn.ratings.select(drawn.ratings.analyst.matches(analyst))
        alone = drawn.model_copy(update={"ratings": own})
        assert form_bytes(drawn, analyst, round=asked) == form_bytes(alone, analyst, round=asked)


@given(rated())
@settings(max_examples=10)
def test_nothing_is_filled_in_beforehand(drawn: Study) -> None:
    for analyst in drawn.analysts:
        blank = form_bytes(without_ratings(drawn), analyst)
        assert form_bytes(drawn, analyst) == blank


def test_the_same_form_has_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    paths = [tmp_path / "first.xlsx", tmp_path / "second.xlsx"]
    for seed, path in enumerate(paths):
        code = (
            "import assess; from assess.forms.form import write_form;"
            f"write_form(assess.load('mali'), 'ana', {str(path)!r}, sheets='scenario', round=2)"
        )
        environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
        subprocess.run([sys.executable, "-c", code], check=True, env=environment, cwd=tmp_path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_no_part_of_a_form_holds_what_others_wrote(tmp_path: Path) -> None:
    mali = assess.load(MALI)
    options: dict[str, Any] = {"sheets": "scenario", "round": 2}
    with zipfile.ZipFile(write_form(mali, "ana", tmp_path / "ana.xlsx", **options)) as book:
        parts_ = [unescape(book.read(name).decode()) for name in book.namelist()]
    own = mali.ratings.analyst.matches("ana")
    kept = {*mali.ratings.select(own).rationale.labels, *mali.ratings.select(own).source.labels}
    others = mali.ratings.select(~own)
    words = {*others.rationale.labels, *others.source.labels} - kept - {"", *mali.sources}
    assert len(words) > 300
    assert not [word for word in words if any(word in part for part in parts_)]


# What a form asks.


def test_every_leaf_and_context_criterion_is_asked_once_for_every_strategy() -> None:
    mali = assess.load(MALI)
    found = parts(mali, depth="leaf", scenarios=(), sheets="one")
    assert [part.sheet for part in found] == ["Ratings", "Context"]
    assert found[0].criteria == mali.tree.leaves
    assert found[1].criteria == mali.tree.context


def test_group_depth_asks_for_the_lowest_groups_and_for_leaves_with_a_gate() -> None:
    mali = assess.load(MALI)
    asked = lowest(mali)
    groups = [key for key in asked if key in mali.tree.children]
    assert len(groups) == 14
    assert [key for key in asked if key not in groups] == ["conduct_of_forces"]
    assert not any(child in mali.tree.children for g in groups for child in mali.tree.children[g])
    assert {leaf for key in asked for leaf in mali.tree.below(key)} == {*mali.tree.leaves}
    assert lowest(study()) == ("results", "means", "conduct")


def test_a_group_rating_is_collected_and_scores_every_leaf_below(here: Path) -> None:
    said: Typed = {
        ("keep", "", "results"): {"rating": 40},
        ("keep", "", "conduct"): {"rating": "all"},
    }
    form = filled(here, typed=said, depth="group")
    assert set(read_book(form, "f").sheets) == {"Instructions", "Ratings", "_lists", "_meta"}
    collect(here / "study", [form])
    scores = assess.evaluate(assess.load(here / "study")).scores
    keep = scores[(scores.strategy == "keep") & (scores.scenario == "reference")]
    by_node = dict(zip(keep.criterion, keep.score, strict=True))
    assert (by_node["deaths"], by_node["trust"], by_node["results"]) == (40, 40, 40)
    assert by_node["conduct"] == 100


def test_a_group_off_its_scale_or_not_applicable_is_refused_at_its_cell(here: Path) -> None:
    said: Typed = {
        ("keep", "", "results"): {"rating": 101},
        ("reform", "", "results"): {"rating": "n/a"},
    }
    form = filled(here, typed=said, depth="group")
    assert refused(here / "study", form) == (
        "ana.xlsx!Ratings!H6: '101' is off the scale (the scale runs from 0 to 100)",
        "ana.xlsx!Ratings!H7: 'n/a' is not said of a group as a whole "
        "(write it for each criterion below, or declare it in the scenario)",
    )


def test_what_nobody_can_rate_is_not_asked_and_what_others_left_out_is() -> None:
    silent = {"trust": "nobody asks", "spending": "unknown"}
    flood = small.scenario("flood", kind="world", not_applicable=silent)
    marked = [
        Rating(
            analyst="ben",
            strategy=strategy,
            criterion="deaths",
            rating="n/a",
            evidence=Evidence(rationale="no"),
        )
        for strategy in study().strategies
    ]
    changes = {"scenarios": (small.scenario(), flood), "ratings": marked}
    found = parts(
        study().model_copy(update=changes), depth="leaf", scenarios=("flood",), sheets="scenario"
    )
    asked = {part.sheet: part.criteria for part in found}
    assert asked["Ratings"] == ("deaths", "trust", "upkeep", "conduct")
    assert asked["flood"] == ("deaths", "upkeep", "conduct")
    everywhere = study().model_copy(update={"scenarios": (flood,)})
    (general, _) = parts(everywhere, depth="leaf", scenarios=(), sheets="one")
    assert general.criteria == ("deaths", "upkeep", "conduct")


def test_sheets_of_scenarios_have_names_that_spreadsheets_accept() -> None:
    long = "A river that rises: [east/west] 'for ever'"
    worlds = [
        small.scenario(key, kind="world", name=name)
        for key, name in (("a", long), ("b", long), ("c", "Ratings"), ("d", "???"))
    ]
    of = study().model_copy(update={"scenarios": tuple(worlds)})
    names = [p.sheet for p in parts(of, depth="leaf", scenarios="abcd", sheets="scenario")]
    assert names == [
        "Ratings",
        "A river that rises east west 'f",
        "A river that rises east wes 2",
        "Ratings 2",
        "d",
        "Context",
    ]
    book = openpyxl.load_workbook(io.BytesIO(form_bytes(of, "ana", sheets="scenario")))
    assert [sheet.title for sheet in answer_sheets(book)] == names


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"analyst": "anna"}, "no analyst 'anna' (did you mean 'ana'?)"),
        ({"scenario": ["flod"]}, "no scenario 'flod' (did you mean 'flood'?)"),
        (
            {"scenario": ["reference"]},
            "scenario 'reference' is a perspective: it changes weights, not ratings; "
            "only worlds are asked apart",
        ),
        ({"scenario": ["flood", "flood"]}, "a scenario stands twice: flood, flood"),
        ({"depth": "leaves"}, "'leaves' is unknown (did you mean 'leaf'?)"),
        ({"sheets": "many"}, "'many' is unknown (choose from 'one', 'scenario')"),
        ({"round": 0}, "round is 0; rounds are counted from 1 to 9"),
        ({"round": 10}, "round is 10; rounds are counted from 1 to 9"),
    ],
)
def test_what_a_form_cannot_ask_is_refused(options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the whole text follows
        form_bytes(study(), **{"analyst": "ana", **options})
    assert str(error.value) == words


# What a form looks like.


@pytest.fixture(scope="module")
def opened() -> Any:
    """Return a form of the example, as openpyxl reads it."""
    return openpyxl.load_workbook(io.BytesIO(form_bytes(assess.load(MALI), "ana")))


def validations(sheet: Any) -> dict[str, Any]:
    """Return the validation of every cell that has one."""
    return {
        cell.coordinate: rule
        for rule in sheet.data_validations.dataValidation
        for area in rule.sqref.ranges
        for row in sheet[area.coord]
        for cell in row
    }


def test_only_the_cells_for_answers_are_unlocked(opened: Any) -> None:
    sheet = opened["Ratings"]
    assert sheet.protection.sheet
    assert sheet.freeze_panes == "G3"
    assert opened["_meta"].sheet_state == "hidden"
    assert opened["_lists"].sheet_state == "veryHidden"
    for row in sheet.iter_rows(min_row=1):
        asked = bool(row[0].value) and row[0].row > 2
        open_cells = [cell.column - 1 for cell in row if not cell.protection.locked]
        assert open_cells == ([HEADERS.index(name) for name in ANSWERS] if asked else [])


def test_every_answer_has_words_beside_it_within_what_spreadsheets_show(opened: Any) -> None:
    sheet = opened["Ratings"]
    found = validations(sheet)
    for row in sheet.iter_rows(min_row=3):
        for cell in row[HEADERS.index("low") :] if row[0].value else ():
            rule = found[cell.coordinate]
            assert 0 < len(rule.promptTitle) <= 32
            assert 0 < len(rule.prompt) <= 255
            assert len(rule.error) <= 255


def test_levels_in_words_are_chosen_from_a_list_with_every_anchor_beside_it(opened: Any) -> None:
    sheet, mali = opened["Ratings"], assess.load(MALI)
    found, seen = validations(sheet), 0
    for row in sheet.iter_rows(min_row=3):
        scale = mali.tree.scale_of(row[2].value) if row[0].value else None
        if scale is None or not scale.ordinal:
            continue
        rule = found[row[HEADERS.index("rating")].coordinate]
        name = opened.defined_names[rule.formula1]
        (area,) = name.destinations
        words = [cell.value for (cell,) in opened[area[0]][area[1]]]
        assert words == [*scale.labels, "?", "withheld", "n/a"]
        for label, line in zip(scale.labels, rule.prompt.split("\n"), strict=True):
            assert line.startswith(f"{label}: ")
            anchor = line.removeprefix(f"{label}: ").removesuffix("…")
            assert len(anchor) > 15
            assert anchors(scale)[label].startswith(anchor)
        seen += 1
    assert seen > 50


def test_numbers_are_kept_within_the_ends_and_marks_of_absence_are_let_in() -> None:
    book = openpyxl.load_workbook(io.BytesIO(form_bytes(study(), "ana")))
    found = validations(book["Ratings"])
    assert found["H6"].formula1 == (
        'OR(AND(ISNUMBER(H6),H6>=0,H6<=1000),H6="?",H6="withheld",H6="n/a")'
    )
    assert found["G6"].formula1 == "OR(AND(ISNUMBER(G6),G6>=0,G6<=1000))"
    assert found["H16"].formula1 == (  # upkeep saturates: no ends
        'OR(AND(ISNUMBER(H16)),H16="?",H16="withheld",H16="n/a")'
    )
    group = openpyxl.load_workbook(io.BytesIO(form_bytes(study(), "ana", depth="group")))
    rule = validations(group["Ratings"])["H6"].formula1
    assert rule == 'OR(AND(ISNUMBER(H6),H6>=0,H6<=100),H6="?",H6="withheld")'


def test_the_words_of_the_tree_stand_above_its_rows(opened: Any) -> None:
    mali = assess.load(MALI)
    shown = "\n".join(
        str(row[3].value) for s in answer_sheets(opened) for row in s.iter_rows() if row[3].value
    )
    for key in (*mali.tree.leaves, *mali.tree.context):
        item = mali.tree.criteria[key]
        assert mali.tree.label(key) in shown
        for words in (item.question, item.definition, item.unit, item.source):
            assert words in shown
        scale = mali.tree.scale_of(key)
        for label, anchor in (anchors(scale) if scale else {}).items():
            assert f"{label}: {anchor}" in shown


def test_progress_is_counted_by_the_spreadsheet_and_starts_at_none() -> None:
    content = form_bytes(study(), "ana", scenario=["flood"])
    cells = openpyxl.load_workbook(io.BytesIO(content))["Instructions"]
    values = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["Instructions"]
    found = {
        row[0].value: (row[1].value, values.cell(row[0].row, 2).value)
        for row in cells.iter_rows()
        if str(row[0].value).startswith("Progress")
    }
    assert found == {
        "Progress: Ratings": (
            "=COUNTA('Ratings'!H3:H44)&\" of 24 rows rated\"",
            "0 of 24 rows rated",
        ),
        "Progress: Context": ("=COUNTA('Context'!H3:H8)&\" of 3 rows rated\"", "0 of 3 rows rated"),
    }


def test_text_that_looks_like_a_formula_stays_text() -> None:
    strange = study().model_copy(update={"name": "=1+1", "question": "@SUM(A1)"})
    book = openpyxl.load_workbook(io.BytesIO(form_bytes(strange, "ana")))
    formulas = [
        cell.value for sheet in book for row in sheet.iter_rows() for cell in row
        if cell.data_type == "f"
    ]  # fmt: skip
    assert len(formulas) == 2
    assert all(formula.startswith("=COUNTA(") for formula in formulas)
    assert book["Instructions"]["A1"].value == "=1+1"


# What is collected.


def test_numbers_in_lists_and_dates_of_the_spreadsheet_are_taken(here: Path) -> None:
    labels = {"1": {"worth": 0, "anchor": "no"}, "2": {"worth": 1, "anchor": "yes"}}
    tree = small.tree()
    conduct = tree.criteria["conduct"].model_copy(
        update={"scale": {"levels": labels}, "gate": None, "acceptable": None, "good": None}
    )
    criteria = {**tree.criteria, "conduct": conduct}
    of = study().model_copy(update={"tree": tree.model_copy(update={"criteria": criteria})})
    folder = folder_of(of, here / "numbered")
    said: Typed = {
        ("keep", "", "conduct"): {"rating": 2, "date": datetime(2026, 6, 30)},
        ("reform", "", "conduct"): {"rating": 1.0, "date": "2026-06-30", "source": 2024},
        ("build", "", "conduct"): {"rating": "2", "rationale": " in a margin ", "vintage": 25.1},
    }
    collect(folder, [filled(here, of=of, typed=said)])
    found = list(csv.DictReader((folder / "ratings" / "ana.csv").read_text().splitlines()))
    assert [row["rating"] for row in found] == ["2", "1", "2"]
    assert [row["date"] for row in found] == ["2026-06-30", "2026-06-30", ""]
    assert (found[1]["source"], found[2]["rationale"], found[2]["vintage"]) == (
        "2024",
        "in a margin",
        "25.1",
    )


def test_a_formula_counts_at_the_result_that_the_spreadsheet_saved(here: Path) -> None:
    form = filled(here)
    _edit_part(form, "Ratings", '<c r="H12" s="13" t="n"><v>60</v></c>', lambda cell: cell.replace(
        "<v>", "<f>AVERAGE(55,65)</f><v>"
    ))  # fmt: skip
    collect(here / "study", [form])
    found = rows_of(load_files(here / "study").study.ratings)
    assert [row[4] for row in found if row[1:4] == ("reform", "", "trust")] == ["60"]


def _edit_part(path: Path, sheet: str, old: str, change: Any) -> None:
    """Change a piece of the XML of a sheet, which must be there but for its style."""
    import re

    number = list(read_book(path, "x").sheets).index(sheet) + 1
    name = f"xl/worksheets/sheet{number}.xml"
    with zipfile.ZipFile(path) as book:
        held = {part: book.read(part) for part in book.namelist()}
    pattern = re.sub(r's="\d+"', r's="\\d+"', re.escape(old).replace(r"\"", '"'))
    text, made = re.subn(pattern, lambda match: change(match[0]), held[name].decode())
    assert made == 1
    held[name] = text.encode()
    with zipfile.ZipFile(path, "w") as book:
        for part, data in held.items():
            book.writestr(part, data)


def test_rows_there_are_kept_to_the_letter_and_new_ones_follow(here: Path) -> None:
    folder = here / "study"
    (folder / "ratings").mkdir()
    held = b"\xef\xbb\xbfanalyst,strategy,criterion,rating\r\nana,keep,deaths,600.0\r\n"
    (folder / "ratings" / "panel.csv").write_bytes(held)
    said = {("keep", "", "deaths"): {"rating": 600}, ("keep", "", "trust"): {"rating": 30}}
    collect(folder, [filled(here, typed=said)])
    assert (folder / "ratings" / "panel.csv").read_bytes() == held + b"ana,keep,trust,30\r\n"
    assert not (folder / "ratings" / "ana.csv").exists()


def test_columns_that_a_file_lacks_are_added_and_its_cells_kept(here: Path) -> None:
    folder = here / "study"
    (folder / "ratings").mkdir()
    held = 'analyst,strategy,criterion,rating,rationale\nana,keep,deaths,600.0,"a ""b"", c"'
    (folder / "ratings" / "panel.csv").write_text(held)
    collect(
        folder, [filled(here, typed={("keep", "", "trust"): {"rating": 30, "low": 20, "high": 40}})]
    )
    assert (folder / "ratings" / "panel.csv").read_text() == (
        "analyst,strategy,criterion,rating,rationale,low,high\n"
        'ana,keep,deaths,600.0,"a ""b"", c",,\n'
        "ana,keep,trust,30,,20,40\n"
    )


def test_an_analyst_without_a_file_that_the_study_would_read_is_refused(tmp_path: Path) -> None:
    folder = folder_of(study(), tmp_path / "study", ratings="ratings.csv")
    (folder / "ratings.csv").write_text("analyst,strategy,criterion,rating\nben,keep,trust,20\n")
    assert refused(folder, filled(tmp_path)) == (
        "ana.xlsx: no file of the study holds ratings of ana, and none would be read "
        '(in study.toml write: ratings = ["ratings.csv", "ratings/ana.csv"])',
    )


def test_a_later_round_shows_the_earlier_one_and_is_kept_beside_it(here: Path) -> None:
    folder = here / "study"
    collect(folder, [filled(here)])
    first = (folder / "ratings" / "ana.csv").read_text()
    of = assess.load(folder)
    form = filled(here, of=of, typed={("reform", "", "deaths"): {"rating": 450}}, round=2)
    shown = {row[4]: row[5] for row in read_book(form, "x").sheets["Ratings"][5:8]}
    assert shown == {"Keep": "600", "Reform": "400 (300 to 500), high", "Build": "?"}
    done = collect(folder, [form])
    assert str(done.forms[0]) == "ana.xlsx: ana, round 2: 1 new, 0 as before, 14 not rated"
    lines = (folder / "ratings" / "ana.csv").read_text().splitlines()
    header, *rows = first.splitlines()
    assert lines == [
        f"{header},round",
        *(f"{row}," for row in rows),
        "ana,reform,,deaths,450" + "," * 10 + "2",
    ]
    report = assess.evaluate(assess.load(folder))
    scores = report.scores.set_index(["scenario", "strategy", "criterion"]).score
    assert scores["reference", "reform", "deaths"] == pytest.approx(55)
    third = filled(here, of=assess.load(folder), typed={}, round=3)
    assert read_book(third, "x").sheets["Ratings"][6][5] == "450"


def test_forms_of_several_analysts_are_collected_in_any_order_alike(tmp_path: Path) -> None:
    books, found = [], list[dict[str, bytes]]()
    for analyst in ("ana", "ben"):
        books.append(filled(tmp_path, analyst=analyst))
    for order in (books, books[::-1]):
        folder = folder_of(study(), tmp_path / f"study_{len(found)}")
        collect(folder, order)
        found.append(files_of(folder))
    assert found[0] == found[1]
    assert {"ratings/ana.csv", "ratings/ben.csv"} < set(found[0])


# What replaces a rating.


def test_a_rating_that_changes_is_refused_at_its_cell(here: Path) -> None:
    folder = here / "study"
    collect(folder, [filled(here)])
    change = {**SAID, ("reform", "", "trust"): {"rating": 65, "rationale": "a second look"}}
    assert refused(folder, filled(here, typed=change)) == (
        "ana.xlsx!Ratings!H12: '65' takes the place of '60' that ana reform trust has in round 1 "
        "already (to replace it: --override NAME --reason TEXT)",
        "ana.xlsx!Ratings!M12: rationale 'a second look' takes the place of '' that "
        "ana reform trust has in round 1 already (to replace it: --override NAME --reason TEXT)",
    )


def test_an_override_replaces_it_and_is_kept_with_name_and_reason(here: Path) -> None:
    folder = here / "study"
    collect(folder, [filled(here)])
    before = (folder / "ratings" / "ana.csv").read_text()
    for number, level in enumerate((65, 70)):
        form = filled(here, typed={("reform", "", "trust"): {"rating": level}})
        done = collect(folder, [form], override=("Eva", f"typing error, {number}"))
        assert str(done).splitlines() == [
            "ana.xlsx: ana, round 1: 0 new, 0 as before, 1 replaced, 14 not rated",
            str(folder / "ratings" / "ana.csv"),
            str(folder / "overrides.csv"),
        ]
    assert (folder / "ratings" / "ana.csv").read_text() == before.replace("trust,60", "trust,70")
    assert (folder / "overrides.csv").read_text() == (
        "name,reason,analyst,round,strategy,scenario,criterion,column,before,after\n"
        'Eva,"typing error, 0",ana,1,reform,,trust,rating,60,65\n'
        'Eva,"typing error, 1",ana,1,reform,,trust,rating,65,70\n'
    )
    log = files_of(folder)
    collect(folder, [form], override=("Eva", "again"))
    assert files_of(folder) == log


def test_an_override_does_not_excuse_a_fault(here: Path) -> None:
    collect(here / "study", [filled(here)])
    form = filled(here, typed={("reform", "", "trust"): {"rating": 650}})
    assert refused(here / "study", form, override=("Eva", "why not")) == (
        "ana.xlsx!Ratings!H12: '650' is off the scale (the scale runs from 0 to 100)",
    )


@pytest.mark.parametrize("override", [("", "why"), ("Eva", " ")])
def test_an_override_needs_a_name_and_a_reason(here: Path, override: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="needs the name of who wants it, and the reason"):
        collect(here / "study", [filled(here)], override=override)


def test_a_log_that_the_study_would_take_for_ratings_is_refused(tmp_path: Path) -> None:
    folder = folder_of(study(), tmp_path / "study", ratings="*.csv")
    (folder / "ana.csv").write_text("analyst,strategy,criterion,rating\nana,keep,trust,20\n")
    form = filled(tmp_path, typed={("keep", "", "trust"): {"rating": 30}})
    assert refused(folder, form, override=("Eva", "a mistake")) == (
        "study.toml: ratings: a pattern of ratings takes overrides.csv for ratings "
        "(move the ratings into ratings/)",
    )


# What is refused.


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_fault_is_refused_at_its_cell_and_nothing_is_written(here: Path, fault: Fault) -> None:
    assert refused(here / "study", filled(here, fault.change)) == fault.told


def test_a_fault_in_one_form_keeps_all_of_them_out(here: Path) -> None:
    books = [filled(here), filled(here, put("H11", 130), analyst="ben")]
    assert refused(here / "study", *books) == (
        "ben.xlsx!Ratings!H11: '130' is off the scale (the scale runs from 0 to 100)",
    )


def test_problems_stand_in_the_order_of_forms_sheets_rows_and_columns(here: Path) -> None:
    def spoil(book: Any) -> None:
        for cell, value in (("H12", 130), ("K6", "B7"), ("J6", "hihg"), ("H21", "non")):
            put(cell, value)(book)
        put("H6", "much", sheet="Context")(book)

    books = [filled(here, spoil, analyst="ben"), filled(here, spoil)]
    places = [line.split(":")[0] for line in refused(here / "study", *books)]
    cells = ["Ratings!J6", "Ratings!K6", "Ratings!H12", "Ratings!H21", "Context!H6"]
    assert places == [f"{name}.xlsx!{cell}" for name in ("ben", "ana") for cell in cells]


def test_two_forms_of_one_analyst_and_round_are_refused(here: Path) -> None:
    form = filled(here)
    copy = shutil.copy(form, here / "ana (1).xlsx")
    assert refused(here / "study", form, Path(copy)) == (
        "ana (1).xlsx: is a form of ana for round 1, and so is ana.xlsx (collect one of the two)",
    )


def test_forms_called_alike_are_told_apart_by_their_folders(here: Path) -> None:
    for name, analyst in (("a", "ana"), ("b", "ben")):
        (here / name).mkdir()
        filled(here, analyst=analyst).rename(here / name / "form.xlsx")
    done = collect(here / "study", [here / "a" / "form.xlsx", here / "b" / "form.xlsx"])
    assert [one.name for one in done.forms] == [str(here / x / "form.xlsx") for x in "ab"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"trust": {"scale": {"worst": 0, "best": 90}}}, "trust has other levels, worths or gate"),
        ({"deaths": {"unit": "deaths a month"}}, "deaths has other anchors or another unit"),
        ({"conduct": {"gate": None}}, "conduct has other levels, worths or gate"),
        ({"means": {"rule": None}}, "means has another rule or other criteria below"),
        ({"spending": {"unit": "% of budget"}}, "spending has other anchors or another unit"),
        (
            {"trust": {"parent": "means"}},
            "results has another rule or other criteria below, "
            "means has another rule or other criteria below",
        ),
    ],
)
def test_a_form_for_another_tree_says_what_changed(
    tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    form, tree = filled(tmp_path), small.tree()
    criteria = {
        key: item.model_copy(update=change.get(key, {})) for key, item in tree.criteria.items()
    }
    now = study().model_copy(update={"tree": tree.model_copy(update={"criteria": criteria})})
    folder = folder_of(now, tmp_path / "study")
    assert refused(folder, form) == (
        f"ana.xlsx: was made before the tree changed: {words} "
        f"(write a new form: assess form {folder} --analyst ana)",
    )


def test_criteria_that_came_and_went_are_named(tmp_path: Path) -> None:
    form, tree = filled(tmp_path), small.tree()
    criteria = {key: item for key, item in tree.criteria.items() if key != "trust"}
    criteria["fear"] = tree.criteria["trust"]
    now = study().model_copy(update={"tree": tree.model_copy(update={"criteria": criteria})})
    folder = folder_of(now, tmp_path / "study")
    (line,) = refused(folder, form)
    assert "fear is new, trust is gone" in line


def test_names_and_weights_may_change_after_a_form_was_made(tmp_path: Path) -> None:
    form, tree = filled(tmp_path), small.tree()
    criteria = {
        **tree.criteria,
        "means": tree.criteria["means"].model_copy(update={"name": "Ways"}),
    }
    now = study().model_copy(
        update={
            "tree": tree.model_copy(update={"criteria": criteria}),
            "scenarios": (small.scenario(weights={}),),
        }
    )
    assert collect(folder_of(now, tmp_path / "study"), [form]).forms[0].new == len(SAID)


def test_a_strategy_that_was_dropped_is_told_at_its_rows(tmp_path: Path) -> None:
    form = filled(tmp_path)
    kept = {key: item for key, item in study().strategies.items() if key != "build"}
    now = study().model_copy(update={"strategies": kept})
    assert refused(folder_of(now, tmp_path / "study"), form) == (
        "ana.xlsx!Ratings!E8: 'build' is no strategy of the study (choose from 'keep', 'reform')",
    )


def test_a_conflict_with_a_rating_that_is_there_is_told_at_its_row(here: Path) -> None:
    folder = here / "study"
    (folder / "ratings").mkdir()
    (folder / "ratings" / "ben.csv").write_text(
        "analyst,strategy,criterion,rating\nben,keep,trust,20\n"
    )
    said: Typed = {
        (key, "", "trust"): {"rating": "n/a", "rationale": "nobody asks"}
        for key in study().strategies
    }
    assert refused(folder, filled(here, typed=said)) == (
        "ratings/ben.csv:2:rating: 'trust' has a level here and is n/a for another "
        "(agree which of the two it is)",
    )


def test_problems_of_the_study_come_first(here: Path) -> None:
    text = (here / "study" / "study.toml").read_text()
    (here / "study" / "study.toml").write_text(text.replace("as_of", "as_off"))
    (line, *_) = refused(here / "study", filled(here))
    assert line.startswith("study.toml:")


def test_nothing_is_half_written_when_a_file_cannot_be(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = here / "study"
    collect(folder, [filled(here)])
    before = files_of(folder)
    books = [
        filled(here, typed={("build", "", "trust"): {"rating": 20}}),
        filled(here, analyst="ben"),
    ]
    plain = Path.replace

    def fails(self: Path, target: Any) -> Any:
        if Path(target).name == "ben.csv":
            raise OSError("no space left")
        return plain(self, target)

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(OSError, match="no space left"):
        collect(folder, books)
    assert files_of(folder) == before
    monkeypatch.undo()
    fresh = folder_of(study(), here / "fresh")
    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(OSError, match="no space left"):
        collect(fresh, books)
    assert not (fresh / "ratings").exists()


def test_a_packaged_study_is_not_collected_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="'mali' is packaged and stays as it is"):
        collect("mali", [filled(tmp_path)])


# The example through forms, from outside.


@pytest.mark.long
def test_the_example_goes_through_forms_and_scores_as_it_did(tmp_path: Path) -> None:
    mali = assess.load(MALI)
    (tmp_path / "mali").mkdir()
    shutil.copy(MALI / "study.toml", tmp_path / "mali")
    worlds = [key for key in mali.ratings.scenario.labels if key]
    asked = [word for key in worlds for word in ("--scenario", key)]
    run("form", "mali", "--analyst", "ana", "-o", "ana.xlsx", *asked, cwd=tmp_path)
    bare, books = load_files(tmp_path / "mali").study, [f"{key}.xlsx" for key in mali.analysts]
    for analyst, book in zip(mali.analysts, books, strict=True):
        if analyst == "ana":
            assert (tmp_path / book).read_bytes() == form_bytes(bare, "ana", scenario=worlds)
        else:
            write_form(bare, analyst, tmp_path / book, scenario=worlds)
        rows = [of_rating(row) for row in mali.ratings if row.analyst == analyst]
        fill(tmp_path / book, typed_rows(rows))
    told = run("collect", "mali", *books, cwd=tmp_path)
    assert [line.split(":")[0] for line in told.splitlines()[: len(books)]] == books
    assert sum(int(line.split()[4]) for line in told.splitlines()[: len(books)]) == len(
        mali.ratings
    )
    again = run("collect", "mali", *books, cwd=tmp_path)
    assert again.splitlines()[-1] == "nothing to write: no rating is new"
    run("report", "mali", "--draws", "256", "-o", "mali.json", cwd=tmp_path)
    before, after = assess.evaluate(mali), assess.Report.read(tmp_path / "mali.json")
    for field in ("score", "low", "high", "coverage"):
        assert np.array_equal(getattr(before, field), getattr(after, field), equal_nan=True)
    assert after.study.banner == before.study.banner


def run(*arguments: str, cwd: Path, fails: bool = False) -> str:
    """Run the command line; return what it prints, or what it says when it fails."""
    command = [sys.executable, "-m", "assess", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)
    assert (done.returncode != 0) == fails, done.stderr
    return done.stderr if fails else done.stdout


def test_the_command_line_says_what_is_missing(here: Path) -> None:
    filled(here)
    for arguments, words in (
        (("form", "study", "--analyst", "ana", "-o", "ana.csv"), "write ana.xlsx"),
        (("form", "study", "--analyst", "anna", "-o", "a.xlsx"), "did you mean 'ana'?"),
        (("collect", "study"), "name the workbooks to collect: assess collect STUDY *.xlsx"),
        (("collect", "study", "ana.xlsx", "--override", "Eva"), "goes with --reason TEXT"),
        (("collect", "study", "none.xlsx"), "none.xlsx: cannot be read: No such file"),
        (("collect", "nowhere", "ana.xlsx"), "nowhere: there is no study here"),
    ):
        assert words in run(*arguments, cwd=here, fails=True)
    told = run("collect", "study", "ana.xlsx", "--override", "Eva", "--reason", "x", cwd=here)
    assert "9 new" in told


def test_libreoffice_opens_and_saves_a_form_without_loss(here: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    form = filled(here)
    (here / "saved").mkdir()
    command = [office, "--headless", f"-env:UserInstallation=file://{here}/profile",
               "--convert-to", "xlsx", "--outdir", str(here / "saved"), str(form)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    collect(here / "study", [form])
    done = collect(here / "study", [here / "saved" / "ana.xlsx"])
    assert (done.forms[0].same, done.forms[0].new) == (len(SAID), 0)
    book = openpyxl.load_workbook(here / "saved" / "ana.xlsx")
    assert book["Ratings"].protection.sheet
    assert book["_meta"].sheet_state == "hidden"
    assert len(validations(book["Ratings"])) == len(
        validations(openpyxl.load_workbook(form)["Ratings"])
    )


def test_importing_the_package_or_its_forms_loads_no_spreadsheet_library() -> None:
    code = (
        "import sys, assess, assess.cli, assess.forms.collect, assess.forms.form;"
        "print([m for m in ('openpyxl', 'xlsxwriter', 'python_calamine') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
