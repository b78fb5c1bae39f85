"""Monte Carlo standard errors of what a simulation says, each under the name of its index."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assess.simulation import indices

if TYPE_CHECKING:
    from assess.simulation.result import Simulation

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Errors:
    """Standard errors of the indices of a simulation: `simulation.errors.first` is that of `first`.

    Each has the name, the axes and the unit of its index, and says how far it would be off in
    another run of as many draws: 1/sqrt(n) of how far one draw is. They know nothing of
    how well the conventions of the study hold. Where ties split draws, they are at most that.

    References:
        Tervonen and Lahdelma (2007), doi:10.1016/j.ejor.2005.12.037.

    >>> import assess
    >>> found = assess.simulate(assess.load("mali"), draws=1000, seed=1)
    >>> found.errors.first.shape == found.first.shape
    True
    """

    simulation: "Simulation"

    @property
    def mean(self) -> Array:
        """Of the mean score of every node [scenario, strategy, node]: s / sqrt(n)."""
        return np.asarray(self.simulation.deviation / np.sqrt(self.simulation.draws))

    @property
    def deviation(self) -> Array:
        """Of the standard deviation of every node [scenario, strategy, node]."""
        found, nodes = self.simulation, self.simulation.study.tree.nodes
        pairs = ((found.deviation[..., n], found.counts(node)) for n, node in enumerate(nodes))
        return np.stack([indices.deviation_error(*pair) for pair in pairs], axis=-1)

    @property
    def skewness(self) -> Array:
        """Of the skewness of every node [scenario, strategy, node]; NaN where it is NaN."""
        found, nodes = self.simulation, self.simulation.study.tree.nodes
        each = [indices.skewness_error(found.counts(node)) for node in nodes]
        return np.where(np.isnan(found.skewness), np.nan, np.stack(each, axis=-1))

    def quantile(self, level: float, criterion: str | None = None) -> Array:
        """Of a quantile of a node, the total if none is named [scenario, strategy].

        sqrt(p (1 - p) / n) over the density there; the width of the bins is not in it.

        Raises:
            ValueError: the level does not lie between 0 and 1, or there is no such criterion.
        """
        counts = self.simulation.counts(criterion)
        error = indices.quantile_error(counts, level, 0.0, 1.0)
        return np.where(self.simulation.scored(criterion), error, np.nan)

    @property
    def acceptability(self) -> Array:
        """Of shares of ranks [scenario, strategy, rank]."""
        return self._share(self.simulation.acceptability)

    @property
    def first(self) -> Array:
        """Of first shares [scenario, strategy]."""
        return self._share(self.simulation.first)

    @property
    def k_best(self) -> Array:
        """Of shares among the first k [scenario, strategy, k]."""
        return self._share(self.simulation.k_best)

    @property
    def expected_rank(self) -> Array:
        """Of mean ranks [scenario, strategy]."""
        found = self.simulation
        return indices.expected_rank_error(found.acceptability, found.draws)

    @property
    def entropy(self) -> Array:
        """Of the entropy of who is first [scenario]; to first order, so 0 where it is 1."""
        return indices.entropy_error(np.nan_to_num(self.simulation.first), self.simulation.draws)

    @property
    def central_weights(self) -> Array:
        """At most what that of central weights is [scenario, strategy, node].

        They are means over the draws in which a strategy is first, b n of n: no weight of mean w
        varies more than w (1 - w).
        """
        found = self.simulation
        weights, held = np.clip(found.central_weights, 0.0, 1.0), found.first[..., None]
        some = np.where(held > 0, held, np.nan)
        return np.asarray(np.sqrt(weights * (1 - weights) / (some * found.draws)))

    @property
    def winning(self) -> Array:
        """Of shares in which one is ahead of the other [scenario, one, other]."""
        found = self.simulation
        error = indices.winning_error(found.order, len(found.study.strategies))
        return np.where(np.isnan(found.winning), np.nan, error)

    def margin(self, level: float) -> Array:
        """Of a quantile of how far one total is ahead of another [scenario, one, other].

        Raises:
            ValueError: the level does not lie between 0 and 1.
        """
        order, count = self.simulation.order, len(self.simulation.study.strategies)
        ahead, behind = (
            indices.quantile_error(order.margin, at, -1.0, 1.0) for at in (level, 1 - level)
        )
        error = indices.matrix(ahead, behind, count)
        return np.where(np.isnan(self.simulation.winning), np.nan, error)

    def dominance_gap(self, order: int = 1) -> Array:
        """At most what that of the gap to dominance is [scenario, one, other].

        Raises:
            ValueError: the order is neither 1 nor 2.
        """
        error = indices.dominance_gap(self.simulation.tally.total, order)[1]
        return np.where(np.isnan(self.simulation.winning), np.nan, error)

    @property
    def bands(self) -> Array:
        """Of shares of bands [scenario, strategy, band]."""
        return self._share(self.simulation.bands)

    @property
    def passes(self) -> Array:
        """Of shares in which a gate is passed [scenario, strategy, gate]."""
        return self._share(self.simulation.passes)

    @property
    def cleared(self) -> Array:
        """Of shares in which all gates that exclude are passed [scenario, strategy]."""
        return self._share(self.simulation.cleared)

    def _share(self, shares: Array) -> Array:
        return indices.share_error(shares, self.simulation.draws)
