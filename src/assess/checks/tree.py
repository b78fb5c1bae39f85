"""What makes a value tree sound: parents, scales, reference levels, gates and rules."""

from collections.abc import Iterator, Mapping

from assess import aggregation
from assess.choices import bind, trial
from assess.model import Choice, Criterion, Problem, Scale, Study, ValueTree, as_text, nearest
from assess.values import reference_worth

DEEPEST = 12


def tree_problems(study: Study, declared: Mapping[str, frozenset[str]]) -> Iterator[Problem]:
    """Yield what is wrong with the tree of a study."""
    tree = study.tree
    known = {*tree.criteria, *declared.get("criteria", ())}
    if tree.id in tree.criteria:
        yield _at(tree.id, "", "a criterion cannot have the id of the tree itself", "rename one")
    if tree.id not in tree.children and not declared.get("criteria"):
        yield Problem("tree", ("criteria",), "the tree has no scored criterion under its root")
    yield from _rule_problems(study, tree.rule, ("rule",))
    for key, criterion in tree.criteria.items():
        yield from _place_problems(tree, key, criterion, known)
        yield from _content_problems(study, key, criterion, known)
    yield from _loop_problems(tree)


def _place_problems(
    tree: ValueTree, key: str, criterion: Criterion, known: set[str]
) -> Iterator[Problem]:
    parent = criterion.parent
    if parent is None or parent == tree.id:
        return
    if parent not in known:
        yield _at(key, "parent", f"{parent!r} is no criterion", nearest(parent, known - {key}))
    elif parent in tree.criteria and tree.criteria[parent].kind == "context":
        yield _at(key, "parent", f"{parent!r} is context, which is not scored and has no children")
    elif parent in tree.criteria and tree.criteria[parent].scale is not None:
        yield _at(
            key,
            "parent",
            f"{parent!r} has a scale of its own, so it cannot have children",
            "remove the scale, or choose another parent",
        )


def _loop_problems(tree: ValueTree) -> Iterator[Problem]:
    reached = set(tree.nodes)
    for key, criterion in tree.criteria.items():
        way, node = [key], criterion.parent
        while node in tree.criteria and node not in way:
            way.append(str(node))
            node = tree.criteria[str(node)].parent
        if node == key:
            yield _at(key, "parent", f"goes round in a circle: {' > '.join([*way, key])}")
        elif len(way) > DEEPEST and key in reached:
            yield _at(key, "parent", f"lies {len(way)} levels deep; at most {DEEPEST} are allowed")


def _content_problems(
    study: Study, key: str, criterion: Criterion, known: set[str]
) -> Iterator[Problem]:
    tree = study.tree
    group = key in tree.children
    if criterion.rule:
        if not group:
            yield _at(key, "rule", "only a criterion with children has a rule")
        yield from _rule_problems(study, criterion.rule, ("criteria", key, "rule"))
    for other in criterion.overlaps:
        if other not in known:
            yield _at(key, f"overlaps.{other}", f"{other!r} is no criterion", nearest(other, known))
    for actor in criterion.actors:
        if actor not in study.all_actors:
            hint = nearest(actor, study.all_actors)
            yield _at(key, "actors", f"{actor!r} is no actor of the tree or the study", hint)
    if isinstance(criterion.scale, str) and criterion.scale not in tree.scales:
        hint = nearest(criterion.scale, tree.scales)
        yield _at(key, "scale", f"{criterion.scale!r} is no scale of this tree", hint)
    scale = tree.scale_of(key)
    if scale is not None:
        yield from _reference_problems(key, criterion, scale)
        yield from _gate_problems(key, criterion, scale)
    elif criterion.scale is None and not group and criterion.kind != "context":
        yield _at(key, "", "has neither children nor a scale", "give it a scale, or children")
    elif criterion.gate:
        yield _at(key, "gate", "a gate needs a scale: set it on a leaf")


def _reference_problems(key: str, criterion: Criterion, scale: Scale) -> Iterator[Problem]:
    worths: dict[str, float] = {}
    for name in ("acceptable", "good"):
        level = getattr(criterion, name)
        if level is None:
            continue
        try:
            worths[name] = reference_worth(scale, level)
        except ValueError as error:
            yield _at(key, name, str(error), _labels_hint(scale, level))
    if len(worths) == 2 and worths["good"] < worths["acceptable"]:
        yield _at(key, "good", "is worth less than what is acceptable", "swap the two levels")


def _gate_problems(key: str, criterion: Criterion, scale: Scale) -> Iterator[Problem]:
    if criterion.gate is None:
        return
    if not (scale.rising or scale.falling):
        yield _at(key, "gate", "a gate needs a scale that only rises or only falls")
    try:
        reference_worth(scale, criterion.gate.threshold)
    except ValueError as error:
        hint = _labels_hint(scale, criterion.gate.threshold)
        yield _at(key, "gate.threshold", str(error), hint)


def _labels_hint(scale: Scale, level: float | str) -> str:
    return nearest(as_text(level), scale.labels) if scale.ordinal else ""


def _rule_problems(study: Study, rule: Choice, path: tuple[str, ...]) -> Iterator[Problem]:
    own = {name: item.function or aggregation.weighted_sum for name, item in study.rules.items()}
    try:
        trial(bind(rule, aggregation, own))
    except ValueError as error:
        yield Problem("tree", path, f"rule {error}")


def _at(key: str, name: str, message: str, hint: str = "") -> Problem:
    return Problem("tree", ("criteria", key, *filter(None, name.split("."))), message, hint)
