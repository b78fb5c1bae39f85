"""How sure is the answer: draws of everything that is uncertain, counted in whole numbers."""

from assess.simulation.confidence import Confidence, confidence
from assess.simulation.drawing import more, simulate
from assess.simulation.information import InformationWorth, information_worth
from assess.simulation.result import Simulation
from assess.simulation.sources import VarianceShares, variance_shares
from assess.simulation.verdict import Verdict, verdicts

__all__ = [
    "Confidence",
    "InformationWorth",
    "Simulation",
    "VarianceShares",
    "Verdict",
    "confidence",
    "information_worth",
    "more",
    "simulate",
    "variance_shares",
    "verdicts",
]
