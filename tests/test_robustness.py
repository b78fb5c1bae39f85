"""Decision criteria over worlds: laws, published numbers, refusals in words."""

import json
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from assess import robustness
from tests.builders import SHARED

Array = NDArray[np.float64]

# Levels on a grid, so that ties are common and sums are exact.
PAYOFFS = arrays(
    np.float64,
    array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=5),
    elements=st.integers(-40, 40).map(lambda n: n / 8),
)


# Laws


@given(PAYOFFS)
def test_regret_is_never_negative_and_zero_for_somebody_in_each_world(payoffs: Array) -> None:
    found = robustness.regret(payoffs)
    assert (found >= 0).all()
    assert (found.min(axis=0) == 0).all()


@given(PAYOFFS)
def test_hurwicz_at_its_ends_is_maximin_and_maximax(payoffs: Array) -> None:
    assert np.array_equal(robustness.hurwicz(payoffs, 0), robustness.maximin(payoffs))
    assert np.array_equal(robustness.hurwicz(payoffs, 1), robustness.maximax(payoffs))


@given(PAYOFFS, st.integers(0, 4), st.integers(0, 16))
def test_a_dominated_strategy_changes_no_regret_of_others(
    payoffs: Array, of: int, less: int
) -> None:
    worse = payoffs[of % len(payoffs)] - less / 8
    more = robustness.regret(np.vstack([payoffs, worse]))
    assert np.array_equal(more[:-1], robustness.regret(payoffs))


def test_a_strategy_that_is_best_somewhere_can_change_who_has_the_least_regret() -> None:
    payoffs = np.array([[0.0, 9.0], [4.0, 4.0]])
    assert robustness.chosen(payoffs, "minimax_regret").tolist() == [True, False]
    third = np.vstack([payoffs, [8.5, -1.0]])
    assert robustness.chosen(third, "minimax_regret").tolist() == [False, True, False]


@given(PAYOFFS, st.sampled_from(robustness.CRITERIA), st.integers(-8, 8))
def test_one_constant_for_all_changes_no_choice(
    payoffs: Array, criterion: robustness.Criterion, constant: int
) -> None:
    moved = robustness.chosen(payoffs + constant, criterion)
    assert np.array_equal(moved, robustness.chosen(payoffs, criterion))


@given(PAYOFFS, st.sampled_from(robustness.CRITERIA))
def test_who_is_at_least_as_good_in_every_world_is_never_behind(
    payoffs: Array, criterion: robustness.Criterion
) -> None:
    found = robustness.scores(payoffs, criterion)
    for one, other in np.ndindex(len(payoffs), len(payoffs)):
        if (payoffs[one] >= payoffs[other]).all():
            assert found[one] >= found[other] - 1e-12


@given(PAYOFFS, st.sampled_from(robustness.CRITERIA), st.data())
def test_the_order_of_worlds_and_a_second_copy_of_all_of_them_change_nothing(
    payoffs: Array, criterion: robustness.Criterion, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(payoffs.shape[1])))
    other = np.concatenate([payoffs[:, order], payoffs], axis=1)
    found = robustness.scores(other, criterion)
    assert np.allclose(found, robustness.scores(payoffs, criterion), rtol=0, atol=1e-12)


@given(PAYOFFS, st.sampled_from(robustness.CRITERIA))
def test_a_world_decides_where_its_absence_changes_who_is_best(
    payoffs: Array, criterion: robustness.Criterion
) -> None:
    worlds = payoffs.shape[1]
    assume(worlds > 1)
    whole = robustness.chosen(payoffs, criterion).tolist()
    expected = [
        robustness.chosen(payoffs[:, [w for w in range(worlds) if w != out]], criterion).tolist()
        != whole
        for out in range(worlds)
    ]
    assert robustness.which_world_decides(payoffs, criterion).tolist() == expected


@given(PAYOFFS, st.lists(st.integers(-40, 40), min_size=1, max_size=4))
def test_a_higher_threshold_is_reached_in_no_more_worlds(payoffs: Array, given: list[int]) -> None:
    found = robustness.satisficing(payoffs, sorted(n / 8 for n in given))
    assert (np.diff(found.share, axis=0) <= 0).all()
    for place in np.ndindex(found.share.shape):
        inside = found.worlds(*place)
        assert found.share[place] == len(inside) / payoffs.shape[1]
        assert found.everywhere[place] == (len(inside) == payoffs.shape[1])
        assert all(payoffs[place[1], w] >= found.thresholds[place[0]] for w in inside)


@st.composite
def odds(draw: st.DrawFn, count: int) -> Array:
    """Return probabilities, some of them 0."""
    parts = draw(st.lists(st.integers(0, 9), min_size=count, max_size=count).filter(any))
    return np.array(parts) / sum(parts)


