"""Worlds whose totals are in one unit, and what strategies come to over them (C13)."""

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assess import robustness
from assess.model import FrozenDict, Study
from assess.over_scenarios.drawn import Spread
from assess.robustness import CRITERIA, Criterion, Satisficing

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class WorldSet:
    """Worlds whose totals are in one unit: under the same weights, or made so by elicited swings.

    Attributes:
        study: the inputs.
        worlds: ids.
        strategies: ids of those that are compared: with a total in every world, and past every gate
            that excludes.
        left_out: why others are not, by their ids.
        payoffs: [strategy, world], totals in [0, 1]; times the swing of the world where that is
            what makes them comparable, the largest swing being 1.
        criteria: that may be held against them: all under the same weights, else `BY_SWING`.
        swings: [world], the largest 1; None under the same weights.
        missing: number of ratings that are absent below these totals.
        thresholds: in [0, 1], by what they are called.
        optimism: of Hurwicz' criterion.
        probabilities: [world], where these are all worlds, and they exclude one another.
        drawn: each criterion over draws, where a simulation was given.
    """

    study: Study
    worlds: tuple[str, ...]
    strategies: tuple[str, ...]
    left_out: FrozenDict[str, str]
    payoffs: Array
    criteria: tuple[Criterion, ...]
    swings: Array | None
    missing: int
    thresholds: FrozenDict[str, float]
    optimism: float
    probabilities: Array | None
    drawn: Spread | None

    @cached_property
    def regret(self) -> Array:
        """How far each strategy is behind the best of each world [strategy, world]."""
        return robustness.regret(self.payoffs)

    def values(self, criterion: Criterion) -> Array:
        """Return what each strategy comes to [strategy]; of "minimax_regret", less is better.

        Raises:
            ValueError: the worlds are comparable by swings alone, and this needs the same weights.
        """
        self._check(criterion)
        found = robustness.scores(self.payoffs, criterion, optimism=self.optimism)
        return -found if criterion == "minimax_regret" else found

    def chosen(self, criterion: Criterion) -> tuple[str, ...]:
        """Return the ids of those that are best by a criterion; all of those that tie."""
        self._check(criterion)
        best = robustness.chosen(self.payoffs, criterion, optimism=self.optimism)
        return tuple(key for key, first in zip(self.strategies, best, strict=True) if first)

    def without(self, world: str, criterion: Criterion = "minimax_regret") -> tuple[str, ...]:
        """Return the ids of those that would be best by a criterion without one of the worlds."""
        self._check(criterion)
        rest = np.delete(self.payoffs, self.worlds.index(world), axis=1)
        best = robustness.chosen(rest, criterion, optimism=self.optimism)
        return tuple(key for key, first in zip(self.strategies, best, strict=True) if first)

    def deciding(self, criterion: Criterion = "minimax_regret") -> tuple[str, ...]:
        """Return the ids of the worlds without which others would be best by a criterion."""
        self._check(criterion)
        decides = robustness.which_world_decides(self.payoffs, criterion, optimism=self.optimism)
        return tuple(key for key, does in zip(self.worlds, decides, strict=True) if does)

    def _check(self, criterion: Criterion) -> None:
        if criterion not in self.criteria and criterion in CRITERIA:
            raise ValueError(
                f"{criterion!r} compares totals of different worlds, which needs the same weights "
                f"(C13); by swings there are {', '.join(self.criteria)}"
            )

    @cached_property
    def satisficing(self) -> Satisficing | None:
        """In which worlds each strategy reaches each threshold; None without thresholds."""
        if not self.thresholds:
            return None
        return robustness.satisficing(self.payoffs, list(self.thresholds.values()))

    @cached_property
    def expected(self) -> Array | None:
        """Expected total of each strategy [strategy]; None without probabilities."""
        if self.probabilities is None:
            return None
        return robustness.expected_value(self.payoffs, self.probabilities)

    @cached_property
    def perfect_information(self) -> float | None:
        """What knowing the world beforehand is worth; None without probabilities."""
        if self.probabilities is None:
            return None
        return float(robustness.perfect_information(self.payoffs, self.probabilities))

    @property
    def regret_table(self) -> "pd.DataFrame":
        """One row a strategy and world: strategy, world, total, regret, both in points of 100."""
        import pandas as pd

        keys = product(self.strategies, self.worlds)
        cells = zip(100 * self.payoffs.ravel(), 100 * self.regret.ravel(), strict=True)
        rows = [(*key, *map(float, cell)) for key, cell in zip(keys, cells, strict=True)]
        return pd.DataFrame(rows, columns=["strategy", "world", "total", "regret"])

    @property
    def table(self) -> "pd.DataFrame":
        """One row a strategy: what it comes to by each criterion, in points of 100.

        Columns: strategy, the names of `criteria`, and expected_value (NaN without probabilities).
        """
        import pandas as pd

        columns: dict[str, object] = {"strategy": list(self.strategies)}
        columns |= {criterion: 100 * self.values(criterion) for criterion in self.criteria}
        none = np.full(len(self.strategies), np.nan)
        columns["expected_value"] = none if self.expected is None else 100 * self.expected
        return pd.DataFrame(columns)
