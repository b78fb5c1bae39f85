"""Where the order of two strategies turns while one number moves: closed forms and brackets.

Bare mathematics. A pair (i, j) turns where j gets strictly ahead of i: by more than `TIE`.
"""

from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assess.model.frozen import fixed

Array = NDArray[np.float64]
Places = NDArray[np.intp]

TIE = 1e-12
HALVINGS = 36  # of a step of 1/1000: below 1e-13


def straight_turns(at_zero: Array, at_one: Array, now: Array) -> Array:
    """Return where differences that are straight lines turn below and above the present place.

    x = d_0 / (d_0 - d_1)

    Args:
        at_zero: [...], by how much the one who is ahead now is ahead at 0.
        at_one: [...], at 1.
        now: [...] in [0, 1].

    Returns:
        [2, ...], below and above; NaN where the order holds down to 0 or up to 1.

    References:
        Triantaphyllou and Sanchez (1997), A sensitivity analysis approach for some deterministic
        multi-criteria decision-making methods, Decision Sciences 28(1), 151-194,
        doi:10.1111/j.1540-5915.1997.tb01306.x.

    >>> straight_turns(np.array([0.2, -0.1]), np.array([-0.2, 0.1]), np.array([0.4, 0.9])).tolist()
    [[nan, 0.5], [0.5, nan]]
    """
    falls, rises = at_one < -TIE, at_zero < -TIE
    with np.errstate(divide="ignore", invalid="ignore"):
        root = at_zero / (at_zero - at_one)
    found = np.empty((2, *np.broadcast_shapes(at_zero.shape, np.shape(now))))
    found[0] = np.where(rises & ~falls, np.minimum(root, now), np.nan)
    found[1] = np.where(falls & ~rises, np.maximum(root, now), np.nan)
    return found


def additive_turns(values: Array, weights: Array) -> tuple[Places, Places, Array]:
    """Return where every pair turns when the weight of every criterion moves, all of them added up.

    The other weights keep their proportions.

    Args:
        values: [strategy, criterion] in [0, 1].
        weights: [criterion], positive below 1, summing to 1.

    Returns:
        For each pair who is ahead [pair] and who is behind [pair], the first where they are level;
        and [2, criterion, pair], the weights below and above at which they turn.

    >>> ahead, behind, turns = additive_turns(np.array([[1.0, 0.2], [0.0, 0.8]]),
    ...                                       np.array([0.5, 0.5]))
    >>> ahead.tolist(), behind.tolist(), turns[..., 0].round(3).tolist()
    ([0], [1], [[0.375, nan], [nan, 0.625]])
    """
    totals = np.einsum("tc,c->t", values, weights)
    ahead, behind = pairs_by(totals)
    apart = values[ahead] - values[behind]
    gap = totals[ahead] - totals[behind]
    w = weights[:, None]
    at_one = apart.T
    at_zero = (gap - w * at_one) / (1 - w)
    return ahead, behind, straight_turns(at_zero, at_one, w)


def pairs_by(totals: Array) -> tuple[Places, Places]:
    """Return all pairs of strategies that have totals: who is ahead, and who is behind.

    Args:
        totals: [strategy]; NaN leaves a strategy out. Who is level keeps the order given.

    >>> [found.tolist() for found in pairs_by(np.array([0.2, np.nan, 0.5]))]
    [[2], [0]]
    """
    there = np.flatnonzero(~np.isnan(totals))
    first, second = (there[places] for places in _every_pair(len(there)))
    turned = totals[second] > totals[first] + TIE
    return np.where(turned, second, first), np.where(turned, first, second)


@lru_cache(maxsize=64)
def _every_pair(count: int) -> tuple[Places, Places]:
    """Return the places of both of every pair, the first before the second."""
    first, second = np.triu_indices(count, k=1)
    return fixed(first), fixed(second)


