"""Rounds of asking: how far ratings moved, whether the panel came together, and what it changed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assess import tables
from assess.agreement import mean_absolute_spread
from assess.assessment import evaluate
from assess.checks import check
from assess.model import CELL, Column, Ratings, Study, ValueTree, round_number
from assess.model.frozen import fixed
from assess.panel.given import study_of, voiced, with_voices
from assess.report import TIE, Report

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Cell = tuple[str, ...]


@dataclass(frozen=True)
class Shift:
    """How ratings below one criterion moved from the first word on a cell to the last.

    Attributes:
        criterion: id of a top criterion, or of the tree for all of them.
        rated_again: ratings of pooled analysts that took the place of an earlier one, both of which
            give a level.
        mean: points of 100, last worth less first, averaged; NaN where nothing was rated again.
        absolute: the same without its sign.
        cells: how many cells of the first scenario two or more analysts gave a level both times:
            with their first words and with their last, which are one where nobody asked again.
        spread_before, spread_after: points of 100, mean absolute difference between two analysts
            over these cells; NaN where there are none.
    """

    criterion: str
    rated_again: int
    mean: float
    absolute: float
    cells: int
    spread_before: float
    spread_after: float

    @property
    def convergence(self) -> float:
        """By how many points of 100 the spread fell; below 0 where the panel drifted apart."""
        return self.spread_before - self.spread_after


@dataclass(frozen=True)
class Mover:
    """What one analyst did in later rounds.

    Attributes:
        analyst: id.
        rated_again: as in `Shift`.
        changed: how many of these have another worth than before.
        towards, away: how many moved nearer to, and further from, the mean of the others' first
            words on that cell.
    """

    analyst: str
    rated_again: int
    changed: int
    towards: int
    away: int


@dataclass(frozen=True, eq=False)
class Rounds:
    """All rounds side by side.

    Attributes:
        study: whose rounds they are.
        asked: the rounds of which there are ratings, first to last.
        score: [round, scenario, strategy] in [0, 1], the totals as things stood after each round;
            NaN where there is none.
        shifts: all criteria together, then by top criterion.
        movers: pooled analysts who rated something again.
    """

    study: Study
    asked: tuple[int, ...]
    score: Array
    shifts: tuple[Shift, ...]
    movers: tuple[Mover, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "score", fixed(self.score))

    @property
    def table(self) -> "pd.DataFrame":
        """Totals as things stood after each round, 0 to 100, one row a round, scenario, strategy.

        Columns: round, scenario, strategy, score.
        """
        import pandas as pd

        study = self.study
        rows = [
            (asked, scenario, strategy, 100 * float(self.score[k, s, t]))
            for k, asked in enumerate(self.asked)
            for s, scenario in enumerate(study.scenario_ids)
            for t, strategy in enumerate(study.strategies)
        ]
        return pd.DataFrame(rows, columns=["round", "scenario", "strategy", "score"])


def rounds(report: Report) -> Rounds:
    """Hold the rounds of a study side by side: shift, convergence, and totals after each.

    Args:
        report: by `assess.evaluate`.

    Returns:
        One round, and no shift, where no rating of the study took the place of an earlier one.

    Raises:
        TypeError: it is no report; says what to write instead.

    References:
        Linstone and Turoff (1975), The Delphi Method.

    >>> import assess
    >>> rounds(assess.evaluate(assess.load("mali_history"))).asked
    (1,)
    """
    study = study_of(report, "rounds")
    said = Ratings.concatenated([study.earlier, study.ratings])
    of_row = said.round.map(round_number)
    asked = tuple(int(k) for k in np.unique(of_row)) or (1,)
    totals = [_totals(_held(study, said.select(of_row <= k))) for k in asked[:-1]]
    first = _held(study, _first_words(said))
    moves = list(_moves(first, study))
    return Rounds(
        study,
        asked,
        np.stack([*totals, report.score[..., 0]]),
        tuple(_shifts(first, study, moves)),
        tuple(_movers(study, moves)),
    )


@dataclass(frozen=True)
class _Move:
    """One rating that took the place of an earlier one, in [0, 1].

    Attributes:
        others: mean of the other pooled analysts' first words on the cell; NaN for nobody.
    """

    analyst: str
    criterion: str
    first: float
    last: float
    others: float


def _held(study: Study, said: Ratings) -> Study:
    """Return the study as it stood when this was all that had been said."""
    return study.model_copy(update={"ratings": said, "earlier": Ratings()})


def _first_words(said: Ratings) -> Ratings:
    """Return what each analyst said of each cell in the first round that asked for it."""
    backwards = [str(10 - round_number(label)) for label in said.round.labels]
    columns = {name: getattr(said, name) for name in CELL}
    columns["round"] = Column.of(said.round.codes, backwards)
    return said.select(~Ratings(columns).superseded)


def _totals(study: Study) -> Array:
    """Return the totals of a study [scenario, strategy]; NaN where it was not sound yet."""
    if check(study):
        return np.full((len(study.scenarios), len(study.strategies)), np.nan)
    return evaluate(study).score[..., 0]


def _moves(before: Study, study: Study) -> Iterator[_Move]:
    """Yield what took the place of a first word, in the order of the last words."""
    first, last = (_worths(of) for of in (before, study))
    again = {_cell(study.earlier, row) for row in range(len(study.earlier))}
    values, heard = tables.cells(before).values[0], tables.analyst_weights(study) > 0
    for cell in (cell for cell in last if cell in again and cell in first):
        analyst, strategy, scenario, criterion = cell
        a = list(study.analysts).index(analyst)
        if not heard[a] or criterion not in study.tree.nodes or isnan(first[cell] + last[cell]):
            continue
        s = study.scenario_ids.index(scenario) if scenario else 0
        t = list(study.strategies).index(strategy)
        c = study.tree.leaves.index(study.tree.below(criterion)[0])
        said = values[:, min(s, values.shape[1] - 1), t, c]
        others = said[heard & (np.arange(len(said)) != a) & ~np.isnan(said)]
        mean = float(others.mean()) if len(others) else float("nan")
        yield _Move(analyst, criterion, first[cell], last[cell], mean)


def _worths(study: Study) -> Mapping[Cell, float]:
    """Return what each rating of a study is worth, by its cell."""
    worth = tables.levels(study)["rating"].worth.tolist()
    return {_cell(study.ratings, row): value for row, value in enumerate(worth)}


def _cell(ratings: Ratings, row: int) -> Cell:
    return tuple(ratings.cell(row, name) for name in CELL)


def _shifts(before: Study, study: Study, moves: list[_Move]) -> Iterator[Shift]:
    tree = study.tree
    values = [voiced(of, tables.cells(of).values, 0) for of in (before, study)]
    for node in (tree.id, *tree.children[tree.id]):
        below = [tree.leaves.index(leaf) for leaf in tree.below(node)]
        found = np.array([move.last - move.first for move in moves if _is_below(tree, move, node)])
        cells, *spreads = _spreads(*(value[..., below] for value in values))
        mean = 100 * float(found.mean()) if len(found) else float("nan")
        absolute = 100 * float(abs(found).mean()) if len(found) else float("nan")
        yield Shift(node, len(found), mean, absolute, cells, *spreads)


def _is_below(tree: ValueTree, move: _Move, node: str) -> bool:
    return set(tree.below(move.criterion)) <= set(tree.below(node))


def _spreads(first: Array, last: Array) -> tuple[int, float, float]:
    """Return how many cells compare, and the spread over them both times, in points."""
    both = ~np.isnan(first) & ~np.isnan(last)
    cells = int((both.sum(axis=0) >= 2).sum())
    if not cells:
        return 0, float("nan"), float("nan")
    found = [
        mean_absolute_spread(100 * np.where(both, x, np.nan).reshape(len(x), -1), draws=0)
        for x in (first, last)
    ]
    return cells, float(found[0]), float(found[1])


def _movers(study: Study, moves: list[_Move]) -> Iterator[Mover]:
    for key in with_voices(study):
        own = [move for move in moves if move.analyst == key]
        nearer = [abs(move.first - move.others) - abs(move.last - move.others) for move in own]
        if own:
            yield Mover(
                analyst=key,
                rated_again=len(own),
                changed=sum(abs(move.last - move.first) > TIE for move in own),
                towards=sum(by > TIE for by in nearer),
                away=sum(by < -TIE for by in nearer),
            )
