"""What pydantic finds wrong, in the words of users: path, message and hint, one for each thing."""

import json
import math
import re
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from assess.model.problems import LONGEST, nearest, shown

Keys = tuple[str | int, ...]
# What is meant by a bare text or number that stands where one of these belongs.
_CHIEF = {
    **dict.fromkeys(("Strategy", "Analyst", "Actor", "Criterion"), "name"),
    "Gate": "threshold",
    "Level": "worth",
}

# How codes are written that are too many to list, by the first of them: Admiralty grades.
_WRITTEN = {"A1": "A to F, then 1 to 6: B2"}


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with what a model was to be made of.

    Attributes:
        path: the way to it in the data.
        remove: what must go, so that the rest can be looked at.
        words: message and hint; worked out only when they are asked for.
    """

    path: Keys
    remove: Keys
    words: Callable[[], tuple[str, str]]


def readable(
    model: type[BaseModel], data: Mapping[str, Any], error: ValidationError, *, python: bool = False
) -> Iterator[tuple[Keys, str, str, Keys]]:
    """Yield path, message, hint and what to remove, one for each thing that is wrong."""
    for fault in faults(model, data, error, python=python):
        yield fault.path, *fault.words(), fault.remove


def faults(
    model: type[BaseModel], data: Mapping[str, Any], error: ValidationError, *, python: bool = False
) -> Iterator[Fault]:
    """Yield each thing that is wrong once, in the words of users when asked.

    Args:
        model: that was to be made.
        data: of which; keys and lists as a file holds them, or arguments as Python gives them.
        error: what pydantic found.
        python: speak of Python, not of a file.
    """
    grouped: dict[Keys, list[ErrorDetails]] = {}
    for detail in error.errors(include_url=False):
        grouped.setdefault(_path_in(data, detail["loc"]), []).append(detail)
    pointed = {path[:-1] for path in grouped if _label_with_point(path)}
    above = {path[:length] for path in grouped for length in range(len(path))}
    for path, details in grouped.items():
        if path in pointed:
            continue
        absent = [d for d in details if d["type"] == "missing" and isinstance(d["loc"][-1], str)]
        for detail in absent:
            name = str(detail["loc"][-1])
            yield Fault((*path, name), path, partial(_is_missing, name))
        there = [d for d in details if d not in absent] if absent else details
        content = [d for d in there if not d["type"].endswith("_type")]
        if _no_list(data, path, there):
            yield Fault(path, path, partial(_lacks_a_list, _at(data, path)))
        elif content:
            yield Fault(path, path, partial(_worded, model, content[0], python))
        elif there and path not in above:
            yield Fault(path, path, partial(_wrong_type, there, python))


def _no_list(data: Any, path: Keys, details: Sequence[ErrorDetails]) -> bool:
    """Whether pydantic went through a model in place of a list, field by field."""
    places = sum(isinstance(key, int) for key in path)
    entered = any(sum(isinstance(key, int) for key in d["loc"]) > places for d in details)
    return entered and isinstance(_at(data, path), BaseModel)


def _lacks_a_list(given: object) -> tuple[str, str]:
    return f"{shown(given)} is not a list", f"write it in a list: [{type(given).__name__}(...)]"


def _at(data: Any, path: Keys) -> Any:
    for key in path:
        data = data[key]
    return data


def _is_missing(name: str) -> tuple[str, str]:
    return f"{name!r} is missing", ""


def _wrong_type(details: Sequence[ErrorDetails], python: bool) -> tuple[str, str]:
    """Return message and hint where a value is of another kind than was wanted."""
    given = details[0]["input"]
    hint = (_date_hint(details) if python else "") or _written_as(given, details, python)
    return f"{shown(given)} is not {_wanted(details, python)}", hint


def _worded(model: type[BaseModel], detail: ErrorDetails, python: bool) -> tuple[str, str]:
    """Return message and hint for one error of pydantic's."""
    kind, loc, given = detail["type"], detail["loc"], shown(detail["input"])
    words: dict[str, Any] = detail.get("ctx", {})
    key = str(loc[-1]) if loc else ""
    if kind == "extra_forbidden":
        if label := _label_with_point(loc):
            return f"{label} is read as table {loc[-2]} with key {key}", f'quote it: "{label}"'
        hint = _belongs(model, loc, detail["input"], python)
        return f"unknown key {shown(key)}", hint or nearest(key, _fields_at(model, loc[:-1]))
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", str(words["expected"]))
        hint = _WRITTEN.get(choices[0]) or nearest(detail["input"], choices)
        return f"{given} is not allowed here", hint
    if kind == "value_error":
        return str(words["error"]), getattr(words["error"], "hint", "")
    sentences = {
        "finite_number": "{given} is not a finite number",
        "greater_than_equal": "{given} is below {ge:g}",
        "less_than_equal": "{given} is above {le:g}",
        "too_short": "{given} has too few entries: at least {min_length}",
        "too_long": "{given} has too many entries: at most {max_length}",
        "missing": "an entry is missing",
        "string_too_short": "is empty",
        "string_too_long": "{given} is longer than {max_length:,} characters",
    }
    if kind not in sentences:
        return f"{given}: {detail['msg'].removeprefix('Input ')}", ""
    return sentences[kind].format(given=given, **words), _number_hint(detail)


def _number_hint(detail: ErrorDetails) -> str:
    """Say what to write in place of a number that was meant otherwise."""
    kind, given = detail["type"], detail["input"]
    if kind == "less_than_equal" and detail["ctx"]["le"] == 1:
        return as_share(given)
    if kind == "too_long" and any(isinstance(number, int) for number in given):
        return "write numbers with a decimal point, not a comma"
    if kind == "finite_number" and "exponent" in detail["loc"] and not math.isnan(given):
        return 'the rule "weakest_link" is that limit' if given < 0 else "write a large one: 100"
    return ""


