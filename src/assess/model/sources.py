"""Ratings whose empty cells of evidence are filled from the study's register of sources."""

from collections.abc import Mapping

import numpy as np

from assess.model.evidence import Source
from assess.model.ratings import COLUMNS, Column, Ratings, as_text

INHERITED = ("grade", "date", "vintage", "basis")


def named_sources(cell: str) -> tuple[str, ...]:
    """Return what a cell of sources names, one after another.

    >>> named_sources("ucdp; sipri"), named_sources("")
    (('ucdp', 'sipri'), ())
    """
    return tuple(part for part in map(str.strip, cell.split(";")) if part)


def registered(cell: str, sources: Mapping[str, Source]) -> tuple[str, ...]:
    """Return the ids that a cell of sources consists of; none where any of it is free text."""
    names = named_sources(cell)
    return names if all(name in sources for name in names) else ()


def filled(ratings: Ratings, sources: Mapping[str, Source]) -> Ratings:
    """Return ratings whose empty cells of evidence are those of their registered sources.

    A cell that is not empty stays as it is. Of several sources the first that says something
    counts, in the order in which the rating names them: grades and dates are never averaged.

    >>> ratings = Ratings.from_columns({"analyst": ["ana"], "strategy": ["a"], "criterion": ["b"],
    ...                                 "rating": [1], "source": ["ucdp"], "vintage": ["v24.1"]})
    >>> sources = {"ucdp": Source(title="Conflict data", grade="B2", vintage="v25.1")}
    >>> found = filled(ratings, sources)
    >>> found.grade.texts(), found.vintage.texts()
    (['B2'], ['v24.1'])
    """
    ids = [registered(label, sources) for label in ratings.source.labels]
    if not any(ids):
        return ratings
    columns = {name: getattr(ratings, name) for name in COLUMNS}
    for name in INHERITED:
        lent = [_first(name, keys, sources) for keys in ids]
        columns[name] = _with_lent(columns[name], ratings.source, lent)
    return Ratings(columns)


def source_words(cell: str, sources: Mapping[str, Source]) -> str:
    """Return what readers call the sources of a rating: titles of registered ones, else the text.

    >>> source_words("ucdp", {"ucdp": Source(title="Conflict data", publisher="Uppsala")})
    'Conflict data (Uppsala)'
    """
    keys = registered(cell, sources)
    return "; ".join(sources[key].label for key in keys) or cell


def _first(name: str, keys: tuple[str, ...], sources: Mapping[str, Source]) -> str:
    """Return the first of some sources' words on a column; empty where none says anything."""
    told = (as_text(getattr(sources[key], name)) for key in keys)
    return next(filter(None, told), "")


def _with_lent(own: Column, source: Column, lent: list[str]) -> Column:
    """Return a column in whose empty cells stands what the row's source lends."""
    codes = np.where(own.matches(""), len(own.labels) + source.codes, own.codes)
    return Column.of(codes, (*own.labels, *lent))
