"""Sobol indices: what each group of inputs brings of the variance, alone and with others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assess.variance.batches import Estimate, batch_sums, finite, jackknife, starts

__all__ = ["Indices", "Sums", "sobol", "sobol_indices", "sobol_sums"]

Floats = NDArray[np.float64]
ROUNDING = 1e-14  # of the mean square: a variance below is rounding, so that there is none


@dataclass(frozen=True, eq=False)
class Indices:
    """Shares of the variance of outputs that groups of inputs bring.

    Attributes:
        variance: [...] of the outputs.
        first: [group, ...], by each group alone: what would vanish on average, were it known.
        total: [group, ...], with all that it does together with others: what would be left on
            average, were all others known.

    First and total are NaN where an output does not vary. A group that changes no output has
    exactly 0.
    """

    variance: Floats
    first: Estimate
    total: Estimate


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums over the draws of batches, of which Sobol indices are made.

    With a, b and m the outputs under A, under B, and under A with one group from B:

    Attributes:
        count: [batch], draws.
        ends: [batch, 5, ...], of a, b, a^2, b^2 and a b.
        mixed: [batch, 4, group, ...], of m, m^2, b m and (a - m)^2.
    """

    count: Floats
    ends: Floats
    mixed: Floats

    def __add__(self, other: "Sums") -> "Sums":
        """Add up the draws of the same batches."""
        return Sums(self.count + other.count, self.ends + other.ends, self.mixed + other.mixed)

    @staticmethod
    def joined(parts: Sequence["Sums"]) -> "Sums":
        """Return sums of other batches one after the other."""
        return Sums(
            np.concatenate([part.count for part in parts]),
            np.concatenate([part.ends for part in parts]),
            np.concatenate([part.mixed for part in parts]),
        )


def sobol(base: ArrayLike, other: ArrayLike, mixed: ArrayLike, *, batches: int = 32) -> Indices:
    """Return first-order and total Sobol indices of groups, from outputs of mixed samples.

    Args:
        base: [..., draw], outputs under sample A.
        other: [..., draw], under sample B.
        mixed: [group, ..., draw], under A with this group taken from B.
        batches: of draws, for the errors.

    Raises:
        ValueError: shapes do not fit, a number is none, or there are fewer draws than batches.

    References:
        Jacques, Lavergne and Devictor (2006), doi:10.1016/j.ress.2005.06.047 (groups).
        Janon et al. (2014), doi:10.1051/ps/2013040; Jansen (1999),
        doi:10.1016/S0010-4655(98)00154-4.

    >>> a, b = np.random.default_rng(1).standard_normal((2, 3, 40_000))
    >>> model = lambda x: 2 * x[0] + x[1]
    >>> mixed = [model(np.where(np.arange(3)[:, None] == j, b, a)) for j in range(3)]
    >>> found = sobol(model(a), model(b), mixed)
    >>> found.first.value.round(2).tolist(), found.total.value.round(2).tolist()
    ([0.8, 0.2, 0.0], [0.8, 0.2, 0.0])
    """
    a, b, m = map(finite, (base, other, mixed))
    if a.ndim < 1 or a.shape != b.shape or m.shape[1:] != a.shape:
        raise ValueError(
            f"base and other are [..., draw] and mixed [group, ..., draw]: shapes {a.shape}, "
            f"{b.shape} and {m.shape} do not fit"
        )
    return sobol_indices(sobol_sums(a, b, m, starts(a.shape[-1], batches)))


def sobol_sums(
    base: Floats, other: Floats, mixed: Iterable[Floats], begin: Sequence[int] = (0,)
) -> Sums:
    """Return the sums of batches of draws.

    Args:
        base: [..., draw].
        other: [..., draw].
        mixed: for each group [..., draw].
        begin: [batch], at which draw each batch begins, rising from 0.
    """
    ends = (base, other, base * base, other * other, base * other)
    groups = ((m, m * m, other * m, np.square(base - m)) for m in mixed)
    return Sums(
        count=np.diff([*begin, base.shape[-1]]).astype(np.float64),
        ends=np.stack([batch_sums(x, begin) for x in ends], axis=1),
        mixed=np.stack(
            [np.stack([batch_sums(x, begin) for x in of], axis=1) for of in groups], axis=2
        ),
    )


def sobol_indices(sums: Sums) -> Indices:
    """Return Sobol indices of sums over batches, with their errors.

    With y and z two outputs, the share of variance that they have in common is

        common(y, z) = (mean y z - m^2) / v,  m = mean (y + z) / 2,  v = mean (y^2 + z^2) / 2 - m^2.

    Of outputs a, b under both samples, and m of a with one group from b:

        first = common(b, m) - common(a, m) common(a, b)             (Janon et al. 2014)
        total = mean (a - m)^2 / 2 v(a, m) + first common(a, b)      (Jansen 1999)

    common(a, b) is 0 on average and takes noise out of both: all of it from the first index of a
    group that does nothing, where Saltelli et al. (2010) put the factor 1 instead of common(a, m).

    References:
        Saltelli et al. (2010), doi:10.1016/j.cpc.2009.09.018.
    """
    kept = (sums.count, sums.ends, sums.mixed)
    whole = [x.sum(axis=0, keepdims=True) for x in kept]
    variance, first, total = _indices(*whole)
    if len(sums.count) == 1:
        return Indices(variance[0], jackknife(first, first), jackknife(total, total))
    _, firsts, totals = _indices(*(x - y for x, y in zip(whole, kept, strict=True)))
    return Indices(variance[0], jackknife(first, firsts), jackknife(total, totals))


def _indices(count: Floats, ends: Floats, mixed: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the variance [batch, ...], first and total indices [batch, group, ...]."""

    def means(values: Floats) -> Floats:
        return np.moveaxis(values / count.reshape(-1, *[1] * (values.ndim - 1)), 1, 0)

    a, b, aa, bb, ab = (x[:, None] for x in means(ends))
    m, mm, bm, apart = means(mixed)
    with np.errstate(invalid="ignore", divide="ignore"):
        rest = 1 - apart / 2 / _variance(a, m, aa, mm)
        chance = (ab - np.square((a + b) / 2)) / _variance(a, b, aa, bb)
        shared = (bm - np.square((b + m) / 2)) / _variance(b, m, bb, mm)
        first = shared - rest * chance
        total = 1 - rest + first * chance
    variance, none = _variance(a, b, aa, bb), (aa + bb) / 2 - ab <= ROUNDING * (aa + bb) / 2
    return (
        np.where(none, 0.0, variance)[:, 0],
        np.where(none, np.nan, first),
        np.where(none, np.nan, total),
    )


def _variance(first: Floats, second: Floats, squares: Floats, others: Floats) -> Floats:
    """Return the variance of two samples together, of their means and mean squares."""
    return (squares + others) / 2 - np.square((first + second) / 2)
