"""Agreement without a coefficient of chance: how far ratings of one unit lie apart."""

import numpy as np
from numpy.typing import ArrayLike

from assess.agreement.bootstrap import how, mean_interval
from assess.agreement.panel import Floats, compared, counted, joined, table
from assess.agreement.result import Agreement

__all__ = ["mean_absolute_spread", "r_wg"]


def mean_absolute_spread(
    ratings: ArrayLike, *, confidence: float = 0.95, draws: int = 1000, seed: int = 0
) -> Agreement:
    """Average how far two raters of a unit lie apart, in the unit of the ratings.

    The mean over units of mean_{i<j} |v_i - v_j|: 0 is perfect agreement.

    Args:
        ratings: [rater, unit], NaN where missing; units with one rating do not count.
        confidence: of the interval.
        draws: for the interval, a percentile bootstrap over units; 0 for no interval.
        seed: of the draws.

    Returns:
        The mean, with `by_unit` [unit].

    Raises:
        ValueError: an infinite rating, or no two raters who rated the same unit.

    References:
        Gini's mean difference within units: David (1968), Biometrika 55, 573-575.

    >>> spread = mean_absolute_spread([[60, 40], [70, 40], [80, float("nan")]], draws=0)
    >>> spread, spread.by_unit
    (6.667 (3 raters, 2 units), (13.333333333333334, 0.0))
    """
    panel = compared(ratings)
    n = panel.sizes
    rising = np.sort(panel.ratings, axis=0)  # NaN last
    place = np.arange(len(rising))[:, None]
    apart = np.where(place < n, (2 * place - n + 1) * rising, 0.0).sum(axis=0)
    spread = 2 * apart / (n * (n - 1))
    low, high, lost = mean_interval(spread, confidence, draws, seed)
    return Agreement(
        float(spread.mean()),
        low=low,
        high=high,
        confidence=confidence,
        **panel.counts,
        method="mean absolute difference between pairs of raters",
        interval=how(draws, seed),
        note=joined(panel.note, lost),
        by_unit=_placed(spread, ratings),
    )


def r_wg(
    ratings: ArrayLike,
    *,
    levels: int | None = None,
    variance: float | None = None,
    confidence: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> Agreement:
    """Set the variance within a unit beside that of raters who answer at random.

    r = 1 - s_u^2 / variance, the mean over units; variance = (A^2 - 1) / 12 for A levels one
    apart, all equally likely. It needs no variance between units, unlike the other coefficients.

    Args:
        ratings: [rater, unit], NaN where missing; units with one rating do not count.
        levels: A, of the scale; or
        variance: of raters who answer at random, where not all levels are equally likely.
        confidence: of the interval.
        draws: for the interval, a percentile bootstrap over units; 0 for no interval.
        seed: of the draws.

    Returns:
        The mean, with `by_unit` [unit]; a unit with more variance than random answers gives 0 and
        is counted in the note.

    Raises:
        ValueError: not one of levels and variance, ratings too far apart for the levels, an
            infinite rating, or no two raters who rated the same unit.

    References:
        James, Demaree and Wolf (1984), doi:10.1037/0021-9010.69.1.85; below 0: LeBreton and
        Senter (2008), doi:10.1177/1094428106296642.

    >>> agreed = r_wg([[4, 2], [4, 3], [5, 2], [4, 5], [3, 1]], levels=5, draws=0)
    >>> agreed, [round(r, 3) for r in agreed.by_unit]
    (0.375 (5 raters, 2 units), [0.75, 0.0])
    """
    panel = compared(ratings)
    random = _random_variance(panel.ratings, levels, variance)
    n = panel.sizes
    around = panel.ratings - np.nanmean(panel.ratings, axis=0)
    raw = 1 - np.nansum(around**2, axis=0) / (n - 1) / random
    agreed = np.maximum(raw, 0.0)
    below = int((raw < 0).sum())
    clipped = f"{below} of {counted(len(raw), 'unit')} with more variance than random answers: 0"
    low, high, lost = mean_interval(agreed, confidence, draws, seed)
    return Agreement(
        float(agreed.mean()),
        low=low,
        high=high,
        confidence=confidence,
        **panel.counts,
        method=f"r_wg, random variance {random:g}",
        interval=how(draws, seed),
        note=joined(clipped if below else "", panel.note, lost),
        by_unit=_placed(agreed, ratings),
    )


def _random_variance(ratings: Floats, levels: int | None, variance: float | None) -> float:
    """Return the variance of raters who answer at random."""
    if (levels is None) == (variance is None):
        raise ValueError("r_wg takes either the levels of the scale or the random variance")
    if variance is not None:
        if not 0 < variance < np.inf:
            raise ValueError(f"the variance of random answers is above 0: {variance:g}")
        return variance
    if levels is None or levels < 2:
        raise ValueError(f"a scale has at least 2 levels: {levels}")
    apart = float(np.nanmax(ratings) - np.nanmin(ratings))
    if apart > levels - 1:
        raise ValueError(f"{levels} levels one apart span {levels - 1}; the ratings span {apart:g}")
    return (levels**2 - 1) / 12


def _placed(values: Floats, ratings: ArrayLike) -> tuple[float, ...]:
    """Return a value for every unit that was given, NaN where fewer than two rated it."""
    twice = (~np.isnan(table(ratings))).sum(axis=0) >= 2
    placed = np.full(len(twice), np.nan)
    placed[twice] = values
    return tuple(placed.tolist())
