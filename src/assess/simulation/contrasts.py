"""What other conventions would make of the same draws: errors, pooling, and what is missing."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assess.instrument import instrument
from assess.model import FULL_HALO, INDEPENDENT, ErrorStructure, Study
from assess.simulation.block import Chance, cells, ratings, totals_of
from assess.simulation.plan import Plan
from assess.simulation.tally import Bounds, Order, bounds, margin, order

Array = NDArray[np.float64]


def extremes(
    study: Study, made: Plan, numbers: Chance, held: Sequence[Array]
) -> tuple[Order, Order]:
    """Return how strategies stand if errors are independent, and under full halo."""

    def under(errors: ErrorStructure) -> Order:
        values = cells(study, made, numbers, ratings(made, numbers, errors))
        return order(totals_of(study, made, held, values), margin(study))

    return under(INDEPENDENT), under(FULL_HALO)


def at_centre(study: Study, made: Plan, numbers: Chance, held: Sequence[Array]) -> Order | None:
    """Return how strategies stand if each draw takes the panel's centre, where it does not."""
    if study.method.uncertainty.analysts == "mean":
        return None
    drawn = ratings(made, numbers, study.method.uncertainty.errors)
    values = cells(study, made, numbers, drawn, "mean")
    return order(totals_of(study, made, held, values), margin(study))


def under_equal_weights(
    study: Study, made: Plan, held: Sequence[Array], values: Array
) -> Order | None:
    """Return how strategies stand if weights that nobody elicited are equal, where there are any.

    Args:
        study: whose rules they are.
        made: of the study.
        held: for each group of the tree, weights [child, scenario, draw].
        values: [cell, draw], drawn.
    """
    free = [
        np.array([group.measure[of.start] == "simplex" for of in group.settings])
        for group in made.groups
    ]
    choice = [
        (group.counts.sum(axis=1) > 1) & some for group, some in zip(made.groups, free, strict=True)
    ]
    if not any(some.any() for some in choice):
        return None
    equal = []
    for group, some, w in zip(made.groups, choice, held, strict=True):
        counts = group.counts / np.maximum(group.counts.sum(axis=1, keepdims=True), 1)
        equal.append(np.where(some[:, None], counts.T[..., None], w))
    return order(totals_of(study, made, equal, values), margin(study))


def at_bounds(study: Study, made: Plan, held: Sequence[Array], values: Array) -> Bounds | None:
    """Return how strategies stand at the bounds of what is missing, where anything is.

    Args:
        study: whose rules they are.
        made: of the study.
        held: for each group of the tree, weights [child, scenario, draw].
        values: [cell, draw], drawn.
    """
    empty = ((made.said < 0).all(axis=1) & _counts(study, made))[:, None]
    if not empty.any():
        return None
    low, high = (totals_of(study, made, held, np.where(empty, end, values)) for end in (0.0, 1.0))
    return bounds(low, high, margin(study))


def _counts(study: Study, made: Plan) -> NDArray[np.bool_]:
    """Return which cells stand for a leaf that applies in some scenario [cell]."""
    used = made.cell[:, :-2]
    applies = np.broadcast_to(instrument(study).applicable[:, None], used.shape)
    return np.isin(np.arange(len(made.said)), used[applies])
