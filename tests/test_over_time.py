"""Histories: scores over several reports, and no line over a break in what they measure."""

import csv
import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import assess
from assess.model import Choice, Criterion, Scale, Study
from assess.reporting.comparison import render
from assess.testing import studies
from tests import small
from tests.test_command_line import assess as command
from tests.test_comparison import changed_tree


def report(trust: float = 30, **changes: Any) -> assess.Report:
    """Evaluate the small study, with another level of trust for the first strategy."""
    rows = [r.model_copy(update={"rating": trust}) if r.rating == 30 and r.criterion == "trust"
            else r for r in small.rows()]  # fmt: skip
    return assess.evaluate(small.study(rows, **changes))


def series(found: assess.History, criterion: str) -> list[int]:
    """Return the series of a criterion, report by report."""
    one = [m for m in found.moments if (m.strategy, m.criterion) == ("keep", criterion)]
    return [m.series for m in one]


@pytest.mark.law
@given(study=studies())
@settings(max_examples=10)
def test_a_history_holds_every_score_and_no_break_where_nothing_changed(study: Study) -> None:
    found = assess.evaluate(study)
    told = assess.history(found, found, found)
    assert told.breaks == ()
    scores = told.table["score"].to_numpy().reshape(3, *found.score.shape)
    for each in scores:
        np.testing.assert_array_equal(each, 100 * found.score)
    assert set(told.table["series"]) == {1}


def test_a_changed_rule_begins_a_new_series_there_and_above_alone() -> None:
    tree = changed_tree("means", rule=Choice(name="weighted_sum"))
    found = assess.history(report(), report(50), report(50, tree=tree), report(60, tree=tree))
    assert series(found, "small") == series(found, "means") == [1, 1, 2, 2]
    assert series(found, "trust") == series(found, "results") == [1, 1, 1, 1]
    assert found.breaks == (
        (3, "small", "something below it changed"),
        (3, "means", "rule was weakest_link, is weighted_sum"),
    )


def test_a_criterion_that_comes_back_is_held_against_the_last_report_that_had_it() -> None:
    tree = small.tree()
    without = tree.model_copy(
        update={"criteria": {k: c for k, c in tree.criteria.items() if k != "trust"}}
    )
    rows = [r for r in small.rows() if r.criterion != "trust"]
    gap = assess.evaluate(small.study(rows, tree=without))
    other = changed_tree("trust", scale=Scale(worst=0, best=120))
    same = assess.history(report(), gap, report())
    assert series(same, "trust") == [1, 1]
    assert series(same, "results") == [1, 2, 3]
    changed = assess.history(report(), gap, report(tree=other))
    assert series(changed, "trust") == [1, 2]
    assert changed.breaks[-1][:2] == (3, "trust")


def test_the_page_draws_breaks_as_bars_and_lists_their_reasons() -> None:
    tree = changed_tree("means", rule=Choice(name="weighted_sum"))
    first, *rest = str(assess.history(report(), report(50), report(50, tree=tree))).split("\n")
    assert first == "HISTORY"
    assert rest[0].startswith("1: Small, as of 2026-01-01 (")
    assert "Panel of 2 against that before: analysts 1 earlier, 1 later, 1 in both." in rest
    rows = {line.split()[0]: line.split()[1:] for line in rest if line[:1] == "K"}
    earlier, later, broken = (
        100 * r.score[0, 0, 0] for r in (report(), report(50), report(50, tree=tree))
    )
    assert rows["Keep"] == [f"{earlier:.1f}", f"{later:.1f}", "|", f"{broken:.1f}"]
    assert "before 3: Means: rule was weakest_link, is weighted_sum" in rest
    assert rest[-1] == "A change between two reports is not an effect of the strategy."
    same = str(assess.history(report(), report(50)))
    assert "Every score measures the same throughout." in same
    assert "| " not in same.replace("bar (|)", "")


def test_many_reports_stand_in_several_tables() -> None:
    page = str(assess.history(*[report()] * 8)).split("\n")
    heads = [line.split()[1:] for line in page if line.startswith("reference ")]
    assert heads == [["1", "2", "3", "4", "5", "6"], ["7", "8"]]
    assert max(map(len, page)) <= 100


def test_a_strategy_that_comes_has_scores_from_then_on() -> None:
    fewer = small.study([r for r in small.rows() if r.strategy != "build"])
    two = {k: s for k, s in fewer.strategies.items() if k != "build"}
    before = assess.evaluate(fewer.model_copy(update={"strategies": two}))
    found = assess.history(before, report())
    assert [m.report for m in found.moments if (m.strategy, m.criterion) == ("build", "small")] == [
        2
    ]
    assert any(len(line.split()) == 2 for line in str(found).split("\n") if line[:5] == "Build")


def test_the_csv_holds_the_whole_table_and_runs_nothing_in_a_spreadsheet() -> None:
    tree = small.tree()
    named = {**tree.criteria, "trust": tree.criteria["trust"].model_copy(update={"name": "=1+1"})}
    other = report(tree=tree.model_copy(update={"criteria": named}))
    found = assess.history(report(), other)
    rows = list(csv.DictReader(io.StringIO(render(found, "csv"))))
    assert len(rows) == len(found.moments) == len(found.table)
    assert {row["name"] for row in rows if row["criterion"] == "trust"} == {"'=1+1"}
    with pytest.raises(
        ValueError,
        match=r"^no format of a comparison has the suffix '.md'; choose from .csv, .txt$",
    ):
        render(found, "md")


def test_a_comparison_as_csv_has_a_column_for_every_kind_that_differs() -> None:
    found = assess.compare(report(), report(50))
    rows = list(csv.DictReader(io.StringIO(render(found, "csv"))))
    total = next(r for r in rows if (r["strategy"], r["criterion"]) == ("keep", "small"))
    assert float(total["ratings"]) == pytest.approx(float(total["points"]))
    assert next(r for r in rows if r["criterion"] == "trust")["ratings"] == ""
    assert render(found, "txt") == str(found)


def test_what_is_no_history_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^a history takes two or more reports, not 1$"):
        assess.history(report())
    with pytest.raises(TypeError, match=r"^history takes Reports, not 'a\.json'$"):
        assess.history("a.json", report())  # type: ignore[arg-type]


def test_a_criterion_that_is_new_begins_its_first_series_without_a_break() -> None:
    tree = small.tree()
    more = {**tree.criteria, "reach": Criterion(parent="results", scale=Scale(worst=0, best=1))}
    found = assess.history(report(), report(tree=tree.model_copy(update={"criteria": more})))
    assert series(found, "reach") == [1]
    assert "reach" not in [criterion for _, criterion, _ in found.breaks]
    assert (2, "results", "gained reach") in found.breaks


@pytest.mark.long
def test_the_command_follows_three_reports_in_text_and_csv(tmp_path: Any) -> None:
    for name, level in (("a", 30), ("b", 50), ("c", 80)):
        report(level).write(tmp_path / f"{name}.json")
    files = [f"{name}.json" for name in "abc"]
    done = command("compare", *files, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("HISTORY\n1: Small")
    table = command("compare", *files, "-o", "out.csv", cwd=tmp_path)
    assert (table.returncode, table.stdout.strip()) == (0, "out.csv")
    assert len((tmp_path / "out.csv").read_text(encoding="utf-8").split("\n")) == 3 * 21 + 2