def curved_turns(at_one: Array, at_zero: Array, now: Array, low: Array, high: Array) -> Array:
    """Return where the difference of two quotients of straight lines turns.

    A total is (a x + b (1 - x)) / (g x + h (1 - x)): so it is where a strategy lacks ratings, and
    what is rated shares the weight. The difference has the sign of a quadratic form in x and 1 - x.

    Args:
        at_one: [2, 2, ...], for the one who is ahead now and for the other, a and g.
        at_zero: [2, 2, ...], b and h.
        now: [...], the present place in [0, 1].
        low: [...], from where both have a total.
        high: [...], up to where.

    Returns:
        [2, ...], below and above; NaN where the order holds.
    """
    (a1, g1), (a2, g2) = at_one
    (b1, h1), (b2, h2) = at_zero

    def apart(x: Array) -> Array:
        below = np.stack([g1 * x + h1 * (1 - x), g2 * x + h2 * (1 - x)])
        above = np.stack([a1 * x + b1 * (1 - x), a2 * x + b2 * (1 - x)])
        scores = above / np.where(below > 0, below, 1.0)
        return np.where((below > 0).all(axis=0), scores[0] - scores[1], 0.0)

    roots = _places_of_zero(
        a1 * g2 - a2 * g1, a1 * h2 + b1 * g2 - a2 * h1 - b2 * g1, b1 * h2 - b2 * h1
    )
    found = np.full((2, *roots.shape[1:]), np.nan)
    for side, end in enumerate((low, high)):
        nearest, furthest = (now, end) if side else (end, now)
        at = np.sort(np.clip(roots, nearest, furthest), axis=0)
        steps = [now, *(at if side else at[::-1]), end]
        for start, stop in pairwise(steps):
            turned = np.isnan(found[side]) & (apart((start + stop) / 2) < -TIE)
            found[side] = np.where(turned, start, found[side])
    return found


def _places_of_zero(a: Array, b: Array, c: Array) -> Array:
    """Return where a x^2 + b x (1 - x) + c (1 - x)^2 is zero in [0, 1]; 1 for none there.

    Returns:
        [2, ...]
    """
    with np.errstate(all="ignore"):
        root = np.sqrt(np.maximum(b * b - 4 * a * c, 0.0))
        q = -(b + np.where(b < 0, -root, root)) / 2
        odds = np.stack([q / a, c / q])  # x / (1 - x)
        places = np.where(np.isinf(odds), 1.0, odds / (1 + odds))
    inside = (b * b - 4 * a * c >= 0) & (odds >= 0)
    return np.where(inside, places, 1.0)


def bracketed_turns(
    totals: Callable[[Array], Array], grid: Array, now: int, ahead: Places, behind: Places
) -> Array:
    """Return where pairs turn nearest to the present place, whatever the totals do in between.

    Looks at every place of the grid, and halves the step before the first where a pair has turned.
    What turns and turns back within one step is not seen.

    Args:
        totals: of places [n] gives [n, strategy]; NaN where there is none.
        grid: [n], rising.
        now: the position of the present place in it.
        ahead: [pair], who is ahead now.
        behind: [pair], who is not.

    Returns:
        [2, pair], below and above.
    """
    at_grid = totals(grid)
    with np.errstate(invalid="ignore"):
        turned = at_grid[:, behind] > at_grid[:, ahead] + TIE
    steps = np.arange(len(grid))[:, None]
    above = np.where(turned & (steps > now), steps, len(grid)).min(axis=0)
    below = np.where(turned & (steps < now), steps, -1).max(axis=0)
    found = np.full((2, len(ahead)), np.nan)
    for side, outer in enumerate((below, above)):
        which = np.flatnonzero((outer >= 0) & (outer < len(grid)))
        inner = outer[which] + (-1 if side else 1)
        near, far = grid[inner], grid[outer[which]]
        found[side, which] = _halved(totals, near, far, ahead[which], behind[which])
    return found


def _halved(
    totals: Callable[[Array], Array], near: Array, far: Array, ahead: Places, behind: Places
) -> Array:
    """Return where pairs turn between places where they have not, and places where they have."""
    ends, pair = far, np.arange(len(near))
    for _ in range(HALVINGS if len(near) else 0):
        middle = (near + far) / 2
        at = totals(middle)
        turned = at[pair, behind] > at[pair, ahead] + TIE
        near, far = np.where(turned, near, middle), np.where(turned, middle, far)
    at_the_end = np.abs(far - ends) < 1e-11  # a jump at the very end, as where a weight is 0
    return np.where(at_the_end, ends, far)
