"""The words: frozen all the way down, equal and hashed by content, nothing coerced."""

import copy
import pickle
from datetime import date
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
from tests import small

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
    ],
)
def test_a_frozen_mapping_refuses_every_change(change: Any) -> None:
    mapping = FrozenDict({"a": 1})
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


def test_a_rule_that_is_no_function_is_refused() -> None:
    with pytest.raises(StudyError, match=r"rules\.mine: a rule is a function"):
        small.study(rules={"mine": 5})
    assert OwnRule.of(eval("lambda v, w: v")).source
    assert OwnRule.of(min).source


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
