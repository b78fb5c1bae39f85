"""What share of the weight behind every score rests on which kind of support."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assess import tables
from assess.aggregation import weighted_sum
from assess.evidence import allowed, bases
from assess.model import BASES, CONFIDENCES, Study, ValueTree
from assess.model.frozen import fixed
from assess.rollup import fold, recipe

__all__ = ["KINDS", "Support", "kinds", "levels_in", "rows_in", "support", "voices"]

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Places = NDArray[np.intp]
Rows = NDArray[np.int32]

KINDS = ("measured", "corroborated", "opinion")


@dataclass(frozen=True, eq=False)
class Support:
    """What share of the weight behind every score rests on what; the three add up to coverage.

    All are [scenario, strategy, node] in [0, 1]; NaN where a node is not applicable.

    Attributes:
        measured: on ratings whose basis is measured, and that name a source.
        corroborated: on judgements whose source and grade allow at least moderate confidence under
            the study's table; a stale one counts here only if the table lets it.
        opinion: on all other ratings.
    """

    measured: Array
    corroborated: Array
    opinion: Array

    def __post_init__(self) -> None:
        for name in KINDS:
            object.__setattr__(self, name, fixed(getattr(self, name)))


def support(study: Study, weights: Array, applies: Mask) -> Support:
    """Return what share of the weight behind every score rests on what.

    Weights are those of coverage: a child that does not apply weighs nothing, and its siblings
    share its weight (C4). Within a cell, each analyst who gives a level counts for a share of the
    voice.

    Args:
        study: without problems.
        weights: [scenario, node], weight within the parent.
        applies: [scenario, node], whether anything below a node counts.

    >>> import assess
    >>> report = assess.evaluate(assess.load("mali"))
    >>> found = report.support
    >>> total = found.measured + found.corroborated + found.opinion
    >>> bool(np.allclose(total, report.coverage, rtol=0, atol=1e-9, equal_nan=True))
    True
    """
    tree = study.tree
    sums = dict.fromkeys(tree.groups, weighted_sum)
    made = recipe(tree, _counting(tree, weights, applies), sums)
    by_node = fold(made, _by_leaf(study))
    shown = np.where(applies[:, None], np.clip(by_node, 0.0, 1.0), np.nan)
    return Support(**dict(zip(KINDS, shown, strict=True)))


def kinds(study: Study) -> Places:
    """Return what every rating is as support [row], as places in `KINDS`."""
    measured = (bases(study) == BASES.index("measured")) & ~study.ratings.source.matches("")
    firm = allowed(study) <= CONFIDENCES.index("moderate")
    judged = np.where(firm, KINDS.index("corroborated"), KINDS.index("opinion"))
    return np.where(measured, KINDS.index("measured"), judged)


def rows_in(study: Study, s: int) -> Rows:
    """Return the row in use in one scenario [analyst, strategy, leaf], or -1."""
    grid = tables.row_grid(study)
    return grid[:, min(s, grid.shape[1] - 1)]


def levels_in(study: Study, s: int) -> Array:
    """Return the levels given in one scenario [analyst, strategy, leaf]; NaN where none is."""
    return np.append(tables.levels(study)["rating"].level, np.nan)[rows_in(study, s)]


def voices(study: Study, s: int) -> Array:
    """Return each analyst's share in every cell [analyst, strategy, leaf]; 0 where none."""
    return _voices(study, rows_in(study, s))


def _voices(study: Study, rows: Rows) -> Array:
    given = ~np.isnan(np.append(tables.levels(study)["rating"].level, np.nan)[rows])
    held = given * tables.analyst_weights(study)[:, None, None]
    total = held.sum(axis=0)
    return np.asarray(held / np.where(total > 0, total, 1.0))


def _by_leaf(study: Study) -> Array:
    """Return the share of each cell's voice by kind [kind, scenario, strategy, leaf].

    The scenario axis has length 1 where no rating is specific to a scenario.
    """
    grid = tables.row_grid(study)
    of = np.append(kinds(study), -1)
    found = np.zeros((len(KINDS), *grid.shape[1:]))
    for s in range(grid.shape[1]):
        rows = grid[:, s]
        share, kind = _voices(study, rows), of[rows]
        for k in range(len(KINDS)):
            found[k, s] = np.where(kind == k, share, 0.0).sum(axis=0)
    return found


def _counting(tree: ValueTree, weights: Array, applies: Mask) -> Mapping[str, Array]:
    """Return the weights with which children count [scenario, 1, child], by group."""
    place = {node: i for i, node in enumerate(tree.nodes)}
    held = np.where(applies, weights, 0.0)
    found = {}
    for node in tree.groups:
        own = held[:, [place[child] for child in tree.children[node]]]
        total = own.sum(axis=-1, keepdims=True)
        found[node] = np.where(total > 0, own / np.where(total > 0, total, 1.0), 0.0)[:, None]
    return found
