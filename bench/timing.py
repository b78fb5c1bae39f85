"""What the measurements share: interleaved runs, medians, and a table that says its versions."""

import os
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from statistics import median
from time import perf_counter

_PACKAGES = ("numpy", "pandas", "pydantic", "pyarrow", "scikit-criteria")


@dataclass(frozen=True)
class Line:
    """One line of a table: what was measured, and the ratio that a goal bounds."""

    what: str
    seconds: float
    ratio: float | None = None
    goal: str = ""
    met: bool | None = None


def seconds(function: Callable[[], object]) -> float:
    """Return how long one call takes."""
    start = perf_counter()
    function()
    return perf_counter() - start


def interleaved(
    functions: Mapping[str, Callable[[], object]], rounds: int
) -> dict[str, list[float]]:
    """Return the seconds of every function, called in turn so that noise hits them all alike."""
    taken: dict[str, list[float]] = {name: [] for name in functions}
    for _ in range(rounds):
        for name, function in functions.items():
            taken[name].append(seconds(function))
    return taken


def ratio(ours: Sequence[float], baseline: Sequence[float]) -> float:
    """Return the median of the ratios of pairs that ran one after the other."""
    return median(a / b for a, b in zip(ours, baseline, strict=True))


def show(title: str, lines: Sequence[Line]) -> None:
    """Print a table, and the machine and versions that its figures hold for."""
    print(f"{title}\n{machine()}\n")
    print(f"{'what':<58} {'median s':>10} {'ratio':>7}  {'goal':<12} met")
    for line in lines:
        times = "" if line.ratio is None else f"{line.ratio:.2f}"
        met = "" if line.met is None else "yes" if line.met else "NO"
        print(f"{line.what:<58} {line.seconds:>10.4f} {times:>7}  {line.goal:<12} {met}".rstrip())


def machine() -> str:
    """Return cores and versions in one line."""
    found = [f"{name} {_version(name)}" for name in _PACKAGES]
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {', '.join(found)}"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
