"""The answer tested against doubt: who leads, under which conventions, and what is missing."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import assess
from assess.model import (
    Analyst,
    Rating,
    Ratings,
    Scenario,
    Study,
)
from assess.reporting import render
from assess.simulation import Simulation, simulate, verdicts
from tests.builders import judged
from tests.test_simulation import flat, under_one_top


def page(study: Study, draws: int = 2000) -> str:
    """Return the page of a study with draws, each sentence on one line."""
    text = render(assess.evaluate(study), "txt", simulate(study, draws=draws))
    return text.replace("\n  ", " ")


def settled(study: Study, **settings: Any) -> Study:
    """Return a study with other settings of its draws."""
    held = study.method.uncertainty.model_copy(update=settings)
    return study.model_copy(
        update={"method": study.method.model_copy(update={"uncertainty": held})}
    )


def with_rows(study: Study, *rows: Rating, analysts: tuple[str, ...] = ("ana",)) -> Study:
    """Return a study with other ratings."""
    held = {key: Analyst() for key in analysts}
    return study.model_copy(update={"ratings": Ratings.from_rows(rows), "analysts": held})


EQUAL = judged({"c0": 50, "c1": 50})


def test_without_draws_nobody_is_said_to_lead_and_with_draws_somebody_may() -> None:
    study = flat({"a": (80, 80), "b": (40, 40)}, EQUAL, half_width=5)
    plain = str(assess.evaluate(study))
    assert "Highest point score: a 80" in plain.replace("\n", " ")
    assert "leads" not in plain
    told = page(study)
    assert "Highest point score" not in told
    assert "A leads.\n" in told
    assert "a is ahead of b in 100 % of draws, by 40.0 points at the median" in told


def test_medians_stand_beside_the_point_scores() -> None:
    told = page(flat({"a": (95, 95), "b": (40, 40)}, EQUAL, half_width=40), draws=20_000)
    assert "point scores 95 and 40" in told
    assert "a 92 (" in told, "a wide interval that meets the end of the scale moves the median"


def test_a_convention_that_would_change_the_verdict_is_named_with_its_verdict() -> None:
    """Errors that add up over two criteria under one top criterion make a lead less sure."""
    study = under_one_top(flat({"a": (60, 60), "b": (55, 55)}, EQUAL, half_width=12))
    found = simulate(study, draws=8000)
    verdict = verdicts(found)[0]
    assert verdict.leader == ""
    assert verdict.under["independent"] == ("a",)
    assert verdict.under["halo"] == ("a", "b")
    told = page(study, 8000)
    assert "No leader: nobody leads a, b." in told
    assert "If ratings shared no errors, a would lead." in told
    assert "This would stand if all errors under a top criterion were shared (full halo)." in told


def test_disagreement_that_pooling_would_hide_is_told() -> None:
    """Two analysts see the opposite: one of them in each draw cannot tell, their centre can."""
    study = flat({"a": (50,), "b": (50,)}, judged({"c0": 100}), half_width=2)
    said = {"ana": {"a": 95, "b": 20}, "ben": {"a": 35, "b": 60}}
    rows = [
        Rating(analyst=analyst, strategy=key, criterion="c0", rating=float(level))
        for analyst, levels in said.items()
        for key, level in levels.items()
    ]
    pooled = settled(with_rows(study, *rows, analysts=("ana", "ben")), analysts="pool")
    found = simulate(pooled, draws=4000)
    assert found.tallies.centre is not None
    assert verdicts(found)[0].under["declared"] == ("a", "b")
    assert verdicts(found)[0].under["centre"] == ("a",)
    told = page(pooled)
    assert "If each draw took the panel's centre and not one analyst, a would lead." in told
    assert "Put first, of 2 analysts with a total of their own: a 1, b 1." in told


def test_a_study_that_takes_the_centre_is_not_compared_with_it() -> None:
    study = settled(flat({"a": (60, 60), "b": (40, 40)}, EQUAL), analysts="mean")
    assert simulate(study, draws=300).tallies.centre is None


def test_weights_that_nobody_elicited_and_what_they_do_to_the_verdict_are_told() -> None:
    """Equal weights say A by 10 points; over all weights it is ahead in 2 draws of 3."""
    study = flat({"a": (90, 30), "b": (30, 70)}, half_width=2)
    found = simulate(study, draws=8000)
    assert found.winning[0, 0, 1] == pytest.approx(0.6, abs=0.03)
    assert verdicts(found)[0].under["declared"] == ("a", "b")
    assert verdicts(found)[0].under["alike"] == ("a",)
    assert "If weights that nobody elicited were equal, a would lead." in page(study)
    elicited = flat({"a": (90, 30), "b": (30, 70)}, EQUAL)
    assert simulate(elicited, draws=300).tallies.alike is None


def missing_one(level: float) -> Study:
    """Return a study in which A has no rating on the second criterion."""
    study = flat({"a": (level, 50), "b": (20, 20)}, EQUAL, half_width=2)
    rows = [row for row in study.ratings if (row.strategy, row.criterion) != ("a", "c1")]
    method = study.method.model_copy(update={"coverage_floor": 0.5})
    return with_rows(study.model_copy(update={"method": method}), *rows)


def test_a_lead_that_missing_ratings_could_undo_is_told() -> None:
    """A is worth 30 + 0 to 30 + 50 beside B's 20; at 15 + 0 it falls behind."""
    sure, open_to = missing_one(60), missing_one(38)
    assert verdicts(simulate(sure, draws=2000))[0].survives
    assert "That holds whatever the missing ratings might be." in page(sure)
    found = verdicts(simulate(open_to, draws=2000))[0]
    assert found.leader == "a"
    assert found.open == (("a", "b"),)
    assert not found.survives
    assert "Missing ratings could undo the lead of a over b." in page(open_to)


