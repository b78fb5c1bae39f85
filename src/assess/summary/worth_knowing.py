"""What to find out next, and whom to ask: worth of information in words."""

from collections.abc import Iterator

import numpy as np

from assess import tables
from assess.assessment import evaluate
from assess.rounding import few, points
from assess.simulation.information import InformationWorth
from assess.summary.doubt import next_steps
from assess.summary.page import Section, Summary, Table
from assess.support import rows_in
from assess.value_of_information import Worth

MOST_ROWS = 8
MOST_ASKED = 3
SMALL = 0.0005  # a worth that would be printed as 0.0 points


def summarise_worth(found: InformationWorth) -> Summary:
    """Return the page of what to find out next."""
    study = found.study
    sections = (
        Section(f"What it is worth to know more ({_label(found)})", tuple(_worth(found))),
        _criteria(found),
        _ratings(found),
        next_steps(evaluate(study)),
    )
    about = (
        f"Study {study.digest[:12]}",
        f"{found.draws:,} draws, seed {found.seed}. Weights are preferences: nothing is found out "
        "about them.",
    )
    made = tuple(section for section in sections if section and (section.lines or section.table))
    return Summary(f"{study.name}: what to find out next", about, study.banner, made)


def _label(found: InformationWorth) -> str:
    return found.study.scenario(found.scenario).label


def _worth(found: InformationWorth) -> Iterator[str]:
    """Say what one would choose today, and what knowing everything would be worth."""
    if not found.criteria:
        yield "There is nothing to choose between: fewer than two strategies have a total here."
        return
    study = found.study
    yield (
        f"By its mean total one would choose {study.label(found.choice)} today. Knowing every true "
        f"rating would make the choice {_points(found.everything)} points of 100 better on "
        "average: that is what it costs to be wrong."
    )
    if found.view.value > SMALL:
        yield (
            f"Knowing whose view is right, where analysts differ, would be worth "
            f"{_points(found.view)} points."
        )
    yield "Worths do not add up: what two answers tell together may be more or less."


def _points(worth: Worth) -> str:
    """Return a worth in points with its standard error, to the digits that it supports."""
    return f"{points(worth.value, 3)} (+/- {points(worth.error, 3)})"


def _criteria(found: InformationWorth) -> Section | None:
    """Show the leaves whose true levels, for all strategies at once, are worth most to know."""
    tree = found.study.tree
    leaves = {key: worth for key, worth in found.criteria.items() if key in tree.leaves}
    best = sorted(leaves, key=lambda key: -leaves[key].value)[:MOST_ROWS]
    rows = [(tree.label(key), _points(leaves[key])) for key in best if leaves[key].value > SMALL]
    if not rows:
        return None
    columns = ("criterion, for every strategy at once", "points")
    return Section("Criteria worth most to know", (), Table(columns, tuple(rows)))


def _ratings(found: InformationWorth) -> Section | None:
    """Show the single ratings that are worth most to know, what is said now, and whom to ask."""
    study = found.study
    best = sorted(found.ratings, key=lambda cell: -found.ratings[cell].value)[:MOST_ROWS]
    rows = []
    for strategy, leaf in best:
        if (worth := found.ratings[strategy, leaf]).value > SMALL:
            cell = f"{study.tree.label(leaf)}: {study.label(strategy)}"
            rows.append((cell, _points(worth), _now(found, strategy, leaf)))
    if not rows:
        return None
    lines = ("A rating that many gave apart is worth a talk; one that few gave is worth asking.",)
    columns = ("rating", "points", "said by how many, in points")
    return Section("Ratings worth most to know", lines, Table(columns, tuple(rows)))


def _now(found: InformationWorth, strategy: str, leaf: str) -> str:
    """Say who rated a cell, from what to what, and who did not."""
    study = found.study
    s, t = study.scenario_ids.index(found.scenario), list(study.strategies).index(strategy)
    here = rows_in(study, s)[:, t, study.tree.leaves.index(leaf)]
    worths = np.append(tables.levels(study)["rating"].worth, np.nan)[here]
    silent = [key for key, worth in zip(study.analysts, worths, strict=True) if np.isnan(worth)]
    asked = f"; ask {few(silent, MOST_ASKED)}" if silent else ""
    if np.isnan(worths).all():
        return f"nobody{asked}"
    low, high = points(np.nanmin(worths)), points(np.nanmax(worths))
    spread = low if low == high else f"{low} to {high}"
    return f"{len(worths) - len(silent)}: {spread}{asked}"
