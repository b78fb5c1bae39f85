"""Where the doubt comes from: shares of the variance of totals and margins, by source."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import combinations
from math import ceil
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assess.assessment import evaluate
from assess.checks import check
from assess.model import FrozenDict, Study, StudyError, shown
from assess.model.frozen import fixed
from assess.simulation import handover
from assess.simulation.mixtures import PARTS, SOURCES, common_players, draw_sums
from assess.simulation.plan import plan
from assess.variance import Estimate, Indices, Sums, shapley_shares, sobol_indices
from assess.version import versions

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Progress = Callable[[int, int], None]
MOST = 10_000_000
TASKS = 64  # that the blocks are divided into, at most; each gives a few batches
KEPT = 2**18  # outputs of all tasks: 350 MB of sums
RIVALS = 32  # strategies of whom every pair has a margin
APART = 0x5EED  # sets these draws apart from those of a simulation with the same seed
LEVEL = 0.9


@dataclass(frozen=True, eq=False)
class VarianceShares:
    """Shares of the variance of every total and margin, by source and by top criterion.

    A margin is how far the first strategy of a pair is ahead of the second. Shares are NaN where
    nothing is in doubt; a source that cannot matter has exactly 0.

    Attributes:
        study: the inputs.
        seed: of the random numbers.
        draws: of each of both samples: whole blocks.
        pairs: (first, second) ids of the strategies of margins.
        totals: indices [source, scenario, strategy]; the sources are `SOURCES`, then `PARTS`, what
            the shared error consists of.
        margins: indices [source, scenario, pair].
        criteria: ids of the top criteria: their ratings with what these share, and absences.
        common: what all criteria have in common: of "analysts" (who is asked), "weights",
            "leniency" and "worths" what can matter.
        total_effects: Shapley effects [player, scenario, strategy] that add up to 1; the players
            are the criteria, then what they have in common.
        margin_effects: the same of margins [player, scenario, pair].
        versions: of the library and what computes in it.
    """

    study: Study
    seed: int
    draws: int
    pairs: tuple[tuple[str, str], ...]
    totals: Indices
    margins: Indices
    criteria: tuple[str, ...]
    common: tuple[str, ...]
    total_effects: Estimate
    margin_effects: Estimate
    versions: FrozenDict[str, str]

    @property
    def sources(self) -> tuple[str, ...]:
        """Names of the sources, then of the parts of the shared error."""
        return (*SOURCES, *PARTS)

    @property
    def players(self) -> tuple[str, ...]:
        """Ids of the top criteria, then what they have in common."""
        return (*self.criteria, *self.common)

    def largest(self, indices: Indices) -> tuple[tuple[str, ...], ...]:
        """Return the source with the largest total index [scenario][output], of `SOURCES`.

        Args:
            indices: `totals` or `margins`.

        Returns:
            "" where nothing is in doubt.
        """
        names = list(SOURCES)
        total = np.nan_to_num(indices.total.value[: len(names)], nan=-1.0)
        place, doubt = total.argmax(axis=0), indices.variance > 0
        return tuple(
            tuple(names[i] if there else "" for i, there in zip(*row, strict=True))
            for row in zip(place.tolist(), doubt.tolist(), strict=True)
        )

    @property
    def table(self) -> "pd.DataFrame":
        """Sobol indices as a tidy table.

        Columns: scenario, strategy, against (empty for the total, else the second of a pair),
        source, first, first_low, first_high, total, total_low, total_high (90 % intervals).
        """
        import pandas as pd

        first = self._columns("first", *(of.first for of in (self.totals, self.margins)))
        total = self._columns("total", *(of.total for of in (self.totals, self.margins)))
        return pd.DataFrame({**self._labels("source", self.sources), **first, **total})

    @property
    def criterion_table(self) -> "pd.DataFrame":
        """Shapley effects as a tidy table.

        Columns: scenario, strategy, against, player, effect, effect_low, effect_high.
        """
        import pandas as pd

        effects = self._columns("effect", self.total_effects, self.margin_effects)
        return pd.DataFrame({**self._labels("player", self.players), **effects})

    def _labels(self, name: str, of: tuple[str, ...]) -> dict[str, list[str]]:
        outputs = [*((key, "") for key in self.study.strategies), *self.pairs]
        rows = [
            (one, scenario, *output)
            for one in of
            for scenario in self.study.scenario_ids
            for output in outputs
        ]
        columns = zip(*rows, strict=True)
        held = dict(zip((name, "scenario", "strategy", "against"), map(list, columns), strict=True))
        return {key: held[key] for key in ("scenario", "strategy", "against", name)}

    def _columns(self, name: str, *estimates: Estimate) -> dict[str, Array]:
        ends = [(of.value, *of.interval(LEVEL)) for of in estimates]
        joined = (np.concatenate(each, axis=-1).reshape(-1) for each in zip(*ends, strict=True))
        return dict(zip((name, f"{name}_low", f"{name}_high"), joined, strict=True))

    def __str__(self) -> str:
        from assess.reporting.txt import render_sources

        return render_sources(self)

    def __repr__(self) -> str:
        return f"<VarianceShares of {self.study.name!r}, {self.draws:,} draws, seed {self.seed}>"


def variance_shares(
    study: Study,
    *,
    draws: int = 4096,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> VarianceShares:
    """Say which source of doubt matters: shares of the variance of every total and margin.

    All that is uncertain is drawn twice. For every source, one sample is taken with that source
    from the other: Sobol indices of groups. By top criterion stand Shapley effects, from all
    mixtures of top criteria and of what they have in common (up to 10 of both; beyond, from random
    orders). A draw costs about as much as one of a simulation for each source that can matter,
    twice, and for each mixture of what is common, twice.

    The result depends on the study, the seed and the number of draws alone (C9); its draws are
    others than those of a simulation with the same seed.

    Args:
        study: loaded by `assess.load`, or built in Python.
        draws: rounded up so that all tasks hold as many blocks.
        seed: of the random numbers.
        executor: any `concurrent.futures.Executor`; none draws in this thread.
        progress: called with the draws that are done and with all that there will be.

    Raises:
        StudyError: the study is not sound; lists every problem.
        TypeError: it is no study, or a number is none.
        ValueError: fewer than 1 draw, too many, or a negative seed.

    References:
        Jacques, Lavergne and Devictor (2006), doi:10.1016/j.ress.2005.06.047.
        Owen (2014), doi:10.1137/130936233.

    >>> import assess
    >>> found = variance_shares(assess.load("mali").only("reference"), draws=500)
    >>> found.margin_effects.value.sum(axis=0).round(9).tolist() == [[1.0] * len(found.pairs)]
    True
    """
    if not isinstance(study, Study):
        raise TypeError(f"variance_shares takes a Study, not {shown(study)}")
    if problems := check(study):
        raise StudyError(problems)
    _check_numbers(draws, seed)
    first, second = _pairs(study)
    outputs = len(study.scenarios) * (len(study.strategies) + len(first))
    blocks = ceil(draws / plan(study).block)
    each = ceil(blocks / min(max(KEPT // outputs, 4), TASKS))
    tasks = [range(start, start + each) for start in range(0, blocks, each)]
    arguments = [(study, _apart(seed), task, (first, second)) for task in tasks]
    size, parts = each * plan(study).block, []
    for part in _run(arguments, executor):
        parts.append(part)
        if progress:
            progress(len(parts) * size, len(tasks) * size)
    sums, effects = zip(*parts, strict=True)
    return _found(
        study, seed, len(tasks) * size, (first, second), Sums.joined(sums), np.concatenate(effects)
    )


def _check_numbers(draws: int, seed: int) -> None:
    for name, given, least, most in (("draws", draws, 1, MOST), ("seed", seed, 0, 2**63 - 1)):
        if isinstance(given, bool) or not isinstance(given, int):
            raise TypeError(f"{name} is a whole number, not {shown(given)}")
        if not least <= given <= most:
            raise ValueError(f"{name} lies between {least:,} and {most:,}: {given:,}")


def _apart(seed: int) -> int:
    """Return another seed, so that no draw is one of a simulation."""
    high, low = np.random.SeedSequence((seed, APART)).generate_state(2).tolist()
    return int(high) << 32 | int(low)


def _pairs(study: Study) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the places of the strategies of every pair; of many, those that score most."""
    rivals = np.arange(len(study.strategies))
    if len(rivals) > RIVALS:
        best = np.nan_to_num(evaluate(study).score[..., 0], nan=-1.0).max(axis=0)
        rivals = np.sort(np.argsort(-best, kind="stable")[:RIVALS])
    found = np.array(list(combinations(rivals.tolist(), 2)), dtype=np.intp).reshape(-1, 2)
    return found[:, 0], found[:, 1]


