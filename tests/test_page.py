"""The first page: what it must say, so that no reader takes more from it than it holds."""

from datetime import date
from typing import Any

import numpy as np
import pytest

import assess
from assess.model import (
    Analyst,
    Criterion,
    Evidence,
    Method,
    Rating,
    Scale,
    Strategy,
    Weights,
)
from assess.model.tree import Choice
from assess.report import Report
from assess.rounding import apart
from assess.summary import Section, summarise
from tests import small

GOOD: dict[str, Any] = {"deaths": 100, "trust": 90, "upkeep": 50, "conduct": "all"}
FAIR: dict[str, Any] = {"deaths": 400, "trust": 60, "upkeep": 45, "conduct": "all"}
POOR: dict[str, Any] = {"deaths": 700, "trust": 40, "upkeep": 30, "conduct": "some"}


def report(ratings: list[Rating] | None = None, **changes: Any) -> Report:
    """Return the report on the small study, with other ratings or fields."""
    return assess.evaluate(small.study(ratings, **changes))


def found(of: Report, title: str) -> Section:
    """Return one section of the first page; an empty one where it is not there."""
    return next((x for x in summarise(of).sections if x.title.startswith(title)), Section(title))


def lines(of: Report, title: str) -> str:
    """Return the sentences of one section."""
    return "\n".join(found(of, title).lines)


def row(of: Report, title: str, name: str) -> tuple[str, ...]:
    """Return the cells of one row of a section's table."""
    table = found(of, title).table
    assert table is not None
    return next(cells[1:] for cells in table.rows if cells[0] == name)


def level(strategy: str, criterion: str, rating: Any, **fields: Any) -> Rating:
    """Return one rating of ana's, or of another analyst."""
    given = {"analyst": "ana", "strategy": strategy, "criterion": criterion, "rating": rating}
    return Rating.model_validate(given | fields)


# What the answer depends on (C4).


def test_a_winner_whose_gate_nobody_rates_is_said_to_be_undecided_everywhere() -> None:
    levels = {"keep": {**GOOD, "conduct": "?"}, "reform": FAIR, "build": POOR}
    of = report(
        small.rows(levels), scenarios=(small.scenario(), small.scenario("flood", name="Flood"))
    )
    assert of.ranks[0, :, 0].tolist() == [1, 2, 3]
    answer = lines(of, "Answer")
    assert (
        "This depends on 1 missing rating (conduct for Keep), which could put Reform first. Its "
        "gate is undecided: conduct is not rated." in answer
    )
    assert (
        "- Keep in reference (gate undecided: conduct is not rated; depends on 1 missing rating), "
        "Flood (gate undecided: conduct is not rated; depends on 1 missing rating)." in answer
    )
    assert row(of, "By scenario", "Flood")[0].endswith("*?")
    assert row(of, "Profile", "gates that exclude") == ("undecided", "pass", "pass")
    assert row(of, "Profile", "rank")[0] == "1?"


def test_absence_that_could_cost_the_first_place_is_named_with_who_could_take_it() -> None:
    levels: dict[str, Any] = {
        "keep": {"deaths": 100, "upkeep": 50, "conduct": "all"},
        "reform": {"deaths": 250, "trust": 80, "upkeep": 50, "conduct": "all"},
        "build": POOR,
    }
    of = report(small.rows(levels))
    assert of.ranks[0, :, 0].tolist() == [1, 2, 3]
    assert (
        "This depends on 1 missing rating (trust for Keep), which could put Reform first."
        in lines(of, "Answer")
    )
    assert row(of, "Profile", "rank") == ("1?", "2?", "3")


def test_what_is_missing_beside_a_settled_winner_is_not_called_a_dependence() -> None:
    levels: dict[str, Any] = {"keep": GOOD, "reform": FAIR, "build": dict(POOR, deaths="?")}
    of = report(small.rows(levels), scenarios=(small.scenario(), small.scenario("flood")))
    assert of.missing[0, 2, 0] == 1
    assert "depends" not in lines(of, "Answer")
    assert row(of, "By scenario", "flood")[0].endswith("*")
    assert lines(of, "By scenario").startswith("* highest point score, whatever is missing.")


def test_only_missing_ratings_that_have_weight_count_as_what_a_winner_depends_on() -> None:
    levels: dict[str, Any] = {
        "keep": dict(GOOD, deaths="?", trust="?"),
        "reform": FAIR,
        "build": POOR,
    }
    nothing_on_trust = small.scenario(
        weights={
            "small": small.scenario().weights["small"],
            "results": Weights(method=Choice(name="points"), judgements={"deaths": 1, "trust": 0}),
        }
    )
    of = report(
        small.rows(levels), scenarios=(nothing_on_trust,), method=Method(coverage_floor=0.3)
    )
    assert of.missing[0, 0, 0] == 2
    assert "depends on 1 missing rating (deaths for Keep)" in lines(of, "Answer")


