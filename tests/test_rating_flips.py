"""The fewest steps of ratings: what is found flips when evaluated, and no fewer steps do."""

import re
from itertools import combinations_with_replacement, product
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import assess
from assess.model import ABSENCE_MARKS, Analyst, Choice, Method, Rating, Ratings, Study
from assess.sensitivity import RatingFlips, rating_flips
from assess.sensitivity.steps import furthest_by_steps, ladder, pruned, rerated, steps_taken
from assess.testing import studies
from tests import small
from tests.builders import flat

COARSE = 0.25


def totals(study: Study) -> dict[str, float]:
    """Return the totals of the first scenario by strategy."""
    report = assess.evaluate(study)
    return dict(zip(study.strategies, report.score[0, :, 0].tolist(), strict=True))


def test_a_step_is_a_label_of_an_ordinal_scale_or_a_share_of_the_range() -> None:
    study = small.study()
    rows = {(row.strategy, row.criterion): i for i, row in enumerate(study.ratings)}
    assert ladder(study, rows["keep", "conduct"], 0.05, up=True).levels == ("none", "some", "all")
    assert ladder(study, rows["reform", "conduct"], 0.05, up=True).levels == ("all",) * 3
    deaths = ladder(study, rows["reform", "deaths"], 0.25, up=True)
    assert deaths.levels == ("400", "150", "0", "0", "0")
    assert deaths.worths == (0.6, 0.85, 1.0, 1.0, 1.0)
    saturated = ladder(study, rows["build", "upkeep"], 0.5, up=False)
    assert (saturated.levels, saturated.worths) == (("75", "30", "0"), (1.0, 0.5, 0.0))


def test_one_step_of_one_rating_is_found_and_told() -> None:
    study = flat({"one": [62, 40], "two": [50, 60]}, {"roads": 60, "wells": 40})
    # 53.2 against 54: one step of 5 points on roads gives one 3 points more.
    found = rating_flips(study, "reference", "one")
    assert isinstance(found, RatingFlips)
    assert (found.steps, found.exact) == (1, True)
    assert str(found) == (
        "reference: one ahead of two with 1 step (no fewer do): ana on one, roads: 62 to 67."
    )
    assert found.table.to_dict("records") == [
        {
            "analyst": "ana",
            "strategy": "one",
            "criterion": "roads",
            "level": "62",
            "becomes": "67",
            "steps": 1,
        }
    ]
    then = totals(found.rerated)
    assert then["one"] == pytest.approx(0.562)


def indifferent(values: Any, weights: Any) -> Any:
    """Score all alike."""
    return np.full(np.broadcast_shapes(np.shape(values), np.shape(weights))[:-1], 0.5)


def test_never_is_an_answer() -> None:
    tree = small.tree(rule=Choice(name="indifferent"))
    study = small.study(tree=tree, rules={"indifferent": indifferent})
    assert rating_flips(study, "reference", "build") is None


def flips_in(study: Study, steps: int) -> bool:
    """Whether any set of so many steps puts s0 ahead of s1, by evaluating every one of them."""
    ladders = [
        ladder(study, i, COARSE, up=row.strategy == "s0")
        for i, row in enumerate(study.ratings)
        if row.rating not in ABSENCE_MARKS
    ]
    for chosen in combinations_with_replacement(ladders, steps):
        taken = {x.row: min(chosen.count(x), len(x.levels) - 1) for x in chosen}
        levels = {x.row: x.levels[taken[x.row]] for x in chosen}
        then = totals(rerated(study, levels))
        if then["s0"] > then["s1"] + 1e-12:
            return True
    return False


@pytest.mark.law
@given(st.data())
def test_no_fewer_steps_flip_when_every_set_of_them_is_evaluated(data: st.DataObject) -> None:
    sums = data.draw(st.sampled_from([["weighted_sum"], None]))
    study = data.draw(studies(analysts=1, strategies=2, scenarios=1, rules=sums))
    general = study.ratings.select(study.ratings.scenario.matches(""))
    study = study.model_copy(update={"ratings": general})
    now = totals(study)
    assume(now["s0"] <= now["s1"] + 1e-12)
    found = rating_flips(study, "w0", "s0", "s1", step=COARSE, most_sets=500)
    assert found is not None
    then = totals(found.rerated)
    assert then["s0"] > then["s1"]
    assert not flips_in(study, min(found.at_least - 1, 1))
    if found.exact and found.steps == 1:
        assert flips_in(study, 1)


@pytest.mark.law
@given(st.data())
def test_what_is_found_with_several_analysts_flips_and_has_no_step_too_many(
    data: st.DataObject,
) -> None:
    study = data.draw(studies(strategies=2, scenarios=1))
    now = totals(study)
    assume(not np.isnan(list(now.values())).any())
    assume(now["s0"] <= now["s1"] + 1e-12)
    found = rating_flips(study, "w0", "s0", "s1", step=COARSE, most_sets=200)
    if found is None:
        return
    assert found.at_least <= found.steps == sum(item.steps for item in found.moved)
    then = totals(found.rerated)
    assert then["s0"] > then["s1"]
    for left_out in found.moved:
        levels = {item.row: item.becomes for item in found.moved if item is not left_out}
        without = totals(rerated(study, levels))
        assert without["s0"] <= without["s1"] + 1e-11


