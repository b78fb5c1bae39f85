"""What an analyst should know about sound inputs: nothing wrong, but worth a look."""

from collections.abc import Iterator

import numpy as np

from assess import tables
from assess.agreement.weights import PUNISHES
from assess.evidence import stale, undated
from assess.model import Study
from assess.performance import performance_note
from assess.register import register_notes
from assess.rounding import counted
from assess.tradecraft import study_remarks


def notes(study: Study) -> Iterator[str]:
    """Yield remarks on a study without problems: overrides, unelicited weights, silence.

    >>> import assess
    >>> next(notes(assess.load("mali")))
    "160 ratings given for one scenario: each wins over the analyst's general rating there"
    """
    yield from _overrides(study)
    yield from _carried_over(study)
    yield from _silent_weights(study)
    yield from _analyst_weights(study)
    yield from _fresh(study)
    yield from _unsupported(study)
    yield from _numbers_as_sources(study)
    yield from register_notes(study)
    yield from _ages(study)
    yield from _absent(study)
    yield from map(str, study_remarks(study))
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
        yield (
            f"{counted(over, 'rating')} given for one scenario: each wins over the analyst's "
            "general rating there"
        )


def _carried_over(study: Study) -> Iterator[str]:
    """How far a world rests on ratings that were given without it in mind."""
    grid = tables.row_grid(study)
    general = np.append(study.ratings.scenario.matches(""), False)
    for scenario, rows in zip(study.scenarios, np.moveaxis(grid, 1, 0), strict=False):
        carried, rated = int(general[rows].sum()), int((rows >= 0).sum())
        if "world" in scenario.kind and 0 < carried < rated:
            yield (
                f"scenario {scenario.id}: {rated - carried} of {rated} ratings in use were given "
                "for it; the others hold in every scenario"
            )


def _numbers_as_sources(study: Study) -> Iterator[str]:
    """Sources that are a bare number: what is left of 8,5 where no quotes hold it together."""
    bare = [label for label in study.ratings.source.labels if label.isdecimal()]
    count = sum(int(study.ratings.source.matches(label).sum()) for label in bare)
    if count:
        yield (
            f"{counted(count, 'rating')} with a bare number as source ({bare[0]!r}): was the level "
            "written with a decimal comma?"
        )


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


def _analyst_weights(study: Study) -> Iterator[str]:
    """What weakens weights of analysts that nobody declared, and what was declared in vain."""
    scheme = study.method.analyst_weights
    if scheme == "declared":
        return
    if any(analyst.weight != 1 for analyst in study.analysts.values()):
        yield f'weights of analysts are declared and not used: analyst_weights = "{scheme}"'
    if scheme == "agreement":
        yield PUNISHES
    if scheme == "performance" and (note := performance_note(study)):
        yield f"weights by performance: {note}"


def _fresh(study: Study) -> Iterator[str]:
    """Weights that would not be noticed as stale: they do not say what they were made for."""
    for scenario in study.scenarios:
        undated = [node for node, held in scenario.weights.items() if held.against is None]
        if undated:
            yield (
                f"scenario {scenario.id}: the weights under {', '.join(undated)} do not say which "
                "version of the tree they were elicited against"
            )
        unmarked = [node for node, held in scenario.weights.items() if held.ranges is None]
        if unmarked:
            yield (
                f"scenario {scenario.id}: the weights under {', '.join(unmarked)} do not "
                "name the ranges they were elicited against, so a changed scale would not be "
                "noticed (assess check STUDY --ranges)"
            )


def _unsupported(study: Study) -> Iterator[str]:
    bare = study.evidenced.source.matches("") | study.evidenced.grade.matches("")
    given = ~np.isnan(tables.levels(study)["rating"].level)
    count = int((bare & given).sum())
    if count:
        yield (
            f"{count} of {counted(int(given.sum()), 'rating')} that give a level name no source or "
            "no grade, and count as low confidence"
        )


def _ages(study: Study) -> Iterator[str]:
    """Ratings on stale evidence, and those without a date, where the study has such a rule."""
    table = study.method.evidence
    if table.stale_after_days is None:
        return
    given = ~np.isnan(tables.levels(study)["rating"].level)
    total = counted(int(given.sum()), "rating")
    if count := int((stale(study) & given).sum()):
        yield (
            f"{count:,} of {total} that give a level are on evidence over "
            f"{table.stale_after_days:,} days old, and have at most {table.stale} confidence"
        )
    if count := int((undated(study) & given).sum()):
        yield f"{count:,} of {total} that give a level have no date: stale or not cannot be told"


def _absent(study: Study) -> Iterator[str]:
    """How many leaves of each strategy nobody gives a level, in the first scenario."""
    values = tables.cells(study).values[0, tables.analyst_weights(study) > 0, 0]
    absent = np.asarray(np.isnan(values).all(axis=0))
    applies = tables.applicable(study)[0, 0, 0, 0]
    for t, key in enumerate(study.strategies):
        missing = int((applies & absent[t]).sum())
        if missing:
            yield f"{key}: nobody gives a level on {missing} of {int(applies.sum())} criteria"
