"""Formats of a report: JSON holds together or is refused, no text of a study becomes markup."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import assess
from assess.atomic import write_text
from assess.model import Choice, Criterion
from assess.report import Report
from assess.reporting import json as as_json
from assess.reporting import render
from assess.reporting.csv import plain
from tests import small


def report() -> Report:
    """Return a report with a hole in it."""
    rows = [row for row in small.rows() if (row.strategy, row.criterion) != ("build", "trust")]
    return assess.evaluate(small.study(rows))


FOUND = report()
WRITTEN = render(FOUND, "json")
CHANGED = "results, fingerprints or versions were changed after it was written"
Change = Callable[[dict[str, Any]], Any]


def changed(folder: Path, change: Change) -> Path:
    """Write a report whose content was changed by hand."""
    content = json.loads(WRITTEN)
    change(content)
    path = folder / "report.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def put(*keys: Any) -> Change:
    """Return a change that puts the last argument where the others lead."""

    def change(content: Any) -> None:
        *way, last, value = keys
        for key in way:
            content = content[key]
        content[last] = value

    return change


def drop(*keys: Any) -> Change:
    """Return a change that takes out what the keys lead to."""

    def change(content: Any) -> None:
        for key in keys[:-1]:
            content = content[key]
        del content[keys[-1]]

    return change


def test_a_report_that_is_read_and_written_again_has_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text(WRITTEN, encoding="utf-8")
    again = Report.read(path)
    assert again == FOUND
    assert render(again, "json") == WRITTEN


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (drop("digest"), "keys of the file: 'digest' is missing"),
        (put("diggest", 1), "keys of the file: 'diggest' is unknown (did you mean 'digest'?)"),
        (
            put("format", "assess report 0"),
            "format is 'assess report 0', expected 'assess report 1'",
        ),
        (put("digest", 5), "digest is 5, expected '"),
        (put("results_digest", "abc"), "results_digest is 'abc', expected '"),
        (put("nodes", ["small"]), "nodes are ['small'], not those of the study's tree"),
        (put("saturated", "many"), "saturated is 'many', expected a whole number up to 11"),
        (put("saturated", True), "saturated is true, expected a whole number up to 11"),
        (put("saturated", 12), "saturated is 12, expected a whole number up to 11"),
        (put("saturated", 0), CHANGED),
        (put("versions", "assess", "9"), CHANGED),
        (put("versions", "assess", 9), "expected a text for each library"),
        (put("versions", {}), "versions: 'assess' is missing"),
        (put("fingerprints", {}), "keys of fingerprints: 'small' is missing; 'results' is missing"),
        (put("fingerprints", []), "fingerprints holds [], expected an object"),
        (
            put("fingerprints", "trust", "0" * 64),
            "fingerprint of 'trust' is '000000000000', expected '",
        ),
        (put("results", []), "results holds [], expected an object"),
        (drop("results", "low"), "keys of results: 'low' is missing"),
        (put("results", "lwo", []), "'lwo' is unknown (did you mean 'low'?)"),
        (
            put("results", "low", 5),
            "results.low: lower bounds have shape (), the study asks for (1, 3, 7)",
        ),
        (put("results", "low", [[0.5] * 3]), "lower bounds have shape (1, 3), the study asks for"),
        (
            put("results", "low", 0, 2, [0.5]),
            "results.low[0][2] is a list of 1, expected a list of 7",
        ),
        (put("results", "low", 0, 2, None), "results.low[0][2] is None, expected a list of 7"),
        (
            put("results", "score", 0, 1, 0, 7),
            "results.score[0][1][0] is 7, expected a number from 0 to 1, or null",
        ),
        (put("results", "score", 0, 1, 0, 0.5), CHANGED),
        (put("results", "score", 0, 1, 0, None), CHANGED),
        (put("results", "score", 0, 1, 0, True), "results.score[0][1][0] is true, expected"),
        (put("results", "score", 0, 1, 0, 10**400), "results.score[0][1][0] is 1000"),
        (
            put("results", "weights", 0, 1, None),
            "results.weights[0][1] is None, expected a number from 0 to 1",
        ),
        (
            put("results", "gates", 0, 1, 0, 9),
            "gates[0][1][0] is 9, expected 0 (pass), 1 (fail), 2 (undecided), 3 (n/a)",
        ),
        (put("results", "gates", 0, 1, 0, 900), "results.gates[0][1][0] is 900, expected 0 (pass)"),
        (
            put("results", "gates", 0, 1, 0, None),
            "results.gates[0][1][0] is None, expected 0 (pass)",
        ),
        (put("results", "gates", 0, 1, 0, 1), CHANGED),
        (put("study", 5), "study is 5, expected an object"),
        (put("study", "nam", "x"), "study: nam: unknown key 'nam' (did you mean 'name'?)"),
        (put("study", "name", "\ud800"), "study holds half a character, which no UTF-8 text can"),
        (put("study", "name", "Other"), "the inputs were changed after it was written"),
        (
            put("study", "rules", "mine", "abc"),
            "a rule is a function of (values, weights); 'abc' is none",
        ),
        (put("study", "ratings", "low", 5), "column 'low' is 5; expected one cell a row"),
        (
            put("study", "ratings", "analist", []),
            "unknown column 'analist' (did you mean 'analyst'?)",
        ),
    ],
)
def test_a_report_that_does_not_hold_together_is_refused_in_words(
    tmp_path: Path, change: Change, words: str
) -> None:
    path = changed(tmp_path, change)
    with pytest.raises(ValueError, match=re.escape(words)) as caught:
        Report.read(path)
    assert str(caught.value).startswith(f"{path} is not a report written by assess: ")


def places(content: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to everything in a file; of a list, to its last item alone."""
    if way:
        yield way
    pairs: Any = content.items() if isinstance(content, dict) else ()
    if isinstance(content, list):
        pairs = [*enumerate(content)][-1:]
    for key, item in pairs:
        yield from places(item, (*way, key))


