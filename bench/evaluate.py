"""What `evaluate` costs on the Mali example, beside one evaluation by scikit-criteria."""

from importlib import import_module
from statistics import median
from typing import Any

import numpy as np
from made_up import columns, scenarios, study
from timing import Line, interleaved, ratio, show

import assess
from assess import Ratings, Study

ROUNDS = 41
GOAL = 2.0


def main() -> None:
    mali = assess.load("mali")
    filled = filled_study()
    fresh = iter([assess.load("mali") for _ in range(ROUNDS + 1)])
    matrix, weighted_sum, pipeline = scikit_criteria()
    taken = interleaved(
        {
            "mali": lambda: assess.evaluate(mali),
            "sum": lambda: weighted_sum.evaluate(matrix),
            "pipeline": lambda: pipeline.evaluate(matrix),
            "fresh": lambda: assess.evaluate(next(fresh)),
            "changed": lambda: assess.evaluate(mali.model_copy()),
            "filled": lambda: assess.evaluate(filled),
            "scenarios": lambda: [weighted_sum.evaluate(matrix) for _ in mali.scenarios],
        },
        ROUNDS,
    )

    def line(what: str, name: str, baseline: str = "", goal: float | None = None) -> Line:
        found = ratio(taken[name], taken[baseline]) if baseline else None
        met = None if goal is None or found is None else found <= goal
        text = "" if goal is None else f"at most {goal:g}"
        return Line(what, 1000 * median(taken[name]), found, text, met, "ms")

    show(
        f"Evaluation, {ROUNDS} interleaved rounds, processor time; scikit-criteria on 4 x 40",
        [
            line("scikit-criteria: weighted sum", "sum"),
            line("scikit-criteria: min-max scaler, then weighted sum", "pipeline"),
            line(f"scikit-criteria: weighted sum, {len(mali.scenarios)} times", "scenarios"),
            line(f"evaluate(mali), {size(mali)}: to the weighted sum", "mali", "sum", GOAL),
            line("  the same, to the pipeline with a scaler", "mali", "pipeline"),
            line("  the same, to one weighted sum a scenario", "mali", "scenarios"),
            line("the first evaluate of a study just loaded, already checked", "fresh", "sum"),
            line("a study changed in Python: built, checked and evaluated", "changed", "sum"),
            line(f"evaluate(made up), {size(filled)}", "filled", "sum"),
        ],
    )


def size(of: Study) -> str:
    return f"{len(of.ratings)} ratings, {len(of.scenarios)} scenarios"


def filled_study() -> Study:
    """Return 5 strategies, 4 analysts and 10 scenarios, rated for two worlds and in general."""
    empty = study(4, 5, scenarios()[:10])
    rated = columns(empty, ["", "budget_squeeze", "partner_realignment"], unknown=0.05)
    return empty.model_copy(update={"ratings": Ratings.from_columns(rated)})


def scikit_criteria() -> tuple[Any, Any, Any]:
    """Return a matrix of 4 alternatives and 40 criteria, a weighted sum, and one with a scaler."""
    random = np.random.default_rng(1)
    make = import_module("skcriteria").mkdm
    matrix = make(random.random((4, 40)), [max] * 40, weights=np.full(40, 1 / 40))
    weighted_sum = import_module("skcriteria.agg.simple").WeightedSumModel()
    scaler = import_module("skcriteria.preprocessing.scalers").MinMaxScaler(target="matrix")
    pipeline = import_module("skcriteria.pipelines").mkpipe(scaler, weighted_sum)
    return matrix, weighted_sum, pipeline


if __name__ == "__main__":
    main()
