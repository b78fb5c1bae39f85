"""Which strategy each analyst puts first, by that analyst's own ratings alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assess import tables
from assess.instrument import instrument
from assess.model import Study
from assess.model.frozen import fixed
from assess.panel.given import Mask, best, study_of
from assess.panel.without import BLOCK, totals
from assess.report import Report

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
COLUMNS = ("analyst", "scenario", "strategy", "score", "first", "speaks")


@dataclass(frozen=True, eq=False)
class FirstChoices:
    """What each analyst's own ratings come to, through the study's weights, rules and gates.

    Attributes:
        study: whose analysts they are.
        score: [analyst, scenario, strategy] in [0, 1]; NaN where one rated too little for a total.
        speaks: [analyst, scenario], who has a total for every strategy that the report has one
            for, and lets one of them through its gates; the others say nothing.
        first: [analyst, scenario, strategy], what those who speak put first; a tie puts several.
    """

    study: Study
    score: Array
    speaks: Mask
    first: Mask

    def __post_init__(self) -> None:
        for name in ("score", "speaks", "first"):
            object.__setattr__(self, name, fixed(getattr(self, name)))

    @property
    def count(self) -> NDArray[np.int64]:
        """How many analysts put a strategy first [scenario, strategy]; a tie counts for each."""
        return np.asarray(self.first.sum(axis=0))

    @property
    def silent(self) -> NDArray[np.int64]:
        """How many pooled analysts say nothing [scenario]."""
        pooled = [analyst.pooled for analyst in self.study.analysts.values()]
        return np.asarray((~self.speaks[pooled]).sum(axis=0))

    @property
    def table(self) -> "pd.DataFrame":
        """One row an analyst, scenario and strategy, by their ids; scores 0 to 100.

        Columns: analyst, scenario, strategy, score (NaN for none), first, speaks.
        """
        import pandas as pd

        keys = product(self.study.analysts, self.study.scenario_ids, self.study.strategies)
        speaks = np.broadcast_to(self.speaks[..., None], self.first.shape)
        arrays = (100 * self.score, self.first, speaks)
        cells = zip(*(array.ravel().tolist() for array in arrays), strict=True)
        rows = [(*key, *row) for key, row in zip(keys, cells, strict=True)]
        return pd.DataFrame(rows, columns=list(COLUMNS))


def first_choices(report: Report) -> FirstChoices:
    """Return which strategy each analyst puts first, whatever that analyst's weight.

    What does not apply is what the whole panel says does not. A red team, which is not pooled, says
    nothing here.

    Args:
        report: by `assess.evaluate`.

    Raises:
        TypeError: it is no report; says what to write instead.

    >>> import assess
    >>> found = first_choices(assess.evaluate(assess.load("mali")))
    >>> pooled = sum(analyst.pooled for analyst in found.study.analysts.values())
    >>> (found.count.sum(axis=1) + found.silent >= pooled).all().item()
    True
    """
    study = study_of(report, "first_choices")
    made, values = instrument(study), tables.cells(study).values[0]
    size = (len(values), len(study.scenarios), len(study.strategies))
    score, excluded = np.full(size, np.nan), np.zeros(size, dtype=bool)
    for some in _blocks(study, values):
        score[some], excluded[some] = totals(study, made, values[some])
    needed = ~np.isnan(report.score[:, :, 0])
    first = best(np.where(excluded, np.nan, score))
    complete = (~np.isnan(score) | ~needed).all(axis=-1)
    pooled = np.array([analyst.pooled for analyst in study.analysts.values()])
    speaks = complete & first.any(axis=-1) & pooled[:, None]
    return FirstChoices(study, score, speaks, first & speaks[..., None])


def _blocks(study: Study, values: Array) -> Iterator[slice]:
    """Yield analysts whose totals fit into one block."""
    folded = len(study.scenarios) * len(study.strategies) * (len(study.tree.nodes) + 1)
    many = max(1, BLOCK // folded)
    yield from (slice(start, start + many) for start in range(0, len(values), many))
