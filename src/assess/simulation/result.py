"""What a simulation found: frozen counts, and every index read off them."""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assess.model import FrozenDict, Study
from assess.model.frozen import fixed
from assess.simulation.engine import Tallies
from assess.simulation.plan import plan
from assess.simulation.tally import GRID, SHARE, Order, Tally

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Simulation:
    """Draws of all that is uncertain in a study, counted.

    Shares of draws are not likelihoods: they rest on the declared conventions (`settings`).

    Attributes:
        study: the inputs.
        seed: of the random numbers; with stream and block size it fixes every draw (C9).
        blocks: which blocks were drawn, as ranges (first, one after the last).
        tallies: what they come to, under the declared errors and at both extremes.
        stopped: why there are fewer draws than were asked for; empty where there are not.
        versions: of the library and what computes in it.
    """

    study: Study
    seed: int
    blocks: tuple[tuple[int, int], ...]
    tallies: Tallies
    stopped: str
    versions: FrozenDict[str, str]

    @property
    def tally(self) -> Tally:
        """The counts under the declared error structure."""
        return self.tallies.declared

    @property
    def order(self) -> Order:
        """How the strategies stand to one another under the declared error structure."""
        return self.tally.order

    @property
    def draws(self) -> int:
        """How many draws there are: whole blocks."""
        return self.tally.draws

    @cached_property
    def acceptability(self) -> Array:
        """Share of draws in which each strategy takes each rank [scenario, strategy, rank].

        Ties share their ranks, so rows and columns sum to 1.
        """
        return fixed(self.order.rank / (SHARE * self.draws))

    @property
    def first(self) -> Array:
        """Share of draws in which each strategy comes first [scenario, strategy]."""
        return self.acceptability[..., 0]

    @cached_property
    def expected_rank(self) -> Array:
        """Mean rank [scenario, strategy], 1 the best."""
        ranks = np.arange(1, self.acceptability.shape[-1] + 1)
        return fixed((self.acceptability * ranks).sum(axis=-1))

    @cached_property
    def entropy(self) -> Array:
        """How open it is who comes first [scenario]: 0 for one strategy, 1 for all alike.

        -sum_i b_i ln b_i / ln n, of the first shares b (Tervonen and Lahdelma 2007).
        """
        share = self.first
        parts = np.where(share > 0, share * np.log(np.where(share > 0, share, 1.0)), 0.0)
        return fixed(-parts.sum(axis=-1) / max(np.log(share.shape[-1]), 1e-300))

    @cached_property
    def winning(self) -> Array:
        """Share of draws in which one strategy is ahead of another [scenario, one, other].

        A tie counts half; on the diagonal stands one half.
        """
        return fixed(winning(self.order, len(self.study.strategies)))

    @cached_property
    def central_weights(self) -> Array:
        """Mean weights of nodes within their parent where a strategy is first.

        Returns:
            [scenario, strategy, node]; NaN where it never is.
        """
        share = self.order.rank[..., 0] / SHARE
        with np.errstate(invalid="ignore", divide="ignore"):
            found = self.tally.central / GRID / share[..., None]
        return fixed(np.where(share[..., None] > 0, found, np.nan))

    @cached_property
    def mean(self) -> Array:
        """Mean score of every node [scenario, strategy, node] in [0, 1]."""
        return fixed(self._by_node(self.tally.group_sums, self.tally.leaf_sums) / GRID / self.draws)

    @cached_property
    def deviation(self) -> Array:
        """Standard deviation of the score of every node [scenario, strategy, node]."""
        sums = self._by_node(self.tally.group_squares, self.tally.leaf_squares)
        return fixed(np.sqrt(np.maximum(sums / GRID / self.draws - self.mean**2, 0.0)))

    @property
    def standard_error(self) -> Array:
        """Monte Carlo standard error of `mean` [scenario, strategy, node]."""
        return np.asarray(self.deviation / np.sqrt(self.draws))

    def quantile(self, level: float) -> Array:
        """Return a quantile of the total [scenario, strategy], to a tenth of a point.

        Raises:
            ValueError: the level does not lie between 0 and 1.
        """
        return quantile(self.tally.total, level, 0.0, 1.0)

    def margin(self, level: float) -> Array:
        """Return a quantile of how far one total is ahead of another [scenario, one, other].

        In [-1, 1], to a quarter of a point of 100 (2.5 points over 500 pairs); 0 on the diagonal.

        Raises:
            ValueError: the level does not lie between 0 and 1.
        """
        count = len(self.study.strategies)
        found = np.zeros((len(self.study.scenarios), count, count))
        ahead, behind = (quantile(self.order.margin, at, -1.0, 1.0) for at in (level, 1 - level))
        for p, (i, j) in enumerate(combinations(range(count), 2)):
            found[:, i, j], found[:, j, i] = ahead[:, p], -behind[:, p]
        return found

    @cached_property
    def bands(self) -> Array:
        """Share of draws in which a total is weak, acceptable, good [scenario, strategy, band]."""
        good, reached = self.tally.good / self.draws, self.tally.acceptable / self.draws
        return fixed(np.stack([1 - reached, reached - good, good], axis=-1))

    @cached_property
    def passes(self) -> Array:
        """Share of draws in which each gate is passed [scenario, strategy, gate] (C14)."""
        return fixed(self.tally.passed / self.draws)

    def share_error(self, share: Array) -> Array:
        """Return the Monte Carlo standard error of shares of draws."""
        return np.asarray(np.sqrt(share * (1 - share) / self.draws))

    def _by_node(self, groups: NDArray[np.int64], cells: NDArray[np.int64]) -> Array:
        """Return sums of groups and cells on the axes of a report [scenario, strategy, node]."""
        tree, made = self.study.tree, plan(self.study)
        found = np.empty((*made.cell[:, :-2, 0].shape, len(tree.nodes)))
        for g, node in enumerate(tree.groups):
            found[..., tree.nodes.index(node)] = groups[made.setting[g]]
        for c, leaf in enumerate(tree.leaves):
            found[..., tree.nodes.index(leaf)] = cells[made.cell[:, :-2, c]]
        return found

    @property
    def table(self) -> "pd.DataFrame":
        """Totals as a tidy table, scores 0 to 100, one row a scenario and strategy.

        Columns: scenario, strategy, first (share of draws), expected_rank, mean, low, median, high
        (10th, 50th and 90th percentile), standard_error (of the mean).
        """
        import pandas as pd

        low, median, high = (100 * self.quantile(level) for level in (0.1, 0.5, 0.9))
        rows = [
            {
                "scenario": scenario,
                "strategy": strategy,
                "first": self.first[s, t],
                "expected_rank": self.expected_rank[s, t],
                "mean": 100 * self.mean[s, t, 0],
                "low": low[s, t],
                "median": median[s, t],
                "high": high[s, t],
                "standard_error": 100 * self.standard_error[s, t, 0],
            }
            for s, scenario in enumerate(self.study.scenario_ids)
            for t, strategy in enumerate(self.study.strategies)
        ]
        return pd.DataFrame(rows)

    def __str__(self) -> str:
        from assess.reporting.txt import render_simulation

        return render_simulation(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Simulation):
            return NotImplemented
        same = (self.study, self.seed, self.blocks, self.versions) == (
            other.study,
            other.seed,
            other.blocks,
            other.versions,
        )
        return same and self.tallies == other.tallies

    def __hash__(self) -> int:
        return hash((self.study.digest, self.seed, self.blocks))

    def __repr__(self) -> str:
        return f"<Simulation of {self.study.name!r}, {self.draws:,} draws, seed {self.seed}>"


