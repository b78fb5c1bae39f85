"""How totals move with the weight of one node: along its path up the tree, all else held."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assess import tables
from assess.aggregation import weighted_sum
from assess.assessment import DIGITS, pool
from assess.instrument import Instrument, instrument, node_rules
from assess.model import Study, kept
from assess.report import TIE
from assess.rollup import combine, fold

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
WHOLE = 1e-12


@dataclass(frozen=True, eq=False)
class Folded:
    """A study folded once: the values that are there, and the weights with which they count.

    Attributes:
        study: a sound study.
        made: what it measures with.
        scores: [scenario, strategy, node] in [0, 1], whatever the coverage; NaN where nothing is
            rated below.
        covered: [scenario, strategy, node], the share of weight rated.
        judged: for each group [scenario, child], the weights as judged.
        counted: for each group [scenario, child], the weights among the children that apply.
    """

    study: Study
    made: Instrument
    scores: Array
    covered: Array
    judged: Mapping[str, Array]
    counted: Mapping[str, Array]

    @cached_property
    def place(self) -> Mapping[str, int]:
        """The place of every node on the node axis."""
        return {node: i for i, node in enumerate(self.study.tree.nodes)}

    def below(self, node: str) -> list[int]:
        """Return the places of the children of a node."""
        return [self.place[child] for child in self.study.tree.children[node]]

    def additive(self, node: str) -> bool:
        """Whether a node and all above it add up."""
        rules = node_rules(self.study)
        return all(rules[up] is weighted_sum for up in self.upward(node))

    def upward(self, node: str) -> list[str]:
        """Return a group and the groups above it, the root last."""
        tree, found = self.study.tree, [node]
        while found[-1] != tree.id:
            found.append(tree.criteria[found[-1]].parent or tree.id)
        return found


@kept
def folded(study: Study) -> Folded:
    """Fold a sound study once."""
    made = instrument(study)
    pooled = pool(study, tables.cells(study).values)
    panel = np.where(made.applicable[:, None], pooled, 0.0)
    judged = {node: w[0, 0, :, 0] for node, w in tables.weights(study).items()}
    counted = {}
    for step in made.total.steps:
        for g, at in enumerate(step.nodes.tolist()):
            node = study.tree.nodes[at]
            counted[node] = step.weights[0, :, 0, g, : len(study.tree.children[node])]
    return Folded(
        study=study,
        made=made,
        scores=fold(made.total, panel[0])[0],
        covered=fold(made.coverage, 1.0 - np.isnan(panel))[0, 0],
        judged=judged,
        counted=counted,
    )


@dataclass(frozen=True, eq=False)
class Dial:
    """The weight of one criterion, as something that can be turned from 0 to 1.

    A weight as judged, x, is a share u of what applies: u = x / (x + (1 - x) a), where the siblings
    that apply hold a of the weight of all siblings.

    Attributes:
        whole: the study, folded.
        node: the criterion.
        parent: whose weight it holds a part of.
        at: the place of the criterion among its siblings.
        now: [scenario], the weight as judged.
        others: [scenario, child], how the siblings that apply share what is left; 0 for itself.
        applying: [scenario], a; 0 where turning it moves nothing.
    """

    whole: Folded
    node: str
    parent: str
    at: int
    now: Array
    others: Array
    applying: Array

    def share(self, s: int, weight: Array) -> Array:
        """Return the shares of what applies [...] of weights as judged [...] in a scenario."""
        x, a = np.asarray(weight), self.applying[s]
        return np.asarray(x / (x + (1 - x) * a))

    def weight(self, s: int, share: Array) -> Array:
        """Return the weights as judged [...] of shares of what applies [...] in a scenario."""
        u, a = np.asarray(share), self.applying[s]
        return np.asarray(u * a / (1 - u + u * a))

    def counted(self, s: int, weight: Array) -> Array:
        """Return the weights with which siblings count [..., child], of weights as judged [...]."""
        u = self.share(s, weight)[..., None]
        found = (1 - u) * self.others[s]
        found[..., self.at] = u[..., 0]
        return np.asarray(found)

    def totals(self, s: int, weight: Array) -> Array:
        """Return the totals [n, strategy] in a scenario at weights as judged [n].

        By the study's own rules, from the node up; NaN where too little is rated for a total.
        """
        score = self._up(self.whole.scores[s], s, self.counted(s, weight)[:, None, :])
        enough = self.coverage(s, weight) >= self.whole.study.method.coverage_floor - TIE
        return np.where(enough, score, np.nan)

    def coverage(self, s: int, weight: Array) -> Array:
        """Return the share of weight rated [n, strategy] at weights as judged [n]."""
        whole = self.whole
        below = whole.covered[s][:, whole.below(self.parent)]
        value = np.einsum("nc,tc->nt", self.counted(s, weight), below)
        for node, up in _steps(whole, self.parent):
            places, w = whole.below(up), whole.counted[up][s]
            at = places.index(whole.place[node])
            rest = np.einsum("tc,c->t", whole.covered[s][:, places], w)
            value = rest + w[at] * (value - whole.covered[s][:, whole.place[node]])
        return np.asarray(value.round(DIGITS))

    def _up(self, scores: Array, s: int, moved: Array) -> Array:
        whole, rules = self.whole, node_rules(self.whole.study)
        below = np.broadcast_to(
            scores[:, whole.below(self.parent)], (len(moved), len(scores), moved.shape[-1])
        )
        weights = np.broadcast_to(moved, below.shape)
        value = combine(below, weights, rules[self.parent])
        for node, up in _steps(whole, self.parent):
            places = whole.below(up)
            below = np.broadcast_to(scores[:, places], (*value.shape, len(places))).copy()
            below[..., places.index(whole.place[node])] = value
            weights = np.broadcast_to(whole.counted[up][s], below.shape)
            value = combine(below, weights, rules[up])
        return value


def _steps(whole: Folded, node: str) -> list[tuple[str, str]]:
    """Return the pairs (node, parent) from a group up to the root."""
    chain = whole.upward(node)
    return list(pairwise(chain))


def dial(whole: Folded, node: str) -> Dial:
    """Return the weight of a criterion as something that can be turned."""
    tree = whole.study.tree
    parent = tree.criteria[node].parent or tree.id
    children = tree.children[parent]
    at = children.index(node)
    judged, applies = whole.judged[parent], whole.made.applies[0][:, whole.below(parent)]
    rest = judged.copy()
    rest[:, at] = 0.0
    left = rest.sum(axis=-1, keepdims=True)
    alone = np.ones(len(children))
    alone[at] = 0.0
    rest = np.where(
        left > WHOLE, rest / np.where(left > WHOLE, left, 1.0), alone / max(1, alone.sum())
    )
    rest = rest * applies
    applying = rest.sum(axis=-1)
    others = rest / np.where(applying > 0, applying, 1.0)[:, None]
    moves = applies[:, at] & whole.made.applies[0][:, 0]
    return Dial(
        whole=whole,
        node=node,
        parent=parent,
        at=at,
        now=judged[:, at],
        others=others,
        applying=np.where(moves, applying, 0.0),
    )
