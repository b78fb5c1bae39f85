"""What is not the same in two studies: nodes, names, weights, method, vintages, panel."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import chain
from typing import Any

from assess import tables
from assess.fingerprints import leaf_content
from assess.model import FrozenDict, Ratings, Source, Study, Weights, as_text, source_words
from assess.performance import seed_changes
from assess.register import evidence_changes, vintages
from assess.report import TIE, Report
from assess.rounding import apart
from assess.stakeholders import voices
from assess.weight_bounds import comparisons

BELOW = "something below it changed"
ONLY = "is only in the {} report"
MOST_REASONS = 3


@dataclass(frozen=True)
class Difference:
    """Something that is not the same in both reports.

    Attributes:
        what: "node", "ratings", "weights", "vintage", "method", "strategies", "scenarios", ...
        where: the id it concerns.
        message: both sides.
        name: what reports call it; the id where this is empty.
    """

    what: str
    where: str
    message: str
    name: str = ""

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.what, self.name or self.where, self.message)))


@dataclass(frozen=True)
class Names:
    """What pages call things, by id; the id is added where two would read alike."""

    criteria: Mapping[str, str]
    scenarios: Mapping[str, str]
    strategies: Mapping[str, str]
    analysts: Mapping[str, str]

    @classmethod
    def of(cls, *studies: Study) -> "Names":
        """Take the names of one or more studies, in their order; the first that has an id names it.

        >>> import assess
        >>> Names.of(assess.load("mali_history")).strategies["years_2022_2024"]
        'The years 2022-2024'
        """
        trees = [study.tree for study in studies]
        return cls(
            _distinct(
                (key, tree.label(key)) for tree in trees for key in (*tree.nodes, *tree.context)
            ),
            _distinct((item.id, item.label) for study in studies for item in study.scenarios),
            _distinct((key, study.label(key)) for study in studies for key in study.strategies),
            _distinct(
                (key, a.name or key) for study in studies for key, a in study.analysts.items()
            ),
        )


def _distinct(labels: Iterable[tuple[str, str]]) -> FrozenDict[str, str]:
    found: dict[str, str] = {}
    for key, label in labels:
        found.setdefault(key, label)
    times = Counter(found.values())
    return FrozenDict(
        {key: label if times[label] == 1 else f"{label} ({key})" for key, label in found.items()}
    )


def comparable(earlier: Report, later: Report, names: Names) -> tuple[list[str], list[Difference]]:
    """Return the nodes that measure the same in both, and why the others do not (C10)."""
    nodes, rest = [], []
    before, after = earlier.study, later.study
    same = _same_nodes(earlier, later)
    for node in after.tree.nodes:
        if node not in before.tree.nodes:
            rest.append((node, ONLY.format("later")))
        elif node in same:
            nodes.append(node)
        else:
            rest.append((node, "; ".join(_reasons(before, after, node, names))))
    gone = [node for node in before.tree.nodes if node not in after.tree.nodes]
    rest.extend((node, ONLY.format("earlier")) for node in gone)
    return nodes, [Difference("node", key, told, names.criteria[key]) for key, told in rest]


def _same_nodes(earlier: Report, later: Report) -> set[str]:
    """Return the nodes of equal fingerprint, below which everything has kept its place too."""
    tree, same = later.study.tree, set[str]()
    for node in reversed(tree.nodes):
        equal = earlier.fingerprints.get(node) == later.fingerprints[node]
        if equal and same.issuperset(tree.children.get(node, ())):
            same.add(node)
    return same


def totals_apart(before: Study, after: Study, differences: Iterable[Difference]) -> str:
    """Say why two totals that do not measure the same are not comparable, first reasons first."""
    general = (BELOW, ONLY.format("earlier"), ONLY.format("later"))
    found = [d for d in differences if d.message not in general]
    reasons = [f"{d.name}: {d.message}" for d in found]
    roots = before.tree.id, after.tree.id
    if roots[0] != roots[1]:
        reasons.insert(0, f"the root was {roots[0]}, is {roots[1]}")
    more = len(reasons) - MOST_REASONS
    told = "; ".join(reasons[:MOST_REASONS]) + (f"; and {more} more" if more > 0 else "")
    return f"Totals are not comparable, nor are ranks and bands, because of this: {told}."


def _reasons(before: Study, after: Study, node: str, names: Names) -> list[str]:
    """Say why the fingerprints of a node differ."""
    groups = [node in study.tree.children for study in (before, after)]
    if groups[0] != groups[1]:
        return [f"was a {_sort(groups[0])}, is a {_sort(groups[1])}"]
    if not groups[0]:
        old, new = leaf_content(before, node), leaf_content(after, node)
        return [
            _WORDS[key].format(
                *(_gate(x) if key == "gate" else _told(x) for x in (old[key], new[key]))
            )
            for key in old
            if old[key] != new[key]
        ]
    reasons = []
    rules = [study.tree.rule_of(node) for study in (before, after)]
    if rules[0] != rules[1]:
        reasons.append(f"rule was {rules[0].text}, is {rules[1].text}")
    elif before.rules.get(rules[0].name) != after.rules.get(rules[1].name):
        reasons.append(f"the source of rule {rules[0].name} changed")
    old_below, new_below = (study.tree.children[node] for study in (before, after))
    for word, here, there in (("lost", old_below, new_below), ("gained", new_below, old_below)):
        if told := ", ".join(names.criteria[key] for key in here if key not in there):
            reasons.append(f"{word} {told}")
    return reasons or [BELOW]


_WORDS = {
    "levels": "levels and worths were {}, are {}",
    "beyond": "a level beyond the scale was to {}, is to {}",
    "gate": "gate was {}, is {}",
}


def _gate(content: list[str] | None) -> str:
    return f"at {content[0]} ({content[1]})" if content else "none"


def _sort(group: bool) -> str:
    return "group" if group else "leaf"


def input_differences(before: Study, after: Study, names: Names) -> list[Difference]:
    """Return what else differs, from strategies to vintages, in the order of the later study."""
    return list(
        chain(
            _come_and_gone(before, after, names),
            _renamed(before, after, names),
            _analyst_weights(before, after, names),
            _analyst_shares(before, after, names),
            _weight_differences(before, after, names),
            _applicability(before, after, names),
            _reference_differences(before, after, names),
            _method_differences(before, after),
            (Difference(*told) for told in seed_changes(before, after, names.analysts)),
            (Difference(*told) for told in evidence_changes(before, after)),
            vintage_differences(before.evidenced, after.evidenced, after.sources),
        )
    )


def _come_and_gone(before: Study, after: Study, names: Names) -> Iterator[Difference]:
    for what, old, new, called in (
        ("strategies", tuple(before.strategies), tuple(after.strategies), names.strategies),
        ("scenarios", before.scenario_ids, after.scenario_ids, names.scenarios),
    ):
        for key in called:
            if key not in old or key not in new:
                side = "earlier" if key in old else "later"
                yield Difference(what, key, ONLY.format(side), called[key])


def _renamed(before: Study, after: Study, names: Names) -> Iterator[Difference]:
    """Yield what is called otherwise than in the earlier report, by which readers know it."""
    sides = Names.of(before), Names.of(after)
    for name in (item.name for item in fields(Names)):
        old, new = (getattr(side, name) for side in sides)
        for key in new:
            if old.get(key, new[key]) != new[key]:
                yield Difference("name", key, f"was {old[key]}", getattr(names, name)[key])


def _analyst_weights(before: Study, after: Study, names: Names) -> Iterator[Difference]:
    for key, analyst in after.analysts.items():
        old, new = before.analysts.get(key, analyst).weight, analyst.weight
        if old != new:
            message = f"weight in the panel was {_told(old)}, is {_told(new)}"
            yield Difference("analyst", key, message, names.analysts[key])
        if before.analysts.get(key, analyst).pooled != analyst.pooled:
            words = ("reported beside the panel (red team)", "pooled")
            message = f"was {words[not analyst.pooled]}, is {words[analyst.pooled]}"
            yield Difference("analyst", key, message, names.analysts[key])


def _analyst_shares(before: Study, after: Study, names: Names) -> Iterator[Difference]:
    """Yield whose share of the panel's voice moved, where one side does not just declare it."""
    sides = (before, after)
    if all(study.method.analyst_weights == "declared" for study in sides):
        return
    old, new = (
        dict(zip(study.analysts, tables.analyst_weights(study), strict=True)) for study in sides
    )
    for key in (key for key in new if key in old):
        was, now = old[key] / sum(old.values()), new[key] / sum(new.values())
        if abs(was - now) > TIE:
            told = apart((float(was), float(now)), 1)
            message = f"share of the panel's voice was {told[0]} %, is {told[1]} %"
            yield Difference("analyst", key, message, names.analysts[key])


