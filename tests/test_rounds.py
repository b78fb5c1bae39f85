"""Rounds of asking: the last word counts, earlier ones are kept, and what moved is told."""

import json
from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import assess
from assess.model import Analyst, Rating, Ratings, Study, StudyError
from assess.panel import Rounds, rounds
from tests import small

levels = st.integers(0, 100)


def rating(
    analyst: str, strategy: str, level: float | str, asked: int = 1, **more: object
) -> Rating:
    given = {"analyst": analyst, "strategy": strategy, "criterion": "trust", "rating": level}
    return Rating.model_validate({**given, "round": asked, **more})


BEN = [rating("ben", key, level) for key, level in (("keep", 80), ("reform", 20), ("build", 90))]
LATE = [rating("ben", "keep", 60, 2), rating("ben", "keep", 40, 3)]
AGAIN = [rating("ben", "keep", 40, 2), rating("ana", "keep", 40, 2), rating("ben", "build", 95, 2)]


def study(*more: Rating, **changes: object) -> Study:
    return small.study([*small.rows(), *BEN, *more], **changes)


def found(*more: Rating, **changes: object) -> Rounds:
    return rounds(assess.evaluate(study(*more, **changes)))


def figures(of: Rounds) -> list[tuple[float, ...]]:
    return [tuple(astuple(shift)[1:]) for shift in of.shifts]


def test_the_last_word_counts_and_the_earlier_one_is_kept() -> None:
    made = study(*AGAIN)
    assert [(row.analyst, row.strategy, row.rating) for row in made.earlier] == [
        ("ana", "keep", 30),
        ("ben", "keep", 80),
        ("ben", "build", 90),
    ]
    assert len(made.ratings) == len(small.rows()) + len(BEN)
    score = assess.evaluate(made)
    assert score.score[0, 0, score.node("trust")] == pytest.approx(0.40)


def test_what_is_kept_takes_no_part_in_any_score() -> None:
    made = study(*AGAIN)
    alone = made.model_copy(update={"earlier": Ratings()})
    both = [assess.evaluate(item) for item in (made, alone)]
    for name in both[0].array_names():
        np.testing.assert_array_equal(getattr(both[0], name), getattr(both[1], name))
    assert made.digest != alone.digest


def test_shift_spread_and_convergence_by_hand() -> None:
    """Ana moves 30 to 40, Ben 80 to 40 and 90 to 95; at first |30-80|, |60-20|, |40-90|."""
    whole, results, means = found(*AGAIN).shifts
    assert (whole.criterion, results.criterion, means.criterion) == ("small", "results", "means")
    assert whole.rated_again == 3
    assert whole.mean == pytest.approx((10 - 40 + 5) / 3)
    assert whole.absolute == pytest.approx((10 + 40 + 5) / 3)
    assert whole.cells == 3
    assert whole.spread_before == pytest.approx((50 + 40 + 50) / 3)
    assert whole.spread_after == pytest.approx((0 + 40 + 55) / 3)
    assert results.convergence == pytest.approx(45 / 3)
    assert (means.rated_again, means.cells) == (0, 0)
    assert np.isnan(means.convergence)


def test_who_moved_towards_the_others_and_who_away() -> None:
    ana, ben = found(*AGAIN).movers
    assert (ana.analyst, ana.rated_again, ana.changed, ana.towards, ana.away) == ("ana", 1, 1, 1, 0)
    assert (ben.analyst, ben.rated_again, ben.changed, ben.towards, ben.away) == ("ben", 2, 2, 1, 1)


def test_totals_after_each_round_are_those_of_the_study_as_it_stood_then() -> None:
    then = assess.evaluate(study())
    side = found(*AGAIN)
    assert side.asked == (1, 2)
    np.testing.assert_array_equal(side.score[0], then.score[..., 0])
    np.testing.assert_array_equal(side.score[1], assess.evaluate(study(*AGAIN)).score[..., 0])
    assert side.table.query("round == 1 and strategy == 'keep'").score.item() == pytest.approx(
        100 * then.score[0, 0, 0]
    )


@given(levels)
def test_a_round_in_which_nobody_moves_has_no_shift_and_no_convergence(level: int) -> None:
    rows = [*small.rows(), rating("ben", "keep", level), rating("ben", "keep", level, 2)]
    whole = rounds(assess.evaluate(small.study(rows))).shifts[0]
    assert (whole.rated_again, whole.mean, whole.absolute, whole.convergence) == (1, 0, 0, 0)


@given(st.lists(levels, min_size=3, max_size=3), levels)
def test_a_panel_that_moves_to_one_value_ends_with_no_spread(first: list[int], last: int) -> None:
    names = ("keep", "reform", "build")
    rows = [row for row in small.rows() if row.criterion != "trust"]
    for analyst, off in (("ana", 0), ("ben", 7)):
        rows += [
            rating(analyst, key, min(level + off, 100))
            for key, level in zip(names, first, strict=True)
        ]
        rows += [rating(analyst, key, last, 2) for key in names]
    whole = rounds(assess.evaluate(small.study(rows))).shifts[0]
    assert whole.spread_after == pytest.approx(0, abs=1e-12)
    assert whole.convergence == pytest.approx(whole.spread_before)


