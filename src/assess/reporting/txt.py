"""Plain text: the first page, a score taken apart, a simulation, for a terminal."""

import io
import textwrap
from collections.abc import Iterator
from functools import partial
from itertools import groupby

import numpy as np

from assess.changes import Change, Verdict
from assess.comparison import Comparison
from assess.explanation import Explanation, Part, RatingLine
from assess.report import Report
from assess.reporting.comparison.accounts import account_lines
from assess.reporting.comparison.levels import level_lines
from assess.rounding import points, sourced
from assess.simulation import InformationWorth, Simulation, VarianceShares
from assess.summary import (
    Section,
    Summary,
    Table,
    doubt_sources,
    likelihood,
    summarise,
    summarise_simulation,
    summarise_worth,
)

WIDTH = 100
FIRST = 30
POOLED = (
    "10-90 %: percentiles of the linear pool in points, where two or more analysts give a level; "
    "no score rests on them."
)


def render(report: Report, simulation: Simulation | None = None) -> str:
    """Return the first page as plain text, 100 characters wide."""
    return _page(summarise(report, simulation))


def render_simulation(simulation: Simulation) -> str:
    """Return what a simulation says as plain text."""
    return _page(summarise_simulation(simulation))


def render_sources(shares: VarianceShares) -> str:
    """Return where the doubt comes from as plain text: one section."""
    return printable(_section(doubt_sources(shares)))


def render_worth(found: InformationWorth) -> str:
    """Return the page of what to find out next."""
    return _page(summarise_worth(found))


def _page(page: Summary) -> str:
    blocks = [page.title.upper()]
    if page.banner:
        blocks.append(_wrapped(page.banner))
    blocks.append("\n".join(map(_wrapped, page.about)))
    blocks.extend(_section(section) for section in page.sections)
    return "\n\n".join(map(printable, blocks))


def render_explanation(explanation: Explanation) -> str:
    """Return a score taken apart as plain text."""
    study, tree = explanation.study, explanation.study.tree
    root = explanation.parts[0]
    scenario = study.scenario(explanation.scenario).label
    title = (
        f"{study.label(explanation.strategy)} in {scenario}: {points(explanation.total / 100, 1)}"
    )
    if root.low < root.high:
        bounds = f"{points(root.low / 100, 1)} to {points(root.high / 100, 1)}"
        title += f" (bounds for what is missing: {bounds})"
    lines = [title, *map(_wrapped, _standing(explanation))]
    if study.banner:
        lines.append(_wrapped(study.banner))
    if np.isnan(explanation.total):
        lines.append("There is no total, because too little of the weight is rated.")
    else:
        lines.append(
            f"Every leaf half way gives {points(explanation.start / 100, 1)}; the contributions of "
            "the leaves (Winter values) add up to the rest."
        )
        if explanation.error:
            lines.append(
                "Contributions are sampled, with a standard error of at most "
                f"{explanation.error:.2f} points."
            )
    lines.append("")
    pooled = any(part.pooled for part in explanation.parts)
    if pooled:
        lines.insert(-1, _wrapped(POOLED))
    head = f"{'criterion':<52}{'weight':>8}{'score':>8}{'adds':>8}"
    lines.append(head + (f"{'10-90 %':>16}" if pooled else ""))
    for part in explanation.parts:
        lines.append(_part(part, tree.label(part.criterion)))
        indent = " " * (2 * part.depth + 4)
        lines.extend(_rating(line, indent) for line in part.ratings)
    return "\n".join(printable(line) for line in lines)


def _standing(explanation: Explanation) -> Iterator[str]:
    """Say who wrote what is judged, how likely the scenario is, and how its gates stand."""
    study = explanation.study
    scenario = study.scenario(explanation.scenario)
    for what, author in (
        ("strategy", study.strategies[explanation.strategy].author),
        ("scenario", scenario.author),
    ):
        if author:
            yield f"Author of the {what}: {author.rstrip('.')}."
    if scenario.likelihood:
        yield f"Likelihood as judged, never multiplied in: {likelihood(scenario)}."
    if explanation.failed:
        yield f"Excluded by a failed gate: {', '.join(explanation.failed)}."
    if explanation.undecided:
        gates = explanation.undecided
        which, verb = ("Its gate is", "is") if len(gates) == 1 else ("Its gates are", "are")
        yield f"{which} undecided: {', '.join(gates)} {verb} not rated."


def render_comparison(comparison: Comparison) -> str:
    """Return a comparison as plain text: what moved, what cannot be compared, what else differs."""
    lines = ["COMPARISON", f"earlier: {comparison.earlier}", f"later:   {comparison.later}"]
    about = (comparison.banner, f"Panel: {comparison.panel}", comparison.totals)
    lines.extend(_wrapped(line) for line in about if line)
    lines += _moved(comparison)
    lines += _verdicts(comparison)
    lines += map(_wrapped, account_lines(comparison))
    lines += map(_wrapped, level_lines(comparison))
    for title, told in (
        ("NOT COMPARABLE", [f"{x.name}: {x.message}" for x in comparison.not_comparable]),
        ("WHAT ELSE DIFFERS", map(str, comparison.inputs)),
    ):
        if wrapped := [_wrapped(line) for line in told]:
            lines += ["", title, *wrapped]
    lines += ["", "A change between two reports is not an effect of the strategy."]
    return "\n".join(map(printable, lines))


