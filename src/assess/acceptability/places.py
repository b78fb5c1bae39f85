"""Places of strategies in draws, where ties share, and their sums with Monte Carlo errors."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

TIE = 1e-12  # scores within it are equal
BLOCK = 2**20  # cells of a temporary array at most


@dataclass(frozen=True, eq=False)
class Places:
    """Where each strategy stands in each draw.

    Attributes:
        ahead: [draw, strategy], how many strategies are ahead: it identifies the whole order.
        sharing: [draw, strategy], how many share its place, itself among them: it has a share of
            1 / sharing in each of the ranks ahead + 1 to ahead + sharing.
    """

    ahead: NDArray[np.unsignedinteger[Any]]
    sharing: NDArray[np.unsignedinteger[Any]]


def places(scores: Floats) -> Places:
    """Return the place of each strategy in each draw.

    Args:
        scores: [draw, strategy]; neighbours in the order that lie within 1e-12 are equal.
    """
    count = scores.shape[1]
    ahead = np.empty(scores.shape, dtype=np.min_scalar_type(count))
    sharing = np.empty_like(ahead)
    ranks = np.arange(count)
    for rows in blocks(len(scores), count):
        order = np.argsort(-scores[rows], axis=1, kind="stable")
        falling = np.take_along_axis(scores[rows], order, axis=1)
        apart = np.greater(falling[:, :-1] - falling[:, 1:], TIE)
        # Of each group of equals in the order: where it begins, and where it ends.
        begins, ends = np.zeros_like(order), np.full_like(order, count - 1)
        begins[:, 1:], ends[:, :-1] = apart * ranks[1:], np.where(apart, ranks[:-1], count - 1)
        np.maximum.accumulate(begins, axis=1, out=begins)
        ends = np.minimum.accumulate(ends[:, ::-1], axis=1)[:, ::-1]
        np.put_along_axis(ahead[rows], order, begins.astype(ahead.dtype), axis=1)
        np.put_along_axis(sharing[rows], order, (ends - begins + 1).astype(ahead.dtype), axis=1)
    return Places(ahead, sharing)


def blocks(draws: int, cells: int) -> Iterator[slice]:
    """Yield blocks of draws, so that an array of so many cells a draw keeps its size."""
    step = max(1, BLOCK // cells)
    for start in range(0, draws, step):
        yield slice(start, start + step)


def rank_sums(found: Places) -> tuple[Floats, Floats, Floats]:
    """Return sums over draws of the shares of each strategy in each rank [strategy, rank].

    Returns:
        The sum of shares, of their squares, and of the squares of shares in a rank or a better one.
    """
    draws, count = found.ahead.shape
    total, squares, partly, whole = np.zeros((4, count * count))
    for rows in blocks(draws, count):
        sharing = found.sharing[rows].reshape(-1).astype(np.intp)
        cell = (found.ahead[rows] + np.arange(count) * count).reshape(-1)
        whole += np.bincount(cell + sharing - 1, minlength=count * count)
        for further in range(sharing.max()):
            cell, sharing = cell[sharing > further], sharing[sharing > further]
            share, inside = 1.0 / sharing, sharing > further + 1
            total += np.bincount(cell + further, share, count * count)
            squares += np.bincount(cell + further, share**2, count * count)
            up_to = ((further + 1) * share[inside]) ** 2
            partly += np.bincount(cell[inside] + further, up_to, count * count)
    # A share up to a rank is whole from the last rank of its tie on.
    best = partly.reshape(count, count) + whole.reshape(count, count).cumsum(axis=1)
    return total.reshape(count, count), squares.reshape(count, count), best


def winning_counts(found: Places) -> NDArray[np.int64]:
    """Return in how many draws one strategy is ahead of another [one, other]."""
    draws, count = found.ahead.shape
    counts = np.zeros((count, count), dtype=np.int64)
    for rows in blocks(draws, count):
        ahead = found.ahead[rows]
        for i in range(count):
            counts[i] += (ahead[:, i, None] < ahead).sum(axis=0)
    return counts


def first_shares(found: Places) -> Floats:
    """Return the share of each strategy in the first place of each draw [draw, strategy]."""
    return np.asarray((found.ahead == 0) / found.sharing.astype(np.float64))


def standard_error(total: Floats, squares: Floats, draws: int) -> Floats:
    """Return the Monte Carlo standard error of means over independent draws.

    It is s / sqrt(n), where s has n - 1 in its denominator; so a share without ties has
    sqrt(p (1 - p) / (n - 1)), and shares that ties have split have what these vary.

    Args:
        total: the sum over draws of anything.
        squares: the sum of its squares.
        draws: n; of a single draw the error is not known: NaN.
    """
    if draws == 1:
        return np.full(np.shape(total), np.nan)
    apart = squares - total * total / draws
    rounding = draws * np.finfo(np.float64).eps * squares
    return np.asarray(np.sqrt(np.where(apart > rounding, apart, 0.0) / (draws - 1) / draws))


def finite(given: ArrayLike, what: str, axes: int) -> Floats:
    """Return an array of numbers with so many axes."""
    found = np.asarray(given, np.float64)
    if found.ndim != axes or not found.size:
        raise ValueError(f"{what} of shape {found.shape} do not have {axes} axes, none empty")
    if not np.isfinite(found).all():
        raise ValueError(f"{what} hold {found[~np.isfinite(found)][0]:g}; numbers are needed")
    return found


def fitting(weights: ArrayLike, draws: int) -> Floats:
    """Return weights [draw, criterion] of as many draws as there are scores."""
    found = finite(weights, "weights", 2)
    if len(found) != draws:
        raise ValueError(f"there are {len(found)} draws of weights for {draws} of scores")
    if (found < 0).any():
        raise ValueError(f"a weight is negative: {found.min():g}")
    if not (there := found.any(axis=1)).all():
        raise ValueError(f"draw {there.argmin()} of weights (from 0) is 0 for every criterion")
    return found


def summing_to_one(weights: Floats) -> Floats:
    """Return weights [draw, criterion] in proportion, those of each draw summing to 1."""
    # By a power of two first, which changes no digit, so that no sum is too large for a number.
    _, power = np.frexp(weights.max(axis=1, keepdims=True))
    near = np.ldexp(weights, -power)
    return np.asarray(near / near.sum(axis=1, keepdims=True))
