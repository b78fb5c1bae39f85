"""Whose voice decides, where the panel is split, and how its analysts rate."""

import re
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import assess
from assess import pooling, tables
from assess.agreement import krippendorff_alpha, mean_absolute_spread
from assess.assessment import pool
from assess.model import Analyst, Choice, Evidence, Method, Rating, Ratings, Scenario, Study
from assess.panel import (
    deciding_sets,
    first_choices,
    leave_one_out,
    split_cells,
    spreads,
    tendencies,
    without,
)
from assess.panel.given import voiced
from assess.report import Report
from assess.summary import voices
from tests import small

Levels = Mapping[str, Mapping[str, float | str]]
NAMES = ("ana", "ben", "cem", "dee", "eve")
WORLDS = (small.scenario(), small.scenario("flood", kind="world"))
DEATHS = (0, 200, 400, 500, 600, 1000)
CONDUCT = ("none", "some", "all")


def by(analyst: str, levels: Levels = small.LEVELS, **fields: Any) -> list[Rating]:
    """Return all ratings of one analyst."""
    return [
        Rating(analyst=analyst, strategy=strategy, criterion=criterion, rating=level, **fields)
        for strategy, cells in levels.items()
        for criterion, level in cells.items()
    ]


def changed(strategy: str, **cells: float | str) -> Levels:
    """Return the small study's levels with some of one strategy changed."""
    return {**small.LEVELS, strategy: {**small.LEVELS[strategy], **cells}}


def panel(ratings: Sequence[Rating], **changes: Any) -> Study:
    """Return the small study, rated by those who are named."""
    names = dict.fromkeys([*(row.analyst for row in ratings)])
    return small.study(ratings, **({"analysts": {key: Analyst() for key in names}} | changes))


def without_them(study: Study, absent: Sequence[str]) -> Study:
    """Return a study without some analysts and their ratings."""
    who = np.array(study.ratings.analyst.texts())
    return study.model_copy(
        update={
            "analysts": {key: item for key, item in study.analysts.items() if key not in absent},
            "ratings": study.ratings.select(~np.isin(who, list(absent))),
            "earlier": Ratings(),
        }
    )


def assert_as_evaluated(study: Study) -> None:
    """Hold leaving one out to evaluating the study without each."""
    found = leave_one_out(assess.evaluate(study))
    for a, key in enumerate(study.analysts):
        rest = without_them(study, [key])
        if found.refused[a]:
            with pytest.raises(assess.StudyError):
                assess.evaluate(rest)
            assert np.isnan(found.score[a]).all()
            continue
        alone = assess.evaluate(rest)
        np.testing.assert_allclose(found.score[a], alone.score[:, :, 0], rtol=0, atol=1e-12)
        np.testing.assert_array_equal(found.rank[a], alone.ranks[:, :, 0])


@st.composite
def panels(draw: st.DrawFn) -> Study:
    """Draw panels with gaps, worlds, weights of 0, pooling centres, floors and n/a."""
    names = NAMES[: draw(st.integers(2, 4))]
    closed = draw(st.sets(st.sampled_from(["deaths", "upkeep"]), max_size=1))
    rows = [row for name in names for row in _drawn(draw, name, closed)]
    weights = draw(st.lists(st.sampled_from([0.0, 0.5, 1.0, 3.0]), min_size=4, max_size=4))
    if not any(weights[: len(names)]):
        weights[0] = 1.0
    centre = draw(st.sampled_from(["mean", "median", "trimmed_mean"]))
    floor = draw(st.sampled_from([0.0, 0.6, 1.0]))
    return small.study(
        rows,
        scenarios=WORLDS,
        analysts={n: Analyst(weight=w) for n, w in zip(names, weights, strict=False)},
        method=Method(pooling=Choice(name=centre), coverage_floor=floor),
    )


