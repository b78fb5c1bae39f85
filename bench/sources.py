"""What shares of variance of the Mali example cost beside as many draws of a simulation."""

from statistics import median

from timing import Line, interleaved, ratio, show

import assess
from assess.simulation import variance_shares

ROUNDS = 3
DRAWS = 2048


def main() -> None:
    study = assess.load("mali")
    taken = interleaved(
        {
            "simulate": lambda: assess.simulate(study, draws=DRAWS),
            "shares": lambda: variance_shares(study, draws=DRAWS),
            "twice": lambda: variance_shares(study, draws=2 * DRAWS),
        },
        ROUNDS,
    )
    alone, shares, twice = (taken[name] for name in ("simulate", "shares", "twice"))
    lines = [
        Line(f"simulate, {DRAWS:,} draws", median(alone)),
        Line(f"variance_shares, {DRAWS:,} draws", median(shares), ratio(shares, alone)),
        Line(f"variance_shares, {2 * DRAWS:,} draws", median(twice), ratio(twice, shares)),
    ]
    size = "11 scenarios, 5 strategies, 40 leaves, 4 analysts, everything uncertain"
    show(f"Shares of variance, {size}; {ROUNDS} interleaved rounds, processor time", lines)


if __name__ == "__main__":
    main()
