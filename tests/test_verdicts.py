"""Who leads whom at the edges: ties, margins, gates, what is missing, what was cut short."""

from dataclasses import replace
from typing import Any, Literal

import numpy as np
import pytest

import assess
from assess.model import Choice, Gate, Scale, Scenario, Stakeholder, Study, Weights
from assess.simulation import Simulation, more, simulate, verdicts
from assess.simulation.engine import draw_blocks
from tests import small
from tests.builders import judged
from tests.test_simulation import SURE, flat
from tests.test_sureness import EQUAL, page, settled, with_rows


def heard(**given: dict[str, float]) -> Weights:
    """Return weights of stakeholders with equal shares."""
    said = {key: Stakeholder(judgements=held) for key, held in given.items()}
    return Weights(method=Choice(name="points"), stakeholders=said)


def weighed(study: Study, *weights: Weights) -> Study:
    """Return a study with a scenario for each of these weights of its root."""
    made = (
        Scenario(id=f"s{i}", tree=study.tree.id, weights={study.tree.id: held})
        for i, held in enumerate(weights)
    )
    return study.model_copy(update={"scenarios": tuple(made)})


def with_criteria(study: Study, **changes: dict[str, Any]) -> Study:
    """Return a study whose criteria have other fields."""
    criteria = {
        key: item.model_copy(update=changes.get(key, {}))
        for key, item in study.tree.criteria.items()
    }
    tree = study.tree.model_copy(update={"criteria": criteria})
    return study.model_copy(update={"tree": tree})


def gated(
    levels: dict[str, tuple[float, float]],
    consequence: Literal["exclude", "report"],
    **settings: Any,
) -> Study:
    """Return a study whose second criterion carries a gate at 50 points."""
    gate = Gate(threshold=50, reason="a floor", consequence=consequence)
    return with_criteria(flat(levels, EQUAL, **settings), c1={"gate": gate})


# Weights


def test_stakeholders_in_several_scenarios_are_drawn() -> None:
    two = {"ana": {"c0": 90.0, "c1": 10.0}, "ben": {"c0": 10.0, "c1": 90.0}}
    study = weighed(flat({"a": (80, 20), "b": (20, 80)}), heard(**two), EQUAL, heard(**two))
    found = simulate(study, draws=2000)
    np.testing.assert_allclose(found.first[[0, 2], 0], 0.5, atol=0.05)
    assert found.first[1].tolist() == [0.5, 0.5]


def test_a_group_of_which_only_what_has_no_weight_applies_does_not_count() -> None:
    """Deaths have all the weight under results, and do not apply."""
    results = {"results": judged({"deaths": 100, "trust": 0})}
    scenario = small.scenario(not_applicable={"deaths": "no war"})
    scenario = scenario.model_copy(update={"weights": {**scenario.weights, **results}})
    method = small.study().method.model_copy(update={"half_widths": SURE})
    study = small.study(small.rows(), scenarios=(scenario,), method=method)
    totals = simulate(study, draws=300).mean[..., 0]
    np.testing.assert_allclose(totals, assess.evaluate(study).score[..., 0], atol=1e-9)


# Bands


def test_a_leaf_that_does_not_apply_needs_no_profile_for_bands() -> None:
    study = with_criteria(
        flat({"a": (80, 20), "b": (40, 80)}, EQUAL),
        c0={"acceptable": 50, "good": 75},
    )
    assert np.isnan(simulate(study, draws=300).bands).all()
    scenario = study.scenarios[0].model_copy(update={"not_applicable": {"c1": "none"}})
    alone = Study.model_validate({**dict(study), "scenarios": (scenario,)})
    assert simulate(alone, draws=300).bands[0].tolist() == [[0, 0, 1], [1, 0, 0]]


def test_a_rule_of_ones_own_needs_no_profiles() -> None:
    def mine(values: Any, weights: Any) -> Any:
        return (values * weights).sum(axis=-1)

    study = flat({"a": (80, 20), "b": (40, 40)}, EQUAL)
    tree = study.tree.model_copy(update={"rule": Choice(name="mine")})
    own = Study.model_validate({**dict(study), "tree": tree, "rules": {"mine": mine}})
    np.testing.assert_allclose(simulate(own, draws=300).mean[0, :, 0], [0.5, 0.4])


# Pairs


def test_a_tie_is_not_ahead() -> None:
    """One stakeholder sees A ahead; the others see them level: half of ties would be enough."""
    ahead, level = {"c0": 100.0, "c1": 0.0}, {"c0": 0.0, "c1": 100.0}
    study = weighed(flat({"a": (80, 50), "b": (20, 50)}), heard(x=ahead, y=ahead, z=level))
    study = settled(study, weight_spread=0.0)
    found = simulate(study, draws=4000)
    assert found.winning[0, 0, 1] > 0.8
    assert verdicts(found)[0].leads == ()


