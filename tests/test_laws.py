"""Laws that every rule, weighting method, pooling centre and scale of the library keeps."""

from inspect import signature
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assess import aggregation, pooling, testing, weighting
from assess.model import Scale
from assess.testing.claims import pooling_subject, rule_subject, weighting_subject
from assess.testing.strategies import scales, values, weights

CLOSE = 1e-9
EXAMPLES = settings().max_examples

pytestmark = pytest.mark.law


def registered(module: Any, subject: Any) -> list[testing.Subject]:
    """Return every function of a registry, with what it claims."""
    names = module.__all__
    return [subject(getattr(module, name), examples=EXAMPLES) for name in names]


@testing.parametrize_with_laws(registered(aggregation, rule_subject))
def test_rules_keep_the_laws(subject: testing.Subject, law: Any) -> None:
    law(subject)


@testing.parametrize_with_laws(registered(weighting, weighting_subject), kind="weighting")
def test_weighting_methods_keep_the_laws(subject: testing.Subject, law: Any) -> None:
    law(subject)


@testing.parametrize_with_laws(registered(pooling, pooling_subject), kind="pooling")
def test_pooling_centres_keep_the_laws(subject: testing.Subject, law: Any) -> None:
    law(subject)


SCORING = [*registered(aggregation, rule_subject), *registered(pooling, pooling_subject)]


@pytest.mark.parametrize("subject", SCORING, ids=lambda subject: subject.name)
@given(data=st.data(), n=st.integers(1, 5))
def test_what_is_absent_counts_for_nothing_even_if_it_is_no_number(
    subject: testing.Subject, data: st.DataObject, n: int
) -> None:
    f, v, w = data.draw(subject.drawn()), data.draw(values((3, n))), data.draw(weights(n))
    zero, nan = (np.where(w == 0, absent, v) for absent in (0.0, np.nan))
    np.testing.assert_allclose(f.raw(nan, w), f.raw(zero, w), rtol=0, atol=CLOSE)


@pytest.mark.parametrize("subject", SCORING, ids=lambda subject: subject.name)
@given(data=st.data(), n=st.integers(1, 5))
def test_what_is_no_number_in_one_strategy_never_reaches_another(
    subject: testing.Subject, data: st.DataObject, n: int
) -> None:
    f, v = data.draw(subject.drawn()), data.draw(values((3, n)))
    w = data.draw(weights(n, zeros=False))
    alone = f.raw(v[[0, 2]], w)
    v[1, data.draw(st.integers(0, n - 1))] = np.nan
    among = f.raw(v, w)
    np.testing.assert_allclose(among[[0, 2]], alone, rtol=0, atol=CLOSE)
    assert np.isnan(among[1])


@pytest.mark.parametrize("function", [subject.function for subject in SCORING])
def test_all_but_values_and_weights_is_given_by_name(function: Any) -> None:
    first, second, *others = signature(function).parameters.values()
    assert (first.name, second.name) == ("values", "weights")
    assert first.kind == second.kind == first.POSITIONAL_OR_KEYWORD
    assert all(other.kind == other.KEYWORD_ONLY for other in others)


@given(scale=scales() | scales(kind="numeric", beyond="saturate"))
def test_scales_keep_the_laws(scale: Scale) -> None:
    testing.check_scale(scale, examples=5)


@given(data=st.data(), n=st.integers(1, 5))
def test_power_means_rise_with_their_exponent(data: st.DataObject, n: int) -> None:
    v, w = data.draw(values((3, n))), data.draw(weights(n))
    ladder = [-np.inf, -3.0, -1.0, -1e-12, 0.0, 1e-12, 0.5, 1.0, 2.0, np.inf]
    scores = [aggregation.power_mean(v, w, exponent=p) for p in ladder]
    assert (np.diff(scores, axis=0) >= -CLOSE).all()


@given(data=st.data(), n=st.integers(1, 5))
def test_special_power_means_are_the_named_rules(data: st.DataObject, n: int) -> None:
    v, w = data.draw(values((3, n))), data.draw(weights(n))
    for exponent, rule in (
        (1.0, aggregation.weighted_sum),
        (0.0, aggregation.weighted_product),
        (-np.inf, aggregation.weakest_link),
    ):
        power = aggregation.power_mean(v, w, exponent=exponent)
        np.testing.assert_allclose(power, rule(v, w), atol=CLOSE)


@given(data=st.data(), n=st.integers(1, 5))
def test_flat_order_weights_are_the_weighted_sum(data: st.DataObject, n: int) -> None:
    v, w = data.draw(values((3, n))), data.draw(weights(n))
    flat = aggregation.ordered_weighted(v, w, order_weights=[0.25] * 4)
    np.testing.assert_allclose(flat, aggregation.weighted_sum(v, w), atol=CLOSE)


@pytest.mark.parametrize("order_weights", [(0.5, 0.6), (1.5, -0.5), (np.nan, 1.0)])
def test_order_weights_that_are_no_weights_are_refused(order_weights: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="sum to 1"):
        aggregation.ordered_weighted([0.1], [1.0], order_weights=order_weights)


@pytest.mark.parametrize(
    ("name", "bad", "words"),
    [
        ("points", [1, -1], "at least 0"),
        ("points", [np.nan, 1], "at least 0"),
        ("points", [np.inf, 1], "at least 0"),
        ("points", [0, 0], "above 0"),
        ("points", [], "one number for each child"),
        ("swing", [90, 10], "must be 100"),
        ("fixed", [0.5, 0.6], "sum to 1.1"),
        ("rank_sum", [1, 3], "count from 1"),
        ("rank_sum", [1.5, 1], "count from 1"),
        ("rank_centroid", [0, 1], "count from 1"),
    ],
)
def test_judgements_that_cannot_become_weights_are_refused(
    name: str, bad: list[float], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        getattr(weighting, name)(bad)


@given(scale=scales(), worths=st.permutations([0.0, 1.0, 0.2, 1.0, 0.0]))
def test_worths_turn_at_most_once(scale: Scale, worths: list[float]) -> None:
    steps = np.sign(np.diff(scale.worths))
    turns = np.diff(steps[steps != 0])
    assert np.count_nonzero(turns) <= 1
    assume(np.count_nonzero(np.diff(np.sign(np.diff(worths))[np.diff(worths) != 0])) > 1)
    with pytest.raises(ValueError, match="turn more often"):
        Scale(levels=tuple(zip(range(5), worths, strict=True)))
