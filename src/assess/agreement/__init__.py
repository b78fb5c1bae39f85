"""How far raters agree: each coefficient is a number that carries its interval and its counts.

Ratings are [rater, unit], NaN where missing. Input that is no such table, or in which no two raters
rated the same unit, is refused with a ValueError; where the ratings are sound and the coefficient
is not defined for them, it is NaN and its note says why.
"""

from assess.agreement.icc import icc
from assess.agreement.kappa import fleiss_kappa, gwet_ac
from assess.agreement.krippendorff import krippendorff_alpha
from assess.agreement.ranks import kendall_w
from assess.agreement.result import Agreement
from assess.agreement.spread import mean_absolute_spread, r_wg
from assess.agreement.weights import agreement_weights

__all__ = [
    "Agreement",
    "agreement_weights",
    "fleiss_kappa",
    "gwet_ac",
    "icc",
    "kendall_w",
    "krippendorff_alpha",
    "mean_absolute_spread",
    "r_wg",
]
