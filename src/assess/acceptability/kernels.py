"""Compiled loops of sampled acceptability, each to the bits of its twin in NumPy.

Only `compiled` imports this module, inside a function, for it needs the extra `fast` (numba). There
is no fast arithmetic and no fused multiply-add here: every product and sum is rounded as in NumPy.
The loops stand in one file, because numba looks at one file to see whether what it keeps of an
outer loop, with the inner ones in it, is still good.
"""

import numpy as np
from numba import njit

from assess.acceptability.streams import (
    GOLDEN,
    LOG,
    LOG2,
    MANTISSA,
    MIX_ONE,
    MIX_TWO,
    ROOT,
    UNIT,
)
from assess.acceptability.tallies import GRID, SUMS

__all__ = [
    "add_central",
    "add_totals",
    "add_weighted",
    "close_block",
    "copy",
    "count_blocks",
    "count_certain",
    "count_part",
    "count_places",
    "count_turned",
    "draw_exponentials",
    "draw_triangles",
    "draw_uniforms",
    "place_falling",
    "place_pairs",
    "shares",
    "sort_falling",
    "sort_scores",
    "sort_weighted",
    "triangle_scores",
    "weighted",
    "weighted_row",
]

C0, C1, C2, C3, C4, C5, C6, C7, C8 = LOG
HALF, ONE, ZERO = np.float32(0.5), np.float32(1), np.int32(0)
ODD, S23 = np.uint32(1), np.int32(23)
S27, S30, S31 = np.uint64(27), np.uint64(30), np.uint64(31)
FACES, FACE = 256, np.uint32(255)
NONE, MORE, LOWER = np.uint32(0), np.uint32(1), np.uint32(2**16 - 1)
B16, B24 = np.uint32(16), np.uint32(24)
CENTRE = 1 << SUMS >> 1
UNITS = np.float32(GRID)


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
        moved = np.int32(bits[i] - ROOT)
        power[i] = moved >> S23
        mantissa[i] = (moved & MANTISSA) + ROOT
    for i in range(out.size):
        e = np.float32(power[i])
        x = parts[i] - ONE
        z = x * x
        q = z * z
        a = (C8 + C7 * x) + (C6 + C5 * x) * z
        b = (C4 + C3 * x) + (C2 + C1 * x) * z
        y = (a + (b + C0 * q) * q) * x * z
        y = y - HALF * z
        out[i] = e * LOG2 - (x + y)


@njit(cache=True, nogil=True)
def weighted(weights, at, values, scores):
    """Fill scores [row, draw] with sums of weights [criterion, draw] times values, from `at` on."""
    criteria, end = values.shape[1], at + scores.shape[1]
    fours = criteria - criteria % 4
    for i in range(len(values)):
        row = scores[i]
        for d in range(row.size):
            row[d] = 0
        for c in range(0, fours, 4):
            v0, v1, v2, v3 = values[i, c], values[i, c + 1], values[i, c + 2], values[i, c + 3]
            w0, w1 = weights[c, at:end], weights[c + 1, at:end]
            w2, w3 = weights[c + 2, at:end], weights[c + 3, at:end]
            for d in range(row.size):
                row[d] = (((row[d] + w0[d] * v0) + w1[d] * v1) + w2[d] * v2) + w3[d] * v3
        for c in range(fours, criteria):
            v0, w0 = values[i, c], weights[c, at:end]
            for d in range(row.size):
                row[d] = row[d] + w0[d] * v0


@njit(cache=True, nogil=True)
def draw_triangles(uniform, low, high, split, left, right, panel):
    """Add values of one analyst [draw] to those of the panel."""
    for d in range(uniform.size):
        u = uniform[d]
        rising = u < split
        root = np.sqrt((u if rising else ONE - u) * (left if rising else right))
        panel[d] = panel[d] + (low + root if rising else high - root)


@njit(cache=True, nogil=True)
def add_weighted(weights, panel, row):
    """Add weights [draw] times values of the panel to scores."""
    for d in range(row.size):
        row[d] = row[d] + weights[d] * panel[d]


