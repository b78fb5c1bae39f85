"""The one pipeline: a study becomes a report.

    ratings -> values -> pooling -> rollup -> report

Every step is one function of the floor below; nothing reaches back.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assess import aggregation, pooling, tables
from assess.checks import check
from assess.choices import bind
from assess.fingerprints import fingerprints
from assess.model import FrozenDict, Study, StudyError
from assess.report import GATE_STATUSES, TIE, Report
from assess.rollup import Rolled, Rule, fold, roll
from assess.values import reference_worth
from assess.version import versions

Array = NDArray[np.float64]


def evaluate(study: Study) -> Report:
    """Assess the strategies of a study: a score at every node, and what it rests on.

    Args:
        study: loaded by `assess.load`, or built in Python.

    Returns:
        The report; scores are NaN where too little is rated.

    Raises:
        StudyError: the study is not sound; lists every problem.

    References:
        Keeney and Raiffa (1976), Decisions with Multiple Objectives,
        doi:10.1017/CBO9781139174084.

    >>> import assess
    >>> report = assess.evaluate(assess.load("mali"))
    >>> report.score.shape == (len(report.study.scenarios), len(report.study.strategies),
    ...                        len(report.study.tree.nodes))
    True
    """
    problems = check(study)
    if problems:
        raise StudyError(problems)
    cells = tables.cells(study)
    applicable = tables.applicable(study)
    weights = tables.weights(study)
    rules = node_rules(study)

    everyone = _with_reference_profiles(study, pool(study, cells.values))
    of, held = _by_kind(study, applicable, weights)
    rolled, references = roll(study.tree, everyone, of, held, rules).split(-2)
    shown = _above_floor(study, rolled)[:, 0]
    acceptable, good = _complete(references)
    return Report(
        study=study,
        score=shown[0].copy(),
        low=rolled.low[0, 0].copy(),
        high=rolled.high[0, 0].copy(),
        coverage=rolled.coverage[0, 0].copy(),
        acceptable=acceptable,
        good=good,
        weights=_within_parent(study, weights),
        ends=shown[1, ..., 0].copy(),
        means=shown[2, ..., 0].copy(),
        gates=_gates(study, rolled, applicable),
        saturated=cells.saturated,
        fingerprints=fingerprints(study),
        versions=FrozenDict(versions()),
    )


def pool(study: Study, values: Array) -> Array:
    """Return one panel's values [draw, 1, scenario, strategy, leaf] from its analysts'.

    Args:
        study: names the pooling centre and the analysts' weights.
        values: [draw, analyst, scenario, strategy, leaf] in [0, 1]; NaN where absent.

    Returns:
        NaN where no analyst with a weight rated.
    """
    centre = bind(study.method.pooling, pooling)
    last = np.moveaxis(values, 1, -1)
    held = np.where(np.isnan(last), 0.0, tables.analyst_weights(study))
    some = held.sum(axis=-1) > 0
    held[~some] = 1.0
    centres = centre(np.where(np.isnan(last), 0.0, last), held)
    return np.where(some, np.clip(centres, 0.0, 1.0), np.nan)[:, None]


def node_rules(study: Study) -> dict[str, Rule]:
    """Return the rule of every group as a function of (values, weights)."""
    return {node: _rule(study, node) for node in study.tree.groups}


def _rule(study: Study, node: str) -> Rule:
    choice = study.tree.rule_of(node)
    if choice.name not in study.rules:
        return bind(choice, aggregation)
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
        result = np.asarray(rule(values, weights), dtype=np.float64)
        if result.shape != values.shape[:-1]:
            raise ValueError(
                f"rule {name!r} at {node!r} gave shape {result.shape} for values of shape "
                f"{values.shape}; expected {values.shape[:-1]}: aggregate along the last axis"
            )
        bad = ~((result >= -TIE) & (result <= 1 + TIE))
        if bad.any():
            raise ValueError(
                f"rule {name!r} at {node!r} gave {result[bad].flat[0]:g}; a score lies in [0, 1]"
            )
        return result

    return guarded


def _above_floor(study: Study, rolled: Rolled) -> Array:
    """Return scores, NaN where less than the study's floor of weight is rated (C4)."""
    enough = rolled.coverage >= study.method.coverage_floor - TIE
    return np.where(enough, rolled.score, np.nan)


