"""What it rests on: coverage and evidence, weights, context, method."""

from collections import Counter

import numpy as np

from assess import tables
from assess.model import Column, Study, effective_confidence
from assess.report import Report
from assess.rounding import counted, points
from assess.summary.page import Section, Table


def evidence(report: Report) -> Section:
    """Say what is rated, by whom, on what evidence, and what does not apply (C4)."""
    study = report.study
    ratings, cells = study.ratings, len(study.strategies) * len(study.tree.leaves)
    lines = [
        f"{counted(len(ratings), 'rating')} by {counted(len(study.analysts), 'analyst')}; "
        f"{int(report.missing[0, :, 0].sum())} of {cells} cells of strategy and criterion are "
        f"absent in scenario {study.scenarios[0].label}."
    ]
    marks = [(mark, int(ratings.rating.matches(mark).sum())) for mark in ("?", "withheld")]
    if any(count for _, count in marks):
        unknown, withheld = (count for _, count in marks)
        lines.append(f"Said to be unknown: {unknown}; withheld: {withheld}.")
    if len(ratings):
        lines.append(_shares(study))
    outside: dict[str, list[str]] = {}
    for (scenario, leaf), reason in tables.not_applicable(study).items():
        outside.setdefault(f"{study.tree.label(leaf)}: {reason}", []).append(scenario)
    for what, where in outside.items():
        told = "everywhere" if len(where) == len(study.scenarios) else ", ".join(where)
        lines.append(f"Not applicable ({told}): {what.rstrip('.')}.")
    if report.saturated:
        lines.append(f"Ratings beyond the end of a scale, counted as that end: {report.saturated}.")
    return Section("Coverage and evidence", tuple(lines))


def _shares(study: Study) -> str:
    """Say what the ratings rest on, by basis and by the confidence that the evidence allows."""
    ratings = study.ratings
    sourced = Column.of((~ratings.source.matches("")).astype(np.int32), ["", "named"])
    columns = (ratings.basis, ratings.confidence, ratings.grade, sourced)
    codes = np.stack([column.codes for column in columns], axis=1)
    bases: Counter[str] = Counter()
    allowed: Counter[str] = Counter()
    for row, count in zip(*np.unique(codes, axis=0, return_counts=True), strict=True):
        basis, *rest = (column.labels[i] for column, i in zip(columns, row, strict=True))
        bases[basis or "judgement"] += int(count)
        allowed[effective_confidence(*rest)] += int(count)
    parts = [
        ", ".join(f"{name} {points(table[name] / len(ratings))} %" for name in sorted(table))
        for table in (bases, allowed)
    ]
    return f"Basis: {parts[0]}. Confidence that the evidence allows: {parts[1]}."


def weights(report: Report) -> Section:
    """Say which weights were elicited, how, and which were not (C5)."""
    study, tree = report.study, report.study.tree
    lines = []
    for scenario in study.scenarios:
        held = tables.judged(study, scenario)
        groups = [node for node in tree.groups if len(tree.children[node]) > 1]
        methods = Counter(held[node].method.name for node in groups if node in held)
        told = ", ".join(f"{name} {count}" for name, count in methods.items())
        silent = len(groups) - methods.total()
        elicited = f"elicited at {methods.total()} of {len(groups)} nodes ({told or 'none'})"
        equal = f"; equal weights that nobody elicited at {silent}" if silent else ""
        source = scenario.weights_from
        lent = f" (those of {study.scenario(source).label})" if source else ""
        lines.append(f"{scenario.label}{lent}: {elicited}{equal}.")
    others = [node for node in tree.groups if tree.rule_of(node).name != "weighted_sum"]
    if others:
        told = ", ".join(f"{tree.label(node)} ({tree.rule_of(node).text})" for node in others)
        lines.append(f"Weights are importance coefficients, not trade-offs, under: {told}.")
    return Section("What the weights rest on", tuple(lines))


def context(report: Report) -> Section | None:
    """Show the figures that are reported and never scored."""
    study, tree = report.study, report.study.tree
    rows = []
    for key in tree.context:
        for row in np.flatnonzero(study.ratings.criterion.matches(key)).tolist():
            cell = {
                name: study.ratings.cell(row, name) for name in ("strategy", "rating", "source")
            }
            unit = tree.criteria[key].unit
            rating = f"{cell['rating']} {unit}".strip()
            rows.append((tree.label(key), study.label(cell["strategy"]), rating, cell["source"]))
    if not rows:
        return None
    lines = ("Shown beside the scores; earns no value.",)
    return Section("Context", lines, Table(("figure", "strategy", "level", "source"), tuple(rows)))


def method(report: Report) -> Section:
    """Print the settings."""
    method, widths = report.study.method, report.study.method.half_widths
    lines = (
        f"Pooling: {method.pooling.text}. Rule: {report.study.tree.rule.text} unless a node names "
        f"its own. Coverage floor: {points(method.coverage_floor)} %.",
        f"A rating is taken to be off by up to {widths.high:g}, {widths.moderate:g} or "
        f"{widths.low:g} points at high, moderate or low confidence; no score here depends on it.",
    )
    return Section("Method", lines)
