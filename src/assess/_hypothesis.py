"""What Hypothesis is told of the models, so that `st.from_type(assess.Study)` draws sound ones."""

from collections.abc import Callable
from typing import Any


def register() -> None:
    """Register a recipe for every public model; Hypothesis calls this when it is imported.

    The recipes themselves are imported when one is first drawn: importing them here would import
    Hypothesis while it is being imported.
    """
    from hypothesis import strategies as st

    from assess import model

    for name in ("Actor", "Analyst", "Choice", "Criterion", "Endorsement", "ErrorStructure",
                 "Evidence", "EvidenceTable", "Gate", "HalfWidths", "Level", "Method", "Rating",
                 "Ratings", "Ratio", "Scale", "Scenario", "Source", "Stakeholder", "Strategy",
                 "Study", "Uncertainty", "ValueTree", "Weights"):  # fmt: skip
        st.register_type_strategy(getattr(model, name), _drawn(name))


def _drawn(name: str) -> Callable[[Any], Any]:
    def draw(_: Any) -> Any:
        from assess.testing.models import BY_TYPE

        return BY_TYPE[name]()

    return draw
