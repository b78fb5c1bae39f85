"""Whether any weights are allowed, and which judgements conflict where there are none."""

import numpy as np
from numpy.typing import NDArray

from assess.weight_sets.allowed import WeightSet

Array = NDArray[np.float64]
ROOM = 1e-7  # a set that is no wider than this beyond its exact judgements has no room
FINE = 1e-10  # finer than HiGHS is by default: what is told apart here is a thousand times as wide


class ConflictError(ValueError):
    """Judgements that allow no weights at all, or none but on the very limits of some.

    Attributes:
        judgements: a smallest set of them that conflicts: without any one of them the rest agree.
        empty: whether no weights satisfy them; else only weights exactly at their limits do.
    """

    def __init__(self, judgements: tuple[str, ...], *, empty: bool) -> None:
        self.judgements, self.empty = judgements, empty
        told = "no weights satisfy" if empty else "only weights at the very limits satisfy"
        super().__init__(f"{told} {'; '.join(judgements)}")

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.judgements, self.empty)


def _again(judgements: tuple[str, ...], empty: bool) -> ConflictError:
    return ConflictError(judgements, empty=empty)


def room(given: WeightSet) -> float:
    """Return the largest distance that weights keep from the limits of all rows that are not exact.

    Returns:
        At most 1; negative where no weights satisfy the rows, minus infinity where none satisfy
        even the exact ones.
    """
    return inner(given)[0]


def inner(given: WeightSet) -> tuple[float, Array]:
    """Return the room of a set, and weights [child] that keep so far from its limits."""
    n = given.rows.shape[1]
    free = ~given.exact
    found = solved(
        np.append(np.zeros(n), -1.0),
        np.column_stack([given.rows[free], np.ones(free.sum())]),
        given.limits[free],
        np.vstack([np.append(np.ones(n), 0.0), np.column_stack([given.rows[given.exact],
                   np.zeros(given.exact.sum())])]),
        np.append(1.0, given.limits[given.exact]),
        [(0, None)] * n + [(None, 1)],
    )  # fmt: skip
    return (-np.inf, np.full(n, np.nan)) if found is None else (float(found[-1]), found[:-1])


def solved(
    cost: Array,
    rows: Array,
    limits: Array,
    exact: Array,
    targets: Array,
    bounds: list[tuple[float | None, float | None]],
) -> Array | None:
    """Return where a linear programme has its least cost; None where nothing satisfies it."""
    from scipy.optimize import linprog

    found = linprog(
        cost,
        rows,
        limits,
        exact,
        targets,
        bounds,
        method="highs",
        options={"primal_feasibility_tolerance": FINE, "dual_feasibility_tolerance": FINE},
    )
    if found.status == 2:
        return None
    if found.status != 0:
        raise ArithmeticError(f"the linear programme of the weights failed: {found.message}")
    return np.asarray(found.x, dtype=np.float64)


def check_room(given: WeightSet) -> None:
    """Refuse a set of weights that is empty, or has no room beyond what is exact by judgement.

    Raises:
        ConflictError: names a smallest set of conflicting judgements (deletion filter).

    References:
        Chinneck and Dravnieks (1991), Locating minimal infeasible constraint sets in linear
        programs, doi:10.1287/ijoc.3.2.157.

    >>> from assess.weight_sets import weight_set
    >>> check_room(weight_set([0.6, 0.5, 0], [1, 1, 0.3], names="abc"))
    Traceback (most recent call last):
    ...
    assess.weight_sets.conflict.ConflictError: no weights satisfy a at least 0.6; b at least 0.5
    """
    width = room(given)
    if width > ROOM:
        return
    empty = width < -ROOM
    least = -ROOM if empty else ROOM
    for label in dict.fromkeys(given.labels):
        fewer = given.without(label)
        width = room(fewer)
        if width < least if empty else width <= least:
            given = fewer
    raise ConflictError(tuple(dict.fromkeys(given.labels)), empty=empty)
