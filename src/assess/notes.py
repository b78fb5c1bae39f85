"""What an analyst should know about sound inputs: nothing wrong, but worth a look."""

from collections.abc import Iterator

import numpy as np

from assess import tables
from assess.model import Study


def notes(study: Study) -> Iterator[str]:
    """Yield remarks on a study without problems: overrides, unelicited weights, silence.

    >>> import assess
    >>> next(notes(assess.load("mali")))
    "160 ratings for one scenario win over the analyst's general rating there"
    """
    yield from _overrides(study)
    yield from _silent_weights(study)
    yield from _fresh(study)
    yield from _unsupported(study)
    yield from _absent(study)
    tree = study.tree
    for node in tree.children[tree.id]:
        kinds = {tree.criteria[leaf].kind for leaf in tree.below(node)}
        if kinds == {"performance"}:
            yield f"{node} has measures of performance only: activity is not success"


def _overrides(study: Study) -> Iterator[str]:
    ratings = study.ratings
    specific = ~ratings.scenario.matches("")
    cell = np.zeros(len(ratings), dtype=np.int64)
    for column in (ratings.analyst, ratings.strategy, ratings.criterion):
        cell = cell * max(len(column.labels), 1) + column.codes
    over = int(np.isin(cell[specific], cell[~specific]).sum())
    if over:
        yield f"{over} ratings for one scenario win over the analyst's general rating there"


def _silent_weights(study: Study) -> Iterator[str]:
    for scenario in study.scenarios:
        held = tables.judged(study, scenario)
        silent = [
            node
            for node in study.tree.groups
            if node not in held and len(study.tree.children[node]) > 1
        ]
        if silent:
            yield (
                f"scenario {scenario.id}: nobody elicited the weights under {', '.join(silent)}; "
                "they are equal"
            )


def _fresh(study: Study) -> Iterator[str]:
    for scenario in study.scenarios:
        undated = [node for node, held in scenario.weights.items() if held.against is None]
        if undated:
            yield (
                f"scenario {scenario.id}: the weights under {', '.join(undated)} do not say which "
                "version of the tree they were elicited against"
            )


def _unsupported(study: Study) -> Iterator[str]:
    bare = study.ratings.source.matches("") | study.ratings.grade.matches("")
    count = int((bare & ~study.ratings.rating.matches("?")).sum())
    if count:
        yield (
            f"{count} of {len(study.ratings)} ratings name no source or no grade, and count as low "
            "confidence"
        )


def _absent(study: Study) -> Iterator[str]:
    """How many leaves of each strategy nobody gives a level, in the first scenario."""
    values = tables.cells(study).values[0, :, 0]
    absent = np.asarray(np.isnan(values).all(axis=0))
    applies = tables.applicable(study)[0, 0, 0, 0]
    for t, key in enumerate(study.strategies):
        missing = int((applies & absent[t]).sum())
        if missing:
            yield f"{key}: nobody gives a level on {missing} of {int(applies.sum())} criteria"
