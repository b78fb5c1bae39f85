"""What pydantic finds wrong, in the words of users: path, message and hint, one for each thing."""

import re
import typing
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from assess.model.problems import nearest, shown

Keys = tuple[str | int, ...]


def readable(
    model: type[BaseModel], data: Mapping[str, Any], error: ValidationError, *, python: bool = False
) -> Iterator[tuple[Keys, str, str, Keys]]:
    """Yield path, message, hint and what to remove, one for each thing that is wrong.

    Args:
        model: that was to be made.
        data: of which; keys and lists as a file holds them, or arguments as Python gives them.
        error: what pydantic found.
        python: speak of Python, not of a file.
    """
    grouped: dict[Keys, list[ErrorDetails]] = {}
    for detail in error.errors():
        grouped.setdefault(_path_in(data, detail["loc"]), []).append(detail)
    pointed = {path[:-1] for path in grouped if _label_with_point(path)}
    for path, details in grouped.items():
        absent = [d for d in details if d["type"] == "missing" and isinstance(d["loc"][-1], str)]
        if path in pointed:
            continue
        for detail in absent:
            name = str(detail["loc"][-1])
            yield (*path, name), f"{name!r} is missing", "", path
        there = [d for d in details if d not in absent]
        deeper = any(len(p) > len(path) and p[: len(path)] == path for p in grouped)
        content = [d for d in there if not d["type"].endswith("_type")]
        if there and not content and not deeper:
            given = there[0]["input"]
            hint = _date_hint(there) if python else ""
            message = f"{shown(given)} is not {_wanted(there, python)}"
            yield path, message, hint or _quotes(given, there), path
        for detail in content[:1]:
            yield path, *_worded(model, detail), path


def _worded(model: type[BaseModel], detail: ErrorDetails) -> tuple[str, str]:
    """Return message and hint for one error of pydantic's."""
    kind, loc, given = detail["type"], detail["loc"], shown(detail["input"])
    words: dict[str, Any] = detail.get("ctx", {})
    key = str(loc[-1]) if loc else ""
    if kind == "extra_forbidden":
        if label := _label_with_point(loc):
            return f"{label} is read as table {loc[-2]} with key {key}", f'quote it: "{label}"'
        return f"unknown key {shown(key)}", nearest(key, _fields_at(model, loc[:-1]))
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", str(words["expected"]))
        return f"{given} is not allowed here", nearest(detail["input"], choices)
    if kind == "value_error":
        return str(words["error"]), ""
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
    return sentences[kind].format(given=given, **words), ""


def _label_with_point(path: Keys) -> str:
    """Return what a bare 0.4 was meant to be; TOML reads it as key 4 of table 0."""
    meant = len(path) > 1 and all(str(key).isdecimal() for key in path[-2:])
    return f"{path[-2]}.{path[-1]}" if meant and isinstance(path[-1], str) else ""


def _quotes(given: object, details: Sequence[ErrorDetails]) -> str:
    """Say which quotes are missing or too many, where that is all that is wrong."""
    kinds = {d["type"] for d in details}
    if kinds & {"float_type", "bool_type", "date_type"} and isinstance(given, str):
        return "write it without quotes"
    text = kinds == {"string_type"} and isinstance(given, int | float | date)
    return "write it in quotes" if text else ""


def _date_hint(details: Sequence[ErrorDetails]) -> str:
    dates = {d["type"] for d in details} == {"date_type"}
    return "write it as datetime.date(2026, 6, 30)" if dates else ""


def _wanted(details: Sequence[ErrorDetails], python: bool) -> str:
    table = "a mapping" if python else "a table"
    words = {
        "float_type": "a number",
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
        words["model_type"] = " or ".join(
            f"a {d['ctx']['class_name']}" for d in details if d["type"] == "model_type"
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
    here: list[Any] = [model]
    for key in loc:
        inside = [hint for kind in here for hint in _steps(kind, key)]
        here = inside or here
    models = [kind for kind in here if isinstance(kind, type) and issubclass(kind, BaseModel)]
    return [name for kind in models for name in kind.model_fields]


def _steps(kind: Any, key: str | int) -> list[Any]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        field = kind.model_fields.get(str(key))
        return _alternatives(field.annotation) if field else []
    if typing.get_origin(kind) in (tuple, Mapping):
        return _alternatives(typing.get_args(kind)[-1])
    return []


def _alternatives(hint: Any) -> list[Any]:
    """Return the types that a hint allows, without annotations and None."""
    origin = typing.get_origin(hint)
    if origin is typing.Annotated:
        return _alternatives(typing.get_args(hint)[0])
    if origin is typing.Union or type(hint).__name__ == "UnionType":
        return [kind for arg in typing.get_args(hint) for kind in _alternatives(arg)]
    return [hint]
