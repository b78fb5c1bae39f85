"""TOML to frozen models, with every problem at its line and column."""

import copy
import re
import tomllib
import typing
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from assess.files.positions import line_and_column, positions
from assess.files.text import read_text
from assess.model import Problem, Scenario, StudyError, ValueTree, nearest

M = TypeVar("M", bound=BaseModel)
Keys = tuple[str | int, ...]
_MOST_ROUNDS = 50


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
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line, column = where.groups() if where else (str(text.count("\n") + 1), "1")
        message = re.sub(r" \(at .*\)$", "", str(error))
        problem = Problem(name, (), f"not valid TOML: {message}", place=f"{name}:{line}:{column}")
        raise StudyError([problem]) from error
    return Source(name, text, data, positions(text))


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
    for _ in range(_MOST_ROUNDS):
        try:
            return model.model_validate(data), list(problems.values())
        except ValidationError as error:
            for path, message, hint, remove in _readable(model, data, error):
                problem = Problem(part, path, message, hint, source.place(path))
                if not any(known == path[: len(known)] for known, _ in problems):
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
    for path, details in grouped.items():
        deeper = any(len(p) > len(path) and p[: len(path)] == path for p in grouped)
        content = [d for d in details if not d["type"].endswith("_type")]
        if deeper and not content:
            continue
        if not content:
            yield path, f"{_shown(details[0]['input'])} is not {_wanted(details)}", "", path
        for detail in content[:1]:
            message, hint, name = _worded(model, detail)
            missing = detail["type"] == "missing"
            yield (*path, name) if missing and name else path, message, hint, path


def _worded(model: type[BaseModel], detail: ErrorDetails) -> tuple[str, str, str]:
    """Return message, hint and the name of a missing key for one error of pydantic's."""
    kind, loc, given = detail["type"], detail["loc"], detail["input"]
    key = str(loc[-1]) if loc else ""
    if kind == "extra_forbidden":
        return f"unknown key {key!r}", nearest(key, _fields_at(model, loc[:-1])), ""
    if kind == "missing":
        return f"{key!r} is missing", "", key
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", str(detail.get("ctx", {}).get("expected", "")))
        return f"{_shown(given)} is not allowed here", nearest(given, choices), ""
    if kind == "value_error":
        return str(detail["ctx"]["error"]), "", ""
    return f"{_shown(given)}: {detail['msg'].removeprefix('Input ')}", "", ""


def _wanted(details: Sequence[ErrorDetails]) -> str:
    words = {
        "float_type": "a number",
        "string_type": "a text",
        "date_type": "a date such as 2026-06-30, without quotes",
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
        if (isinstance(data, dict) and key in data) or (
            isinstance(data, list) and isinstance(key, int) and key < len(data)
        ):
            data = data[key]
        else:
            continue
        path.append(key)
    return tuple(path)


def _remove(data: Any, remove: Keys, path: Keys, stand_ins: Mapping[str, Any]) -> None:
    """Take what is wrong out of the data; put a stand-in for a required key of the file itself."""
    if len(path) == 1 and (path[0] in stand_ins):
        data[path[0]] = stand_ins[str(path[0])]
        return
    if not remove:
        return
    holder = data
    for key in remove[:-1]:
        if isinstance(holder, dict) and key not in holder:
            return
        holder = holder[key]
    if isinstance(holder, list):
        holder.clear()
    elif remove[-1] in holder:
        del holder[remove[-1]]


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


def _shown(given: object) -> str:
    text = repr(given)
    return text if len(text) <= 60 else text[:57] + "..."
