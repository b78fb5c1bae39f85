"""Bring a rule of your own: a plain function, beside the weighted sum on the same ratings."""

from typing import Any

import numpy as np

import assess


def weakest_counts_half(values: Any, weights: Any) -> Any:
    """Give half of the score to the weighted mean and half to the worst child that has weight."""
    v, w = np.broadcast_arrays(values, weights)
    worst = np.where(w > 0, v, 1.0).min(axis=-1)
    return 0.5 * (w * v).sum(axis=-1) + 0.5 * worst


def changed(model: Any, **updates: Any) -> Any:
    """Return a checked copy of a frozen model with some fields changed."""
    return type(model)(
        **{name: getattr(model, name) for name in type(model).model_fields} | updates
    )


study = assess.load("mali").only("reference")
own = assess.Choice(name="weakest_counts_half")
branches = {key: changed(c, rule=own) for key, c in study.tree.criteria.items() if not c.parent}
strict = changed(
    study,
    tree=changed(study.tree, criteria={**study.tree.criteria, **branches}),
    rules={"weakest_counts_half": weakest_counts_half},
)
before, after = assess.evaluate(study).scores, assess.evaluate(strict).scores
table = before.merge(after, on=["strategy", "criterion"], suffixes=("_sum", "_own"))
table = table[table.criterion.isin([study.tree.id, *branches])]
print("Under the weighted sum, and where the weakest group of each branch counts for half:")
print(table[["strategy", "criterion", "score_sum", "score_own"]].round(1).to_string(index=False))
