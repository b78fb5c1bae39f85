"""What would change who is highest: for each scenario, the nearest weight of one criterion."""

from itertools import groupby
from math import ceil, floor

import numpy as np

from assess.report import TIE, Report
from assess.rounding import points
from assess.sensitivity.paths import Dial, dial, folded
from assess.sensitivity.stability import Stability, compared, stability
from assess.summary.page import Section
from assess.summary.verdicts import names

MOST_TOLD = 3
MOST_DIGITS = 6
NOBODY_ELSE = "no other strategy has a total and passes its gates"


def what_would_change(report: Report) -> Section | None:
    """Say for every scenario which weight would have to be what, for another to be highest."""
    lines = [
        f"{scenario.label}{told}."
        for s, scenario in enumerate(report.study.scenarios)
        if (told := _told(report, s))
    ]
    if not lines:
        return None
    about = (
        "Who would be highest by point score if one weight alone were another one, its siblings "
        "keeping their proportions; the nearest first."
    )
    return Section("What would change it", (about, *lines))


def _told(report: Report, s: int) -> str:
    """Return what would change who is highest in a scenario; nothing where nobody is."""
    tree, called = report.study.tree, names(report)
    first = np.flatnonzero(report.ranks[s, :, 0] == 1).tolist()
    if not first:
        return ""
    if len(first) > 1:
        return f": {' and '.join(called[t] for t in first)} are level, any weight may decide"
    who = f" (now {called[first[0]]}): "
    if (~np.isnan(compared(report)[s])).sum() == 1:
        return f"{who}{NOBODY_ELSE}"
    top = tree.children[tree.id]
    if changes := _changes(report, s, top):
        return f"{who}{_listed(changes)}"
    below = tuple(node for node in tree.nodes[1:] if node not in top)
    if changes := _changes(report, s, below):
        return f"{who}{_listed(changes)}; no weight under the root alone"
    return f"{who}no weight alone"


def _listed(changes: list[tuple[str, str]]) -> str:
    """Return the first changes in words, those that follow one another with one result together."""
    groups = groupby(changes[:MOST_TOLD], key=lambda change: change[1])
    told = "; ".join(f"{', '.join(at for at, _ in some)}: {who}" for who, some in groups)
    more = len(changes) - MOST_TOLD
    return f"{told}; and {more} more" if more > 0 else told


def _changes(report: Report, s: int, criteria: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return weights at which others are highest, and who is, the nearest first."""
    tree, whole = report.study.tree, folded(report.study)
    found = stability(report, criteria, of_first=True, scenario=s)
    changes = []
    for node, above, at, challenger in _nearest(found, len(tree.nodes)):
        turned = dial(whole, tree.nodes[node])
        weight, who = _at_a_round_weight(report, turned, s, above, at)
        side, name = "above" if above else "below", who or names(report)[challenger]
        changes.append((f"{tree.label(turned.node)} at or {side} {weight}", name))
    return changes


def _nearest(found: Stability, nodes: int) -> list[tuple[int, bool, float, int]]:
    """Return (node, whether above, weight, challenger), nearest of all pairs on either side."""
    places: list[tuple[float, int, bool, float, int]] = []
    for node in range(nodes):
        rows = np.flatnonzero(found.criterion == node)
        for above, turns in ((False, found.below), (True, found.above)):
            away = np.abs(turns - found.weight)[rows]
            if not np.isnan(away).all():
                row = rows[np.nanargmin(away)]
                at, challenger = float(turns[row]), int(found.challenger[row])
                places.append((round(abs(at - found.weight[row]), 12), node, above, at, challenger))
    return [place[1:] for place in sorted(places)]


def _at_a_round_weight(
    report: Report, turned: Dial, s: int, above: bool, at: float
) -> tuple[str, str]:
    """Return a weight at which the order has turned, with few digits, and who is highest there.

    Args:
        report: whose strategies they are.
        turned: the weight that moves.
        s: the scenario.
        above: whether it turns above the present weight.
        at: where it turns.
    """
    called, out = names(report), np.isnan(compared(report)[s])
    first = report.ranks[s, :, 0] == 1
    for digits in range(MOST_DIGITS + 1):
        unit = 10.0 ** (digits + 2)
        start = ceil(at * unit - TIE) if above else floor(at * unit + TIE)
        now = points(float(turned.now[s]), digits)
        for weight in (start / unit, (start + (1 if above else -1)) / unit):
            told = points(weight, digits)
            if not 0 <= weight <= 1 or told == now:
                break
            totals = turned.totals(s, np.array([weight]))[0]
            others = np.where(out | first | np.isnan(totals), -np.inf, totals)
            ahead = others.max() - totals[first].max()
            if ahead > TIE:
                best = np.flatnonzero(others >= others.max() - TIE)
                return f"{told} % (now {now} %)", " and ".join(called[t] for t in best)
            if not ahead >= -TIE:  # only where both are level does the next round weight say it
                break
    return f"{points(at, MOST_DIGITS)} % (now {now} %)", ""
