"""What changed between two reports, and what can be compared at all."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from assess import tables
from assess.changes import (
    At,
    Change,
    Pair,
    Verdict,
    What,
    rating_changes,
    score_changes,
    verdict_changes,
)
from assess.decomposition import Decomposition, decompose
from assess.differences import (
    Difference,
    Names,
    comparable,
    input_differences,
    panel,
    totals_apart,
    vintage_differences,
)
from assess.level_changes import LevelChange, level_changes
from assess.model import Ratings, Study, nearest
from assess.report import Report, wanted

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "scenario", "strategy", "criterion", "earlier", "later", "points", "percent",
    "coverage_earlier", "coverage_later",
)  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """Two reports held against each other (C10): only nodes of equal fingerprint are compared.

    Attributes:
        earlier, later: what they are called.
        changes: of every comparable score, in the order of the later report.
        verdicts: ranks and bands at the root, and statuses of gates, that are not what they were.
        not_comparable: nodes that measure something else, each with the reason.
        inputs: what else differs: strategies, scenarios, names, ratings, weights, method, vintages.
        panel: sentence on how far the panels overlap.
        totals: sentence on why totals are not comparable; empty where they are.
        ranks: sentence on the strategies that came or went, so that ranks are not compared; empty
            where both reports rank the same set.
        banner: says so where anything is made up.
        names: what the page calls criteria, scenarios and strategies.
        of_strategies: whether the two sides are two strategies of one report.
        reports: the two reports; empty where the sides are two strategies.
        levels: of two strategies, the levels that are not the same, in their own unit.
    """

    earlier: str
    later: str
    changes: tuple[Change, ...]
    verdicts: tuple[Verdict, ...]
    not_comparable: tuple[Difference, ...]
    inputs: tuple[Difference, ...]
    panel: str
    totals: str
    ranks: str
    banner: str
    names: Names
    of_strategies: bool = False
    reports: tuple[Report, ...] = field(default=(), repr=False)
    levels: tuple[LevelChange, ...] = ()

    @cached_property
    def moved(self) -> tuple[Change, ...]:
        """The changes other than none; a score that comes or goes counts."""
        return tuple(change for change in self.changes if change.moved)

    @cached_property
    def decomposition(self) -> Decomposition:
        """The change of every comparable total by kind of input; empty where none is comparable."""
        if not self.reports or self.totals:
            return Decomposition(())
        return decompose(*self.reports)

    @property
    def table(self) -> "pd.DataFrame":
        """Every comparable score, one row a scenario, strategy and criterion, by their ids.

        Columns: scenario, strategy, criterion, earlier, later, points, percent (of the earlier
        score), coverage_earlier, coverage_later (share of weight rated, 0 to 1).
        """
        import pandas as pd

        rows = [tuple(getattr(change, name) for name in COLUMNS) for change in self.changes]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def __str__(self) -> str:
        from assess.reporting.txt import render_comparison

        return render_comparison(self)


def compare(earlier: Report, later: Report) -> Comparison:
    """Compare two reports: what moved, what cannot be compared and why, what else differs.

    Args:
        earlier: the base of every change.
        later: what is held against it.

    Raises:
        TypeError: one of them is no report; says what to write instead.

    >>> import assess
    >>> report = assess.evaluate(assess.load("mali"))
    >>> assess.compare(report, report).moved
    ()
    """
    for given in (earlier, later):
        if not isinstance(given, Report):
            raise TypeError(wanted("compare", given))
    before, after = earlier.study, later.study
    names = Names.of(after, before)
    nodes, not_comparable = comparable(earlier, later, names)
    pairs = [
        Pair(scenario, key, *(At.of(report, scenario, key) for report in (earlier, later)))
        for scenario in after.scenario_ids
        if scenario in before.scenario_ids
        for key in after.strategies
        if key in before.strategies
    ]
    root = after.tree.id
    ranks = _sets_apart(before, after, names)
    verdicts: list[tuple[What, str]] = [("gate", x) for x in later.gate_leaves if x in nodes]
    if root in nodes:
        verdicts.insert(0, ("band", root))
        if not ranks:
            verdicts.insert(0, ("rank", root))
    return Comparison(
        earlier=_called(earlier),
        later=_called(later),
        changes=tuple(score_changes(pairs, nodes, names.criteria)),
        verdicts=tuple(verdict_changes(pairs, verdicts, names.criteria)),
        not_comparable=tuple(not_comparable),
        inputs=(
            *_ratings(before.ratings, after.ratings, names, alone=_alone(before, after)),
            *input_differences(before, after, names),
        ),
        panel=panel(*(x.ratings.select(tables.pooled_rows(x)) for x in (before, after))),
        totals="" if root in nodes else totals_apart(before, after, not_comparable),
        ranks=ranks,
        banner=_banner(before, after),
        names=names,
        reports=(earlier, later),
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
        ValueError: no such strategy or scenario; names the nearest.
    """
    study, names = report.study, Names.of(report.study)
    for given in (earlier, later):
        if given not in study.strategies:
            raise ValueError(f"no strategy {given!r} ({nearest(given, study.strategies)})")
    if scenario and scenario not in study.scenario_ids:
        raise ValueError(f"no scenario {scenario!r} ({nearest(scenario, study.scenario_ids)})")
    pairs = [
        Pair(s, later, *(At.of(report, s, key) for key in (earlier, later)))
        for s in ((scenario,) if scenario else study.scenario_ids)
    ]
    gates: list[tuple[What, str]] = [("gate", leaf) for leaf in report.gate_leaves]
    held = (study.only(scenario) if scenario else study).evidenced
    old, new = (held.select(held.strategy.matches(key)) for key in (earlier, later))
    ratings = _ratings(old, new, names, key=("analyst", "scenario", "criterion"))
    return Comparison(
        earlier=names.strategies[earlier],
        later=names.strategies[later],
        changes=tuple(score_changes(pairs, study.tree.nodes, names.criteria)),
        verdicts=tuple(verdict_changes(pairs, [("band", study.tree.id), *gates], names.criteria)),
        not_comparable=(),
        inputs=(*ratings, *vintage_differences(old, new, study.sources)),
        panel=panel(old, new),
        totals="",
        ranks="",
        banner=study.banner,
        names=names,
        of_strategies=True,
        levels=tuple(level_changes(old, new, study.tree)),
    )


