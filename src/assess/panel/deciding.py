"""The smallest set of analysts whose absence changes who is highest."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations, islice
from math import comb
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assess import tables
from assess.model import Study
from assess.panel.given import analyst_name, best, listed, refuse_below, study_of, with_a_voice
from assess.panel.without import BLOCK, totals_without
from assess.report import Report
from assess.rounding import counted

if TYPE_CHECKING:
    import pandas as pd

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Deciding:
    """The smallest set of analysts without whom another strategy is highest in a scenario.

    Attributes:
        scenario: id.
        highest: ids of the strategies that are highest with everybody; ties share it.
        analysts: ids of the first smallest set in the order of the study; none if none was found.
        instead: ids of those that are highest without it.
        alike: how many sets of that size change who is highest.
        of: how many sets of that size there are.
        searched: the largest size of which every set was looked at.
        looked_at: how many sets were.
        no_rank: how many of these leave no strategy with a rank; that is no change of who is
            highest.
        all_sizes: whether every set was looked at that leaves someone who rates.
    """

    scenario: str
    highest: tuple[str, ...]
    analysts: tuple[str, ...]
    instead: tuple[str, ...]
    alike: int
    of: int
    searched: int
    looked_at: int
    no_rank: int
    all_sizes: bool


@dataclass(frozen=True)
class DecidingSets:
    """For every scenario, how few analysts it takes to change who is highest."""

    study: Study
    scenarios: tuple[Deciding, ...]

    @property
    def table(self) -> "pd.DataFrame":
        """One row a scenario.

        Columns: scenario, highest, analysts, instead (ids, spaces between), size (0 where no set
        was found), alike, of, searched, looked_at, no_rank.
        """
        import pandas as pd

        rows = [
            {
                "scenario": item.scenario,
                "highest": " ".join(item.highest),
                "analysts": " ".join(item.analysts),
                "instead": " ".join(item.instead),
                "size": len(item.analysts),
                **{name: getattr(item, name) for name in _COUNTS},
            }
            for item in self.scenarios
        ]
        return pd.DataFrame(rows)

    def sentences(self) -> Iterator[str]:
        """Say for every scenario whom it takes; scenarios of which the same is said, together."""
        told: dict[str, list[str]] = {}
        for item in self.scenarios:
            label = self.study.scenario(item.scenario).label
            told.setdefault(self._told(item), []).append(label)
        yield from (f"{', '.join(where)}: {what}." for what, where in told.items())

    def _told(self, item: Deciding) -> str:
        study, looked = self.study, f"{counted(item.looked_at, 'set')} looked at"
        if not item.highest:
            return "no strategy has a rank"
        if item.analysts:
            who = listed(analyst_name(study, key) for key in item.analysts)
            first, then = (listed(map(study.label, keys)) for keys in (item.highest, item.instead))
            share = f"{item.alike} of {counted(item.of, 'set')} of {len(item.analysts)}"
            does = "does" if item.alike == 1 else "do"
            return f"without {who}, {then} instead of {first} ({share} {does} so; {looked})"
        first = listed(map(study.label, item.highest))
        if item.all_sizes:
            return f"whoever is absent, no other strategy than {first} is highest ({looked})"
        least = counted(item.searched, "analyst")
        return f"more than {least} would have to be absent before {first} is not highest ({looked})"

    def __str__(self) -> str:
        return "\n".join(self.sentences())


_COUNTS = ("alike", "of", "searched", "looked_at", "no_rank")


def deciding_sets(report: Report, *, most: int = 3, most_sets: int = 5000) -> DecidingSets:
    """Return the smallest set of analysts whose absence changes who is highest, by scenario.

    The search is exact: by size, every set of a size before the next. A size is not begun if more
    than `most_sets` would then have been looked at. Analysts without a voice are in no smallest
    set, unless they call something not applicable.

    Args:
        report: by `assess.evaluate`.
        most: the largest size that is searched.
        most_sets: that are looked at.

    Raises:
        ValueError: a limit below 1.
        TypeError: it is no report; says what to write instead.

    >>> import assess
    >>> found = deciding_sets(assess.evaluate(assess.load("mali")))
    >>> found.scenarios[0].scenario
    'reference'
    """
    study = study_of(report, "deciding_sets")
    refuse_below(most, 1, "the largest size that is searched")
    refuse_below(most_sets, 1, "the number of sets that are looked at")
    members = _members(study)
    before = report.ranks[:, :, 0] == 1
    states = [_unsearched(study, s, first) for s, first in enumerate(before)]
    looked = 0
    for size in range(1, len(members)):
        sets = comb(len(members), size)
        if size > most or looked + sets > most_sets or not any(map(_open, states)):
            return DecidingSets(study, tuple(states))
        looked += sets
        waiting = [s for s, state in enumerate(states) if _open(state)]
        for s in waiting:
            states[s] = replace(states[s], searched=size, looked_at=looked, of=sets)
        for absent in _sets(study, members, size):
            after = best(totals_without(study, absent).ranked)
            for s in waiting:
                states[s] = _looked(states[s], study, absent, before[s], after[:, s])
    done = (replace(state, all_sizes=_open(state)) for state in states)
    return DecidingSets(study, tuple(done))


def _members(study: Study) -> list[int]:
    """Return the places of those whose absence can change anything."""
    ratings = study.ratings
    rates = ~np.isnan(tables.levels(study)["rating"].level)
    place = tables.places(ratings.analyst, study.analysts)
    counts = rates & np.append(with_a_voice(study), False)[place]
    closes = ratings.rating.matches("n/a") & tables.pooled_rows(study)
    found: list[int] = np.unique(place[counts | closes]).tolist()
    return found


def _sets(study: Study, members: list[int], size: int) -> Iterator[Mask]:
    """Yield every set of a size [set, analyst] in the order of the study, in blocks."""
    cells = len(study.scenarios) * len(study.strategies)
    many = max(1, BLOCK // max(cells, len(study.analysts)))
    chosen = combinations(members, size)
    while block := list(islice(chosen, many)):
        absent = np.zeros((len(block), len(study.analysts)), dtype=bool)
        np.put_along_axis(absent, np.array(block), True, axis=1)
        yield absent


def _unsearched(study: Study, s: int, first: Mask) -> Deciding:
    names = _ids(study.strategies, first)
    return Deciding(study.scenario_ids[s], names, (), (), 0, 0, 0, 0, 0, False)


def _open(state: Deciding) -> bool:
    """Whether somebody is highest and no set is found."""
    return bool(state.highest) and not state.analysts


def _looked(state: Deciding, study: Study, absent: Mask, before: Mask, after: Mask) -> Deciding:
    """Add what some sets [set, analyst] do to one scenario, with who is highest [set, strategy]."""
    some = after.any(axis=-1)
    hits = np.flatnonzero(some & (after != before).any(axis=-1))
    found = replace(
        state,
        alike=state.alike + len(hits),
        no_rank=state.no_rank + int((~some).sum()),
    )
    if len(hits) and not state.analysts:
        who, instead = _ids(study.analysts, absent[hits[0]]), _ids(study.strategies, after[hits[0]])
        return replace(found, analysts=who, instead=instead)
    return found


def _ids(keys: Iterable[str], which: Mask) -> tuple[str, ...]:
    return tuple(key for key, chosen in zip(keys, which.tolist(), strict=True) if chosen)