@pytest.mark.parametrize("rivals", [2, 40])
@pytest.mark.parametrize(("by", "leads"), [(2.0, True), (1.9, False), (2.1, True)])
def test_the_margin_is_exact_however_many_strategies_there_are(
    by: float, leads: bool, rivals: int
) -> None:
    others = {f"o{i}": (10.0, 10.0) for i in range(rivals - 2)}
    for study in (
        flat({"a": (50 + by, 50 + by), "b": (50, 50), **others}, EQUAL),
        flat({**others, "b": (50, 50), "a": (50 + by, 50 + by)}, EQUAL),
    ):
        found = verdicts(simulate(study, draws=300))[0]
        assert (("a", "b") in found.leads) == leads
        assert (found.leader == "a") == leads


def test_a_leader_is_not_safe_if_it_stands_alone_only_by_the_lead_of_another() -> None:
    """Three views: L over B over C; C over L over B; B over L and C. A level of C is missing."""
    views = {f"v{i}": {f"c{j}": 100.0 * (i == j) for j in range(3)} for i in range(3)}
    levels = {"l": (99, 60, 60), "b": (98, 30, 90), "c": (0, 90, 60)}
    study = settled(weighed(flat(levels), heard(**views)), share=0.6, margin=0.0)
    rows = [row for row in study.ratings if (row.strategy, row.criterion) != ("c", "c0")]
    floor = study.method.model_copy(update={"coverage_floor": 0.1})
    missing = with_rows(study, *rows).model_copy(update={"method": floor})
    found = verdicts(simulate(missing, draws=20_000))[0]
    assert (found.leader, found.leads) == ("l", (("l", "b"), ("b", "c")))
    assert found.open == (("b", "c"),)
    assert not found.survives


# Gates


def test_a_gate_that_is_only_reported_stands_in_nobodys_way() -> None:
    levels = {"a": (90.0, 60.0), "b": (20.0, 60.0)}
    for study, leader in ((gated(levels, "report"), "a"), (gated(levels, "exclude"), "")):
        rows = [row for row in study.ratings if (row.strategy, row.criterion) != ("a", "c1")]
        method = study.method.model_copy(update={"coverage_floor": 0.1})
        undecided = with_rows(study, *rows).model_copy(update={"method": method})
        assert verdicts(simulate(undecided, draws=600))[0].leader == leader


def test_the_share_of_passing_is_that_of_all_gates_that_exclude_together() -> None:
    """Each of two gates is passed in half of the draws, both in a quarter."""
    gate = {"gate": Gate(threshold=50, reason="a floor")}
    study = flat({"a": (50, 50), "b": (10, 10)}, EQUAL, half_width=10)
    found = simulate(with_criteria(study, c0=gate, c1=gate), draws=8000)
    np.testing.assert_allclose(found.passes[0, 0], [0.5, 0.5], atol=0.03)
    assert found.cleared[0, 0] == pytest.approx(0.25, abs=0.03)
    reported = {"gate": Gate(threshold=50, reason="a floor", consequence="report")}
    found = simulate(with_criteria(study, c0=gate, c1=reported), draws=8000)
    assert found.cleared[0, 0] == found.passes[0, 0, 0]


def test_who_is_excluded_by_a_gate_is_said_beside_the_verdict() -> None:
    told = str(simulate(gated({"a": (60, 60), "b": (95, 40)}, "exclude"), draws=300))
    assert "excluded by a failed gate: b." in " ".join(told.split())


# What is missing


def no_total() -> Study:
    """Return a study in which B is rated on too little for a total."""
    study = flat({"a": (60, 60), "b": (20, 20), "c": (40, 40)}, EQUAL, half_width=5)
    rows = [row for row in study.ratings if (row.strategy, row.criterion) != ("b", "c1")]
    return with_rows(study, *rows)


def test_a_strategy_without_a_total_has_no_figures_and_takes_no_place() -> None:
    found = simulate(no_total(), draws=2000)
    assert found.first[0].tolist()[::2] == [1.0, 0.0]
    for figures in (
        found.first, found.acceptability, found.k_best, found.expected_rank, found.bands,
        found.central_weights, found.mean[..., 0], found.deviation[..., 0], found.quantile(0.5),
        found.errors.first, found.errors.quantile(0.5), found.errors.expected_rank,
    ):  # fmt: skip
        assert np.isnan(figures[0, 1]).all()
    assert np.isnan(found.winning[0, 1]).all()
    assert np.isnan(found.winning[0, :, 1]).all()
    assert np.isnan(found.margin(0.5)[0, 1]).all()
    assert not found.dominance.first[0, :, 1].any()
    assert found.mean[0, 1, 1] == pytest.approx(0.2, abs=0.01)
    assert found.acceptability[0, 2].tolist() == [0.0, 1.0, 0.0]


