"""Draw everything that is uncertain in a study, and go on drawing where a run stopped."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from math import ceil

from assess.checks import check
from assess.model import FrozenDict, Study, StudyError, shown
from assess.simulation.engine import Tallies, Task, run
from assess.simulation.plan import plan
from assess.simulation.result import Simulation
from assess.version import versions

MOST = 1_000_000_000
Ranges = tuple[tuple[int, int], ...]
Progress = Callable[[int, int], None]


def simulate(
    study: Study,
    *,
    draws: int = 10_000,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Simulation:
    """Draw ratings, analysts, absences and weights of a study, for every scenario at once.

    Strategies and scenarios see the same draws. The result depends on the study, the seed and the
    number of draws alone: no executor, number of workers or order of blocks changes a byte (C9).

    Args:
        study: loaded by `assess.load`, or built in Python.
        draws: rounded up to whole blocks.
        seed: of the random numbers.
        executor: any `concurrent.futures.Executor`; none draws in this thread.
        progress: called with the draws that are done and those that are asked for.

    Returns:
        The counts, and what they say. Whoever interrupts it (Ctrl-C), or an executor that breaks,
        leaves a sound result of the draws that were done; `more` goes on from there.

    Raises:
        StudyError: the study is not sound; lists every problem.
        TypeError: it is no study, or a number is none.
        ValueError: fewer than 1 draw, too many, or a negative seed.

    References:
        Lahdelma and Salminen (2001), SMAA-2, doi:10.1287/opre.49.3.444.11220.

    >>> import assess
    >>> found = simulate(assess.load("mali"), draws=1000, seed=1)
    >>> found.first.sum(axis=-1).round(9).tolist() == [1.0] * len(found.study.scenarios)
    True
    """
    if not isinstance(study, Study):
        raise TypeError(f"simulate takes a Study, not {shown(study)}")
    if problems := check(study):
        raise StudyError(problems)
    _check_numbers(draws, seed)
    return _drawn(study, seed, draws, (), None, executor, progress)


def more(
    simulation: Simulation,
    *,
    draws: int,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Simulation:
    """Go on with a simulation until it has so many draws; it equals one long run.

    Args:
        simulation: what there is.
        draws: how many there shall be in all, rounded up to whole blocks.
        executor: as in `simulate`.
        progress: as in `simulate`.

    Raises:
        ValueError: there are more draws already.
    """
    _check_numbers(draws, simulation.seed)
    size = plan(simulation.study).block
    if ceil(draws / size) < simulation.blocks[-1][1]:
        raise ValueError(f"there are {simulation.draws:,} draws already, more than {draws:,}")
    return _drawn(
        simulation.study,
        simulation.seed,
        draws,
        simulation.blocks,
        simulation.tallies,
        executor,
        progress,
    )


def _check_numbers(draws: int, seed: int) -> None:
    for name, given, least, most in (("draws", draws, 1, MOST), ("seed", seed, 0, 2**63 - 1)):
        if isinstance(given, bool) or not isinstance(given, int):
            raise TypeError(f"{name} is a whole number, not {shown(given)}")
        if not least <= given <= most:
            raise ValueError(f"{name} lies between {least:,} and {most:,}: {given:,}")


def _drawn(
    study: Study,
    seed: int,
    draws: int,
    have: Ranges,
    tallies: Tallies | None,
    executor: Executor | None,
    progress: Progress | None,
) -> Simulation:
    size = plan(study).block
    wanted = ceil(draws / size)
    finished = {block for first, last in have for block in range(first, last)}
    found, stopped = tallies, ""

    def done(task: Task, came: Tallies) -> None:
        nonlocal found
        found = came if found is None else found + came
        finished.update(task)
        if progress:
            progress(len(finished) * size, wanted * size)

    todo = (block for block in range(wanted) if block not in finished)
    try:
        run(study, seed, list(todo), executor, done)
    except (KeyboardInterrupt, OSError, RuntimeError) as error:
        if found is None:
            raise
        told = f"stopped after {len(finished) * size:,} of {wanted * size:,} draws"
        stopped = f"{told}: {_why(error)}"
    assert found is not None
    ranges = tuple(_ranges(sorted(finished)))
    return Simulation(study, seed, ranges, found, stopped, FrozenDict(versions()))


def _why(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return "interrupted"
    return str(error) or type(error).__name__


def _ranges(blocks: list[int]) -> Iterator[tuple[int, int]]:
    """Yield runs of numbers that follow one another (first, one after the last)."""
    start = 0
    for i, block in enumerate(blocks):
        if i + 1 == len(blocks) or blocks[i + 1] != block + 1:
            yield blocks[start], block + 1
            start = i + 1
