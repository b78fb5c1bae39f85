"""TOML to frozen models, with every problem at its line and column."""

import copy
import re
import tomllib
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from assess.files.positions import line_and_column, positions
from assess.files.text import read_text
from assess.model import Problem, Scenario, StudyError, ValueTree, nearest, shown

M = TypeVar("M", bound=BaseModel)
Keys = tuple[str | int, ...]
_MOST_ROUNDS = 50
_DEEPEST = 32


@dataclass(frozen=True)
class Source:
    """A TOML file as read: its name for messages, its content, and where each key stands."""

    name: str
    text: str
    data: dict[str, Any]
    at: Mapping[Keys, int]

    def place(self, path: Keys) -> str:
        """Return file:line:column of a path, or of the nearest table above it that is there."""
        while path and path not in self.at:
            path = path[:-1]
        line, column = line_and_column(self.text, self.at.get(path, 0))
        return f"{self.name}:{line}:{column}"


def read_toml(path: Path, name: str) -> Source:
    """Read a TOML file.

    Raises:
        StudyError: it cannot be read, is not UTF-8, too large, or not TOML; with the place.
    """
    text = read_text(path, name)
    try:
        data = tomllib.loads(text)
        at = positions(text)
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line, column = map(int, where.groups()) if where else (text.count("\n") + 1, 1)
        written = text.split("\n")[line - 1].strip()
        hint = f"the line reads {shown(written)}" if written else "the text ends too early"
        message = f"not valid TOML: {re.sub(r' [(]at .*[)]$', '', str(error))}"
        problem = Problem(name, (), message, hint, f"{name}:{line}:{column}")
        raise StudyError([problem]) from error
    except (RecursionError, ValueError) as error:
        deep = isinstance(error, RecursionError)
        found = re.search(r"(?:[\[{][^\[\]{}\"'#]*){64}" if deep else r"[0-9_]{4300}", text)
        line, column = line_and_column(text, found.start() if found else 0)
        message = (
            "lists or tables are nested too deeply" if deep else "a number has too many digits"
        )
        problem = Problem(name, (), message, place=f"{name}:{line}:{column}")
        raise StudyError([problem]) from error
    source = Source(name, text, data, at)
    for key in at:
        if len(key) > _DEEPEST:
            message, hint = "keys are nested too deeply", f"at most {_DEEPEST} levels are read"
            raise StudyError([Problem(name, key[:1], message, hint, source.place(key))])
    return source


def build(
    model: type[M], source: Source, part: str, stand_ins: Mapping[str, Any] | None = None
) -> tuple[M | None, list[Problem]]:
    """Make a model from a file; what is wrong is listed and left out, so that the rest is checked.

    Args:
        model: what to make.
        source: the file.
        part: what problems call it.
        stand_ins: values for required keys that are missing, only so that checking can go on.

    Returns:
        The model of what is sound, or None where nothing can be made; and the problems.
    """
    problems: dict[tuple[Keys, str], Problem] = {}
    data = copy.deepcopy(source.data)
    for again in range(_MOST_ROUNDS):
        try:
            return model.model_validate(data), list(problems.values())
        except ValidationError as error:
            for path, message, hint, remove in _readable(model, data, error):
                problem = Problem(part, path, message, hint, source.place(path))
                if not any(_follows(path, known, again) for known, _ in problems):
                    problems[path, message] = problem
                _remove(data, remove, path, stand_ins or {})
    return None, list(problems.values())


def read_tree(path: str | Path) -> ValueTree:
    """Read a value tree from a TOML file.

    Raises:
        StudyError: lists every key that is wrong, with its place.
    """
    return _read(ValueTree, Path(path), "tree")


def read_scenario(path: str | Path) -> Scenario:
    """Read a scenario from a TOML file.

    Raises:
        StudyError: lists every key that is wrong, with its place.
    """
    return _read(Scenario, Path(path), "scenario")


def _read(model: type[M], path: Path, part: str) -> M:
    found, problems = build(model, read_toml(path, path.name), part)
    if found is None or problems:
        raise StudyError(problems)
    return found


def _readable(
    model: type[BaseModel], data: Mapping[str, Any], error: ValidationError
) -> Iterator[tuple[Keys, str, str, Keys]]:
    """Yield path, message, hint and what to remove, one for each thing that is wrong."""
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
            yield path, f"{shown(given)} is not {_wanted(there)}", _quotes(given, there), path
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


def _wanted(details: Sequence[ErrorDetails]) -> str:
    words = {
        "float_type": "a number",
        "string_type": "a text",
        "date_type": "a date such as 2026-06-30",
        "bool_type": "true or false",
        "tuple_type": "a list",
        "list_type": "a list",
        "dict_type": "a table",
        "mapping_type": "a table",
        "model_type": "a table",
        "model_attributes_type": "a table",
    }
    return " or ".join(dict.fromkeys(words.get(d["type"], d["msg"]) for d in details))


def _path_in(data: Any, loc: Keys) -> Keys:
    """Return the part of pydantic's location that the file has: without tags of unions."""
    path: list[str | int] = []
    for key in loc:
        inside = isinstance(data, list) and isinstance(key, int) and key < len(data)
        if inside or (isinstance(data, dict) and key in data):
            data = data[key]
            path.append(key)
    return tuple(path)


def _follows(path: Keys, known: Keys, again: int) -> bool:
    """Whether a problem only repeats a known one, or comes of having left something out."""
    return path[: len(known)] == known or (again > 0 and known[: len(path)] == path)


def _remove(data: Any, remove: Keys, path: Keys, stand_ins: Mapping[str, Any]) -> None:
    """Take what is wrong out of the data; put a stand-in for a required key of the file itself."""
    if len(path) == 1 and (path[0] in stand_ins):
        data[path[0]] = copy.deepcopy(stand_ins[str(path[0])])
        return
    if not remove:
        return
    remove = _whole(remove)
    holder: Any = data
    for key in remove[:-1]:
        if isinstance(holder, dict) and key not in holder:
            return
        holder = holder[key]
    last: Any = remove[-1]
    if isinstance(holder, list):
        if last < len(holder) and holder[last] != "":
            holder[last] = ""
        else:
            holder.clear()
    elif last in holder:
        del holder[last]


def _whole(path: Keys) -> Keys:
    """Return what has to go with a path: a scale is sound or broken as a whole."""
    if path[0] == "scales":
        return path[:2]
    return path[:3] if path[0] == "criteria" and path[2:3] == ("scale",) else path


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