def _moved(comparison: Comparison) -> Iterator[str]:
    """Yield a table a scenario and strategy of the scores that moved."""
    yield ""
    if not comparison.moved:
        yield f"No {'comparable score moved' if comparison.changes else 'score is comparable'}."
        return
    told = "scores 0 to 100, each figure rounded; per cent of the earlier score, its base"
    yield f"WHAT MOVED ({told})"
    columns = ("criterion", "earlier", "later", "points", "per cent", "weight rated")
    for i, (where, changes) in enumerate(groupby(comparison.moved, partial(_where, comparison))):
        yield from ("", where) if i else (where,)
        yield _table(Table(columns, tuple(map(_change, changes))))


def _verdicts(comparison: Comparison) -> Iterator[str]:
    """Yield the verdicts that changed, a line a scenario and strategy."""
    lines = [
        f"{where}: {'; '.join(map(str, verdicts))}."
        for where, verdicts in groupby(comparison.verdicts, partial(_where, comparison))
    ]
    if lines:
        yield from ("", "VERDICTS THAT CHANGED")
    elif comparison.changes:
        yield from ("", "No comparable verdict changed.")
    yield from map(_wrapped, lines)
    if comparison.ranks:
        yield _wrapped(comparison.ranks)


def _where(comparison: Comparison, item: Change | Verdict) -> str:
    scenario = comparison.names.scenarios[item.scenario]
    if comparison.of_strategies:
        return scenario
    return f"{comparison.names.strategies[item.strategy]} in {scenario}"


def _change(change: Change) -> tuple[str, ...]:
    base = points(change.earlier / 100, 1)
    percent = "-" if np.isnan(change.percent) else f"{_signed(change.percent)} % of {base}"
    return (
        change.name,
        base,
        points(change.later / 100, 1),
        _signed(change.points),
        percent,
        _rated(change),
    )


def _rated(change: Change) -> str:
    """Return the share of weight rated; both shares, told apart, where it is not what it was."""
    sides = change.coverage_earlier, change.coverage_later
    if not change.rated_otherwise:
        return _share(sides[1])
    digits = 0 if points(sides[0]) != points(sides[1]) else 1
    was, now = (_share(side, digits) for side in sides)
    return f"was {was}, is {now}"


def _share(coverage: float, digits: int = 0) -> str:
    return "n/a" if np.isnan(coverage) else f"{points(coverage, digits)} %"


def printable(text: str) -> str:
    """Return a text without control characters, which could command a terminal."""
    return "".join(c for c in text if c in "\n" or (c.isprintable() and c not in _DIRECTION))


_DIRECTION = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def _part(part: Part, label: str) -> str:
    name = textwrap.shorten("  " * part.depth + label, 50) if len(label) > 50 else label
    text = f"{'  ' * part.depth + name:<52}{points(part.weight):>6} %"
    text += f"{points(part.score / 100, 1):>8}{_signed(part.contribution):>8}"
    if part.pooled:
        low, high = (points(end / 100) for end in part.pooled)
        text += f"{f'{low} to {high}':>16}"
    if not part.note or len(text) + len(part.note) + 2 <= WIDTH:
        return text + (f"  {part.note}" if part.note else "")
    indent = " " * (2 * part.depth + 4)
    note = textwrap.fill(part.note, WIDTH, initial_indent=indent, subsequent_indent=indent)
    return f"{text}\n{note}"


def _signed(value: float) -> str:
    if np.isnan(value):
        return "-"
    text = points(value / 100, 1)
    return text if text.startswith("-") or text == "0.0" else f"+{text}"


def _rating(line: RatingLine, indent: str) -> str:
    absent = {"?": "unknown (?)"}.get(line.level, line.level)
    level = f"{line.level} {line.meaning}" if line.meaning else absent
    told = [f"{line.analyst}: {level}"]
    if not np.isnan(line.worth):
        voice = f"{points(line.weight)} % of the panel's voice"
        told.append(
            f"worth {points(line.worth / 100)} ({points(line.low / 100)} to "
            f"{points(line.high / 100)}), {voice if line.pooled else 'red team, not pooled'}"
        )
    confidence = f"{line.confidence} confidence" if line.confidence else ""
    grade = f"grade {line.grade}" if line.grade else ""
    told.append(", ".join(filter(None, (confidence, grade, *line.remarks))))
    if line.author:
        told.append("an author of the strategy")
    if line.scenario:
        told.append("rated for this scenario")
    if not line.source.lower().startswith(line.basis):
        told.append(line.basis)
    source = sourced(line.source, line.vintage, line.date)
    text = "; ".join(filter(None, told)) + "".join(f". {x}" for x in (source, line.rationale) if x)
    return textwrap.fill(
        " ".join(text.split()), WIDTH, initial_indent=indent, subsequent_indent=indent + "  "
    )


def _section(section: Section) -> str:
    lines = [section.title.upper(), *map(_wrapped, section.lines)]
    if section.table:
        lines.append(_table(section.table))
    return "\n".join(lines)


def _wrapped(line: str) -> str:
    return textwrap.fill(" ".join(line.split()), WIDTH, subsequent_indent="  ")


def _table(content: Table) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    drawn = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for i, column in enumerate(content.columns):
        if i == 0:
            longest = max(len(row[0]) for row in (content.columns, *content.rows))
            drawn.add_column(Text(printable(column)), width=min(longest, FIRST))
        else:
            drawn.add_column(Text(printable(column)), justify="right", overflow="fold")
    for row in content.rows:
        drawn.add_row(*(Text(printable(cell)) for cell in row))
    out = io.StringIO()
    Console(file=out, width=WIDTH, color_system=None, force_terminal=False).print(drawn)
    return "\n".join(line.rstrip() for line in out.getvalue().rstrip().splitlines())
