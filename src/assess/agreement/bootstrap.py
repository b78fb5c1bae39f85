"""Intervals by resampling units: seeded, the same in every run."""

from collections.abc import Iterator, Sequence

import numpy as np

from assess.agreement.panel import Floats, checked_confidence, counted

__all__ = ["how", "mean_interval", "multiplicities", "resampled"]

# Cells [draw, unit] held at once: few enough to stay in a processor's cache.
_BLOCK = 100_000


def multiplicities(units: int, draws: int, seed: int) -> Iterator[Floats]:
    """Yield how often each unit is drawn, [draw, unit], in blocks; a row sums to the units.

    References:
        Efron (1979), Bootstrap methods: another look at the jackknife,
        doi:10.1214/aos/1176344552.

    >>> [block.sum(axis=1).tolist() for block in multiplicities(3, 2, seed=0)]
    [[3.0, 3.0]]
    """
    if draws < 0:
        raise ValueError(f"the number of draws is 0 (no interval) or more: {draws}")
    random = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    rows = max(1, _BLOCK // units)
    for start in range(0, draws, rows):
        block = min(rows, draws - start)
        drawn = random.integers(units, size=(block, units)) + units * np.arange(block)[:, None]
        counts = np.bincount(drawn.ravel(), minlength=block * units)
        yield counts.reshape(block, units).astype(np.float64)


def mean_interval(
    by_unit: Floats, confidence: float, draws: int, seed: int
) -> tuple[float, float, str]:
    """Return the percentile interval of a mean over units, [unit], and a note."""
    blocks = multiplicities(len(by_unit), draws, seed)
    means = [np.einsum("du,u->d", block, by_unit) / len(by_unit) for block in blocks]
    return resampled(means, len(by_unit), confidence)


def resampled(blocks: Sequence[Floats], units: int, confidence: float) -> tuple[float, float, str]:
    """Return the interval that holds the middle share of what was drawn, and what was left out.

    A draw in which the coefficient is not defined (all its ratings are the same) is left out.

    Args:
        blocks: of [draw], NaN where the coefficient is not defined.
        units: that were resampled; one alone gives no interval.
        confidence: the share.
    """
    tail = (1 - checked_confidence(confidence)) / 2
    if not blocks:
        return np.nan, np.nan, ""
    if units == 1:
        return np.nan, np.nan, "no interval: one unit cannot be resampled"
    values = np.concatenate(blocks)
    defined = values[~np.isnan(values)]
    if not len(defined):
        return np.nan, np.nan, "no interval: no draw has any variation"
    low, high = np.quantile(defined, [tail, 1 - tail]).tolist()
    lost = len(values) - len(defined)
    note = f"{lost} of {counted(len(values), 'draw')} without variation left out"
    return low, high, note if lost else ""


def how(draws: int, seed: int) -> str:
    """Return in words how a bootstrap interval was made.

    >>> how(1000, 0)
    'percentile bootstrap over units, 1000 draws, seed 0'
    """
    return f"percentile bootstrap over units, {draws} draws, seed {seed}" if draws else ""
