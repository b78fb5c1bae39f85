"""Workbooks of studies for tests: a full study, there and back, cells typed over."""

import tempfile
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl  # type: ignore[import-untyped]  # it brings no types

import assess
from assess.forms.sheets import read_book
from assess.forms.study_book import new_study_book, study_workbook
from assess.forms.study_files import Collected, write_study
from assess.model import (
    Actor,
    Analyst,
    Choice,
    Criterion,
    Endorsement,
    ErrorStructure,
    EvidenceTable,
    Gate,
    HalfWidths,
    Level,
    Method,
    Performance,
    Ratio,
    Scale,
    Scenario,
    SeedQuestion,
    Source,
    Stakeholder,
    Strategy,
    Study,
    Uncertainty,
    ValueTree,
    Weights,
)

Cells = Mapping[str, Any]


def without_ratings(study: Study) -> Study:
    """Return a study as a workbook holds it."""
    return study.model_copy(update={"ratings": (), "earlier": (), "rules": {}})


def collected(content: bytes, folder: Path, **options: Any) -> Collected:
    """Write a workbook beside a folder, and make the files of the study in it."""
    path = folder.parent / "study.xlsx"
    path.write_bytes(content)
    return write_study(read_book(path, "study.xlsx"), folder, **options)


def there_and_back(study: Study) -> Study:
    """Return a study that went through a workbook and files."""
    with tempfile.TemporaryDirectory() as draft:
        collected(study_workbook(study), Path(draft) / "study")
        return assess.load(Path(draft) / "study")


