"""Totals as quotients of straight lines in one weight, where a node and all above it add up."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assess.report import TIE
from assess.sensitivity.paths import Dial, Folded
from assess.sensitivity.turning import Places, curved_turns, straight_turns

Array = NDArray[np.float64]


def closed_turns(turned: Dial, s: int, ahead: Places, behind: Places) -> Array:
    """Return where pairs turn between 0 and 1, in closed form.

    Args:
        turned: the weight that moves; its parent and all above add up.
        s: the scenario.
        ahead: [pair], who is ahead now.
        behind: [pair], who is not.

    Returns:
        [2, pair], weights as judged, below and above.
    """
    at_one, at_zero = quotients(turned, s)
    now = np.broadcast_to(turned.share(s, turned.now[s]), ahead.shape)
    low, high = with_totals(turned, s)
    low = np.maximum(low[ahead], low[behind])
    high = np.minimum(high[ahead], high[behind])
    if (at_one[1] == 1).all() and (at_zero[1] == 1).all():
        zero, one = (x[0, ahead] - x[0, behind] for x in (at_zero, at_one))
        found = straight_turns(zero, one, now)
        kept = np.stack([found[0] > low, found[1] < high])
        found = np.where(kept, found, np.nan)
    else:
        found = curved_turns(
            np.stack([at_one[:, ahead], at_one[:, behind]]),
            np.stack([at_zero[:, ahead], at_zero[:, behind]]),
            now,
            low,
            high,
        )
    return turned.weight(s, found)


def quotients(turned: Dial, s: int) -> tuple[Array, Array]:
    """Return totals as (a u + b (1 - u)) / (g u + h (1 - u)) in the share u that a node holds.

    Returns:
        a and g [2, strategy], then b and h [2, strategy]; g and h are 1 where the total does not
        depend on who shares what.
    """
    whole = turned.whole
    below = whole.scores[s][:, whole.below(turned.parent)]
    there = ~np.isnan(below)
    others = turned.others[s] * there
    rated = np.einsum("tc->t", others)
    rest = np.einsum("tc,tc->t", others, np.where(there, below, 0.0))
    start, slope = above(whole, turned.parent, s)
    own = np.where(there[:, turned.at], below[:, turned.at], 0.0)
    moves = there[:, turned.at] & (rated > 0)
    held = whole.scores[s][:, 0]
    one = np.ones_like(held)
    full = np.abs(rated - 1) <= TIE
    h = np.where(moves & ~full, rated, one)
    a = np.where(moves, start + slope * own, held)
    b = np.where(moves, start * h + slope * rest, held)
    return np.stack([a, one]), np.stack([b, h])


def above(whole: Folded, node: str, s: int) -> tuple[Array, Array]:
    """Return what a total is made of, start + slope x the score of a node [strategy], both.

    The node and all above it add up.
    """
    start, slope = np.zeros(whole.scores.shape[1]), np.ones(whole.scores.shape[1])
    chain = whole.upward(node)
    for here, up in pairwise(chain):
        below = whole.scores[s][:, whole.below(up)]
        held = np.where(np.isnan(below), 0.0, whole.counted[up][s])
        total = np.einsum("tc->t", held)[:, None]
        held = held / np.where(total > 0, total, 1.0)
        at = whole.study.tree.children[up].index(here)
        rest = np.einsum("tc,tc->t", np.delete(held, at, 1), np.delete(np.nan_to_num(below), at, 1))
        start, slope = rest + held[:, at] * start, held[:, at] * slope
    return start, slope


def with_totals(turned: Dial, s: int) -> tuple[Array, Array]:
    """Return between which shares each strategy has a total [strategy]: enough weight is rated."""
    floor = turned.whole.study.method.coverage_floor - TIE
    at_zero, at_one = turned.coverage(s, np.array([0.0, 1.0]))
    slope = at_one - at_zero
    with np.errstate(divide="ignore", invalid="ignore"):
        reached = np.clip((floor - at_zero) / slope, 0.0, 1.0)
    rising, falling = slope > TIE, slope < -TIE
    return np.where(rising, reached, 0.0), np.where(falling, reached, 1.0)
