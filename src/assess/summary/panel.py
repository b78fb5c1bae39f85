"""The panel: who rates, with which interests, and who wrote what is judged."""

from collections.abc import Iterator

import numpy as np

from assess.model import Study
from assess.report import Report
from assess.rounding import counted, few, mentions, points
from assess.summary.page import Section
from assess.support import levels_in


def panel(report: Report) -> Section | None:
    """Show every analyst: role, interests, ratings, and the strategies they wrote and rate."""
    study = report.study
    if not study.analysts:
        return None
    given = ~np.isnan(levels_in(study, 0))
    applies = ~np.isnan(report.coverage[0, 0, [report.node(leaf) for leaf in study.tree.leaves]])
    cells = int(applies.sum()) * len(study.strategies)
    lines = [
        _analyst(study, key, given[a] & applies, cells) for a, key in enumerate(study.analysts)
    ]
    title = f"Panel (share of cells rated in {study.scenarios[0].label})"
    return Section(title, (*lines, *_authors(study)))


def _analyst(study: Study, key: str, given: np.ndarray, cells: int) -> str:
    """Return one analyst in a line.

    Args:
        study: the study.
        key: id of the analyst.
        given: [strategy, leaf], where this analyst gives a level in the first scenario.
        cells: how many cells there are.
    """
    analyst = study.analysts[key]
    role = f", {analyst.role}" if analyst.role else ""
    count = int(study.ratings.analyst.matches(key).sum())
    rated = points(given.sum() / cells if cells else 0.0)
    text = f"{analyst.name or key}{role}: {counted(count, 'rating')}, {rated} % of cells."
    if not analyst.pooled:
        text += " Red team: reported, not pooled."
    elif _weights_differ(study):
        text += f" Weight in the panel: {analyst.weight:g}."
    for t, (strategy, item) in enumerate(study.strategies.items()):
        if mentions(item.author, key, analyst.name):
            own = "rates" if given[t].any() else "does not rate"
            text += f" Named as author of {study.label(strategy)}, and {own} it."
    return f"{text} Interests: {(analyst.interests or 'not stated').rstrip('.')}."


def _weights_differ(study: Study) -> bool:
    """Whether the declared weights of those who are pooled count, and are not all alike."""
    held = {analyst.weight for analyst in study.analysts.values() if analyst.pooled}
    return study.method.analyst_weights == "declared" and len(held) > 1


def _authors(study: Study) -> Iterator[str]:
    """Say who wrote the strategies and the scenarios, as far as the study says it."""
    called = {
        "strategies": [(study.label(k), item.author) for k, item in study.strategies.items()],
        "scenarios": [(item.label, item.author) for item in study.scenarios],
    }
    for kind, things in called.items():
        by_author: dict[str, list[str]] = {}
        for name, author in things:
            by_author.setdefault(author.strip().rstrip("."), []).append(name)
        if set(by_author) == {""}:
            yield f"Authors of {kind}: not stated."
            continue
        told = [
            f"{author or 'not stated'} ({'all' if len(which) == len(things) > 1 else few(which)})"
            for author, which in by_author.items()
        ]
        yield f"Authors of {kind}: {'; '.join(told)}."
