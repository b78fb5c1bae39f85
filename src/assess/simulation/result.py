"""What a simulation found: frozen counts, and every index read off them."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assess.acceptability.dominance import Dominance, histogram_dominance
from assess.instrument import instrument
from assess.model import FrozenDict, Study
from assess.model.frozen import fixed
from assess.simulation import indices, nodes
from assess.simulation.engine import Tallies
from assess.simulation.errors import Errors
from assess.simulation.indices import quantile, winning
from assess.simulation.nodes import Distribution
from assess.simulation.plan import plan
from assess.simulation.tally import GRID, SHARE, Order, Tally
from assess.simulation.target import Ended

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Distribution", "Simulation", "quantile", "winning"]

Array = NDArray[np.float64]
Counts = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Simulation:
    """Draws of all that is uncertain in a study, counted.

    Scores and differences lie in [0, 1] and [-1, 1], tables read 0 to 100. Nodes stand in the order
    of `study.tree.nodes`, so the total is node 0. What does not apply in a scenario is NaN there
    (C4). Of each index, `errors` holds the Monte Carlo standard error under the same name. Shares
    of draws are not likelihoods: they rest on the conventions of `study.method.uncertainty`.

    Attributes:
        study: the inputs.
        seed: of the random numbers; with stream and block size it fixes every draw (C9).
        blocks: which blocks were drawn, as ranges (first, one after the last).
        tallies: what they come to, under the declared errors and at both extremes.
        stopped: why there are no more draws, in words; empty where all that were asked for are
            there, and no target was named.
        versions: of the library and what computes in it.
        ended: the same in one word: all draws are there, the target is met, somebody interrupted
            it, or the executor broke.
    """

    study: Study
    seed: int
    blocks: tuple[tuple[int, int], ...]
    tallies: Tallies
    stopped: str
    versions: FrozenDict[str, str]
    ended: Ended = "draws"

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

    @property
    def errors(self) -> Errors:
        """The Monte Carlo standard error of every index below, under its name."""
        return Errors(self)

    # Who comes first

    @cached_property
    def acceptability(self) -> Array:
        """Share of draws in which each strategy takes each rank [scenario, strategy, rank].

        Ties share their ranks, so rows and columns sum to 1; to 1e-5 where more than 16 tie. NaN
        where too little is rated for a total.

        References:
            Lahdelma and Salminen (2001), SMAA-2, doi:10.1287/opre.49.3.444.11220.
        """
        return self._of_totals(self.order.rank / (SHARE * self.draws))

    @property
    def first(self) -> Array:
        """Share of draws in which each strategy comes first [scenario, strategy]."""
        return self.acceptability[..., 0]

    @cached_property
    def k_best(self) -> Array:
        """Share of draws in which each is among the first k [scenario, strategy, k]; k from 1."""
        return self._of_totals(self.order.rank.cumsum(axis=-1) / (SHARE * self.draws))

    @cached_property
    def expected_rank(self) -> Array:
        """Mean rank [scenario, strategy], 1 the best."""
        return fixed(indices.expected_rank(self.acceptability))

    @cached_property
    def entropy(self) -> Array:
        """How open it is who comes first [scenario]: 0 for one strategy, 1 for all alike.

        -sum_i b_i ln b_i / ln n, of the first shares b.

        References:
            Shannon (1948), doi:10.1002/j.1538-7305.1948.tb01338.x.
        """
        return fixed(indices.entropy(np.nan_to_num(self.first)))

    @cached_property
    def central_weights(self) -> Array:
        """Mean weights of nodes within their parent where a strategy is first.

        Returns:
            [scenario, strategy, node], those below one node sum to 1; NaN where it never is.

        References:
            Lahdelma and Salminen (2001), SMAA-2, doi:10.1287/opre.49.3.444.11220.
        """
        share = self.order.rank[..., 0] / SHARE
        with np.errstate(invalid="ignore", divide="ignore"):
            found = self.tally.central / GRID / share[..., None]
        return self._of_totals(np.where(share[..., None] > 0, found, np.nan))

    # Pairs

    @cached_property
    def winning(self) -> Array:
        """Share of draws in which one strategy is ahead of another [scenario, one, other].

        A tie counts half; on the diagonal stands one half.

        References:
            Leskinen et al. (2006), doi:10.1139/x05-251.
        """
        return self._of_pairs(winning(self.order, len(self.study.strategies)))

    def margin(self, level: float) -> Array:
        """Return a quantile of how far one total is ahead of another [scenario, one, other].

        In [-1, 1], to a quarter of a point of 100 (2.5 points over 500 pairs); 0 on the diagonal.

        Raises:
            ValueError: the level does not lie between 0 and 1.
        """
        ahead, behind = (quantile(self.order.margin, at, -1.0, 1.0) for at in (level, 1 - level))
        return self._of_pairs(indices.matrix(ahead, -behind, len(self.study.strategies)))

    def margins(self, one: str, other: str) -> Distribution:
        """Return how far one strategy's total is ahead of another's, shares [scenario, bin].

        Differences lie in [-1, 1]; seen from the other side, a bin holds its upper end instead.

        Raises:
            ValueError: there is no such strategy, or they are the same.
        """
        ids = tuple(self.study.strategies)
        i, j = (nodes.place(key, ids, "strategy") for key in (one, other))
        if i == j:
            raise ValueError(f"a margin lies between two strategies: {one!r} twice")
        p = sum(len(ids) - 1 - k for k in range(min(i, j))) + abs(i - j) - 1
        counts = self.order.margin[:, p] if i < j else self.order.margin[:, p, ::-1]
        return nodes.distribution(counts, -1.0, 1.0)

    @cached_property
    def dominance(self) -> Dominance:
        """Which strategy's total dominates which, at first and second order [scenario, one, other].

        Off the bins of totals: to a tenth of a point of 100, within which nothing is seen. A single
        draw can break it: `dominance_gap` says how far it is from holding. A strategy without a
        total dominates none, and none dominates it.

        References:
            Hadar and Russell (1969), Rules for ordering uncertain prospects, American Economic
            Review 59, 25-34.
        """
        found, total = histogram_dominance(self.tally.total), self.scored()
        both = total[:, :, None] & total[:, None]
        return Dominance(found.first & both, found.second & both)

    def dominance_gap(self, order: int = 1) -> Array:
        """Return how far one total is from dominating another [scenario, one, other].

        Args:
            order: 1, the largest share of draws by which `one` falls short of a level more often
                than `other`; 2, the most by which it falls short of a level on average, in [0, 1].

        Returns:
            0 where it dominates, to a tenth of a point of 100.

        Raises:
            ValueError: the order is another.
        """
        return self._of_pairs(indices.dominance_gap(self.tally.total, order)[0])

    # Scores

    @cached_property
    def mean(self) -> Array:
        """Mean score of every node [scenario, strategy, node] in [0, 1]."""
        sums = nodes.by_node(self.study, self.tally.group_sums, self.tally.leaf_sums)
        sums[..., 0] = self._of_totals(sums[..., 0])
        return fixed(sums / GRID / self.draws)

    @cached_property
    def deviation(self) -> Array:
        """Standard deviation of the score of every node [scenario, strategy, node]."""
        sums = nodes.by_node(self.study, self.tally.group_squares, self.tally.leaf_squares)
        return fixed(np.sqrt(np.maximum(sums / GRID / self.draws - self.mean**2, 0.0)))

    @cached_property
    def skewness(self) -> Array:
        """Skewness of the score of every node [scenario, strategy, node], off the bins.

        0 where it spreads alike to both sides, below 0 where the longer tail reaches down; NaN
        where a score spreads less than the width of a bin.
        """
        found = [indices.skewness(self.counts(node)) for node in self.study.tree.nodes]
        applies = nodes.applies(self.study)[:, None]
        found[0] = self._of_totals(found[0])
        return fixed(np.where(applies, np.stack(found, axis=-1), np.nan))

    def quantile(self, level: float, criterion: str | None = None) -> Array:
        """Return a quantile of a node, the total if none is named [scenario, strategy].

        To a tenth of a point of 100 for the total, half a point for other nodes.

        Raises:
            ValueError: the level does not lie between 0 and 1, or there is no such criterion.
        """
        found = quantile(self.counts(criterion), level, 0.0, 1.0)
        return np.where(self.scored(criterion), found, np.nan)

    def distribution(self, criterion: str | None = None) -> Distribution:
        """Return how a node's scores spread, the total if none is named.

        Returns:
            Edges in [0, 1], a tenth of a point of 100 apart for the total, half a point for other
            nodes; and shares of draws [scenario, strategy, bin], NaN where it does not apply.

        Raises:
            ValueError: there is no such criterion.
        """
        found = nodes.distribution(self.counts(criterion), 0.0, 1.0)
        shares = np.where(self.scored(criterion)[..., None], found.shares, np.nan)
        return Distribution(found.edges, fixed(shares))

    def counts(self, criterion: str | None = None) -> Counts:
        """Return how often a node's scores fall into bins over [0, 1] [scenario, strategy, bin].

        Raises:
            ValueError: there is no such criterion.
        """
        return nodes.node_counts(self.study, self.tally, criterion)

    def applies(self, criterion: str | None = None) -> Mask:
        """Return whether a node applies, the total if none is named [scenario].

        Raises:
            ValueError: there is no such criterion.
        """
        return np.asarray(nodes.applies(self.study)[:, nodes.node_place(self.study, criterion)])

    def scored(self, criterion: str | None = None) -> Mask:
        """Return whether a node has a score, the total if none is named [scenario, strategy].

        It has none where it does not apply; the total has none where too little is rated (C4).

        Raises:
            ValueError: there is no such criterion.
        """
        applies = self.applies(criterion)[:, None]
        if nodes.node_place(self.study, criterion) == 0:
            return np.asarray(applies & plan(self.study).total)
        return np.broadcast_to(applies, plan(self.study).total.shape)

    def _of_totals(self, found: Array) -> Array:
        """Return figures of totals [scenario, strategy, ...], NaN where there is no total."""
        total = self.scored().reshape(*found.shape[:2], *(1 for _ in found.shape[2:]))
        return fixed(np.where(total, found, np.nan))

    def _of_pairs(self, found: Array) -> Array:
        """Return figures of pairs [scenario, one, other], NaN where one of them has no total."""
        total = self.scored()
        return fixed(np.where(total[:, :, None] & total[:, None], found, np.nan))

    # Bands and gates

    @cached_property
    def bands(self) -> Array:
        """Share of draws in which a total is weak, acceptable, good [scenario, strategy, band].

        NaN where the tree does not say what is acceptable and what is good.
        """
        made = instrument(self.study)
        good, reached = self.tally.good / self.draws, self.tally.acceptable / self.draws
        found = np.stack([1 - reached, reached - good, good], axis=-1)
        unknown = np.isnan(made.acceptable[:, 0]) | np.isnan(made.good[:, 0])
        return self._of_totals(np.where(unknown[:, None, None], np.nan, found))

    @property
    def gates(self) -> tuple[str, ...]:
        """The leaves that carry a gate, in the order of the last axis of `passes`."""
        criteria = self.study.tree.criteria
        return tuple(leaf for leaf in self.study.tree.leaves if criteria[leaf].gate)

    @cached_property
    def passes(self) -> Array:
        """Share of draws in which each gate is passed [scenario, strategy, gate] (C14).

        NaN where the gate does not apply.
        """
        places = [leaf for leaf, _ in instrument(self.study).gates]
        applies = instrument(self.study).applicable[:, None, places]
        return fixed(np.where(applies, self.tally.passed / self.draws, np.nan))

    @property
    def cleared(self) -> Array:
        """Share of draws in which all gates that exclude are passed [scenario, strategy] (C14)."""
        return fixed(self.tally.cleared / self.draws)

    # Faces

    @property
    def table(self) -> "pd.DataFrame":
        """Totals as a tidy table, scores 0 to 100, one row a scenario and strategy.

        Columns: scenario, strategy; first, expected_rank, mean, deviation, low, median and high
        (10th, 50th and 90th percentile), each followed by its standard error (`first_error`...);
        weak, acceptable and good (shares of draws). Shares lie in 0 to 1.
        """
        from assess.reporting.simulation.csv import totals_frame

        return totals_frame(self)

    def write(self, path: str | Path) -> Path:
        """Write the simulation; the suffix says the format: .json, .csv, .md or .txt.

        Raises:
            ValueError: no format has this suffix; lists those that there are.
        """
        from assess.reporting.simulation import write

        return write(self, path)

    @classmethod
    def read(cls, path: str | Path, study: Study | None = None) -> "Simulation":
        """Read a simulation written as JSON, alone or in a report; `more` can go on with it.

        Args:
            path: the file.
            study: what it was drawn from; needed only where the study has rules of its own, whose
                functions no file holds.

        Raises:
            ValueError: the file is not such a simulation, does not hold together, or is of another
                study; says where.
        """
        from assess.reporting.simulation.json import read

        return read(path, study)

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
