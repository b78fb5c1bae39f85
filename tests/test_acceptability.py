"""Acceptability at the level of arrays: exact geometry, other programs' numbers, closed forms."""

import csv
import gzip
import json
import tracemalloc
from dataclasses import fields
from math import factorial, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

import assess
from assess import acceptability
from assess.acceptability import (
    Acceptability,
    central_weights,
    entropy,
    from_scores,
    pairwise_winning,
    rank_acceptability,
    smaa,
)
from tests.builders import SHARED
from tests.goldens.make_acceptability import CASES, GOLDENS, META_WEIGHTS, draws

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
    assert found.error.confidence.tolist() == [0, 0, 0], "certain values leave nothing to draw"
    one = smaa([[[1.0, 0.0], [0.0, 1.0], [0.6, 0.6]]], weights(9, 2))
    assert one.error.confidence.tolist() == [0, 0, 0], "one draw of values for many of weights"


def test_draws_of_weights_count_alike_whatever_they_sum_to() -> None:
    values, held = np.random.default_rng(2).random((200, 4, 3)), weights(200, 3)
    factors = np.geomspace(1e-300, 1.5e308, 200)[:, None]
    found, expected = smaa(values, held * factors), smaa(values, held)
    for field in fields(expected):
        if field.name != "error":
            figures = getattr(found, field.name), getattr(expected, field.name)
            np.testing.assert_allclose(*figures, rtol=1e-12, atol=1e-15, err_msg=field.name)
    np.testing.assert_allclose(found.central.sum(axis=1), 1)
    points = smaa([[1, 0], [0, 1]], [[1, 3], [20, 20], [300, 100]])
    assert points.mean.tolist() == [0.5, 0.5]
    assert points.winning.tolist() == [[0.5, 0.5], [0.5, 0.5]]


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


RECORDED = json.loads(GOLDENS.read_text(encoding="utf-8"))


def array(held: Any) -> np.ndarray:
    """Return recorded numbers, NaN for null."""
    return np.array(held, dtype=np.float64)


@pytest.mark.parametrize(
    ("case", "golden"),
    list(zip(CASES, RECORDED["cases"], strict=True)),
    ids=[str(c[0]) for c in CASES],
)
def test_every_index_is_that_of_pysensmcda(case: tuple[Any, ...], golden: dict[str, Any]) -> None:
    """The same draws in another program; there, all who tie take the better rank."""
    assert RECORDED["pysensmcda"] == "2.0.0"
    found = smaa(*draws(*case))
    ahead = array(golden["winning"])
    off = ~np.eye(case[2], dtype=bool)
    np.testing.assert_allclose(found.winning[off], ((1 + ahead - ahead.T) / 2)[off], atol=1e-12)
    assert found.ranking_entropy == pytest.approx(golden["ranking_entropy"])
    assert found.relative_ranking_entropy == pytest.approx(golden["relative_ranking_entropy"])
    if golden["ties"]:
        return
    unbiased = sqrt(case[1] / (case[1] - 1))  # it divides by n where we divide by n - 1
    for name, figures, expected in (
        ("rank", found.rank, array(golden["rank"])),
        ("rank_error", found.error.rank, array(golden["rank_error"]) * unbiased),
        ("best", found.best, array(golden["best"])),
        ("central", found.central, array(golden["central"])),
        ("central_error", found.error.central, array(golden["central_error"])),
        ("confidence", found.confidence, array(golden["confidence"])),
        ("cross_confidence", found.cross_confidence, array(golden["cross_confidence"]).T),
        ("choice_entropy", found.choice_entropy, array(golden["choice_entropy"])),
        ("relative", found.relative_choice_entropy, array(golden["relative_choice_entropy"])),
    ):
        np.testing.assert_allclose(figures, expected, rtol=0, atol=1e-12, err_msg=name)
    for kind, expected in zip(META_WEIGHTS, golden["holistic"], strict=True):
        held = smaa(*draws(*case), meta_weights=kind).holistic
        np.testing.assert_allclose(held, array(expected), atol=1e-12, err_msg=kind)


def test_a_linear_model_of_normal_values_has_its_closed_form() -> None:
    """Values N(mean, sd) and fixed weights: who is ahead, and first, by normal integrals."""
    mean = np.array([[0.6, 0.3, 0.5], [0.5, 0.5, 0.4], [0.3, 0.6, 0.55]])
    sd = np.array([[0.2, 0.1, 0.3], [0.1, 0.3, 0.2], [0.25, 0.15, 0.1]])
    held, count = np.array([0.5, 0.3, 0.2]), 200_000
    values = np.random.default_rng(4).normal(mean, sd, (count, 3, 3))
    found = smaa(values, np.broadcast_to(held, (count, 3)))
    centre, variance = mean @ held, sd**2 @ held**2
    for i, j in ((0, 1), (0, 2), (1, 2)):
        ahead = norm.cdf((centre[i] - centre[j]) / sqrt(variance[i] + variance[j]))
        assert abs(found.winning[i, j] - ahead) < 5 * found.error.winning[i, j]
        apart = centre[i] - centre[j] + sqrt(variance[i] + variance[j]) * norm.ppf(found.levels)
        np.testing.assert_allclose(found.margin[:, i, j], apart, atol=0.005)
    for i in range(3):
        others = [j for j in range(3) if j != i]
        apart = np.eye(3)[others] - np.eye(3)[i]  # the others less this one: all below zero
        covariance = np.einsum("ac,c,bc->ab", apart, variance, apart)
        first = multivariate_normal.cdf([0, 0], mean=apart @ centre, cov=covariance)
        assert abs(found.first[i] - first) < 5 * found.error.rank[i, 0]
    assert (np.abs(found.mean - centre) < 5 * found.error.mean).all()
    np.testing.assert_allclose(found.error.mean, np.sqrt(variance / count), rtol=0.01)
    np.testing.assert_allclose(
        found.quantiles, centre + np.sqrt(variance) * norm.ppf(found.levels)[:, None], atol=0.005
    )


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