def test_a_page_does_not_say_that_a_verdict_holds_over_a_strategy_without_a_total() -> None:
    told = page(no_total())
    assert "That holds whatever the missing ratings might be." not in told
    assert "Too little is rated of b for a total: what is missing there could change" in told
    told = " ".join(str(simulate(no_total(), draws=300)).split())
    assert "a leads; too little is rated for a total: b." in told


def test_what_does_not_apply_is_not_missing() -> None:
    study = flat({"a": (60, 60), "b": (20, 20)}, EQUAL)
    scenario = study.scenarios[0].model_copy(update={"not_applicable": {"c1": "none"}})
    rows = [row for row in study.ratings if row.criterion != "c1"]
    alone = with_rows(study, *rows)
    alone = Study.model_validate({**dict(alone), "scenarios": (scenario,)})
    assert simulate(alone, draws=300).tallies.missing is None


# Runs that were cut short


def cut_short(study: Study) -> Simulation:
    """Return what is left where the first block was lost."""
    whole = simulate(study, draws=1024)
    tallies = draw_blocks(study, 0, (1, 2, 5))
    return replace(whole, blocks=((1, 3), (5, 6)), tallies=tallies, ended="broken")


def test_nobody_leads_until_the_extremes_were_drawn() -> None:
    study = flat({"a": (90, 90), "b": (20, 20)}, EQUAL)
    found = cut_short(study)
    assert verdicts(found)[0].leads == ()
    told = " ".join(str(found).split())
    assert "cut short before it came to independent errors and full halo" in told
    whole = more(found, draws=2048)
    assert verdicts(whole)[0].leader == "a"
    assert whole == simulate(study, draws=2048)


def test_a_run_with_gaps_says_how_far_it_goes() -> None:
    found = cut_short(flat({"a": (90, 90), "b": (20, 20)}, EQUAL))
    with pytest.raises(ValueError, match=r"^the draws up to number 1,536 have gaps: ask for 1,536"):
        more(found, draws=1000)
    with pytest.raises(ValueError, match=r"^there are 768 draws already, more than 700$"):
        more(found, draws=700)


# Words


def test_strategies_that_are_level_in_every_draw_are_said_to_be_level() -> None:
    assert "a and b are level in every draw." in page(flat({"a": (60, 60), "b": (60, 60)}, EQUAL))


def test_one_that_is_alone_does_not_lead() -> None:
    told = " ".join(str(simulate(flat({"a": (60, 60)}, EQUAL), draws=300)).split())
    assert "reference: a alone has a total and passes its gates." in told


def test_where_nobody_has_a_total_no_verdict_is_said_to_stand() -> None:
    study = flat({"a": (60, 60), "b": (20, 20)}, EQUAL)
    unknown = [row.model_copy(update={"rating": "?"}) for row in study.ratings]
    told = " ".join(str(simulate(with_rows(study, *unknown), draws=300)).split())
    assert "no strategy is left that has a total and passes its gates" in told
    assert "This would stand" not in told


def test_a_page_with_draws_says_that_draws_depend_on_how_far_ratings_are_off() -> None:
    study = flat({"a": (60, 60), "b": (20, 20)}, EQUAL)
    assert "confidence; the draws depend on it, no point score does." in page(study)
    assert "confidence; no score depends on it." in str(assess.evaluate(study)).replace("\n  ", " ")


def test_the_page_of_draws_names_how_far_ratings_are_off_and_worths_that_are_ranges() -> None:
    told = " ".join(str(simulate(small.study(small.rows()), draws=300)).split())
    assert "off by up to 6, 12 or 20 points at high, moderate or low confidence" in told
    assert "Worths of" not in told
    some = {"worth": (0.3, 0.5), "anchor": "in some units"}
    none, full = ({"worth": worth, "anchor": "as said"} for worth in (0, 1))
    scale = Scale.model_validate({"levels": {"none": none, "some": some, "all": full}})
    ranged = with_criteria(small.study(small.rows()), conduct={"scale": scale})
    assert "Worths of 1 level that elicitation left as ranges" in " ".join(
        str(simulate(ranged, draws=300)).split()
    )
