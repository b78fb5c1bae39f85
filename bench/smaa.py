"""SMAA at the level of arrays: beside one-shot NumPy, other packages, and the random numbers alone.

`python bench/smaa.py 100000000` draws as many once, in one process, and tells its time and peak.
"""

import json
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray
from timing import Line, interleaved, ratio, seconds, show, two_beside_one

from assess.acceptability import Triangles, sample_smaa

ROUNDS = 7
STRATEGIES, CRITERIA, DRAWS = 10, 20, 1_000_448  # 977 blocks
ANALYSTS, UNCERTAIN, CHUNK = 5, 100_352, 2_000
MANY, FEWER = (200, 1000), 10_240
LARGE, LARGEST, SIDE_BY_SIDE = 10_000_000, 100_000_000, 40_000_512
R_DRAWS = 100_000
Floats = NDArray[np.float64]
made = np.random.default_rng(1)


def main() -> None:
    show(
        f"SMAA, one thread, processor time, {ROUNDS} interleaved rounds; made-up values",
        [*one_thread(), *many_strategies(), *uncertain(), *scale()],
    )


def one_thread() -> list[Line]:
    values = made.random((STRATEGIES, CRITERIA))
    ours = partial(sample_smaa, values, draws=DRAWS)
    stream = np.random.Generator(np.random.SFC64(1))
    taken = interleaved(
        {
            "fast": partial(ours, engine="numba"),
            "one-shot": lambda: one_shot(values, DRAWS),
            "exponentials": lambda: stream.standard_exponential((DRAWS, CRITERIA)),
            "plain": partial(ours, engine="numpy"),
            "sfc64": partial(ours, engine="numba", stream="sfc64"),
        },
        ROUNDS,
    )
    base, fast = taken["one-shot"], taken["fast"]
    times, share = ratio(base, fast), ratio(fast, taken["exponentials"])
    plain = ratio(base, taken["plain"])
    size = f"{STRATEGIES} x {CRITERIA} x {DRAWS:,}"
    return [
        Line(f"{size}: NumPy at one go (dirichlet, matmul, argsort, add.at)", median(base)),
        Line("ours, fast; ratio: of one go to it", median(fast), times, "at least 10", times >= 10),
        Line(
            "NumPy's SFC64 draws the exponentials; ratio: ours to it",
            median(taken["exponentials"]),
            share,
            "at most 0.75",
            share <= 0.75,
        ),
        Line(
            "ours, NumPy alone; ratio: of one go to it",
            median(taken["plain"]),
            plain,
            "at least 2",
            plain >= 2,
        ),
        Line(
            "ours, fast, stream sfc64; ratio: of one go to it",
            median(taken["sfc64"]),
            ratio(base, taken["sfc64"]),
        ),
        *peers(values, median(fast)),
    ]


def one_shot(values: Floats, draws: int) -> tuple[NDArray[np.int64], Floats]:
    """Return counts of ranks and sums of central weights, as one writes it down in NumPy.

    Whole numbers are added to whole numbers, which `add.at` does 30 times faster than to reals.
    """
    strategies, criteria = values.shape
    weights = np.random.default_rng(2).dirichlet(np.ones(criteria), draws)
    order = np.argsort(-(weights @ values.T), axis=1)
    counts = np.zeros(strategies * strategies, np.int64)
    np.add.at(counts, (order * strategies + np.arange(strategies)).reshape(-1), 1)
    central = np.zeros((strategies, criteria))
    np.add.at(central, order[:, 0], weights)
    return counts, central


def peers(values: Floats, ours: float) -> list[Line]:
    """Return lines for other packages, scaled up by what one more draw costs."""
    found = []
    for name, run in (("pysensmcda", pysensmcda), ("pymcdm", pymcdm)):
        if find_spec(name) is None:
            found.append(Line(f"{name}: not installed", float("nan")))
            continue
        few, more = 200, 1_000
        call = run(values)
        call(few)
        rounds = [(seconds(partial(call, few)), seconds(partial(call, more))) for _ in range(5)]
        total = median(b - a for a, b in rounds) / (more - few) * DRAWS
        found.append(
            Line(
                f"{name}, a loop, slope of {few} to {more:,} draws; ratio: to fast",
                total,
                total / ours,
            )
        )
    return [*found, r_smaa(values, ours)]


