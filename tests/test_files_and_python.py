"""A study is the same whether it comes from files or is built in Python."""

import csv
import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import assess
from assess.files.ratings import read_ratings
from assess.model import Frozen, Study
from assess.testing import studies
from tests import small


def toml(value: Any) -> str:
    """Write a value as TOML in one line."""
    if isinstance(value, Frozen):
        value = value.model_dump(exclude_defaults=True, exclude_none=True)
    if isinstance(value, dict):
        pairs = (f"{json.dumps(key)} = {toml(item)}" for key, item in value.items())
        return "{ " + ", ".join(pairs) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, date):
        return value.isoformat()
    return repr(value) if isinstance(value, float) else json.dumps(value)


def document(model: Frozen, *without: str) -> str:
    """Write a model as a TOML document."""
    fields = model.model_dump(exclude_defaults=True, exclude_none=True)
    return "".join(f"{k} = {toml(v)}\n" for k, v in fields.items() if k not in without)


def write(study: Study, folder: Path) -> None:
    """Write a study as files."""
    (folder / "tree.toml").write_text(document(study.tree), encoding="utf-8")
    for scenario in study.scenarios:
        (folder / f"{scenario.id}.toml").write_text(document(scenario), encoding="utf-8")
    names = [f"./{scenario.id}.toml" for scenario in study.scenarios]
    head = document(study, "tree", "scenarios", "ratings")
    files = {"tree": "./tree.toml", "scenarios": names, "ratings": ["ratings.csv"]}
    head = "".join(f"{key} = {toml(value)}\n" for key, value in files.items()) + head
    (folder / "study.toml").write_text(head, encoding="utf-8")
    columns = study.ratings.columns()
    with (folder / "ratings.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


@pytest.mark.law
@given(study=studies())
def test_files_and_python_give_the_same_study_digest_and_report(study: Study) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(study, Path(folder))
        loaded = assess.load(folder)
    assert loaded == study
    assert loaded.digest == study.digest
    assert assess.evaluate(loaded) == assess.evaluate(study)


def test_a_study_with_gates_reference_levels_and_context_comes_back_from_files(
    tmp_path: Path,
) -> None:
    study = small.study()
    write(study, tmp_path)
    assert assess.load(tmp_path) == study


def test_several_files_of_ratings_are_one_in_the_order_of_their_names(tmp_path: Path) -> None:
    study = small.study()
    write(study, tmp_path)
    lines = (tmp_path / "ratings.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "ratings").mkdir()
    for name, part in (("a", lines[1:5]), ("b", lines[5:])):
        text = "\n".join([lines[0], *part]) + "\n"
        (tmp_path / "ratings" / f"{name}.csv").write_text(text, encoding="utf-8")
    head = (tmp_path / "study.toml").read_text(encoding="utf-8")
    head = head.replace('"ratings.csv"', '"ratings/*.csv"')
    (tmp_path / "study.toml").write_text(head, encoding="utf-8")
    assert assess.load(tmp_path) == study


def test_an_own_rule_is_named_in_the_file_and_given_in_python(tmp_path: Path) -> None:
    def mine(values: Any, weights: Any) -> Any:
        return (values * weights).sum(axis=-1)

    study = small.study(tree=small.tree(rule={"name": "mine"}), rules={"mine": mine})
    write(study.model_copy(update={"rules": {}}), tmp_path)
    with pytest.raises(assess.StudyError, match="'mine' is unknown"):
        assess.load(tmp_path)
    assert assess.load(tmp_path, rules={"mine": mine}) == study


def test_cells_are_kept_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv"
    lines = ["analyst,strategy,criterion,rating,source", "ana,a,c,01,1e3", "ana,a,d, 1.0 ,True"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sheet = read_ratings(path, "ratings.csv")
    assert sheet.columns["rating"].texts() == ["01", "1.0"]
    assert sheet.columns["source"].texts() == ["1e3", "True"]


def test_a_quote_left_open_in_the_first_cell_of_a_row_is_found_on_that_row(tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv"
    lines = ["analyst,strategy,criterion,rating", "ana,a,c,1", '"ana,a,d,1', "ben,a,d,1"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(assess.StudyError, match=r"ratings\.csv:3:analyst: a quote is opened"):
        read_ratings(path, "ratings.csv")
