"""How the analysts of a panel are weighed: by what, with which scores, and what that rests on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assess import tables
from assess.agreement.weights import PUNISHES, distances
from assess.classical_model import ClassicalModel, DecisionMaker, ExpertScores
from assess.model import Study
from assess.model.frozen import fixed
from assess.model.seeds import AnalystWeights
from assess.panel.given import study_of
from assess.performance import experts, performance, performance_note
from assess.report import Report
from assess.rounding import counted

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
COLUMNS = ("analyst", "weight", "calibration", "information", "combined", "distance")


@dataclass(frozen=True, eq=False)
class Weighing:
    """How the analysts of a study are weighed.

    Attributes:
        study: whose analysts they are.
        scheme: "declared", "equal", "performance" or "agreement".
        weight: [analyst], the share of each where all have rated; 0 for a red team.
        distance: [analyst] in points of 100, under "agreement": the mean absolute distance from the
            mean of the others; NaN elsewhere.
        scores: under "performance", by analyst; without a red team.
        model: under "performance", the whole classical model; None elsewhere.
    """

    study: Study
    scheme: AnalystWeights
    weight: Array
    distance: Array
    scores: dict[str, ExpertScores]
    model: ClassicalModel | None

    def __post_init__(self) -> None:
        for name in ("weight", "distance"):
            object.__setattr__(self, name, fixed(getattr(self, name)))

    @property
    def decision_maker(self) -> DecisionMaker | None:
        """The pool that these weights make on the seed questions; None without them."""
        return self.model.global_weights if self.model else None

    @property
    def table(self) -> "pd.DataFrame":
        """One row an analyst, by id; what is not known under the scheme is NaN.

        Columns: analyst, weight (a share), calibration (0 to 1), information (nats, on the seed
        questions), combined (their product), distance (points of 100).
        """
        import pandas as pd

        rows = []
        for a, key in enumerate(self.study.analysts):
            of = self.scores.get(key)
            told = (of.calibration, of.seed_information, of.combined) if of else (np.nan,) * 3
            rows.append((key, float(self.weight[a]), *told, float(self.distance[a])))
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def sentences(self) -> Iterator[str]:
        """Say by what the analysts are weighed, and what that rests on."""
        if self.scheme == "declared":
            yield "Analysts weigh what the study declares."
        elif self.scheme == "equal":
            yield "All analysts in the pool weigh alike."
        elif self.scheme == "agreement":
            yield (
                "Weights by agreement fall with the mean distance from the mean of the others, in "
                "points, over the cells of all scenarios that an analyst shares with them."
            )
            yield f"WARNING: {PUNISHES}."
        yield from self._performance()

    def _performance(self) -> Iterator[str]:
        """Say what the weights of the classical model rest on; nothing under another scheme."""
        if self.model is None:
            return
        maker, seeds = self.model.global_weights, len(self.study.seed_questions)
        chosen = "chosen to serve the decision maker best" if self.model.optimised else "as set"
        yield (
            f"Weights by performance on {counted(seeds, 'seed question')} with known answers "
            "(Cooke's classical model): calibration times information, the same on every cell."
        )
        yield f"No voice below a calibration of {maker.cut_off:.2g} ({chosen})."
        yield (
            "The decision maker is the pool under these weights. Its scores are on the questions "
            "that gave the weights, and so flatter it."
        )
        if note := performance_note(self.study):
            yield f"{note[0].upper()}{note[1:]}."

    def __str__(self) -> str:
        return "\n".join(self.sentences())


def weighing(report: Report) -> Weighing:
    """Say how the analysts of a report's study are weighed.

    Args:
        report: by `assess.evaluate`.

    Raises:
        TypeError: it is no report; says what to write instead.

    References:
        Cooke (1991), Experts in Uncertainty, Oxford University Press, chapter 12.

    >>> import assess
    >>> found = weighing(assess.evaluate(assess.load("mali")))
    >>> found.scheme, found.weight.tolist()  # the fifth is a red team
    ('declared', [0.25, 0.25, 0.25, 0.25, 0.0])
    """
    study = study_of(report, "weighing")
    scheme = study.method.analyst_weights
    weight = tables.analyst_weights(study)
    pooled = np.array([analyst.pooled for analyst in study.analysts.values()])
    distance = np.full(len(weight), np.nan)
    if scheme == "agreement":
        values = tables.pooled_values(study)
        distance[pooled] = 100 * distances(values.reshape(len(values), -1))
    model = performance(study) if scheme == "performance" else None
    scores = dict(zip(experts(study), model.experts, strict=True)) if model else {}
    return Weighing(study, scheme, weight / weight.sum(), distance, scores, model)
