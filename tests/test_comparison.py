"""Comparisons: only what measures the same is compared, and every change prints its base."""

from typing import Any

import numpy as np
import pytest

import assess
from assess.comparison import compare_strategies
from assess.model import Choice, Evidence, Method, Rating, Scale, Weights
from tests import small


def changed_tree(key: str, **changes: Any) -> assess.ValueTree:
    """Return the small tree with one criterion changed."""
    tree = small.tree()
    criterion = tree.criteria[key].model_copy(update=changes)
    return tree.model_copy(update={"criteria": {**tree.criteria, key: criterion}})


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
        ("conduct", {"gate": None}, "gates were some, exclude, are none"),
        ("upkeep", {"scale": Scale(worst=0, best=60)}, "ends beyond the scale were saturate"),
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
    assert "method: coverage_floor: was 0.6, is 0.5" in told
    assert "were points(results 60, means 20-40), are points(results 70, means 20-40)" in told
    assert "analysts 1 earlier, 1 later, 0 in both; a different panel" in found.panel


def test_strategies_and_scenarios_of_one_report_alone_are_listed() -> None:
    before = assess.evaluate(small.study())
    only = {"reform": before.study.strategies["reform"]}
    rows = [row for row in small.rows() if row.strategy == "reform"]
    scenarios = (small.scenario("other", weights_from=None),)
    after = assess.evaluate(small.study(rows, strategies=only, scenarios=scenarios))
    told = "\n".join(map(str, assess.compare(before, after).inputs))
    assert "strategies: keep: is only in the earlier report" in told
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
