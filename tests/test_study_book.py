"""A whole study as one workbook: nothing is lost on the way to it and back to files."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # it brings no types
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

import assess
from assess.files.as_data import scenario_data, study_data, tree_data
from assess.files.new import new_study
from assess.files.toml_text import toml_text
from assess.forms.notation import arguments, arguments_text, joined, separated
from assess.forms.sheets import read_book
from assess.forms.study_book import new_study_book, study_workbook
from assess.forms.study_files import write_study
from assess.model import (
    Analyst,
    Choice,
    Criterion,
    Level,
    Scale,
    Scenario,
    Strategy,
    Study,
    StudyError,
    ValueTree,
    Weights,
)
from assess.testing import studies
from tests import small
from tests.study_books import changed, collected, full_study, there_and_back, without_ratings


def models_in(item: Any) -> list[BaseModel]:
    """Return every model inside a value."""
    if isinstance(item, BaseModel):
        return [item, *(found for _, value in item for found in models_in(value))]
    if isinstance(item, Mapping):
        return [found for value in item.values() for found in models_in(value)]
    if isinstance(item, tuple):
        return [found for value in item for found in models_in(value)]
    return []


def test_the_full_study_says_something_in_every_field_that_files_can_hold() -> None:
    said: dict[tuple[str, str], bool] = {}
    for model in models_in(full_study()):
        for name, field in type(model).model_fields.items():
            key = (type(model).__name__, name)
            default = field.get_default(call_default_factory=True)
            told = field.is_required() or getattr(model, name) != default
            said[key] = said.get(key, False) or told
    silent = {key for key, told in said.items() if not told}
    not_held = {("Study", name) for name in ("ratings", "earlier", "rules")}
    not_held.add(("Uncertainty", "stream"))  # there is one stream: nothing else can be said
    assert {key for key in silent if key[0] != "Ratings"} == not_held


# Laws


@pytest.mark.law
@given(study=studies())
def test_a_study_comes_back_from_its_workbook_without_its_ratings(study: Study) -> None:
    assert there_and_back(study) == without_ratings(study)


@pytest.mark.parametrize("example", ["mali", "mali_history"])
def test_an_example_comes_back_from_its_workbook_without_its_ratings(example: str) -> None:
    study = assess.load(example)
    back = there_and_back(study)
    assert back == without_ratings(study)
    assert back.digest == without_ratings(study).digest


def test_the_study_to_start_from_comes_back_without_its_ratings(tmp_path: Path) -> None:
    new_study(tmp_path / "files")
    new_study_book(tmp_path / "book")
    book = read_book(tmp_path / "book" / "study.xlsx", "study.xlsx")
    write_study(book, tmp_path / "book")
    assert assess.load(tmp_path / "book") == without_ratings(assess.load(tmp_path / "files"))


def test_every_field_of_a_study_comes_back_from_its_workbook() -> None:
    assert assess.check(full_study()) == ()
    assert there_and_back(full_study()) == full_study()
    assert there_and_back(small.study()) == without_ratings(small.study())


TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\n\t=+-@<>&\"',;"),
    max_size=40,
).filter(lambda text: not text or text.strip())
LABELS = TEXTS.filter(lambda text: text not in ("", "?", "withheld", "n/a"))


@st.composite
def wordy(draw: st.DrawFn) -> Study:
    """Draw a study whose every text is whatever anybody may have typed."""
    study = full_study()
    first, second = draw(st.lists(LABELS.filter(lambda t: t == t.strip()), min_size=2, max_size=2,
                                  unique=True))  # fmt: skip
    anchor = TEXTS.filter(bool)
    scale = Scale(
        levels={
            first: Level(worth=0, anchor=draw(anchor)),
            second: Level(worth=1, anchor=draw(anchor)),
        }
    )
    deaths = study.tree.criteria["deaths"].model_copy(
        update={
            "definition": draw(TEXTS),
            "unit": draw(TEXTS),
            "covers": tuple(draw(st.lists(TEXTS, max_size=3))),
            "tags": tuple(draw(st.lists(TEXTS, max_size=3))),
            "overlaps": {"calm": draw(TEXTS)},
        }
    )
    criteria = {**study.tree.criteria, "deaths": deaths}
    criteria["training"] = Criterion(scale=scale, acceptable=first)
    tree = study.tree.model_copy(
        update={"criteria": criteria, "notes": draw(TEXTS), "version": draw(TEXTS.filter(bool))}
    )
    scenario = Scenario(
        id="only",
        name=draw(TEXTS),
        tree="aim",
        weights={
            "ends": Weights(
                method=Choice(name="points"),
                judgements=dict.fromkeys(("deaths", "calm"), draw(st.floats(0.1, 1e6))),
                reason=draw(TEXTS),
                against=tree.version,
            )
        },
        not_applicable={"calm": draw(TEXTS.filter(bool))},
    )
    strategies = {"one": Strategy(name=draw(TEXTS), period=draw(TEXTS), author=draw(TEXTS))}
    analysts = {"one": Analyst(interests=draw(TEXTS), weight=draw(st.floats(1e-9, 1e9)))}
    return Study(
        name=draw(TEXTS.filter(bool)),
        as_of=draw(st.dates()),
        tree=tree,
        scenarios=(scenario,),
        strategies=strategies,
        analysts=analysts,
        actors=study.actors,
    )


@pytest.mark.law
@given(study=wordy())
def test_whatever_texts_a_study_holds_come_back_to_the_letter(study: Study) -> None:
    assert there_and_back(study) == study


SCALARS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(),
)
KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(
    ["criteria", "scales", "method", "weights", "a", "b", "0", "x y", "a.b", '"', "\n"]
)
TABLES = st.recursive(
    st.dictionaries(KEYS, SCALARS | st.lists(SCALARS, max_size=3), max_size=4),
    lambda inner: st.dictionaries(KEYS, SCALARS | inner | st.lists(inner, max_size=2), max_size=4),
    max_leaves=12,
)


@pytest.mark.law
@given(kind=st.sampled_from(["study", "tree", "scenario"]), data=TABLES)
def test_tomllib_reads_what_was_written(kind: Any, data: dict[str, Any]) -> None:
    assert tomllib.loads(toml_text(kind, data)) == data


@pytest.mark.law
@given(study=studies())
def test_models_come_back_from_toml(study: Study) -> None:
    tree = tomllib.loads(toml_text("tree", tree_data(study.tree)))
    assert tree == tree_data(study.tree)
    assert ValueTree.model_validate(tree) == study.tree
    for scenario in study.scenarios:
        data = tomllib.loads(toml_text("scenario", scenario_data(scenario)))
        assert data == scenario_data(scenario)
        assert Scenario.model_validate(data) == scenario
    head = study_data(study)
    assert tomllib.loads(toml_text("study", head)) == head


@pytest.mark.law
@given(labels=st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_labels_in_one_cell_come_apart_as_they_were(labels: list[str]) -> None:
    assert separated(joined(labels)) == labels


@pytest.mark.law
@given(
    given_=st.dictionaries(
        st.from_regex("[a-z_]{1,8}", fullmatch=True).filter(lambda key: key != "name"),
        st.floats(-1e9, 1e9) | st.booleans() | st.lists(st.floats(0, 1)) | TEXTS,
        min_size=1,
    )
)
def test_arguments_in_one_cell_come_apart_as_they_were(given_: dict[str, Any]) -> None:
    assert arguments(arguments_text(given_)) == given_


def test_ids_may_be_left_to_names_and_names_may_stand_where_ids_belong(tmp_path: Path) -> None:
    cells = {
        "Strategies!A2": None,
        "Strategies!A3": None,
        "Strategies!B3": "Réforme (2026)",
        "Study!B7": None,
        "Study!B8": "My tree",
        "Criteria!B3": "Results",
        "Criteria!A2": None,
        "Scenarios!A2": None,
        "Weights!A2": "Reference",
        "Weights!A3": "Reference",
        "Weights!C2": "Results",
        "Weights!C3": "Practice",
        "Weights!J2": None,
    }
    collected(changed(tmp_path, cells), tmp_path / "study")
    study = assess.load(tmp_path / "study")
    assert list(study.strategies) == ["continue_as_now", "reforme_2026"]
    assert (study.tree.id, study.scenario_ids) == ("my_tree", ("reference",))
    assert study.tree.criteria["people_protected"].parent == "results"
    assert dict(study.scenarios[0].weights["my_tree"].judgements) == {
        "results": 100,
        "practice": 50,
    }
    names = {path.name for path in (tmp_path / "study").rglob("*.toml")}
    assert names == {"study.toml", "my_tree.toml", "reference.toml"}


def test_numbers_and_texts_count_however_a_spreadsheet_keeps_them(tmp_path: Path) -> None:
    cells = {"Criteria!I3": "40", "Criteria!L3": "60", "Criteria!L4": 1, "Scales!E2": 0.0,
             "Study!B9": 1, "Study!B4": "2026-01-01", "Weights!D2": " 1e2 "}  # fmt: skip
    collected(changed(tmp_path, cells), tmp_path / "study")
    new_study(tmp_path / "files")
    assert assess.load(tmp_path / "study") == without_ratings(assess.load(tmp_path / "files"))


def test_columns_may_be_moved_and_blank_rows_and_optional_sheets_left_out(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(BytesIO(changed(tmp_path, {})))
    sheet = book["Analysts"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    order = [3, 1, 0, 2]
    sheet.delete_rows(1, 10)
    for row in [rows[0], rows[1], [" "] * 5, [None] * 5, rows[2]]:
        sheet.append([row[i] for i in order])
    for name in ("Actors", "Overlaps", "Not applicable", "Read me"):
        del book[name]
    made = BytesIO()
    book.save(made)
    collected(made.getvalue(), tmp_path / "study")
    new_study(tmp_path / "files")
    assert assess.load(tmp_path / "study") == without_ratings(assess.load(tmp_path / "files"))


def test_a_packaged_tree_and_packaged_scenarios_may_be_named_instead(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(BytesIO(study_workbook(assess.load("mali_history"))))
    for name in ("Scales", "Criteria", "Overlaps", "Weights"):
        book[name].delete_rows(2, 1000)
    book["Actors"].delete_rows(2, 1000)
    for row in range(7, 14):
        book["Study"][f"B{row}"].value = None
    book["Study"]["B14"].value = "defence_strategy"
    for cell in book["Scenarios"][2][1:]:
        cell.value = None
    book["Scenarios"]["C2"].value = "yes"
    made = BytesIO()
    book.save(made)
    collected(made.getvalue(), tmp_path / "study")
    assert assess.load(tmp_path / "study") == without_ratings(assess.load("mali_history"))
    assert not (tmp_path / "study" / "criteria").exists()


# What a workbook cannot hold


def unholdable(study: Study) -> list[str]:
    with pytest.raises(StudyError) as error:
        study_workbook(study)
    return [str(problem) for problem in error.value.problems]


def test_what_no_cell_holds_is_refused_when_the_workbook_is_written() -> None:
    def mine(values: Any, weights: Any) -> Any:
        return (values * weights).sum(axis=-1)

    study = full_study()
    instead = "(change it, or write the study as files)"
    assert unholdable(study.model_copy(update={"rules": {"mine": mine}})) == [
        f"study: rules.mine: is a function, which no workbook holds {instead}"
    ]
    bell = study.model_copy(update={"question": "a\x07b", "horizon": "x\r\n"})
    assert unholdable(bell) == [
        f"workbook: Study.question.value: 'a\\x07b' holds the control character '\\x07', which no "
        f"cell holds {instead}",
        f"workbook: Study.horizon.value: 'x\\r\\n' holds the control character '\\r', which no "
        f"cell holds {instead}",
    ]
    long = study.model_copy(update={"name": "😀" * 16_384})
    (told,) = unholdable(long)
    assert told.endswith(f"is longer than the 32,767 characters that a cell holds {instead}")
    blank = study.model_copy(update={"tree": study.tree.model_copy(update={"name": "  "})})
    assert unholdable(blank) == [
        f"tree: name: '  ' cannot be told from another entry once it stands in a cell {instead}"
    ]


# What a workbook is


def test_the_same_study_gives_the_same_bytes_in_every_process(tmp_path: Path) -> None:
    code = (
        "import assess, sys; from assess.forms.study_book import study_workbook;"
        "sys.stdout.buffer.write(study_workbook(assess.load('mali')))"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] == study_workbook(assess.load("mali"))


def test_text_stays_text_whatever_it_begins_with() -> None:
    texts = ["=1+1", "+1", "-x", "@SUM(A1)", "</x>", "0012", "http://x.y", "'quoted", "1e5"]
    strategies = {f"s{i}": Strategy(name=text) for i, text in enumerate(texts)}
    study = full_study().model_copy(update={"strategies": strategies})
    sheet = openpyxl.load_workbook(BytesIO(study_workbook(study)))["Strategies"]
    cells = [row[1] for row in sheet.iter_rows(min_row=2)]
    assert [(cell.value, cell.data_type, cell.number_format) for cell in cells] == [
        (text, "s", "@") for text in texts
    ]
    assert there_and_back(study) == study


def test_sheets_have_frozen_headers_drop_downs_and_words_beside_every_cell() -> None:
    book = openpyxl.load_workbook(BytesIO(study_workbook(assess.load("mali"))))
    hidden = {sheet.title: sheet.sheet_state for sheet in book if sheet.sheet_state != "visible"}
    assert hidden == {"_lists": "veryHidden", "_meta": "hidden"}
    visible = [sheet.title for sheet in book if sheet.sheet_state == "visible"]
    assert visible == [
        "Read me", "Study", "Strategies", "Analysts", "Actors", "Sources", "Seed questions",
        "Seed answers", "Scales", "Criteria", "Overlaps", "Scenarios", "Weights", "Not applicable",
    ]  # fmt: skip
    for title in visible[1:]:
        sheet = book[title]
        assert sheet.freeze_panes == "B2"
        rules = sheet.data_validations.dataValidation
        below = {str(rule.sqref).split(":")[0] for rule in rules}
        columns = [cell.coordinate.replace("1", "2") for cell in sheet[1]]
        rows = [f"B{row}" for row in range(2, sheet.max_row + 1)]
        assert below == set(rows if title == "Study" else columns)
        assert all(rule.prompt and len(rule.prompt) <= 255 for rule in rules)
    lists = {
        str(rule.sqref).split(":")[0]: rule.formula1
        for rule in book["Criteria"].data_validations.dataValidation
        if rule.type == "list"
    }
    kinds = book.defined_names[lists["G2"]].attr_text
    letter = kinds[kinds.index("$") + 1]
    words = [book["_lists"][f"{letter}{row}"].value for row in (1, 2, 3)]
    assert words == ["effectiveness", "performance", "context"]
    assert book.defined_names[lists["B2"]].attr_text.startswith("OFFSET(Criteria!$A$2")


# Files that are there


def test_files_that_differ_are_written_over_only_when_told_and_ratings_never(
    tmp_path: Path,
) -> None:
    new_study(tmp_path / "study")
    ratings = (tmp_path / "study" / "ratings.csv").read_bytes()
    study = tmp_path / "study" / "study.toml"
    before = study.read_bytes()
    book = changed(tmp_path, {"Strategies!B3": "Another name"})
    with pytest.raises(StudyError) as error:
        collected(book, tmp_path / "study")
    places = [problem.place for problem in error.value.problems]
    assert places == [
        str(tmp_path / "study" / name)
        for name in ("study.toml", "criteria/my_tree.toml", "scenarios/my_scenario.toml")
    ]
    assert str(error.value.problems[0]) == (
        f"{study}: is there already and differs (choose another folder, or write over it with "
        "--replace)"
    )
    assert study.read_bytes() == before
    done = collected(book, tmp_path / "study", overwrite=True)
    assert {path.name for path in done.written} == {
        "study.toml", "my_tree.toml", "my_scenario.toml",
    }  # fmt: skip
    loaded = assess.load(tmp_path / "study")
    assert loaded.label("reform") == "Another name"
    assert len(loaded.ratings) == 7
    assert (tmp_path / "study" / "ratings.csv").read_bytes() == ratings
    again = collected(book, tmp_path / "study")
    assert str(again) == "nothing to write: 6 files hold the same already"


def test_ratings_that_no_longer_fit_the_study_are_told_at_their_rows(tmp_path: Path) -> None:
    new_study(tmp_path / "study")
    before = (tmp_path / "study" / "study.toml").read_bytes()
    with pytest.raises(StudyError) as error:
        collected(changed(tmp_path, {"Strategies!A3": "reforms"}), tmp_path / "study",
                  overwrite=True)  # fmt: skip
    told = [str(problem) for problem in error.value.problems]
    assert told[0] == (
        "ratings.csv:4:strategy: 'reform' is no strategy of the study, and in 3 more rows (did you "
        "mean 'reforms'?)"
    )
    assert (tmp_path / "study" / "study.toml").read_bytes() == before


def test_files_that_the_study_no_longer_names_are_left_and_said(tmp_path: Path) -> None:
    collected(changed(tmp_path, {}), tmp_path / "study")
    cells = {"Scenarios!A2": "other", "Weights!A2": "other", "Weights!A3": "other"}
    done = collected(changed(tmp_path, cells), tmp_path / "study", overwrite=True)
    left = tmp_path / "study" / "scenarios" / "my_scenario.toml"
    assert done.left == (left,)
    assert str(done).endswith(f"{left}: is left, and not named")
    assert left.is_file()


def test_a_failure_to_write_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "scenarios").write_text("not a folder")
    with pytest.raises(OSError, match="scenarios"):
        collected(changed(tmp_path, {}), tmp_path / "study")
    assert [path.name for path in (tmp_path / "study").iterdir()] == ["scenarios"]


# From outside


def cli(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line in a folder."""
    command = [sys.executable, "-m", "assess", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, check=False, encoding="utf-8"
    )


