"""Record what ANDURYL makes of made-up panels, for the tests of the classical model; not run in CI.

Usage, in an environment of its own (it needs an older numpy, and no window system):

    pip install "numpy<2" pydantic && pip install --no-deps anduryl==1.2.2
    python tests/goldens/make_classical_model.py

It replaces the numbers in classical_model.json beside it; `panel` makes the data. ANDURYL (Rongen,
't Hart, Leontaris and Morales-Napoles 2020) is GPL: an oracle for recorded numbers, never a
dependency. Its window system is replaced by empty modules.

Outside the cases below it differs from ours in three ways: hits exactly as promised score 0 where
they should score 1; its chi-square is a continued fraction, off by up to 1e-5 near there; and it
passes over a cut-off at which the decision maker's own calibration lies below it.
"""

import json
import sys
from importlib import import_module, metadata
from math import exp, nan
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

GOLDENS = Path(__file__).with_name("classical_model.json")

# Seed, experts, seed questions, questions of interest, levels, share missing.
THREE, FIVE = (0.05, 0.5, 0.95), (0.05, 0.25, 0.5, 0.75, 0.95)
CASES: tuple[tuple[int, int, int, int, tuple[float, ...], float], ...] = (
    (1, 3, 10, 2, THREE, 0.0),
    (2, 5, 12, 3, THREE, 0.0),
    (3, 8, 20, 2, FIVE, 0.0),
    (4, 4, 6, 1, THREE, 0.0),
    (5, 6, 15, 4, THREE, 0.15),
    (6, 10, 30, 2, FIVE, 0.1),
    (7, 4, 25, 3, (0.1, 0.9), 0.0),
)
SCHEMES = ("equal", "global", "item")
OVERSHOOT = 0.1

Panel = tuple[list[list[list[float]]], list[float], list[str]]


def panel(
    seed: int, experts: int, seeds: int, asked: int, levels: tuple[float, ...], missing: float
) -> Panel:
    """Return quantiles [expert, question, q], answers [seed] and backgrounds [question].

    Every third question is log-uniform. Experts miss the truth by a bias and a noise of their own
    and claim a width of their own; where one is missing, all quantiles are NaN. Python's own
    generator gives the same data for ever and everywhere.
    """
    random = Random(seed)
    truth = [random.uniform(2, 4) for _ in range(seeds + asked)]
    backgrounds = ["log-uniform" if i % 3 == 2 else "uniform" for i in range(seeds + asked)]

    def judged(true: float, bias: float, noise: float, width: float, log: bool) -> list[float]:
        at = random.gauss(true + bias, noise)
        steps = [random.uniform(0.2, 1) * width for _ in levels]
        rising = [at + sum(steps[: i + 1]) - sum(steps) / 2 for i in range(len(levels))]
        if random.random() < missing:
            return [nan] * len(levels)
        return [round(exp(x) if log else 10 * x, 4) for x in rising]

    traits = [
        (random.gauss(0, 0.1), random.uniform(0.1, 0.4), random.uniform(0.3, 1.2))
        for _ in range(experts)
    ]
    logs = [name == "log-uniform" for name in backgrounds]
    quantiles = [
        [judged(t, *trait, log) for t, log in zip(truth, logs, strict=True)] for trait in traits
    ]
    answers = [round(exp(t) if log else 10 * t, 4) for t, log in zip(truth, logs, strict=True)]
    return quantiles, answers[:seeds], backgrounds


def project(case: tuple[Any, ...]) -> Any:
    """Return ANDURYL's project of a case, without its windows."""
    windows = {"ui": "Window", "ui.dialogs": "NotificationDialog", "io.project": "ProjectIO"}
    for name, content in windows.items():
        module = sys.modules[f"anduryl.{name}"] = ModuleType(name)
        setattr(module, content, lambda *_: None)
    numpy = import_module("numpy")
    quantiles, answers, backgrounds = panel(*case)
    levels, table = list(case[4]), numpy.array(quantiles)
    made = import_module("anduryl.core.main").Project()
    made.assessments.quantiles = levels
    made.assessments.calculate_binprobs()
    made.assessments.array = numpy.zeros((0, len(levels), 0))
    items = made.items
    items.use_quantiles = numpy.ones((table.shape[1], len(levels)), dtype=bool)
    items.realizations = numpy.array([*answers, *[nan] * (table.shape[1] - len(answers))])
    items.bounds = numpy.full((table.shape[1], 2), nan)
    items.overshoots = numpy.full((table.shape[1], 2), nan)
    items.ids = [f"q{i}" for i in range(table.shape[1])]
    items.scales = numpy.array(["log" if b == "log-uniform" else "uni" for b in backgrounds])
    made.assessments.array = numpy.zeros((0, len(levels), table.shape[1]))
    made.experts.info_per_var = numpy.zeros((0, table.shape[1]))
    for i, rows in enumerate(table):
        made.experts.add_expert(f"e{i}", f"e{i}", rows, exp_type="actual")
    return made


def numbers(case: tuple[Any, ...]) -> dict[str, Any]:
    """Return the experts' scores, and each scheme's quantiles, scores and cut-off."""
    found: dict[str, Any] = {}
    for scheme in SCHEMES:
        made = project(case)
        decide = import_module("anduryl.core.calculate").decision_maker
        # A cut-off of 0 keeps everybody. Equal weights have none to optimise; where answers are
        # missing, ANDURYL's search takes one that leaves a question to nobody, if there is one.
        quantiles, _, alpha = decide(
            made.experts, made.items, made.assessments, scheme, OVERSHOOT,
            0.0 if scheme == "equal" or case[5] else None, 1.0,
        )  # fmt: skip
        made.experts.add_expert("dm", "dm", quantiles, exp_type="dm")
        made.experts.calculate_weights(overshoot=OVERSHOOT, alpha=None, calpower=1.0)
        scores = [
            getattr(made.experts, name).tolist()
            for name in ("calibration", "info_total", "info_real", "comb_score")
        ]
        found["experts"] = [list(row[:-1]) for row in scores]
        found[scheme] = {
            "scores": [row[-1] for row in scores],
            "cut_off": float(alpha),
            "quantiles": quantiles[:, 1:-1].tolist(),
        }
    return found


if __name__ == "__main__":
    recorded = {
        "anduryl": metadata.version("anduryl"),
        "cases": [numbers(case) for case in CASES],
    }
    GOLDENS.write_text(json.dumps(recorded, allow_nan=False) + "\n", encoding="utf-8")
    sys.stdout.write(f"anduryl {recorded['anduryl']}\n")
