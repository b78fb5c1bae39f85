"""Stochastic dominance: published lotteries, the definitions in exact fractions, and its laws."""

from fractions import Fraction
from itertools import pairwise, permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.acceptability import (
    Lottery,
    first_order,
    from_scores,
    histogram_dominance,
    second_order,
    stochastic_dominance,
)

# Equally likely states. A, B and C are tosses of a die ("Stochastic dominance", Wikipedia): A and C
# dominate B. L1 to L3 are lotteries of a lecture on risk (Akhil Rao, 2015): L3 dominates L2 at
# first order, L1 dominates it at second order only. The rest follows from the cumulated shares.
STATES = {
    "A": [3, 3, 3, 1, 1, 1],
    "B": [1, 1, 1, 2, 2, 2],
    "C": [1, 1, 2, 2, 2, 2],
    "L1": [200, 200, 200, 200, 200, 200],
    "L2": [0, 0, 0, 0, 200, 1000],
    "L3": [0, 0, 400, 400, 1000, 1000],
}
EXPECTED = {
    ("A", "B"): (True, True),
    ("C", "B"): (True, True),
    ("B", "A"): (False, False),
    ("A", "C"): (False, False),
    ("C", "A"): (False, False),
    ("L3", "L2"): (True, True),
    ("L3", "L1"): (False, False),
    ("L1", "L3"): (False, False),
    ("L1", "L2"): (False, True),
    ("L2", "L1"): (False, False),
}


def lottery(states: list[int]) -> Lottery:
    """Return the lottery of equally likely states, equal outcomes together, the best first."""
    outcomes = sorted(set(states), reverse=True)
    return Lottery(outcomes, [states.count(x) / len(states) for x in outcomes])


@pytest.mark.parametrize(
    ("pair", "expected"), list(EXPECTED.items()), ids=["-".join(pair) for pair in EXPECTED]
)
def test_published_lotteries(pair: tuple[str, str], expected: tuple[bool, bool]) -> None:
    one, other = (STATES[name] for name in pair)
    for a in (one, lottery(one), one * 5):
        for b in (other, lottery(other), other * 7):
            assert (first_order(a, b), second_order(a, b)) == expected
    both = stochastic_dominance(np.array([one, other]).T)
    assert (both.first[0, 1], both.second[0, 1]) == expected
    grid = np.array([[states.count(x) for x in range(0, 1001)] for states in (one, other)])
    binned = histogram_dominance(grid)
    assert (binned.first[0, 1], binned.second[0, 1]) == expected


# By the definitions, in exact fractions: cumulated probabilities, and what lies under them.
Exact = dict[int, Fraction]


def cumulated(held: Exact, at: int) -> Fraction:
    return sum((p for x, p in held.items() if x <= at), Fraction(0))


def by_definition(one: Exact, other: Exact) -> tuple[bool, bool]:
    """Return whether one dominates: its cdf, or its integral, never above, once below."""
    points = sorted({*one, *other})
    gaps = [cumulated(other, x) - cumulated(one, x) for x in points]
    areas = [Fraction(0)]
    for gap, (low, high) in zip(gaps, pairwise(points), strict=False):
        areas.append(areas[-1] + gap * (high - low))
    return min(gaps) >= 0 and max(gaps) > 0, min(areas) >= 0 and max(areas) > 0


@st.composite
def lotteries(draw: st.DrawFn) -> Exact:
    """Return a lottery with few outcomes, and probabilities in odd fractions."""
    outcomes = draw(st.lists(st.integers(-3, 4), min_size=1, max_size=4, unique=True))
    parts = draw(st.lists(st.integers(1, 7), min_size=len(outcomes), max_size=len(outcomes)))
    return {x: Fraction(p, sum(parts)) for x, p in zip(outcomes, parts, strict=True)}


def given_as(held: Exact) -> Lottery:
    return Lottery(list(held), [float(p) for p in held.values()])


def relations(one: Exact, other: Exact) -> tuple[bool, bool]:
    a, b = given_as(one), given_as(other)
    return first_order(a, b), second_order(a, b)


@given(lotteries(), lotteries())
def test_lotteries_dominate_as_the_definitions_say(one: Exact, other: Exact) -> None:
    assert relations(one, other) == by_definition(one, other)


