"""Comparisons: only what measures the same is compared, and every change prints its base."""

from typing import Any

import numpy as np
import pytest

import assess
from assess.comparison import Comparison, compare_strategies
from assess.model import (
    Analyst,
    Choice,
    Evidence,
    Gate,
    Method,
    Rating,
    Ratings,
    Scale,
    Strategy,
    Weights,
)
from tests import small


def changed_tree(key: str, of: assess.ValueTree | None = None, **changes: Any) -> assess.ValueTree:
    """Return the small tree, or another one, with one criterion changed."""
    tree = of or small.tree()
    criterion = tree.criteria[key].model_copy(update=changes)
    return tree.model_copy(update={"criteria": {**tree.criteria, key: criterion}})


def levels(strategy: str, **changes: float | str | None) -> dict[str, dict[str, float | str]]:
    """Return the small study's levels, those of one strategy changed; None leaves a rating out."""
    cells = {**small.LEVELS[strategy], **changes}
    changed = {key: level for key, level in cells.items() if level is not None}
    return {**{key: dict(item) for key, item in small.LEVELS.items()}, strategy: changed}


def compared(before: Any = None, after: Any = None, **changes: Any) -> Comparison:
    """Compare the small study with these levels before and after; other fields change after."""
    old, new = (small.rows(item or small.LEVELS) for item in (before, after))
    return assess.compare(
        assess.evaluate(small.study(old)), assess.evaluate(small.study(new, **changes))
    )


def page(found: Comparison) -> list[str]:
    """Return the lines of a page, wrapped ones put together again."""
    return str(found).replace("\n  ", " ").split("\n")


def row(found: Comparison, criterion: str) -> str:
    """Return the printed row of a criterion, single-spaced."""
    return next(" ".join(x.split()) for x in page(found) if x.split()[:1] == [criterion])


def test_a_report_compared_with_itself_is_empty() -> None:
    report = assess.evaluate(small.study())
    found = assess.compare(report, report)
    assert (found.moved, found.not_comparable, found.inputs) == ((), (), ())
    assert "No comparable score moved." in str(found)


def test_a_change_prints_its_base_and_swapping_the_reports_turns_its_sign() -> None:
    rows = [
        row if row.criterion != "trust" else row.model_copy(update={"rating": 80})
        for row in small.rows()
    ]
    before, after = (assess.evaluate(small.study(r)) for r in (small.rows(), rows))
    found, back = assess.compare(before, after), assess.compare(after, before)
    change = next(c for c in found.moved if (c.strategy, c.criterion) == ("keep", "trust"))
    assert (change.earlier, change.later) == (30, 80)
    assert change.points == pytest.approx(50)
    assert change.percent == pytest.approx(166.6667, abs=1e-3)
    assert "+166.7 % of 30.0" in str(found)
    assert [c.points for c in back.moved] == [-c.points for c in found.moved]
    assert len(found.table) == len(found.changes)


@pytest.mark.parametrize(
    ("key", "changes", "words"),
    [
        ("trust", {"scale": Scale(worst=0, best=90)}, "levels and worths were"),
        ("means", {"rule": Choice(name="weighted_sum")}, "rule was weakest_link, is weighted_sum"),
        ("conduct", {"gate": None}, "gate was at some (exclude), is none"),
        (
            "upkeep",
            {"scale": Scale(worst=0, best=60)},
            "a level beyond the scale was to saturate, is to refuse",
        ),
        ("trust", {"parent": "means"}, "gained trust"),
    ],
)
def test_what_measures_something_else_is_listed_with_the_reason(
    key: str, changes: dict[str, Any], words: str
) -> None:
    before = assess.evaluate(small.study(small.rows({"keep": {"deaths": 100}})))
    tree = changed_tree(key, **changes)
    after = assess.evaluate(small.study(small.rows({"keep": {"deaths": 100}}), tree=tree))
    found = assess.compare(before, after)
    assert words in " ".join(map(str, found.not_comparable))
    compared = {change.criterion for change in found.changes}
    listed = {difference.where for difference in found.not_comparable}
    assert not compared & listed
    assert "small" in listed
    assert "deaths" in compared


