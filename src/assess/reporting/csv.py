"""CSV: every score as one tidy table."""

import re
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assess.report import Report
from assess.simulation import Simulation
from assess.support import KINDS

if TYPE_CHECKING:
    import pandas as pd

# What a spreadsheet may skip before it takes a text for a formula; wide signs count too.
_FORMULA = re.compile(r"[\s\x00-\x1f\u200b-\u200f\ufeff]*[=+\-@＝＋－＠]|[\t\r]")  # noqa: RUF001


def render(report: Report, simulation: Simulation | None = None) -> str:
    """Return the table of scores as CSV; a text that a spreadsheet would run is quoted."""
    frame = scores_frame(report)
    if simulation is not None:
        for name, values in _drawn(report, simulation).items():
            frame[name] = values.ravel()
    frame.insert(3, "name", [report.study.tree.label(key) for key in frame["criterion"]])
    frame["illustrative"] = "yes" if report.study.banner else ""
    for column in ("scenario", "strategy", "criterion", "name", "band"):
        frame[column] = frame[column].map(plain)
    return str(frame.to_csv(index=False, lineterminator="\n"))


def _drawn(report: Report, simulation: Simulation) -> dict[str, NDArray[np.float64]]:
    """Return what the draws say of every score [scenario, strategy, node], 0 to 100.

    Mean, 10th, 50th and 90th percentile, and the share of draws in which a total comes first;
    nothing where there is no score.
    """
    nodes = report.study.tree.nodes
    found = {"draws_mean": 100 * simulation.mean}
    for name, level in (("draws_low", 0.1), ("draws_median", 0.5), ("draws_high", 0.9)):
        each = [simulation.quantile(level, node) for node in nodes]
        found[name] = 100 * np.stack(each, axis=-1)
    found["first_share"] = np.full(report.score.shape, np.nan)
    found["first_share"][..., 0] = simulation.first
    return {name: np.where(np.isnan(report.score), np.nan, x) for name, x in found.items()}


def plain(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> plain("=1+1"), plain(" =1+1"), plain("threat")
    ("'=1+1", "' =1+1", 'threat')
    """
    return f"'{text}" if _FORMULA.match(str(text)) else str(text)


def scores_frame(report: Report) -> "pd.DataFrame":
    """Return every result as a tidy table: one row a scenario, strategy and node."""
    import pandas as pd

    study, shape = report.study, report.score.shape
    s, t, n = (place.ravel() for place in np.indices(shape))
    weights = np.broadcast_to(report.weights[:, None, :], shape)
    return pd.DataFrame(
        {
            "scenario": np.array(study.scenario_ids, dtype=object)[s],
            "strategy": np.array(list(study.strategies), dtype=object)[t],
            "criterion": np.array(study.tree.nodes, dtype=object)[n],
            "score": 100 * report.score.ravel(),
            "low": 100 * report.low.ravel(),
            "high": 100 * report.high.ravel(),
            "coverage": report.coverage.ravel(),
            "band": report.bands.ravel().astype(object),
            "rank": report.ranks.ravel(),
            "missing": report.missing.ravel(),
            "weight": weights.ravel(),
            **{name: getattr(report.support, name).ravel() for name in KINDS},
        }
    )
