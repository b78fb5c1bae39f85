"""What changed between two reports, and what can be compared at all."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from assess.differences import (
    Difference,
    comparable,
    input_differences,
    panel,
    panel_of,
    vintages_of,
)
from assess.model import nearest
from assess.report import Report

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Change:
    """How one score moved.

    Attributes:
        name: what reports call the criterion.
        earlier, later: 0 to 100; NaN where there is none.
    """

    scenario: str
    strategy: str
    criterion: str
    name: str
    earlier: float
    later: float

    @property
    def points(self) -> float:
        """The difference in points, later less earlier."""
        return self.later - self.earlier

    @property
    def percent(self) -> float:
        """The difference in per cent of the earlier score, its base; NaN where that is 0."""
        return 100 * self.points / self.earlier if self.earlier else float("nan")


@dataclass(frozen=True)
class Comparison:
    """Two reports held against each other (C10): only nodes of equal fingerprint are compared.

    Attributes:
        earlier, later: what they are called.
        changes: of every comparable score, in the order of the later report.
        not_comparable: nodes that measure something else, each with the reason.
        inputs: what else differs: weights, panel, vintages, method.
        panel: sentence on how far the panels overlap.
        banner: says so where anything is made up.
    """

    earlier: str
    later: str
    changes: tuple[Change, ...]
    not_comparable: tuple[Difference, ...]
    inputs: tuple[Difference, ...]
    panel: str
    banner: str

    @cached_property
    def moved(self) -> tuple[Change, ...]:
        """The changes other than none; a score that comes or goes counts."""
        return tuple(c for c in self.changes if not _same(c.earlier, c.later))

    @property
    def table(self) -> "pd.DataFrame":
        """Every comparable score: scenario, strategy, criterion, earlier, later, points, percent.

        `percent` is of the earlier score.
        """
        import pandas as pd

        columns = ("scenario", "strategy", "criterion", "earlier", "later", "points", "percent")
        rows = [tuple(getattr(change, name) for name in columns) for change in self.changes]
        return pd.DataFrame(rows, columns=list(columns))

    def __str__(self) -> str:
        from assess.reporting.txt import render_comparison

        return render_comparison(self)


def compare(earlier: Report, later: Report) -> Comparison:
    """Compare two reports: what moved, what cannot be compared and why, what else differs.

    Args:
        earlier: the base of every change.
        later: what is held against it.

    >>> import assess
    >>> report = assess.evaluate(assess.load("mali"))
    >>> assess.compare(report, report).moved
    ()
    """
    nodes, not_comparable = comparable(earlier, later)
    strategies, scenarios = (
        [key for key in ids(later.study) if key in ids(earlier.study)]
        for ids in (lambda study: tuple(study.strategies), lambda study: study.scenario_ids)
    )
    label = later.study.tree.label
    changes = tuple(
        Change(s, t, n, label(n), _score(earlier, s, t, n), _score(later, s, t, n))
        for s in scenarios
        for t in strategies
        for n in nodes
    )
    return Comparison(
        earlier=_called(earlier),
        later=_called(later),
        changes=changes,
        not_comparable=tuple(not_comparable),
        inputs=tuple(input_differences(earlier.study, later.study)),
        panel=panel(earlier.study, later.study),
        banner=later.study.banner or earlier.study.banner,
    )


def compare_strategies(
    report: Report, earlier: str, later: str, *, scenario: str | None = None
) -> Comparison:
    """Compare two strategies of one report, for example two periods of the same country.

    Args:
        report: where both stand.
        earlier: id; the base of every difference.
        later: id.
        scenario: id of one scenario alone.

    Raises:
        ValueError: no such strategy; names the nearest.
    """
    study = report.study
    for given in (earlier, later):
        if given not in study.strategies:
            raise ValueError(f"no strategy {given!r} ({nearest(given, study.strategies)})")
    if scenario and scenario not in study.scenario_ids:
        raise ValueError(f"no scenario {scenario!r} ({nearest(scenario, study.scenario_ids)})")
    label = study.tree.label
    changes = tuple(
        Change(s, later, n, label(n), _score(report, s, earlier, n), _score(report, s, later, n))
        for s in ((scenario,) if scenario else study.scenario_ids)
        for n in study.tree.nodes
    )
    return Comparison(
        earlier=study.label(earlier),
        later=study.label(later),
        changes=changes,
        not_comparable=(),
        inputs=tuple(vintages_of(study, earlier, later)),
        panel=panel_of(study, earlier, later),
        banner=study.banner,
    )


def _score(report: Report, scenario: str, strategy: str, node: str) -> float:
    s = report.study.scenario_ids.index(scenario)
    t = list(report.study.strategies).index(strategy)
    return 100 * float(report.score[s, t, report.node(node)])


def _same(earlier: float, later: float) -> bool:
    both_missing = np.isnan(earlier) and np.isnan(later)
    return bool(both_missing or abs(later - earlier) <= 1e-10)


def _called(report: Report) -> str:
    return f"{report.study.name}, as of {report.study.as_of} ({report.study.digest[:12]})"