@pytest.mark.parametrize("changes", [{"name": "Other"}, {"question": "?"}, {"source": "elsewhere"}])
def test_names_are_not_part_of_what_is_measured(changes: dict[str, Any]) -> None:
    before = assess.evaluate(small.study())
    after = assess.evaluate(small.study(tree=changed_tree("trust", **changes)))
    assert assess.compare(before, after).not_comparable == ()


def test_a_moved_reference_level_is_named_although_no_score_moves() -> None:
    before = assess.evaluate(small.study())
    after = assess.evaluate(small.study(tree=changed_tree("trust", good=90)))
    found = assess.compare(before, after)
    assert found.moved == ()
    assert "criterion: trust: good was 75, is 90" in map(str, found.inputs)


def test_weights_panel_method_and_vintage_that_differ_are_named() -> None:
    def study(vintage: str, analyst: str, method: Method, points: float) -> assess.Study:
        weights = {
            "small": Weights(
                method=Choice(name="points"), judgements={"results": points, "means": (20, 40)}
            )
        }
        row = Rating(
            analyst=analyst, strategy="keep", criterion="deaths", rating=100,
            evidence=Evidence(source="SIPRI", vintage=vintage),
        )  # fmt: skip
        scenario = small.scenario(weights=weights)
        return small.study([row], method=method, scenarios=(scenario,))

    before = assess.evaluate(study("v1.1", "ana", Method(), 60))
    after = assess.evaluate(study("v1.2", "ben", Method(coverage_floor=0.5), 70))
    found = assess.compare(before, after)
    told = "\n".join(map(str, found.inputs))
    assert "vintage: SIPRI: was v1.1, is v1.2" in told
    assert "method: coverage floor: was 0.6, is 0.5" in told
    assert "were points(Results 60, Means 20-40), are points(Results 70, Means 20-40)" in told
    assert "analysts 1 earlier, 1 later, 0 in both; a different panel" in found.panel


def test_strategies_and_scenarios_of_one_report_alone_are_listed() -> None:
    before = assess.evaluate(small.study())
    only = {"reform": before.study.strategies["reform"]}
    rows = [row for row in small.rows() if row.strategy == "reform"]
    scenarios = (small.scenario("other", weights_from=None),)
    after = assess.evaluate(small.study(rows, strategies=only, scenarios=scenarios))
    told = "\n".join(map(str, assess.compare(before, after).inputs))
    assert "strategies: Keep: is only in the earlier report" in told
    assert "scenarios: other: is only in the later report" in told


def test_nodes_of_one_report_alone_are_listed() -> None:
    tree = small.tree()
    fewer = {key: item for key, item in tree.criteria.items() if key != "trust"}
    rows = [row for row in small.rows() if row.criterion != "trust"]
    before = assess.evaluate(small.study())
    after = assess.evaluate(small.study(rows, tree=tree.model_copy(update={"criteria": fewer})))
    for pair, side in (((before, after), "earlier"), ((after, before), "later")):
        listed = {d.where: d.message for d in assess.compare(*pair).not_comparable}
        assert listed["trust"] == f"is only in the {side} report"


def test_a_changed_source_of_an_own_rule_is_a_reason() -> None:
    def one(values: Any, weights: Any) -> Any:
        return np.asarray((values * weights).sum(axis=-1))

    def two(values: Any, weights: Any) -> Any:
        return np.asarray((weights * values).sum(axis=-1) * 1)

    reports = [
        assess.evaluate(small.study(tree=small.tree(rule=Choice(name="mine")), rules={"mine": f}))
        for f in (one, two)
    ]
    told = " ".join(map(str, assess.compare(*reports).not_comparable))
    assert "the source of rule mine changed" in told


