"""Blocks of draws on any executor: the same bytes whoever draws them, and in whatever order."""

import pickle
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from queue import SimpleQueue
from typing import Any

from assess.model import Study
from assess.simulation import handover, packing
from assess.simulation.block import chance, drawn
from assess.simulation.contrasts import (
    at_bounds,
    at_centre,
    extremes,
    under_equal_weights,
)
from assess.simulation.plan import Plan, plan
from assess.simulation.tally import Bounds, Counted, Order, Tally, tally

EVERY = 8  # block of which other conventions are drawn too
ATTEMPTS = 3
AT_ONCE = 64  # tasks that wait or run, so that a long run does not fill the memory
WORK = 2**21  # numbers in a task: about a quarter of a second, far more than it costs to send one
LEAST = 2**14  # numbers that a block costs however small the study is
SHARES = 32  # tasks that even a short run is cut into, for as many workers
DRAWING = "while drawing block"
Task = tuple[int, ...]


@dataclass(frozen=True)
class Tallies:
    """What some blocks come to, and what every eighth comes to under other conventions.

    Attributes:
        declared: under the conventions of the study.
        independent, halo: if ratings share no errors, or all within a top criterion.
        centre: if each draw takes the panel's centre; nothing where the study does so.
        alike: if weights that nobody elicited are equal; nothing where all were elicited.
        missing: if all that is missing speaks against one and for another; nothing where nothing
            is.
    """

    declared: Tally
    independent: Order | None = None
    halo: Order | None = None
    centre: Order | None = None
    alike: Order | None = None
    missing: Bounds | None = None

    @property
    def orders(self) -> dict[str, Order]:
        """How strategies stand under every convention that was drawn, by its name above."""
        others = {name: getattr(self, name) for name in ("independent", "halo", "centre", "alike")}
        found = {"declared": self.declared.order, **others}
        return {name: order for name, order in found.items() if order is not None}

    def __add__(self, other: "Tallies") -> "Tallies":
        return Tallies(
            self.declared + other.declared,
            _sum(self.independent, other.independent),
            _sum(self.halo, other.halo),
            _sum(self.centre, other.centre),
            _sum(self.alike, other.alike),
            _sum(self.missing, other.missing),
        )

    def __reduce__(self) -> tuple[Callable[[Any], "Tallies"], tuple[Any]]:
        return packing.unpacked, (packing.packed(self),)


def _sum(first: Counted | None, second: Counted | None) -> Counted | None:
    return first + second if first and second else first or second


def draw_block(study: Study, seed: int, block: int) -> Tallies:
    """Draw one block and count what it comes to."""
    made, settings = plan(study), study.method.uncertainty
    numbers = chance(made, settings.stream, seed, block)
    found = drawn(study, made, numbers, settings.errors)
    declared = tally(study, made, found)
    if block % EVERY:
        return Tallies(declared)
    return Tallies(
        declared,
        *extremes(study, made, numbers, found.held),
        at_centre(study, made, numbers, found.held),
        under_equal_weights(study, made, found.held, found.cells),
        at_bounds(study, made, found.held, found.cells),
    )


def draw_blocks(study: Study, seed: int, blocks: Task) -> Tallies:
    """Draw some blocks, and add up what they come to."""
    first, *rest = (draw_block(study, seed, block) for block in blocks)
    for more in rest:
        first = first + more
    return first


@dataclass(frozen=True, eq=False)
class Sent:
    """A study on its way to workers: pickled once, and once unpickled and planned by each process.

    A study with rules of its own goes along whole with every task, because the executor's own
    pickler may know how to send functions that others cannot.
    """

    study: Study

    @cached_property
    def packed(self) -> bytes:
        """The study, pickled."""
        return pickle.dumps(self.study, protocol=pickle.HIGHEST_PROTOCOL)

    def __reduce__(self) -> tuple[Callable[..., "Sent"], tuple[Study | bytes]]:
        if self.study.rules:
            return Sent, (self.study,)
        return unpacked, (self.packed,)


