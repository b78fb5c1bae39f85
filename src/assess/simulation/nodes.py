"""Counts of single nodes of the tree, and how their scores spread."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assess.instrument import instrument
from assess.model import Study, nearest, shown
from assess.model.frozen import fixed
from assess.simulation.plan import plan
from assess.simulation.tally import Tally

Array = NDArray[np.float64]
Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Distribution:
    """Shares of draws in bins of equal width.

    Attributes:
        edges: [bin + 1], the ends of the bins, rising; each bin holds its lower end, and the last
            one its upper end too.
        shares: [..., bin], which sum to 1.
    """

    edges: Array
    shares: Array


def distribution(counts: Counts, low: float, high: float) -> Distribution:
    """Return shares of counts [..., bin] between two ends."""
    edges = np.linspace(low, high, counts.shape[-1] + 1)
    return Distribution(fixed(edges), fixed(counts / counts.sum(axis=-1, keepdims=True)))


def place(key: str, ids: Sequence[str], what: str) -> int:
    """Return the place of an id.

    Raises:
        ValueError: there is none such; names the nearest.
    """
    if key not in ids:
        raise ValueError(f"there is no {what} {shown(key)} ({nearest(key, ids)})")
    return ids.index(key)


def node_place(study: Study, criterion: str | None) -> int:
    """Return the place of a node, of the root if none is named.

    Raises:
        ValueError: there is no such criterion; names the nearest.
    """
    return 0 if criterion is None else place(criterion, study.tree.nodes, "criterion")


def node_counts(study: Study, tally: Tally, criterion: str | None) -> Counts:
    """Return how often a node's scores fall into bins over [0, 1] [scenario, strategy, bin].

    Raises:
        ValueError: there is no such criterion.
    """
    tree, made = study.tree, plan(study)
    if (node := node_place(study, criterion)) == 0:
        return tally.total
    if (key := tree.nodes[node]) in tree.groups:
        return np.asarray(tally.group[made.setting[tree.groups.index(key)]])
    return np.asarray(tally.leaf[made.cell[:, :-2, tree.leaves.index(key)]])


def by_node(study: Study, groups: Counts, cells: Counts) -> Array:
    """Return sums of settings and cells on the axes of a report [scenario, strategy, node].

    Args:
        study: whose plan says which they are.
        groups: [setting, strategy].
        cells: [cell].

    Returns:
        NaN where a node does not apply.
    """
    tree, made = study.tree, plan(study)
    found = np.empty((*made.cell[:, :-2, 0].shape, len(tree.nodes)))
    for g, node in enumerate(tree.groups):
        found[..., tree.nodes.index(node)] = groups[made.setting[g]]
    for c, leaf in enumerate(tree.leaves):
        found[..., tree.nodes.index(leaf)] = cells[made.cell[:, :-2, c]]
    return np.where(applies(study)[:, None], found, np.nan)


def applies(study: Study) -> Mask:
    """Return whether anything below a node counts [scenario, node]."""
    return np.asarray(instrument(study).applies[0])
