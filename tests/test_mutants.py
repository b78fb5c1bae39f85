"""Worked numbers at the edges of the arithmetic, where mutation testing found that none stood.

Each has its closed form in the test; `docs/mutation.md` says how the gaps were found.
"""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from numpy.typing import NDArray

from assess import aggregation, pooling, rollup, values, weighting
from assess.model import Criterion, Level, Scale, ValueTree

UNIT = Scale(worst=0, best=1)
FALLING = Scale(levels=((50, 1.0), (75, 0.8), (90, 0.5), (100, 0.0)))
LABELLED = Scale(
    levels={
        "none": Level(worth=0.0, anchor="no post is filled"),
        "half": Level(worth=0.4, anchor="every second post is filled"),
        "full": Level(worth=1.0, anchor="every post is filled"),
    }
)


@pytest.mark.parametrize(("level", "expected"), [(50, 1.0), (60, 0.92), (90, 0.5), (100, 0.0)])
def test_a_reference_level_counts_up_to_both_ends_of_its_scale(
    level: float, expected: float
) -> None:
    """Linear between (50, 1) and (75, 0.8): 1 - 0.2 * 10 / 25 = 0.92."""
    assert values.reference_worth(FALLING, level) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("level", [49.5, 100.5])
def test_a_reference_level_beyond_either_end_is_refused_with_both_ends(level: float) -> None:
    with pytest.raises(ValueError, match=f"^{level:g} is off the scale 50 to 100$"):
        values.reference_worth(FALLING, level)


def test_of_several_levels_off_the_scale_the_first_is_named() -> None:
    with pytest.raises(ValueError, match=r"^level 49 is off the scale 50 to 100$"):
        values.worth(FALLING, [60, 49, 101])


def test_a_label_is_read_as_its_place_among_the_labels() -> None:
    assert [values.level_of(LABELLED, text) for text in ("none", "half", "full")] == [0, 1, 2]
    assert values.reference_worth(LABELLED, "half") == 0.4


@pytest.mark.parametrize("text", ["1", "Half", ""])
def test_what_is_no_label_of_an_ordinal_scale_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"'{text}' is no level of this ordinal scale"):
        values.level_of(LABELLED, text)


@pytest.mark.parametrize("text", ["1_000", "\u0663", "\u0663_000", "nan", "inf", "1,5", ""])
def test_only_plain_finite_decimal_numbers_are_numbers(text: str) -> None:
    """Python itself reads 1_000 as 1000, and U+0663, a digit of the Arabic script, as 3."""
    with pytest.raises(ValueError, match="is not a finite number"):
        values.plain_number(text)


@pytest.mark.parametrize("share", [-0.1, 0.5, 0.6, np.inf, np.nan])
def test_a_share_that_leaves_nobody_or_adds_somebody_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match=r"the share cut from each side lies in \[0, 0\.5\)"):
        pooling.trimmed_mean([0.1, 0.4, 0.9], [1, 1, 1], share=share)


@pytest.mark.parametrize("given", [[0.5000002, 0.5000003], [0.4999997, 0.4999998]])
def test_fixed_weights_that_miss_1_by_rounding_come_out_at_1(given: list[float]) -> None:
    """They are divided by their sum, 1.0000005 or 0.9999995."""
    expected = [w / sum(given) for w in given]
    assert weighting.fixed(given).tolist() == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize("largest", [99.5, 99.999, 100.001, 100.5])
def test_the_largest_swing_is_100_and_not_nearly_100(largest: float) -> None:
    with pytest.raises(ValueError, match=f"the largest swing must be 100 .* it is {largest:g}"):
        weighting.swing([largest, 40.0])


@pytest.mark.parametrize(
    ("judgements", "named"),
    [
        ([0.0, 0.5, 3.0, -1.0, -2.0], "-1"),
        ([0.0, 0.5, -np.inf, -1.0], "-inf"),
        ([0.0, 0.5, np.nan, -1.0], "nan"),
        ([0.0, 0.5, np.inf, -1.0], "inf"),
    ],
)
def test_the_first_judgement_that_is_none_is_named(judgements: list[float], named: str) -> None:
    with pytest.raises(ValueError, match=f"one is {named}$"):
        weighting.points(judgements)


@pytest.mark.parametrize("judgements", [3.0, [[1.0, 2.0]], []])
def test_judgements_are_one_row_of_numbers(judgements: object) -> None:
    with pytest.raises(ValueError, match="judgements are one number for each child"):
        weighting.points(judgements)  # type: ignore[arg-type]


def test_groups_are_folded_from_the_lowest_up_whatever_their_rules_and_widths() -> None:
    """By hand: (0.2, 0.6), equal, is 0.4 as a sum and 0.2 by its weakest; beside it 0.8 and 0.9.

    The rules change places, so that no order of folding but that of heights fits both.
    """
    tree = ValueTree(
        id="top",
        criteria={
            "low": Criterion(parent="high"),
            "high": Criterion(),
            "a": Criterion(parent="low", scale=UNIT),
            "b": Criterion(parent="low", scale=UNIT),
            "c": Criterion(parent="high", scale=UNIT),
            "d": Criterion(scale=UNIT),
        },
    )
    weights = {node: np.full(2, 0.5) for node in tree.groups}
    leaves = np.array([{"a": 0.2, "b": 0.6, "c": 0.8, "d": 0.9}[leaf] for leaf in tree.leaves])
    add, least = aggregation.weighted_sum, aggregation.weakest_link
    for low, high, top, expected in (
        (add, least, add, {"low": 0.4, "high": 0.4, "top": 0.65}),
        (least, add, least, {"low": 0.2, "high": 0.5, "top": 0.5}),
        (add, add, least, {"low": 0.4, "high": 0.6, "top": 0.6}),
        (least, least, add, {"low": 0.2, "high": 0.2, "top": 0.55}),
    ):
        made = rollup.recipe(tree, weights, {"low": low, "high": high, "top": top})
        found = dict(zip(tree.nodes, rollup.fold(made, leaves).tolist(), strict=True))
        assert {node: found[node] for node in expected} == pytest.approx(expected, abs=1e-15)


