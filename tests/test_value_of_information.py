"""Value of information from draws: closed forms, laws, refusals."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from assess.value_of_information import partial_information, perfect_information

DRAWS = 100_000


def unit_normal_loss(mean: float, deviation: float) -> float:
    """Return E max(0, Z) - max(0, mean) of a normal Z (Raiffa and Schlaifer 1961, ch. 5)."""
    z = abs(mean) / deviation
    return float(deviation * stats.norm.pdf(z) - abs(mean) * stats.norm.cdf(-z))


def two_normals() -> tuple[Any, Any]:
    """Return X ~ N(2, 3), Y ~ N(0, 4), and the benefits of doing nothing and of X + Y."""
    draw = np.random.default_rng(7)
    x, y = draw.normal(2, 3, DRAWS), draw.normal(0, 4, DRAWS)
    return np.stack([x, y], axis=-1), np.stack([np.zeros(DRAWS), x + y], axis=-1)


def test_two_normal_inputs_are_worth_what_the_unit_normal_loss_says() -> None:
    """EVPI 1.1522, EVPPI of X 0.4534 and of Y 0.7912: they do not add up."""
    inputs, benefits = two_normals()
    expected = (unit_normal_loss(2, 5), unit_normal_loss(2, 3), unit_normal_loss(2, 4))
    np.testing.assert_allclose(expected, [1.1521941847, 0.4533589415, 0.7911862296], atol=1e-9)
    found = (
        perfect_information(benefits),
        partial_information(inputs[:, :1], benefits),
        partial_information(inputs[:, 1:], benefits),
    )
    for worth, known in zip(found, expected, strict=True):
        assert abs(worth.value - known) < 4 * worth.error + 0.003
        assert worth.value == pytest.approx(known, rel=0.03)


def test_both_inputs_together_are_worth_as_much_as_everything() -> None:
    inputs, benefits = two_normals()
    both, everything = partial_information(inputs, benefits), perfect_information(benefits)
    assert both.value == pytest.approx(everything.value, rel=1e-9)


def test_what_benefits_do_not_depend_on_is_worth_nothing() -> None:
    _, benefits = two_normals()
    noise = np.random.default_rng(8).random((DRAWS, 3))
    assert partial_information(noise, benefits).value < 1e-4
    certain = np.ones((DRAWS, 1))
    assert partial_information(certain, benefits).value == 0.0


def test_an_interaction_of_two_inputs_is_seen() -> None:
    """X Y of two signs is worth nothing on average, and a half if both are known."""
    draw = np.random.default_rng(3)
    signs = draw.choice([-1.0, 1.0], (DRAWS, 2))
    benefits = np.stack([np.zeros(DRAWS), signs[:, 0] * signs[:, 1] - 0.001], axis=-1)
    assert partial_information(signs, benefits).value == pytest.approx(0.5, abs=0.01)
    assert partial_information(signs[:, :1], benefits).value < 0.01


def test_the_error_is_how_far_runs_lie_apart() -> None:
    values = []
    errors = []
    for seed in range(40):
        draw = np.random.default_rng(seed)
        x = draw.normal(1, 2, 2000)
        noise = draw.normal(0, 1, 2000)
        found = partial_information(x[:, None], np.stack([0 * x, x + noise], axis=-1))
        values.append(found.value)
        errors.append(found.error)
    assert np.std(values) == pytest.approx(np.mean(errors), rel=0.5)
    assert np.mean(values) == pytest.approx(
        unit_normal_loss(1, 2), abs=float(4 * np.std(values) / 6)
    )


@given(st.integers(0, 2**32), st.integers(2, 4), st.integers(1, 3))
def test_information_is_never_worth_less_than_nothing_nor_more_than_everything(
    seed: int, options: int, inputs: int
) -> None:
    draw = np.random.default_rng(seed)
    x = draw.random((400, inputs))
    y = x @ draw.normal(size=(inputs, options)) + draw.normal(size=(400, options))
    some, everything = partial_information(x, y), perfect_information(y)
    assert 0 <= some.value <= everything.value + 3 * (some.error + everything.error)


@pytest.mark.parametrize(
    ("inputs", "benefits", "told"),
    [
        (np.zeros(50), np.zeros((50, 2)), "inputs have the shape [draw, column], not [50]"),
        (np.zeros((50, 1)), np.zeros((60, 2)), "inputs have 50 draws, benefits 60"),
        (np.zeros((39, 1)), np.zeros((39, 2)), "inputs have 39 draws; at least 40 are needed"),
        (np.full((50, 1), np.nan), np.zeros((50, 2)), "inputs[0, 0] is nan, expected a number"),
    ],
)
def test_what_cannot_be_computed_with_is_refused_in_words(
    inputs: Any, benefits: Any, told: str
) -> None:
    with pytest.raises(ValueError, match=r".") as raised:
        partial_information(inputs, benefits)
    assert str(raised.value) == told
