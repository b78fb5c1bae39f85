"""Agreement on categories beyond chance: Fleiss' kappa and Gwet's AC1 and AC2."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike

from assess.agreement.panel import (
    Floats,
    Panel,
    checked_confidence,
    counted,
    joined,
    rated,
    refuse_negative,
    word,
)
from assess.agreement.result import Agreement

__all__ = ["fleiss_kappa", "gwet_ac"]

# A coefficient and its standard error.
_Estimate = tuple[float, float]

_CELLS = 50_000_000
_INTERVAL = "Student's t with Gwet's standard error over units, these raters given"


def fleiss_kappa(ratings: ArrayLike, *, confidence: float = 0.95) -> Agreement:
    """Correct the share of agreeing pairs by the agreement of raters who share one distribution.

    kappa = (p_a - p_e) / (1 - p_e), p_e = sum_k p_k^2: 1 is perfect agreement, 0 is chance.

    p_a is the mean over units of the share of pairs that agree, p_k the mean over units of the
    share of ratings in category k. With gaps, units with two ratings or more count in p_a and all
    in p_k (Gwet); without, this is Fleiss' formula.

    Args:
        ratings: [rater, unit], each a category as a number, NaN where missing.
        confidence: of the interval, cut at 1.

    Returns:
        Kappa; NaN where all ratings are the same.

    Raises:
        ValueError: an infinite rating, or no two raters who rated the same unit.

    References:
        Fleiss (1971), doi:10.1037/h0031619; gaps and standard error: Gwet (2014), Handbook of
        Inter-Rater Reliability, and (2021), doi:10.1177/0013164420973080.

    >>> fleiss_kappa([[1, 1, 2, 2, 3, 3], [1, 1, 2, 2, 3, 1], [1, 2, 2, 2, 3, 1]])
    0.657 (95 % interval 0.09 to 1.00; 3 raters, 6 units)
    """
    panel = rated(ratings)
    shares = _shares(panel, np.unique(panel.ratings[panel.there]))
    estimate = None
    if shares.shape[1] > 1:
        by_chance = np.einsum("uk,k->u", shares, shares.mean(axis=0))
        estimate = _beyond_chance(panel.sizes, (shares**2).sum(axis=1), by_chance)
    undefined = "all ratings are the same, so agreement cannot be told from chance"
    return _result(panel, estimate, "Fleiss' kappa", confidence, undefined)


def gwet_ac(
    ratings: ArrayLike,
    *,
    weights: str = "identity",
    categories: ArrayLike | None = None,
    confidence: float = 0.95,
) -> Agreement:
    """Correct the share of agreeing pairs by chance agreement on units that are hard to rate.

    AC = (p_a - p_e) / (1 - p_e), p_e = [sum_kl w_kl / (q (q - 1))] sum_k p_k (1 - p_k)

    p_a, p_k as for Fleiss' kappa, pairs weighted by w_kl between categories k and l, q categories.
    AC1 has identity weights, AC2 any other. Unlike kappa, it does not collapse where nearly all
    ratings fall into one category.

    Args:
        ratings: [rater, unit], each a category as a number, NaN where missing.
        weights: partial agreement of two categories, by their distance as numbers: "identity"
            (none), "linear", "quadratic", "radical" (square root), "ordinal" (ranks between),
            "ratio", "circular" (the last is next to the first) or "bipolar" (more apart near the
            ends).
        categories: all that could be used, which p_e depends on; without it, those that were.
        confidence: of the interval, cut at 1.

    Returns:
        AC1 or AC2; NaN where only one category is known.

    Raises:
        ValueError: unknown weights, an infinite rating, one that is none of the categories or (for
            "ratio") negative, or no two raters who rated the same unit.

    References:
        Gwet (2008), doi:10.1348/000711006X126600; weights, gaps and standard error: Gwet (2014),
        Handbook of Inter-Rater Reliability, 4th ed., ch. 3 to 5.

    >>> gwet_ac([[1, 1, 2, 2, 3, 3], [1, 1, 2, 2, 3, 1], [1, 2, 2, 2, 3, 1]], weights="quadratic")
    0.605 (95 % interval -0.22 to 1.00; 3 raters, 6 units)
    """
    weigh = _WEIGHTS[word(weights, _WEIGHTS, "weights")]
    panel = rated(ratings)
    known = _categories(panel, categories)
    shares, q, estimate = _shares(panel, known), len(known), None
    if q > 1:
        agree = weigh(known)
        slope = agree.sum() / (q * (q - 1)) * (1 - shares.mean(axis=0))
        alike = (np.einsum("uk,kl->ul", shares, agree) * shares).sum(axis=1)
        estimate = _beyond_chance(panel.sizes, alike, np.einsum("uk,k->u", shares, slope))
    name = "Gwet's AC1" if weights == "identity" else f"Gwet's AC2, {weights} weights"
    undefined = "one category alone has no chance agreement; name all in `categories`"
    return _result(panel, estimate, name, confidence, undefined)


def _categories(panel: Panel, declared: ArrayLike | None) -> Floats:
    """Return the categories in rising order; every rating must be one of them."""
    used = np.unique(panel.ratings[panel.there])
    if declared is None:
        return used
    known = np.unique(np.asarray(declared, dtype=np.float64))
    strange = np.setdiff1d(used, known)
    if len(strange) or not np.isfinite(known).all():
        raise ValueError(
            f"a rating is one of the categories {_listed(known)}; given: {_listed(strange)}"
        )
    return known


def _listed(values: Floats) -> str:
    shown = ", ".join(f"{value:g}" for value in values[:10].tolist())
    return f"{shown} and {len(values) - 10} more" if len(values) > 10 else shown


def _shares(panel: Panel, categories: Floats) -> Floats:
    """Return the share of each unit's ratings in each category, p_uk [unit, category]."""
    units, q = panel.there.shape[1], len(categories)
    if max(units, q) * q > _CELLS:
        raise ValueError(
            f"{q} categories are too many for {counted(units, 'unit')}; "
            "for ratings on a scale of numbers take krippendorff_alpha or icc"
        )
    _, unit = np.nonzero(panel.there)
    place = np.searchsorted(categories, panel.ratings[panel.there])
    counts = np.bincount(unit * q + place, minlength=units * q).reshape(units, q)
    return counts / panel.sizes[:, None]