def test_two_strategies_of_one_report_are_compared() -> None:
    report = assess.evaluate(small.study())
    found = compare_strategies(report, "keep", "reform")
    total = next(c for c in found.changes if c.criterion == "small")
    assert total.points == pytest.approx(100 * (report.score[0, 1, 0] - report.score[0, 0, 0]))
    with pytest.raises(ValueError, match="did you mean 'reform'"):
        compare_strategies(report, "keep", "refrom")


def test_a_moved_score_shows_the_weight_rated_before_and_after_only_where_they_differ() -> None:
    found = compared(levels("keep", trust=None), levels("keep", deaths=500))
    assert "Keep in reference" in page(found)
    assert row(found, "Results") == "Results - 40.0 - - was 50 %, is 100 %"
    assert row(found, "trust") == "trust - 30.0 - - was 0 %, is 100 %"
    assert row(found, "deaths") == "deaths 40.0 50.0 +10.0 +25.0 % of 40.0 100 %"
    table = found.table.set_index(["strategy", "criterion"])
    assert tuple(table.loc[("keep", "results"), ["coverage_earlier", "coverage_later"]]) == (0.5, 1)
    assert tuple(table.loc[("reform", "trust"), ["coverage_earlier", "coverage_later"]]) == (1, 1)


def test_shares_of_weight_that_round_alike_are_told_apart() -> None:
    weights = {
        "results": Weights(method=Choice(name="points"), judgements={"deaths": 999, "trust": 4})
    }
    scenario = small.scenario(weights=weights)
    before, after = (
        assess.evaluate(small.study(small.rows(cells), scenarios=(scenario,)))
        for cells in (levels("keep", trust=None), small.LEVELS)
    )
    assert row(assess.compare(before, after), "Results").endswith("was 99.6 %, is 100.0 %")


def test_a_criterion_that_applied_to_nothing_shows_no_share_of_weight() -> None:
    rows = [x for x in small.rows() if x.criterion != "trust"]
    scenario = small.scenario(not_applicable={"trust": "nobody was asked."})
    before = assess.evaluate(small.study(rows, scenarios=(scenario,)))
    found = assess.compare(before, assess.evaluate(small.study()))
    assert row(found, "trust") == "trust - 30.0 - - was n/a, is 100 %"
    assert "criterion: trust: was not applicable (nobody was asked) in reference" in page(found)
    back = assess.compare(assess.evaluate(small.study()), before)
    assert "criterion: trust: is not applicable (nobody was asked) in reference" in page(back)


def test_ranks_bands_and_gates_that_changed_are_printed_with_what_they_were() -> None:
    better = levels("build", deaths=100, trust=90, upkeep=60, conduct="all")
    found = compared(levels("build", conduct="?"), better)
    assert page(found)[page(found).index("VERDICTS THAT CHANGED") + 1 :][:2] == [
        "Reform in reference: rank was 1, is 2.",
        "Build in reference: rank was 2, is 1; band was acceptable (depends on 1 missing "
        "rating), is good; conduct: was undecided, is pass.",
    ]
    ids = [(x.scenario, x.strategy, x.what, x.criterion) for x in found.verdicts]
    assert ids == [
        ("reference", "reform", "rank", "small"),
        ("reference", "build", "rank", "small"),
        ("reference", "build", "band", "small"),
        ("reference", "build", "gate", "conduct"),
    ]


def test_a_failed_gate_and_a_missing_total_are_why_there_is_no_rank() -> None:
    found = compared(levels("keep", conduct="all"), levels("reform", deaths=None, trust=None))
    told = {(x.strategy, x.what): (x.earlier, x.later) for x in found.verdicts}
    assert told["keep", "rank"] == ("3", "none (excluded by a gate)")
    assert told["keep", "gate"] == ("pass", "fail")
    assert told["reform", "rank"] == ("1", "none (no total)")
    assert told["reform", "band"] == ("acceptable", "none")


