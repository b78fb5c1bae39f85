"""Compiled loops of sampled acceptability; each does the arithmetic of its twin in NumPy, bit by bit.

Only `blocks` imports this module, inside a function, for it needs the extra `fast` (numba). There is
no fast arithmetic and no fused multiply-add here: every product and sum is rounded as in NumPy.
"""

import numpy as np
from numba import njit

from assess.acceptability.streams import (
    BIAS,
    GOLDEN,
    LOG,
    LOG2_HIGH,
    LOG2_LOW,
    MANTISSA,
    MIX_ONE,
    MIX_TWO,
    ROOT,
    UNIT,
)

C0, C1, C2, C3, C4, C5, C6, C7, C8 = LOG
HALF, ONE, LAST, ZERO = np.float32(0.5), np.float32(1), np.float32(127), np.int32(0)
ODD, S23 = np.uint32(1), np.int32(23)
S27, S30, S31, S32 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)
FACES = 256


@njit(cache=True, nogil=True)
def draw_uniforms(key, first, words, out):
    """Fill out [draw] with uniform numbers from word `first` on, two a word."""
    state = key + first * GOLDEN
    for i in range(words.size):
        state += GOLDEN
        z = (state ^ (state >> S30)) * MIX_ONE
        z = (z ^ (z >> S27)) * MIX_TWO
        words[i] = z ^ (z >> S31)
    halves = words.view(np.uint32)
    for i in range(out.size):
        out[i] = np.float32(np.int32((halves[i] >> ODD) | ODD)) * UNIT


@njit(cache=True, nogil=True)
def draw_exponentials(uniform, power, mantissa, out):
    """Fill out [draw] with -log of uniform numbers."""
    bits, parts = uniform.view(np.int32), mantissa.view(np.float32)
    for i in range(out.size):
        power[i] = (bits[i] + BIAS) >> S23
        mantissa[i] = ((bits[i] + BIAS) & MANTISSA) + ROOT
    for i in range(out.size):
        e = LAST - np.float32(power[i])
        x = parts[i] - ONE
        z = x * x
        q = z * z
        a = (C8 + C7 * x) + (C6 + C5 * x) * z
        b = (C4 + C3 * x) + (C2 + C1 * x) * z
        y = (a + (b + C0 * q) * q) * x * z
        y = y - e * LOG2_LOW
        y = y - HALF * z
        out[i] = e * LOG2_HIGH - (x + y)


@njit(cache=True, nogil=True)
def weighted(weights, values, scores):
    """Fill scores [strategy, draw] with sums of weights [criterion, draw] times values."""
    criteria, draws = weights.shape
    fours = criteria - criteria % 4
    for i in range(len(values)):
        row = scores[i]
        row[:] = 0
        for c in range(0, fours, 4):
            v0, v1, v2, v3 = values[i, c], values[i, c + 1], values[i, c + 2], values[i, c + 3]
            w0, w1, w2, w3 = weights[c], weights[c + 1], weights[c + 2], weights[c + 3]
            for d in range(draws):
                row[d] = (((row[d] + w0[d] * v0) + w1[d] * v1) + w2[d] * v2) + w3[d] * v3
        for c in range(fours, criteria):
            v0, w0 = values[i, c], weights[c]
            for d in range(draws):
                row[d] = row[d] + w0[d] * v0


@njit(cache=True, nogil=True)
def place_pairs(scores, size, place, wins):
    """Fill place [strategy, draw] with how many are ahead, and count who is ahead of whom."""
    count, draws = scores.shape
    place[:] = 0
    for i in range(count):
        one, here, mine = scores[i], place[i], size[i]
        for j in range(i + 1, count):
            other, there, theirs = scores[j], place[j], size[j]
            won = 0
            for d in range(draws):
                ahead = one[d] >= other[d]
                there[d] += mine if ahead else ZERO
                here[d] += ZERO if ahead else theirs
                won += ahead
            wins[i, j] += won


@njit(cache=True, nogil=True)
def count_places(place, rank, first):
    """Count who takes which place, and fill first [draw] with who is first."""
    count, draws = place.shape
    for i in range(count):
        here, row = place[i], rank[i]
        for d in range(draws):
            row[here[d]] += 1
            if here[d] == 0:
                first[d] = i


@njit(cache=True, nogil=True)
def shares(weights, grid, total, whole):
    """Fill whole [criterion, draw] with shares of weights in units of 1 / grid."""
    criteria, draws = weights.shape
    total[:] = 0
    for c in range(criteria):
        row = weights[c]
        for d in range(draws):
            total[d] = total[d] + row[d]
    for d in range(draws):
        total[d] = grid / total[d]
    for c in range(criteria):
        row, out = weights[c], whole[c]
        for d in range(draws):
            out[d] = np.int32(row[d] * total[d] + HALF)


@njit(cache=True, nogil=True)
def add_central(first, whole, held, central):
    """Add shares [criterion, draw] to those of who is first."""
    criteria, draws = whole.shape
    for d in range(draws):
        row = central[first[d]]
        held[first[d]] += 1
        for c in range(criteria):
            row[c] += whole[c, d]
