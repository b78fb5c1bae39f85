"""Decision criteria in draws: the blocks of a simulation drawn again, worlds side by side."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assess import robustness
from assess.model.frozen import fixed
from assess.robustness import Criterion
from assess.simulation import Simulation
from assess.simulation.block import chance, totals
from assess.simulation.plan import plan

Array = NDArray[np.float64]
LEVELS = (0.1, 0.5, 0.9)


@dataclass(frozen=True, eq=False)
class Spread:
    """How far each criterion spreads over draws, and who is best in how many of them.

    Shares of draws rest on the conventions of the study; they are not likelihoods.

    Attributes:
        draws: how many there are: whole blocks, the first ones of a simulation.
        criteria: which of them there are.
        quantiles: [criterion, level, strategy], 10th, 50th and 90th percentile of what each comes
            to, by `criteria`; of "minimax_regret" the largest regret, of which less is better.
        best: [criterion, strategy], share of draws in which each is best; ties share.
        error: [criterion, strategy], standard error of `best`.
        decides: [world], share of draws in which a world decides who has the least regret.
    """

    draws: int
    criteria: tuple[Criterion, ...]
    quantiles: Array
    best: Array
    error: Array
    decides: Array

    def of(self, criterion: Criterion) -> tuple[Array, Array, Array]:
        """Return quantiles [level, strategy], shares and their errors [strategy] of a criterion."""
        place = self.criteria.index(criterion)
        return self.quantiles[place], self.best[place], self.error[place]


def drawn_payoffs(
    simulation: Simulation, worlds: list[int], strategies: list[int], most: int
) -> Array:
    """Return totals [draw, strategy, world] of the first blocks of a simulation, drawn again.

    A simulation keeps counts, and what a strategy comes to over several worlds cannot be read off
    the counts of each: the same random numbers are drawn once more (C9).

    Args:
        simulation: whose seed and blocks these are.
        worlds: places of scenarios.
        strategies: places.
        most: as many whole blocks as hold so many draws; one at least.
    """
    study = simulation.study
    made, settings = plan(study), study.method.uncertainty
    count = max(most // made.block, 1)
    blocks = []
    for block in _first(simulation, count):
        numbers = chance(made, settings.stream, simulation.seed, block)
        found = totals(study, made, numbers, settings.errors)
        blocks.append(found[np.ix_(worlds, strategies)].transpose(2, 1, 0))
    return np.concatenate(blocks)


def _first(simulation: Simulation, count: int) -> Iterator[int]:
    for start, end in simulation.blocks:
        for block in range(start, min(end, start + count)):
            yield block
            count -= 1


def spread(payoffs: Array, criteria: tuple[Criterion, ...], optimism: float) -> Spread:
    """Return how far criteria spread over draws of payoffs [draw, strategy, world]."""
    quantiles, best, error = [], [], []
    for criterion in criteria:
        scores = robustness.scores(payoffs, criterion, optimism=optimism)
        first = robustness.chosen(payoffs, criterion, optimism=optimism)
        share = first / first.sum(axis=-1, keepdims=True)
        least = criterion == "minimax_regret"
        quantiles.append(np.quantile(-scores if least else scores, LEVELS, axis=0))
        best.append(share.mean(axis=0))
        error.append(share.std(axis=0) / np.sqrt(len(share)))
    return Spread(
        draws=len(payoffs),
        criteria=criteria,
        quantiles=fixed(np.array(quantiles)),
        best=fixed(np.array(best)),
        error=fixed(np.array(error)),
        decides=fixed(robustness.which_world_decides(payoffs).mean(axis=0)),
    )
