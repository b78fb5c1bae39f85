"""The sheets Scales, Criteria and Overlaps to the data of a value tree."""

from collections.abc import Mapping, Sequence
from typing import Any

from assess.files.as_data import levels_data
from assess.forms.study_cells import Entry, WrongCellError, number, text
from assess.forms.study_sheets import SHEETS
from assess.forms.study_told import Data, Keys, StudyBook
from assess.model import shown

_SCALES = {column.name: column for column in SHEETS["Scales"]}
_CRITERIA = {column.name: column for column in SHEETS["Criteria"]}
_OVERLAPS = {column.name: column for column in SHEETS["Overlaps"]}
_OF_A_LEVEL = ("level", "worth", "worth to", "anchor")
_OF_A_SCALE = ("scale", "worst", "best", "beyond")
_LEVELS = {"acceptable": ("acceptable",), "good": ("good",), "gate": ("gate", "threshold")}
Ordinal = Mapping[tuple[str, str], bool]


def read_scales(made: StudyBook, rows: Sequence[Entry]) -> Ordinal:
    """Read the sheet Scales into the tree; a criterion's own scale into that criterion.

    Returns:
        Whether the levels are labels, by ("scale" or "criterion", its id).
    """
    grouped: dict[tuple[str, str], list[Entry]] = {}
    for entry in rows:
        if holder := _holder(made, entry):
            grouped.setdefault(holder, []).append(entry)
    ordinal: dict[tuple[str, str], bool] = {}
    for (kind, key), entries in grouped.items():
        ordinal[kind, key] = any("anchor" in entry.cells for entry in entries)
        path: Keys = ("scales", key) if kind == "scale" else ("criteria", key, "scale")
        made.places["tree", path] = entries[0].at(kind)
        scale = _scale(made, entries, path, ordinal=ordinal[kind, key])
        if kind == "scale":
            made.tree.setdefault("scales", {})[key] = scale
        else:
            criteria = made.tree.setdefault("criteria", {})
            criteria.setdefault(key, {})["scale"] = scale
    return ordinal


def _holder(made: StudyBook, entry: Entry) -> tuple[str, str] | None:
    """Return which scale, or which criterion's scale, a row belongs to."""
    given = [name for name in ("scale", "criterion") if name in entry.cells]
    if len(given) != 1:
        message = "a row names a scale or a criterion, not both" if given else "is empty"
        made.doubts.add("levels")
        hint = "clear one of the two" if given else "name a scale, or a criterion beside it"
        made.tell(entry.at("scale"), "tree", ("scales", ""), message, hint)
        return None
    (kind,) = given
    path: Keys = ("scales", "")
    if kind == "scale":
        name = made.take(entry, _SCALES[kind], "tree", path)
    else:
        name = made.named(entry, _SCALES[kind], "tree", path)
    return (kind, name) if name is not None else None


def _scale(made: StudyBook, rows: Sequence[Entry], path: Keys, *, ordinal: bool) -> Any:
    """Return the data of one scale."""
    ends: Data = {}
    for name in ("worst", "best", "beyond"):
        entry = made.once(rows, _SCALES[name], "tree", path, "once for each scale is enough")
        value = made.take(entry, _SCALES[name], "tree", (*path, name)) if entry else None
        if value is not None:
            ends[name] = value
    rows = [entry for entry in rows if set(entry.cells) & {*_OF_A_LEVEL}]
    if not rows:
        return ends
    beyond = ends.pop("beyond", None)
    levels = _labels(made, rows, path) if ordinal else _pairs(made, rows, path)
    scale = levels_data(levels, beyond, table=path[0] == "scales")
    for way in ((), ("levels",)):
        _place_levels(made, rows, (*path, *way), ordinal=ordinal)
    if not ends:
        return scale
    return {**ends, "levels": levels, **({} if beyond is None else {"beyond": beyond})}


def _place_levels(made: StudyBook, rows: Sequence[Entry], path: Keys, *, ordinal: bool) -> None:
    """Keep the cells of levels, in whichever form the scale is written."""
    for i, entry in enumerate(rows):
        key: str | int = i
        if ordinal and isinstance(entry.cells.get("level"), str | float | int):
            key = text(entry.cells["level"]).strip()
        last: tuple[Keys, ...] = (("worth",), ("anchor",)) if ordinal else ((0,), (1,))
        names = ("worth", "anchor") if ordinal else ("level", "worth")
        made.places.setdefault(("tree", (*path, key)), entry.at("level"))
        for way, name in zip(last, names, strict=True):
            made.places.setdefault(("tree", (*path, key, *way)), entry.at(name))


def _worth(made: StudyBook, entry: Entry, path: Keys) -> Any:
    """Return what a level is worth; told where it does not say."""
    worth = made.ends(entry, (_SCALES["worth"], _SCALES["worth to"]), "tree", path)
    if not {"worth", "worth to"} & set(entry.cells):
        hint = "0 is the worst, 1 the best"
        made.tell(entry.at("worth"), "tree", path, "the level has no worth", hint)
    return worth


def _labels(made: StudyBook, rows: Sequence[Entry], path: Keys) -> Data:
    """Return the levels of an ordinal scale by their labels."""
    levels: Data = {}
    first: dict[str, Entry] = {}
    for entry in rows:
        place = entry.at("level")
        label = _label(made, entry, path)
        if label is None:
            continue
        if label in first:
            message = f"level {shown(label)} stands already at {first[label].at('level')}"
            made.tell(place, "tree", path, message, "give each level another label")
            continue
        first[label] = entry
        worth = _worth(made, entry, (*path, label, "worth"))
        anchor = made.take(entry, _SCALES["anchor"], "tree", (*path, label, "anchor"))
        held = {"worth": worth, "anchor": anchor}
        levels[label] = {key: value for key, value in held.items() if value is not None}
    return levels