def _weight_differences(before: Study, after: Study, names: Names) -> Iterator[Difference]:
    called = names.criteria
    for scenario in after.scenario_ids:
        if scenario not in before.scenario_ids:
            continue
        old, new = before.scenario(scenario), after.scenario(scenario)
        where = names.scenarios[scenario]
        for node in dict.fromkeys((*new.weights, *old.weights)):
            was, now = (_judgements(item.weights.get(node), called) for item in (old, new))
            if was != now:
                name = f"{called[node]} in {where}"
                yield Difference("weights", f"{scenario}.{node}", f"were {was}, are {now}", name)
        if old.weights_from != new.weights_from:
            lent = [names.scenarios.get(str(item.weights_from), "its own") for item in (old, new)]
            message = f"were those of {lent[0]}, are those of {lent[1]}"
            yield Difference("weights", scenario, message, where)


def _judgements(weights: Weights | None, called: Mapping[str, str]) -> str:
    if weights is None:
        return "not elicited"
    parts = []
    for name, one in voices(weights).items():
        held = one.judgements
        told = ", ".join(f"{called[key]} {_told(held[key])}" for key in called if key in held)
        who = f"{name} (share {_told(weights.stakeholders[name].share)}): " if name else ""
        parts.append(who + told)
    return f"{weights.method.text}({'; '.join((*parts, *comparisons(weights, called)))})"