def _ratings(before: Ratings, after: Ratings, names: Names, **how: Any) -> Iterator[Difference]:
    """Yield what became of each analyst's ratings."""
    found = rating_changes(before, after, **how)
    for analyst, called in names.analysts.items():
        if analyst in found:
            yield Difference("ratings", analyst, found[analyst], called)


def _alone(before: Study, after: Study) -> frozenset[str]:
    """Return the strategies that only one of two studies has."""
    return frozenset(before.strategies.keys() ^ after.strategies.keys())


def _sets_apart(before: Study, after: Study, names: Names) -> str:
    """Say which strategies came or went."""
    alone = _alone(before, after)
    told = [
        f"{', '.join(found)} {verb}"
        for verb, study in (("came", after), ("went", before))
        if (found := [names.strategies[key] for key in study.strategies if key in alone])
    ]
    if not told:
        return ""
    return f"Ranks are not compared: they are among different strategies ({'; '.join(told)})."


def _banner(before: Study, after: Study) -> str:
    """Say what is made up, and in which report where it is not the same in both."""
    if before.banner == after.banner:
        return after.banner
    if before.banner and after.banner:
        return f"{after.banner} The earlier report is illustrative too."
    side = "Earlier" if before.banner else "Later"
    return f"{side} report: {before.banner or after.banner}"


def _called(report: Report) -> str:
    return f"{report.study.name}, as of {report.study.as_of} ({report.study.digest[:12]})"