@given(PAYOFFS, st.data())
def test_perfect_information_is_worth_the_least_expected_regret(
    payoffs: Array, data: st.DataObject
) -> None:
    of = data.draw(odds(payoffs.shape[1]))
    best = robustness.expected_value(payoffs, of).max()
    knowing = (payoffs.max(axis=0) * of).sum()
    assert robustness.perfect_information(payoffs, of) == pytest.approx(knowing - best, abs=1e-9)


@given(PAYOFFS, st.data())
def test_a_report_is_worth_between_nothing_and_perfect_information(
    payoffs: Array, data: st.DataObject
) -> None:
    worlds = payoffs.shape[1]
    of = data.draw(odds(worlds))
    reports = np.stack([data.draw(odds(3)) for _ in range(worlds)], axis=1)
    found = robustness.sample_information(payoffs, of, reports)
    assert -1e-12 <= found <= robustness.perfect_information(payoffs, of) + 1e-9
    silent = robustness.sample_information(payoffs, of, np.full((2, worlds), 0.5))
    telling = robustness.sample_information(payoffs, of, np.eye(worlds))
    assert silent == pytest.approx(0, abs=1e-9)
    assert telling == pytest.approx(float(robustness.perfect_information(payoffs, of)), abs=1e-9)


@given(arrays(np.float64, (4, 3, 2), elements=st.integers(-8, 8).map(float)))
def test_draws_are_taken_one_by_one(payoffs: Array) -> None:
    for criterion in robustness.CRITERIA:
        found = robustness.chosen(payoffs, criterion)
        deciding = robustness.which_world_decides(payoffs, criterion)
        for draw, table in enumerate(payoffs):
            assert np.array_equal(found[draw], robustness.chosen(table, criterion))
            alone = robustness.which_world_decides(table, criterion)
            assert np.array_equal(deciding[draw], alone)


# Worked numbers: shared cases robustness-payoff-*, whose files name these sources.

LUMBER = ((200_000, -180_000), (100_000, -20_000), (0, 0))
STOCK = ((22_000, 12_000, -2_000), (14_000, 10_000, 6_000), (9_000, 8_000, 4_000))
TABLES: dict[str, tuple[tuple[float, ...], ...]] = {
    # JMcDM, test/testscdm.jl
    "robustness-payoff-3x4-laplace": (
        (3000, 2750, 2500, 2250),
        (1500, 4750, 8000, 7750),
        (2000, 5250, 8500, 11750),
    ),
    # Stevenson, Operations Management (read at brainmass.com/296727)
    "robustness-payoff-contractor": ((50, 60), (20, 80), (40, 70)),
    # Render and Stair, Quantitative Analysis for Management: Thompson Lumber
    "robustness-payoff-lumber-evpi-evsi": LUMBER,
    # solved textbook exercise, read at qammunity.org/6564695
    "robustness-payoff-stock-evpi": STOCK,
}
# By criterion: what each strategy comes to, and who is best.
WORKED: dict[str, dict[str, tuple[list[float], list[int]]]] = {
    "robustness-payoff-3x4-laplace": {
        "maximin": ([2250, 1500, 2000], [0]),
        "maximax": ([3000, 8000, 11750], [2]),
        "hurwicz": ([2625, 4750, 6875], [2]),
        "laplace": ([2625, 5500, 6875], [2]),
        "minimax_regret": ([9500, 4000, 1000], [2]),
    },
    "robustness-payoff-contractor": {
        "maximin": ([50, 20, 40], [0]),
        "maximax": ([60, 80, 70], [1]),
        "hurwicz": ([55, 50, 55], [0, 2]),
        "laplace": ([55, 50, 55], [0, 2]),
        "minimax_regret": ([20, 30, 10], [2]),
    },
    "robustness-payoff-lumber-evpi-evsi": {
        "maximin": ([-180_000, -20_000, 0], [2]),
        "maximax": ([200_000, 100_000, 0], [0]),
        "hurwicz": ([124_000, 76_000, 0], [0]),
        "laplace": ([10_000, 40_000, 0], [1]),
        "minimax_regret": ([180_000, 100_000, 200_000], [1]),
    },
    "robustness-payoff-stock-evpi": {
        "maximin": ([-2000, 6000, 4000], [1]),
        "maximax": ([22_000, 14_000, 9_000], [0]),
        "hurwicz": ([10_000, 10_000, 6_500], [0, 1]),
        "laplace": ([32_000 / 3, 10_000, 7_000], [0]),
        "minimax_regret": ([8_000, 8_000, 13_000], [0, 1]),
    },
}
OPTIMISM = {"robustness-payoff-lumber-evpi-evsi": 0.8}


@pytest.mark.parametrize("criterion", robustness.CRITERIA)
@pytest.mark.parametrize("case", TABLES)
def test_worked_tables_give_their_published_answers(
    case: str, criterion: robustness.Criterion
) -> None:
    values, best = WORKED[case][criterion]
    optimism = OPTIMISM.get(case, 0.5)
    found = robustness.scores(TABLES[case], criterion, optimism=optimism)
    sign = -1 if criterion == "minimax_regret" else 1
    assert (sign * found).tolist() == pytest.approx(values, abs=1e-9)
    chosen = robustness.chosen(TABLES[case], criterion, optimism=optimism)
    assert np.flatnonzero(chosen).tolist() == best


