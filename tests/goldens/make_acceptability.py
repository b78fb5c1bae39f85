"""Record what pysensmcda makes of made-up draws, for the tests of acceptability; not run in CI.

Usage, in an environment of its own:

    pip install pysensmcda==2.0.0
    python tests/goldens/make_acceptability.py

It replaces the numbers in acceptability.json beside it; `draws` makes the data. That program breaks
no ties and splits none: those who tie all take the better rank. So the draws with ties record only
what means the same here: who is strictly ahead, and how often which order with its ties occurs.
"""

import json
import sys
from importlib import import_module, metadata
from math import isnan
from pathlib import Path
from random import Random
from typing import Any

GOLDENS = Path(__file__).with_name("acceptability.json")

# Seed, draws, strategies, criteria, levels of values and weights (0: continuous, and no ties).
CASES = (
    (1, 200, 3, 3, 0),
    (2, 400, 5, 4, 0),
    (3, 150, 8, 2, 0),
    (4, 300, 4, 6, 0),
    (5, 200, 4, 3, 4),
)
META_WEIGHTS = ("centroid", "linear", "inverse")

Draws = tuple[list[list[list[float]]], list[list[float]]]


def draws(seed: int, count: int, strategies: int, criteria: int, levels: int) -> Draws:
    """Return values [draw, strategy, criterion] and weights [draw, criterion].

    Each strategy has a value of its own on each criterion, and errs about it; the last is worse
    than the first everywhere in the first case, so that it is never first. Continuous weights are
    uniform on the simplex; the others are whole quarters, none of them 0, and sum to anything.
    Python's own generator gives the same data for ever and everywhere.
    """
    random = Random(seed)
    centre = [[random.random() for _ in range(criteria)] for _ in range(strategies)]

    def value(true: float) -> float:
        judged = min(max(true + 0.5 * (random.random() - 0.5), 0.0), 1.0)
        return round(judged * levels) / levels if levels else judged

    def weights() -> list[float]:
        if levels:
            return [random.randint(1, levels) / levels for _ in range(criteria)]
        drawn = [random.expovariate(1.0) for _ in range(criteria)]
        return [share / sum(drawn) for share in drawn]

    values = [[[value(true) for true in row] for row in centre] for _ in range(count)]
    if seed == 1:
        for drawn in values:
            drawn[-1] = [0.5 * worth for worth in drawn[0]]
    return values, [weights() for _ in range(count)]


def additive(matrix: Any, weights: Any, types: Any) -> Any:
    """Return the score of each strategy."""
    del types
    return (matrix * weights).sum(axis=1)


def numbers(case: tuple[int, int, int, int, int]) -> dict[str, Any]:
    """Return every index that pysensmcda offers."""
    numpy, smaa = import_module("numpy"), import_module("pysensmcda.smaa")
    robustness = import_module("pysensmcda.robustness")
    values, weights = map(numpy.array, draws(*case))
    found = smaa.smaa2(
        additive, values.mean(axis=0), numpy.ones(case[3]), weights=weights,
        matrix_samples=values, cross_confidence=True, reverse_ranking=True,
    )  # fmt: skip
    rankings = found.simulation.rankings
    orders = {
        "winning": robustness.pairwise_winning_indices(rankings),
        "ranking_entropy": robustness.entropy_ranking(rankings),
        "relative_ranking_entropy": robustness.entropy_ranking(rankings, normalise=True),
    }
    if case[4]:
        return {"ties": found.simulation.n_ties, **orders}
    return {
        "ties": found.simulation.n_ties,
        **orders,
        "rank": found.rank_acceptability,
        "rank_error": found.rank_acceptability_error,
        "best": found.kbr_acceptability,
        "central": found.central_weights,
        "central_error": found.central_weights_error,
        "confidence": found.confidence_factors,
        "cross_confidence": found.cross_confidence_factors,
        "holistic": [smaa.holistic_acceptability(found.simulation, k) for k in META_WEIGHTS],
        "choice_entropy": robustness.entropy_choice(rankings),
        "relative_choice_entropy": robustness.entropy_choice(rankings, normalise=True),
    }


def plain(found: Any) -> Any:
    """Return arrays as lists, and null for a number that there is not."""
    if hasattr(found, "tolist"):
        found = found.tolist()
    if isinstance(found, dict):
        return {name: plain(held) for name, held in found.items()}
    if isinstance(found, list):
        return [plain(held) for held in found]
    return None if isinstance(found, float) and isnan(found) else found


if __name__ == "__main__":
    recorded = {
        "pysensmcda": metadata.version("pysensmcda"),
        "cases": [plain(numbers(case)) for case in CASES],
    }
    text = json.dumps(recorded, allow_nan=False)
    GOLDENS.write_text(text.replace("}, {", "},\n{") + "\n", encoding="utf-8")
    sys.stdout.write(f"pysensmcda {recorded['pysensmcda']}\n")
