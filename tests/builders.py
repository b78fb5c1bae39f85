"""Small functions that build studies out of published tables: one analyst, every cell given."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assess.model import (
    Analyst,
    Choice,
    Criterion,
    Method,
    Ratings,
    Scale,
    Scenario,
    Strategy,
    Study,
    ValueTree,
    Weights,
)
from assess.report import Report

Level = float | str
SHARED = Path(__file__).resolve().parents[2] / "shared"
PERCENT = Scale(worst=0, best=100)


def as_id(label: str) -> str:
    """Return a published label as an id: lower case, underscores for what an id cannot hold.

    >>> as_id("Closeness to customers"), as_id("OP.T1")
    ('closeness_to_customers', 'op_t1')
    """
    return re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")


def judged(judgements: Mapping[str, float], method: str = "points") -> Weights:
    """Return the judgements of one node."""
    return Weights(method=Choice(name=method), judgements=dict(judgements))


def study(
    tree: ValueTree,
    scenarios: Sequence[Scenario],
    cells: Iterable[tuple[str, str, Level]],
    *,
    coverage_floor: float = 0.6,
) -> Study:
    """Return a study that one analyst rated; `cells` are (strategy, leaf, level)."""
    rows = list(cells)
    return Study(
        name="Worked numbers",
        as_of=date(2026, 1, 1),
        tree=tree,
        scenarios=tuple(scenarios),
        strategies={row[0]: Strategy() for row in rows},
        analysts={"ana": Analyst()},
        method=Method(coverage_floor=coverage_floor),
        ratings=Ratings.from_columns(
            {
                "analyst": ["ana"] * len(rows),
                "strategy": [row[0] for row in rows],
                "criterion": [row[1] for row in rows],
                "rating": [row[2] for row in rows],
            }
        ),
    )


def flat(
    table: Mapping[str, Sequence[float]],
    judgements: Mapping[str, float],
    *,
    method: str = "points",
    rule: str = "weighted_sum",
    scale: Scale = PERCENT,
) -> Study:
    """Return a study of criteria side by side under one root, all on one scale.

    Args:
        table: for each strategy its levels, in the order of the judgements.
        judgements: for each criterion what it matters.
        method: how judgements become weights.
        rule: how criteria become the total.
        scale: of every criterion.
    """
    tree = ValueTree(
        id="table",
        rule=Choice(name=rule),
        criteria={key: Criterion(scale=scale) for key in judgements},
    )
    scenario = Scenario(id="reference", tree="table", weights={"table": judged(judgements, method)})
    cells = [
        (strategy, criterion, level)
        for strategy, levels in table.items()
        for criterion, level in zip(judgements, levels, strict=True)
    ]
    return study(tree, [scenario], cells)


def totals(report: Report, scenario: int = 0) -> dict[str, float]:
    """Return the total of every strategy in one scenario, 0 to 100."""
    return by_strategy(report, 100 * report.score[scenario, :, 0])


def by_strategy(report: Report, values: NDArray[np.float64]) -> dict[str, float]:
    """Return one value a strategy [strategy] under the strategies' ids."""
    return dict(zip(report.study.strategies, values.tolist(), strict=True))
