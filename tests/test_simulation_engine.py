"""Simulation on real executors: the same bytes, stops at a target, deaths, Ctrl-C, progress."""

import multiprocessing
import os
import pickle
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.model import Choice, Study
from assess.simulation import Simulation, engine, handover, more, packing, simulate
from assess.simulation.engine import Sent, draw_blocks, tasks
from assess.simulation.plan import plan
from assess.simulation.tally import SHARE, Order
from assess.simulation.target import checkpoints, largest_error, needed
from tests import small

DRAWS = 12_000
posix = pytest.mark.skipif(os.name != "posix", reason="signals and terminals of POSIX")


def rivals() -> Study:
    """Return the small study with two strategies that come close."""
    close: dict[str, float | str] = {"deaths": 420, "trust": 58, "upkeep": 44, "conduct": "all"}
    return small.study(small.rows({**small.LEVELS, "build": close}))


@pytest.fixture(scope="module")
def study() -> Study:
    return rivals()


@pytest.fixture(scope="module")
def alone(study: Study) -> Simulation:
    """Return what one thread draws."""
    return simulate(study, draws=DRAWS, seed=11)


# Executors


@contextmanager
def threads() -> Iterator[Executor]:
    with ThreadPoolExecutor(3) as executor:
        yield executor


@contextmanager
def spawned() -> Iterator[Executor]:
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as executor:
        yield executor


@contextmanager
def forked() -> Iterator[Executor]:
    if "fork" not in multiprocessing.get_all_start_methods():
        pytest.skip("no fork on this system")
    with ProcessPoolExecutor(2, multiprocessing.get_context("fork")) as executor:
        yield executor


@contextmanager
def loky() -> Iterator[Executor]:
    executor = pytest.importorskip("loky").get_reusable_executor(max_workers=2)
    yield executor
    executor.shutdown(wait=True)


@contextmanager
def dask_client(processes: bool) -> Iterator[Any]:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=processes,
            dashboard_address=":0",  # any free port: tests run beside one another
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@contextmanager
def dask_processes() -> Iterator[Executor]:
    with dask_client(processes=True) as client:
        yield client.get_executor(pure=False)


@contextmanager
def dask_threads() -> Iterator[Executor]:
    with dask_client(processes=False) as client:
        yield client.get_executor(pure=False)


def content(counted: Any) -> list[Any]:
    """Return the bytes of everything that was counted."""
    if isinstance(counted, np.ndarray):
        return [counted.dtype.str, counted.shape, counted.tobytes()]
    if is_dataclass(counted):
        return [content(getattr(counted, field.name)) for field in fields(counted)]
    return [counted]


def flattened(parts: list[Any]) -> Iterator[Any]:
    """Yield what lies in lists within lists."""
    for part in parts:
        yield from flattened(part) if isinstance(part, list) else (part,)


EXECUTORS = (threads, spawned, forked, loky, dask_processes, dask_threads)


@pytest.mark.long
@pytest.mark.parametrize("pool", EXECUTORS, ids=lambda pool: pool.__name__)
def test_every_executor_gives_the_same_bytes(
    pool: Callable[[], Any], study: Study, alone: Simulation
) -> None:
    with pool() as executor:
        found = simulate(study, draws=DRAWS, seed=11, executor=executor)
    assert found == alone
    assert content(found.tallies) == content(alone.tallies)
    assert (found.ended, found.stopped) == ("draws", "")


class Backwards(Executor):
    """Ends tasks in the reverse of the order in which they were submitted, once so many wait."""

    def __init__(self, many: int) -> None:
        self.many = many
        self.waiting: list[Callable[[], None]] = []

    def submit(self, function: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        """Keep a task until there are enough, or the last one has come."""
        future: Future[Any] = Future()
        self.waiting.append(lambda: future.set_result(function(*arguments, **named)))
        if len(self.waiting) == self.many:
            while self.waiting:
                self.waiting.pop()()
        return future


def test_the_order_in_which_blocks_end_changes_nothing(study: Study) -> None:
    """16 tasks of one block between checkpoints, ended last first."""

    def found(executor: Executor | None) -> Simulation:
        return simulate(study, draws=48 * 256, seed=3, target=0.001, executor=executor)

    assert found(Backwards(16)) == found(None)


@given(st.integers(0, 500), st.integers(1, 2**24), st.integers(1, 60))
def test_tasks_are_all_blocks_in_their_order_whatever_their_size(
    count: int, work: int, shares: int
) -> None:
    made = plan(small.study())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "WORK", work)
        patch.setattr(engine, "SHARES", shares)
        found = list(tasks(made, range(count), count))
    assert [block for task in found for block in task] == list(range(count))
    assert len({len(task) for task in found[:-1]}) <= 1


