"""Which ratings of a table can be compared, and the checks that every coefficient shares."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Floats",
    "Panel",
    "checked_confidence",
    "compared",
    "complete",
    "counted",
    "joined",
    "rated",
    "refuse_negative",
    "table",
    "word",
]

Floats = NDArray[np.float64]


class Counts(TypedDict):
    """How many stand behind a coefficient, named as in its result."""

    raters: int
    units: int
    pairable: int


@dataclass(frozen=True)
class Panel:
    """The ratings that count, without raters and units that have none.

    Attributes:
        ratings: [rater, unit], NaN where missing.
        there: [rater, unit], whether there is a rating.
        note: what was left out.
    """

    ratings: Floats
    there: NDArray[np.bool_]
    note: str = ""

    @property
    def sizes(self) -> Floats:
        """Ratings of each unit, [unit]."""
        return np.asarray(self.there.sum(axis=0), dtype=np.float64)

    @property
    def counts(self) -> Counts:
        """Raters, units and ratings behind the pairs."""
        paired = self.there[:, self.sizes >= 2]
        raters, units = int(paired.any(axis=1).sum()), paired.shape[1]
        return {"raters": raters, "units": units, "pairable": int(paired.sum())}


def table(ratings: ArrayLike) -> Floats:
    """Return ratings [rater, unit] as float64, NaN where missing.

    Raises:
        ValueError: not a table of numbers, or a rating is infinite.
    """
    found = np.asarray(ratings, dtype=np.float64)
    if found.ndim != 2:
        raise ValueError(f"ratings [rater, unit] have two axes; given: {found.ndim}")
    endless = np.isinf(found)
    if endless.any():
        raise ValueError(
            f"a rating is a finite number, or NaN where missing; {_at(found, endless)}"
        )
    return found


def rated(ratings: ArrayLike) -> Panel:
    """Return raters and units with any rating; at least one unit must have two.

    Raises:
        ValueError: not a table, or no two raters rated the same unit.
    """
    return _rated(ratings, at_least=1)


def compared(ratings: ArrayLike) -> Panel:
    """Return the units with at least two ratings and their raters.

    Raises:
        ValueError: not a table, or no two raters rated the same unit.
    """
    return _rated(ratings, at_least=2)


def complete(ratings: ArrayLike) -> Panel:
    """Return the units that every rater rated; a rater without any rating is no rater.

    Raises:
        ValueError: not a table, or fewer than two raters or complete units.
    """
    found = table(ratings)
    found = found[~np.isnan(found).all(axis=1)]
    there = ~np.isnan(found)
    whole, some = there.all(axis=0), there.any(axis=0)
    raters, units = len(found), int(whole.sum()) if len(found) else 0
    if raters < 2 or units < 2:
        raise ValueError(
            "at least two raters and two units that all of them rated are needed; given: "
            f"{counted(raters, 'rater')} with ratings, {counted(units, 'complete unit')}"
        )
    left = int((some & ~whole).sum())
    note = f"{left} of {counted(some.sum(), 'unit')} not rated by every rater left out"
    return _kept(found, np.asarray(whole), note if left else "")


def checked_confidence(confidence: float) -> float:
    """Return a confidence that lies between 0 and 1.

    Raises:
        ValueError: it does not.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"the confidence of an interval lies between 0 and 1: {confidence:g}")
    return confidence


def word(given: str, known: Iterable[str], what: str) -> str:
    """Return a word that is known.

    Raises:
        ValueError: it is not; the nearest known word is named.
    """
    words = list(known)
    if given in words:
        return given
    near = get_close_matches(str(given), words, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    raise ValueError(f"{what} is one of {', '.join(words)}: {given!r}{hint}")


def refuse_negative(ratings: Floats) -> None:
    """Refuse a rating below zero, which no ratio scale has.

    Raises:
        ValueError: with the place of the first.
    """
    below = ratings < 0
    if below.any():
        raise ValueError(f"a ratio scale has no negative ratings; {_at(ratings, below)}")


def counted(number: int, what: str) -> str:
    """Return a number with its noun, in the plural unless it is one."""
    return f"{number} {what}{'' if number == 1 else 's'}"


def joined(*notes: str) -> str:
    """Return the notes that say something, as one line."""
    return "; ".join(note for note in notes if note)


def _rated(ratings: ArrayLike, at_least: int) -> Panel:
    found = table(ratings)
    there = ~np.isnan(found)
    sizes, raters = there.sum(axis=0), int(there.any(axis=1).sum())
    if not (sizes >= 2).any():
        raise ValueError(
            "agreement needs a unit that two raters rated; given: "
            f"{counted(raters, 'rater')} and {counted(int((sizes > 0).sum()), 'unit')} with ratings"
        )
    lone = int((sizes == 1).sum())
    left = f"{counted(lone, 'unit')} with one rating left out" if lone and at_least > 1 else ""
    return _kept(found, sizes >= at_least, left)


def _kept(ratings: Floats, units: NDArray[np.bool_], note: str = "") -> Panel:
    """Return the panel of some units, without raters who then have no rating."""
    kept = ratings if units.all() else ratings[:, units]
    there = ~np.isnan(kept)
    raters = there.any(axis=1)
    return Panel(kept[raters], there[raters], note)


def _at(ratings: Floats, wrong: NDArray[np.bool_]) -> str:
    places = np.argwhere(wrong)
    rater, unit = places[0].tolist()
    more = f", and {len(places) - 1} more" if len(places) > 1 else ""
    return f"given: ratings[{rater}, {unit}] = {ratings[rater, unit]:g}{more}"
