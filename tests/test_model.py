"""The words: frozen all the way down, equal and hashed by content, nothing coerced."""

import copy
import functools
import pickle
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import BaseModel, ValidationError

import assess
from assess import model
from assess.instrument import instrument
from assess.model import (
    Actor,
    Choice,
    Column,
    Criterion,
    FrozenDict,
    Level,
    OwnRule,
    Rating,
    Ratings,
    Scale,
    Scenario,
    Study,
    StudyError,
    effective_confidence,
)
from assess.values import plain_number
from tests import own_rules, small

MODELS = sorted(
    (x for x in vars(model).values() if isinstance(x, type) and issubclass(x, BaseModel)),
    key=lambda x: x.__name__,
)


@pytest.mark.parametrize("kind", MODELS, ids=lambda k: k.__name__)
def test_every_model_is_frozen_and_forbids_unknown_fields(kind: type[BaseModel]) -> None:
    assert kind.model_config.get("frozen")
    assert kind.model_config.get("extra") == "forbid"


def test_no_mutable_value_hides_inside_a_study() -> None:
    def walk(value: Any) -> None:
        assert not isinstance(value, list | set | bytearray)
        assert not isinstance(value, dict) or isinstance(value, FrozenDict)
        if isinstance(value, BaseModel):
            for name in type(value).model_fields:
                walk(getattr(value, name))
        elif isinstance(value, dict):
            for item in value.values():
                walk(item)
        elif isinstance(value, tuple):
            for item in value:
                walk(item)

    walk(small.study())


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(a=1),
        lambda d: d.pop("a"),
        lambda d: d.__setitem__("a", 2),
        lambda d: d.__delitem__("a"),
        lambda d: d.clear(),
        lambda d: d.setdefault("b", 1),
        lambda d: d.popitem(),
        lambda d: d.__ior__({"b": 1}),
        lambda d: d.__init__({"b": 1}),
        lambda d: d.__init__(),
    ],
)
def test_a_frozen_mapping_refuses_every_change(change: Any) -> None:
    mapping: FrozenDict[str, int] = FrozenDict({"a": 1})
    with pytest.raises(TypeError, match="frozen"):
        change(mapping)
    assert mapping == {"a": 1}


def test_studies_are_equal_and_hashed_by_content_and_survive_pickle_and_copy() -> None:
    study = small.study()
    for other in (small.study(), pickle.loads(pickle.dumps(study)), copy.deepcopy(study)):
        assert other == study
        assert hash(other) == hash(study)
        assert other.digest == study.digest
    changed = small.study(name="Other")
    assert changed != study
    assert changed.digest != study.digest


def test_a_study_error_survives_pickle() -> None:
    error = StudyError([model.Problem("tree", ("a",), "is wrong")])
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


KEEP = np.arange(12) > 3


@pytest.mark.parametrize(
    "change",
    [
        lambda s: setattr(s.ratings, "rating", 1),
        lambda s: delattr(s.ratings, "_columns"),
        lambda s: s.ratings._columns.__setitem__("rating", None),
        lambda s: s.ratings.__init__(),
        lambda s: s.strategies.__init__({"new": 1}),
        lambda s: s.actors.__init__({"new": 1}),
        lambda s: s.rules.__init__({"new": 1}),
        lambda s: s.__init__(name="Other"),
        lambda s: setattr(s.ratings.rating.codes.flags, "writeable", True),
        lambda s: setattr(s.ratings.select(KEEP).rating.codes.flags, "writeable", True),
        lambda s: setattr(assess.evaluate(s).score.flags, "writeable", True),
        lambda s: setattr(assess.evaluate(s).gates.flags, "writeable", True),
        lambda s: setattr(assess.evaluate(s).ranks.flags, "writeable", True),
        lambda s: setattr(assess.evaluate(s).bands.flags, "writeable", True),
        lambda s: setattr(assess.evaluate(s).missing.flags, "writeable", True),
        lambda s: setattr(assess.evaluate(s).settled.flags, "writeable", True),
    ],
)
def test_nothing_in_a_study_or_its_report_can_be_written_to(change: Any) -> None:
    study = small.study()
    with pytest.raises((TypeError, ValueError, AttributeError)):
        change(study)
    assert study == small.study()
    assert study.digest == small.study().digest


