"""Record what other programs make of made-up ratings, for the tests of agreement; not run in CI.

Usage, once in an environment of each program (irrCAC needs older numpy and scipy than the rest):

    pip install krippendorff==0.9.0     # or pingouin==0.7.0, irrCAC==0.4.4, statsmodels==0.15.0
    python tests/goldens/make_agreement.py

It runs the programs that are installed, prints their versions and replaces their numbers in
agreement.json beside it; what no program computes is recorded in exact fractions. That file holds
seeds, shapes and numbers; `ratings` makes the data.
"""

import json
from collections.abc import Callable
from fractions import Fraction
from importlib import import_module, metadata
from itertools import combinations
from math import isnan, nan
from pathlib import Path
from platform import python_version
from random import Random
from statistics import variance
from typing import Any

GOLDENS = Path(__file__).with_name("agreement.json")

# Seed, raters, units, share missing, levels (0: a continuous scale).
CASES = (
    (1, 3, 15, 0.3, 5),
    (2, 5, 40, 0.3, 4),
    (3, 8, 25, 0.6, 7),
    (4, 2, 30, 0.1, 3),
    (5, 6, 30, 0.3, 0),
    (6, 4, 20, 0.0, 5),
    (7, 3, 12, 0.0, 0),
    (8, 10, 50, 0.0, 4),
    (9, 4, 60, 0.2, 0),
    (10, 5, 60, 0.15, 6),
)
WEIGHTS = ("identity", "linear", "quadratic", "radical", "ordinal", "ratio", "circular", "bipolar")

Table = list[list[float]]


def ratings(seed: int, raters: int, units: int, missing: float, levels: int) -> Table:
    """Return ratings [rater, unit] around a truth for each unit, NaN where missing.

    Levels are 1 to `levels`; a continuous scale runs from 0 to 100 in hundredths. Python's own
    generator gives the same data for ever and everywhere.
    """
    random = Random(seed)
    truth = [random.random() for _ in range(units)]

    def rating(true: float) -> float:
        judged = min(max(true + 0.4 * (random.random() - 0.5), 0.0), 1.0)
        value = 1 + min(int(judged * levels), levels - 1) if levels else round(100 * judged, 2)
        return nan if random.random() < missing else float(value)

    return [[rating(true) for true in truth] for _ in range(raters)]


def krippendorff(table: Table, missing: float, levels: int) -> dict[str, Any]:
    del missing, levels
    alpha = import_module("krippendorff").alpha
    scales = ("nominal", "ordinal", "interval", "ratio")
    return {s: float(alpha(reliability_data=table, level_of_measurement=s)) for s in scales}


def irr_cac(table: Table, missing: float, levels: int) -> dict[str, Any]:
    """Return coefficient, standard error and interval, cut at 1."""
    del missing
    if not levels:
        return {}
    frame = import_module("pandas").DataFrame(table).T
    cac = import_module("irrCAC.raw").CAC

    def numbers(found: dict[str, Any]) -> list[float]:
        of = found["est"]
        return [float(of["coefficient_value"]), float(of["se"]), *map(float, _ends(of))]

    gwet = {w: numbers(cac(frame, weights=w, digits=15).gwet()) for w in WEIGHTS}
    return {"fleiss": numbers(cac(frame, digits=15).fleiss()), "gwet": gwet}


def pingouin(table: Table, missing: float, levels: int) -> dict[str, Any]:
    """Return each form of the ICC with its interval, and Kendall's W with its p value.

    It leaves out units with a gap in the ICC, but raters with a gap in Friedman's test, so these
    are taken out before.
    """
    del missing, levels
    whole = [unit for unit in zip(*table, strict=True) if not any(map(isnan, unit))]
    if len(whole) < 3:
        return {}
    pg, frame = import_module("pingouin"), import_module("pandas").DataFrame
    pg.options["round.column.CI95"] = None
    rows = [(r, u, v) for r, line in enumerate(table) for u, v in enumerate(line)]
    long = frame(rows, columns=["rater", "unit", "value"])
    found = pg.intraclass_corr(
        long, targets="unit", raters="rater", ratings="value", nan_policy="omit"
    )
    forms = ("1,1", "2,1", "3,1", "1,k", "2,k", "3,k")
    lines = zip(forms, found["ICC"], found["CI95"], strict=True)
    rows = [(r, u, v) for u, unit in enumerate(whole) for r, v in enumerate(unit)]
    ranked = frame(rows, columns=["rater", "unit", "value"])
    test = pg.friedman(ranked, dv="value", within="unit", subject="rater")
    return {
        "icc": {form: [float(value), *map(float, ends)] for form, value, ends in lines},
        "kendall": [float(test["W"].iloc[0]), float(test["p_unc"].iloc[0])],
    }


def fractions(table: Table, missing: float, levels: int) -> dict[str, Any]:
    """Return r_wg and the mean absolute spread of each unit in exact fractions, null for a gap.

    No program in Python has them; these are their definitions, pair by pair and without rounding.
    Random answers on the continuous scale are those of 101 levels.
    """
    del missing
    random = Fraction((levels or 101) ** 2 - 1, 12)

    def numbers(unit: tuple[float, ...]) -> list[float] | None:
        known = [Fraction(str(v)) for v in unit if not isnan(v)]
        if len(known) < 2:
            return None
        apart = [abs(v - w) for v, w in combinations(known, 2)]
        return [
            float(max(1 - variance(known) / random, Fraction(0))),
            float(sum(apart) / len(apart)),
        ]

    found = [numbers(unit) for unit in zip(*table, strict=True)]
    r, apart = ([None if pair is None else pair[i] for pair in found] for i in range(2))
    return {"r_wg": r, "spread": apart}


def statsmodels(table: Table, missing: float, levels: int) -> dict[str, Any]:
    if missing or not levels:
        return {}
    rater = import_module("statsmodels.stats.inter_rater")
    counts = [[col.count(k + 1) for k in range(levels)] for col in zip(*table, strict=True)]
    return {"fleiss": float(rater.fleiss_kappa(counts))}


def _ends(of: dict[str, Any]) -> tuple[float, float]:
    low, high = of["confidence_interval"]
    return float(low), float(high)


PROGRAMS: dict[str, Callable[[Table, float, int], dict[str, Any]]] = {
    "krippendorff": krippendorff,
    "irrCAC": irr_cac,
    "pingouin": pingouin,
    "statsmodels": statsmodels,
}
OWN = {"fractions": fractions}


def main() -> None:
    known = json.loads(GOLDENS.read_text(encoding="utf-8")) if GOLDENS.exists() else {}
    for name, program in PROGRAMS.items():
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            print(f"{name}: not installed, its numbers stay")
            continue
        print(f"{name} {version}, numpy {metadata.version('numpy')}")
        found = [program(ratings(*case), case[3], case[4]) for case in CASES]
        known[name] = {"version": version, "of": found}
    for name, program in OWN.items():
        found = [program(ratings(*case), case[3], case[4]) for case in CASES]
        known[name] = {"version": f"Python {python_version()}", "of": found}
    known["cases"] = CASES
    text = json.dumps({name: known[name] for name in ("cases", *PROGRAMS, *OWN) if name in known})
    GOLDENS.write_text(text.replace("}, {", "},\n{") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
