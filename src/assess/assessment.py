"""The one pipeline: a study becomes a report.

    ratings -> values -> pooling -> rollup -> report

Every step is one function of the floor below; nothing reaches back.
"""

from os import PathLike

import numpy as np
from numpy.typing import NDArray

from assess import pooling, tables
from assess.checks import check
from assess.choices import bind
from assess.instrument import Instrument, instrument
from assess.model import FrozenDict, Study, StudyError, shown
from assess.report import GATE_STATUSES, TIE, Report
from assess.rollup import bounds, fold
from assess.version import versions

Array = NDArray[np.float64]
DIGITS = 12  # of a coverage: all that is rated is 1, whatever its weights add up to


def evaluate(study: Study) -> Report:
    """Assess the strategies of a study: a score at every node, and what it rests on.

    Args:
        study: loaded by `assess.load`, or built in Python.

    Returns:
        The report; scores are NaN where too little is rated.

    Raises:
        StudyError: the study is not sound; lists every problem.
        TypeError: it is no study; says what to write instead.

    References:
        Keeney and Raiffa (1976), Decisions with Multiple Objectives,
        doi:10.1017/CBO9781139174084.

    >>> import assess
    >>> report = assess.evaluate(assess.load("mali"))
    >>> report.score.shape == (len(report.study.scenarios), len(report.study.strategies),
    ...                        len(report.study.tree.nodes))
    True
    """
    if not isinstance(study, Study):
        raise TypeError(_wanted(study))
    if problems := check(study):
        raise StudyError(problems)
    made, cells = instrument(study), tables.cells(study)
    panel = _applicable(made, pool(study, cells.values))

    coverage = fold(made.coverage, 1.0 - np.isnan(panel))[:, 0].round(DIGITS)
    score = fold(made.scores, panel)[:, 0]
    low, high = bounds(made.total, panel[0])[:, 0] if np.isnan(panel).any() else (score[0],) * 2
    enough = coverage >= study.method.coverage_floor - TIE
    applies = made.applies[:, :, None]
    score = np.where(enough & applies, score, np.nan)
    return Report(
        study=study,
        score=score[0],
        low=np.where(applies[0], low, np.nan),
        high=np.where(applies[0], high, np.nan),
        coverage=np.where(applies[0], coverage[0], np.nan),
        acceptable=made.acceptable,
        good=made.good,
        weights=made.weights,
        ends=score[1, ..., 0],
        means=score[2, ..., 0],
        gates=_gates(made, panel),
        saturated=cells.saturated,
        fingerprints=made.fingerprints,
        versions=FrozenDict(versions()),
    )


def _wanted(given: object) -> str:
    """Say what `evaluate` was given, and what to write instead."""
    if isinstance(given, str | PathLike):
        read = f"assess.evaluate(assess.load({str(given)!r}))"
        return f"evaluate takes a Study, not a name: {read}"
    if isinstance(given, Report):
        return "evaluate takes a Study, not a Report: assess.evaluate(report.study)"
    return f"evaluate takes a Study, not {shown(given)}"


def pool(study: Study, values: Array, weights: Array | None = None) -> Array:
    """Return one panel's values [draw, 1, scenario, strategy, leaf] from its analysts'.

    Args:
        study: names the pooling centre and the analysts' weights.
        values: [draw, analyst, scenario, strategy, leaf] in [0, 1]; NaN where absent.
        weights: [analyst], in place of the study's.

    Returns:
        NaN where no analyst with a weight rated.
    """
    centre = bind(study.method.pooling, pooling)
    last = np.moveaxis(values, 1, -1)
    voices = tables.analyst_weights(study) if weights is None else weights
    held = np.where(np.isnan(last), 0.0, voices)
    some = held.sum(axis=-1) > 0
    held[~some] = 1.0
    centres = centre(np.where(np.isnan(last), 0.0, last), held)
    return np.where(some, np.clip(centres, 0.0, 1.0), np.nan)[:, None]


def _applicable(made: Instrument, panel: Array) -> Array:
    """Put any value where a leaf does not apply: it weighs nothing there.

    Returns:
        [1, 1, scenario, strategy, leaf]; NaN where a rating is absent.
    """
    return np.where(made.applicable[:, None], panel, 0.0)


def _gates(made: Instrument, panel: Array) -> NDArray[np.int8]:
    """Return the status of every gate [scenario, strategy, gate] (C14)."""
    places = [leaf for leaf, _ in made.gates]
    threshold = np.array([worth for _, worth in made.gates])
    values = panel[0, 0][..., places]
    status = np.select(
        [
            np.broadcast_to(~made.applicable[:, None, places], values.shape),
            np.isnan(values) & (threshold > TIE),
            values < threshold - TIE,
        ],
        [GATE_STATUSES.index(name) for name in ("n/a", "undecided", "fail")],
        default=GATE_STATUSES.index("pass"),
    )
    return status.astype(np.int8)