@njit(cache=True, nogil=True)
def place_pairs(scores, size, place, ahead):
    """Fill place [row, draw] with how many strategies are ahead, and count it pair by pair."""
    rows, draws = scores.shape
    for i in range(rows):
        for d in range(draws):
            place[i, d] = 0
    for i in range(rows):
        one, here, mine = scores[i], place[i], size[i]
        for j in range(i + 1, rows):
            other, there, theirs = scores[j], place[j], size[j]
            won = ZERO
            for d in range(draws):
                better = one[d] >= other[d]
                there[d] += mine if better else NONE
                here[d] += NONE if better else theirs
                won = np.int32(won + np.int32(better))  # in 32 bits, and so eight at a time
            if ahead.size:
                ahead[i, j] += won


@njit(cache=True, nogil=True)
def count_places(place, rank, tables, order, at, first):
    """Count who takes which place, and whole orders; fill first [draw] from `at` on."""
    rows, draws = place.shape
    ahead_of_all = first[at : at + draws]
    for i in range(rows):
        here, row = place[i], np.int32(i)
        for d in range(draws):
            ahead_of_all[d] = row if here[d] == NONE else ahead_of_all[d]
        if tables.size:
            # Four tables in turn, for adding to one number again and again is slow.
            t0, t1, t2, t3 = tables[0, i], tables[1, i], tables[2, i], tables[3, i]
            for d in range(0, draws, 4):
                t0[here[d]] += 1
                t1[here[d + 1]] += 1
                t2[here[d + 2]] += 1
                t3[here[d + 3]] += 1
        else:
            for d in range(draws):
                rank[i, here[d]] += 1
    if order.size:
        for d in range(draws):
            code = 0
            for i in range(rows):
                code = code * rank.shape[1] + place[i, d]
            order[code] += 1


@njit(cache=True, nogil=True)
def weighted_row(weights, d, values, row):
    """Fill the scores of one draw [row] from values [criterion, row]."""
    criteria = weights.shape[0]
    fours = criteria - criteria % 4
    for i in range(row.size):
        row[i] = 0
    for c in range(0, fours, 4):
        v0, v1, v2, v3 = values[c], values[c + 1], values[c + 2], values[c + 3]
        w0, w1, w2, w3 = weights[c, d], weights[c + 1, d], weights[c + 2, d], weights[c + 3, d]
        for i in range(row.size):
            row[i] = (((row[i] + w0 * v0[i]) + w1 * v1[i]) + w2 * v2[i]) + w3 * v3[i]
    for c in range(fours, criteria):
        v0, w0 = values[c], weights[c, d]
        for i in range(row.size):
            row[i] = row[i] + w0 * v0[i]


@njit(cache=True, nogil=True)
def sort_falling(bits, keys, order, spare, tally):
    """Fill order [row] with rows by falling bits, equals as they stand.

    By the 16 highest bits of how far each is below the largest, in two passes, and by insertion
    where these are equal, which is rare: rows in single precision are well apart.
    """
    low, high = bits[0], bits[0]
    for i in range(bits.size):
        low, high = min(low, bits[i]), max(high, bits[i])
    for i in range(bits.size):
        keys[i] = high - bits[i]
    least, most = tally[0], tally[1]
    shift, reach = np.uint32(0), high - low
    while reach >> shift > LOWER:
        shift += MORE
    for i in range(bits.size):
        order[i] = ((keys[i] >> shift) << B16) | np.uint32(i)
    for face in range(FACES):
        least[face] = most[face] = 0
    for i in range(bits.size):
        least[(order[i] >> B16) & FACE] += MORE
        most[order[i] >> B24] += MORE
    one, two = np.uint32(0), np.uint32(0)
    for face in range(FACES):
        here, there = least[face], most[face]
        least[face], most[face] = one, two
        one, two = one + here, two + there
    for i in range(bits.size):
        packed = order[i]
        face = (packed >> B16) & FACE
        to = least[face]
        least[face] = to + MORE
        spare[to] = packed
    for r in range(bits.size):
        packed = spare[r]
        face = packed >> B24
        to = most[face]
        most[face] = to + MORE
        order[to] = packed
    for r in range(1, bits.size):
        if (order[r] ^ order[r - 1]) <= LOWER:
            packed, q = order[r], r
            while q > 0 and keys[order[q - 1] & LOWER] > keys[packed & LOWER]:
                order[q] = order[q - 1]
                q -= 1
            order[q] = packed
    for r in range(bits.size):
        order[r] &= LOWER


