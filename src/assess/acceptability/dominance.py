"""Stochastic dominance between strategies: from draws, from lotteries and from histograms."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assess.acceptability.places import TIE, finite

__all__ = [
    "Dominance",
    "Lottery",
    "first_order",
    "histogram_dominance",
    "second_order",
    "stochastic_dominance",
]

Floats = NDArray[np.float64]
Relation = NDArray[np.bool_]
Apart = tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]
NOT_ONE = 1e-9  # a sum of probabilities further off is a mistake, not rounding


@dataclass(frozen=True, eq=False)
class Lottery:
    """What may come, and how probable each of it is.

    Attributes:
        outcomes: [outcome], in any order; the same may stand there twice.
        probabilities: [outcome], at least 0; they sum to 1.
    """

    outcomes: ArrayLike
    probabilities: ArrayLike


@dataclass(frozen=True, eq=False)
class Dominance:
    """Which strategy dominates which; none dominates itself.

    Attributes:
        first: [..., one, other], at first order: whoever prefers more to less prefers `one`.
        second: [..., one, other], at second order: so does whoever also dislikes risk.
    """

    first: Relation
    second: Relation

    def __post_init__(self) -> None:
        self.first.setflags(write=False)
        self.second.setflags(write=False)


def first_order(one: ArrayLike | Lottery, other: ArrayLike | Lottery) -> bool:
    """Return whether one dominates another at first order: nowhere worse, somewhere better.

    At every probability the outcome that falls short with it is at least as good, and at one it is
    better; that is, the cumulated probability of one lies nowhere above that of the other.

    Args:
        one: draws [draw] that are equally probable, as many as there are; or a `Lottery`.
        other: likewise.

    Returns:
        Outcomes within 1e-12 count as equal, or within 1e-12 of the larger where it is beyond 1; in
        a lottery, cumulated probabilities within 1e-12 likewise. Draws need no such tolerance of
        probabilities: they are counted in whole numbers.

    Raises:
        ValueError: a number is none, or probabilities do not fit, are negative or do not sum to 1.

    References:
        Hadar and Russell (1969), Rules for ordering uncertain prospects, American Economic Review
        59, 25-34; Levy (1992), doi:10.1287/mnsc.38.4.555.

    >>> first_order([1, 1, 2, 2, 2, 2], [1, 1, 1, 2, 2, 2])
    True
    >>> first_order([200], Lottery([0, 200, 1000], [4 / 6, 1 / 6, 1 / 6]))
    False
    """
    return bool(_orders(*_apart(*_quantiles(one, other)))[0])


def second_order(one: ArrayLike | Lottery, other: ArrayLike | Lottery) -> bool:
    """Return whether one dominates another at second order: better for all who dislike risk.

    The mean of its worst outcomes is at least as good, whatever share of them is looked at, and for
    one share it is better. First order implies second.

    Args:
        one: as in `first_order`.
        other: likewise.

    Returns:
        With the tolerance of `first_order`, applied to those means times their share.

    Raises:
        ValueError: as in `first_order`.

    References:
        As in `first_order`.

    >>> second_order([200], Lottery([0, 200, 1000], [4 / 6, 1 / 6, 1 / 6]))
    True
    >>> second_order([200], [0, 0, 400, 400, 1000, 1000])
    False
    """
    return bool(_orders(*_apart(*_quantiles(one, other)))[1])


def stochastic_dominance(scores: ArrayLike) -> Dominance:
    """Return which strategy dominates which, from draws of their scores.

    Args:
        scores: [draw, strategy], draws equally probable; the order of draws does not matter.

    Returns:
        Relations [one, other], with the tolerance of `first_order`.

    Raises:
        ValueError: a score is no number.

    References:
        As in `first_order`.

    >>> found = stochastic_dominance([[2, 0, 1], [3, 2, 1]])
    >>> found.first.tolist()
    [[False, True, True], [False, False, False], [False, False, False]]
    >>> found.second.tolist()
    [[False, True, True], [False, False, False], [False, True, False]]
    """
    columns = np.sort(finite(scores, "scores", 2).T, axis=1)
    width = np.array([1.0 / columns.shape[1]])
    return _matrix(len(columns), (), lambda i, j: _apart(width, columns[i], columns[j]))


def histogram_dominance(counts: ArrayLike) -> Dominance:
    """Return which strategy dominates which, from how many draws fell into each bin.

    It holds to the resolution of the bins, as if draws lay at one place within theirs. What is
    claimed, the draws do not contradict beyond one bin: were every draw of `one` better by the
    width of a bin, it would dominate. A dominance within the bins is not seen. Draws beyond the
    grid must not have been counted in its outermost bins, or nothing is known of how far they lie.

    Args:
        counts: [..., strategy, bin], whole numbers, on a common grid of bins of equal width that
            rises; the strategies of one set hold equally many draws.

    Returns:
        Relations [..., one, other], computed in whole numbers.

    Raises:
        ValueError: counts are no whole numbers, are negative, or differ in their number of draws.

    References:
        As in `first_order`.

    >>> found = histogram_dominance([[0, 2, 0], [1, 0, 1], [1, 1, 0]])
    >>> found.first.tolist()
    [[False, False, True], [False, False, True], [False, False, False]]
    >>> found.second.tolist()
    [[False, True, True], [False, False, True], [False, False, False]]
    """
    held = _counts(counts)

    def apart(i: int, j: int) -> Apart:
        gap = np.cumsum(held[..., j, :] - held[..., i, :], axis=-1)
        none = np.zeros(1, dtype=np.int64)
        return gap, none, np.cumsum(gap, axis=-1), none

    return _matrix(held.shape[-2], held.shape[:-2], apart)


def _quantiles(one: ArrayLike | Lottery, other: ArrayLike | Lottery) -> tuple[Floats, ...]:
    """Return widths of probability, and the outcomes of one and of the other there [cell].

    Between two neighbours among the cumulated probabilities of both, each has one outcome.
    """
    (a, chance_a), (b, chance_b) = _sorted(one), _sorted(other)
    running: tuple[NDArray[Any], NDArray[Any]]
    if chance_a is None and chance_b is None:  # in whole numbers, of which 1 has n m
        running = np.arange(1, len(a) + 1) * len(b), np.arange(1, len(b) + 1) * len(a)
        noise = 0.0
    else:
        running = _cumulated(a, chance_a), _cumulated(b, chance_b)
        noise = TIE
    levels = np.union1d(*running)
    widths = np.diff(levels, prepend=0)
    levels, widths = levels[widths > noise], widths[widths > noise]
    found_a, found_b = (np.searchsorted(r, levels) for r in running)
    return widths / levels[-1], a[found_a], b[found_b]


def _sorted(given: ArrayLike | Lottery) -> tuple[Floats, Floats | None]:
    """Return rising outcomes, and their probabilities; None for draws."""
    if not isinstance(given, Lottery):
        return np.sort(finite(given, "draws", 1)), None
    outcomes = finite(given.outcomes, "outcomes", 1)
    held = finite(given.probabilities, "probabilities", 1)
    if len(outcomes) != len(held):
        raise ValueError(f"{len(held)} probabilities do not fit {len(outcomes)} outcomes")
    if (held < 0).any():
        raise ValueError(f"a probability is negative: {held.min():g}")
    if abs(held.sum() - 1) > NOT_ONE:
        raise ValueError(f"probabilities sum to {held.sum():.10g}; they must sum to 1")
    order = np.argsort(outcomes, kind="stable")
    return outcomes[order], held[order]


def _cumulated(outcomes: Floats, probabilities: Floats | None) -> Floats:
    """Return cumulated probabilities that end at 1 exactly."""
    if probabilities is None:
        return np.arange(1, len(outcomes) + 1) / len(outcomes)
    running = np.cumsum(probabilities)
    return np.asarray(running / running[-1])


def _apart(widths: Floats, one: Floats, other: Floats) -> Apart:
    """Return how far outcomes lie apart, and how far the sums of the worst of them do [cell]."""
    gap = one - other
    slack = TIE * np.maximum(1.0, np.maximum(np.abs(one), np.abs(other)))
    return gap, slack, np.cumsum(widths * gap), np.cumsum(widths * slack)


def _orders(gap: Any, slack: Any, area: Any, room: Any) -> tuple[Relation, ...]:
    """Return whether one dominates at first and at second order, and whether the other does."""
    found = []
    for way in (1, -1):
        first = (way * gap >= -slack).all(axis=-1) & (way * gap > slack).any(axis=-1)
        # A better outcome of little probability is no noise: first order implies second.
        better = (way * area > room).any(axis=-1) | first
        found += [first, (way * area >= -room).all(axis=-1) & better]
    return tuple(found)


def _matrix(count: int, sets: tuple[int, ...], apart: Callable[[int, int], Apart]) -> Dominance:
    """Return relations [..., one, other] from what lies between each pair."""
    first, second = np.zeros((2, *sets, count, count), dtype=bool)
    for i, j in combinations(range(count), 2):
        (first[..., i, j], second[..., i, j], first[..., j, i], second[..., j, i]) = _orders(
            *apart(i, j)
        )
    return Dominance(first, second)


def _counts(given: ArrayLike) -> NDArray[np.int64]:
    """Return counts [..., strategy, bin], checked."""
    counts = np.asarray(given)
    if counts.ndim < 2 or not counts.size:
        raise ValueError(f"counts of shape {counts.shape} do not have [..., strategy, bin]")
    if counts.dtype.kind not in "iu":
        raise ValueError(f"counts are {counts.dtype}; whole numbers of draws are needed")
    if (counts < 0).any():
        raise ValueError(f"a count is negative: {counts.min()}")
    held = counts.astype(np.int64)
    draws = held.sum(axis=-1)
    if (draws != draws[..., :1]).any() or not draws.all():
        low, high = draws.min(), draws.max()
        raise ValueError(f"strategies must hold equally many draws, not {low} and {high}")
    return held
