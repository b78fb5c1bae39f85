"""The sheets Scenarios, Weights and Not applicable to the data of scenarios."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from assess.forms.study_cells import Entry
from assess.forms.study_sheets import OF_A_NODE, SHEETS
from assess.forms.study_told import Data, Keys, StudyBook

_SCENARIOS = {column.name: column for column in SHEETS["Scenarios"]}
_WEIGHTS = {column.name: column for column in SHEETS["Weights"]}
_NOT_APPLICABLE = {column.name: column for column in SHEETS["Not applicable"]}


def read_scenarios(made: StudyBook, found: Sequence[tuple[str, Entry]]) -> None:
    """Read the sheet Scenarios; what a packaged one holds is left to its file."""
    tree = str(made.study.get("tree") or made.tree.get("id", "unnamed"))
    columns = [
        column for column in _SCENARIOS.values() if column.key not in (("id",), ("packaged",))
    ]
    for place, (key, entry) in enumerate(found):
        part = f"scenario {key}"
        made.places[part, ()] = made.places[part, ("id",)] = entry.at("id")
        made.places["study", ("scenarios", place)] = entry.at("id")
        if made.take(entry, _SCENARIOS["packaged"], "study", ("scenarios", place)):
            made.scenarios[key] = None
            _refuse_more(made, entry, key)
            continue
        held: Data = {}
        made.fill(held, entry, columns, part, ())
        if len(held.get("kind", ())) == 1:
            (held["kind"],) = held["kind"]
        first: Data = {name: held.pop(name) for name in ("name", "description") if name in held}
        made.scenarios[key] = {"id": key, **first, "tree": tree, **held}


def _refuse_more(made: StudyBook, entry: Entry, key: str) -> None:
    """Refuse what stands in the row of a packaged scenario beside its id."""
    for name in entry.cells:
        if name not in ("id", "packaged"):
            message = f"the scenario {key!r} is packaged, so this stays empty"
            hint = "clear this cell, or the word yes"
            made.tell(entry.at(name), f"scenario {key}", (name,), message, hint)


def _rows_of(made: StudyBook, rows: Sequence[Entry]) -> Iterator[tuple[str, Data, Entry]]:
    """Yield rows that name a scenario, with its id and its data; the rest is told."""
    for entry in rows:
        key = made.named(entry, _WEIGHTS["scenario"], "study", ("scenarios", ""))
        if key is None:
            made.doubts.add("weights")
            continue
        held = made.scenarios[key]
        if held is None:
            message = f"the scenario {key!r} is packaged, and brings this itself"
            hint = "delete the row, or the word yes on the sheet Scenarios"
            made.tell(entry.at("scenario"), f"scenario {key}", (), message, hint)
        else:
            yield key, held, entry


def read_weights(made: StudyBook, rows: Sequence[Entry]) -> None:
    """Read the sheet Weights into the scenarios; rows of one node belong together."""
    grouped: dict[tuple[str, str], list[Entry]] = {}
    for scenario, _, entry in _rows_of(made, rows):
        part = f"scenario {scenario}"
        node = made.take(entry, _WEIGHTS["node"], part, ("weights",))
        if node not in made.ids["node"].values():
            made.doubts.add("weights")
        if node is not None:
            grouped.setdefault((scenario, node), []).append(entry)
        elif "node" not in entry.cells:
            hint = "name the criterion, or the tree, whose children are weighted"
            made.tell(entry.at("node"), part, ("weights",), "is empty", hint)
    for (scenario, node), entries in grouped.items():
        held = made.scenarios[scenario]
        if held is not None:
            weights = held.setdefault("weights", {})
            weights[node] = _weights(made, entries, f"scenario {scenario}", node)


def _weights(made: StudyBook, rows: Sequence[Entry], part: str, node: str) -> Data:
    """Return the data of the weights of one node."""
    path = ("weights", node)
    made.places[part, path] = rows[0].at("node")
    made.places[part, (*path, "judgements")] = rows[0].at("judgement")
    weights: Data = {}
    for name in OF_A_NODE:
        column = _WEIGHTS[name]
        way = (*path, *column.key)
        entry = made.once(rows, column, part, way, "once for each node is enough") or rows[0]
        made.fill(weights, entry, [column], part, path)
    by_name: dict[str, list[Entry]] = {}
    for entry in rows:
        who = made.take(entry, _WEIGHTS["stakeholder"], part, (*path, "stakeholders"))
        by_name.setdefault(who or "", []).append(entry)
    if own := by_name.pop("", []):
        weights["judgements"] = _judgements(made, own, part, (*path, "judgements"))
    for who, entries in by_name.items():
        asked = weights.setdefault("stakeholders", {})
        asked[who] = _stakeholder(made, entries, part, (*path, "stakeholders", who))
    return weights


def _stakeholder(made: StudyBook, rows: Sequence[Entry], part: str, path: Keys) -> Data:
    """Return what one stakeholder says of the children of a node."""
    made.places[part, path] = rows[0].at("stakeholder")
    made.places[part, (*path, "judgements")] = rows[0].at("judgement")
    share, held = _WEIGHTS["share"], dict[str, Any]()
    way = (*path, "share")
    entry = made.once(rows, share, part, way, "once for each stakeholder is enough") or rows[0]
    made.fill(held, entry, [share], part, path)
    return {**held, "judgements": _judgements(made, rows, part, (*path, "judgements"))}


def _judgements(made: StudyBook, rows: Sequence[Entry], part: str, path: Keys) -> dict[str, Any]:
    """Return what is said of each child."""
    columns = (_WEIGHTS["judgement"], _WEIGHTS["judgement to"])
    judgements: dict[str, Any] = {}
    first: dict[str, Entry] = {}
    for entry in rows:
        said = {column.name for column in columns} & set(entry.cells)
        child = made.take(entry, _WEIGHTS["child"], part, path)
        if child is None:
            if said and "child" not in entry.cells:
                made.tell(entry.at("child"), part, path, "is empty", "name the child")
            continue
        here = (*path, child)
        if first.setdefault(child, entry) is not entry:
            message = f"{child!r} is judged already at {first[child].at('child')}"
            made.tell(entry.at("child"), part, here, message, "keep one of the two")
            continue
        known = _is_child(made, child, path[1])
        made.places[part, here] = entry.at("judgement" if known else "child")
        judgement = made.ends(entry, columns, part, here)
        if judgement is not None:
            judgements[child] = judgement
        elif not said:
            hint = "judge every child; 0 leaves one out"
            made.tell(entry.at("judgement"), part, here, f"no judgement for {child!r}", hint)
    return judgements


def _is_child(made: StudyBook, child: str, node: object) -> bool:
    """Whether a criterion stands under a node, as far as the sheet Criteria says."""
    criterion = made.tree.get("criteria", {}).get(child)
    if criterion is None:
        return child in made.ids["node"].values()
    return bool(criterion.get("parent", made.tree.get("id")) == node)


def read_not_applicable(made: StudyBook, rows: Sequence[Entry]) -> None:
    """Read the sheet Not applicable into the scenarios."""
    for scenario, held, entry in _rows_of(made, rows):
        part, path = f"scenario {scenario}", ("not_applicable",)
        key = made.take(entry, _NOT_APPLICABLE["criterion"], part, path)
        table = held.setdefault("not_applicable", {})
        if key is None:
            if "criterion" not in entry.cells:
                made.tell(entry.at("criterion"), part, path, "is empty", "name a criterion")
        elif key in table:
            message = f"{key!r} is not applicable in {scenario!r} already"
            made.tell(entry.at("criterion"), part, (*path, key), message, "delete the row")
        else:
            column = replace(_NOT_APPLICABLE["reason"], key=())
            there = "criterion" if "reason" in entry.cells else "reason"
            made.places[part, (*path, key)] = entry.at(there)
            table[key] = made.take(entry, column, part, (*path, key)) or ""
