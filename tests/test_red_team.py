"""A red team: its ratings are reported beside the panel's and change nothing else."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import assess
from assess.model import Analyst, Evidence, Rating, Study, StudyError
from assess.panel import (
    deciding_sets,
    first_choices,
    leave_one_out,
    red_team,
    split_cells,
    spreads,
    tendencies,
)
from tests import small

PANEL = {"ana": Analyst(), "ben": Analyst()}
WITH_EVE = {**PANEL, "eve": Analyst(name="Eve", pooled=False)}
BEN = [
    Rating(analyst="ben", strategy=key, criterion="trust", rating=level)
    for key, level in (("keep", 80), ("reform", 20), ("build", 90))
]


def red(strategy: str, criterion: str, level: float | str, why: str = "") -> Rating:
    return Rating(
        analyst="eve",
        strategy=strategy,
        criterion=criterion,
        rating=level,
        evidence=Evidence(rationale=why),
    )


def study(*more: Rating, **changes: object) -> Study:
    return small.study([*small.rows(), *BEN, *more], **{"analysts": WITH_EVE, **changes})


EVE = (
    red("reform", "trust", 5, "surveys are staged"),
    red("reform", "conduct", "none"),
    red("keep", "trust", 55),
)
LEVELS: dict[str, st.SearchStrategy[float | str]] = {
    "deaths": st.integers(0, 1000),
    "trust": st.integers(0, 100),
    "upkeep": st.integers(0, 80),  # beyond 60 the scale saturates
    "conduct": st.sampled_from(["none", "some", "all"]),
}
ABSENT: st.SearchStrategy[float | str] = st.sampled_from(["?", "withheld", "n/a"])


@st.composite
def red_ratings(draw: st.DrawFn) -> list[Rating]:
    """Draw what a red team says, n/a and unknown among it."""
    said = []
    for strategy in ("keep", "reform", "build"):
        for criterion, level in LEVELS.items():
            if (given := draw(st.none() | level | ABSENT)) is not None:
                said.append(red(strategy, criterion, given, "said by a red team"))
    return said


@given(red_ratings())
def test_whatever_a_red_team_says_changes_no_result(said: list[Rating]) -> None:
    without, beside = (assess.evaluate(x) for x in (study(analysts=PANEL), study(*said)))
    for name in without.array_names():
        np.testing.assert_array_equal(getattr(without, name), getattr(beside, name))
    assert without.saturated == beside.saturated
    assert without.fingerprints == beside.fingerprints
    left_out = [
        leave_one_out(report).table.query("analyst != 'eve'").reset_index(drop=True)
        for report in (without, beside)
    ]
    pd.testing.assert_frame_equal(left_out[0], left_out[1])
    assert split_cells(without).cells == split_cells(beside).cells
    assert spreads(without, draws=0).lines == spreads(beside, draws=0).lines
    assert tendencies(without).lines == tendencies(beside).lines
    assert [*deciding_sets(without).sentences()] == [*deciding_sets(beside).sentences()]
    firsts = [first_choices(report) for report in (without, beside)]
    np.testing.assert_array_equal(firsts[0].count, firsts[1].count)
    np.testing.assert_array_equal(firsts[0].silent, firsts[1].silent)


def test_totals_with_a_red_teams_ratings_in_place_of_the_panels_by_hand() -> None:
    """Trust of reform falls from 40 to 5, its conduct to 0: (2 x 32.5 + 1 x 0) / 3 = 21.7."""
    found = red_team(assess.evaluate(study(*EVE)))
    assert found.analysts == ("eve",)
    assert found.score[0].tolist() == pytest.approx(
        [2 / 3 * (0.40 + 0.55) / 2, 2 / 3 * (0.60 + 0.05) / 2, 2 / 3 * (0.5 + 0.65) / 2 + 0.4 / 3]
    )
    assert found.excluded[0].tolist() == [True, True, False]
    assert found.rated[0].tolist() == [1, 2, 0]
    assert found.table.score.tolist() == pytest.approx((100 * found.score[0]).tolist())


def test_the_cells_in_which_a_red_team_differs_stand_furthest_first() -> None:
    cells = red_team(assess.evaluate(study(*EVE))).cells
    told = [(cell.strategy, cell.criterion, cell.panel, cell.red) for cell in cells]
    assert told == [
        ("reform", "conduct", 100, 0),
        ("reform", "trust", pytest.approx(40), pytest.approx(5)),
    ]
    assert cells[1].rationales == ("surveys are staged",)


def test_a_cell_that_only_the_red_team_rates_counts_in_its_totals_alone() -> None:
    rows = [row for row in small.rows() if (row.strategy, row.criterion) != ("keep", "trust")]
    made = small.study([*rows, red("keep", "trust", 90)], analysts=WITH_EVE)
    report = assess.evaluate(made)
    assert np.isnan(report.score[0, 0, report.node("trust")])
    first = red_team(report).cells[0]
    assert (first.strategy, first.red) == ("keep", 90)
    assert np.isnan(first.panel)


def test_several_red_analysts_are_pooled_among_themselves_by_their_weights() -> None:
    both = {**WITH_EVE, "fay": Analyst(pooled=False, weight=3)}
    fay = Rating(analyst="fay", strategy="reform", criterion="trust", rating=25)
    cell = red_team(assess.evaluate(study(*EVE, fay, analysts=both))).cells[1]
    assert cell.red == pytest.approx((5 + 3 * 25) / 4)
    assert cell.analysts == ("eve", "fay")


def test_the_page_shows_the_red_team_beside_the_panel() -> None:
    page = str(assess.evaluate(study(*EVE)))
    assert "\nRED TEAM\nEve: reported beside the panel, in no score" in page
    assert "- Reform, trust: panel worth 40, red team worth 5. surveys are staged" in page
    assert "Eve: 3 ratings, 25 % of cells. Red team: reported, not pooled." in page
    assert "Eve: rated too little" not in page
    assert "RED TEAM" not in str(assess.evaluate(study(analysts=PANEL)))


def test_an_explanation_lists_the_red_team_last_and_says_that_it_is_not_pooled() -> None:
    report = assess.evaluate(study(*EVE, red("build", "trust", 1)))
    parts = assess.explain(report, strategy="reform").parts
    lines = next(part for part in parts if part.criterion == "trust").ratings
    assert [(line.analyst, line.pooled, line.weight) for line in lines] == [
        ("ana", True, 0.5),
        ("ben", True, 0.5),
        ("eve", False, 0),
    ]
    text = " ".join(str(assess.explain(report, strategy="reform")).split())
    assert "eve: 5; worth 5 (0 to 25), red team, not pooled; low confidence" in text


def test_a_level_of_a_red_team_beside_the_panels_n_a_is_no_contradiction() -> None:
    rows = [row for row in small.rows() if row.criterion != "trust"]
    rows += [
        Rating(
            analyst="ana",
            strategy=key,
            criterion="trust",
            rating="n/a",
            evidence=Evidence(rationale="no survey can be held"),
        )
        for key in ("keep", "reform", "build")
    ]
    made = small.study([*rows, red("keep", "trust", 50)], analysts=WITH_EVE)
    assert np.isnan(assess.evaluate(made).coverage[0, 0, 3])


def test_a_study_in_which_nobody_is_pooled_is_refused() -> None:
    alone = {key: Analyst(pooled=False) for key in WITH_EVE}
    with pytest.raises(StudyError, match="nobody is pooled: all analysts are red team"):
        assess.evaluate(study(analysts=alone))


def test_a_comparison_names_who_left_or_joined_the_pool() -> None:
    before, after = (
        assess.evaluate(study(*EVE)),
        assess.evaluate(study(*EVE, analysts={**PANEL, "eve": Analyst(name="Eve")})),
    )
    told = str(assess.compare(before, after))
    assert "was reported beside the panel (red team), is pooled" in told
