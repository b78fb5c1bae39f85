"""One score taken apart: down to leaves, ratings, analysts and evidence."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from assess import tables
from assess.contributions import contributions
from assess.evidence import confidences, stale
from assess.instrument import node_rules
from assess.intervals import value_intervals
from assess.model import (
    ABSENCE_MARKS,
    COLUMNS,
    CONFIDENCES,
    Study,
    ValueTree,
    nearest,
    source_words,
)
from assess.panel.pooled_distribution import pooled_interval
from assess.report import GATE_STATUSES, GateStatus, Report, wanted
from assess.rounding import mentions, points


@dataclass(frozen=True)
class RatingLine:
    """One rating as it entered a leaf: who, what, what it is worth, on what evidence.

    Attributes:
        row: of `study.ratings`.
        meaning: the unit of the level, or the anchor of an ordinal one.
        worth: 0 to 100; NaN where the rating is absent.
        low, high: 0 to 100, how far it may be off: the analyst's own ends, or the half-width of
            the confidence that the evidence allows (C8).
        weight: share of this analyst's voice among those who rated the leaf.
        confidence: that the evidence allows; empty where the rating is absent.
        grade, basis, vintage, date: of the rating, else of its registered source.
        source: titles of registered sources, else the text of the rating.
        pooled: false for a red team, whose ratings enter no score.
        author: whether the study names the analyst as an author of the strategy.
        remarks: what the evidence of a level lacks, and that it is stale.
    """

    row: int
    analyst: str
    level: str
    meaning: str
    worth: float
    low: float
    high: float
    weight: float
    confidence: str
    grade: str
    source: str
    rationale: str
    basis: str
    scenario: str
    vintage: str
    date: str
    pooled: bool
    author: bool
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """One node of the tree: its weight within its parent, its score and what it adds.

    Attributes:
        depth: 0 for the root.
        weight: within the parent, as judged.
        score, low, high: 0 to 100; NaN where there is none.
        contribution: points that all leaves below add to the total; NaN where there is no total.
        pooled: of a leaf, the 10th and 90th percentile of the linear pool of its analysts'
            distributions, 0 to 100; None where fewer than two with a voice give a level.
        note: why it has no score, or which rule makes it.
        ratings: of a leaf.
    """

    criterion: str
    depth: int
    weight: float
    score: float
    low: float
    high: float
    contribution: float
    pooled: tuple[float, float] | None
    note: str
    ratings: tuple[RatingLine, ...]


@dataclass(frozen=True)
class Explanation:
    """A score taken apart; `start` and the contributions of the leaves add up to `total`.

    Attributes:
        start: what the reference profile scores, every leaf half way; NaN where there is no total.
        total: 0 to 100; NaN where too little is rated.
        error: standard error of the contributions in points; 0 where they are exact.
        failed: names of the excluding gates that the strategy fails.
        undecided: names of the excluding gates on which nobody gives it a level.
        parts: every node, each before its children.
    """

    study: Study
    strategy: str
    scenario: str
    start: float
    total: float
    error: float
    failed: tuple[str, ...]
    undecided: tuple[str, ...]
    parts: tuple[Part, ...]

    def __str__(self) -> str:
        from assess.reporting.txt import render_explanation

        return render_explanation(self)


def explain(report: Report, *, strategy: str, scenario: str | None = None) -> Explanation:
    """Take one score apart.

    Args:
        report: where it stands.
        strategy: id.
        scenario: id; the first scenario of the study if none.

    Raises:
        ValueError: no such strategy or scenario; names the nearest.
        TypeError: it is no report; says what to write instead.

    >>> import assess
    >>> report = assess.evaluate(assess.load("mali"))
    >>> parts = assess.explain(report, strategy="protect_and_govern")
    >>> leaves = [part for part in parts.parts if part.ratings]
    >>> added = parts.start + sum(part.contribution for part in leaves)
    >>> abs(added - parts.total) < 1e-9
    True
    """
    if not isinstance(report, Report):
        raise TypeError(wanted("explain", report))
    study = report.study
    scenario = scenario or study.scenario_ids[0]
    for kind, given, choices in (
        ("strategy", strategy, tuple(study.strategies)),
        ("scenario", scenario, study.scenario_ids),
    ):
        if given not in choices:
            raise ValueError(f"no {kind} {given!r} ({nearest(given, choices)})")
    s, t = study.scenario_ids.index(scenario), list(study.strategies).index(strategy)
    start, total, error, by_leaf = _take_apart(report, s, t)
    lines = _rating_lines(study, s, t)
    parts = tuple(_part(report, s, t, node, by_leaf, lines) for node in study.tree.nodes)
    failed, undecided = (_gates(report, s, t, status) for status in ("fail", "undecided"))
    return Explanation(study, strategy, scenario, start, total, error, failed, undecided, parts)


def _gates(report: Report, s: int, t: int, status: GateStatus) -> tuple[str, ...]:
    """Return the names of the excluding gates with a status."""
    tree = report.study.tree
    return tuple(
        tree.label(leaf)
        for leaf, code in zip(report.gate_leaves, report.gates[s, t], strict=True)
        if GATE_STATUSES[code] == status
        and (gate := tree.criteria[leaf].gate) is not None
        and gate.consequence == "exclude"
    )


def _take_apart(report: Report, s: int, t: int) -> tuple[float, float, float, dict[str, float]]:
    """Return start, total and error in points, and the contribution of every leaf."""
    study, tree = report.study, report.study.tree
    if np.isnan(report.score[s, t, 0]):
        return float("nan"), float("nan"), 0.0, dict.fromkeys(tree.leaves, float("nan"))
    place = [report.node(leaf) for leaf in tree.leaves]
    weights = {node: w[0, 0, s, 0] for node, w in tables.weights(study).items()}
    values = report.score[s, t, place]
    found = contributions(tree, values, weights, node_rules(study))
    by_leaf = dict(zip(tree.leaves, (100 * found.by_leaf).tolist(), strict=True))
    return 100 * found.start, 100 * found.total, 100 * float(found.error.max()), by_leaf


def _part(
    report: Report,
    s: int,
    t: int,
    node: str,
    by_leaf: dict[str, float],
    lines: dict[str, tuple[RatingLine, ...]],
) -> Part:
    tree, at = report.study.tree, report.node(node)
    depth, above = 0, node
    while above != tree.id:
        above, depth = tree.criteria[above].parent or tree.id, depth + 1
    return Part(
        criterion=node,
        depth=depth,
        weight=float(report.weights[s, at]),
        score=100 * float(report.score[s, t, at]),
        low=100 * float(report.low[s, t, at]),
        high=100 * float(report.high[s, t, at]),
        contribution=sum(by_leaf[leaf] for leaf in tree.below(node)),
        pooled=pooled_interval(report, s, node, [line.row for line in lines.get(node, ())]),
        note="; ".join(_notes(report, s, t, node, lines.get(node, ()))),
        ratings=lines.get(node, ()),
    )


def _notes(
    report: Report, s: int, t: int, node: str, lines: tuple[RatingLine, ...]
) -> Iterator[str]:
    """Say why a node has no score, which rule makes it, and whether its weights were elicited."""
    study, tree, at = report.study, report.study.tree, report.node(node)
    scenario = study.scenarios[s]
    coverage = report.coverage[s, t, at]
    if np.isnan(coverage):
        reasons = tables.not_applicable(study)
        why = {reasons[scenario.id, leaf] for leaf in tree.below(node)}
        yield f"not applicable: {'; '.join(sorted(why))}"
    elif node not in tree.children and coverage == 0:
        yield f"not rated{_silence(lines)}"
    elif np.isnan(report.score[s, t, at]):
        rated = f"{points(coverage)} % of its weight is rated"
        counts = coverage > 0 and node != tree.id and not np.isnan(report.score[s, t, 0])
        told = "counted in the total, shown without a score of its own" if counts else "no score"
        yield f"{told}: {rated}"
    if node in tree.children and tree.rule_of(node).name != "weighted_sum":
        yield tree.rule_of(node).text
    several = len(tree.children.get(node, ())) > 1
    if several and node not in tables.judged(study, scenario):
        yield "equal weights, nobody elicited them"


def _silence(lines: tuple[RatingLine, ...]) -> str:
    """Say in brackets why a leaf with rating lines has no level; nothing where there are none."""
    words = {"?": "said unknown", "withheld": "withheld"}
    unheard = {True: "by analysts without weight", False: "by a red team"}
    counts = Counter(words.get(line.level, unheard[line.pooled]) for line in lines)
    told = ", ".join(f"{count} {word}" for word, count in counts.items())
    return f" ({told})" if told else ""


def _rating_lines(study: Study, s: int, t: int) -> dict[str, tuple[RatingLine, ...]]:
    """Return the ratings in use for one strategy in one scenario, by leaf."""
    grid = tables.row_grid(study)
    grid = grid[:, min(s, grid.shape[1] - 1), t, :]
    strategy = list(study.strategies)[t]
    lines: dict[str, tuple[RatingLine, ...]] = {}
    for c, leaf in enumerate(study.tree.leaves):
        rows = [int(row) for row in grid[:, c] if row >= 0]
        found = [_line(study, strategy, row) for row in rows]
        voices = sum(line.weight for line in found if not np.isnan(line.worth)) or 1.0
        told = sorted(found, key=lambda line: not line.pooled)
        lines[leaf] = tuple(_share(line, voices) for line in told)
    return lines


def _line(study: Study, strategy: str, row: int) -> RatingLine:
    ratings, tree = study.evidenced, study.tree
    cell = {name: ratings.cell(row, name) for name in COLUMNS}
    analyst = study.analysts[cell["analyst"]]
    found = value_intervals(study)
    low, value, high = (100 * float(x[row]) for x in (found.low, found.mode, found.high))
    return RatingLine(
        row=row,
        analyst=cell["analyst"],
        level=cell["rating"],
        meaning=_meaning(tree, cell["criterion"], cell["rating"]),
        worth=value,
        low=low,
        high=high,
        weight=float(tables.analyst_weights(study)[list(study.analysts).index(cell["analyst"])]),
        confidence="" if np.isnan(value) else CONFIDENCES[confidences(study)[row]],
        grade=cell["grade"],
        source=source_words(cell["source"], study.sources),
        rationale=cell["rationale"],
        basis=cell["basis"] or "judgement",
        scenario=cell["scenario"],
        vintage=cell["vintage"],
        date=cell["date"],
        pooled=analyst.pooled,
        author=mentions(study.strategies[strategy].author, cell["analyst"], analyst.name),
        remarks=() if np.isnan(value) else tuple(_remarks(study, cell, bool(stale(study)[row]))),
    )


def _remarks(study: Study, cell: Mapping[str, str], old: bool) -> Iterator[str]:
    """Say what the evidence of a level lacks, and whether it is stale."""
    lacking = [name for name in ("source", "grade") if not cell[name]]
    if lacking:
        yield "no evidence named" if len(lacking) == 2 else f"no {lacking[0]} named"
    if old:
        yield f"evidence over {study.method.evidence.stale_after_days:,} days old"


def _meaning(tree: ValueTree, criterion: str, level: str) -> str:
    """Return the anchor of an ordinal level, or the unit of a number; nothing for an absence."""
    scale = tree.rating_scale(criterion)
    if level in ABSENCE_MARKS or scale is None:
        return ""
    if isinstance(scale.levels, Mapping):
        return f"({scale.levels[level].anchor})"
    return tree.level_in_words(criterion, level).removeprefix(level).strip()


def _share(line: RatingLine, voices: float) -> RatingLine:
    return replace(line, weight=0.0 if np.isnan(line.worth) else line.weight / voices)
