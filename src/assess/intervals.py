"""How far each rating may be off: its worth, and the ends between which the analyst puts it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assess import tables
from assess.evidence import confidences
from assess.model import CONFIDENCES, Study, kept
from assess.model.frozen import fixed
from assess.triangles import triangle_ends

__all__ = ["Intervals", "triangles", "value_intervals"]

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Intervals:
    """What every rating is worth, and how far it may be off; NaN where it gives no level.

    Attributes:
        low: [row] in [0, 1], the lower end, at most the mode.
        mode: [row] in [0, 1], what the level is worth.
        high: [row] in [0, 1], the upper end, at least the mode.
        own: [row], whether the ends are the analyst's own, the 10th and 90th percentile; the
            others follow from the confidence that the evidence allows.
    """

    low: Array
    mode: Array
    high: Array
    own: NDArray[np.bool_]

    def __post_init__(self) -> None:
        for name in ("low", "mode", "high", "own"):
            object.__setattr__(self, name, fixed(getattr(self, name)))


@kept
def value_intervals(study: Study) -> Intervals:
    """Return low, mode and high of every rating in value space (C8).

    An analyst's own low and high go through the scale: on one that rises and falls, the ends are
    the extremes over the interval. Elsewhere the ends lie the half-width of the confidence that the
    evidence allows from the mode (`Method.half_widths`), cut at 0 and 1. Evidence moves the ends,
    never the mode. A rating of a group as a whole is one on the value points of the group.

    Args:
        study: without problems.

    Returns:
        In the order of `study.ratings`; made once for a study.

    >>> import assess
    >>> found = value_intervals(assess.load("mali"))
    >>> given = ~np.isnan(found.mode)
    >>> bool((found.low <= found.mode)[given].all() and (found.mode <= found.high)[given].all())
    True
    """
    read = tables.levels(study)
    mode = read["rating"].worth
    half = _half_widths(study)
    own = ~np.isnan(mode) & ~np.isnan(read["low"].level) & ~np.isnan(read["high"].level)
    least, most = _extremes(study)
    # Rounding may put the worth of a level inside an interval a bit beyond both ends of it.
    low = np.where(own, np.minimum(least, mode), np.maximum(mode - half, 0.0))
    high = np.where(own, np.maximum(most, mode), np.minimum(mode + half, 1.0))
    return Intervals(low, mode, high, own)


@kept
def triangles(study: Study) -> Array:
    """Return the triangular distribution of every rating in value space [3, row].

    The half-width of a confidence reaches from the mode to both ends of the triangle. An analyst's
    own low and high are the 10th and 90th percentile, so the triangle reaches beyond them. It may
    reach beyond 0 and 1; what lies there counts as 0 and 1, which moves the mean less than cutting
    the triangle would.

    Args:
        study: without problems.

    Returns:
        Smallest, likeliest and largest worth; NaN where a rating gives no level. Made once for a
        study.

    >>> import assess
    >>> left, mode, right = triangles(assess.load("mali"))
    >>> given = ~np.isnan(mode)
    >>> bool((left <= mode)[given].all() and (mode <= right)[given].all())
    True
    """
    found, half = value_intervals(study), _half_widths(study)
    corners, own = np.stack([found.mode - half, found.mode, found.mode + half]), found.own
    corners[:, own] = np.stack([found.low, found.mode, found.high])[:, own]
    corners[0, own], corners[2, own] = triangle_ends(*(x[own] for x in corners))
    return fixed(corners)


def _half_widths(study: Study) -> Array:
    """Return how far a rating may be off by its confidence [row], in value space."""
    widths = [getattr(study.method.half_widths, name) / 100 for name in CONFIDENCES]
    return np.array(widths)[confidences(study)]


def _extremes(study: Study) -> tuple[Array, Array]:
    """Return the least and the largest worth between an analyst's own low and high [row].

    A scale rises and falls once at most: the least worth lies at an end of the interval, and the
    largest too, unless the peak of the scale lies between the two.
    """
    read, tree, criteria = tables.levels(study), study.tree, study.ratings.criterion
    scales = [tree.rating_scale(key) if key in tree.criteria else None for key in criteria.labels]
    peak = [scale.at[int(np.argmax(scale.worths))] if scale else np.nan for scale in scales]
    top = [max(scale.worths) if scale else np.nan for scale in scales]
    at, worth = (np.array(x, np.float64)[criteria.codes] for x in (peak, top))
    low, high = read["low"], read["high"]
    between = (low.level <= at) & (at <= high.level)
    most = np.where(between, worth, np.maximum(low.worth, high.worth))
    return np.minimum(low.worth, high.worth), most
