"""What the worth of finding out every criterion and rating costs beside the simulation itself."""

from statistics import median

from timing import Line, interleaved, ratio, show

import assess
from assess.simulation import information_worth

ROUNDS, DRAWS, GOAL = 3, 102_400, 5.0


def main() -> None:
    study = assess.load("mali")
    taken = interleaved(
        {
            "simulate": lambda: assess.simulate(study, draws=DRAWS),
            "worth": lambda: information_worth(study, draws=DRAWS),
        },
        ROUNDS,
    )
    times = ratio(taken["worth"], taken["simulate"])
    lines = [
        Line(f"simulate, {DRAWS:,} draws", median(taken["simulate"])),
        Line(
            "worth of every criterion, rating and view, as many draws",
            median(taken["worth"]),
            times,
            f"under {GOAL:g}",
            times < GOAL,
        ),
    ]
    size = "5 strategies, 40 leaves, 4 analysts, everything uncertain"
    show(f"Value of information, {size}; {ROUNDS} interleaved rounds, processor time", lines)


if __name__ == "__main__":
    main()
