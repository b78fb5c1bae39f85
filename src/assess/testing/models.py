"""Recipes for every public model, by its name: what `st.from_type` draws."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal

from hypothesis import strategies as st

from assess import aggregation
from assess.model import (
    CONFIDENCES,
    GRADES,
    Actor,
    Analyst,
    Choice,
    Criterion,
    Endorsement,
    ErrorStructure,
    Evidence,
    EvidenceTable,
    Gate,
    HalfWidths,
    Level,
    Method,
    Rating,
    Ratings,
    Ratio,
    Scenario,
    Source,
    Stakeholder,
    Strategy,
    Uncertainty,
    Weights,
)
from assess.testing.strategies import choices, ratings, scales, scenarios, studies, trees

_IDS = st.sampled_from(["first", "second", "third"])
_NAMES = st.sampled_from(["", "First", "Second"])
_HUNDREDTHS = st.integers(0, 100).map(lambda points: points / 100)
_DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))
_BASES: st.SearchStrategy[Literal["judgement", "measured", "illustrative"]] = st.sampled_from(
    ["judgement", "measured", "illustrative"]
)


def _evidence() -> st.SearchStrategy[Evidence]:
    return st.builds(
        Evidence,
        grade=st.none() | st.sampled_from(GRADES),
        source=st.sampled_from(["", "a report"]),
        rationale=st.sampled_from(["", "as observed"]),
        date=st.none() | _DAYS,
        vintage=st.sampled_from(["", "v1"]),
        basis=st.none() | _BASES,
    )


def _rating() -> st.SearchStrategy[Rating]:
    return st.builds(
        Rating,
        analyst=_IDS,
        strategy=_IDS,
        criterion=_IDS,
        rating=_HUNDREDTHS | st.sampled_from(["?", "withheld"]),
        scenario=st.none() | _IDS,
        confidence=st.none() | st.sampled_from(CONFIDENCES),
        evidence=_evidence(),
    )


def _ratio() -> st.SearchStrategy[Ratio]:
    times = st.integers(1, 40).map(lambda tenths: tenths / 10)
    ends = st.lists(times, min_size=2, max_size=2).map(sorted)
    return ends.map(lambda x: Ratio(of="first", to="second", at_least=x[0], at_most=x[1]))


def _stakeholder() -> st.SearchStrategy[Stakeholder]:
    points = st.dictionaries(_IDS, st.integers(1, 100).map(float), min_size=1)
    return st.builds(Stakeholder, share=st.integers(0, 3).map(float), judgements=points)


def _weights() -> st.SearchStrategy[Weights]:
    points = st.dictionaries(_IDS, st.integers(1, 100).map(float), min_size=1)
    plain = points.map(lambda held: Weights(method=Choice(name="points"), judgements=held))
    return plain | st.builds(
        Weights,
        method=st.just(Choice(name="bounds")),
        judgements=st.just({"first": (0.0, 1.0), "second": (0.0, 0.9), "third": (0.0, 0.8)}),
        before=st.sampled_from([(), (("first", "third"),)]),
        ratios=st.lists(_ratio(), max_size=1),
    )


def _gate() -> st.SearchStrategy[Gate]:
    consequences: list[Literal["exclude", "report"]] = ["exclude", "report"]
    return st.builds(
        Gate, threshold=_HUNDREDTHS, consequence=st.sampled_from(consequences), reason=_NAMES
    )


def _half_widths() -> st.SearchStrategy[HalfWidths]:
    three = st.lists(st.integers(0, 50).map(float), min_size=3, max_size=3).map(sorted)
    return three.map(lambda w: HalfWidths(high=w[0], moderate=w[1], low=w[2]))


def _evidence_table() -> st.SearchStrategy[EvidenceTable]:
    return st.builds(
        EvidenceTable,
        stale_after_days=st.none() | st.integers(0, 5000),
        stale=st.sampled_from(CONFIDENCES),
    )


def _error_structure() -> st.SearchStrategy[ErrorStructure]:
    parts = st.lists(st.integers(0, 3), min_size=3, max_size=3)
    return parts.map(lambda p: ErrorStructure(halo=p[0] / 9, leniency=p[1] / 9, common=p[2] / 9))


def _uncertainty() -> st.SearchStrategy[Uncertainty]:
    return st.builds(
        Uncertainty,
        errors=_error_structure(),
        analysts=st.sampled_from(["pool", "mean"]),
        weight_spread=st.integers(0, 9).map(lambda tenths: tenths / 10),
    )


def _source() -> st.SearchStrategy[Source]:
    return st.builds(
        Source,
        title=st.sampled_from(["A count", "A survey"]),
        date=st.none() | _DAYS,
        link=st.sampled_from(["", "https://example.org/report"]),
        sha256=st.sampled_from(["", "0" * 64]),
        vintage=st.sampled_from(["", "v1"]),
        grade=st.none() | st.sampled_from(GRADES),
        basis=st.none() | _BASES,
    )


def _endorsement() -> st.SearchStrategy[Endorsement]:
    leaves = st.permutations(["first", "second"])
    amount = st.none() | st.integers(0, 100).map(float)
    return st.builds(
        lambda pair, signed: Endorsement(
            criterion=pair[0], against=pair[1], by="the panel", reason="agreed", amount=signed
        ),
        leaves,
        amount,
    )


def _ratings() -> st.SearchStrategy[Ratings]:
    return trees().flatmap(ratings)


def _scenario() -> st.SearchStrategy[Scenario]:
    return trees().flatmap(scenarios)


def _criterion() -> st.SearchStrategy[Criterion]:
    return st.builds(Criterion, name=_NAMES, scale=scales())


BY_TYPE: Mapping[str, Callable[[], st.SearchStrategy[Any]]] = {
    "Actor": lambda: st.builds(Actor, name=_NAMES, valid_from=st.none() | _DAYS),
    "Analyst": lambda: st.builds(Analyst, name=_NAMES, weight=st.integers(0, 3).map(float)),
    "Choice": lambda: choices(aggregation),
    "Criterion": _criterion,
    "Endorsement": _endorsement,
    "Evidence": _evidence,
    "ErrorStructure": _error_structure,
    "EvidenceTable": _evidence_table,
    "Gate": _gate,
    "HalfWidths": _half_widths,
    "Level": lambda: st.builds(Level, worth=_HUNDREDTHS, anchor=st.just("as described")),
    "Method": lambda: st.builds(Method, coverage_floor=_HUNDREDTHS, half_widths=_half_widths()),
    "Rating": _rating,
    "Ratings": _ratings,
    "Ratio": _ratio,
    "Scale": scales,
    "Scenario": _scenario,
    "Source": _source,
    "Stakeholder": _stakeholder,
    "Strategy": lambda: st.builds(Strategy, name=_NAMES),
    "Study": studies,
    "Uncertainty": _uncertainty,
    "ValueTree": trees,
    "Weights": _weights,
}