def test_a_scenario_whose_winner_can_be_overtaken_is_marked_although_the_first_is_not() -> None:
    trusting = small.scenario(
        "trusting",
        weights={
            "small": small.scenario().weights["small"],
            "results": Weights(method=Choice(name="points"), judgements={"deaths": 1, "trust": 9}),
        },
    )
    doubtful = small.scenario(
        weights={
            "small": small.scenario().weights["small"],
            "results": Weights(method=Choice(name="points"), judgements={"deaths": 99, "trust": 1}),
        }
    )
    levels: dict[str, Any] = {"keep": dict(GOOD, trust="?"), "reform": FAIR, "build": POOR}
    of = report(
        small.rows(levels), scenarios=(doubtful, trusting), method=Method(coverage_floor=0.3)
    )
    answer = lines(of, "Answer")
    assert "This depends" not in answer
    assert "- Keep in reference, trusting (depends on 1 missing rating)." in answer
    assert [cell[-1] for cell in row(of, "By scenario", "reference")[:1]] == ["*"]
    assert row(of, "By scenario", "trusting")[0].endswith("*?")
    assert row(of, "By scenario", "trusting")[1].endswith("?")


def test_more_than_three_missing_ratings_are_named_by_weight_and_counted() -> None:
    levels: dict[str, Any] = {
        "keep": {"deaths": 100, "conduct": "all"},
        "reform": {"deaths": 400, "conduct": "all"},
        "build": POOR,
    }
    of = report(small.rows(levels), method=Method(coverage_floor=0.3))
    assert (
        "This depends on 4 missing ratings (trust, upkeep for Keep; trust for Reform; and 1 more), "
        "which could put Reform or Build first." in lines(of, "Answer")
    )


def test_that_none_is_acceptable_is_said_and_what_could_change_it() -> None:
    of = report(small.rows({"keep": POOR, "reform": dict(POOR, deaths=650), "build": POOR}))
    assert "None reaches acceptable (50)." in lines(of, "Answer")
    levels: dict[str, Any] = {"keep": dict(GOOD, conduct="some"), "reform": POOR, "build": POOR}
    assert "reaches" not in lines(report(small.rows(levels)), "Answer")
    open_to = report(small.rows({"keep": dict(POOR, deaths="?"), "reform": POOR, "build": POOR}))
    assert "None reaches acceptable (50); missing ratings could lift Keep to it." in lines(
        open_to, "Answer"
    )
    assert "reaches" not in lines(report(), "Answer")


def test_without_a_total_the_answer_says_how_much_is_rated() -> None:
    assert lines(report(small.rows({"keep": {"deaths": 100}})), "Answer") == (
        "No total: less than 60 % of the weight is rated (the study's floor); 0 to 33 % is."
    )


def test_totals_that_differ_are_not_printed_as_a_tie() -> None:
    tree = assess.ValueTree(id="one", criteria={"only": Criterion(scale=Scale(worst=0, best=100))})
    scenarios = tuple(assess.Scenario(id=key, tree="one") for key in ("first", "second"))
    rows = [level(*cell) for cell in (("keep", "only", 58.4), ("reform", "only", 57.7),
                                      ("build", "only", 20.0))]  # fmt: skip
    of = report(rows, tree=tree, scenarios=scenarios)
    assert row(of, "Profile", "total") == ("58.4", "57.7", "20")
    assert row(of, "By scenario", "second") == ("58.4*", "57.7", "20")
    assert "Highest point score: Keep 58.4, next Reform 57.7 (0.7 points behind)" in str(of)


def test_what_is_equal_stays_equal_and_what_differs_gets_the_digits_it_needs() -> None:
    assert apart([0.58, 0.58, float("nan")]) == ["58", "58", "-"]
    assert apart([0.58004, 0.58, 0.57]) == ["58.004", "58.000", "57"]


# Levels beside their worth.


def test_no_worth_stands_under_the_name_of_a_harm_without_its_level() -> None:
    rows = [level("keep", "deaths", 600), level("keep", "deaths", 800, analyst="ben"),
            level("reform", "deaths", 300), level("reform", "conduct", "some")]  # fmt: skip
    of = report(rows)
    assert row(of, "Results by criterion", "deaths") == (
        "600 to 800 deaths a year, worth 30 of 100",
        "300 deaths a year, worth 70 of 100",
        "-",
    )
    assert row(of, "Results by criterion", "conduct")[1] == "level some, worth 40 of 100"
    assert "Keep: deaths (600 to 800 deaths a year, worth 30)." in lines(of, "Weak spots")