def refusal(path: Path) -> str:
    """Return why a file is refused; nothing where it is the report that was written."""
    try:
        assert Report.read(path) == FOUND
    except ValueError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("value", [None, 7, [[{}]], "drop"], ids=repr)
def test_whatever_is_changed_in_a_file_is_refused_or_makes_no_difference(
    tmp_path: Path, value: Any
) -> None:
    ways = list(places(json.loads(WRITTEN)))
    changes = [drop(*way) if value == "drop" else put(*way, value) for way in ways]
    told = [refusal(changed(tmp_path, change)) for change in changes]
    words = f"{tmp_path / 'report.json'} is not a report written by assess: "
    assert all(text.startswith(words) for text in told if text)
    assert sum(map(bool, told)) > 100


def test_an_unsound_study_is_refused_even_where_its_digest_was_worked_out_again(
    tmp_path: Path,
) -> None:
    found = FOUND
    tree = found.study.tree.model_copy(update={"rule": Choice(name="weigthed_sum")})
    unsound = found.study.model_copy(update={"tree": tree})
    fields = {name: getattr(found, name) for name in Report.__dataclass_fields__}
    path = Report(**fields | {"study": unsound}).write(tmp_path / "report.json")
    with pytest.raises(ValueError, match="rule 'weigthed_sum' is unknown"):
        Report.read(path)


def test_a_digest_is_no_signature_and_evaluating_again_shows_what_was_forged(
    tmp_path: Path,
) -> None:
    found = FOUND
    fields = {name: getattr(found, name) for name in Report.__dataclass_fields__}
    forged = Report(**fields | {"score": np.where(found.score < 0.5, 0.5, found.score)})
    read = Report.read(forged.write(tmp_path / "report.json"))
    assert read == forged
    assert assess.evaluate(read.study) == found != read
    assert "A digest is no signature" in " ".join(str(as_json.__doc__).split())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[" * 100_000, "lists or objects are nested too deeply"),
        ('{"a":' * 100_000, "lists or objects are nested too deeply"),
        ('{\n"a": }', "line 2 is not JSON: Expecting value"),
        ("[]", "the file holds [], expected an object"),
        ('{"digest": 1, "digest": 2}', "key 'digest' stands twice in one object"),
        ('{"saturated": NaN}', "NaN is no number of JSON; what is not there is written null"),
    ],
)
def test_a_text_that_is_no_report_is_refused_in_words(
    tmp_path: Path, text: str, words: str
) -> None:
    path = tmp_path / "report.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(words)):
        Report.read(path)


