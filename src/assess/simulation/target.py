"""When there are enough draws: the largest standard error of a share, and where it is judged."""

from collections.abc import Iterator
from math import ceil
from typing import Literal

import numpy as np

from assess.simulation.tally import SHARE, Order

FIRST = 16  # blocks at the first checkpoint, and the least between two of them
GROWTH = 8  # later ones follow after another eighth of the draws
ADDED = 4  # draws that are added to every share, half of them hits
Ended = Literal["draws", "target", "interrupted", "broken"]


def largest_error(order: Order) -> float:
    """Return the largest Monte Carlo standard error of a first share or a pairwise winning share.

    sqrt(q (1 - q) / (n + 4)) with q = (x + 2) / (n + 4) for x hits in n draws, so that a share of 0
    or 1 in few draws does not pass for exact (Agresti and Coull 1998).

    Args:
        order: counts of draws.

    Returns:
        A share, above 0 and below 1/2.

    References:
        Agresti and Coull (1998), doi:10.1080/00031305.1998.10480550.
    """
    first = order.rank[..., 0] / SHARE
    tied = order.draws - order.ahead - order.behind
    hits = np.concatenate([first.reshape(-1), (order.ahead + tied / 2).reshape(-1)])
    count = order.draws + ADDED
    share = (hits + ADDED / 2) / count
    return float(np.sqrt(share * (1 - share) / count).max())


def needed(target: float) -> int:
    """Return how many draws reach a target whatever the shares are.

    >>> needed(0.005)
    10000
    """
    return ceil((0.5 / target) ** 2)


def checkpoints(most: int) -> Iterator[int]:
    """Yield the counts of blocks after which the error is judged; the last one is the most.

    They are the same for every study, seed, target and executor, so that runs which stop and go on
    again stop where one long run does.

    >>> list(checkpoints(200))
    [16, 32, 48, 64, 80, 96, 112, 128, 144, 162, 182, 200]
    """
    blocks = FIRST
    while blocks < most:
        yield blocks
        blocks += max(FIRST, blocks // GROWTH)
    yield most
