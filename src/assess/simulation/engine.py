"""Blocks of draws on any executor: the same bytes whoever draws them, and in whatever order."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from itertools import islice

from assess.model import FULL_HALO, INDEPENDENT, Study
from assess.simulation.block import chance, drawn, totals
from assess.simulation.plan import plan
from assess.simulation.tally import Order, Tally, order, tally

TASK = 4  # blocks that are sent to a worker together
EVERY = 4  # block of which the extreme error structures are drawn too
ATTEMPTS = 3
AT_ONCE = 64  # tasks that wait or run, so that a long run does not fill the memory
Task = tuple[int, ...]


@dataclass(frozen=True)
class Tallies:
    """What some blocks come to, under the declared error structure and at both extremes."""

    declared: Tally
    independent: Order | None
    halo: Order | None

    @property
    def orders(self) -> tuple[Order | None, ...]:
        """How strategies stand under the declared errors, and at both extremes."""
        return self.declared.order, self.independent, self.halo

    def __add__(self, other: "Tallies") -> "Tallies":
        return Tallies(
            self.declared + other.declared,
            _sum(self.independent, other.independent),
            _sum(self.halo, other.halo),
        )


def _sum(first: Order | None, second: Order | None) -> Order | None:
    return first + second if first and second else first or second


def draw_block(study: Study, seed: int, block: int) -> Tallies:
    """Draw one block and count what it comes to."""
    made, settings = plan(study), study.method.uncertainty
    numbers = chance(made, settings.stream, seed, block)

    found = drawn(study, made, numbers, settings.errors)
    declared = tally(study, made, found)
    if block % EVERY:
        return Tallies(declared, None, None)
    extremes = (
        order(totals(study, made, numbers, errors, found.held))
        for errors in (INDEPENDENT, FULL_HALO)
    )
    return Tallies(declared, *extremes)


def draw_blocks(study: Study, seed: int, blocks: Task) -> Tallies:
    """Draw some blocks: what one worker does at a time."""
    first, *rest = (draw_block(study, seed, block) for block in blocks)
    for more in rest:
        first = first + more
    return first


def run(
    study: Study,
    seed: int,
    blocks: Iterable[int],
    executor: Executor | None,
    done: Callable[[Task, Tallies], None],
) -> None:
    """Draw blocks, and hand over what each task comes to as it is finished.

    A task that fails is tried again, and never counted twice.

    Raises:
        KeyboardInterrupt: somebody stopped it; what was handed over before is sound.
        Exception: what a task raised at the last attempt, or a broken executor.
    """
    tasks = _tasks(blocks)
    if executor is None:
        for task in tasks:
            done(task, draw_blocks(study, seed, task))
        return
    running: dict[Future[Tallies], tuple[Task, int]] = {}
    try:
        _keep_going(
            lambda task: executor.submit(draw_blocks, study, seed, task), tasks, running, done
        )
    except BaseException:
        for future, (task, _) in running.items():
            if not future.cancel() and future.exception() is None:
                done(task, future.result())
        raise


def _keep_going(
    submit: Callable[[Task], Future[Tallies]],
    tasks: Iterator[Task],
    running: dict[Future[Tallies], tuple[Task, int]],
    done: Callable[[Task, Tallies], None],
) -> None:
    """Submit tasks as others end, until there are none; those in `running` are not ended yet."""
    while True:
        for task in islice(tasks, AT_ONCE - len(running)):
            running[submit(task)] = (task, 1)
        if not running:
            return
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            task, attempt = running.pop(future)
            if future.exception() is None:
                done(task, future.result())
            elif attempt < ATTEMPTS:
                running[submit(task)] = (task, attempt + 1)
            else:
                future.result()


def _tasks(blocks: Iterable[int]) -> Iterator[Task]:
    each = iter(blocks)
    while task := tuple(islice(each, TASK)):
        yield task
