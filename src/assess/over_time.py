"""Scores over several reports, with the breaks where a score no longer measures the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from assess import tables
from assess.differences import Names, comparable, panel
from assess.model import shown
from assess.report import Report

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "report", "as_of", "digest", "scenario", "strategy", "criterion", "score", "coverage",
    "series", "break",
)  # fmt: skip
FEWEST = 2
Series = tuple[dict[str, tuple[int, str]], ...]


@dataclass(frozen=True)
class Milestone:
    """One report of a history.

    Attributes:
        number: from 1, in the order given.
        name: of its study.
        as_of: the day on which the study looks.
        digest: of the study, in full.
        panel: sentence on how far its panel is that of the report before; empty for the first.
    """

    number: int
    name: str
    as_of: str
    digest: str
    panel: str

    @property
    def label(self) -> str:
        """What pages call it."""
        return f"{self.number}: {self.name}, as of {self.as_of} ({self.digest[:12]})"


@dataclass(frozen=True)
class Moment:
    """One score in one report.

    Attributes:
        report: number of the report, from 1.
        score: 0 to 100; NaN where there is none.
        coverage: share of weight rated, 0 to 1; NaN where the criterion does not apply.
        series: from 1; scores of one series measure the same (C10), others are not compared.
        broken: why a new series begins here; empty where none does.
    """

    report: int
    scenario: str
    strategy: str
    criterion: str
    score: float
    coverage: float
    series: int
    broken: str


@dataclass(frozen=True)
class History:
    """Scores over several reports, in the order in which these were given.

    Attributes:
        reports: what they are.
        moments: every score of every report, report by report.
        names: what the page calls criteria, scenarios and strategies; by the latest report.
        root: id of the latest tree's root.
        shown: the root and the criteria right below it in any report, which the page shows.
        banner: says so where anything is made up.
    """

    reports: tuple[Milestone, ...]
    moments: tuple[Moment, ...]
    names: Names
    root: str
    shown: tuple[str, ...]
    banner: str

    @property
    def breaks(self) -> tuple[tuple[int, str, str], ...]:
        """The breaks in comparability: number of the report, criterion and reason."""
        found = [(m.report, m.criterion, m.broken) for m in self.moments if m.broken]
        return tuple(dict.fromkeys(found))

    @property
    def table(self) -> "pd.DataFrame":
        """Every score, one row a report, scenario, strategy and criterion, by their ids.

        Columns: report (from 1), as_of, digest, scenario, strategy, criterion, score, coverage
        (0 to 1), series (rows of one series are comparable), break (why a series begins).
        """
        import pandas as pd

        rows = [
            (m.report, of.as_of, of.digest, m.scenario, m.strategy, m.criterion, m.score,
             m.coverage, m.series, m.broken)
            for m in self.moments
            for of in (self.reports[m.report - 1],)
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def __str__(self) -> str:
        from assess.reporting.comparison.history import render

        return render(self)


def history(*reports: Report) -> History:
    """Follow every score through several reports, and mark where it no longer measures the same.

    A criterion is held against the last report that had it. Where its fingerprint, or that of
    anything below it, is another, a new series begins; no line goes over a break.

    Args:
        reports: two or more, the earliest first.

    Raises:
        ValueError: fewer than two reports.
        TypeError: one of them is no report.

    >>> import assess
    >>> report = assess.evaluate(assess.load("mali_history"))
    >>> found = history(report, report, report)
    >>> len(found.reports), found.breaks
    (3, ())
    """
    for given in reports:
        if not isinstance(given, Report):
            raise TypeError(f"history takes Reports, not {shown(given)}")
    if len(reports) < FEWEST:
        raise ValueError(f"a history takes two or more reports, not {len(reports)}")
    names = Names.of(*(report.study for report in reversed(reports)))
    series = tuple(_series(reports, names))
    return History(
        reports=tuple(_milestones(reports)),
        moments=tuple(
            moment for place in range(len(reports)) for moment in _moments(reports, place, series)
        ),
        names=names,
        root=reports[-1].study.tree.id,
        shown=tuple(dict.fromkeys(key for report in reversed(reports) for key in _top(report))),
        banner=" ".join(dict.fromkeys(r.study.banner for r in reports if r.study.banner)),
    )


def _top(report: Report) -> tuple[str, ...]:
    tree = report.study.tree
    return (tree.id, *tree.children[tree.id])


def _milestones(reports: tuple[Report, ...]) -> Iterator[Milestone]:
    for place, report in enumerate(reports):
        study, told = report.study, ""
        if place:
            sides = (reports[place - 1].study, study)
            told = panel(*(x.ratings.select(tables.pooled_rows(x)) for x in sides))
        yield Milestone(place + 1, study.name, str(study.as_of), study.digest, told)


def _series(reports: tuple[Report, ...], names: Names) -> Iterator[dict[str, tuple[int, str]]]:
    """Yield the series of every criterion, report by report, and why it begins."""
    last: dict[str, tuple[int, int]] = {}  # by criterion: its series, and the report that had it
    for place, report in enumerate(reports):
        reasons: dict[int, dict[str, str]] = {}
        found: dict[str, tuple[int, str]] = {}
        for node in report.study.tree.nodes:
            number, before = last.get(node, (0, place))
            if before not in reasons:
                rest = comparable(reports[before], report, names)[1]
                reasons[before] = {difference.where: difference.message for difference in rest}
            broken = reasons[before].get(node, "")
            number += number == 0 or bool(broken)
            last[node], found[node] = (number, place), (number, broken)
        yield found


def _moments(reports: tuple[Report, ...], place: int, series: Series) -> Iterator[Moment]:
    report = reports[place]
    study = report.study
    for s, t, n in np.ndindex(report.score.shape):
        node = study.tree.nodes[n]
        number, broken = series[place][node]
        yield Moment(
            report=place + 1,
            scenario=study.scenario_ids[s],
            strategy=list(study.strategies)[t],
            criterion=node,
            score=100 * float(report.score[s, t, n]),
            coverage=float(report.coverage[s, t, n]),
            series=number,
            broken=broken,
        )