def test_a_band_that_depends_on_missing_ratings_says_on_how_many() -> None:
    found = compared(levels("reform", upkeep="?"), small.LEVELS)
    assert [str(x) for x in found.verdicts if x.what == "band"] == [
        "band was acceptable (depends on 1 missing rating), is acceptable"
    ]


def test_a_band_that_depends_on_fewer_missing_ratings_is_the_same_band() -> None:
    found = compared(levels("reform", upkeep="?", conduct="?"), levels("reform", upkeep="?"))
    assert [x.what for x in found.verdicts] == ["gate"]


def test_no_change_of_verdicts_is_said_in_words() -> None:
    found = compared(None, levels("keep", trust=31))
    assert found.moved
    assert "No comparable verdict changed." in page(found)


def test_ranks_among_different_strategies_are_not_compared() -> None:
    strategies = {"reform": Strategy(name="Reform"), "keep": Strategy(name="Keep")}
    new = {"guard": Strategy(name="Guard the towns")}
    best = {"deaths": 0, "trust": 100, "upkeep": 60, "conduct": "all"}
    cells = {key: small.LEVELS[key] for key in strategies} | {"guard": best}
    found = compared(None, cells, strategies=strategies | new)
    assert found.ranks == (
        "Ranks are not compared: they are among different strategies (Guard the towns came; Build "
        "went)."
    )
    assert found.ranks in page(found)
    assert [x for x in found.verdicts if x.what == "rank"] == []
    assert list(dict.fromkeys(x.strategy for x in found.changes)) == ["reform", "keep"]


def test_bands_and_gates_of_two_strategies_are_held_against_each_other() -> None:
    found = compare_strategies(assess.evaluate(small.study()), "keep", "reform")
    assert [(x.what, x.earlier, x.later) for x in found.verdicts] == [
        ("band", "weak", "acceptable"),
        ("gate", "fail", "pass"),
    ]
    assert "reference: band was weak, is acceptable; conduct: was fail, is pass." in page(found)
    assert "ratings: ana: 4 changed" in page(found)


def test_two_strategies_in_one_scenario_count_its_ratings_alone() -> None:
    scenarios = (small.scenario(), small.scenario("siege", kind="world"))
    extra = Rating(analyst="ben", strategy="keep", criterion="trust", rating=1, scenario="siege")
    report = assess.evaluate(small.study([*small.rows(), extra], scenarios=scenarios))
    for scenario, told in (("reference", []), ("siege", ["ratings: ben: 1 removed"])):
        found = compare_strategies(report, "keep", "reform", scenario=scenario)
        assert [str(x) for x in found.inputs if x.where == "ben"] == told
        assert {change.scenario for change in found.changes} == {scenario}
    with pytest.raises(ValueError, match="no scenario 'seige'"):
        compare_strategies(report, "keep", "reform", scenario="seige")


def test_totals_that_are_not_comparable_are_said_so_with_the_reasons_before_what_moved() -> None:
    found = compared(None, levels("keep", deaths=100), tree=changed_tree("conduct", gate=None))
    assert found.totals == (
        "Totals are not comparable, nor are ranks and bands, because of this: conduct: gate was at "
        "some (exclude), is none."
    )
    lines = page(found)
    assert lines.index(found.totals) < lines.index(next(x for x in lines if "WHAT MOVED" in x))
    assert {x.what for x in found.verdicts} == set()
    assert compared(None, levels("keep", deaths=100)).totals == ""


def test_a_gate_that_asks_for_something_else_is_no_verdict_that_changed() -> None:
    tree = changed_tree("conduct", gate=Gate(threshold="all"))
    found = compared(tree=tree)
    assert found.verdicts == ()
    assert "conduct: gate was at some (exclude), is at all (exclude)" in page(found)


