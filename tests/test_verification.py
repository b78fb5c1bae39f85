"""Verification: a report is rebuilt from what it carries, and whatever was altered has a name."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import assess
from assess.model import Choice, Study
from assess.report import Report
from assess.reporting import render
from assess.testing import studies
from assess.verification import lock, read_lock, verify, write_lock
from tests import small
from tests.own_rules import named, scaled
from tests.test_command_line import assess as command
from tests.test_formats import FOUND as AS_WRITTEN
from tests.test_formats import WRITTEN, drop, places, put

FOUND = assess.evaluate(small.study())
TEXT = render(FOUND, "json")
DRAWN = render(FOUND, "json", assess.simulate(FOUND.study, draws=1024, seed=3))
Change = Callable[[dict[str, Any]], Any]


def written(folder: Path, text: str = TEXT, *changes: Change) -> Path:
    """Write a report, with changes by hand laid out as the library does."""
    from assess.json_content import laid_out

    content = json.loads(text)
    for change in changes:
        change(content)
    path = folder / "report.json"
    path.write_text(laid_out(content, depth=5), encoding="utf-8")
    return path


@given(study=studies(absent=True))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@pytest.mark.law
def test_the_report_on_any_study_holds_byte_for_byte(tmp_path: Path, study: Study) -> None:
    found = verify(assess.evaluate(study).write(tmp_path / "one.json"))
    assert (found.holds, found.findings, found.notes) == ("byte for byte", (), ())


def test_a_report_with_draws_holds_byte_for_byte_as_its_draws_are_made_again(
    tmp_path: Path,
) -> None:
    found = verify(written(tmp_path, DRAWN))
    assert (found.holds, found.findings, found.draws) == ("byte for byte", (), 1024)
    assert str(found).endswith(
        "It holds byte for byte: rebuilt from the inputs that it carries, with its 1,024 draws."
    )


def test_a_report_laid_out_otherwise_holds_number_for_number(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_text(json.dumps(json.loads(DRAWN)), encoding="utf-8")
    found = verify(path)
    assert (found.holds, found.findings) == ("number for number", ())


def test_the_last_digit_of_a_score_refutes_nothing_and_a_millionth_does(tmp_path: Path) -> None:
    score = FOUND.score.copy()
    score[0, 0, 0] += 2e-16
    near = replace(FOUND, score=score).write(tmp_path / "near.json")
    assert verify(near).holds == "number for number"
    score[0, 0, 0] += 1e-6
    far = replace(FOUND, score=score).write(tmp_path / "far.json")
    assert [found.where for found in verify(far).findings] == [
        "score, scenario reference, strategy keep, criterion small"
    ]


def test_an_altered_rating_is_named_by_its_cell_with_what_it_was(tmp_path: Path) -> None:
    for row, rating in enumerate(FOUND.study.ratings):
        was = json.loads(TEXT)["study"]["ratings"]["rating"][row]
        level = {"conduct": "all" if was != "all" else "some"}.get(rating.criterion, "11")
        found = verify(written(tmp_path, TEXT, put("study", "ratings", "rating", row, level)))
        cell = f"ana on {rating.strategy}, {rating.criterion}"
        assert found.holds == "no"
        first, *rest = found.findings
        assert str(first) == (
            f"inputs: ratings, row {row}, column rating ({cell}): "
            f"it says {level!r}, and was {was!r}"
        )
        assert any(
            f"score, scenario reference, strategy {rating.strategy}, criterion "
            f"{rating.criterion}" == other.where
            for other in rest
        )


def test_a_rating_that_was_no_level_nearby_is_named_all_the_same(tmp_path: Path) -> None:
    rows = [r.model_copy(update={"rating": 433.25}) if r.rating == 600 else r for r in small.rows()]
    text = render(assess.evaluate(small.study(rows)), "json")
    found = verify(written(tmp_path, text, put("study", "ratings", "rating", 0, "600")))
    assert found.findings[0].message == "it says '600', which is not what was written down"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (put("study", "method", "coverage_floor", 0.5), "method.coverage_floor"),
        (put("study", "analysts", "ben", "weight", 3), "analysts.ben"),
        (put("study", "tree", "criteria", "trust", "notes", "mine"), "tree.criteria.trust"),
        (put("study", "scenarios", 0, "reason", "mine"), "scenarios.reference"),
        (put("study", "question", "mine"), "study"),
        (drop("study", "actors", "mission"), "actors.mission"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)  # fmt: skip
def test_any_other_altered_input_is_named_by_its_part(
    tmp_path: Path, change: Change, where: str
) -> None:
    found = verify(written(tmp_path, TEXT, change))
    assert next(one.where for one in found.findings if one.what == "inputs") == where
    assert found.findings[0].message in (
        "is not what was written down", "is not there any more",
    )  # fmt: skip


def test_rows_that_were_added_or_taken_out_are_told(tmp_path: Path) -> None:
    def shorter(content: Any) -> None:
        for column in content["study"]["ratings"].values():
            del column[3]

    def longer(content: Any) -> None:
        extra = {"analyst": "ben", "criterion": "trust", "strategy": "keep", "rating": "40"}
        for name, column in content["study"]["ratings"].items():
            column.append(extra.get(name, ""))

    less, more = (verify(written(tmp_path, TEXT, change)) for change in (shorter, longer))
    assert str(less.findings[0]) == "inputs: ratings: is not there any more"
    assert str(more.findings[0]) == ("inputs: ratings, row 12 (ben on keep, trust): was not there")


def test_an_altered_result_is_named_even_where_digests_were_worked_out_again(
    tmp_path: Path,
) -> None:
    for place in np.ndindex(FOUND.score.shape):
        score = FOUND.score.copy()
        score[place] = 0.125
        path = replace(FOUND, score=score).write(tmp_path / "forged.json")
        _, t, n = place
        study = FOUND.study
        assert Report.read(path).score[place] == 0.125
        found = verify(path)
        assert [str(one) for one in found.findings] == [
            f"results: score, scenario reference, strategy {list(study.strategies)[t]}, "
            f"criterion {study.tree.nodes[n]}: the file says 0.125, "
            f"the inputs give {float(FOUND.score[place])!r}"
        ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (put("results", "gates", 0, 1, 0, 1), "gates, scenario reference, strategy reform, "),
        (put("results", "ends", 0, 2, 0.5), "ends, scenario reference, strategy build"),
        (put("results", "weights", 0, 1, 0.5), "weights, scenario reference, criterion results"),
        (put("results", "low", []), "low: the file says [], the inputs give [["),
        (put("fingerprints", "trust", "0" * 64), "fingerprints.trust: the file says '0000"),
        (put("saturated", 3), "saturated: the file says 3, the inputs give 1"),
    ],
    ids=range(6),
)  # fmt: skip
def test_every_kind_of_result_has_a_name(tmp_path: Path, change: Change, words: str) -> None:
    found = verify(written(tmp_path, TEXT, change))
    assert words in str(found.findings[0])
    assert str(found).startswith(f"{tmp_path / 'report.json'}: Small, as of 2026-01-01 (")


def test_altered_draws_are_named_by_their_count(tmp_path: Path) -> None:
    way = ("simulation", "tallies", "declared", "order", "rank", 0, 1)
    count = json.loads(DRAWN)
    for key in way:
        count = count[key]
    found = verify(written(tmp_path, DRAWN, put(*way, 0, count[0] + 1)))
    told = f"the file says {count[0] + 1}, the inputs give {count[0]}"
    assert [str(one) for one in found.findings] == [
        f"draws: simulation.tallies.declared.order.rank.0.1.0: {told}"
    ]
    seed = verify(written(tmp_path, DRAWN, put("simulation", "seed", 4)))
    assert {one.what for one in seed.findings} == {"draws"}
    gone = verify(written(tmp_path, DRAWN, drop("simulation", "seed")))
    assert str(gone.findings[0]) == "draws: simulation: 'seed' is missing"
    more = verify(written(tmp_path, DRAWN, put("simulation", "draws", 2048)))
    assert str(more.findings[0]) == ("draws: simulation: draws are 2048, 1024 stand in blocks")


def test_a_digest_that_is_not_that_of_the_content_is_told(tmp_path: Path) -> None:
    for way in ("digest",), ("results_digest",), ("simulation", "results_digest"):
        (found,) = verify(written(tmp_path, DRAWN, put(*way, "0" * 64))).findings
        assert found.where == ".".join(way)
        assert "it is '0000" in found.message


def test_other_versions_are_a_note_and_not_a_finding(tmp_path: Path) -> None:
    other = replace(FOUND, versions=type(FOUND.versions)({"assess": "0.0.9", "numpy": "1.0"}))
    found = verify(other.write(tmp_path / "old.json"))
    here = dict(FOUND.versions)
    assert found.holds == "byte for byte"
    assert found.notes == (
        f"computed with assess 0.0.9, verified with {here['assess']}",
        f"computed with numpy 1.0, verified with {here['numpy']}",
    )


def test_a_report_without_digests_of_its_parts_still_names_the_score(tmp_path: Path) -> None:
    changes = drop("inputs"), put("study", "ratings", "rating", 1, "90")
    found = verify(written(tmp_path, TEXT, *changes))
    assert found.notes == (
        "it was written without digests of its parts: an altered cell has no name",
    )
    assert found.findings[0].where == "digest"
    assert "score, scenario reference, strategy keep, criterion trust" in [
        one.where for one in found.findings
    ]
    assert verify(written(tmp_path, TEXT, drop("inputs"))).holds == "number for number"


def test_a_rule_of_ones_own_is_needed_to_rebuild_and_must_be_the_same(tmp_path: Path) -> None:
    tree = small.tree(rule=Choice(name="mine"))
    study = small.study(tree=tree, rules={"mine": scaled})
    path = assess.evaluate(study).write(tmp_path / "own.json")
    assert verify(path, rules={"mine": scaled}).holds == "byte for byte"
    without, other = verify(path), verify(path, rules={"mine": named})
    assert without.holds == other.holds == "no"
    assert "they cannot be evaluated: rule 'mine' is a function of the study's author" in str(
        without.findings[0]
    )
    assert str(other.findings[0]) == "inputs: rules.mine: is not what was written down"


def test_an_unsound_study_cannot_be_rebuilt_and_says_why(tmp_path: Path) -> None:
    found = verify(written(tmp_path, TEXT, put("study", "ratings", "rating", 1, "900")))
    assert "inputs: study: they are not sound: ratings: row 1, column rating: '900' is off" in str(
        found
    )
    none = verify(written(tmp_path, TEXT, put("study", "as_of", "soon")))
    assert (none.holds, none.report) == ("no", "no study can be read")
    assert "as_of" in none.findings[0].message


@pytest.mark.parametrize(("value", "start"), [(None, 0), ([[{}]], 1), ("drop", 2)], ids=repr)
def test_whatever_is_changed_in_a_file_is_found_or_makes_no_difference(
    tmp_path: Path, value: Any, start: int
) -> None:
    refuted, path = 0, tmp_path / "report.json"
    for way in [*places(json.loads(WRITTEN))][start::3]:
        change = drop(*way) if value == "drop" else put(*way, value)
        try:
            found = verify(written(tmp_path, WRITTEN, change))
        except ValueError as error:
            assert str(error).startswith(f"{path} is not a report written by assess: ")  # noqa: PT017
            continue
        refuted += found.holds == "no"
        assert found.holds == "no" or Report.read(path) == AS_WRITTEN
    assert refuted > 30


def test_a_lock_is_the_same_whenever_it_is_written_and_names_every_file(tmp_path: Path) -> None:
    one, two = (write_lock("mali_history", tmp_path / f"{name}.json") for name in "ab")
    assert one.read_bytes() == two.read_bytes()
    held = json.loads(one.read_text(encoding="utf-8"))
    assert list(held) == sorted(held)
    assert list(held["files"]) == sorted(
        ["study.toml", "criteria/defence_strategy.toml", "scenarios/reference.toml",
         "ratings/public_figures.csv"]
    )  # fmt: skip
    assert set(held["versions"]) == {"assess", "numpy", "pandas", "pydantic", "python"}
    assert held["method"]["coverage_floor"] == 0.6
    assert lock("mali_history") == read_lock(one) == held
    with pytest.raises(ValueError, match=re.escape("assess lock mali -o assess.lock.json")):
        write_lock("mali")


def test_a_report_is_held_to_a_lock_and_what_differs_is_named(tmp_path: Path) -> None:
    locked = write_lock("mali", tmp_path / "lock.json")
    study = assess.load("mali")
    path = assess.evaluate(study).write(tmp_path / "mali.json")
    assert verify(path, lock=locked).holds == "byte for byte"
    columns = study.ratings.columns()
    columns["confidence"][5] = "low" if columns["confidence"][5] != "low" else "high"
    method = study.method.model_copy(update={"pooling": Choice(name="median")})
    changes = {"ratings": type(study.ratings).from_columns(columns), "method": method}
    other = assess.evaluate(study.model_copy(update=changes)).write(tmp_path / "other.json")
    assert verify(other).holds == "byte for byte"
    found = verify(other, lock=locked)
    assert [one.where.split(" (")[0] for one in found.findings] == [
        "ratings, row 5, column confidence", "method.pooling",
    ]  # fmt: skip
    assert found.findings[1].message == "the lock says 'mean', the report carries 'median'"


def test_versions_that_a_lock_names_otherwise_are_a_note(tmp_path: Path) -> None:
    held = {**lock("mali_history"), "versions": {**lock("mali_history")["versions"], "python": "2"}}
    (tmp_path / "lock.json").write_text(json.dumps(held), encoding="utf-8")
    path = assess.evaluate(assess.load("mali_history")).write(tmp_path / "one.json")
    found = verify(path, lock=tmp_path / "lock.json")
    assert found.holds == "byte for byte"
    assert found.notes[0].startswith("locked with python 2, verified with 3.")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{}", "keys of the file: 'digest' is missing"),
        ('{"format": "assess report 1"}', "format is 'assess report 1', expected 'assess lock 1'"),
    ],
)
def test_a_file_that_is_no_lock_is_refused(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "lock.json").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(words)):
        verify(written(tmp_path), lock=tmp_path / "lock.json")


def test_what_differs_is_a_table_and_a_long_list_is_cut_on_the_page(tmp_path: Path) -> None:
    found = verify(written(tmp_path, DRAWN, put("simulation", "seed", 4)))
    assert list(found.table.columns) == ["what", "where", "message"]
    assert len(found.table) == len(found.findings) > 20
    assert str(found).split("\n")[-1] == f"and {len(found.findings) - 20:,} more findings"


@pytest.mark.long
def test_the_command_line_says_so_with_its_exit_code(tmp_path: Path) -> None:
    written(tmp_path, TEXT)
    good = command("verify", "report.json", cwd=tmp_path)
    assert (good.returncode, good.stderr) == (0, "")
    assert "It holds byte for byte" in good.stdout
    written(tmp_path, TEXT, put("study", "ratings", "rating", 1, "90"))
    bad = command("verify", "report.json", cwd=tmp_path)
    assert (bad.returncode, bad.stderr) == (1, "")
    assert "ratings, row 1, column rating (ana on keep, trust): it says '90'" in bad.stdout
    locked = command("lock", "mali_history", "-o", "lock.json", cwd=tmp_path)
    assert (locked.returncode, locked.stdout.strip()) == (0, "lock.json")
