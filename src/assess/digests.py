"""Digests of the parts of a study: they tell which part, row and cell is not what it was.

The digest of a whole study says that something changed; these say what. Ratings have a digest for
every row and for every column, so that one altered cell shows where the two cross.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from assess.model import COLUMNS, Ratings, Study, ValueTree

LENGTH = 16  # characters of hex: 64 bits tell parts apart; they are no signature
TABLES = ("ratings", "earlier")
_HEAD = ("name", "question", "as_of", "horizon", "illustrative")
_BY_ID = ("strategies", "analysts", "actors", "sources", "seed_questions", "rules")


@dataclass(frozen=True)
class Altered:
    """A part of a study that is not what its digest says.

    Attributes:
        part: "tree.criteria.threat", "analysts.ana", "ratings", ...
        row: of the ratings, from 0; None where the part is no row, or is not there any more.
        columns: whose digests differ too; of one altered row, just those of its altered cells.
        what: "changed", "added" or "removed".
    """

    part: str
    row: int | None
    columns: tuple[str, ...]
    what: str


def input_digests(study: Study) -> dict[str, Any]:
    """Return the digest of every part of a study, and of every row and column of its ratings.

    Returns:
        `parts`, by the path of each; and for `ratings` and `earlier` a list of `rows` and the
        `columns` by name. Each is the first 16 hexadecimal digits of a SHA-256.

    >>> import assess
    >>> found = input_digests(assess.load("mali"))
    >>> len(found["ratings"]["rows"]) == len(assess.load("mali").ratings)
    True
    """
    content = study.model_dump(mode="json", exclude=set(TABLES))
    tables = {name: _table(getattr(study, name)) for name in TABLES}
    return {"parts": dict(_parts(content, study.tree)), **tables}


def _parts(content: Mapping[str, Any], tree: ValueTree) -> Iterator[tuple[str, str]]:
    yield "study", _digest([content[name] for name in _HEAD])
    whole = dict(content["tree"])
    criteria = whole.pop("criteria")
    yield "tree", _digest([whole, list(tree.criteria)])
    for key in tree.criteria:
        yield f"tree.criteria.{key}", _digest(criteria[key])
    yield "scenarios", _digest([item["id"] for item in content["scenarios"]])
    for item in content["scenarios"]:
        yield f"scenarios.{item['id']}", _digest(item)
    for name in _BY_ID:
        yield name, _digest(list(content[name]))
        for key, item in content[name].items():
            yield f"{name}.{key}", _digest(item)
    yield "method", _digest(list(content["method"]))
    for key, item in content["method"].items():
        yield f"method.{key}", _digest(item)


def _table(ratings: Ratings) -> dict[str, Any]:
    texts = {name: getattr(ratings, name).texts() for name in COLUMNS}
    rows = zip(*texts.values(), strict=True) if len(ratings) else ()
    return {
        "rows": [_digest(row) for row in rows],
        "columns": {name: _digest(column) for name, column in texts.items()},
    }


def row_digest(ratings: Ratings, row: int, column: str = "", text: str = "") -> str:
    """Return the digest of one row, with another text in one of its cells if that is named."""
    cells = {name: ratings.cell(row, name) for name in COLUMNS}
    return _digest(list((cells | ({column: text} if column else {})).values()))


def _digest(content: Any) -> str:
    text = json.dumps(content, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:LENGTH]


def altered(stated: Mapping[str, Any], study: Study) -> tuple[Altered, ...]:
    """Return the parts of a study that are not what digests of its parts say.

    Args:
        stated: what `input_digests` returned once.
        study: as it is now.
    """
    found = input_digests(study)
    changes = list(_altered_parts(stated["parts"], found["parts"]))
    for table in TABLES:
        changes += _altered_rows(table, stated[table], found[table])
    return tuple(changes)


def _altered_parts(stated: Mapping[str, str], found: Mapping[str, str]) -> Iterator[Altered]:
    for part in dict.fromkeys((*found, *stated)):
        if part not in found or part not in stated:
            yield Altered(part, None, (), "added" if part in found else "removed")
        elif stated[part] != found[part] and not _listing(part, stated, found):
            yield Altered(part, None, (), "changed")


def _listing(part: str, stated: Mapping[str, str], found: Mapping[str, str]) -> bool:
    """Whether a list of ids differs because some came or went, which is told by itself."""
    inside = f"{'tree.criteria' if part == 'tree' else part}."
    return any(key.startswith(inside) for key in stated.keys() ^ found.keys())


def _altered_rows(table: str, stated: Mapping[str, Any], found: Mapping[str, Any]) -> list[Altered]:
    was, now = stated["rows"], found["rows"]
    pairs = stated["columns"], found["columns"]
    columns = tuple(name for name in COLUMNS if pairs[0].get(name) != pairs[1][name])
    if len(was) == len(now):
        rows = [row for row, (a, b) in enumerate(zip(was, now, strict=True)) if a != b]
        return [Altered(table, row, columns, "changed") for row in rows]
    more = [Altered(table, row, (), "added") for row in _beyond(now, was)]
    return more + [Altered(table, None, (), "removed") for _ in _beyond(was, now)]


def _beyond(some: Iterable[str], others: Iterable[str]) -> Iterator[int]:
    """Yield the places of digests that stand more often in one list than in the other."""
    left = Counter(others)
    for place, digest in enumerate(some):
        if left[digest]:
            left[digest] -= 1
        else:
            yield place