def test_only_the_first_reasons_stand_on_top() -> None:
    tree = changed_tree("conduct", small.tree(rule=Choice(name="weighted_product")), gate=None)
    found = compared(tree=changed_tree("trust", tree, scale=Scale(worst=0, best=90)))
    assert found.totals.endswith(
        "because of this: small: rule was weighted_sum, is weighted_product; Results: rule was "
        "weighted_sum, is weighted_product; trust: levels and worths were 0:0, 100:1, are 0:0, "
        "90:1; and 1 more."
    )


def test_another_root_is_a_reason() -> None:
    tree = small.tree(id="other")
    scenario = small.scenario(tree="other", weights={})
    found = compared(tree=tree, scenarios=(scenario,))
    assert found.totals.endswith("because of this: the root was small, is other.")
    assert {x.criterion for x in found.changes} == set(tree.nodes) - {"other"}


def test_reports_without_a_common_strategy_have_no_comparable_score() -> None:
    guard = {"guard": Strategy(name="Guard")}
    found = compared(None, {"guard": small.LEVELS["build"]}, strategies=guard)
    assert "No score is comparable." in page(found)
    assert "No comparable verdict changed." not in page(found)
    assert found.verdicts == ()


def test_pages_hold_names_and_tables_hold_ids() -> None:
    tree = changed_tree("trust", name="Trust in the forces")
    scenario = small.scenario(name="As things stand")
    study = small.study(tree=tree, scenarios=(scenario,))
    after = small.study(small.rows(levels("keep", trust=80)), tree=tree, scenarios=(scenario,))
    found = assess.compare(assess.evaluate(study), assess.evaluate(after))
    assert "Keep in As things stand" in page(found)
    assert "Trust in the forces  " in str(found)
    assert set(found.table["strategy"]) == set(small.LEVELS)
    assert set(found.table["scenario"]) == {"reference"}
    assert "trust" in set(found.table["criterion"])


def test_things_of_the_same_name_are_told_apart_by_their_ids() -> None:
    tree = changed_tree("deaths", changed_tree("trust", name="Deaths"), name="Deaths")
    strategies = {key: Strategy(name="Plan") for key in small.LEVELS}
    before = small.study(tree=tree, strategies=strategies)
    after = small.study(small.rows(levels("keep", trust=80)), tree=tree, strategies=strategies)
    found = assess.compare(assess.evaluate(before), assess.evaluate(after))
    assert "Plan (keep) in reference" in page(found)
    assert [change.name for change in found.moved][:3] == ["small", "Results", "Deaths (trust)"]


def test_what_is_called_otherwise_is_named_as_it_was() -> None:
    strategies = {key: Strategy(name=key.title()) for key in small.LEVELS}
    found = compared(strategies={**strategies, "keep": Strategy(name="Carry on")})
    assert "name: Carry on: was Keep" in page(found)


def test_ratings_added_removed_and_changed_are_counted_by_analyst() -> None:
    def rated(analyst: str, strategy: str, **cells: float | str) -> list[Rating]:
        return [
            Rating(analyst=analyst, strategy=strategy, criterion=key, rating=level)
            for key, level in cells.items()
        ]

    told = Evidence(source="survey")
    before = [*small.rows(), *rated("ben", "keep", trust=20, upkeep=30)]
    moved = small.rows(levels("keep", deaths=500, trust="?", upkeep=None))
    backed = [
        x.model_copy(update={"evidence": told}) if x.strategy == "build" else x for x in moved
    ]
    after = [*backed, *rated("ben", "keep", trust=20), *rated("ben", "reform", deaths=300, trust=9)]
    analysts = {"ben": Analyst(name="Ben"), "ana": Analyst(weight=2)}
    reports = [
        assess.evaluate(small.study(rows, analysts=people))
        for rows, people in ((before, {"ana": Analyst(), "ben": Analyst()}), (after, analysts))
    ]
    assert list(map(str, assess.compare(*reports).inputs)) == [
        "ratings: Ben: 2 added, 1 removed",
        "ratings: ana: 1 removed, 2 changed, 4 changed in range, confidence or evidence alone",
        "name: Ben: was ben",
        "analyst: ana: weight in the panel was 1, is 2",
    ]


