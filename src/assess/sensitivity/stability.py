"""How far every weight may move before the order of two strategies turns."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assess.assessment import evaluate
from assess.model import Study
from assess.model.frozen import fixed
from assess.report import Report
from assess.sensitivity.closed import closed_turns, with_totals
from assess.sensitivity.paths import Dial, dial, folded
from assess.sensitivity.turning import TIE, Places, bracketed_turns, pairs_by

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
GRID = 1001


@dataclass(frozen=True, eq=False)
class Stability:
    """Where pairs of strategies turn when one weight moves: one row a scenario, criterion and pair.

    Attributes:
        study: whose weights they are.
        scenario, criterion: [row], places among the scenarios and on the node axis.
        leader, challenger: [row], places of the strategies: who is ahead now, and who is not.
        weight: [row], the weight of the criterion within its parent now.
        below, above: [row], the nearest weight below and above it beyond which the challenger is
            ahead; NaN for never.
        least, most: [row], between which weights both have a total.
    """

    study: Study
    scenario: NDArray[np.intp]
    criterion: NDArray[np.intp]
    leader: NDArray[np.intp]
    challenger: NDArray[np.intp]
    weight: Array
    below: Array
    above: Array
    least: Array
    most: Array

    def __post_init__(self) -> None:
        for item in fields(self):
            if item.name != "study":
                object.__setattr__(self, item.name, fixed(getattr(self, item.name)))

    @property
    def flips_at(self) -> Array:
        """The nearer of `below` and `above` [row]; the one below where both are as near."""
        near = self.weight - self.below <= self.above - self.weight
        return np.where(near | np.isnan(self.above), self.below, self.above)

    @property
    def table(self) -> "pd.DataFrame":
        """One row a scenario, pair and criterion.

        Columns: scenario, leader, challenger, criterion (ids), weight, flips_at, below, above
        (shares of 1 within the parent; NaN for never).
        """
        import pandas as pd

        numbers = ("weight", "flips_at", "below", "above")
        return pd.DataFrame({**self._ids(), **{name: getattr(self, name) for name in numbers}})

    @property
    def intervals(self) -> "pd.DataFrame":
        """One row a scenario, pair and criterion: between which weights the order holds.

        Columns: scenario, leader, challenger, criterion (ids), weight, low, high, and what happens
        beyond them: below_low and above_high, "turns", "no total" or "" at the ends, 0 and 1.
        """
        import pandas as pd

        low, high = np.fmax(self.below, self.least), np.fmin(self.above, self.most)
        sides = zip((low, high), (self.below, self.above), (0.0, 1.0), strict=True)
        words = [
            np.where(at == turns, "turns", np.where(at != end, "no total", ""))
            for at, turns, end in sides
        ]
        return pd.DataFrame(
            {
                **self._ids(),
                "weight": self.weight,
                "low": low,
                "high": high,
                "below_low": words[0],
                "above_high": words[1],
            }
        )

    def _ids(self) -> dict[str, list[str]]:
        study = self.study
        of = {
            "scenario": study.scenario_ids,
            "leader": tuple(study.strategies),
            "challenger": tuple(study.strategies),
            "criterion": study.tree.nodes,
        }
        return {name: [ids[i] for i in getattr(self, name).tolist()] for name, ids in of.items()}


def weight_flips(study: Study) -> "pd.DataFrame":
    """Return for every weight and pair of strategies the weight at which their order turns.

    The weight of a criterion within its parent moves from 0 to 1, and its siblings keep their
    proportions among one another. Up the tree, the study's own rules hold. Where the parent and all
    above it add up, the place is exact (closed form, for missing ratings too); under other rules it
    is found on 1001 weights and then by halving the step, to better than 1e-9: what turns and turns
    back within a thousandth is not seen.

    Strategies that fail an excluding gate or have no total are left out: `left_out` names them.

    Args:
        study: a sound study.

    Returns:
        One row a scenario, pair and criterion. Columns: scenario, leader, challenger, criterion
        (ids; the leader is ahead now, or stands first in the study where both are level), weight
        (now), flips_at (the nearest weight beyond which the challenger is ahead; NaN for never),
        below and above (the nearest such weights on either side).

    Raises:
        StudyError: the study is not sound.
        TypeError: it is no study.

    References:
        Mareschal (1988), Weight stability intervals in multicriteria decision aid, European Journal
        of Operational Research 33(1), 54-64, doi:10.1016/0377-2217(88)90254-8.

    >>> import assess
    >>> from assess.sensitivity import weight_flips
    >>> table = weight_flips(assess.load("mali").only("reference"))
    >>> list(table.columns)[:6]
    ['scenario', 'leader', 'challenger', 'criterion', 'weight', 'flips_at']
    """
    return stability(evaluate(study)).table


def weight_intervals(study: Study) -> "pd.DataFrame":
    """Return for every weight and pair of strategies the interval in which their order holds.

    As `weight_flips`. An interval ends, too, where one of the two would no longer have a total.

    Args:
        study: a sound study.

    Returns:
        One row a scenario, pair and criterion. Columns: scenario, leader, challenger, criterion,
        weight, low, high, and what happens beyond: below_low and above_high ("turns", "no total",
        or "" where nothing does up to 0 or 1).

    Raises:
        StudyError: the study is not sound.
        TypeError: it is no study.

    >>> import assess
    >>> from assess.sensitivity import weight_intervals
    >>> found = weight_intervals(assess.load("mali").only("reference"))
    >>> bool(((found.low <= found.weight) & (found.weight <= found.high)).all())
    True
    """
    return stability(evaluate(study)).intervals


def stability(
    report: Report,
    criteria: Iterable[str] | None = None,
    *,
    of_first: bool = False,
    scenario: int | None = None,
) -> Stability:
    """Return where pairs of strategies turn when one weight moves.

    Args:
        report: by `assess.evaluate`.
        criteria: whose weights move; all if none are named.
        of_first: whether only pairs with a strategy that is highest are looked at.
        scenario: the place of the only one that is looked at; all if not said.

    >>> import assess
    >>> report = assess.evaluate(assess.load("mali"))
    >>> found = stability(report, ["operational_success"], of_first=True)
    >>> set(found.criterion.tolist()) == {report.node("operational_success")}
    True
    """
    whole = folded(report.study)
    nodes = report.study.tree.nodes[1:] if criteria is None else tuple(criteria)
    dials = [dial(whole, node) for node in nodes]
    rows = []
    every = range(len(report.study.scenarios))
    for s in every if scenario is None else (scenario,):
        ahead, behind = pairs_by(compared(report)[s])
        if of_first:
            first = report.ranks[s, :, 0] == 1
            ahead, behind = ahead[first[ahead]], behind[first[ahead]]
        rows += [_rows(turned, s, ahead, behind) for turned in dials]
    names = [item.name for item in fields(Stability)][1:]
    if not rows:
        empty = np.empty(0)
        rows = [tuple(empty.astype(np.intp) if i < 4 else empty for i in range(len(names)))]
    columns = (np.concatenate(column) for column in zip(*rows, strict=True))
    return Stability(report.study, **dict(zip(names, columns, strict=True)))


def compared(report: Report) -> Array:
    """Return the totals that are compared [scenario, strategy]; NaN where a gate excludes."""
    return np.where(report.excluded, np.nan, report.score[:, :, 0])


def left_out(report: Report) -> Iterator[str]:
    """Say which strategies no flip is looked for, and why.

    >>> import assess
    >>> report = assess.evaluate(assess.load("mali").only("reference"))
    >>> all(line.endswith(".") for line in left_out(report))
    True
    """
    study = report.study
    for s, scenario in enumerate(study.scenarios):
        for t, key in enumerate(study.strategies):
            if report.excluded[s, t]:
                yield f"{scenario.label}: {study.label(key)} fails a gate that excludes."
            elif np.isnan(report.score[s, t, 0]):
                yield f"{scenario.label}: {study.label(key)} has no total."


def _rows(turned: Dial, s: int, ahead: Places, behind: Places) -> tuple[NDArray[np.generic], ...]:
    """Return the rows of one criterion in one scenario, column by column."""
    size, place = len(ahead), turned.whole.place[turned.node]
    below, above, least, most = np.full((4, size), np.nan)
    least, most = np.zeros(size), np.ones(size)
    if turned.applying[s] > 0 and size:
        below, above = _turns(turned, s, ahead, behind)
        low, high = (turned.weight(s, end) for end in with_totals(turned, s))
        least, most = np.maximum(low[ahead], low[behind]), np.minimum(high[ahead], high[behind])
    scenario, criterion = np.full(size, s), np.full(size, place)
    weight = np.full(size, turned.now[s])
    return scenario, criterion, ahead, behind, weight, below, above, least, most


def _turns(turned: Dial, s: int, ahead: Places, behind: Places) -> Array:
    """Return where pairs turn [2, pair], below and above, as weights."""
    now = float(turned.now[s])
    missing = bool(np.isnan(turned.whole.scores[s]).any())
    # A child without weight is not there: where ratings are missing, totals may jump at 0 and 1.
    jumps_now = missing and not TIE < now < 1 - TIE
    if jumps_now or not turned.whole.additive(turned.parent):
        grid = np.unique(np.append(np.linspace(0.0, 1.0, GRID), now))
        at = int(np.searchsorted(grid, now))
        return bracketed_turns(lambda x: turned.totals(s, x), grid, at, ahead, behind)
    found = closed_turns(turned, s, ahead, behind)
    if missing:
        ends = turned.totals(s, np.array([0.0, 1.0]))
        jumped = ends[:, behind] > ends[:, ahead] + TIE
        jumped &= np.isnan(found) & (np.array([[0.0], [1.0]]) != now)
        found = np.where(jumped, np.array([[0.0], [1.0]]), found)
    return found