def pysensmcda(values: Floats) -> Callable[[int], object]:
    wsm, smaa2 = import_module("pymcdm.methods").WSM, import_module("pysensmcda.smaa").smaa2

    def run(draws: int) -> object:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # certain values make its confidence factors 1
            return smaa2(wsm(), values, np.ones(CRITERIA), num_samples=draws, seed=1)

    return run


def pymcdm(values: Floats) -> Callable[[int], object]:
    wsm = import_module("pymcdm.methods").WSM
    rrankdata = import_module("pymcdm.helpers").rrankdata

    def loop(draws: int) -> Floats:
        method, types = wsm(), np.ones(CRITERIA)
        counts = np.zeros((STRATEGIES, STRATEGIES))
        for weights in np.random.default_rng(2).dirichlet(np.ones(CRITERIA), draws):
            ranks = rrankdata(method(values, weights, types, validation=False))
            counts[np.arange(STRATEGIES), ranks.astype(int) - 1] += 1
        return counts

    return loop


def r_smaa(values: Floats, ours: float) -> Line:
    """Return the line of R's package smaa, or that it is not there."""
    r = shutil.which("Rscript")
    code = f"""
    suppressMessages(library(smaa))
    N <- {R_DRAWS}; m <- {STRATEGIES}; n <- {CRITERIA}
    given <- c({", ".join(f"{x:.6f}" for x in values.T.reshape(-1))})
    began <- proc.time()
    pref <- matrix(rexp(N * n), N); pref <- pref / rowSums(pref)
    meas <- array(rep(given, each = N), dim = c(N, m, n))
    ranks <- smaa.ranks(smaa.values(meas, pref))
    ra <- smaa.ra(ranks); cw <- smaa.cw(ranks, pref)
    cat(sum((proc.time() - began)[1:2]))
    """
    done = (
        subprocess.run([r, "-e", code], capture_output=True, text=True, check=False) if r else None
    )
    if done is None or done.returncode:
        return Line("R smaa: not installed", float("nan"))
    total = float(done.stdout) * DRAWS / R_DRAWS
    return Line(f"R smaa, {R_DRAWS:,} draws, scaled; ratio: to fast", total, total / ours)


def many_strategies() -> list[Line]:
    found = []
    for strategies in MANY:
        values = made.random((strategies, CRITERIA))
        taken = interleaved(
            {
                "fast": partial(sample_smaa, values, draws=FEWER, engine="numba"),
                "one-shot": partial(one_shot, values, FEWER),
                "plain": partial(sample_smaa, values, draws=FEWER, engine="numpy"),
            },
            ROUNDS,
        )
        base = taken["one-shot"]
        times = ratio(base, taken["fast"])
        found += [
            Line(f"{strategies} x {CRITERIA} x {FEWER:,}: NumPy at one go", median(base)),
            Line(
                "ours, fast; ratio: of one go to it",
                median(taken["fast"]),
                times,
                "at least 4",
                times >= 4,
            ),
            Line(
                "ours, NumPy alone; ratio: of one go to it",
                median(taken["plain"]),
                ratio(base, taken["plain"]),
            ),
        ]
    return found


