"""Numbers, counts, names and sources as reports print them."""

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from math import isnan, log10

EQUAL = 1e-12
MOST_DIGITS = 10


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


def supported(value: float, error: float, most: int = 1) -> str:
    """Return a value of [0, 1] as points of 100, to the digit that its standard error is about.

    The last digit stands for the power of ten nearest to the error on a logarithmic scale, so that
    the error is between a third of it and three of it.

    Args:
        value: in [0, 1]; a dash stands for none.
        error: its standard error, in the same unit; 0 where it is exact.
        most: digits after the point at most.

    >>> supported(0.4327, 0.005), supported(0.4327, 0.0005), supported(0.4327, 0.05)
    ('43', '43.3', '40')
    >>> supported(0.4327, 0.000005, most=2), supported(1.0, 0.0), supported(float("nan"), 0.1)
    ('43.27', '100', '-')
    """
    if isnan(value):
        return "-"
    if isnan(error) or error <= 0:
        whole = abs(100 * value - round(100 * value)) < EQUAL
        return points(value, 0 if whole else most)
    return points(value, min(-round(log10(100 * error)), most))


def apart(values: Iterable[float], digits: int = 0) -> list[str]:
    """Return values of [0, 1] as points of 100, with more digits where rounding alone would tie.

    >>> apart([0.5804, 0.5796, 0.55, 0.55])
    ['58.04', '57.96', '55', '55']
    >>> apart([0.584, 0.577, 0.55])
    ['58.4', '57.7', '55']
    """
    given = list(values)
    texts = [points(value, digits) for value in given]
    places: dict[str, list[int]] = {}
    for i, text in enumerate(texts):
        places.setdefault(text, []).append(i)
    for alike in places.values():
        group = [given[i] for i in alike]
        if max(group) - min(group) > EQUAL and digits < MOST_DIGITS:
            for i, text in zip(alike, apart(group, digits + 1), strict=True):
                texts[i] = text
    return texts


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "cell"), counted(2, "cell")
    ('1 cell', '2 cells')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def few(names: Sequence[str], most: int = 3) -> str:
    """Return the first names of a list, and how many more there are.

    >>> few(["a", "b"]), few(["a", "b", "c", "d", "e"])
    ('a, b', 'a, b, c, and 2 more')
    """
    more = f", and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def sourced(source: str, vintage: str, day: str) -> str:
    """Return where a figure was found, with its release and its day where they are known.

    >>> sourced("UCDP data v25.1", "v25.1", "2024-12-31"), sourced("", "v2", "")
    ('UCDP data v25.1, 2024-12-31', 'v2')
    """
    release = "" if vintage in source else vintage
    return ", ".join(filter(None, (source, release, day)))


def mentions(text: str, *names: str) -> bool:
    """Whether a text holds one of the names as whole words.

    >>> mentions("written by ana, who was asked to", "ana"), mentions("banana", "ana", "")
    (True, False)
    """
    return any(
        re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE) for name in names if name
    )