def alike(found: Acceptability, expected: Acceptability, order: list[int]) -> None:
    """Check that one is the other with strategies in another order."""
    square = {"winning", "margin", "cross_confidence"}
    last = {"quantiles"}
    for one, other in ((found, expected), (found.error, expected.error)):
        for field in fields(one):
            a, b = getattr(one, field.name), getattr(other, field.name)
            if field.name in square:
                b = b[..., order, :][..., order]
            elif field.name in last:
                b = b[:, order]
            elif field.name not in {"levels", "meta_weights", "draws", "error"} and np.ndim(b):
                b = b[order]
            if field.name != "error":
                np.testing.assert_allclose(a, b, atol=1e-12, err_msg=field.name)


drawn_values = st.lists(
    st.lists(
        st.lists(st.integers(0, 3).map(float), min_size=2, max_size=2), min_size=3, max_size=3
    ),
    min_size=1,
    max_size=12,
)


@given(drawn_values, st.permutations(range(3)), st.integers(0, 99))
def test_the_order_of_strategies_changes_no_index_and_no_error(
    values: list[list[list[float]]], order: list[int], seed: int
) -> None:
    v = np.array(values)
    held = np.random.default_rng(seed).integers(1, 4, (len(v), 2)).astype(float)
    alike(smaa(v[:, order], held), smaa(v, held), order)


@given(drawn_values, st.integers(0, 99))
def test_cross_confidence_has_confidence_on_its_diagonal_and_rows_that_sum_to_one(
    values: list[list[list[float]]], seed: int
) -> None:
    held = np.random.default_rng(seed).dirichlet([1, 1], len(values))
    found = smaa(values, held)
    np.testing.assert_array_equal(np.diagonal(found.cross_confidence), found.confidence)
    np.testing.assert_array_equal(np.diagonal(found.error.cross_confidence), found.error.confidence)
    known = ~np.isnan(found.confidence)
    np.testing.assert_allclose(found.cross_confidence[known].sum(axis=1), 1)
    np.testing.assert_array_equal(known, found.first > 0)


@given(drawn_values, st.integers(0, 99))
def test_a_strategy_dominated_in_every_draw_is_never_first(
    values: list[list[list[float]]], seed: int
) -> None:
    v = np.array(values)
    held = np.random.default_rng(seed).dirichlet([1, 1], len(v))
    found = smaa(np.concatenate([v, v[:, :1] - 0.5], axis=1), held)
    assert found.first[-1] == 0
    assert np.isnan(found.central[-1]).all()
    assert np.isnan(found.cross_confidence[-1]).all()
    assert found.winning[0, -1] == 1


@given(scores.filter(lambda drawn: len(drawn) > 1))
def test_errors_are_those_of_what_each_draw_gives(drawn: list[list[float]]) -> None:
    """Of a tie, each draw gives split shares; their spread over draws is what errors show."""
    one = [from_scores([row]) for row in drawn]
    found = from_scores(drawn)
    for name in ("rank", "best", "expected_rank", "holistic", "winning", "mean"):
        apart = np.array([getattr(each, name) for each in one])
        np.testing.assert_allclose(getattr(found, name), apart.mean(axis=0), atol=1e-12)
        error = apart.std(axis=0, ddof=1) / sqrt(len(drawn))
        np.testing.assert_allclose(getattr(found.error, name), error, atol=1e-7, err_msg=name)
        assert np.isnan(getattr(one[0].error, name)).all(), "of one draw, no error is known"


def test_a_tie_in_every_draw_leaves_no_doubt() -> None:
    found = from_scores([[0.3, 0.3, 0.3]] * 7)
    np.testing.assert_allclose(found.rank, 1 / 3)
    for name in ("rank", "best", "expected_rank", "holistic", "winning"):
        assert not getattr(found.error, name).any(), name
    assert found.ranking_entropy == 0


