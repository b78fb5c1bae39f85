"""How far a rating may be off: through the scale, by confidence, cut at the ends (C8)."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import assess
from assess.intervals import value_intervals
from assess.model import Criterion, Evidence, HalfWidths, Method, Rating, Scale, Strategy
from assess.values import worth
from tests import small

Floats = NDArray[np.float64]

# Rises, stays at the top, falls; and one whose peak is a point.
PLATEAU = Scale(levels=((0, 0.2), (10, 1.0), (20, 1.0), (40, 0.0)))
POINT = Scale(levels=((0, 0.0), (30, 1.0), (100, 0.4)))
FALLING = Scale(worst=100, best=0)
RISING = Scale(worst=0, best=40, beyond="saturate")
GOOD = Evidence(grade="B2", source="a report")


def rated(scale: Scale, *levels: tuple[Any, Any, Any], **fields: Any) -> assess.Study:
    """Return a study of one rating a strategy, (low, rating, high), on one leaf of a scale."""
    rows = [
        Rating(
            analyst="ana", strategy=f"s{i}", criterion="leaf", rating=level, low=low, high=high,
            **fields,
        )
        for i, (low, level, high) in enumerate(levels)
    ]  # fmt: skip
    tree = small.tree(id="small", criteria={"leaf": Criterion(scale=scale)})
    plain = small.scenario(weights={})
    strategies = {f"s{i}": Strategy() for i in range(len(levels))}
    return small.study(rows, tree=tree, scenarios=(plain,), strategies=strategies)


def points(study: assess.Study) -> list[list[float]]:
    """Return low, mode and high of every rating in points of 100."""
    found = value_intervals(study)
    rows = zip(found.low, found.mode, found.high, strict=True)
    return [[round(100 * float(x), 9) for x in row] for row in rows]


@st.composite
def three_levels(draw: st.DrawFn, scale: Scale) -> tuple[float, float, float]:
    """Draw low, level and high in rising order on a scale."""
    ends = st.floats(scale.at[0], scale.at[-1], allow_nan=False)
    low, level, high = sorted(draw(st.tuples(ends, ends, ends)))
    return low, level, high


@given(st.data(), st.sampled_from([PLATEAU, POINT, FALLING, RISING]))
def test_own_ends_are_the_extremes_over_the_interval(data: st.DataObject, scale: Scale) -> None:
    low, level, high = data.draw(three_levels(scale))
    found = value_intervals(rated(scale, (low, level, high)))
    between = [at for at in scale.at if low < at < high]
    every = worth(scale, [low, level, high, *between, *np.linspace(low, high, 101).clip(low, high)])
    assert found.own.tolist() == [True]
    assert found.low[0] == pytest.approx(every.min(), abs=1e-12)
    assert found.high[0] == pytest.approx(every.max(), abs=1e-12)
    assert found.low[0] <= found.mode[0] <= found.high[0]


@given(
    st.floats(0, 100, allow_nan=False),
    st.sampled_from(["high", "moderate", "low", None]),
    st.sampled_from([GOOD, Evidence(), Evidence(grade="C3", source="radio")]),
)
def test_evidence_moves_the_ends_and_never_the_mode(
    level: float, confidence: Any, evidence: Evidence
) -> None:
    plain = value_intervals(rated(FALLING, (None, level, None)))
    found = value_intervals(
        rated(FALLING, (None, level, None), confidence=confidence, evidence=evidence)
    )
    assert found.mode[0] == plain.mode[0] == worth(FALLING, level)
    assert plain.low[0] <= found.low[0] <= found.mode[0] <= found.high[0] <= plain.high[0]
    assert not found.own.any()


def test_half_widths_are_those_of_the_confidence_that_the_evidence_allows() -> None:
    cells: list[tuple[Any, Evidence]] = [
        ("high", GOOD),
        ("moderate", GOOD),
        ("low", GOOD),
        ("high", Evidence(grade="B2")),
    ]
    cells += [("high", Evidence(grade="C3", source="radio")), (None, GOOD)]
    found = [
        points(rated(FALLING, (None, 50, None), confidence=c, evidence=e))[0] for c, e in cells
    ]
    widths = [high - 50 for _, _, high in found]
    assert widths == [6, 12, 20, 20, 12, 20]
    assert [50 - low for low, _, _ in found] == widths


def test_the_study_s_own_half_widths_hold() -> None:
    study = rated(FALLING, (None, 50, None), confidence="moderate", evidence=GOOD)
    method = Method(half_widths=HalfWidths(high=1, moderate=7, low=9))
    assert points(study.model_copy(update={"method": method})) == [[43, 50, 57]]


def test_ends_from_confidence_are_cut_at_0_and_100() -> None:
    study = rated(FALLING, (None, 95, None), (None, 2, None), (None, 0, None))
    assert points(study) == [[0, 5, 25], [78, 98, 100], [80, 100, 100]]


def test_a_falling_scale_swaps_the_ends() -> None:
    assert points(rated(FALLING, (20, 30, 70))) == [[30, 70, 80]]


def test_a_peak_inside_the_interval_is_its_upper_end() -> None:
    levels = [(15, 60, 100), (40, 60, 100), (15, 20, 25), (30, 30, 65)]
    assert points(rated(POINT, *levels)) == [
        [40, 74.285714286, 100],
        [40, 74.285714286, 91.428571429],
        [50, 66.666666667, 83.333333333],
        [70, 100, 100],
    ]


def test_a_plateau_that_the_interval_only_touches_is_its_upper_end() -> None:
    levels = [(20, 30, 35), (12, 15, 18), (5, 25, 30), (25, 25, 30)]
    assert points(rated(PLATEAU, *levels)) == [
        [25, 50, 100],
        [100, 100, 100],
        [50, 75, 100],
        [50, 75, 75],
    ]


def test_own_ends_beyond_a_scale_that_saturates_are_those_of_its_end() -> None:
    assert points(rated(RISING, (30, 50, 60))) == [[75, 100, 100]]


def test_labels_have_the_worths_of_their_own_low_and_high() -> None:
    found = points(rated(small.PRACTICE, ("none", "some", "all"), ("some", "some", "all")))
    assert found == [[0, 40, 100], [40, 40, 100]]


@pytest.mark.parametrize("mark", ["?", "withheld"])
def test_a_row_without_a_level_has_no_interval(mark: str) -> None:
    found = value_intervals(rated(FALLING, (None, mark, None), (None, 50, None)))
    for ends in (found.low, found.mode, found.high):
        assert np.isnan(ends).tolist() == [True, False]
    assert not found.own.any()


def test_a_rating_of_a_group_lies_on_value_points() -> None:
    rows = [
        Rating(analyst="ana", strategy="keep", criterion="results", rating=40),
        Rating(analyst="ana", strategy="build", criterion="results", rating=40, low=30, high=80),
        *(r for r in small.rows() if r.strategy == "reform"),
    ]
    assert points(small.study(rows))[:2] == [[20, 40, 60], [30, 40, 80]]


def test_a_study_without_ratings_has_no_intervals() -> None:
    found = value_intervals(small.study([]))
    assert [len(x) for x in (found.low, found.mode, found.high, found.own)] == [0, 0, 0, 0]


def test_intervals_are_made_once_and_cannot_be_written_to() -> None:
    study = small.study()
    found = value_intervals(study)
    assert value_intervals(study) is found
    with pytest.raises(ValueError, match="read-only"):
        found.low[0] = 0.5


def test_explain_shows_the_same_intervals() -> None:
    report = assess.evaluate(assess.load("mali"))
    found = value_intervals(report.study)
    parts = assess.explain(report, strategy="protect_and_govern").parts
    lines = [line for part in parts for line in part.ratings]
    assert len(lines) > 40
    for line in lines:
        ends = (found.low[line.row], found.mode[line.row], found.high[line.row])
        shown = [line.low, line.worth, line.high]
        np.testing.assert_array_equal(np.array(ends) * 100, shown)
