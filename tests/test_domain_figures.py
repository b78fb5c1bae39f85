"""The illustrative study of the domain notes: four strategies, nine scenarios, forty leaves.

Source: `shared/domain` beside the checkout (tree.json, scenarios.json, results.json, README.md,
sections 2, 3 and 7), written for this project in 2026. ILLUSTRATIVE: one made-up rating a cell, to
check arithmetic; nothing here says anything about a country or a strategy. The inputs are read
where they lie; the figures they must give stand in this file.
"""

import json
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from typing import Any

import numpy as np
import pytest

import assess
from assess.model import Criterion, Level, Scale, Scenario, Study, ValueTree
from assess.report import Report
from assess.rounding import points
from assess.sensitivity import reweighted, stability
from tests.builders import SHARED, as_id, judged, study

DOMAIN = SHARED / "domain"
FILES = ("tree.json", "scenarios.json", "results.json")
STRATEGIES = ("A", "B", "C", "D")
KINDS = {"MOE": "effectiveness", "MOP": "performance"}

# results.json, "score": the total of strategies A, B, C, D in each scenario.
SCORES = {
    "S0": ("38.6", "56.2", "57.5", "59.5"),
    "S1": ("41.6", "55.6", "56.3", "57.7"),
    "S2": ("40.2", "54.0", "61.0", "57.1"),
    "S3": ("36.7", "56.9", "53.6", "53.3"),
    "S4": ("37.6", "59.1", "54.6", "55.1"),
    "S5": ("37.8", "55.2", "61.7", "58.4"),
    "S6": ("37.7", "57.5", "58.0", "59.2"),
    "S7": ("38.6", "55.0", "59.5", "65.1"),
    "S8": ("40.0", "54.6", "54.7", "64.4"),
}
# results.json, "max_regret": of A, B, C, D over the nine scenarios.
MAX_REGRET = ("26.5", "10.1", "9.7", "4.0")
# results.json, "sub_values": of A, B, C, D on each group of leaves, the same in every scenario.
SUB_VALUES = {
    "OP.T": (55, 60, 59, 50),
    "OP.B": (35, 51, 40, 33),
    "OP.S": (42, 46, 68, 45),
    "OP.L": (39, 51, 74, 54),
    "IN.C": (60, 48, 47, 60),
    "IN.I": (42, 58, 35, 62),
    "IN.H": (35, 52, 58, 71),
    "IN.M": (58, 35, 31, 78),
    "PA.R": (23, 87, 43, 33),
    "PA.U": (25, 48, 72, 45),
    "PA.E": (29, 60, 66, 58),
    "BU.A": (50, 73, 83, 91),
    "BU.B": (33, 59, 68, 90),
    "BU.T": (13, 34, 42, 63),
}
# README.md, section 7, with the weights of S0: strategies B, C, D.
ON_OUTCOMES = ("55.0", "65.6", "59.3")
ON_PROCESS = ("57.1", "51.3", "59.7")
WITHOUT_BUDGET = ("56.0", "55.0", "52.5")

beside_the_notes = pytest.mark.skipif(
    not all((DOMAIN / name).is_file() for name in FILES),
    reason="the domain notes are not beside the checkout",
)


def notes(name: str) -> Any:
    """Return one file of the domain notes."""
    return json.loads((DOMAIN / name).read_text(encoding="utf-8"))


def scale_of(leaf: dict[str, Any]) -> str | Scale:
    """Return the scale of a leaf: a family by name, a straight line, or a target with tolerance."""
    if leaf["scale"] != "natural":
        return as_id(leaf["scale"])
    if leaf["direction"] != "target":
        return Scale(worst=float(leaf["worst"]), best=float(leaf["best"]))
    low, high = leaf["worst"]
    best, tolerance = leaf["best"], leaf["tolerance"]
    levels = ((low, 0.0), (best - tolerance, 1.0), (best + tolerance, 1.0), (high, 0.0))
    return Scale(levels=levels)


