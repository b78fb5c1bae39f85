"""Data to TOML in the style of the packaged files; the standard library only reads it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Literal

Kind = Literal["study", "tree", "scenario"]
Keys = tuple[str, ...]

_HEADS: Mapping[Kind, tuple[str, str]] = {
    "study": ("schemas", "The question, who takes part, and which files belong to the study."),
    "tree": ("../schemas", "What is judged: criteria, their scales, and how they come together."),
    "scenario": ("../schemas", "How much the criteria matter, and why."),
}
# Tables that are keyed by id, each entry under a header of its own; and plain tables with one.
_KEYED = (
    "strategies",
    "analysts",
    "scales",
    "actors",
    "sources",
    "seed_questions",
    "criteria",
    "weights",
)
_HEADED = (*_KEYED, "method", "not_applicable")
_BARE = re.compile("[A-Za-z0-9_-]+")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\f": "\\f", "\r": "\\r"}
_LONGEST = 100


def toml_text(kind: Kind, data: Mapping[str, Any]) -> str:
    r"""Write the data of one of our files as readable TOML.

    Args:
        kind: which file.
        data: texts, finite numbers, booleans, dates, lists and tables, as `tomllib` would give
            them back.

    Returns:
        TOML; a whole number is written without a point.

    >>> print(toml_text("scenario", {"id": "now", "weights": {"aim": {"judgements": {"a": 1.0}}}}))
    #:schema ../schemas/scenario.schema.json
    # How much the criteria matter, and why.
    id = "now"
    <BLANKLINE>
    [weights.aim]
    judgements = { a = 1 }
    <BLANKLINE>
    """
    folder, comment = _HEADS[kind]
    head = [f"#:schema {folder}/{kind}.schema.json", f"# {comment}"]
    return "\n".join([*head, *_table((), data)]) + "\n"


def _table(path: Keys, table: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a table: its own entries, then the tables below it."""
    below = [key for key, item in table.items() if _has_header((*path, key), item)]
    for key, item in table.items():
        if key not in below:
            yield f"{_key(key)} = {_value(item, len(key) + 3)}"
    for key in below:
        here, inner = (*path, key), table[key]
        heads = [_has_header((*here, name), item) for name, item in inner.items()]
        if not heads or not all(heads):
            yield from ("", f"[{'.'.join(map(_key, here))}]")
        yield from _table(here, inner)


def _has_header(path: Keys, item: Any) -> bool:
    """Whether a table stands under a header of its own, and not in braces."""
    if not isinstance(item, Mapping) or path[0] not in _HEADED:
        return False
    if len(path) == 1 or (len(path) == 2 and path[0] in _KEYED):
        return True
    return any(isinstance(inner, Mapping) for inner in item.values())


def entries_text(table: Mapping[str, Any]) -> str:
    """Write the entries of a table in one line, as they stand between braces.

    >>> entries_text({"exponent": -1.0, "order_weights": [0.25, 0.75]})
    'exponent = -1, order_weights = [0.25, 0.75]'
    """
    return ", ".join(f"{_key(key)} = {_value(item)}" for key, item in table.items())


def list_text(entries: Sequence[Any]) -> str:
    """Write a list in one line.

    >>> list_text([["a", "b"], [{"of": "a", "at_least": 2.0}]])
    '[["a", "b"], [{ of = "a", at_least = 2 }]]'
    """
    return _value(entries)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _value(item: Any, indent: int = 0) -> str:
    if isinstance(item, str):
        return _lines(item) if indent and "\n" in item else _text(item)
    if isinstance(item, float | int | date):
        return _bare(item)
    if isinstance(item, Mapping):
        return f"{{ {entries_text(item)} }}" if item else "{}"
    entries = [_value(inner) for inner in item]
    if indent and indent + sum(len(entry) + 2 for entry in entries) > _LONGEST:
        return "\n".join(["[", *(f"  {entry}," for entry in entries), "]"])
    return f"[{', '.join(entries)}]"


def _bare(item: float | date) -> str:
    """Return a number, a truth or a date."""
    if isinstance(item, bool):
        return str(item).lower()
    if isinstance(item, date):
        return item.isoformat()
    whole = item == int(item) and abs(item) < 1e15
    return str(int(item)) if whole else repr(item)


def _text(text: str) -> str:
    return f'"{_escaped(text)}"'.replace("\n", "\\n")


def _lines(text: str) -> str:
    """Return a text of several lines as one sees it."""
    return f'"""\n{_escaped(text)}"""'


def _escaped(text: str) -> str:
    plain = "".join(_ESCAPES.get(c, c) for c in text)
    return re.sub("[\x00-\x08\x0b-\x1f\x7f]", lambda found: f"\\u{ord(found[0]):04x}", plain)