def test_bounds_of_what_is_missing_are_counted_pair_by_pair() -> None:
    """A is worth 19 where its missing rating is worth nothing, and B 20, each within 2 points."""
    missing = simulate(missing_one(30), draws=2000).tallies.missing
    assert missing is not None
    assert missing.draws == 256
    assert missing.ahead[0].tolist() == [[0, 0], [0, 0]]
    missing = simulate(missing_one(50), draws=2000).tallies.missing
    assert missing is not None
    assert missing.ahead[0].tolist() == [[0, 256], [0, 0]]
    assert simulate(flat({"a": (60, 60), "b": (20, 20)}, EQUAL), draws=300).tallies.missing is None


def test_a_strategy_without_a_total_has_no_median_on_the_page() -> None:
    study = flat({"a": (60, 60), "b": (20, 20), "c": (50, 50)}, EQUAL)
    rows = [row for row in study.ratings if (row.strategy, row.criterion) != ("c", "c1")]
    told = page(with_rows(study, *rows))
    line = next(line for line in told.splitlines() if line.startswith("median of draws"))
    assert line.split()[3:] == ["60", "20", "-"]


def test_scenarios_are_grouped_by_what_can_be_said_of_them() -> None:
    study = flat({"a": (90, 30), "b": (30, 70)}, judged({"c0": 90, "c1": 10}))
    other = Scenario(id="other", tree="flat", weights={"flat": judged({"c0": 10, "c1": 90})})
    both = study.model_copy(update={"scenarios": (*study.scenarios, other)})
    told = page(both)
    assert "By scenario; how many scenarios is not a verdict.\n" in told
    assert "- A leads: reference.\n- B leads: other.\n" in told


def test_one_file_holds_a_report_and_its_draws_and_each_is_read_from_it(tmp_path: Path) -> None:
    study = assess.load("mali")
    report, found = assess.evaluate(study), simulate(study, draws=512)
    path = report.write(tmp_path / "report.json", found)
    assert assess.Report.read(path) == report
    assert Simulation.read(path) == found
    again = report.write(tmp_path / "again.json", found)
    assert path.read_bytes() == again.read_bytes()


def test_a_report_without_draws_holds_no_simulation(tmp_path: Path) -> None:
    path = assess.evaluate(assess.load("mali")).write(tmp_path / "report.json")
    told = "it is a report without draws: simulation is missing"
    with pytest.raises(ValueError, match=told):
        Simulation.read(path)


def test_draws_in_a_report_that_were_changed_are_refused(tmp_path: Path) -> None:
    study = flat({"a": (60, 60), "b": (20, 20)}, EQUAL)
    path = assess.evaluate(study).write(tmp_path / "report.json", simulate(study, draws=300))
    content = json.loads(path.read_text(encoding="utf-8"))
    content["simulation"]["tallies"]["declared"]["good"][0][0] += 1
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ValueError, match="simulation"):
        Simulation.read(path)


def test_draws_of_another_study_are_refused() -> None:
    one, other = (flat({"a": (level, 60), "b": (20, 20)}, EQUAL) for level in (60, 61))
    with pytest.raises(ValueError, match="the draws are of another study"):
        render(assess.evaluate(one), "txt", simulate(other, draws=300))


def test_the_table_of_scores_holds_what_the_draws_say(tmp_path: Path) -> None:
    study = assess.load("mali")
    report, found = assess.evaluate(study), simulate(study, draws=512)
    frame = pd.read_csv(report.write(tmp_path / "scores.csv", found))
    plain = pd.read_csv(report.write(tmp_path / "plain.csv"))
    pd.testing.assert_frame_equal(frame[plain.columns], plain)
    totals = frame[frame["criterion"] == study.tree.id]
    np.testing.assert_allclose(totals["draws_median"], 100 * found.quantile(0.5).ravel())
    np.testing.assert_allclose(totals["first_share"], found.first.ravel())
    assert frame[frame["criterion"] != study.tree.id]["first_share"].isna().all()


def test_the_declared_errors_stand_first_among_the_conventions() -> None:
    study = flat({"a": (60, 60), "b": (50, 50)}, EQUAL, half_width=12)
    orders = simulate(study, draws=1100).tallies.orders
    assert list(orders) == ["declared", "independent", "halo"]
    assert [order.draws for order in orders.values()] == [1280, 256, 256]