def _by_kind(
    study: Study, applicable: NDArray[np.bool_], weights: dict[str, Array]
) -> tuple[NDArray[np.bool_], dict[str, Array]]:
    """Return leaves and weights of the total, and of each kind of measure alone (C15).

    The axis of draws holds all leaves, then measures of effectiveness, then of performance, for
    which each group weighs what it holds of that kind.

    Returns:
        Which leaves count [3, 1, scenario, 1, leaf], and weights [3, 1, scenario, 1, child].
    """
    tree = study.tree
    kinds = np.array([tree.criteria[leaf].kind for leaf in tree.leaves])
    of = np.stack([kinds == "effectiveness", kinds == "performance"])[:, None, None, None, :]
    sums = dict.fromkeys(tree.groups, aggregation.weighted_sum)
    share = fold(tree, np.where(applicable, of.astype(float), np.nan), weights, sums)
    place = {node: i for i, node in enumerate(tree.nodes)}
    held = {}
    for node, children in tree.children.items():
        w = weights[node] * np.nan_to_num(share[..., [place[child] for child in children]])
        total = w.sum(axis=-1, keepdims=True)
        of_kind = np.where(total > 0, w / np.where(total > 0, total, 1.0), weights[node])
        held[node] = np.concatenate([weights[node], of_kind])
    return np.concatenate([applicable, applicable & of]), held


def _with_reference_profiles(study: Study, pooled: Array) -> Array:
    """Add two strategies: one just acceptable on every leaf, and one just good on every leaf."""
    profiles = np.array(
        [
            [_reference(study, leaf, of) for leaf in study.tree.leaves]
            for of in ("acceptable", "good")
        ]
    )
    shape = (*pooled.shape[:3], *profiles.shape)
    return np.concatenate([pooled, np.broadcast_to(profiles, shape)], axis=3)


def _complete(references: Rolled) -> tuple[Array, Array]:
    """Return the scores [scenario, node] of both reference profiles; NaN where a leaf lacks one."""
    complete = np.where(references.coverage >= 1 - TIE, references.score, np.nan)
    acceptable, good = np.moveaxis(complete[0, 0], 1, 0).copy()
    return acceptable, good


def _reference(study: Study, leaf: str, of: str) -> float:
    """Return the worth of a leaf's reference level; NaN where it names none."""
    level, scale = getattr(study.tree.criteria[leaf], of), study.tree.scale_of(leaf)
    return float("nan") if level is None or scale is None else reference_worth(scale, level)


def _within_parent(study: Study, weights: dict[str, Array]) -> Array:
    """Return the weight of every node within its parent [scenario, node]; 1 for the root."""
    by_node = {study.tree.id: np.ones(len(study.scenarios))}
    for node, children in study.tree.children.items():
        for i, child in enumerate(children):
            by_node[child] = weights[node][0, 0, :, 0, i]
    return np.stack([by_node[node] for node in study.tree.nodes], axis=-1)


def _gates(study: Study, rolled: Rolled, applicable: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Return the status of every gate [scenario, strategy, gate] (C14)."""
    tree, status = study.tree, []
    shape = np.broadcast_shapes(rolled.low.shape[2:4], applicable.shape[2:4])
    for i, leaf in enumerate(tree.leaves):
        gate, scale = tree.criteria[leaf].gate, tree.scale_of(leaf)
        if gate is None or scale is None:
            continue
        threshold = reference_worth(scale, gate.threshold)
        at = tree.nodes.index(leaf)
        low, high = rolled.low[0, 0, :, :, at], rolled.high[0, 0, :, :, at]
        found = np.select(
            [~applicable[0, 0, :, :, i], low >= threshold - TIE, high < threshold - TIE],
            [GATE_STATUSES.index(name) for name in ("n/a", "pass", "fail")],
            default=GATE_STATUSES.index("undecided"),
        )
        status.append(np.broadcast_to(found, shape))
    return np.stack(status, axis=-1).astype(np.int8) if status else np.zeros((*shape, 0), np.int8)