def uncertain() -> list[Line]:
    low, mode, high = np.sort(made.random((3, ANALYSTS, STRATEGIES, CRITERIA)), axis=0)
    stream = np.random.default_rng(3)

    def chunk() -> object:
        values = stream.triangular(low, mode, high, (CHUNK, *low.shape)).mean(axis=1)
        weights = stream.dirichlet(np.ones(CRITERIA), CHUNK)
        order = np.argsort(-np.einsum("dac,dc->da", values, weights), axis=1)
        return np.bincount((order * STRATEGIES + np.arange(STRATEGIES)).reshape(-1))

    ours = partial(sample_smaa, Triangles(low, mode, high), draws=UNCERTAIN // 10)
    taken = interleaved(
        {
            "fast": partial(ours, engine="numba"),
            "chunk": chunk,
            "plain": partial(ours, engine="numpy"),
        },
        ROUNDS,
    )
    chunked = [each * UNCERTAIN / CHUNK for each in taken["chunk"]]
    fast, plain = ([10 * each for each in taken[name]] for name in ("fast", "plain"))
    times = ratio(chunked, fast)
    size = f"{STRATEGIES} x {CRITERIA} x {ANALYSTS} analysts x {UNCERTAIN:,}, triangles"
    return [
        Line(f"{size}: NumPy, one chunk of {CHUNK:,}, scaled", median(chunked)),
        Line(
            "ours, fast, a tenth, scaled; ratio: of chunks to it",
            median(fast),
            times,
            "at least 30",
            times >= 30,
        ),
        Line(
            "ours, NumPy alone, the same; ratio: of chunks to it",
            median(plain),
            ratio(chunked, plain),
        ),
    ]


def scale() -> list[Line]:
    largest, values = child(LARGEST), made.random((STRATEGIES, CRITERIA))
    draw = partial(sample_smaa, values, engine="numba")
    sizes = {"few": partial(draw, draws=LARGE // 10), "many": partial(draw, draws=LARGE)}
    taken = interleaved(sizes, ROUNDS)
    growth = ratio(taken["many"], taken["few"]) / 10
    rounds = [side_by_side() for _ in range(ROUNDS)]
    ours, bare = (median(each[i] for each in rounds) for i in (0, 1))
    efficiency = median(mine / pure for mine, pure in rounds)
    size = f"{STRATEGIES} x {CRITERIA}"
    return [
        Line(f"{size} x {LARGE // 10:,}", median(taken["few"])),
        Line(
            f"{size} x {LARGE:,}; ratio: time a draw, to that",
            median(taken["many"]),
            growth,
            "at most 1.1",
            growth <= 1.1,
        ),
        Line(f"{size} x {LARGEST:,}, a process of its own", largest["seconds"]),
        Line(
            "peak memory of that process",
            largest["peak"],
            None,
            "under 400",
            largest["peak"] < 400,
            "MB",
        ),
        Line("pure arithmetic: as fast on two processes as on one", bare, unit="x"),
        Line(
            f"{size} x {SIDE_BY_SIDE:,}: the same; ratio: to pure arithmetic",
            ours,
            efficiency,
            "at least 0.85",
            efficiency >= 0.85,
            "x",
        ),
    ]


def child(draws: int) -> Any:
    """Draw in a process of its own; return its time and the most memory it ever held."""
    command = [sys.executable, __file__, str(draws)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def alone(draws: int) -> dict[str, float]:
    """Draw as many in this process; return its time in seconds and its peak in MB."""
    values = np.random.default_rng(1).random((STRATEGIES, CRITERIA))
    sample_smaa(values, draws=1, engine="numba")
    taken = seconds(lambda: sample_smaa(values, draws=draws, engine="numba"))
    return {"seconds": taken, "peak": peak()}


def peak() -> float:
    """Return the most memory this process held, in MB.

    On Linux `getrusage` counts what the process it was forked from held before, hence `status`.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="ascii").splitlines()
        return float(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) / 1e3
    most = getrusage(RUSAGE_SELF).ru_maxrss  # bytes on macOS, kilobytes elsewhere
    return most / (1e6 if sys.platform == "darwin" else 1e3)


def side_by_side() -> tuple[float, float]:
    """Return how much faster two processes are than one: at drawing, and at pure arithmetic."""
    values = np.random.default_rng(1).random((STRATEGIES, CRITERIA))
    return two_beside_one(
        lambda pool: sample_smaa(values, draws=SIDE_BY_SIDE, engine="numba", executor=pool),
        times=30,
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(alone(int(sys.argv[1]))))
    elif os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        command = [sys.executable, __file__]
        environment = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        sys.exit(subprocess.run(command, env=environment, check=False).returncode)
    else:
        main()
