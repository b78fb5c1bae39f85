"""Count blocks of draws by compiled loops, in single precision, to the bits of the plain path."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assess.acceptability.counting import triangular
from assess.acceptability.prepared import BLOCK, FEW, Prepared
from assess.acceptability.streams import Stream, exponentials, starts
from assess.acceptability.tallies import Tally, Whole, nothing

Singles = NDArray[np.float32]
Bits = NDArray[np.uint32]

__all__ = ["Counts", "Room", "count", "counts", "room"]

CHUNK = 256  # draws that are worked on together, so that they stay in a near cache
PART = 64  # the same, where rows are many and sorted


class Counts(NamedTuple):
    """The arrays of a tally, as compiled loops take them."""

    rank: Whole
    ahead: Whole
    held: Whole
    central: Whole
    squares: Whole
    products: Whole
    held_squares: Whole
    total: Whole
    order: Whole


class Room(NamedTuple):
    """Room for a chunk of draws, and for the sums of a block."""

    words: NDArray[np.uint64]
    uniform: Singles
    power: NDArray[np.int32]
    mantissa: NDArray[np.int32]
    weights: Singles
    per_weight: Singles
    whole: NDArray[np.int32]
    first: NDArray[np.int32]
    held: Whole
    central: Whole
    few_words: NDArray[np.uint64]
    few: Singles
    panel: Singles
    scores: Singles
    place: Bits
    tables: Whole
    values: Singles
    row: Singles
    bits: Bits
    keys: Bits
    sorted: Bits
    spare: Bits
    tally: Bits
    turned: NDArray[np.uint16]


def count(prepared: Prepared, stream: Stream, seed: int, blocks: range) -> Tally:
    """Count what some blocks of draws come to."""
    from assess.acceptability import kernels

    found, space, model = nothing(prepared), room(prepared), prepared.model
    into = counts(found)
    weights = np.empty((0, 0), np.float32)
    scores = np.empty((0, 0), np.float32)
    if stream == "splitmix64":
        own = (starts(seed), blocks.start, blocks.stop, prepared.block)
        kernels.count_blocks(*own, weights, scores, model, into, space)
    else:
        for block in blocks:
            one = range(block, block + 1)
            weights = exponentials(stream, seed, one, model.values.shape[1], prepared.block)[0]
            if not prepared.certain:
                scores = triangular(model, stream, seed, block, weights)
            own = (starts(seed), block, block + 1, prepared.block)
            kernels.count_blocks(*own, weights, scores, model, into, space)
    return replace(found, draws=len(blocks) * prepared.block, blocks=len(blocks))


def counts(tally: Tally) -> Counts:
    """Return the arrays of a tally."""
    return Counts(*(getattr(tally, name) for name in Counts._fields))


def room(prepared: Prepared) -> Room:
    """Return room for the chunks of a model."""
    model, (rows, criteria) = prepared.model, prepared.model.values.shape
    chunk = min(CHUNK if prepared.certain else BLOCK, prepared.block)
    part = min(PART if prepared.certain else CHUNK, chunk) if prepared.sorts else chunk
    row = np.empty(rows, np.float32)
    compared, sorts = (0, part) if prepared.sorts else (rows, 0)
    return Room(
        words=np.empty(chunk // 2, np.uint64),
        uniform=np.empty(chunk, np.float32),
        power=np.empty(chunk, np.int32),
        mantissa=np.empty(chunk, np.int32),
        weights=np.empty((criteria, chunk), np.float32),
        per_weight=np.empty(chunk, np.float32),
        whole=np.empty((criteria, chunk), np.int32),
        first=np.zeros(chunk, np.int32),
        held=np.zeros(rows, np.int64),
        central=np.zeros((rows, criteria), np.int64),
        few_words=np.empty(part // 2, np.uint64),
        few=np.empty(part, np.float32),
        panel=np.empty(part, np.float32),
        scores=np.empty((rows, part), np.float32),
        place=np.empty((compared, part), np.uint32),
        tables=np.zeros(
            (4 if 0 < compared <= FEW else 0, compared, int(model.size.sum())), np.int64
        ),
        values=np.ascontiguousarray(model.values.T),
        row=row,
        bits=row.view(np.uint32),
        keys=np.empty(rows, np.uint32),
        sorted=np.empty(rows, np.uint32),
        spare=np.empty(rows, np.uint32),
        tally=np.empty((2, 256), np.uint32),
        turned=np.empty((sorts, rows), np.uint16),
    )
