"""Expected values over worlds that exclude one another, and what knowing beforehand is worth."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assess.robustness.criteria import regret
from assess.robustness.payoffs import numbers, probabilities_of, sums_to_one, table_of

Array = NDArray[np.float64]


def expected_value(payoffs: ArrayLike, probabilities: ArrayLike) -> Array:
    """Return each strategy's mean over worlds that exclude one another; the most is best.

    Args:
        payoffs: [..., strategy, world].
        probabilities: [world], of worlds of which exactly one comes; they sum to 1.

    Returns:
        [..., strategy].

    Raises:
        ValueError: as `maximin`; probabilities that are not one a world, negative, or do not sum
            to 1.

    >>> expected_value([[200, -180], [100, -20], [0, 0]], [0.5, 0.5]).tolist()
    [10.0, 40.0, 0.0]
    """
    table = table_of(payoffs)
    of = probabilities_of(probabilities, table.shape[-1])
    return np.asarray(np.einsum("...w,w->...", table, of))


def perfect_information(payoffs: ArrayLike, probabilities: ArrayLike) -> Array:
    """Return the expected value of knowing beforehand which world comes.

    It is the least expected regret of any strategy, and 0 where one is best in every world.

    Args:
        payoffs: [..., strategy, world].
        probabilities: [world], as for `expected_value`.

    Returns:
        [...], 0 or more, in the unit of the payoffs.

    Raises:
        ValueError: as `expected_value`.

    References:
        Raiffa and Schlaifer (1961), Applied Statistical Decision Theory.

    >>> float(perfect_information([[200, -180], [100, -20], [0, 0]], [0.5, 0.5]))
    60.0
    """
    table = table_of(payoffs)
    of = probabilities_of(probabilities, table.shape[-1])
    found: Array = np.einsum("...w,w->...", regret(table), of).min(axis=-1)
    return found


def sample_information(
    payoffs: ArrayLike, probabilities: ArrayLike, likelihoods: ArrayLike
) -> Array:
    """Return the expected value of a report that says with some error which world comes.

    Args:
        payoffs: [..., strategy, world].
        probabilities: [world], before the report, as for `expected_value`.
        likelihoods: [report, world], probability of each report in each world; each world's sum
            to 1.

    Returns:
        [...], from 0 to the value of perfect information.

    Raises:
        ValueError: as `expected_value`; likelihoods of another shape, negative, or that do not sum
            to 1 in each world.

    References:
        Raiffa and Schlaifer (1961), Applied Statistical Decision Theory.

    >>> survey = [[0.7, 0.2], [0.3, 0.8]]
    >>> float(sample_information([[200, -180], [100, -20], [0, 0]], [0.5, 0.5], survey))
    19.0
    """
    table = table_of(payoffs)
    before = probabilities_of(probabilities, table.shape[-1])
    reports = numbers("likelihoods", likelihoods)
    if reports.ndim != 2 or reports.shape[1] != len(before):
        told = f"[report, world], with {len(before)} worlds"
        raise ValueError(f"likelihoods are {told}: shape {reports.shape}")
    for world, column in enumerate(reports.T):
        sums_to_one(f"likelihoods in world {world}", column)
    each = np.einsum("...sw,rw->...rs", table, reports * before).max(axis=-1)
    alone = np.einsum("...w,w->...", table, before).max(axis=-1)
    found: Array = np.maximum(each.sum(axis=-1) - alone, 0.0)
    return found
