"""The levels that differ between two strategies, in their own unit, in lines."""

from collections.abc import Iterator

import numpy as np

from assess.comparison import Comparison
from assess.level_changes import LevelChange
from assess.reporting.comparison.accounts import signed
from assess.rounding import counted

TITLE = "LEVELS THAT DIFFER (in their own unit; per cent of the earlier level, its base)"
MOST = 12
_ABSENT = {"": "not rated", "?": "unknown", "n/a": "not applicable"}


def level_lines(comparison: Comparison) -> Iterator[str]:
    """Yield a section on the levels that differ; nothing where none do."""
    if not comparison.levels:
        return
    yield from ("", TITLE)
    for change in comparison.levels[:MOST]:
        yield _line(change, comparison)
    if (more := len(comparison.levels) - MOST) > 0:
        yield f"and {counted(more, 'more level')}"


def _line(change: LevelChange, comparison: Comparison) -> str:
    names = comparison.names
    where = f" in {names.scenarios[change.scenario]}" if change.scenario in names.scenarios else ""
    unit = f" ({change.unit})" if change.unit else ""
    was, now = (_ABSENT.get(text, text) for text in (change.earlier, change.later))
    told = f"{names.criteria[change.criterion]}{unit}{where}, {names.analysts[change.analyst]}"
    if np.isnan(change.percent):
        return f"{told}: was {was}, is {now}"
    return f"{told}: was {was}, is {now}: {signed(change.percent)} % of {was}"
