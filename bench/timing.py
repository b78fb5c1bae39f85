"""What the measurements share: interleaved runs, medians, and a table that says its versions."""

import os
import platform
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from statistics import median
from time import perf_counter, process_time

import numpy as np

_PACKAGES = (
    "numpy",
    "numba",
    "pandas",
    "pydantic",
    "pyarrow",
    "pymcdm",
    "pysensmcda",
    "scikit-criteria",
)


@dataclass(frozen=True)
class Line:
    """One line of a table: what was measured, in seconds or another unit, and the goal.

    Attributes:
        what: was measured.
        median: of all rounds.
        ratio: to the baseline, or the baseline to it; the goal says which.
        goal: in words.
        met: whether the goal is reached; None where the line has none.
        unit: of the median.
    """

    what: str
    median: float
    ratio: float | None = None
    goal: str = ""
    met: bool | None = None
    unit: str = "s"


def seconds(function: Callable[[], object]) -> float:
    """Return the processor time of one call, which other programs on the machine hardly change."""
    start = process_time()
    function()
    return process_time() - start


def interleaved(
    functions: Mapping[str, Callable[[], object]], rounds: int
) -> dict[str, list[float]]:
    """Return the seconds of every function, called in turn so that noise hits all of them alike."""
    for function in functions.values():
        function()
    taken: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(rounds):
        for name, function in functions.items():
            taken[name].append(seconds(function))
    return taken


def clock(function: Callable[[], object]) -> float:
    """Return the seconds that one call takes by the clock: what somebody waits for."""
    start = perf_counter()
    function()
    return perf_counter() - start


def two_beside_one(work: Callable[[Executor], object], times: int) -> tuple[float, float]:
    """Return how much faster two processes are than one: at some work, and at pure arithmetic.

    By the clock, after a run that warms up. The four runs follow one another at once, so that other
    programs disturb them alike.

    Args:
        work: done by an executor.
        times: how long the arithmetic takes, so that it takes about as long.
    """
    with ProcessPoolExecutor(1) as one, ProcessPoolExecutor(2) as two:
        for _ in range(2):
            worked = [clock(partial(work, pool)) for pool in (one, two)]
            pure = [clock(partial(_computed, pool, times)) for pool in (one, two)]
    return worked[0] / worked[1], pure[0] / pure[1]


def _computed(pool: Executor, times: int) -> list[float]:
    """Do two equal pieces of arithmetic in a pool of processes."""
    return list(pool.map(_arithmetic, [times, times]))


def _arithmetic(times: int) -> float:
    """Compute in the cache of one core, and hand over one number."""
    values = np.arange(1.0, 20_001.0)
    for _ in range(2_000 * times):
        values = np.sqrt(values * values + 1.0)
    return float(values.sum())


def ratio(ours: Sequence[float], baseline: Sequence[float]) -> float:
    """Return the median of the ratios of pairs that ran one after the other."""
    return median(a / b for a, b in zip(ours, baseline, strict=True))


def show(title: str, lines: Sequence[Line]) -> None:
    """Print a table, and the class of machine and the versions that its figures hold for."""
    versions = ", ".join(f"{name} {_version(name)}" for name in _PACKAGES)
    print(f"{title}\n{os.cpu_count()} cores, Python {platform.python_version()}, {versions}\n")
    print(f"{'what':<62} {'median':>10}    {'ratio':>7}  {'goal':<18} met")
    for line in lines:
        times = "" if line.ratio is None else f"{line.ratio:.2f}"
        met = "" if line.met is None else "yes" if line.met else "NO"
        middle = f"{line.median:.0f}" if line.unit == "MB" else f"{line.median:.3f}"
        text = f"{line.what:<62} {middle:>10} {line.unit:<2} {times:>7}  {line.goal:<18} {met}"
        print(text.rstrip())
    print()


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
