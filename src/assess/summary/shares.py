"""What share of the total's weight each leaf holds, and ratings of each kind."""

import numpy as np
from numpy.typing import NDArray

from assess import tables
from assess.model import Study
from assess.report import Report
from assess.support import rows_in, voices

Array = NDArray[np.float64]
Places = NDArray[np.intp]


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


def scored_with_level(study: Study) -> NDArray[np.bool_]:
    """Return which ratings give a level on a scored criterion, or on a group as a whole [row]."""
    scored = tables.places(study.ratings.criterion, study.tree.nodes) >= 0
    return np.asarray(scored & ~np.isnan(tables.levels(study)["rating"].level))
