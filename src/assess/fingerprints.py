"""What a node measures, as a hash (C10), and what its scales are (C5).

A fingerprint holds rule, scale levels and their worths, gates and the fingerprints of the
children; never names, weights, ratings or draws.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from assess.model import FrozenDict, Study, ValueTree, kept

_ENCODER = json.JSONEncoder(sort_keys=True)


def fingerprints(study: Study) -> FrozenDict[str, str]:
    """Return the fingerprint of every node of a study's tree by its id, as SHA-256 in hex."""
    tree = study.tree
    found: dict[str, str] = {}
    for node in reversed(tree.nodes):
        content: dict[str, Any]
        if node in tree.children:
            rule = tree.rule_of(node)
            own = study.rules.get(rule.name)
            content = {
                "rule": rule.name,
                "parameters": dict(rule.parameters),
                "source": own.source if own else None,
                "children": sorted(found[child] for child in tree.children[node]),
            }
        else:
            content = leaf_content(study, node)
        text = _ENCODER.encode(content)
        found[node] = hashlib.sha256(text.encode()).hexdigest()
    return FrozenDict({node: found[node] for node in tree.nodes})


@kept
def ranges(tree: ValueTree) -> Mapping[str, str]:
    """Return the mark of the scales below every node by its id, as SHA-256 in hex.

    It holds levels, worths, anchors and units, and what hangs below what by its id: all that a
    judgement of swings rests on (C5); never rules, gates or names.
    """
    found: dict[str, str] = {}
    for node in reversed(tree.nodes):
        content: Any = {child: found[child] for child in tree.children.get(node, ())}
        if not content and (scale := tree.scale_of(node)):
            levels = scale.levels if isinstance(scale.levels, Mapping) else {}
            anchors = [level.anchor for level in levels.values()]
            content = [scale.points, scale.labels, anchors, tree.criteria[node].unit]
        found[node] = hashlib.sha256(_ENCODER.encode(content).encode()).hexdigest()
    return found


def leaf_content(study: Study, leaf: str) -> dict[str, Any]:
    """Return what the fingerprint of a leaf holds: levels, worths, ends and gate."""
    scale, gate = study.tree.scale_of(leaf), study.tree.criteria[leaf].gate
    assert scale is not None
    levels = scale.labels or scale.at
    return {
        "levels": [[level, worth] for level, (_, worth) in zip(levels, scale.points, strict=True)],
        "beyond": scale.beyond,
        "gate": [str(gate.threshold), gate.consequence] if gate else None,
    }
