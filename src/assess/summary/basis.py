"""What it rests on: coverage and evidence, weights, method."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from assess import tables
from assess.model import ABSENCE_MARKS, BASES, CONFIDENCES, Study
from assess.report import Report
from assess.rounding import counted, points
from assess.summary.page import Section
from assess.summary.shares import bases, confidences, scored_with_level, weight_on


def evidence(report: Report) -> Section:
    """Say what is rated, by whom, on what evidence, and what does not apply (C4)."""
    study = report.study
    ratings, cells = study.ratings, len(study.strategies) * len(study.tree.leaves)
    absent = int(report.missing[0, :, 0].sum())
    lines = [
        f"{counted(len(ratings), 'rating')} by {counted(len(study.analysts), 'analyst')}; "
        f"{absent} of {counted(cells, 'cell')} of strategy and criterion "
        f"{'is' if absent == 1 else 'are'} absent in scenario {study.scenarios[0].label}.",
        *_silence(study),
        *_shares(report),
    ]
    outside: dict[str, list[str]] = {}
    for (scenario, leaf), reason in tables.not_applicable(study).items():
        outside.setdefault(f"{study.tree.label(leaf)}: {reason}", []).append(scenario)
    for what, where in outside.items():
        everywhere = len(where) == len(study.scenarios)
        told = "everywhere" if everywhere else ", ".join(study.scenario(s).label for s in where)
        lines.append(f"Not applicable ({told}): {what.rstrip('.')}.")
    if report.saturated:
        lines.append(f"Ratings beyond the end of a scale, counted as that end: {report.saturated}.")
    return Section("Coverage and evidence", tuple(lines))


def _silence(study: Study) -> Iterator[str]:
    """Say how many ratings give no level, and that a cell may have one all the same."""
    marks = {"unknown": "?", "withheld": "withheld"}
    counts = {word: int(study.ratings.rating.matches(mark).sum()) for word, mark in marks.items()}
    told = [f"{count} {word}" for word, count in counts.items() if count]
    if told:
        total = sum(counts.values())
        yield (
            f"{counted(total, 'rating')} {'gives' if total == 1 else 'give'} no level "
            f"({', '.join(told)}); where another analyst gave one, the cell is not absent."
        )


def _shares(report: Report) -> Iterator[str]:
    """Say what the levels rest on, by basis and by the confidence that the evidence allows."""
    study = report.study
    counted_in = scored_with_level(study)
    if not counted_in.any():
        return
    total = int(counted_in.sum())
    weight = weight_on(report, 0, bases(study), len(BASES))
    by_basis = np.bincount(bases(study)[counted_in], minlength=len(BASES))
    by_confidence = np.bincount(confidences(study)[counted_in], minlength=len(CONFIDENCES))
    basis = ", ".join(
        f"{name} {points(count / total)} %, holding {points(share)} % of the weight"
        for name, count, share in zip(BASES, by_basis, weight, strict=True)
        if count
    )
    allowed = ", ".join(
        f"{name} {points(count / total)} %"
        for name, count in zip(CONFIDENCES, by_confidence, strict=True)
        if count
    )
    noun = "rating gives" if total == 1 else "ratings give"
    marks = [study.ratings.rating.matches(mark) for mark in ABSENCE_MARKS]
    context = tables.places(study.ratings.criterion, study.tree.context) >= 0
    beside = int((context & ~np.logical_or.reduce(marks)).sum())
    outside = int(study.ratings.rating.matches("n/a").sum())
    more = f", {beside:,} on a context figure" if beside else ""
    more += f", {outside:,} none as not applicable" if outside else ""
    yield (
        f"{total:,} {noun} a level on a scored criterion{more}. Basis: {basis}. Confidence that "
        f"the evidence allows: {allowed}."
    )


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
        of = study.scenario(source).label if source else scenario.weights_of
        lent = f" (those of {of})" if of else ""
        lines.append(f"{scenario.label}{lent}: {elicited}{equal}.")
    others = [node for node in tree.groups if tree.rule_of(node).name != "weighted_sum"]
    if others:
        told = ", ".join(f"{tree.label(node)} ({tree.rule_of(node).text})" for node in others)
        lines.append(f"Weights are importance coefficients, not trade-offs, under: {told}.")
    return Section("What the weights rest on", tuple(lines))


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
