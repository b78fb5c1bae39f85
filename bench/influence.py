"""What leaving out each of 50 analysts costs, beside one `evaluate` of the same study."""

from itertools import chain, combinations
from statistics import median

import numpy as np
from made_up import columns, study, worlds
from timing import Line, interleaved, ratio, show

import assess
from assess import Ratings, Report, Study
from assess.model import Choice, Column, Method
from assess.panel import leave_one_out
from assess.panel.without import totals_without

ROUNDS = 7
GOAL = 10.0
ANALYSTS, STRATEGIES, SCENARIOS = 50, 100, 9


def main() -> None:
    general = made()
    lines = [
        *measured("every rating holds in every scenario", general, GOAL),
        *measured("the same, 19 in 20 unknown, so that cells are absent", made(0.95), GOAL),
        *measured("every scenario rated by itself, 1.8 million ratings", apart(general), GOAL),
        *measured("as in the first line, median", made(centre="median"), GOAL),
        *measured("as in the first line, trimmed mean", made(centre="trimmed_mean"), GOAL),
        of_sets(general),
    ]
    size = f"{ANALYSTS} analysts, {STRATEGIES} strategies, 40 leaves, {SCENARIOS} scenarios"
    show(f"Leave-one-out, {size}; {ROUNDS} interleaved rounds, processor time", lines)


def measured(what: str, report: Report, goal: float) -> list[Line]:
    """Return the line of one `evaluate`, and that of all analysts left out beside it."""
    taken = interleaved(
        {
            "evaluate": lambda: assess.evaluate(report.study),
            "without": lambda: leave_one_out(report),
        },
        ROUNDS,
    )
    times = ratio(taken["without"], taken["evaluate"])
    met, text = times <= goal, f"at most {goal:g}"
    return [
        Line(f"evaluate: {what}", 1000 * median(taken["evaluate"]), unit="ms"),
        Line("  leave_one_out", 1000 * median(taken["without"]), times, text, met, "ms"),
    ]


def of_sets(report: Report) -> Line:
    """Return what the search for the smallest set costs if all ones and pairs are looked at."""
    chosen = list(chain.from_iterable(combinations(range(ANALYSTS), size) for size in (1, 2)))
    absent = np.zeros((len(chosen), ANALYSTS), dtype=bool)
    for place, members in enumerate(chosen):
        absent[place, list(members)] = True
    taken = interleaved(
        {
            "evaluate": lambda: assess.evaluate(report.study),
            "sets": lambda: totals_without(report.study, absent),
        },
        3,
    )
    times = ratio(taken["sets"], taken["evaluate"])
    return Line(
        f"  {len(chosen)} sets of 1 or 2 absent", 1000 * median(taken["sets"]), times, unit="ms"
    )


def made(unknown: float = 0.0, centre: str = "mean") -> Report:
    """Return the report of a panel in which everybody rates everything, made up."""
    empty = study(ANALYSTS, STRATEGIES, worlds(SCENARIOS))
    ratings = Ratings.from_columns(columns(empty, [""], unknown))
    method = Method(pooling=Choice(name=centre))
    full: Study = empty.model_copy(update={"ratings": ratings, "method": method})
    return assess.evaluate(full)


def apart(general: Report) -> Report:
    """Return the same, every scenario rated by itself: each a strategy's levels further."""
    given, ids = general.study.ratings, general.study.scenario_ids
    leaves = len(general.study.tree.leaves)
    names = ("analyst", "strategy", "criterion")
    held = {name: getattr(given, name) for name in names}
    cells = {
        name: Column(np.tile(item.codes, SCENARIOS), item.labels) for name, item in held.items()
    }
    scenario = np.repeat(np.arange(SCENARIOS, dtype=np.int32), len(given))
    moved = [np.roll(given.rating.codes, leaves * i) for i in range(SCENARIOS)]
    levels = Column(np.concatenate(moved), given.rating.labels)
    ratings = Ratings({**cells, "scenario": Column(scenario, ids), "rating": levels})
    return assess.evaluate(general.study.model_copy(update={"ratings": ratings}))


if __name__ == "__main__":
    main()
