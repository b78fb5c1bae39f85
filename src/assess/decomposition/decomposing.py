"""Shapley values of the kinds of input in a change, and Winter values within the ratings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import factorial
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from assess import tables
from assess.assessment import evaluate, pool
from assess.decomposition.accounts import Account, Decomposition, Kind, KindPart, RatingPart
from assess.decomposition.mixing import differing, mixed
from assess.decomposition.winter import Cell, Fold, winter_values
from assess.differences import Names, comparable
from assess.instrument import instrument, node_rules
from assess.model import Study, StudyError, nearest
from assess.report import Report, wanted

Array = NDArray[np.float64]
Kinds = frozenset[str]
Key = tuple[str, str]
S = TypeVar("S", bound=np.generic)
NONE: Kinds = frozenset()
TOO_LITTLE = "too little is rated for a score"
CLOSE = 1e-9


def decompose(
    earlier: Report, later: Report, *, criterion: str | None = None, bridge: bool = False
) -> Decomposition:
    """Take the change of every comparable score apart into the kinds of input that differ.

    A part is the Shapley value of a kind: kinds of input are exchanged one after another, each
    whole, and a part is the mean of its steps over all orders. A mixed study that is not sound, or
    in which too little is rated, has no score: what a step over it comes to is nobody's, and is
    called "rebased". Within the ratings, parts are Winter values down the tree to every changed
    rating, sampled with a standard error where more than 12 children of a node changed. Parts add
    up to the change. They account for it, and name no cause.

    Args:
        earlier: the base of every change.
        later: what is held against it.
        criterion: whose scores; the total if none is named.
        bridge: allow a criterion that does not measure the same in both: scales and rules are
            kinds of input then, and what comes of it is no comparison (C10).

    Raises:
        ValueError: the criterion is in neither report, or not comparable (C10); says why.
        TypeError: one of them is no report; says what to write instead.

    References:
        Shapley (1953), A value for n-person games, doi:10.1515/9781400881970-018.
        Winter (1989), A value for cooperative games with levels structure of cooperation,
        doi:10.1007/BF01268161.

    >>> import assess
    >>> study = assess.load("mali")
    >>> method = study.method.model_copy(update={"pooling": assess.Choice(name="median")})
    >>> other = study.model_copy(update={"method": method})
    >>> found = decompose(assess.evaluate(study), assess.evaluate(other))
    >>> {part.kind for account in found.accounts for part in account.kinds}
    {'method'}
    """
    for given in (earlier, later):
        if not isinstance(given, Report):
            raise TypeError(wanted("decompose", given))
    node = later.study.tree.id if criterion is None else criterion
    name, same = _comparable(earlier, later, node, bridge)
    states = _States(earlier, later, node, bridge=not same)
    if not states.kinds:
        return Decomposition(())
    accounts = tuple(_account(states, key, name) for key in states.keys)
    return Decomposition(accounts, bridge=not same)


def _comparable(earlier: Report, later: Report, node: str, bridge: bool) -> tuple[str, bool]:
    """Return what a node is called, and whether it measures the same, which a bridge need not."""
    names = Names.of(later.study, earlier.study)
    nodes, rest = comparable(earlier, later, names)
    if node in nodes:
        return names.criteria[node], True
    both = all(node in report.study.tree.nodes for report in (earlier, later))
    if both and bridge:
        return names.criteria[node], False
    for difference in rest:
        if difference.where == node:
            raise ValueError(f"{node!r} is not comparable: {difference.message}")
    raise ValueError(f"no criterion {node!r} ({nearest(node, nodes)})")


@dataclass(frozen=True)
class _State:
    """A mixed study and its ratings on its axes; or why there is no score of it."""

    study: Study | None
    scores: Mapping[Key, float]
    reason: str

    @cached_property
    def cells(self) -> tables.Cells:
        """The ratings on their axes."""
        assert self.study is not None
        return tables.cells(self.study)


class _States:
    """All mixed studies of two reports, each evaluated once."""

    def __init__(self, earlier: Report, later: Report, node: str, *, bridge: bool) -> None:
        self.earlier, self.later, self.node, self.bridge = earlier, later, node, bridge
        self.kinds = differing(earlier.study, later.study, bridge=bridge)
        self.moving = tuple(kind for kind in self.kinds if kind != "evidence")
        before, after = (_scores(report, node) for report in (earlier, later))
        self.keys = [
            key
            for key, score in after.items()
            if not np.isnan(score) and not np.isnan(before.get(key, np.nan))
        ]
        self.ends = {NONE: before, frozenset(self.moving): after}
        self.made = {some: self._state(some) for some in _subsets(self.moving)}

    def _state(self, some: Kinds) -> _State:
        try:
            sides = self.earlier.study, self.later.study
            study = mixed(*sides, some, self.node, bridge=self.bridge)
            if self._partly(study):
                told = "voices by agreement rest on criteria that are not comparable"
                return _State(None, self.ends.get(some, {}), told)
            found = _scores(evaluate(study), self.node)
        except ValueError as error:
            return _State(None, self.ends.get(some, {}), _words(error))
        return _State(study, self.ends.get(some, found), "")

    def _partly(self, study: Study) -> bool:
        """Whether voices rest on ratings of which some were left out."""
        root = self.node == self.later.study.tree.id
        return not root and study.method.analyst_weights == "agreement"

    def score(self, some: Kinds, key: Key) -> float:
        """Return a score of a mixed study; NaN where there is none."""
        return self.made[some].scores.get(key, float("nan"))

    def chance(self, some: Kinds) -> float:
        """Return Shapley's chance that just these come before another kind."""
        n, k = len(self.moving), len(some)
        return factorial(k) * factorial(n - 1 - k) / factorial(n)

    def before(self, kind: str) -> Iterator[tuple[Kinds, Kinds]]:
        """Yield every mixed study without a kind of the later report, and the one with it."""
        others = tuple(other for other in self.moving if other != kind)
        yield from ((some, some | {kind}) for some in _subsets(others))


