"""The uniform distribution over a set of weights: in pieces where it can be, by walks otherwise."""

import numpy as np
from numpy.typing import NDArray

from assess.weight_sets.allowed import WeightSet
from assess.weight_sets.conflict import check_room
from assess.weight_sets.pieces import Pieces, centre, pieces
from assess.weight_sets.walk import Walk, walk

Array = NDArray[np.float64]
Uniform = Pieces | Walk


def uniform(given: WeightSet) -> Uniform:
    """Return a set of weights ready to be drawn from.

    Raises:
        ConflictError: the set is empty or has no room.
        ArithmeticError: it takes walks, and they do not come to one distribution.

    >>> from assess.weight_sets import weight_set
    >>> type(uniform(weight_set([0, 0], [1, 1]))).__name__
    'Pieces'
    """
    check_room(given)
    return pieces(given) or walk(given)


def mean_weights(made: Uniform) -> Array:
    """Return the mean of the uniform distribution [child]: the centroid of the set.

    It is exact in pieces; of walks it is the mean of their pool, about a hundredth of a standard
    deviation off.

    >>> from assess.weight_sets import weight_set
    >>> mean_weights(uniform(weight_set([0, 0.5], [1, 1]))).tolist()
    [0.25, 0.75]
    """
    return made.centre if isinstance(made, Walk) else centre(made)
