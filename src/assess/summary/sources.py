"""Where the doubt comes from, in words and a table: by source and by top criterion."""

from collections.abc import Iterator, Sequence

import numpy as np

from assess.assessment import evaluate
from assess.rounding import points
from assess.simulation import VarianceShares
from assess.simulation.mixtures import PARTS, SOURCES
from assess.simulation.sources import LEVEL
from assess.summary.page import Section, Table
from assess.variance import Estimate, Indices

NAMES = {
    "own": "within analysts (own error)",
    "analysts": "between analysts",
    "shared": "shared error",
    "weights": "weights",
    "worths": "worths of levels",
    "absences": "missing ratings",
    "halo": "- halo",
    "leniency": "- leniency",
    "common": "- common",
}
COMMON = {
    "analysts": "who is asked",
    "weights": "weights",
    "leniency": "leniency",
    "worths": "worths of levels",
}
WHOLE = {
    "own": "each analyst's own error",
    "analysts": "disagreement between analysts",
    "shared": "errors that ratings share",
    "weights": "the weights",
    "worths": "what levels are worth",
    "absences": "missing ratings",
}
REMEDIES = {
    "own": "firmer evidence for the ratings narrows it",
    "analysts": "let the analysts talk through where they differ most, and rate again",
    "shared": "ask more analysts, who rate apart from one another, on other sources, and one "
    "criterion at a time across all strategies",
    "weights": "elicit the weights more closely, from those who decide",
    "worths": "settle what the levels of the scales are worth",
    "absences": "rate what is missing",
}


def doubt_sources(shares: VarianceShares) -> Section:
    """Say which source of doubt matters for the two best strategies of the first scenario."""
    study = shares.study
    title = f"Where the doubt comes from ({study.scenarios[0].label})"
    best = _best(shares)
    if not best:
        return Section(title, ("No strategy has a total and passes its gates.",))
    indices, effects, what = _output(shares, best)
    if indices.variance == 0:
        return Section(title, (f"Nothing is in doubt about {what}: every draw gives the same.",))
    lines = (
        f"Shares of the variance of {what}, in {shares.draws:,} draws. First-order: what would "
        "vanish on average if this alone were known; total: with all that it does together with "
        f"others; {points(LEVEL)} % intervals.",
        _verdict(indices),
        _by_criterion(shares, effects),
    )
    columns = ("", "first-order", "interval", "total", "interval")
    return Section(title, lines, Table(columns, tuple(_rows(shares, indices))))


def _best(shares: VarianceShares) -> list[str]:
    """Return the one or two strategies with the highest points scores, of those with margins."""
    study, report = shares.study, evaluate(shares.study)
    score = np.where(report.excluded[0], np.nan, report.score[0, :, 0])
    open_to = {key for pair in shares.pairs for key in pair} or set(study.strategies)
    placed = sorted(
        (-value, place, key)
        for place, (key, value) in enumerate(zip(study.strategies, score.tolist(), strict=True))
        if key in open_to and not np.isnan(value)
    )
    return [key for _, _, key in placed[:2]]


def _output(shares: VarianceShares, best: list[str]) -> tuple[Indices, Estimate, str]:
    """Return indices [source] and effects [player] of a margin or a total, and what it is."""
    names = [shares.study.label(key) for key in best]
    if len(best) == 1:
        place = list(shares.study.strategies).index(best[0])
        indices, effects = shares.totals, shares.total_effects
        what = f"the total of {names[0]}"
    else:
        pair = best if tuple(best) in shares.pairs else best[::-1]
        place = shares.pairs.index((pair[0], pair[1]))
        indices, effects = shares.margins, shares.margin_effects
        what = f"how far {names[0]} is ahead of {names[1]}"
    of = Indices(indices.variance[0, place], _one(indices.first, place), _one(indices.total, place))
    return of, _one(effects, place), what


def _one(estimate: Estimate, place: int) -> Estimate:
    """Return one output of the first scenario [source or player]."""
    return Estimate(estimate.value[:, 0, place], estimate.error[:, 0, place], estimate.batches)


def _verdict(indices: Indices) -> str:
    """Say which source brings most, or which cannot be told apart, and what would reduce it."""
    names = list(SOURCES)
    low, high = (end[: len(names)] for end in indices.total.interval(LEVEL))
    first, second = np.argsort(-indices.total.value[: len(names)], kind="stable")[:2].tolist()
    if high[second] > low[first]:
        told = (
            f"{WHOLE[names[first]]} and {WHOLE[names[second]]}, which these draws cannot tell apart"
        )
        remedies = f"{REMEDIES[names[first]]}; {REMEDIES[names[second]]}"
    else:
        told, remedies = WHOLE[names[first]], REMEDIES[names[first]]
    return f"The most doubt comes from {told}. What would reduce it: {remedies}."


def _by_criterion(shares: VarianceShares, effects: Estimate) -> str:
    """List the Shapley effects, largest first."""
    tree = shares.study.tree
    labels = [*map(tree.label, shares.criteria), *(COMMON[name] for name in shares.common)]
    low, high = effects.interval(LEVEL)
    order: list[int] = np.argsort(-effects.value, kind="stable").tolist()
    told = [
        f"{labels[j]} {points(effects.value[j])} % ({_range(low[j], high[j])})"
        for j in order
        if effects.value[j] > 0
    ]
    return (
        "By top criterion, beside what all criteria have in common (Shapley effects, which add up "
        f"to 100 %): {', '.join(told)}."
    )


def _rows(shares: VarianceShares, indices: Indices) -> Iterator[tuple[str, ...]]:
    """Yield a row a source, and a row for each part of the shared error where it has several."""
    some = [name for name in PARTS if indices.total.value[shares.sources.index(name)] > 0]
    shown: list[str] = []
    for name in SOURCES:
        shown += [name, *(some if name == "shared" and len(some) > 1 else ())]
    for name in shown:
        place = shares.sources.index(name)
        if indices.total.value[place] == 0:
            yield NAMES[name], "nothing", "", "nothing", ""
        else:
            yield NAMES[name], *_cells(indices.first, place), *_cells(indices.total, place)


def _cells(estimate: Estimate, place: int) -> Sequence[str]:
    low, high = estimate.interval(LEVEL)
    return f"{points(max(estimate.value[place], 0.0))} %", _range(low[place], high[place])


def _range(low: float, high: float) -> str:
    """Return an interval of a share, cut at 0 and 1."""
    return f"{points(max(low, 0.0))} to {points(min(high, 1.0))}"
