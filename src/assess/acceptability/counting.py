"""Count blocks of draws in NumPy: the plain path, which compiled loops must equal bit by bit."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assess.acceptability.prepared import Model, Prepared
from assess.acceptability.streams import Singles, Stream, exponentials, rows_of_uniforms
from assess.acceptability.tallies import GRID, SUMS, Tally, Whole, nothing

__all__ = ["count", "triangular"]

Reals = NDArray[np.floating[Any]]
Places = NDArray[np.int16]

AT_ONCE = 4  # blocks that are drawn together, for NumPy is slow at small arrays
NUMBERS = 2**20  # scores that are held at once


def count(prepared: Prepared, stream: Stream, seed: int, blocks: range) -> Tally:
    """Count what some blocks of draws come to."""
    found, (rows, criteria) = nothing(prepared), prepared.model.values.shape
    step = max(1, min(AT_ONCE, NUMBERS // (rows * prepared.block)))
    for start in range(blocks.start, blocks.stop, step):
        some = range(start, min(start + step, blocks.stop))
        weights = exponentials(stream, seed, some, criteria, prepared.block)
        if prepared.certain:
            scores = weighted(prepared.model.values, weights)
        else:
            each = zip(some, weights, strict=True)
            drawn = [triangular(prepared.model, stream, seed, block, w) for block, w in each]
            scores = np.stack(drawn, axis=1)
        add(found, prepared, weights, scores)
    return replace(found, draws=len(blocks) * prepared.block, blocks=len(blocks))


def weighted(values: Reals, weights: Singles) -> Reals:
    """Return scores [row, block, draw], summed criterion by criterion."""
    scores = values[:, 0, None, None] * weights[:, 0]
    product = np.empty_like(scores)
    for c in range(1, values.shape[1]):
        scores += np.multiply(values[:, c, None, None], weights[:, c], out=product)
    return scores


def triangular(model: Model, stream: Stream, seed: int, block: int, weights: Singles) -> Reals:
    """Return scores [row, draw] of one block, values being drawn from their triangles."""
    rows, criteria, analysts = model.low.shape
    shape = (criteria, analysts, weights.shape[-1])
    scores = np.empty((rows, weights.shape[-1]), model.low.dtype)
    for i, u in enumerate(rows_of_uniforms(stream, seed, block, rows, shape)):
        low, high, split, left, right = (x[i, :, :, None] for x in model[1:6])
        rising = u < split
        root = np.where(rising, u, np.float32(1) - u) * np.where(rising, left, right)
        np.sqrt(root, out=root)
        drawn = np.where(rising, low + root, high - root)
        panel = drawn[:, 0].copy()
        for m in range(1, analysts):
            panel += drawn[:, m]
        scores[i] = 0
        for c in range(criteria):
            scores[i] += weights[c] * panel[c]
    return np.maximum(scores, 0, out=scores)


def add(found: Tally, prepared: Prepared, weights: Singles, scores: Reals) -> None:
    """Count draws of weights [block, criterion, draw] and scores [row, block, draw]."""
    rows, places = found.rank.shape
    flat = scores.reshape(rows, -1)
    place = (by_sorting if prepared.sorts else by_pairs)(flat, prepared.model.size, found.ahead)
    cell = place + np.arange(0, rows * places, places)[:, None]
    found.rank[:] += np.bincount(cell.reshape(-1), minlength=found.rank.size).reshape(rows, places)
    if found.order.size:
        code = place[0].astype(np.intp)
        for row in place[1:]:
            code *= places
            code += row
        found.order[:] += np.bincount(code, minlength=found.order.size)
    per_weight = np.float32(GRID) / _sum(weights)
    if not prepared.certain:
        whole = (scores * per_weight + np.float32(0.5)).astype(np.int32)
        found.total[:] += whole.reshape(rows, -1).sum(axis=1, dtype=np.int64)
    whole = (weights * per_weight[:, None] + np.float32(0.5)).astype(np.int32)
    _add_first(found, (place == 0).argmax(axis=0).reshape(per_weight.shape), whole)


def _sum(weights: Singles) -> Singles:
    """Return the sum of weights in each draw [block, draw], criterion by criterion."""
    total = weights[:, 0].copy()
    for c in range(1, weights.shape[1]):
        total += weights[:, c]
    return total


def by_pairs(scores: Reals, size: NDArray[np.uint32], ahead: Whole) -> Places:
    """Return how many strategies are ahead of each row [row, draw], and count it pair by pair.

    A row is ahead of one that stands after it where its score is at least as large.
    """
    each = size.astype(np.int16)[:, None]
    place = np.zeros(scores.shape, np.int16)
    for i in range(len(scores) - 1):
        won = scores[i] >= scores[i + 1 :]
        place[i + 1 :] += each[i] * won
        place[i] += each[i + 1 :].sum(dtype=np.int16) - (each[i + 1 :] * won).sum(
            axis=0, dtype=np.int16
        )
        if ahead.size:
            ahead[i, i + 1 :] += np.count_nonzero(won, axis=1)
    return place


def by_sorting(scores: Reals, size: NDArray[np.uint32], _: Whole) -> Places:
    """Return how many strategies are ahead of each row [row, draw], by sorting each draw."""
    rows, draws = scores.shape
    if scores.dtype == np.float32:
        # No score is negative, so that the bits of larger scores are larger whole numbers.
        keys = (~scores.T.copy().view(np.uint32)).astype(np.uint64) << np.uint64(32)
        keys |= np.arange(rows, dtype=np.uint64)
        keys.sort(axis=1)
        order = (keys & np.uint64(2**32 - 1)).astype(np.intp)
    else:
        order = np.argsort(-scores.T, axis=1, kind="stable")
    ahead = np.zeros((draws, rows), np.int16)
    np.cumsum(size[order[:, :-1]], axis=1, out=ahead[:, 1:])
    place = np.empty((draws, rows), np.int16)
    np.put_along_axis(place, order, ahead, axis=1)
    return place.T


def _add_first(found: Tally, first: NDArray[np.intp], whole: NDArray[np.int32]) -> None:
    """Add weights [block, criterion, draw] to those of who is first [block, draw]."""
    blocks, criteria, _ = whole.shape
    rows = len(found.held)
    cell = (first + np.arange(0, blocks * rows, rows)[:, None]).reshape(-1)
    held = np.bincount(cell, minlength=blocks * rows).reshape(blocks, rows)
    sums = np.empty((blocks, rows, criteria), np.int64)
    for c in range(criteria):
        # Sums of so few whole numbers are exact in double precision.
        each = np.bincount(cell, whole[:, c].reshape(-1), blocks * rows)
        sums[..., c] = each.reshape(blocks, rows)
    found.held[:] += held.sum(axis=0)
    found.held_squares[:] += (held * held).sum(axis=0)
    found.central[:] += sums.sum(axis=0)
    coarse = (sums + (1 << SUMS >> 1)) >> SUMS
    found.squares[:] += (coarse * coarse).sum(axis=0)
    found.products[:] += (coarse * held[..., None]).sum(axis=0)
