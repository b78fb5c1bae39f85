"""Hit-and-run over sets of weights that have too many corners to be taken in pieces."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assess.weight_sets.allowed import WeightSet
from assess.weight_sets.conflict import check_room, inner, solved
from assess.weight_sets.convergence import effective_size, rhat

Array = NDArray[np.float64]

CHAINS, KEPT, POOL, LINES = 64, 256, 4096, 1024
AGREED = 1.01  # R-hat at most, by Vehtari and others (2021)
MOST_TIMES = 16
TINY = 1e-9


@dataclass(frozen=True, eq=False)
class Walk:
    """A set of weights as points in it from which draws walk, and lines along which they do.

    Attributes:
        pool: [child or half, point], points of chains that have come to one distribution, with
            their distances from the limits of the set.
        lines: [child or half, line], one picked at random each step.
        children: how many there are.
        steps: that a draw walks from the point where it starts.
        rhat: of the chains, of the child of which they agree least.
        effective: how many independent draws the chains are worth, for that of which it is least.
    """

    pool: Array
    lines: Array
    children: int
    steps: int
    rhat: float
    effective: float

    @property
    def centre(self) -> Array:
        """The mean of the pool [child], close to the centroid of the set."""
        found = self.pool[: self.children].mean(axis=1)
        return np.asarray(found / found.sum())

    @property
    def numbers(self) -> int:
        """How many uniform numbers a draw takes."""
        return 1 + 2 * self.steps


def walk(given: WeightSet) -> Walk:
    """Return a set of weights ready for walks over it, with how far its chains agree.

    Chains start close to the ends of the set. They walk along random lines, then along differences
    of where they came to, which follow the shape of the set, and from child to child. The first
    half is left out.

    Raises:
        ConflictError: the set is empty or has no room.
        ValueError: it is one point.
        ArithmeticError: the chains do not agree.

    References:
        Smith (1984), Efficient Monte Carlo procedures for generating points uniformly distributed
        over bounded regions, doi:10.1287/opre.32.6.1296; Tervonen, van Valkenhoef, Baştürk and
        Postmus (2013), Hit-and-run enables efficient weight generation for simulation-based
        multiple criteria decision analysis, doi:10.1016/j.ejor.2012.08.026; Bélisle, Romeijn and
        Smith (1993), Hit-and-run algorithms for generating multivariate distributions,
        doi:10.1287/moor.18.2.255.

    >>> from assess.weight_sets import weight_set
    >>> found = walk(weight_set([0.05] * 12, [0.15] * 12))
    >>> found.rhat < 1.01, found.steps
    (True, 55)
    """
    check_room(given)
    ends, axes = _ends(given)
    if not len(axes):
        raise ValueError("the set is one point; it is taken in pieces")
    rows, limits = given.halves
    free = np.ptp(np.einsum("pc,hc->ph", ends, rows), axis=0) > TINY
    rows, limits = rows[free], limits[free]
    spread = 0.9 * ends + 0.1 * ends.mean(axis=0)
    starts = _placed(spread[np.arange(CHAINS) % len(ends)], rows, limits)
    n, d, draw = rows.shape[1], len(axes), np.random.Generator(np.random.SFC64(0))

    random = np.einsum("ac,al->lc", axes, draw.standard_normal((d, LINES)))
    place = starts.copy()
    _go(place, _directed(random, rows), n, draw, 20 * d)
    for _ in range(2):
        lines = _lines(place[:n].T, axes, rows, draw)
        _go(place, lines, n, draw, 20 * d)
    times = 1
    while times <= MOST_TIMES:
        kept = np.stack(list(_stops(starts, lines, n, draw, times * d)))
        chains = kept[:, :n].transpose(2, 0, 1)
        agreed, worth = float(rhat(chains).max()), float(effective_size(chains).min())
        if agreed <= AGREED:
            stops = kept[:: len(kept) * CHAINS // POOL]
            pool = stops.transpose(1, 0, 2).reshape(len(place), -1).copy()
            return Walk(pool, lines, n, 5 * times * d, agreed, worth)
        times *= 2
    raise ArithmeticError(
        f"the walks over the weights have not come to one distribution: R-hat {agreed:.3f}"
    )


def stroll(made: Walk, u: Array) -> Array:
    """Return weights [child, draw], each the end of a walk of its own.

    Args:
        made: the set.
        u: [number, draw] uniform in [0, 1); the first picks the start, two more each step.

    >>> import numpy as np
    >>> from assess.weight_sets import weight_set
    >>> made = walk(weight_set([0.05] * 12, [0.15] * 12))
    >>> found = stroll(made, np.random.default_rng(1).random((made.numbers, 100)))
    >>> bool((found > 0.05 - 1e-12).all()), bool(np.allclose(found.sum(axis=0), 1))
    (True, True)
    """
    place = made.pool[:, _picked(u[0], made.pool.shape[1])]
    for step in range(made.steps):
        which, where = u[1 + 2 * step], u[2 + 2 * step]
        _step(place, made.lines[:, _picked(which, made.lines.shape[1])], where, made.children)
    found = np.maximum(place[: made.children], 0.0)
    return np.asarray(found / found.sum(axis=0))


def _go(place: Array, lines: Array, n: int, draw: np.random.Generator, steps: int) -> None:
    """Walk so many steps, in place."""
    for _ in range(steps):
        which, where = draw.random((2, place.shape[1]))
        _step(place, lines[:, _picked(which, lines.shape[1])], where, n)


def _stops(
    starts: Array, lines: Array, n: int, draw: np.random.Generator, steps: int
) -> Iterator[Array]:
    """Yield where chains stand after every so many steps, their first half left out."""
    place = starts.copy()
    _go(place, lines, n, draw, KEPT * steps)
    for _ in range(KEPT):
        _go(place, lines, n, draw, steps)
        yield place.copy()


def _lines(points: Array, axes: Array, rows: Array, draw: np.random.Generator) -> Array:
    """Return lines along which to walk, by the shape of the set."""
    n = points.shape[1]
    first, second = draw.permuted(np.tile(np.arange(len(points)), (LINES, 1)), axis=1)[:, :2].T
    found = points[first] - points[second]
    if len(axes) == n - 1:
        i, j = np.triu_indices(n, 1)
        pairs = np.eye(n)[i] - np.eye(n)[j]
        found = np.concatenate([found, pairs[np.arange(LINES) % len(pairs)]])
    return _directed(found, rows)


def _directed(lines: Array, rows: Array) -> Array:
    """Return lines with what a step along them takes from the distances [child or half, line]."""
    return np.concatenate([lines.T, -np.einsum("hc,lc->hl", rows, lines)])


def _picked(u: Array, of: int) -> NDArray[np.intp]:
    return np.minimum((u * of).astype(np.intp), of - 1)


def _step(place: Array, moves: Array, u: Array, n: int) -> None:
    """Move to a uniform place between the limits along a line [child or half, point], in place."""
    slack, gains = place[n:], moves[n:]
    with np.errstate(divide="ignore", invalid="ignore"):
        at = -slack / gains
    up = np.where(gains < 0, at, np.inf).min(axis=0)
    down = np.where(gains > 0, at, -np.inf).max(axis=0)
    place += (down + u * (up - down)) * moves
    np.maximum(slack, 0.0, out=slack)


def _placed(points: Array, rows: Array, limits: Array) -> Array:
    """Return points with their distances from the limits [child or half, point]."""
    away = limits[:, None] - np.einsum("hc,pc->hp", rows, points)
    return np.concatenate([points.T, np.maximum(away, 0.0)])


def _ends(given: WeightSet) -> tuple[Array, Array]:
    """Return where each child weighs least and most [point, child], and the axes of the set."""
    n = given.rows.shape[1]
    exact, rest = given.exact, ~given.exact
    sums = np.vstack([np.ones(n), given.rows[exact]])
    targets = np.append(1.0, given.limits[exact])
    points = [inner(given)[1]]
    for cost in np.concatenate([np.eye(n), -np.eye(n)]):
        found = solved(cost, given.rows[rest], given.limits[rest], sums, targets, [(0, None)] * n)
        assert found is not None
        points.append(found)
    ends = np.array(points)
    still = np.eye(n)[ends.max(axis=0) < TINY]
    _, size, axes = np.linalg.svd(np.vstack([sums, still]))
    return ends, axes[int((size > TINY).sum()) :]
