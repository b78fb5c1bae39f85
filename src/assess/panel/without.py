"""Totals without some of the analysts: pooled and folded for many sets of absent ones at once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assess import tables
from assess.assessment import DIGITS, pool
from assess.checks import check
from assess.instrument import Instrument, instrument
from assess.model import Ratings, Study
from assess.report import TIE
from assess.rollup import Recipe, fold

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

BLOCK = 2**20  # numbers in the largest array that is made at once: 8 MB
ROUNDING = 1e-12
NOBODY = "no analyst with a weight is left"
UNSOUND = "what is not applicable then holds for some strategies alone, which is refused"


@dataclass(frozen=True, eq=False)
class Totals:
    """What strategies total when some analysts are absent.

    Attributes:
        score: [set, scenario, strategy] in [0, 1]; NaN where there is no total.
        excluded: [set, scenario, strategy], whether a gate that excludes is failed.
        refused: why there is no study without the set, by its place; its scores are NaN.
    """

    score: Array
    excluded: Mask
    refused: dict[int, str]

    @property
    def ranked(self) -> Array:
        """The totals that have a rank [set, scenario, strategy]: NaN where a gate excludes."""
        return np.where(self.excluded, np.nan, self.score)


def totals_without(study: Study, absent: Mask) -> Totals:
    """Return the totals of a sound study without each of some sets of analysts.

    They are those of `evaluate` on the study without these analysts and their ratings; a leaf that
    only they called not applicable applies again (C4). Those who are left weigh as they do in the
    panel, by the same ratios: weights by performance are not optimised again, nor those by
    agreement measured again, so that only the absence moves a total.

    Args:
        study: with everybody in it.
        absent: [set, analyst], who is left out.
    """
    size = (len(absent), len(study.scenarios), len(study.strategies))
    found = Totals(np.full(size, np.nan), np.zeros(size, dtype=bool), {})
    heard = tables.analyst_weights(study) > 0
    left = np.flatnonzero((~absent & heard).any(axis=1))
    found.refused.update({i: NOBODY for i in range(len(absent)) if i not in set(left.tolist())})
    values = tables.cells(study).values
    for made, which in _instruments(study, absent, left):
        if made is None:
            found.refused.update(dict.fromkeys(which.tolist(), UNSOUND))
            continue
        for sets, strategies in _blocks(study, made, values, which):
            panel = pooled_without(study, values[:, :, :, strategies], absent[sets])
            score, excluded = totals(study, made, panel)
            found.score[sets, :, strategies] = score
            found.excluded[sets, :, strategies] = excluded
    return found


def totals(study: Study, made: Instrument, panel: Array) -> tuple[Array, Mask]:
    """Return the total of every strategy, and whether a gate excludes it, for several panels.

    Args:
        study: says what must be rated, and which gates exclude.
        made: what the study measures with.
        panel: [panel, scenario, strategy, leaf] in [0, 1]; NaN where a rating is absent. The
            scenario axis may have length 1.

    Returns:
        Both [panel, scenario, strategy]; a total is NaN where too little is rated.
    """
    values = np.where(made.applicable[:, None], panel, 0.0)
    score = fold(made.total, values)[..., 0]
    gaps = np.flatnonzero(np.isnan(values).any(axis=(1, 2, 3)))
    if len(gaps):
        there = 1.0 - np.isnan(values[gaps])
        coverage = fold(_total_alone(made.coverage), there)[..., 0].round(DIGITS)
        enough = coverage >= study.method.coverage_floor - TIE
        score[gaps] = np.where(enough, score[gaps], np.nan)
    score = np.where(made.applies[0, :, 0, None], score, np.nan)
    return score, _excluded(study, made, values)


def pooled_without(study: Study, values: Array, absent: Mask) -> Array:
    """Return one panel's values [set, scenario, strategy, leaf] without each set of analysts.

    Args:
        study: names the pooling centre and the analysts' weights.
        values: [1, analyst, scenario, strategy, leaf] in [0, 1]; NaN where absent.
        absent: [set, analyst], who is left out.

    Returns:
        NaN where nobody with a weight is left who rated.
    """
    centre = study.method.pooling
    if centre.name in _AT_ONCE:
        weights = ~absent * tables.analyst_weights(study)
        flat = values[0].reshape(len(weights[0]), -1)
        centres = _AT_ONCE[centre.name](flat, weights, **centre.parameters)
        return np.clip(centres, 0.0, 1.0).reshape(len(weights), *values.shape[2:])
    shown = np.where(absent[:, :, None, None, None], np.nan, values)
    return pool(study, shown)[:, 0]


def _mean_without(values: Array, weights: Array) -> Array:
    """Return weighted means [set, cell] of values [analyst, cell], under weights [set, analyst].

    Sums over the analysts who are left, so that nothing is lost by taking away.
    """
    total = np.einsum("ka,ac->kc", weights, np.nan_to_num(values))
    return np.asarray(total / _held(values, weights))


def _median_without(values: Array, weights: Array) -> Array:
    """Return weighted medians [set, cell], as `pooling.median`; arguments as of the mean."""
    lower, upper, before = np.zeros((3, len(weights), values.shape[1]))
    for value, share in _rising(values, weights):
        np.copyto(lower, value, where=before < 0.5 - ROUNDING)
        np.copyto(upper, value, where=before <= 0.5 + ROUNDING)
        before = share
    return np.where(np.isnan(before), np.nan, (lower + upper) / 2)


def _trimmed_mean_without(values: Array, weights: Array, *, share: float = 0.2) -> Array:
    """Return trimmed means [set, cell], as `pooling.trimmed_mean`; arguments as of the mean."""
    total = np.zeros((len(weights), values.shape[1]))
    before = np.full_like(total, share)
    for value, running in _rising(values, weights):
        kept = np.clip(running, share, 1 - share)
        total += (kept - before) * value
        before = kept
    return total / (1 - 2 * share)


def _rising(values: Array, weights: Array) -> Iterator[tuple[Array, Array]]:
    """Yield every cell's values from the lowest up, sorted once for all sets.

    Args:
        values: [analyst, cell]; NaN where absent.
        weights: [set, analyst].

    Yields:
        The next value [cell], and the share of the weight up to it [set, cell]: 1 or more once
        only absent ones follow, which are given as 0; NaN where nobody with a weight is left.
    """
    held, running = _held(values, weights), np.zeros((len(weights), values.shape[1]))
    order = np.argsort(values, axis=0, kind="stable")  # NaN last
    for who, value in zip(order, np.take_along_axis(values, order, axis=0), strict=True):
        running += weights[:, who]
        yield np.nan_to_num(value), running / held


def _held(values: Array, weights: Array) -> Array:
    """Return the weight that is left in every cell [set, cell], NaN where it is none."""
    there = ~np.isnan(values)
    if there.all():
        held = np.einsum("ka->k", weights)[:, None]
    else:
        held = np.einsum("ka,ac->kc", weights, there.astype(np.float64))
    return np.where(held > 0, held, np.nan)


# Centres of all sets together; another one is pooled set by set.
_AT_ONCE: Mapping[str, Callable[..., Array]] = {
    "mean": _mean_without,
    "median": _median_without,
    "trimmed_mean": _trimmed_mean_without,
}


def _total_alone(made: Recipe) -> Recipe:
    """Return the first of the three on the leading axis of a recipe: the total (C15)."""
    return replace(made, steps=tuple(replace(step, weights=step.weights[0]) for step in made.steps))


def _excluded(study: Study, made: Instrument, values: Array) -> Mask:
    """Return who fails a gate that excludes [panel, scenario, strategy] (C14)."""
    leaves, failed = study.tree.leaves, np.zeros(values.shape[:-1], dtype=bool)
    for place, threshold in made.gates:
        gate = study.tree.criteria[leaves[place]].gate
        if gate is not None and gate.consequence == "exclude":
            below = values[..., place] < threshold - TIE
            failed |= below & made.applicable[:, None, place]
    return failed


def _instruments(
    study: Study, absent: Mask, which: NDArray[np.intp]
) -> Iterator[tuple[Instrument | None, NDArray[np.intp]]]:
    """Yield what the study measures with without some sets, and the sets that share it.

    It changes only with those who called something not applicable; None where the study without
    them is not sound.
    """
    ratings = study.ratings
    marked = ratings.rating.matches("n/a") & tables.pooled_rows(study)
    who = tables.places(ratings.analyst, study.analysts)
    callers = np.unique(who[marked])
    about = np.isin(ratings.criterion.codes, ratings.criterion.codes[marked])
    patterns, of = np.unique(absent[which][:, callers], axis=0, return_inverse=True)
    for p, gone in enumerate(patterns):
        left = ~np.isin(who, callers[gone])
        made: Instrument | None = instrument(study)
        if gone.any() and not _still_said(study, marked, left):
            said = {"ratings": ratings.select(about & left), "earlier": Ratings()}
            rest = study.model_copy(update=said)
            made = None if check(rest) else instrument(rest)
        yield made, which[of.reshape(-1) == p]


def _still_said(study: Study, marked: Mask, left: Mask) -> bool:
    """Whether those who are left call not applicable all that the panel does.

    Args:
        study: whose ratings they are.
        marked: [row], n/a.
        left: [row], by those who are left.
    """
    ratings = study.ratings
    columns = (ratings.scenario, ratings.strategy, ratings.criterion)
    rows = np.stack([column.codes for column in columns], axis=1)
    written = [set(map(tuple, rows[some].tolist())) for some in (marked, marked & left)]
    leaves = np.unique(tables.places(ratings.criterion, study.tree.leaves)[marked])
    grid = tables.row_grid(study)[..., leaves]
    everybody, rest = (np.append(some, False)[grid] for some in (marked, marked & left))
    return written[0] == written[1] and np.array_equal(everybody.any(axis=0), rest.any(axis=0))


def _blocks(
    study: Study, made: Instrument, values: Array, which: NDArray[np.intp]
) -> Iterator[tuple[NDArray[np.intp], slice]]:
    """Yield sets and strategies that fit into one block; no strategy moves another (C2)."""
    analysts, scenarios, strategies, leaves = values.shape[1:]
    widest = max((step.children.size for step in made.total.steps), default=1)
    folded = len(study.scenarios) * max(widest, made.total.nodes + 1)
    rated = analysts * scenarios * leaves
    at_once = study.method.pooling.name in _AT_ONCE
    wide = min(strategies, max(1, BLOCK // max(rated, folded)))
    many = max(1, BLOCK // (wide * (folded if at_once else max(rated, folded))))
    for first in range(0, strategies, wide):
        for start in range(0, len(which), many):
            yield which[start : start + many], slice(first, first + wide)
