"""Cooke's classical model: experts weighed by how they did on questions with known answers.

Each expert gives quantiles for seed questions, whose answers are known, and for the questions of
interest. Calibration asks how likely such answers would be if the expert's probabilities were
right; information, how much the quantiles say. Their product is the weight in a linear pool, the
decision maker, which is scored like an expert.
"""

from assess.classical_model.result import ClassicalModel, DecisionMaker, ExpertScores
from assess.classical_model.scores import calibration_score, information_score
from assess.classical_model.weighing import classical_model

__all__ = [
    "ClassicalModel",
    "DecisionMaker",
    "ExpertScores",
    "calibration_score",
    "classical_model",
    "information_score",
]
