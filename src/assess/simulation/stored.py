"""Tallies as plain data for JSON, and back: exact, short, and held together."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from assess.json_content import keyed
from assess.model import Study, shown
from assess.simulation.engine import EVERY, Tallies, draw_block
from assess.simulation.plan import plan
from assess.simulation.tally import GRID, SHARE, Bounds, Order, Tally

Counts = NDArray[np.int64]
Ranges = tuple[tuple[int, int], ...]
OrderOrBounds = TypeVar("OrderOrBounds", Order, Bounds)
HISTOGRAMS = ("total", "group", "leaf", "margin")
PARTS = ("declared", "independent", "halo", "centre", "missing")
EXACT = 16  # so many strategies share any place exactly in units of 1 / SHARE
CLOSE = 1e-9


def tallies_to_json(tallies: Tallies) -> dict[str, Any]:
    """Return tallies as plain data: whole numbers alone, so that nothing is lost.

    Arrays are nested lists; a histogram is written [first, [counts...]], its empty ends left out.
    """
    return {name: _plain(getattr(tallies, name)) for name in PARTS}


def _plain(value: Order | Tally | Bounds | None) -> dict[str, Any] | None:
    return None if value is None else dict(_items(value))


def _items(counted: Order | Tally | Bounds) -> Iterator[tuple[str, Any]]:
    for field in fields(counted):
        value = getattr(counted, field.name)
        if isinstance(value, Order):
            yield field.name, _plain(value)
        elif not isinstance(value, np.ndarray):
            yield field.name, value
        else:
            yield field.name, _trimmed(value) if field.name in HISTOGRAMS else value.tolist()


def _trimmed(counts: Counts) -> list[Any]:
    """Return histograms without their empty ends: nested lists of [first, [counts...]]."""
    if counts.ndim > 1:
        return [_trimmed(row) for row in counts]
    some = np.flatnonzero(counts)
    first, last = (int(some[0]), int(some[-1]) + 1) if len(some) else (0, 0)
    return [first, counts[first:last].tolist()]


def tallies_from_json(given: Any, study: Study, blocks: Ranges) -> Tallies:
    """Return tallies from plain data, once they are known to hold together.

    Args:
        given: what `tallies_to_json` made.
        study: what they were drawn from; it says how many strategies, nodes and bins there are.
        blocks: which blocks were drawn, as ranges (first, one after the last).

    Raises:
        ValueError: a part is missing, has another shape, or the counts do not add up; says where.
    """
    like, size = draw_block(study, 0, 0), plan(study).block
    held = keyed("tallies", given, PARTS)
    declared = _tally("tallies.declared", held["declared"], like.declared)
    _check_tally("tallies.declared", declared, size * sum(b - a for a, b in blocks))
    drawn = size * sum(-(-b // EVERY) - (-(-a // EVERY)) for a, b in blocks)
    found: dict[str, Any] = {}
    for name in PARTS[1:]:
        where, part, kind = f"tallies.{name}", held[name], getattr(like, name)
        expected = bool(drawn) and kind is not None
        if (part is not None) != expected:
            wanted = f"an object of {drawn:,} draws" if expected else "null"
            raise ValueError(f"{where} is {shown(part)}, expected {wanted}")
        found[name] = None if part is None else _counted(where, part, kind)
        if isinstance(found[name], Bounds):
            _check_bounds(where, found[name], drawn)
        elif part is not None:
            _check_order(where, found[name], drawn)
    return Tallies(declared, **found)


def _tally(where: str, given: Any, like: Tally) -> Tally:
    parts = keyed(where, given, tuple(field.name for field in fields(Tally)))
    arrays = {
        name: _array(f"{where}.{name}", part, getattr(like, name), name in HISTOGRAMS)
        for name, part in parts.items()
        if name != "order"
    }
    return Tally(order=_counted(f"{where}.order", parts["order"], like.order), **arrays)


def _counted(where: str, given: Any, like: OrderOrBounds) -> OrderOrBounds:
    """Return counts of the kind and the shapes of others."""
    parts = keyed(where, given, tuple(field.name for field in fields(like)))
    _check_whole(f"{where}.draws", parts["draws"])
    arrays = {
        name: _array(f"{where}.{name}", part, getattr(like, name), name in HISTOGRAMS)
        for name, part in parts.items()
        if name != "draws"
    }
    return type(like)(draws=parts["draws"], **arrays)


def _array(where: str, given: Any, like: Counts, histogram: bool) -> Counts:
    """Return an array of the shape of another, once the lists are known to have it."""
    found = np.zeros(like.shape, dtype=np.int64)
    _fill(found, given, where, histogram)
    return found


def _fill(found: Counts, given: Any, where: str, histogram: bool) -> None:
    if histogram and found.ndim == 1:
        _fill_bins(found, given, where)
        return
    if not isinstance(given, list) or len(given) != len(found):
        raise ValueError(f"{where} is {_told(given)}, expected a list of {len(found)}")
    for place, item in enumerate(given):
        if found.ndim > 1:
            _fill(found[place], item, f"{where}[{place}]", histogram)
        else:
            _check_whole(f"{where}[{place}]", item)
            found[place] = item


def _fill_bins(found: Counts, given: Any, where: str) -> None:
    match given:
        case [int(first), [*counts]] if type(first) is int and first >= 0:
            if first + len(counts) > len(found):
                told = f"from bin {first:,} on, expected {len(found):,} bins in all"
                raise ValueError(f"{where} holds {len(counts):,} counts {told}")
            for place, count in enumerate(counts):
                _check_whole(f"{where}[1][{place}]", count)
            found[first : first + len(counts)] = counts
        case _:
            raise ValueError(f"{where} is {shown(given)}, expected [first bin, [counts]]")


def _told(given: Any) -> str:
    return f"a list of {len(given)}" if isinstance(given, list) else shown(given)


def _check_whole(where: str, given: Any) -> None:
    if type(given) is not int or not 0 <= given < 2**63:
        raise ValueError(f"{where} is {shown(given)}, expected a whole number from 0")


def _check_order(where: str, order: Order, draws: int) -> None:
    """Refuse counts that are not those of so many draws."""
    _check_draws(where, order.draws, draws)
    if order.rank.shape[-1] <= EXACT:
        for axis, of in ((2, "strategy"), (1, "rank")):
            total = order.rank.sum(axis=axis)
            told = f"shares of a {of} add up to {{:,}}, expected {SHARE * draws:,}"
            _refuse(f"{where}.rank", total != SHARE * draws, total, told)
    both = order.ahead + order.behind
    told = f"ahead and behind add up to {{:,}}, more than the {draws:,} draws"
    _refuse(f"{where}.ahead", both > draws, both, told)
    _check_bins(f"{where}.margin", order.margin, draws)


def _check_bounds(where: str, bounds: Bounds, draws: int) -> None:
    """Refuse counts at the bounds of what is missing that are not those of so many draws."""
    _check_draws(where, bounds.draws, draws)
    counts = bounds.ahead
    _refuse(f"{where}.ahead", counts > draws, counts, f"is {{:,}} of {draws:,} draws")
    _check_bins(f"{where}.margin", bounds.margin, draws)


def _check_draws(where: str, given: int, draws: int) -> None:
    if given != draws:
        raise ValueError(f"{where}.draws is {given:,}, expected {draws:,}: those of `blocks`")


def _check_tally(where: str, tally: Tally, draws: int) -> None:
    """Refuse counts and sums that are not those of so many draws, or not of one another."""
    _check_order(f"{where}.order", tally.order, draws)
    for name in ("total", "group", "leaf"):
        _check_bins(f"{where}.{name}", getattr(tally, name), draws)
    for name in ("good", "acceptable", "passed"):
        counts = getattr(tally, name)
        _refuse(f"{where}.{name}", counts > draws, counts, f"is {{:,}} of {draws:,} draws")
    for name, counts in (("group", tally.group), ("leaf", tally.leaf)):
        ends = np.linspace(0.0, 1.0, counts.shape[-1] + 1)
        for power, of in ((1, "sums"), (2, "squares")):
            found = getattr(tally, f"{name}_{of}")
            slack = CLOSE * draws
            low = np.einsum("...b,b->...", counts, ends[:-1] ** power) - slack
            high = np.einsum("...b,b->...", counts, ends[1:] ** power) + slack
            told = f"is {{:,}}, not a sum of scores that fall into the bins of {name}"
            off = (found / GRID < low) | (found / GRID > high)
            _refuse(f"{where}.{name}_{of}", off, found, told)
    if tally.order.rank.shape[-1] <= EXACT:
        first, root = tally.order.rank[..., 0] / SHARE, tally.central[..., 0]
        told = (
            f"of the root is {{:,}}, not how often the strategy is first, in units of 1 / {GRID:,}"
        )
        _refuse(f"{where}.central", abs(root / GRID - first) > CLOSE * draws, root, told)


def _check_bins(where: str, counts: Counts, draws: int) -> None:
    total = counts.sum(axis=-1)
    _refuse(where, total != draws, total, f"counts add up to {{:,}}, expected the {draws:,} draws")


def _refuse(where: str, wrong: NDArray[np.bool_], found: Counts, told: str) -> None:
    """Name the first place that is wrong, and what stands there."""
    if wrong.any():
        place = tuple(np.argwhere(wrong)[0].tolist())
        at = "".join(f"[{i}]" for i in place)
        raise ValueError(f"{where}{at}: {told.format(int(found[place]))}")
