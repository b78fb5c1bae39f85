"""How each analyst rates beside the others on the same cells: severity, middle, halo."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assess import tables
from assess.agreement.bootstrap import multiplicities, resampled
from assess.model import Study
from assess.panel.given import analyst_name, refuse_below, study_of, voiced, with_voices
from assess.report import TIE, Report

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
LEAST_RATERS = 5
TOO_FEW = "too few raters to say"
CONFIDENCE = 0.95
MIDDLE = (0.4, 0.6)


@dataclass(frozen=True)
class Tendency:
    """One habit of one analyst, set beside the others who rated the same cells.

    Attributes:
        analyst: id.
        what: "severity", points of 100 by which the ratings lie below the others' mean (negative
            where they are lenient); "middle", percentage points by which more of them lie in the
            middle fifth of worth than the others' do; "halo", the correlation, -1 to 1, of the
            deviations from the others' mean between criteria under one top criterion.
        value: NaN where it is not defined.
        low, high: 95 % interval, a bootstrap over cells (of strategy and leaf), for halo over
            strategies and top criteria; NaN where there is none.
        units: how many were resampled.
    """

    analyst: str
    what: str
    value: float
    low: float
    high: float
    units: int


@dataclass(frozen=True)
class Tendencies:
    """The habits of every analyst with a voice who shares cells with others.

    Attributes:
        study: whose panel it is.
        raters: how many analysts with a voice give a level.
        reason: "too few raters to say" where they are fewer than five; then there are no lines.
        lines: by analyst.
    """

    study: Study
    raters: int
    reason: str
    lines: tuple[Tendency, ...]

    @property
    def table(self) -> "pd.DataFrame":
        """One row an analyst and habit; columns: analyst, what, value, low, high, units."""
        import pandas as pd

        columns = ["analyst", "what", "value", "low", "high", "units"]
        rows = [tuple(getattr(line, name) for name in columns) for line in self.lines]
        return pd.DataFrame(rows, columns=columns)

    def __str__(self) -> str:
        if self.reason:
            return f"Habits of analysts: {self.reason} ({self.raters} of at least {LEAST_RATERS})."
        return "\n".join(
            f"{analyst_name(self.study, line.analyst)}: {line.what} {line.value:.2f} "
            f"(95 % interval {line.low:.2f} to {line.high:.2f}; {line.units} units)"
            for line in self.lines
        )


def tendencies(report: Report, *, draws: int = 1000, seed: int = 0) -> Tendencies:
    """Say how each analyst rates beside the others: severity, middle and halo, with intervals.

    With v the analyst's worth of a cell and m the mean of the others who rated it: severity is the
    mean of m - v; middle the mean of [v in the middle fifth] less the share of the others that
    are; halo, with d = v - m less its mean, the mean of d_i d_j over pairs of criteria under one
    top criterion of one strategy, divided by the mean of d^2. A cell is a strategy on a leaf;
    where its ratings differ between scenarios, it counts with its mean over them.

    Args:
        report: by `assess.evaluate`.
        draws: for the intervals; 0 for none.
        seed: of the draws.

    Returns:
        No lines with fewer than five raters: too few raters to say.

    Raises:
        ValueError: fewer draws than 0.
        TypeError: it is no report; says what to write instead.

    References:
        Saal, Downey and Lahey (1980), Rating the ratings, doi:10.1037/0033-2909.88.2.413.

    >>> import assess
    >>> print(tendencies(assess.evaluate(assess.load("mali"))))
    Habits of analysts: too few raters to say (4 of at least 5).
    """
    study = study_of(report, "tendencies")
    refuse_below(draws, 0, "the number of draws")
    values, keys = tables.cells(study).values, with_voices(study)
    rates = [(~np.isnan(said)).any(axis=(1, 2)) for said in _by_world(study, values)]
    raters = int(np.any(rates, axis=0).sum())
    if raters < LEAST_RATERS:
        return Tendencies(study, raters, TOO_FEW, ())
    aparts = _apart(_by_world(study, values))
    middles = _apart(map(_inside, _by_world(study, values)))
    lines: list[Tendency] = []
    for key, apart, middle in zip(keys, aparts, middles, strict=True):
        lines += _of_one(study, key, apart, middle, draws, seed)
    return Tendencies(study, raters, "", tuple(lines))


def _by_world(study: Study, values: Array) -> Iterator[Array]:
    """Yield what those with a voice say in each scenario [analyst, strategy, leaf]."""
    yield from (voiced(study, values, s) for s in range(len(study.scenarios)))


def _inside(values: Array) -> Array:
    """Return 1 in the middle fifth of worth, 0 outside it, NaN where there is none."""
    inside = (values >= MIDDLE[0] - TIE) & (values <= MIDDLE[1] + TIE)
    return np.where(np.isnan(values), np.nan, inside)


def _apart(by_world: Iterable[Array]) -> Array:
    """Return how far each analyst lies above the mean of the others [analyst, strategy, leaf].

    Args:
        by_world: for each scenario [analyst, strategy, leaf]; NaN where absent.

    Returns:
        The mean over the scenarios; NaN where nobody else rated the cell.
    """
    total, often = np.zeros(()), np.zeros((), dtype=np.int64)
    for values in by_world:
        there = ~np.isnan(values)
        given, count = np.where(there, values, 0.0), there.sum(axis=0)
        others = (given.sum(axis=0) - given) / np.maximum(count - 1, 1)
        shared = there & (count >= 2)
        total = total + np.where(shared, given - others, 0.0)
        often = often + shared
    return np.asarray(np.where(often > 0, total / np.maximum(often, 1), np.nan))


def _of_one(
    study: Study, key: str, apart: Array, middle: Array, draws: int, seed: int
) -> list[Tendency]:
    """Return what one analyst does, from differences to the others [strategy, leaf]."""
    there = ~np.isnan(apart)
    units = int(there.sum())
    if not units:
        return []
    both = np.stack([-100 * apart[there], 100 * middle[there]], axis=1)
    drawn = [
        np.einsum("du,uk->kd", block, both) / units for block in multiplicities(units, draws, seed)
    ]
    found = []
    for k, what in enumerate(("severity", "middle")):
        low, high, _ = resampled([block[k] for block in drawn], units, CONFIDENCE)
        found.append(Tendency(key, what, float(both[:, k].mean()), low, high, units))
    return [*found, _halo(study, key, apart, draws, seed)]


def _halo(study: Study, key: str, apart: Array, draws: int, seed: int) -> Tendency:
    """Return the correlation of deviations [strategy, leaf] within top criteria."""
    sums = _pairs(study, apart - np.nanmean(apart))
    units = len(sums)
    if not units:
        return Tendency(key, "halo", np.nan, np.nan, np.nan, 0)
    value = _correlation(np.einsum("uk->k", sums)[None]).item()
    blocks = [
        _correlation(np.einsum("du,uk->dk", block, sums))
        for block in multiplicities(units, draws, seed)
    ]
    low, high, _ = resampled(blocks, units, CONFIDENCE)
    return Tendency(key, "halo", value, low, high, units)


def _pairs(study: Study, around: Array) -> Array:
    """Return sums for each strategy and top criterion with two deviations or more [unit, 4].

    They are the products of pairs, the pairs, the squares, and the deviations.
    """
    tree, rows = study.tree, []
    for node in tree.children[tree.id]:
        below = [tree.leaves.index(leaf) for leaf in tree.below(node)]
        d = around[:, below]
        there = ~np.isnan(d)
        d, n = np.where(there, d, 0.0), there.sum(axis=1)
        squares = (d**2).sum(axis=1)
        of = np.stack([(d.sum(axis=1) ** 2 - squares), n * (n - 1.0), squares, n], axis=1)
        rows.append(of[n >= 2])
    return np.concatenate(rows)


def _correlation(sums: Array) -> Array:
    """Return mean product over mean square [draw]; NaN where nothing deviates."""
    products, pairs, squares, count = sums.T
    varies = squares > TIE**2 * count
    square = np.where(varies, squares / np.maximum(count, 1), 1.0)
    return np.where(varies, products / np.maximum(pairs, 1) / square, np.nan)