def _beyond_chance(sizes: Floats, alike: Floats, by_chance: Floats) -> _Estimate:
    """Return c = (p_a - p_e) / (1 - p_e) and Gwet's linearised standard error over units.

    p_a,u = (n_u alike_u - 1) / (n_u - 1); p_a is its mean over the n_2 units with n_u > 1
    c_u = [(n / n_2) (p_a,u - p_e) [n_u > 1] - 2 (1 - c) (p_e,u - p_e)] / (1 - p_e)
    se^2 = sum_u (c_u - c)^2 / (n (n - 1))

    Args:
        sizes: [unit], n_u, the ratings of each unit.
        alike: [unit], sum_kl w_kl p_uk p_ul: two ratings drawn with replacement.
        by_chance: [unit], p_e,u, whose mean is p_e.
    """
    n, paired = len(sizes), sizes > 1
    seen = np.where(paired, (sizes * alike - 1) / np.where(paired, sizes - 1, 1), 0.0)
    p_a, p_e = seen.sum() / paired.sum(), by_chance.mean()
    c = (p_a - p_e) / (1 - p_e)
    moved = n / paired.sum() * (seen - p_e) * paired - 2 * (1 - c) * (by_chance - p_e)
    error = np.sqrt(((moved / (1 - p_e) - c) ** 2).sum() / (n * (n - 1))) if n > 1 else np.nan
    return float(c), float(error)


def _result(
    panel: Panel, estimate: _Estimate | None, method: str, confidence: float, undefined: str
) -> Agreement:
    """Return the coefficient with Student's interval, or NaN without an estimate."""
    from scipy.special import stdtrit

    lone = int((panel.sizes == 1).sum())
    note = f"{counted(lone, 'unit')} with one rating counted towards chance agreement only"
    note, tail, counts = (
        note if lone else "",
        (1 - checked_confidence(confidence)) / 2,
        panel.counts,
    )
    if estimate is None:
        note = joined(undefined, note)
        return Agreement(np.nan, confidence=confidence, **counts, method=method, note=note)
    c, error = estimate
    n = len(panel.sizes)
    reach = float(stdtrit(n - 1, 1 - tail)) * error if n > 1 else np.nan
    return Agreement(
        c,
        low=c - reach,
        high=min(1.0, c + reach) if n > 1 else np.nan,
        confidence=confidence,
        **counts,
        method=method,
        interval=_INTERVAL if n > 1 else "",
        note=joined(note, "" if n > 1 else "no interval: one unit has no standard error"),
        standard_error=error,
    )


def _identity(k: Floats) -> Floats:
    return np.eye(len(k))


def _linear(k: Floats) -> Floats:
    return _against_largest(abs(k[:, None] - k))


def _quadratic(k: Floats) -> Floats:
    return _against_largest((k[:, None] - k) ** 2)


def _radical(k: Floats) -> Floats:
    return _against_largest(np.sqrt(abs(k[:, None] - k)))


def _ordinal(k: Floats) -> Floats:
    """Return weights by the number of pairs among the categories from one to the other."""
    places = np.arange(len(k))
    between = abs(places[:, None] - places) + 1
    return _against_largest(between * (between - 1) / 2)


def _ratio(k: Floats) -> Floats:
    refuse_negative(k[None, :])
    both = k[:, None] + k
    return _against_largest(((k[:, None] - k) / np.where(both == 0, 1.0, both)) ** 2)


def _circular(k: Floats) -> Floats:
    return _against_largest(np.sin(np.pi * (k[:, None] - k) / (k[-1] - k[0] + 1)) ** 2)


def _bipolar(k: Floats) -> Floats:
    both = k[:, None] + k
    ends = (both - 2 * k[0]) * (2 * k[-1] - both)
    return _against_largest((k[:, None] - k) ** 2 / np.where(k[:, None] == k, 1.0, ends))


def _against_largest(distance: Floats) -> Floats:
    """Return partial agreement: 1 for the same category, 0 for those farthest apart."""
    return np.asarray(1 - distance / distance.max())


_WEIGHTS: Mapping[str, Callable[[Floats], Floats]] = {
    "identity": _identity,
    "linear": _linear,
    "quadratic": _quadratic,
    "radical": _radical,
    "ordinal": _ordinal,
    "ratio": _ratio,
    "circular": _circular,
    "bipolar": _bipolar,
}
