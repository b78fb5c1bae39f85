"""What makes a value tree sound: parents, scales, reference levels, gates and rules."""

from collections.abc import Iterator, Mapping

from assess import aggregation
from assess.checks.choices import trial_problems
from assess.model import (
    Choice,
    Criterion,
    Problem,
    Scale,
    Study,
    ValueTree,
    as_text,
    nearest,
    shown,
)
from assess.values import reference_worth

DEEPEST = 12


def tree_problems(study: Study, declared: Mapping[str, frozenset[str]]) -> Iterator[Problem]:
    """Yield what is wrong with the tree of a study."""
    tree = study.tree
    if declared.get("trees"):
        return
    if tree.id in tree.criteria:
        yield _at(tree.id, "", "a criterion cannot have the id of the tree itself", "rename one")
    if tree.id not in tree.children and not declared.get("criteria"):
        message = "the tree has no scored criterion under its root"
        hint = "declare each as [criteria.ID]; one without a parent hangs under the root"
        yield Problem("tree", ("criteria",), message, hint)
    yield from _rule_problems(study, tree.rule, ("rule",))
    circles = circles_of(tree)
    for circle in circles:
        way = circle if len(circle) <= DEEPEST else [*circle[:DEEPEST], "..."]
        message = f"goes round in a circle: {' > '.join([*way, circle[0]])}"
        yield _at(circle[0], "parent", message, "choose a parent outside it")
    circular = {key for circle in circles for key in circle}
    for key, criterion in tree.criteria.items():
        if key not in circular:
            yield from _place_problems(tree, key, criterion, declared)
        yield from _content_problems(study, key, criterion, declared)
    yield from _depth_problems(tree)


