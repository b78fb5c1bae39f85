"""What the flips of every weight and pair cost, beside a scan of 1001 weights."""

from itertools import combinations
from statistics import median

import numpy as np
from numpy.typing import NDArray
from timing import Line, interleaved, ratio, show

import assess
from assess.sensitivity import stability
from assess.sensitivity.turning import additive_turns

ROUNDS = 5
STRATEGIES, CRITERIA, STEPS = 10, 20, 1001
GOAL = 1000.0
Array = NDArray[np.float64]


def main() -> None:
    random = np.random.default_rng(7)
    values, weights = random.random((STRATEGIES, CRITERIA)), random.dirichlet(np.ones(CRITERIA))
    ahead, behind, turns = additive_turns(values, weights)
    apart = largest_difference(turns, scan(values, weights, ahead, behind), weights)
    taken = interleaved(
        {
            "scan": lambda: scan(values, weights, ahead, behind),
            "at once": lambda: scan_at_once(values, weights, ahead, behind),
            "closed": lambda: [additive_turns(values, weights) for _ in range(100)],
        },
        ROUNDS,
    )
    closed = [x / 100 for x in taken["closed"]]
    times, at_once = ratio(taken["scan"], closed), ratio(taken["at once"], closed)
    report = assess.evaluate(assess.load("mali"))
    whole = interleaved(
        {"evaluate": lambda: assess.evaluate(report.study), "flips": lambda: stability(report)}, 3
    )
    step = 1 / (STEPS - 1)
    pairs = len(list(combinations(range(STRATEGIES), 2)))
    show(
        f"All {CRITERIA} criteria x {pairs} pairs; {ROUNDS} interleaved rounds, processor time",
        [
            Line("scan: a loop over criteria and 1001 weights", 1000 * median(taken["scan"]),
                 unit="ms"),
            Line("scan: a loop over criteria, weights at once", 1000 * median(taken["at once"]),
                 at_once, "scan to closed form", unit="ms"),
            Line("closed form", 1000 * median(closed), times, f"scan {GOAL:g} x slower",
                 times >= GOAL, "ms"),
            Line("largest difference to the scan, in steps", apart / step, None, "at most 1",
                 apart <= step, ""),
            Line("evaluate: Mali, 11 scenarios", 1000 * median(whole["evaluate"]), unit="ms"),
            Line("stability: all its weights and pairs, two rules no sums",
                 1000 * median(whole["flips"]), ratio(whole["flips"], whole["evaluate"]),
                 unit="ms"),
        ],
    )  # fmt: skip


def scan(values: Array, weights: Array, ahead: NDArray[np.intp], behind: NDArray[np.intp]) -> Array:
    """Return the first weights below and above at which a pair has turned, one weight at a time."""
    found = np.full((2, len(weights), len(ahead)), np.nan)
    for c, now in enumerate(weights.tolist()):
        for weight in np.linspace(0, 1, STEPS).tolist():
            moved = weights * (1 - weight) / (1 - now)
            moved[c] = weight
            totals = values @ moved
            turned = totals[behind] > totals[ahead]
            if weight < now:
                found[0, c, turned] = weight
            else:
                found[1, c, turned & np.isnan(found[1, c])] = weight
    return found


def scan_at_once(
    values: Array, weights: Array, ahead: NDArray[np.intp], behind: NDArray[np.intp]
) -> Array:
    """Return the same, all weights of one criterion in one array."""
    found = np.full((2, len(weights), len(ahead)), np.nan)
    grid = np.linspace(0, 1, STEPS)
    for c, now in enumerate(weights.tolist()):
        moved = weights * ((1 - grid) / (1 - now))[:, None]
        moved[:, c] = grid
        totals = moved @ values.T
        turned = totals[:, behind] > totals[:, ahead]
        below, above = turned & (grid < now)[:, None], turned & (grid > now)[:, None]
        some = below.any(axis=0)
        found[0, c, some] = grid[STEPS - 1 - below[::-1].argmax(axis=0)][some]
        some = above.any(axis=0)
        found[1, c, some] = grid[above.argmax(axis=0)][some]
    return found


def largest_difference(turns: Array, scanned: Array, weights: Array) -> float:
    """Return how far closed form and scan are apart; infinite where only one of them turns."""
    step = 1 / (STEPS - 1)
    now = weights[None, :, None]
    seen = np.isnan(turns) == np.isnan(scanned)
    # What turns within a step of the end of the range shows at no weight of the scan.
    end = np.array([0.0, 1.0])[:, None, None]
    near = (np.abs(turns - end) <= step) | (np.abs(turns - now) <= step)
    if not (seen | near).all():
        return float("inf")
    return float(np.nanmax(np.abs(turns - scanned)))


if __name__ == "__main__":
    main()
