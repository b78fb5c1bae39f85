"""Decision criteria over worlds: what a strategy is worth when nobody knows which world comes.

Payoffs are [..., strategy, world], more is better, in one unit in all worlds: a total under one set
of weights is such a unit, totals under different weights are not (C13). Leading axes are draws.
"""

from assess.robustness.choice import CRITERIA, Criterion, chosen, scores, which_world_decides
from assess.robustness.criteria import (
    hurwicz,
    laplace,
    maximax,
    maximin,
    minimax_regret,
    regret,
)
from assess.robustness.information import expected_value, perfect_information, sample_information
from assess.robustness.thresholds import Satisficing, satisficing

__all__ = [
    "CRITERIA",
    "Criterion",
    "Satisficing",
    "chosen",
    "expected_value",
    "hurwicz",
    "laplace",
    "maximax",
    "maximin",
    "minimax_regret",
    "perfect_information",
    "regret",
    "sample_information",
    "satisficing",
    "scores",
    "which_world_decides",
]
