"""Hypothesis strategies for tests: values, weights, scales, trees and whole small studies.

(A Hypothesis strategy draws examples; a strategy that is assessed is something else.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
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
    Rating,
    Ratings,
    Scale,
    Scenario,
    Strategy,
    Study,
    ValueTree,
    Weights,
)

Array = NDArray[np.float64]

# One strategy for each argument that some rule or centre takes; a new argument needs a line here.
ARGUMENTS: dict[str, st.SearchStrategy[Any]] = {
    "exponent": st.sampled_from(
        [-np.inf, -5.0, -1.0, -0.5, -1e-9, 0.0, 1e-15, 0.5, 1.0, 2.0, 5.0, np.inf]
    ),
    "order_weights": st.lists(st.integers(0, 5), min_size=1, max_size=5)
    .filter(any)
    .map(lambda points: tuple(p / sum(points) for p in points)),
    "share": st.sampled_from([0.0, 0.1, 0.2, 0.4]),
}


@dataclass(frozen=True)
class Named:
    """A function of a registry with its arguments drawn."""

    name: str
    arguments: dict[str, Any]
    function: Any

    def __call__(self, values: Any, weights: Any) -> Array:
        """Apply the function."""
        return np.asarray(self.function(values, weights))


def named(module: Any, name: str) -> st.SearchStrategy[Named]:
    """Draw the arguments of one function of a registry."""
    function = getattr(module, name)
    takes = {key: ARGUMENTS[key] for key in options(function)}
    return st.fixed_dictionaries(takes).map(lambda a: Named(name, a, partial(function, **a)))


def choices(module: Any, names: Sequence[str] | None = None) -> st.SearchStrategy[Choice]:
    """Draw a name of a registry with arguments that a file can hold."""

    def finite(found: Named) -> bool:
        return all(np.isfinite(a).all() for a in found.arguments.values())

    return (
        st.sampled_from(list(names or module.__all__))
        .flatmap(lambda name: named(module, name).filter(finite))
        .map(lambda found: Choice(name=found.name, parameters=found.arguments))
    )


def values(n: int, rows: int = 3) -> st.SearchStrategy[Array]:
    """Draw [rows, n] in [0, 1], with 0 and 1 often among them."""
    cell = st.one_of(st.sampled_from([0.0, 1.0, 0.5]), st.floats(0, 1, allow_subnormal=False))
    row = st.lists(cell, min_size=n, max_size=n)
    return st.lists(row, min_size=rows, max_size=rows).map(lambda x: np.array(x, dtype=float))


def weights(n: int, *, zeros: bool = True) -> st.SearchStrategy[Array]:
    """Draw [n] non-negative numbers summing to 1."""
    least = 0 if zeros else 1
    points = st.lists(st.integers(least, 20), min_size=n, max_size=n).filter(any)
    return points.map(lambda p: np.array(p, dtype=float) / sum(p))


@st.composite
def worths(draw: st.DrawFn, n: int) -> tuple[float, ...]:
    """Draw worths that rise, fall, or rise and fall once, and reach 0 and 1."""
    shape = draw(st.sampled_from(["rise", "fall", "peak"] if n > 2 else ["rise", "fall"]))
    between = n - 3 if shape == "peak" else n - 2
    inner = sorted(draw(st.lists(st.floats(0, 1), min_size=between, max_size=between)))
    if shape == "peak":
        peak = draw(st.integers(0, between))
        return (0.0, *inner[:peak], 1.0, *reversed(inner[peak:]), 0.0)
    rising = (0.0, *inner, 1.0)
    return rising if shape == "rise" else tuple(reversed(rising))


@st.composite
def numeric_scales(draw: st.DrawFn, beyond: str = "refuse") -> Scale:
    """Draw a scale of numbers."""
    at = draw(st.lists(st.integers(-1000, 1000), min_size=2, max_size=5, unique=True).map(sorted))
    worth = draw(worths(len(at)))
    return Scale.model_validate(
        {"levels": list(zip(map(float, at), worth, strict=True)), "beyond": beyond}
    )


@st.composite
def ordinal_scales(draw: st.DrawFn) -> Scale:
    """Draw a scale of anchored labels."""
    n = draw(st.integers(2, 4))
    worth = draw(worths(n))
    return Scale(levels={f"l{i}": Level(worth=w, anchor=f"level {i}") for i, w in enumerate(worth)})


def scales() -> st.SearchStrategy[Scale]:
    """Draw a scale of either sort."""
    return st.one_of(numeric_scales(), ordinal_scales())


@st.composite
def trees(draw: st.DrawFn, *, rules: Sequence[str] | None = None) -> ValueTree:
    """Draw a tree of one to three groups with one to three leaves each, or leaves at the root."""
    criteria: dict[str, Criterion] = {}
    for g in range(draw(st.integers(1, 3))):
        count = draw(st.integers(0, 3))
        rule = draw(st.none() | choices(aggregation, rules)) if count else None
        leaf = count == 0
        criteria[f"g{g}"] = draw(_leaf(None)) if leaf else Criterion(rule=rule)
        for i in range(count):
            criteria[f"g{g}_{i}"] = draw(_leaf(f"g{g}"))
    return ValueTree(id="tree", rule=draw(choices(aggregation, rules)), criteria=criteria)


@st.composite
def _leaf(draw: st.DrawFn, parent: str | None) -> Criterion:
    kinds: list[Literal["effectiveness", "performance"] | None] = ["effectiveness", "performance"]
    kind = draw(st.sampled_from([*kinds, None]))
    return Criterion(parent=parent, scale=draw(scales()), kind=kind)


@st.composite
def level_texts(draw: st.DrawFn, scale: Scale) -> str | float:
    """Draw a level on a scale."""
    if scale.ordinal:
        return draw(st.sampled_from(scale.labels))
    low, high = scale.at[0], scale.at[-1]
    return round(draw(st.floats(low, high)), 6)


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
) -> Study:
    """Draw a sound study in which some ratings may be absent and some hold in one world only."""
    tree = draw(trees(rules=rules))
    names = [f"s{i}" for i in range(strategies)]
    worlds = [draw(_scenario(tree, f"w{i}")) for i in range(scenarios)]
    rows = []
    for a in range(analysts):
        for strategy in names:
            for leaf in tree.leaves:
                for scenario in (None, worlds[-1].id):
                    if scenario and draw(st.integers(0, 5)):
                        continue
                    if absent and not draw(st.integers(0, 4)):
                        continue
                    scale = tree.scale_of(leaf)
                    assert scale is not None
                    unknown = absent and not draw(st.integers(0, 6))
                    level = "?" if unknown else draw(level_texts(scale))
                    rows.append(
                        Rating(
                            analyst=f"a{a}",
                            strategy=strategy,
                            scenario=scenario,
                            criterion=leaf,
                            rating=level,
                        )
                    )
    return Study(
        name="drawn",
        as_of=date(2026, 1, 1),
        tree=tree,
        scenarios=tuple(worlds),
        strategies={name: Strategy() for name in names},
        analysts={f"a{a}": Analyst(weight=draw(st.integers(1, 3))) for a in range(analysts)},
        method=Method(pooling=draw(choices(pooling)), coverage_floor=floor),
        ratings=Ratings.from_rows(rows),
    )


@st.composite
def _scenario(draw: st.DrawFn, tree: ValueTree, key: str) -> Scenario:
    judged = {}
    for node, children in tree.children.items():
        if draw(st.booleans()):
            points = draw(
                st.lists(
                    st.integers(0, 100), min_size=len(children), max_size=len(children)
                ).filter(any)
            )
            judged[node] = Weights(
                method=Choice(name="points"),
                judgements=dict(zip(children, map(float, points), strict=True)),
            )
    return Scenario(id=key, tree=tree.id, kind=("perspective", "world"), weights=judged)
