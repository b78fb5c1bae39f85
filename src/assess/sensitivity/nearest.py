"""The nearest set of weights under which another strategy is ahead, or highest."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assess.aggregation import weighted_sum
from assess.assessment import evaluate
from assess.instrument import node_rules
from assess.model import FrozenDict, Study, nearest
from assess.rounding import points
from assess.sensitivity.asked import rivals_asked, scenario_asked
from assess.sensitivity.closed import above
from assess.sensitivity.paths import Folded, folded
from assess.sensitivity.reweighting import reweighted
from assess.sensitivity.simplex import NORMS, TIE, Norm, nearest_on_simplex

Array = NDArray[np.float64]


@dataclass(frozen=True)
class NearestWeights:
    """The least change of weights that brings a challenger level; any further and it is ahead.

    Attributes:
        study: whose weights they are.
        scenario, challenger: ids.
        rivals: ids of those it is level with, or ahead of.
        norm: how change is measured.
        change: its size, of weights that add up to 1; of leaf weights where they move jointly.
        weights: of criteria within their parents, as `reweighted` takes them.
    """

    study: Study
    scenario: str
    challenger: str
    rivals: tuple[str, ...]
    norm: Norm
    change: float
    weights: Mapping[str, float]

    @property
    def reweighted(self) -> Study:
        """The study with these weights."""
        return reweighted(self.study, self.scenario, self.weights)

    def __str__(self) -> str:
        study, s = self.study, self.study.scenario_ids.index(self.scenario)
        whole = folded(study)
        moved = []
        for key, weight in self.weights.items():
            parent = study.tree.criteria[key].parent or study.tree.id
            now = float(whole.judged[parent][s, study.tree.children[parent].index(key)])
            if abs(now - weight) > 1e-9:
                told = f"{points(weight, 1)} % (now {points(now, 1)} %)"
                moved.append(f"{study.tree.label(key)} {told}")
        label = study.scenario(self.scenario).label
        return f"{label}, {study.label(self.challenger)} draws level at: {', '.join(moved)}."


def nearest_weights(
    study: Study,
    scenario: str,
    challenger: str,
    leader: str | None = None,
    *,
    norm: Norm = "l1",
    node: str | None = None,
    leaves: bool = False,
) -> NearestWeights | None:
    """Return the nearest weights under which a strategy is level with another, or with all others.

    Exact, by linear programming ("l1", "max") or as a projection ("l2"), where the node and all
    above it add up.

    Args:
        study: a sound study.
        scenario: id.
        challenger: id of the strategy that is to draw level.
        leader: id of the one it is to draw level with; if not said, with all that have a total and
            pass their gates, so that it is highest.
        norm: how change is measured: "l1", the sum of all changes; "l2", the root of the sum of
            their squares; "max", the largest.
        node: id of the group among whose children weight is moved; the root if not said.
        leaves: whether instead the weights of all leaves move jointly, in a tree that adds up.

    Returns:
        None if no weights do it: never.

    Raises:
        ValueError: an unknown name; a strategy that cannot be compared; rules that do not add up;
            or ratings that one strategy lacks and another has, which bend the straight line.
        StudyError: the study is not sound.

    References:
        Wolters and Mareschal (1995), Novel types of sensitivity analysis for additive MCDM methods,
        European Journal of Operational Research 81(2), 281-290, doi:10.1016/0377-2217(93)E0343-V.

    >>> import assess
    >>> found = nearest_weights(assess.load("mali"), "reference", "protect_and_govern")
    >>> report = assess.evaluate(found.reweighted)
    >>> ids = list(report.study.strategies)
    >>> best = report.score[0, ids.index("protect_and_govern"), 0]
    >>> bool(best >= report.score[0, ids.index("consolidate_and_reform"), 0] - 1e-9)
    True
    """
    if norm not in NORMS:
        raise ValueError(f"no norm {norm!r} ({nearest(norm, NORMS)})")
    report, s = evaluate(study), scenario_asked(study, scenario)
    t, others = rivals_asked(report, s, challenger, leader)
    whole, place = folded(study), study.tree.id if node is None else node
    if leaves:
        names, now, gains = _of_leaves(whole, s, t, others)
    else:
        names, now, gains = _of_children(whole, s, place, t, others)
    found = nearest_on_simplex(now, gains, norm)
    if found is None:
        return None
    ids, moved = list(study.strategies), found - now
    weights = dict(zip(names, found.tolist(), strict=True))
    return NearestWeights(
        study=study,
        scenario=scenario,
        challenger=challenger,
        rivals=tuple(ids[u] for u in others),
        norm=norm,
        change=_size(moved, norm),
        weights=FrozenDict(_within_parents(whole, s, weights) if leaves else weights),
    )


def _size(moved: Array, norm: Norm) -> float:
    if norm == "l2":
        return float(np.sqrt((moved**2).sum()))
    return float(np.abs(moved).sum() if norm == "l1" else np.abs(moved).max())


def _of_children(
    whole: Folded, s: int, node: str, t: int, others: list[int]
) -> tuple[list[str], Array, Array]:
    """Return children that apply, their weights as judged, and gains [rival, child]."""
    tree = whole.study.tree
    if node not in tree.children:
        raise ValueError(f"no group {node!r} ({nearest(node, tree.groups)})")
    if not whole.additive(node):
        raise ValueError(f"{_not_additive(whole, node)}; weight_flips finds single weights there")
    places = np.array(whole.below(node))
    applies = whole.made.applies[0][s, places]
    values = whole.scores[s][:, places[applies]]
    there = ~np.isnan(values)
    scored = ~np.isnan(whole.scores[s][:, whole.place[node]])
    for u in others:
        if (there[u] != there[t]).any() or not scored[[t, u]].all():
            raise ValueError(_bent(whole.study, node, t, u))
    start, slope = above(whole, node, s)
    worth = np.where(there, start[:, None] + slope[:, None] * np.nan_to_num(values), 0.0)
    names = [tree.nodes[i] for i in places[applies].tolist()]
    # Weights under which too little would be rated for a total are no answer.
    rated = _rated(whole, s, node)[[t, *others]][:, applies] - whole.study.method.coverage_floor
    gains = np.vstack([worth[t] - worth[others], rated[(rated < -TIE).any(axis=1)]])
    return names, whole.judged[node][s, applies], gains


def _rated(whole: Folded, s: int, node: str) -> Array:
    """Return the share rated in all if a child held all of a node's weight [strategy, child]."""
    value = whole.covered[s][:, whole.below(node)]
    for here, up in pairwise(whole.upward(node)):
        places, w = whole.below(up), whole.counted[up][s]
        rest = np.einsum("tc,c->t", whole.covered[s][:, places], w)
        at, now = places.index(whole.place[here]), whole.covered[s][:, whole.place[here]]
        value = rest[:, None] + w[at] * (value - now[:, None])
    return np.asarray(value)