def test_ratings_that_someone_tries_to_change_say_what_to_do() -> None:
    ratings, name = small.study().ratings, "rating"
    with pytest.raises(TypeError, match=r"ratings cannot change; make new ones: Ratings\."):
        setattr(ratings, name, ratings.low)
    for other in (pickle.loads(pickle.dumps(ratings)), copy.copy(ratings), copy.deepcopy(ratings)):
        assert other == ratings


def test_studies_that_are_equal_have_one_digest_and_one_fingerprint_whatever_their_zero() -> None:
    def study(zero: float) -> Study:
        scale = Scale(worst=zero, best=100)
        criteria = {**small.tree().criteria, "trust": Criterion(parent="results", scale=scale)}
        tree = small.tree(criteria=criteria)
        return small.study(tree=tree, analysts={"ana": {"weight": 1}, "ben": {"weight": zero}})

    one, other = study(0.0), study(-0.0)
    assert one == other
    assert one.digest == other.digest
    assert assess.evaluate(one) == assess.evaluate(other)
    row = Rating(analyst="a", strategy="a", criterion="c", rating=-0.0, low=-0.0)
    assert (str(row.rating), str(row.low)) == ("0.0", "0.0")


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (Scale, {"worst": "0", "best": 1}),
        (Scale, {"worst": True, "best": 0}),
        (Scale, {"worst": float("nan"), "best": 1}),
        (Scale, {"worst": float("inf"), "best": 1}),
        (Scale, {"worst": 0, "best": 0}),
        (Scale, {"worst": 0}),
        (Scale, {}),
        (Scale, {"worst": 0, "best": 1, "levels": [[0, 0], [1, 1]]}),
        (Scale, {"levels": [[0, 0]]}),
        (Scale, {"levels": [[1, 0], [0, 1]]}),
        (Scale, {"levels": [[0, 0], [1, 0.9]]}),
        (Scale, {"levels": [[0, 0], [1, 1.5]]}),
        (Scale, {"levels": [[0, 0], [1, [0.9, 0.1]], [2, 1]]}),
        (Scale, {"levels": {"a": {"worth": 0}, "b": {"worth": 1, "anchor": "b"}}}),
        (Scale, {"levels": {"?": {"worth": 0, "anchor": "a"}, "b": {"worth": 1, "anchor": "b"}}}),
        (Scenario, {"id": "Bad Id", "tree": "t"}),
        (Scenario, {"id": "a", "tree": "t", "likelihood": "perhaps"}),
        (Scenario, {"id": "a", "tree": "t", "kind": "planet"}),
        (Actor, {"valid_to": "2023-12-31"}),
        (Actor, {"valid_to": 0}),
    ],
)
def test_nothing_is_coerced(kind: type[BaseModel], fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        kind.model_validate(fields)


def test_the_short_forms_of_files_are_the_long_forms_of_python() -> None:
    pairs = Scale.model_validate([[0, 0], [1, 1], [2, 0]])
    assert pairs == Scale(levels=((0, 0), (1, 1), (2, 0)))
    labels = Scale.model_validate(
        {"D": {"worth": 0, "anchor": "d"}, "A": {"worth": 1, "anchor": "a"}}
    )
    assert labels == Scale(
        levels={"D": Level(worth=0, anchor="d"), "A": Level(worth=1, anchor="a")}
    )
    choice = Choice.model_validate({"name": "power_mean", "exponent": -1})
    assert choice == Choice(name="power_mean", parameters={"exponent": -1})
    assert Choice.model_validate(choice.model_dump()) == choice


def test_a_worth_in_doubt_counts_at_its_midpoint() -> None:
    scale = Scale(levels=((0, 0), (1, (0.2, 0.4)), (2, 1)))
    assert scale.worths == pytest.approx((0, 0.3, 1))


@pytest.mark.parametrize(
    ("stated", "grade", "source", "allowed"),
    [
        ("high", "A1", "x", "high"),
        ("high", "B2", "x", "high"),
        ("high", "C1", "x", "moderate"),
        ("high", "A3", "x", "moderate"),
        ("high", "D1", "x", "low"),
        ("high", "F6", "x", "low"),
        ("high", "A1", "", "low"),
        ("high", "", "x", "low"),
        ("low", "A1", "x", "low"),
        ("", "A1", "x", "low"),
    ],
)
def test_evidence_caps_confidence_and_never_raises_it(
    stated: str, grade: str, source: str, allowed: str
) -> None:
    assert effective_confidence(stated, grade, source) == allowed


def test_ratings_read_the_same_from_rows_columns_and_frames() -> None:
    rows = [
        Rating(analyst="ana", strategy="keep", criterion="deaths", rating=350, low=300, high=400),
        Rating(analyst="ben", strategy="keep", criterion="conduct", rating="some", scenario="x"),
        Rating(analyst="ben", strategy="keep", criterion="trust", rating=0.5, confidence="high"),
    ]
    ratings = Ratings.from_rows(rows)
    assert Ratings.from_columns(ratings.columns()) == ratings
    frame = pd.DataFrame(
        {
            "analyst": ["ana", "ben", "ben"],
            "strategy": ["keep"] * 3,
            "scenario": [None, "x", None],
            "criterion": ["deaths", "conduct", "trust"],
            "rating": [350, "some", 0.5],
            "low": [300.0, float("nan"), float("nan")],
            "high": [400.0, None, None],
            "confidence": [None, None, "high"],
        }
    )
    assert Ratings.from_columns(frame) == ratings  # type: ignore[arg-type]
    assert assess.Study.model_fields["ratings"].annotation is Ratings
    assert [row.rating for row in ratings] == [350, "some", 0.5]
    assert ratings[2].confidence == "high"
    assert repr(ratings) == "<3 ratings>"


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"analyst": []}, "'strategy' is missing"),
        ({"analist": []}, "did you mean 'analyst'"),
        (
            {"analyst": ["a"], "strategy": [], "criterion": [], "rating": []},
            "columns differ in length",
        ),
    ],
)
def test_columns_that_are_no_ratings_are_refused(columns: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Ratings.from_columns(columns)


def test_ratings_cannot_be_something_else() -> None:
    for wrong in ("a.csv", 5, [1, 2]):
        with pytest.raises(ValidationError, match="rows of `Rating`"):
            small.study().model_validate({**dict(small.study()), "ratings": wrong})
    with pytest.raises(AttributeError, match="no column 'score'"):
        _ = small.study().ratings.score
    with pytest.raises(ValueError, match="neither a level nor a text"):
        Ratings.from_columns({"analyst": [True], "strategy": [], "criterion": [], "rating": []})


def test_a_level_that_a_number_would_not_be_written_as_stays_text() -> None:
    texts = ["01", "1.0", "1e3", "nan", "12", "0.25"]
    ratings = Ratings.from_columns(
        {"analyst": ["a"] * 6, "strategy": ["s"] * 6, "criterion": ["c"] * 6, "rating": texts}
    )
    assert [row.rating for row in ratings] == ["01", "1.0", "1e3", "nan", 12, 0.25]
    assert Ratings.from_rows(ratings) == ratings


def test_a_column_is_stored_by_first_appearance_and_read_only() -> None:
    column = Column.of_texts(["b", "a", "b"])
    assert column.labels == ("b", "a")
    assert Column.of(np.array([2, 0, 2]), ["a", "a", "b"]) == column
    assert column.texts() == ["b", "a", "b"]
    with pytest.raises(ValueError, match="read-only"):
        column.codes[0] = 0


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ({"mine": 5}, "rules.mine: a rule is a function of (values, weights); 5 is none"),
        ({"mine": "mean"}, "rules.mine: a rule is a function of (values, weights); 'mean' is none"),
        ({"My rule": min}, "rules.My rule: 'My rule' is not an id: use lower-case letters"),
        (min, "rules: <built-in function min> is not a mapping"),
    ],
)
def test_rules_that_are_none_are_answered_in_words(rules: Any, told: str) -> None:
    with pytest.raises(StudyError) as caught:
        small.study(rules=rules)
    assert f"  Study: {told}" in str(caught.value)
    with pytest.raises(ValueError, match="a rule is a function"):
        OwnRule.of(5)  # type: ignore[arg-type]  # a user may


