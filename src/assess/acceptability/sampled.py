"""Acceptability from values alone: weights, and values that are uncertain, are drawn here."""

from concurrent.futures import Executor
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from typing import Any, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assess.acceptability.indices import entropy
from assess.acceptability.places import TIE
from assess.acceptability.prepared import Prepared, Triangles, prepare
from assess.acceptability.runs import Engine, run
from assess.acceptability.streams import Stream
from assess.acceptability.tallies import GRID, SUMS, Tally

__all__ = ["SampledAcceptability", "SampledErrors", "sample_smaa"]

Floats = NDArray[np.float64]
MOST_DRAWS = 1_000_000_000


@dataclass(frozen=True, eq=False)
class SampledErrors:
    """Monte Carlo standard errors of the indices of `SampledAcceptability`, on the same axes.

    Those of central weights come from the sums of blocks, and are NaN for a strategy that is first
    in the draws of one block alone, or never. That of the mean is exact; the others are
    sqrt(p (1 - p) / n).
    """

    rank: Floats
    winning: Floats
    mean: Floats
    central: Floats


@dataclass(frozen=True, eq=False)
class SampledAcceptability:
    """What drawing weights that are uniform over the simplex says, and uncertain values with them.

    All indices are read off `tally`, whole numbers that add up to the same in any order.

    Attributes:
        tally: what the draws come to.
        stream: the name of the random numbers.
        seed: where they begin.
        prepared: the values, as they are drawn from.
    """

    tally: Tally
    stream: Stream
    seed: int
    prepared: Prepared

    @property
    def draws(self) -> int:
        """How many there are, in whole blocks."""
        return self.tally.draws

    @property
    def block(self) -> int:
        """Draws of a block."""
        return self.prepared.block

    @cached_property
    def rank(self) -> Floats:
        """Share of draws in which a strategy takes a rank [strategy, rank]; ties share theirs."""
        return _fixed(self._shared / self._sharing[:, None])

    @property
    def first(self) -> Floats:
        """Share of draws in which each strategy is first [strategy]."""
        return self.rank[:, 0]

    @cached_property
    def expected_rank(self) -> Floats:
        """Mean rank [strategy], 1 the best."""
        ranks = np.arange(1, self.rank.shape[1] + 1)
        return _fixed(np.einsum("ar,r->a", self.rank, ranks))

    @cached_property
    def central(self) -> Floats:
        """Mean weights where a strategy is first [strategy, criterion]; NaN where it never is."""
        found = self.tally.central.astype(np.float64)
        with np.errstate(invalid="ignore"):
            return _fixed((found / found.sum(axis=1, keepdims=True))[self.prepared.row])

    @cached_property
    def confidence(self) -> Floats:
        """Share of draws in which a strategy is first under its own central weights [strategy].

        NaN where it has none, and where values are uncertain.
        """
        if not self.prepared.certain:
            return _fixed(np.full(len(self.prepared.row), np.nan))
        scores = np.einsum("wc,ac->wa", self.central, self.prepared.mean)
        best = scores >= scores.max(axis=1, keepdims=True) - TIE
        share = np.diagonal(best) / np.maximum(1, best.sum(axis=1))
        return _fixed(np.where(np.isnan(self.central[:, 0]), np.nan, share))

    @cached_property
    def winning(self) -> Floats:
        """Share of draws in which one strategy is ahead of another [one, other], a tie for half.

        NaN where that was not counted, for there are many strategies.
        """
        row = self.prepared.row
        if not self.prepared.wins:
            return _fixed(np.full((len(row), len(row)), np.nan))
        ahead = self.tally.ahead / self.draws
        later = np.tril_indices(len(ahead), -1)
        ahead[later] = 1 - ahead.T[later]
        np.fill_diagonal(ahead, 0.5)
        return _fixed(ahead[np.ix_(row, row)])

    @cached_property
    def mean(self) -> Floats:
        """Mean score [strategy], weights summing to 1."""
        weights = self.tally.central.sum(axis=0) / (GRID * self.draws)
        weights /= weights.sum()
        if self.prepared.certain:
            return _fixed(np.einsum("ac,c->a", self.prepared.mean, weights))
        drawn = self.tally.total[self.prepared.row] / (GRID * self.draws)
        return _fixed(self.prepared.scale * drawn + np.einsum("c,c", weights, self.prepared.shift))

    @property
    def choice_entropy(self) -> float:
        """Of who is first, in bits."""
        return entropy(self.rank[:, 0])

    @property
    def ranking_entropy(self) -> float:
        """Of the whole order, in bits; NaN with more than 6 strategies, whose orders are many."""
        order = self.tally.order
        return entropy(order / self.draws) if order.size else float("nan")

    @cached_property
    def error(self) -> SampledErrors:
        """Monte Carlo standard errors."""
        winning = np.sqrt(self.winning * (1 - self.winning) / self.draws)
        tied = np.equal.outer(self.prepared.row, self.prepared.row)
        shared = self._shared
        return SampledErrors(
            rank=_fixed(np.sqrt(shared * (1 - shared) / self.draws) / self._sharing[:, None]),
            winning=_fixed(np.where(tied, 0.0 * winning, winning)),
            mean=_fixed(np.sqrt(self._variance / self.draws)),
            central=_fixed(self._central_error()[self.prepared.row]),
        )

    def more(
        self, *, draws: int, executor: Executor | None = None, engine: Engine | None = None
    ) -> "SampledAcceptability":
        """Go on until there are so many draws; it equals one long run, byte by byte.

        Args:
            draws: how many there shall be in all, rounded up to whole blocks.
            executor: as in `sample_smaa`.
            engine: as in `sample_smaa`.

        Raises:
            ValueError: there are more draws already.

        >>> sample_smaa([[1, 0], [0, 1]], draws=1_000).more(draws=3_000).draws
        3072
        """
        _check_number("draws", draws, MOST_DRAWS)
        blocks = range(self.tally.blocks, -(-draws // self.block))
        if blocks.stop < blocks.start:
            raise ValueError(f"there are {self.draws} draws already, more than {draws}")
        added = run(self.prepared, self.stream, self.seed, blocks, engine, executor)
        return replace(self, tally=self.tally + added)

    @cached_property
    def _shared(self) -> Floats:
        """Share of draws in which a strategy, or one that always ties with it, takes a rank."""
        before = np.cumsum(np.pad(self.tally.rank, ((0, 0), (1, 0))), axis=1)
        ranks = np.arange(self.tally.rank.shape[1])
        since = np.maximum(0, ranks + 1 - self.prepared.model.size[:, None].astype(np.intp))
        held = before[:, 1:] - np.take_along_axis(before, since, axis=1)
        return np.asarray((held / self.draws)[self.prepared.row])

    @property
    def _sharing(self) -> Floats:
        """How many strategies always tie, a strategy itself among them [strategy]."""
        return self.prepared.model.size.astype(np.float64)[self.prepared.row]

    @property
    def _variance(self) -> Floats:
        """Variance of a score [strategy], from that of uniform weights and of the values."""
        mean, criteria = self.prepared.mean, self.prepared.mean.shape[1]
        within = 2 * self.prepared.variance.sum(axis=1) / (criteria * (criteria + 1))
        return np.asarray(mean.var(axis=1) / (criteria + 1) + within)

    def _central_error(self) -> Floats:
        """Return the standard errors of a ratio of sums over blocks [row, criterion]."""
        held, blocks = self.tally.held[:, None], self.tally.blocks
        if blocks < 2:
            return np.full(self.tally.central.shape, np.nan)
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = self.tally.central / (held * 2.0**SUMS)
            squares = (
                self.tally.squares
                - 2 * ratio * self.tally.products
                + ratio**2 * self.tally.held_squares[:, None]
            )
            spread = np.sqrt(np.maximum(squares, 0) * blocks / (blocks - 1)) / held
        # The square of a sum is the sum of squares only where all but one are nothing.
        spread[self.tally.held_squares == self.tally.held**2] = np.nan
        return np.asarray(spread * (2.0**SUMS / GRID))


def sample_smaa(
    values: ArrayLike | Triangles,
    *,
    draws: int = 100_000,
    seed: int = 0,
    stream: Stream = "splitmix64",
    executor: Executor | None = None,
    engine: Engine | None = None,
    winning: bool | None = None,
) -> SampledAcceptability:
    """Return the indices of an additive model whose weights are uniform over the simplex.

    The result depends on the values, the stream, the seed and the number of draws alone: no
    executor, number of workers, order of blocks or engine changes a byte.

    Strategies whose values are equal everywhere, within 1e-12, tie in every draw and share their
    ranks. No others tie: of two that come out equal in the precision of a score, the one that is
    better on average is ahead. Scores are compared in single precision, on values that are scaled
    to the range of the widest criterion, unless two strategies are nowhere further apart than 1/256
    of that range: then in double precision.

    Args:
        values: [strategy, criterion], what each strategy is worth; or `Triangles`, whose analysts
            are drawn independently and whose panel is their mean.
        draws: at most 1e9, rounded up to whole blocks of 1024, or of fewer for very large models.
        seed: of the random numbers, at least 0.
        stream: "splitmix64", a hash of a counter; or "sfc64", the generator of NumPy.
        executor: any `concurrent.futures.Executor`; none draws in this thread.
        engine: "numpy", or "numba" from the extra `fast`; none takes the one that is sooner done.
        winning: whether it is counted who is ahead of whom; none where at most 18 differ.

    Raises:
        ValueError: values are not [strategy, criterion], hold no numbers or too many strategies,
            triangles are not in order, or there is no such stream, engine, seed or number of draws.
        TypeError: draws or the seed are no whole numbers.
        ImportError: the engine numba is asked for and not installed.

    References:
        Lahdelma and Salminen (2001), SMAA-2, doi:10.1287/opre.49.3.444.11220.

    >>> found = sample_smaa([[1, 0], [0, 1], [0.6, 0.6]], draws=10_000)
    >>> found.draws, found.rank[:, 0].round(1).tolist()
    (10240, [0.4, 0.4, 0.2])
    """
    _check_number("draws", draws, MOST_DRAWS)
    _check_number("seed", seed, None)
    if stream not in get_args(Stream):
        near = get_close_matches(str(stream), get_args(Stream), 1)
        hint = f"; did you mean {near[0]!r}?" if near else "; there are sfc64 and splitmix64"
        raise ValueError(f"there is no stream {stream!r}{hint}")
    prepared = prepare(values, winning)
    blocks = range(-(-draws // prepared.block))
    found = run(prepared, stream, seed, blocks, engine, executor)
    return SampledAcceptability(found, stream, seed, prepared)


def _check_number(name: str, given: Any, most: int | None) -> None:
    """Refuse what is no whole number in range."""
    if isinstance(given, bool) or not isinstance(given, (int, np.integer)):
        raise TypeError(f"{name} is a whole number, not {given!r}")
    least = 0 if most is None else 1
    if given < least or (most is not None and given > most):
        reach = f"at least {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name} is {reach}, not {given}")


def _fixed(found: Any) -> Floats:
    """Return an array that nobody can change."""
    array = np.asarray(found, np.float64)
    array.flags.writeable = False
    return array
