"""Scores and ranks without each analyst in turn."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assess.model import Study
from assess.model.frozen import fixed
from assess.panel.given import analyst_name, listed, study_of
from assess.panel.without import totals_without
from assess.report import Report, ranks
from assess.rounding import counted, few, points

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Ranks = NDArray[np.int32]
MOST_TOLD = 2
COLUMNS = (
    "analyst", "scenario", "strategy", "score", "score_with", "points", "rank", "rank_with",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class LeaveOneOut:
    """Totals and ranks as `evaluate` gives them without each analyst and that analyst's ratings.

    Attributes:
        study: with everybody in it.
        score_with: [scenario, strategy] in [0, 1], the totals with everybody.
        rank_with: [scenario, strategy], the ranks with everybody; 0 for none.
        score: [analyst, scenario, strategy] without each; NaN where there is no total.
        rank: [analyst, scenario, strategy] without each; 0 for none.
        refused: by analyst, why there is no study without this one; empty where there is.
    """

    study: Study
    score_with: Array
    rank_with: Ranks
    score: Array
    rank: Ranks
    refused: tuple[str, ...]

    def __post_init__(self) -> None:
        for name in ("score_with", "rank_with", "score", "rank"):
            object.__setattr__(self, name, fixed(getattr(self, name)))

    @cached_property
    def moves(self) -> Array:
        """By how much a total changes when each is absent [analyst, scenario, strategy]."""
        return fixed(self.score - self.score_with)

    @property
    def table(self) -> "pd.DataFrame":
        """One row an analyst, scenario and strategy, by their ids; scores and points of 100.

        Columns: analyst (who is absent), scenario, strategy, score (NaN for none), score_with,
        points (score less score_with), rank (0 for none), rank_with.
        """
        import pandas as pd

        keys = product(self.study.analysts, self.study.scenario_ids, self.study.strategies)
        scores = (
            100 * self.score,
            np.broadcast_to(100 * self.score_with, self.score.shape),
            100 * self.moves,
            self.rank,
            np.broadcast_to(self.rank_with, self.rank.shape),
        )
        cells = (array.ravel().tolist() for array in scores)
        rows = [(*key, *row) for key, row in zip(keys, zip(*cells, strict=True), strict=True)]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def sentences(self) -> Iterator[str]:
        """Say whose absence changes who is highest, and who moves a total most."""
        changes = self._changes()
        for analyst, told, where in changes[:MOST_TOLD]:
            yield f"Without {analyst}, {told} in {few(where)}."
        if len(changes) > MOST_TOLD:
            yield f"The absence of one analyst makes {_more(len(changes) - MOST_TOLD)}."
        if not changes:
            yield "No analyst's absence alone changes which strategy is highest in a scenario."
        yield from self._largest_move()
        for key, why in zip(self.study.analysts, self.refused, strict=True):
            if why:
                yield f"Without {analyst_name(self.study, key)} there is no result: {why}."

    def _changes(self) -> list[tuple[str, str, list[str]]]:
        """Return who is absent, what then holds, and in which scenarios: most scenarios first."""
        study, found = self.study, dict[tuple[str, str], list[str]]()
        analysts, before, after = list(study.analysts), self.rank_with == 1, self.rank == 1
        for a, s in np.argwhere((before != after).any(axis=-1)).tolist():
            if not self.refused[a]:
                first = zip(study.strategies, after[a, s].tolist(), strict=True)
                names = [study.label(key) for key, is_first in first if is_first]
                then = f"{listed(names)} would be highest" if names else "no strategy has a rank"
                who = analyst_name(study, analysts[a])
                found.setdefault((who, then), []).append(study.scenarios[s].label)
        return [(*key, found[key]) for key in sorted(found, key=lambda key: -len(found[key]))]

    def _largest_move(self) -> Iterator[str]:
        """Say which total moves most, and without whom; nothing where none moves."""
        size = np.nan_to_num(abs(self.moves)).round(12)
        if not size.any():
            return
        a, s, t = np.unravel_index(size.argmax(), size.shape)
        study = self.study
        analyst = analyst_name(study, list(study.analysts)[a])
        strategy = study.label(list(study.strategies)[t])
        way = "rises" if self.moves[a, s, t] > 0 else "falls"
        yield (
            f"The largest move of a total: without {analyst}, {strategy} {way} by "
            f"{points(float(size[a, s, t]), 1)} points in {study.scenarios[s].label}."
        )

    def __str__(self) -> str:
        return "\n".join(self.sentences())


def _more(count: int) -> str:
    return f"{counted(count, 'more change')} of this kind"


def leave_one_out(report: Report) -> LeaveOneOut:
    """Return every total and rank without each analyst in turn.

    Args:
        report: by `assess.evaluate`.

    Returns:
        What `evaluate` gives for the study without that analyst and that analyst's ratings, the
        others weighing as they do in the whole panel, whatever gave them their weights.

    Raises:
        TypeError: it is no report; says what to write instead.

    References:
        Efron and Stein (1981), The jackknife estimate of variance, doi:10.1214/aos/1176345462.

    >>> import assess
    >>> found = leave_one_out(assess.evaluate(assess.load("mali")))
    >>> found.score.shape == (len(found.study.analysts), 11, 5)
    True
    """
    study = study_of(report, "leave_one_out")
    found = totals_without(study, np.eye(len(study.analysts), dtype=bool))
    ranked = found.ranked
    by_world = ranked.reshape(-1, ranked.shape[-1], 1)
    return LeaveOneOut(
        study=study,
        score_with=report.score[:, :, 0],
        rank_with=report.ranks[:, :, 0],
        score=found.score,
        rank=ranks(by_world).reshape(ranked.shape),
        refused=tuple(found.refused.get(a, "") for a in range(len(study.analysts))),
    )
