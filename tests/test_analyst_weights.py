"""Whose voice counts how much: declared, equal, by seed questions, or by agreement."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

import assess
from assess import Analyst, Method, Rating, Study, tables
from assess.agreement import agreement_weights
from assess.classical_model import classical_model
from assess.files.new import new_study
from assess.model import Performance, SeedQuestion
from assess.notes import notes
from assess.panel import leave_one_out, weighing
from assess.performance import performance
from assess.report import Report
from assess.summary import summarise
from tests import small
from tests.goldens.make_classical_model import THREE, panel

Floats = NDArray[np.float64]
law = pytest.mark.law
NAMES = ("ana", "ben", "eva")


def rated(shift: Mapping[str, float]) -> list[Rating]:
    """Everybody rates everything; what is said of trust and upkeep lies apart by a shift."""
    return [
        Rating(
            analyst=analyst,
            strategy=strategy,
            criterion=criterion,
            rating=level + apart if isinstance(level, float | int) and shifts else level,
        )
        for analyst, apart in shift.items()
        for strategy, cells in small.LEVELS.items()
        for criterion, level in cells.items()
        for shifts in [criterion in ("trust", "upkeep")]
    ]


def seeded(seed: int = 1, names: tuple[str, ...] = NAMES, **changes: Any) -> Study:
    """Return a study of three analysts who answered ten seed questions."""
    quantiles, answers, backgrounds = panel(seed, len(names), 10, 0, THREE, 0.0)
    fields: dict[str, Any] = {
        "ratings": rated({key: 10.0 * i - 10 for i, key in enumerate(names)}),
        "seed_questions": {
            f"q{i}": SeedQuestion(answer=answer, background=background)  # type: ignore[arg-type]
            for i, (answer, background) in enumerate(zip(answers, backgrounds, strict=True))
        },
        "analysts": {
            key: Analyst(answers={f"q{i}": tuple(row) for i, row in enumerate(rows)})
            for key, rows in zip(names, quantiles, strict=True)
        },
        "method": Method(analyst_weights="performance"),
    }
    return small.study(**(fields | changes))


ALL_HEARD = Method(analyst_weights="performance", performance=Performance(cut_off=0.0))


def weights(study: Study) -> list[float]:
    held = tables.analyst_weights(study)
    return [float(x) for x in held / held.sum()]


def section(report: Report) -> Any:
    """Return what the page says of the weights; None where it says nothing."""
    title = "How the analysts are weighed"
    return next((part for part in summarise(report).sections if part.title == title), None)


def same_scores(one: Report, other: Report) -> bool:
    return np.allclose(one.score, other.score, rtol=0, atol=1e-12, equal_nan=True)


# Performance --------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(1, 7))
def test_weights_by_performance_are_the_global_ones_of_the_classical_model(seed: int) -> None:
    quantiles, answers, backgrounds = panel(seed, 3, 10, 0, THREE, 0.0)
    model = classical_model(quantiles, answers, background=backgrounds)
    study = seeded(seed)
    assert weights(study) == pytest.approx(model.global_weights.weights[:, 0].tolist(), abs=1e-12)
    assert performance(study).experts == model.experts


def test_scores_are_those_of_the_same_weights_declared() -> None:
    study = seeded(1, method=ALL_HEARD)
    held = dict(zip(NAMES, weights(study), strict=True))
    assert len(set(held.values())) == 3
    declared = {key: study.analysts[key].model_copy(update={"weight": held[key]}) for key in NAMES}
    plain = study.model_copy(update={"analysts": declared, "method": Method()})
    assert same_scores(assess.evaluate(study), assess.evaluate(plain))


def test_a_red_team_is_not_scored_and_moves_no_weight() -> None:
    four = seeded(2, ("ana", "ben", "eva", "red"))
    apart = four.analysts["red"].model_copy(update={"pooled": False})
    study = four.model_copy(update={"analysts": {**four.analysts, "red": apart}})
    rest = {key: four.analysts[key] for key in NAMES}
    without = four.model_copy(update={"analysts": rest, "ratings": rated(dict.fromkeys(NAMES, 0))})
    assert weights(study) == [*weights(without), 0.0]
    assert list(weighing(assess.evaluate(study)).scores) == list(NAMES)


def test_a_red_team_needs_no_answers() -> None:
    study = seeded()
    more = {**study.analysts, "red": Analyst(pooled=False)}
    assert assess.check(study.model_copy(update={"analysts": more})) == ()


def test_a_cut_off_silences_who_is_calibrated_worse() -> None:
    study = seeded(1)
    calibration = [expert.calibration for expert in performance(study).experts]
    middle = sorted(calibration)[1]
    method = Method(analyst_weights="performance", performance=Performance(cut_off=middle))
    held = weights(study.model_copy(update={"method": method}))
    assert [weight > 0 for weight in held] == [c >= middle for c in calibration]
    assert sum(held) == pytest.approx(1)


def test_an_analyst_may_leave_questions_out() -> None:
    study = seeded(1)
    answers = dict(study.analysts["ana"].answers)
    del answers["q4"]
    ana = study.analysts["ana"].model_copy(update={"answers": answers})
    fewer = study.model_copy(update={"analysts": {**study.analysts, "ana": ana}})
    assert assess.check(fewer) == ()
    assert performance(fewer).power == 9
    assert "as if it had answered 9" in "\n".join(notes(fewer))


def test_declared_weights_play_no_part_under_performance() -> None:
    study = seeded(3)
    heavy = {
        key: item.model_copy(update={"weight": 7.0 * (key == "ana")})
        for key, item in study.analysts.items()
    }
    other = study.model_copy(update={"analysts": heavy})
    assert weights(other) == weights(study)
    told = 'weights of analysts are declared and not used: analyst_weights = "performance"'
    assert told in list(notes(other))
    assert told not in list(notes(study))


def test_without_one_analyst_the_others_keep_the_ratios_of_their_weights() -> None:
    study = seeded(1, method=ALL_HEARD)
    held = dict(zip(NAMES, weights(study), strict=True))
    found = leave_one_out(assess.evaluate(study))
    for a, gone in enumerate(NAMES):
        left = {key: Analyst(weight=held[key] / (1 - held[gone])) for key in NAMES if key != gone}
        keep = ~study.ratings.analyst.matches(gone)
        changes = {"analysts": left, "method": Method(), "ratings": study.ratings.select(keep)}
        report = assess.evaluate(study.model_copy(update=changes))
        assert found.score[a] == pytest.approx(report.score[:, :, 0], abs=1e-12)


def test_without_the_only_voice_there_is_no_result() -> None:
    study = seeded(3)
    assert weights(study) == [1.0, 0.0, 0.0]
    found = leave_one_out(assess.evaluate(study))
    assert found.refused == ("no analyst with a weight is left", "", "")
    assert np.isnan(found.score[0]).all()


def test_weights_are_worked_out_once_and_cannot_be_written_to() -> None:
    study = seeded()
    assert performance(study) is performance(study)
    with pytest.raises(ValueError, match="read-only"):
        tables.analyst_weights(study)[0] = 1.0


def test_the_page_shows_scores_of_analysts_and_of_the_decision_maker() -> None:
    report = assess.evaluate(seeded(1))
    shown, model = section(report), performance(report.study)
    assert shown.table.columns == ("analyst", "calibration", "information", "product", "weight")
    names = [row[0] for row in shown.table.rows]
    assert names == ["ana", "ben", "eva", "decision maker", "all weighed alike"]
    expert, maker = model.experts[0], model.global_weights.scores
    assert shown.table.rows[0][1:3] == (
        f"{expert.calibration:.2g}", f"{expert.seed_information:.2g}"
    )  # fmt: skip
    assert shown.table.rows[3][3] == f"{maker.combined:.2g}"
    assert shown.lines[0] == (
        "Weights by performance on 10 seed questions with known answers (Cooke's classical model): "
        "calibration times information, the same on every cell."
    )


def test_the_note_names_analysts_and_counts_few_seed_questions() -> None:
    study = seeded(1)
    few = dict(list(study.seed_questions.items())[:3])
    analysts = {
        key: Analyst(name=key.title(), answers={q: item.answers[q] for q in few})
        for key, item in study.analysts.items()
    }
    fewer = study.model_copy(update={"seed_questions": few, "analysts": analysts})
    (note,) = (text for text in notes(fewer) if text.startswith("weights by performance"))
    assert "3 seed questions: below 10, calibration tells experts apart only roughly" in note
    assert "experts[" not in note


def test_the_table_has_a_row_for_every_analyst() -> None:
    found = weighing(assess.evaluate(seeded(1)))
    frame = found.table
    assert frame["analyst"].tolist() == list(NAMES)
    assert frame["combined"].tolist() == [
        pytest.approx(c * i)
        for c, i in zip(frame["calibration"], frame["information"], strict=True)
    ]
    assert frame["distance"].isna().all()
    assert found.decision_maker is not None


# Equal and declared -------------------------------------------------------------------------------


def test_equal_weights_are_those_of_analysts_who_declare_alike() -> None:
    study = small.study(
        rated({"ana": 0.0, "ben": 10.0}),
        analysts={"ana": Analyst(weight=3.0), "ben": Analyst(weight=0.0)},
        method=Method(analyst_weights="equal"),
    )
    alike = study.model_copy(
        update={"analysts": {"ana": Analyst(), "ben": Analyst()}, "method": Method()}
    )
    assert same_scores(assess.evaluate(study), assess.evaluate(alike))
    assert section(assess.evaluate(study)).lines == ("All analysts in the pool weigh alike.",)
    assert "Weight in the panel" not in str(assess.evaluate(study))


def test_declared_weights_are_as_they_were_and_have_no_section() -> None:
    study = small.study(analysts={"ana": Analyst(weight=3.0), "ben": Analyst(weight=0.5)})
    assert tables.analyst_weights(study).tolist() == [3.0, 0.5]
    assert section(assess.evaluate(study)) is None


# Agreement ----------------------------------------------------------------------------------------


def ratings(raters: st.SearchStrategy[int], *, gaps: bool = True) -> st.SearchStrategy[Floats]:
    """Draw ratings 0 to 10 [rater, unit]."""
    some = st.integers(0, 10).map(float)
    cells = st.one_of(some, st.just(np.nan)) if gaps else some
    shapes = st.tuples(raters, st.integers(1, 5))
    return shapes.flatmap(lambda shape: arrays(np.float64, shape, elements=cells))


@law
@given(ratings(st.integers(1, 6)))
def test_agreement_weights_are_positive_and_sum_to_one(table: Floats) -> None:
    held = agreement_weights(table)
    assert (held > 0).all()
    assert held.sum() == pytest.approx(1)


@law
@given(ratings(st.integers(2, 6)), st.data())
def test_agreement_weights_follow_their_raters(table: Floats, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(table))))
    assert agreement_weights(table[order]) == pytest.approx(agreement_weights(table)[order])


@law
@given(ratings(st.integers(2, 6)), st.floats(0.1, 10), st.floats(-100, 100))
def test_agreement_weights_know_no_unit_and_no_zero(
    table: Floats, slope: float, shift: float
) -> None:
    moved = agreement_weights(slope * table + shift)
    assert moved == pytest.approx(agreement_weights(table), abs=1e-6)


@law
@given(ratings(st.integers(2, 8), gaps=False))
def test_nobody_who_rates_the_same_falls_below_half_of_the_most(table: Floats) -> None:
    most = 1 / (len(table) - 1)
    held = agreement_weights(table)
    assert (held >= most / 2 - 1e-12).all()
    assert (held <= most + 1e-12).all()


@law
@given(st.integers(1, 8), st.floats(0, 1), st.integers(1, 30))
def test_raters_who_agree_weigh_alike(raters: int, level: float, units: int) -> None:
    held = agreement_weights(np.full((raters, units), level))
    assert held.tolist() == [1 / raters] * raters


@law
@given(ratings(st.just(1), gaps=False), st.integers(3, 7), st.floats(1, 10))
def test_the_only_dissenter_has_the_least_weight(row: Floats, raters: int, by: float) -> None:
    table = np.repeat(row, raters, axis=0)
    table[-1] += by
    held = agreement_weights(table)
    # The others stand by / (n - 1) from their mean, the dissenter by: half of all distances.
    assert held[-1] == pytest.approx(0.5 / (raters - 1))
    assert held[:-1] == pytest.approx((1 - 0.5 / (raters - 1)) / (raters - 1))


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ([[50, 50], [50, 50], [50, 80]], [0.375, 0.375, 0.25]),
        ([[0, 1], [9, 4]], [0.5, 0.5]),
        ([[7]], [1.0]),
        # Distances 5, 0 and 5: of the sum a half, none and a half.
        ([[0], [5], [10]], [0.25, 0.5, 0.25]),
        # The third shares nothing, and stands at the mean of 6 and 6: three alike.
        ([[0, np.nan], [6, np.nan], [np.nan, 3]], [1 / 3, 1 / 3, 1 / 3]),
        ([[np.nan], [np.nan]], [0.5, 0.5]),
    ],
    ids=["one apart", "two", "one", "in a row", "one who shares nothing", "nothing rated"],
)
def test_worked_agreement_weights(table: Any, expected: list[float]) -> None:
    assert agreement_weights(table) == pytest.approx(expected, abs=1e-12)


def test_agreement_is_measured_on_worths_where_they_apply() -> None:
    study = small.study(
        rated({"ana": 0.0, "ben": 0.0, "eva": 12.0}),
        analysts=dict.fromkeys(NAMES, Analyst()),
        method=Method(analyst_weights="agreement"),
    )
    # Eva stands apart on trust (12 of 100) and upkeep (12 of 60), saturated at 75 and above 48.
    trust, upkeep = 3 * 0.12, 0.2 + 0.2 + 0.0
    apart = (trust + upkeep) / 12
    found = weighing(assess.evaluate(study))
    assert found.distance == pytest.approx([100 * apart / 2, 100 * apart / 2, 100 * apart])
    assert found.weight == pytest.approx([0.375, 0.375, 0.25])


def test_agreement_warns_on_the_page_and_in_the_notes() -> None:
    study = small.study(
        rated({"ana": 0.0, "ben": 5.0, "eva": 10.0}),
        analysts=dict.fromkeys(NAMES, Analyst()),
        method=Method(analyst_weights="agreement"),
    )
    warning = (
        "weights by agreement punish the correct dissenter: nothing in them knows who is right"
    )
    assert warning in list(notes(study))
    shown = section(assess.evaluate(study))
    assert shown.lines[1] == f"WARNING: {warning}."
    assert shown.table.columns == ("analyst", "points from the others", "weight")
    assert [row[0] for row in shown.table.rows] == list(NAMES)


def test_a_red_team_is_nobody_to_agree_with() -> None:
    analysts = {**dict.fromkeys(NAMES, Analyst()), "red": Analyst(pooled=False)}
    method = Method(analyst_weights="agreement")
    shift = {"ana": 0.0, "ben": 3.0, "eva": 9.0}
    study = small.study(rated(shift | {"red": 20.0}), analysts=analysts, method=method)
    without = small.study(rated(shift), analysts=dict.fromkeys(NAMES, Analyst()), method=method)
    assert weights(study) == [*weights(without), 0.0]


# What is refused, in Python -----------------------------------------------------------------------


def told(study: Study) -> list[str]:
    return [str(problem) for problem in assess.check(study)]


def test_performance_without_seed_questions_is_refused() -> None:
    study = small.study(method=Method(analyst_weights="performance"))
    assert told(study) == [
        "study: method.analyst_weights: 'performance' rests on seed questions (declare each as "
        "[seed_questions.ID], with its answer)"
    ]


def test_an_analyst_without_answers_is_refused_under_performance_alone() -> None:
    study = seeded()
    silent = study.model_copy(update={"analysts": {**study.analysts, "eva": Analyst()}})
    assert told(silent) == [
        "study: analysts.eva.answers: eva answered no seed question, so 'performance' gives no "
        "weight (add [analysts.eva.answers], or choose other analyst_weights)"
    ]
    assert told(silent.model_copy(update={"method": Method()})) == []


def test_a_question_that_nobody_answered_is_refused() -> None:
    study = seeded()
    more = {**study.seed_questions, "more": SeedQuestion(answer=3)}
    assert told(study.model_copy(update={"seed_questions": more})) == [
        "study: seed_questions.more: no analyst has answered it (leave it out until somebody has)"
    ]


def test_a_cut_off_that_leaves_nobody_is_refused_with_the_best_there_is() -> None:
    method = Method(analyst_weights="performance", performance=Performance(cut_off=1.0))
    (problem,) = assess.check(seeded(method=method))
    assert problem.path == ("method", "performance", "cut_off")
    assert problem.message.startswith("no expert keeps a weight at the cut-off 1: the best")
    assert problem.hint == 'lower it, or write "optimised"'


def test_weights_that_are_all_zero_count_only_where_they_are_declared() -> None:
    analysts = {key: Analyst(weight=0.0) for key in ("ana", "ben")}
    assert len(told(small.study(analysts=analysts))) == 1
    equal = small.study(analysts=analysts, method=Method(analyst_weights="equal"))
    assert told(equal) == []


# Files and reports --------------------------------------------------------------------------------

TOML = """
[seed_questions.patrols]
question = "How many patrols in 2023?"
answer = 412
background = "log-uniform"
source = "illustrative"

