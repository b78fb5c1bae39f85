"""What is not the same in two studies: nodes, weights, panel, vintages, method."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assess.fingerprints import leaf_content
from assess.model import Study, ValueTree
from assess.report import Report


@dataclass(frozen=True)
class Difference:
    """Something that is not the same in both reports.

    Attributes:
        what: "node", "weights", "panel", "vintage", "method", "strategies", "scenarios", ...
        where: the id it concerns.
        message: both sides.
    """

    what: str
    where: str
    message: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.what, self.where, self.message)))


def comparable(earlier: Report, later: Report) -> tuple[list[str], list[Difference]]:
    """Return the nodes that measure the same in both, and why the others do not (C10)."""
    nodes, rest = [], []
    before, after = earlier.study, later.study
    for node in after.tree.nodes:
        if node not in before.tree.nodes:
            rest.append(Difference("node", node, "is only in the later report"))
        elif earlier.fingerprints[node] == later.fingerprints[node]:
            nodes.append(node)
        else:
            rest.append(Difference("node", node, "; ".join(_reasons(before, after, node))))
    gone = [node for node in before.tree.nodes if node not in after.tree.nodes]
    rest.extend(Difference("node", node, "is only in the earlier report") for node in gone)
    return nodes, rest


def _reasons(before: Study, after: Study, node: str) -> list[str]:
    """Say why the fingerprints of a node differ."""
    groups = [node in study.tree.children for study in (before, after)]
    if groups[0] != groups[1]:
        return [f"was a {_sort(groups[0])}, is a {_sort(groups[1])}"]
    if not groups[0]:
        old, new = leaf_content(before, node), leaf_content(after, node)
        return [
            f"{_WORDS[key]} were {_told(old[key])}, are {_told(new[key])}"
            for key in old
            if old[key] != new[key]
        ]
    reasons = []
    rules = [study.tree.rule_of(node) for study in (before, after)]
    if rules[0] != rules[1]:
        reasons.append(f"rule was {rules[0].text}, is {rules[1].text}")
    elif before.rules.get(rules[0].name) != after.rules.get(rules[1].name):
        reasons.append(f"the source of rule {rules[0].name} changed")
    children = [set(study.tree.children[node]) for study in (before, after)]
    if gone := sorted(children[0] - children[1]):
        reasons.append(f"lost {', '.join(gone)}")
    if new_ones := sorted(children[1] - children[0]):
        reasons.append(f"gained {', '.join(new_ones)}")
    return reasons or ["something below it changed"]


_WORDS = {"levels": "levels and worths", "beyond": "ends beyond the scale", "gate": "gates"}


def _sort(group: bool) -> str:
    return "group" if group else "leaf"


def input_differences(before: Study, after: Study) -> list[Difference]:
    """Return what else differs: strategies, scenarios, weights, method, vintages."""
    found: list[Difference] = []
    for what, old, new in (
        ("strategies", tuple(before.strategies), tuple(after.strategies)),
        ("scenarios", before.scenario_ids, after.scenario_ids),
    ):
        found.extend(
            Difference(what, key, "is only in the earlier report") for key in old if key not in new
        )
        found.extend(
            Difference(what, key, "is only in the later report") for key in new if key not in old
        )
    for scenario in after.scenarios:
        if scenario.id in before.scenario_ids:
            found.extend(_weight_differences(before, after, scenario.id))
    found.extend(_reference_differences(before.tree, after.tree))
    old_method, new_method = (study.method.model_dump() for study in (before, after))
    found.extend(
        Difference("method", key, f"was {_told(old_method[key])}, is {_told(new_method[key])}")
        for key in old_method
        if old_method[key] != new_method[key]
    )
    old_vintages, new_vintages = _vintages(before), _vintages(after)
    found.extend(
        Difference("vintage", source, f"was {old_vintages[source]}, is {vintage}")
        for source, vintage in new_vintages.items()
        if old_vintages.get(source, vintage) != vintage
    )
    return found


def _reference_differences(before: ValueTree, after: ValueTree) -> Iterator[Difference]:
    """Yield what moves bands, ends or units without moving a score."""
    for key, new in after.criteria.items():
        old = before.criteria.get(key, new)
        for name in ("acceptable", "good", "kind", "unit"):
            sides = getattr(old, name), getattr(new, name)
            if sides[0] != sides[1]:
                message = f"{name} was {_told(sides[0])}, is {_told(sides[1])}"
                yield Difference("criterion", key, message)


def _weight_differences(before: Study, after: Study, scenario: str) -> list[Difference]:
    old, new = before.scenario(scenario), after.scenario(scenario)
    found = []
    for node in dict.fromkeys((*old.weights, *new.weights)):
        sides = [item.weights.get(node) for item in (old, new)]
        if sides[0] != sides[1]:
            told = [_judgements(side) for side in sides]
            found.append(
                Difference("weights", f"{scenario}.{node}", f"were {told[0]}, are {told[1]}")
            )
    if old.weights_from != new.weights_from:
        message = f"were those of {old.weights_from}, are those of {new.weights_from}"
        found.append(Difference("weights", scenario, message))
    return found


def _judgements(weights: Any) -> str:
    if weights is None:
        return "not elicited"
    told = ", ".join(f"{key} {_told(value)}" for key, value in weights.judgements.items())
    return f"{weights.method.text}({told})"


def _told(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if value is None:
        return "none"
    if isinstance(value, tuple):
        return "-".join(map(_told, value))
    if isinstance(value, list):
        return ", ".join(":".join(map(_told, x)) if isinstance(x, list) else str(x) for x in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {_told(item)}" for key, item in value.items())
    return str(value)


def _vintages(study: Study, rows: Any = None) -> dict[str, str]:
    """Return the vintages of every source that names one."""
    found: dict[str, set[str]] = {}
    keep = study.ratings if rows is None else study.ratings.select(rows)
    for source, vintage in zip(keep.source.texts(), keep.vintage.texts(), strict=True):
        if source and vintage:
            found.setdefault(source, set()).add(vintage)
    return {source: ", ".join(sorted(vintages)) for source, vintages in found.items()}


def vintages_of(study: Study, earlier: str, later: str) -> list[Difference]:
    """Return the sources whose vintage differs between two strategies of one study."""
    old, new = (_vintages(study, study.ratings.strategy.matches(key)) for key in (earlier, later))
    return [
        Difference("vintage", source, f"was {old[source]}, is {vintage}")
        for source, vintage in new.items()
        if old.get(source, vintage) != vintage
    ]


def panel(before: Study, after: Study) -> str:
    """Say how far the panels of two studies overlap."""
    return _overlap(set(before.ratings.analyst.labels), set(after.ratings.analyst.labels))


def panel_of(study: Study, earlier: str, later: str) -> str:
    """Say how far the panels of two strategies of one study overlap."""
    names = [
        set(study.ratings.select(study.ratings.strategy.matches(key)).analyst.labels)
        for key in (earlier, later)
    ]
    return _overlap(*names)


def _overlap(old: set[str], new: set[str]) -> str:
    text = f"analysts {len(old)} earlier, {len(new)} later, {len(old & new)} in both"
    return text + ("." if old == new else "; a different panel is a different instrument.")
