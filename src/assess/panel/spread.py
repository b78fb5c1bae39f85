"""How far apart the panel's worths and totals lie, in points; coefficients only where they hold."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from math import isnan
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assess import tables
from assess.agreement import Agreement, krippendorff_alpha, mean_absolute_spread
from assess.model import Study
from assess.panel.firsts import first_choices
from assess.panel.given import refuse_below, scenarios_asked, study_of, voiced, with_a_voice
from assess.report import Report

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
LEAST_UNITS = 20
HARDLY = 5.0  # points
NOBODY = "no two analysts rated the same"
FEW = f"fewer than {LEAST_UNITS} units"
RESTRICTED = "the strategies hardly differ here: restricted range"
COLUMNS = (
    "scenario", "criterion", "of", "points", "low", "high", "raters", "units", "alpha",
    "alpha_low", "alpha_high", "level", "reason",
)  # fmt: skip


@dataclass(frozen=True)
class Spread:
    """How far two analysts lie apart on the same, on average, in one scenario.

    Attributes:
        scenario: id.
        criterion: id of the node whose cells or totals are compared; the root for all.
        of: "cells", of strategy and leaf below the node, or "total", one a strategy.
        apart: mean absolute difference between pairs of analysts in points of 100, with its
            interval and counts; None where no two rated the same.
        alpha: Krippendorff's, with its interval; None where `reason` says why there is none.
        level: what differences mean to alpha: "ordinal" (all on one ordinal scale) or "interval".
        reason: why there is no coefficient; empty where there is one.
    """

    scenario: str
    criterion: str
    of: str
    apart: Agreement | None
    alpha: Agreement | None
    level: str
    reason: str


@dataclass(frozen=True)
class Spreads:
    """How far the panel lies apart: in all cells, by top criterion, and in the totals."""

    study: Study
    lines: tuple[Spread, ...]

    @property
    def table(self) -> "pd.DataFrame":
        """One row a scenario and node; points of 100.

        Columns: scenario, criterion, of (cells or total), points, low, high (95 % interval),
        raters, units, alpha, alpha_low, alpha_high, level, reason (why there is no alpha).
        """
        import pandas as pd

        none = float("nan")
        rows = [
            (
                *(item.scenario, item.criterion, item.of),
                *((a.value, a.low, a.high, a.raters, a.units) if (a := item.apart) else _EMPTY),
                *((b.value, b.low, b.high) if (b := item.alpha) else (none,) * 3),
                *(item.level, item.reason),
            )
            for item in self.lines
        ]
        return pd.DataFrame(rows, columns=list(COLUMNS))


_EMPTY = (float("nan"), float("nan"), float("nan"), 0, 0)


def spreads(
    report: Report, *, scenario: str | None = None, draws: int = 1000, seed: int = 0
) -> Spreads:
    """Say how far analysts with a voice lie apart, in points of worth, and in their own totals.

    A coefficient stands beside it only where at least 20 units were rated by two analysts, and
    where strategies differ: their mean worths lie 5 points or more (root mean square) around the
    mean of each leaf.

    Args:
        report: by `assess.evaluate`.
        scenario: id; every scenario if none.
        draws: for the intervals, a bootstrap over units; 0 for none.
        seed: of the draws.

    Raises:
        ValueError: no such scenario; names the nearest. Or fewer draws than 0.
        TypeError: it is no report; says what to write instead.

    References:
        Krippendorff (2019), Content Analysis, ch. 12, doi:10.4135/9781071878781.

    >>> import assess
    >>> found = spreads(assess.evaluate(assess.load("mali")), scenario="reference", draws=0)
    >>> [(line.of, line.criterion) for line in found.lines][:2]
    [('total', 'defence_strategy'), ('cells', 'defence_strategy')]
    """
    study = study_of(report, "spreads")
    places = scenarios_asked(study, scenario)
    refuse_below(draws, 0, "the number of draws")
    values, own = tables.cells(study).values, first_choices(report).score[with_a_voice(study)]
    make = _Making(study, draws, seed)
    lines = chain.from_iterable(
        _lines(make, voiced(study, values, s), own[:, s], s) for s in places
    )
    return Spreads(study, tuple(lines))


@dataclass(frozen=True)
class _Making:
    """What every line is made with."""

    study: Study
    draws: int
    seed: int


def _lines(make: _Making, values: Array, own: Array, s: int) -> Iterator[Spread]:
    """Yield the lines of one scenario, of values [analyst, strategy, leaf] and own totals."""
    tree, key = make.study.tree, make.study.scenario_ids[s]
    yield _line(make, (key, tree.id, "total"), own[..., None])
    yield _line(make, (key, tree.id, "cells"), values)
    if len(tree.children[tree.id]) > 1:
        for node in tree.children[tree.id]:
            below = [tree.leaves.index(leaf) for leaf in tree.below(node)]
            positions = _positions(make.study, s, node)
            yield _line(make, (key, node, "cells"), values[..., below], positions)


def _line(
    make: _Making, names: tuple[str, str, str], values: Array, positions: Array | None = None
) -> Spread:
    """Return one line, of values [analyst, strategy, leaf] in [0, 1] and positions of levels."""
    units = values.reshape(len(values), -1)
    sizes = (~np.isnan(units)).sum(axis=0)
    level = "interval" if positions is None else "ordinal"
    if not (sizes >= 2).any():
        what = "cell" if names[2] == "cells" else "strategy as a whole"
        return Spread(*names, None, None, level, f"{NOBODY} {what}")
    apart = mean_absolute_spread(100 * units, draws=make.draws, seed=make.seed)
    if reason := _why_not(values, int((sizes >= 2).sum())):
        return Spread(*names, apart, None, level, reason)
    rated = units if positions is None else np.where(np.isnan(values), np.nan, positions)
    alpha = krippendorff_alpha(
        rated.reshape(units.shape), level=level, draws=make.draws, seed=make.seed
    )
    if isnan(alpha):
        return Spread(*names, apart, None, level, alpha.note)
    return Spread(*names, apart, alpha, level, "")


def _why_not(values: Array, units: int) -> str:
    """Say why no coefficient holds for values [analyst, strategy, leaf]; nothing where it does."""
    if units < LEAST_UNITS:
        return FEW
    there = ~np.isnan(values)
    count = there.sum(axis=0)
    twice = count >= 2
    means = np.where(twice, np.where(there, values, 0.0).sum(axis=0) / np.maximum(count, 1), 0.0)
    middle = means.sum(axis=0) / np.maximum(twice.sum(axis=0), 1)
    around = (means - middle)[twice]
    return RESTRICTED if 100 * np.sqrt(np.mean(around**2)) < HARDLY else ""


def _positions(study: Study, s: int, node: str) -> Array | None:
    """Return the positions of levels below a node [analyst, strategy, leaf], of the heard.

    None where its leaves do not all stand on one and the same ordinal scale, or where some are
    rated by a group as a whole.
    """
    tree, below = study.tree, study.tree.below(node)
    scale = tree.scale_of(below[0])
    if scale is None or not scale.ordinal or any(tree.scale_of(x) != scale for x in below):
        return None
    rows = tables.row_grid(study)[with_a_voice(study)]
    rows = rows[:, min(s, rows.shape[1] - 1)][..., [tree.leaves.index(leaf) for leaf in below]]
    if (tables.places(study.ratings.criterion, tree.groups)[rows[rows >= 0]] >= 0).any():
        return None
    return np.append(tables.levels(study)["rating"].level, np.nan)[rows]