@given(lotteries(), lotteries())
def test_first_order_implies_second_and_neither_holds_both_ways(one: Exact, other: Exact) -> None:
    (first, second), (back, second_back) = relations(one, other), relations(other, one)
    assert second or not first
    assert second_back or not back
    assert not (first and back)
    assert not (second and second_back)
    assert relations(one, one) == (False, False)


@given(lotteries(), lotteries(), lotteries())
def test_dominance_is_transitive(one: Exact, two: Exact, three: Exact) -> None:
    for a, b, c in permutations((one, two, three)):
        for order in (0, 1):
            if relations(a, b)[order] and relations(b, c)[order]:
                assert relations(a, c)[order]


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=7),
    st.lists(st.integers(0, 5), min_size=1, max_size=7),
)
def test_draws_of_any_two_numbers_dominate_as_the_definitions_say(
    one: list[int], other: list[int]
) -> None:
    exact = [{x: Fraction(held.count(x), len(held)) for x in set(held)} for held in (one, other)]
    assert (first_order(one, other), second_order(one, other)) == by_definition(*exact)


gridded = st.lists(st.lists(st.integers(0, 5), min_size=3, max_size=3), min_size=1, max_size=9)


@given(gridded)
def test_a_matrix_holds_the_relations_of_its_pairs(drawn: list[list[int]]) -> None:
    scores = np.array(drawn)
    found = stochastic_dominance(scores)
    for i in range(3):
        for j in range(3):
            assert found.first[i, j] == first_order(scores[:, i], scores[:, j])
            assert found.second[i, j] == second_order(scores[:, i], scores[:, j])


@given(gridded, st.permutations(range(3)), st.randoms(use_true_random=False))
def test_the_order_of_strategies_and_of_draws_changes_nothing(
    drawn: list[list[int]], order: list[int], random: Any
) -> None:
    scores = np.array(drawn)
    found = stochastic_dominance(scores)
    rows = list(range(len(scores)))
    random.shuffle(rows)
    mixed = stochastic_dominance(scores[rows][:, order])
    np.testing.assert_array_equal(mixed.first, found.first[order][:, order])
    np.testing.assert_array_equal(mixed.second, found.second[order][:, order])


@given(gridded)
def test_histograms_of_gridded_draws_say_what_the_draws_say(drawn: list[list[int]]) -> None:
    scores = np.array(drawn)
    counts = np.array([np.bincount(column, minlength=6) for column in scores.T])
    found, exact = histogram_dominance(counts), stochastic_dominance(scores)
    np.testing.assert_array_equal(found.first, exact.first)
    np.testing.assert_array_equal(found.second, exact.second)


unit = st.floats(0, 1, exclude_max=True, allow_subnormal=False)


@given(
    st.lists(st.tuples(unit, unit), min_size=1, max_size=12),
    st.integers(1, 9),
)
def test_histograms_claim_nothing_that_draws_contradict_beyond_one_bin(
    drawn: list[tuple[float, float]], bins: int
) -> None:
    scores = np.array(drawn)
    place = np.floor(scores * bins).astype(int)
    counts = np.array([np.bincount(column, minlength=bins) for column in place.T])
    found = histogram_dominance(counts)
    for i, j in ((0, 1), (1, 0)):
        better = scores[:, i] + 1 / bins
        assert first_order(better, scores[:, j]) or not found.first[i, j]
        assert second_order(better, scores[:, j]) or not found.second[i, j]
        # Nor is a clear dominance overlooked: one by two bins in every draw.
        clear = np.array(
            [np.bincount(p, minlength=bins + 2) for p in (place[:, i] + 2, place[:, i])]
        )
        assert histogram_dominance(clear).first[0, 1]


def test_a_dominance_within_a_bin_is_not_seen() -> None:
    assert first_order([0.12, 0.14], [0.11, 0.13])
    assert not histogram_dominance([[2, 0], [2, 0]]).first.any()


