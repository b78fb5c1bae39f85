"""One block of draws: ratings, analysts, absences and weights, folded up the tree."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assess import pooling
from assess.aggregation import weighted_sum
from assess.choices import bind
from assess.instrument import node_rules
from assess.model import ErrorStructure, Study
from assess.simulation.plan import Plan
from assess.simulation.weights import weights

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
    """

    own: Array
    halo: Array
    leniency: Array
    common: Array
    order: Array
    absent: Array
    weights: Array


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
    )


def ratings(made: Plan, numbers: Chance, errors: ErrorStructure) -> Array:
    """Return drawn worths of all ratings [rating, draw]; their marginals do not depend on errors.

    A Gaussian copula shares errors; each rating keeps its triangular distribution, cut at 0 and 1.
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
    return _triangular(ndtr(z, out=z), *made.triangle[..., None])


def _triangular(u: Array, left: Array, mode: Array, right: Array) -> Array:
    """Return the quantiles u of triangular distributions, cut at 0 and 1.

    left + sqrt(u (right - left) (mode - left)) up to the mode, the mirror image beyond it.
    """
    width = right - left
    below = np.divide(mode - left, width, out=np.zeros_like(width), where=width > 0)
    rises = u < below
    root = np.sqrt(np.where(rises, u * (width * (mode - left)), (1 - u) * (width * (right - mode))))
    found = np.where(rises, left + root, right - root)
    return np.clip(found, 0.0, 1.0, out=found)


def cells(study: Study, made: Plan, numbers: Chance, drawn: Array) -> Array:
    """Return one panel's values of all cells [cell, draw], of drawn ratings [rating, draw]."""
    values = np.zeros((len(made.said), drawn.shape[1]))
    if study.method.uncertainty.analysts == "pool":
        _take_first(made, numbers, drawn, values)
    else:
        _take_centre(study, made, drawn, values)
    values[made.absent] = numbers.absent
    return values


def _take_first(made: Plan, numbers: Chance, drawn: Array, values: Array) -> None:
    """Let each cell take the first analyst who rated it; draws ask them in random order."""
    waits = numbers.order / made.voices[:, None]
    who, of = np.unique(made.said >= 0, axis=0, return_inverse=True)
    each = np.arange(drawn.shape[1])
    for p, speaks in enumerate(who):
        here, heard = np.flatnonzero(of.reshape(-1) == p), np.flatnonzero(speaks)
        if len(heard) == 1:
            values[here] = drawn[made.said[here, heard[0]]]
        elif len(heard):
            asked = heard[np.argmin(waits[heard], axis=0)]
            values[here] = drawn[made.said[here][:, asked], each]


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
        scores: [group, scenario, strategy, draw] in [0, 1], of the nodes with children, root first.
        weights: [node, scenario, draw], of nodes within their parent; 1 for the root.
        acceptable, good: [scenario, draw], what the profiles total under the same weights; NaN
            where the tree does not say what they are.
    """

    cells: Array
    scores: Array
    weights: Array
    acceptable: Array
    good: Array


def drawn(study: Study, made: Plan, numbers: Chance, errors: ErrorStructure) -> Drawn:
    """Draw a block: ratings, who is asked, what is absent, and weights, folded up the tree."""
    values = cells(study, made, numbers, ratings(made, numbers, errors))
    profiles = np.broadcast_to(made.profiles[:, None], (len(made.profiles), made.block))
    scores, held = folded(study, made, numbers, np.concatenate([values, profiles]))
    acceptable, good = np.moveaxis(scores[0, :, -2:], 1, 0)
    return Drawn(values, scores[:, :, :-2], held, acceptable, good)


def totals(study: Study, made: Plan, numbers: Chance, errors: ErrorStructure) -> Array:
    """Return the totals of a block alone [scenario, strategy, draw], under other errors."""
    found: Array = drawn(study, made, numbers, errors).scores[0]
    return found


def folded(study: Study, made: Plan, numbers: Chance, values: Array) -> tuple[Array, Array]:
    """Fold rules up the tree, with drawn weights.

    Args:
        study: whose tree and rules they are.
        made: of the study.
        numbers: of the block.
        values: [cell, draw] in [0, 1].

    Returns:
        Scores [group, scenario, strategy, draw], and weights [node, scenario, draw].
    """
    tree, rules = study.tree, node_rules(study)
    place = {node: i for i, node in enumerate(tree.nodes)}
    group_of = {node: g for g, node in enumerate(tree.groups)}
    leaf_of = {leaf: c for c, leaf in enumerate(tree.leaves)}
    shape = made.cell.shape[:2]
    found = np.empty((len(group_of), *shape, values.shape[1]))
    held = np.ones((len(place), shape[0], values.shape[1]))

    def below(child: str) -> Array:
        here = group_of.get(child)
        scores: Array = values[made.cell[:, :, leaf_of[child]]] if here is None else found[here]
        return scores

    for group in reversed(made.groups):
        children = tree.children[group.node]
        w = weights(group, numbers.weights[group.first : group.first + len(children)])
        held[[place[child] for child in children]] = w
        rule, score = rules[group.node], found[group_of[group.node]]
        if rule is weighted_sum:
            np.multiply(w[0][:, None], below(children[0]), out=score)
            for i, child in enumerate(children[1:], start=1):
                score += w[i][:, None] * below(child)
        else:
            each = np.stack([below(child) for child in children], axis=-1)
            score[:] = rule(each, np.moveaxis(w[:, :, None], 0, -1))
    return found, held
