"""The confidence that evidence allows, for every rating: by grade, source and age (C8)."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from assess.model import BASES, CONFIDENCES, Study, kept, last_day, parse_date

__all__ = ["allowed", "bases", "confidences", "stale", "undated"]

Places = NDArray[np.intp]
Mask = NDArray[np.bool_]
_LOW = CONFIDENCES.index("low")
_NO_DAY = np.datetime64("NaT")


@kept
def confidences(study: Study) -> Places:
    """Return the confidence of every rating: what its analyst states, capped by the evidence.

    Args:
        study: without problems.

    Returns:
        [row] of `study.ratings`, places in `CONFIDENCES`.

    >>> import assess
    >>> study = assess.load("mali")
    >>> len(confidences(study)) == len(study.ratings)
    True
    """
    place: dict[str, int] = {name: i for i, name in enumerate(CONFIDENCES)}
    stated = study.ratings.confidence.map(lambda text: place.get(text, _LOW))
    return np.maximum(stated.astype(np.intp), allowed(study))


@kept
def allowed(study: Study) -> Places:
    """Return the most confidence that the evidence of every rating allows, whatever is stated.

    Returns:
        [row], places in `CONFIDENCES`; low where no source is named.
    """
    ratings, table = study.evidenced, study.method.evidence
    cap = ratings.grade.map(lambda grade: CONFIDENCES.index(table.allows(grade)))
    cap[ratings.source.matches("")] = _LOW
    old = stale(study)
    cap[old] = np.maximum(cap[old], CONFIDENCES.index(table.stale))
    return cap.astype(np.intp)


@kept
def stale(study: Study) -> Mask:
    """Return which ratings rest on evidence older than the study's table allows [row].

    Age is counted to the study's day; for a strategy whose `period` is years that have passed, to
    the last day of that period. A rating without a date is never stale.
    """
    days = study.method.evidence.stale_after_days
    if days is None:
        return np.zeros(len(study.ratings), dtype=bool)
    age = _looked_at(study) - _dated(study)
    return np.asarray(age > np.timedelta64(days, "D"))


def undated(study: Study) -> Mask:
    """Return which ratings have no date, neither their own nor that of their source [row]."""
    return np.isnat(_dated(study))


def bases(study: Study) -> Places:
    """Return the basis of every rating [row], as places in `BASES`; judgement if none is said."""
    names: tuple[str, ...] = BASES
    found = study.evidenced.basis.map(lambda label: names.index(label or "judgement"))
    return found.astype(np.intp)


def _dated(study: Study) -> NDArray[np.datetime64]:
    """Return the day of the evidence of every rating [row]; NaT where none is known."""
    column = study.evidenced.date
    days = [parse_date(label) or _NO_DAY for label in column.labels]
    return np.array(days, dtype="datetime64[D]")[column.codes]


def _looked_at(study: Study) -> NDArray[np.datetime64]:
    """Return the day to which the age of each rating's evidence is counted [row]."""
    column = study.ratings.strategy
    known = study.strategies
    ends = [last_day(known[key].period) if key in known else None for key in column.labels]
    days: list[date] = [min(end, study.as_of) if end else study.as_of for end in ends]
    return np.array(days, dtype="datetime64[D]")[column.codes]
