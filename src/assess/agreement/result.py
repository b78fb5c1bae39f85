"""What a coefficient of agreement returns: a number that carries its interval and its counts."""

from dataclasses import KW_ONLY, dataclass
from math import isnan, nan
from typing import Self

__all__ = ["Agreement"]


@dataclass(frozen=True, eq=False, repr=False)
class Agreement(float):
    """A float in every respect, with what is needed to judge it; frozen, compared by its value.

    Attributes:
        value: the number itself, as a plain float; NaN where it is not defined, `note` says why.
        low: lower end of the interval; NaN where there is none.
        high: upper end of the interval.
        confidence: of the interval, between 0 and 1.
        raters: who gave a rating that could be compared.
        units: rated by at least two of them.
        pairable: ratings on these units.
        method: the coefficient and its settings.
        interval: how the interval was made.
        note: what was left out, clipped or not defined, in words; empty if nothing was.
        standard_error: where a formula gives one, else NaN.
        p_value: of the hypothesis of no agreement, where the coefficient has a test, else NaN.
        by_unit: [unit], for a mean over units: what each unit gives, NaN where it was rated by
            fewer than two; else empty.

    >>> Agreement(0.7434, low=0.584, high=0.862, raters=4, units=11, pairable=40, method="alpha")
    0.743 (95 % interval 0.58 to 0.86; 4 raters, 11 units)
    """

    value: float
    _: KW_ONLY
    low: float = nan
    high: float = nan
    confidence: float = 0.95
    raters: int
    units: int
    pairable: int
    method: str
    interval: str = ""
    note: str = ""
    standard_error: float = nan
    p_value: float = nan
    by_unit: tuple[float, ...] = ()

    def __new__(cls, value: float, **_: object) -> Self:
        """Return the float; the generated initialiser adds the rest."""
        return super().__new__(cls, value)

    def __repr__(self) -> str:
        counts = f"{self.raters} raters, {self.units} {'unit' if self.units == 1 else 'units'}"
        if isnan(self):
            return f"nan ({self.note}; {counts})"
        if isnan(self.low):
            return f"{self.value:.3f} ({counts})"
        share = f"{100 * self.confidence:g} % interval {self.low:.2f} to {self.high:.2f}"
        return f"{self.value:.3f} ({share}; {counts})"
