"""What Krippendorff's alpha costs on a large panel, beside the package `krippendorff`.

That package is a baseline only, never a dependency (its licence is the GPL): install it by hand
into an environment of its own, with this library beside it.
"""

from collections.abc import Callable
from importlib import import_module, metadata
from importlib.util import find_spec
from statistics import median

import numpy as np
from numpy.typing import NDArray
from timing import Line, interleaved, ratio, show

from assess.agreement import krippendorff_alpha

ROUNDS = 11
GOAL = 5.0
RATERS, UNITS, MISSING, LEVELS = 200, 2_000, 0.3, 101
DRAWS = 1_000
SCALES = ("interval", "nominal", "ordinal", "ratio")


def main() -> None:
    ratings = made_up()
    there = find_spec("krippendorff") is not None
    functions: dict[str, Callable[[], float]] = {}
    for scale in SCALES:
        functions[f"alpha, {scale}"] = alpha(ratings, scale, draws=0)
        functions[f"alpha, {scale}, {DRAWS:,} draws"] = alpha(ratings, scale, draws=DRAWS)
        if there:
            functions[f"krippendorff, {scale}"] = package_alpha(ratings, scale)
            differ(scale, functions[f"krippendorff, {scale}"](), functions[f"alpha, {scale}"]())
    taken = interleaved(functions, ROUNDS)

    def line(name: str) -> Line:
        baseline = f"krippendorff, {name.split(', ')[1]}"
        faster = ratio(taken[baseline], taken[name]) if there and name != baseline else None
        aimed = faster is not None and name == "alpha, interval"
        goal, met = (f"at least {GOAL:g}", (faster or 0) >= GOAL) if aimed else ("", None)
        return Line(name, 1000 * median(taken[name]), faster, goal, met, "ms")

    beside = "krippendorff is not installed: no ratios"
    if there:
        beside = f"beside krippendorff {metadata.version('krippendorff')}, equal to 1e-9"
    title = f"Alpha, {RATERS} raters x {UNITS:,} units, {LEVELS} levels, {MISSING:.0%} missing"
    show(f"{title}; {ROUNDS} rounds, {beside}", [line(name) for name in taken])


def differ(scale: str, theirs: float, ours: float) -> None:
    """End the run if the two programs do not compute the same."""
    if abs(theirs - ours) > 1e-9:
        raise SystemExit(f"{scale}: {theirs} by krippendorff, {ours} by this library")


def made_up() -> NDArray[np.float64]:
    """Return levels 1 to 101 around a truth for each unit, NaN where missing."""
    random = np.random.default_rng(1)
    truth = random.random(UNITS)
    judged = np.clip(truth + random.normal(0, 0.15, (RATERS, UNITS)), 0, 1)
    levels = np.round(judged * (LEVELS - 1)) + 1
    return np.where(random.random(levels.shape) < MISSING, np.nan, levels)


def alpha(ratings: NDArray[np.float64], level: str, draws: int) -> Callable[[], float]:
    return lambda: float(krippendorff_alpha(ratings, level=level, draws=draws))


def package_alpha(ratings: NDArray[np.float64], level: str) -> Callable[[], float]:
    function = import_module("krippendorff").alpha
    return lambda: float(function(reliability_data=ratings, level_of_measurement=level))


if __name__ == "__main__":
    main()
