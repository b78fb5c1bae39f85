"""Which criterion exchange rates are counted in: one whose amounts mean something."""

from collections.abc import Iterator

import numpy as np

from assess.instrument import instrument
from assess.model import Scale, Study, nearest
from assess.tradeoffs.profile import Point


def count_in(here: Point, asked: str | None, leaves: list[str]) -> str:
    """Return the criterion to count in."""
    tree = here.study.tree
    fit = [leaf for leaf in leaves if not _unfit(here, leaf)]
    if asked is None:
        units = [leaf for leaf in fit if tree.criteria[leaf].unit]
        measures = [leaf for leaf in units if tree.criteria[leaf].kind == "effectiveness"]
        found = next(iter((*measures, *units, *fit)), None)
        if found is None:
            raise ValueError("no criterion has a numeric scale that only rises or only falls")
        return found
    if asked not in leaves:
        why = "does not apply here" if asked in tree.leaves else "is no scored criterion"
        raise ValueError(f"{asked!r} {why} ({nearest(asked, fit)})")
    if reason := _unfit(here, asked):
        raise ValueError(f"{asked!r} {reason} ({nearest('', fit)})")
    return asked


def _unfit(here: Point, leaf: str) -> str:
    """Return why nothing can be counted in a criterion; empty if it can."""
    scale = scale_of(here.study, leaf)
    if scale.ordinal:
        return "is ordinal: its levels have no arithmetic (C3)"
    if not (scale.rising or scale.falling):
        return "rises and falls, so that an amount of it is better or worse"
    weight = np.prod([_weight(here, node) for node in (leaf, *_above(here.study, leaf))])
    return "" if weight > 0 else "weighs nothing in this scenario"


def _weight(here: Point, node: str) -> float:
    return float(instrument(here.study).weights[here.s, here.study.tree.nodes.index(node)])


def _above(study: Study, leaf: str) -> Iterator[str]:
    parent = study.tree.criteria[leaf].parent
    while parent is not None:
        yield parent
        parent = study.tree.criteria[parent].parent


def scale_of(study: Study, leaf: str) -> Scale:
    """Return the scale of a leaf of a sound study."""
    scale = study.tree.scale_of(leaf)
    assert scale is not None
    return scale