def test_the_size_of_tasks_changes_no_byte(
    study: Study, alone: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "SHARES", 3)
    assert len(next(tasks(plan(study), range(47), 47))) == 15
    assert simulate(study, draws=DRAWS, seed=11) == alone


def test_a_long_run_of_a_small_study_is_sent_in_large_tasks(study: Study) -> None:
    sizes = {len(next(tasks(plan(study), range(n), n))) for n in (1, 20)}
    assert sizes == {1}
    assert len(next(tasks(plan(study), range(100_000), 100_000))) > 50


def test_a_study_is_unpacked_and_planned_once_in_a_process(study: Study) -> None:
    parcel = pickle.dumps(Sent(study))
    first, second = pickle.loads(parcel), pickle.loads(pickle.dumps(Sent(study)))
    assert first is second
    assert first.study == study
    assert plan(first.study) is plan(second.study)


def test_counts_travel_in_few_bytes_and_arrive_as_they_were(study: Study) -> None:
    found = draw_blocks(study, 1, tuple(range(8)))
    parcel = pickle.dumps(found)
    assert content(pickle.loads(parcel)) == content(found)
    assert not pickle.loads(parcel).declared.total.flags.writeable
    whole = sum(len(part) for part in flattened(content(found)) if isinstance(part, bytes))
    assert 4 * len(parcel) < whole


@given(
    st.lists(st.integers(-(2**63), 2**63 - 1), max_size=5)
    | st.lists(st.sampled_from([0, 127, 128, -128, -129, 2**15, 2**31 - 1, 2**31]), max_size=5)
)
def test_any_whole_numbers_arrive_as_they_were(numbers: list[int]) -> None:
    counts = np.array(numbers, dtype=np.int64)
    assert content(packing.unpacked(packing.packed(counts))) == content(counts)


def failing(values: Any, weights: Any) -> Any:
    """Be a rule that fails once it is held against more than one draw."""
    if np.ndim(values) > 1 and np.shape(values)[-2] > 8:
        raise RuntimeError("no rule for that")
    return (values * weights).sum(axis=-1) / weights.sum(axis=-1)


def lowest(values: Any, weights: Any) -> Any:
    """Be a rule of a user's own."""
    return np.where(weights > 0, values, np.inf).min(axis=-1)


def with_rule(function: Callable[..., Any]) -> Study:
    tree = small.tree()
    means = tree.criteria["means"].model_copy(update={"rule": Choice(name="mine")})
    criteria = {**tree.criteria, "means": means}
    return small.study(tree=small.tree(criteria=criteria), rules={"mine": function})


def test_a_study_with_a_rule_of_its_own_goes_along_with_every_task() -> None:
    own = with_rule(lowest)
    assert pickle.loads(pickle.dumps(Sent(own))).study == own
    with forked() as executor:
        found = simulate(own, draws=2000, seed=1, executor=executor)
    assert found == simulate(own, draws=2000, seed=1)


@pytest.mark.parametrize("pool", [None, threads, forked])
def test_what_a_rule_raises_is_raised_and_says_in_which_blocks(
    pool: Callable[[], Any] | None,
) -> None:
    with pool() if pool else nullcontext() as executor:
        with pytest.raises(RuntimeError, match="no rule for that") as raised:
            simulate(with_rule(failing), draws=1000, seed=5, executor=executor)
        assert not isinstance(raised.value, engine.ExecutorError)
        notes = raised.value.__notes__
    assert re.fullmatch(r"while drawing block \d to \d with seed 5", notes[0])


