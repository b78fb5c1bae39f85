"""Draw everything that is uncertain in a study, and go on drawing where a run stopped."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from assess.checks import check
from assess.model import FrozenDict, Study, StudyError, shown
from assess.simulation.engine import ExecutorError, Sent, Tallies, Task, run, tasks
from assess.simulation.plan import plan
from assess.simulation.result import Simulation
from assess.simulation.target import Ended, checkpoints, largest_error, needed
from assess.version import versions

DRAWS = 10_000
MOST = 1_000_000_000
Ranges = tuple[tuple[int, int], ...]
Progress = Callable[[int, int], None]


def simulate(
    study: Study,
    *,
    draws: int | None = None,
    seed: int = 0,
    target: float | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Simulation:
    """Draw ratings, analysts, absences and weights of a study, for every scenario at once.

    Strategies and scenarios see the same draws. The result depends on the study, the seed, the
    number of draws and the target alone: no executor, number of workers or order of blocks changes
    a byte (C9).

    Args:
        study: loaded by `assess.load`, or built in Python.
        draws: rounded up to whole blocks; 10,000 if none are named. With a target, the most there
            may be: if none are named, as many as any study needs for it.
        seed: of the random numbers.
        target: in (0, 0.5]; stop at the first checkpoint where no first share and no pairwise
            winning share has a larger standard error.
        executor: any `concurrent.futures.Executor`; none draws in this thread.
        progress: called with the draws that are done and the most that there may be.

    Returns:
        The counts, and what they say; `ended` and `stopped` tell why there are no more. Whoever
        interrupts it (Ctrl-C), or an executor that breaks, leaves a sound result of the draws that
        were done; `more` goes on from there.

    Raises:
        StudyError: the study is not sound; lists every problem.
        TypeError: it is no study, or a number is none.
        ValueError: fewer than 1 draw, too many, a negative seed, or a target out of range.

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
    _check_numbers(draws, seed, target)
    most = _most(draws, target, plan(study).block)
    return _drawn(study, seed, _Wanted(most, target), _Made(), executor, progress)


