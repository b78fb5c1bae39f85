"""TOML to frozen models, with every problem at its line and column."""

import copy
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from assess.checks.few import MOST
from assess.files.known import Known
from assess.files.positions import line_and_column, line_starts, positions
from assess.files.text import read_text
from assess.model import Problem, Scenario, StudyError, ValueTree, shown
from assess.model.wording import Fault, Keys, faults

M = TypeVar("M", bound=BaseModel)
LARGEST_TOML = 10_000_000
_MOST_ROUNDS = 50
_DEEPEST = 32
# Dotted keys so deep that reading them alone would take memory by the square of their number.
_MANY_DOTS = re.compile(r"(?<![\w.\"'-])[\w\"'-]++(?:[ \t]*+\.[ \t]*+[\w\"'-]++){1000}")
_COMMA = re.compile(r"=\s*([+-]?\d+),(\d+)")
_DATE = re.compile(r"=\s*\d{1,4}[/.]\d{1,2}[/.]\d{1,4}")


@dataclass(frozen=True)
class Source:
    """A TOML file as read: its name for messages, its content, and where each key stands."""

    name: str
    text: str
    data: dict[str, Any]
    at: Mapping[Keys, int]

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """Where each line begins."""
        return line_starts(self.text)

    def place(self, path: Keys) -> str:
        """Return file:line:column of a path, or of the nearest table above it that is there."""
        while path and path not in self.at:
            path = path[:-1]
        line, column = line_and_column(self.starts, self.at.get(path, 0))
        return f"{self.name}:{line}:{column}"


def read_toml(path: Path, name: str) -> Source:
    """Read a TOML file.

    Raises:
        StudyError: it cannot be read, is not UTF-8, too large, or not TOML; with the place.
    """
    text = read_text(path, name, largest=LARGEST_TOML)
    if dots := _MANY_DOTS.search(text):
        raise StudyError([_too_deep(name, text, dots.start())])
    try:
        data = tomllib.loads(text)
        at = positions(text)
    except tomllib.TOMLDecodeError as error:
        raise StudyError([_not_toml(name, text, str(error))]) from error
    except (RecursionError, ValueError) as error:
        deep = isinstance(error, RecursionError)
        found = re.search(r"(?:[\[{][^\[\]{}\"'#]*){64}" if deep else r"[0-9_]{4300}", text)
        message = (
            "lists or tables are nested too deeply" if deep else "a number has too many digits"
        )
        place = _place(name, text, found.start() if found else 0)
        raise StudyError([Problem(name, (), message, place=place)]) from error
    for key, offset in at.items():
        if len(key) > _DEEPEST:
            raise StudyError([_too_deep(name, text, offset)])
    return Source(name, text, data, at)


def _place(name: str, text: str, offset: int) -> str:
    line, column = line_and_column(line_starts(text), offset)
    return f"{name}:{line}:{column}"


def _too_deep(name: str, text: str, offset: int) -> Problem:
    hint = f"at most {_DEEPEST} levels are read"
    return Problem(name, (), "keys are nested too deeply", hint, _place(name, text, offset))


def _not_toml(name: str, text: str, error: str) -> Problem:
    """Say where a text stops being TOML, and what was probably meant there."""
    where = re.search(r"\(at line (\d+), column (\d+)\)", error)
    line, column = map(int, where.groups()) if where else (text.count("\n") + 1, 1)
    written = text.split("\n")[line - 1].strip()
    hint = f"the line reads {shown(written)}" if written else "the text ends too early"
    if comma := _COMMA.search(written):
        hint = f"write a decimal point: {comma[1]}.{comma[2]}"
    elif _DATE.search(written):
        hint = "write a date as 2026-01-01: year, month, day"
    message = f"not valid TOML: {re.sub(r' [(]at .*[)]$', '', error)}"
    return Problem(name, (), message, hint, f"{name}:{line}:{column}")


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
        The model of what is sound, or None where nothing can be made; and the problems, those
        beyond the first 100 without words.
    """
    problems: list[Problem] = []
    known = Known()
    data = copy.deepcopy(source.data)
    for again in range(_MOST_ROUNDS):
        try:
            return model.model_validate(data), problems
        except ValidationError as error:
            for fault in faults(model, data, error):
                path = fault.path
                if not known.at_or_above(part, path) and not (again and known.below(part, path)):
                    known.add(part, path)
                    problems.append(_problem(part, fault, source, worded=len(problems) < MOST))
                _remove(data, fault.remove, path, stand_ins or {})
    return None, problems


def _problem(part: str, fault: Fault, source: Source, *, worded: bool) -> Problem:
    message, hint = fault.words() if worded else ("", "")
    return Problem(part, fault.path, message, hint, source.place(fault.path))


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
        raise StudyError(counted(problems))
    return found


def counted(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems with words, and for each part how many more there are without."""
    worded: list[Problem] = []
    rest: dict[str, list[Problem]] = {}
    for problem in problems:
        (worded if problem.message else rest.setdefault(problem.part, [])).append(problem)
    return worded + [
        replace(more[0], message=f"and {len(more):,} more like these") for more in rest.values()
    ]


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
