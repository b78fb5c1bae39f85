"""The fewest steps of ratings, by cell and analyst, that bring one strategy past another."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assess import tables
from assess.aggregation import weighted_sum
from assess.assessment import evaluate, pool
from assess.instrument import node_rules
from assess.model import Study
from assess.report import TIE, Report
from assess.rollup import Recipe, fold
from assess.rounding import counted
from assess.sensitivity.asked import rivals_asked, scenario_asked
from assess.sensitivity.paths import folded
from assess.sensitivity.steps import (
    Ladder,
    furthest_by_search,
    furthest_by_steps,
    ladder,
    pruned,
    rerated,
    steps_taken,
)

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Places = NDArray[np.intp]
STEP = 1 / 20
MOST_SETS = 20_000
BLOCK = 2**17


@dataclass(frozen=True)
class MovedRating:
    """One rating that moves: whose it is, from which level to which, and in how many steps."""

    row: int
    analyst: str
    strategy: str
    criterion: str
    level: str
    becomes: str
    steps: int


@dataclass(frozen=True)
class RatingFlips:
    """Ratings that, moved in so few steps, bring a challenger past a leader.

    Attributes:
        study: as it is.
        scenario, leader, challenger: ids.
        moved: the ratings that move.
        steps: in all.
        exact: whether no fewer steps do.
        at_least: how many steps it takes at least.
    """

    study: Study
    scenario: str
    leader: str
    challenger: str
    moved: tuple[MovedRating, ...]
    steps: int
    exact: bool
    at_least: int

    @cached_property
    def rerated(self) -> Study:
        """The study with these levels; an own low and high of a moved rating are left empty."""
        return rerated(self.study, {item.row: item.becomes for item in self.moved})

    @property
    def table(self) -> "pd.DataFrame":
        """One row a rating: analyst, strategy, criterion (ids), level, becomes, steps."""
        import pandas as pd

        names = ("analyst", "strategy", "criterion", "level", "becomes", "steps")
        return pd.DataFrame({x: [getattr(item, x) for item in self.moved] for x in names})

    def __str__(self) -> str:
        study, tree = self.study, self.study.tree
        told = "; ".join(
            f"{study.analysts[item.analyst].name or item.analyst} on {study.label(item.strategy)}, "
            f"{tree.label(item.criterion)}: {item.level} to {item.becomes}"
            for item in self.moved
        )
        fewest = "no fewer do" if self.exact else f"at least {self.at_least}"
        return (
            f"{study.scenario(self.scenario).label}: {study.label(self.challenger)} ahead of "
            f"{study.label(self.leader)} with {counted(self.steps, 'step')} ({fewest}): {told}."
        )


def rating_flips(
    study: Study,
    scenario: str,
    challenger: str,
    leader: str | None = None,
    *,
    step: float = STEP,
    most_sets: int = MOST_SETS,
) -> RatingFlips | None:
    """Return the fewest steps of ratings that bring a strategy ahead of another.

    A step is one label of an ordinal scale, or a share of the range of a numeric one. Ratings of
    the challenger become better and those of the leader worse; what is absent stays absent. Where
    the tree adds up and the panel's centre is the mean, the fewest steps are found exactly, by
    dynamic programming; otherwise every set of so many steps is looked at as long as there are at
    most `most_sets`, and beyond that a set of which no step can be left out is named with how many
    steps it takes at least. The result has been evaluated.

    Args:
        study: a sound study.
        scenario: id. A rating that holds in every scenario moves in all of them.
        challenger: id of the strategy that is to get ahead.
        leader: id of the one it is to get ahead of; the highest of the others if not said.
        step: of a numeric scale, as a share of its range.
        most_sets: sets of ratings that are looked at for one number of steps.

    Returns:
        None if the challenger is not ahead even with all its ratings at their best and the
        leader's at their worst: never.

    Raises:
        ValueError: an unknown name, a strategy that cannot be compared, a challenger that is ahead
            already, a step outside (0, 1], or analysts weighed by agreement, which every rating
            changes.
        StudyError: the study is not sound.

    >>> import assess
    >>> found = rating_flips(assess.load("mali"), "reference", "protect_and_govern")
    >>> report = assess.evaluate(found.rerated)
    >>> ids = list(report.study.strategies)
    >>> leader, challenger = (report.score[0, ids.index(x), 0]
    ...                       for x in (found.leader, found.challenger))
    >>> bool(challenger > leader)
    True
    """
    if not 0 < step <= 1:
        raise ValueError(f"a step is a share of the range above 0 and at most 1: {step:g}")
    if study.method.analyst_weights == "agreement":
        raise ValueError("analysts are weighed by agreement, which every rating changes")
    report, s = evaluate(study), scenario_asked(study, scenario)
    ids = list(study.strategies)
    c, rivals = rivals_asked(report, s, challenger, leader)
    at = max(rivals, key=lambda t: report.score[s, t, 0])
    if report.score[s, c, 0] > report.score[s, at, 0] + TIE:
        raise ValueError(f"{challenger!r} is ahead of {ids[at]!r} already")
    sides = [_Side(report, s, c, step, True), _Side(report, s, at, step, False)]
    everything = [side.all_steps() for side in sides]
    if _gap(sides, everything) <= TIE:
        return None
    chosen, least = (_added_up if _adds_up(study) else _searched)(sides, most_sets)
    steps = sum(int(x.sum()) for x in chosen)
    found = RatingFlips(
        study=study,
        scenario=scenario,
        leader=ids[at],
        challenger=challenger,
        moved=tuple(x for side, k in zip(sides, chosen, strict=True) for x in side.moved(k)),
        steps=steps,
        exact=least >= steps,
        at_least=least,
    )
    then = evaluate(found.rerated).score[s, :, 0]
    assert then[c] > then[at], "what was found does not flip the pair"
    return found


class _Side:
    """The ratings of one strategy in one scenario, and what it totals when some of them move."""

    def __init__(self, report: Report, s: int, t: int, step: float, up: bool) -> None:
        study = report.study
        self.study, self.s, self.t, self.up = study, s, t, up
        self.whole = folded(study)
        cells = tables.cells(study)
        self.values = cells.values[0, :, min(s, cells.values.shape[2] - 1), t]
        self.grid = cells.rows[:, min(s, cells.rows.shape[1] - 1), t]
        voice = tables.analyst_weights(study) > 0
        counts = voice[:, None] & ~np.isnan(self.values) & self.whole.made.applicable[s]
        rows = np.unique(self.grid[counts]).tolist()
        steps = [ladder(study, row, step, up) for row in rows]
        self.ladders: list[Ladder] = [x for x in steps if x.worths[-1] != x.worths[0]]
        widest = max((len(x.worths) for x in self.ladders), default=1)
        self.worths = np.array(
            [[*x.worths, *[x.worths[-1]] * (widest - len(x.worths))] for x in self.ladders]
        ).reshape(len(self.ladders), widest)
        made = self.whole.made.total
        self.made: Recipe = replace(
            made,
            steps=tuple(replace(x, weights=x.weights[:, s : s + 1]) for x in made.steps),
        )

    def all_steps(self) -> Places:
        """Return the steps [row] that take every rating to its end, and no further."""
        ends = [x.worths.index(x.worths[-1]) for x in self.ladders]
        return np.array(ends, dtype=np.intp)

    def moved(self, steps: Places) -> list[MovedRating]:
        """Return the ratings that move in these steps [row]."""
        cell = self.study.ratings.cell
        return [
            MovedRating(
                row=x.row,
                analyst=cell(x.row, "analyst"),
                strategy=cell(x.row, "strategy"),
                criterion=cell(x.row, "criterion"),
                level=x.levels[0],
                becomes=x.levels[k],
                steps=k,
            )
            for x, k in zip(self.ladders, steps.tolist(), strict=True)
            if k
        ]

    def totals(self, steps: Places) -> Array:
        """Return the totals [set] when ratings move in steps [set, row]: pooled and folded."""
        size = max(1, BLOCK // max(1, self.values.size))
        parts = [self._totals(steps[i : i + size]) for i in range(0, len(steps), size)]
        return np.concatenate(parts) if parts else np.empty(0)

    def _totals(self, steps: Places) -> Array:
        values = np.repeat(self.values[None], len(steps), axis=0)
        for r, x in enumerate(self.ladders):
            values[:, self.grid == x.row] = self.worths[r, _capped(steps[:, r], self.worths)][
                :, None
            ]
        panel = pool(self.study, values[:, :, None, None, :])
        panel = np.where(self.whole.made.applicable[self.s], panel, 0.0)
        return np.asarray(fold(self.made, panel[:, 0])[:, 0, 0, 0])

    def gains(self) -> Array:
        """Return what each rating gains [row, step] where totals add up: points of the total."""
        held = self._leaf_weights()
        w = np.where(np.isnan(self.values), 0.0, tables.analyst_weights(self.study)[:, None])
        share = w / np.where(w.sum(axis=0) > 0, w.sum(axis=0), 1.0) * held
        counts = np.array([share[self.grid == x.row].sum() for x in self.ladders])
        apart = self.worths - self.worths[:, :1]
        return np.asarray(np.abs(apart) * counts[:, None])

    def _leaf_weights(self) -> Array:
        """Return the weight of every leaf in the total [leaf], shared among what is rated."""
        tree, whole, weight = self.study.tree, self.whole, {self.study.tree.id: 1.0}
        for node in tree.groups:
            there = ~np.isnan(whole.scores[self.s, self.t, whole.below(node)])
            held = whole.counted[node][self.s] * there
            held = held / (held.sum() or 1.0)
            for child, w in zip(tree.children[node], held.tolist(), strict=True):
                weight[child] = weight[node] * w
        return np.array([weight[leaf] for leaf in tree.leaves])


def _capped(steps: Places, worths: Array) -> Places:
    return np.asarray(np.minimum(steps, worths.shape[1] - 1), dtype=np.intp)


def _gap(sides: list[_Side], steps: list[Places]) -> float:
    """Return by how much the challenger is ahead with these steps [row] on either side."""
    up, down = (float(side.totals(k[None])[0]) for side, k in zip(sides, steps, strict=True))
    return up - down


def _adds_up(study: Study) -> bool:
    rules = node_rules(study)
    sums = all(rules[node] is weighted_sum for node in study.tree.groups)
    return sums and study.method.pooling.text == "mean"


def _added_up(sides: list[_Side], _: int) -> tuple[list[Places], int]:
    """Return the fewest steps [row] on either side, and how many they are, where totals add up."""
    each = [side.gains() for side in sides]
    widest = max(gain.shape[1] for gain in each)
    gains = np.vstack([np.pad(g, ((0, 0), (0, widest - g.shape[1])), mode="edge") for g in each])
    behind = -_gap(sides, [np.zeros(len(g), dtype=np.intp) for g in each])
    most, longest = 8, int(sum(side.all_steps().sum() for side in sides))
    while True:
        best, taken = furthest_by_steps(gains, min(most, longest))
        enough = np.flatnonzero(best > behind + 2 * TIE)
        if enough.size or most >= longest:
            break
        most *= 2
    n = int(enough[0]) if enough.size else longest
    steps = np.zeros(len(gains), dtype=np.intp)
    for r, k in steps_taken(taken, n).items():
        steps[r] = k
    return [steps[: len(each[0])], steps[len(each[0]) :]], n


def _searched(sides: list[_Side], most_sets: int) -> tuple[list[Places], int]:
    """Return few steps [row] on either side, and how many it takes at least, under any rules."""
    better, worse = sides
    ends = [side.all_steps() for side in sides]
    longest = int(sum(end.sum() for end in ends))
    up = furthest_by_search(len(ends[0]), better.totals, most_sets, longest)
    down = furthest_by_search(len(ends[1]), lambda k: -worse.totals(k), most_sets, longest)
    for n in range(min(len(up), len(down))):
        splits = [(up[i][0] + down[n - i][0], i) for i in range(n + 1)]
        ahead, i = max(splits)
        if ahead > TIE:
            return [_as_array(up[i][1], ends[0]), _as_array(down[n - i][1], ends[1])], n
    joined = np.concatenate(ends)

    def apart(k: Places) -> Array:
        return better.totals(k[:, : len(ends[0])]) - worse.totals(k[:, len(ends[0]) :])

    kept = pruned(joined, lambda k: apart(k) > TIE, apart)
    return [kept[: len(ends[0])], kept[len(ends[0]) :]], min(len(up), len(down))


def _as_array(steps: Mapping[int, int], like: Places) -> Places:
    found = np.zeros_like(like)
    for r, k in steps.items():
        found[r] = k
    return found
