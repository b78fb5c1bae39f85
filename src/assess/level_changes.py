"""Which levels are not what they were, in their own unit, with the base of every percentage."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from assess.model import ABSENCE_MARKS, Ratings, ValueTree
from assess.values import plain_number

_KEY = ("analyst", "scenario", "criterion")


@dataclass(frozen=True)
class LevelChange:
    """One analyst's level on one criterion, where it is not the same on two sides.

    Attributes:
        analyst, scenario, criterion: ids; no scenario where the level holds in every one.
        unit: of the level; empty where it has none.
        earlier, later: as they were written; empty where there is no rating.
        percent: of the earlier level, its base; NaN where they are no numbers, or the base is not
            above 0.
    """

    analyst: str
    scenario: str
    criterion: str
    unit: str
    earlier: str
    later: str
    percent: float


def level_changes(before: Ratings, after: Ratings, tree: ValueTree) -> Iterator[LevelChange]:
    """Yield the levels that are not what they were, in the order of the later ratings.

    Args:
        before: one row a cell.
        after: the same, of what is held against it.
        tree: whose criteria are rated, those of context too.

    >>> before, after = (
    ...     Ratings.from_columns({"analyst": ["ana"], "strategy": ["keep"], "criterion": ["deaths"],
    ...                           "rating": [level]}) for level in (200, 350))
    >>> tree = ValueTree(id="tree", criteria={"deaths": {"unit": "deaths a year"}})
    >>> [(one.earlier, one.later, one.percent) for one in level_changes(before, after, tree)]
    [('200', '350', 75.0)]
    """
    old, new = _levels(before), _levels(after)
    for key in dict.fromkeys((*new, *old)):
        was, now = old.get(key, ""), new.get(key, "")
        numbers = [_number(text) for text in (was, now)]
        if was == now or numbers[0] == numbers[1]:
            continue
        unit = tree.criteria[key[2]].unit if key[2] in tree.criteria else ""
        yield LevelChange(*key, unit, was, now, _percent(tree, key[2], *numbers))


def _levels(ratings: Ratings) -> Mapping[tuple[str, str, str], str]:
    keys = zip(*(getattr(ratings, name).texts() for name in _KEY), strict=True)
    return dict(zip(keys, ratings.rating.texts(), strict=True))


def _number(text: str) -> float:
    if not text or text in ABSENCE_MARKS:
        return float("nan")
    try:
        return plain_number(text)
    except ValueError:
        return float("nan")


def _percent(tree: ValueTree, criterion: str, was: float, now: float) -> float:
    scale = tree.rating_scale(criterion) if criterion in tree.criteria else None
    if (scale is not None and scale.ordinal) or not was > 0 or np.isnan(now):
        return float("nan")
    return 100 * (now - was) / was
