"""Acceptability of ranks from draws of one's own: scores, or values and weights, to every index.

Stochastic multicriteria acceptability analysis (SMAA) at the level of arrays, without a study. Ties
share their ranks, so that shares of ranks sum to 1 both ways.
"""

from assess.acceptability.analysis import Acceptability, StandardErrors, from_scores, smaa
from assess.acceptability.dominance import (
    Dominance,
    Lottery,
    first_order,
    histogram_dominance,
    second_order,
    stochastic_dominance,
)
from assess.acceptability.indices import (
    central_weights,
    entropy,
    pairwise_winning,
    rank_acceptability,
)
from assess.acceptability.prepared import Triangles
from assess.acceptability.sampled import SampledAcceptability, SampledErrors, sample_smaa

__all__ = [
    "Acceptability",
    "Dominance",
    "Lottery",
    "SampledAcceptability",
    "SampledErrors",
    "StandardErrors",
    "Triangles",
    "central_weights",
    "entropy",
    "first_order",
    "from_scores",
    "histogram_dominance",
    "pairwise_winning",
    "rank_acceptability",
    "sample_smaa",
    "second_order",
    "smaa",
    "stochastic_dominance",
]