def doubtful(tree: ValueTree, declared: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """Return criteria whose place in the tree is in doubt; what follows from it is no news."""
    found = {*declared.get("criteria", ()), *({tree.id} & tree.criteria.keys())}
    found |= tree.criteria.keys() - {*tree.nodes, *tree.context}
    for key, criterion in tree.criteria.items():
        above = tree.criteria.get(criterion.parent or "")
        if above and (above.kind == "context" or above.scale is not None):
            found |= {key, str(criterion.parent)}
    return frozenset(found)


def circles_of(tree: ValueTree) -> list[list[str]]:
    """Return every circle of parents, each from the criterion on at which it was met."""
    circles, done = [], set[str]()
    for key in tree.criteria:
        way: dict[str, None] = {}
        node = key
        while node in tree.criteria and node not in done and node not in way:
            way[node] = None
            node = tree.criteria[node].parent or ""
        if node in way:
            circles.append(list(way)[list(way).index(node) :])
        done.update(way)
    return circles


def _place_problems(
    tree: ValueTree, key: str, criterion: Criterion, declared: Mapping[str, frozenset[str]]
) -> Iterator[Problem]:
    parent = criterion.parent
    if parent is None or parent == tree.id:
        return
    above = tree.criteria.get(parent)
    if above is None and parent not in declared.get("criteria", ()):
        hint = nearest(parent, [*(other for other in tree.criteria if other != key), tree.id])
        yield _at(key, "parent", f"{parent!r} is no criterion", hint)
    elif above and above.kind == "context":
        message = f"{parent!r} is context, which is not scored and has no children"
        yield _at(key, "parent", message, "choose another parent, or another kind for it")
    elif above and above.scale is not None:
        message = f"{parent!r} has a scale of its own, so it cannot have children"
        yield _at(key, "parent", message, "remove the scale, or choose another parent")


def _depth_problems(tree: ValueTree) -> Iterator[Problem]:
    depth = {tree.id: 0}
    for node in tree.nodes:
        depth.update(dict.fromkeys(tree.children.get(node, ()), depth[node] + 1))
    for key, levels in depth.items():
        if levels == DEEPEST + 1:
            message = f"lies {levels} levels deep; at most {DEEPEST} are allowed"
            yield _at(key, "parent", message, "hang it higher")


def _content_problems(
    study: Study, key: str, criterion: Criterion, declared: Mapping[str, frozenset[str]]
) -> Iterator[Problem]:
    tree, doubt = study.tree, declared.get("criteria", frozenset())
    group = key in tree.children
    leaf = bool(criterion.kind or criterion.unit or criterion.scale)
    if criterion.rule:
        if not group and (leaf or not doubt):
            message = f"{criterion.rule.text}: only a criterion with children has a rule"
            yield _at(key, "rule", message, "remove it")
        yield from _rule_problems(study, criterion.rule, ("criteria", key, "rule"))
    for other in criterion.overlaps:
        if other not in tree.criteria and other not in doubt:
            hint = nearest(other, tree.criteria)
            yield _at(key, f"overlaps.{other}", f"{other!r} is no criterion", hint)
    for actor in criterion.actors:
        if actor not in study.all_actors and actor not in declared.get("actors", ()):
            hint = nearest(actor, study.all_actors)
            yield _at(key, "actors", f"{actor!r} is no actor of the tree or the study", hint)
    scale = tree.scale_of(key)
    if scale is not None:
        yield from _reference_problems(key, criterion, scale)
        yield from _gate_problems(key, criterion, scale)
    elif isinstance(criterion.scale, str):
        if criterion.scale not in declared.get("scales", ()):
            hint = nearest(criterion.scale, tree.scales)
            yield _at(key, "scale", f"{shown(criterion.scale)} is no scale of this tree", hint)
    elif key not in doubt and criterion.kind != "context" and not group and (leaf or not doubt):
        yield _at(key, "", "has neither children nor a scale", "give it a scale, or children")
    elif criterion.gate and key not in doubt:
        message = f"a gate needs a scale, and {key!r} has none"
        yield _at(key, "gate", message, "set it on a leaf")


def _reference_problems(key: str, criterion: Criterion, scale: Scale) -> Iterator[Problem]:
    worths: dict[str, float] = {}
    for name in ("acceptable", "good"):
        level = getattr(criterion, name)
        if level is None:
            continue
        if problem := _level_problem(key, name, scale, level):
            yield problem
        else:
            worths[name] = reference_worth(scale, level)
    if len(worths) == 2 and worths["good"] < worths["acceptable"]:
        message = f"{criterion.good} is worth less than {criterion.acceptable}, which is acceptable"
        yield _at(key, "good", message, "swap the two levels")


def _gate_problems(key: str, criterion: Criterion, scale: Scale) -> Iterator[Problem]:
    if criterion.gate is None:
        return
    if not (scale.rising or scale.falling):
        worths = ", ".join(f"{worth:g}" for worth in scale.worths)
        message = f"a gate needs a scale that only rises or only falls; its worths are {worths}"
        yield _at(key, "gate", message, "remove the gate, or split the criterion in two")
    if problem := _level_problem(key, "gate.threshold", scale, criterion.gate.threshold):
        yield problem


def _level_problem(key: str, name: str, scale: Scale, level: float | str) -> Problem | None:
    if isinstance(level, str) and not scale.ordinal:
        message = f"{shown(level)} is a text, and the levels of this scale are numbers"
        return _at(key, name, message, "write a number without quotes")
    try:
        reference_worth(scale, level)
    except ValueError as error:
        return _at(key, name, str(error), _labels_hint(scale, level))
    return None


def _labels_hint(scale: Scale, level: float | str) -> str:
    if scale.ordinal:
        return nearest(as_text(level), scale.labels)
    return f"choose from {scale.at[0]:g} to {scale.at[-1]:g}"


def _rule_problems(study: Study, rule: Choice, path: tuple[str, ...]) -> Iterator[Problem]:
    own = {name: item.function or aggregation.weighted_sum for name, item in study.rules.items()}
    yield from trial_problems("tree", path, rule, aggregation, own)


def _at(key: str, name: str, message: str, hint: str = "") -> Problem:
    return Problem("tree", ("criteria", key, *filter(None, name.split("."))), message, hint)
