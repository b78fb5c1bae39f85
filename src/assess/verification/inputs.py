"""Which inputs of a report are not what they were: named down to the cell of a rating."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from assess.digests import LENGTH, TABLES, Altered, altered, input_digests, row_digest
from assess.model import ABSENCE_MARKS, COLUMNS, Study, shown
from assess.verification.result import Finding, What


def altered_inputs(stated: Any, study: Study, what: What = "inputs") -> list[Finding]:
    """Return what is not as digests of a study's parts say; nothing where it all is.

    Args:
        stated: as a file has it: what `input_digests` returned once.
        study: as it is now.
        what: how findings are called.
    """
    if told := _no_digests(stated):
        return [Finding(what, "the digests of parts", told)]
    changes = altered(stated, study)
    if not changes and stated != input_digests(study):
        return [Finding(what, "the digests of parts", "they are not those of the inputs")]
    return [Finding(what, _where(one, study), _told(one, stated, study)) for one in changes]


def _no_digests(stated: Any) -> str:
    """Say why something is no set of digests; nothing where it is one."""
    if not isinstance(stated, dict) or set(stated) != {"parts", *TABLES}:
        return f"expected parts, ratings and earlier, found {shown(stated)}"
    texts: list[Any] = list(stated["parts"].values() if _keyed(stated["parts"]) else [None])
    for name in TABLES:
        table = stated[name]
        if not _keyed(table) or set(table) != {"rows", "columns"}:
            return f"{name}: expected rows and columns, found {shown(table)}"
        if not isinstance(table["rows"], list) or not _keyed(table["columns"]):
            return f"{name}: expected a list of rows and an object of columns"
        texts += [*table["rows"], *table["columns"].values()]
    wrong = [text for text in texts if not isinstance(text, str) or len(text) != LENGTH]
    return f"{shown(wrong[0])} is none of {LENGTH} characters" if wrong else ""


def _keyed(given: Any) -> bool:
    return isinstance(given, dict)


def _where(one: Altered, study: Study) -> str:
    if one.row is None:
        return one.part
    ratings = getattr(study, one.part)
    cell = {name: ratings.cell(one.row, name) for name in COLUMNS}
    of = f"{cell['analyst']} on {cell['strategy']}, {cell['criterion']}"
    where = f", in {cell['scenario']}" if cell["scenario"] else ""
    return f"{one.part}, row {one.row}{_named(one.columns)} ({of}{where})"


def _named(columns: tuple[str, ...]) -> str:
    return f", column{'s' if len(columns) > 1 else ''} {', '.join(columns)}" if columns else ""


def _told(one: Altered, stated: Mapping[str, Any], study: Study) -> str:
    if one.row is None or one.what != "changed":
        return {"added": "was not there", "removed": "is not there any more"}.get(
            one.what, "is not what was written down"
        )
    if len(one.columns) != 1:
        return "is not what was written down"
    (column,) = one.columns
    ratings = getattr(study, one.part)
    told = f"it says {shown(ratings.cell(one.row, column))}"
    digest = stated[one.part]["rows"][one.row]
    for text in _candidates(study, one, column):
        if row_digest(ratings, one.row, column, text) == digest:
            return f"{told}, and was {shown(text)}"
    return f"{told}, which is not what was written down"


def _candidates(study: Study, one: Altered, column: str) -> Iterable[str]:
    """Return texts that may have stood in a cell: its digest shows whether one did."""
    ratings = getattr(study, one.part)
    texts = list(getattr(ratings, column).labels)
    if column in ("rating", "low", "high") and one.row is not None:
        texts += _levels(study, ratings.cell(one.row, "criterion"))
    return dict.fromkeys(("", *texts))


def _levels(study: Study, criterion: str) -> Iterator[str]:
    """Yield levels that a scale has: its labels, or whole numbers between its ends."""
    yield from ABSENCE_MARKS
    scale = study.tree.rating_scale(criterion) if criterion in study.tree.criteria else None
    if scale is not None and scale.ordinal:
        yield from scale.labels
    elif scale is not None:
        low, high = int(scale.at[0]), int(scale.at[-1])
        if scale.beyond == "saturate":
            low, high = 2 * low - high, 2 * high - low
        yield from map(str, range(low, min(high, low + 10_000) + 1))
