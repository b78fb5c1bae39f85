"""Who speaks on which cell, and what share of the weight rests on what."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assess import tables
from assess.model import BASES, CONFIDENCES, Study, effective_confidence
from assess.report import Report

Array = NDArray[np.float64]
Places = NDArray[np.intp]
Rows = NDArray[np.int32]


def rows_in(study: Study, s: int) -> Rows:
    """Return the row in use in one scenario [analyst, strategy, leaf], or -1."""
    grid = tables.row_grid(study)
    return grid[:, min(s, grid.shape[1] - 1)]


def levels_in(study: Study, s: int) -> Array:
    """Return the levels given in one scenario [analyst, strategy, leaf]; NaN where none is."""
    return np.append(tables.levels(study)["rating"].level, np.nan)[rows_in(study, s)]


def voices(study: Study, s: int) -> Array:
    """Return each analyst's share in every cell [analyst, strategy, leaf]; 0 where none."""
    given = ~np.isnan(levels_in(study, s))
    held = given * tables.analyst_weights(study)[:, None, None]
    total = held.sum(axis=0)
    return np.asarray(held / np.where(total > 0, total, 1.0))


def leaf_weights(report: Report, s: int) -> Array:
    """Return the share of the total's weight that each leaf holds in a scenario [leaf].

    What is not applicable weighs nothing, and its siblings share its weight (C4).
    """
    tree = report.study.tree
    place = {node: i for i, node in enumerate(tree.nodes)}
    applies = ~np.isnan(report.coverage[s, 0])
    held = np.where(applies, report.weights[s], 0.0)
    share = {tree.id: 1.0}
    for node in tree.groups:
        children = tree.children[node]
        total = sum(held[place[child]] for child in children) or 1.0
        share.update({child: share[node] * held[place[child]] / total for child in children})
    return np.array([share[leaf] for leaf in tree.leaves])


def weight_on(report: Report, s: int, codes: Places, count: int) -> Array:
    """Return what share of the weight rests on ratings of each code [code].

    It is the mean over the strategies, each analyst counting for a share of the voice.

    Args:
        report: the report.
        s: place of the scenario.
        codes: [row], below `count`.
        count: how many codes there are.
    """
    rows, share = rows_in(report.study, s), voices(report.study, s)
    amount = share * leaf_weights(report, s) / len(report.study.strategies)
    there = rows >= 0
    held = np.bincount(codes[rows[there]], weights=amount[there], minlength=count)
    return held.astype(np.float64)


def confidences(study: Study) -> Places:
    """Return the confidence that the evidence allows [row], as places in `CONFIDENCES` (C8)."""
    ratings = study.ratings
    columns = (ratings.confidence, ratings.grade, ratings.source)
    codes = np.stack([column.codes for column in columns], axis=1)
    found, inverse = np.unique(codes, axis=0, return_inverse=True)
    allowed = [
        CONFIDENCES.index(
            effective_confidence(*(c.labels[i] for c, i in zip(columns, row, strict=True)))
        )
        for row in found.tolist()
    ]
    return np.array(allowed, dtype=np.intp)[inverse.reshape(-1)]


def bases(study: Study) -> Places:
    """Return the basis of every rating [row], as places in `BASES`; judgement if none is said."""
    column = study.ratings.basis
    names: Sequence[str] = BASES
    table = [names.index(label or "judgement") for label in column.labels]
    return np.array(table, dtype=np.intp)[column.codes]


def scored_with_level(study: Study) -> NDArray[np.bool_]:
    """Return which ratings give a level on a scored criterion [row]."""
    on_leaf = tables.places(study.ratings.criterion, study.tree.leaves) >= 0
    return np.asarray(on_leaf & ~np.isnan(tables.levels(study)["rating"].level))