def _label(made: StudyBook, entry: Entry, path: Keys) -> str | None:
    place = entry.at("level")
    if "level" not in entry.cells:
        made.tell(place, "tree", path, "the level is empty", "write its label")
        return None
    try:
        return text(entry.cells["level"])
    except WrongCellError as error:
        made.tell(place, "tree", path, str(error), error.hint)
        return None


def _pairs(made: StudyBook, rows: Sequence[Entry], path: Keys) -> list[list[Any]]:
    """Return the levels of a scale of numbers, each with its worth."""
    levels: list[list[Any]] = []
    for i, entry in enumerate(rows):
        place = entry.at("level")
        level: float | None = None
        if "level" not in entry.cells:
            made.tell(place, "tree", path, "the level is empty", "write a number")
        else:
            try:
                level = number(entry.cells["level"])
            except WrongCellError as error:
                hint = error.hint or "or is it a label? then write the level's anchor beside it"
                made.tell(place, "tree", path, str(error), hint)
        worth = _worth(made, entry, (*path, i, 1))
        levels.append([level, worth])
    return levels if all(None not in pair for pair in levels) else []


def read_criteria(made: StudyBook, found: Sequence[tuple[str, Entry]], ordinal: Ordinal) -> None:
    """Read the sheet Criteria into the tree.

    Args:
        made: with the scales that are read already.
        found: the rows by their ids.
        ordinal: whether levels are labels, by scale and by criterion.
    """
    own = made.tree.get("criteria", {})
    criteria: Data = {}
    made.tree["criteria"] = criteria
    for key, entry in found:
        path = ("criteria", key)
        criteria[key] = dict(own.get(key, {}))
        columns = [c for name, c in _CRITERIA.items() if name not in ("id", *_OF_A_SCALE, *_LEVELS)]
        _read_scale(made, criteria[key], key, entry)
        made.fill(criteria[key], entry, columns, "tree", path)
        labels = _has_labels(criteria[key], key, ordinal)
        for name in _LEVELS:
            _read_level(made, criteria[key], entry, (name, path), labels)


def _read_scale(made: StudyBook, criterion: Data, key: str, entry: Entry) -> None:
    """Read the scale that a criterion's row has; it may have one only."""
    path = ("criteria", key)
    given = [name for name in _OF_A_SCALE if name in entry.cells]
    where = ""
    if "scale" in criterion:
        where = f"at {made.places['tree', (*path, 'scale')]}"
    elif "scale" in given:
        where, given = "by name, beside it", given[1:]
    for name in given if where else ():
        message, hint = f"{key!r} has a scale already, {where}", "clear one of the two"
        made.tell(entry.at(name), "tree", (*path, "scale"), message, hint)
    if "scale" not in criterion:
        first = [_CRITERIA[name] for name in (("scale",) if where else _OF_A_SCALE)]
        made.fill(criterion, entry, first, "tree", path)


def _has_labels(criterion: Data, key: str, ordinal: Ordinal) -> bool | None:
    """Whether the levels of a criterion are labels; None where that is not known."""
    scale = criterion.get("scale")
    if isinstance(scale, str):
        return ordinal.get(("scale", scale))
    return None if scale is None else ordinal.get(("criterion", key), False)


def _read_level(
    made: StudyBook,
    criterion: Data,
    entry: Entry,
    at: tuple[str, Keys],
    labels: bool | None,
) -> None:
    """Read a level: a label, or a number even where it was typed as text, as the scale has it."""
    name, path = at
    column = _CRITERIA[name]
    level = made.take(entry, column, "tree", (*path, *column.key))
    if level is None:
        return
    if labels:
        level = text(level).strip()
    elif labels is False and isinstance(level, str):
        try:
            level = number(level)
        except WrongCellError as error:
            made.tell(entry.at(name), "tree", (*path, *column.key), str(error), error.hint)
            return
    holder = criterion
    for key in column.key[:-1]:
        holder = holder.setdefault(key, {})
    holder[column.key[-1]] = level


def read_overlaps(made: StudyBook, rows: Sequence[Entry]) -> None:
    """Read the sheet Overlaps into the criteria."""
    first: dict[tuple[str, str], Entry] = {}
    for entry in rows:
        key = made.named(entry, _OVERLAPS["criterion"], "tree", ("criteria", "", "overlaps"))
        if key is None:
            continue
        path = ("criteria", key, "overlaps")
        other = made.take(entry, _OVERLAPS["other"], "tree", path)
        if other is None:
            if "other" not in entry.cells:
                made.tell(entry.at("other"), "tree", path, "is empty", "name another criterion")
            continue
        if first.setdefault((key, other), entry) is not entry:
            message = f"{other!r} stands already at {first[key, other].at('other')}"
            made.tell(entry.at("other"), "tree", path, message, "keep one of the two")
            continue
        made.places["tree", (*path, other)] = entry.at("other")
        how = made.take(entry, _OVERLAPS["how it is handled"], "tree", (*path, other))
        made.tree["criteria"][key].setdefault("overlaps", {})[other] = how or ""