def _drawn(draw: st.DrawFn, name: str, closed: set[str]) -> list[Rating]:
    """Draw what one analyst rates; whoever speaks on a closed criterion says n/a."""
    levels = {
        "deaths": st.sampled_from(DEATHS),
        "trust": st.integers(0, 100),
        "upkeep": st.sampled_from([0, 30, 75]),
        "conduct": st.sampled_from(CONDUCT),
    }
    rows = []
    says = draw(st.booleans())
    for strategy in small.LEVELS:
        for criterion, level in levels.items():
            if criterion in closed:
                if says:
                    rows.append(_rating(name, strategy, criterion, "n/a", None))
                continue
            for scenario in (None, "flood"):
                if draw(st.integers(0, 2)):
                    rows.append(_rating(name, strategy, criterion, draw(level), scenario))
    return rows


def _rating(name: str, strategy: str, criterion: str, level: Any, scenario: str | None) -> Rating:
    why = Evidence(rationale="nobody counts them" if level == "n/a" else "")
    return Rating(
        analyst=name,
        strategy=strategy,
        criterion=criterion,
        rating=level,
        scenario=scenario,
        evidence=why,
    )


@pytest.mark.law
@given(panels())
def test_leaving_one_out_equals_evaluating_the_study_without_that_analyst(study: Study) -> None:
    assert_as_evaluated(study)


def test_leaving_one_out_equals_evaluating_where_the_floor_takes_the_total_away() -> None:
    results = [row for row in by("ana") if row.criterion in ("deaths", "trust")]
    means = [row for row in by("ben") if row.criterion in ("upkeep", "conduct")]
    study = panel([*results, *means])
    found = leave_one_out(assess.evaluate(study))
    assert np.isnan(found.score[0]).all()
    assert not np.isnan(found.score[1]).any()
    assert found.rank[0].tolist() == [[0, 0, 0]]
    assert_as_evaluated(study)
    assert next(found.sentences()) == "Without ana, no strategy has a rank in reference."


def test_leaving_one_out_equals_evaluating_where_a_gate_fails_only_without_one() -> None:
    study = panel([*by("ana"), *by("ben", changed("keep", conduct="all"))])
    report = assess.evaluate(study)
    found = leave_one_out(report)
    assert report.ranks[0, 0, 0] > 0
    assert found.rank[:, 0, 0].tolist() == [3, 0]
    assert_as_evaluated(study)


@pytest.mark.parametrize("who", [("ana",), ("ana", "ben")])
def test_a_leaf_that_only_the_absent_called_not_applicable_applies_again(
    who: tuple[str, ...],
) -> None:
    rows = [row for name in NAMES[:3] for row in by(name) if row.criterion != "upkeep"]
    rows += [_rating(name, t, "upkeep", "n/a", None) for name in who for t in small.LEVELS]
    study = panel(rows, method=Method(coverage_floor=0.9))
    assert_as_evaluated(study)
    gone = np.isnan(leave_one_out(assess.evaluate(study)).score[:, 0, 0]).tolist()
    assert gone == [who == ("ana",), False, False]


def test_where_n_a_would_then_hold_for_some_strategies_alone_the_reason_is_given() -> None:
    rows = [row for name in ("ana", "ben") for row in by(name) if row.criterion != "upkeep"]
    rows += [_rating("ana", "keep", "upkeep", "n/a", None)]
    rows += [_rating("ben", t, "upkeep", "n/a", None) for t in ("reform", "build")]
    study = panel(rows)
    found = leave_one_out(assess.evaluate(study))
    assert found.refused == (without.UNSOUND, without.UNSOUND)
    assert_as_evaluated(study)


def test_without_the_only_analyst_with_a_weight_there_is_no_result() -> None:
    study = panel([*by("ana"), *by("ben")], analysts={"ana": Analyst(), "ben": Analyst(weight=0)})
    found = leave_one_out(assess.evaluate(study))
    assert found.refused == (without.NOBODY, "")
    assert_as_evaluated(study)
    assert str(found).splitlines() == [
        "No analyst's absence alone changes which strategy is highest in a scenario.",
        "Without ana there is no result: no analyst with a weight is left.",
    ]


