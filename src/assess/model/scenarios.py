"""Scenarios: worlds change how strategies do, perspectives change what matters."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from assess.model.frozen import Frozen, FrozenDict, Id, Keyed, NotNegative, Number, Share, Text
from assess.model.problems import shown
from assess.model.tree import Choice

# ICD 203 (2015), Analytic Standards: the two sets of terms, each with its band in per cent.
LIKELIHOOD_BANDS: FrozenDict[str, tuple[int, int]] = FrozenDict(
    {
        "almost no chance": (1, 5),
        "remote": (1, 5),
        "very unlikely": (5, 20),
        "highly improbable": (5, 20),
        "unlikely": (20, 45),
        "improbable": (20, 45),
        "roughly even chance": (45, 55),
        "roughly even odds": (45, 55),
        "likely": (55, 80),
        "probable": (55, 80),
        "very likely": (80, 95),
        "highly probable": (80, 95),
        "almost certain": (95, 99),
        "nearly certain": (95, 99),
    }
)

Likelihood = Literal[
    "almost no chance",
    "remote",
    "very unlikely",
    "highly improbable",
    "unlikely",
    "improbable",
    "roughly even chance",
    "roughly even odds",
    "likely",
    "probable",
    "very likely",
    "highly probable",
    "almost certain",
    "nearly certain",
]


def _as_list(given: Any) -> Any:
    return (given,) if isinstance(given, str) else given


def _check_range(points: float | tuple[float, float]) -> float | tuple[float, float]:
    low, high = points if isinstance(points, tuple) else (points, points)
    if low < 0:
        raise ValueError(f"a judgement of importance cannot be negative: {low:g}")
    if low > high:
        raise ValueError(f"a range is written [low, high]: {low:g} is above {high:g}")
    return points


Points = Annotated[Number | tuple[Number, Number], AfterValidator(_check_range)]
Kind = Literal["perspective", "world"]


def _check_mark(text: str) -> str:
    if not 12 <= len(text) <= 64 or set(text) - set("0123456789abcdef"):
        raise ValueError(
            f"{shown(text)} is no mark of scales: 12 to 64 of the digits 0 to 9 and a to f"
        )
    return text


Mark = Annotated[str, AfterValidator(_check_mark)]


def _check_times(times: float) -> float:
    if times <= 0:
        raise ValueError(f"a ratio of two weights is a number above 0: {times:g}")
    return times


Times = Annotated[Number, AfterValidator(_check_times)]


class Ratio(Frozen):
    """How many times as much one child weighs as another.

    Attributes:
        of: the child that weighs so many times as much.
        to: the other.
        at_least, at_most: how many times; one of them may be left out.
    """

    of: Id
    to: Id
    at_least: Times | None = None
    at_most: Times | None = None


class Stakeholder(Frozen):
    """What the children of one node matter to one stakeholder.

    Attributes:
        share: of the stakeholder's voice, in proportion to those of the others.
        judgements: by the method of the node, as in `Weights`.
    """

    share: NotNegative = 1.0
    judgements: Keyed[Points]


class Weights(Frozen):
    """What the children of one node matter, as judged: the method, the judgements and the reason.

    Attributes:
        method: how judgements become weights: a name in `assess.weighting`, or "bounds", which
            allows all weights that the judgements do not rule out.
        judgements: a number for each child, or a range [low, high] whose midpoint counts; under
            "bounds" the range of its weight, a share of 1.
        before: pairs of children, under "bounds": the first weighs at least as much as the second.
        ratios: of weights, under "bounds".
        stakeholders: those who judge differently, each with judgements; instead of judgements.
        reason: why these judgements.
        against: version of the tree they were made for (C5).
        ranges: the mark of the scales below the node at that time: its first 12 characters or more.
    """

    method: Choice
    judgements: Keyed[Points] = Field(default_factory=FrozenDict)
    before: tuple[tuple[Id, Id], ...] = ()
    ratios: tuple[Ratio, ...] = ()
    reason: Text = ""
    against: str | None = None
    ranges: Mark | None = None
    stakeholders: Keyed[Stakeholder] = Field(default_factory=FrozenDict)


def _check_swing(points: float) -> float:
    if points <= 0:
        raise ValueError(f"the swing of a world is a number above 0: {points:g}")
    return points


class Endorsement(Frozen):
    """Who has signed an exchange rate that the weights imply, and why it is right.

    Attributes:
        criterion: the leaf whose scale is run through, from its worst end to its best.
        against: the leaf in whose unit that is counted.
        by: who signs it.
        reason: why the two are worth the same.
        amount: how much of `against` was signed for; what no longer is what the weights imply is
            reported. None signs whatever the weights imply.
    """

    criterion: Id
    against: Id
    by: Annotated[str, Field(min_length=1)]
    reason: Annotated[Text, Field(min_length=1)]
    amount: NotNegative | None = None


class Scenario(Frozen):
    """A perspective (its own weights), a world (its own ratings), or both (C13).

    Attributes:
        tree: id of the value tree whose nodes it weights.
        likelihood: ICD 203 term, for an event with a horizon; reported, never multiplied in.
        horizon: the time within which the likelihood holds.
        probability: of a world, where the worlds of the study exclude one another and one of them
            comes: then all have one, and they sum to 1; expected values rest on it.
        swing: of a world: what going from the worst on everything to the best is worth in it, in
            points beside the other worlds; so that worlds under different weights can be compared.
        author: who wrote the scenario.
        endorsed: exchange rates between leaves that somebody has signed (`assess tradeoffs`).
        weights: one judgement for each node that is weighted; other nodes weigh their children
            equally, and the report says that nobody elicited that.
        weights_from: id of the scenario whose weights hold here too.
        weights_of: what the scenario is called that lent its weights, where it is not in the study.
        not_applicable: criteria that make no sense in this scenario, each with the reason.
    """

    id: Id
    name: str = ""
    description: Text = ""
    tree: Id
    kind: Annotated[
        tuple[Kind, ...],
        BeforeValidator(_as_list, json_schema_input_type=Kind | tuple[Kind, ...]),
        Field(min_length=1),
    ] = ("perspective",)
    likelihood: Likelihood | None = None
    horizon: str = ""
    probability: Share | None = None
    swing: Annotated[Number, AfterValidator(_check_swing)] | None = None
    author: Text = ""
    reason: Text = ""
    endorsed: tuple[Endorsement, ...] = ()
    weights: Keyed[Weights] = Field(default_factory=FrozenDict)
    weights_from: Id | None = None
    weights_of: str = ""
    not_applicable: Keyed[Annotated[str, Field(min_length=1)]] = Field(default_factory=FrozenDict)

    @property
    def label(self) -> str:
        """What reports call it: its name, or its id in words."""
        return self.name or self.id.replace("_", " ")
