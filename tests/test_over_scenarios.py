"""Over scenarios: criteria only among worlds in one unit, ranks alone among perspectives."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import assess
from assess import robustness
from assess.model import Criterion, Rating, Ratings, Scenario, Strategy, Study, ValueTree
from assess.over_scenarios import over_perspectives, over_worlds
from assess.over_scenarios.drawn import drawn_payoffs
from assess.report import Report
from assess.summary.over_scenarios import over_scenarios
from tests import small
from tests.builders import PERCENT, judged

WORLDS = ("calm", "tense", "war")


def made(
    payoffs: Mapping[str, tuple[float, ...]],
    *,
    weights: Mapping[str, float] | None = None,
    scenarios: Mapping[str, Mapping[str, Any]] | None = None,
    **fields: Any,
) -> Study:
    """Return a study whose totals are those asked for, in points of 100 [world]."""
    ids = WORLDS[: len(next(iter(payoffs.values())))]
    tree = ValueTree(id="table", criteria={key: Criterion(scale=PERCENT) for key in ("a", "b")})
    held = {"table": judged(weights or {"a": 1, "b": 1})}
    given_ = scenarios or {}
    worlds = [
        Scenario.model_validate(
            {"id": key, "tree": "table", "kind": "world", "weights": held}
            | dict(given_.get(key, {}))
        )
        for key in ids
    ]
    rows = [
        Rating(analyst="ana", strategy=strategy, scenario=world, criterion=leaf, rating=level)
        for strategy, levels in payoffs.items()
        for world, level in zip(ids, levels, strict=True)
        for leaf in ("a", "b")
    ]
    changes: dict[str, Any] = {
        "tree": tree,
        "scenarios": tuple(worlds),
        "strategies": {key: Strategy() for key in payoffs},
        "ratings": Ratings.from_rows(rows),
    }
    return small.study(**changes | fields)


# A contractor's capacity (Stevenson, Operations Management): each criterion chooses another.
CONTRACTOR = {"nothing": (50.0, 60.0), "expand": (20.0, 80.0), "subcontract": (40.0, 70.0)}


def report(*args: Any, **changes: Any) -> Report:
    """Return the report on a study of given totals."""
    return assess.evaluate(made(*args, **changes))


# Worlds


def test_the_contractor_as_a_study_gives_the_published_answers() -> None:
    (found,) = over_worlds(report(CONTRACTOR)).sets
    assert found.worlds == ("calm", "tense")
    assert found.chosen("maximin") == ("nothing",)
    assert found.chosen("maximax") == ("expand",)
    assert found.chosen("laplace") == ("nothing", "subcontract")
    assert found.chosen("minimax_regret") == ("subcontract",)
    assert found.deciding() == ("calm", "tense")
    assert found.without("calm") == ("expand",)
    table = found.table.set_index("strategy")
    assert [table.loc["expand", key] for key in robustness.CRITERIA] == pytest.approx(
        [20, 80, 50, 50, 30]
    )
    regret = found.regret_table
    assert regret["regret"].tolist() == pytest.approx([0, 20, 30, 0, 10, 10])


@given(st.lists(st.tuples(*[st.integers(0, 100).map(float)] * 3), min_size=1, max_size=4))
def test_criteria_over_a_study_are_those_of_its_totals(rows: list[tuple[float, ...]]) -> None:
    payoffs = {f"s{i}": row for i, row in enumerate(rows)}
    (found,) = over_worlds(report(payoffs)).sets
    for criterion in robustness.CRITERIA:
        expected = robustness.chosen(np.array(rows) / 100, criterion)
        assert found.chosen(criterion) == tuple(
            key for key, best in zip(payoffs, expected, strict=True) if best
        )


def test_worlds_under_weights_of_their_own_stand_apart() -> None:
    other = {"war": {"weights": {"table": judged({"a": 2, "b": 1})}}}
    payoffs = {"go": (50.0, 60.0, 70.0), "stay": (40.0, 70.0, 20.0)}
    found = over_worlds(report(payoffs, scenarios=other))
    assert [held.worlds for held in found.sets] == [("calm", "tense")]
    assert found.apart == ("war",)
    alone = {key: {"weights": {"table": judged({"a": n, "b": 1})}}
             for n, key in enumerate(WORLDS, start=1)}  # fmt: skip
    nothing = over_worlds(report(payoffs, scenarios=alone))
    assert (nothing.sets, nothing.apart) == ((), WORLDS)


def test_a_criterion_that_does_not_apply_in_a_world_changes_its_unit() -> None:
    payoffs = {"go": (50.0, 60.0, 70.0), "stay": (40.0, 70.0, 20.0)}
    odd = {"war": {"not_applicable": {"b": "makes no sense there"}}}
    study = made(payoffs, scenarios=odd)
    rows = study.ratings
    kept = ~(rows.scenario.matches("war") & rows.criterion.matches("b"))
    found = over_worlds(assess.evaluate(study.model_copy(update={"ratings": rows.select(kept)})))
    assert found.apart == ("war",)


def test_reasons_and_names_do_not_part_worlds_but_ranges_of_weights_do() -> None:
    payoffs = {"go": (50.0, 60.0), "stay": (40.0, 70.0)}
    reason = {"tense": {"weights": {"table": judged({"a": 1, "b": 1}).model_copy(
        update={"reason": "another"})}}}  # fmt: skip
    assert len(over_worlds(report(payoffs, scenarios=reason)).sets) == 1
    ranged = {"tense": {"weights": {"table": {"method": "points",
        "judgements": {"a": (0.5, 1.5), "b": 1}}}}}  # fmt: skip
    assert over_worlds(report(payoffs, scenarios=ranged)).apart == ("calm", "tense")


def test_perspectives_are_no_worlds() -> None:
    mixed = {"war": {"kind": "perspective"}}
    payoffs = {"go": (50.0, 60.0, 60.0), "stay": (40.0, 70.0, 70.0)}
    study = made(payoffs, scenarios=mixed)
    everywhere = study.ratings.scenario.matches("war")
    plain = study.model_copy(update={"ratings": study.ratings.select(~everywhere)})
    found = over_worlds(assess.evaluate(plain))
    assert [held.worlds for held in found.sets] == [("calm", "tense")]
    assert found.apart == ()


def test_who_fails_a_gate_or_has_no_total_is_left_out_and_nobody_regrets_it() -> None:
    worlds = tuple(
        small.scenario(key, kind="world", **more)
        for key, more in (("calm", {}), ("war", {"weights": {}, "weights_from": "calm"}))
    )
    found = over_worlds(assess.evaluate(small.study(scenarios=worlds)))
    (held,) = found.sets
    assert held.left_out == {"keep": "fails a gate in calm, war"}
    assert held.strategies == ("reform", "build")
    some = [row for row in small.rows() if (row.strategy, row.criterion) != ("build", "deaths")]
    few = [row for row in some if (row.strategy, row.criterion) != ("build", "trust")]
    study = small.study(few, scenarios=worlds)
    (held,) = over_worlds(assess.evaluate(study)).sets
    assert held.left_out["build"] == "has no total in calm, war"


def test_thresholds_are_the_profiles_or_those_that_are_asked_for() -> None:
    (held,) = over_worlds(report(CONTRACTOR), thresholds={"safe": 40, "high": 75}).sets
    assert held.satisficing is not None
    assert held.satisficing.share.tolist() == [[1.0, 0.5, 1.0], [0.0, 0.5, 0.0]]
    (held,) = over_worlds(report(CONTRACTOR)).sets
    assert held.satisficing is None  # no leaf of this tree says what is acceptable


def test_elicited_swings_make_worlds_of_other_weights_comparable() -> None:
    own = {"table": judged({"a": 3, "b": 1})}
    swings: dict[str, dict[str, Any]] = {
        "calm": {"swing": 50},
        "tense": {"swing": 100, "weights": own},
    }
    found = over_worlds(report(CONTRACTOR, scenarios=swings))
    (held,) = found.sets
    assert found.apart == ()
    assert held.criteria == ("laplace", "minimax_regret")
    # Half of 50, 20, 40 in calm; 60, 80, 70 in tense.
    expected = np.array([[0.25, 0.6], [0.1, 0.8], [0.2, 0.7]])
    assert held.payoffs == pytest.approx(expected)
    assert held.values("minimax_regret").tolist() == pytest.approx([0.2, 0.15, 0.1])
    assert held.satisficing is None
    with pytest.raises(ValueError, match=r"^'maximin' compares totals of different worlds, which"):
        held.values("maximin")
    section = over_scenarios(report(CONTRACTOR, scenarios=swings))
    assert section is not None
    assert section.lines[0].startswith("Worlds made comparable by elicited swings: calm, tense.")
    assert section.table is not None
    assert len(section.table.columns) == 4


@given(st.lists(st.tuples(*[st.integers(0, 100).map(float)] * 2), min_size=1, max_size=4))
def test_equal_swings_regret_as_if_there_were_none(rows: list[tuple[float, ...]]) -> None:
    payoffs = {f"s{i}": row for i, row in enumerate(rows)}
    both: dict[str, dict[str, Any]] = {key: {"swing": 70} for key in WORLDS}
    (held,) = over_worlds(report(payoffs, scenarios=both)).sets
    assert held.swings is None
    both["tense"]["weights"] = {"table": judged({"a": 2, "b": 2})}
    (other,) = over_worlds(report(payoffs, scenarios=both)).sets
    assert other.swings is not None
    assert other.regret == pytest.approx(held.regret)


def test_worlds_under_the_same_weights_but_other_swings_are_not_in_one_unit() -> None:
    swings = {"calm": {"swing": 50}, "tense": {"swing": 100}}
    (held,) = over_worlds(report(CONTRACTOR, scenarios=swings)).sets
    assert held.swings is not None
    assert held.swings.tolist() == [0.5, 1]


def test_a_swing_is_of_a_world_and_above_nothing() -> None:
    study = made({"go": (1.0, 2.0)}, scenarios={"tense": {"swing": 3, "kind": "perspective"}},
                 ratings=())  # fmt: skip
    assert [str(problem) for problem in assess.check(study)] == [
        "scenario tense: swing: a perspective has no swing beside others: what would it be worth "
        'to whom? (leave it out, or write kind = "world")'
    ]
    with pytest.raises(assess.StudyError, match="the swing of a world is a number above 0: 0"):
        Scenario(id="calm", tree="table", kind=("world",), swing=0)


# Probabilities


def chances(*shares: float | None, **kinds: str) -> list[str]:
    """Return what is wrong with probabilities of worlds."""
    payoffs = {"go": (50.0,) * len(shares)}
    more = {
        key: {"probability": share, "kind": kinds.get(key, "world")}
        for key, share in zip(WORLDS, shares, strict=False)
    }
    study = made(payoffs, scenarios=more, ratings=())
    return [str(problem) for problem in assess.check(study)]


def test_probabilities_are_given_to_all_worlds_or_none_and_sum_to_one() -> None:
    assert chances(0.2, 0.3, 0.5) == []
    assert chances(None, None) == []
    assert chances(0.1, 0.2, 0.7) == []
    assert chances(0.5, 0.4) == [
        "scenario calm: probability: probabilities of the worlds sum to 1; these sum to 0.9: "
        "calm 0.5, tense 0.4 (the worlds exclude one another, and one of them comes)"
    ]
    assert chances(1.0, None) == [
        "scenario tense: probability: this world has no probability, and others of the study have "
        "one (give every world one, if exactly one of them comes; otherwise none)"
    ]
    assert chances(0.4, 0.6, 0.5, war="perspective") == [
        "scenario war: probability: a perspective does not come about, so it has no probability "
        '(leave it out, or write kind = "world")'
    ]


def test_expected_value_only_where_worlds_have_probabilities_and_one_unit() -> None:
    odds = {"calm": {"probability": 0.5}, "tense": {"probability": 0.5}}
    found = over_worlds(report(CONTRACTOR, scenarios=odds))
    (held,) = found.sets
    assert held.expected is not None
    assert held.expected.tolist() == pytest.approx([0.55, 0.5, 0.55])
    # Knowing which comes: 50 or 80, against 55.
    assert held.perfect_information == pytest.approx(0.1)
    assert found.no_expected == ""
    without = over_worlds(report(CONTRACTOR))
    assert (without.sets[0].expected, without.sets[0].perfect_information) == (None, None)
    told = "the worlds are not declared to exclude one another, with probabilities"
    assert without.no_expected == told
    assert without.sets[0].table["expected_value"].isna().all()
    own = {"table": judged({"a": 3, "b": 1})}
    thirds: dict[str, dict[str, Any]] = {
        "calm": {"probability": 0.25},
        "tense": {"probability": 0.25},
        "war": {"probability": 0.5, "weights": own},
    }
    parted = over_worlds(report({"go": (1.0, 2.0, 3.0)}, scenarios=thirds))
    assert parted.sets[0].expected is None
    told = "the worlds that have probabilities share neither weights nor elicited swings"
    assert parted.no_expected == told
    for share in thirds.values():
        share["swing"] = 10
    joined = over_worlds(report({"go": (1.0, 2.0, 3.0)}, scenarios=thirds))
    assert joined.no_expected == ""
    assert joined.sets[-1].expected is not None
    assert joined.sets[-1].expected.tolist() == pytest.approx([0.0225])


def test_one_scenario_alone_has_no_probability() -> None:
    odds = {"calm": {"probability": 0.25}, "tense": {"probability": 0.75}}
    alone = made(CONTRACTOR, scenarios=odds).only("tense")
    assert alone.scenarios[0].probability is None
    assert assess.check(alone) == ()


# Draws


def test_draws_are_those_of_the_simulation() -> None:
    study = made(CONTRACTOR)
    simulation = assess.simulate(study, draws=600, seed=3)
    payoffs = drawn_payoffs(simulation, [0, 1], [0, 1, 2], 10_000)
    assert payoffs.shape == (simulation.draws, 3, 2)
    share = (payoffs[:, 0] > payoffs[:, 1]).mean(axis=0)
    first = [simulation.order.ahead[s, 0] / simulation.draws for s in (0, 1)]
    assert share.tolist() == pytest.approx(first)
    few = drawn_payoffs(simulation, [1], [2], 300)
    assert np.array_equal(few, payoffs[: len(few), 2:, 1:])
    assert len(few) <= 300


def test_without_doubt_every_draw_says_what_the_point_says() -> None:
    sure = [
        row.model_copy(update={"low": row.rating, "high": row.rating})
        for row in made(CONTRACTOR).ratings
    ]
    study = made(CONTRACTOR, ratings=Ratings.from_rows(sure))
    simulation = assess.simulate(study, draws=256)
    (held,) = over_worlds(assess.evaluate(study), simulation).sets
    assert held.drawn is not None
    quantiles, best, error = held.drawn.of("minimax_regret")
    assert best.tolist() == [0, 0, 1]
    expected = np.broadcast_to([0.2, 0.3, 0.1], (3, 3))
    assert quantiles == pytest.approx(expected, abs=1e-9)
    assert held.drawn.of("laplace")[1].tolist() == [0.5, 0, 0.5]  # a tie is shared
    assert held.drawn.decides.tolist() == [1, 1]
    assert error.tolist() == [0, 0, 0]


def test_common_weights_are_the_same_in_every_draw() -> None:
    same = {"a": (40.0,) * 3, "b": (60.0,) * 3}
    study = made(same, weights={"a": 1, "b": 3})
    levels = [row.model_copy(update={"low": row.rating, "high": row.rating})
              for row in study.ratings]  # fmt: skip
    moved = [row.model_copy(update={"rating": 10, "low": 10, "high": 10})
             if row.criterion == "a" else row for row in levels]  # fmt: skip
    spread = study.method.uncertainty.model_copy(update={"weight_spread": 0.3})
    method = study.method.model_copy(update={"uncertainty": spread})
    wide = study.model_copy(update={"ratings": Ratings.from_rows(moved), "method": method})
    payoffs: NDArray[np.float64] = drawn_payoffs(
        assess.simulate(wide, draws=256), [0, 1, 2], [0, 1], 256
    )
    assert payoffs[:, 0, 0].std() > 0.001
    assert np.array_equal(payoffs[..., 0], payoffs[..., 1])
    assert np.array_equal(payoffs[..., 0], payoffs[..., 2])


def test_draws_of_another_study_are_refused() -> None:
    other = assess.simulate(made({"go": (1.0, 2.0)}), draws=10)
    with pytest.raises(ValueError, match=r"^the simulation is of another study than the report$"):
        over_worlds(report(CONTRACTOR), other)
    with pytest.raises(ValueError, match=r"^optimism lies between 0 and 1: 2$"):
        over_worlds(report(CONTRACTOR), optimism=2)


# Perspectives


def test_over_perspectives_there_are_ranks_and_pairs_alone() -> None:
    looks = [
        Scenario(id=key, tree="table", weights={"table": judged(weights)})
        for key, weights in (("even", {"a": 1, "b": 1}), ("first", {"a": 9, "b": 1}))
    ]
    levels = {"both": (80, 50), "second": (30, 70), "none": (10, 20)}
    rows = [
        Rating(analyst="ana", strategy=key, criterion=leaf, rating=level)
        for key, row in levels.items()
        for leaf, level in zip(("a", "b"), row, strict=True)
    ]
    study = made(
        {"x": (0.0,)},
        scenarios=None,
        ratings=Ratings.from_rows(rows),
        strategies={key: Strategy() for key in levels},
    ).model_copy(update={"scenarios": tuple(looks)})
    found = over_perspectives(assess.evaluate(study))
    assert found.scenarios == ("even", "first")
    assert found.ranks.tolist() == [[1, 1], [2, 2], [3, 3]]
    assert found.relation("both", "none") == (("even", "first"), ())
    assert found.everywhere.sum() == 3
    assert found.table["first"].tolist() == [1, 2, 3]
    section = over_scenarios(assess.evaluate(study))
    assert section is not None
    assert section.table is None
    assert section.lines == (
        "Under all 2 perspectives: both ahead of second, both ahead of none, second ahead of none.",
    )


# The page


def test_the_page_tells_criteria_the_deciding_world_and_the_authors() -> None:
    odds = {
        "calm": {"probability": 0.5, "author": "the panel"},
        "tense": {"probability": 0.5, "author": "a contractor"},
    }
    study = made(CONTRACTOR, scenarios=odds)
    section = over_scenarios(assess.evaluate(study), assess.simulate(study, draws=256))
    assert section is not None
    assert section.lines[:5] == (
        "Worlds under the same weights: calm, tense.",
        "Best by each criterion, in point scores: worst world (maximin): nothing; best world "
        "(maximax): expand; between the two (Hurwicz): nothing and subcontract; mean of worlds "
        "(Laplace): nothing and subcontract; largest regret: subcontract.",
        "calm decides: without it expand would regret least.",
        "tense decides: without it nothing would regret least.",
        "Expected value: nothing 55, expand 50, subcontract 55; knowing the world beforehand is "
        "worth 10.0 points.",
    )
    assert section.lines[5].startswith("Regrets least (of 256 draws; 10 to 90 % of them): nothing")
    assert section.lines[-1] == "Who wrote the scenarios: calm: the panel; tense: a contractor."
    assert section.table is not None
    assert section.table.rows[1] == ("expand", "20.0", "80.0", "50.0", "50.0", "30.0", "calm")


def test_one_scenario_needs_no_such_section() -> None:
    assert over_scenarios(assess.evaluate(small.study())) is None


def test_the_example_says_which_worlds_it_cannot_take_in() -> None:
    section = over_scenarios(assess.evaluate(assess.load("mali")))
    assert section is not None
    told = " ".join(section.lines)
    assert "Weights of their own, or criteria that do not apply: Loss of the main partner, " in told
    assert "No expected value: the worlds are not declared to exclude one another" in told


def test_a_report_read_back_without_its_authors_rule_needs_none_to_tell_of_worlds() -> None:
    def mine(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray((values * weights).sum(axis=-1))

    own = made(CONTRACTOR, rules={"mine": mine})
    study = own.model_copy(update={"tree": own.tree.model_copy(update={"rule": "mine"})})
    found = assess.evaluate(study)
    bare = study.model_copy(update={"rules": {"mine": study.rules["mine"].source}})
    section = over_scenarios(replace(found, study=bare))
    assert section is not None
    assert section == over_scenarios(found)
