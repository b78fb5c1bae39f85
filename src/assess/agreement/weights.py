"""Weights by nearness to the others: whoever stands apart counts for less, right or wrong."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assess.agreement.panel import table

__all__ = ["agreement_weights", "distances"]

Floats = NDArray[np.float64]
PUNISHES = "weights by agreement punish the correct dissenter: nothing in them knows who is right"
_ROUNDING = 1e-12


def agreement_weights(ratings: ArrayLike) -> Floats:
    """Weigh raters by how near they stand to the mean of the others.

    w_a is proportional to 1 - d_a / sum_b d_b, where d_a is the mean absolute distance of rater a
    from the mean of the others, over the units that a shares with any of them. It punishes the
    correct dissenter as much as the mistaken one: nothing here knows who is right. So it is kept
    within bounds: among n raters of the same units everybody weighs 1 / (n - 1) or less, and at
    least half of that.

    Args:
        ratings: [rater, unit], NaN where missing.

    Returns:
        [rater], summing to 1: equal where all agree, where two raters are all there are, and where
        no unit is shared. Whoever shares no unit counts as standing at the mean distance.

    Raises:
        ValueError: the ratings are no table of finite numbers and NaN.

    >>> agreement_weights([[50, 50], [50, 50], [50, 80]]).round(3).tolist()
    [0.375, 0.375, 0.25]
    """
    found = distances(ratings)
    if not len(found):
        return found
    apart = np.where(np.isnan(found), _mean(found), found)
    total = apart.sum()
    held = 1 - apart / total if total > 0 and len(apart) > 1 else np.ones_like(apart)
    return np.asarray(held / held.sum())


def distances(ratings: ArrayLike) -> Floats:
    """Return the mean absolute distance of each rater from the mean of the others [rater].

    Args:
        ratings: [rater, unit], NaN where missing.

    Returns:
        In the unit of the ratings, over the units shared with any other; NaN where there is none.

    >>> distances([[50, 50], [50, 50], [50, 80]]).tolist()
    [7.5, 7.5, 15.0]
    """
    given = table(ratings)
    there = ~np.isnan(given)
    others = there.sum(axis=0) - there
    shared = there & (others > 0)
    held = np.where(there, given, 0.0)
    everybody_else = 1.0 - np.eye(len(given))
    mean = np.einsum("ab,bu->au", everybody_else, held) / np.where(others > 0, others, 1)
    apart = np.where(shared, abs(held - mean), 0.0)
    # Where all say the same, rounding alone must not tell them apart.
    apart[apart <= _ROUNDING * abs(held).max(axis=0, initial=0.0)] = 0.0
    apart = apart.sum(axis=1)
    count = shared.sum(axis=1)
    return np.where(count > 0, apart / np.where(count > 0, count, 1), np.nan)


def _mean(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else 0.0