@pytest.mark.parametrize("centre", ["mean", "median", "trimmed_mean"])
def test_the_size_of_a_block_changes_nothing(centre: str, monkeypatch: pytest.MonkeyPatch) -> None:
    method = Method(pooling=Choice(name=centre))
    report = assess.evaluate(assess.load("mali").model_copy(update={"method": method}))
    whole, firsts, sets = leave_one_out(report), first_choices(report), deciding_sets(report)
    for module in ("without", "firsts", "deciding"):
        monkeypatch.setattr(f"assess.panel.{module}.BLOCK", 1)
    for found, one in ((leave_one_out(report), whole), (first_choices(report), firsts)):
        np.testing.assert_allclose(found.score, one.score, rtol=0, atol=1e-12)
    assert deciding_sets(report) == sets
    assert_as_evaluated(report.study)


@pytest.mark.law
@pytest.mark.parametrize(
    "centre",
    [
        Choice(name="mean"),
        Choice(name="median"),
        Choice(name="trimmed_mean"),
        Choice(name="trimmed_mean", parameters={"share": 0.1}),
    ],
    ids=lambda centre: centre.text,
)
@given(study=panels(), data=st.data())
def test_pooling_all_sets_at_once_is_pooling_them_one_by_one(
    centre: Choice, study: Study, data: st.DataObject
) -> None:
    values = tables.cells(study).values
    who = st.lists(st.booleans(), min_size=len(study.analysts), max_size=len(study.analysts))
    absent = np.array(data.draw(st.lists(who, min_size=1, max_size=4)))
    plain = study.model_copy(update={"method": Method(pooling=centre)})
    fast = without.pooled_without(plain, values, absent)
    hidden = np.where(absent[:, :, None, None, None], np.nan, values)
    slow = pool(plain, hidden)[:, 0]
    np.testing.assert_allclose(fast, slow, rtol=0, atol=1e-12)


def test_every_pooling_centre_is_pooled_for_all_sets_at_once() -> None:
    assert set(without._AT_ONCE) == set(pooling.__all__)


@pytest.mark.law
@given(panels())
def test_a_copy_that_shares_an_analysts_weight_changes_nobody_elses_influence(
    study: Study,
) -> None:
    method = study.method.model_copy(update={"pooling": Choice(name="mean")})
    first, *others = study.analysts
    half = Analyst(weight=study.analysts[first].weight / 2)
    columns = study.ratings.columns()
    own = [i for i, key in enumerate(columns["analyst"]) if key == first]
    twice = {
        name: [*cells, *(cells[i] if name != "analyst" else "copy" for i in own)]
        for name, cells in columns.items()
    }
    single = study.model_copy(update={"method": method})
    double = single.model_copy(
        update={
            "analysts": {**study.analysts, first: half, "copy": half},
            "ratings": Ratings.from_columns(twice),
        }
    )
    before, after = (leave_one_out(assess.evaluate(item)) for item in (single, double))
    for a in range(1, 1 + len(others)):
        np.testing.assert_allclose(after.score[a], before.score[a], rtol=0, atol=1e-12)
        np.testing.assert_allclose(after.moves[a], before.moves[a], rtol=0, atol=1e-12)


def test_one_who_agrees_with_the_pooled_value_everywhere_changes_nothing_when_absent() -> None:
    low, high = changed("keep", trust=20, deaths=700), changed("keep", trust=40, deaths=500)
    study = panel([*by("ana", low), *by("ben", high), *by("cem")])
    moves = leave_one_out(assess.evaluate(study)).moves
    np.testing.assert_allclose(moves[2], 0.0, atol=1e-12)
    assert abs(moves[0]).max() > 0.01


