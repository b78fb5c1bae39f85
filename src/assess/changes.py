"""What moved between two reports: scores with what is rated of them, verdicts, ratings."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from assess.model import Ratings
from assess.model.ratings import COLUMNS
from assess.report import GATE_STATUSES, TIE, Array, Report
from assess.rounding import counted
from assess.values import plain_number

What = Literal["rank", "band", "gate"]
Cell = tuple[str, ...]

KEY = ("analyst", "strategy", "scenario", "criterion")


@dataclass(frozen=True)
class At:
    """One strategy in one scenario of a report, by their places."""

    report: Report
    s: int
    t: int

    @classmethod
    def of(cls, report: Report, scenario: str, strategy: str) -> "At":
        """Find a strategy and a scenario of a report by their ids."""
        study = report.study
        return cls(
            report, study.scenario_ids.index(scenario), list(study.strategies).index(strategy)
        )

    def read(self, values: Array, node: str) -> float:
        """Return what an array [scenario, strategy, node] of the report holds here."""
        return float(values[self.s, self.t, self.report.node(node)])


@dataclass(frozen=True)
class Pair:
    """Two places that are held against each other, and what they are called by.

    Attributes:
        scenario, strategy: ids; of the later one where the strategies are two.
        earlier: the base of every change.
    """

    scenario: str
    strategy: str
    earlier: At
    later: At


@dataclass(frozen=True)
class Change:
    """How one score moved, and how much of its weight was and is rated.

    Attributes:
        name: what reports call the criterion.
        earlier, later: 0 to 100; NaN where there is none.
        coverage_earlier, coverage_later: share of weight rated, 0 to 1; NaN where the criterion
            does not apply.
    """

    scenario: str
    strategy: str
    criterion: str
    name: str
    earlier: float
    later: float
    coverage_earlier: float
    coverage_later: float

    @property
    def points(self) -> float:
        """The difference in points, later less earlier."""
        return self.later - self.earlier

    @property
    def percent(self) -> float:
        """The difference in per cent of the earlier score, its base; NaN where that is 0."""
        return 100 * self.points / self.earlier if self.earlier else float("nan")

    @property
    def moved(self) -> bool:
        """Whether the score is not what it was; one that comes or goes moved."""
        return not _same(self.earlier / 100, self.later / 100)

    @property
    def rated_otherwise(self) -> bool:
        """Whether another share of the weight is rated than was."""
        return not _same(self.coverage_earlier, self.coverage_later)


@dataclass(frozen=True)
class Verdict:
    """A verdict that is not what it was.

    Attributes:
        what: "rank", "band" or "gate".
        criterion: the root, or the leaf that carries the gate.
        name: what reports call the criterion.
        earlier, later: the rank, the band or the status of the gate, in words.

    >>> str(Verdict("reference", "reform", "rank", "small", "Small", "2", "1"))
    'rank was 2, is 1'
    >>> str(Verdict("reference", "reform", "gate", "conduct", "Conduct", "undecided", "pass"))
    'Conduct: was undecided, is pass'
    """

    scenario: str
    strategy: str
    what: What
    criterion: str
    name: str
    earlier: str
    later: str

    def __str__(self) -> str:
        subject = f"{self.name}:" if self.what == "gate" else self.what
        return f"{subject} was {self.earlier}, is {self.later}"


@dataclass(frozen=True)
class _Standing:
    """A verdict as it stands; two are equal whatever the number of ratings that they depend on."""

    word: str
    depends: bool = False
    missing: int = field(default=0, compare=False)

    def __str__(self) -> str:
        if not self.depends:
            return self.word
        return f"{self.word} (depends on {counted(self.missing, 'missing rating')})"


def score_changes(
    pairs: Iterable[Pair], nodes: Iterable[str], labels: Mapping[str, str]
) -> Iterator[Change]:
    """Yield how every one of these nodes moved, pair by pair.

    Args:
        pairs: what is held against each other.
        nodes: ids that measure the same on both sides.
        labels: what reports call them.
    """
    held = tuple(nodes)
    for pair in pairs:
        sides = pair.earlier, pair.later
        for node in held:
            scores = [100 * side.read(side.report.score, node) for side in sides]
            rated = [side.read(side.report.coverage, node) for side in sides]
            yield Change(pair.scenario, pair.strategy, node, labels[node], *scores, *rated)


def verdict_changes(
    pairs: Iterable[Pair], verdicts: Iterable[tuple[What, str]], labels: Mapping[str, str]
) -> Iterator[Verdict]:
    """Yield the verdicts that are not what they were, pair by pair.

    Args:
        pairs: what is held against each other.
        verdicts: what to look at: the kind of verdict, and the criterion that it is on.
        labels: what reports call the criteria.
    """
    wanted = tuple(verdicts)
    for pair in pairs:
        for what, criterion in wanted:
            was, now = (_STANDINGS[what](side, criterion) for side in (pair.earlier, pair.later))
            if was != now:
                name = labels[criterion]
                yield Verdict(
                    pair.scenario, pair.strategy, what, criterion, name, str(was), str(now)
                )


def _rank(at: At, root: str) -> _Standing:
    rank = at.report.ranks[at.s, at.t, at.report.node(root)]
    if at.report.excluded[at.s, at.t]:
        return _Standing("none (excluded by a gate)")
    return _Standing(str(rank) if rank else "none (no total)")


def _band(at: At, node: str) -> _Standing:
    place = at.s, at.t, at.report.node(node)
    band = str(at.report.bands[place])
    depends = bool(band) and not at.report.settled[place]
    return _Standing(band or "none", depends, int(at.report.missing[place]))


def _gate(at: At, leaf: str) -> _Standing:
    code = at.report.gates[at.s, at.t, at.report.gate_leaves.index(leaf)]
    return _Standing(GATE_STATUSES[code])


_STANDINGS = {"rank": _rank, "band": _band, "gate": _gate}


def _same(earlier: float, later: float) -> bool:
    """Whether two values of [0, 1] are equal; none equals none."""
    both_missing = np.isnan(earlier) and np.isnan(later)
    return bool(both_missing or abs(later - earlier) <= TIE)


def rating_changes(
    before: Ratings,
    after: Ratings,
    *,
    key: tuple[str, ...] = KEY,
    alone: frozenset[str] = frozenset(),
) -> dict[str, str]:
    """Return how many ratings each analyst added, removed and changed, in words.

    Args:
        before: the ratings of the earlier side.
        after: those of the later side.
        key: columns that tell one rating from another, the analyst first.
        alone: strategies of one side alone, whose ratings can move no score; told apart.

    Returns:
        By analyst; those whose ratings are what they were are left out.

    >>> before, after = (
    ...     Ratings.from_columns({"analyst": ["ana"], "strategy": ["keep"], "criterion": ["trust"],
    ...                           "rating": [level]}) for level in (30, 80))
    >>> rating_changes(before, after)
    {'ana': '1 changed'}
    """
    old, new = _by_key(before, key), _by_key(after, key)
    counts: dict[str, Counter[str]] = {}
    for cell in dict.fromkeys((*new, *old)):
        kind = _kind(old.get(cell), new.get(cell))
        if alone.intersection(cell[1:2]):
            kind = f"{kind} with a strategy that {'came' if kind == 'added' else 'went'}"
        counts.setdefault(cell[0], Counter())[kind] += 1
    told = {
        analyst: ", ".join(f"{found[kind]:,} {kind}" for kind in _KINDS if found[kind])
        for analyst, found in counts.items()
    }
    return {analyst: text for analyst, text in told.items() if text}


_KINDS = (
    "added",
    "added with a strategy that came",
    "removed",
    "removed with a strategy that went",
    "changed",
    "changed in range, confidence or evidence alone",
)


def _by_key(ratings: Ratings, key: tuple[str, ...]) -> dict[Cell, Cell]:
    """Return what each rating says, its level first, by what it is a rating of."""
    said = [name for name in COLUMNS if name not in KEY]
    keys, cells = (
        zip(*(getattr(ratings, name).texts() for name in names), strict=True)
        for names in (key, said)
    )
    return dict(zip(keys, cells, strict=True))


def _kind(was: Cell | None, now: Cell | None) -> str:
    """Name what became of a rating; nothing where it is what it was."""
    if was is None or now is None:
        return "added" if was is None else "removed"
    if _level(was[0]) != _level(now[0]):
        return "changed"
    return "" if was[1:] == now[1:] else "changed in range, confidence or evidence alone"


def _level(text: str) -> float | str:
    try:
        return plain_number(text)
    except ValueError:
        return text
