"""What 10,000 draws of the Mali example cost beside a fixed NumPy workload; growth in draws."""

from statistics import median

import numpy as np
from timing import Line, interleaved, ratio, show

import assess

ROUNDS = 5
NUMBERS = 10_000_000


def main() -> None:
    study = assess.load("mali")
    taken = interleaved(
        {
            "numpy": fixed_work,
            "evaluate": lambda: assess.evaluate(study),
            "one": lambda: assess.simulate(study, draws=10_240),
            "four": lambda: assess.simulate(study, draws=40_960),
        },
        ROUNDS,
    )
    lines = [
        Line(f"numpy: {NUMBERS:,} normal numbers drawn and sorted", median(taken["numpy"])),
        Line("evaluate", median(taken["evaluate"])),
        Line("simulate, 10,240 draws", median(taken["one"]), ratio(taken["one"], taken["numpy"])),
        Line("simulate, 40,960 draws", median(taken["four"]), ratio(taken["four"], taken["one"])),
    ]
    size = "11 scenarios, 5 strategies, 40 leaves, 4 analysts, everything uncertain"
    show(f"Simulation, {size}; {ROUNDS} interleaved rounds, processor time", lines)


def fixed_work() -> None:
    """Draw and sort a fixed count of numbers: what this machine is worth today."""
    np.sort(np.random.default_rng(1).standard_normal(NUMBERS))


if __name__ == "__main__":
    main()