def _subsets(kinds: tuple[str, ...]) -> Iterator[Kinds]:
    for size in range(len(kinds) + 1):
        yield from map(frozenset, combinations(kinds, size))


def _scores(report: Report, node: str) -> dict[Key, float]:
    """Return the scores of a node in points, by scenario and strategy."""
    study, place = report.study, report.node(node)
    return {
        (scenario, strategy): 100 * float(report.score[s, t, place])
        for s, scenario in enumerate(study.scenario_ids)
        for t, strategy in enumerate(study.strategies)
    }


def _words(error: ValueError) -> str:
    if isinstance(error, StudyError):
        first, *more = error.problems
        return f"{first}" + (f"; and {len(more)} more" if more else "")
    return str(error)


def _account(states: _States, key: Key, name: str) -> Account:
    before, after = (states.ends[end][key] for end in (NONE, frozenset(states.moving)))
    parts = dict.fromkeys(states.kinds, 0.0)
    for kind in states.moving:
        for off, on in states.before(kind):
            step = states.score(on, key) - states.score(off, key)
            parts[kind] += 0.0 if np.isnan(step) else states.chance(off) * step
    reasons = _reasons(states, key)
    rest = after - before - sum(parts.values())
    kinds = [KindPart(cast("Kind", kind), part) for kind, part in parts.items()]
    if reasons or abs(rest) > CLOSE:
        kinds.append(KindPart("rebased", rest))
    ratings = _rating_parts(states, key, parts["ratings"]) if "ratings" in parts else ()
    return Account(*key, states.node, name, before, after, tuple(kinds), ratings, reasons)


def _reasons(states: _States, key: Key) -> tuple[str, ...]:
    """Return why mixed studies have no score, each reason with one of them."""
    found: dict[str, str] = {}
    for some, state in states.made.items():
        if np.isnan(states.score(some, key)):
            rest = [kind for kind in states.moving if kind not in some]
            sides = (
                f"the later {' and '.join(kind for kind in states.moving if kind in some)}",
                f"the earlier {' and '.join(rest)}",
            )
            found.setdefault(state.reason or TOO_LITTLE, " with ".join(sides))
    return tuple(f"{mix}: {reason}" for reason, mix in found.items())


