"""What analysts are weighed by: seed questions, whose answers are known, and how they score."""

from typing import Literal

from pydantic import Field

from assess.model.frozen import Frozen, NotNegative, Number, Share, Text

AnalystWeights = Literal["declared", "equal", "performance", "agreement"]
Background = Literal["uniform", "log-uniform"]


class SeedQuestion(Frozen):
    """A question whose answer is known, put to analysts to see how their quantiles do.

    Attributes:
        question: as it was put.
        unit: of the answer and of the quantiles.
        answer: what turned out to be true: the realisation.
        background: the scale on which saying nothing is spread evenly: "uniform", or
            "log-uniform" for answers above 0 that may differ by orders of magnitude.
        source: where the answer was found.

    >>> SeedQuestion(question="Patrols in 2019?", answer=412, background="log-uniform").answer
    412.0
    """

    question: Text = ""
    unit: str = ""
    answer: Number
    background: Background = "uniform"
    source: Text = ""


class Performance(Frozen):
    """How answers to seed questions become weights, by Cooke's classical model.

    Attributes:
        levels: of the quantiles that analysts give for every question, rising between 0 and 1.
        cut_off: analysts of lower calibration have weight 0: a number from 0 to 1, or "optimised":
            the one that gives the panel its best combined score on the same questions.
        overshoot: by which share a question's range reaches beyond all quantiles and its answer.
    """

    levels: tuple[Share, ...] = (0.05, 0.5, 0.95)
    cut_off: Share | Literal["optimised"] = Field(
        default="optimised", description='"optimised", or a calibration from 0 to 1'
    )
    overshoot: NotNegative = 0.1
