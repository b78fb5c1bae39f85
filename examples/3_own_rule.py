"""Bring a rule of your own: a plain function, beside the weighted sum on the same ratings."""

from typing import Any

import numpy as np

import assess


def weakest_counts_half(values: Any, weights: Any) -> Any:
    """Give half of the score to the weighted mean and half to the worst child that has weight."""
    worst = np.where(weights > 0, values, 1.0).min(axis=-1)  # an absent child has weight 0
    return 0.5 * (weights * values).sum(axis=-1) + 0.5 * worst


study = assess.load("mali").only("reference")
own = assess.Choice(name="weakest_counts_half")
tree = study.tree
branches = {
    key: tree.criteria[key].model_copy(update={"rule": own}) for key in tree.children[tree.id]
}
strict = study.model_copy(
    update={
        "tree": tree.model_copy(update={"criteria": {**tree.criteria, **branches}}),
        "rules": {"weakest_counts_half": weakest_counts_half},
    }
)
before, after = assess.evaluate(study).scores, assess.evaluate(strict).scores
table = before.merge(after, on=["strategy", "criterion"], suffixes=("_sum", "_own"))
table = table[table.criterion.isin([tree.id, *branches])]
print("Under the weighted sum, and where the weakest group of each branch counts for half:")
print(table[["strategy", "criterion", "score_sum", "score_own"]].round(1).to_string(index=False))
