"""The words: what people write, as frozen types."""

from assess.model.evidence import (
    BASES,
    CONFIDENCES,
    GRADES,
    Evidence,
    EvidenceTable,
    HalfWidths,
    Source,
    at_least_as_good,
    effective_confidence,
    last_day,
    parse_date,
)
from assess.model.frozen import ID_PATTERN, Frozen, FrozenDict, kept
from assess.model.people import Actor, Analyst, Strategy
from assess.model.problems import Problem, StudyError, closest, nearest, shown
from assess.model.ratings import (
    CELL,
    COLUMNS,
    REQUIRED,
    ROUNDS,
    Column,
    Rating,
    Ratings,
    as_text,
    check_column_names,
    round_number,
)
from assess.model.scales import ABSENCE_MARKS, Level, Scale
from assess.model.scenarios import LIKELIHOOD_BANDS, Ratio, Scenario, Stakeholder, Weights
from assess.model.seeds import Performance, SeedQuestion
from assess.model.sources import named_sources, registered, source_words
from assess.model.study import Method, OwnRule, Study
from assess.model.tree import Choice, Criterion, Gate, ValueTree
from assess.model.uncertainty import FULL_HALO, INDEPENDENT, ErrorStructure, Uncertainty

__all__ = [
    "ABSENCE_MARKS",
    "BASES",
    "CELL",
    "COLUMNS",
    "CONFIDENCES",
    "FULL_HALO",
    "GRADES",
    "ID_PATTERN",
    "INDEPENDENT",
    "LIKELIHOOD_BANDS",
    "REQUIRED",
    "ROUNDS",
    "Actor",
    "Analyst",
    "Choice",
    "Column",
    "Criterion",
    "ErrorStructure",
    "Evidence",
    "EvidenceTable",
    "Frozen",
    "FrozenDict",
    "Gate",
    "HalfWidths",
    "Level",
    "Method",
    "OwnRule",
    "Performance",
    "Problem",
    "Rating",
    "Ratings",
    "Ratio",
    "Scale",
    "Scenario",
    "SeedQuestion",
    "Source",
    "Stakeholder",
    "Strategy",
    "Study",
    "StudyError",
    "Uncertainty",
    "ValueTree",
    "Weights",
    "as_text",
    "at_least_as_good",
    "check_column_names",
    "closest",
    "effective_confidence",
    "kept",
    "last_day",
    "named_sources",
    "nearest",
    "parse_date",
    "registered",
    "round_number",
    "shown",
    "source_words",
]
