"""One block of draws: ratings, analysts, absences and weights, folded up the tree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assess import pooling
from assess.aggregation import weighted_sum
from assess.choices import bind
from assess.instrument import instrument, node_rules
from assess.model import ErrorStructure, Study
from assess.model.uncertainty import Heard
from assess.rollup import Rule
from assess.simulation.plan import Places, Plan
from assess.simulation.weights import weights
from assess.simulation.worths import moved, shifts

Array = NDArray[np.float64]
STREAMS = {"sfc64": np.random.SFC64}


@dataclass(frozen=True, eq=False)
class Chance:
    """The random numbers of one block; draws lie along the last axis, for speed.

    Attributes:
        own, halo, leniency, common: standard normal, [..., draw] of ratings and of what they share.
        order: [analyst, draw], exponential; who has the least, by weight, is asked first.
        absent: [cell, draw], uniform.
        weights: [child of any node, draw], uniform.
        worths: [level with a range of worths, draw], uniform.
        bounds: [number, draw], uniform, for weights that bounds allow: which piece of a set, or the
            start and the steps of a walk.
        stakeholder: [1, draw], uniform: whose weights hold, in the whole tree; none are drawn where
            there are no stakeholders.
    """

    own: Array
    halo: Array
    leniency: Array
    common: Array
    order: Array
    absent: Array
    weights: Array
    worths: Array
    bounds: Array
    stakeholder: Array


def chance(made: Plan, stream: str, seed: int, block: int) -> Chance:
    """Return the random numbers of a block: the same whoever asks for them, whenever (C9)."""
    sequence = np.random.SeedSequence(seed, spawn_key=(block,))
    draw, n = np.random.Generator(STREAMS[stream](sequence)), made.block
    analysts, last = len(made.voices), made.groups[-1]
    return Chance(
        own=draw.standard_normal((len(made.analyst), n)),
        halo=draw.standard_normal((made.halo.max(initial=-1) + 1, n)),
        leniency=draw.standard_normal((analysts, n)),
        common=draw.standard_normal((made.common.max(initial=-1) + 1, n)),
        order=draw.standard_exponential((analysts, n)),
        absent=draw.random((len(made.absent), n)),
        weights=draw.random((last.first + last.low.shape[1], n)),
        worths=draw.random((len(made.worths.low), n)),
        bounds=draw.random((last.bound + last.numbers, n)),
        stakeholder=draw.random((int(made.several), n)),
    )


def ratings(made: Plan, numbers: Chance, errors: ErrorStructure) -> Array:
    """Return drawn worths of all ratings [rating, draw]; their marginals do not depend on errors.

    A Gaussian copula shares errors; each rating keeps its triangular distribution, cut at 0 and 1.
    Where worths of levels are ranges, what is drawn then moves as the levels about it do.
    """
    from scipy.special import ndtr

    alone = max(1.0 - errors.halo - errors.leniency - errors.common, 0.0)
    z = np.sqrt(alone) * numbers.own
    for share, common, of in (
        (errors.halo, numbers.halo, made.halo),
        (errors.leniency, numbers.leniency, made.analyst),
        (errors.common, numbers.common, made.common),
    ):
        if share:
            z += (np.sqrt(share) * common)[of]
    found = _triangular(ndtr(z, out=z), *made.triangle[..., None])
    shift = shifts(made.worths, numbers.worths)
    for side in made.worths.sides:
        found[side.ratings] = moved(side, shift, found[side.ratings])
    return found


def _triangular(u: Array, left: Array, mode: Array, right: Array) -> Array:
    """Return the quantiles u of triangular distributions, cut at 0 and 1; u is used up.

    left + sqrt(u (right - left) (mode - left)) as far as the mode, the mirror image beyond it: the
    one is below the mode where the other is not above it, so they add up to what is asked for.
    """
    width = right - left
    rising = np.sqrt(u * (width * (mode - left)))
    rising += left
    np.subtract(1.0, u, out=u)
    u *= width * (right - mode)
    falling = np.subtract(right, np.sqrt(u, out=u), out=u)
    found = np.minimum(rising, mode, out=rising)
    found -= mode
    found += np.maximum(falling, mode, out=falling)
    return np.clip(found, 0.0, 1.0, out=found)


def cells(
    study: Study, made: Plan, numbers: Chance, drawn: Array, heard: Heard | None = None
) -> Array:
    """Return one panel's values of all cells [cell, draw], of drawn ratings [rating, draw].

    Args:
        study: whose ratings they are.
        made: of the study.
        numbers: of the block.
        drawn: [rating, draw] in [0, 1].
        heard: how the analysts are; as the study says where nothing is given.
    """
    values = np.zeros((len(made.said), drawn.shape[1]))
    if (heard or study.method.uncertainty.analysts) == "pool":
        _take_first(made, numbers, drawn, values)
    else:
        _take_centre(study, made, drawn, values)
    values[made.absent] = numbers.absent
    return values


def _take_first(made: Plan, numbers: Chance, drawn: Array, values: Array) -> None:
    """Let each cell take the first analyst who rated it; draws ask them in random order."""
    waits = numbers.order / made.voices[:, None]
    each = np.arange(drawn.shape[1])
    for cells, analysts, said in made.heard:
        if len(analysts) == 1:
            values[cells] = drawn[said[:, 0]]
        else:
            values[cells] = drawn[said[:, np.argmin(waits[analysts], axis=0)], each]


def _take_centre(study: Study, made: Plan, drawn: Array, values: Array) -> None:
    """Let each cell take the centre of what the analysts say."""
    centre = bind(study.method.pooling, pooling)
    some = (made.said >= 0).any(axis=1)
    said = made.said[some]
    held = np.where(said >= 0, made.voices, 0.0)[:, None]
    shown = np.moveaxis(np.where(said[..., None] >= 0, drawn[said], 0.0), 1, -1)
    values[some] = centre(shown, np.broadcast_to(held, shown.shape))


@dataclass(frozen=True, eq=False)
class Drawn:
    """One block, folded up the tree; draws lie along the last axis.

    Attributes:
        cells: [cell, draw] in [0, 1], the leaves, by the cells of the plan.
        scores: [setting, strategy, draw] in [0, 1], of the nodes with children, by the settings of
            the plan.
        totals: [scenario, strategy, draw] in [0, 1]; NaN where too little is rated for one.
        held: for each group, weights of its children [child, scenario, draw].
        acceptable, good: [scenario, draw], what the profiles total under the same weights; NaN
            where the tree does not say what they are.
        thresholds: [gate, draw], the worth that each gate asks for.
    """

    cells: Array
    scores: Array
    totals: Array
    held: Sequence[Array]
    acceptable: Array
    good: Array
    thresholds: Array


def drawn(study: Study, made: Plan, numbers: Chance, errors: ErrorStructure) -> Drawn:
    """Draw a block: ratings, who is asked, what is absent, and weights, folded up the tree."""
    values = cells(study, made, numbers, ratings(made, numbers, errors))
    held = weighed(made, numbers)
    profiles, thresholds = _references(study, made, numbers)
    scores = folded(study, made, held, np.concatenate([values, profiles]), made.cell)
    totals, reached = scores[made.setting[0]], instrument(study)
    return Drawn(
        cells=values,
        scores=scores[:, :-2],
        totals=_known(made, totals[:, :-2]),
        held=held,
        acceptable=np.where(np.isnan(reached.acceptable[:, :1]), np.nan, totals[:, -2]),
        good=np.where(np.isnan(reached.good[:, :1]), np.nan, totals[:, -1]),
        thresholds=thresholds,
    )


def _known(made: Plan, totals: Array) -> Array:
    """Return totals [scenario, strategy, draw], NaN where too little is rated for one (C4)."""
    return totals if made.total.all() else np.where(made.total[..., None], totals, np.nan)


def _references(study: Study, made: Plan, numbers: Chance) -> tuple[Array, Array]:
    """Return what the profiles' cells and the gates' thresholds are worth [..., draw]."""
    shift = shifts(made.worths, numbers.worths)
    profiles = np.repeat(np.nan_to_num(made.profiles)[:, None], made.block, axis=1)
    gates = np.array([threshold for _, threshold in instrument(study).gates])
    thresholds = np.repeat(gates[:, None], made.block, axis=1)
    for side in made.worths.sides:
        profiles[side.profiles] = moved(side, shift, profiles[side.profiles])
        thresholds[side.gates] = moved(side, shift, thresholds[side.gates])
    return profiles, thresholds


def totals(study: Study, made: Plan, numbers: Chance, errors: ErrorStructure) -> Array:
    """Return the totals of a block alone [scenario, strategy, draw], under any errors."""
    values = cells(study, made, numbers, ratings(made, numbers, errors))
    return totals_of(study, made, weighed(made, numbers), values)


def totals_of(study: Study, made: Plan, held: Sequence[Array], values: Array) -> Array:
    """Return totals [scenario, strategy, draw] of cells [cell, draw] under weights of groups."""
    return _known(made, folded(study, made, held, values, made.cell[:, :-2])[made.setting[0]])


def weighed(made: Plan, numbers: Chance) -> list[Array]:
    """Return the drawn weights under each group [child, scenario, draw]."""
    return [
        weights(
            group,
            numbers.weights[group.first : group.first + group.counts.shape[1]],
            numbers.bounds[group.bound : group.bound + group.numbers],
            numbers.stakeholder[0] if made.several else None,
        )
        for group in made.groups
    ]


def folded(study: Study, made: Plan, held: Sequence[Array], values: Array, cell: Places) -> Array:
    """Fold rules up the tree.

    Args:
        study: whose tree and rules they are.
        made: of the study.
        held: for each group of the tree, weights [child, scenario, draw].
        values: [cell, draw] in [0, 1].
        cell: [scenario, strategy, leaf], the cell that holds there.

    Returns:
        Scores [setting, strategy, draw], by the settings of the plan.
    """
    tree, rules = study.tree, node_rules(study)
    group_of = {node: g for g, node in enumerate(tree.groups)}
    leaf_of = {leaf: c for c, leaf in enumerate(tree.leaves)}
    found = np.empty((len(made.where), cell.shape[1], values.shape[1]))
    ends = np.searchsorted(made.group, np.arange(len(tree.groups) + 1))
    for g, node in reversed(list(enumerate(tree.groups))):
        here = slice(ends[g], ends[g + 1])
        where = made.where[here]
        below = (
            found[made.setting[group_of[child], where]]
            if child in group_of
            else values[cell[where, :, leaf_of[child]]]
            for child in tree.children[node]
        )
        _combine(rules[node], below, held[g][:, where, None], found[here])
    return found


def _combine(rule: Rule, below: Iterable[Array], weights: Array, into: Array) -> None:
    """Apply a rule to children [setting, strategy, draw], weights [child, setting, 1, draw]."""
    if rule is not weighted_sum:
        # The children stand first in memory, so that a rule's sums run along the draws.
        into[:] = rule(np.moveaxis(np.stack(list(below)), 0, -1), np.moveaxis(weights, 0, -1))
        return
    parts = zip(weights, below, strict=True)
    w, child = next(parts)
    np.multiply(w, child, out=into)
    for w, child in parts:
        into += np.multiply(w, child, out=child)