@njit(cache=True, nogil=True)
def place_falling(order, size, place):
    """Fill place [row] with how many strategies are ahead, from the order; return who is first."""
    ahead = 0
    for r in range(order.size):
        place[order[r]] = ahead
        ahead += size[order[r]]
    return order[0]


@njit(cache=True, nogil=True)
def sort_scores(scores, at, first, row, bits, keys, order, spare, tally, size, turned):
    """Fill turned [draw, row] with places by scores [row, draw], and who is first from `at` on."""
    for d in range(len(turned)):
        for i in range(len(scores)):
            row[i] = scores[i, d]
        sort_falling(bits, keys, order, spare, tally)
        first[at + d] = place_falling(order, size, turned[d])


@njit(cache=True, nogil=True)
def sort_weighted(weights, values, at, first, row, bits, keys, order, spare, tally, size, turned):
    """Fill turned [draw, row] with places by weights times values, and who is first."""
    for d in range(len(turned)):
        weighted_row(weights, at + d, values, row)
        sort_falling(bits, keys, order, spare, tally)
        first[at + d] = place_falling(order, size, turned[d])


@njit(cache=True, nogil=True)
def count_turned(turned, rank):
    """Count who takes which place [draw, row]."""
    for i in range(len(rank)):
        row = rank[i]
        for d in range(len(turned)):
            row[turned[d, i]] += 1


@njit(cache=True, nogil=True)
def shares(weights, per_weight, whole):
    """Fill whole [criterion, draw] with shares of weights, in units of 1 / `GRID`."""
    criteria, draws = weights.shape
    for d in range(draws):
        per_weight[d] = 0
    for c in range(criteria):
        row = weights[c]
        for d in range(draws):
            per_weight[d] = per_weight[d] + row[d]
    for d in range(draws):
        per_weight[d] = UNITS / per_weight[d]
    for c in range(criteria):
        row, out = weights[c], whole[c]
        for d in range(draws):
            out[d] = np.int32(row[d] * per_weight[d] + HALF)


@njit(cache=True, nogil=True)
def add_totals(scores, at, per_weight, total):
    """Add scores [row, draw] to their sums, in whole units."""
    rows, draws = scores.shape
    for i in range(rows):
        row, found = scores[i], 0
        for d in range(draws):
            found += np.int32(row[d] * per_weight[at + d] + HALF)
        total[i] += found


@njit(cache=True, nogil=True)
def copy(given, at, into):
    """Copy draws [.., draw], from `at` on."""
    for i in range(len(into)):
        for d in range(into.shape[1]):
            into[i, d] = given[i, at + d]


@njit(cache=True, nogil=True)
def add_central(first, whole, held, central):
    """Add shares of weights [criterion, draw] to those of who is first."""
    criteria, draws = whole.shape
    fours = criteria - criteria % 4
    for d in range(draws):
        row = central[first[d]]
        held[first[d]] += 1
        for c in range(0, fours, 4):
            row[c] += whole[c, d]
            row[c + 1] += whole[c + 1, d]
            row[c + 2] += whole[c + 2, d]
            row[c + 3] += whole[c + 3, d]
        for c in range(fours, criteria):
            row[c] += whole[c, d]


