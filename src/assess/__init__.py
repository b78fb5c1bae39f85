"""Assess how effective strategies are: ratings, criteria and scenarios into comparable reports.

    import assess

    report = assess.evaluate(assess.load("mali"))
    print(report)

Names are loaded when they are first used, so that importing the package costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assess import (
        acceptability,
        aggregation,
        agreement,
        classical_model,
        distributions,
        over_scenarios,
        panel,
        pooling,
        robustness,
        sensitivity,
        simulation,
        tradeoffs,
        values,
        weighting,
    )
    from assess.assessment import evaluate
    from assess.checks import check
    from assess.comparison import Comparison, compare
    from assess.decomposition import Decomposition, decompose
    from assess.explanation import Explanation, explain
    from assess.files import load
    from assess.model import (
        Actor,
        Analyst,
        Choice,
        Criterion,
        Evidence,
        Gate,
        Level,
        Method,
        Problem,
        Rating,
        Ratings,
        Scale,
        Scenario,
        Source,
        Strategy,
        Study,
        StudyError,
        ValueTree,
        Weights,
    )
    from assess.over_time import History, history
    from assess.report import Report
    from assess.simulation import Simulation, simulate
    from assess.verification import Verification, verify

__all__ = [
    "Actor",
    "Analyst",
    "Choice",
    "Comparison",
    "Criterion",
    "Decomposition",
    "Evidence",
    "Explanation",
    "Gate",
    "History",
    "Level",
    "Method",
    "Problem",
    "Rating",
    "Ratings",
    "Report",
    "Scale",
    "Scenario",
    "Simulation",
    "Source",
    "Strategy",
    "Study",
    "StudyError",
    "ValueTree",
    "Verification",
    "Weights",
    "acceptability",
    "aggregation",
    "agreement",
    "check",
    "classical_model",
    "compare",
    "decompose",
    "distributions",
    "evaluate",
    "explain",
    "history",
    "load",
    "over_scenarios",
    "panel",
    "pooling",
    "robustness",
    "sensitivity",
    "simulate",
    "simulation",
    "tradeoffs",
    "values",
    "verify",
    "weighting",
]

_HOMES = {
    "Comparison": "comparison",
    "Explanation": "explanation",
    "Report": "report",
    "check": "checks",
    "compare": "comparison",
    "Decomposition": "decomposition",
    "decompose": "decomposition",
    "evaluate": "assessment",
    "explain": "explanation",
    "History": "over_time",
    "history": "over_time",
    "load": "files",
    "Simulation": "simulation",
    "simulate": "simulation",
    "Verification": "verification",
    "verify": "verification",
}
# `testing` needs Hypothesis, which is an extra: it is no part of `from assess import *`.
_MODULES = (
    "acceptability",
    "aggregation",
    "agreement",
    "classical_model",
    "distributions",
    "over_scenarios",
    "panel",
    "pooling",
    "robustness",
    "sensitivity",
    "simulation",
    "testing",
    "tradeoffs",
    "values",
    "weighting",
)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return import_module("assess.version").version()
    if name in _MODULES:
        return import_module(f"assess.{name}")
    if name not in __all__:
        raise AttributeError(f"module 'assess' has no attribute {name!r}")
    found = getattr(import_module(f"assess.{_HOMES.get(name, 'model')}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return [*__all__, "__version__", "testing"]
