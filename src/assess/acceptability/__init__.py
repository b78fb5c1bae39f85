"""Acceptability of ranks from draws of one's own: scores, or values and weights, to every index.

Stochastic multicriteria acceptability analysis (SMAA) at the level of arrays, without a study. Ties
share their ranks, so that shares of ranks sum to 1 both ways.
"""

from assess.acceptability.indices import (
    Acceptability,
    central_weights,
    entropy,
    pairwise_winning,
    rank_acceptability,
    smaa,
)

__all__ = [
    "Acceptability",
    "central_weights",
    "entropy",
    "pairwise_winning",
    "rank_acceptability",
    "smaa",
]
