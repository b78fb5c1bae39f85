"""Agreement on the order of units: Kendall's coefficient of concordance."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assess.agreement.bootstrap import how, multiplicities, resampled
from assess.agreement.panel import Floats, complete, joined
from assess.agreement.result import Agreement

__all__ = ["kendall_w"]


def kendall_w(
    ratings: ArrayLike, *, confidence: float = 0.95, draws: int = 1000, seed: int = 0
) -> Agreement:
    """Set the variance of the units' rank sums beside the largest that it could be.

    W = sum_u (sum_r d_ru)^2 / (m sum_ru d_ru^2), d the middle ranks of m raters less their mean

    This is 12 S / [m^2 (n^3 - n) - m sum_r T_r] with the correction T for ties. 1 is the same
    order from all, 0 none; m raters who rank at random give 1 / m on average.

    Args:
        ratings: [rater, unit], NaN where missing; units that not every rater rated are left out,
            counted in the note.
        confidence: of the interval.
        draws: for the interval, a percentile bootstrap that resamples units and ranks anew; 0 for
            no interval.
        seed: of the draws.

    Returns:
        W, with the p value of chi^2 = m (n - 1) W on n - 1 degrees of freedom (Friedman's test);
        NaN where no rater tells any units apart.

    Raises:
        ValueError: an infinite rating, or fewer than two raters or complete units.

    References:
        Kendall and Babington Smith (1939), doi:10.1214/aoms/1177732186; the interval: Efron (1979),
        doi:10.1214/aos/1176344552.

    >>> kendall_w([[1, 2, 3, 4], [2, 1, 3, 4], [1, 3, 2, 4]], draws=0)
    0.778 (3 raters, 4 units)
    """
    from scipy.special import chdtrc

    panel = complete(ratings)
    m, n = panel.ratings.shape
    places = _places(panel.ratings)
    value = _concordance(places, np.ones(n))
    blocks = multiplicities(n, draws, seed)
    drawn = [np.array([_concordance(places, row) for row in block]) for block in blocks]
    low, high, lost = resampled(drawn, n, confidence)
    unordered = "" if not np.isnan(value) else "no rater tells any units apart"
    return Agreement(
        value,
        low=low,
        high=high,
        confidence=confidence,
        **panel.counts,
        method="Kendall's W, corrected for ties",
        interval=how(draws, seed),
        note=joined(unordered, panel.note, "" if unordered else lost),
        p_value=float(chdtrc(n - 1, m * (n - 1) * value)),
    )


def _places(ratings: Floats) -> NDArray[np.int64]:
    """Return the place of each rating among the different ratings of its rater, from 0."""
    return np.stack([np.unique(row, return_inverse=True)[1] for row in ratings])


def _concordance(places: NDArray[np.int64], times: Floats) -> float:
    """Return W for units that occur so many times, [unit]."""
    m, n = places.shape
    cells = places + n * np.arange(m)[:, None]
    margin = np.bincount(cells.ravel(), np.tile(times, m), minlength=m * n).reshape(m, n)
    ranks = np.cumsum(margin, axis=1) - margin / 2 - times.sum() / 2
    d = np.take_along_axis(ranks, places, axis=1)
    most = m * (times * d**2).sum()
    return float((times * d.sum(axis=0) ** 2).sum() / most) if most > 0 else np.nan
