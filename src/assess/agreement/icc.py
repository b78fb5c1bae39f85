"""Intraclass correlation: the share of variance that lies between units, in six forms."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from assess.agreement.panel import Floats, checked_confidence, complete, joined, word
from assess.agreement.result import Agreement

__all__ = ["icc"]

_FORMS: Mapping[str, str] = {
    "1,1": "one-way, absolute agreement, one rating",
    "2,1": "two-way, absolute agreement, one rating",
    "3,1": "two-way, consistency, one rating",
    "1,k": "one-way, absolute agreement, mean of the raters",
    "2,k": "two-way, absolute agreement, mean of the raters",
    "3,k": "two-way, consistency, mean of the raters",
}
_NO_DIFFERENCE = "the units do not differ, or less than errors alone would make them"
_ROUNDING = 1e-24


def icc(ratings: ArrayLike, *, form: str = "2,1", confidence: float = 0.95) -> Agreement:
    """Set the variance between units beside all variance, of one rating or of the raters' mean.

    With n units, k raters and mean squares between units B, within units W, between raters J and
    of what is left E:

    (1,1) (B - W) / (B + (k - 1) W)                       (1,k) (B - W) / B
    (2,1) (B - E) / (B + (k - 1) E + k (J - E) / n)       (2,k) (B - E) / (B + (J - E) / n)
    (3,1) (B - E) / (B + (k - 1) E)                       (3,k) (B - E) / B

    Args:
        ratings: [rater, unit], NaN where missing; units that not every rater rated are left out,
            counted in the note.
        form: "1,1" or "1,k": other raters for each unit; "2,1" or "2,k": the same raters, a
            sample, whose severity counts against agreement (McGraw and Wong's A); "3,1" or "3,k":
            these raters alone, whose severity does not count (their C; Cronbach's alpha).
        confidence: of the interval, from the F distribution; for "2" Satterthwaite's
            approximation.

    Returns:
        The correlation; NaN where its denominator is not above 0: nothing differs, or for a mean,
        the units differ less than errors alone would make them.

    Raises:
        ValueError: an unknown form, an infinite rating, or fewer than two raters or complete units.

    References:
        Shrout and Fleiss (1979), doi:10.1037/0033-2909.86.2.420; McGraw and Wong (1996),
        doi:10.1037/1082-989X.1.1.30.

    >>> judges = [[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]]
    >>> icc(judges), icc(judges, form="3,k")
    (0.290 (95 % interval 0.02 to 0.76; 4 raters, 6 units), \
0.909 (95 % interval 0.68 to 0.99; 4 raters, 6 units))
    """
    model, mean = word(form, _FORMS, "form").split(",")
    panel = complete(ratings)
    found = _Squares.of(panel.ratings)
    one = {"1": found.one_way, "2": found.agreement, "3": found.consistency}[model]
    tail = (1 - checked_confidence(confidence)) / 2
    value, low, high = one(tail, mean == "k")
    note = "no interval: its degrees of freedom vanish" if np.isnan(low) else ""
    if value == -np.inf:
        value, low, high, note = np.nan, np.nan, np.nan, _NO_DIFFERENCE
    return Agreement(
        value,
        low=low,
        high=high,
        confidence=confidence,
        **panel.counts,
        method=f"ICC({form}), {_FORMS[form]}",
        interval="F distribution, Satterthwaite" if model == "2" else "F distribution",
        note=joined(note, panel.note),
    )


_Estimate = tuple[float, float, float]


@dataclass(frozen=True)
class _Squares:
    """Mean squares of a complete table, and what the forms make of them."""

    raters: int
    units: int
    between: float
    within: float
    judges: float
    error: float

    @classmethod
    def of(cls, ratings: Floats) -> "_Squares":
        """Return the mean squares of ratings [rater, unit] without gaps."""
        k, n = ratings.shape
        x = ratings - ratings.mean()
        unit, rater = x.mean(axis=0), x.mean(axis=1)
        left = x - unit - rater[:, None]
        nothing = _ROUNDING * (ratings**2).sum()

        def square(parts: Floats, times: int, freedom: int) -> float:
            total = float(times * (parts**2).sum())
            return total / freedom if total > nothing else 0.0

        return cls(
            raters=k,
            units=n,
            between=square(unit, k, n - 1),
            within=square(x - unit, 1, n * (k - 1)),
            judges=square(rater, n, k - 1),
            error=square(left, 1, (n - 1) * (k - 1)),
        )

    def one_way(self, tail: float, mean: bool) -> _Estimate:
        return self._by_ratio(self.within, self.units * (self.raters - 1), tail, mean)

    def consistency(self, tail: float, mean: bool) -> _Estimate:
        freedom = (self.units - 1) * (self.raters - 1)
        return self._by_ratio(self.error, freedom, tail, mean)

    def _by_ratio(self, rest: float, freedom: int, tail: float, mean: bool) -> _Estimate:
        """Return the form and its interval, exact because B / rest has an F distribution."""
        b, k, n = self.between, self.raters, self.units
        low = b / _quantile(n - 1, freedom, 1 - tail)
        high = b * _quantile(freedom, n - 1, 1 - tail)
        others = 0.0 if mean else (k - 1) * rest
        value, low, high = (_share(x - rest, x + others) for x in (b, low, high))
        return value, low, high

    def agreement(self, tail: float, mean: bool) -> _Estimate:
        """Return form 2 and its interval; the degrees of freedom v are Satterthwaite's."""
        b, j, e, k, n = self.between, self.judges, self.error, self.raters, self.units
        one = _share(b - e, b + (k - 1) * e + k * (j - e) / n)
        if one == -np.inf:
            return one, np.nan, np.nan
        a = k * one * j, (n * (1 + (k - 1) * one) - k * one) * e
        spread = a[0] ** 2 / (k - 1) + a[1] ** 2 / ((n - 1) * (k - 1))
        v = (a[0] + a[1]) ** 2 / spread if spread else (n - 1) * (k - 1)
        upper, lower = _quantile(n - 1, v, 1 - tail), _quantile(v, n - 1, 1 - tail)
        rest = k * j + (k * n - k - n) * e
        low = _share(n * (b - upper * e), upper * rest + n * b)
        high = _share(n * (lower * b - e), rest + n * lower * b)
        return (_of_mean(one, k), _of_mean(low, k), _of_mean(high, k)) if mean else (one, low, high)


def _quantile(above: float, below: float, at: float) -> float:
    """Return the quantile of the F distribution with these degrees of freedom."""
    from scipy.special import fdtri

    return float(fdtri(above, below, at))


def _share(part: float, whole: float) -> float:
    """Return part / whole, -inf where nothing differs in whole or less than nothing."""
    return -np.inf if whole <= 0 else float(part / whole)


def _of_mean(one: float, k: int) -> float:
    """Return Spearman and Brown's step from one rating to the mean of k, -inf where it ends."""
    return _share(k * one, 1 + (k - 1) * one)
