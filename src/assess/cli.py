"""The command line: the commands that `assess --help` lists, each a function."""

import os
import sys
import tomllib
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

from cyclopts import App, CycloptsError, Parameter, Token, convert

from assess.reporting import formats
from assess.version import version

if TYPE_CHECKING:
    from assess.model import Study
    from assess.report import Report
    from assess.simulation import Simulation

FORMATS = ", ".join(f".{name}" for name in formats())
OWN_RULES = (
    "A study whose tree names a rule of your own is assessed in Python, because files name "
    "functions and bring none: assess.evaluate(assess.load(STUDY, rules={NAME: function}))."
)

EXIT_CODES = {"interrupted": 130, "broken": 1}  # of simulations that were cut short


def _whole(kind: type[int], tokens: Sequence[Token]) -> Any:
    """Return a whole number; Cyclopts would round one with a fraction."""
    token = tokens[0]
    if "." in token.value:
        raise CycloptsError(msg=f"{token.keyword} is a whole number: {token.value}")
    return convert(kind, tokens)


app = App(
    name="assess",
    help="Assess how effective strategies are, from ratings on criteria weighted per scenario.\n\n"
    + OWN_RULES,
    version=version,
)
Output = Annotated[
    Path | None,
    Parameter(name=["--output", "-o"], help=f"a file; its suffix says the format: {FORMATS}."),
]
Format = Annotated[
    str | None,
    Parameter(help=f"one of {FORMATS}, where there is no file or its suffix does not say it."),
]

Whole = Annotated[int, Parameter(converter=_whole)]


