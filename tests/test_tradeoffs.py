"""Exchange rates that weights imply: what is said to count as much does, when it is evaluated."""

import math
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import assess
from assess.cli import app
from assess.model import (
    Choice,
    Criterion,
    Endorsement,
    Scale,
    Study,
    StudyError,
    ValueTree,
    Weights,
)
from assess.tradeoffs import Tradeoff, tradeoffs
from assess.tradeoffs.profile import ends, gradient, level_at
from assess.values import worth
from tests import small
from tests.builders import study as built

BENT = Scale(levels=((0, 1), (100, 0.6), (400, 0.1), (1000, 0)))
PEAKED = Scale(levels=((5, 0), (10, 1), (14, 1), (25, 0)))
NUMERIC = {
    "deaths": Scale(worst=1000, best=0),
    "trust": Scale(worst=-5, best=95),
    "delay": BENT,
    "share": PEAKED,
}
RULES = (
    Choice(name="weighted_sum"),
    Choice(name="weighted_product"),
    Choice(name="power_mean", parameters={"exponent": -1}),
)
POINTS = st.integers(1, 100).map(float)


def made(
    weights: Mapping[str, float],
    levels: Mapping[str, Mapping[str, float | str]],
    *,
    top: Choice = RULES[0],
    results: Choice = RULES[0],
    **scenario: Any,
) -> Study:
    """Return a study of four measured leaves and an ordinal one under `results`, beside upkeep."""
    criteria = {
        "results": Criterion(rule=results),
        **{
            leaf: Criterion(parent="results", unit="units", scale=scale, kind="effectiveness")
            for leaf, scale in NUMERIC.items()
        },
        "conduct": Criterion(parent="results", scale=small.PRACTICE),
        "upkeep": Criterion(scale=Scale(worst=0, best=60), unit="%"),
    }
    tree = ValueTree(id="small", rule=top, criteria=criteria)
    held = Weights(method=Choice(name="points"), judgements=dict(weights))
    case = small.scenario(
        weights={
            "results": held,
            "small": Weights(
                method=Choice(name="points"), judgements={"results": 70, "upkeep": 30}
            ),
        },
        **scenario,
    )
    cells = [(who, leaf, level) for who, row in levels.items() for leaf, level in row.items()]
    return built(tree, [case], cells)


EQUAL = dict.fromkeys((*NUMERIC, "conduct"), 10.0)
BASE: dict[str, float | str] = {
    "deaths": 400,
    "trust": 40,
    "delay": 200,
    "share": 9,
    "conduct": "some",
    "upkeep": 20,
}
weighed = st.fixed_dictionaries(dict.fromkeys((*NUMERIC, "conduct"), POINTS))


def swing(study: Study, leaf: str, **asked: Any) -> Tradeoff:
    """Return the swing of one leaf."""
    rows = tradeoffs(study, **asked).rows
    return next(row for row in rows if row.criterion == leaf and row.kind == "swing")


def gained(study: Study, *strategies: str) -> list[float]:
    """Return by how much the totals of strategies are above the first strategy's."""
    score = dict(zip(study.strategies, assess.evaluate(study).score[0, :, 0].tolist(), strict=True))
    first, *_ = study.strategies
    return [score[key] - score[first] for key in strategies]


# Laws


@given(
    weights=weighed,
    top=st.sampled_from(RULES),
    against=st.sampled_from(["deaths", "trust", "delay"]),
    data=st.data(),
)
def test_a_swing_and_what_it_counts_for_change_the_total_equally(
    weights: dict[str, float], top: Choice, against: str, data: st.DataObject
) -> None:
    leaf = data.draw(st.sampled_from([key for key in weights if key != against]))
    found = swing(made(weights, {"base": BASE}, top=top), leaf, against=against)
    assert found.exact
    worst, best = ends(NUMERIC[against])
    if math.isnan(found.amount) or found.beyond:
        assert found.times > 1
        return
    low = {**BASE, leaf: found.start if leaf == "conduct" else float(found.start), against: worst}
    end = found.end if leaf == "conduct" else float(found.end)
    # Not beyond the scale: what is over is rounding.
    paid = worst + math.copysign(min(found.amount, abs(best - worst)), best - worst)
    levels = {
        "low": low,
        "swung": {**low, leaf: end},
        "paid": {**low, against: paid},
    }
    one, other = gained(made(weights, levels, top=top), "swung", "paid")
    assert one == pytest.approx(other, abs=1e-9)
    assert one > 0


