"""The data of a study's files to the rows of its workbook; `study_data` is the way back."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from assess.files.toml_text import list_text
from assess.forms.notation import arguments_text, joined, numbers_text
from assess.forms.sheets import Value
from assess.forms.study_sheets import (
    FIELDS,
    HEADER,
    NONE,
    OF_A_NODE,
    SHEETS,
    STUDY_SHEET,
    YES,
    Column,
)

Data = Mapping[str, Any]
Rows = list[list[Value]]


def study_rows(study: Data, tree: Data, scenarios: Sequence[Data]) -> dict[str, Rows]:
    """Return the rows of every sheet, the header first.

    Args:
        study: what `study.toml` holds, without the names of other files.
        tree: what the file of the tree holds.
        scenarios: what the files of the scenarios hold, in order.
    """
    whole = {**study, "tree": tree}
    rows: dict[str, Rows] = {STUDY_SHEET: [[*HEADER]]}
    rows[STUDY_SHEET] += [[field.name, _cell(field, whole), field.about] for field in FIELDS]
    found: dict[str, Iterator[Mapping[str, Value]]] = {
        "Strategies": _keyed("Strategies", study.get("strategies", {})),
        "Analysts": _keyed("Analysts", study.get("analysts", {})),
        "Actors": _actor_rows(study, tree),
        "Sources": _keyed("Sources", study.get("sources", {})),
        "Seed questions": _keyed("Seed questions", study.get("seed_questions", {})),
        "Seed answers": _answer_rows(study),
        "Scales": _scale_rows(tree),
        "Criteria": _keyed("Criteria", {k: _flat(c) for k, c in tree["criteria"].items()}),
        "Overlaps": _overlap_rows(tree),
        "Scenarios": _keyed("Scenarios", {scenario["id"]: scenario for scenario in scenarios}),
        "Weights": _weight_rows(scenarios),
        "Not applicable": _not_applicable_rows(scenarios),
    }
    for sheet, entries in found.items():
        names = [column.name for column in SHEETS[sheet]]
        rows[sheet] = [[*names], *([entry.get(name) for name in names] for entry in entries)]
    return rows


def _keyed(sheet: str, entries: Mapping[str, Data]) -> Iterator[Mapping[str, Value]]:
    for key, entry in entries.items():
        whole = {**entry, "id": key}
        yield {column.name: _cell(column, whole) for column in SHEETS[sheet]}


def _cell(column: Column, entry: Data) -> Value:
    """Return what stands in a cell for the value that an entry holds."""
    value: Any = entry
    for key in column.key:
        value = value.get(key) if isinstance(value, Mapping) else None
    if column.kind == "pairs":
        rest = {k: v for k, v in value.items() if k != "name"} if isinstance(value, dict) else {}
        return arguments_text(rest) or None
    if isinstance(value, Mapping):  # a function with its arguments
        value = value.get("name")
    if column.choices == (YES,):
        return YES if value is column.means else None
    if column.kind == "numbers":
        return numbers_text(value or ()) or None
    if column.kind == "list":
        return list_text(value) if value else None
    if isinstance(value, list):
        return joined(value) or (NONE if column.of == "grade" else None)
    cell: Value = value
    return None if cell == "" else cell


def _actor_rows(study: Data, tree: Data) -> Iterator[Mapping[str, Value]]:
    for whose, actors in (("tree", tree.get("actors", {})), ("study", study.get("actors", {}))):
        for row in _keyed("Actors", actors):
            yield {**row, "belongs to": whose}


def _answer_rows(study: Data) -> Iterator[Mapping[str, Value]]:
    for key, analyst in study.get("analysts", {}).items():
        for question, quantiles in analyst.get("answers", {}).items():
            written = numbers_text(quantiles) or None
            yield {"analyst": key, "seed question": question, "quantiles": written}


def _flat(criterion: Data) -> Data:
    """Return a criterion without a scale of levels, which has rows of its own."""
    scale = criterion.get("scale")
    if isinstance(scale, str) or (isinstance(scale, Mapping) and "worst" in scale):
        return criterion
    return {key: item for key, item in criterion.items() if key != "scale"}


def _scale_rows(tree: Data) -> Iterator[Mapping[str, Value]]:
    for key, scale in tree.get("scales", {}).items():
        for row in _level_rows(scale):
            yield {"scale": key, **row}
    for key, criterion in tree["criteria"].items():
        if "scale" in criterion and "scale" not in _flat(criterion):
            for row in _level_rows(criterion["scale"]):
                yield {"criterion": key, **row}


def _level_rows(scale: Any) -> Iterator[dict[str, Value]]:
    """Yield a row for each level of a scale, or one for its ends; the first says what is beyond."""
    if isinstance(scale, list):
        scale = {"levels": scale}
    if "worst" in scale:
        yield {name: scale.get(name) for name in ("worst", "best", "beyond")}
        return
    levels = scale.get("levels", scale)
    beyond = {"beyond": scale.get("beyond")} if "levels" in scale else {}
    for level, worth in levels.items() if isinstance(levels, Mapping) else levels:
        anchor = {"anchor": worth["anchor"]} if isinstance(worth, Mapping) else {}
        low, high = _ends(worth["worth"] if anchor else worth)
        yield {"level": level, "worth": low, "worth to": high, **anchor, **beyond}
        beyond = {}


def _ends(value: Any) -> tuple[Value, Value]:
    return (value[0], value[1]) if isinstance(value, list) else (value, None)


def _overlap_rows(tree: Data) -> Iterator[Mapping[str, Value]]:
    for key, criterion in tree["criteria"].items():
        for other, how in criterion.get("overlaps", {}).items():
            yield {"criterion": key, "other": other, "how it is handled": how}


def _weight_rows(scenarios: Sequence[Data]) -> Iterator[Mapping[str, Value]]:
    of_a_node = [column for column in SHEETS["Weights"] if column.name in OF_A_NODE]
    for scenario in scenarios:
        for node, weights in scenario.get("weights", {}).items():
            shared = {column.name: _cell(column, weights) for column in of_a_node}
            asked = weights.get("stakeholders", {})
            for who, held in asked.items() if asked else ((None, weights),):
                shared |= {"share": held.get("share")}
                for child, judgement in (held.get("judgements") or {None: None}).items():
                    low, high = _ends(judgement)
                    place = {"scenario": scenario["id"], "node": node, "child": child}
                    said = {**place, "judgement": low, "judgement to": high, "stakeholder": who}
                    yield {**said, **shared}
                    shared = {}


def _not_applicable_rows(scenarios: Sequence[Data]) -> Iterator[Mapping[str, Value]]:
    for scenario in scenarios:
        for key, reason in scenario.get("not_applicable", {}).items():
            yield {"scenario": scenario["id"], "criterion": key, "reason": reason}
