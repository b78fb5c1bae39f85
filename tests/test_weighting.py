"""Judgements that are no weights: refused with the one that is wrong."""

import re
from collections.abc import Callable

import pytest

from assess import weighting


@pytest.mark.parametrize(
    ("method", "judgements", "message"),
    [
        (weighting.fixed, [0.5, 0.4], "fixed weights must sum to 1; these sum to 0.9"),
        (weighting.points, [3.0, -1.0], "a judgement must be a number of at least 0; one is -1"),
        (weighting.points, [3.0, float("nan")], "one is nan"),
        (weighting.points, [3.0, float("inf")], "one is inf"),
        (weighting.points, [0.0, 0.0], "at least one judgement must be above 0"),
        (weighting.points, [], "judgements are one number for each child"),
        (weighting.points, [[1.0, 2.0]], "judgements are one number for each child"),
        (weighting.swing, [90.0, 50.0], "the largest swing must be 100"),
        (weighting.rank_sum, [1.0, 3.0], "equal ranks share the best place"),
        (weighting.rank_centroid, [1.5, 1.5], "ranks count from 1"),
    ],
)
def test_judgements_that_are_no_weights_are_refused(
    method: Callable[[object], object], judgements: object, message: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        method(judgements)


def test_fixed_weights_that_sum_to_1_but_for_rounding_are_taken() -> None:
    assert weighting.fixed([0.3333333, 0.3333333, 0.3333334]).sum() == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize("method", [weighting.rank_sum, weighting.rank_centroid])
def test_tied_ranks_share_what_their_places_are_worth(
    method: Callable[[object], list[float]],
) -> None:
    apart, tied = method([1, 2, 3]), method([1, 2, 2])
    assert tied[0] == pytest.approx(apart[0])
    assert list(tied[1:]) == pytest.approx([(apart[1] + apart[2]) / 2] * 2)
