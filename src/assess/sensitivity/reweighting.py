"""A study with other weights in one scenario: what every change of weights is evaluated on."""

from collections.abc import Mapping

from assess import tables
from assess.model import Choice, Scenario, Study, Weights, nearest

EXACT = 1e-9


def reweighted(study: Study, scenario: str, weights: Mapping[str, float]) -> Study:
    """Return the study with other weights of some criteria in one scenario.

    Siblings that are not named keep their proportions among one another and share what is left;
    where they weigh nothing, they share it equally. Scenarios that take their weights from this
    one keep theirs.

    Args:
        study: a sound study.
        scenario: id.
        weights: of criteria within their parents, in [0, 1]; those of one parent add up to at most
            1, and to 1 where all its children are named.

    Raises:
        ValueError: no such scenario or criterion, or weights that are none.

    >>> import assess
    >>> study = reweighted(assess.load("mali"), "reference", {"operational_success": 0.4})
    >>> report = assess.evaluate(study)
    >>> report.weights[0, report.node("operational_success")].round(12).item()
    0.4
    """
    if scenario not in study.scenario_ids:
        raise ValueError(f"no scenario {scenario!r} ({nearest(scenario, study.scenario_ids)})")
    s = study.scenario_ids.index(scenario)
    held = dict(tables.judged(study, study.scenarios[s]))
    now = tables.weights(study)
    for node, named in _by_parent(study, weights).items():
        children = study.tree.children[node]
        before = dict(zip(children, now[node][0, 0, s, 0].tolist(), strict=True))
        held[node] = Weights(method=Choice(name="points"), judgements=_moved(node, before, named))
    changed = [_of(study, one, scenario, held) for one in study.scenarios]
    return study.model_copy(update={"scenarios": tuple(changed)})


def _of(study: Study, one: Scenario, scenario: str, held: Mapping[str, Weights]) -> Scenario:
    if one.id == scenario:
        return one.model_copy(update={"weights": held, "weights_from": None})
    if one.weights_from != scenario:
        return one
    lent = study.scenario(scenario)
    own = {"weights": lent.weights, "weights_from": None, "weights_of": lent.label}
    return one.model_copy(update=own)


def _by_parent(study: Study, weights: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """Return the weights that are named, by the node that they divide."""
    tree, found = study.tree, dict[str, dict[str, float]]()
    known = tree.nodes[1:]
    for key, weight in weights.items():
        if key not in known:
            raise ValueError(f"no scored criterion {key!r} ({nearest(key, known)})")
        if not -EXACT <= weight <= 1 + EXACT:
            raise ValueError(f"the weight of {key!r} lies in [0, 1]: {weight:g}")
        parent = tree.criteria[key].parent or tree.id
        found.setdefault(parent, {})[key] = min(max(float(weight), 0.0), 1.0)
    return found


def _moved(node: str, before: Mapping[str, float], named: Mapping[str, float]) -> dict[str, float]:
    """Return the weights of all children of a node, of which some are named."""
    left, others = 1.0 - sum(named.values()), [key for key in before if key not in named]
    if left < -EXACT or (not others and left > EXACT):
        most = "at most 1" if others else "1"
        raise ValueError(f"weights under {node!r} add up to {most}: {1 - left:g}")
    left, total = max(left, 0.0), sum(before[key] for key in others)
    share = {key: left * (before[key] / total if total > 0 else 1 / len(others)) for key in others}
    return {key: named[key] if key in named else share[key] for key in before}