def _applicability(before: Study, after: Study, names: Names) -> Iterator[Difference]:
    """Yield which leaves of both studies apply in one of them alone, and why they do not (C4)."""
    old, new = tables.not_applicable(before), tables.not_applicable(after)
    both = [key for key in after.scenario_ids if key in before.scenario_ids]
    for leaf in (leaf for leaf in after.tree.leaves if leaf in before.tree.leaves):
        where: dict[str, list[str]] = {}
        for place in ((scenario, leaf) for scenario in both):
            if (place in old) != (place in new):
                verb, reason = ("was", old[place]) if place in old else ("is", new[place])
                told = f"{verb} not applicable ({reason.rstrip('.')})"
                where.setdefault(told, []).append(names.scenarios[place[0]])
        for told, scenarios in where.items():
            message = f"{told} in {', '.join(scenarios)}"
            yield Difference("criterion", leaf, message, names.criteria[leaf])


def _reference_differences(before: Study, after: Study, names: Names) -> Iterator[Difference]:
    """Yield what moves bands, ends or units without moving a score."""
    for key, called in names.criteria.items():
        new = after.tree.criteria.get(key)
        old = before.tree.criteria.get(key)
        for name in ("acceptable", "good", "kind", "unit") if old and new else ():
            sides = getattr(old, name), getattr(new, name)
            if sides[0] != sides[1]:
                message = f"{name} was {_told(sides[0])}, is {_told(sides[1])}"
                yield Difference("criterion", key, message, called)


def _method_differences(before: Study, after: Study) -> Iterator[Difference]:
    old, new = (study.method.model_dump() for study in (before, after))
    for key in new:
        if old[key] != new[key] and key != "evidence":
            message = f"was {_told(old[key])}, is {_told(new[key])}"
            yield Difference("method", key, message, key.replace("_", " "))


def _told(value: Any) -> str:
    if isinstance(value, float):
        return as_text(value)
    if value is None or value == "":
        return "none"
    if isinstance(value, tuple):
        return "-".join(map(_told, value))
    if isinstance(value, list):
        return ", ".join(":".join(map(_told, x)) if isinstance(x, list) else str(x) for x in value)
    if isinstance(value, dict):
        return ", ".join(f"{key} {_told(item)}" for key, item in value.items())
    return str(value)


def vintage_differences(
    before: Ratings, after: Ratings, sources: Mapping[str, Source]
) -> Iterator[Difference]:
    """Yield the sources that both sides use in different vintages, with their titles."""
    old, new = vintages(before), vintages(after)
    for source, vintage in new.items():
        if old.get(source, vintage) != vintage:
            message = f"was {old[source]}, is {vintage}"
            yield Difference("vintage", source, message, source_words(source, sources))


def panel(before: Ratings, after: Ratings) -> str:
    """Say how far those who rated one side are those who rated the other."""
    old, new = set(before.analyst.labels), set(after.analyst.labels)
    text = f"analysts {len(old)} earlier, {len(new)} later, {len(old & new)} in both"
    return text + ("." if old == new else "; a different panel is a different instrument.")