WIDE = ValueTree(
    id="top",
    criteria={
        "two": Criterion(),
        "three": Criterion(),
        "a": Criterion(parent="two", scale=UNIT),
        "b": Criterion(parent="two", scale=UNIT),
        "c": Criterion(parent="three", scale=UNIT),
        "d": Criterion(parent="three", scale=UNIT),
        "e": Criterion(parent="three", scale=UNIT),
    },
)
WIDE_WEIGHTS = {
    "top": np.array([[[0.5, 0.5]], [[0.25, 0.75]]]),
    "two": np.array([0.75, 0.25]),
    "three": np.array([0.5, 0.25, 0.25]),
}


def wide() -> rollup.Recipe:
    """Return groups of two and of three children under a top with weights of two scenarios."""
    return rollup.recipe(
        WIDE, WIDE_WEIGHTS, dict.fromkeys(("top", "two", "three"), aggregation.weighted_sum)
    )


def test_an_absent_leaf_shares_its_weight_and_an_empty_group_leaves_the_tree() -> None:
    """By hand, of two strategies, a row each; the first lacks d, the second a and b."""
    values = np.array([[0.4, 0.8, 0.2, np.nan, 0.8], [np.nan, np.nan, 0.4, 0.8, 1.0]])
    found = dict(zip(WIDE.nodes, np.moveaxis(rollup.fold(wide(), values), -1, 0), strict=True))
    np.testing.assert_allclose(found["two"], [[0.5, np.nan]] * 2, atol=1e-15)
    np.testing.assert_allclose(found["three"], [[0.4, 0.65]] * 2, atol=1e-15)
    np.testing.assert_allclose(found["top"], [[0.45, 0.65], [0.425, 0.65]], atol=1e-15)


def test_bounds_put_worst_and_best_where_a_rating_is_absent() -> None:
    """By hand, weights of the first scenario; the second strategy lacks all of the first group."""
    values = np.array([[0.4, 0.8, 0.2, np.nan, 0.8], [np.nan, np.nan, 0.4, 0.8, 1.0]])
    low, high = rollup.bounds(wide(), values[None])[:, 0]
    place = {node: i for i, node in enumerate(WIDE.nodes)}
    expected = {
        "two": ([0.5, 0.0], [0.5, 1.0]),
        "three": ([0.3, 0.65], [0.55, 0.65]),
        "top": ([0.4, 0.325], [0.525, 0.825]),
    }
    for node, (least, most) in expected.items():
        np.testing.assert_allclose(low[:, place[node]], least, atol=1e-15)
        np.testing.assert_allclose(high[:, place[node]], most, atol=1e-15)


def test_a_recipe_cannot_be_changed_and_is_equal_to_itself_alone() -> None:
    """Equality of the fields would ask arrays for one truth value."""
    made, again = wide(), wide()
    with pytest.raises(FrozenInstanceError):
        made.nodes = 3  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        made.steps[0].rule = aggregation.weakest_link  # type: ignore[misc]
    assert made != again
    assert made.steps[0] != again.steps[0]
    assert len({made, again, *made.steps}) == 2 + len(made.steps)


@pytest.mark.parametrize("order", [[0.5000002, 0.5000003], [0.4999997, 0.4999998]])
def test_order_weights_that_miss_1_by_rounding_leave_equal_children_as_they_are(
    order: list[float],
) -> None:
    """They are divided by their sum, 1.0000005 or 0.9999995."""
    found = aggregation.ordered_weighted([0.8, 0.8], [0.5, 0.5], order_weights=order)
    assert found.item() == pytest.approx(0.8, abs=1e-15)


@pytest.mark.parametrize("order", [[[0.5, 0.5]], [[0.5], [0.5]], 1.0])
def test_order_weights_are_one_row_of_numbers(order: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        aggregation.ordered_weighted([0.2, 0.8], [0.5, 0.5], order_weights=order)  # type: ignore[arg-type]


@pytest.mark.parametrize("points", [(8, 4, 6, 2, 6), (7, 2, 4, 7, 5), (1,) * 10, (1,) * 49])
@pytest.mark.parametrize("exponent", [0.5, 1.0, 2.0])
def test_zeros_score_zero_whichever_way_their_weights_round(
    points: tuple[int, ...], exponent: float
) -> None:
    """The sum of some of these comes out at 1.0000000000000002; no power of it is asked for."""
    w = weighting.points(points)
    assert aggregation.power_mean(np.zeros(len(w)), w, exponent=exponent).item() == 0


def test_a_rule_is_given_sound_weights_and_values_even_where_all_is_absent() -> None:
    """Four strategies: one whole, one that lacks a leaf, one a group, one everything."""

    def exacting(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
        np.testing.assert_allclose(weights.sum(axis=-1), 1, rtol=0, atol=1e-15)
        assert not ((values < 0) | (values > 1)).any()
        return aggregation.weighted_sum(values, weights)

    made = rollup.recipe(WIDE, WIDE_WEIGHTS, dict.fromkeys(("top", "two", "three"), exacting))
    values = np.full((4, len(WIDE.leaves)), 0.5)
    values[1, 3], values[2, :2], values[3] = np.nan, np.nan, np.nan
    tops = rollup.fold(made, values)[..., WIDE.nodes.index("top")]
    np.testing.assert_allclose(tops, [[0.5, 0.5, 0.5, np.nan]] * 2, atol=1e-15)