def test_what_differs_in_any_way_is_another_rule() -> None:
    hashes = {name: OwnRule.of(make()).source for name, make in own_rules.EVERY.items()}
    assert len(set(hashes.values())) == len(hashes)
    again = {name: OwnRule.of(make()).source for name, make in own_rules.EVERY.items()}
    assert again == hashes


def test_a_rule_has_the_same_hash_in_every_process() -> None:
    root = Path(__file__).resolve().parents[1]
    command = [sys.executable, "-m", "tests.own_rules"]
    told = [
        subprocess.run(
            command, capture_output=True, text=True, check=True, cwd=root,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert told[0] == told[1]
    assert len(told[0].splitlines()) == len(own_rules.EVERY)


@pytest.mark.parametrize(
    ("name", "value"),
    [("FACTOR", 0.6), ("TABLE", np.array([0.25, 0.8])), ("helped", own_rules.scaled)],
)
def test_a_changed_global_that_a_rule_names_makes_it_another_rule(
    monkeypatch: pytest.MonkeyPatch, name: str, value: Any
) -> None:
    before, other = (OwnRule.of(f).source for f in (own_rules.named, own_rules.scaled))
    monkeypatch.setattr(own_rules, name, value)
    assert OwnRule.of(own_rules.named).source != before
    assert OwnRule.of(own_rules.scaled).source == other


def test_what_a_rule_holds_that_cannot_be_recorded_is_named() -> None:
    words = (
        "rule 'mine' holds 'held', a DataFrame, whose content cannot be recorded; "
        "pass it as a keyword argument in the tree"
    )
    rule = own_rules.closed(pd.DataFrame({"a": [1]}))
    with pytest.raises(ValueError, match=f"^{words}$"):
        OwnRule.of(rule)
    with pytest.raises(StudyError, match=f"  Study: rules.other: {words}"):
        small.study(rules={"other": rule})
    for thing in (object(), np.array([{}]), iter(()), np.random.default_rng(1).random):
        with pytest.raises(ValueError, match="whose content cannot be recorded"):
            OwnRule.of(own_rules.closed(thing))
    with pytest.raises(ValueError, match="rule 'partial_sum' holds an argument, a DataFrame"):
        OwnRule.of(functools.partial(own_rules.scaled, by=pd.DataFrame()), "partial_sum")
    with pytest.raises(ValueError, match=r"is a vectorize, whose .*; write it as a function"):
        OwnRule.of(np.vectorize(min))


def test_a_value_that_holds_itself_is_recorded_too() -> None:
    def held(last: int) -> list[Any]:
        value: list[Any] = [1, last]
        value.append(value)
        return value

    one, same, other = (OwnRule.of(own_rules.closed(held(last))).source for last in (2, 2, 3))
    assert one == same != other


def test_actors_end_the_day_after_their_last() -> None:
    actor = Actor(valid_to=date(2023, 12, 31))
    assert not actor.ended(date(2023, 12, 31))
    assert actor.ended(date(2024, 1, 1))
    assert not Actor().ended(date(2024, 1, 1))


def test_an_unknown_context_criterion_needs_no_scale() -> None:
    assert Criterion(kind="context").scale is None


def test_the_order_of_a_mapping_is_part_of_the_study() -> None:
    study = small.study()
    turned = small.study(strategies=dict(list(study.strategies.items())[::-1]))
    assert turned != study
    assert turned.digest != study.digest
    assert FrozenDict({"a": 1, "b": 2}) != FrozenDict({"b": 2, "a": 1})
    assert FrozenDict({"a": 1, "b": 2}) == {"b": 2, "a": 1}


def test_a_changed_copy_forgets_what_was_worked_out_before() -> None:
    tree = small.tree()
    assert "trust" in tree.leaves
    criteria = {key: item for key, item in tree.criteria.items() if key != "trust"}
    fewer = tree.model_copy(update={"criteria": criteria})
    assert "trust" not in fewer.leaves
    assert type(tree)(**dict(tree)) == tree
    with pytest.raises(StudyError, match="criteria: 5 is not a mapping"):
        tree.model_copy(update={"criteria": 5})


STUDY = dict(small.study())


@pytest.mark.parametrize(
    ("kind", "given", "told"),
    [
        (Criterion, {"knid": "ends"}, "knid: unknown key 'knid' (did you mean 'kind'?)"),
        (
            Criterion,
            {"kind": "effectivness"},
            "kind: 'effectivness' is not allowed here (did you mean 'effectiveness'?)",
        ),
        (
            Scale,
            {"worst": "1", "best": 2},
            "worst: '1' is not a number (write it without quotes)",
        ),
        (Scale, {"levels": [(1, 0), (2, 3)]}, "levels.1.1: a worth lies in [0, 1]"),
        (
            Actor,
            {"valid_to": "2023-12-31"},
            "valid_to: '2023-12-31' is not a date (write it as datetime.date(2026, 6, 30))",
        ),
        (
            Rating,
            {"analyst": "ana", "strategy": "a", "criterion": "c", "rating": float("nan")},
            "rating: nan is not a finite number",
        ),
        (Rating, {"strategy": "a", "criterion": "c", "rating": 1}, "analyst: 'analyst' is missing"),
        (Study, STUDY | {"tree": None}, "tree: None is not a ValueTree"),
        (Study, STUDY | {"scenarios": 5}, "scenarios: 5 is not a list"),
        (
            Study,
            STUDY | {"strategies": {"a": {"nam": "A"}}},
            "strategies.a.nam: unknown key 'nam' (did you mean 'name'?)",
        ),
    ],
)
def test_wrong_arguments_in_python_are_answered_in_words(
    kind: Any, given: dict[str, Any], told: str
) -> None:
    with pytest.raises(StudyError) as caught:
        kind(**given)
    assert f"  {kind.__name__}: {told}" in str(caught.value)


def test_all_wrong_arguments_are_listed_at_once() -> None:
    with pytest.raises(StudyError) as caught:
        Study(**STUDY | {"tree": None, "as_of": "2026", "ratings": 5})
    assert len(caught.value.problems) == 3


def test_what_is_kept_with_a_model_is_no_part_of_it() -> None:
    study, other = small.study(), small.study()
    assert instrument(study) is instrument(study)
    assert study == other
    assert hash(study) == hash(other)
    assert study.digest == other.digest
    copies = (pickle.loads(pickle.dumps(study)), study.model_copy())
    assert all(copy == study and instrument(copy) is not instrument(study) for copy in copies)


@pytest.mark.parametrize("text", ["٦٢", "1_000", "0x10", "1,5", "nan", "inf", ""])
def test_only_plain_finite_numbers_are_numbers(text: str) -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        plain_number(text)


def test_a_date_column_of_pandas_is_read_as_dates() -> None:
    days = ("2026-01-01", "NaT", "2025-06-30", "2025-06-30 12:00")
    frame = pd.DataFrame(
        {
            "analyst": ["ana"] * 4,
            "strategy": ["keep"] * 4,
            "criterion": ["deaths", "trust", "upkeep", "spending"],
            "rating": [600, 30, 30, 4],
            "date": [pd.Timestamp(text) for text in days],
        }
    )
    texts = Ratings.from_columns(frame).date.texts()  # type: ignore[arg-type]  # a frame serves
    assert texts == ["2026-01-01", "", "2025-06-30", "2025-06-30 12:00:00"]
    plain: dict[str, Any] = {**frame.iloc[:3], "date": frame["date"].to_numpy()[:3]}
    assert Ratings.from_columns(plain).date.texts() == texts[:3]
    stated = Ratings.from_columns(
        {**plain, "date": [datetime(2026, 1, 1), None, date(2025, 6, 30)]}
    )
    assert stated.date.texts() == texts[:3]
    with pytest.raises(StudyError, match="'2025-06-30 12:00:00' is not a date"):
        assess.evaluate(Study(**STUDY | {"ratings": frame}))


def test_a_mistyped_column_of_a_frame_is_named_and_the_frame_is_not_shown() -> None:
    frame = pd.DataFrame({"analist": ["ana"], "strategy": ["a"], "criterion": ["c"], "rating": [1]})
    told = "unknown column 'analist' (did you mean 'analyst'?)"
    with pytest.raises(StudyError) as caught:
        Study(**STUDY | {"ratings": frame})
    assert str(caught.value) == f"1 problem:\n  Study: ratings: {told}"


REPORT = assess.evaluate(small.study())
EXPLAIN = functools.partial(assess.explain, strategy="keep")
NO_STUDY, NO_REPORT = "evaluate takes a Study, not ", "explain takes a Report, not "
NO_REPORTS = "compare takes two Reports, not "
TEXT_FOR_CELLS = {"analyst": "ana", "strategy": [], "criterion": [], "rating": []}


@pytest.mark.parametrize(
    ("function", "given", "told"),
    [
        (assess.evaluate, ["mali"], f"{NO_STUDY}a name: assess.evaluate(assess.load('mali'))"),
        (assess.evaluate, [Path("a")], f"{NO_STUDY}a name: assess.evaluate(assess.load('a'))"),
        (assess.evaluate, [REPORT], f"{NO_STUDY}a Report: assess.evaluate(report.study)"),
        (assess.evaluate, [5], f"{NO_STUDY}5"),
        (
            EXPLAIN,
            [REPORT.study],
            f"{NO_REPORT}a Study: assess.explain(assess.evaluate(study), strategy=...)",
        ),
        (
            EXPLAIN,
            ["a"],
            f"{NO_REPORT}a name: assess.explain(assess.evaluate(assess.load('a')), strategy=...)",
        ),
        (
            assess.compare,
            [REPORT.study] * 2,
            f"{NO_REPORTS}a Study: assess.compare(assess.evaluate(study), ...)",
        ),
        (
            assess.compare,
            [REPORT, "a.json"],
            f"{NO_REPORTS}a name: assess.compare(assess.Report.read('a.json'), ...)",
        ),
        (assess.compare, [REPORT, None], f"{NO_REPORTS}None"),
        (
            Ratings.from_rows,
            [pd.DataFrame({"analyst": ["ana"]})],
            "rows are `Rating` objects; for a table, write from_columns",
        ),
        (Ratings.from_rows, [[*small.rows(), 5]], "row 12 is 5, and not a `Rating`"),
        (
            Ratings.from_columns,
            [small.rows()],
            "a table is a mapping or a DataFrame; for rows, write from_rows",
        ),
        (
            Ratings.from_columns,
            [TEXT_FOR_CELLS],
            "column 'analyst' is 'ana'; expected one cell a row",
        ),
        (REPORT.study.only, ["floods"], "no scenario 'floods' (choose from 'reference')"),
        (REPORT.study.only, [""], "no scenario '' (choose from 'reference')"),
    ],
)
def test_the_wrong_thing_is_answered_with_what_to_write_instead(
    function: Any, given: list[Any], told: str
) -> None:
    with pytest.raises((TypeError, ValueError)) as caught:
        function(*given)
    assert str(caught.value) == told
