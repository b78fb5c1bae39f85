"""Models to the data that TOML files hold: short forms, and nothing that goes without saying."""

from collections.abc import Mapping
from typing import Any

from assess.model import Frozen, Scale, Scenario, Study, ValueTree, Weights

Data = dict[str, Any]


def study_data(study: Study) -> Data:
    """Return what `study.toml` holds of a study itself: all but the names of its other files.

    Args:
        study: its tree, scenarios, ratings and own rules are left out.
    """
    held = _said(study.model_copy(update={"ratings": (), "earlier": (), "rules": {}}))
    without = ("tree", "scenarios", "ratings", "earlier", "rules")
    tables: Data = {"strategies": {}, "analysts": {}}
    return {**tables, **{key: item for key, item in held.items() if key not in without}}


def tree_data(tree: ValueTree) -> Data:
    """Return what the file of a value tree holds.

    >>> from assess.model import Criterion
    >>> scale = Scale(worst=40, best=95)
    >>> tree_data(ValueTree(id="aim", criteria={"safety": Criterion(scale=scale)}))
    {'id': 'aim', 'version': '1', 'criteria': {'safety': {'scale': {'worst': 40.0, 'best': 95.0}}}}
    """
    held = {"id": tree.id, "name": tree.name, "version": tree.version, **_said(tree)}
    if not tree.name:
        del held["name"]
    scales = {key: scale_data(scale, table=True) for key, scale in tree.scales.items()}
    criteria = {}
    for key, criterion in tree.criteria.items():
        criteria[key] = _said(criterion)
        if isinstance(criterion.scale, Scale):
            criteria[key]["scale"] = scale_data(criterion.scale)
    return {**held, **({"scales": scales} if scales else {}), "criteria": criteria}


def scenario_data(scenario: Scenario) -> Data:
    """Return what the file of a scenario holds."""
    held = _said(scenario)
    if "kind" in held and len(scenario.kind) == 1:
        held["kind"] = scenario.kind[0]
    if scenario.weights:
        held["weights"] = {node: _weights_data(w) for node, w in scenario.weights.items()}
    return held


def _weights_data(weights: Weights) -> Data:
    held = _said(weights)
    order = (
        "method",
        "reason",
        "against",
        "ranges",
        "judgements",
        "before",
        "ratios",
        "stakeholders",
    )
    return {key: held[key] for key in order if key in held}


def scale_data(scale: Scale, *, table: bool = False) -> Any:
    """Return a scale as files write it: its ends, pairs of level and worth, or anchored labels.

    Args:
        scale: any.
        table: not as a bare list, because it has a table of its own.

    >>> scale_data(Scale(levels=((0, 0), (4, 1))))
    [[0.0, 0.0], [4.0, 1.0]]
    """
    held = _said(scale)
    if "levels" not in held:
        return held
    return levels_data(held["levels"], held.get("beyond"), table=table)


def levels_data(levels: Any, beyond: Any, *, table: bool) -> Any:
    """Return levels and what is beyond them in the shortest form that files have.

    Args:
        levels: a list of pairs, or a mapping from label to worth and anchor.
        beyond: what is done with a level off the scale, if that is said.
        table: not as a bare list, because it has a table of its own.
    """
    if beyond is not None:
        return {"levels": levels, "beyond": beyond}
    if isinstance(levels, Mapping):
        bare = levels and not set(levels) & set(Scale.model_fields)
    else:
        bare = not table
    return levels if bare else {"levels": levels}


def _said(model: Frozen) -> Data:
    """Return the fields of a model that are not as they would be if nothing were said."""
    held: Data = _listed(model.model_dump(exclude_defaults=True, exclude_none=True))
    return held


def _listed(item: Any) -> Any:
    if isinstance(item, Mapping):
        return {key: _listed(value) for key, value in item.items()}
    return [*map(_listed, item)] if isinstance(item, tuple | list) else item
