"""Criterion by criterion: levels beside their worth, weak spots, and figures that are context."""

import re
from collections.abc import Iterator, Mapping

import numpy as np

from assess import tables
from assess.model import COLUMNS, Study, source_words
from assess.report import TIE, Report
from assess.rounding import few, points, sourced
from assess.summary.findings import by_strategy
from assess.summary.page import Section
from assess.summary.verdicts import names
from assess.support import levels_in, rows_in

WEAKEST = 3
BY_GROUP = "rated with its group"
LINE = 180
ABSENT = {"?": "unknown", "withheld": "withheld", "n/a": "not applicable"}


def levels_told(study: Study, s: int) -> Mapping[tuple[int, str], str]:
    """Return the levels that analysts with a voice give, with their unit, by (strategy, leaf).

    Several analysts give a range; a cell without a level of its own is left out.
    """
    tree, rows = study.tree, rows_in(study, s)
    heard = (tables.analyst_weights(study) > 0)[:, None, None]
    own = np.append(tables.places(study.ratings.criterion, tree.leaves) >= 0, False)[rows]
    levels = np.where(heard & own, levels_in(study, s), np.nan)
    told: dict[tuple[int, str], str] = {}
    for t, c in np.argwhere(~np.isnan(levels).all(axis=0)).tolist():
        leaf = tree.leaves[c]
        ends = [pick(levels[:, t, c]) for pick in (np.nanargmin, np.nanargmax)]
        low, high = (study.ratings.cell(int(rows[a, t, c]), "rating") for a in ends)
        alike = levels[ends[0], t, c] == levels[ends[1], t, c]
        text = tree.level_in_words(leaf, low if alike else f"{low} to {high}")
        told[t, leaf] = text if alike else re.sub("^level ", "levels ", text)
    return told


def leaves_alone(report: Report) -> Section | None:
    """Show what is rated, criterion by criterion, where a strategy has no total."""
    study, tree = report.study, report.study.tree
    if not np.isnan(report.score[0, :, 0]).any():
        return None
    levels = levels_told(study, 0)
    rows = []
    for node in tree.nodes[1:]:
        scores = report.score[0, :, report.node(node)]
        if not np.isnan(scores).all():
            cells = (_worth(levels.get((t, node), ""), score) for t, score in enumerate(scores))
            rows.append((tree.label(node), *cells))
    if not rows:
        return None
    lines = (f"Criteria with a score in scenario {study.scenarios[0].label}; they are no total.",)
    table = by_strategy(tuple(names(report)), "criterion", rows)
    return Section("Results by criterion", lines, table)


def _worth(level: str, score: float) -> str:
    """Return a level and what it is worth; of a group, whose score has no level, the score."""
    if np.isnan(score):
        return "-"
    return f"{level}, worth {points(score)} of 100" if level else f"score {points(score)} of 100"


def weak_spots(report: Report) -> Section | None:
    """Name the leaves on which each strategy falls furthest below what is acceptable there."""
    study, tree = report.study, report.study.tree
    levels = levels_told(study, 0)
    lines = []
    for t, name in enumerate(names(report)):
        below = []
        for leaf in tree.leaves:
            score, needed = report.score[0, t, report.node(leaf)], _needed(report, leaf)
            if score < needed - TIE:
                below.append((score - needed, score, leaf))
        worst = [
            f"{tree.label(leaf)} ({levels.get((t, leaf), BY_GROUP)}, worth {points(score)})"
            for _, score, leaf in sorted(below)
        ]
        if worst:
            lines.append(f"{name}: {few(worst, WEAKEST)}.")
    if not lines:
        return None
    return Section("Weak spots (furthest below acceptable; worth of 100)", tuple(lines))


def _needed(report: Report, leaf: str) -> float:
    """Return what is acceptable on a leaf; half way where it names no such level."""
    acceptable = float(report.acceptable[0, report.node(leaf)])
    return 0.5 if np.isnan(acceptable) else acceptable


def context(report: Report) -> Section | None:
    """Show the figures that are reported and never scored, with their source and caveats."""
    study = report.study
    lines = [line for key in study.tree.context for line in _figures(study, key)]
    if not lines:
        return None
    return Section("Context", ("Shown beside the scores; earns no value.", *lines))


def _figures(study: Study, key: str) -> Iterator[str]:
    """Yield the figures of one context criterion with their sources, then their caveats."""
    ratings, label = study.evidenced, study.tree.label(key)
    unit = study.tree.criteria[key].unit
    figures: dict[str, list[str]] = {}
    caveats: dict[str, list[str]] = {}
    for row in np.flatnonzero(ratings.criterion.matches(key)).tolist():
        cell = {name: ratings.cell(row, name) for name in COLUMNS}
        name = study.label(cell["strategy"])
        if cell["scenario"]:
            name += f" in {study.scenario(cell['scenario']).label}"
        level = ABSENT.get(cell["rating"], f"{cell['rating']} {unit}".strip())
        day = f" ({cell['date']})" if cell["date"] else ""
        source = sourced(source_words(cell["source"], study.sources), cell["vintage"], "")
        figures.setdefault(source, []).append(f"{name} {level}{day}")
        if caveat := shortened(cell["rationale"]):
            caveats.setdefault(caveat, []).append(name)
    for source, told in figures.items():
        yield f"{label}: {'; '.join(told)}." + (f" Source: {source}." if source else "")
    yield from (f"- {', '.join(which)}: {caveat}" for caveat, which in caveats.items())
    if figures and study.tree.criteria[key].notes:
        yield f"- Note: {shortened(study.tree.criteria[key].notes)}"


def shortened(text: str) -> str:
    """Return as many whole sentences as fit into about two lines; [...] stands for the rest.

    >>> long = "A mean of three years. " + "The monitors left. " * 99
    >>> shortened(long)[:41], shortened(long)[-24:]
    ('A mean of three years. The monitors left.', 'The monitors left. [...]')
    """
    words, told = " ".join(text.split()), ""
    if len(words) <= LINE:
        return words
    for sentence in words.split(". "):
        if len(told) + len(sentence) + len(". [...]") > LINE:
            break
        told += f"{sentence}. "
    if not told:
        told = words[: LINE - len(" [...]")].rpartition(" ")[0] + " "
    return f"{told}[...]"
