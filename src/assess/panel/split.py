"""The cells in which a panel is split, with what each side says."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isnan
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assess import tables
from assess.model import Study
from assess.panel.given import analyst_name, study_of, voiced, with_a_voice, with_voices
from assess.report import TIE, Report
from assess.rounding import counted, few, points

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Rows = NDArray[np.int32]
Voice = tuple[str, float, int]  # who, what it is worth in [0, 1], its row
COLUMNS = (
    "cell", "scenarios", "strategy", "criterion", "spread", "side", "analyst", "level", "worth",
    "rationale",
)  # fmt: skip


@dataclass(frozen=True)
class Side:
    """Analysts on one side of a split cell, lowest worth first, then in the order of the study.

    Attributes:
        analysts: ids.
        criteria: ids of what they rated: the criterion, or a group above it as a whole.
        levels: as written.
        worths: points of 100.
        rationales: as written; empty where none is given.
        sources: as written; empty where none is given.
    """

    analysts: tuple[str, ...]
    criteria: tuple[str, ...]
    levels: tuple[str, ...]
    worths: tuple[float, ...]
    rationales: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class SplitCell:
    """One strategy on one criterion, on which the panel is split at its widest gap.

    Attributes:
        scenarios: ids of those in which the same ratings hold.
        strategy, criterion: ids; the criterion is a group where all of them rate it as a whole.
        spread: points of 100 between the highest worth and the lowest.
        low, high: those below the widest gap between neighbouring worths, and those above it.
    """

    scenarios: tuple[str, ...]
    strategy: str
    criterion: str
    spread: float
    low: Side
    high: Side


@dataclass(frozen=True)
class Splits:
    """The cells in which the worths that analysts with a voice give lie far apart.

    Attributes:
        study: whose panel it is.
        over: points of 100; a cell is listed if its spread is larger.
        compared: how many cells two or more of them rated.
        cells: widest first, then by scenario, strategy and criterion in the order of the study.
    """

    study: Study
    over: float
    compared: int
    cells: tuple[SplitCell, ...]

    @property
    def table(self) -> "pd.DataFrame":
        """One row an analyst in a split cell, widest cell first.

        Columns: cell (1 the widest), scenarios (ids, spaces between), strategy, criterion, spread,
        side (low or high), analyst, level, worth (0 to 100), rationale.
        """
        import pandas as pd

        rows = [
            (i, " ".join(cell.scenarios), cell.strategy, cell.criterion, cell.spread, name, *row)
            for i, cell in enumerate(self.cells, start=1)
            for name in ("low", "high")
            for side in [getattr(cell, name)]
            for row in zip(side.analysts, side.levels, side.worths, side.rationales, strict=True)
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def __str__(self) -> str:
        head = (
            f"{len(self.cells)} of {counted(self.compared, 'cell')} that two or more analysts "
            f"rated: spread over {self.over:g} points"
        )
        return "\n".join([head, *map(self.line, self.cells)])

    def line(self, cell: SplitCell) -> str:
        """Return a cell in one line: what it is, how far apart, and who stands where."""
        study, sides = self.study, []
        for side in (cell.low, cell.high):
            told = (
                f"{analyst_name(study, key)} {level} (worth {points(worth / 100)})"
                for key, level, worth in zip(side.analysts, side.levels, side.worths, strict=True)
            )
            sides.append(", ".join(told))
        apart = f"{points(cell.spread / 100)} points apart"
        return f"{self.what(cell)}: {apart}; {' against '.join(sides)}"

    def what(self, cell: SplitCell) -> str:
        """Return what a cell is called, with its scenarios where it is not all of them."""
        study = self.study
        labels = {scenario.id: scenario.label for scenario in study.scenarios}
        others = [label for key, label in labels.items() if key not in cell.scenarios]
        where = f" ({few([labels[key] for key in cell.scenarios])})"
        if len(others) < len(cell.scenarios):
            where = f" (not in {few(others)})" if others else ""
        return f"{study.label(cell.strategy)}, {study.tree.label(cell.criterion)}{where}"


def split_cells(report: Report, *, over: float = 25.0) -> Splits:
    """List the cells in which the panel is split, for discussion, with what each side says.

    Args:
        report: by `assess.evaluate`.
        over: points of 100; the spread (highest worth less lowest) from which on, not included, a
            cell is listed.

    Returns:
        Ratings that hold in several scenarios are listed once.

    Raises:
        ValueError: the points do not lie in 0 to 100.
        TypeError: it is no report; says what to write instead.

    >>> import assess
    >>> found = split_cells(assess.evaluate(assess.load("mali")), over=40)
    >>> all(cell.spread > 40 for cell in found.cells)
    True
    """
    study = study_of(report, "split_cells")
    if not 0 <= over <= 100:
        raise ValueError(f"the spread of a split cell lies in 0 to 100 points: {over:g}")
    values, rows = tables.cells(study).values, tables.row_grid(study)[with_a_voice(study)]
    twice = np.zeros((len(study.scenarios), *rows.shape[2:]), dtype=bool)
    groups: dict[tuple[int, int, bytes], list[int]] = {}
    for s in range(len(study.scenarios)):
        said = voiced(study, values, s)
        twice[s] = (~np.isnan(said)).sum(axis=0) >= 2
        spread = np.fmax.reduce(said) - np.fmin.reduce(said)
        here = np.moveaxis(_at(rows, s), 0, -1)
        for t, c in np.argwhere(spread > over / 100 + TIE).tolist():
            groups.setdefault((t, c, here[t, c].tobytes()), []).append(s)
    worths, keys = np.append(tables.levels(study)["rating"].worth, np.nan), with_voices(study)
    cells = [
        _cell(study, where, t, c, _sides(keys, worths, _at(rows, where[0])[:, t, c]))
        for (t, c, _), where in groups.items()
    ]
    cells.sort(key=lambda cell: -round(cell.spread, 9))
    return Splits(study, over, _distinct(rows, twice), tuple(cells))


def _at(rows: Rows, s: int) -> Rows:
    """Return the rows in use in a scenario [analyst, strategy, leaf]."""
    return rows[:, min(s, rows.shape[1] - 1)]


def _distinct(rows: Rows, twice: NDArray[np.bool_]) -> int:
    """Return how many cells [scenario, strategy, leaf] are marked, those of equal rows once."""
    if rows.shape[1] == 1:
        return int(twice.any(axis=0).sum())
    count = 0
    for t in range(twice.shape[1]):
        s, c = np.nonzero(twice[:, t])
        keys = np.concatenate([c[:, None], rows[:, s, t, c].T], axis=1)
        count += len(np.unique(keys, axis=0)) if len(keys) else 0
    return count


def _sides(keys: Sequence[str], worths: Array, rows: Rows) -> tuple[list[Voice], list[Voice]]:
    """Return who stands below the widest gap between worths, and who above it.

    Args:
        keys: ids of those with a voice.
        worths: of every row in [0, 1], and NaN for the row -1.
        rows: of each of them.
    """
    given = zip(keys, worths[rows].tolist(), rows.tolist(), strict=True)
    there = sorted((voice for voice in given if not isnan(voice[1])), key=lambda voice: voice[1])
    gaps = [round(b[1] - a[1], 12) for a, b in pairwise(there)]
    after = gaps.index(max(gaps)) + 1
    return there[:after], there[after:]


def _cell(
    study: Study, scenarios: list[int], t: int, c: int, sides: tuple[list[Voice], list[Voice]]
) -> SplitCell:
    low, high = (_side(study, voices) for voices in sides)
    rated = {*low.criteria, *high.criteria}
    return SplitCell(
        scenarios=tuple(study.scenario_ids[s] for s in scenarios),
        strategy=list(study.strategies)[t],
        criterion=rated.pop() if len(rated) == 1 else study.tree.leaves[c],
        spread=high.worths[-1] - low.worths[0],
        low=low,
        high=high,
    )


def _side(study: Study, given: list[Voice]) -> Side:
    def cells(name: str) -> tuple[str, ...]:
        return tuple(study.ratings.cell(row, name) for _, _, row in given)

    return Side(
        analysts=tuple(key for key, _, _ in given),
        criteria=cells("criterion"),
        levels=cells("rating"),
        worths=tuple(100 * value for _, value, _ in given),
        rationales=cells("rationale"),
        sources=cells("source"),
    )
