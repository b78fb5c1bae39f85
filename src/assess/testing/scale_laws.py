"""The laws of scales: what every value function keeps, of the library's or of one's own making.

Each law takes a `Scale`, or a `Valued`: a scale with the function that reads worths from it, and
raises `LawBroken` with the smallest example found.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from assess.model import Scale
from assess.testing.subjects import (
    CLOSE,
    EXAMPLES,
    Array,
    Drawing,
    Found,
    LawBroken,
    numbers,
    search,
    sentence_of,
)
from assess.values import worth as worth_of_the_library

__all__ = [
    "always_the_same",
    "follows_its_direction",
    "linear_between_levels",
    "nan_has_no_worth",
    "nothing_between_labels",
    "reaches_its_anchors",
    "refuses_what_is_off_the_scale",
    "unit_free",
    "within_zero_and_one",
]

CLAIMED: tuple[str, ...] = ()

Worth = Callable[[Scale, ArrayLike], Any]


@dataclass(frozen=True)
class Valued:
    """A scale, and the function that says what levels are worth on it.

    Attributes:
        scale: the levels and their worths.
        worth: `(scale, levels [...]) -> worths [...]` in [0, 1].
        examples: how many examples a law is held against.
        seed: of the examples; None gives the same ones at every run.
    """

    scale: Scale
    worth: Worth = worth_of_the_library
    examples: int = EXAMPLES
    seed: int | None = None

    @property
    def name(self) -> str:
        """What messages call it."""
        ends = self.scale.labels or self.scale.at
        return f"the scale {', '.join(map(_level, ends))}"

    def __call__(self, levels: ArrayLike, scale: Scale | None = None) -> Array:
        """Return what levels are worth; an error breaks the law at hand."""
        try:
            return np.asarray(self.worth(scale or self.scale, levels), dtype=np.float64)
        except Exception as error:  # whatever the function under the law raises
            told = numbers(levels)
            raise Found(f"level {told} raises {type(error).__name__}: {error}") from error


def reaches_its_anchors(scale: Scale | Valued) -> None:
    """Each level is worth what the scale says; the worst is worth 0 and the best 1.

    v(x_k) = v_k, min v_k = 0, max v_k = 1

    References:
        Belton and Stewart (2002), ch. 5, doi:10.1007/978-1-4615-1495-4.
    """

    def hold(v: Valued, draw: Drawing) -> None:
        place = draw(st.integers(0, len(v.scale.at) - 1))
        at, said = v.scale.at[place], v.scale.worths[place]
        found = v([at]).item()
        if not abs(found - said) <= CLOSE:
            raise Found(f"level {at:g} is worth {found:.9g}; the scale says {said:.9g}")
        if not (min(v.scale.worths) == 0 and max(v.scale.worths) == 1):
            raise Found(f"the worths {numbers(v.scale.worths)} do not reach 0 and 1")

    _on_levels(scale, reaches_its_anchors, hold)


def within_zero_and_one(scale: Scale | Valued) -> None:
    """A worth lies in [0, 1].

    0 <= v(x) <= 1

    References:
        Keeney and Raiffa (1976), ch. 3, doi:10.1017/CBO9781139174084.
    """

    def hold(v: Valued, draw: Drawing) -> None:
        level = _drawn(v.scale, draw)
        found = v([level]).item()
        if not 0 <= found <= 1:
            raise Found(f"level {level:g} is worth {found:.9g}")

    _on_levels(scale, within_zero_and_one, hold)


def follows_its_direction(scale: Scale | Valued) -> None:
    """Where the scale rises a higher level is worth no less, and where it falls no more.

    v(x) <= v(y) for x <= y up to the best level; v(x) >= v(y) from there on

    References:
        Keeney and Raiffa (1976), ch. 3, doi:10.1017/CBO9781139174084.
    """

    def hold(v: Valued, draw: Drawing) -> None:
        low, high = sorted((_drawn(v.scale, draw), _drawn(v.scale, draw)))
        best = [at for at, worth in zip(v.scale.at, v.scale.worths, strict=True) if worth == 1]
        lower, higher = v([low, high]).tolist()
        if high <= best[0] and lower > higher + CLOSE:
            raise Found(f"level {low:g} is worth {lower:.9g}, more than {high:g}: {higher:.9g}")
        if low >= best[-1] and lower < higher - CLOSE:
            raise Found(f"level {low:g} is worth {lower:.9g}, less than {high:g}: {higher:.9g}")

    _on_levels(scale, follows_its_direction, hold)


def linear_between_levels(scale: Scale | Valued) -> None:
    """Half way between two neighbouring levels lies half way between their worths.

    v((x_k + x_(k+1)) / 2) = (v_k + v_(k+1)) / 2

    References:
        Design convention C1; Belton and Stewart (2002), ch. 5, doi:10.1007/978-1-4615-1495-4.
    """

    def hold(v: Valued, draw: Drawing) -> None:
        if v.scale.ordinal:
            return
        place = draw(st.integers(0, len(v.scale.at) - 2))
        level = sum(v.scale.at[place : place + 2]) / 2
        found, expected = v([level]).item(), sum(v.scale.worths[place : place + 2]) / 2
        if not abs(found - expected) <= CLOSE:
            raise Found(f"level {level:g} is worth {found:.9g} instead of {expected:.9g}")

    _on_levels(scale, linear_between_levels, hold)


def unit_free(scale: Scale | Valued) -> None:
    """Levels in another unit, on the scale in that unit, are worth the same.

    v_(a scale + b)(a x + b) = v_scale(x) for a > 0

    References:
        Stevens (1946), On the theory of scales of measurement, doi:10.1126/science.103.2684.677.
    """

    def hold(v: Valued, draw: Drawing) -> None:
        if v.scale.ordinal:
            return
        a, b = draw(st.sampled_from([(60.0, 0.0), (0.001, 0.0), (1.8, 32.0)]))
        level = _drawn(v.scale, draw)
        pairs = zip(v.scale.at, v.scale.worths, strict=True)
        other = Scale(levels=tuple((a * at + b, worth) for at, worth in pairs), beyond="saturate")
        found, same = v([level]).item(), v([a * level + b], other).item()
        if not abs(found - same) <= CLOSE:
            raise Found(
                f"level {level:g} is worth {found:.9g}, and {same:.9g} in another unit "
                f"({a:g} x + {b:g})"
            )

    _on_levels(scale, unit_free, hold)


def refuses_what_is_off_the_scale(scale: Scale | Valued) -> None:
    """A level off the scale is refused; or takes the worth of the end, where the scale says so.

    v(x) is an error for x < x_1 or x > x_n; or v(x_1), v(x_n) where beyond = "saturate"

    References:
        Design conventions C1 and C6.
    """

    def hold(v: Valued, draw: Drawing) -> None:
        beyond = draw(st.sampled_from([0.5, 1.0, 1000.0]))
        level, end = draw(
            st.sampled_from([(v.scale.at[0] - beyond, 0), (v.scale.at[-1] + beyond, -1)])
        )
        if v.scale.beyond == "saturate":
            found, expected = v([level]).item(), v.scale.worths[end]
            if not abs(found - expected) <= CLOSE:
                raise Found(f"level {level:g} is worth {found:.9g}, and its end {expected:.9g}")
            return
        try:
            given = v.worth(v.scale, [level])
        except ValueError:
            return
        raise Found(f"level {level:g} is off the scale, and is worth {numbers(given)}")

    _on_levels(scale, refuses_what_is_off_the_scale, hold)


def nothing_between_labels(scale: Scale | Valued) -> None:
    """Ordinal levels have no arithmetic: nothing lies between two labels (C3).

    v(k + t) is an error for an ordinal scale and 0 < t < 1

    References:
        Stevens (1946), doi:10.1126/science.103.2684.677; design convention C3.
    """

    def hold(v: Valued, draw: Drawing) -> None:
        if not v.scale.ordinal:
            return
        level = draw(st.integers(0, len(v.scale.labels) - 2)) + draw(
            st.sampled_from([0.5, 0.1, 0.9])
        )
        try:
            given = v.worth(v.scale, [level])
        except ValueError:
            return
        raise Found(f"{level:g} lies between two labels, and is worth {numbers(given)}")

    _on_levels(scale, nothing_between_labels, hold)


def nan_has_no_worth(scale: Scale | Valued) -> None:
    """What is no level is worth nothing that is a number: NaN, or an error.

    v(NaN) is NaN, or an error

    References:
        IEEE 754-2019, section 6.2; design convention C6.
    """

    def hold(v: Valued, draw: Drawing) -> None:
        del draw
        try:
            found = np.asarray(v.worth(v.scale, [np.nan]), dtype=np.float64)
        except Exception:  # an error of any kind is one of the two good answers
            return
        if not np.isnan(found).all():
            raise Found(f"nan is worth {numbers(found)}")

    _on_levels(scale, nan_has_no_worth, hold)


def always_the_same(scale: Scale | Valued) -> None:
    """The same level is worth the same each time, alone or among others, to the bit.

    v(x) = v(x), v((x, y))_1 = v(x)

    References:
        Design conventions C2 and C9.
    """

    def hold(v: Valued, draw: Drawing) -> None:
        level, other = _drawn(v.scale, draw), _drawn(v.scale, draw)
        found = {v([level]).item() for _ in range(8)} | {v([level, other]).tolist()[0]}
        if len(found) > 1:
            told = " and ".join(f"{worth:.9g}" for worth in sorted(found)[:2])
            raise Found(f"level {level:g} is worth {told}, beside level {other:g} or alone")

    _on_levels(scale, always_the_same, hold)


def _on_levels(
    given: Scale | Valued, law: Callable[..., None], hold: Callable[[Valued, Drawing], None]
) -> None:
    valued = given if isinstance(given, Valued) else Valued(given)
    try:
        search(lambda draw: hold(valued, draw), valued.examples, valued.seed)
    except Found as found:
        told = str(found)
    except ArithmeticError as error:  # of a value function that divides by nothing
        told = f"raises {type(error).__name__}: {error}"
    else:
        return
    raise LawBroken(law.__name__, valued.name, told, sentence_of(law))


def _drawn(scale: Scale, draw: Drawing) -> float:
    """Draw a level of the scale: often one of its own, else one between its ends."""
    own = st.sampled_from(scale.at)
    if scale.ordinal:
        return float(draw(own))
    low, high = scale.at[0], scale.at[-1]
    between = st.integers(0, 100).map(lambda i: low + (high - low) * i / 100)
    return float(min(max(draw(own | between), low), high))


def _level(level: float | str) -> str:
    return level if isinstance(level, str) else f"{level:g}"
