"""Acceptability at the level of arrays: exact geometry, R's own example, and its laws."""

import csv
import gzip
import json
from math import factorial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import assess
from assess import acceptability
from assess.acceptability import (
    central_weights,
    entropy,
    pairwise_winning,
    rank_acceptability,
    smaa,
)
from tests.builders import SHARED

THROMBO = SHARED / "cases" / "uncertainty-smaa-thrombo"


def weights(draws: int, criteria: int) -> np.ndarray:
    return np.random.default_rng(1).dirichlet(np.ones(criteria), draws)


def test_three_strategies_on_a_line_by_exact_geometry() -> None:
    """(1, 0), (0, 1) and (0.6, 0.6) under w1 uniform: the third is best for w1 in (0.4, 0.6)."""
    found = smaa([[1.0, 0.0], [0.0, 1.0], [0.6, 0.6]], weights(100_000, 2))
    expected = [[0.4, 0.1, 0.5], [0.4, 0.1, 0.5], [0.2, 0.8, 0.0]]
    np.testing.assert_allclose(found.rank, expected, atol=0.008)
    np.testing.assert_allclose(found.central, [[0.8, 0.2], [0.2, 0.8], [0.5, 0.5]], atol=0.005)
    assert found.confidence.tolist() == [1, 1, 1]


def test_a_dominated_strategy_has_no_central_weights() -> None:
    """R smaa 0.3-3, tests/nacw.R."""
    found = smaa([[1, 1, 1], [0, 0, 0]], weights(1000, 3))
    assert found.rank.tolist() == [[1, 0], [0, 1]]
    assert np.isnan(found.central[1]).all()
    assert found.confidence[0] == 1
    assert np.isnan(found.confidence[1])


@pytest.mark.skipif(not THROMBO.is_dir(), reason="the shared cases are not beside the checkout")
def test_heparin_and_enoxaparin_come_out_as_in_r() -> None:
    """R smaa 0.3-3, its own example; 10,000 given draws of values and weights."""
    expected = json.loads((THROMBO / "expected.json").read_text(encoding="utf-8"))
    with gzip.open(THROMBO / "thrombo.csv.gz", "rt", encoding="utf-8") as file:
        rows = np.array(list(csv.reader(file))[1:], dtype=np.float64)
    values, held = rows[:, :6].reshape(-1, 2, 3), rows[:, 6:]
    found = smaa(values, held)
    for name, figures in (
        ("rank_acceptability", found.rank),
        ("central_weights", found.central),
        ("confidence_factor", found.confidence),
        ("mean_value", found.mean),
        ("ranking_entropy_bits", found.ranking_entropy),
        ("choice_entropy_bits", found.choice_entropy),
    ):
        np.testing.assert_allclose(figures, expected[name], rtol=0, atol=1e-9, err_msg=name)
    off = ~np.eye(2, dtype=bool)
    np.testing.assert_allclose(found.winning[off], np.array(expected["pairwise_winning"])[off])
    fixed = smaa(values, np.broadcast_to([0.5, 0.2, 0.3], held.shape)).rank[:, 0]
    np.testing.assert_allclose(fixed, expected["fixed_weights_.5_.2_.3_first_rank"], atol=1e-9)


scores = st.lists(
    st.lists(st.integers(0, 4).map(float), min_size=3, max_size=3), min_size=1, max_size=20
)


@given(scores)
def test_shares_sum_to_one_both_ways_and_ties_share(drawn: list[list[float]]) -> None:
    rank = rank_acceptability(drawn)
    np.testing.assert_allclose(rank.sum(axis=0), 1, atol=1e-12)
    np.testing.assert_allclose(rank.sum(axis=1), 1, atol=1e-12)
    assert (rank >= -1e-12).all()