def tree() -> ValueTree:
    """Return tree.json: "OP.T1" hangs under "OP.T", and that under "OP"."""
    written = notes("tree.json")
    scales = {
        as_id(name): Scale(
            levels={
                label: Level(worth=level["value"] / 100, anchor=level["anchor"])
                for label, level in family["levels"].items()
            }
        )
        for name, family in written["families"].items()
    }
    criteria: dict[str, Criterion] = {}
    for leaf in written["leaves"]:
        top, group = leaf["id"].split(".")[0], leaf["id"][:-1]
        criteria.setdefault(as_id(top), Criterion())
        criteria.setdefault(as_id(group), Criterion(parent=as_id(top)))
        criteria[as_id(leaf["id"])] = Criterion.model_validate(
            {
                "parent": as_id(group),
                "name": leaf["name"],
                "kind": KINDS[leaf["kind"]],
                "scale": scale_of(leaf),
            }
        )
    return ValueTree(id="notes", scales=scales, criteria=criteria)


def scenario(key: str, swings: dict[str, Any], **changes: Any) -> Scenario:
    """Return one scenario of scenarios.json; leaves within a group are left to weigh the same."""
    by_node = {"notes": swings["top_swing"]}
    for top in swings["top_swing"]:
        below = {name: p for name, p in swings["sub_swing"].items() if name.startswith(top)}
        by_node[as_id(top)] = below
    weights = {
        node: judged({as_id(name): float(p) for name, p in given.items()}, "swing")
        for node, given in by_node.items()
    }
    return Scenario(id=as_id(key), tree="notes", weights=weights, **changes)


def whole_study() -> Study:
    """Return the study of the notes."""
    cells = [
        (as_id(strategy), as_id(leaf["id"]), level)
        for leaf in notes("tree.json")["leaves"]
        for strategy, level in leaf["ratings"].items()
    ]
    scenarios = [scenario(key, swings) for key, swings in notes("scenarios.json").items()]
    return study(tree(), scenarios, cells)


@cache
def report() -> Report:
    """Return the one report that most tests here look at."""
    return assess.evaluate(whole_study())


def in_reference(node: str) -> Any:
    """Return the scores of A, B, C, D at a node in S0 [strategy], 0 to 1."""
    return report().score[0, :, report().node(node)]


def printed(values: Any) -> tuple[str, ...]:
    """Return values of [0, 1] to one decimal of a point."""
    return tuple(points(value, 1) for value in values)


@beside_the_notes
def test_the_figures_of_this_file_are_those_of_the_notes() -> None:
    results = notes("results.json")
    assert {
        key: tuple(str(found["score"][strategy]) for strategy in STRATEGIES)
        for key, found in results["results"].items()
    } == SCORES
    assert {
        key: tuple(found[strategy] for strategy in STRATEGIES)
        for key, found in results["sub_values"].items()
    } == SUB_VALUES
    assert tuple(str(results["max_regret"][strategy]) for strategy in STRATEGIES) == MAX_REGRET


@beside_the_notes
def test_the_study_is_the_whole_one() -> None:
    held = report().study
    assert (len(held.tree.leaves), len(held.tree.groups)) == (40, 1 + 4 + 14)
    assert tuple(held.strategies) == tuple(map(as_id, STRATEGIES))
    assert held.scenario_ids == tuple(map(as_id, SCORES))
    assert len(held.ratings) == 4 * 40


@beside_the_notes
@pytest.mark.parametrize("key", SCORES)
def test_additive_scores_equal_the_notes_to_the_printed_digit(key: str) -> None:
    place = list(SCORES).index(key)
    assert printed(report().score[place, :, 0]) == SCORES[key]


@beside_the_notes
@pytest.mark.parametrize("group", SUB_VALUES)
def test_group_values_equal_the_notes_in_whole_points(group: str) -> None:
    """The notes round halves to even (42.5 to 42), where reports round them away from zero.

    It matters in four cells: A on OP.S and IN.I, D on IN.I, C on PA.U.
    """
    found = [Decimal(points(value, 6)) for value in in_reference(as_id(group))]
    to_even = tuple(int(value.quantize(Decimal(1), rounding=ROUND_HALF_EVEN)) for value in found)
    assert to_even == SUB_VALUES[group]


