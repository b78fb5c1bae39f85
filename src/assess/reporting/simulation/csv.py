"""CSV: the totals of a simulation as one tidy table, each figure beside its standard error."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assess.reporting.csv import plain
from assess.simulation import Simulation

if TYPE_CHECKING:
    import pandas as pd

LEVELS = (("low", 0.1), ("median", 0.5), ("high", 0.9))
BANDS = ("weak", "acceptable", "good")


def render(simulation: Simulation) -> str:
    """Return the table of totals as CSV; a text that a spreadsheet would run is quoted."""
    frame, study = totals_frame(simulation), simulation.study
    frame.insert(2, "name", [study.label(key) for key in frame["strategy"]])
    frame["illustrative"] = "yes" if study.banner else ""
    for column in ("scenario", "strategy", "name"):
        frame[column] = frame[column].map(plain)
    return str(frame.to_csv(index=False, lineterminator="\n"))


def totals_frame(simulation: Simulation) -> "pd.DataFrame":
    """Return totals and how sure they are: one row a scenario and strategy."""
    import pandas as pd

    study = simulation.study
    s, t = (place.ravel() for place in np.indices(simulation.first.shape))
    figures: dict[str, NDArray[np.float64]] = {}
    for name, (found, error) in _figures(simulation).items():
        figures |= {name: found[s, t], f"{name}_error": error[s, t]}
    return pd.DataFrame(
        {
            "scenario": np.array(study.scenario_ids, dtype=object)[s],
            "strategy": np.array(list(study.strategies), dtype=object)[t],
            **figures,
        }
    )


def _figures(
    simulation: Simulation,
) -> dict[str, tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Return every figure with its standard error, both [scenario, strategy]; scores 0 to 100."""
    errors = simulation.errors
    found = {
        "first": (simulation.first, errors.first),
        "expected_rank": (simulation.expected_rank, errors.expected_rank),
        "mean": (100 * simulation.mean[..., 0], 100 * errors.mean[..., 0]),
        "deviation": (100 * simulation.deviation[..., 0], 100 * errors.deviation[..., 0]),
        "skewness": (simulation.skewness[..., 0], errors.skewness[..., 0]),
    }
    for name, level in LEVELS:
        found[name] = (100 * simulation.quantile(level), 100 * errors.quantile(level))
    for place, name in enumerate(BANDS):
        found[name] = (simulation.bands[..., place], errors.bands[..., place])
    return found
