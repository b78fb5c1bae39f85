"""What makes scenarios sound: weights for nodes that exist, complete, fresh and usable."""

from collections.abc import Iterator, Mapping

from assess import weighting
from assess.model import Problem, Scenario, Study, Weights, nearest
from assess.tables import node_weights


def scenario_problems(study: Study, declared: Mapping[str, frozenset[str]]) -> Iterator[Problem]:
    """Yield what is wrong with the scenarios of a study."""
    if not study.scenarios and not declared.get("scenarios"):
        yield Problem("study", ("scenarios",), "a study needs at least one scenario")
    for place, scenario in enumerate(study.scenarios):
        part = f"scenario {scenario.id}"
        if scenario.id in study.scenario_ids[:place]:
            yield Problem(part, ("id",), f"scenario id {scenario.id!r} is given twice")
        if scenario.tree != study.tree.id:
            hint = nearest(scenario.tree, [study.tree.id])
            message = f"was written for tree {scenario.tree!r}; the study uses {study.tree.id!r}"
            yield Problem(part, ("tree",), message, hint)
        yield from _lent_problems(study, scenario, declared)
        yield from _not_applicable_problems(study, scenario, declared)
        for node, held in scenario.weights.items():
            yield from _weights_problems(study, part, node, held, declared)


def _lent_problems(
    study: Study, scenario: Scenario, declared: Mapping[str, frozenset[str]]
) -> Iterator[Problem]:
    lent, part = scenario.weights_from, f"scenario {scenario.id}"
    if lent is None:
        return
    if scenario.weights:
        message = "a scenario has weights of its own or takes those of another, not both"
        yield Problem(part, ("weights_from",), message)
    if lent in study.scenario_ids:
        if lent == scenario.id or study.scenario(lent).weights_from:
            message = f"{lent!r} takes its weights from elsewhere; name the scenario that has them"
            yield Problem(part, ("weights_from",), message)
    elif lent not in declared.get("scenarios", ()):
        hint = nearest(lent, [key for key in study.scenario_ids if key != scenario.id])
        yield Problem(part, ("weights_from",), f"{lent!r} is no scenario of the study", hint)


def _not_applicable_problems(
    study: Study, scenario: Scenario, declared: Mapping[str, frozenset[str]]
) -> Iterator[Problem]:
    part = f"scenario {scenario.id}"
    for key in scenario.not_applicable:
        if key not in study.tree.nodes[1:] and key not in declared.get("criteria", ()):
            hint = nearest(key, study.tree.nodes[1:])
            yield Problem(part, ("not_applicable", key), f"{key!r} is no scored criterion", hint)


def _weights_problems(
    study: Study, part: str, node: str, held: Weights, declared: Mapping[str, frozenset[str]]
) -> Iterator[Problem]:
    tree, path = study.tree, ("weights", node)
    broken = declared.get("criteria", frozenset())
    if node not in tree.children:
        if node not in broken:
            what = "has no children to weight" if node in tree.leaves else "is no criterion"
            yield Problem(part, path, f"{node!r} {what}", nearest(node, tree.children))
        return
    children = tree.children[node]
    for key in held.judgements:
        if key not in children and key not in broken:
            message = f"{key!r} is no scored child of {node!r}"
            yield Problem(part, (*path, "judgements", key), message, nearest(key, children))
    missing = [child for child in children if child not in held.judgements]
    if missing and not broken:
        message = f"no judgement for {', '.join(map(repr, missing))}"
        yield Problem(part, (*path, "judgements"), message, "judge every child; 0 leaves one out")
    if held.against is not None and held.against != tree.version:
        message = (
            f"elicited against version {held.against!r} of the tree, which is now {tree.version!r}"
        )
        hint = f"elicit again, or confirm the judgements and write against = {tree.version!r}"
        yield Problem(part, (*path, "against"), message, hint)
    if not missing:
        try:
            node_weights(held, children)
        except ValueError as error:
            known = held.method.name in weighting.__all__
            where = "judgements" if known else "method"
            message = str(error) if known else f"method {error}"
            yield Problem(part, (*path, where), message)
