"""What each strategy comes to over worlds, by five criteria; and the table of regret."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assess.model import shown
from assess.robustness.payoffs import table_of

Array = NDArray[np.float64]


def maximin(payoffs: ArrayLike) -> Array:
    """Return the payoff of each strategy in its worst world; the most is best (Wald).

    Args:
        payoffs: [..., strategy, world].

    Returns:
        [..., strategy].

    Raises:
        ValueError: no strategy or world, or a payoff that is not a finite number.

    References:
        Wald (1950), Statistical Decision Functions.

    >>> maximin([[50, 60], [20, 80], [40, 70]]).tolist()
    [50.0, 20.0, 40.0]
    """
    return np.asarray(table_of(payoffs).min(axis=-1))


def maximax(payoffs: ArrayLike) -> Array:
    """Return the payoff of each strategy in its best world; the most is best.

    Args:
        payoffs: [..., strategy, world].

    Returns:
        [..., strategy].

    Raises:
        ValueError: as `maximin`.

    >>> maximax([[50, 60], [20, 80], [40, 70]]).tolist()
    [60.0, 80.0, 70.0]
    """
    return np.asarray(table_of(payoffs).max(axis=-1))


def hurwicz(payoffs: ArrayLike, optimism: float = 0.5) -> Array:
    """Return a weighted mean of each strategy's best and worst world; the most is best.

    Args:
        payoffs: [..., strategy, world].
        optimism: weight of the best world, 0 (`maximin`) to 1 (`maximax`).

    Returns:
        [..., strategy].

    Raises:
        ValueError: as `maximin`; optimism outside 0 to 1.

    References:
        Hurwicz (1951), Optimality criteria for decision making under ignorance, Cowles Commission
        Discussion Paper, Statistics 370.

    >>> hurwicz([[50, 60], [20, 80], [40, 70]], optimism=0.75).tolist()
    [57.5, 65.0, 62.5]
    """
    table = table_of(payoffs)
    if not 0 <= optimism <= 1:
        raise ValueError(f"optimism lies between 0 and 1: {shown(optimism)}")
    return np.asarray(optimism * table.max(axis=-1) + (1 - optimism) * table.min(axis=-1))


def laplace(payoffs: ArrayLike) -> Array:
    """Return each strategy's mean over worlds; the most is best.

    It takes every world as equally probable; a world that is split into two counts twice.

    Args:
        payoffs: [..., strategy, world].

    Returns:
        [..., strategy].

    Raises:
        ValueError: as `maximin`.

    >>> laplace([[50, 60], [20, 80], [40, 70]]).tolist()
    [55.0, 50.0, 55.0]
    """
    return np.asarray(table_of(payoffs).mean(axis=-1))


def regret(payoffs: ArrayLike) -> Array:
    """Return how far each strategy is behind the best one of each world.

    Args:
        payoffs: [..., strategy, world].

    Returns:
        [..., strategy, world], 0 or more; 0 for the best of each world.

    Raises:
        ValueError: as `maximin`.

    References:
        Savage (1951), The theory of statistical decision, doi:10.1080/01621459.1951.10500768.

    >>> regret([[50, 60], [20, 80], [40, 70]]).tolist()
    [[0.0, 20.0], [30.0, 0.0], [10.0, 10.0]]
    """
    table = table_of(payoffs)
    found: Array = table.max(axis=-2, keepdims=True) - table
    return found


def minimax_regret(payoffs: ArrayLike) -> Array:
    """Return the largest regret of each strategy over all worlds; the least is best.

    It depends on which strategies are compared: one that is best somewhere, added to the others,
    can change who of them has the least.

    Args:
        payoffs: [..., strategy, world].

    Returns:
        [..., strategy].

    Raises:
        ValueError: as `maximin`.

    References:
        Savage (1951), The theory of statistical decision, doi:10.1080/01621459.1951.10500768.

    >>> minimax_regret([[50, 60], [20, 80], [40, 70]]).tolist()
    [20.0, 30.0, 10.0]
    """
    found: Array = regret(payoffs).max(axis=-1)
    return found
