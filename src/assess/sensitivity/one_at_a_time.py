"""One weight at a time: the totals at chosen weights of every criterion, and how far they swing."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from assess.assessment import evaluate
from assess.model import Study, nearest
from assess.sensitivity.paths import dial, folded

if TYPE_CHECKING:
    import pandas as pd

CHANGE = 0.5


def one_at_a_time(
    study: Study, criteria: Iterable[str] | None = None, *, change: float = CHANGE
) -> "pd.DataFrame":
    """Return what every strategy totals with one weight lower and higher, for a tornado diagram.

    A weight moves by a share of itself, at most to 0 and 1; its siblings keep their proportions.
    The study's own rules make the totals.

    Args:
        study: a sound study.
        criteria: ids; those under the root if not said.
        change: the share, above 0 and at most 1; 0.5 is half as much, and half as much again.

    Returns:
        One row a scenario, strategy and criterion. Columns: scenario, strategy, criterion (ids),
        weight (now), low_weight, high_weight, score (0 to 100; NaN for no total), at_low, at_high,
        swing (the distance of the last two), the largest swing of a scenario and strategy first.

    Raises:
        ValueError: an unknown criterion, or a change that is none.
        StudyError: the study is not sound.

    >>> import assess
    >>> table = one_at_a_time(assess.load("mali").only("reference"))
    >>> len(table) == 5 * 4
    True
    """
    import pandas as pd

    if not 0 < change <= 1:
        raise ValueError(f"a change is a share of the weight above 0 and at most 1: {change:g}")
    report, tree = evaluate(study), study.tree
    names = tree.children[tree.id] if criteria is None else tuple(criteria)
    for key in names:
        if key not in tree.nodes[1:]:
            raise ValueError(f"no scored criterion {key!r} ({nearest(key, tree.nodes[1:])})")
    rows = []
    for key in names:
        turned = dial(folded(study), key)
        for s, scenario in enumerate(study.scenario_ids):
            now, score = float(turned.now[s]), report.score[s, :, 0]
            ends = np.array([now * (1 - change), min(now * (1 + change), 1.0)])
            at = turned.totals(s, ends) if turned.applying[s] > 0 else np.stack([score, score])
            rows += [
                (scenario, strategy, key, now, *ends, *(100 * x for x in (score[t], *at[:, t])))
                for t, strategy in enumerate(study.strategies)
            ]
    columns = ["scenario", "strategy", "criterion", "weight", "low_weight", "high_weight"]
    table = pd.DataFrame(rows, columns=[*columns, "score", "at_low", "at_high"])
    table["swing"] = (table["at_high"] - table["at_low"]).abs()
    order = {key: i for i, key in enumerate((*study.scenario_ids, *study.strategies))}
    places = [table[name].map(order) for name in ("scenario", "strategy")]
    by = np.lexsort((-table["swing"].to_numpy(), places[1], places[0]))
    return table.iloc[by].reset_index(drop=True)