def full_study() -> Study:
    """Return a sound study in which no field is as it would be if nothing were said."""
    minor = Scale(levels={"levels": Level(worth=0, anchor="x"), "1": Level(worth=1, anchor="y")})
    practice = Scale(
        levels={
            "none": Level(worth=0, anchor="nowhere"),
            "some, not all": Level(worth=(0.25, 0.5), anchor='in "some" units\n- not in others'),
            "2": Level(worth=1, anchor="=everywhere"),
        },
        beyond="saturate",
    )
    bent = Scale(levels=((5, 0), (10, (1, 1)), (14, 1), (25, 0)))
    bare = Scale(levels=((0, 1), (20, (0.3, 0.5)), (60, 0)), beyond="saturate")
    rule = Choice(name="ordered_weighted", parameters={"order_weights": (0.25, 0.75)})
    tree = ValueTree(
        id="aim",
        name="The aim",
        version="2",
        question="How well?",
        notes="Several lines,\n\nthe last one ended.\n",
        rule=Choice(name="power_mean", parameters={"exponent": -0.5}),
        scales={"practice": practice, "bent": bent, "line": Scale(worst=9, best=-3.5)},
        criteria={
            "ends": Criterion(name="Ends", rule=rule, notes="a group"),
            "deaths": Criterion(
                parent="ends",
                name="Deaths",
                question="How many?",
                definition="All of them.",
                unit="deaths a year",
                kind="effectiveness",
                scale=Scale(worst=1500, best=0, beyond="saturate"),
                acceptable=300,
                good=100,
                gate=Gate(threshold=1000, consequence="report", reason="too many"),
                source="a register",
                actors=("army", "mission"),
                overlaps={"calm": "counted here only", "training": ""},
                covers=("challenges", 'a "quoted", one'),
                tags=(" outer space ", "x"),
                notes="read with calm",
            ),
            "calm": Criterion(parent="ends", scale=bare, acceptable=30, good=10),
            "training": Criterion(scale="practice", acceptable="some, not all", good="2"),
            "posts": Criterion(scale="bent", good=12, kind="performance"),
            "extra": Criterion(scale=minor, acceptable="1"),
            "trend": Criterion(kind="context", unit="a year"),
            "line": Criterion(scale="line"),
        },
        actors={"army": Actor(name="Army", valid_from=date(1850, 1, 1)), "both": Actor(name="T")},
    )
    ranges = assess.fingerprints.ranges(tree)["aim"]
    judged: dict[str, float | tuple[float, float]] = {
        "ends": 100,
        "training": (40, 60),
        "posts": (30, 30),
        "extra": 0,
        "line": 2.5,
    }
    shares: dict[str, float | tuple[float, float]] = dict.fromkeys(judged, (0.0, 1.0))
    bounded = Weights(
        method=Choice(name="bounds"),
        judgements=shares | {"training": (0.05, 0.4), "extra": 0.125},
        before=(("ends", "posts"), ("posts", "line")),
        ratios=(
            Ratio(of="ends", to="training", at_least=1.5, at_most=4),
            Ratio(of="training", to="line", at_least=0.1),
        ),
    )
    said = {"town": Stakeholder(share=2, judgements=judged), "army": Stakeholder(judgements=judged)}
    several = Weights(method=Choice(name="swing"), stakeholders=said, reason="they differ")
    by_rank = ({"deaths": 1, "calm": 2}, {"deaths": (1, 1), "calm": (1, 1)})
    apart = Weights(
        method=Choice(name="rank_sum"),
        stakeholders={
            "army": Stakeholder(judgements=by_rank[0]),
            "town": Stakeholder(share=2, judgements=by_rank[1]),
        },
    )
    scenarios = (
        Scenario(
            id="now",
            name="As it is",
            description="What is looked at.",
            tree="aim",
            kind=("world", "perspective"),
            likelihood="almost no chance",
            horizon="a year",
            probability=0.75,
            swing=80,
            author="nobody",
            reason="a standing condition",
            endorsed=(
                Endorsement(
                    criterion="line", against="deaths", by="nobody", reason="agreed", amount=2.5
                ),
            ),
            weights={
                "aim": Weights(
                    method=Choice(name="swing"),
                    judgements=judged,
                    reason="because",
                    against="2",
                    ranges=ranges,
                ),
                "ends": Weights(
                    method=Choice(name="rank_sum"), judgements={"calm": 1, "deaths": 2}
                ),
            },
            not_applicable={"extra": "makes no sense", "line": "-1"},
        ),
        Scenario(id="then", tree="aim", kind=("world",), weights_from="now", probability=0.25),
        Scenario(id="lent", tree="aim", weights_of="Somebody else's"),
        Scenario(id="bound", tree="aim", weights={"aim": bounded}),
        Scenario(id="asked", tree="aim", weights={"aim": several, "ends": apart}),
    )
    answers = {"patrols": (100, 300, 1000), "posts": (-10, -5, 0)}
    return Study(
        name="Full",
        question="Which?",
        as_of=date(2026, 6, 30),
        horizon="36 months",
        illustrative="All of it.",
        tree=tree,
        scenarios=scenarios,
        strategies={
            "stay": Strategy(
                name="Stay",
                description="Nothing is done.",
                period="2019-2021",
                baseline=True,
                author="the panel",
            ),
            "go": Strategy(),
        },
        analysts={
            "ana": Analyst(
                name="Ana", role="judge", interests="none declared", weight=2.5, answers=answers
            ),
            "ben": Analyst(pooled=False, answers={"posts": (-7, -2.5, 1e-7)}),
        },
        actors={
            "mission": Actor(
                name="Mission",
                valid_from=date(2013, 4, 25),
                valid_to=date(2027, 12, 31),
                source="a resolution",
                notes="ended",
            ),
            "both": Actor(name="S"),
        },
        sources={
            "register": Source(
                title="A register",
                publisher="The state",
                date=date(2025, 12, 31),
                link="https://example.org/a?b=c#d",
                sha256="0123456789abcdef" * 4,
                vintage="v25.1",
                grade="B2",
                basis="measured",
                notes="Read twice.",
            )
        },
        seed_questions={
            "patrols": SeedQuestion(
                question="Patrols in 2019?",
                unit="patrols",
                answer=412.5,
                background="log-uniform",
                source="a register",
            ),
            "posts": SeedQuestion(answer=-3),
        },
        method=Method(
            analyst_weights="performance",
            performance=Performance(levels=(0.1, 0.5, 0.9), cut_off=0.05, overshoot=0.2),
            pooling=Choice(name="trimmed_mean", parameters={"share": 0.1}),
            coverage_floor=0.5,
            half_widths=HalfWidths(high=5, moderate=10, low=15),
            uncertainty=Uncertainty(
                errors=ErrorStructure(halo=0.2, leniency=0.1, common=0.4),
                analysts="mean",
                weight_spread=0.1,
                unknown="worst",
                withheld="uniform",
                share=0.9,
                margin=5,
            ),
            evidence=EvidenceTable(
                high=(), moderate=("A1", "A2", "B1", "B2"), stale_after_days=365, stale="moderate"
            ),
        ),
    )


def changed(folder: Path, cells: Cells) -> bytes:
    """Return the workbook of the study to start from with some cells typed over."""
    if not (folder / "new").exists():
        new_study_book(folder / "new")
    book = openpyxl.load_workbook(folder / "new" / "study.xlsx")
    for place, value in cells.items():
        sheet, cell = place.split("!")
        if sheet not in book.sheetnames:
            book.create_sheet(sheet)
        book[sheet][cell].value = value
    made = BytesIO()
    book.save(made)
    return made.getvalue()