@njit(cache=True, nogil=True)
def close_block(counts, held, central, tables):
    """Add the sums of one block to all, with their squares, and set them to nothing."""
    for i in range(len(held)):
        first, held[i] = held[i], 0
        counts.held[i] += first
        counts.held_squares[i] += first * first
        for c in range(central.shape[1]):
            found, central[i, c] = central[i, c], 0
            coarse = (found + CENTRE) >> SUMS
            counts.central[i, c] += found
            counts.squares[i, c] += coarse * coarse
            counts.products[i, c] += coarse * first
        for t in range(len(tables)):
            for r in range(tables.shape[2]):
                counts.rank[i, r] += tables[t, i, r]
                tables[t, i, r] = 0


@njit(cache=True, nogil=True)
def triangle_scores(start, word, model, at, block, room):
    """Fill the scores of a part of a chunk of draws, values being drawn from their triangles."""
    rows, criteria, analysts = model.low.shape
    end = at + room.panel.size
    for i in range(rows):
        row = room.scores[i]
        for d in range(row.size):
            row[d] = 0
        for c in range(criteria):
            for d in range(row.size):
                room.panel[d] = 0
            for m in range(analysts):
                cell = ((i * criteria + c) * analysts + m) * block // 2
                draw_uniforms(start, word + np.uint64(cell), room.few_words, room.few)
                draw_triangles(
                    room.few,
                    model.low[i, c, m],
                    model.high[i, c, m],
                    model.split[i, c, m],
                    model.left[i, c, m],
                    model.right[i, c, m],
                    room.panel,
                )
            add_weighted(room.weights[c, at:end], room.panel, row)
        for d in range(row.size):
            row[d] = max(row[d], 0)


@njit(cache=True, nogil=True)
def count_part(at, model, counts, room):
    """Count the scores [row, draw] of a part of a chunk of draws."""
    if model.low.size:
        add_totals(room.scores, at, room.per_weight, counts.total)
    if room.turned.size:
        sort_scores(
            room.scores,
            at,
            room.first,
            room.row,
            room.bits,
            room.keys,
            room.sorted,
            room.spare,
            room.tally,
            model.size,
            room.turned,
        )
        count_turned(room.turned, counts.rank)
    else:
        place_pairs(room.scores, model.size, room.place, counts.ahead)
        count_places(room.place, counts.rank, room.tables, counts.order, at, room.first)


@njit(cache=True, nogil=True)
def count_certain(at, model, counts, room):
    """Count a part of a chunk of draws of weights, values being certain."""
    if room.turned.size:
        sort_weighted(
            room.weights,
            room.values,
            at,
            room.first,
            room.row,
            room.bits,
            room.keys,
            room.sorted,
            room.spare,
            room.tally,
            model.size,
            room.turned,
        )
        count_turned(room.turned, counts.rank)
    else:
        weighted(room.weights, at, model.values, room.scores)
        count_part(at, model, counts, room)


@njit(cache=True, nogil=True)
def count_blocks(starts, begin, end, block, weights, scores, model, counts, room):
    """Count blocks of draws, chunk by chunk.

    They are drawn here from the stream "splitmix64", or one block of weights [criterion, draw] is
    given, and of scores [row, draw] where values are uncertain.
    """
    criteria = model.values.shape[1]
    chunk, part = room.weights.shape[1], room.scores.shape[1]
    cells = model.low.size
    for number in range(begin, end):
        for done in range(0, block, chunk):
            if weights.size:
                copy(weights, done, room.weights)
            else:
                for c in range(criteria):
                    word = ((number * criteria + c) * block + done) // 2
                    draw_uniforms(starts[0], np.uint64(word), room.words, room.uniform)
                    draw_exponentials(room.uniform, room.power, room.mantissa, room.weights[c])
            shares(room.weights, room.per_weight, room.whole)
            for at in range(0, chunk, part):
                if cells == 0:
                    count_certain(at, model, counts, room)
                    continue
                if scores.size:
                    copy(scores, done + at, room.scores)
                else:
                    word = (number * cells * block + done + at) // 2
                    triangle_scores(starts[1], np.uint64(word), model, at, block, room)
                count_part(at, model, counts, room)
            add_central(room.first, room.whole, room.held, room.central)
        close_block(counts, room.held, room.central, room.tables)