[seed_questions.share]
answer = 41.5
unit = "%"

[analysts.first.answers]
patrols = [300, 400, 600]
share = [20, 40, 60]

[analysts.second.answers]
patrols = [100, 200, 400]
share = [35, 45, 50]

[method]
analyst_weights = "performance"

[method.performance]
levels = [0.1, 0.5, 0.9]
cut_off = 0.0
"""


def study_in(folder: Path) -> Study:
    new_study(folder)
    with (folder / "study.toml").open("a", encoding="utf-8") as opened:
        opened.write(TOML)
    return assess.load(folder)


def test_seed_questions_are_read_from_files(tmp_path: Path) -> None:
    study = study_in(tmp_path / "study")
    assert study.seed_questions["patrols"].background == "log-uniform"
    assert study.analysts["second"].answers["share"] == (35.0, 45.0, 50.0)
    assert study.method.performance.cut_off == 0.0
    assert sum(weights(study)) == pytest.approx(1)


def test_a_report_by_performance_survives_json(tmp_path: Path) -> None:
    report = assess.evaluate(seeded(3))
    again = Report.read(report.write(tmp_path / "report.json"))
    assert again == report
    assert weights(again.study) == weights(report.study)


def test_a_comparison_says_what_changed_in_seeds_answers_and_shares() -> None:
    before = seeded(3)
    questions = {**before.seed_questions, "q0": SeedQuestion(answer=21.5, unit="km")}
    answers = {**before.analysts["ben"].answers, "q1": (10.0, 20.0, 30.0)}
    ben = before.analysts["ben"].model_copy(update={"answers": answers})
    changes = {
        "seed_questions": questions,
        "analysts": {**before.analysts, "ben": ben},
        "method": ALL_HEARD,
    }
    after = before.model_copy(update=changes)
    found = assess.compare(assess.evaluate(before), assess.evaluate(after)).inputs
    lines = [str(item) for item in found]
    was = assess.model.as_text(before.seed_questions["q0"].answer)
    assert f"seed question: q0: answer was {was}, is 21.5" in lines
    assert "seed question: q0: unit was none, is km" in lines
    assert any(line.startswith("answer: ben on q1: was ") for line in lines)
    assert any(line.startswith("analyst: ana: share of the panel's voice was ") for line in lines)


def test_a_comparison_of_schemes_says_which_and_whose_share_moved() -> None:
    study = seeded(3)
    sides = [study.model_copy(update={"method": Method()}), study]
    lines = [str(item) for item in assess.compare(*map(assess.evaluate, sides)).inputs]
    assert "method: analyst weights: was declared, is performance" in lines
    shares = [line for line in lines if "share of the panel's voice was 33.3 %" in line]
    assert len(shares) == 3
