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
Places = NDArray[np.signedinteger[Any]]

AT_ONCE = 4  # blocks that are drawn together, for NumPy is slow at small arrays
NUMBERS = 2**20  # scores that are held at once
KEPT = 2**24  # bytes


def count(prepared: Prepared, stream: Stream, seed: int, blocks: range) -> Tally:
    """Count what some blocks of draws come to."""
    _keep_memory()
    found, (rows, criteria) = nothing(prepared), prepared.model.values.shape
    step = max(1, min(AT_ONCE, NUMBERS // (rows * prepared.block)))
    for start in range(blocks.start, blocks.stop, step):
        some = range(start, min(start + step, blocks.stop))
        each = exponentials(stream, seed, some, criteria, prepared.block)
        weights = each.transpose(1, 0, 2).reshape(criteria, -1)
        if prepared.certain:
            scores = weighted(prepared.model.values, weights)
        else:
            drawn = zip(some, each, strict=True)
            parts = [triangular(prepared.model, stream, seed, block, w) for block, w in drawn]
            scores = np.concatenate(parts, axis=1)
        add(found, prepared, weights, scores)
    return replace(found, draws=len(blocks) * prepared.block, blocks=len(blocks))


def _keep_memory() -> None:
    """Let the allocator keep the memory of one step for the next.

    That of glibc hands back to the system what is larger than any array freed before, and asking
    for it again takes as long as the whole work. This array is never written to, so that it costs
    no memory.
    """
    np.empty(KEPT, np.uint8)


def weighted(values: Reals, weights: Singles) -> Reals:
    """Return scores [row, draw], summed criterion by criterion."""
    scores = values[:, 0, None] * weights[0]
    product = np.empty_like(scores)
    for c in range(1, values.shape[1]):
        scores += np.multiply(values[:, c, None], weights[c], out=product)
    return np.asarray(scores)


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
    """Count whole blocks of draws of weights [criterion, draw] and scores [row, draw]."""
    places = found.rank.shape[1]
    place = (by_sorting if prepared.sorts else by_pairs)(scores, prepared.model.size, found.ahead)
    for i, here in enumerate(place):
        found.rank[i] += np.bincount(here, minlength=places)
    if found.order.size:
        code = place[0].astype(np.intp)
        for row in place[1:]:
            code *= places
            code += row
        found.order[:] += np.bincount(code, minlength=found.order.size)
    per_weight = np.float32(GRID) / _sum(weights)
    if not prepared.certain:
        whole = (scores * per_weight + np.float32(0.5)).astype(np.int32)
        found.total[:] += whole.sum(axis=1, dtype=np.int64)
    whole = (weights * per_weight + np.float32(0.5)).astype(np.int32)
    _add_first(found, (place == 0).argmax(axis=0).reshape(-1, prepared.block), whole)


def _sum(weights: Singles) -> Singles:
    """Return the sum of weights in each draw [draw], criterion by criterion."""
    total = weights[0].copy()
    for each in weights[1:]:
        total += each
    return np.asarray(total)


def by_pairs(scores: Reals, size: NDArray[np.uint32], ahead: Whole) -> Places:
    """Return how many strategies are ahead of each row [row, draw], and count it pair by pair.

    A row is ahead of one that stands after it where its score is at least as large.
    """
    places = int(size.sum())
    width = np.dtype(np.int8 if places < 2**7 else np.int16)
    each = size.astype(width)[:, None]
    place = np.zeros(scores.shape, width)
    place += (places - each.cumsum(axis=0)).astype(width)
    for i in range(len(scores) - 1):
        better = scores[i] >= scores[i + 1 :]
        won = better.view(np.int8)
        if places > len(scores):
            place[i + 1 :] += each[i] * won
            place[i] -= (each[i + 1 :] * won).sum(axis=0, dtype=width)
        else:
            place[i + 1 :] += won
            place[i] -= won.sum(axis=0, dtype=width)
        if ahead.size:
            ahead[i, i + 1 :] += [np.count_nonzero(row) for row in better]
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
    """Add weights [criterion, all draws] to those of who is first [block, draw]."""
    blocks, draws = first.shape
    rows, criteria = found.central.shape
    cell = (first + np.arange(0, blocks * rows, rows)[:, None]).reshape(-1)
    held = np.bincount(cell, minlength=blocks * rows).reshape(blocks, rows)
    sums = np.zeros((blocks, rows, criteria), np.int64)
    for b in range(blocks):
        order = np.argsort(first[b].astype(np.int16), kind="stable")
        together = whole[:, b * draws : (b + 1) * draws].take(order, axis=1)
        there = np.flatnonzero(held[b])
        begin = held[b][there].cumsum() - held[b][there]
        sums[b, there] = np.add.reduceat(together, begin, axis=1, dtype=np.int64).T
    found.held[:] += held.sum(axis=0)
    found.held_squares[:] += (held * held).sum(axis=0)
    found.central[:] += sums.sum(axis=0)
    coarse = (sums + (1 << SUMS >> 1)) >> SUMS
    found.squares[:] += (coarse * coarse).sum(axis=0)
    found.products[:] += (coarse * held[..., None]).sum(axis=0)
