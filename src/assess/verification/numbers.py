"""Where two contents of a report differ, and what that place is called."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from assess.model import Study, shown

CLOSE = 1e-9
ROUNDED = 2e-6  # figures of draws are written to six decimals
Way = tuple[str | int, ...]
_TOTALS = ("ends", "means")
_PROFILES = ("acceptable", "good", "weights")


@dataclass(frozen=True)
class Apart:
    """A place where a file says something else than what was worked out again.

    Attributes:
        way: keys and positions that lead there.
        stated: what stands in the file.
        found: what should.
    """

    way: Way
    stated: Any
    found: Any

    @property
    def message(self) -> str:
        """Both, in words; the share that a report calls a score is told as it is written."""
        return f"the file says {shown(self.stated)}, the inputs give {shown(self.found)}"


def apart(stated: Any, found: Any, way: Way = (), close: float = CLOSE) -> Iterator[Apart]:
    """Yield the innermost places at which two contents of JSON differ by more than so much.

    >>> [place.way for place in apart({"a": [1.0, 2.0]}, {"a": [1.0, 2.5]})]
    [('a', 1)]
    """
    if isinstance(stated, dict) and isinstance(found, dict):
        for key in dict.fromkeys((*found, *stated)):
            if key in stated and key in found:
                yield from apart(stated[key], found[key], (*way, key), close)
            else:
                sides = (stated.get(key, "nothing"), found.get(key, "nothing"))
                yield Apart((*way, key), *sides)
    elif isinstance(stated, list) and isinstance(found, list) and len(stated) == len(found):
        for place, (one, other) in enumerate(zip(stated, found, strict=True)):
            yield from apart(one, other, (*way, place), close)
    elif not _alike(stated, found, close):
        yield Apart(way, stated, found)


def _alike(stated: Any, found: Any, close: float) -> bool:
    kinds = {type(stated), type(found)}
    if kinds == {int}:
        return bool(stated == found)
    if kinds <= {int, float}:
        return bool(abs(stated - found) <= close)
    return type(stated) is type(found) and bool(stated == found)


def place_of(study: Study, name: str, where: Way) -> str:
    """Return what a place in the results of a report is called.

    Args:
        study: whose results they are.
        name: of the array.
        where: positions in it; fewer than it has axes where a whole list differs.
    """
    tree = study.tree
    gates = [leaf for leaf in tree.leaves if tree.criteria[leaf].gate]
    axes: dict[str, tuple[str, ...]] = {
        "scenario": study.scenario_ids,
        "strategy": tuple(study.strategies),
        "criterion": tuple(gates if name == "gates" else tree.nodes),
    }
    if name in _TOTALS:
        del axes["criterion"]
    if name in _PROFILES:
        del axes["strategy"]
    told = [
        f"{axis} {ids[place]}"
        for (axis, ids), place in zip(axes.items(), where, strict=False)
        if isinstance(place, int) and place < len(ids)
    ]
    return ", ".join((name, *told))
