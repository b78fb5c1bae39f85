"""TOML to frozen models, with every problem at its line and column."""

import copy
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from assess.files.positions import line_and_column, positions
from assess.files.text import read_text
from assess.model import Problem, Scenario, StudyError, ValueTree, shown
from assess.model.wording import Keys, readable

M = TypeVar("M", bound=BaseModel)
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
            for path, message, hint, remove in readable(model, data, error):
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
