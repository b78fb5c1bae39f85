"""How far a long piece of work is, on stderr: a bar on a terminal, and one line at the end."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

Show = Callable[[int, int], None]


@contextmanager
def progress(what: str, *, quiet: bool = False) -> Iterator[Show | None]:
    """Lend a function to call with how much is done, and with the most that there may be.

    Args:
        what: is counted, in the plural.
        quiet: show nothing.
    """
    if quiet:
        yield None
        return
    last, start = 0, monotonic()
    move, stop = _bar(what) if sys.stderr.isatty() else (None, None)

    def show(done: int, of: int) -> None:
        nonlocal last
        last = done
        if move:
            move(done, of)

    try:
        yield show
    finally:
        if stop:
            stop()
    if last:
        print(f"{last:,} {what} in {monotonic() - start:.1f} s", file=sys.stderr, flush=True)


def _bar(what: str) -> tuple[Show, Callable[[], None]]:
    """Return what moves a bar, with its rate and the time that is left, and what takes it away.

    It comes up at the first move: by then processes are forked, and none inherits its thread.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} {task.description},"),
        TextColumn("{task.fields[rate]:,.0f} a second,"),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    bar, start = Progress(*columns, console=Console(stderr=True), transient=True), monotonic()
    task = bar.add_task(what, total=0, rate=0.0)

    def move(done: int, of: int) -> None:
        rate = done / max(monotonic() - start, 1e-9)
        bar.update(task, completed=done, total=of, rate=rate)
        if not bar.live.is_started:
            bar.start()

    return move, bar.stop