def test_where_rules_do_not_add_up_and_sets_are_too_many_a_bound_is_named() -> None:
    found = rating_flips(small.study(), "reference", "build", most_sets=1)
    assert found is not None
    assert (found.exact, found.at_least) == (False, 1)
    assert "(at least 1)" in str(found)
    exact = rating_flips(small.study(), "reference", "build", most_sets=400)
    assert exact is not None
    assert (exact.exact, exact.steps) == (True, 2)


def test_a_rating_that_outranks_its_own_range_loses_the_range() -> None:
    rows = [
        row.model_copy(update={"low": 60, "high": 65}) if row.rating == 62 else row
        for row in flat({"one": [62, 40], "two": [50, 60]}, {"roads": 60, "wells": 40}).ratings
    ]
    study = flat({"one": [62, 40], "two": [50, 60]}, {"roads": 60, "wells": 40})
    study = study.model_copy(update={"ratings": Ratings.from_rows(rows)})
    found = rating_flips(study, "reference", "one")
    assert found is not None
    assert [row.low for row in found.rerated.ratings if row.rating == 67] == [None]


def test_analysts_weigh_as_they_do_in_the_study() -> None:
    rows = [
        Rating(analyst=who, strategy=strategy, criterion=criterion, rating=level)
        for who, strategy, criterion, level in (
            ("ana", "one", "roads", 50), ("ben", "one", "roads", 50),
            ("ana", "two", "roads", 52), ("ben", "two", "roads", 52),
        )
    ]  # fmt: skip
    study = flat({"one": [50, 50], "two": [52, 50]}, {"roads": 100, "wells": 0})
    voices = {"ana": Analyst(weight=1), "ben": Analyst(weight=9)}
    study = study.model_copy(
        update={
            "analysts": voices,
            "ratings": Ratings.from_rows(rows),
            "method": Method(coverage_floor=0.5),
        }
    )
    found = rating_flips(study, "reference", "one")
    assert found is not None
    assert [(item.analyst, item.steps) for item in found.moved] == [("ben", 1)]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"step": 0}, "a step is a share of the range above 0 and at most 1: 0"),
        ({"challenger": "reform"}, "'reform' is ahead of 'build' already"),
        ({"challenger": "keep"}, "'keep' fails a gate that excludes in scenario 'reference'"),
        ({"scenario": "floods"}, "no scenario 'floods' (choose from 'reference')"),
    ],
)
def test_what_cannot_be_asked_is_refused(arguments: dict[str, Any], told: str) -> None:
    asked = {"scenario": "reference", "challenger": "build", **arguments}
    with pytest.raises(ValueError, match=f"^{re.escape(told)}$"):
        rating_flips(small.study(), **asked)


def test_analysts_weighed_by_agreement_are_refused() -> None:
    study = small.study(method=Method(analyst_weights="agreement"))
    with pytest.raises(ValueError, match="weighed by agreement, which every rating changes"):
        rating_flips(study, "reference", "build")


def test_steps_by_row_add_up_to_what_the_table_gains() -> None:
    random = np.random.default_rng(3)
    gains = np.concatenate([np.zeros((5, 1)), random.random((5, 4)).cumsum(axis=1)], axis=1)
    best, taken = furthest_by_steps(gains, 6)
    for n in range(7):
        steps = steps_taken(taken, n)
        assert sum(steps.values()) <= n
        assert sum(gains[r, k] for r, k in steps.items()) == pytest.approx(best[n])
        every = [
            sum(gains[r, k] for r, k in enumerate(chosen))
            for chosen in product(range(5), repeat=5)
            if sum(chosen) <= n
        ]
        assert max(every) == pytest.approx(best[n])


def test_pruning_leaves_no_step_that_can_be_left_out() -> None:
    worth = np.array([3, 2, 2])
    found = pruned(
        np.array([2, 2, 2]),
        lambda k: np.einsum("sr,r->s", k, worth) >= 5,
        lambda k: np.einsum("sr,r->s", k, worth).astype(float),
    )
    assert np.einsum("r,r->", found, worth) >= 5
    for r in np.flatnonzero(found):
        less = found.copy()
        less[r] -= 1
        assert np.einsum("r,r->", less, worth) < 5


def test_other_centres_than_the_mean_are_searched() -> None:
    study = small.study(method=Method(pooling=Choice(name="median")))
    found = rating_flips(study, "reference", "build", most_sets=400)
    assert found is not None
    then = totals(found.rerated)
    assert then["build"] > then["reform"]
