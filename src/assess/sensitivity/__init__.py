"""What would change the answer: weights, sets of weights, and ratings at which the order turns."""

from assess.sensitivity.nearest import NearestWeights, nearest_weights
from assess.sensitivity.one_at_a_time import one_at_a_time
from assess.sensitivity.rating_flips import MovedRating, RatingFlips, rating_flips
from assess.sensitivity.reweighting import reweighted
from assess.sensitivity.stability import (
    Stability,
    left_out,
    stability,
    weight_flips,
    weight_intervals,
)

__all__ = [
    "MovedRating",
    "NearestWeights",
    "RatingFlips",
    "Stability",
    "left_out",
    "nearest_weights",
    "one_at_a_time",
    "rating_flips",
    "reweighted",
    "stability",
    "weight_flips",
    "weight_intervals",
]