def test_ties_make_errors_smaller_than_those_of_whole_draws() -> None:
    """Two strategies, 100 draws: half tie, half have the one ahead: shares 1/2 and 1."""
    found = from_scores([[1, 1], [2, 1]] * 50)
    assert found.first.tolist() == [0.75, 0.25]
    assert found.error.rank[0, 0] == pytest.approx(0.25 / sqrt(99))
    assert found.error.rank[0, 0] < sqrt(0.75 * 0.25 / 99)


def test_central_weights_of_split_draws_have_the_error_of_a_ratio() -> None:
    """Repeated draws of 300 vary as much as the error of one says."""
    random = np.random.default_rng(3)
    held = random.dirichlet([1, 1], (400, 300))
    given = np.round(2 * np.einsum("rdc,ac->rda", held, np.array([[1, 0], [0.5, 0.5]])))
    found = [from_scores(s, w) for s, w in zip(given, held, strict=True)]
    assert (given[0, :, 0] == given[0, :, 1]).mean() > 0.2
    spread = np.std([each.central for each in found], axis=0)
    mean = np.mean([each.error.central for each in found], axis=0)
    np.testing.assert_allclose(mean, spread, rtol=0.15)


def test_scores_alone_have_no_central_weights_and_no_confidence() -> None:
    found = from_scores([[3.0, 1.0], [1.0, 2.0]])
    assert found.central.shape == found.error.central.shape == (2, 0)
    assert np.isnan(found.confidence).all()
    assert np.isnan(found.cross_confidence).all()
    assert not found.rank.flags.writeable
    assert not found.error.rank.flags.writeable


def test_blocks_of_draws_change_no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(5)
    values, held = random.integers(0, 3, (500, 4, 2)), random.integers(1, 5, (500, 2))
    whole = smaa(values, held)
    monkeypatch.setattr("assess.acceptability.places.BLOCK", 30)
    alike(smaa(values, held), whole, [0, 1, 2, 3])


def test_memory_stays_with_the_scores_and_not_with_pairs_or_criteria(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """5,000 draws of 30 strategies with ties: scores take 1.2 MB, a cell for each pair 36 MB."""
    random = np.random.default_rng(6)
    values, held = random.integers(0, 4, (30, 20)).astype(float), random.integers(0, 3, (5000, 20))
    monkeypatch.setattr("assess.acceptability.places.BLOCK", 2**13)
    tracemalloc.start()
    try:
        found = smaa(values, held)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found.error.rank[:, 0].any()
    assert peak < 6 * 5000 * 30 * 8


def test_the_known_meta_weights_are_those_written_out() -> None:
    drawn = [[3.0, 2.0, 1.0]] * 2
    for kind, expected in (
        ("centroid", [1, 5 / 11, 2 / 11]),
        ("linear", [1, 0.5, 0]),
        ("inverse", [1, 1 / 2, 1 / 3]),
        ([1, 0, 0], [1, 0, 0]),
    ):
        found = from_scores(drawn, meta_weights=kind)
        np.testing.assert_allclose(found.meta_weights, expected)
        np.testing.assert_allclose(found.holistic, expected)
    for kind in ("centroid", "linear", "inverse"):
        assert from_scores([[1.0]], meta_weights=kind).holistic.tolist() == [1]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            {"meta_weights": "centroids"},
            "there are no meta-weights 'centroids'; the known are centroid, linear, inverse",
        ),
        ({"meta_weights": [1, 0]}, "there are 2 meta-weights for 3 ranks"),
        (
            {"meta_weights": [1, 0.2, 0.3]},
            "meta-weights are 1 for the first rank, never rise and never fall below 0: "
            "[1.0, 0.2, 0.3]",
        ),
        (
            {"meta_weights": [0.5, 0.2, 0.1]},
            "meta-weights are 1 for the first rank, never rise and never fall below 0: "
            "[0.5, 0.2, 0.1]",
        ),
        (
            {"meta_weights": [1, 0.2, -0.1]},
            "meta-weights are 1 for the first rank, never rise and never fall below 0: "
            "[1.0, 0.2, -0.1]",
        ),
        ({"levels": [0.5, 1.5]}, "the level of a quantile lies between 0 and 1: 1.5"),
        ({"weights": [[1.0], [1.0]]}, "there are 2 draws of weights for 1 of scores"),
        ({"weights": [[-1.0]]}, "a weight is negative: -1"),
        ({"weights": [[0.0, 0.0]]}, "draw 0 of weights (from 0) is 0 for every criterion"),
    ],
)
def test_what_does_not_fit_scores_is_refused(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011  # the whole text is compared
        from_scores([[3.0, 2.0, 1.0]], **given)
    assert str(error.value) == told


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
        (
            [[1, 2], [2, 1]],
            [[0.5, 0.5], [0, 0], [0, 0]],
            r"^draw 1 of weights \(from 0\) is 0 for every criterion$",
        ),
        ([1, 2], [[0.5, 0.5]], r"values of shape \(2,\) do not have 3 axes, none empty"),
    ],
)
def test_what_is_no_draw_is_refused(values: object, held: object, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        smaa(values, held)  # type: ignore[arg-type]  # that is what is tested


def test_every_name_is_public() -> None:
    assert sorted(acceptability.__all__) == acceptability.__all__