@given(scores)
def test_ranks_are_those_counted_one_by_one(drawn: list[list[float]]) -> None:
    expected = np.zeros((3, 3))
    for row in drawn:
        for i, score in enumerate(row):
            ahead, tied = sum(x > score for x in row), sum(x == score for x in row)
            expected[i, ahead : ahead + tied] += 1 / tied
    np.testing.assert_allclose(rank_acceptability(drawn), expected / len(drawn), atol=1e-12)


@given(scores, st.permutations(range(3)))
def test_the_order_of_strategies_changes_nothing(
    drawn: list[list[float]], order: list[int]
) -> None:
    s = np.array(drawn)
    np.testing.assert_allclose(rank_acceptability(s[:, order]), rank_acceptability(s)[order])
    winning = pairwise_winning(s)
    np.testing.assert_allclose(pairwise_winning(s[:, order]), winning[order][:, order])
    np.testing.assert_allclose(winning + winning.T, 1)


@given(scores, st.floats(0.1, 10))
def test_scores_on_another_scale_rank_alike(drawn: list[list[float]], factor: float) -> None:
    s = np.array(drawn)
    np.testing.assert_allclose(rank_acceptability(factor * s), rank_acceptability(s), atol=1e-12)


def test_indices_of_a_simulation_are_those_of_its_arrays() -> None:
    """One block of the Mali example, drawn by the simulation and counted here."""
    from assess.simulation.block import chance, drawn
    from assess.simulation.plan import plan
    from assess.simulation.tally import SHARE, tally

    study = assess.load("mali")
    made = plan(study)
    one = drawn(study, made, chance(made, "sfc64", 1, 0), study.method.uncertainty.errors)
    counted = tally(study, made, one)
    within = np.ones((len(study.tree.nodes), *one.held[0].shape[1:]))
    for node, drawn_weights in zip(study.tree.groups, one.held, strict=True):
        places = [study.tree.nodes.index(child) for child in study.tree.children[node]]
        within[places] = drawn_weights
    for s in range(len(study.scenarios)):
        totals = one.totals[s].T
        np.testing.assert_allclose(
            counted.order.rank[s] / (SHARE * counted.draws), rank_acceptability(totals), atol=1e-12
        )
        ahead = pairwise_winning(totals)[np.triu_indices(5, 1)]
        tied = counted.draws - counted.order.ahead[s] - counted.order.behind[s]
        np.testing.assert_allclose((counted.order.ahead[s] + tied / 2) / counted.draws, ahead)
        held = central_weights(totals, within[:, s].T)
        share = counted.order.rank[s, :, :1] / SHARE
        with np.errstate(invalid="ignore"):
            np.testing.assert_allclose(counted.central[s] / 2**30 / share, held, atol=1e-6)


def test_entropy_of_equal_shares_is_the_logarithm_of_their_number() -> None:
    assert entropy([0.25] * 4) == 2
    assert entropy([1, 0]) == 0
    every = np.array([[3, 2, 1], [3, 1, 2], [2, 3, 1], [1, 3, 2], [2, 1, 3], [1, 2, 3]])
    values = np.broadcast_to(every[:, :, None], (6, 3, 1))
    found = smaa(values, np.ones((6, 1)))
    assert found.ranking_entropy == pytest.approx(np.log2(factorial(3)))


@pytest.mark.parametrize(
    ("values", "held", "told"),
    [
        ([[1, 2]], [[1.0]], r"values of shape \(1, 1, 2\) do not fit weights of shape \(1, 1\)"),
        ([[1, np.nan]], [[0.5, 0.5]], "values hold nan; numbers are needed"),
        ([[1, 2]], [[1.5, -0.5]], "a weight is negative: -0.5"),
        ([1, 2], [[0.5, 0.5]], r"values of shape \(2,\) do not have 3 axes, none empty"),
    ],
)
def test_what_is_no_draw_is_refused(values: object, held: object, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        smaa(values, held)  # type: ignore[arg-type]  # that is what is tested


def test_every_name_is_public() -> None:
    assert sorted(acceptability.__all__) == acceptability.__all__
