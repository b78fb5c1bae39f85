"""Names to functions: what is bound, what is refused, and which promises of a rule are tried."""

import re
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from assess import aggregation, pooling
from assess.choices import bind, promise_broken, trial
from assess.model import Choice

Array = NDArray[np.float64]


def mine(values: Array, weights: Array, *, share: float = 0.5) -> Array:
    """Return a share of the weighted sum."""
    return share * aggregation.weighted_sum(values, weights)


def test_a_choice_without_arguments_is_the_function_itself() -> None:
    assert bind(Choice(name="weakest_link"), aggregation) is aggregation.weakest_link


def test_the_users_own_function_wins_over_one_of_the_library() -> None:
    chosen = Choice(name="weighted_sum", parameters={"share": 0.25})
    bound = bind(chosen, aggregation, {"weighted_sum": mine})
    assert bound([1.0, 1.0], [0.5, 0.5]) == 0.25


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (Choice(name="meen"), "'meen' is unknown (did you mean 'mean'?)"),
        (
            Choice(name="trimmed_mean", parameters={"shar": 0.1}),
            "trimmed_mean takes no argument 'shar' (did you mean 'share'?)",
        ),
        (
            Choice(name="mean", parameters={"share": 0.1}),
            "mean takes no argument 'share' (it takes none)",
        ),
    ],
    ids=lambda item: item if isinstance(item, str) else "",
)
def test_a_choice_that_cannot_be_bound_says_what_can(choice: Choice, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)) as caught:
        bind(choice, pooling)
    assert str(caught.value) == message


def test_an_argument_that_a_rule_needs_is_asked_for() -> None:
    with pytest.raises(ValueError, match="power_mean needs the argument 'exponent'"):
        bind(Choice(name="power_mean"), aggregation)


def test_a_trial_says_that_an_argument_has_the_wrong_type() -> None:
    bound = bind(Choice(name="power_mean", parameters={"exponent": "1"}), aggregation)
    with pytest.raises(ValueError, match="an argument has the wrong type"):
        trial(bound)


def raising(_values: Array, _weights: Array) -> Array:
    """Refuse whatever comes."""
    raise RuntimeError("not today")


@pytest.mark.parametrize(
    ("function", "broken"),
    [
        (raising, "cannot be applied to values [..., criterion]: not today"),
        (
            lambda values, _weights: values,
            "gives shape (5, 5, 2) for values of shape (5, 5, 2); reduce the last axis",
        ),
        (lambda values, _weights: 3 * values[..., 0], "gives 0 to 3; a score lies in [0, 1]"),
        (
            lambda values, _weights: 1 - values[..., 0],
            "gives less for a better child; a rule never falls",
        ),
        (
            lambda values, _weights: values.max(axis=-1),
            "a child of weight 0 changes its score; leave it out: np.where(weights > 0, values, 1)",
        ),
        (mine, ""),
    ],
)
def test_a_function_that_is_no_rule_is_told_which_promise_it_breaks(
    function: Any, broken: str
) -> None:
    assert promise_broken(function) == broken
