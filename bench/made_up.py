"""Studies of any size on the packaged tree, their ratings made up with a fixed seed."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assess import Analyst, Ratings, Scenario, Strategy, Study, ValueTree
from assess.files.toml import read_scenario, read_tree
from assess.model import CONFIDENCES, GRADES

Columns = dict[str, list[str]]

_ROOT = Path(__file__).resolve().parents[1]
_WORDS = [
    "patrol", "convoy", "market", "river", "district", "village", "border", "report", "witness",
    "survey", "radio", "council", "garrison", "supply", "drone", "clinic", "harvest", "school",
    "bridge", "payroll",
]  # fmt: skip


def tree() -> ValueTree:
    """Return the packaged tree of 40 leaves."""
    return read_tree(_ROOT / "criteria" / "defence_strategy.toml")


def scenarios() -> tuple[Scenario, ...]:
    """Return the packaged scenarios, the one that lends its weights first."""
    found = [read_scenario(path) for path in sorted((_ROOT / "scenarios").glob("*.toml"))]
    return tuple(sorted(found, key=lambda scenario: scenario.id != "reference"))


def worlds(count: int) -> tuple[Scenario, ...]:
    """Return scenarios that take ratings of their own, all with the reference weights."""
    first = scenarios()[0]
    return tuple(first.model_copy(update={"id": f"world_{i}"}) for i in range(count))


def study(
    analysts: int, strategies: int, given: tuple[Scenario, ...], ratings: Any = None
) -> Study:
    """Return a study of this size."""
    return Study(
        name="made up",
        as_of=date(2026, 6, 30),
        tree=tree(),
        scenarios=given,
        strategies={f"strategy_{i}": Strategy() for i in range(strategies)},
        analysts={f"analyst_{i}": Analyst() for i in range(analysts)},
        ratings=Ratings() if ratings is None else ratings,
    )


def columns(of: Study, rated_scenarios: Sequence[str], unknown: float, seed: int = 1) -> Columns:
    """Return one rating by every analyst of every cell, with evidence.

    Args:
        of: whose analysts, strategies and leaves are rated.
        rated_scenarios: ids; "" for ratings that hold in every scenario.
        unknown: share of ratings that are "?".
        seed: of every draw.
    """
    random = np.random.default_rng(seed)
    leaves = of.tree.leaves
    cells = list(product(of.analysts, of.strategies, rated_scenarios, leaves))
    analyst, strategy, scenario, criterion = (list(part) for part in zip(*cells, strict=True))
    size = len(cells)
    leaf = np.arange(size) % len(leaves)
    texts = [_levels(of.tree, key, random, int((leaf == i).sum())) for i, key in enumerate(leaves)]
    low, rating, high = (np.stack([t[i] for t in texts], -1).ravel() for i in range(3))
    absent = random.random(size) < unknown
    without_range = absent | (random.random(size) < 0.7)
    days = [(date(2024, 1, 1) + timedelta(days=i)).isoformat() for i in range(900)]
    sources = [f"UN Security Council S/2025/{i}, para. {i % 90}" for i in range(300)]
    words = random.choice(_WORDS, (size, 9)).tolist()
    return {
        "analyst": analyst,
        "strategy": strategy,
        "scenario": scenario,
        "criterion": criterion,
        "rating": np.where(absent, "?", rating).tolist(),
        "low": np.where(without_range, "", low).tolist(),
        "high": np.where(without_range, "", high).tolist(),
        "confidence": random.choice(["", *CONFIDENCES], size).tolist(),
        "grade": random.choice(["", *GRADES], size).tolist(),
        "source": random.choice(sources, size).tolist(),
        "rationale": [" ".join(row) for row in words],
        "date": random.choice(days, size).tolist(),
    }


def _levels(
    of: ValueTree, leaf: str, random: np.random.Generator, size: int
) -> tuple[NDArray[np.str_], NDArray[np.str_], NDArray[np.str_]]:
    """Return low, rating and high [row] as they would be written."""
    scale = of.scale_of(leaf)
    assert scale is not None
    if scale.ordinal:
        labels, last = np.array(scale.labels), len(scale.labels) - 1
        at = random.integers(0, last + 1, size)
        return labels[np.maximum(at - 1, 0)], labels[at], labels[np.minimum(at + 1, last)]
    ends = np.linspace(scale.at[0], scale.at[-1], 1001)
    at = random.integers(0, 1001, size)
    low, level, high = (ends[np.clip(at + step, 0, 1000)].round(1) for step in (-50, 0, 50))
    return low.astype(str), level.astype(str), high.astype(str)