def test_leaving_one_out_by_hand() -> None:
    # Results weigh 2/3, halves deaths and trust; means are as strong as their weakest leaf.
    # ana: reform 2/3 (0.6 + 0.6)/2 + 1/3 min(0.75, 1) = 0.65; ben: trust 20, so 0.5167.
    # build: 2/3 (0.5 + 0.4)/2 + 1/3 min(1, 0.4) = 0.4333 by both.
    study = panel([*by("ana"), *by("ben", changed("reform", trust=20, deaths=800))])
    found = leave_one_out(assess.evaluate(study))
    ben = 2 / 3 * (0.2 + 0.2) / 2 + 1 / 3 * 0.75
    build = 2 / 3 * 0.45 + 1 / 3 * 0.4
    np.testing.assert_allclose(found.score_with[0, 1:], [(0.65 + ben) / 2, build], atol=1e-12)
    np.testing.assert_allclose(found.score[:, 0, 1], [ben, 0.65], atol=1e-12)
    np.testing.assert_allclose(found.score[:, 0, 2], build, atol=1e-12)
    assert found.rank_with.tolist() == [[0, 1, 2]]
    assert found.rank.tolist() == [[[0, 2, 1]], [[0, 1, 2]]]
    assert str(found).splitlines() == [
        "Without ana, Build would be highest in reference.",
        "The largest move of a total: without ana, Reform falls by 13.3 points in reference.",
    ]
    table = found.table
    assert table.columns.tolist() == [
        "analyst", "scenario", "strategy", "score", "score_with", "points", "rank", "rank_with",
    ]  # fmt: skip
    row = table.iloc[1]
    assert row.tolist()[:3] == ["ana", "reference", "reform"]
    assert row.tolist()[3:6] == pytest.approx([100 * ben, 50 * (0.65 + ben), 50 * (ben - 0.65)])
    assert row.tolist()[6:] == [2, 1]


def four_to_one() -> Report:
    """Return a report in which four of five analysts put reform first, and eve gives it nothing."""
    eve = by("eve", changed("reform", trust=0, deaths=1000, upkeep=0))
    return assess.evaluate(panel([*(row for name in NAMES[:4] for row in by(name)), *eve]))


def test_the_smallest_set_by_hand_and_how_many_were_looked_at() -> None:
    # Where k of n are for reform it totals 0.65 k / n; build totals 0.4333.
    # 4 of 5: 0.52; 3 of 4: 0.4875; 2 of 3: 0.4333, a tie; 1 of 2: 0.325.
    found = deciding_sets(four_to_one()).scenarios[0]
    assert found.highest == ("reform",)
    assert found.analysts == ("ana", "ben")
    assert found.instead == ("reform", "build")
    assert (found.alike, found.of, found.searched, found.looked_at) == (6, 10, 2, 15)
    assert str(deciding_sets(four_to_one())) == (
        "reference: without ana and ben, Reform and Build instead of Reform "
        "(6 of 10 sets of 2 do so; 15 sets looked at)."
    )


def test_beyond_the_limit_it_says_more_than() -> None:
    report = four_to_one()
    found = deciding_sets(report, most=1)
    assert found.scenarios[0].analysts == ()
    assert str(found) == (
        "reference: more than 1 analyst would have to be absent before Reform is not highest "
        "(5 sets looked at)."
    )
    assert deciding_sets(report, most_sets=14).scenarios == found.scenarios
    assert deciding_sets(report, most_sets=15).scenarios[0].analysts == ("ana", "ben")


def test_where_every_set_was_looked_at_it_says_so() -> None:
    found = deciding_sets(assess.evaluate(panel([*by("ana"), *by("ben"), *by("cem")])))
    assert found.scenarios[0].all_sizes
    assert str(found) == (
        "reference: whoever is absent, no other strategy than Reform is highest (6 sets looked at)."
    )


@pytest.mark.law
@given(panels())
def test_the_smallest_set_is_that_of_evaluating_every_set(study: Study) -> None:
    report = assess.evaluate(study)
    found = deciding_sets(report)
    for s, item in enumerate(found.scenarios):
        first = report.ranks[s, :, 0] == 1
        smallest = next(iter(_changing(study, s, first)), ())
        assert item.analysts == (smallest if first.any() else ())


def _changing(study: Study, s: int, first: Any) -> list[tuple[str, ...]]:
    """Return the sets whose absence changes who is highest, smallest first."""
    found = []
    for size in range(1, len(study.analysts)):
        for absent in combinations(study.analysts, size):
            try:
                ranks = assess.evaluate(without_them(study, absent)).ranks[s, :, 0]
            except assess.StudyError:
                continue
            if (ranks == 1).any() and ((ranks == 1) != first).any():
                found.append(absent)
    return found


