"""The nearest weights: exact on the simplex, level when evaluated, and nothing nearer flips."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import assess
from assess.model import Study
from assess.sensitivity import NearestWeights, nearest_weights
from assess.sensitivity.simplex import NORMS, Norm, nearest_on_simplex
from assess.testing import studies
from tests import small
from tests.builders import flat


def size(moved: Any, norm: Norm) -> Any:
    """Return how large changes of weights [..., child] are."""
    if norm == "l2":
        return np.sqrt((moved**2).sum(-1))
    return np.abs(moved).sum(-1) if norm == "l1" else np.abs(moved).max(-1)


@pytest.mark.law
@pytest.mark.parametrize("norm", NORMS)
@given(seed=st.integers(0, 10**6))
def test_no_weights_found_by_search_are_nearer(norm: Norm, seed: int) -> None:
    random = np.random.default_rng(seed)
    n, rivals = int(random.integers(2, 7)), int(random.integers(1, 4))
    now, gains = random.dirichlet(np.ones(n)), random.normal(size=(rivals, n))
    found = nearest_on_simplex(now, gains, norm)
    spread = random.dirichlet(np.full(n, 0.5), size=2000)
    near = now + (spread - now) * random.random((2000, 1))
    around = np.abs((now if found is None else found) + random.normal(size=(2000, n)) * 0.02)
    tried = np.vstack([np.eye(n), spread, near, around / around.sum(-1, keepdims=True)])
    flips = (np.einsum("kc,gc->kg", tried, gains) > 0).all(-1)
    if found is None:
        assert not flips.any()
        return
    assert found.min() >= 0
    assert found.sum() == pytest.approx(1, abs=1e-12)
    assert np.einsum("gc,c->g", gains, found).min() > -1e-9
    if flips.any():
        assert size(found - now, norm) <= size(tried[flips] - now, norm).min() + 1e-9


def totals(study: Study, scenario: str) -> dict[str, float]:
    """Return the totals by strategy."""
    report = assess.evaluate(study.only(scenario))
    return dict(zip(study.strategies, report.score[0, :, 0].tolist(), strict=True))


@pytest.mark.law
@given(st.data())
def test_at_the_nearest_weights_the_challenger_is_level_when_evaluated(data: st.DataObject) -> None:
    absent, norm = data.draw(st.booleans()), data.draw(st.sampled_from(NORMS))
    drawn = studies(scenarios=1, absent=absent, floor=0.5, rules=["weighted_sum"])
    study = data.draw(drawn)
    node = data.draw(st.sampled_from((None, *study.tree.groups)))
    leader = data.draw(st.sampled_from((None, "s1")))
    leaves = data.draw(st.booleans())
    try:
        found = nearest_weights(study, "w0", "s0", leader, norm=norm, node=node, leaves=leaves)
    except ValueError as refused:
        found, told = None, str(refused)
    else:
        told = ""
    assert not told or re.search("are missing|has no total|can be compared", told)
    if found is None:
        return
    then = totals(found.reweighted, "w0")
    gaps = [then["s0"] - then[rival] for rival in found.rivals]
    assert min(gaps) > -1e-9
    if found.change > 0:
        assert min(gaps) < 1e-9


def test_two_weights_move_to_where_the_flip_is() -> None:
    # 10 w - 20 (1 - w) is the lead of one over two: level where w is 2/3.
    study = flat({"one": [60, 40], "two": [50, 60]}, {"roads": 80, "wells": 20})
    for norm, change in (("l1", 4 / 15), ("l2", 2 / 15 * 2**0.5), ("max", 2 / 15)):
        found = nearest_weights(study, "reference", "two", norm=norm)  # type: ignore[arg-type]
        assert isinstance(found, NearestWeights)
        assert found.change == pytest.approx(change)
        assert found.weights["roads"] == pytest.approx(2 / 3)
        assert str(found) == (
            "reference, two draws level at: roads 66.7 % (now 80.0 %), wells 33.3 % (now 20.0 %)."
        )


def test_weights_of_all_leaves_do_what_those_of_one_node_cannot() -> None:
    tree = small.tree()
    means = tree.criteria["means"].model_copy(update={"rule": None})
    study = small.study(
        tree=tree.model_copy(update={"criteria": {**tree.criteria, "means": means}}),
    )
    jointly = nearest_weights(study, "reference", "build", "reform", leaves=True, norm="l2")
    assert jointly is not None
    then = totals(jointly.reweighted, "reference")
    assert then["build"] == pytest.approx(then["reform"], abs=1e-9)
    assert nearest_weights(study, "reference", "build", "reform") is None


def test_never_is_an_answer() -> None:
    study = flat({"one": [60, 70], "two": [50, 60]}, {"roads": 80, "wells": 20})
    assert nearest_weights(study, "reference", "two") is None


def test_a_challenger_that_is_ahead_already_needs_no_change() -> None:
    study = flat({"one": [60, 70], "two": [50, 60]}, {"roads": 80, "wells": 20})
    found = nearest_weights(study, "reference", "one")
    assert found is not None
    assert found.change == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"scenario": "referense"}, "no scenario 'referense' (did you mean 'reference'?)"),
        ({"challenger": "biuld"}, "no strategy 'biuld' (did you mean 'build'?)"),
        ({"leader": "build"}, "leader and challenger are both 'build': name two strategies"),
        ({"leader": "keep"}, "'keep' fails a gate that excludes in scenario 'reference'"),
        ({"node": "resluts"}, "no group 'resluts' (did you mean 'results'?)"),
        ({"norm": "l3"}, "no norm 'l3' (choose from 'l1', 'l2', 'max')"),
        (
            {"node": "means"},
            "the nearest weights are exact where scores add up; 'means' is weakest_link; "
            "weight_flips finds single weights there",
        ),
        (
            {"leaves": True},
            "the nearest weights are exact where scores add up; 'means' is weakest_link",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused(arguments: dict[str, Any], told: str) -> None:
    asked = {"scenario": "reference", "challenger": "build", **arguments}
    with pytest.raises(ValueError, match=f"^{re.escape(told)}$"):
        nearest_weights(small.study(), **asked)


def test_missing_ratings_that_bend_the_line_are_named() -> None:
    rows = [row for row in small.rows() if (row.strategy, row.criterion) != ("build", "deaths")]
    told = "ratings of 'build' and 'reform' below 'results' are missing, so that totals are no"
    with pytest.raises(ValueError, match=told):
        nearest_weights(small.study(rows), "reference", "build", "reform", node="results")
