"""What every question about a panel begins with: the study, who has a voice, and their names."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from assess import tables
from assess.instrument import instrument
from assess.model import Study, nearest, shown
from assess.report import TIE, Report

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


def study_of(report: object, function: str) -> Study:
    """Return the study of a report.

    Raises:
        TypeError: it is no report; says what to write instead.
    """
    if isinstance(report, Report):
        return report.study
    if isinstance(report, Study):
        told = f"a Study: {function}(assess.evaluate(study))"
        raise TypeError(f"{function} takes a Report, not {told}")
    raise TypeError(f"{function} takes a Report, not {shown(report)}")


def scenarios_asked(study: Study, scenario: str | None) -> list[int]:
    """Return the places of the scenarios that are asked about: one, or all of them.

    Raises:
        ValueError: no such scenario; names the nearest.
    """
    if scenario is None:
        return list(range(len(study.scenarios)))
    if scenario not in study.scenario_ids:
        raise ValueError(f"no scenario {scenario!r} ({nearest(scenario, study.scenario_ids)})")
    return [study.scenario_ids.index(scenario)]


def refuse_below(given: int, least: int, what: str) -> None:
    """Refuse a number that is too small.

    Raises:
        ValueError: with the number, and the least that is allowed.
    """
    if given < least:
        raise ValueError(f"{what} is at least {least}: {given}")


def with_a_voice(study: Study) -> Mask:
    """Return whose ratings are pooled [analyst]: those whose weight is above 0."""
    return np.asarray(tables.analyst_weights(study) > 0)


def with_voices(study: Study) -> list[str]:
    """Return the ids of those whose ratings are pooled."""
    heard = zip(study.analysts, with_a_voice(study).tolist(), strict=True)
    return [key for key, voice in heard if voice]


def voiced(study: Study, values: Array, s: int) -> Array:
    """Return what analysts with a voice say in one scenario [analyst, strategy, leaf].

    Args:
        study: whose analysts they are.
        values: [1, analyst, scenario, strategy, leaf], of `tables.cells`.
        s: place of the scenario.

    Returns:
        In [0, 1]; NaN where one gives no level, and where a leaf does not apply. What all of them
        say of a group as a whole stands at the first leaf below it alone.
    """
    found: Array = values[0, with_a_voice(study), min(s, values.shape[2] - 1)]
    found[..., ~instrument(study).applicable[s]] = np.nan
    found[:, _said_before(study, s)] = np.nan
    return found


def _said_before(study: Study, s: int) -> Mask:
    """Return where all rows are those of an earlier leaf: ratings of a group [strategy, leaf]."""
    tree, ratings = study.tree, study.ratings
    again = np.zeros((len(study.strategies), len(tree.leaves)), dtype=bool)
    if not (tables.places(ratings.criterion, tree.groups) >= 0).any():
        return again
    grid = tables.row_grid(study)[with_a_voice(study)]
    applies = instrument(study).applicable[s]
    for t in range(len(again)):
        seen: set[bytes] = set()
        for c in np.flatnonzero(applies).tolist():
            rows = grid[:, min(s, grid.shape[1] - 1), t, c]
            again[t, c] = (rows >= 0).any() and rows.tobytes() in seen
            seen.add(rows.tobytes())
    return again


def best(ranked: Array) -> Mask:
    """Return who is highest among strategies [..., strategy]; ties are, nobody is without totals.

    >>> best(np.array([[0.5, 0.7, 0.7], [np.nan, 0.2, 0.1], [np.nan] * 3])).tolist()
    [[False, True, True], [False, True, False], [False, False, False]]
    """
    top = np.fmax.reduce(ranked, axis=-1, keepdims=True)
    return np.asarray(ranked >= top - TIE)


def analyst_name(study: Study, key: str) -> str:
    """Return what reports call an analyst: the name, or the id."""
    return study.analysts[key].name or key


def listed(names: Iterable[str]) -> str:
    """Return names as they are spoken.

    >>> listed(["a"]), listed("ab"), listed("abc")
    ('a', 'a and b', 'a, b and c')
    """
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last
