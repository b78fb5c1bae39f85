"""Krippendorff's alpha: observed beside expected disagreement, for any number of raters and gaps.

With n ratings that can be paired, n_u of them in unit u, and a distance d between two values,

    alpha = 1 - (n - 1) sum_u [sum_{i,j in u} d^2(v_i, v_j) / (n_u - 1)] / sum_{i,j} d^2(v_i, v_j)

Every distance that Krippendorff defines is Euclidean in some features x of a value: the value
itself (interval), its middle rank (ordinal), waves in its logarithm (ratio). A sum over pairs is
then a sum of squares, sum_{i,j} |x_i - x_j|^2 = 2 n sum_i |x_i - mean|^2, so that no table of
coincidences is needed, however many values there are.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assess.agreement.bootstrap import how, multiplicities, resampled
from assess.agreement.panel import (
    Floats,
    Panel,
    checked_confidence,
    compared,
    joined,
    refuse_negative,
    word,
)
from assess.agreement.result import Agreement

__all__ = ["krippendorff_alpha"]

Places = NDArray[np.int64]

_ALIKE = "all ratings are the same, so agreement cannot be told from chance"
# Squares this far below their mean are rounding: differences of a millionth of the usual one.
_ROUNDING = 1e-12


def krippendorff_alpha(
    ratings: ArrayLike,
    *,
    level: str = "interval",
    confidence: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> Agreement:
    """Set the disagreement seen within units beside that expected by chance.

    alpha = 1 - D_observed / D_expected: 1 is perfect agreement, 0 is chance, below 0 is worse.

    Args:
        ratings: [rater, unit], NaN where missing; units with one rating do not count.
        level: what differences mean: "nominal" (same or not), "ordinal" (ranks between),
            "interval" (v - w) or "ratio" ((v - w) / (v + w), no negative ratings).
        confidence: of the interval.
        draws: for the interval, a percentile bootstrap that resamples units and computes alpha
            anew; 0 for no interval.
        seed: of the draws.

    Returns:
        Alpha; NaN where all ratings are the same.

    Raises:
        ValueError: an unknown level, an infinite or (for "ratio") negative rating, or no two
            raters who rated the same unit.

    References:
        Krippendorff (2019), Content Analysis, ch. 12, doi:10.4135/9781071878781; the interval:
        Zapf et al. (2016), doi:10.1186/s12874-016-0200-9.

    >>> nan = float("nan")
    >>> ratings = [[1, 2, 3, 3, 2, nan], [1, 2, 3, 4, 2, 5], [nan, 3, 3, 3, 2, 5]]
    >>> krippendorff_alpha(ratings, level="ordinal")
    0.872 (95 % interval 0.35 to 1.00; 3 raters, 6 units)
    """
    alphas = _LEVELS[word(level, _LEVELS, "level")]
    panel = compared(ratings)
    if level == "ratio":
        refuse_negative(panel.ratings)
    method, counts = f"Krippendorff's alpha, {level}", panel.counts
    if np.nanmin(panel.ratings) == np.nanmax(panel.ratings):
        note = joined(_ALIKE, panel.note)
        return Agreement(
            np.nan, confidence=checked_confidence(confidence), **counts, method=method, note=note
        )
    alpha, units = alphas(panel), panel.there.shape[1]
    drawn = [alpha(block) for block in multiplicities(units, draws, seed)]
    low, high, lost = resampled(drawn, units, confidence)
    return Agreement(
        alpha(np.ones((1, units))).item(),
        low=low,
        high=high,
        confidence=confidence,
        **counts,
        method=method,
        interval=how(draws, seed),
        note=joined(panel.note, lost),
    )


# Units drawn [draw, unit] times to alpha [draw].
_Alphas = Callable[[Floats], Floats]


def _interval(panel: Panel) -> _Alphas:
    there, n = panel.there, panel.sizes
    x = np.where(there, panel.ratings, 0.0)
    x -= there * (x.sum() / n.sum())
    sums, squares = x.sum(axis=0), np.einsum("ru,ru->u", x, x)
    x -= there * (sums / n)
    within = n * np.einsum("ru,ru->u", x, x) / (n - 1)
    return _of_sums(n, within, squares, [sums])


def _ratio(panel: Panel) -> _Alphas:
    tally = _tally(panel)
    n, unit, times = tally.sizes, tally.unit, tally.times
    within, squares = np.zeros_like(n), np.zeros_like(n)
    sums: list[Floats] = []
    for wave in _waves(tally.values):
        x = wave[tally.value]
        x -= (times * x).sum() / n.sum()
        sums.append(np.bincount(unit, times * x).astype(np.float64))
        squares += np.bincount(unit, times * x**2)
        x -= (sums[-1] / n)[unit]
        within += n * np.bincount(unit, times * x**2) / (n - 1)
    return _of_sums(n, within, squares, sums)


def _of_sums(n: Floats, within: Floats, squares: Floats, sums: list[Floats]) -> _Alphas:
    """Return alpha from sums over each unit of features less their mean.

    Args:
        n: [unit], ratings.
        within: [unit], n sum |x - mean of the unit|^2 / (n - 1).
        squares: [unit], sum |x|^2.
        sums: of each feature, [unit], sum x.
    """
    by_unit = np.stack([n, within, squares, *sums], axis=1)
    usual = squares.sum() / n.sum()

    def alphas(drawn: Floats) -> Floats:
        total = np.einsum("du,uk->dk", drawn, by_unit)
        n, within, squares = total[:, 0], total[:, 1], total[:, 2]
        spread = squares - (total[:, 3:] ** 2).sum(axis=1) / n
        return _alpha(n, within, np.where(spread > _ROUNDING * usual * n, n * spread, 0.0))

    return alphas


def _alpha(n: Floats, within: Floats, across: Floats) -> Floats:
    """Return 1 - (n - 1) within / across, NaN where nothing varies."""
    return 1 - (n - 1) * within / np.where(across > 0, across, np.nan)


def _waves(values: Floats) -> Iterator[Floats]:
    """Yield features whose squared differences add up to ((v - w) / (v + w))^2.

    With z = log v - log w that distance is tanh^2(z / 2), whose Fourier integral

        tanh^2(z / 2) = integral_0^inf [4 s / sinh(pi s)] (1 - cos(s z)) ds

    is a sum of squared differences of waves, because 1 - cos(s z) is half the square of
    |exp(i s log v) - exp(i s log w)|. The midpoint rule gives it to rounding: with steps of
    2 pi / (range + 37) the error is of the order exp(-37), and beyond s = 12 less than
    exp(-12 pi) is left. A zero differs by 1 from all else: it has a feature of its own and no
    waves.

    Args:
        values: [value], all different, at least 0.

    Yields:
        [value].
    """
    zero = values == 0
    usual = np.median(values[~zero])
    v = np.where(zero, usual, values)
    # The logarithm of v / usual, exact for values close together as well.
    close = abs(v - usual) < usual / 2
    z = np.where(
        close, np.log1p(np.where(close, v - usual, 0.0) / usual), np.log(v) - np.log(usual)
    )
    step = 2 * np.pi / (z.max() - z.min() + 37)
    for s in (np.arange(int(12 / step) + 1) + 0.5) * step:
        amplitude = np.sqrt(2 * step * s / np.sinh(np.pi * s))
        # The cosine less 1, exact near 0; a zero's cosine is 0.
        yield np.where(zero, -amplitude, -2 * amplitude * np.sin(s * z / 2) ** 2)
        yield np.where(zero, 0.0, amplitude * np.sin(s * z))
    yield np.where(zero, np.sqrt(0.5), 0.0)


@dataclass(frozen=True)
class _Tally:
    """How often each value occurs in each unit: one entry for each pair of them that occurs.

    Attributes:
        unit: [entry].
        value: [entry], its place among the values in rising order.
        times: [entry].
        values: [value], all different.
        sizes: [unit], ratings of each unit.
    """

    unit: Places
    value: Places
    times: Floats
    values: Floats
    sizes: Floats


def _tally(panel: Panel) -> _Tally:
    _, unit = np.nonzero(panel.there)
    values, place = np.unique(panel.ratings[panel.there], return_inverse=True)
    pairs, times = np.unique(unit * len(values) + place, return_counts=True)
    unit, value = np.divmod(pairs, len(values))
    return _Tally(unit, value, times.astype(np.float64), values, panel.sizes)


def _nominal(panel: Panel) -> _Alphas:
    tally = _tally(panel)
    n_u = tally.sizes
    within = (n_u**2 - np.bincount(tally.unit, tally.times**2)) / (n_u - 1)

    def sums(drawn: Floats) -> tuple[float, float, float]:
        margin = np.bincount(tally.value, tally.times * drawn[tally.unit])
        n = margin.sum()
        return n, (drawn * within).sum(), n**2 - (margin**2).sum()

    return _of_each(sums)


def _ordinal(panel: Panel) -> _Alphas:
    """Return alpha of the middle ranks, whose difference is the ordinal distance."""
    tally = _tally(panel)
    n_u = tally.sizes

    def sums(drawn: Floats) -> tuple[float, float, float]:
        margin = np.bincount(tally.value, tally.times * drawn[tally.unit])
        n = margin.sum()
        ranks = np.cumsum(margin) - margin / 2 - n / 2
        x = ranks[tally.value]
        first, second = (np.bincount(tally.unit, tally.times * x**power) for power in (1, 2))
        within = (n_u * second - first**2) / (n_u - 1)
        return n, (drawn * within).sum(), n * (margin * ranks**2).sum()

    return _of_each(sums)


def _of_each(sums: Callable[[Floats], tuple[float, float, float]]) -> _Alphas:
    """Return alpha from n, within and across of units drawn [unit] times."""

    def alphas(drawn: Floats) -> Floats:
        n, within, across = np.array([sums(row) for row in drawn]).T
        return _alpha(n, within, across)

    return alphas


_LEVELS: Mapping[str, Callable[[Panel], _Alphas]] = {
    "nominal": _nominal,
    "ordinal": _ordinal,
    "interval": _interval,
    "ratio": _ratio,
}
