"""Blocks of sampled acceptability on any executor, in NumPy or compiled: the same bytes always."""

from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from importlib.util import find_spec
from itertools import islice
from typing import Literal, get_args

from assess.acceptability import compiled, counting
from assess.acceptability.prepared import Prepared
from assess.acceptability.streams import Stream
from assess.acceptability.tallies import Tally, nothing

__all__ = ["Engine", "chosen", "run", "seconds"]

Engine = Literal["numpy", "numba"]

REPAYS = 0.5  # seconds in NumPy from which on compiled loops are worth loading
TASK = 0.25  # seconds that a worker should be busy with what is sent to it at once
FASTER = 6.0  # how many times compiled loops are faster, roughly
MOST = 4096  # blocks of a task
AT_ONCE = 64  # tasks that wait or run, so that a long run does not fill the memory


def run(
    prepared: Prepared,
    stream: Stream,
    seed: int,
    blocks: range,
    engine: Engine | None,
    executor: Executor | None,
) -> Tally:
    """Count blocks, wherever and in whatever order they are drawn."""
    found, used = nothing(prepared), chosen(prepared, len(blocks), stream, engine)
    tasks = _tasks(blocks, _length(prepared, used))
    if executor is None:
        for task in tasks:
            found = found + count(prepared, stream, seed, task, used)
        return found
    running: set[Future[Tally]] = set()
    try:
        while True:
            for task in islice(tasks, AT_ONCE - len(running)):
                running.add(executor.submit(count, prepared, stream, seed, task, used))
            if not running:
                return found
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                found = found + future.result()
    finally:
        for future in running:
            future.cancel()


def count(prepared: Prepared, stream: Stream, seed: int, blocks: range, engine: Engine) -> Tally:
    """Count what some blocks come to: what one worker does at a time."""
    if engine == "numba":
        return compiled.count(prepared, stream, seed, blocks)
    return counting.count(prepared, stream, seed, blocks)


def chosen(prepared: Prepared, blocks: int, stream: Stream, engine: Engine | None) -> Engine:
    """Return the engine that is asked for, or the one that is sooner done.

    Loops are compiled for single precision alone, so that double precision is left to NumPy.

    Raises:
        ValueError: there is no such engine.
        ImportError: numba is asked for and is not installed.
    """
    if engine is None:
        # Where NumPy draws the values itself, there is little left to compile.
        own = prepared.single and (stream == "splitmix64" or prepared.certain)
        repays = own and blocks * seconds(prepared) > REPAYS
        return "numba" if repays and find_spec("numba") else "numpy"
    if engine not in get_args(Engine):
        raise ValueError(f"there is no engine {engine!r}; there are numba and numpy")
    if engine == "numba" and not find_spec("numba"):
        raise ImportError("the engine numba needs the extra: pip install 'strategy-assess[fast]'")
    return engine if prepared.single else "numpy"


def seconds(prepared: Prepared) -> float:
    """Return about how long one block takes in NumPy."""
    rows, criteria = prepared.model.values.shape
    order = 50.0 if prepared.sorts else 2.5 * rows
    drawn = 16.0 * criteria + 17.0 * prepared.model.low.size
    return float(1e-9 * prepared.block * (drawn + rows * (0.7 * criteria + order)))


def _length(prepared: Prepared, engine: Engine) -> int:
    """Return how many blocks make a task."""
    each = seconds(prepared) / (FASTER if engine == "numba" else 1.0)
    return max(1, min(MOST, int(TASK / each)))


def _tasks(blocks: range, length: int) -> Iterator[range]:
    for start in range(blocks.start, blocks.stop, length):
        yield range(start, min(start + length, blocks.stop))
