"""The command line: new, check, report, explain, compare, list."""

import os
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from assess.version import version

app = App(
    name="assess",
    help="Assess how effective strategies are, from ratings on criteria weighted per scenario.",
    version=version,
)
Option = Annotated[str | None, Parameter()]


@app.command
def new(folder: Path, /, *, example: str | None = None) -> None:
    """Write a study to start from.

    Args:
        folder: a folder that does not exist yet, or is empty.
        example: copy a packaged example instead, for instance mali.
    """
    from assess.files.new import new_study

    for path in new_study(folder, example=example):
        print(path)
    print(f"Next: assess check {folder}")


@app.command
def check(study: str, /) -> None:
    """List every problem in the inputs of a study, with its place; exit 1 if there is any.

    Args:
        study: a folder, its study.toml, or the name of a packaged example.
    """
    from assess.files import load
    from assess.notes import notes

    loaded = load(study)
    print(f"No problems: {loaded.name}")
    for note in notes(loaded):
        print(f"  {note}")


@app.command
def report(
    study: str,
    /,
    *,
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    format: str | None = None,  # noqa: A002
    scenario: str | None = None,
) -> None:
    """Assess a study and print the report, or write it to a file.

    Args:
        study: a folder, its study.toml, or the name of a packaged example.
        output: a file; its suffix says the format.
        format: the format, where there is no file or its suffix does not say it.
        scenario: report one scenario alone.
    """
    from assess.assessment import evaluate
    from assess.atomic import write_text
    from assess.files import load
    from assess.reporting import render

    loaded = load(study)
    found = evaluate(loaded.only(scenario) if scenario else loaded)
    suffix = format or (output.suffix.removeprefix(".").lower() if output else "txt")
    text = render(found, suffix)
    if output:
        print(write_text(output, text))
    else:
        print(text.rstrip("\n"))


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
    from assess.files import load

    print(take_apart(evaluate(load(study)), strategy=strategy, scenario=scenario))


@app.command
def compare(
    earlier: str,
    later: str | None = None,
    /,
    *,
    strategies: Annotated[tuple[str, str] | None, Parameter(negative=())] = None,
    scenario: str | None = None,
) -> None:
    """Compare two reports written as JSON, or two strategies of one study.

    Args:
        earlier: a report; or a study, with --strategies.
        later: another report.
        strategies: EARLIER LATER, two strategies of the study.
        scenario: where to compare them; the first one if none is given.
    """
    from assess.assessment import evaluate
    from assess.comparison import compare as hold_together
    from assess.comparison import compare_strategies
    from assess.files import load
    from assess.report import Report

    if strategies:
        found = evaluate(load(earlier))
        first = found.study.scenario_ids[0]
        print(compare_strategies(found, *strategies, scenario=scenario or first))
    elif later is None:
        raise ValueError("give a second report, or --strategies EARLIER LATER of one study")
    else:
        print(hold_together(Report.read(earlier), Report.read(later)))


@app.command(name="list")
def list_names() -> None:
    """List packaged trees, scenarios and examples, rules, weighting methods, pooling, formats."""
    from assess import aggregation, pooling, weighting
    from assess.files import packaged, read_scenario, read_tree
    from assess.reporting import formats

    _listed("trees", {k: read_tree(p).name for k, p in packaged("criteria").items()})
    _listed("scenarios", {k: read_scenario(p).name for k, p in packaged("scenarios").items()})
    _listed("examples", {k: _title(p) for k, p in packaged("examples").items()})
    for title, module in (
        ("rules", aggregation),
        ("weighting methods", weighting),
        ("pooling", pooling),
    ):
        _listed(title, {name: _first_line(getattr(module, name)) for name in module.__all__})
    _listed("formats", {f".{name}": "" for name in formats()})


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
    from assess.model import StudyError

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
    except (StudyError, ValueError, KeyError, OSError) as error:
        words = error.args[0] if isinstance(error, KeyError) and error.args else error
        print(words, file=sys.stderr)
        sys.exit(1)
