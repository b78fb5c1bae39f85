"""What makes scenarios sound: weights for nodes that exist, complete, fresh and usable."""

from collections.abc import Iterator, Mapping

from assess import weighting
from assess.checks.across import endorsement_problems, probability_problems, swing_problems
from assess.checks.bounds import bound_problems, compared, range_problems
from assess.checks.choices import choice_problems
from assess.checks.few import few, listed
from assess.checks.stakeholders import share_problems, stakeholder_problems
from assess.fingerprints import ranges
from assess.model import Problem, Scenario, Study, Weights, closest, nearest
from assess.stakeholders import voices
from assess.tables import node_weights
from assess.weight_bounds import METHODS
from assess.weight_sets import ConflictError

LONGEST_LIST = 400


def scenario_problems(
    study: Study, declared: Mapping[str, frozenset[str]], *, sound_tree: bool
) -> Iterator[Problem]:
    """Yield what is wrong with the scenarios of a study; stale weights only of a sound tree."""
    if not study.scenarios and not declared.get("scenarios"):
        yield Problem("study", ("scenarios",), "a study needs at least one scenario")
    for place, scenario in enumerate(study.scenarios):
        part = f"scenario {scenario.id}"
        if scenario.id in study.scenario_ids[:place]:
            yield Problem(part, ("id",), f"scenario id {scenario.id!r} is given twice")
        if scenario.tree == study.tree.id or declared.get("trees"):
            yield from few(_content_problems(study, scenario, declared))
            if sound_tree:
                yield from few(_stale_problems(study, scenario))
        else:  # of which all the rest would only follow
            meant = closest(scenario.tree, [study.tree.id])
            hint = f"did you mean {meant!r}?" if meant else f"list scenarios for {study.tree.id!r}"
            message = f"was written for tree {scenario.tree!r}; the study uses {study.tree.id!r}"
            yield Problem(part, ("tree",), message, hint)
    yield from few(probability_problems(study, declared))
    yield from few(swing_problems(study, declared))


def _content_problems(
    study: Study, scenario: Scenario, declared: Mapping[str, frozenset[str]]
) -> Iterator[Problem]:
    yield from _lent_problems(study, scenario, declared)
    yield from _not_applicable_problems(study, scenario, declared)
    for node, held in scenario.weights.items():
        yield from _weights_problems(study, f"scenario {scenario.id}", node, held, declared)
    yield from stakeholder_problems(scenario)
    yield from endorsement_problems(study, scenario, declared)


def _stale_problems(study: Study, scenario: Scenario) -> Iterator[Problem]:
    """Yield the weights that were elicited against other scales than those there are now (C5)."""
    for node, held in scenario.weights.items():
        if held.ranges is None or node not in study.tree.children:
            continue
        now = ranges(study.tree)[node]
        if not now.startswith(held.ranges):
            message = (
                f"elicited against other scales: a level, worth or anchor below {node!r} has "
                f"changed, and {held.ranges[:12]!r} is now {now[:12]!r}"
            )
            hint = f"elicit again, or confirm the judgements and write ranges = {now[:12]!r}"
            path = ("weights", node, "ranges")
            yield Problem(f"scenario {scenario.id}", path, message, hint)


def _lent_problems(
    study: Study, scenario: Scenario, declared: Mapping[str, frozenset[str]]
) -> Iterator[Problem]:
    lent, part = scenario.weights_from, f"scenario {scenario.id}"
    if lent is None:
        return
    if scenario.weights:
        message = f"has weights of its own and takes those of {lent!r}: not both"
        yield Problem(part, ("weights_from",), message, "remove one of the two")
    elif lent in study.scenario_ids:
        if lent == scenario.id or study.scenario(lent).weights_from:
            whose = "itself" if lent == scenario.id else "another scenario"
            message = f"{lent!r} takes its weights from {whose}"
            yield Problem(part, ("weights_from",), message, "name the scenario that has them")
    elif lent not in declared.get("scenarios", ()):
        hint = nearest(lent, [key for key in study.scenario_ids if key != scenario.id])
        yield Problem(part, ("weights_from",), f"{lent!r} is no scenario of the study", hint)