def test_first_choices_by_hand_and_who_says_nothing() -> None:
    against = changed("reform", trust=0, deaths=1000, upkeep=0)
    few = [row for row in by("cem") if row.criterion == "conduct"]
    partly = [row for row in by("dee") if row.strategy == "build"]
    report = assess.evaluate(panel([*by("ana"), *by("ben", against), *few, *partly]))
    found = first_choices(report)
    np.testing.assert_allclose(found.score[:2, 0, 1], [0.65, 0.0], atol=1e-12)
    assert found.speaks[:, 0].tolist() == [True, True, False, False]
    assert found.count.tolist() == [[0, 1, 1]]
    assert found.silent.tolist() == [2]
    assert found.table.query("first").strategy.tolist() == ["reform", "build"]
    section = voices.first_places(report)
    assert section is not None
    assert section.lines == (
        "ana: Reform.",
        "ben: Build.",
        "cem: rated too little for a total of every strategy.",
        "dee: rated too little for a total of every strategy.",
    )
    assert section.table is not None
    assert section.table.rows == (("reference", "0", "1", "1", "2"),)


def test_an_analyst_alone_is_the_panel() -> None:
    report = assess.evaluate(panel(by("ana")))
    found = first_choices(report)
    np.testing.assert_array_equal(found.score[0], report.score[:, :, 0])
    np.testing.assert_array_equal(found.first[0], report.ranks[:, :, 0] == 1)


def said(analyst: str, trust: float, why: str = "", scenario: str | None = None) -> Rating:
    return Rating(
        analyst=analyst,
        strategy="keep",
        criterion="trust",
        rating=trust,
        scenario=scenario,
        evidence=Evidence(rationale=why),
    )


def test_a_split_cell_is_cut_at_its_widest_gap_and_shows_what_each_side_says() -> None:
    rows = [said("ana", 80, "They are asked."), said("ben", 20, "Nobody is asked.")]
    rows += [said("cem", 30), said("dee", 70)]
    rows += [row for row in by("ana") if (row.strategy, row.criterion) != ("keep", "trust")]
    report = assess.evaluate(panel(rows))
    found = split_cells(report)
    assert found.compared == 1
    cell = found.cells[0]
    assert (cell.strategy, cell.criterion, cell.scenarios) == ("keep", "trust", ("reference",))
    assert cell.spread == pytest.approx(60)
    assert (cell.low.analysts, cell.low.levels) == (("ben", "cem"), ("20", "30"))
    assert cell.low.rationales == ("Nobody is asked.", "")
    assert cell.high.analysts == ("dee", "ana")
    assert cell.high.worths == pytest.approx((70, 80))
    assert str(found).splitlines() == [
        "1 of 1 cell that two or more analysts rated: spread over 25 points",
        "Keep, trust: 60 points apart; ben 20 (worth 20), cem 30 (worth 30) against "
        "dee 70 (worth 70), ana 80 (worth 80)",
    ]
    assert found.table.side.tolist() == ["low", "low", "high", "high"]
    section = voices.split(report)
    assert section is not None
    assert section.lines == (
        "1 of 1 cell that two or more analysts rated.",
        "Keep, trust: 60 points apart.",
        "- ben: 20, worth 20. Nobody is asked.",
        "- cem: 30, worth 30. No rationale.",
        "- dee: 70, worth 70. No rationale.",
        "- ana: 80, worth 80. They are asked.",
    )


def test_a_spread_of_just_the_points_is_no_split_and_those_without_a_voice_split_nothing() -> None:
    rows = [*by("ana"), *(row for row in by("ben") if row.criterion != "trust"), said("ben", 55)]
    assert split_cells(assess.evaluate(panel(rows))).cells == ()
    assert len(split_cells(assess.evaluate(panel(rows)), over=24).cells) == 1
    silent = {"ana": Analyst(), "ben": Analyst(weight=0)}
    assert split_cells(assess.evaluate(panel(rows, analysts=silent)), over=24).compared == 0


