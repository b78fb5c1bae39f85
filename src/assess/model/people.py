"""Who acts and who judges: actors with their dates, analysts with their interests."""

from datetime import date
from typing import Annotated

from pydantic import Field, Strict

from assess.model.frozen import Frozen, FrozenDict, Keyed, NotNegative, Number, Text

Date = Annotated[date, Strict()]


class Actor(Frozen):
    """An organisation that criteria name, with the dates between which it existed or took part."""

    name: str = ""
    valid_from: Date | None = None
    valid_to: Date | None = None
    source: Text = ""
    notes: Text = ""

    def ended(self, as_of: date) -> bool:
        """Whether it no longer existed or took part on this day."""
        return self.valid_to is not None and self.valid_to < as_of


class Analyst(Frozen):
    """Someone who rates: role, declared interests, and weight in the panel.

    The ratings of a red team are not pooled: they are reported beside the panel's.
    """

    name: str = ""
    role: str = ""
    interests: Text = Field(default="", description="declared interests; 'none declared' if asked")
    weight: NotNegative = 1.0
    pooled: Annotated[bool, Strict()] = Field(
        default=True, description="false for a red team: reported beside the panel, never pooled"
    )
    answers: Keyed[tuple[Number, ...]] = Field(
        default_factory=FrozenDict,
        description="quantiles for each seed question, by its id: `id = [q5, q50, q95]`",
    )


class Strategy(Frozen):
    """What is judged; one of them may be the baseline ("continue as now")."""

    name: str = ""
    description: Text = ""
    period: str = Field(default="", description="the years it covers, for example 2019-2021")
    baseline: Annotated[bool, Strict()] = False
    author: Text = Field(default="", description="who wrote the strategy")