def _not_applicable_problems(
    study: Study, scenario: Scenario, declared: Mapping[str, frozenset[str]]
) -> Iterator[Problem]:
    part = f"scenario {scenario.id}"
    scored = set(study.tree.nodes[1:])
    for key in scenario.not_applicable:
        known = key in scored or key in declared.get("criteria", ())
        if not known and not declared.get("trees"):
            hint = nearest(key, study.tree.nodes[1:])
            yield Problem(part, ("not_applicable", key), f"{key!r} is no scored criterion", hint)


def _weights_problems(
    study: Study, part: str, node: str, held: Weights, declared: Mapping[str, frozenset[str]]
) -> Iterator[Problem]:
    tree, path = study.tree, ("weights", node)
    doubt = declared.get("criteria", frozenset())
    method = (*path, "method")
    wrong = list(few(choice_problems(part, method, held.method, weighting, besides=METHODS)))
    yield from wrong
    if declared.get("trees"):
        return
    if held.against is not None and held.against != tree.version:
        message = (
            f"elicited against version {held.against!r} of the tree, which is now {tree.version!r}"
        )
        hint = f"elicit again, or confirm the judgements and write against = {tree.version!r}"
        yield Problem(part, (*path, "against"), message, hint)
    if node not in tree.children:
        if node not in doubt and not (doubt and node in tree.nodes):
            what = "has no children to weight" if node in tree.leaves else "is no criterion"
            yield Problem(part, path, f"{node!r} {what}", nearest(node, tree.children))
        return
    children = tree.children[node]
    if not wrong:
        wrong = [*few(bound_problems(part, node, held, children, doubt))]
        wrong += share_problems(part, node, held)
        yield from wrong
    for name, one in voices(held).items():
        where = (*path, "stakeholders", name) if name else path
        yield from _judgement_problems(study, part, where, one, doubt, known=not wrong)


def _judgement_problems(
    study: Study,
    part: str,
    path: tuple[str, ...],
    held: Weights,
    doubt: frozenset[str],
    *,
    known: bool,
) -> Iterator[Problem]:
    """Yield what is wrong with judgements of the children of a node, at their place.

    The method is asked only where it, and what else it takes, is known to be sound.
    """
    node = path[1]
    children, sound = study.tree.children[node], known
    expected = {*children, *doubt}
    strangers = [key for key in held.judgements if key not in expected]
    for key in strangers:
        if node not in doubt:
            message = f"{key!r} is no scored child of {node!r}"
            yield Problem(part, (*path, "judgements", key), message, nearest(key, children))
    if sound:
        wrong = [*few(range_problems(part, path, held))]
        sound = not wrong
        yield from wrong
    meant = {*held.judgements, *(closest(key, children) for key in strangers), *doubt}
    if missing := [child for child in children if child not in meant]:
        message = f"no judgement for {listed([repr(child) for child in missing])}"
        open_to = "[0, 1] allows any weight" if held.method.name in METHODS else "0 leaves one out"
        yield Problem(part, (*path, "judgements"), message, f"judge every child; {open_to}")
    elif sound and held.judgements.keys() == {*children} >= compared(held):
        yield from _refused(part, path, held, children)


def _refused(
    part: str, path: tuple[str, ...], held: Weights, children: tuple[str, ...]
) -> Iterator[Problem]:
    """Yield what the method says against judgements of all children."""
    try:
        node_weights(held)
    except ConflictError as error:
        hint = "loosen one of them; without any one of them there are weights"
        yield Problem(part, (*path, "judgements"), f"{error!s:.{LONGEST_LIST}}", hint)
    except (ValueError, ArithmeticError) as error:
        given = ", ".join(f"{key} = {held.judgements[key]}" for key in children)
        yield Problem(
            part, (*path, "judgements"), f"{error!s:.{LONGEST_LIST}}: {given[:LONGEST_LIST]}"
        )
