"""Over scenarios: decision criteria over worlds, who is ahead under every perspective (C13)."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from assess.model import Study
from assess.over_scenarios import OverWorlds, WorldSet, over_perspectives, over_worlds
from assess.report import TIE, Report
from assess.rounding import apart, counted, few, points, supported
from assess.simulation import Simulation
from assess.summary.page import Section, Table

NAMES = {
    "maximin": "worst world (maximin)",
    "maximax": "best world (maximax)",
    "hurwicz": "between the two (Hurwicz)",
    "laplace": "mean of worlds (Laplace)",
    "minimax_regret": "largest regret",
}
MOST_PAIRS = 6


def over_scenarios(report: Report, simulation: Simulation | None = None) -> Section | None:
    """Hold decision criteria against worlds under the same weights, and tell what always holds."""
    if len(report.study.scenarios) < 2 or np.isnan(report.score[:, :, 0]).all():
        return None
    found = over_worlds(report, simulation)
    lines = [*_worlds_told(found), *_perspectives_told(report)]
    lines += [*_authors(report.study)] if lines else []
    table = _table(found.sets[0]) if found.sets else None
    return Section("Over scenarios", tuple(lines), table) if lines else None


def _worlds_told(found: OverWorlds) -> Iterator[str]:
    study = found.study
    for place, held in enumerate(found.sets):
        yield from _set_told(study, held, shown=place == 0)
    if found.apart:
        called = few([study.scenario(key).label for key in found.apart])
        yield (
            f"Weights of their own, or criteria that do not apply: {called}. Totals there are in "
            "another unit, so no regret, maximin or mean takes them in."
        )
    if found.sets and found.no_expected:
        yield f"No expected value: {found.no_expected}."


def _set_told(study: Study, held: WorldSet, *, shown: bool) -> Iterator[str]:
    worlds = ", ".join(study.scenario(key).label for key in held.worlds)
    if held.swings is None:
        yield f"Worlds under the same weights: {worlds}."
    else:
        yield (
            f"Worlds made comparable by elicited swings: {worlds}. Their totals have no common "
            "zero, so only what compares strategies within a world is told."
        )
    if held.left_out:
        reasons: dict[str, list[str]] = {}
        for key, reason in held.left_out.items():
            reasons.setdefault(reason, []).append(study.label(key))
        told = "; ".join(f"{', '.join(names)} ({why})" for why, names in reasons.items())
        yield f"Left out: {told}."
    best = {name: _called(study, held.chosen(name)) for name in held.criteria}
    if len(set(best.values())) == 1:
        number = "both" if len(best) == 2 else "all five"
        yield f"Best by {number} criteria, in point scores: {next(iter(best.values()))}."
    else:
        each = "; ".join(f"{NAMES[name]}: {who}" for name, who in best.items())
        yield f"Best by each criterion, in point scores: {each}."
    yield from _deciding(study, held)
    if held.expected is not None and held.perfect_information is not None:
        values = zip(held.strategies, apart(held.expected), strict=True)
        told = ", ".join(f"{study.label(key)} {value}" for key, value in values)
        worth = points(held.perfect_information, 1)
        yield f"Expected value: {told}; knowing the world beforehand is worth {worth} points."
    yield from _reached(study, held)
    if held.missing:
        rests = counted(held.missing, "rating")
        yield f"These totals are partial: {rests} of them missing, counted over worlds."
    if held.drawn is not None and shown:
        yield from _drawn(study, held)


def _deciding(study: Study, held: WorldSet) -> Iterator[str]:
    """Say which world decides who has the least largest regret."""
    decides = held.deciding()
    for key in decides:
        others = _called(study, held.without(key))
        yield f"{study.scenario(key).label} decides: without it {others} would regret least."
    if not decides and len(held.strategies) > 1:
        yield "No world alone decides who regrets least."


def _reached(study: Study, held: WorldSet) -> Iterator[str]:
    """Say in which worlds strategies reach thresholds."""
    satisficing = held.satisficing
    if satisficing is None:
        return
    for place, (name, threshold) in enumerate(held.thresholds.items()):
        told = []
        for t, key in enumerate(held.strategies):
            inside = satisficing.worlds(place, t)
            if len(inside) == len(held.worlds):
                told.append(f"{study.label(key)} in all")
            elif inside:
                where = ", ".join(study.scenario(held.worlds[w]).label for w in inside)
                told.append(f"{study.label(key)} in {where}")
        yield f"Reaches {name} ({points(threshold)}): {'; '.join(told) or 'nobody anywhere'}."


def _drawn(study: Study, held: WorldSet) -> Iterator[str]:
    """Say in how many draws each regrets least, and how far that spreads."""
    assert held.drawn is not None
    (low, _, high), share, error = held.drawn.of("minimax_regret")
    told = "; ".join(
        f"{study.label(key)} in {supported(share[t], error[t])} %, largest regret "
        f"{points(low[t], 1)} to {points(high[t], 1)}"
        for t, key in enumerate(held.strategies)
    )
    yield f"Regrets least (of {held.drawn.draws:,} draws; 10 to 90 % of them): {told}."


def _authors(study: Study) -> Iterator[str]:
    """Say who wrote scenarios and strategies: a scenario may be made for a strategy."""
    scenarios = {scenario.label: scenario.author for scenario in study.scenarios}
    strategies = {study.label(key): item.author for key, item in study.strategies.items()}
    for noun, held in (("scenarios", scenarios), ("strategies", strategies)):
        by: dict[str, list[str]] = {}
        for name, author in held.items():
            by.setdefault(author.rstrip(".") or "nobody says who", []).append(name)
        if {*by} != {"nobody says who"}:
            told = "; ".join(
                f"{'all' if len(by) == 1 else ', '.join(names)}: {author}"
                for author, names in by.items()
            )
            yield f"Who wrote the {noun}: {told}."


def _perspectives_told(report: Report) -> Iterator[str]:
    """Say who is ahead of whom under every perspective; totals there have no common unit."""
    study, found = report.study, over_perspectives(report)
    if len(found.scenarios) < 2:
        return
    ranked = [t for t, row in enumerate(found.ranks) if (row > 0).all()]
    if len(ranked) < 2:
        return
    called = [study.label(key) for key in study.strategies]
    always, open_pairs = [], []
    for i, j in combinations(ranked, 2):
        if found.everywhere[i, j] or found.everywhere[j, i]:
            first, second = (i, j) if found.everywhere[i, j] else (j, i)
            always.append(f"{called[first]} ahead of {called[second]}")
        else:
            open_pairs.append(f"{called[i]} and {called[j]}")
    told = f"Under all {len(found.scenarios)} perspectives: {few(always, MOST_PAIRS)}."
    yield told if always else "Nobody is ahead of anybody under every perspective."
    if open_pairs:
        yield f"The order depends on the perspective: {few(open_pairs, MOST_PAIRS)}."


def _called(study: Study, keys: Sequence[str]) -> str:
    return " and ".join(study.label(key) for key in keys)


def _table(held: WorldSet) -> Table:
    """Show what each strategy comes to, and where its largest regret stands."""
    study = held.study
    columns = [apart(held.values(name), 1) for name in held.criteria]
    where = []
    for row in held.regret:
        top = [
            study.scenario(key).label
            for key, value in zip(held.worlds, row, strict=True)
            if value >= row.max() - TIE
        ]
        where.append(", ".join(top) if row.max() > TIE else "-")
    rows = [
        (study.label(key), *cells, place)
        for key, *cells, place in zip(held.strategies, *columns, where, strict=True)
    ]
    return Table(("strategy", *(NAMES[name] for name in held.criteria), "where"), tuple(rows))
