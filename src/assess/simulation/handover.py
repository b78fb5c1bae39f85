"""What processes of this machine come to, handed over in files: only paths go through their pipe.

A process that is killed while it writes a long message leaves half of it in the pipe that all
share, and `concurrent.futures` waits for the other half for ever. A path is written whole or not at
all.
"""

import pickle
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

Found = TypeVar("Found")


@contextmanager
def folder(executor: Executor | None) -> Iterator[Path | None]:
    """Lend a folder for results, where the processes of an executor can reach it."""
    if isinstance(executor, ProcessPoolExecutor) or type(executor).__module__.startswith("loky."):
        with tempfile.TemporaryDirectory(prefix="assess-") as here:
            yield Path(here)
    else:
        yield None


def submit(
    executor: Executor, where: Path | None, function: Callable[..., Found], *arguments: Any
) -> "Future[Found]":
    """Submit a task whose `result` is to be taken from here; through a folder if there is one."""
    if where is None:
        return executor.submit(function, *arguments)
    return cast("Future[Found]", executor.submit(written, where, function, *arguments))


def written(where: Path, function: Callable[..., Any], *arguments: Any) -> Path:
    """Write what a function returns into a new file of a folder, and return its path."""
    found = pickle.dumps(function(*arguments), protocol=pickle.HIGHEST_PROTOCOL)
    with tempfile.NamedTemporaryFile(dir=where, delete=False) as file:
        file.write(found)
    return Path(file.name)


def result(future: "Future[Found]") -> Found:
    """Return what a task came to, from its file if it lies in one; as often as it is asked for.

    Raises:
        Exception: what the task raised.
    """
    found = future.result()
    if isinstance(found, Path):
        content: Found = pickle.loads(found.read_bytes())
        return content
    return found


def discard(future: "Future[Found]") -> None:
    """Delete the file of a task whose result is no longer needed."""
    if isinstance(found := future.result(), Path):
        found.unlink()