def test_regret_of_the_worked_tables() -> None:
    assert robustness.regret(STOCK).tolist() == [
        [0, 0, 8_000],
        [8_000, 2_000, 0],
        [13_000, 4_000, 2_000],
    ]
    assert robustness.regret(LUMBER).tolist() == [[0, 180_000], [100_000, 20_000], [200_000, 0]]


def test_stock_of_a_shop_expected_values_and_perfect_information() -> None:
    of = [0.3, 0.5, 0.2]
    found = robustness.expected_value(STOCK, of)
    assert found.tolist() == pytest.approx([12_200, 10_400, 7_500])
    assert float(robustness.perfect_information(STOCK, of)) == pytest.approx(1_600)


def test_thompson_lumber_perfect_and_sample_information() -> None:
    of, survey = [0.5, 0.5], [[0.7, 0.2], [0.3, 0.8]]
    assert robustness.expected_value(LUMBER, of).tolist() == [10_000, 40_000, 0]
    assert float(robustness.perfect_information(LUMBER, of)) == 60_000
    # The textbook rounds the posteriors and prints 19,200; exact is 19,000.
    assert float(robustness.sample_information(LUMBER, of, survey)) == pytest.approx(19_000)


CASES = SHARED / "cases"


@pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not here")
@pytest.mark.parametrize("case", TABLES)
def test_the_figures_here_are_those_of_the_shared_cases(case: str) -> None:
    told = json.loads((CASES / case / "expected.json").read_text(encoding="utf-8"))
    for criterion, (values, best) in WORKED[case].items():
        name = "max_regret" if criterion == "minimax_regret" else criterion
        assert told[name] == pytest.approx(values)
        assert told["best"][criterion] == best
    assert robustness.regret(TABLES[case]).tolist() == told["regret_matrix"]


# Refusals


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: robustness.maximin([1, 2]),
         "payoffs are [strategy, world], at least one of each: shape (2,)"),
        (lambda: robustness.regret(np.empty((0, 3))),
         "payoffs are [strategy, world], at least one of each: shape (0, 3)"),
        (lambda: robustness.maximax([[1.0, 2.0], [3.0]]),
         "payoffs are numbers, as many in each row: [[1.0, 2.0], [3.0]]"),
        (lambda: robustness.laplace(np.array([["1", "2"]])),
         "payoffs are numbers, as many in each row: array([['1', '2']], dtype='<U1')"),
        (lambda: robustness.laplace([[True, False]]),
         "payoffs are numbers, as many in each row: [[True, False]]"),
        (lambda: robustness.laplace([[1.0, 2.0], [3.0, np.nan]]),
         "payoffs are finite numbers: nan at [1, 1]"),
        (lambda: robustness.maximin([[float("-inf"), 2]]),
         "payoffs are finite numbers: -inf at [0, 0]"),
        (lambda: robustness.hurwicz([[1, 2]], 1.5), "optimism lies between 0 and 1: 1.5"),
        (lambda: robustness.hurwicz([[1, 2]], float("nan")),
         "optimism lies between 0 and 1: nan"),
        (lambda: robustness.scores([[1, 2]], "maximn"),  # type: ignore[arg-type]
         "no criterion 'maximn' (did you mean 'maximin'?)"),
        (lambda: robustness.which_world_decides([[1], [2]]),
         "one world alone decides everything: give two worlds or more"),
        (lambda: robustness.satisficing([[1, 2]], []),
         "thresholds are one number or a list of some: shape (0,)"),
        (lambda: robustness.satisficing([[1, 2]], [1, float("nan")]),
         "thresholds are finite numbers: nan at [1]"),
        (lambda: robustness.satisficing([[[1, 2]]], [1]).worlds(0, 0),
         "worlds of one table, not of draws: (1, 1, 1, 2)"),
        (lambda: robustness.expected_value([[1, 2]], [0.5, 0.6]),
         "probabilities sum to 1: these sum to 1.1"),
        (lambda: robustness.expected_value([[1, 2]], [1.5, -0.5]),
         "probabilities are not negative: -0.5"),
        (lambda: robustness.perfect_information([[1, 2]], [1]),
         "one probability a world, 2 in all: shape (1,)"),
        (lambda: robustness.sample_information([[1, 2]], [0.5, 0.5], [[1, 1, 1]]),
         "likelihoods are [report, world], with 2 worlds: shape (1, 3)"),
        (lambda: robustness.sample_information([[1, 2]], [0.5, 0.5], [[1, 0.2], [0, 0.7]]),
         "likelihoods in world 1 sum to 1: these sum to 0.9"),
    ],
)  # fmt: skip
def test_what_cannot_be_judged_is_refused_in_words(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()
