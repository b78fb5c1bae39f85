"""The register of evidence: what is not in it, unused or contradicted, what two differ in."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from assess.model import (
    Ratings,
    Source,
    Study,
    as_text,
    closest,
    named_sources,
    registered,
    shown,
)
from assess.rounding import counted

__all__ = ["evidence_changes", "register_notes", "vintages"]


def register_notes(study: Study) -> Iterator[str]:
    """Yield remarks on sources, where the study has a register.

    They tell free text, above all where it is nearly an id, sources that nothing uses, and vintages
    of ratings that are not those of their sources.

    >>> import assess
    >>> list(register_notes(assess.load("mali_history")))
    []
    """
    if not study.sources:
        return
    column = study.ratings.source
    count = np.bincount(column.codes, minlength=len(column.labels)).tolist()
    for label, ratings in zip(column.labels, count, strict=True):
        if registered(label, study.sources):
            continue
        for part in named_sources(label):
            if part in study.sources:
                told = f"{part!r} is registered, but {label!r} holds text that is no id"
                yield f"{counted(ratings, 'rating')} with free text as source: {told}"
            elif (meant := closest(part, study.sources)) is not None:
                told = f"{part!r} is no id of the register (did you mean {meant!r}?)"
                yield f"{counted(ratings, 'rating')} with free text as source: {told}"
    yield from _free_text(study)
    used = {key for label in column.labels for key in registered(label, study.sources)}
    for key in study.sources:
        if key not in used:
            yield f"source {key}: is registered, and no rating names it"
    yield from _contradictions(study)


def _free_text(study: Study) -> Iterator[str]:
    """Say how many ratings name a source that is not in the register at all."""
    sources = study.sources

    def free(label: str) -> bool:
        names = named_sources(label)
        nearly = any(name in sources or closest(name, sources) is not None for name in names)
        return bool(names) and not nearly

    column = study.ratings.source
    count = np.bincount(column.codes, minlength=len(column.labels)).tolist()
    told = {x: n for x, n in zip(column.labels, count, strict=True) if n and free(x)}
    if told:
        yield (
            f"{counted(sum(told.values()), 'rating')} with free text as source, not in the "
            f"register, such as {shown(next(iter(told)))}"
        )


def _contradictions(study: Study) -> Iterator[str]:
    """Say which ratings name another vintage than every registered source that they rest on."""
    ratings = study.ratings
    found = Counter(zip(ratings.source.texts(), ratings.vintage.texts(), strict=True))
    for (source, vintage), count in found.items():
        keys = registered(source, study.sources)
        lent = dict.fromkeys(x for key in keys if (x := study.sources[key].vintage))
        if vintage and lent and vintage not in lent:
            yield (
                f"{counted(count, 'rating')} on {source}: vintage {vintage!r} is not that of the "
                f"register, {', '.join(map(repr, lent))}"
            )


def vintages(ratings: Ratings) -> dict[str, str]:
    """Return the vintages of every source that names one, as the ratings write the source."""
    found: dict[str, set[str]] = {}
    for source, vintage in zip(ratings.source.texts(), ratings.vintage.texts(), strict=True):
        if source and vintage:
            found.setdefault(source, set()).add(vintage)
    return {source: ", ".join(sorted(told)) for source, told in found.items()}


def evidence_changes(before: Study, after: Study) -> Iterator[tuple[str, str, str, str]]:
    """Yield what differs in the declared table of evidence and in the register.

    Vintages are left out: they are compared source by source, as the ratings use them.

    Yields:
        What kind of thing it is, where (an id or a setting), what it was and is, and its name.
    """
    old, new = before.method.evidence, after.method.evidence
    for field in type(new).model_fields:
        was, now = (_told(getattr(table, field)) for table in (old, new))
        if was != now:
            name = f"evidence {field.replace('_', ' ')}"
            yield "method", f"evidence.{field}", f"was {was}, is {now}", name
    for key in dict.fromkeys((*after.sources, *before.sources)):
        sides = before.sources.get(key), after.sources.get(key)
        if sides[0] is None or sides[1] is None:
            only = sides[0] or sides[1]
            side = "earlier" if sides[1] is None else "later"
            name = only.label if only else key
            yield "source", key, f"is registered only in the {side} report", name
        else:
            yield from _source_changes(key, sides[0], sides[1])


def _source_changes(key: str, old: Source, new: Source) -> Iterator[tuple[str, str, str, str]]:
    for field in Source.model_fields:
        was, now = (_told(getattr(side, field)) for side in (old, new))
        if was != now and field != "vintage":
            yield "source", key, f"{field} was {was}, is {now}", new.label


def _told(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return as_text(value) or "none"
