"""What a study measures with: rules, weights, what applies, reference profiles and gates."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assess import aggregation, tables
from assess.aggregation import weighted_sum
from assess.choices import bind, real
from assess.fingerprints import fingerprints
from assess.model import FrozenDict, Study, kept
from assess.rollup import Recipe, Rule, fold, recipe
from assess.values import reference_worth

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

CLOSE = 1e-12
KINDS = ("effectiveness", "performance")


@dataclass(frozen=True, eq=False)
class Instrument:
    """All that makes scores of pooled ratings, made once for a study.

    Where an axis has length 3 it holds the total, then measures of effectiveness alone (ends), then
    measures of performance alone (means) (C15).

    Attributes:
        scores: how scores are made; weights [3, 1, scenario, 1, group, child].
        total: the first of the three alone; weights [1, scenario, 1, group, child].
        coverage: how the share of weight that is rated is made; the weights of `scores`, all sums.
        applies: [3, scenario, node], whether anything below a node counts.
        applicable: [scenario, leaf] (C4).
        acceptable, good: [scenario, node], what the reference profiles score; NaN where a leaf
            below names no such level.
        gates: for each gate, the place of its leaf among the leaves, and the worth to be reached.
        weights: [scenario, node], the weight of a node within its parent; 1 for the root.
        fingerprints: by node (C10).
    """

    scores: Recipe
    total: Recipe
    coverage: Recipe
    applies: Mask
    applicable: Mask
    acceptable: Array
    good: Array
    gates: tuple[tuple[int, float], ...]
    weights: Array
    fingerprints: FrozenDict[str, str]


@kept
def instrument(study: Study) -> Instrument:
    """Return what a sound study measures with.

    Raises:
        ValueError: a rule of the author's is not at hand.
    """
    tree = study.tree
    applicable, judged = tables.applicable(study)[0, 0, :, 0], tables.weights(study)
    held, applies = _counting(study, judged, applicable)
    rules, sums = node_rules(study), dict.fromkeys(tree.groups, weighted_sum)
    total = recipe(tree, {node: w[0] for node, w in held.items()}, rules)
    coverage = recipe(tree, held, sums)
    acceptable, good = _references(study, total, coverage)
    return Instrument(
        scores=recipe(tree, held, rules),
        total=total,
        coverage=coverage,
        applies=applies,
        applicable=applicable,
        acceptable=np.where(applies[0], acceptable, np.nan),
        good=np.where(applies[0], good, np.nan),
        gates=tuple(_gates(study)),
        weights=_within_parent(study, judged),
        fingerprints=fingerprints(study),
    )


@kept
def node_rules(study: Study) -> FrozenDict[str, Rule]:
    """Return the rule of every group as a function of (values, weights)."""
    choices = {node: study.tree.rule_of(node) for node in study.tree.groups}
    bound = {
        choice: bind(choice, aggregation)
        for choice in set(choices.values())
        if choice.name not in study.rules
    }
    return FrozenDict(
        {
            node: bound[choice] if choice in bound else _own(study, node)
            for node, choice in choices.items()
        }
    )


def _own(study: Study, node: str) -> Rule:
    choice = study.tree.rule_of(node)
    function = study.rules[choice.name].function
    if function is None:
        raise ValueError(
            f"rule {choice.name!r} is a function of the study's author, and is not at hand: "
            "this report can be read, but not computed again"
        )
    return _guarded(bind(choice, aggregation, {choice.name: function}), choice.name, node)


def _guarded(rule: Callable[..., Any], name: str, node: str) -> Rule:
    """Hold a user's rule to its promise: one score a strategy, in [0, 1]."""

    def guarded(values: Array, weights: Array) -> Array:
        v, w = np.broadcast_arrays(values, weights)
        result = real(rule(np.where(w == 0, 0.0, v), w.copy()))
        expected = v.shape[:-1]
        if result.shape != expected:
            raise ValueError(
                f"rule {name!r} at {node!r} gave shape {result.shape} for values of shape "
                f"{v.shape}; expected {expected}: aggregate along the last axis"
            )
        bad = ~((result >= -CLOSE) & (result <= 1 + CLOSE))
        if bad.any():
            raise ValueError(
                f"rule {name!r} at {node!r} gave {result[bad].flat[0]:g}; a score lies in [0, 1]"
            )
        return result

    return guarded


def _counting(
    study: Study, judged: Mapping[str, Array], applicable: Mask
) -> tuple[dict[str, Array], Mask]:
    """Return the weights with which children count, and where anything does.

    A child that does not apply weighs nothing and its siblings share its weight (C4). For ends and
    for means alone, a child weighs what it holds of that kind (C15).

    Returns:
        For each group [3, 1, scenario, 1, child]; and [3, scenario, node].
    """
    tree, held = study.tree, dict[str, Array]()
    kinds = [tree.criteria[leaf].kind for leaf in tree.leaves]
    of = np.array([[True] * len(kinds), *([kind == k for kind in kinds] for k in KINDS)])
    share = {
        leaf: (of[:, i, None] & applicable[:, i]).astype(float)
        for i, leaf in enumerate(tree.leaves)
    }
    for node in reversed(tree.groups):
        below = np.stack([share[child] for child in tree.children[node]], axis=-1)
        w = judged[node][0, 0, :, 0] * below
        total = w.sum(axis=-1, keepdims=True)
        counting = np.where(total > 0, w / np.where(total > 0, total, 1.0), 1 / w.shape[-1])
        share[node] = np.where(total[0, :, 0] > 0, (counting[0] * below).sum(axis=-1), 0.0)
        held[node] = counting[:, None, :, None, :]
    applies = np.stack([share[node] > 0 for node in tree.nodes], axis=-1)
    return held, applies


def _references(study: Study, total: Recipe, coverage: Recipe) -> tuple[Array, Array]:
    """Return what two strategies score, just acceptable and just good on every leaf.

    Returns:
        Both [scenario, node]; NaN where a leaf below names no such level.
    """
    levels = [
        [_reference(study, leaf, of) for leaf in study.tree.leaves] for of in ("acceptable", "good")
    ]
    profiles = np.array(levels)[None, None, None]
    complete = fold(coverage, 1.0 - np.isnan(profiles))[0, 0] >= 1 - CLOSE
    found = np.where(complete, fold(total, profiles[0])[0], np.nan)
    return found[:, 0].copy(), found[:, 1].copy()


def _reference(study: Study, leaf: str, of: str) -> float:
    """Return the worth of a leaf's reference level; NaN where it names none."""
    level, scale = getattr(study.tree.criteria[leaf], of), study.tree.scale_of(leaf)
    return float("nan") if level is None or scale is None else reference_worth(scale, level)


def _gates(study: Study) -> Iterator[tuple[int, float]]:
    for i, leaf in enumerate(study.tree.leaves):
        gate, scale = study.tree.criteria[leaf].gate, study.tree.scale_of(leaf)
        if gate is not None and scale is not None:
            yield i, reference_worth(scale, gate.threshold)


def _within_parent(study: Study, judged: Mapping[str, Array]) -> Array:
    """Return the judged weight of every node within its parent [scenario, node]."""
    by_node = {study.tree.id: np.ones(len(study.scenarios))}
    for node, children in study.tree.children.items():
        for i, child in enumerate(children):
            by_node[child] = judged[node][0, 0, :, 0, i]
    return np.stack([by_node[node] for node in study.tree.nodes], axis=-1)
