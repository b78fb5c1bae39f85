"""Mixed studies: each kind of input taken whole from one study or from the other."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from assess import tables
from assess.fingerprints import leaf_content
from assess.model import Ratings, Scenario, Study, ValueTree
from assess.values import plain_number

KINDS = ("ratings", "analysts", "evidence", "weights", "applicability", "method")
BRIDGED = ("scales", "rules")  # kinds that differ only between scores that measure something else
_KEY = ("analyst", "strategy", "scenario", "criterion")
_EVIDENCE = ("low", "high", "confidence", "grade", "source", "date", "vintage", "basis")
_SCORING = ("pooling", "coverage_floor", "analyst_weights", "performance")
_ELICITED = ("method", "judgements", "before", "ratios", "stakeholders")


def differing(earlier: Study, later: Study, *, bridge: bool = False) -> tuple[str, ...]:
    """Return the kinds of input in which two studies differ in a way that may move a score.

    Scales and rules are among them in a bridge alone: nodes that are compared have the same (C10).
    Evidence is one that never moves a score (C8).

    >>> import assess
    >>> study = assess.load("mali")
    >>> differing(study, study)
    ()
    """
    kinds = (*KINDS, *BRIDGED) if bridge else KINDS
    held = {kind: _HOLDS[kind] for kind in kinds if kind != "evidence"}
    found = {kind for kind, read in held.items() if read(earlier) != read(later)}
    if _evidence_differs(earlier, later):
        found.add("evidence")
    return tuple(kind for kind in kinds if kind in found)


def _rated(study: Study) -> Any:
    ratings = study.ratings
    keys = zip(*(getattr(ratings, name).texts() for name in _KEY), strict=True)
    return dict(zip(keys, map(_level, ratings.rating.texts()), strict=True))


def _level(text: str) -> float | str:
    try:
        return plain_number(text)
    except ValueError:
        return text


def _panel(study: Study) -> Any:
    analysts = {key: (a.weight, a.pooled, a.answers) for key, a in study.analysts.items()}
    return analysts, dict(study.seed_questions)


def _evidence_differs(earlier: Study, later: Study) -> bool:
    """Whether evidence differs of ratings that both have, or how it counts."""
    old, new = (_evidence(study) for study in (earlier, later))
    methods = [(s.method.evidence, s.method.half_widths) for s in (earlier, later)]
    return methods[0] != methods[1] or any(old[key] != new[key] for key in old.keys() & new.keys())


def _evidence(study: Study) -> dict[tuple[str, ...], tuple[str, ...]]:
    ratings = study.evidenced
    keys, held = (
        zip(*(getattr(ratings, name).texts() for name in names), strict=True)
        for names in (_KEY, _EVIDENCE)
    )
    return dict(zip(keys, held, strict=True))


def _weights(study: Study) -> Any:
    return {
        scenario.id: (
            scenario.weights_from,
            {
                node: [getattr(held, name) for name in _ELICITED]
                for node, held in scenario.weights.items()
            },
        )
        for scenario in study.scenarios
    }


def _applicability(study: Study) -> Any:
    return set(tables.ended(study)), {s.id: set(s.not_applicable) for s in study.scenarios}


def _method(study: Study) -> Any:
    return [getattr(study.method, name) for name in _SCORING]


def _scales(study: Study) -> Any:
    return {leaf: leaf_content(study, leaf) for leaf in study.tree.leaves}


def _rules(study: Study) -> Any:
    tree = study.tree
    return {node: (tree.rule_of(node), tree.children[node]) for node in tree.groups}, study.rules


_HOLDS: Mapping[str, Callable[[Study], Any]] = {
    "ratings": _rated,
    "analysts": _panel,
    "weights": _weights,
    "applicability": _applicability,
    "method": _method,
    "scales": _scales,
    "rules": _rules,
}


def mixed(
    earlier: Study, later: Study, from_later: frozenset[str], node: str, *, bridge: bool = False
) -> Study:
    """Return the study that takes some kinds of input from the later one, the rest as it was.

    The strategies are those of both. The tree goes with the weights, which were elicited on it.
    Ratings count where their analyst is on the panel, their scenario is there and their criterion
    is scored; where the trees differ outside of the node, only those that reach it count.

    Args:
        earlier: one study.
        later: the other.
        from_later: kinds of input.
        node: the criterion that is looked at; its fingerprint is the same in both.
        bridge: whether scales and rules are kinds of their own, and do not go with the weights.
    """
    sides = {kind: later if kind in from_later else earlier for kind in (*KINDS, *BRIDGED)}
    if not bridge:
        sides["rules"] = sides["scales"] = sides["weights"]
    rated, weighted, limited = sides["ratings"], sides["weights"], sides["applicability"]
    tree = sides["rules"].tree
    if sides["scales"] is not sides["rules"]:
        tree = _with_scales(tree, sides["scales"].tree)
    tree = _with_actors(tree, limited.tree)
    strategies = {
        key: item.model_copy(update={"baseline": False})
        for study in (later, earlier)
        for key, item in study.strategies.items()
    }
    made = weighted.model_copy(
        update={
            "as_of": limited.as_of,
            "actors": limited.actors,
            "tree": tree,
            "rules": sides["rules"].rules,
            "scenarios": tuple(_limited(item, limited) for item in weighted.scenarios),
            "strategies": strategies,
            "analysts": sides["analysts"].analysts,
            "seed_questions": sides["analysts"].seed_questions,
            "method": sides["method"].method,
            "sources": rated.sources,
            "ratings": Ratings(),
            "earlier": Ratings(),
        }
    )
    return made.model_copy(update={"ratings": _counting(rated.ratings, made, node)})


def _with_scales(tree: ValueTree, of: ValueTree) -> ValueTree:
    """Return a tree whose leaves are measured on the scales that they have in another one."""
    criteria = dict(tree.criteria)
    for leaf in set(tree.leaves) & set(of.leaves):
        held = of.criteria[leaf]
        changes = {name: getattr(held, name) for name in ("gate", "acceptable", "good", "unit")}
        scale = of.scale_of(leaf)
        criteria[leaf] = criteria[leaf].model_copy(update={**changes, "scale": scale})
    return tree.model_copy(update={"criteria": criteria})


def _with_actors(tree: ValueTree, of: ValueTree) -> ValueTree:
    """Return a tree whose criteria name the actors that they name in another one."""
    criteria = {
        key: item.model_copy(update={"actors": of.criteria[key].actors})
        if key in of.criteria and of.criteria[key].actors != item.actors
        else item
        for key, item in tree.criteria.items()
    }
    return tree.model_copy(update={"criteria": criteria, "actors": of.actors})


def _limited(scenario: Scenario, of: Study) -> Scenario:
    """Return a scenario in which the same does not apply as in a study."""
    if scenario.id not in of.scenario_ids:
        return scenario
    outside = of.scenario(scenario.id).not_applicable
    return scenario.model_copy(update={"not_applicable": outside})


def _counting(ratings: Ratings, study: Study, node: str) -> Ratings:
    """Return the ratings that count in a study for one node."""
    tree = study.tree
    criteria = set(tree.nodes) - {tree.id}
    if node != tree.id:
        criteria = {key for key in criteria if set(tree.below(key)) & set(tree.below(node))}
    known = {
        "analyst": set(study.analysts),
        "scenario": {"", *study.scenario_ids},
        "criterion": criteria,
    }
    keep = np.ones(len(ratings), dtype=bool)
    for name, ids in known.items():
        keep &= getattr(ratings, name).map(lambda text, ids=ids: text in ids).astype(bool)
    return ratings.select(keep)
