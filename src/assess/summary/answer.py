"""The answer: who leads or has the highest point score, by how much, what that leaves out."""

from collections.abc import Iterator

import numpy as np

from assess.report import TIE, Report
from assess.rounding import apart, points
from assess.simulation import Simulation, verdicts
from assess.summary.page import Section
from assess.summary.sureness import elsewhere, headline
from assess.summary.verdicts import (
    Highest,
    cells_told,
    depends_told,
    gates_told,
    highest,
    names,
)


def answer(report: Report, simulation: Simulation | None = None) -> Section:
    """Say who leads, or without draws who has the highest point score, and by how much."""
    found = () if simulation is None else verdicts(simulation)
    tested = simulation is not None and not np.isnan(report.score[0, :, 0]).all()
    lines = [
        *(
            headline(report, simulation, found[0])
            if simulation and tested
            else _headline(report, 0)
        ),
        *_none_acceptable(report, 0),
        *_means_sentence(report, 0),
        *(elsewhere(simulation, found) if simulation and tested else _elsewhere(report)),
        *_excluded(report),
    ]
    return Section(f"Answer ({report.study.scenarios[0].label})", tuple(lines))


def _headline(report: Report, s: int) -> Iterator[str]:
    """Say who has the highest point score in a scenario, by how much, and on what it depends."""
    found, called = highest(report, s), names(report)
    score = report.score[s, :, 0]
    if not found.first:
        some = not np.isnan(score).all()
        yield "No strategy with a total passes its gates." if some else _no_total(report, s)
        return
    best = score[found.first[0]]
    rest = [t for t in range(len(called)) if report.ranks[s, t, 0] > 1]
    second = max(rest, key=lambda t: score[t], default=None)
    told = apart([best] if second is None else [best, score[second]])
    text = f"Highest point score: {' and '.join(called[t] for t in found.first)} {told[0]}"
    if second is not None:
        gap = apart([0.0, best - score[second]], 1)[1]
        text += f", next {called[second]} {told[1]} ({gap} points behind)"
    yield f"{text}; not tested against doubt."
    yield from _dependence(report, found)


def _no_total(report: Report, s: int) -> str:
    """Say that too little is rated, and how much is."""
    rated = report.coverage[s, :, 0]
    floor, least, most = apart([report.study.method.coverage_floor, rated.min(), rated.max()])
    share = least if least == most else f"{least} to {most}"
    return (
        f"No total: less than {floor} % of the weight is rated (the study's floor); {share} % is."
    )


def _dependence(report: Report, found: Highest) -> Iterator[str]:
    """Say on which missing ratings and undecided gates it depends who is highest (C4)."""
    if not found.cells:
        return
    text = f"This {depends_told(found)} ({cells_told(report, found.cells)})"
    if found.open_to:
        told = " or ".join(names(report)[t] for t in found.open_to)
        text += f", which could put {told} first"
    text += "."
    if gates := gates_told(report, found):
        subject, _, why = gates.partition(" undecided: ")
        subject = "Its gate" if len(found.first) == 1 else f"The {subject}"
        text += f" {subject} is undecided: {why}."
    yield text


def _none_acceptable(report: Report, s: int) -> Iterator[str]:
    """Say so where no strategy that passes its gates is acceptable."""
    bands, total = report.bands[s, :, 0], report.score[s, :, 0]
    eligible = ~report.excluded[s] & ~np.isnan(total)
    if not eligible.any() or set(bands[eligible].tolist()) != {"weak"}:
        return
    passing = " that passes its gates" if {"acceptable", "good"} & set(bands.tolist()) else ""
    acceptable = report.acceptable[s, 0]
    needed = apart([acceptable, *total[eligible]])[0]
    might = [
        name
        for t, name in enumerate(names(report))
        if not report.excluded[s, t] and report.high[s, t, 0] >= acceptable - TIE
    ]
    more = f"; missing ratings could lift {' or '.join(might)} to it" if might else ""
    yield f"None{passing} reaches acceptable ({needed}){more}."


def _means_sentence(report: Report, s: int) -> Iterator[str]:
    """Say so where the highest score on ends and on means are not the same strategy (C15)."""
    called = names(report)
    ends, means = report.ends[s], report.means[s]
    eligible = ~report.excluded[s]
    if not (eligible & ~np.isnan(ends)).any() or not (eligible & ~np.isnan(means)).any():
        return
    best = [np.nanmax(np.where(eligible, values, np.nan)) for values in (ends, means)]
    first = [
        {t for t in np.flatnonzero(eligible) if values[t] >= top - TIE}
        for values, top in zip((ends, means), best, strict=True)
    ]
    if not first[0] & first[1]:
        told = [" and ".join(called[t] for t in sorted(group)) for group in first]
        yield (
            f"Means and ends differ: on measures of effectiveness alone {told[0]} is highest "
            f"({points(best[0])}), on measures of performance alone {told[1]} ({points(best[1])})."
        )


def _elsewhere(report: Report) -> Iterator[str]:
    """Say who is highest in which scenario, and on what each of these depends."""
    study, called = report.study, names(report)
    by_name: dict[str, list[str]] = {}
    depends = False
    for s, scenario in enumerate(study.scenarios):
        found = highest(report, s)
        if not found.first:
            continue
        notes = "; ".join(filter(None, (gates_told(report, found), depends_told(found))))
        depends = depends or bool(notes and s)
        told = f"{scenario.label} ({notes})" if notes else scenario.label
        by_name.setdefault(" and ".join(called[t] for t in found.first), []).append(told)
    if len(by_name) > 1 or depends:
        yield "Highest by scenario; how many scenarios is not a verdict."
        yield from (f"- {name} in {', '.join(where)}." for name, where in by_name.items())


def _excluded(report: Report) -> Iterator[str]:
    """Say who fails an excluding gate, and where, unless it is everywhere."""
    study = report.study
    told = []
    for t, name in enumerate(names(report)):
        where = [
            item.label
            for item, out in zip(study.scenarios, report.excluded[:, t], strict=True)
            if out
        ]
        if where:
            everywhere = len(where) == len(study.scenarios)
            told.append(name + ("" if everywhere else f" (in {', '.join(where)})"))
    if told:
        yield f"Excluded by a failed gate: {', '.join(told)}."