@given(
    weights=weighed,
    results=st.sampled_from(RULES[1:]),
    leaf=st.sampled_from(["trust", "delay", "share"]),
)
def test_a_rate_at_a_point_is_what_small_moves_change_there(
    weights: dict[str, float], results: Choice, leaf: str
) -> None:
    study = made(weights, {"base": BASE}, results=results)
    rows = tradeoffs(study, against="deaths", at="base").rows
    rate = next(row for row in rows if row.criterion == leaf and row.kind == "rate")
    start, end = ends(NUMERIC[leaf])
    step = 1e-4 if end > start else -1e-4
    # A scale that rises and falls is met on the side of its swing, at a level of equal worth.
    stands = level_at(NUMERIC[leaf], float(worth(NUMERIC[leaf], BASE[leaf])))
    base = {**BASE, leaf: stands}
    levels = {
        "base": base,
        "moved": {**base, leaf: stands + step},
        "paid": {**base, "deaths": 400 - rate.amount * abs(step)},
    }
    one, other = gained(made(weights, levels, results=results), "moved", "paid")
    assert one == pytest.approx(other, rel=1e-3)
    assert not rate.exact


@given(weights=weighed)
def test_steps_of_an_ordinal_scale_add_up_to_its_swing(weights: dict[str, float]) -> None:
    rows = tradeoffs(made(weights, {"base": BASE}), against="deaths").rows
    steps = [row.amount for row in rows if row.kind == "step"]
    assert len(steps) == 2
    whole = next(row for row in rows if row.criterion == "conduct" and row.kind == "swing")
    assert sum(steps) == pytest.approx(whole.amount)


@given(weights=weighed)
def test_the_other_way_round_is_the_inverse(weights: dict[str, float]) -> None:
    study = made(weights, {"base": BASE})
    there = swing(study, "trust", against="deaths").times
    back = swing(study, "deaths", against="trust").times
    assert there * back == pytest.approx(1)


@given(st.sampled_from([*NUMERIC.values(), Scale(levels=((0, 0), (2, 0), (5, 1), (9, 1)))]),
       st.integers(0, 50))  # fmt: skip
def test_the_level_with_a_worth_has_it(scale: Scale, fiftieths: int) -> None:
    level = level_at(scale, fiftieths / 50)
    assert float(worth(scale, level)) == pytest.approx(fiftieths / 50, abs=1e-12)


def test_gradients_are_those_of_the_pieces_on_each_side() -> None:
    assert gradient(BENT, 0.6) == pytest.approx((0.5 / 300, 0.4 / 100))
    assert gradient(BENT, 0.0) == pytest.approx((0.1 / 600, 0.1 / 600))
    assert gradient(BENT, 1.0) == pytest.approx((0.4 / 100, 0.4 / 100))


# By hand


def test_twice_the_weight_is_twice_the_scale() -> None:
    study = made({**EQUAL, "trust": 20}, {"base": BASE})
    found = swing(study, "trust", against="deaths")
    assert (found.start, found.end) == ("-5", "95")
    assert [found.times, found.amount] == pytest.approx([2, 2000])
    assert found.beyond
    assert found.endorsed == "not endorsed"
    # 20 of 60 points of a group that holds 70 of 100.
    assert found.points == pytest.approx(100 * 0.7 / 3)


def test_a_bent_scale_is_counted_from_its_worst_end() -> None:
    study = made({**EQUAL, "trust": 5}, {"base": BASE})
    # Half of its worth stands between 400 (0.1) and 100 (0.6): at 160, 840 below 1000.
    assert swing(study, "trust", against="delay").amount == pytest.approx(840)
    double = made({**EQUAL, "trust": 20}, {"base": BASE})
    assert math.isnan(swing(double, "trust", against="delay").amount)


def test_what_the_total_does_not_move_with_has_no_rate() -> None:
    study = small.study()  # as strong as the weakest: upkeep does not matter where conduct is none
    found = swing(study, "trust", against="upkeep", at="keep")
    assert not found.exact
    assert math.isnan(found.times)
    assert "no amount, the total does not move with it" in str(tradeoffs(study, against="upkeep"))


def test_the_first_measure_of_effectiveness_with_a_unit_is_counted_in() -> None:
    found = tradeoffs(small.study())
    assert (found.against, found.scenario, found.at) == ("deaths", "reference", "keep")
    assert [row.criterion for row in found.rows if row.kind == "swing"] == [
        "trust",
        "upkeep",
        "conduct",
    ]


def signed(**changes: Any) -> str:
    """Return what is said of trust against deaths, with somebody's signature."""
    given = {"criterion": "trust", "against": "deaths", "by": "the panel", "reason": "as agreed"}
    study = made({**EQUAL, "trust": 5}, {"base": BASE}, endorsed=(Endorsement(**given | changes),))
    return swing(study, "trust", against="deaths").endorsed