def more(
    simulation: Simulation,
    *,
    draws: int | None = None,
    target: float | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Simulation:
    """Go on with a simulation until it has so many draws, or meets a target.

    It equals one long run; with a target, if the run it goes on from had not yet met it.

    Args:
        simulation: what there is.
        draws: how many there shall be in all, as in `simulate`.
        target: as in `simulate`; judged at the first checkpoint that is not passed yet.
        executor: as in `simulate`.
        progress: as in `simulate`.

    Raises:
        ValueError: there are more draws already, or neither draws nor a target are named.
    """
    if draws is None and target is None:
        raise ValueError("say how many draws there shall be in all, or name a target")
    _check_numbers(draws, simulation.seed, target)
    made = _Made(simulation.blocks, simulation.tallies)
    most = _most(draws, target, plan(simulation.study).block)
    if most < made.end:
        if draws is not None and simulation.draws > draws:
            raise ValueError(f"there are {simulation.draws:,} draws already, more than {draws:,}")
        if draws is not None:
            end = made.end * plan(simulation.study).block
            told = (
                f"the draws up to number {end:,} have gaps: ask for {end:,} or more, not {draws:,}"
            )
            raise ValueError(told)
        most = made.end
    wanted = _Wanted(most, target)
    return _drawn(simulation.study, simulation.seed, wanted, made, executor, progress)


def _check_numbers(draws: int | None, seed: int, target: float | None) -> None:
    for name, given, least, most in (("draws", draws, 1, MOST), ("seed", seed, 0, 2**63 - 1)):
        if given is None:
            continue
        if isinstance(given, bool) or not isinstance(given, int):
            raise TypeError(f"{name} is a whole number, not {shown(given)}")
        if not least <= given <= most:
            raise ValueError(f"{name} lies between {least:,} and {most:,}: {given:,}")
    if target is None:
        return
    if isinstance(target, bool) or not isinstance(target, int | float):
        raise TypeError(f"target is a number, not {shown(target)}")
    if not 0 < target <= 0.5:
        told = "is the largest standard error of a share of draws, above 0 and at most 0.5"
        raise ValueError(f"target {told}; 0.005 is half a percentage point: {target:g}")


def _most(draws: int | None, target: float | None, block: int) -> int:
    """Return how many blocks there may be at most."""
    if draws is None:
        draws = DRAWS if target is None else min(needed(target), MOST)
    return ceil(draws / block)


@dataclass(frozen=True)
class _Wanted:
    """How many blocks there may be at most, and the target, if there is one."""

    blocks: int
    target: float | None


@dataclass(frozen=True)
class _Made:
    """Which blocks there are, as ranges (first, one after the last), and what they come to.

    One value holds both, so that an interruption changes both or neither.
    """

    blocks: Ranges = ()
    tallies: Tallies | None = None

    @property
    def end(self) -> int:
        """One after the last block."""
        return self.blocks[-1][1] if self.blocks else 0

    @property
    def count(self) -> int:
        """How many blocks there are."""
        return sum(last - first for first, last in self.blocks)

    def with_task(self, task: Task, came: Tallies) -> "_Made":
        """Return what there is with another task, which counts once however often it comes."""
        if any(first <= task[0] < last for first, last in self.blocks):
            return self
        found = came if self.tallies is None else self.tallies + came
        blocks = [*self.blocks, *((block, block + 1) for block in task)]
        return _Made(tuple(_joined(sorted(blocks))), found)

    def gaps(self, end: int) -> Iterator[int]:
        """Yield the blocks before an end that are not there yet."""
        edges = [(0, 0), *self.blocks, (max(end, self.end),) * 2]
        for (_, last), (first, _) in pairwise(edges):
            yield from range(last, first)


def _joined(ranges: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield sorted ranges, those that touch as one."""
    first, last = ranges[0]
    for start, end in ranges[1:]:
        if start > last:
            yield first, last
            first = start
        last = end
    yield first, last


def _drawn(
    study: Study,
    seed: int,
    wanted: _Wanted,
    made: _Made,
    executor: Executor | None,
    progress: Progress | None,
) -> Simulation:
    planned, sent = plan(study), Sent(study)

    def done(task: Task, came: Tallies) -> None:
        nonlocal made
        made = made.with_task(task, came)
        if progress:
            progress(made.count * planned.block, wanted.blocks * planned.block)

    try:
        for end in _ends(wanted, made.end):
            todo = tasks(planned, made.gaps(end), end - made.count)
            run(sent, seed, todo, executor, done)
            if wanted.target is not None and _error(made) <= wanted.target:
                break
        ended, stopped = _judged(wanted, made, planned.block)
    except (KeyboardInterrupt, ExecutorError) as error:
        if made.tallies is None:
            raise
        ended, stopped = _cut_short(error, wanted, made, planned.block)
    assert made.tallies is not None
    versions_now = FrozenDict(versions())
    return Simulation(study, seed, made.blocks, made.tallies, stopped, versions_now, ended)


def _ends(wanted: _Wanted, end: int) -> Iterator[int]:
    """Yield the counts of blocks at which a run rests: at checkpoints only if there is a target."""
    if wanted.target is None:
        yield wanted.blocks
        return
    yield from (point for point in checkpoints(wanted.blocks) if point >= end)


def _error(made: _Made) -> float:
    assert made.tallies is not None
    return largest_error(made.tallies.declared.order)


def _judged(wanted: _Wanted, made: _Made, block: int) -> tuple[Ended, str]:
    """Say how a run ended that nobody cut short."""
    if wanted.target is None:
        return "draws", ""
    error, draws = (
        _error(made),
        f"{made.count * block:,} of at most {wanted.blocks * block:,} draws",
    )
    told = f"the largest standard error of a share is {error:.3g}"
    asked = f"{wanted.target:g} was asked for"
    if error <= wanted.target:
        return "target", f"stopped after {draws}: {told}, and {asked}"
    return "draws", f"made {draws}, too few for the target: {told}, and {asked}"


def _cut_short(
    error: KeyboardInterrupt | ExecutorError, wanted: _Wanted, made: _Made, block: int
) -> tuple[Ended, str]:
    """Say how a run ended that was cut short."""
    draws = f"{made.count * block:,} of {wanted.blocks * block:,} draws"
    if isinstance(error, KeyboardInterrupt):
        return "interrupted", f"stopped after {draws}: interrupted"
    return "broken", f"stopped after {draws}: {error}"
