"""Triangles from percentiles, and their quantiles: laws, and figures worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.distributions import bins_from_triangle
from assess.triangles import triangle_ends, triangle_quantiles

SOME = st.floats(-100, 100, allow_nan=False)
SHARES = st.floats(0.001, 0.499)
THREE = st.tuples(SOME, SOME, SOME).map(sorted)


@given(THREE, SHARES)
def test_percentiles_of_the_triangle_are_those_it_was_made_from(
    three: list[float], tail: float
) -> None:
    low, mode, high = three
    a, b = triangle_ends(low, mode, high, tail=tail)
    assert a <= low <= mode <= high <= b
    found = triangle_quantiles(a, mode, b, [tail, 1 - tail])
    # Where the shares nearly meet, the triangle is far longer than the interval.
    ends = np.array([low, high])
    np.testing.assert_allclose(found, ends, rtol=0, atol=1e-12 * float(1 + b - a))


@given(THREE, st.floats(0.1, 10), SOME)
def test_ends_move_and_stretch_with_the_percentiles(
    three: list[float], factor: float, shift: float
) -> None:
    plain = np.array(triangle_ends(*three))
    moved = np.array(triangle_ends(*(factor * x + shift for x in three)))
    np.testing.assert_allclose(moved, factor * plain + shift, rtol=1e-9, atol=1e-7)


@given(THREE)
def test_a_mirrored_interval_has_the_mirrored_triangle(three: list[float]) -> None:
    low, mode, high = three
    a, b = triangle_ends(low, mode, high)
    other = triangle_ends(-high, -mode, -low)
    np.testing.assert_allclose([-other[1], -other[0]], [a, b], rtol=1e-9, atol=1e-9)


def test_worked_ends() -> None:
    # Symmetric: mode - low = s (1/2 - sqrt(0.05)), so s = 20 / (1 - 2 sqrt(0.05)) = 36.1803...
    a, b = triangle_ends(40, 50, 60)
    half = 10 / (1 - 2 * 0.05**0.5)
    assert (a.item(), b.item()) == pytest.approx((50 - half, 50 + half), abs=1e-9)
    # The mode is the 10th percentile: a tenth of the length lies below it, and
    # 90 - 10 = s (0.9 - sqrt(0.09)) = 0.6 s.
    a, b = triangle_ends(10, 10, 70)
    assert (a.item(), b.item()) == pytest.approx((0, 100), abs=1e-9)


def test_a_point_stays_a_point() -> None:
    assert [x.item() for x in triangle_ends(30, 30, 30)] == [30, 30]
    assert triangle_quantiles(30, 30, 30, [0, 0.3, 1]).tolist() == [30, 30, 30]


@given(THREE, st.lists(st.floats(0, 1), min_size=2, max_size=5).map(sorted))
def test_quantiles_rise_from_the_low_end_to_the_high_one(
    three: list[float], levels: list[float]
) -> None:
    low, mode, high = three
    found = triangle_quantiles(low, mode, high, [0, *levels, 1])
    assert (np.diff(found) >= -1e-9).all()
    assert found[0] == pytest.approx(low, abs=1e-9)
    assert found[-1] == pytest.approx(high, abs=1e-9)


@given(st.tuples(st.integers(0, 90), st.integers(0, 50), st.integers(1, 50)), st.floats(0.01, 0.99))
def test_quantiles_turn_the_bins_of_a_triangle_round(
    corners: tuple[int, int, int], level: float
) -> None:
    low, mode, high = np.cumsum(corners).astype(float)
    at = triangle_quantiles(low, mode, high, level).item()
    below = bins_from_triangle(low, mode, high, [-1.0, at, 201.0])[0]
    assert below == pytest.approx(level, abs=1e-9)


def test_what_is_no_triangle_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"^low, mode and high are not in rising order: \[1\.0, 3\.0, 2\.0\]$"
    ):
        triangle_ends(1, 3, 2)
    with pytest.raises(ValueError, match="not in rising order"):
        triangle_quantiles(float("nan"), 1, 2, 0.5)
    with pytest.raises(ValueError, match=r"^the tail is a share above 0 and below a half: 0\.5$"):
        triangle_ends(1, 2, 3, tail=0.5)
    with pytest.raises(ValueError, match=r"^levels lie between 0 and 1: \[1\.5\]$"):
        triangle_quantiles(1, 2, 3, 1.5)
