"""Ratings in steps of their scales: where a few steps lead, and which few steps lead furthest."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations_with_replacement
from math import comb

import numpy as np
from numpy.typing import NDArray

from assess import tables
from assess.model import Ratings, Scale, Study, as_text
from assess.model.ratings import Column

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class Ladder:
    """Where a rating gets to in 0, 1, 2... steps, in the direction that is wanted.

    Attributes:
        row: of `study.ratings`.
        levels: [step], as one writes them; the first as it stands.
        worths: [step] in [0, 1], never further from what is wanted than the step before.
    """

    row: int
    levels: tuple[str, ...]
    worths: tuple[float, ...]


def ladder(study: Study, row: int, step: float, up: bool) -> Ladder:
    """Return where one rating gets to: label by label, or by a share of the scale's range.

    Args:
        study: whose rating it is.
        row: of `study.ratings`.
        step: of a numeric scale, as a share of its range.
        up: whether it is to be worth more, or less.
    """
    criterion = study.ratings.cell(row, "criterion")
    scale = study.tree.rating_scale(criterion)
    assert scale is not None
    low, high = scale.at[0], scale.at[-1]
    now = min(max(float(tables.levels(study)["rating"].level[row]), low), high)
    size = 1.0 if scale.ordinal else step * (high - low)
    levels, worths = [study.ratings.cell(row, "rating")], [_worth(scale, now)]
    reached, count = now, 0
    while abs(reached - now) < high - low and count * size < high - low:
        count += 1
        ends = (max(now - count * size, low), min(now + count * size, high))
        best = (max if up else min)(ends, key=lambda level: _worth(scale, level))
        worth = _worth(scale, best)
        further = worth > worths[-1] if up else worth < worths[-1]
        worths.append(worth if further else worths[-1])
        levels.append(_written(scale, best) if further else levels[-1])
    return Ladder(row, tuple(levels), tuple(worths))


def _worth(scale: Scale, level: float) -> float:
    return float(np.interp(level, scale.at, scale.worths))


def _written(scale: Scale, level: float) -> str:
    return scale.labels[round(level)] if scale.ordinal else as_text(float(f"{level:.12g}"))


def rerated(study: Study, levels: Mapping[int, str]) -> Study:
    """Return the study with other levels in some rows of its ratings.

    An own low and high of these rows, which may not span the new level, are left empty.
    """
    columns: dict[str, Column] = {}
    for name in study.ratings.columns():
        texts = getattr(study.ratings, name).texts()
        if name in ("rating", "low", "high"):
            for row, level in levels.items():
                texts[row] = level if name == "rating" else ""
        columns[name] = Column.of_texts(texts)
    return study.model_copy(update={"ratings": Ratings(columns)})


def furthest_by_steps(gains: Array, most: int) -> tuple[Array, NDArray[np.intp]]:
    """Return what at most 0, 1, 2... steps gain where the gains of rows add up.

    Exact, row by row: f_r(n) = max over k of f_{r-1}(n - k) + gain of k steps in row r.

    Args:
        gains: [row, step], of 0, 1, 2... steps.
        most: how many steps in all.

    Returns:
        The gain [n]; and of n steps for the rows up to r, how many r takes [row, n].

    >>> furthest_by_steps(np.array([[0, 1.0, 1.0], [0, 0.5, 3.0]]), 3)[0].tolist()
    [0.0, 1.0, 3.0, 4.0]
    """
    best, taken = np.zeros(most + 1), np.zeros((len(gains), most + 1), dtype=np.intp)
    for r, gain in enumerate(gains):
        tried = np.full((min(gains.shape[1], most + 1), most + 1), -np.inf)
        for k in range(len(tried)):
            tried[k, k:] = best[: most + 1 - k] + gain[k]
        taken[r] = tried.argmax(axis=0)
        best = tried.max(axis=0)
    return best, taken


def steps_taken(taken: NDArray[np.intp], n: int) -> dict[int, int]:
    """Return how many steps each row takes, of those that take some, from `furthest_by_steps`."""
    found = {}
    for r in range(len(taken) - 1, -1, -1):
        if k := int(taken[r, n]):
            found[r], n = k, n - k
    return found


def furthest_by_search(
    rows: int, reached: Callable[[Places], Array], most: int, longest: int
) -> list[tuple[float, dict[int, int]]]:
    """Return what exactly 0, 1, 2... steps reach at most, where rows do not add up: by every set.

    Args:
        rows: how many there are.
        reached: of steps [set, row] gives [set], which is to be as large as can be.
        most: sets that are looked at for one number of steps; a larger number ends the search.
        longest: the largest number of steps.

    Returns:
        For each number of steps what is reached, and the steps by row.
    """
    found: list[tuple[float, dict[int, int]]] = []
    for n in range(longest + 1):
        size = comb(rows + n - 1, n) if rows else int(n == 0)
        if not 0 < size <= most:
            break
        sets = np.zeros((size, rows), dtype=np.intp)
        for place, chosen in enumerate(combinations_with_replacement(range(rows), n)):
            np.add.at(sets[place], list(chosen), 1)
        values = reached(sets)
        at = int(values.argmax())
        found.append((float(values[at]), {r: k for r, k in enumerate(sets[at].tolist()) if k}))
    return found


def pruned(
    steps: Places, enough: Callable[[Places], Mask], ahead: Callable[[Places], Array]
) -> Places:
    """Return steps of which none can be left out, from steps that are enough.

    Rows are left out one by one, each time the one that is missed least; then single steps.

    Args:
        steps: [row].
        enough: of [set, row] says whether they do [set].
        ahead: of [set, row] gives how far they reach [set].
    """
    for whole in (True, False):
        while (held := np.flatnonzero(steps)).size:
            tried = np.repeat(steps[None], len(held), axis=0)
            tried[np.arange(len(held)), held] -= steps[held] if whole else 1
            still = enough(tried)
            if not still.any():
                break
            steps = tried[int(np.where(still, ahead(tried), -np.inf).argmax())]
    return steps
