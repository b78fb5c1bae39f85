"""Several things in one cell: labels with commas between, arguments with their values, ids."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from assess.files.toml_text import entries_text
from assess.model import ID_PATTERN, shown

_ENTRY = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^",]*))\s*(,|$)')


def joined(labels: Iterable[str]) -> str:
    """Write labels into one cell, in quotes where they hold a comma, a quote or outer space.

    >>> joined(["army", "air, land"])
    'army, "air, land"'
    """
    return ", ".join(_quoted(label) for label in labels)


def _quoted(label: str) -> str:
    plain = label and label == label.strip() and not set(label) & set(',"\n')
    return label if plain else '"{}"'.format(label.replace('"', '""'))


def separated(text: str) -> list[str]:
    """Read the labels of a cell.

    Raises:
        ValueError: nothing stands between two commas, or a quote is left open.

    >>> separated('army, "air, land"')
    ['army', 'air, land']
    """
    found: list[str] = []
    at, more = 0, True
    while more:
        match = _ENTRY.match(text, at)
        if match is None:
            raise ValueError(f"{shown(text)} holds a quote that does not enclose a whole label")
        quoted, plain, end = match.groups()
        label = plain.strip() if quoted is None else quoted.replace('""', '"')
        if quoted is None and not label:
            raise ValueError(f"{shown(text)} has nothing before or after a comma")
        found.append(label)
        at, more = match.end(), bool(end)
    return found


def numbers_text(numbers: Iterable[float]) -> str:
    """Write numbers into one cell.

    >>> numbers_text([0.05, 1.0, -3])
    '0.05, 1, -3'
    """
    return ", ".join(f"{n:.0f}" if n == int(n) and abs(n) < 1e15 else repr(n) for n in numbers)


def arguments_text(arguments: Mapping[str, Any]) -> str:
    """Write the arguments of a function into one cell.

    >>> arguments_text({"exponent": -1.0})
    'exponent = -1'
    """
    return entries_text(arguments)


def arguments(text: str) -> dict[str, Any]:
    """Read the arguments of a cell.

    Raises:
        ValueError: they are not written `name = value`, with commas between.

    >>> arguments("exponent = -1, order_weights = [0.2, 0.8]")
    {'exponent': -1, 'order_weights': [0.2, 0.8]}
    """
    try:
        found = tomllib.loads(f"x = {{ {text} }}")
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        found = {}
    if set(found) != {"x"}:
        raise ValueError(f"{shown(text)} is not written like exponent = -1, share = 0.1")
    if "name" in found["x"]:
        raise ValueError(f"{shown(text)} holds a name, which stands in a cell of its own")
    return dict(found["x"])


def listing(text: str) -> list[Any]:
    """Read the list of a cell.

    Raises:
        ValueError: it is not written as the files of a study write it.

    >>> listing('[{ of = "a", to = "b", at_least = 2 }]')
    [{'of': 'a', 'to': 'b', 'at_least': 2}]
    """
    try:
        found = tomllib.loads(f"x = {text}")
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        found = {}
    if set(found) != {"x"} or not isinstance(found["x"], list):
        raise ValueError(f'{shown(text)} is not written like [["a", "b"]]')
    return list(found["x"])


def id_from_name(name: str) -> str:
    """Return the id that is made of a name; empty where none can be made to the letter.

    Capitals become small, accents go, and whatever is no letter or digit becomes an underscore.

    >>> id_from_name("Continue as now"), id_from_name("Émeute (2024)"), id_from_name("2024")
    ('continue_as_now', 'emeute_2024', '')
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    if any(c.isalnum() and not c.isascii() for c in bare):
        return ""
    made = re.sub("[^a-z0-9]+", "_", bare.lower()).strip("_")
    return made if ID_PATTERN.fullmatch(made) else ""
