"""Shapley effects: shares of the variance that add up to 1, from all mixtures or random orders."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assess.variance.batches import Estimate, batch_sums, finite, jackknife, starts

__all__ = ["shapley", "shapley_shares", "subset_sums", "walk_sums", "walsh"]

Floats = NDArray[np.float64]
Model = Callable[[tuple[bool, ...]], Floats]


def shapley(outputs: ArrayLike, *, batches: int = 32) -> Estimate:
    """Return Shapley effects, from the outputs under all mixtures of two samples.

    Args:
        outputs: [subset, ..., draw]; bit j of the number of a subset says whether player j (a group
            of inputs) is taken from sample B, so that there are 2^players.
        batches: of draws, for the errors.

    Returns:
        [player, ...], shares of the variance: none is negative, and they add up to 1. NaN where
        the output does not vary; a player that changes no output has exactly 0.

    Raises:
        ValueError: there are not 2^players subsets, a number is none, or there are fewer draws
            than batches.

    References:
        Owen (2014), Sobol' indices and Shapley value, doi:10.1137/130936233.

    >>> draw = np.random.default_rng(1)
    >>> x, y = draw.standard_normal((2, 2, 4096))  # sample A and B of two inputs
    >>> found = shapley([x[0] * x[1], y[0] * x[1], x[0] * y[1], y[0] * y[1]])
    >>> found.value.round(1).tolist()
    [0.5, 0.5]
    """
    y = finite(outputs)
    if y.ndim < 2 or len(y) < 2 or len(y) & (len(y) - 1):
        raise ValueError(f"outputs are [2^players, ..., draw], not of shape {y.shape}")
    return shapley_shares(subset_sums(walsh(y), starts(y.shape[-1], batches)))


def walsh(outputs: Floats) -> Floats:
    """Return the Walsh-Hadamard coefficients [subset, ...] of outputs [subset, ...].

    h(T) = 2^-players sum_u (-1)^|u and T| y(u): means, main effects and interactions of one draw's
    choices between A and B.

    >>> walsh(np.array([1.0, 3.0, 1.0, 3.0])).tolist()
    [2.0, -1.0, 0.0, 0.0]
    """
    found, step = outputs, 1
    while step < len(outputs):
        pairs = found.reshape(-1, 2, step, *outputs.shape[1:])
        without, having = pairs[:, 0], pairs[:, 1]
        found = np.stack([without + having, without - having], axis=1).reshape(outputs.shape)
        step *= 2
    return found / len(outputs)


def subset_sums(coefficients: Floats, begin: Sequence[int]) -> Floats:
    """Return sums over batches of draws of the Shapley effects [batch, player, ...].

    A player's Shapley effect is the mean over all orders of what its coming adds to the variance
    that those before it bring: t(u) = E (y(none) - y(u))^2 / 2, if they are drawn anew. Every pair
    of subsets that differ by u estimates t(u); with all pairs, the sum over orders closes to

        effect(j) = 2 sum over T that hold j, of odd size, of E h(T)^2 / |T|.

    Args:
        coefficients: [subset, ..., draw], by `walsh`.
        begin: [batch], at which draw each batch begins, rising from 0.
    """
    players = len(coefficients).bit_length() - 1
    subsets = np.arange(len(coefficients))
    size = np.bitwise_count(subsets)
    odd = size % 2 == 1
    holds = (subsets[odd] >> np.arange(players)[:, None]) & 1
    squares = batch_sums(np.square(coefficients[odd]), begin)
    return np.asarray(np.einsum("jt,bt...->bj...", holds * (2 / size[odd]), squares))


def walk_sums(model: Model, orders: Iterable[Sequence[int]], begin: Sequence[int] = (0,)) -> Floats:
    """Return sums over batches of the Shapley effects, from random orders of many players.

    Along each order the players change from A to B one by one; who changes y into z is given
    (a - (y + z) / 2) (y - z), which is what (a - y)^2 / 2 gains. The mean is that of `subset_sums`.

    Args:
        model: gives the outputs [..., draw] under sample A with the players marked taken from B.
        orders: of the players, each [player]; drawn at random they give no player an advantage.
        begin: [batch], at which draw each batch begins, rising from 0.

    Returns:
        [batch, player, ...], the mean over the orders.

    References:
        Goda (2021), A simple algorithm for global sensitivity analysis with Shapley effects,
        arXiv:2009.00874.

    >>> def product(which):  # of two inputs that are 1 in A, and 3 and 2 in B
    ...     return np.array([np.where(which, [3.0, 2.0], 1.0).prod()])
    >>> walk_sums(product, [(0, 1), (1, 0)]).tolist()
    [[7.0, 5.5]]
    """
    taken = [list(order) for order in orders]
    players = len(taken[0])
    base = last = model((False,) * players)
    found = np.zeros((len(begin), players, *base.shape[:-1]))
    for order in taken:
        which, last = [False] * players, base
        for player in order:
            which[player] = True
            now = model(tuple(which))
            found[:, player] += batch_sums((base - (last + now) / 2) * (last - now), begin)
            last = now
    return found / len(taken)


def shapley_shares(sums: Floats) -> Estimate:
    """Return Shapley effects as shares of the variance [player, ...], of [batch, player, ...].

    >>> found = shapley_shares(np.array([[3.0, 1.0], [2.0, 2.0]]))
    >>> found.value.tolist(), found.error.tolist()
    ([0.625, 0.375], [0.125, 0.125])
    """
    whole = sums.sum(axis=0, keepdims=True)
    return jackknife(_share(whole), _share(whole - sums))


def _share(effects: Floats) -> Floats:
    """Divide effects [batch, player, ...] by their sum over players; NaN where it is none."""
    variance = effects.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(
        effects, variance, out=np.full(effects.shape, np.nan), where=variance > 0
    )
    return shares
