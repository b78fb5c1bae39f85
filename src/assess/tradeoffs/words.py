"""Exchange rates in sentences, the largest first: absurd weights show there."""

from collections.abc import Iterator
from math import isnan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assess.tradeoffs.rates import Tradeoff, Tradeoffs


def lines(found: "Tradeoffs") -> Iterator[str]:
    """Yield what a reader needs to know, then each exchange rate, the largest swing first."""
    study, tree = found.study, found.study.tree
    yield f"Trade-offs that the weights imply: {study.scenario(found.scenario).label}"
    if study.banner:
        yield study.banner
    scale, unit = tree.scale_of(found.against), tree.criteria[found.against].unit
    way = "falls" if scale is not None and scale.falling else "rises"
    yield (
        f"As good as a criterion going from the worst end of its scale to the best is that "
        f"{tree.label(found.against)} {way} by{f' so many {unit}' if unit else ''}:"
    )
    swings = [row for row in found.rows if row.kind == "swing"]
    for swing in sorted(swings, key=lambda row: -(0.0 if isnan(row.times) else row.times)):
        yield f"- {sentence(found, swing)}"
        steps = [row for row in found.rows if row.criterion == swing.criterion]
        yield from (f"  {told}" for told in _inside(found, steps))
    if not all(row.exact for row in found.rows):
        yield f"(here) holds at one point alone: {_point(found)}."
    unsigned = sum(row.endorsed.startswith("not endorsed") for row in swings)
    yield f"Not endorsed: {unsigned} of {len(swings)}."


def _point(found: "Tradeoffs") -> str:
    if not found.at:
        return "every criterion at half of its worth"
    more = f", and what is not rated ({found.filled}) at half of its worth"
    return f"where {found.study.label(found.at)} stands{more if found.filled else ''}"


def sentence(found: "Tradeoffs", swing: "Tradeoff") -> str:
    """Return one swing in words: from where to where, what it counts for, who signed it."""
    tree = found.study.tree
    name, unit = tree.label(swing.criterion), tree.criteria[swing.criterion].unit
    scale = tree.scale_of(swing.criterion)
    ordinal = scale is not None and scale.ordinal
    move = f"level {swing.start} to {swing.end}" if ordinal else f"{swing.start} to {swing.end}"
    move += f" {unit}" if unit and not ordinal else ""
    return f"{name}, {move}: {_counted(found, swing)}{_here(swing)}; {swing.endorsed}"


def _inside(found: "Tradeoffs", rows: list["Tradeoff"]) -> Iterator[str]:
    """Yield the steps of an ordinal scale in one line, and a rate in one."""
    steps = [row for row in rows if row.kind == "step"]
    if steps:
        each = (f"{row.start} to {row.end}: {_counted(found, row)}" for row in steps)
        yield f"step by step, {'; '.join(each)}{_here(steps[0])}"
    for row in (row for row in rows if row.kind == "rate"):
        unit = found.study.tree.criteria[row.criterion].unit
        where = f"at {row.start} {unit}".rstrip()
        told = f"{where}, one more of it towards the best: {_counted(found, row)}"
        if _differ(row.amount, row.amount_below):
            told += f"; towards the worst: {_size(row.amount_below)}"
        yield f"{told}{_here(row)}"


def _differ(one: float, other: float) -> bool:
    return isnan(one) != isnan(other) or abs(one - other) > 1e-3 * max(abs(one), abs(other))


def _here(row: "Tradeoff") -> str:
    return "" if row.exact else " (here)"


def _counted(found: "Tradeoffs", row: "Tradeoff") -> str:
    """Return an amount with its unit, and how many whole scales where it is more than one."""
    if isnan(row.times):
        return "no amount, the total does not move with it"
    if isnan(row.amount):
        return f"{_size(row.times)} times the whole scale"
    unit = found.study.tree.criteria[found.against].unit if row.kind == "swing" else ""
    more = f", {_size(row.times)} times the whole scale" if row.beyond else ""
    return f"{_size(row.amount)} {unit}".rstrip() + more


def _size(number: float) -> str:
    """Return a number to three digits, without an exponent where it is large.

    >>> _size(2512.3), _size(0.01234), _size(1.5), _size(float("nan"))
    ('2,510', '0.0123', '1.5', 'none')
    """
    if isnan(number):
        return "none"
    rounded = float(f"{number:.3g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 1000 else f"{rounded:.3g}"