def test_a_workbook_becomes_a_study_that_is_checked_and_asked_in_forms(tmp_path: Path) -> None:
    made = cli("new", "mine", "--xlsx", cwd=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    book = Path("mine") / "study.xlsx"
    assert made.stdout == f"{book}\nNext: fill it in, then: assess collect mine {book}\n"
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["study.xlsx"]
    files = cli("collect", "mine", book, cwd=tmp_path)
    assert (files.returncode, files.stderr) == (0, "")
    named = ["study.toml", "criteria/my_tree.toml", "scenarios/my_scenario.toml",
             "ratings/ratings.csv"]  # fmt: skip
    schemas = [f"schemas/{kind}.schema.json" for kind in ("tree", "scenario", "study")]
    assert files.stdout.splitlines() == [str(Path("mine") / name) for name in named + schemas]
    checked = cli("check", "mine", cwd=tmp_path)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.startswith("No problems: My study\n")
    form = cli("form", "mine", "--analyst", "first", "-o", "first.xlsx", cwd=tmp_path)
    assert (form.returncode, form.stderr) == (0, "")
    assert read_book(tmp_path / "first.xlsx", "first.xlsx").sheets
    again = cli("collect", "mine", book, cwd=tmp_path)
    assert again.stdout == "nothing to write: 6 files hold the same already\n"


def test_an_example_goes_through_a_workbook_at_the_command_line(tmp_path: Path) -> None:
    assert cli("new", "copy", "--xlsx", "--example", "mali", cwd=tmp_path).returncode == 0
    assert cli("collect", "files", "copy/study.xlsx", cwd=tmp_path).returncode == 0
    assert cli("check", "files", cwd=tmp_path).returncode == 0
    assert assess.load(tmp_path / "files") == without_ratings(assess.load("mali"))


def test_a_faulty_workbook_is_refused_at_the_command_line(tmp_path: Path) -> None:
    faulty = tmp_path / "study.xlsx"
    faulty.write_bytes(changed(tmp_path, {"Criteria!B3": "resuts"}))
    done = cli("collect", "files", faulty.name, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "1 problem:\n  study.xlsx!Criteria!B3: criteria.people_protected.parent: 'resuts' is no "
        "criterion (did you mean 'results'?)\n"
    )
    assert not (tmp_path / "files").exists()


def test_collect_writes_over_files_only_with_replace(tmp_path: Path) -> None:
    cli("new", "mine", cwd=tmp_path)
    (tmp_path / "study.xlsx").write_bytes(changed(tmp_path, {"Study!B2": "Renamed"}))
    kept = cli("collect", "mine", "study.xlsx", cwd=tmp_path)
    assert kept.returncode == 1
    assert f"{Path('mine') / 'study.toml'}: is there already and differs" in kept.stderr
    done = cli("collect", "mine", "study.xlsx", "--replace", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    report = cli("report", "mine", "--draws", "0", cwd=tmp_path)
    assert report.stdout.startswith("RENAMED\n")
    assert "Highest point score: Reform" in report.stdout


def test_new_writes_a_workbook_into_no_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "precious.txt").write_text("mine")
    done = cli("new", "mine", "--xlsx", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "mine: exists and is not empty (choose another folder)" in done.stderr
    unknown = cli("new", "other", "--xlsx", "--example", "malli", cwd=tmp_path)
    assert "'malli' is not packaged (did you mean 'mali'?)" in unknown.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
