"""Evidence: the declared table, staleness, the register, and what weight rests on."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import assess
from assess.evidence import allowed, confidences, stale, undated
from assess.model import (
    BASES,
    CONFIDENCES,
    GRADES,
    Analyst,
    Evidence,
    EvidenceTable,
    Method,
    Rating,
    Ratings,
    Source,
    Strategy,
    Study,
    StudyError,
    at_least_as_good,
    effective_confidence,
)
from assess.notes import notes
from assess.register import register_notes
from assess.report import Report
from assess.summary import Section, summarise
from assess.support import KINDS
from assess.testing import studies
from tests import small

REGISTER = {
    "count": Source(title="Yearly count", publisher="An office", date=date(2025, 6, 30),
                    vintage="v2", grade="B2", basis="measured"),
    "survey": Source(title="Survey", grade="C3", date=date(2020, 1, 1)),
}  # fmt: skip


def rated(level: Any = 30, criterion: str = "trust", **fields: Any) -> Rating:
    """Return one rating of `keep`."""
    given = {"analyst": "ana", "strategy": "keep", "criterion": criterion, "rating": level}
    return Rating.model_validate(given | fields)


def with_table(**settings: Any) -> Method:
    """Return a method with another table of evidence."""
    return Method(evidence=EvidenceTable(**settings))


def lines(of: Report, title: str) -> str:
    """Return the sentences of one section of the first page."""
    return "\n".join(section(of, title).lines)


def section(of: Report, title: str) -> Section:
    """Return one section of the first page."""
    return next(x for x in summarise(of).sections if x.title.startswith(title))


@st.composite
def evidenced(draw: st.DrawFn) -> Study:
    """Draw a study whose ratings have all sorts of evidence, and a table that need not be ours."""
    study = draw(studies(scenarios=2))
    count = len(study.ratings)
    cells = {
        "confidence": st.sampled_from(["", *CONFIDENCES]),
        "grade": st.sampled_from(["", *GRADES]),
        "source": st.sampled_from(["", "a report", "count", "survey; count", "count; a report"]),
        "date": st.sampled_from(["", "2019-05-01", "2025-12-31"]),
        "basis": st.sampled_from(["", *BASES]),
    }
    columns: dict[str, Any] = study.ratings.columns()
    for name, cell in cells.items():
        columns[name] = draw(st.lists(cell, min_size=count, max_size=count))
    days = draw(st.none() | st.integers(0, 3000))
    method = study.method.model_copy(
        update={"evidence": EvidenceTable(stale_after_days=days, stale=draw(
            st.sampled_from(CONFIDENCES)))}
    )  # fmt: skip
    changes = {"ratings": Ratings.from_columns(columns), "sources": REGISTER, "method": method}
    return study.model_copy(update=changes)


# Laws


@pytest.mark.law
@given(study=evidenced())
def test_what_the_weight_rests_on_adds_up_to_coverage_at_every_node(study: Study) -> None:
    report = assess.evaluate(study)
    shares = np.stack([getattr(report.support, name) for name in KINDS])
    np.testing.assert_allclose(shares.sum(axis=0), report.coverage, rtol=0, atol=1e-12)
    there = shares[~np.isnan(shares)]
    assert ((there >= 0) & (there <= 1)).all()


@pytest.mark.law
@given(study=evidenced(), more=st.data())
def test_more_evidence_never_raises_opinion(study: Study, more: st.DataObject) -> None:
    """A source where there was none, a better grade, a measurement: each on some of the rows."""
    columns: dict[str, list[str]] = {x: list(y) for x, y in study.evidenced.columns().items()}
    count = len(study.ratings)
    for name in ("source", "grade", "basis"):
        columns.setdefault(name, [""] * count)
    for row in more.draw(st.lists(st.integers(0, count - 1), unique=True)) if count else ():
        columns["source"][row] = columns["source"][row] or "a report"
        grade = columns["grade"][row]
        better = [x for x in GRADES if not grade or at_least_as_good(x, grade)]
        columns["grade"][row] = more.draw(st.sampled_from(better))
        if more.draw(st.booleans()):
            columns["basis"][row] = "measured"
    full = study.model_copy(update={"ratings": Ratings.from_columns(columns)})
    before, after = (assess.evaluate(x).support.opinion for x in (study, full))
    there = ~np.isnan(before)
    np.testing.assert_array_equal(there, ~np.isnan(after))
    assert (after[there] <= before[there] + 1e-12).all()


@pytest.mark.law
@given(study=evidenced(), days=st.integers(0, 4000), most=st.sampled_from(CONFIDENCES))
def test_staleness_never_moves_a_result_and_only_lowers_confidence(
    study: Study, days: int, most: Any
) -> None:
    never, old = (
        study.model_copy(update={"method": study.method.model_copy(update={"evidence": table})})
        for table in (EvidenceTable(), EvidenceTable(stale_after_days=days, stale=most))
    )
    before, after = assess.evaluate(never), assess.evaluate(old)
    for name in Report.array_names():
        np.testing.assert_array_equal(getattr(before, name), getattr(after, name))
    assert (confidences(old) >= confidences(never)).all()
    capped = confidences(old) != confidences(never)
    assert (confidences(old)[capped] == CONFIDENCES.index(most)).all()
    assert not (capped & undated(old)).any()


@pytest.mark.law
@given(study=evidenced(), days=st.integers(0, 4000), more=st.integers(0, 4000))
def test_a_longer_time_makes_nothing_stale_that_was_not(study: Study, days: int, more: int) -> None:
    shorter, longer = (
        study.model_copy(update={"method": with_table(stale_after_days=n)})
        for n in (days, days + more)
    )
    assert not (stale(longer) & ~stale(shorter)).any()


@pytest.mark.law
@given(study=evidenced())
def test_every_row_has_the_confidence_of_the_plain_rule(study: Study) -> None:
    old = stale(study)
    for row, rating in enumerate(study.evidenced):
        found = effective_confidence(
            rating.confidence or "",
            rating.evidence.grade or "",
            rating.evidence.source,
            study.method.evidence,
            stale=bool(old[row]),
        )
        assert CONFIDENCES[confidences(study)[row]] == found
    assert (allowed(study) <= confidences(study)).all()


@pytest.mark.law
@given(study=evidenced())
def test_what_a_rating_says_itself_stays_and_only_empty_cells_are_filled(study: Study) -> None:
    for own, full in zip(study.ratings, study.evidenced, strict=True):
        first = {"count": "count", "survey; count": "survey"}.get(own.evidence.source)
        for name in ("grade", "date", "basis", "vintage"):
            said, found = getattr(own.evidence, name), getattr(full.evidence, name)
            lent = getattr(REGISTER[first], name) if first else None
            if said or not first:
                assert found == said
            elif lent:
                assert found == lent
        assert own.model_copy(update={"evidence": Evidence()}) == full.model_copy(
            update={"evidence": Evidence()}
        )


@pytest.mark.parametrize("better", GRADES)
def test_the_default_table_allows_no_less_for_a_grade_at_least_as_good(better: str) -> None:
    table = EvidenceTable()
    for worse in GRADES:
        if at_least_as_good(better, worse):
            allows = [CONFIDENCES.index(table.allows(grade)) for grade in (better, worse)]
            assert allows[0] <= allows[1]


@given(
    high=st.lists(st.sampled_from(GRADES), unique=True, max_size=8),
    moderate=st.lists(st.sampled_from(GRADES), unique=True, max_size=8),
)
@pytest.mark.law
def test_a_table_is_refused_just_where_a_better_grade_allows_less(
    high: list[Any], moderate: list[Any]
) -> None:
    table = EvidenceTable(high=tuple(high), moderate=tuple(x for x in moderate if x not in high))
    place = {grade: CONFIDENCES.index(table.allows(grade)) for grade in GRADES}
    broken = any(
        place[x] > place[y] for x in GRADES for y in GRADES if at_least_as_good(x, y)
    )  # fmt: skip
    problems = assess.check(small.study(method=Method(evidence=table)))
    assert bool(problems) == broken
    assert all(problem.path[:2] == ("method", "evidence") for problem in problems)


# The declared table


def test_another_table_allows_another_confidence() -> None:
    rows = [rated(confidence="high", evidence=Evidence(grade="C3", source="radio"))]
    for table, expected in (({}, "moderate"), ({"moderate": ()}, "low"),
                            ({"high": GRADES[:18], "moderate": ()}, "high")):  # fmt: skip
        study = small.study(rows, method=with_table(**table))
        assert CONFIDENCES[confidences(study)[0]] == expected


def test_the_page_prints_the_table_in_the_section_on_method() -> None:
    told = lines(assess.evaluate(small.study()), "Method")
    assert (
        "Confidence that evidence allows at most: high with grades A1, A2, B1, B2; moderate with "
        "grades A3, B3, C1, C2, C3; low with any other, with none, or without a source. No "
        "evidence is taken to be stale." in told
    )
    other = with_table(high=(), moderate=("A1",), stale_after_days=1000, stale="moderate")
    told = lines(assess.evaluate(small.study(method=other)), "Method")
    assert (
        "at most: moderate with grade A1; low with any other, with none, or without a source. "
        "Evidence over 1,000 days old allows moderate." in told
    )


def test_a_changed_table_is_named_in_a_comparison_setting_by_setting() -> None:
    before = assess.evaluate(small.study())
    method = with_table(moderate=("A3", "B3"), stale_after_days=365)
    found = assess.compare(before, assess.evaluate(small.study(method=method)))
    assert [str(item) for item in found.inputs] == [
        "method: evidence moderate: was A3, B3, C1, C2, C3, is A3, B3",
        "method: evidence stale after days: was none, is 365",
    ]
    assert found.moved == ()


def test_a_table_in_which_a_better_grade_allows_less_is_refused_in_words() -> None:
    table = EvidenceTable(high=("A1", "B2"), moderate=("A2", "B1"))
    problems = assess.check(small.study(method=Method(evidence=table)))
    assert str(problems[0]) == (
        "study: method.evidence.high.1: 'B2' allows high confidence, and 'A2', 'B1' not, at least "
        "as good in both parts (list the better grades too, or leave this one out)"
    )


# Stale evidence


def test_evidence_is_stale_the_day_after_the_time_is_over() -> None:
    day = date(2026, 1, 1)
    for age, expected in ((364, False), (365, False), (366, True), (-5, False)):
        evidence = Evidence(grade="A1", source="x", date=day - timedelta(days=age))
        study = small.study(
            [rated(confidence="high", evidence=evidence)], method=with_table(stale_after_days=365)
        )
        assert stale(study).tolist() == [expected]
        assert CONFIDENCES[confidences(study)[0]] == ("low" if expected else "high")


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("", True),
        ("2019-2021", False),
        ("2019 \u2013 2021", False),
        ("2021", False),
        ("2024", True),
        ("2024-2030", True),
        ("the years 2019-2021", True),
    ],
)
def test_evidence_of_a_past_period_is_not_stale_for_it(period: str, expected: bool) -> None:
    evidence = Evidence(grade="A1", source="x", date=date(2021, 12, 31))
    study = small.study(
        [rated(evidence=evidence)],
        strategies={"keep": Strategy(period=period)},
        method=with_table(stale_after_days=365),
    )
    assert stale(study).tolist() == [expected]


def test_a_period_that_is_not_over_counts_to_the_day_of_the_study() -> None:
    evidence = Evidence(source="x", date=date(2025, 12, 1))
    study = small.study(
        [rated(evidence=evidence)],
        strategies={"keep": Strategy(period="2026-2030")},
        method=with_table(stale_after_days=365),
    )
    assert stale(study).tolist() == [False]


def test_the_date_of_a_registered_source_counts_where_the_rating_has_none() -> None:
    rows = [rated(evidence=Evidence(source="survey")),
            rated(evidence=Evidence(source="survey", date=date(2025, 12, 1)), criterion="upkeep"),
            rated(400, evidence=Evidence(source="a report"), criterion="deaths")]  # fmt: skip
    study = small.study(rows, sources=REGISTER, method=with_table(stale_after_days=730))
    assert stale(study).tolist() == [True, False, False]
    assert undated(study).tolist() == [False, False, True]
    page = lines(assess.evaluate(study), "Coverage")
    assert (
        "1 of 3 ratings that give a level rests on stale evidence (over 730 days old), which "
        "allows at most low confidence; 1 has no date, so that it cannot be told." in page
    )
    told = list(notes(study))
    assert (
        "1 of 3 ratings that give a level are on evidence over 730 days old, and have at most low "
        "confidence" in told
    )
    assert "1 of 3 ratings that give a level have no date: stale or not cannot be told" in told
    assert not any("date" in note for note in notes(small.study(rows, sources=REGISTER)))


# The register


def test_a_report_with_a_register_reads_back_and_the_digest_holds_it(tmp_path: Path) -> None:
    report = assess.evaluate(small.study(sources=REGISTER, method=with_table(stale_after_days=9)))
    read = Report.read(report.write(tmp_path / "report.json"))
    assert read == report
    assert read.study.sources == REGISTER
    np.testing.assert_array_equal(read.support.opinion, report.support.opinion)
    digests = {small.study(sources=x).digest for x in ({}, REGISTER, {"count": REGISTER["count"]})}
    assert len(digests) == 3


@pytest.mark.parametrize(
    ("field", "given", "told"),
    [
        ("sha256", "12ab", "'12ab' is no SHA-256 of 4 characters: write 64 of the digits 0 to 9 "
         "and a to f"),
        ("sha256", "G" * 64, "write 64 of the digits 0 to 9 and a to f"),
        ("link", "ftp://example.org", "'ftp://example.org' is not a link: it begins with https:// "
         "or http://"),
        ("link", "javascript:alert(1)", "is not a link"),
        ("link", "doi:11.1000/182", "or is a DOI such as doi:10.1000/182"),
        ("link", "https:// example.org", "is not a link"),
        ("title", "", "is empty"),
        ("grade", "B7", "'B7' is not allowed here (A to F, then 1 to 6: B2)"),
    ],
)  # fmt: skip
def test_a_source_is_refused_with_what_to_write(field: str, given: str, told: str) -> None:
    with pytest.raises(StudyError) as caught:
        Source.model_copy(Source(title="A count"), update={field: given})
    assert told in str(caught.value)


def test_free_text_that_is_nearly_an_id_and_sources_unused_are_remarked_on() -> None:
    rows = [rated(evidence=Evidence(source="cuont")),
            rated(evidence=Evidence(source="count; a letter"), criterion="upkeep"),
            rated(400, evidence=Evidence(source="a letter"), criterion="deaths")]  # fmt: skip
    assert list(register_notes(small.study(rows, sources=REGISTER))) == [
        "1 rating with free text as source: 'cuont' is no id of the register (did you mean "
        "'count'?)",
        "1 rating with free text as source: 'count' is registered, but 'count; a letter' holds "
        "text that is no id",
        "1 rating with free text as source, not in the register, such as 'a letter'",
        "source count: is registered, and no rating names it",
        "source survey: is registered, and no rating names it",
    ]
    used = [rated(evidence=Evidence(source="count ;survey"))]
    assert list(register_notes(small.study(used, sources=REGISTER))) == []
    assert list(register_notes(small.study(rows))) == []


@pytest.mark.parametrize("link", ["https://example.org/a?b=1", "http://example.org",
                                  "doi:10.1000/182"])  # fmt: skip
def test_a_link_is_an_address_or_a_doi(link: str) -> None:
    assert Source(title="A count", link=link).link == link


def test_a_vintage_that_no_source_of_the_rating_has_is_remarked_on() -> None:
    rows = [rated(evidence=Evidence(source="count", vintage="v1")),
            rated(evidence=Evidence(source="count; survey", vintage="v2"), criterion="upkeep"),
            rated(400, evidence=Evidence(source="survey", vintage="v9"),
                  criterion="deaths")]  # fmt: skip
    assert list(register_notes(small.study(rows, sources=REGISTER))) == [
        "1 rating on count: vintage 'v1' is not that of the register, 'v2'"
    ]


def test_changes_of_the_register_are_named_and_vintages_source_by_source() -> None:
    rows = [rated(evidence=Evidence(source="count"))]
    later = {"count": REGISTER["count"].model_copy(update={"vintage": "v3", "grade": "C3"})}
    found = assess.compare(
        assess.evaluate(small.study(rows, sources=REGISTER)),
        assess.evaluate(small.study(rows, sources=later)),
    )
    told = [str(item) for item in found.inputs]
    assert "source: Yearly count (An office): grade was B2, is C3" in told
    assert "source: Survey: is registered only in the earlier report" in told
    assert "vintage: Yearly count (An office): was v2, is v3" in told


def test_a_made_up_source_puts_the_banner_on_the_page() -> None:
    sources = {"tale": Source(title="Illustrative: a tale", basis="illustrative")}
    study = small.study([rated(evidence=Evidence(source="tale"))], sources=sources)
    assert study.banner == "ILLUSTRATIVE. Ratings that are made up: 1 of 1."


# What the weight rests on


def shares(of: Report, strategy: int = 0, node: int = 0) -> list[float]:
    """Return measured, corroborated and opinion of one score."""
    return [float(getattr(of.support, name)[0, strategy, node]) for name in KINDS]


def test_shares_by_hand() -> None:
    """Leaves weigh 1/3, 1/3, 1/6, 1/6; ana has three quarters of the voice on deaths."""
    rows = [
        rated(600, "deaths", evidence=Evidence(source="count")),
        rated(500, "deaths", analyst="ben", evidence=Evidence(source="x", grade="B2")),
        rated(evidence=Evidence(source="survey")),
        rated(30, "upkeep", evidence=Evidence(source="x", grade="D1")),
    ]
    analysts = {"ana": Analyst(weight=3), "ben": Analyst(weight=1)}
    report = assess.evaluate(small.study(rows, analysts=analysts, sources=REGISTER))
    np.testing.assert_allclose(shares(report), [1 / 4, 1 / 12 + 1 / 3, 1 / 6], atol=1e-12)
    node = report.node("results")
    np.testing.assert_allclose(shares(report, node=node), [3 / 8, 1 / 8 + 1 / 2, 0], atol=1e-12)
    assert shares(report, strategy=1) == [0, 0, 0]
    table = section(report, "Coverage").table
    assert table is not None
    assert table.columns == ("strategy", "measured", "corroborated", "opinion", "absent")
    assert table.rows[0] == ("Keep", "25", "42", "17", "17")
    assert table.rows[1] == ("Reform", "0", "0", "0", "100")


@pytest.mark.parametrize(
    ("evidence", "kind"),
    [
        ({"basis": "measured", "source": "x"}, "measured"),
        ({"basis": "measured", "source": "x", "grade": "E5"}, "measured"),
        ({"basis": "measured", "grade": "A1"}, "opinion"),
        ({"basis": "illustrative", "source": "x", "grade": "A1"}, "corroborated"),
        ({"basis": "illustrative", "source": "x"}, "opinion"),
        ({"source": "x", "grade": "C3"}, "corroborated"),
        ({"source": "x", "grade": "D3"}, "opinion"),
        ({"source": "x"}, "opinion"),
        ({"grade": "A1"}, "opinion"),
        ({}, "opinion"),
    ],
)
def test_what_kind_of_support_a_rating_is(evidence: dict[str, Any], kind: str) -> None:
    report = assess.evaluate(small.study([rated(evidence=Evidence(**evidence))]))
    expected = [1 / 3 if name == kind else 0.0 for name in KINDS]
    np.testing.assert_allclose(shares(report), expected, atol=1e-12)


def test_a_judgement_on_stale_evidence_is_opinion_unless_the_table_lets_it_stand() -> None:
    evidence = Evidence(source="x", grade="A1", date=date(2010, 1, 1))
    for most, kind in (("low", "opinion"), ("moderate", "corroborated")):
        method = with_table(stale_after_days=365, stale=most)
        report = assess.evaluate(small.study([rated(evidence=evidence)], method=method))
        assert shares(report)[KINDS.index(kind)] > 0


def test_the_tables_of_scores_carry_the_shares() -> None:
    report = assess.evaluate(assess.load("mali"))
    scores = report.scores
    total = scores["measured"] + scores["corroborated"] + scores["opinion"]
    np.testing.assert_allclose(total, scores["coverage"], rtol=0, atol=1e-12)
    for name in KINDS:
        np.testing.assert_array_equal(scores[name], getattr(report.support, name).ravel())


def test_the_page_says_between_what_scenarios_lie_and_how_made_up_ratings_count() -> None:
    told = lines(assess.evaluate(assess.load("mali")), "Coverage")
    assert "Over all scenarios and strategies: measured 0 %, corroborated 87 to 100 %" in told
    assert "Made-up ratings count by their grade, never as measured." in told
    alone = lines(assess.evaluate(small.study()), "Coverage")
    assert "Over all scenarios" not in alone
    assert "Made-up" not in alone


def test_the_page_counts_ratings_of_groups_as_a_whole() -> None:
    rows = [*small.rows(), rated(50, "results", analyst="ben")]
    told = lines(assess.evaluate(small.study(rows)), "Coverage")
    assert "1 of 13 ratings rates a group as a whole." in told
    rows.append(rated(50, "means", analyst="ben"))
    told = lines(assess.evaluate(small.study(rows)), "Coverage")
    assert "2 of 14 ratings rate a group as a whole." in told
    assert "as a whole" not in lines(assess.evaluate(small.study()), "Coverage")


# A score taken apart


def test_explain_flags_what_the_evidence_of_a_rating_lacks() -> None:
    rows = [
        rated(),
        rated(30, "upkeep", evidence=Evidence(grade="B2")),
        rated("?", "conduct"),
        rated(600, "deaths", confidence="high",
              evidence=Evidence(source="survey", grade="B2", rationale="As before")),
    ]  # fmt: skip
    method = Method(coverage_floor=0.1, evidence=EvidenceTable(stale_after_days=1000))
    report = assess.evaluate(small.study(rows, sources=REGISTER, method=method))
    found = assess.explain(report, strategy="keep")
    remarks = {part.criterion: part.ratings[0].remarks for part in found.parts if part.ratings}
    assert remarks == {
        "deaths": ("evidence over 1,000 days old",),
        "trust": ("no evidence named",),
        "upkeep": ("no source named",),
        "conduct": (),
    }
    text = " ".join(str(found).split())
    assert "low confidence, no evidence named; judgement" in text
    assert (
        "low confidence, grade B2, evidence over 1,000 days old; judgement. Survey, 2020-01-01. "
        "As before" in text
    )


def test_explain_shows_what_a_registered_source_says_by_its_title() -> None:
    rows = [rated(confidence="high", evidence=Evidence(source="count"))]
    method = Method(coverage_floor=0.1)
    report = assess.evaluate(small.study(rows, sources=REGISTER, method=method))
    line = next(x.ratings[0] for x in assess.explain(report, strategy="keep").parts if x.ratings)
    assert (line.source, line.grade, line.confidence, line.basis, line.vintage, line.date) == (
        "Yearly count (An office)", "B2", "high", "measured", "v2", "2025-06-30",
    )  # fmt: skip
