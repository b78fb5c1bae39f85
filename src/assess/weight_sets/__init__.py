"""Sets of weights that judgements allow: whether there are any, uniform draws, centroids."""

from assess.weight_sets.allowed import WeightSet, weight_set
from assess.weight_sets.conflict import ConflictError, check_room, room
from assess.weight_sets.convergence import effective_size, rhat, split_rhat
from assess.weight_sets.pieces import Pieces, centre, corners, draw, pieces
from assess.weight_sets.uniform import Uniform, mean_weights, uniform
from assess.weight_sets.walk import Walk, stroll, walk

__all__ = [
    "ConflictError",
    "Pieces",
    "Uniform",
    "Walk",
    "WeightSet",
    "centre",
    "check_room",
    "corners",
    "draw",
    "effective_size",
    "mean_weights",
    "pieces",
    "rhat",
    "room",
    "split_rhat",
    "stroll",
    "uniform",
    "walk",
    "weight_set",
]