@lru_cache(maxsize=2)
def unpacked(packed: bytes) -> Sent:
    """Return what arrived at a worker; kept, so that only the first task of a study pays for it."""
    return Sent(pickle.loads(packed))


def draw_task(sent: Sent, seed: int, blocks: Task) -> Tallies:
    """Draw some blocks: what a worker does at a time.

    Raises:
        Exception: what a rule raised, with a note that says in which blocks.
    """
    try:
        return draw_blocks(sent.study, seed, blocks)
    except Exception as error:
        error.add_note(f"{DRAWING} {blocks[0]} to {blocks[-1]} with seed {seed}")
        raise


class ExecutorError(RuntimeError):
    """An executor takes no more tasks, or loses one again and again."""


def run(
    sent: Sent,
    seed: int,
    tasks: Iterator[Task],
    executor: Executor | None,
    done: Callable[[Task, Tallies], None],
) -> None:
    """Draw blocks, and hand over what each task comes to as it is finished.

    A task that fails is tried again. Whoever interrupts this may have one task handed over twice.

    Raises:
        KeyboardInterrupt: somebody stopped it; what was handed over before is sound.
        ExecutorError: the same, because the executor gave up.
        Exception: what a rule raised while drawing, at the last attempt.
    """
    if executor is None:
        for task in tasks:
            done(task, draw_task(sent, seed, task))
        return
    running: dict[Future[Tallies], tuple[Task, int]] = {}
    with handover.folder(executor) as where:

        def submit(task: Task) -> Future[Tallies]:
            try:
                return handover.submit(executor, where, draw_task, sent, seed, task)
            except Exception as error:
                raise ExecutorError(_words(error)) from error

        try:
            _keep_going(submit, tasks, running, done)
        except BaseException:
            begun = [future for future in reversed(running) if not future.cancel()]
            for future in begun:
                if _failure(future) is None:
                    done(running[future][0], handover.result(future))
            raise


def _keep_going(
    submit: Callable[[Task], Future[Tallies]],
    tasks: Iterator[Task],
    running: dict[Future[Tallies], tuple[Task, int]],
    done: Callable[[Task, Tallies], None],
) -> None:
    """Submit tasks as others end, until there are none; those in `running` are not ended yet."""
    ended: SimpleQueue[Future[Tallies]] = SimpleQueue()

    def start(task: Task, attempt: int) -> None:
        future = submit(task)
        running[future] = (task, attempt)
        future.add_done_callback(ended.put)

    while True:
        for task in islice(tasks, AT_ONCE - len(running)):
            start(task, 1)
        if not running:
            return
        future = ended.get()
        task, attempt = running[future]
        if (error := _failure(future)) is None:
            done(task, handover.result(future))
        elif attempt == ATTEMPTS:
            raise _told(error)
        del running[future]
        if error is None:
            handover.discard(future)
        else:
            start(task, attempt + 1)


def _failure(future: Future[Tallies]) -> BaseException | None:
    """Return why a task came to nothing; waits for one that runs."""
    try:
        return future.exception()
    except CancelledError as error:
        return error


def _told(error: BaseException) -> BaseException:
    """Return what to raise: what a rule raised as it is, all else as a fault of the executor."""
    if any(note.startswith(DRAWING) for note in getattr(error, "__notes__", ())):
        return error
    broken = ExecutorError(_words(error))
    broken.__cause__ = error
    return broken


def _words(error: BaseException) -> str:
    return str(error) or type(error).__name__


def tasks(made: Plan, blocks: Iterable[int], count: int) -> Iterator[Task]:
    """Yield blocks as tasks; their size is a matter of speed alone, and changes no result.

    Args:
        made: of the study.
        blocks: what is to be drawn.
        count: how many blocks these are.
    """
    worlds, strategies, _ = made.cell.shape
    numbers = made.block * max(worlds * strategies * len(made.groups), len(made.analyst))
    size = max(min(WORK // max(numbers, LEAST), count // SHARES), 1)
    each = iter(blocks)
    while task := tuple(islice(each, size)):
        yield task
