"""A scale is its value function: natural levels and what each is worth, 0 to 1."""

from collections.abc import Mapping
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, GetJsonSchemaHandler, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from assess.model.frozen import Frozen, Labelled, Number
from assess.model.problems import AdviceError, shown
from assess.model.wording import as_share

ABSENCE_MARKS = ("?", "withheld", "n/a")


def _check_worth(worth: float | tuple[float, float]) -> float | tuple[float, float]:
    low, high = worth if isinstance(worth, tuple) else (worth, worth)
    if not 0 <= low <= high <= 1:
        ends = worth if isinstance(worth, tuple) else (worth,)
        written = ", ".join(f"{end:g}" for end in ends)
        given = f"[{written}]" if isinstance(worth, tuple) else written
        message = f"a worth lies in [0, 1], as a range with the lower end first: {given}"
        raise AdviceError(message, as_share(*ends) if low <= high else "")
    return worth


Worth = Annotated[Number | tuple[Number, Number], AfterValidator(_check_worth)]


class Level(Frozen):
    """A level of an ordinal scale: what it is worth, and the words that anchor it."""

    worth: Worth = Field(description="0 (worst) to 1 (best), or a range [low, high]")
    anchor: str = Field(min_length=1, description="what an observer sees at this level")


class Scale(Frozen):
    """The levels of one criterion and what each is worth, linear between levels.

    Give `worst` and `best` for a straight line; or `levels`, as pairs (level, worth) in rising
    order of level, or for an ordinal scale as a mapping from label to `Level`. The worths reach
    0 and 1; they may rise, fall, or rise and fall once (convention C1).

    Attributes:
        worst: the level worth 0.
        best: the level worth 1; below `worst` where less is better.
        levels: pairs (level, worth), or labels with worth and anchor.
        beyond: "refuse" a level off the scale, or "saturate": give it the worth of the end.

    >>> Scale(worst=2000, best=0).falling
    True
    >>> Scale(levels=((5, 0), (10, 1), (14, 1), (25, 0))).worths
    (0.0, 1.0, 1.0, 0.0)
    >>> Scale(levels={"no": Level(worth=0, anchor="none"), "yes": Level(worth=1, anchor="all")}
    ...       ).labels
    ('no', 'yes')
    """

    worst: Number | None = None
    best: Number | None = None
    levels: Labelled[Level] | tuple[tuple[Number, Worth], ...] | None = None
    beyond: Literal["refuse", "saturate"] = "refuse"

    @model_validator(mode="before")
    @classmethod
    def _accept_short_forms(cls, given: Any) -> Any:
        if isinstance(given, list | tuple):
            given = {"levels": given}
        if isinstance(given, dict) and given and not set(given) & set(cls.model_fields):
            return {"levels": given}
        if isinstance(given, dict):
            _check_pairs(given.get("levels"))
        return given

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the short forms that files may use, too."""
        full = handler.resolve_ref_schema(handler(core_schema))
        mapping, pairs, _ = full["properties"]["levels"]["anyOf"]
        return {"title": "Scale", "anyOf": [full, pairs, mapping]}

    @model_validator(mode="after")
    def _check_shape(self) -> "Scale":
        if self.levels is None:
            if self.worst is None or self.best is None:
                raise ValueError("a scale needs worst and best, or levels")
            if self.worst == self.best:
                raise ValueError(f"worst and best are both {self.worst:g}: they must differ")
            return self
        if self.worst is not None or self.best is not None:
            raise ValueError("give either worst and best, or levels, not both")
        if len(self.levels) < 2:
            raise ValueError("a scale needs at least two levels")
        if self.ordinal:
            marks = [label for label in self.labels if label in ABSENCE_MARKS or not label.strip()]
            if marks:
                raise ValueError(f"{marks[0]!r} marks an absent rating and cannot name a level")
        elif any(b <= a for a, b in pairwise(self.at)):
            raise ValueError("levels must be given in strictly rising order")
        _check_worths(self.worths)
        return self

    @cached_property
    def ordinal(self) -> bool:
        """Whether the levels are labels, which have an order but no arithmetic (C3)."""
        return isinstance(self.levels, Mapping)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The labels of an ordinal scale in their order; empty for a numeric one."""
        return tuple(self.levels) if isinstance(self.levels, Mapping) else ()

    @cached_property
    def points(self) -> tuple[tuple[float, float | tuple[float, float]], ...]:
        """Pairs (level, worth) in rising order; an ordinal level stands at its position 0, 1, 2."""
        if self.worst is not None and self.best is not None:
            return tuple(sorted(((self.worst, 0.0), (self.best, 1.0))))
        if isinstance(self.levels, Mapping):
            return tuple((float(i), lev.worth) for i, lev in enumerate(self.levels.values()))
        return self.levels or ()

    @cached_property
    def at(self) -> tuple[float, ...]:
        """The numeric levels, rising; for an ordinal scale the positions 0, 1, 2..."""
        return tuple(level for level, _ in self.points)

    @cached_property
    def worths(self) -> tuple[float, ...]:
        """What each level of `at` is worth; the midpoint where the worth is a range."""
        return tuple(sum(w) / 2 if isinstance(w, tuple) else float(w) for _, w in self.points)

    @cached_property
    def rising(self) -> bool:
        """Whether a higher level is never worth less."""
        return all(b >= a for a, b in pairwise(self.worths))

    @cached_property
    def falling(self) -> bool:
        """Whether a higher level is never worth more."""
        return all(b <= a for a, b in pairwise(self.worths))


def _check_pairs(levels: Any) -> None:
    """Refuse a bare list of numbers once, not number by number."""
    if not isinstance(levels, list | tuple) or not levels:
        return
    if any(isinstance(pair, list | tuple) for pair in levels):
        return
    hint = "write pairs of a level and its worth: [[40, 0], [95, 1]]"
    if len(levels) == 2 and all(isinstance(end, int | float) for end in levels):
        hint = f"for a straight line give worst = {levels[0]} and best = {levels[1]}"
    raise AdviceError(f"{shown(levels)} is not a list of pairs [level, worth]", hint)


def _check_worths(worths: tuple[float, ...]) -> None:
    if min(worths) != 0 or max(worths) != 1:
        raise ValueError(
            f"the worths must reach 0 and 1; these run from {min(worths):g} to {max(worths):g}"
        )
    peak = worths.index(1)
    up, down = worths[: peak + 1], worths[peak:]
    if any(b < a for a, b in pairwise(up)) or any(b > a for a, b in pairwise(down)):
        raise ValueError(
            "the worths may rise, fall, or rise and fall once; "
            f"these turn more often: {', '.join(f'{w:g}' for w in worths)}"
        )
