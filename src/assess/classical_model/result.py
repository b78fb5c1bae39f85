"""What the classical model returns: scores of experts, decision makers, and what weakens them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["ClassicalModel", "DecisionMaker", "ExpertScores"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ExpertScores:
    """How one expert, or a decision maker, did.

    Attributes:
        hits: [bin], on how many seed questions the answer fell below the first quantile, between
            the first and the second, and so on.
        calibration: in [0, 1]; a likelihood, not a share of right answers.
        information: mean over all questions answered, at least 0, in nats.
        seed_information: mean over the seed questions answered.
    """

    hits: tuple[int, ...]
    calibration: float
    information: float
    seed_information: float

    @property
    def combined(self) -> float:
        """Return calibration times information on the seed questions."""
        return self.calibration * self.seed_information


@dataclass(frozen=True, eq=False)
class DecisionMaker:
    """The pool of the experts under one scheme of weights; its arrays are read-only.

    Attributes:
        scheme: "equal", "global" (one weight an expert) or "item" (one for each question as well).
        cut_off: experts of lower calibration have no voice; 0 if there is none.
        weights: [expert, question], seed questions first; sum to 1 over those who answered.
        seeds: [seed, q], its quantiles for the seed questions.
        interest: [question, q], its quantiles for the questions of interest.
        scores: its own, on the same seed questions that gave the weights, so they flatter it.
    """

    scheme: str
    cut_off: float
    weights: Floats
    seeds: Floats
    interest: Floats
    scores: ExpertScores


@dataclass(frozen=True, eq=False)
class ClassicalModel:
    """What the classical model makes of a panel.

    Attributes:
        experts: each expert's scores, in the order given.
        equal: the decision maker of equal weights, to hold the others against.
        global_weights: the decision maker of one weight an expert.
        item_weights: the decision maker of one weight an expert and question.
        optimised: whether the cut-offs were chosen by the decision makers' combined scores.
        power: seed questions that every calibration score counts as; the fewest anyone answered.
        note: what weakens the result, in words; empty if nothing does.
    """

    experts: tuple[ExpertScores, ...]
    equal: DecisionMaker
    global_weights: DecisionMaker
    item_weights: DecisionMaker
    optimised: bool
    power: int
    note: str