@beside_the_notes
def test_group_values_are_the_same_in_every_scenario() -> None:
    for group in SUB_VALUES:
        found = report().score[:, :, report().node(as_id(group))]
        assert (found == found[0]).all()


def test_the_largest_regrets_of_the_notes_are_sums_over_the_printed_scores() -> None:
    """Arithmetic, not a finding: these scenarios differ in weights, so regret means nothing (C13).

    The notes subtract scores that are rounded already: A's 26.5 would be 26.4 otherwise.
    """
    regret = [[max(map(Decimal, row)) - Decimal(score) for score in row] for row in SCORES.values()]
    found = tuple(str(max(column)) for column in zip(*regret, strict=True))
    assert found == MAX_REGRET


@beside_the_notes
def test_without_the_budget_branch_b_leads_c_and_d() -> None:
    """README.md, section 7: the branch is not applicable, and its siblings share its weight."""
    reference = scenario(
        "S0", notes("scenarios.json")["S0"], not_applicable={"bu": "to see what it does"}
    )
    held = whole_study()
    keep = np.array([not leaf.startswith("bu") for leaf in held.ratings.criterion.texts()])
    without = held.model_copy(
        update={"scenarios": (reference,), "ratings": held.ratings.select(keep)}
    )
    assert printed(assess.evaluate(without).score[0, 1:, 0]) == WITHOUT_BUDGET


def on_kind(kind: str) -> Any:
    """Return the mean over the leaves of one kind in S0 [strategy], each at its global weight."""
    held = report().study.tree
    within = dict(zip(held.nodes, report().weights[0], strict=True)) | {held.id: 1.0}
    total, share = np.zeros(len(STRATEGIES)), 0.0
    for leaf in held.leaves:
        if held.criteria[leaf].kind == kind:
            node: str | None = leaf
            weight = 1.0
            while node:
                weight *= within[node]
                node = held.criteria[node].parent
            total += weight * in_reference(leaf)
            share += weight
    return total / share


@beside_the_notes
def test_outcome_and_process_figures_are_means_at_global_weights() -> None:
    """README.md, section 7: every leaf keeps its share of the total, and only leaves drop out."""
    assert printed(on_kind("effectiveness")[1:]) == ON_OUTCOMES
    assert printed(on_kind("performance")[1:]) == ON_PROCESS


@beside_the_notes
def test_ends_and_means_equal_the_notes_to_the_printed_digit() -> None:
    """README.md, section 7 (C15): C leads on outcomes, D on process."""
    assert printed(report().ends[0, 1:]) == ON_OUTCOMES
    assert printed(report().means[0, 1:]) == ON_PROCESS


@beside_the_notes
def test_the_weights_that_would_change_the_answer_are_those_of_the_page_in_the_notes() -> None:
    """The page there: operational success from 39 % for C, partnership from 35 % for B.

    Exactly, C overtakes D where operational success holds 38.1 % and where partnership holds
    33.1 %; B overtakes D at 33.6 %, and C in between 34 and 35 %: from there on B is highest.
    """
    found = stability(report(), ["op", "pa"], scenario=0).table
    found = found[found.leader == "d"].set_index(["criterion", "challenger"])
    turns = {key: round(at, 4) for key, at in found.flips_at.items()}
    assert turns["op", "c"] == 0.381
    assert (turns["pa", "c"], turns["pa", "b"]) == (0.3307, 0.3356)
    for weights, highest in (
        ({"op": 0.38}, "d"),
        ({"op": 0.39}, "c"),
        ({"pa": 0.33}, "d"),
        ({"pa": 0.34}, "c"),
        ({"pa": 0.35}, "b"),
    ):
        then = assess.evaluate(reweighted(report().study, "s0", weights).only("s0"))
        assert list(then.study.strategies)[then.score[0, :, 0].argmax()] == highest
