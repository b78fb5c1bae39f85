"""A red team: what its ratings, which are not pooled, would make of the totals."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assess import tables
from assess.assessment import pool
from assess.instrument import instrument
from assess.model import Study
from assess.model.frozen import fixed
from assess.panel.given import study_of
from assess.panel.without import totals
from assess.report import TIE, Report

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]


@dataclass(frozen=True)
class RedCell:
    """One strategy on one criterion, where a red team says something else than the panel.

    Attributes:
        scenarios: ids of those in which the same ratings hold.
        strategy, criterion: ids.
        panel, red: points of 100; the panel's is NaN where it gives no level.
        analysts: ids of the red team who rated it.
        rationales: theirs, as written.
    """

    scenarios: tuple[str, ...]
    strategy: str
    criterion: str
    panel: float
    red: float
    analysts: tuple[str, ...]
    rationales: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class RedTeam:
    """The panel's totals beside those with a red team's ratings in place of the panel's.

    Attributes:
        study: whose red team it is.
        analysts: ids of those who are not pooled; empty where there is no red team.
        score: [scenario, strategy] in [0, 1], the totals with the red team's ratings wherever it
            gives a level and the panel's elsewhere; NaN where there is none.
        excluded: [scenario, strategy], whether a gate that excludes is failed then.
        rated: [scenario, strategy], on how many criteria the red team gives a level.
        cells: where it differs from the panel, furthest first.
    """

    study: Study
    analysts: tuple[str, ...]
    score: Array
    excluded: NDArray[np.bool_]
    rated: NDArray[np.int64]
    cells: tuple[RedCell, ...]

    def __post_init__(self) -> None:
        for name in ("score", "excluded", "rated"):
            object.__setattr__(self, name, fixed(getattr(self, name)))

    @property
    def table(self) -> "pd.DataFrame":
        """One row a scenario and strategy, by their ids; scores 0 to 100.

        Columns: scenario, strategy, score, excluded, rated.
        """
        import pandas as pd

        study = self.study
        rows = [
            (
                scenario,
                strategy,
                100 * float(self.score[s, t]),
                bool(self.excluded[s, t]),
                int(self.rated[s, t]),
            )
            for s, scenario in enumerate(study.scenario_ids)
            for t, strategy in enumerate(study.strategies)
        ]
        return pd.DataFrame(rows, columns=["scenario", "strategy", "score", "excluded", "rated"])


def red_team(report: Report) -> RedTeam:
    """Show what a red team's ratings, which are reported and not pooled, would make of the totals.

    Several analysts of a red team are pooled among themselves, as the study pools its panel.

    Args:
        report: by `assess.evaluate`.

    Raises:
        TypeError: it is no report; says what to write instead.

    >>> import assess
    >>> red_team(assess.evaluate(assess.load("mali_history"))).analysts
    ()
    """
    study = study_of(report, "red_team")
    made, values = instrument(study), tables.cells(study).values
    apart = np.array([not analyst.pooled for analyst in study.analysts.values()])
    weight = np.array([analyst.weight for analyst in study.analysts.values()])
    theirs = apart * (weight if (apart * weight).any() else 1.0)
    everywhere = (len(study.scenarios), len(study.strategies), len(study.tree.leaves))
    panel, red = (
        np.broadcast_to(pool(study, values, of)[0, 0], everywhere) for of in (None, theirs)
    )
    red = np.where(made.applicable[:, None], red, np.nan)
    score, excluded = totals(study, made, np.where(np.isnan(red), panel, red)[None])
    return RedTeam(
        study=study,
        analysts=tuple(key for key, item in study.analysts.items() if not item.pooled),
        score=score[0],
        excluded=excluded[0],
        rated=(~np.isnan(red)).sum(axis=-1),
        cells=tuple(_cells(study, panel, red)),
    )


def _cells(study: Study, panel: Array, red: Array) -> list[RedCell]:
    """Return where a red team differs, of values [scenario, strategy, leaf], furthest first."""
    rows, found = tables.row_grid(study), dict[tuple[int, int, bytes], list[int]]()
    for s, t, c in np.argwhere(~np.isnan(red) & ~(abs(red - panel) <= TIE)).tolist():
        held = rows[:, min(s, rows.shape[1] - 1), t, c].tobytes()
        found.setdefault((t, c, held), []).append(s)
    cells = []
    for (t, c, held), where in found.items():
        given = [row for row in np.frombuffer(held, rows.dtype).tolist() if row >= 0]
        own = [row for row in given if not study.analysts[_analyst(study, row)].pooled]
        cells.append(
            RedCell(
                scenarios=tuple(study.scenario_ids[s] for s in where),
                strategy=list(study.strategies)[t],
                criterion=study.tree.leaves[c],
                panel=100 * float(panel[where[0], t, c]),
                red=100 * float(red[where[0], t, c]),
                analysts=tuple(_analyst(study, row) for row in own),
                rationales=tuple(study.ratings.cell(row, "rationale") for row in own),
            )
        )
    return sorted(cells, key=lambda cell: -np.nan_to_num(abs(cell.red - cell.panel), nan=101.0))


def _analyst(study: Study, row: int) -> str:
    return study.ratings.cell(row, "analyst")