def test_a_file_that_is_not_there_is_not_called_a_wrong_report(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"nowhere\.json: there is no such file$"):
        Report.read(tmp_path / "nowhere.json")
    with pytest.raises(ValueError, match="is a folder; a report is a file written as JSON"):
        Report.read(tmp_path)
    (tmp_path / "latin.json").write_bytes(b"\xff")
    with pytest.raises(ValueError, match="cannot be read: it is not UTF-8 text"):
        Report.read(tmp_path / "latin.json")


def lifted(values: Any, weights: Any, *, by: float) -> Any:
    """Give a weighted mean, lifted towards 1."""
    return np.asarray(((values * weights).sum(axis=-1)) ** by)


def test_a_report_with_an_own_rule_and_its_arguments_is_read_without_the_function(
    tmp_path: Path,
) -> None:
    rule = Choice(name="lifted", parameters={"by": 0.5})
    study = small.study(tree=small.tree(rule=rule), rules={"lifted": lifted})
    found = assess.evaluate(study)
    again = Report.read(found.write(tmp_path / "report.json"))
    assert again == found
    assert again.study.rules["lifted"].function is None
    assert not assess.compare(found, again).not_comparable


@pytest.mark.parametrize(
    "text",
    ["=1+1", " =1+1", "\n=1+1", "\t\r\n @x", "\u00a0+1", "\ufeff-1", "\x00=1", "＝1+1", "\tplain"],  # noqa: RUF001 wide signs run too
)
def test_no_text_is_a_formula_to_a_spreadsheet(text: str) -> None:
    assert plain(text) == f"'{text}"


@pytest.mark.parametrize("text", ["a=b", "x -1", "threat", "", "5 %"])
def test_a_harmless_text_stays_as_it_is_in_csv(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("~~~ x", "\\~\\~\\~ x"),
        ("- x", "\\- x"),
        ("+ x", "\\+ x"),
        ("1. x", "1\\. x"),
        ("12) x", "12\\) x"),
        ("---", "\\---"),
        ("===", "\\==="),
        ("&copy;", "\\&copy;"),
        ("# x", "\\# x"),
        ("> x", "\\> x"),
        ("* x", "\\* x"),
        ("\x1b[31mred", "\\[31mred"),
        ("2.5 points", "2.5 points"),
        ("well-known - so", "well-known - so"),
    ],
)
def test_no_text_is_markup_at_the_start_of_a_line_of_markdown(text: str, shown: str) -> None:
    study = small.study(question=text, name=text)
    lines = render(assess.evaluate(study), "md").split("\n")
    assert lines[0] == f"# {shown}"
    assert shown in lines[1:]


def test_a_table_of_markdown_holds_names_as_they_are() -> None:
    tree = small.tree()
    criteria = {**tree.criteria, "results": Criterion(name="a | b &amp; ~c~")}
    study = small.study(tree=tree.model_copy(update={"criteria": criteria}))
    assert "| a \\| b \\&amp; \\~c\\~ |" in render(assess.evaluate(study), "md")


def test_csv_guards_the_names_of_criteria() -> None:
    tree = small.tree()
    criteria = {**tree.criteria, "results": Criterion(name=" =cmd()")}
    study = small.study(tree=tree.model_copy(update={"criteria": criteria}))
    assert ",' =cmd()," in render(assess.evaluate(study), "csv")


def test_a_report_is_written_whole_or_the_folder_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "nodir"
    with pytest.raises(
        FileNotFoundError, match=f"^{missing / 'x.md'}: there is no folder {missing}$"
    ):
        FOUND.write(missing / "x.md")
    with pytest.raises(IsADirectoryError, match="is a folder; give the name of a file"):
        write_text(tmp_path, "x")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_written_is_named_and_no_draft_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied", ".x.md.k3j2")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.raises(PermissionError) as caught:
        write_text(tmp_path / "x.md", "x")
    assert str(caught.value) == f"{tmp_path / 'x.md'} cannot be written: Permission denied"
