"""Numbers as reports print them: points of 100, rounded half away from zero; counts of things."""

from decimal import ROUND_HALF_UP, Decimal
from math import isnan


def points(value: float, digits: int = 0) -> str:
    """Return a value of [0, 1] as points of 100; a dash for none.

    Rounds half away from zero after removing what binary arithmetic adds in the 12th digit.

    >>> points(0.585), points(0.575), points(float("nan")), points(0.0123, 1)
    ('59', '58', '-', '1.2')
    """
    if isnan(value):
        return "-"
    exact = Decimal(repr(round(100 * float(value), 10)))
    rounded = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return f"{rounded:f}" if rounded else f"{abs(rounded):f}"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "cell"), counted(2, "cell")
    ('1 cell', '2 cells')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