@given(st.permutations(range(len(small.rows()) + 6)))
def test_the_order_of_rows_changes_nothing(order: list[int]) -> None:
    rows = [*small.rows(), *BEN, *AGAIN]
    shuffled = small.study([rows[i] for i in order])
    np.testing.assert_allclose(
        figures(rounds(assess.evaluate(shuffled))), figures(found(*AGAIN)), atol=1e-12
    )


@given(st.permutations(["ana", "ben", "cleo"]), st.lists(levels, min_size=5, max_size=5))
def test_the_order_of_analysts_changes_nothing(order: list[str], said: list[int]) -> None:
    who = (("ben", 1), ("cleo", 1), ("ana", 2), ("ben", 2), ("cleo", 2))
    more = [rating(key, "keep", level, k) for (key, k), level in zip(who, said, strict=True)]
    one, other = (
        rounds(assess.evaluate(small.study([*small.rows(), *more], analysts=analysts)))
        for analysts in ({key: Analyst() for key in keys} for keys in (order, sorted(order)))
    )
    assert sorted(one.movers, key=str) == sorted(other.movers, key=str)
    np.testing.assert_allclose(figures(one), figures(other), atol=1e-12)
    np.testing.assert_allclose(one.score, other.score, atol=1e-12)


def test_the_first_word_on_a_cell_may_come_in_a_later_round() -> None:
    """Ben first rates in the second round, 60, and in the third 40; Ana said 30 and keeps to it."""
    whole = rounds(assess.evaluate(small.study([*small.rows(), *LATE]))).shifts[0]
    assert (whole.rated_again, whole.cells) == (1, 1)
    assert whole.mean == pytest.approx(-20)
    assert whole.spread_before == pytest.approx(30)
    assert whole.spread_after == pytest.approx(10)


def test_of_three_rounds_the_first_and_the_last_word_are_held_together() -> None:
    middle = [rating("ben", "keep", 99, 2), rating("ben", "keep", 40, 3)]
    whole, *_ = found(*middle).shifts
    assert whole.rated_again == 1
    assert whole.mean == pytest.approx(-40)
    assert found(*middle).asked == (1, 2, 3)
    assert len(study(*middle).earlier) == 2


def test_an_unknown_in_a_later_round_takes_the_place_of_a_level() -> None:
    report = assess.evaluate(study(rating("ben", "keep", "?", 2)))
    assert report.score[0, 0, report.node("trust")] == pytest.approx(0.30)
    assert rounds(report).shifts[0].rated_again == 0


def test_a_leaf_first_rated_in_a_later_round_is_simply_rated() -> None:
    report = assess.evaluate(small.study([*small.rows(), rating("ben", "keep", 50, 3)]))
    assert len(report.study.earlier) == 0
    assert rounds(report).asked == (1, 3)


def test_a_study_of_one_round_has_no_section_on_rounds() -> None:
    assert "ROUNDS OF ASKING" not in str(assess.evaluate(study()))


def test_the_page_tells_shift_convergence_and_totals_after_each_round() -> None:
    page = str(assess.evaluate(study(*AGAIN)))
    assert "ROUNDS OF ASKING (1, 2)" in page
    assert "Keep, total after each round: 32, then 27." in page
    assert "ben: 2 ratings given again, 2 changed; 1 towards the mean" in page
    row = next(line for line in page.splitlines() if line.startswith("all criteria"))
    assert row.split()[2:] == ["3", "-8.3", "18.3", "46.7", "31.7", "3"]


def test_a_red_teams_second_word_is_no_move_of_the_panel() -> None:
    analysts = {"ana": Analyst(), "ben": Analyst(), "eve": Analyst(pooled=False)}
    more = [rating("eve", "keep", 10), rating("eve", "keep", 90, 2)]
    beside = found(*AGAIN, *more, analysts=analysts)
    np.testing.assert_array_equal(figures(beside), figures(found(*AGAIN)))
    assert beside.movers == found(*AGAIN).movers


def test_an_earlier_rating_that_no_later_one_replaces_is_refused() -> None:
    lone = Ratings.from_rows([rating("ben", "keep", 50)])
    with pytest.raises(StudyError) as refused:
        assess.evaluate(small.study(earlier=lone))
    told = (
        "earlier: row 0, column round: ben keep trust is not rated again in a later round (keep it "
        "among the ratings, or say in the later row which round it is of)"
    )
    assert str(refused.value).splitlines()[1].strip() == told


def test_a_rating_says_its_round_and_the_first_is_written_as_nothing() -> None:
    held = Ratings.from_rows([rating("ben", "keep", 50), rating("ben", "keep", 60, 2)])
    assert held.columns()["round"] == ["", "2"]
    assert [row.round for row in held] == [1, 2]


def test_a_report_with_rounds_survives_json(tmp_path: Path) -> None:
    report = assess.evaluate(study(*AGAIN))
    path = report.write(tmp_path / "report.json")
    again = assess.Report.read(path)
    assert again == report
    assert len(again.study.earlier) == 3
    assert "earlier" in json.loads(path.read_text(encoding="utf-8"))["study"]


def test_one_scenario_alone_keeps_its_rounds_and_drops_those_of_others() -> None:
    worlds = (small.scenario(), small.scenario("flood", kind="world"))
    flood = [rating("ben", "keep", 10, 1, scenario="flood")]
    flood += [rating("ben", "keep", 20, 2, scenario="flood")]
    made = study(*AGAIN, *flood, scenarios=worlds)
    assert len(made.earlier) == 4
    assert len(made.only("reference").earlier) == 3