Arguments = tuple[Study, int, range, tuple[NDArray[np.intp], NDArray[np.intp]]]


def _run(arguments: list[Arguments], executor: Executor | None) -> Iterator[tuple[Sums, Array]]:
    """Yield what the tasks come to, in their order, whoever does them."""
    if executor is None:
        for argument in arguments:
            yield draw_sums(*argument)
        return
    with handover.folder(executor) as where:
        futures = [handover.submit(executor, where, draw_sums, *each) for each in arguments]
        try:
            for future in futures:
                yield handover.result(future)
        finally:
            for future in futures:
                future.cancel()


def _found(
    study: Study,
    seed: int,
    draws: int,
    pairs: tuple[NDArray[np.intp], NDArray[np.intp]],
    sums: Sums,
    effects: Array,
) -> VarianceShares:
    """Turn sums over batches into shares; outputs are strategies, then pairs."""
    ids, strategies = tuple(study.strategies), len(study.strategies)
    indices, shares = sobol_indices(sums), shapley_shares(effects)
    value = np.where(indices.variance == 0, np.nan, shares.value)
    shares = Estimate(value, np.where(np.isnan(value), np.nan, shares.error), shares.batches)
    totals, margins = slice(strategies), slice(strategies, None)
    return VarianceShares(
        study=study,
        seed=seed,
        draws=draws,
        pairs=tuple((ids[i], ids[j]) for i, j in zip(*(x.tolist() for x in pairs), strict=True)),
        totals=_indices(indices, totals),
        margins=_indices(indices, margins),
        criteria=study.tree.children[study.tree.id],
        common=common_players(study),
        total_effects=_estimate(shares, totals),
        margin_effects=_estimate(shares, margins),
        versions=FrozenDict(versions()),
    )


def _indices(indices: Indices, of: slice) -> Indices:
    variance = fixed(indices.variance[..., of])
    return Indices(variance, _estimate(indices.first, of), _estimate(indices.total, of))


def _estimate(estimate: Estimate, of: slice) -> Estimate:
    return Estimate(
        fixed(estimate.value[..., of]), fixed(estimate.error[..., of]), estimate.batches
    )