def test_histograms_of_many_sets_are_each_for_itself() -> None:
    counts = np.random.default_rng(2).multinomial(20, [0.2] * 5, (3, 2, 4))
    found = histogram_dominance(counts)
    assert found.first.shape == found.second.shape == (3, 2, 4, 4)
    assert found.first.any()
    assert not found.first.flags.writeable
    for set_ in np.ndindex(3, 2):
        alone = histogram_dominance(counts[set_])
        np.testing.assert_array_equal(found.first[set_], alone.first)
        np.testing.assert_array_equal(found.second[set_], alone.second)


def test_a_strategy_ahead_in_every_draw_dominates_but_not_the_other_way_round() -> None:
    scores = np.random.default_rng(1).random((50, 1)) + np.array([0.1, 0.0])
    assert stochastic_dominance(scores).first.tolist() == [[False, True], [False, False]]
    never = from_scores([[1, 3], [3, 2], [2, 1]])
    assert never.winning[0, 1] == pytest.approx(2 / 3)
    assert not stochastic_dominance([[1, 3], [3, 2], [2, 1]]).first.any(), "the same distribution"


def test_noise_of_floats_is_no_dominance_and_hides_none() -> None:
    assert 0.1 + 0.2 != 0.3
    for order in (first_order, second_order):
        assert not order([0.1 + 0.2, 1], [0.3, 1])
        assert order([0.1 + 0.2, 1.1], [0.3, 1])
        assert order([0.3, 1.1], [0.1 + 0.2, 1])
        assert not order([1e9 + 1e-6, 0], [1e9, 0])
        assert order([1e9 + 1, 0], [1e9, 0])
        # Tenths do not sum to 1, and 0.1 + 0.2 is not 0.3.
        tenths = Lottery([0, 0, 1, 1], [0.1, 0.2, 0.4, 0.3])
        assert not order(tenths, Lottery([0, 1], [0.3, 0.7]))
        assert not order(Lottery([0, 1], [0.3, 0.7]), tenths)
        assert order(Lottery([0, 2], [0.3, 0.7]), tenths)


def test_one_better_draw_of_many_is_seen_however_little_it_is_better() -> None:
    worse = np.zeros(100_000)
    better = np.append(worse[1:], 1e-9)
    assert first_order(better, worse)
    assert second_order(better, worse)
    assert not second_order(worse, better)


def test_probabilities_that_were_rounded_are_taken_as_shares_of_their_sum() -> None:
    thirds = Lottery([0, 1, 2], [0.3333333333] * 3)
    for order in (first_order, second_order):
        assert not order(thirds, [0, 1, 2])
        assert not order([0, 1, 2], thirds)
        assert order([0, 1, 3], thirds)


def test_a_lottery_may_hold_outcomes_that_never_come() -> None:
    assert not first_order(Lottery([9, 1], [0, 1]), [1])
    assert first_order(Lottery([2, -9], [1, 0]), [1, 1, 1])


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (Lottery([1, 2], [1.0]), "1 probabilities do not fit 2 outcomes"),
        (Lottery([1, 2], [1.5, -0.5]), "a probability is negative: -0.5"),
        (Lottery([1, 2], [0.5, 0.4]), "probabilities sum to 0.9; they must sum to 1"),
        (Lottery([1, np.inf], [0.5, 0.5]), "outcomes hold inf; numbers are needed"),
        ([1, np.nan], "draws hold nan; numbers are needed"),
        ([[1, 2]], "draws of shape (1, 2) do not have 1 axes, none empty"),
    ],
)
def test_what_is_no_lottery_is_refused(one: Any, told: str) -> None:
    for order in (first_order, second_order):
        for pair in ((one, [1.0]), ([1.0], one)):
            with pytest.raises(ValueError) as error:  # noqa: PT011  # the whole text is compared
                order(*pair)
            assert str(error.value) == told


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        ([1, 2], "counts of shape (2,) do not have [..., strategy, bin]"),
        ([[0.5, 0.5]], "counts are float64; whole numbers of draws are needed"),
        ([[2, -1], [1, 0]], "a count is negative: -1"),
        ([[2, 1], [1, 1]], "strategies must hold equally many draws, not 2 and 3"),
        ([[0, 0], [0, 0]], "strategies must hold equally many draws, not 0 and 0"),
    ],
)
def test_what_is_no_histogram_is_refused(counts: Any, told: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011  # the whole text is compared
        histogram_dominance(counts)
    assert str(error.value) == told