def _rating_parts(states: _States, key: Key, whole: float) -> tuple[RatingPart, ...]:
    """Return what every changed rating adds; they add up to the part of all ratings."""
    points: dict[Key, float] = {}
    variance: dict[Key, float] = {}
    told: dict[Key, tuple[str, str, str]] = {}
    for seed, (off, on) in enumerate(states.before("ratings")):
        pair = states.made[off], states.made[on]
        if np.isnan(states.score(off, key)) or np.isnan(states.score(on, key)):
            continue
        if (step := _divided(pair, key, states.node, seed)) is None:
            continue
        chance = states.chance(off)
        for cell, (value, error, words) in step.items():
            points[cell] = points.get(cell, 0.0) + 100 * chance * value
            variance[cell] = variance.get(cell, 0.0) + (100 * chance * error) ** 2
            told.setdefault(cell, words)
    parts = [
        RatingPart(*cell, *told[cell], value, variance[cell] ** 0.5)
        for cell, value in points.items()
    ]
    parts.sort(key=lambda part: -abs(part.points))
    if abs(rest := whole - sum(part.points for part in parts)) > CLOSE:
        parts.append(RatingPart("", states.node, states.node, "", "", rest, 0.0))
    return tuple(parts)


Divided = dict[Key, tuple[float, float, tuple[str, str, str]]]


def _divided(pair: tuple[_State, _State], key: Key, node: str, seed: int) -> Divided | None:
    """Return value, error and words of each changed rating; None where they move other things.

    Ratings may also say what applies (n/a), and give analysts a voice by agreement: then the step
    is that of all ratings together.
    """
    before, after = (state.study for state in pair)
    if before is None or after is None:
        return None
    for read in (tables.analyst_weights, tables.applicable):
        if not np.array_equal(read(before), read(after)):
            return None
    s, t = after.scenario_ids.index(key[0]), list(after.strategies).index(key[1])
    sides = [_of(state.cells.values[0], s, t) for state in pair]
    found, error = winter_values(_fold(after, s, node), sides[0], sides[1], seed)
    rows = [_of(state.cells.rows, s, t) for state in pair]
    analysts, leaves = list(after.analysts), after.tree.leaves
    return {
        (analysts[cell[0]], leaves[cell[1]]): (value, error[cell], _told(pair, rows, cell))
        for cell, value in found.items()
    }


def _of(grid: NDArray[S], s: int, t: int) -> NDArray[S]:
    """Return one strategy in one scenario [analyst, leaf] of a grid on the axes of ratings."""
    return grid[:, min(s, grid.shape[1] - 1), t]


def _told(
    pair: tuple[_State, _State], rows: list[NDArray[np.int32]], cell: Cell
) -> tuple[str, str, str]:
    """Return the criterion that is rated, and the level before and after."""
    levels, rated = [], ""
    for state, grid in zip(pair, rows, strict=True):
        row = int(grid[cell])
        if state.study is None or row < 0:
            levels.append("")
            continue
        levels.append(state.study.ratings.cell(row, "rating"))
        rated = state.study.ratings.cell(row, "criterion")
    return rated, levels[0], levels[1]


def _fold(study: Study, s: int, node: str) -> Fold:
    """Return how the ratings of a strategy become the score of a node in one scenario."""
    made, tree = instrument(study), study.tree
    weights: dict[str, Array] = {}
    for step in made.total.steps:
        for g, place in enumerate(step.nodes.tolist()):
            group = tree.nodes[place]
            held = step.weights[0, min(s, step.weights.shape[1] - 1), 0, g]
            weights[group] = held[: len(tree.children[group])]

    def panel(values: Array) -> Array:
        return pool(study, values[:, :, None, None, None])[:, 0, 0, 0, 0]

    floor = study.method.coverage_floor
    return Fold(tree, node, weights, dict(node_rules(study)), panel, made.applicable[s], floor)