def _of_leaves(whole: Folded, s: int, t: int, others: list[int]) -> tuple[list[str], Array, Array]:
    """Return leaves that apply, their weights in the total, and gains [rival, leaf]."""
    tree, rules = whole.study.tree, node_rules(whole.study)
    for group in tree.groups:
        if rules[group] is not weighted_sum:
            raise ValueError(_not_additive(whole, group))
    weight = {tree.id: 1.0}
    for group in tree.groups:
        for child, w in zip(tree.children[group], whole.counted[group][s].tolist(), strict=True):
            weight[child] = weight[group] * w
    names = [leaf for leaf in tree.leaves if whole.made.applies[0][s, whole.place[leaf]]]
    values = whole.scores[s][:, [whole.place[leaf] for leaf in names]]
    for u in (t, *others):
        if np.isnan(values[u]).any():
            raise ValueError(_bent(whole.study, tree.id, t, u))
    return names, np.array([weight[leaf] for leaf in names]), values[t] - values[others]


def _within_parents(whole: Folded, s: int, leaves: Mapping[str, float]) -> dict[str, float]:
    """Return weights within parents of weights in the total; where nothing is left, none."""
    tree, held = whole.study.tree, dict(leaves)
    for node in reversed(tree.groups):
        held[node] = sum(held.get(child, 0.0) for child in tree.children[node])
    found: dict[str, float] = {}
    for node in tree.groups:
        applies = whole.made.applies[0][s, whole.below(node)]
        if held[node] <= 0:
            continue
        room = float(whole.judged[node][s, applies].sum())  # n/a children keep what they were given
        for child, counts in zip(tree.children[node], applies.tolist(), strict=True):
            if counts:
                found[child] = room * held[child] / held[node]
    return found


def _not_additive(whole: Folded, node: str) -> str:
    tree, rules = whole.study.tree, node_rules(whole.study)
    bent = next(up for up in whole.upward(node) if rules[up] is not weighted_sum)
    return (
        f"the nearest weights are exact where scores add up; {bent!r} is {tree.rule_of(bent).text}"
    )


def _bent(study: Study, node: str, t: int, u: int) -> str:
    ids = list(study.strategies)
    pair = f"{ids[t]!r} and {ids[u]!r}" if t != u else f"{ids[t]!r}"
    return f"ratings of {pair} below {node!r} are missing, so that totals are no straight lines"
