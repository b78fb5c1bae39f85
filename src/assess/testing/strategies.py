"""Hypothesis strategies: recipes by which values, weights, scales, trees and studies are drawn.

(A Hypothesis strategy draws examples; the strategies that a study assesses are something else.)
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from types import ModuleType
from typing import Any, Literal

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from assess import aggregation, pooling
from assess.choices import options
from assess.model import (
    Analyst,
    Choice,
    Criterion,
    Level,
    Method,
    Ratings,
    Scale,
    Scenario,
    Strategy,
    Study,
    ValueTree,
    Weights,
)

Array = NDArray[np.float64]

_HUNDREDTHS = st.integers(0, 100).map(lambda points: points / 100)
_UNIT = st.one_of(_HUNDREDTHS, st.floats(0, 1, allow_subnormal=False))
_POINTS = st.integers(0, 20)
_SOME_POINTS = st.integers(1, 20)

# One strategy for each argument that a rule or a pooling centre of the library takes.
ARGUMENTS: dict[str, st.SearchStrategy[Any]] = {
    "exponent": st.sampled_from(
        [1.0, 0.0, -1.0, 2.0, 0.5, -0.5, 5.0, -5.0, 1e-15, -1e-9, np.inf, -np.inf]
    ),
    "order_weights": st.lists(st.integers(0, 5), min_size=1, max_size=5)
    .filter(any)
    .map(lambda points: tuple(p / sum(points) for p in points)),
    "share": st.sampled_from([0.2, 0.0, 0.1, 0.4]),
}


@cache
def values(shape: int | tuple[int, ...]) -> st.SearchStrategy[Array]:
    """Draw values in [0, 1], often equal ones and ends.

    Args:
        shape: `n` or `(..., n)`, criteria (or analysts) last.

    """
    wanted = (shape,) if isinstance(shape, int) else shape
    size = int(np.prod(wanted))
    cells = st.lists(_UNIT, min_size=size, max_size=size)
    return cells.map(lambda drawn: np.array(drawn, dtype=np.float64).reshape(wanted))


@cache
def weights(n: int, *, zeros: bool = True) -> st.SearchStrategy[Array]:
    """Draw `[n]` non-negative weights that sum to 1.

    Args:
        n: how many.
        zeros: whether some may be 0.
    """
    points = st.lists(_POINTS if zeros else _SOME_POINTS, min_size=n, max_size=n)
    some = points.filter(any) if zeros else points
    return some.map(lambda drawn: np.array(drawn, dtype=np.float64) / sum(drawn))


# One draw of bytes for a scale, and one for a table of ratings: fast, and zeros are the simplest.
_CODES = st.binary(min_size=12, max_size=12)


def _worths(code: bytes, n: int) -> tuple[float, ...]:
    """Return worths that reach 0 and 1 and rise, fall, or rise and fall once."""
    shape = code[6] % (3 if n > 2 else 2)
    between = n - 3 if shape == 2 else n - 2
    inner = sorted(round(byte / 255, 2) for byte in code[7 : 7 + between])
    if shape == 2:
        peak = code[11] % (between + 1)
        return (0.0, *inner[:peak], 1.0, *reversed(inner[peak:]), 0.0)
    rising = (0.0, *inner, 1.0)
    return rising if shape == 0 else rising[::-1]


def _numeric(code: bytes, beyond: Literal["refuse", "saturate"]) -> Scale:
    n = 2 + code[0] % 4
    start = code[1] // 2 if code[1] % 2 == 0 else -code[1]
    at = [float(start + sum(1 + step for step in code[2 : 2 + i])) for i in range(n)]
    return Scale(levels=tuple(zip(at, _worths(code, n), strict=True)), beyond=beyond)


def _ordinal(code: bytes) -> Scale:
    worths = _worths(code, 2 + code[0] % 3)
    levels = {f"l{i}": Level(worth=w, anchor=f"level {i}") for i, w in enumerate(worths)}
    return Scale(levels=levels)


@cache
def scales(
    *,
    kind: Literal["numeric", "ordinal"] | None = None,
    beyond: Literal["refuse", "saturate"] = "refuse",
) -> st.SearchStrategy[Scale]:
    """Draw a scale.

    Args:
        kind: numbers, or anchored labels; either if not said.
        beyond: what a scale of numbers does with a level beyond its ends.
    """
    numeric = _CODES.map(lambda code: _numeric(code, beyond))
    ordinal = _CODES.map(_ordinal)
    return {"numeric": numeric, "ordinal": ordinal}.get(str(kind), numeric | ordinal)


def choices(module: ModuleType, names: Sequence[str] | None = None) -> st.SearchStrategy[Choice]:
    """Draw a function of a module by its name, with arguments that a file can hold.

    Args:
        module: `aggregation`, `pooling` or another whose `__all__` lists functions.
        names: only these.
    """
    return _choices(module, tuple(names or module.__all__))


@cache
def _choices(module: ModuleType, names: tuple[str, ...]) -> st.SearchStrategy[Choice]:
    each = [_choice(module, name) for name in names]
    return st.one_of(each)


def _choice(module: ModuleType, name: str) -> st.SearchStrategy[Choice]:
    takes = {key: _finite(key) for key in options(getattr(module, name))}
    if not takes:
        return st.just(Choice(name=name))
    return st.fixed_dictionaries(takes).map(lambda a: Choice(name=name, parameters=a))


def _finite(argument: str) -> st.SearchStrategy[Any]:
    return ARGUMENTS[argument].filter(lambda given: bool(np.isfinite(given).all()))


_KINDS: st.SearchStrategy[Literal["effectiveness", "performance"] | None] = st.sampled_from(
    ["effectiveness", "performance", None]
)


@st.composite
def _trees(draw: st.DrawFn, rules: tuple[str, ...] | None, groups: int, leaves: int) -> ValueTree:
    criteria: dict[str, Criterion] = {}
    rule = choices(aggregation, rules)
    shelf = draw(_SHELVES)

    def leaf(parent: str | None) -> Criterion:
        scale = shelf[draw(_FROM_SHELF)]
        return Criterion(parent=parent, kind=draw(_KINDS), scale=scale)

    for g in range(draw(st.integers(1, groups))):
        count = draw(st.integers(0, leaves))
        criteria[f"g{g}"] = Criterion(rule=draw(_own_rule(rules))) if count else leaf(None)
        criteria.update({f"g{g}_{i}": leaf(f"g{g}") for i in range(count)})
    return ValueTree(id="tree", rule=draw(rule), criteria=criteria)


@cache
def _own_rule(rules: tuple[str, ...] | None) -> st.SearchStrategy[Choice | None]:
    return st.none() | choices(aggregation, rules)


# A tree takes its scales from a shelf of three: half the draws of a scale for every leaf.
_SHELVES = st.tuples(scales(), scales(kind="numeric"), scales(kind="ordinal"))
_FROM_SHELF = st.integers(0, 2)


def trees(
    *, rules: Sequence[str] | None = None, groups: int = 3, leaves: int = 3
) -> st.SearchStrategy[ValueTree]:
    """Draw a value tree of one or two levels.

    Args:
        rules: names of the rules that nodes may have; all of the library if not said.
        groups: at most so many criteria under the root.
        leaves: at most so many under each of them; one without any is a leaf itself.
    """
    return _cached_trees(tuple(rules) if rules else None, groups, leaves)


_cached_trees = cache(_trees)


@st.composite
def scenarios(
    draw: st.DrawFn, tree: ValueTree, *, key: str = "reference", world: bool = True
) -> Scenario:
    """Draw a scenario that weights some nodes of a tree by points.

    Args:
        draw: given by Hypothesis.
        tree: whose nodes it weights.
        key: its id.
        world: whether ratings may be given for it alone.
    """
    judged = {}
    for node, children in tree.children.items():
        points = draw(_judged(len(children)))
        if points:
            judgements = dict(zip(children, points, strict=True))
            judged[node] = Weights(method=Choice(name="points"), judgements=judgements)
    kind: tuple[Literal["perspective", "world"], ...] = ("perspective", "world")
    return Scenario(id=key, tree=tree.id, kind=kind[: 1 + world], weights=judged)


@cache
def _judged(n: int) -> st.SearchStrategy[list[float] | None]:
    points = st.lists(_POINTS.map(float), min_size=n, max_size=n).filter(any)
    return st.none() | points


# What a byte means in a table of ratings: below 200 a level, the first level for 0.
_UNKNOWN, _ABSENT, _LEVELS_END = 215, 235, 200


@st.composite
def ratings(
    draw: st.DrawFn,
    tree: ValueTree,
    *,
    analysts: Sequence[str] = ("a0",),
    strategies: Sequence[str] = ("s0", "s1"),
    worlds: Sequence[str] = (),
    absent: bool = True,
) -> Ratings:
    """Draw ratings of every strategy by every analyst on every leaf.

    Args:
        draw: given by Hypothesis.
        tree: whose leaves are rated.
        analysts: ids.
        strategies: ids of what is judged.
        worlds: ids of scenarios that may have ratings of their own.
        absent: whether some ratings may be unknown or not given.
    """
    cells = [
        (a, t, leaf, world)
        for world in ("", *worlds)
        for a in analysts
        for t in strategies
        for leaf in tree.leaves
    ]
    codes = draw(st.binary(min_size=len(cells), max_size=len(cells)))
    rows: dict[str, list[str | float]] = {
        name: [] for name in ("analyst", "strategy", "criterion", "scenario", "rating")
    }
    for (a, t, leaf, world), code in zip(cells, codes, strict=True):
        if (world and code < _UNKNOWN) or (absent and not world and code >= _ABSENT):
            continue
        unknown = absent and not world and code >= _UNKNOWN
        level = "?" if unknown else _level(tree, leaf, code)
        for name, cell in zip(rows, (a, t, leaf, world, level), strict=True):
            rows[name].append(cell)
    return Ratings.from_columns(rows)


def _level(tree: ValueTree, leaf: str, code: int) -> str | float:
    """Return a level of a leaf's scale for a code of one byte; 0 is the first."""
    scale = tree.scale_of(leaf)
    assert scale is not None
    place = code % _LEVELS_END
    if scale.ordinal:
        return scale.labels[place * len(scale.labels) // _LEVELS_END]
    low, high = scale.at[0], scale.at[-1]
    return round(low + (high - low) * place / (_LEVELS_END - 1), 6)


@st.composite
def studies(
    draw: st.DrawFn,
    *,
    analysts: int = 2,
    strategies: int = 3,
    scenarios: int = 2,
    absent: bool = True,
    floor: float = 0.0,
    rules: Sequence[str] | None = None,
    tree: ValueTree | None = None,
) -> Study:
    """Draw a sound study, in which some ratings may hold in one world only.

    Args:
        draw: given by Hypothesis.
        analysts: how many.
        strategies: how many are judged.
        scenarios: how many; the last is a world with ratings of its own.
        absent: whether some ratings may be unknown or not given.
        floor: the coverage floor.
        rules: names of the rules that nodes may have.
        tree: drawn if not given.
    """
    tree = tree or draw(trees(rules=rules))
    judges, judged = [f"a{i}" for i in range(analysts)], [f"s{i}" for i in range(strategies)]
    worlds = [draw(_scenarios(tree, key=f"w{i}")) for i in range(scenarios)]
    given = ratings(tree, analysts=judges, strategies=judged, worlds=[worlds[-1].id], absent=absent)
    return Study(
        name="drawn",
        as_of=date(2026, 1, 1),
        tree=tree,
        scenarios=tuple(worlds),
        strategies=dict.fromkeys(judged, Strategy()),
        analysts={key: Analyst(weight=draw(st.integers(1, 3))) for key in judges},
        method=Method(pooling=draw(choices(pooling)), coverage_floor=floor),
        ratings=draw(given),
    )


_scenarios = scenarios
