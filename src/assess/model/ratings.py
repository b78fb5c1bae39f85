"""Ratings as frozen columns of text, and one of them as a `Rating` made on demand."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Any, NoReturn

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, GetCoreSchemaHandler, Strict
from pydantic_core import CoreSchema, core_schema

from assess.model.evidence import Confidence, Evidence
from assess.model.frozen import Frozen, Id, Number, fixed
from assess.model.problems import nearest, shown

REQUIRED = ("analyst", "strategy", "criterion", "rating")
COLUMNS = (
    "analyst", "strategy", "scenario", "criterion", "rating", "low", "high",
    "confidence", "grade", "source", "rationale", "date", "vintage", "basis", "round",
)  # fmt: skip
WholeNumber = Annotated[int, Strict()]
Round = Annotated[int, Strict(), Field(ge=1, le=9)]
CELL = ("analyst", "strategy", "scenario", "criterion")
ROUNDS = tuple("123456789")
_LEVELS = ("rating", "low", "high")
_EVIDENCE = ("grade", "source", "rationale", "date", "vintage", "basis")


class Rating(Frozen):
    """One judgement: this analyst gives this strategy this level on this criterion.

    Attributes:
        rating: a level of the criterion's scale; or "?" (unknown), "withheld", or "n/a" (not
            applicable, with the rationale why).
        scenario: where it holds; None means in every scenario that has no rating of its own.
        low, high: the analyst's own 10th and 90th percentile, in the scale's unit.
        confidence: of the analyst in the rating; the evidence caps it (C8).
        round: of asking, 1 to 9; a later round takes the place of an earlier one in the scores.

    >>> Rating(analyst="ana", strategy="a", criterion="deaths", rating=350).rating
    350
    """

    analyst: Id
    strategy: Id
    criterion: Id
    rating: WholeNumber | Number | str = Field(union_mode="left_to_right")
    scenario: Id | None = None
    low: WholeNumber | Number | str | None = Field(default=None, union_mode="left_to_right")
    high: WholeNumber | Number | str | None = Field(default=None, union_mode="left_to_right")
    confidence: Confidence | None = None
    evidence: Evidence = Evidence()
    round: Round = 1


@dataclass(frozen=True, eq=False)
class Column:
    """A column of text stored once per distinct value.

    Attributes:
        codes: int32 [row], the position of each row's text in `labels`.
        labels: the distinct texts, in the order in which the rows first hold them.
    """

    codes: NDArray[np.int32]
    labels: tuple[str, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "codes", fixed(self.codes))

    @classmethod
    def of(cls, codes: NDArray[np.integer[Any]], labels: Iterable[str]) -> "Column":
        """Make a column from codes into labels, some of which may be alike or unused."""
        places: dict[str, int] = {}
        merged = np.array([places.setdefault(label, len(places)) for label in labels], np.int32)
        given = merged[codes]
        first = np.full(len(places), len(given))
        first[given[::-1]] = np.arange(len(given))[::-1]
        order = np.argsort(first)[: np.count_nonzero(first < len(given))]
        place = np.zeros(len(places), dtype=np.int32)
        place[order] = np.arange(len(order), dtype=np.int32)
        names = tuple(places)
        return cls(place[given], tuple(names[i] for i in order.tolist()))

    @classmethod
    def of_texts(cls, texts: Iterable[str]) -> "Column":
        """Make a column from one text a row."""
        places: dict[str, int] = {}
        codes = [places.setdefault(text, len(places)) for text in texts]
        return cls(np.array(codes, dtype=np.int32), tuple(places))

    def texts(self) -> list[str]:
        """Return one text a row."""
        return [self.labels[code] for code in self.codes.tolist()]

    def map(self, function: Callable[[str], float]) -> NDArray[np.float64]:
        """Return `function(label)` for every row [row], called once per distinct label."""
        table = np.array([function(label) for label in self.labels], dtype=np.float64)
        return table[self.codes] if len(table) else np.empty(0)

    def matches(self, text: str) -> NDArray[np.bool_]:
        """Return which rows hold exactly this text [row]."""
        found = self.labels.index(text) if text in self.labels else -1
        return np.asarray(self.codes == found)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Column)
            and self.labels == other.labels
            and np.array_equal(self.codes, other.codes)
        )

    def __hash__(self) -> int:
        return hash((self.labels, self.codes.tobytes()))


class Ratings:
    """All ratings of a study, as read-only columns of text; row i is `ratings[i]`.

    Built from rows, from columns (a mapping or a DataFrame), or by `assess.load` from files.

    >>> ratings = Ratings.from_columns({"analyst": ["ana", "ben"], "strategy": ["a", "a"],
    ...                                 "criterion": ["deaths"] * 2, "rating": [350, "?"]})
    >>> len(ratings), ratings[1].rating
    (2, '?')
    """

    _columns: Mapping[str, Column]

    def __init__(self, columns: Mapping[str, Column] | None = None) -> None:
        if "_columns" in self.__dict__:
            self._refuse()
        given = dict(columns or {})
        rows = len(given["analyst"].codes) if given else 0
        blank = Column(np.zeros(rows, dtype=np.int32), ("",) if rows else ())
        self.__dict__["_columns"] = MappingProxyType({x: given.get(x, blank) for x in COLUMNS})

    @classmethod
    def from_rows(cls, rows: Iterable[Rating]) -> "Ratings":
        """Build from `Rating` objects, kept in their order; ValueError if one is something else."""
        if hasattr(rows, "keys"):
            raise ValueError("rows are `Rating` objects; for a table, write from_columns")
        texts: dict[str, list[str]] = {name: [] for name in COLUMNS}
        for place, row in enumerate(rows):
            if not isinstance(row, Rating):
                raise ValueError(f"row {place} is {shown(row)}, and not a `Rating`")
            for name in COLUMNS:
                holder = row.evidence if name in _EVIDENCE else row
                texts[name].append(as_text(getattr(holder, name)))
        texts["round"] = ["" if text == "1" else text for text in texts["round"]]
        return cls({name: Column.of_texts(column) for name, column in texts.items()})

    @classmethod
    def from_columns(cls, columns: Mapping[str, Iterable[object]]) -> "Ratings":
        """Build from one sequence of cells a column; a DataFrame serves as it is.

        Raises:
            ValueError: a column is missing or unknown, or columns differ in length.
        """
        if not hasattr(columns, "keys"):
            raise ValueError("a table is a mapping or a DataFrame; for rows, write from_rows")
        check_column_names(columns)
        cells = {name: _column(name, columns[name]) for name in columns}
        if len({*(lengths := {x: len(cells[x].codes) for x in cells}).values()}) > 1:
            raise ValueError(f"columns differ in length: {lengths}")
        return cls(cells)

    def __getattr__(self, name: str) -> Column:
        if name.startswith("_") or name not in COLUMNS:
            raise AttributeError(f"ratings have no column {name!r}; they have {', '.join(COLUMNS)}")
        return self._columns[name]

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError("ratings cannot change; make new ones: Ratings.from_columns, or select")

    __setattr__ = __delattr__ = _refuse

    def __reduce__(self) -> tuple[type["Ratings"], tuple[dict[str, Column]]]:
        return Ratings, (dict(self._columns),)

    def __len__(self) -> int:
        return len(self._columns["analyst"].codes)

    def __getitem__(self, row: int) -> Rating:
        cells = {name: text for name in COLUMNS if (text := self.cell(row, name))}
        levels: dict[str, Any] = {x: _level(cells.pop(x)) for x in _LEVELS if x in cells}
        levels |= {"round": int(cells.pop("round", "1"))}
        evidence = {name: cells.pop(name) for name in _EVIDENCE if name in cells}
        found = Evidence.model_validate_strings(evidence)
        return Rating.model_validate({**cells, **levels, "evidence": found})

    def __iter__(self) -> Iterator[Rating]:
        return (self[row] for row in range(len(self)))

    def cell(self, row: int, column: str) -> str:
        """Return the text of one cell, as it was written."""
        stored = self._columns[column]
        return stored.labels[int(stored.codes[row])]

    def columns(self) -> dict[str, list[str]]:
        """Return the texts of every column that says something, by name."""
        return {
            name: column.texts()
            for name, column in self._columns.items()
            if name in REQUIRED or column.labels not in (("",), ())
        }

    @cached_property
    def superseded(self) -> NDArray[np.bool_]:
        """Whether the same analyst rates the same cell again in a later round [row]."""
        if len(set(map(round_number, self.round.labels))) < 2:
            return np.zeros(len(self), dtype=bool)
        cell, count = np.zeros(len(self), dtype=np.int64), 1
        for column in (getattr(self, name) for name in CELL):
            if count * len(column.labels) >= 2**62:
                kept, cell = np.unique(cell, return_inverse=True)
                count = len(kept)
            cell = cell * len(column.labels) + column.codes
            count *= len(column.labels)
        kept, cell = np.unique(cell, return_inverse=True)
        asked, last = self.round.map(round_number), np.zeros(len(kept))
        np.maximum.at(last, cell, asked)
        return asked < last[cell]

    @classmethod
    def concatenated(cls, parts: Iterable["Ratings"]) -> "Ratings":
        """Return the rows of several tables, in their order."""
        tables = [part for part in parts if len(part)]
        if len(tables) < 2:
            return tables[0] if tables else cls()
        joined = {}
        for name in COLUMNS:
            labels: dict[str, int] = {}
            codes = []
            for column in (getattr(table, name) for table in tables):
                place = [labels.setdefault(label, len(labels)) for label in column.labels]
                codes.append(np.array(place, dtype=np.int32)[column.codes])
            joined[name] = Column.of(np.concatenate(codes), labels)
        return cls(joined)

    def select(self, keep: NDArray[np.bool_]) -> "Ratings":
        """Return the ratings of the rows that `keep` [row] marks."""
        return Ratings(
            {name: Column.of(item.codes[keep], item.labels) for name, item in self._columns.items()}
        )

    @cached_property
    def _hash(self) -> int:
        return hash(tuple(self._columns.values()))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ratings) and self._columns == other._columns

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"<{len(self)} ratings>"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _accept, serialization=core_schema.plain_serializer_function_ser_schema(cls.columns)
        )


def _accept(given: Any) -> Ratings:
    if isinstance(given, Ratings):
        return given
    if hasattr(given, "keys"):
        return Ratings.from_columns(given)
    rows = list(given) if isinstance(given, Iterable) and not isinstance(given, str) else None
    if rows is None or not all(isinstance(row, Rating) for row in rows):
        raise ValueError("ratings are `Ratings`, rows of `Rating`, columns, or a DataFrame")
    return Ratings.from_rows(rows)


def _column(name: str, cells: Any) -> Column:
    if isinstance(cells, str) or not isinstance(cells, Iterable):
        raise ValueError(f"column {name!r} is {shown(cells)}; expected one cell a row")
    return Column.of_texts(map(as_text, cells))


def check_column_names(names: Iterable[str]) -> None:
    """Refuse columns that ratings do not have, and ratings without the columns they need.

    Raises:
        ValueError: names the column and the nearest valid one.
    """
    given = list(names)
    for name in given:
        if name not in COLUMNS:
            raise ValueError(f"unknown column {name!r} ({nearest(name, COLUMNS)})")
        if given.count(name) > 1:
            raise ValueError(f"column {name!r} stands twice")
    for name in REQUIRED:
        if name not in given:
            raise ValueError(f"column {name!r} is missing; required are {', '.join(REQUIRED)}")


def as_text(cell: Any) -> str:
    """Return the text of a cell as it would stand in a file; nothing and NaN are empty.

    Midnight of a day, as pandas stores a date, is that day.

    >>> as_text(350.0), as_text(0.5), as_text(None), as_text("?")
    ('350', '0.5', '', '?')
    >>> as_text(np.datetime64("2026-01-01T00:00"))
    '2026-01-01'
    """
    if cell is None or type(cell).__name__ in ("NAType", "NaTType"):
        return ""
    if isinstance(cell, np.datetime64):
        return as_text(cell.astype("datetime64[us]").item())
    if isinstance(cell, datetime) and cell.tzinfo is None and cell.time() == time.min:
        return cell.date().isoformat()
    if isinstance(cell, bool | np.bool_):
        raise ValueError(f"{cell} is neither a level nor a text")
    if not isinstance(cell, float | np.floating):
        return str(cell)
    number = float(cell)
    if math.isnan(number):
        return ""
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def round_number(text: str) -> int:
    """Return the round that a cell names; the first where it names none."""
    return int(text) if text in ROUNDS else 1


def _level(text: str) -> int | float | str:
    """Return a number where it would be written just so, else the text itself."""
    try:
        number = float(text)
    except ValueError:
        return text
    if as_text(number) != text:
        return text
    return int(number) if number.is_integer() else number
