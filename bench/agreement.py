"""What Krippendorff's alpha costs on a large panel, beside the package `krippendorff`.

That package is a baseline only, never a dependency (its licence is the GPL): install it by hand into
an environment of its own, with this library beside it.
"""

from collections.abc import Callable
from importlib import import_module, metadata
from importlib.util import find_spec
from statistics import median

import numpy as np
from numpy.typing import NDArray
from timing import Line, interleaved, ratio, show

from assess.agreement import krippendorff_alpha

ROUNDS = 5
GOAL = 5.0
RATERS, UNITS, MISSING, LEVELS = 200, 2_000, 0.3, 101
SCALES = ("interval", "nominal", "ordinal", "ratio")


def main() -> None:
    ratings = made_up()
    ours = {f"ours {s}": alpha(ratings, s, draws=0) for s in SCALES}
    ours["ours interval, 1,000 draws"] = alpha(ratings, "interval", draws=1_000)
    ours["ours ratio, 1,000 draws"] = alpha(ratings, "ratio", draws=1_000)
    ours["ours ordinal, 100 draws"] = alpha(ratings, "ordinal", draws=100)
    there = find_spec("krippendorff") is not None
    theirs = {s: package_alpha(ratings, s) for s in SCALES} if there else {}
    for scale, function in theirs.items():
        apart = abs(function() - ours[f"ours {scale}"]())
        if apart > 1e-9:
            raise SystemExit(f"{scale}: the two alphas differ by {apart:.1g}")
    taken = interleaved({**theirs, **ours}, ROUNDS)

    def line(name: str) -> Line:
        scale = name.removeprefix("ours ").partition(",")[0]
        faster = ratio(taken[scale], taken[name]) if there and name != scale else None
        aimed = faster is not None and name == "ours interval"
        goal, met = (f"at least {GOAL:g}", (faster or 0) >= GOAL) if aimed else ("", None)
        what = name.replace("ours", "alpha,") if name != scale else f"krippendorff, {scale}"
        return Line(what, 1000 * median(taken[name]), faster, goal, met, "ms")

    beside = f"beside krippendorff {metadata.version('krippendorff')}, equal to 1e-9"
    title = f"Alpha, {RATERS} raters x {UNITS:,} units, {LEVELS} levels, {MISSING:.0%} missing"
    alone = "krippendorff is not installed: no ratios"
    show(f"{title}; {ROUNDS} rounds, {beside if there else alone}", [line(n) for n in taken])


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