def test_a_weak_spot_shows_no_level_of_an_analyst_without_weight() -> None:
    analysts = {"ana": Analyst(), "ben": Analyst(weight=0)}
    of = report([*small.rows(), level("keep", "deaths", 999, analyst="ben")], analysts=analysts)
    assert "deaths (600 deaths a year, worth 40)" in lines(of, "Weak spots")


# Who rates, and who wrote what.


def test_an_analyst_who_rates_a_strategy_they_wrote_is_visible() -> None:
    strategies = {
        "keep": Strategy(name="Keep", baseline=True, period="2019-2021"),
        "reform": Strategy(name="Reform", author="written by Ben, for the ministry"),
        "build": Strategy(name="Build", author="drafted by ana"),
    }
    analysts = {
        "ana": Analyst(role="officer", interests="draws a pension"),
        "ben": Analyst(name="Ben", weight=2),
    }
    of = report(strategies=strategies, analysts=analysts)
    panel = lines(of, "Panel")
    assert (
        "ana, officer: 12 ratings, 100 % of cells. Weight in the panel: 1. Named as author of "
        "Build, and rates it. Interests: draws a pension." in panel
    )
    assert (
        "Ben: 0 ratings, 0 % of cells. Weight in the panel: 2. Named as author of Reform, and does "
        "not rate it. Interests: not stated." in panel
    )
    assert "Authors of strategies: not stated (Keep); written by Ben, for the ministry (R" in panel
    assert "Authors of scenarios: not stated." in panel
    table = found(of, "Profile").table
    assert table is not None
    assert table.columns[1:] == ("Keep (2019-2021, baseline)", "Reform", "Build")


def test_a_name_inside_another_word_makes_nobody_an_author() -> None:
    strategies = dict(small.study().strategies) | {"build": Strategy(author="the Banana board")}
    assert "Named" not in lines(report(strategies=strategies), "Panel")


# What the ratings rest on.


def test_ratings_without_a_level_are_counted_apart_and_have_no_confidence() -> None:
    sure = {"confidence": "high", "evidence": Evidence(grade="A1", source="count")}
    rows = [level("keep", "deaths", 600, **sure), level("keep", "trust", 50, confidence="low"),
            level("keep", "deaths", "?", analyst="ben"),
            level("keep", "trust", "withheld", analyst="ben")]  # fmt: skip
    evidence = lines(report(rows), "Coverage")
    assert (
        "2 ratings give no level (1 unknown, 1 withheld); where another analyst gave one, the cell "
        "is not absent." in evidence
    )
    assert "Confidence that the evidence allows: high 50 %, low 50 %." in evidence
    assert "Basis: judgement 100 %." in evidence


def test_one_absent_cell_is_said_in_the_singular() -> None:
    rows = [row for row in small.rows() if (row.strategy, row.criterion) != ("keep", "trust")]
    assert "1 of 12 cells of strategy and criterion is absent" in lines(report(rows), "Coverage")


def test_confidence_is_told_by_weight_from_high_to_low_with_what_is_not_rated() -> None:
    sure = {"confidence": "high", "evidence": Evidence(grade="A1", source="count")}
    tree = assess.ValueTree(
        id="two", criteria={key: Criterion(scale=Scale(worst=0, best=100)) for key in "ab"}
    )
    scenario = assess.Scenario(id="reference", tree="two")
    rows = [level("keep", "a", 60, **sure), level("keep", "b", 60),
            level("keep", "b", 80, analyst="ben", **sure)]  # fmt: skip
    one = {"keep": Strategy(name="Keep")}
    of = report(rows, tree=tree, scenarios=(scenario,), strategies=one)
    assert lines(of, "Confidence").endswith("(mean of the strategies): high 75 %, low 25 %.")
    of = report(rows[:1], tree=tree, scenarios=(scenario,), strategies=one)
    assert lines(of, "Confidence").endswith(": high 50 %, not rated 50 %.")


def test_the_next_step_is_an_undecided_gate_then_what_holds_most_weight() -> None:
    levels = {"keep": dict(FAIR, conduct="?"), "reform": dict(FAIR, trust="?"), "build": POOR}
    steps = found(report(small.rows(levels)), "Next").lines
    assert steps == (
        "Rate conduct for Keep: a gate is undecided.",
        "Find firmer evidence on deaths for every strategy: low confidence, and it holds 33.3 % of "
        "the weight.",
        "Find firmer evidence on trust for Keep, Build: low confidence, and it holds 33.3 % of the "
        "weight.",
    )


