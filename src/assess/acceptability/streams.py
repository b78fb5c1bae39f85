"""Random numbers of sampled acceptability: named streams, any block of which is drawn alone."""

from collections.abc import Iterator
from math import prod
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "STREAMS",
    "Stream",
    "exponentials",
    "negative_log",
    "rows_of_uniforms",
    "starts",
    "uniforms",
    "words",
]

Words = NDArray[np.uint64]
Singles = NDArray[np.float32]
Stream = Literal["splitmix64", "sfc64"]
STREAMS: tuple[Stream, ...] = get_args(Stream)

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MIX_ONE = np.uint64(0xBF58476D1CE4E5B9)
MIX_TWO = np.uint64(0x94D049BB133111EB)
UNIT = np.float32((1 - 2**-24) * 2**-31)  # keeps the largest uniform number below 1
ROOT = np.int32(0x3F3504F3)  # the bits of the square root of one half
MANTISSA = np.int32(0x7FFFFF)
LOG2 = np.float32(-0.6931471805599453)
# log(1 + x) = x - x^2 / 2 + x^3 times this polynomial, for 1 + x between the roots of 1/2 and of 2.
LOG = tuple(
    np.float32(c)
    for c in (
        7.0376836292e-2,
        -1.1514610310e-1,
        1.1676998740e-1,
        -1.2420140846e-1,
        1.4249322787e-1,
        -1.6668057665e-1,
        2.0000714765e-1,
        -2.4999993993e-1,
        3.3333331174e-1,
    )
)
SMALLEST = np.float32(2**-24)


def starts(seed: int) -> NDArray[np.uint64]:
    """Return where the words of weights begin, and those of values, for a seed [2]."""
    return np.asarray(np.random.SeedSequence(seed).generate_state(2, np.uint64), np.uint64)


def words(start: np.uint64, first: int, count: int) -> Words:
    """Return words [word] of the sequence that begins at start, from the first on.

    It is SplitMix64, whose word number n is a hash of start + (n + 1) times a constant.

    References:
        Steele, Lea and Flood (2014), doi:10.1145/2660193.2660195.

    >>> [int(word) for word in words(np.uint64(1234567), 0, 2)]
    [6457827717110365317, 3203168211198807973]
    """
    z = np.arange(first + 1, first + count + 1, dtype=np.uint64)
    z *= GOLDEN
    z += start
    spare = np.empty_like(z)
    for shift, mix in ((30, MIX_ONE), (27, MIX_TWO)):
        z ^= np.right_shift(z, np.uint64(shift), out=spare)
        z *= mix
    z ^= np.right_shift(z, np.uint64(31), out=spare)
    return z


def uniforms(drawn: Words) -> Singles:
    """Return uniform numbers above 0 and below 1, two a word: its lower half, then its upper.

    Each is the middle of one of 2^30 equal intervals, rounded to 24 bits.

    >>> uniforms(np.array([0, 2**64 - 1], dtype=np.uint64)).tolist()
    [4.6566125955216364e-10, 4.6566125955216364e-10, 0.9999999403953552, 0.9999999403953552]
    """
    halves = drawn.astype("<u8", copy=False).view("<u4").astype(np.uint32, copy=False)
    found = ((halves >> np.uint32(1)) | np.uint32(1)).view(np.int32).astype(np.float32)
    found *= UNIT
    return found


def negative_log(u: Singles) -> Singles:
    """Return -log(u) [...], to within a rounding or two, by sums and products alone.

    Args:
        u: [...], above 0 and below 1.

    References:
        Moshier (1989), Methods and Programs for Mathematical Functions, `logf`.

    >>> negative_log(np.array([0.5, 0.25], dtype=np.float32)).tolist()
    [0.6931471824645996, 1.3862943649291992]
    """
    bits = np.asarray(u, np.float32).view(np.int32) - ROOT
    e = (bits >> np.int32(23)).astype(np.float32)
    bits &= MANTISSA
    bits += ROOT
    x = bits.view(np.float32)
    x -= np.float32(1)
    z = x * x
    y = _polynomial(x, z)
    y *= x
    y *= z
    z *= np.float32(0.5)
    y -= z
    x += y
    e *= LOG2
    e -= x
    return e


def _polynomial(x: Singles, z: Singles) -> Singles:
    """Return the polynomial `LOG` of x, where z is x squared, in an order that takes few steps."""
    c0, c1, c2, c3, c4, c5, c6, c7, c8 = LOG
    q = z * z
    low, spare = c7 * x, c5 * x
    low += c8
    spare += c6
    spare *= z
    low += spare
    high = c3 * x
    high += c4
    np.multiply(c1, x, out=spare)
    spare += c2
    spare *= z
    high += spare
    np.multiply(c0, q, out=spare)
    high += spare
    high *= q
    low += high
    return low


def exponentials(stream: Stream, seed: int, blocks: range, criteria: int, draws: int) -> Singles:
    """Return exponential numbers [block, criterion, draw] of some blocks of so many draws.

    Args:
        stream: its name.
        seed: of the whole run.
        blocks: their numbers, one after the other.
        criteria: how many there are.
        draws: of a block, an even number.
    """
    if stream == "sfc64":
        found = np.empty((len(blocks), criteria, draws), np.float32)
        for block, out in zip(blocks, found, strict=True):
            _generator(seed, block, 0).standard_exponential(out=out, dtype=np.float32)
        return np.maximum(found, SMALLEST, out=found)
    each = criteria * draws // 2
    drawn = words(starts(seed)[0], blocks.start * each, len(blocks) * each)
    return negative_log(uniforms(drawn)).reshape(len(blocks), criteria, draws)


def rows_of_uniforms(
    stream: Stream, seed: int, block: int, rows: int, shape: tuple[int, int, int]
) -> Iterator[Singles]:
    """Yield uniform numbers [criterion, analyst, draw] of one block, row by row."""
    if stream == "sfc64":
        generator = _generator(seed, block, 1)
        for _ in range(rows):
            yield generator.random(shape, dtype=np.float32)
        return
    start, each = starts(seed)[1], prod(shape) // 2
    for row in range(block * rows, (block + 1) * rows):
        yield uniforms(words(start, row * each, each)).reshape(shape)


def _generator(seed: int, block: int, part: int) -> np.random.Generator:
    """Return the generator of the weights of one block, or of its values."""
    sequence = np.random.SeedSequence(seed, spawn_key=(block, part))
    return np.random.Generator(np.random.SFC64(sequence))