@app.command
def new(
    folder: Path,
    /,
    *,
    example: str | None = None,
    xlsx: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """Write a study to start from.

    Args:
        folder: a folder that does not exist yet, or is empty.
        example: copy a packaged example instead, for instance mali.
        xlsx: as one workbook, without ratings; assess collect makes the files of it.
    """
    from assess.files.new import new_study

    if xlsx:
        from assess.forms.study_book import new_study_book

        path = new_study_book(folder, example=example)
        print(f"{path}\nNext: fill it in, then: assess collect {folder} {path}")
        return
    for path in new_study(folder, example=example):
        print(path)
    print(f"Next: assess check {folder}")


@app.command
def check(study: str, /, *, ranges: bool = False) -> None:
    """List every problem in the inputs of a study, with its place; exit 1 if there is any.

    Args:
        study: a folder, its study.toml, or the name of a packaged example.
        ranges: also print the mark of the scales below every group, for the weights that name it.
    """
    from assess.fingerprints import ranges as marks
    from assess.notes import notes
    from assess.reporting.txt import printable

    loaded = _load(study)
    print(printable(f"No problems: {loaded.name}"))
    for note in notes(loaded):
        print(printable(f"  {note}"))
    if ranges:
        for node in loaded.tree.groups:
            print(f"  {marks(loaded.tree)[node][:12]}  {node}")


@app.command
def form(
    study: str,
    /,
    *,
    analyst: str,
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
    depth: Literal["leaf", "group"] = "leaf",
    by_scenario: Annotated[bool, Parameter(negative=())] = False,
    scenario: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    round: Whole = 1,  # noqa: A002 - the name of the option
) -> None:
    """Write the form in which one analyst rates: a workbook, blind to what others said.

    Args:
        study: a folder, its study.toml, or the name of a packaged example.
        analyst: who is asked.
        output: the workbook, FILE.xlsx.
        depth: every criterion, or one rating in value points for each lowest group.
        by_scenario: a sheet for each world, after the one for what holds in every scenario.
        scenario: a world that is asked apart; may be given more than once.
        round: of asking; a later one shows what the analyst said before.
    """
    from assess.forms.form import write_form

    if output.suffix.lower() != ".xlsx":
        raise ValueError(f"{output}: a form is a workbook; write {output.with_suffix('.xlsx')}")
    loaded = _load(study, may_lack_ratings=True)
    asked, sheets = scenario or None, "scenario" if by_scenario else "one"
    kinds = cast("Literal['one', 'scenario']", sheets)
    print(
        write_form(loaded, analyst, output, depth=depth, scenario=asked, sheets=kinds, round=round)
    )


@app.command
def collect(
    study: Path,
    /,
    *workbooks: Path,
    override: str | None = None,
    reason: str | None = None,
    replace: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """Merge filled forms into the ratings of a study, or make files of a whole study's workbook.

    Nothing is written if anything is wrong; every problem is listed with its cell.

    Args:
        study: its folder; for the workbook of a whole study, where the files go.
        workbooks: forms, or the one workbook of a whole study.
        override: who replaces ratings that were given in the same round; kept in overrides.csv.
        reason: why.
        replace: write over files that differ, where the workbook is a whole study.
    """
    from assess.forms.collect import collect_books, read_books
    from assess.forms.sheets import KIND
    from assess.forms.study_book import STUDY_KIND
    from assess.forms.study_files import write_study

    if not workbooks:
        raise ValueError("name the workbooks to collect: assess collect STUDY *.xlsx")
    if (override is None) != (reason is None):
        raise ValueError("--override NAME goes with --reason TEXT")
    books = read_books(workbooks)
    whole = [book.name for book in books if book.meta.get(KIND) == STUDY_KIND]
    if not whole:
        told = (override, reason or "") if override is not None else None
        print(collect_books(study, books, override=told))
        return
    if len(books) > 1:
        raise ValueError(f"{whole[0]} holds a whole study: collect it alone")
    print(write_study(books[0], study, overwrite=replace))


@app.command
def report(
    study: str,
    /,
    *,
    output: Output = None,
    format: Format = None,  # noqa: A002 - the name of the option
    scenario: str | None = None,
    draws: Whole = 10_000,
    seed: Whole = 0,
    jobs: Whole = 1,
) -> None:
    """Assess a study and print the report, or write it to a file.

    Ctrl-C while it draws reports with the draws so far, and exits with 130.

    Args:
        study: a folder, its study.toml, or the name of a packaged example.
        output: a file.
        format: the format.
        scenario: report one scenario alone.
        draws: of all that is uncertain, to say how sure the answer is; 0 for none.
        seed: of the random numbers; the same seed gives the same report on any number of jobs.
        jobs: processes that draw side by side.
    """
    from assess.assessment import evaluate
    from assess.reporting import check_suffix, render

    suffix = _suffix(output, format)
    check_suffix(suffix)
    loaded = _load(study)
    found = evaluate(loaded if scenario is None else loaded.only(scenario))
    simulation = _drawn(found, draws, seed, jobs)
    _show(render(found, suffix, simulation), output)
    _exit_if_cut_short(simulation)


def _drawn(report: "Report", draws: int, seed: int, jobs: int) -> "Simulation | None":
    """Return draws of the study of a report; none where none are asked for, or no total is."""
    from assess.progress import progress
    from assess.simulation import simulate as draw
    from assess.simulation.processes import processes

    _check_jobs(jobs)
    if not draws or (report.ranks[:, :, 0] == 0).all():
        return None
    quiet = not sys.stderr.isatty()
    with progress("draws", quiet=quiet) as show, processes(jobs) as executor:
        return draw(report.study, draws=draws, seed=seed, executor=executor, progress=show)


def _exit_if_cut_short(simulation: "Simulation | None") -> None:
    if simulation is not None and simulation.ended in EXIT_CODES:
        sys.exit(EXIT_CODES[simulation.ended])


def _check_jobs(jobs: int) -> None:
    if jobs < 1:
        raise ValueError(f"--jobs is at least 1: {jobs}")


@app.command
def simulate(  # noqa: PLR0913  # every one is an option of the command
    study: str,
    /,
    *,
    output: Output = None,
    format: Format = None,  # noqa: A002 - the name of the option
    draws: Annotated[int | None, Parameter(converter=_whole)] = None,
    seed: Whole = 0,
    target: float | None = None,
    jobs: Whole = 1,
    sources: Annotated[bool, Parameter(negative=())] = False,
    quiet: Annotated[bool, Parameter(negative=())] = False,
) -> None:
    """Draw all that is uncertain in a study, and say how sure the answer is.

    Ctrl-C prints what the draws so far say, and exits with 130.

    Args:
        study: a folder, its study.toml, or the name of a packaged example.
        output: a file; .json can be read back and gone on with.
        format: the format.
        draws: rounded up to whole blocks; 10,000, or with a target as many as it may need.
        seed: of the random numbers; the same seed gives the same result on any number of jobs.
        target: stop once no share of draws has a larger standard error; 0.005 is half a percentage
            point.
        jobs: processes that draw side by side.
        sources: say also where the doubt comes from, by source and by criterion, on a page in .txt
            or .md; draws anew.
        quiet: say nothing on stderr of how far it is.
    """
    from assess.progress import progress
    from assess.reporting import simulation as pages
    from assess.simulation import simulate as draw
    from assess.simulation.processes import processes

    _check_jobs(jobs)
    suffix = _suffix(output, format)
    pages.check_suffix(suffix)
    if sources and suffix not in pages.PAGES:
        listed = " or ".join(f".{name}" for name in pages.PAGES)
        told = f"--sources adds a section to a page, and .{suffix} has none"
        raise ValueError(f"{told}: choose {listed}, or leave out --sources")
    loaded = _load(study)
    with progress("draws", quiet=quiet) as show, processes(jobs) as executor:
        found = draw(
            loaded, draws=draws, seed=seed, target=target, executor=executor, progress=show
        )
    page = pages.render(found, suffix)
    _show(page, output)  # before more is drawn, so that who stops that has the page
    _exit_if_cut_short(found)
    if sources:
        from assess.atomic import write_text
        from assess.simulation import variance_shares

        with progress("draws", quiet=quiet) as show, processes(jobs) as executor:
            shares = variance_shares(loaded, seed=seed, executor=executor, progress=show)
        section = pages.render_sources(shares, suffix)
        if output:
            write_text(output, f"{page}\n{section}\n")
        else:
            print(f"\n{section}")


@app.command(name="next")
def find_out(
    study: str,
    /,
    *,
    scenario: str | None = None,
    draws: Whole = 10_000,
    seed: Whole = 0,
) -> None:
    """Say what to find out next, and whom to ask: what information would be worth.

    Args:
        study: a folder, its study.toml, or the name of a packaged example.
        scenario: in which one would choose; the first one if none is given.
        draws: how many; whole blocks.
        seed: of the random numbers.
    """
    from assess.reporting.txt import render_worth
    from assess.simulation.information import information_worth

    found = _load(study)
    print(render_worth(information_worth(found, _scenario(found, scenario), draws, seed)))


@app.command
def explain(study: str, /, *, strategy: str, scenario: str | None = None) -> None:
    """Take one score apart, down to ratings, analysts and evidence.

    Args:
        study: a folder, its study.toml, or the name of a packaged example.
        strategy: whose score.
        scenario: in which scenario; the first one if none is given.
    """
    from assess.assessment import evaluate
    from assess.explanation import explain as take_apart

    found = evaluate(_load(study))
    where = _scenario(found.study, scenario)
    print(take_apart(found, strategy=strategy, scenario=where))


@app.command
def compare(
    earlier: str,
    /,
    *later: str,
    strategies: Annotated[tuple[str, str] | None, Parameter(negative=())] = None,
    scenario: str | None = None,
    output: Annotated[
        Path | None, Parameter(name=["--output", "-o"], help="a file, .txt or .csv.")
    ] = None,
) -> None:
    """Compare two reports written as JSON, follow scores over more, or two strategies of a study.

    Args:
        earlier: a report; or a study, with --strategies.
        later: another report, or several in their order.
        strategies: EARLIER LATER, two strategies of the study.
        scenario: with --strategies, where to compare them; the first one if none is given.
        output: a file.
    """
    from assess.assessment import evaluate
    from assess.comparison import compare as hold_together
    from assess.comparison import compare_strategies
    from assess.over_time import history
    from assess.reporting.comparison import render

    suffix = output.suffix.removeprefix(".").lower() if output else "txt"
    if strategies:
        if later:
            raise ValueError(f"--strategies compares within one study: leave out {later[0]}")
        found = evaluate(_load(earlier))
        where = _scenario(found.study, scenario)
        _show(render(compare_strategies(found, *strategies, scenario=where), suffix), output)
        return
    if scenario is not None:
        told = "two reports are compared in every scenario that both have"
        raise ValueError(f"--scenario goes with --strategies: {told}")
    if not later:
        raise ValueError("give a second report, or --strategies EARLIER LATER of one study")
    reports = [_read(name) for name in (earlier, *later)]
    _show(render(hold_together(*reports) if len(later) == 1 else history(*reports), suffix), output)


@app.command
def lock(
    study: str,
    /,
    *,
    output: Annotated[
        Path | None, Parameter(name=["--output", "-o"], help="a file, NAME.json.")
    ] = None,
) -> None:
    """Write the lock file of a study: digests of every input, its method, and versions.

    Args:
        study: a folder, its study.toml, or the name of a packaged example.
        output: assess.lock.json in the study's folder if no file is named.
    """
    from assess.verification import write_lock

    print(write_lock(study, output))


@app.command
def verify(report: Path, /, *, lock: Path | None = None) -> None:
    """Rebuild a report from the inputs that it carries: does it still hold? Exit 1 if not.

    Args:
        report: a report written as JSON, also one with draws, which are made again.
        lock: a lock file of the study to hold the inputs against.
    """
    from assess.verification import verify as rebuild

    found = rebuild(report, lock=lock)
    print(found)
    if not found:
        sys.exit(1)


@app.command
def tradeoffs(
    study: str, /, *, against: str | None = None, scenario: str | None = None, at: str | None = None
) -> None:
    """Say what the weights imply: what each criterion counts for in the unit of one of them.

    Args:
        study: a folder, its study.toml, or the name of a packaged example.
        against: the criterion to count in; the first measure of effectiveness with a unit if none
            is given.
        scenario: whose weights; the first one if none is given.
        at: the strategy where rates are taken that hold at one point alone; the baseline if none is
            given.
    """
    from assess.reporting.txt import printable
    from assess.tradeoffs import tradeoffs as implied

    found = implied(_load(study), against=against, scenario=scenario, at=at)
    print(printable(str(found)))


@app.command
def laws(
    function: str | None = None,
    /,
    *,
    kind: Literal["rule", "weighting", "pooling"] = "rule",
) -> None:
    """Hold the laws of scoring against a function, law by law; exit 1 if it breaks any.

    Args:
        function: of your own, as MODULE:FUNCTION or FILE.py:FUNCTION, which is run; all functions
            of the library of that kind if none is given.
        kind: what it is.
    """
    if function is None:
        from assess.testing.page import library_verdicts

        print(library_verdicts(kind))
        return
    from assess.testing import verdicts
    from assess.testing.page import verdict_table

    try:
        found = list(verdicts(kind, _imported(function)))
    except TypeError as error:  # an argument that nobody says how to draw
        raise ValueError(f"{error}; in the file: rule = functools.partial(function, ...)") from None
    print(verdict_table(found))
    if any(verdict.outcome == "breaks" for verdict in found):
        sys.exit(1)


def _imported(name: str) -> Callable[..., Any]:
    """Return a function by MODULE:FUNCTION, or by FILE.py:FUNCTION."""
    from assess.model import nearest

    place, _, function = name.rpartition(":")
    if not place:
        raise ValueError(f"{name!r} names no function: write MODULE:FUNCTION or FILE.py:FUNCTION")
    sys.path.insert(0, "")
    try:
        module = _file(Path(place)) if place.endswith(".py") else import_module(place)
    except ModuleNotFoundError as error:
        raise ValueError(f"there is no module {error.name!r}: {name}") from error
    except (SyntaxError, SystemExit) as error:
        raise ValueError(f"{place} cannot be run: {type(error).__name__}: {error}") from error
    found = getattr(module, function, None)
    if not callable(found):
        own = [key for key, item in vars(module).items() if callable(item) and key[0] != "_"]
        raise ValueError(f"{place} has no function {function!r} ({nearest(function, own)})")
    return cast("Callable[..., Any]", found)


def _file(path: Path) -> ModuleType:
    """Run a file of Python as a module of its own."""
    spec = spec_from_file_location(path.stem, path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise ValueError(f"there is no file {path}")
    sys.path.insert(0, str(path.resolve().parent))
    module = module_from_spec(spec)
    sys.modules[f"<{path}>"] = module
    spec.loader.exec_module(module)
    return module


@app.command(name="list")
def list_names() -> None:
    """List packaged trees, scenarios and examples, rules, weighting methods, pooling, formats."""
    from assess import aggregation, pooling, weighting
    from assess.files import packaged, read_scenario, read_tree
    from assess.weight_bounds import METHODS

    _listed("trees", {k: read_tree(p).name for k, p in packaged("criteria").items()})
    _listed("scenarios", {k: read_scenario(p).name for k, p in packaged("scenarios").items()})
    _listed("examples", {k: _title(p) for k, p in packaged("examples").items()})
    for title, module, besides in (
        ("rules", aggregation, {}),
        ("weighting methods", weighting, METHODS),
        ("pooling", pooling, {}),
    ):
        functions = {name: getattr(module, name) for name in module.__all__} | dict(besides)
        _listed(title, {name: _first_line(functions[name]) for name in functions})
    _listed("formats", {f".{name}": "" for name in formats()})


def _load(study: str, *, may_lack_ratings: bool = False) -> "Study":
    """Return a study, once it is known not to be another kind of file."""
    from assess.files import load
    from assess.files.study import load_files

    path = Path(study)
    if path.is_file() and path.suffix.lower() != ".toml":
        kinds = {".json": "a report", ".csv": "a table of ratings"}
        kind = kinds.get(path.suffix.lower(), "a file")
        there = (path.parent / "study.toml").is_file()
        hint = f" (did you mean {str(path.parent)!r}?)" if there else ""
        raise ValueError(f"{study} is {kind}; a study is a folder with study.toml{hint}")
    return load_files(study).study if may_lack_ratings else load(study)


def _read(report: str) -> "Report":
    """Return a report, once it is known not to be a study."""
    from assess.files import packaged
    from assess.report import Report

    path = Path(report)
    packed = not path.exists() and report in packaged("examples")
    if packed or path.is_dir() or path.suffix == ".toml":
        raise ValueError(
            f"{report} is a study, and compare takes reports: write one with "
            f"assess report {report} -o NAME.json, or compare two strategies of the study: "
            f"assess compare {report} --strategies EARLIER LATER"
        )
    return Report.read(report)


def _scenario(study: "Study", asked: str | None) -> str:
    """Return the scenario that is asked for, or the first one."""
    from assess.model import nearest

    if asked is not None and asked not in study.scenario_ids:
        raise ValueError(f"no scenario {asked!r} ({nearest(asked, study.scenario_ids)})")
    return study.scenario_ids[0] if asked is None else asked


def _suffix(output: Path | None, asked: str | None) -> str:
    """Return the format that the file or the option names; they must not differ."""
    named = output.suffix.removeprefix(".").lower() if output else ""
    if asked is None:
        if output and not named:
            raise ValueError(f"{output} has no suffix to say the format: add one of {FORMATS}")
        return named or "txt"
    wanted = asked.removeprefix(".").lower()
    if output and wanted != named and {wanted, named} <= {*formats()}:
        other = output.with_suffix(f".{wanted}")
        raise ValueError(f"{output} is no .{wanted} file: leave out --format, or write {other}")
    return wanted


def _show(text: str, output: Path | None) -> None:
    """Write a text to a file and name it, or print the text."""
    from assess.atomic import write_text

    if output:
        print(write_text(output, text))
    else:
        print(text.rstrip("\n"))


def _listed(title: str, names: dict[str, str]) -> None:
    print(f"{title}:")
    for name, words in names.items():
        print(f"  {name:<32}{words}".rstrip())


def _title(folder: Path) -> str:
    return str(tomllib.loads((folder / "study.toml").read_text(encoding="utf-8"))["name"])


def _first_line(function: Callable[..., Any]) -> str:
    return (function.__doc__ or "").split("\n")[0]


def main() -> None:
    """Run the command line; problems go to stderr in words, and the exit code is 1."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough: `assess report mali | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (ValueError, KeyError, OSError) as error:
        print(_words(error), file=sys.stderr)
        sys.exit(1)


def _words(error: Exception) -> str:
    """Return what an error says; of a rule that nobody has, also where rules are handed over."""
    from assess.model import StudyError
    from assess.reporting.txt import printable

    told = str(error.args[0] if isinstance(error, KeyError) and error.args else error)
    if isinstance(error, StudyError) and any("rules={" in item.hint for item in error.problems):
        told += f"\n{OWN_RULES}"
    return printable(told)
