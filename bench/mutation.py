"""Mutation testing of the arithmetic: which small faults do the laws and worked numbers find?

Makes every mutant that cosmic-ray knows of a module, in a copy of the repo, and runs the tests of
that module on each until one fails. A mutant's tests run in a fork of a process that has the heavy
imports behind it; that makes it some five times faster than cosmic-ray's own runner.

    python bench/mutation.py                   # all of them
    python bench/mutation.py weighting         # one module
    python bench/mutation.py aggregation:97    # the mutants of one line
"""

import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path

REPO = Path(__file__).parents[1]
WORKERS = 2
LAWS, NUMBERS = "tests/test_laws.py", "tests/test_worked_numbers.py"
COPIED = ("src", "tests", "criteria", "scenarios", "examples", "schemas")

OPTIONS = ("-x", "-q", "-n0", "-p", "no:cacheprovider", "--assert=plain", "--hypothesis-seed=0")
TIMEOUT = 99

# What runs for each module, quickest first: the arguments of one run of pytest each. `-k` leaves
# out what cannot reach the module, and nothing else.
EDGES = "tests/test_mutants.py"
PUBLISHED = ("tests/test_domain_figures.py", "tests/test_hierarchy.py")
RUNS = {
    "values": (
        ("src/assess/values.py", EDGES),
        (NUMBERS, "-k", "worth or smaa or scale or target or goal", *PUBLISHED),
        (f"{LAWS}::test_scales_keep_the_laws",),
    ),
    "weighting": (
        ("src/assess/weighting.py", EDGES),
        (NUMBERS, "-k", "weigh or rank or swing or office"),
        (LAWS, "-k", "weighting or judgements"),
    ),
    "aggregation": (
        ("src/assess/aggregation.py", EDGES),
        (NUMBERS, "-k", "mean or averages or textbook or contributions"),
        (LAWS, "-k", "rule or power_means or order_weights or absent or no_number or by_name"),
    ),
    "pooling": (
        ("src/assess/pooling.py", EDGES),
        (NUMBERS, "-k", "panel"),
        (LAWS, "-k", "pooling or absent or no_number or by_name"),
    ),
    "rollup": (
        ("src/assess/rollup.py", EDGES, *PUBLISHED),
        (NUMBERS,),
        ("tests/test_pipeline_laws.py",),
    ),
}


@dataclass(frozen=True)
class Mutant:
    """One module with one small change.

    Attributes:
        module: its name.
        line: where the change is.
        operator: of cosmic-ray, that made it.
        source: of the whole module, changed.
        change: the line before and after.
    """

    module: str
    line: int
    operator: str
    source: str
    change: str


def main(wanted: Sequence[str]) -> None:
    for module, _, line in (want.partition(":") for want in wanted or RUNS):
        mutants, broken = [], 0
        for mutant in mutants_of(module):
            if line and mutant.line != int(line):
                continue
            try:
                compile(mutant.source, module, "exec")
                mutants.append(mutant)
            except SyntaxError:
                broken += 1
        with (
            tempfile.TemporaryDirectory(prefix="mutation-") as inside,
            ProcessPoolExecutor(WORKERS, get_context("fork"), set_up, (module, inside)) as pool,
        ):
            outcomes = list(pool.map(outcome, mutants))
        found = Counter(outcomes)
        killed = len(mutants) - found["survived"]
        print(
            f"{module}: {len(mutants)} mutants ({broken} more are no Python), {killed} killed, "
            f"{killed / len(mutants):.1%}; {found['timeout']} of them ran out of time",
            flush=True,
        )
        for mutant, told in zip(mutants, outcomes, strict=True):
            if told == "survived":
                print(f"  {mutant.line} {mutant.operator}: {mutant.change}", flush=True)


def mutants_of(module: str) -> Iterator[Mutant]:
    """Yield every mutant of a module, in the order of the operators of cosmic-ray."""
    tree, plugins = import_module("cosmic_ray.ast"), import_module("cosmic_ray.plugins")
    mutating = import_module("cosmic_ray.mutating")
    source = (REPO / "src" / "assess" / f"{module}.py").read_text(encoding="utf-8")
    parsed = tree.get_ast(source)
    for name in plugins.operator_names():
        if plugins.get_operator(name).arguments():
            continue
        operator = plugins.get_operator(name)()
        places = [
            start
            for node in tree.ast_nodes(parsed)
            for start, _ in operator.mutation_positions(node)
        ]
        for occurrence, start in enumerate(places):
            changed = mutating.mutate_code(source, operator, occurrence)
            yield Mutant(
                module, start[0], name.removeprefix("core/"), changed, told(source, changed)
            )


def told(before: str, after: str) -> str:
    """Return the lines that differ."""
    lines = zip(before.splitlines(), after.splitlines(), strict=False)
    differ = [(old.strip(), new.strip()) for old, new in lines if old != new]
    old, new = differ[0] if differ else ("", "")
    return f"{old}  ->  {new}"


LIMITS: list[float] = []  # of each run of this worker, in seconds


def set_up(module: str, inside: str) -> None:
    """Make a copy of the repo for this worker, import what is heavy, and time the clean tests."""
    copy = Path(tempfile.mkdtemp(dir=inside)) / "repo"
    copy.mkdir()
    for name in COPIED:
        shutil.copytree(REPO / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPO / "pyproject.toml", copy)
    if (REPO.parent / "shared").is_dir():
        (copy.parent / "shared").symlink_to((REPO.parent / "shared").resolve())
    os.chdir(copy)
    os.environ["HYPOTHESIS_NO_PLUGINS"] = "1"  # the plugin of this library imports it too early
    sys.path[:0] = [str(copy / "src"), str(copy)]
    for name in ("numpy", "pandas", "scipy.stats", "pytest", "hypothesis.extra.numpy", "rich"):
        import_module(name)
    # A mutant is found by any counter-example: the smallest one is not wanted.
    vars(import_module("hypothesis.internal.conjecture.engine"))["MAX_SHRINKS"] = 0
    import_module("assess.model")
    if early := [name for name in RUNS if f"assess.{name}" in sys.modules]:
        raise RuntimeError(f"imported before there is a mutant of it: {early}")
    for run in RUNS[module]:
        start = time.monotonic()
        if forked(run, 600):
            output = Path("../output.txt").read_text(encoding="utf-8")
            raise RuntimeError(f"the tests fail on {module} as it is: {run}\n{output}")
        LIMITS.append(max(20.0, 3 * (time.monotonic() - start)))
    sys.dont_write_bytecode = True
    for cached in Path("src/assess/__pycache__").glob(f"{module}.*"):
        cached.unlink()


def outcome(mutant: Mutant) -> str:
    """Return "killed", "timeout" or "survived"."""
    Path(f"src/assess/{mutant.module}.py").write_text(mutant.source, encoding="utf-8")
    for run, limit in zip(RUNS[mutant.module], LIMITS, strict=True):
        if code := forked(run, limit):
            return "timeout" if code == TIMEOUT else "killed"
    return "survived"


def forked(run: Sequence[str], limit: float) -> int:
    """Run pytest in a fork; return its exit code, or `TIMEOUT` if it took longer than the limit."""
    shutil.rmtree(".hypothesis", ignore_errors=True)
    child = os.fork()
    if not child:
        os.setpgid(0, 0)
        quiet = os.open("../output.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        code = 3
        try:
            code = int(import_module("pytest").main([*OPTIONS, *run]))
        finally:
            os._exit(code)
    end = time.monotonic() + limit
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return TIMEOUT


if __name__ == "__main__":
    main(sys.argv[1:])
