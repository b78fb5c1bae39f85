"""Tallies as plain data for JSON, and back: exact, short, and held together."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assess.json_content import keyed
from assess.model import Study, shown
from assess.simulation.engine import EVERY, Tallies, draw_block
from assess.simulation.plan import plan
from assess.simulation.tally import GRID, SHARE, Bounds, Counted, Order, Tally

Counts = NDArray[np.int64]
Ranges = tuple[tuple[int, int], ...]
HISTOGRAMS = ("total", "group", "leaf", "margin")
STRUCTURES = tuple(field.name for field in fields(Tallies))
WITHIN = (
    "ahead", "behind", "clear", "clearly_behind", "good", "acceptable", "passed", "cleared",
)  # fmt: skip  # counts of draws
EXACT = 16  # so many strategies share any place exactly in units of 1 / SHARE
CLOSE = 1e-9


def tallies_to_json(tallies: Tallies) -> dict[str, Any]:
    """Return tallies as plain data: whole numbers alone, so that nothing is lost.

    Arrays are nested lists; a histogram is written [first, [counts...]], its empty ends left out.
    """
    return {name: _plain(getattr(tallies, name)) for name in STRUCTURES}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, int):
        return value
    return dict(_items(value))


def _items(counted: Order | Tally | Bounds) -> Iterator[tuple[str, Any]]:
    for field in fields(counted):
        value = getattr(counted, field.name)
        if not isinstance(value, np.ndarray):
            yield field.name, _plain(value)
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
    drawn = size * sum(last - first for first, last in blocks)
    fewer = size * sum(-(-last // EVERY) + -first // EVERY for first, last in blocks)
    found = {}
    for name, part in keyed("tallies", given, STRUCTURES).items():
        draws = drawn if name == "declared" else fewer
        model = getattr(like, name) if draws else None
        if (part is None) != (model is None):
            wanted = f"an object of {draws:,} draws" if model else "null"
            raise ValueError(f"tallies.{name} is {shown(part)}, expected {wanted}")
        if model is not None:
            found[name] = _counted(f"tallies.{name}", part, model)
            _check(f"tallies.{name}", found[name], draws)
    return Tallies(**found)


def _counted(where: str, given: Any, like: Counted) -> Counted:
    """Return counts of the kind and the shapes of others."""
    names = tuple(field.name for field in fields(like))
    found: dict[str, Any] = {}
    for name, part in keyed(where, given, names).items():
        place, model = f"{where}.{name}", getattr(like, name)
        if isinstance(model, np.ndarray):
            found[name] = np.zeros(model.shape, dtype=np.int64)
            _fill(found[name], part, place, name in HISTOGRAMS)
        elif isinstance(model, int):
            _check_whole(place, part)
            found[name] = part
        else:
            found[name] = _counted(place, part, model)
    return type(like)(**found)


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


def _check(where: str, counted: Order | Tally | Bounds, draws: int) -> None:
    """Refuse counts that are not those of so many draws, or not of one another."""
    if counted.draws != draws:
        told = f"expected {draws:,}: those of `blocks`"
        raise ValueError(f"{where}.draws is {counted.draws:,}, {told}")
    for name in HISTOGRAMS:
        if (counts := getattr(counted, name, None)) is not None:
            total = counts.sum(axis=-1)
            told = f"counts add up to {{:,}}, expected the {draws:,} draws"
            _refuse(f"{where}.{name}", total != draws, total, told)
    for name in WITHIN:
        if (counts := getattr(counted, name, None)) is not None:
            _refuse(f"{where}.{name}", counts > draws, counts, f"{{:,}} of {draws:,} draws")
    if isinstance(counted, Order):
        _check_order(where, counted)
    elif isinstance(counted, Tally):
        _check(f"{where}.order", counted.order, draws)
        _check_sums(where, counted)
        _check_central(where, counted)


def _check_order(where: str, order: Order) -> None:
    """Refuse ranks that are not shared out, and pairs that come to more than all draws."""
    if order.rank.shape[-1] <= EXACT:
        for axis, of in ((2, "strategy"), (1, "rank")):
            total, all_of_it = order.rank.sum(axis=axis), SHARE * order.draws
            told = f"shares of a {of} add up to {{:,}}, expected {all_of_it:,}"
            _refuse(f"{where}.rank", total != all_of_it, total, told)
    both = order.ahead + order.behind
    told = f"with `behind` {{:,}}, more than the {order.draws:,} draws"
    _refuse(f"{where}.ahead", both > order.draws, both, told)


def _check_sums(where: str, tally: Tally) -> None:
    """Refuse sums of scores that the bins of these scores do not allow."""
    slack = CLOSE * tally.draws
    for name, counts in (("group", tally.group), ("leaf", tally.leaf)):
        ends = np.linspace(0.0, 1.0, counts.shape[-1] + 1)
        for power, of in ((1, "sums"), (2, "squares")):
            found = getattr(tally, f"{name}_{of}")
            low = np.einsum("...b,b->...", counts, ends[:-1] ** power) - slack
            high = np.einsum("...b,b->...", counts, ends[1:] ** power) + slack
            told = f"{{:,}} is no sum of scores that fall into the bins of `{name}`"
            off = (found / GRID < low) | (found / GRID > high)
            _refuse(f"{where}.{name}_{of}", off, found, told)


def _check_central(where: str, tally: Tally) -> None:
    """Refuse sums of weights that are not those of the draws in which a strategy is first."""
    if tally.order.rank.shape[-1] <= EXACT:
        first, root = tally.order.rank[..., 0] / SHARE, tally.central[..., 0]
        told = "{:,} of the root is not how often the strategy is first"
        off = abs(root / GRID - first) > CLOSE * tally.draws
        _refuse(f"{where}.central", off, root, told)


def _refuse(where: str, wrong: NDArray[np.bool_], found: Counts, told: str) -> None:
    """Name the first place that is wrong, and what stands there."""
    if wrong.any():
        place = tuple(np.argwhere(wrong)[0].tolist())
        at = "".join(f"[{i}]" for i in place)
        raise ValueError(f"{where}{at}: {told.format(int(found[place]))}")
