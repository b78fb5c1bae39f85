"""The words: what people write, as frozen types."""

from assess.model.evidence import (
    BASES,
    CONFIDENCES,
    GRADES,
    Evidence,
    HalfWidths,
    effective_confidence,
    parse_date,
)
from assess.model.frozen import ID_PATTERN, Frozen, FrozenDict, kept
from assess.model.people import Actor, Analyst, Strategy
from assess.model.problems import Problem, StudyError, closest, nearest, shown
from assess.model.ratings import (
    COLUMNS,
    REQUIRED,
    Column,
    Rating,
    Ratings,
    as_text,
    check_column_names,
)
from assess.model.scales import ABSENCE_MARKS, Level, Scale
from assess.model.scenarios import LIKELIHOOD_BANDS, Scenario, Weights
from assess.model.study import Method, OwnRule, Study
from assess.model.tree import Choice, Criterion, Gate, ValueTree

__all__ = [
    "ABSENCE_MARKS",
    "BASES",
    "COLUMNS",
    "CONFIDENCES",
    "GRADES",
    "ID_PATTERN",
    "LIKELIHOOD_BANDS",
    "REQUIRED",
    "Actor",
    "Analyst",
    "Choice",
    "Column",
    "Criterion",
    "Evidence",
    "Frozen",
    "FrozenDict",
    "Gate",
    "HalfWidths",
    "Level",
    "Method",
    "OwnRule",
    "Problem",
    "Rating",
    "Ratings",
    "Scale",
    "Scenario",
    "Strategy",
    "Study",
    "StudyError",
    "ValueTree",
    "Weights",
    "as_text",
    "check_column_names",
    "closest",
    "effective_confidence",
    "kept",
    "nearest",
    "parse_date",
    "shown",
]
