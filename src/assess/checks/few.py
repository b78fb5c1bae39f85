"""The first hundred of many problems: whoever mends a file reads no more, and nothing waits."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from assess.model import Problem

MOST = 100


def few(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the first hundred problems; where there are more, say so and look no further.

    >>> many = (Problem("tree", (i,), f"mistake {i}") for i in range(1_000_000))
    >>> found = list(few(many))
    >>> len(found), str(found[-1])
    (101, 'tree: 100: and more like these (mend these first)')
    """
    all_of_them = iter(problems)
    yield from islice(all_of_them, MOST)
    for more in islice(all_of_them, 1):
        yield replace(more, message="and more like these", hint="mend these first")


def listed(names: Sequence[str], most: int = 12) -> str:
    """Return names in a row, those beyond the first dozen counted.

    >>> listed(["a", "b"]), listed("abc", most=2)
    ('a, b', 'a, b and 1 more')
    """
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
