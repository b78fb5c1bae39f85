"""Sets of weights in pieces: their corners, a triangulation, exact draws and exact centroids."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assess.weight_sets.allowed import WeightSet

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Faces = dict[int, list[tuple[int, ...]]]

NEAR = 1e-11
MOST_CORNERS = 400
MOST_PIECES = 10_000


@dataclass(frozen=True, eq=False)
class Pieces:
    """A set of weights as simplices that meet in faces only.

    Attributes:
        corners: [piece, corner, child].
        shares: [piece], the volume of each piece as a share of the whole.
    """

    corners: Array
    shares: Array


def pieces(given: WeightSet) -> Pieces | None:
    """Return a set of weights in pieces; None where it has too many corners or pieces.

    The whole simplex, one with lower bounds and a complete order are a single piece each. The set
    may be flat, or one point, where judgements are exact.

    Raises:
        ValueError: no weights are allowed.

    References:
        Cohen and Hickey (1979), Two algorithms for determining volumes of convex polyhedra,
        doi:10.1145/322139.322141.

    >>> from assess.weight_sets import weight_set
    >>> made = pieces(weight_set([0, 0, 0], [1, 1, 1], before=[(0, 1), (1, 2)]))
    >>> made.corners.round(3).tolist()
    [[[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.333, 0.333, 0.333]]]
    """
    found = corners(given)
    if found is None:
        return None
    points, tight = found
    order = np.lexsort(-points.T[::-1])
    points, tight = points[order], tight[order]
    meets = {sum(1 << i for i in np.flatnonzero(column).tolist()) for column in tight.T}
    whole = (1 << len(points)) - 1
    if _count(whole, sorted(meets), {}) > MOST_PIECES:
        return None
    split = np.array(_split(whole, sorted(meets), {}))
    made = points[split]
    volumes = _volumes(made, points)
    there = volumes > 1e-15 * volumes.sum()
    return Pieces(made[there], volumes[there] / volumes[there].sum())


def corners(given: WeightSet) -> tuple[Array, Mask] | None:
    """Return the corners of a set of weights, cut out of the simplex half by half.

    Returns:
        Corners [corner, child], and which halves each lies on [corner, half]; None where there are
        too many.

    Raises:
        ValueError: no weights are allowed.

    References:
        Fukuda and Prodon (1996), Double description method revisited,
        doi:10.1007/3-540-61576-8_77.
    """
    rows, limits = given.halves
    n = rows.shape[1]
    start = 2 * int(given.exact.sum())
    points, tight = np.eye(n), np.zeros((n, len(limits)), dtype=bool)
    tight[:, start : start + n] = ~np.eye(n, dtype=bool)
    for half in (*range(start), *range(start + n, len(limits))):
        beyond = np.einsum("pc,c->p", points, rows[half]) - limits[half]
        new, on = _cut(points, tight, beyond)
        tight[:, half] = np.abs(beyond) <= NEAR
        on[:, half] = True
        stays = beyond <= NEAR
        points, tight = np.concatenate([points[stays], new]), np.concatenate([tight[stays], on])
        if not len(points):
            raise ValueError("no weights are allowed")
        if len(points) > MOST_CORNERS:
            return None
    return points, tight


def _cut(points: Array, tight: Mask, beyond: Array) -> tuple[Array, Mask]:
    """Return where edges cross a limit [crossing, child], and the halves that they lie on.

    Two corners share an edge where no third lies on all the halves that both lie on.
    """
    above, below = np.flatnonzero(beyond > NEAR), np.flatnonzero(beyond < -NEAR)
    i, j = (x.reshape(-1) for x in np.meshgrid(above, below, indexing="ij"))
    common = tight[i] & tight[j]
    enough = common.sum(axis=1) >= points.shape[1] - 2
    i, j, common = i[enough], j[enough], common[enough]
    held = np.array([(tight | ~both).all(axis=1).sum() for both in common], dtype=np.intp)
    i, j, common = i[held == 2], j[held == 2], common[held == 2]
    share = (beyond[i] / (beyond[i] - beyond[j]))[:, None]
    return points[i] + share * (points[j] - points[i]), common


def _below(face: int, meets: list[int]) -> list[int]:
    """Return the facets of a face that do not hold its first corner, as sets of corners in bits."""
    parts = {face & other for other in meets} - {face, 0}
    largest = [p for p in parts if not any(p != q and p & q == p for q in parts)]
    first = face & -face
    return sorted(part for part in largest if not part & first)


def _count(face: int, meets: list[int], known: dict[int, int]) -> int:
    """Return the number of simplices that a face is split into; stops counting beyond the most."""
    if face not in known:
        total = 0 if face & (face - 1) else 1
        for part in _below(face, meets):
            total += _count(part, meets, known)
            if total > MOST_PIECES:
                break
        known[face] = total
    return known[face]


def _split(face: int, meets: list[int], known: Faces) -> list[tuple[int, ...]]:
    """Return the simplices of a face, as corners: its first corner over each facet without it."""
    if face not in known:
        first = (face & -face).bit_length() - 1
        known[face] = [
            (first, *rest) for part in _below(face, meets) for rest in _split(part, meets, known)
        ] or [(first,)]
    return known[face]


def _volumes(made: Array, points: Array) -> Array:
    """Return the volumes of simplices of one flat space, up to a factor they share [piece]."""
    edges = made[:, 1:] - made[:, :1]
    if not edges.shape[1]:
        return np.ones(len(made))
    axes = np.linalg.svd(points - points[0])[2][: edges.shape[1]]
    return np.asarray(np.abs(np.linalg.det(np.einsum("pec,ac->pea", edges, axes))))


def draw(made: Pieces, which: Array, u: Array) -> Array:
    """Return weights drawn uniformly over a set in pieces [child, draw].

    Args:
        made: the set.
        which: [draw] uniform in [0, 1): the piece, by volume.
        u: [child, draw] uniform in [0, 1): the place in the piece, by exponentials over their sum.

    >>> import numpy as np
    >>> from assess.weight_sets import weight_set
    >>> made = pieces(weight_set([0.2, 0.3], [1, 1]))
    >>> draw(made, np.zeros(1), np.array([[0.5], [0.5]])).round(3).tolist()
    [[0.45], [0.55]]
    """
    falls = -np.log1p(-u[: made.corners.shape[1]])
    inside = falls / falls.sum(axis=0)
    if len(made.shares) == 1:
        return np.asarray(np.einsum("kc,kd->cd", made.corners[0], inside))
    ends = np.cumsum(made.shares)
    chosen = np.minimum(np.searchsorted(ends, which * ends[-1], side="right"), len(ends) - 1)
    return np.asarray(np.einsum("dkc,kd->cd", made.corners[chosen], inside))


def centre(made: Pieces) -> Array:
    """Return the centroid of a set in pieces [child], the mean of its uniform distribution.

    >>> from assess.weight_sets import weight_set
    >>> order = weight_set([0, 0, 0], [1, 1, 1], before=[(0, 1), (1, 2)])
    >>> centre(pieces(order)).round(4).tolist()
    [0.6111, 0.2778, 0.1111]
    """
    found = np.einsum("p,pc->c", made.shares, made.corners.mean(axis=1))
    return np.asarray(found / found.sum())
