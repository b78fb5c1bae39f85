"""How sure, and what to do next: confidence by weight, and the ratings that matter most."""

from collections.abc import Iterator

import numpy as np

from assess.evidence import confidences
from assess.model import CONFIDENCES
from assess.report import Report
from assess.rounding import few, points
from assess.summary.page import Section
from assess.summary.shares import leaf_weights, weight_on
from assess.summary.verdicts import is_absent, names, undecided
from assess.support import rows_in, voices

MOST_STEPS = 3


def confidence(report: Report) -> Section:
    """Say what share of the weight rests on ratings of which confidence."""
    study = report.study
    shares = weight_on(report, 0, confidences(study), len(CONFIDENCES))
    told = [
        f"{name} {points(share)} %"
        for name, share in zip(CONFIDENCES, shares, strict=True)
        if share > 0
    ]
    if (rest := 1 - float(shares.sum())) > 0.0005:
        told.append(f"not rated {points(rest)} %")
    line = (
        f"Share of the weight in scenario {study.scenarios[0].label} by the confidence that the "
        f"evidence allows (mean of the strategies): {', '.join(told)}."
    )
    return Section("Confidence", (line,))


def next_steps(report: Report) -> Section | None:
    """Name the missing and the low-confidence ratings that matter most, by weight."""
    eligible = [t for t in range(len(names(report))) if not report.excluded[0, t]]
    if not eligible:
        return None
    steps = [*_gates(report, eligible), *_by_weight(report, eligible)][:MOST_STEPS]
    return Section("Next (what matters most, by weight)", tuple(steps)) if steps else None


def _gates(report: Report, eligible: list[int]) -> Iterator[str]:
    """Yield the undecided gates of the strategies that could be highest."""
    waiting: dict[str, list[int]] = {}
    for t in eligible:
        for leaf in undecided(report, 0, t):
            waiting.setdefault(leaf, []).append(t)
    for leaf, strategies in waiting.items():
        told = _whose(report, strategies, eligible)
        yield f"Rate {report.study.tree.label(leaf)} for {told}: a gate is undecided."


def _by_weight(report: Report, eligible: list[int]) -> Iterator[str]:
    """Yield the leaves whose weight rests most on nothing, or on low confidence."""
    study, tree = report.study, report.study.tree
    rows, share = rows_in(study, 0), voices(study, 0)
    low = np.append(confidences(study) == CONFIDENCES.index("low"), False)[rows]
    doubtful = (share * low).sum(axis=0)
    gated = {(t, leaf) for t in eligible for leaf in undecided(report, 0, t)}
    found: list[tuple[float, str]] = []
    for c, weight in enumerate(leaf_weights(report, 0)):
        leaf = tree.leaves[c]
        absent = [t for t in eligible if is_absent(report, 0, t, leaf)]
        absent = [t for t in absent if (t, leaf) not in gated]
        weak = [t for t in eligible if doubtful[t, c] > 0]
        weighs = f"it holds {points(weight, 1)} % of the weight"
        if absent:
            told = f"Rate {tree.label(leaf)} for {_whose(report, absent, eligible)}: {weighs}."
            found.append((weight * len(absent), told))
        if weak:
            told = f"Find firmer evidence on {tree.label(leaf)} for "
            told += f"{_whose(report, weak, eligible)}: low confidence, and {weighs}."
            found.append((weight * doubtful[weak, c].sum(), told))
    found = [step for step in found if step[0] > 0]
    yield from (told for _, told in sorted(found, key=lambda step: -step[0]))


def _whose(report: Report, strategies: list[int], eligible: list[int]) -> str:
    """Name strategies; in one word where they are all that can be highest."""
    called = names(report)
    if strategies == eligible and len(eligible) > 1:
        everyone = len(eligible) == len(called)
        return "every strategy" if everyone else "every strategy that is not excluded"
    return few([called[t] for t in strategies])