def test_a_signature_holds_for_the_rate_that_was_signed() -> None:
    assert signed() == "endorsed by the panel: as agreed"
    assert signed(amount=500) == "endorsed by the panel: as agreed"
    told = "not endorsed: the panel signed 300, and the weights imply 500"
    assert signed(amount=300) == told
    assert signed(criterion="delay") == "not endorsed"


def test_the_table_has_a_row_a_move_and_names_the_unit() -> None:
    frame = tradeoffs(small.study()).table
    assert list(frame["kind"].unique()) == ["swing", "rate", "step"]
    assert set(frame["unit"]) == {"deaths a year"}
    assert frame.loc[frame["criterion"] == "trust", "amount"].tolist() == [pytest.approx(1000)]


# Faces and refusals


def test_the_command_prints_the_largest_first(capsys: pytest.CaptureFixture[str]) -> None:
    app(["tradeoffs", "mali", "--scenario", "budget_squeeze"], result_action="return_value")
    told = capsys.readouterr().out.split("\n")
    assert told[0] == "Trade-offs that the weights imply: Budget squeeze"
    assert told[1].startswith("ILLUSTRATIVE.")
    assert told[3] == (
        "- Fiscal space, 50 to 100 % of the costed plan: 4,040 deaths a year, "
        "2.69 times the whole scale; not endorsed"
    )
    assert told[-2] == "Not endorsed: 39 of 39."


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"against": "conduct"},
         "'conduct' is ordinal: its levels have no arithmetic (C3) "
         "(choose from 'deaths', 'trust', 'upkeep')"),
        ({"against": "spending"},
         "'spending' is no scored criterion (choose from 'deaths', 'trust', 'upkeep')"),
        ({"against": "deth"},
         "'deth' is no scored criterion (did you mean 'deaths'?)"),
        ({"scenario": "referenc"}, "no scenario 'referenc' (did you mean 'reference'?)"),
        ({"at": "reforms"}, "no strategy 'reforms' (did you mean 'reform'?)"),
    ],
)  # fmt: skip
def test_what_cannot_be_counted_in_is_refused(asked: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError) as told:  # noqa: PT011 - the exact words follow
        tradeoffs(small.study(), **asked)
    assert str(told.value) == message


def test_a_peak_and_a_weight_of_nothing_are_refused() -> None:
    study = made({**EQUAL, "trust": 0}, {"base": BASE})
    with pytest.raises(ValueError, match="'share' rises and falls, so that an amount of it"):
        tradeoffs(study, against="share")
    with pytest.raises(ValueError, match="'trust' weighs nothing in this scenario"):
        tradeoffs(study, against="trust")


def test_only_sound_studies_are_taken() -> None:
    with pytest.raises(TypeError, match=r"^tradeoffs takes a Study, not 'mali'$"):
        tradeoffs("mali")  # type: ignore[arg-type]
    with pytest.raises(StudyError):
        tradeoffs(small.study(analysts={}))


@pytest.mark.parametrize(
    ("endorsed", "expected"),
    [
        ({"criterion": "trusst"},
         "scenario reference: endorsed.0.criterion: 'trusst' is no scored criterion with a scale "
         "of its own (did you mean 'trust'?)"),
        ({"criterion": "deaths"},
         "scenario reference: endorsed.0.against: 'deaths' is held against itself "
         "(name another criterion)"),
    ],
)  # fmt: skip
def test_signatures_name_two_criteria(endorsed: dict[str, str], expected: str) -> None:
    given = {"criterion": "trust", "against": "deaths", "by": "ana", "reason": "because"}
    study = small.study(scenarios=(small.scenario(endorsed=(given | endorsed,)),))
    assert [str(problem) for problem in assess.check(study)] == [expected]


def test_a_rate_is_signed_once_and_where_the_weights_are() -> None:
    given = {"criterion": "trust", "against": "deaths", "by": "ana", "reason": "because"}
    lent = small.scenario("lent", weights={}, weights_from="reference", endorsed=(given,))
    study = small.study(scenarios=(small.scenario(endorsed=(given, given)), lent))
    assert [str(problem) for problem in assess.check(study)] == [
        "scenario reference: endorsed.1: 'trust' against 'deaths' is signed twice "
        "(keep one of the two)",
        "scenario lent: endorsed: signs exchange rates of weights that are those of 'reference' "
        "(sign them there)",
    ]
    signed_there = small.study(
        scenarios=(
            small.scenario(endorsed=(given,)),
            small.scenario("lent", weights={}, weights_from="reference"),
        )
    )
    found = swing(signed_there, "trust", scenario="lent")
    assert found.endorsed == "endorsed by ana: because"
    alone = swing(signed_there.only("lent"), "trust")
    assert alone.endorsed == "endorsed by ana: because"