def test_ratings_that_hold_in_several_scenarios_are_one_split_cell() -> None:
    worlds = (*WORLDS, small.scenario("drought", kind="world"))
    rows = [said("ana", 10), said("ben", 90), said("ben", 50, scenario="flood")]
    rows += [row for row in by("ana") if (row.strategy, row.criterion) != ("keep", "trust")]
    found = split_cells(assess.evaluate(panel(rows, scenarios=worlds)))
    assert [cell.scenarios for cell in found.cells] == [("reference", "drought"), ("flood",)]
    assert found.compared == 2
    assert [found.what(cell) for cell in found.cells] == [
        "Keep, trust (not in flood)",
        "Keep, trust (flood)",
    ]


@pytest.mark.parametrize("over", [-1.0, 101.0, float("nan")])
def test_a_spread_outside_0_to_100_is_refused(over: float) -> None:
    with pytest.raises(ValueError, match="the spread of a split cell lies in 0 to 100 points: "):
        split_cells(assess.evaluate(panel(by("ana"))), over=over)


def test_spread_by_hand() -> None:
    # keep's trust 30 and 50, its deaths 0.4 and 0.5; all else alike: 12 cells, 6 of results.
    report = assess.evaluate(panel([*by("ana"), *by("ben", changed("keep", trust=50, deaths=500))]))
    found = {(line.of, line.criterion): line for line in spreads(report).lines}
    apart = {key: line.apart and round(line.apart.value, 9) for key, line in found.items()}
    total = 2 / 3 * (20 + 10) / 2 / 3  # of keep alone, over three strategies
    assert apart == {
        ("total", "small"): round(total, 9),
        ("cells", "small"): 2.5,
        ("cells", "results"): 5.0,
        ("cells", "means"): 0.0,
    }
    assert {line.reason for line in found.values()} == {"fewer than 20 units"}


def test_unanimity_gives_no_spread() -> None:
    report = assess.evaluate(panel([*by("ana"), *by("ben"), *by("cem")]))
    assert [line.apart for line in spreads(report).lines] == [0.0] * 4
    assert not leave_one_out(report).moves.any()
    assert split_cells(report, over=0).cells == ()


def test_a_coefficient_stands_only_where_twenty_units_vary() -> None:
    mali = assess.evaluate(assess.load("mali"))
    lines = spreads(mali, scenario="reference", draws=50).lines
    assert lines[1].alpha is not None
    assert lines[1].apart is not None
    assert (lines[1].level, lines[1].reason) == ("interval", "")
    for line in lines:
        enough = line.apart is not None and line.apart.units >= 20
        assert (line.alpha is not None) == enough
    values = voiced(mali.study, tables.cells(mali.study).values, 0).reshape(4, -1)
    expected = mean_absolute_spread(100 * values, draws=50)
    assert (lines[1].apart.value, lines[1].apart.low) == (expected.value, expected.low)


def many(levels: Sequence[Sequence[str]]) -> Report:
    """Return a report on ordinal levels alone, by strategy [strategy][analyst]."""
    leaf = small.tree().criteria["conduct"].model_copy(update={"gate": None, "parent": "means"})
    other = small.tree().criteria["trust"].model_copy(update={"parent": None})
    tree = small.tree(criteria={"means": assess.Criterion(), "conduct": leaf, "trust": other})
    rows = [
        Rating(analyst=NAMES[a], strategy=f"s{t}", criterion="conduct", rating=level)
        for t, row in enumerate(levels)
        for a, level in enumerate(row)
    ]
    study = panel(
        rows,
        tree=tree,
        scenarios=(Scenario(id="reference", tree="small"),),
        strategies={f"s{t}": assess.Strategy() for t in range(len(levels))},
    )
    return assess.evaluate(study)


