"""What a panel holds possible in one cell: the pool of its analysts' whole distributions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from assess import tables
from assess.classical_model.scores import levels_of
from assess.distributions import (
    bins_from_triangle,
    linear_pool,
    logarithmic_pool,
    quantile_average,
    quantiles_from_bins,
)
from assess.instrument import instrument
from assess.intervals import triangles, value_intervals
from assess.model import Study, nearest
from assess.model.frozen import fixed
from assess.panel.given import study_of
from assess.report import Report
from assess.rounding import points
from assess.triangles import triangle_quantiles

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Pool = Literal["linear", "logarithmic", "quantile_average"]

POOLS: tuple[Pool, ...] = get_args(Pool)
LEVELS = (0.1, 0.5, 0.9)
BINS = 500  # of a fifth of a point each
_HALVINGS = 50
_ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class PooledDistribution:
    """The panel's distribution of one strategy's worth on one criterion, in one scenario.

    Attributes:
        strategy, criterion, scenario: ids.
        pool: how the analysts' distributions became one.
        analysts: ids of those who have a voice and give a level.
        weights: [analyst], their shares in the pool, summing to 1.
        levels: [q] of the quantiles.
        quantiles: [q] in [0, 1], read from the bins in the linear and the logarithmic pool, and so
            exact to the width of one; exact in the quantile average.
        edges: [bin + 1], from 0 to 1.
        bins: [bin], the probability of each, summing to 1.
    """

    strategy: str
    criterion: str
    scenario: str
    pool: Pool
    analysts: tuple[str, ...]
    weights: Array
    levels: Array
    quantiles: Array
    edges: Array
    bins: Array

    def __post_init__(self) -> None:
        for name in ("weights", "levels", "quantiles", "edges", "bins"):
            object.__setattr__(self, name, fixed(getattr(self, name)))

    @property
    def table(self) -> "pd.DataFrame":
        """One row a quantile; columns: level (share below), points (of 100)."""
        import pandas as pd

        return pd.DataFrame({"level": self.levels, "points": 100 * self.quantiles})

    def __str__(self) -> str:
        told = ", ".join(
            f"{100 * level:g} % {points(value, 1)}"
            for level, value in zip(self.levels.tolist(), self.quantiles.tolist(), strict=True)
        )
        name = self.pool.replace("_", " ") + (" pool" if self.pool != "quantile_average" else "")
        return f"{name} of {', '.join(self.analysts)}, in points of 100: {told}"


def pooled_distribution(
    report: Report,
    *,
    strategy: str,
    criterion: str,
    scenario: str | None = None,
    pool: Pool = "linear",
    levels: Sequence[float] = LEVELS,
) -> PooledDistribution:
    """Pool what the analysts hold possible of one strategy on one criterion.

    Each analyst's rating is a triangular distribution in value space, its mode the worth of the
    level. Ends that an analyst gave are the 10th and 90th percentile; others, from the confidence
    that the evidence allows, are the ends of the triangle. What lies beyond 0 and 1 counts as 0 and
    1. Analysts count by their weight in the panel (`Method.analyst_weights`). No score rests on it.

    Args:
        report: by `assess.evaluate`.
        strategy: id.
        criterion: id of a leaf.
        scenario: id; the first scenario of the study if none.
        pool: "linear" (keeps disagreement), "logarithmic" (what all hold possible), or
            "quantile_average" (the average place and width).
        levels: of the quantiles, rising, above 0 and below 1.

    Raises:
        ValueError: no such strategy, criterion, scenario or pool, with the nearest; nobody with a
            voice gives a level; no worth is held possible by all of a logarithmic pool; or the
            levels are none.
        TypeError: it is no report; says what to write instead.

    References:
        Genest and Zidek (1986), Combining probability distributions, doi:10.1214/ss/1177013825.

    >>> import assess
    >>> report = assess.evaluate(assess.load("mali"))
    >>> found = pooled_distribution(report, strategy="protect_and_govern",
    ...                             criterion=report.study.tree.leaves[0])
    >>> bool((found.quantiles[0] < found.quantiles[1] < found.quantiles[2]))
    True
    """
    study = study_of(report, "pooled_distribution")
    scenario = scenario or study.scenario_ids[0]
    s, t, c = _cell(study, scenario, strategy, criterion)
    if not instrument(study).applicable[s, c]:
        why = tables.not_applicable(study)[scenario, criterion]
        raise ValueError(f"{criterion!r} is not applicable in {scenario!r}: {why}")
    grid = tables.row_grid(study)
    rows = heard(study, grid[:, min(s, grid.shape[1] - 1), t, c].tolist())
    if not rows:
        raise ValueError(
            f"no analyst with a voice gives {strategy!r} a level on {criterion!r} in {scenario!r}"
        )
    u = levels_of(levels)
    edges = np.linspace(0.0, 1.0, BINS + 1)
    weights, quantiles, bins = pool_rows(study, rows, pool, u, edges)
    analysts = tuple(study.ratings.cell(row, "analyst") for row in rows)
    return PooledDistribution(
        strategy, criterion, scenario, pool, analysts, weights, u, quantiles, edges, bins
    )


def _cell(study: Study, scenario: str, strategy: str, criterion: str) -> tuple[int, int, int]:
    """Return the places of a cell, once all its ids are known to be those of the study."""
    tree = study.tree
    if criterion in tree.children:
        below = ", ".join(map(repr, tree.below(criterion)[:12]))
        raise ValueError(f"{criterion!r} is a group; choose a criterion below it: {below}")
    for kind, given, choices in (
        ("strategy", strategy, tuple(study.strategies)),
        ("criterion", criterion, tree.leaves),
        ("scenario", scenario, study.scenario_ids),
    ):
        if given not in choices:
            raise ValueError(f"no {kind} {given!r} ({nearest(given, choices)})")
    return (
        study.scenario_ids.index(scenario),
        list(study.strategies).index(strategy),
        tree.leaves.index(criterion),
    )


def heard(study: Study, rows: Sequence[int]) -> list[int]:
    """Return those of some rows, -1 for none, that give a level and whose analyst has a voice."""
    mode, voice = value_intervals(study).mode, _voice(study)
    return [row for row in rows if row >= 0 and not np.isnan(mode[row]) and voice[row] > 0]


def _voice(study: Study) -> Array:
    """Return the weight of the analyst of every rating [row]."""
    place = tables.places(study.ratings.analyst, study.analysts)
    return tables.analyst_weights(study)[place]


def pooled_interval(
    report: Report, s: int, leaf: str, rows: Sequence[int]
) -> tuple[float, float] | None:
    """Return the 10th and 90th percentile of the linear pool of the ratings of a leaf.

    Args:
        report: by `assess.evaluate`.
        s: place of the scenario.
        leaf: id.
        rows: in use for one strategy on it; -1 for none.

    Returns:
        In points of 100; None where the leaf does not apply, or fewer than two analysts with a
        voice give a level.
    """
    study, some = report.study, heard(report.study, rows)
    if len(some) < 2 or np.isnan(report.coverage[s, 0, report.node(leaf)]):
        return None
    levels, edges = np.array([0.1, 0.9]), np.linspace(0.0, 1.0, BINS + 1)
    low, high = pool_rows(study, some, "linear", levels, edges)[1].tolist()
    return 100 * low, 100 * high


def pool_rows(
    study: Study, rows: Sequence[int], pool: str, levels: Array, edges: Array
) -> tuple[Array, Array, Array]:
    """Pool the distributions of some ratings of a cell.

    Args:
        study: whose ratings they are.
        rows: that `heard` returns, one or more.
        pool: one of `POOLS`.
        levels: [q].
        edges: [bin + 1], from 0 to 1.

    Returns:
        The analysts' shares [analyst], quantiles [q] in [0, 1], probabilities [bin].
    """
    if pool not in POOLS:
        raise ValueError(f"no pool {pool!r} ({nearest(pool, POOLS)})")
    weights = _voice(study)[list(rows)]
    weights = weights / weights.sum()
    low, mode, high = _triangles(study, rows)
    if pool == "quantile_average":
        quantiles = _averaged(low, mode, high, weights, levels)
        return weights, quantiles, _bins_of_average(low, mode, high, weights, edges)
    given = bins_from_triangle(low, mode, high, edges)
    if pool == "logarithmic":
        _refuse_apart(study, rows, given)
    bins = linear_pool(given, weights) if pool == "linear" else logarithmic_pool(given, weights)
    return weights, quantiles_from_bins(bins, edges, levels), bins


def _triangles(study: Study, rows: Sequence[int]) -> tuple[Array, Array, Array]:
    """Return smallest, likeliest and largest worth of ratings [rating]; may lie beyond 0 and 1."""
    low, mode, high = triangles(study)[:, list(rows)]
    return low, mode, high


def _refuse_apart(study: Study, rows: Sequence[int], given: Array) -> None:
    """Refuse a logarithmic pool of analysts who hold no worth possible together."""
    if (given > 0).all(axis=0).any():
        return
    who = ", ".join(study.ratings.cell(row, "analyst") for row in rows)
    raise ValueError(
        f"no worth is held possible by all of {who}, so they have no logarithmic pool; "
        "pool='linear' keeps their disagreement"
    )


def _averaged(low: Array, mode: Array, high: Array, weights: Array, levels: Array) -> Array:
    """Return the average quantiles [q] of triangles [analyst]."""
    return quantile_average(np.clip(triangle_quantiles(low, mode, high, levels), 0, 1), weights)


def _bins_of_average(low: Array, mode: Array, high: Array, weights: Array, edges: Array) -> Array:
    """Return the probability of each bin [bin] under the average of the analysts' quantiles.

    What lies below an edge is the largest level whose quantile does not exceed it.
    """
    inner = edges[1:-1]
    below, above = np.zeros(len(inner)), np.ones(len(inner))
    for _ in range(_HALVINGS):
        middle = (below + above) / 2
        at = np.clip(triangle_quantiles(low, mode, high, middle), 0.0, 1.0)
        reaches = np.einsum("a,aq->q", weights, at) <= inner + _ROUNDING
        below, above = np.where(reaches, middle, below), np.where(reaches, above, middle)
    return np.diff(np.concatenate([[0.0], np.maximum.accumulate(below), [1.0]]))
