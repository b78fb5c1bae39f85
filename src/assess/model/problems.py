"""What is wrong with an input, where, and what would be right: problems, and their error."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from heapq import nlargest

LONGEST = 60
_MANY = 200
_ROWS = ("ratings", "earlier")  # parts of a study whose problems stand in a row and a column


@dataclass(frozen=True)
class Problem:
    """One thing wrong with an input.

    Attributes:
        part: which input: "study", "tree", "scenario northern_counter_terrorism", "ratings".
        path: the way to the value inside that part, for example ("criteria", "threat", "parent").
        message: the value that was given and what was expected.
        hint: the nearest valid choice, or what to do; may be empty.
        place: file, line and column (or row and column name), where the part came from a file.
        earlier: the row of ratings that this one repeats, and its place.
    """

    part: str
    path: tuple[str | int, ...]
    message: str
    hint: str = ""
    place: str = field(default="", compare=False)
    earlier: int | None = None
    earlier_place: str = field(default="", compare=False)

    def __str__(self) -> str:
        path = ".".join(map(str, self.path))
        if self.part in _ROWS and len(self.path) == 2:
            path = f"row {self.path[0]}, column {self.path[1]}"
        where = [self.place or self.part]
        if path and not (self.place and self.part in _ROWS):
            where.append(path)
        if self.earlier is not None:
            where.append(f"{self.message} at {self.earlier_place or f'row {self.earlier}'}")
        else:
            where.append(self.message)
        text = ": ".join(where) + (f" ({self.hint})" if self.hint else "")
        return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


class StudyError(ValueError):
    """Inputs that cannot be assessed; lists every problem that was found.

    Attributes:
        problems: all of them, in the order of files and lines.

    >>> from assess import StudyError
    >>> from assess.model import Problem
    >>> error = StudyError([Problem("tree", ("criteria", "threat", "parent"),
    ...                             "'root' is no criterion", "did you mean 'roof'?")])
    >>> print(error)
    1 problem:
      tree: criteria.threat.parent: 'root' is no criterion (did you mean 'roof'?)
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = f"{len(self.problems)} problem{'s' if len(self.problems) != 1 else ''}:"
        super().__init__("\n".join([count, *(f"  {problem}" for problem in self.problems)]))

    def __reduce__(self) -> tuple[type["StudyError"], tuple[tuple[Problem, ...]]]:
        return StudyError, (self.problems,)


class AdviceError(ValueError):
    """What a model refuses, with what to write instead."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


def closest(given: object, choices: Iterable[str]) -> str | None:
    """Return the choice that was probably meant, if one is near enough.

    >>> closest("treat", ["threat", "borders"]), closest("xyz", ["threat", "borders"])
    ('threat', None)
    """
    text, names = str(given)[:LONGEST], list(choices)
    if len(names) > _MANY:  # comparing takes a while; what is meant probably begins alike
        names = nlargest(_MANY, names, key=lambda name: _begins_alike(text, name))
    close = difflib.get_close_matches(text, names, n=1, cutoff=0.6)
    return close[0] if close else None


def _begins_alike(text: str, other: str) -> int:
    pairs = enumerate(zip(text, other, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(text), len(other)))


def shown(given: object) -> str:
    """Return a value as messages show it: escaped, and cut where it is long.

    >>> shown("x" * 100), shown(True)
    ("'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...", 'true')
    """
    if isinstance(given, bool):
        return str(given).lower()
    text = str(given) if isinstance(given, date | time) else repr(given)
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def nearest(given: object, choices: Iterable[str], most: int = 12) -> str:
    """Say which of the valid choices is nearest to what was given, or list them.

    >>> nearest("treat", ["threat", "borders"])
    "did you mean 'threat'?"
    >>> nearest("xyz", ["threat", "borders"])
    "choose from 'threat', 'borders'"
    """
    names: Sequence[str] = list(dict.fromkeys(choices))
    if not names:
        return "there is none to choose from"
    if close := closest(given, names):
        return f"did you mean {close!r}?"
    listed = ", ".join(map(repr, names[:most]))
    return f"choose from {listed}" + (f" and {len(names) - most} more" if names[most:] else "")
