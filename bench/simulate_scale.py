"""Memory and time of long simulations: flat in draws, linear in draws, and on two processes.

`python bench/simulate_scale.py 100000000` draws as many once, in one process, and tells its peak.
"""

import json
import subprocess
import sys
from datetime import date
from functools import partial
from resource import RUSAGE_SELF, getrusage
from statistics import median
from typing import Any

from timing import Line, ratio, seconds, show, two_beside_one

import assess
from assess import Analyst, Criterion, Rating, Ratings, Scale, Scenario, Strategy, Study, ValueTree

ROUNDS = 5
FEW, MANY = 1_000_000, 4_000_000
SIDE_BY_SIDE = 40_960
LARGEST, LEAST, GROWTH, FLAT = 400.0, 0.85, 1.1, 1.1


def main() -> None:
    few, many = child(FEW), child(MANY)
    pairs = [linear() for _ in range(ROUNDS)]
    rounds = [side_by_side() for _ in range(ROUNDS)]
    growth = ratio([four / 4 for _, four in pairs], [one for one, _ in pairs])
    ours, bare = (median(each[i] for each in rounds) for i in (0, 1))
    efficiency = median(mine / pure for mine, pure in rounds)
    flat = many["peak"] / few["peak"]
    show(
        "Long simulations of a study of 2 strategies on 2 criteria, and of the Mali example",
        [
            Line(f"peak memory, {FEW:,} draws", few["peak"], unit="MB"),
            Line(
                f"peak memory, {MANY:,} draws",
                many["peak"],
                flat,
                f"at most {FLAT}",
                flat <= FLAT and many["peak"] <= LARGEST,
                "MB",
            ),
            Line(f"processor time, {FEW:,} draws", few["seconds"]),
            Line(f"processor time, {MANY:,} draws", many["seconds"]),
            Line(
                "mali, 40,960 draws; ratio: time a draw, to 10,240 draws",
                median(four for _, four in pairs),
                growth,
                f"at most {GROWTH}",
                growth <= GROWTH,
            ),
            Line("pure arithmetic: as fast on two processes as on one", bare, unit="x"),
            Line(
                f"mali, {SIDE_BY_SIDE:,} draws: the same; ratio: to pure arithmetic",
                ours,
                efficiency,
                f"at least {LEAST}",
                efficiency >= LEAST,
                "x",
            ),
        ],
    )


def child(draws: int) -> Any:
    """Draw in a process of its own; return its time and the most memory it ever held."""
    command = [sys.executable, __file__, str(draws)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def alone(draws: int) -> dict[str, float]:
    """Draw as many in this process; return its time in seconds and its peak in MB."""
    study = smallest()
    taken = seconds(lambda: assess.simulate(study, draws=draws))
    peak = getrusage(RUSAGE_SELF).ru_maxrss  # kilobytes on Linux, bytes on macOS
    return {"seconds": taken, "peak": peak / (1e6 if sys.platform == "darwin" else 1e3)}


def smallest() -> Study:
    """Return a study of two strategies on two criteria, made up."""
    levels = {"one": (60.0, 40.0), "other": (45.0, 55.0)}
    scale = Scale(worst=0, best=100)
    return Study(
        name="made up",
        as_of=date(2026, 6, 30),
        tree=ValueTree(id="pair", criteria={key: Criterion(scale=scale) for key in ("a", "b")}),
        scenarios=(Scenario(id="reference", tree="pair"),),
        strategies={key: Strategy() for key in levels},
        analysts={"ana": Analyst()},
        ratings=Ratings.from_rows(
            Rating(analyst="ana", strategy=key, criterion=criterion, rating=level)
            for key, row in levels.items()
            for criterion, level in zip(("a", "b"), row, strict=True)
        ),
    )


def linear() -> tuple[float, float]:
    """Return the processor time of 10,240 draws and of four times as many, in this thread."""
    study = assess.load("mali")
    assess.simulate(study, draws=256)
    few, many = (partial(assess.simulate, study, draws=n) for n in (10_240, 40_960))
    return seconds(few), seconds(many)


def side_by_side() -> tuple[float, float]:
    """Return how much faster two processes are than one: at drawing, and at pure arithmetic."""
    study = assess.load("mali")
    return two_beside_one(
        lambda pool: assess.simulate(study, draws=SIDE_BY_SIDE, executor=pool), times=8
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(alone(int(sys.argv[1]))))
    else:
        main()