def test_ordinal_levels_get_the_ordinal_coefficient_of_their_ranks() -> None:
    levels = [[CONDUCT[t % 3], CONDUCT[(t + (t % 7 == 0)) % 3]] for t in range(24)]
    line = spreads(many(levels), draws=0).lines[2]
    places = np.array([[CONDUCT.index(level) for level in row] for row in levels], float).T
    assert (line.criterion, line.level) == ("means", "ordinal")
    assert line.alpha == krippendorff_alpha(places, level="ordinal", draws=0)


def test_where_strategies_hardly_differ_the_restricted_range_is_said() -> None:
    line = spreads(many([["some", "some"]] * 24)).lines[2]
    assert line.alpha is None
    assert line.reason == "the strategies hardly differ here: restricted range"


def test_where_no_two_rated_the_same_there_is_no_spread() -> None:
    ana = [row for row in by("ana") if row.strategy == "keep"]
    ben = [row for row in by("ben") if row.strategy != "keep"]
    lines = spreads(assess.evaluate(panel([*ana, *ben]))).lines
    assert {line.apart for line in lines} == {None}
    assert [line.reason for line in lines][:2] == [
        "no two analysts rated the same strategy as a whole",
        "no two analysts rated the same cell",
    ]


def five(severe: float = 0.0) -> Report:
    """Return five analysts on trust and deaths; the first rates trust lower by some points."""
    rows = []
    for name in NAMES:
        for t, (strategy, cells) in enumerate(small.LEVELS.items()):
            trust = 50 + 10 * t - (severe if name == "ana" else 0)
            own: Levels = {strategy: {**cells, "trust": trust, "deaths": 500 - 100 * t}}
            rows += by(name, own)
    return assess.evaluate(panel(rows))


def test_severity_is_the_mean_difference_from_the_others_by_hand() -> None:
    found = tendencies(five(severe=20))
    severity = {x.analyst: x.value for x in found.lines if x.what == "severity"}
    # 20 points on 3 of 12 cells; the others lie 20 / 4 points above the mean of theirs there.
    assert severity == pytest.approx({"ana": 5.0, **dict.fromkeys(NAMES[1:], -1.25)})
    ana = found.lines[0]
    assert ana.low < ana.value < ana.high
    assert ana.units == 12


def test_the_middle_is_the_share_of_the_middle_fifth_beside_the_others_by_hand() -> None:
    # trust of ana: 30, 40, 50, of the others 50, 60, 70: two of three in 40 to 60 each.
    found = {x.what: x.value for x in tendencies(five(severe=20)).lines if x.analyst == "ana"}
    assert found["middle"] == pytest.approx(0.0)
    found = {x.what: x.value for x in tendencies(five(severe=10)).lines if x.analyst == "ana"}
    # 40, 50, 60: one of twelve more.
    assert found["middle"] == pytest.approx(100 / 12)


def test_a_criterion_that_applies_in_one_scenario_alone_counts_with_its_ratings_there() -> None:
    here = small.scenario(not_applicable={"trust": "nobody can be asked"})
    rows = [row for name in NAMES for row in by(name) if row.criterion == "trust"]
    rows = [*rows[:-1], rows[-1].model_copy(update={"rating": 60})]
    report = assess.evaluate(panel(rows, scenarios=(here, WORLDS[1])))
    severity = [x for x in tendencies(report).lines if x.what == "severity"]
    assert [x.units for x in severity] == [3] * 5
    assert severity[-1].value == pytest.approx(-20 / 3)


def test_halo_is_one_where_deviations_go_together_and_negative_where_they_oppose() -> None:
    def ana_alone(trust: float, deaths: float) -> float:
        rows = [row for name in NAMES[1:] for row in by(name)]
        for t, (strategy, cells) in enumerate(small.LEVELS.items()):
            way = (1, -1, 0)[t]
            moved = {
                "trust": float(cells["trust"]) + way * trust,
                "deaths": float(cells["deaths"]) - way * deaths,
            }
            rows += by("ana", {strategy: moved})
        lines = tendencies(assess.evaluate(panel(rows))).lines
        return next(x.value for x in lines if (x.analyst, x.what) == ("ana", "halo"))

    assert ana_alone(10, 100) == pytest.approx(1.0)
    assert ana_alone(10, -100) == pytest.approx(-1.0)
    assert np.isnan(ana_alone(0, 0))


