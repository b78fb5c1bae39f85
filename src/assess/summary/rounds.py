"""What the rounds of asking moved: shift and convergence in points, and the totals after each."""

from collections.abc import Iterator
from math import isnan

from assess.panel import Rounds, Shift
from assess.panel import rounds as side_by_side
from assess.panel.given import analyst_name
from assess.report import Report
from assess.rounding import counted, points
from assess.summary.page import Section, Table


def rounds(report: Report) -> Section | None:
    """Say how far ratings moved between rounds and whether the panel came together."""
    if not len(report.study.earlier):
        return None
    found, tree = side_by_side(report), report.study.tree
    columns = ("", "rated again", "mean shift", "moved by", "apart at first", "apart now", "cells")
    called = {tree.id: "all criteria"}
    rows = [(called.get(x.criterion, tree.label(x.criterion)), *_figures(x)) for x in found.shifts]
    lines = (
        "Earlier ratings are kept; the scores of this report rest on each analyst's last word. "
        "Points of 100; apart: mean difference between two analysts over the same cells.",
        *_totals(found),
        *_movers(found),
    )
    title = f"Rounds of asking ({', '.join(map(str, found.asked))})"
    return Section(title, lines, Table(columns, tuple(rows)))


def _figures(shift: Shift) -> tuple[str, ...]:
    mean = "-" if isnan(shift.mean) else f"{float(points(shift.mean / 100, 1)):+.1f}"
    figures = (shift.absolute, shift.spread_before, shift.spread_after)
    told = ["-" if isnan(x) else points(x / 100, 1) for x in figures]
    return (str(shift.rated_again), mean, *told, str(shift.cells))


def _totals(found: Rounds) -> Iterator[str]:
    """Say what each strategy totalled after each round, in the first scenario."""
    study = found.study
    for t, strategy in enumerate(study.strategies):
        told = ", then ".join(points(value) for value in found.score[:, 0, t].tolist())
        yield f"{study.label(strategy)}, total after each round: {told}."


def _movers(found: Rounds) -> Iterator[str]:
    for mover in found.movers:
        yield (
            f"{analyst_name(found.study, mover.analyst)}: "
            f"{counted(mover.rated_again, 'rating')} given again, {mover.changed} changed; "
            f"{mover.towards} towards the mean of the others' first round, {mover.away} away."
        )