def test_ratings_that_come_with_a_strategy_are_counted_apart() -> None:
    strategies = {key: Strategy(name=key.title()) for key in ("keep", "reform", "guard")}
    cells = {"keep": small.LEVELS["keep"], "reform": {"deaths": 1}, "guard": small.LEVELS["build"]}
    found = compared(levels("reform", trust=None), cells, strategies=strategies)
    assert str(found.inputs[0]) == (
        "ratings: ana: 4 added with a strategy that came, 2 removed, 4 removed with a strategy "
        "that went, 1 changed"
    )


def test_a_level_written_otherwise_is_no_change() -> None:
    columns = small.study().ratings.columns()
    other = {**columns, "rating": [f"{x}.0" if x.isdigit() else x for x in columns["rating"]]}
    before, after = (
        small.study().model_copy(update={"ratings": Ratings.from_columns(x)})
        for x in (columns, other)
    )
    assert before.ratings != after.ratings
    assert assess.compare(assess.evaluate(before), assess.evaluate(after)).inputs == ()


def test_a_banner_says_which_report_it_is_about() -> None:
    real, made_up = small.study(), small.study(illustrative="Nothing was measured.")
    other = small.study(illustrative="All of it is made up.")
    for before, after, told in (
        (made_up, real, "Earlier report: ILLUSTRATIVE. Nothing was measured."),
        (real, made_up, "Later report: ILLUSTRATIVE. Nothing was measured."),
        (
            other,
            made_up,
            "ILLUSTRATIVE. Nothing was measured. The earlier report is illustrative too.",
        ),
        (real, real, ""),
    ):
        assert assess.compare(assess.evaluate(before), assess.evaluate(after)).banner == told


def test_a_comparison_is_the_same_each_time_and_claims_no_effect() -> None:
    pair = [compared(levels("keep", trust=None), levels("reform", deaths=1)) for _ in range(2)]
    assert pair[0].table.equals(pair[1].table)
    assert str(pair[0]) == str(pair[1])
    assert page(pair[0])[-1] == "A change between two reports is not an effect of the strategy."


def test_two_periods_show_their_levels_in_their_own_unit_with_the_base_of_every_percentage() -> (
    None
):
    report = assess.evaluate(assess.load("mali_history"))
    found = compare_strategies(report, "years_2019_2021", "years_2022_2024")
    back = compare_strategies(report, "years_2022_2024", "years_2019_2021")
    assert len(found.levels) == len(back.levels) == 5
    for there, again in zip(found.levels, back.levels, strict=True):
        assert (there.earlier, there.later) == (again.later, again.earlier)
        base, now = float(there.earlier), float(there.later)
        assert there.percent == pytest.approx(100 * (now / base - 1))
        assert f"was {there.earlier}, is {there.later}: " in " ".join(page(found))
        assert f" % of {there.earlier}" in " ".join(page(found))
    assert "LEVELS THAT DIFFER" not in str(compare_strategies(report, *["years_2019_2021"] * 2))


def test_a_level_without_a_ratio_has_no_percentage() -> None:
    cells: dict[str, dict[str, float | str]] = {
        "keep": {"deaths": 600, "trust": 0, "conduct": "none"},
        "reform": {"deaths": "?", "trust": 60, "conduct": "all", "upkeep": 45},
    }
    study = small.study(small.rows(cells))
    found = compare_strategies(assess.evaluate(study), "keep", "reform")
    assert all(np.isnan(change.percent) for change in found.levels)
    told = [line for line in page(found) if line.endswith(("45", "unknown", "all", "is 60"))]
    assert [line.split(": ", 1)[1] for line in told] == [
        "was 600, is unknown", "was 0, is 60", "was none, is all", "was not rated, is 45",
    ]  # fmt: skip
