"""The nearest weights on the simplex that satisfy inequalities, by linear or quadratic means.

Bare mathematics: weights w [child], non-negative, of a fixed sum; each constraint a row g with
g w >= 0.
"""

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Norm = Literal["l1", "l2", "max"]
NORMS: tuple[Norm, ...] = get_args(Norm)
TIE = 1e-12


def nearest_on_simplex(now: Array, gains: Array, norm: Norm) -> Array | None:
    """Return the weights nearest to the present ones under which no gain is negative.

    min ||w - now|| subject to gains w >= 0, w >= 0, sum(w) = sum(now)

    Args:
        now: [child], at least 0.
        gains: [constraint, child].
        norm: "l1", the sum of all changes; "l2", the root of the sum of their squares; or "max",
            the largest of them.

    Returns:
        [child]; None where no weights make every gain positive.

    References:
        l1 and max as linear programmes; l2 as a least-distance programme: Lawson and Hanson (1974),
        Solving Least Squares Problems, ch. 23, doi:10.1137/1.9781611971217.

    >>> nearest_on_simplex(np.array([0.5, 0.5]), np.array([[0.2, -0.4]]), "l2").round(12).tolist()
    [0.666666666667, 0.333333333333]
    """
    if most_gained(gains, float(now.sum())) <= TIE:
        return None
    if (gains @ now >= 0).all():
        return np.array(now)
    found = _least_square(now, gains) if norm == "l2" else _linear(now, gains, norm)
    kept: Array = np.maximum(found, 0.0)
    return np.asarray(kept * (now.sum() / kept.sum()))


def most_gained(gains: Array, total: float) -> float:
    """Return the largest value that the least gain takes on the simplex."""
    from scipy.optimize import linprog

    rows, n = gains.shape
    solved = linprog(
        np.append(np.zeros(n), -1.0),
        A_ub=np.column_stack([-gains, np.ones(rows)]),
        b_ub=np.zeros(rows),
        A_eq=np.append(np.ones(n), 0.0)[None],
        b_eq=[total],
        bounds=[(0, None)] * n + [(None, None)],
    )
    assert solved.x is not None, solved.message
    return float(solved.x[-1])


def _linear(now: Array, gains: Array, norm: Norm) -> Array:
    """Solve for w = now + up - down; for "max" one more unknown bounds every change."""
    from scipy.optimize import linprog

    n = len(now)
    extra = int(norm == "max")
    cost = np.concatenate([np.full(2 * n, 0.0 if extra else 1.0), np.ones(extra)])
    apart = np.hstack([np.eye(n), -np.eye(n), np.zeros((n, extra))])  # w - now
    spread = np.hstack([np.eye(n), np.eye(n), np.full((n, extra), -1.0)])[: n * extra]
    solved = linprog(
        cost,
        A_ub=np.vstack([-gains @ apart, -apart, spread]),
        b_ub=np.concatenate([gains @ now, now, np.zeros(len(spread))]),
        A_eq=np.append(np.append(np.ones(n), -np.ones(n)), np.zeros(extra))[None],
        b_eq=[0.0],
        bounds=[(0, None)] * (2 * n + extra),
    )
    assert solved.x is not None, solved.message
    return np.asarray(now + apart @ solved.x)


def _least_square(now: Array, gains: Array) -> Array:
    """Return the projection of the present weights, by way of non-negative least squares.

    Changes that add up to 0 are N z with orthonormal columns N; then min ||z|| subject to A z >= b
    is read off the residual of min ||[A b]^T y - (0, ..., 0, 1)||, y >= 0.
    """
    from scipy.optimize import nnls

    n = len(now)
    basis = np.linalg.svd(np.ones((1, n)))[2][1:].T
    size = np.linalg.norm(gains, axis=1, keepdims=True)
    unit = gains / np.where(size > 0, size, 1.0)
    a = np.vstack([basis, unit @ basis])
    b = np.concatenate([-now, -unit @ now])
    target = np.append(np.zeros(n - 1), 1.0)
    stacked = np.vstack([a.T, b])
    y, _ = nnls(stacked, target)
    residual = stacked @ y - target
    return np.asarray(now + basis @ (-residual[:-1] / residual[-1]))