# A run that stops at a target


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_checkpoints_are_the_same_in_runs_of_any_length(one: int, other: int) -> None:
    short, long = (list(checkpoints(most)) for most in sorted((one, other)))
    assert short == sorted(set(short))
    assert short[:-1] == long[: len(short) - 1]
    assert short[-1] == min(one, other)
    steps = np.diff([0, *long])
    assert (steps <= np.maximum(16, np.array([0, *long[:-1]]) // 8)).all()


def counted(draws: int, hits: int) -> Order:
    """Return an order of two strategies, the first ahead in so many draws and else behind."""
    rank = np.array([[[hits, draws - hits], [draws - hits, hits]]]) * SHARE
    ahead = np.array([[hits]])
    margin = np.zeros((1, 1, 800), dtype=np.int64)
    return Order(draws, rank, ahead, draws - ahead, ahead, draws - ahead, margin)


def test_the_largest_error_by_hand() -> None:
    """(48 + 2) / (96 + 4) is a half, error 0.05; (0 + 2) / 100 has sqrt(0.02 x 0.98 / 100)."""
    assert largest_error(counted(96, 48)) == pytest.approx(0.05)
    assert largest_error(counted(96, 0)) == pytest.approx(0.014)
    ties = counted(96, 48)
    none = 0 * ties.ahead
    tied = Order(96, ties.rank, none, none, none, none, ties.margin)
    assert largest_error(tied) == pytest.approx(0.05)


@given(st.floats(0.004, 0.5), st.floats(0, 1), st.integers(0, 1000))
def test_the_draws_that_are_needed_reach_the_target(target: float, at: float, over: int) -> None:
    draws = needed(target) + over
    assert 0 < largest_error(counted(draws, round(at * draws))) <= target


TARGET = 0.0055


def test_a_run_stops_at_the_first_checkpoint_that_meets_its_target(study: Study) -> None:
    found = simulate(study, draws=20_000, seed=2, target=TARGET)
    ends = list(checkpoints(79))
    errors = [largest_error(simulate(study, draws=256 * n, seed=2).order) for n in ends]
    first = next(n for n, error in zip(ends, errors, strict=True) if error <= TARGET)
    assert ends[0] < first < ends[-1]
    assert found == simulate(study, draws=256 * first, seed=2)
    assert found.ended == "target"
    assert found.stopped == (
        f"stopped after {256 * first:,} of at most 20,224 draws: the largest standard error of a "
        f"share is {errors[ends.index(first)]:.3g}, and 0.0055 was asked for"
    )
    assert found.stopped[1:] in " ".join(str(found).split())


def test_a_target_that_the_most_draws_do_not_meet_is_told(study: Study) -> None:
    found = simulate(study, draws=5000, seed=2, target=0.001)
    assert found == simulate(study, draws=5000, seed=2)
    assert found.ended == "draws"
    assert found.stopped == (
        "made 5,120 of at most 5,120 draws, too few for the target: the largest standard error of "
        f"a share is {largest_error(found.order):.3g}, and 0.001 was asked for"
    )


def test_a_target_alone_is_always_met(study: Study) -> None:
    found = simulate(study, seed=2, target=0.02)
    assert found.ended == "target"
    assert found.draws == 768


@pytest.mark.parametrize("pool", [threads, forked], ids=lambda pool: pool.__name__)
def test_a_run_stops_at_the_same_draw_on_any_executor(
    pool: Callable[[], Any], study: Study
) -> None:
    with pool() as executor:
        found = simulate(study, seed=2, target=TARGET, executor=executor)
    one = simulate(study, seed=2, target=TARGET)
    assert (found, found.stopped) == (one, one.stopped)


@settings(max_examples=8)
@given(st.integers(1, 30))
def test_a_run_continued_with_a_target_stops_where_one_long_run_does(blocks: int) -> None:
    study = rivals()
    once = simulate(study, draws=20_000, seed=2, target=TARGET)
    short = simulate(study, draws=256 * blocks, seed=2)
    assert more(short, draws=20_000, target=TARGET) == once
    looser = simulate(study, draws=20_000, seed=2, target=2 * TARGET)
    again = more(looser, draws=20_000, target=TARGET)
    assert (again, again.stopped) == (once, once.stopped)


def test_a_target_already_met_adds_no_draw(alone: Simulation) -> None:
    found = more(alone, target=0.4)
    assert (found, found.ended) == (alone, "target")


class Mortal(ThreadPoolExecutor):
    """Takes so many tasks, and then none."""

    def __init__(self, tasks: int) -> None:
        super().__init__(2)
        self.left = tasks

    def submit(self, function: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        """Take a task, while it can."""
        if not self.left:
            raise RuntimeError("the machine went away")
        self.left -= 1
        return super().submit(function, *arguments, **named)


@settings(max_examples=8)
@given(st.integers(1, 40))
def test_a_run_that_breaks_on_its_way_to_a_target_goes_on_to_the_same_bytes(tasks: int) -> None:
    study = rivals()
    once = simulate(study, draws=20_000, seed=2, target=TARGET)
    with Mortal(tasks) as executor:
        broken = simulate(study, draws=20_000, seed=2, target=TARGET, executor=executor)
    assert (broken.ended == "broken") == (broken.draws < once.draws)
    if broken.ended == "broken":
        end = "of 20,224 draws: the machine went away"
        assert broken.stopped == f"stopped after {broken.draws:,} {end}"
    assert more(broken, draws=20_000, target=TARGET) == once


@pytest.mark.parametrize(
    ("given", "error", "told"),
    [
        (
            {"target": 0},
            ValueError,
            "target is the largest standard error of a share of draws, above 0 and at most 0.5; "
            "0.005 is half a percentage point: 0",
        ),
        (
            {"target": 2.0},
            ValueError,
            "target is the largest standard error of a share of draws, above 0 and at most 0.5; "
            "0.005 is half a percentage point: 2",
        ),
        (
            {"target": float("nan")},
            ValueError,
            "target is the largest standard error of a share of draws, above 0 and at most 0.5; "
            "0.005 is half a percentage point: nan",
        ),
        ({"target": "1 %"}, TypeError, "target is a number, not '1 %'"),
        ({"target": True}, TypeError, "target is a number, not true"),
    ],
)
def test_a_target_that_is_none_is_refused(
    given: dict[str, Any], error: type[Exception], told: str, study: Study, alone: Simulation
) -> None:
    with pytest.raises(error) as raised:
        simulate(study, **given)
    assert str(raised.value) == told
    with pytest.raises(error) as raised:
        more(alone, **given)
    assert str(raised.value) == told


def test_going_on_needs_draws_or_a_target(alone: Simulation) -> None:
    with pytest.raises(ValueError, match=r"^say how many draws there shall be in all, or name a t"):
        more(alone)


# Deaths and interruptions


def killer(pid: int, after: int) -> Callable[[int, int], None]:
    """Return a progress function that kills a process at its so-manieth call."""
    calls = 0

    def kill(*_: int) -> None:
        nonlocal calls
        calls += 1
        if calls == after:
            os.kill(pid, signal.SIGKILL)

    return kill


@posix
@pytest.mark.long
@pytest.mark.parametrize("pool", [spawned, forked, loky], ids=lambda pool: pool.__name__)
def test_a_killed_worker_leaves_a_sound_result_that_is_continued_to_the_same_bytes(
    pool: Callable[[], Any], study: Study
) -> None:
    done: list[int] = []
    with pool() as executor:
        kill = killer(executor.submit(os.getpid).result(), after=3)

        def progress(draws: int, of: int) -> None:
            done.append(draws)
            kill(draws, of)

        found = simulate(study, draws=40_000, seed=6, executor=executor, progress=progress)
    assert found.ended == "broken"
    assert found.stopped.startswith(f"stopped after {found.draws:,} of 40,192 draws: A")
    assert done[-1] == found.draws >= done[2]
    with pool() as executor:
        whole = more(found, draws=40_000, executor=executor)
    assert whole == simulate(study, draws=40_000, seed=6)


@posix
@pytest.mark.long
def test_a_worker_of_dask_that_is_killed_is_replaced_and_the_run_finishes(study: Study) -> None:
    with dask_client(processes=True) as client:
        pid = next(iter(client.run(os.getpid).values()))
        executor = client.get_executor(pure=False)
        kill = killer(pid, after=3)
        found = simulate(study, draws=40_000, seed=6, executor=executor, progress=kill)
        assert pid not in client.run(os.getpid).values()
    assert (found.ended, found) == ("draws", simulate(study, draws=40_000, seed=6))


def test_an_executor_that_is_shut_down_in_mid_run_leaves_a_sound_result(study: Study) -> None:
    with ThreadPoolExecutor(1) as executor:

        def stop(*_: int) -> None:
            executor.shutdown(wait=False, cancel_futures=True)

        found = simulate(study, draws=DRAWS, seed=11, executor=executor, progress=stop)
    assert found.ended == "broken"
    assert found.stopped.endswith(": cannot schedule new futures after shutdown")
    assert more(found, draws=DRAWS) == simulate(study, draws=DRAWS, seed=11)


def test_an_executor_that_never_worked_is_told(study: Study) -> None:
    with ThreadPoolExecutor(1) as executor:
        pass
    with pytest.raises(RuntimeError, match=r"^cannot schedule new futures after shutdown$"):
        simulate(study, draws=DRAWS, executor=executor)


@settings(max_examples=6)
@given(st.integers(1, 30), st.booleans())
def test_an_interruption_loses_no_finished_block_and_counts_none_twice(
    call: int, side_by_side: bool
) -> None:
    study, calls = rivals(), [0]

    def interrupt(*_: int) -> None:
        calls[0] += 1
        if calls[0] == call:
            raise KeyboardInterrupt

    with ThreadPoolExecutor(2) as threads:
        executor = threads if side_by_side else None
        found = simulate(study, draws=DRAWS, seed=11, executor=executor, progress=interrupt)
    assert found.ended == "interrupted"
    assert found.draws >= 256 * call
    assert more(found, draws=DRAWS) == simulate(study, draws=DRAWS, seed=11)


@posix
@pytest.mark.long  # what measures coverage takes locks that no signal may break into
def test_an_interruption_at_any_moment_leaves_a_sound_result(study: Study) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    def soon(done: int, of: int) -> None:  # noqa: ARG001  # what a progress function takes
        if not signal.getitimer(signal.ITIMER_REAL)[0]:
            signal.setitimer(signal.ITIMER_REAL, 0.0007 * len(ended))

    ended: list[str] = []
    before, size = signal.signal(signal.SIGALRM, interrupt), plan(study).block
    try:
        for i in range(1, 13):
            ended.append("")
            with suppress(KeyboardInterrupt):
                found = simulate(study, draws=200_000, seed=11, progress=soon)
                ended[-1] = found.ended
            signal.setitimer(signal.ITIMER_REAL, 0)
            assert ended[-1] == "interrupted", i
            assert found.draws == size * sum(last - first for first, last in found.blocks)
            most = max(DRAWS, found.draws)
            assert more(found, draws=most) == simulate(study, draws=most, seed=11)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# The command line


# A process started from one that ignores Ctrl-C, as from a job in the background, ignores it too.
HEARS = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "


def command(*arguments: str) -> list[str]:
    started = HEARS + "from assess.cli import main; main()"
    return [sys.executable, "-c", started, *arguments]


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(command(*SIMULATE, *arguments), capture_output=True, check=False, cwd=cwd)


SIMULATE = ("simulate", "mali")
LONG = "2000000"  # longer than any test needs, and yet it ends
LINE = rb"2,048 draws in \d+\.\d s\n"


@contextmanager
def at_a_terminal(*arguments: str, cwd: Path) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Start the command with a terminal for stderr; lend the process, and where to read it."""
    import pty

    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    process = subprocess.Popen(
        command(*arguments),
        stdout=subprocess.PIPE,
        stderr=theirs,
        cwd=cwd,
        env=environment,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        with process:
            yield process, ours
    finally:
        os.close(ours)


def read(terminal: int) -> bytes:
    """Return what a terminal shows next; nothing once all who write to it are gone."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


def until_it_moves(terminal: int) -> bytes:
    """Return what a terminal shows until a bar has moved on it."""
    shown = b""
    while b" a second" not in shown:
        came = read(terminal)
        assert came, shown
        shown += came
    return shown


@posix
def test_progress_is_one_line_on_stderr_a_bar_on_a_terminal_and_nothing_if_quiet(
    tmp_path: Path,
) -> None:
    plain = run("--draws", "2000", cwd=tmp_path)
    assert plain.returncode == 0
    assert re.fullmatch(LINE, plain.stderr)
    quiet = run("--draws", "2000", "--quiet", "--jobs", "2", cwd=tmp_path)
    assert (quiet.returncode, quiet.stderr, quiet.stdout) == (0, b"", plain.stdout)
    with at_a_terminal(*SIMULATE, "--draws", "2000", cwd=tmp_path) as (process, terminal):
        shown = b"".join(iter(lambda: read(terminal), b""))
        assert process.stdout is not None
        assert process.stdout.read() == plain.stdout
    text = re.sub(rb"\x1b\[[?0-9;]*[A-Za-z]", b"", shown).replace(b"\r", b"")
    assert re.search(rb"2,048 of 2,048 draws, [\d,]+ a second, \d:\d\d:\d\d left", text)
    assert re.search(LINE + rb"\Z", text)


@posix
@pytest.mark.long
@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("name", ["simulate", "report"])
def test_ctrl_c_prints_what_there_is_and_exits_with_130(
    tmp_path: Path, name: str, jobs: str
) -> None:
    """The signal goes to the whole group of processes, as a terminal sends it."""
    arguments = (name, "mali", "--draws", LONG, "--jobs", jobs)
    with at_a_terminal(*arguments, cwd=tmp_path) as (process, terminal):
        shown = until_it_moves(terminal)
        os.killpg(process.pid, signal.SIGINT)
        shown += b"".join(iter(lambda: read(terminal), b""))
        assert process.stdout is not None
        page = process.stdout.read().decode()
    assert process.returncode == 130
    assert re.search(r"Stopped after [\d,]+ of 2,000,128 draws: interrupted\.", page)
    assert "FIRST IN SO MANY DRAWS" in page
    assert b"Traceback" not in shown
    assert re.search(rb"[\d,]+ draws in \d+\.\d s\r?\n\Z", shown)


@posix
@pytest.mark.parametrize("name", ["simulate", pytest.param("report", marks=pytest.mark.long)])
def test_a_worker_that_dies_under_the_command_line_leaves_its_page_and_exits_with_1(
    tmp_path: Path, name: str
) -> None:
    arguments = (name, "mali", "--draws", LONG, "--jobs", "2")
    with at_a_terminal(*arguments, cwd=tmp_path) as (process, terminal):
        until_it_moves(terminal)
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        if not children.is_file():
            process.kill()
            pytest.skip("this system does not tell who a process has started")
        os.kill(int(children.read_text().split()[0]), signal.SIGKILL)
        shown = b"".join(iter(lambda: read(terminal), b""))
        assert process.stdout is not None
        page = process.stdout.read().decode()
    assert process.returncode == 1
    assert re.search(
        r"Stopped after [\d,]+ of 2,000,128 draws: A (child )?process", " ".join(page.split())
    )
    assert b"Traceback" not in shown


def test_the_command_line_stops_at_a_target(tmp_path: Path) -> None:
    done = run("--target", "0.02", "--seed", "4", cwd=tmp_path)
    assert done.returncode == 0
    told = rb"Stopped after 768 of at most 768 draws: the largest standard error of a share"
    assert re.search(told, b" ".join(done.stdout.split()))
    refused = run("--target", "2", cwd=tmp_path)
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert refused.stderr.startswith(b"target is the largest standard error of a share of draws")


# Results in files


def test_local_processes_hand_results_over_in_files_that_go_once_they_are_used() -> None:
    with forked() as executor, handover.folder(executor) as where:
        assert where is not None
        futures = [handover.submit(executor, where, divmod, n, 3) for n in (7, 9)]
        assert [handover.result(future) for future in futures] == [(2, 1), (3, 0)]
        assert handover.result(futures[0]) == (2, 1)
        assert len(list(where.iterdir())) == 2
        handover.discard(futures[0])
        assert len(list(where.iterdir())) == 1
        failed = handover.submit(executor, where, divmod, 1, 0)
        with pytest.raises(ZeroDivisionError):
            handover.result(failed)
    assert not where.exists()


def test_threads_and_processes_elsewhere_hand_results_over_as_they_are() -> None:
    with threads() as executor, handover.folder(executor) as where:
        assert where is None
        future = handover.submit(executor, where, divmod, 7, 3)
        assert handover.result(future) == (2, 1)
        handover.discard(future)