def as_share(*given: float) -> str:
    """Say how percentages are written as shares; empty where they are not such.

    >>> as_share(60), as_share(30, 50), as_share(1.5)
    ('write 0.6', 'write [0.3, 0.5]', '')
    """
    if not all(0 <= number <= 100 for number in given) or max(given) < 2:
        return ""
    shares = ", ".join(f"{number / 100:g}" for number in given)
    return f"write [{shares}]" if given[1:] else f"write {shares}"


def _belongs(model: type[BaseModel], loc: Keys, given: object, python: bool) -> str:
    """Say in which table an unknown key has its place, where it is one of a field's own."""
    key = str(loc[-1])
    for here in _models_at(model, loc[:-1]):
        for name, field in here.model_fields.items():
            for kind in _models(_alternatives(field.annotation)):
                if key in kind.model_fields:
                    inner = f"{kind.__name__}({key}={shown(given)})"
                    return f"write {name}={inner}" if python else f"it belongs in the table {name}"
    return ""


def _label_with_point(path: Keys) -> str:
    """Return what a bare 0.4 was meant to be; TOML reads it as key 4 of table 0."""
    meant = len(path) > 1 and all(str(key).isdecimal() for key in path[-2:])
    return f"{path[-2]}.{path[-1]}" if meant and isinstance(path[-1], str) else ""


def _written_as(given: object, details: Sequence[ErrorDetails], python: bool) -> str:
    """Say how the value is written: its quotes, its brackets or its table; empty if unclear."""
    kinds = {d["type"] for d in details}
    if kinds & {"float_type", "bool_type", "date_type"} and isinstance(given, str):
        return "write it without quotes"
    if kinds == {"string_type"} and isinstance(given, int | float | date):
        return "write it in quotes"
    if kinds == {"tuple_type"} and isinstance(given, str) and len(given) <= LONGEST:
        return f"write [{json.dumps(given, ensure_ascii=False)}]"
    if kinds == {"model_type"} and isinstance(given, str | int | float):
        return _as_table(details[0]["ctx"]["class_name"], given, python)
    return ""


def _as_table(kind: str, given: str | float, python: bool) -> str:
    """Say how a table is written of which only the chief entry was given."""
    chief = _CHIEF.get(kind, "")
    wanted = str if chief == "name" else int | float
    if not chief or isinstance(given, bool) or not isinstance(given, wanted):
        return ""
    if len(str(given)) > LONGEST:
        return ""
    rest = {"anchor": "what an observer sees"} if kind == "Level" else {}
    entries = {key: json.dumps(v, ensure_ascii=False) for key, v in {chief: given, **rest}.items()}
    if python:
        return f"write {kind}({', '.join(f'{key}={text}' for key, text in entries.items())})"
    return f"write {{ {', '.join(f'{key} = {text}' for key, text in entries.items())} }}"


def _date_hint(details: Sequence[ErrorDetails]) -> str:
    dates = {d["type"] for d in details} == {"date_type"}
    return "write it as datetime.date(2026, 6, 30)" if dates else ""


def _wanted(details: Sequence[ErrorDetails], python: bool) -> str:
    table = "a mapping" if python else "a table"
    words = {
        "float_type": "a number",
        "int_type": "a number",
        "string_type": "a text",
        "date_type": "a date such as 2026-06-30",
        "bool_type": "true or false",
        "tuple_type": "a list",
        "list_type": "a list",
        **dict.fromkeys(("dict_type", "mapping_type"), table),
        **dict.fromkeys(("model_type", "model_attributes_type"), table),
    }
    if python:
        words["date_type"] = "a date"
        kinds = [d["ctx"]["class_name"] for d in details if d["type"] == "model_type"]
        words["model_type"] = " or ".join(
            f"{'an' if kind[0] in 'AEIO' else 'a'} {kind}" for kind in dict.fromkeys(kinds)
        )
    return " or ".join(dict.fromkeys(words.get(d["type"], d["msg"]) for d in details))


def _path_in(data: Any, loc: Keys) -> Keys:
    """Return the part of pydantic's location that the data has: without tags of unions."""
    path: list[str | int] = []
    for key in loc:
        inside = isinstance(data, list | tuple) and isinstance(key, int) and key < len(data)
        if inside or (isinstance(data, dict) and key in data):
            data = data[key]
            path.append(key)
    return tuple(path)


def _fields_at(model: Any, loc: Keys) -> list[str]:
    """Return the keys that a table at this location may have."""
    return [name for kind in _models_at(model, loc) for name in kind.model_fields]


def _models_at(model: Any, loc: Keys) -> list[type[BaseModel]]:
    """Return the models that a table at this location may be."""
    here: list[Any] = [model]
    for key in loc:
        inside = [hint for kind in here for hint in _steps(kind, key)]
        here = inside or here
    return _models(here)


def _models(kinds: Iterable[Any]) -> list[type[BaseModel]]:
    return [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)]


def _steps(kind: Any, key: str | int) -> list[Any]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        field = kind.model_fields.get(str(key))
        return _alternatives(field.annotation) if field else []
    if typing.get_origin(kind) in (tuple, Mapping):
        inner = [given for given in typing.get_args(kind) if given is not ...]
        return _alternatives(inner[-1])
    return []


def _alternatives(hint: Any) -> list[Any]:
    """Return the types that a hint allows, without annotations and None."""
    origin = typing.get_origin(hint)
    if origin is typing.Annotated:
        return _alternatives(typing.get_args(hint)[0])
    if origin is typing.Union or type(hint).__name__ == "UnionType":
        return [kind for arg in typing.get_args(hint) for kind in _alternatives(arg)]
    return [hint]
