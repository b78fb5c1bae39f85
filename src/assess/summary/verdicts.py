"""Who has the highest point score in a scenario, and which missing ratings that depends on (C4)."""

from collections.abc import Iterable
from dataclasses import dataclass

from assess.report import GATE_STATUSES, TIE, Report
from assess.rounding import counted
from assess.summary.shares import leaf_weights

Cell = tuple[int, str]
MOST_NAMED = 3


@dataclass(frozen=True)
class Highest:
    """Who has the highest point score in a scenario, and what that depends on.

    Attributes:
        first: places of the strategies that share the highest score and pass their gates.
        open_to: places of those that missing ratings could put first.
        gates: strategies of `first` with an undecided gate that excludes, and the gate's leaf.
        cells: strategies and leaves without a level on which it depends: gates first, then those
            that hold most weight.
    """

    first: tuple[int, ...]
    open_to: tuple[int, ...]
    gates: tuple[Cell, ...]
    cells: tuple[Cell, ...]


def highest(report: Report, s: int) -> Highest:
    """Return who is highest in a scenario, and whether that holds at both bounds."""
    everyone = range(len(report.study.strategies))
    first = tuple(t for t in everyone if report.ranks[s, t, 0] == 1)
    rivals = tuple(
        t
        for t in everyone
        if not report.excluded[s, t]
        and any(report.high[s, t, 0] > report.low[s, f, 0] + TIE for f in first if f != t)
    )
    gates = tuple((t, leaf) for t in first for leaf in undecided(report, s, t))
    weight = dict(zip(report.study.tree.leaves, leaf_weights(report, s), strict=True))
    involved = sorted({*first, *rivals}) if rivals else ()
    absent = [(t, leaf) for t in involved for leaf in weight if is_absent(report, s, t, leaf)]
    rest = [cell for cell in absent if weight[cell[1]] > 0 and cell not in gates]
    rest.sort(key=lambda cell: -weight[cell[1]])
    return Highest(first, rivals, gates, (*gates, *rest))


def is_absent(report: Report, s: int, t: int, leaf: str) -> bool:
    """Whether nobody with a voice gives a strategy a level on a leaf that applies."""
    return bool(report.coverage[s, t, report.node(leaf)] == 0)


def undecided(report: Report, s: int, t: int) -> tuple[str, ...]:
    """Return the leaves whose excluding gate a strategy neither passes nor fails."""
    return tuple(leaf for leaf, status in excluding(report, s, t) if status == "undecided")


def excluding(report: Report, s: int, t: int) -> tuple[tuple[str, str], ...]:
    """Return the leaves whose gate excludes, each with a strategy's status."""
    criteria = report.study.tree.criteria
    return tuple(
        (leaf, GATE_STATUSES[code])
        for leaf, code in zip(report.gate_leaves, report.gates[s, t], strict=True)
        if (gate := criteria[leaf].gate) is not None and gate.consequence == "exclude"
    )


def rank_is_open(report: Report, s: int, t: int) -> bool:
    """Whether missing ratings could change the rank of a strategy that has one."""
    if not report.ranks[s, t, 0]:
        return False
    others = [u for u in range(len(report.study.strategies)) if u != t]
    score, low, high = (x[s, :, 0] for x in (report.score, report.low, report.high))
    return bool(undecided(report, s, t)) or any(
        not report.excluded[s, u]
        and (
            (low[t] <= high[u] + TIE and low[u] <= high[t] + TIE and not _exact(report, s, t, u))
            or (bool(undecided(report, s, u)) and not score[u] < score[t] - TIE)
        )
        for u in others
    )


def _exact(report: Report, s: int, t: int, u: int) -> bool:
    """Whether the bounds of two strategies are points, so that their order is known."""
    width = report.high[s, [t, u], 0] - report.low[s, [t, u], 0]
    return bool((width <= TIE).all())


def gates_told(report: Report, found: Highest) -> str:
    """Return in words which gates of the highest are undecided, and why; nothing if none is."""
    study = report.study
    if not found.gates:
        return ""
    whose = " and ".join(dict.fromkeys(names(report)[t] for t, _ in found.gates))
    leaves = list(dict.fromkeys(study.tree.label(leaf) for _, leaf in found.gates))
    subject = "gate undecided" if len(found.first) == 1 else f"gate of {whose} undecided"
    return f"{subject}: {' and '.join(leaves)} {'is' if len(leaves) == 1 else 'are'} not rated"


def depends_told(found: Highest) -> str:
    """Return in words on how many missing ratings it depends who is highest; nothing if none."""
    return f"depends on {counted(len(found.cells), 'missing rating')}" if found.cells else ""


def cells_told(report: Report, cells: Iterable[Cell]) -> str:
    """Name the first cells, criteria by strategy, and how many more there are."""
    study, given = report.study, list(cells)
    by_strategy: dict[int, list[str]] = {}
    for t, leaf in given[:MOST_NAMED]:
        by_strategy.setdefault(t, []).append(study.tree.label(leaf))
    told = "; ".join(
        f"{', '.join(leaves)} for {names(report)[t]}" for t, leaves in by_strategy.items()
    )
    more = len(given) - MOST_NAMED
    return f"{told}; and {more} more" if more > 0 else told


def names(report: Report) -> list[str]:
    """Return what reports call the strategies, in their order."""
    return list(map(report.study.label, report.study.strategies))
