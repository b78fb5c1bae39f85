"""A study under the laws: evaluated as it is and with one thing changed, and what may differ."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from assess.assessment import evaluate
from assess.checks import check
from assess.model import Study, StudyError
from assess.report import Report
from assess.rounding import points
from assess.testing.subjects import CLOSE, Found, LawBroken, sentence_of

RESULTS = ("score", "low", "high", "coverage")


@dataclass(frozen=True)
class Assessed:
    """A study, and the function that evaluates it.

    Attributes:
        study: sound, so that it can be evaluated.
        evaluate: `study -> report`.
    """

    study: Study
    evaluate: Callable[[Study], Report] = evaluate

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"the study {self.study.name!r}"


def on_study(
    given: Study | Assessed, law: Callable[..., None], hold: Callable[[Assessed], None]
) -> None:
    """Hold a law against a study.

    Raises:
        LawBroken: with what `hold` found.
        StudyError: the study is not sound.
    """
    under = given if isinstance(given, Assessed) else Assessed(given)
    if problems := check(under.study):
        raise StudyError(problems)
    try:
        hold(under)
    except Found as found:
        told = str(found)
    except Exception as error:  # whatever the function that evaluates raises
        told = f"evaluating raises {type(error).__name__}: {error}"
    else:
        return
    raise LawBroken(law.__name__, under.name, told, sentence_of(law))


def same_results(under: Assessed, other: Study, how: str, *, in_order: bool = False) -> Report:
    """Hold the results of the changed study against those of the study as it is."""
    before = under.evaluate(under.study)
    after = under.evaluate(other)
    compare(before, after, how, in_order=in_order)
    return after


def compare(
    before: Report, after: Report, how: str, *, only: Any = None, in_order: bool = False
) -> None:
    """Raise the first result that differs, for what stands in both."""
    for s, t, n, other in _places(before, after, in_order):
        if only is not None and not only[s, t, n]:
            continue
        for name in RESULTS:
            old, new = getattr(before, name)[s, t, n], getattr(after, name)[other]
            both_none = np.isnan(old) and np.isnan(new)
            if not (both_none or abs(old - new) <= CLOSE):
                study = before.study
                raise Found(
                    f"{name} of {list(study.strategies)[t]!r} on {study.tree.nodes[n]!r} in "
                    f"{study.scenario_ids[s]!r} is {points(float(old), 4)}; {how} it is "
                    f"{points(float(new), 4)}"
                )


Place = tuple[int, int, int]


def _places(before: Report, after: Report, in_order: bool) -> Iterator[tuple[int, int, int, Place]]:
    """Yield where each result of the first report stands in the second."""
    axes = []
    for ids in (_scenarios, _strategies, _nodes):
        old, new = ids(before.study), ids(after.study)
        axes.append([(i, i if in_order else new.index(key))
                     for i, key in enumerate(old) if in_order or key in new])  # fmt: skip
    for s, other_s in axes[0]:
        for t, other_t in axes[1]:
            for n, other_n in axes[2]:
                yield s, t, n, (other_s, other_t, other_n)


def _scenarios(study: Study) -> list[str]:
    return list(study.scenario_ids)


def _strategies(study: Study) -> list[str]:
    return list(study.strategies)


def _nodes(study: Study) -> list[str]:
    return list(study.tree.nodes)


def never_moves(before: Any, after: Any, report: Report, told: str, *, rise: bool) -> None:
    """Raise the first result that moved the way it never should."""
    moved = after - before if rise else before - after
    bad = np.argwhere(moved > CLOSE)
    if len(bad):
        s, t, n = bad[0]
        study = report.study
        raise Found(
            f"{told}: of {list(study.strategies)[t]!r} on {study.tree.nodes[n]!r} from "
            f"{points(float(before[s, t, n]), 4)} to {points(float(after[s, t, n]), 4)}"
        )


def all_hold(report: Report, holds: Any, told: str) -> None:
    """Raise the first result [scenario, strategy, node] for which something does not hold."""
    if not holds.all():
        _, t, n = np.argwhere(~holds)[0]
        study = report.study
        raise Found(f"{list(study.strategies)[t]!r} {told} on {study.tree.nodes[n]!r}")


def refused(under: Assessed, wrong: Study, told: str) -> None:
    """Raise if a study that is not sound is evaluated all the same."""
    try:
        under.evaluate(wrong)
    except StudyError as error:
        if error.problems:
            return
    raise Found(f"{told}: nothing is said, and there is a report")