def test_with_fewer_than_five_raters_nothing_is_said_of_habits() -> None:
    report = assess.evaluate(
        panel([*by("ana"), *by("ben")], analysts=dict.fromkeys(NAMES, Analyst()))
    )
    found = tendencies(report)
    assert (found.lines, found.reason) == ((), "too few raters to say")
    section = voices.habits(report)
    assert section is not None
    assert section.lines == ("Severity, central tendency and halo: too few raters to say.",)


def test_habits_of_five_stand_in_a_table() -> None:
    section = voices.habits(five(severe=20))
    assert section is not None
    assert section.table is not None
    assert [row[0] for row in section.table.rows] == list(NAMES)
    assert section.table.rows[0][1].startswith("5.00 (")


ASKED = (leave_one_out, deciding_sets, first_choices, split_cells, spreads, tendencies)
MAKERS = (
    voices.agreement,
    voices.split,
    voices.who_decides,
    voices.first_places,
    voices.habits,
)


@pytest.mark.parametrize("ask", ASKED, ids=lambda f: f.__name__)
def test_mali_runs_and_gives_the_same_twice(ask: Any) -> None:
    found = [ask(assess.evaluate(assess.load("mali"))) for _ in range(2)]
    assert found[0].table.equals(found[1].table)
    assert str(found[0]) == str(found[1]) or ask in (first_choices, spreads)


@pytest.mark.parametrize("ask", ASKED, ids=lambda f: f.__name__)
def test_something_else_than_a_report_is_refused(ask: Any) -> None:
    study = panel(by("ana"))
    told = f"{ask.__name__} takes a Report, not"
    with pytest.raises(TypeError) as of_study:
        ask(study)
    assert str(of_study.value) == f"{told} a Study: {ask.__name__}(assess.evaluate(study))"
    with pytest.raises(TypeError) as of_text:
        ask("mali")
    assert str(of_text.value) == f"{told} 'mali'"


@pytest.mark.parametrize(
    ("ask", "arguments", "message"),
    [
        (deciding_sets, {"most": 0}, "the largest size that is searched is at least 1: 0"),
        (deciding_sets, {"most_sets": 0}, "the number of sets that are looked at is at least 1: 0"),
        (spreads, {"draws": -1}, "the number of draws is at least 0: -1"),
        (tendencies, {"draws": -1}, "the number of draws is at least 0: -1"),
        (spreads, {"scenario": "referense"}, "no scenario 'referense' (did you mean 'reference'?)"),
    ],
)
def test_a_wrong_argument_is_refused(ask: Any, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        ask(five(), **arguments)


def test_arrays_cannot_be_written_to() -> None:
    report = five()
    for array in (leave_one_out(report).score, first_choices(report).first):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 0


@pytest.mark.parametrize("make", MAKERS, ids=lambda f: f.__name__)
def test_a_study_of_one_analyst_has_no_section_on_a_panel(make: Any) -> None:
    assert make(assess.evaluate(panel(by("ana")))) is None


def test_the_sections_of_mali_say_who_decides_in_few_words() -> None:
    report = assess.evaluate(assess.load("mali"))
    sections = [make(report) for make in MAKERS]
    assert [section.title for section in sections if section] == [
        "Agreement (Reference)",
        "Where the panel is split (over 25 points apart)",
        "Whose voice decides",
        "First choices by analyst (own ratings, same weights and rules)",
        "Habits of the analysts",
    ]
    agreed, cut, decides = sections[:3]
    assert agreed is not None
    assert agreed.table is not None
    assert [row[0] for row in agreed.table.rows][:2] == [
        "total, by each one's own ratings",
        "all cells",
    ]
    assert cut is not None
    assert sum(not line.startswith("- ") for line in cut.lines) == 1 + voices.MOST_SPLIT
    assert decides is not None
    before = decides.lines.index("Fewest absences that change who is highest:")
    assert before <= 4
    assert decides.lines[0].startswith("Without Ana, Protect and govern would be highest in ")
