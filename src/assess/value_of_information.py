"""What it is worth to know more before choosing: perfect and partial information, from draws.

Benefits are what each option turns out to be worth, draw by draw; inputs are what one might find
out. Regression of benefits on inputs says what one would expect of each option once they are known.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.polynomial import legendre
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
FOLDS = 20
DEGREE = 3
MOST_PRODUCTS = 10  # inputs of which products of two are taken along
FLAT = 1e-10  # of the largest eigenvalue: what is smaller does not move


@dataclass(frozen=True)
class Worth:
    """What information is worth, in the unit of the benefits.

    Attributes:
        value: by how much the best choice gets better on average; at least 0.
        error: Monte Carlo standard error.
    """

    value: float
    error: float


def perfect_information(benefits: ArrayLike) -> Worth:
    """Return what it is worth to know everything before choosing: E max - max E.

    Args:
        benefits: [draw, option].

    Raises:
        ValueError: the array has another shape, too few draws, or holds what is no number.

    References:
        Raiffa and Schlaifer (1961), Applied Statistical Decision Theory, ch. 4.

    >>> perfect_information([[1.0, 0.0], [0.0, 1.0]] * 20).value
    0.5
    """
    found = checked("benefits", benefits)
    return averaged(losses(found, int(found.mean(axis=0).argmax())))


def partial_information(inputs: ArrayLike, benefits: ArrayLike, degree: int = DEGREE) -> Worth:
    """Return what it is worth to know some inputs before choosing, by regression.

    Benefits are fitted by polynomials in every input and by products of two inputs, on all draws
    but a twentieth at a time, and judged on that twentieth, so that a fit to noise counts for
    nothing.

    Args:
        inputs: [draw, input]; those that are found out together.
        benefits: [draw, option].
        degree: of the polynomials, at least 1.

    Raises:
        ValueError: shapes do not fit, there are too few draws, or something is no number.

    References:
        Strong, Oakley and Brennan (2014), doi:10.1177/0272989X13505910.

    >>> x = np.linspace(-1, 1, 4001)
    >>> y = np.stack([0 * x, x], axis=-1)
    >>> round(partial_information(x[:, None], y).value, 3), round(perfect_information(y).value, 3)
    (0.25, 0.25)
    """
    known, worth = checked("inputs", inputs), checked("benefits", benefits)
    if len(known) != len(worth):
        raise ValueError(f"inputs have {len(known):,} draws, benefits {len(worth):,}")
    if degree < 1:
        raise ValueError(f"the degree of the polynomials is at least 1: {degree}")
    low, high = known.min(axis=0), known.max(axis=0)
    columns = basis((known - low) / np.where(high > low, high - low, 1.0), degree)
    fold = np.arange(len(worth)) * FOLDS // len(worth)
    parts = [Moments.of(columns[fold == f], worth[fold == f]) for f in range(FOLDS)]
    fits = left_out(parts)
    best = int(worth.mean(axis=0).argmax())
    each = [losses(columns[fold == f] @ fits[f], best) for f in range(FOLDS)]
    return averaged(np.concatenate(each))


def checked(name: str, given: ArrayLike) -> Array:
    """Return an array [draw, column] that can be computed with.

    Raises:
        ValueError: it cannot; says why.
    """
    found = np.asarray(given, dtype=np.float64)
    if found.ndim != 2 or not found.shape[1]:
        raise ValueError(f"{name} have the shape [draw, column], not {list(found.shape)}")
    if len(found) < 2 * FOLDS:
        raise ValueError(f"{name} have {len(found)} draws; at least {2 * FOLDS} are needed")
    if not np.isfinite(found).all():
        d, column = np.argwhere(~np.isfinite(found))[0].tolist()
        raise ValueError(f"{name}[{d}, {column}] is {found[d, column]:g}, expected a number")
    return found


def basis(inputs: Array, degree: int = DEGREE) -> Array:
    """Return Legendre polynomials of inputs [draw, input] in [0, 1], and products of two of them.

    Returns:
        [draw, column], the first column 1.
    """
    at = 2 * inputs - 1
    powers = legendre.legvander(at, degree)[..., 1:].reshape(len(at), -1)
    count = at.shape[1]
    two = list(combinations(range(count), 2)) if count <= MOST_PRODUCTS else []
    products = [at[:, i] * at[:, j] for i, j in two]
    return np.column_stack([np.ones(len(at)), powers, *products])


@dataclass(frozen=True, eq=False)
class Moments:
    """What a least-squares fit needs to know of some draws; they add up.

    Attributes:
        inner: [column, column], sums of products of columns.
        cross: [column, option], sums of products with benefits.
    """

    inner: Array
    cross: Array

    @classmethod
    def of(cls, columns: Array, benefits: Array) -> "Moments":
        """Return those of columns [draw, column] and benefits [draw, option]."""
        return cls(columns.T @ columns, columns.T @ benefits)

    def __add__(self, other: "Moments") -> "Moments":
        return Moments(self.inner + other.inner, self.cross + other.cross)


def left_out(parts: list[Moments]) -> list[Array]:
    """Return for every part the coefficients [column, option] fitted on all other parts."""
    inner = sum(part.inner for part in parts)
    cross = sum(part.cross for part in parts)
    return [
        np.asarray(
            np.linalg.pinv(inner - part.inner, rcond=FLAT, hermitian=True) @ (cross - part.cross)
        )
        for part in parts
    ]


def losses(expected: Array, best: int) -> Array:
    """Return how much better than `best` the best option is expected to be [draw]."""
    return np.asarray(expected.max(axis=-1) - expected[..., best])


def averaged(each: Array) -> Worth:
    """Return the mean of losses [draw] with its standard error."""
    return Worth(float(each.mean()), float(each.std(ddof=1) / np.sqrt(len(each))))
