"""What every question about a pair begins with: the scenario, and who can be compared."""

import numpy as np
from numpy.typing import NDArray

from assess.model import Study, nearest
from assess.report import Report
from assess.sensitivity.stability import compared


def scenario_asked(study: Study, scenario: str) -> int:
    """Return the place of a scenario.

    Raises:
        ValueError: no such scenario; names the nearest.
    """
    if scenario not in study.scenario_ids:
        raise ValueError(f"no scenario {scenario!r} ({nearest(scenario, study.scenario_ids)})")
    return study.scenario_ids.index(scenario)


def rivals_asked(
    report: Report, s: int, challenger: str, leader: str | None
) -> tuple[int, list[int]]:
    """Return the places of the challenger, and of those it is to get ahead of.

    Args:
        report: by `assess.evaluate`.
        s: the scenario.
        challenger: id.
        leader: id; all others that can be compared, if not said.

    Raises:
        ValueError: no such strategy, or one that cannot be compared; says why.
    """
    ids = list(report.study.strategies)
    for key in filter(None, (challenger, leader)):
        if key not in ids:
            raise ValueError(f"no strategy {key!r} ({nearest(key, ids)})")
    if challenger == leader:
        raise ValueError(f"leader and challenger are both {challenger!r}: name two strategies")
    totals = compared(report)[s]
    for key in filter(None, (challenger, leader)):
        if np.isnan(totals[ids.index(key)]):
            why = (
                "fails a gate that excludes"
                if report.excluded[s, ids.index(key)]
                else "has no total"
            )
            raise ValueError(f"{key!r} {why} in scenario {report.study.scenario_ids[s]!r}")
    there: NDArray[np.intp] = np.flatnonzero(~np.isnan(totals))
    at = ids.index(challenger)
    others = [ids.index(leader)] if leader else [t for t in there.tolist() if t != at]
    if not others:
        raise ValueError(f"no other strategy than {challenger!r} can be compared")
    return at, others
