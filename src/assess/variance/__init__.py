"""Where the variance of an output comes from: Sobol indices of groups, and Shapley effects.

Arrays in, arrays out, for any model whose groups of inputs are independent of one another. All
inputs are drawn twice, as samples A and B, and the model is run on mixtures of the two ("pick and
freeze"). Draws lie along the last axis; sums are kept by batches of draws, and leaving out one
batch after the other (the jackknife) says how far an estimate may be off, without random numbers.
"""

from assess.variance.batches import Estimate
from assess.variance.effects import shapley, shapley_shares, subset_sums, walk_sums, walsh
from assess.variance.indices import Indices, Sums, sobol, sobol_indices, sobol_sums

__all__ = [
    "Estimate",
    "Indices",
    "Sums",
    "shapley",
    "shapley_shares",
    "sobol",
    "sobol_indices",
    "sobol_sums",
    "subset_sums",
    "walk_sums",
    "walsh",
]
