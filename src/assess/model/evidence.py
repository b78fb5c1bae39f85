"""What a rating rests on: Admiralty grade, confidence, source; and how wide that makes it."""

from datetime import date
from typing import Literal, get_args

from assess.model.frozen import Frozen, Number, Text
from assess.model.people import Date

Confidence = Literal["high", "moderate", "low"]
Basis = Literal["judgement", "measured", "illustrative"]
Grade = Literal[
    "A1", "A2", "A3", "A4", "A5", "A6",
    "B1", "B2", "B3", "B4", "B5", "B6",
    "C1", "C2", "C3", "C4", "C5", "C6",
    "D1", "D2", "D3", "D4", "D5", "D6",
    "E1", "E2", "E3", "E4", "E5", "E6",
    "F1", "F2", "F3", "F4", "F5", "F6",
]  # fmt: skip

CONFIDENCES: tuple[Confidence, ...] = get_args(Confidence)
BASES: tuple[Basis, ...] = get_args(Basis)
GRADES: tuple[Grade, ...] = get_args(Grade)


class Evidence(Frozen):
    """What a rating rests on.

    Attributes:
        grade: Admiralty code: reliability of the source A to F, credibility of the information
            1 to 6, rated independently; F6 says that neither can be judged.
        source: where it was found.
        rationale: why it means this level.
        date: day of the observation.
        vintage: release of the data, for example "v25.1".
        basis: "judgement" (also where nothing is said), "measured" data, or "illustrative": made
            up to show the method.
    """

    grade: Grade | None = None
    source: Text = ""
    rationale: Text = ""
    date: Date | None = None
    vintage: str = ""
    basis: Basis | None = None


class HalfWidths(Frozen):
    """How far a rating may be off, in value points of 100, for each confidence."""

    high: Number = 6.0
    moderate: Number = 12.0
    low: Number = 20.0


def effective_confidence(stated: str, grade: str, source: str) -> Confidence:
    """Cap the confidence an analyst states by the grade of the evidence (C8).

    Grades A or B with 1 or 2 allow high; C, or credibility 3, moderate; the rest, and ratings
    without a source, low. No stated confidence counts as low.

    >>> effective_confidence("high", "B2", "UN report"), effective_confidence("high", "C2", "radio")
    ('high', 'moderate')
    """
    if not stated or not source or not grade:
        return "low"
    if grade[0] in "AB" and grade[1] in "12":
        cap = "high"
    elif grade[0] in "ABC" and grade[1] in "123":
        cap = "moderate"
    else:
        cap = "low"
    return max(stated, cap, key=CONFIDENCES.index)  # type: ignore[arg-type]


def parse_date(text: str) -> date | None:
    """Read a date such as 2026-06-30; None where the text is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None