def quantile(counts: NDArray[np.int64], level: float, low: float, high: float) -> Array:
    """Read a quantile off counts [..., bin] of bins of equal width between two ends.

    Within a bin, draws are taken to lie evenly.

    Raises:
        ValueError: the level does not lie between 0 and 1.

    >>> quantile(np.array([0, 4, 0, 4]), 0.25, 0.0, 1.0).item()
    0.375
    """
    if not 0 < level < 1:
        raise ValueError(f"a quantile lies between 0 and 1: {level:g}")
    running = counts.cumsum(axis=-1)
    wanted = level * running[..., -1:]
    place = (running < wanted).sum(axis=-1, keepdims=True)
    inside = np.take_along_axis(counts, place, axis=-1)
    before = np.take_along_axis(running, place, axis=-1) - inside
    share = (wanted - before) / np.maximum(inside, 1)
    return np.asarray(low + ((place + share) * ((high - low) / counts.shape[-1]))[..., 0])


def winning(order: Order, count: int) -> Array:
    """Return the share of draws in which one is ahead of another [scenario, one, other]."""
    found = np.full((*order.ahead.shape[:-1], count, count), 0.5)
    ahead, behind = (order.ahead / order.draws, order.behind / order.draws)
    for p, (i, j) in enumerate(combinations(range(count), 2)):
        tied = 1 - ahead[:, p] - behind[:, p]
        found[:, i, j], found[:, j, i] = ahead[:, p] + tied / 2, behind[:, p] + tied / 2
    return found
