"""One small study that many tests bend to their purpose."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from assess.model import (
    Actor,
    Analyst,
    Choice,
    Criterion,
    Gate,
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

PRACTICE = Scale(
    levels={
        "none": Level(worth=0, anchor="absent"),
        "some": Level(worth=0.4, anchor="in some units"),
        "all": Level(worth=1, anchor="in every unit"),
    }
)


def tree(**changes: Any) -> ValueTree:
    """Two groups, four leaves; the second group is as strong as its weakest leaf."""
    criteria = {
        "results": Criterion(name="Results"),
        "deaths": Criterion(
            parent="results",
            kind="effectiveness",
            unit="deaths a year",
            scale=Scale(worst=1000, best=0),
            acceptable=400,
            good=200,
        ),
        "trust": Criterion(
            parent="results",
            kind="effectiveness",
            scale=Scale(worst=0, best=100),
            acceptable=50,
            good=75,
        ),
        "means": Criterion(name="Means", rule=Choice(name="weakest_link")),
        "upkeep": Criterion(
            parent="means",
            kind="performance",
            scale=Scale(worst=0, best=60, beyond="saturate"),
            acceptable=30,
            good=45,
        ),
        "conduct": Criterion(
            parent="means",
            kind="performance",
            scale=PRACTICE,
            acceptable="some",
            good="all",
            gate=Gate(threshold="some", reason="a floor"),
        ),
        "spending": Criterion(kind="context", unit="% of GDP"),
    }
    return ValueTree.model_validate({"id": "small", "criteria": criteria} | changes)


def scenario(key: str = "reference", **changes: Any) -> Scenario:
    """Results matter twice as much as means."""
    weights = {
        "small": Weights(
            method=Choice(name="swing"), judgements={"results": 100, "means": 50}, against="1"
        )
    }
    return Scenario.model_validate({"id": key, "tree": "small", "weights": weights} | changes)


LEVELS: Mapping[str, Mapping[str, float | str]] = {
    "keep": {"deaths": 600, "trust": 30, "upkeep": 30, "conduct": "none"},
    "reform": {"deaths": 400, "trust": 60, "upkeep": 45, "conduct": "all"},
    "build": {"deaths": 500, "trust": 40, "upkeep": 75, "conduct": "some"},
}


def rows(levels: Mapping[str, Mapping[str, float | str]] = LEVELS) -> list[Rating]:
    """One analyst rates everything."""
    return [
        Rating(analyst="ana", strategy=strategy, criterion=criterion, rating=level)
        for strategy, cells in levels.items()
        for criterion, level in cells.items()
    ]


def study(ratings: Sequence[Rating] | None = None, **changes: Any) -> Study:
    """Return the small study, with other ratings or fields where given."""
    fields: dict[str, Any] = {
        "name": "Small",
        "as_of": date(2026, 1, 1),
        "tree": tree(),
        "scenarios": (scenario(),),
        "strategies": {
            "keep": Strategy(name="Keep", baseline=True),
            "reform": Strategy(name="Reform"),
            "build": Strategy(name="Build"),
        },
        "analysts": {"ana": Analyst(), "ben": Analyst()},
        "actors": {"mission": Actor(valid_to=date(2023, 12, 31))},
        "method": Method(),
        "ratings": Ratings.from_rows(rows() if ratings is None else ratings),
    }
    return Study(**(fields | changes))