def test_a_context_figure_shows_its_release_its_day_and_its_caveat() -> None:
    spent = level(
        "keep", "spending", 4.2,
        evidence=Evidence(source="budget law", vintage="second reading", date=date(2025, 11, 30),
                          rationale="The observers changed in 2023.", basis="measured"),
    )  # fmt: skip
    assert found(report([*small.rows(), spent]), "Context").lines == (
        "Shown beside the scores; earns no value.",
        "spending: Keep 4.2 % of GDP (2025-11-30). Source: budget law, second reading.",
        "- Keep: The observers changed in 2023.",
    )


# Scenarios.


def test_a_likelihood_shows_its_band_and_horizon_and_no_confidence() -> None:
    flood = small.scenario("flood", likelihood="likely", horizon="36 months")
    told = lines(report(scenarios=(small.scenario(), flood)), "By scenario")
    sentence = next(line for line in told.split("\n") if "likely" in line)
    assert sentence == (
        "Likelihood as judged, never multiplied in: flood: likely (55 to 80 %, within 36 months)."
    )
    assert "confidence" not in told


@pytest.mark.parametrize(
    ("judgements", "told"),
    [({"results": 100, "means": 50}, False), ({"results": 50, "means": 100}, True)],
)
def test_totals_under_different_weights_are_said_to_be_in_different_units(
    judgements: dict[str, float], told: bool
) -> None:
    weights = {"small": Weights(method=Choice(name="swing"), judgements=judgements)}
    of = report(scenarios=(small.scenario(), small.scenario("flood", weights=weights)))
    sentence = (
        "Totals under different weights are not in the same unit: compare them within a row only."
    )
    assert (sentence in lines(of, "By scenario")) == told


def test_scenarios_that_share_weights_are_named_as_comparable() -> None:
    weights = {
        "small": Weights(method=Choice(name="swing"), judgements={"results": 10, "means": 100})
    }
    lent = small.scenario("drought", weights={}, weights_from="reference", kind="world")
    of = report(scenarios=(small.scenario(), lent, small.scenario("flood", weights=weights)))
    assert "within a row only (reference, drought share theirs)." in lines(of, "By scenario")


def test_a_page_without_any_total_shows_no_rows_of_dashes_but_the_total() -> None:
    table = found(report(small.rows({"keep": {"deaths": 100}})), "Profile").table
    assert table is not None
    assert [cells[0] for cells in table.rows if set(cells[1:]) == {"-"}] == ["total"]


def test_shares_of_weight_add_up_where_a_criterion_does_not_apply() -> None:
    from assess.summary.shares import leaf_weights

    of = report(scenarios=(small.scenario(not_applicable={"upkeep": "there is no equipment"}),))
    np.testing.assert_allclose(leaf_weights(of, 0), [1 / 3, 1 / 3, 0, 1 / 3])


def test_every_rating_is_counted_once_as_scored_context_silent_or_not_applicable() -> None:
    rows = [level("keep", "deaths", 600), level("keep", "trust", "?"),
            level("keep", "spending", 4.2), level("reform", "spending", "?"),
            level("keep", "upkeep", "n/a", evidence=Evidence(rationale="none")),
            level("reform", "upkeep", "n/a", evidence=Evidence(rationale="none")),
            level("build", "upkeep", "n/a", evidence=Evidence(rationale="none"))]  # fmt: skip
    evidence = lines(report(rows), "Coverage")
    assert evidence.startswith("7 ratings by 2 analysts; ")
    assert "2 ratings give no level (2 unknown)" in evidence
    assert (
        "1 rating gives a level on a scored criterion, 1 on a context figure, 3 none as not "
        "applicable." in evidence
    )


def test_many_strategies_stand_in_rows_and_compare_within_a_column() -> None:
    weights = {
        "small": Weights(method=Choice(name="swing"), judgements={"results": 9, "means": 100})
    }
    many = {f"s{i}": Strategy() for i in range(7)}
    of = report(
        small.rows(dict.fromkeys(many, FAIR)),
        strategies=many,
        scenarios=(small.scenario(), small.scenario("flood", weights=weights)),
    )
    assert "compare them within a column only." in lines(of, "By scenario")
    assert row(of, "By scenario", "s6") == ("65*", "74*")


def test_a_tie_says_whose_gate_is_undecided_and_that_missing_ratings_can_break_it() -> None:
    levels = {"keep": dict(FAIR, conduct="?"), "reform": FAIR, "build": POOR}
    of = report(small.rows(levels))
    assert of.ranks[0, :, 0].tolist() == [1, 1, 3]
    assert (
        "This depends on 1 missing rating (conduct for Keep), which could put Reform first. The "
        "gate of Keep is undecided: conduct is not rated." in lines(of, "Answer")
    )
