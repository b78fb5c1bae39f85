"""Over perspectives, whose totals are in different units: ranks and who is ahead of whom (C13)."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assess.model import Study
from assess.model.frozen import fixed
from assess.report import TIE, Report

if TYPE_CHECKING:
    import pandas as pd

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Perspectives:
    """Ranks of strategies under each perspective; no sum, mean or count of these says anything.

    Attributes:
        study: the inputs.
        scenarios: ids of the perspectives.
        ranks: [strategy, scenario], 1 the best; 0 for none.
        ahead: [strategy, strategy, scenario], whether the first is ahead of the second; never where
            one of them has no rank.
    """

    study: Study
    scenarios: tuple[str, ...]
    ranks: NDArray[np.int32]
    ahead: Mask

    @cached_property
    def everywhere(self) -> Mask:
        """Whether the first is ahead of the second under every perspective [strategy, strategy]."""
        return fixed(np.asarray(self.ahead.all(axis=-1)))

    def relation(self, one: str, other: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the ids of the perspectives under which one is ahead, and is behind."""
        i, j = (tuple(self.study.strategies).index(key) for key in (one, other))
        first, second = (
            tuple(key for key, is_so in zip(self.scenarios, row, strict=True) if is_so)
            for row in (self.ahead[i, j], self.ahead[j, i])
        )
        return first, second

    @property
    def table(self) -> "pd.DataFrame":
        """Ranks, one row a strategy and one column a perspective; 0 for none."""
        import pandas as pd

        index = pd.Index(list(self.study.strategies), name="strategy")
        return pd.DataFrame(self.ranks, index=index, columns=list(self.scenarios))


def over_perspectives(report: Report) -> Perspectives:
    """Return how strategies rank under each perspective, and who is ahead of whom.

    >>> import assess
    >>> found = over_perspectives(assess.evaluate(assess.load("mali")))
    >>> found.table.shape
    (5, 9)
    """
    study = report.study
    places = [s for s, scenario in enumerate(study.scenarios) if "perspective" in scenario.kind]
    ranks, score = report.ranks[places, :, 0], report.score[places, :, 0]
    ranked = ranks > 0
    both = ranked[:, :, None] & ranked[:, None]
    ahead = both & (np.nan_to_num(score)[:, :, None] > np.nan_to_num(score)[:, None] + TIE)
    return Perspectives(
        study,
        tuple(study.scenario_ids[s] for s in places),
        fixed(ranks.T.copy()),
        fixed(np.moveaxis(ahead, 0, -1).copy()),
    )
