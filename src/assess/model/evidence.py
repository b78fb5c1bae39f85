"""What a rating rests on: Admiralty grade, confidence, source; and how wide that makes it."""

import re
from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, Strict

from assess.model.frozen import Frozen, Number, Text
from assess.model.people import Date
from assess.model.problems import shown

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


def at_least_as_good(grade: str, other: str) -> bool:
    """Whether an Admiralty grade is at least as good as another in both of its parts.

    F and 6 say that a part cannot be judged, which is neither better nor worse (C3).

    >>> at_least_as_good("A1", "B2"), at_least_as_good("A3", "B2"), at_least_as_good("E5", "F6")
    (True, False, False)
    """
    return all(a == b or (a < b and b not in "F6") for a, b in zip(grade, other, strict=True))


class EvidenceTable(Frozen):
    """Which confidence the evidence of a rating allows, as a study declares it (C8).

    Attributes:
        high: the Admiralty grades that allow high confidence.
        moderate: those that allow moderate confidence; all others, and none, allow low.
        stale_after_days: how many days before the study's day evidence may lie before it is stale;
            None if it never is.
        stale: the most that a rating on stale evidence may have.

    >>> EvidenceTable().allows("B2"), EvidenceTable().allows("C2"), EvidenceTable().allows("F6")
    ('high', 'moderate', 'low')
    """

    high: tuple[Grade, ...] = ("A1", "A2", "B1", "B2")
    moderate: tuple[Grade, ...] = ("A3", "B3", "C1", "C2", "C3")
    stale_after_days: Annotated[int, Strict(), Field(ge=0)] | None = None
    stale: Confidence = "low"

    def allows(self, grade: str) -> Confidence:
        """Return the confidence that a grade allows; low where there is none."""
        if grade in self.high:
            return "high"
        return "moderate" if grade in self.moderate else "low"


def effective_confidence(
    stated: str,
    grade: str,
    source: str,
    table: EvidenceTable | None = None,
    *,
    stale: bool = False,
) -> Confidence:
    """Cap the confidence an analyst states by the grade and the age of the evidence (C8).

    No stated confidence counts as low, and so does a rating without a source.

    Args:
        stated: by the analyst; may be empty.
        grade: Admiralty code; may be empty.
        source: empty where none is named.
        table: of the study; the default one if none.
        stale: whether the evidence is older than the study's table allows.

    >>> effective_confidence("high", "B2", "UN report"), effective_confidence("high", "C2", "radio")
    ('high', 'moderate')
    """
    table = table or EvidenceTable()
    said: Confidence = next((name for name in CONFIDENCES if name == stated), "low")
    allowed: Confidence = table.allows(grade) if source else "low"
    caps = [said, allowed, *([table.stale] if stale else [])]
    return max(caps, key=CONFIDENCES.index)


def _check_link(text: str) -> str:
    if text and not re.fullmatch(r"https?://[^\s/]+\S*|doi:10\.\d{4,9}/\S+", text):
        raise ValueError(
            f"{shown(text)} is not a link: it begins with https:// or http://, or is a DOI such as "
            "doi:10.1000/182"
        )
    return text


def _check_hash(text: str) -> str:
    if text and not re.fullmatch("[0-9a-f]{64}", text):
        raise ValueError(
            f"{shown(text)} is no SHA-256 of {len(text)} characters: write 64 of the digits 0 to 9 "
            "and a to f"
        )
    return text


class Source(Frozen):
    """A source in the study's register of evidence, which ratings name by its id.

    Attributes:
        title: what it is called.
        publisher: who published it.
        date: day that it speaks of, or that it was published on.
        link: where it can be found: https, http, or a DOI as doi:10.1000/182; never fetched.
        sha256: of the excerpt that was used, 64 hexadecimal digits: whoever has the excerpt can
            tell whether it is the same.
        vintage: release of the data, for example "v25.1".
        grade, basis: of ratings that rest on it and say none of their own.
        notes: for readers.
    """

    title: Annotated[str, Field(min_length=1, max_length=20_000)]
    publisher: Text = ""
    date: Date | None = None
    link: Annotated[Text, AfterValidator(_check_link)] = ""
    sha256: Annotated[str, AfterValidator(_check_hash)] = ""
    vintage: str = ""
    grade: Grade | None = None
    basis: Basis | None = None
    notes: Text = ""

    @property
    def label(self) -> str:
        """What reports call it: its title, and who published it."""
        return f"{self.title} ({self.publisher})" if self.publisher else self.title


def parse_date(text: str) -> date | None:
    """Read a date such as 2026-06-30; None where the text is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def last_day(period: str) -> date | None:
    """Return the last day of a period of years; None where it is not written as one.

    >>> last_day("2019-2021"), last_day("2024"), last_day("next spring")
    (datetime.date(2021, 12, 31), datetime.date(2024, 12, 31), None)
    """
    years = re.fullmatch(r"(?:([1-9]\d{3})\s*[-\u2013]\s*)?([1-9]\d{3})", period.strip())
    return date(int(years[2]), 12, 31) if years else None
