"""Rules of one's own in every form that Python has, for the tests of what a report keeps of them.

Run as a program it prints the hash of each, so that two processes can be held against each other.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from assess.model import OwnRule

FACTOR = 0.5
TABLE = np.array([0.25, 0.75])
Rule = Callable[..., Any]


def closed(held: Any) -> Rule:
    """Return a rule that closes over a value."""

    def mine(values: Any, weights: Any) -> Any:
        return (values * weights).sum(axis=-1) * (held if held else 1)

    return mine


def with_default(held: Any) -> Rule:
    """Return a rule with a value as its default."""

    def mine(values: Any, weights: Any, by: Any = held, *, of: Any = held) -> Any:
        return (values * weights).sum(axis=-1) * by * of

    return mine


def scaled(values: Any, weights: Any, *, by: Any = 1) -> Any:
    """Give a weighted mean times a factor."""
    return by * (values * weights).sum(axis=-1)


def named(values: Any, weights: Any) -> Any:
    """Use globals of the module, one by way of another function."""
    return helped(values, weights) * FACTOR + 0 * TABLE.sum()


def helped(values: Any, weights: Any) -> Any:
    """Be called by another rule."""
    return sum(FACTOR * (values * weights).sum(axis=-1) for _ in "a")


def recursive(values: Any, weights: Any) -> Any:
    """Name itself."""
    return recursive(values[..., :1], weights) if values.shape[-1] > 1 else values[..., 0]


@dataclass(frozen=True)
class Scaled:
    """A rule that is an object with a state."""

    by: Any = 1.0

    def __call__(self, values: Any, weights: Any) -> Any:
        """Give a weighted mean times a factor."""
        return self.by * (values * weights).sum(axis=-1)


class Slotted:
    """A rule that is an object without a `__dict__`."""

    __slots__ = ("by",)

    def __init__(self, by: Any) -> None:
        self.by = by

    def __call__(self, values: Any, weights: Any) -> Any:
        """Give a weighted mean times a factor."""
        return self.by * (values * weights).sum(axis=-1)

    def method(self, values: Any, weights: Any) -> Any:
        """Do what the object does."""
        return self(values, weights)


class Halved(Slotted):
    """A rule that is an object with a property."""

    @property
    def half(self) -> Any:
        """Half of its factor."""
        return self.by / 2


def before_its_value() -> Rule:
    """Return a rule over a value that is not there yet."""
    if FACTOR < 0:
        later = 1

    def mine(values: Any, weights: Any) -> Any:
        return (values * weights).sum(axis=-1) * later

    return mine


def compiled(reduction: str) -> Rule:
    """Return a rule that has no source."""
    around: dict[str, Rule] = {}
    exec(f"def mine(values, weights):\n    return values.{reduction}(axis=-1)", {}, around)
    return around["mine"]


def wrapped(by: Any) -> Rule:
    """Return a rule behind a decorator."""

    @functools.wraps(scaled)
    def outer(values: Any, weights: Any) -> Any:
        return by * scaled(values, weights)

    return outer


EVERY: dict[str, Callable[[], Rule]] = {
    "closed over 0.5": lambda: closed(0.5),
    "closed over 0.6": lambda: closed(0.6),
    "closed over a text": lambda: closed("0.6"),
    "closed over a tuple": lambda: closed((0.5, "a")),
    "closed over a set": lambda: closed(frozenset({"a", "b", "c"})),
    "closed over a mapping": lambda: closed({"a": 0.5, "b": None}),
    "closed over an array": lambda: closed(np.array([0.5, 0.6])),
    "closed over an array of its own": lambda: closed(np.array([0.5, 0.7])),
    "closed over a scalar": lambda: closed(np.float32(0.5)),
    "closed over a function": lambda: closed(closed(0.5)),
    "closed over another function": lambda: closed(closed(0.6)),
    "closed over a function of numpy": lambda: closed(np.median),
    "closed over a module": lambda: closed(np),
    "closed over a class": lambda: closed(Scaled),
    "closed over a slice": lambda: closed(slice(1, 2)),
    "closed over a type": lambda: closed(list[int]),
    "closed over nothing yet": before_its_value,
    "object with a property": lambda: Halved(1),
    "with default 1": lambda: with_default(1),
    "with default 2": lambda: with_default(2),
    "partial of 1": lambda: functools.partial(scaled, by=1),
    "partial of 2": lambda: functools.partial(scaled, by=2),
    "plain": lambda: scaled,
    "globals": lambda: named,
    "recursive": lambda: recursive,
    "object of 1": lambda: Scaled(1),
    "object of 2": lambda: Scaled(2),
    "object with slots of 1": lambda: Slotted(1),
    "object with slots of 2": lambda: Slotted(2),
    "method": lambda: Slotted(1).method,
    "without source, sum": lambda: compiled("sum"),
    "without source, max": lambda: compiled("max"),
    "wrapped 1": lambda: wrapped(1),
    "wrapped 2": lambda: wrapped(2),
    "cached": lambda: functools.cache(scaled),
    "of Python": lambda: min,
    "first lambda of a line": lambda: (lambda v, w: v.min(-1), lambda v, w: v.max(-1))[0],  # noqa: ARG005 two on a line
    "second lambda of a line": lambda: (lambda v, w: v.min(-1), lambda v, w: v.max(-1))[1],  # noqa: ARG005 two on a line
}

if __name__ == "__main__":
    for name, make in EVERY.items():
        print(name, OwnRule.of(make()).source)
