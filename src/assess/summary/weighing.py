"""How the analysts are weighed, where the study does not simply declare it."""

from collections.abc import Iterator
from math import isnan

from assess.classical_model import DecisionMaker, ExpertScores
from assess.panel.given import analyst_name
from assess.panel.weighing import Weighing, weighing
from assess.report import Report
from assess.rounding import points
from assess.summary.page import Section, Table


def weighed(report: Report) -> Section | None:
    """Show what gives each analyst a weight: equal, by performance, or by agreement."""
    found = weighing(report)
    if found.scheme == "declared":
        return None
    return Section("How the analysts are weighed", tuple(found.sentences()), _table(found))


def _table(found: Weighing) -> Table | None:
    """Return one row an analyst in the pool, and one for each decision maker."""
    study = found.study
    pooled = [(a, key) for a, key in enumerate(study.analysts) if study.analysts[key].pooled]
    if found.scheme == "agreement":
        rows = [
            (analyst_name(study, key), _distance(found.distance[a]), _share(found.weight[a]))
            for a, key in pooled
        ]
        return Table(("analyst", "points from the others", "weight"), tuple(rows))
    if found.model is None:
        return None
    rows_of = [
        (analyst_name(study, key), *_scores(found.scores[key]), _share(found.weight[a]))
        for a, key in pooled
    ]
    columns = ("analyst", "calibration", "information", "product", "weight")
    return Table(columns, (*rows_of, *_makers(found.model.global_weights, found.model.equal)))


def _makers(by_performance: DecisionMaker, equal: DecisionMaker) -> Iterator[tuple[str, ...]]:
    yield ("decision maker", *_scores(by_performance.scores), "-")
    yield ("all weighed alike", *_scores(equal.scores), "-")


def _scores(of: ExpertScores) -> tuple[str, str, str]:
    return f"{of.calibration:.2g}", f"{of.seed_information:.2g}", f"{of.combined:.2g}"


def _distance(value: float) -> str:
    return "-" if isnan(value) else points(value / 100, 1)


def _share(weight: float) -> str:
    return f"{points(weight, 1)} %"
