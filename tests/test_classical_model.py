"""Cooke's classical model: a published example, another program's numbers, hand sums and laws."""

import json
import re
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from functools import partial
from itertools import pairwise
from math import log, nan
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import chi2

from assess.classical_model import (
    ClassicalModel,
    DecisionMaker,
    calibration_score,
    classical_model,
    information_score,
)
from tests.goldens.make_classical_model import CASES, GOLDENS, panel

Floats = NDArray[np.float64]

CLOSE = 1e-9
LEVELS = (0.05, 0.5, 0.95)

# TU Delft OpenCourseWare, Decision Making Under Uncertainty: Introduction to Structured Expert
# Judgment (Cooke, Nane and Hanea), "Intelligence and other life aspects": readings 3.7.3, The
# calibration score of the DM (2), and 3.8.2, Expert selection. Five seed questions, three experts.
ANSWERS = [24, 11, 68, 47, 31]
A = [[2, 5, 7], [12, 13, 15], [87, 89, 92], [2, 5, 8], [48, 50, 52]]
B = [[20, 23, 34], [8, 10, 11], [60, 70, 90], [20, 35, 45], [30, 35, 40]]
C = [[20, 25, 28], [10, 13, 15], [65, 67, 70], [42, 44, 46], [32, 33, 35]]
# The course pools with weights from scores of three decimals, which moves a last digit.
PRINTED = 0.0151
# Decision makers of all three experts (the fifth question is not to be had), then without A.
PERFORMANCE = [[19.97, 24.48, 33.11], [8.19, 10.91, 14.86], [60.75, 67.56, 87.94]]
PERFORMANCE += [[21.02, 42.8, 45.97]]
EQUAL = [[2.55, 21.77, 32.39], [8.31, 12.23, 14.91], [61.43, 71.08, 91.61]]
PERFORMANCE_OF_TWO = [[20, 24.68, 32.31], [8.33, 11.71, 14.92], [61.24, 67.34, 86.28]]
PERFORMANCE_OF_TWO += [[23.03, 43.3, 45.98], [30.61, 33.29, 39.1]]
EQUAL_OF_TWO = [[20, 24.38, 33.15], [8.15, 10.75, 14.82], [60.61, 67.69, 88.24]]
EQUAL_OF_TWO += [[21.39, 42.5, 45.96], [30.31, 33.57, 39.58]]


def schemes(model: ClassicalModel) -> dict[str, DecisionMaker]:
    return {"equal": model.equal, "global": model.global_weights, "item": model.item_weights}


def asked(maker: DecisionMaker) -> Floats:
    return np.concatenate([maker.seeds, maker.interest])


def test_published_example_has_its_scores_and_weights() -> None:
    model = classical_model([A, B, C], ANSWERS, cut_off=0)
    a, b, c = model.experts
    assert a.calibration == pytest.approx(3.621e-5, abs=5e-9)
    assert (round(b.calibration, 3), round(c.calibration, 3)) == (0.608, 0.327)
    assert [round(e.seed_information, 3) for e in model.experts] == [1.418, 0.558, 1.354]
    assert model.global_weights.weights[:, 0].tolist() == pytest.approx(
        [0.00006565341, 0.4338007, 0.5661336], abs=1e-4
    )


@pytest.mark.parametrize(
    ("experts", "performance", "equal"),
    [([A, B, C], PERFORMANCE, EQUAL), ([B, C], PERFORMANCE_OF_TWO, EQUAL_OF_TWO)],
)
def test_published_example_has_its_decision_makers(
    experts: list[Any], performance: list[Any], equal: list[Any]
) -> None:
    model = classical_model(experts, ANSWERS, cut_off=0)
    for found, printed in ((model.global_weights, performance), (model.equal, equal)):
        assert found.seeds[: len(printed)] == pytest.approx(np.array(printed), abs=PRINTED)


def test_published_example_without_its_outlier_leaves_less_information() -> None:
    b, c = classical_model([B, C], ANSWERS).experts
    assert (round(b.calibration, 3), round(c.calibration, 3)) == (0.608, 0.327)
    # Printed as 0.971: the course cuts digits.
    assert (round(b.information, 3), round(c.information, 3)) == (0.220, 0.972)


@pytest.mark.parametrize(
    ("hits", "score", "within"),
    [
        # TU Delft, as above, reading 2.3.4, Computing calibration scores.
        ([1, 2, 5, 2], 0.19, 5e-3),
        # TU Delft, MORE lecture notes, Calibration score, expert E: from I rounded to 1.19.
        ([4, 3, 0, 1], 0.00027, 2e-5),
    ],
)
def test_published_calibration_scores(hits: list[int], score: float, within: float) -> None:
    assert calibration_score(hits, LEVELS).item() == pytest.approx(score, abs=within)


@pytest.mark.parametrize("number", range(len(CASES)))
def test_scores_and_decision_makers_equal_those_of_another_program(number: int) -> None:
    case, golden = CASES[number], json.loads(GOLDENS.read_text(encoding="utf-8"))["cases"][number]
    quantiles, answers, background = panel(*case)
    table, n = np.array(quantiles), len(answers)
    model = classical_model(
        table[:, :n],
        answers,
        table[:, n:],
        levels=case[4],
        background=background,
        cut_off=0 if case[5] else None,
    )
    for found, expected in zip(model.experts, np.transpose(golden["experts"]), strict=True):
        assert numbers(found) == pytest.approx(expected, abs=1e-12, rel=CLOSE)
    for scheme, maker in schemes(model).items():
        expected = golden[scheme]
        assert numbers(maker.scores) == pytest.approx(expected["scores"], abs=1e-10, rel=CLOSE)
        assert maker.cut_off == pytest.approx(expected["cut_off"], abs=1e-12, rel=CLOSE)
        assert asked(maker) == pytest.approx(np.array(expected["quantiles"]), rel=CLOSE)


def numbers(scores: Any) -> list[float]:
    return [scores.calibration, scores.information, scores.seed_information, scores.combined]


def test_other_programs_cases_optimise_over_one_and_over_several_experts() -> None:
    heard = set()
    for case in CASES:
        quantiles, answers, background = panel(*case)
        table = np.array(quantiles)[:, : len(answers)]
        background = background[: len(answers)]
        model = classical_model(table, answers, levels=case[4], background=background)
        heard.add(int((model.global_weights.weights > 0).any(axis=1).sum()))
    assert min(heard) == 1
    assert max(heard) > 1


def by_hand() -> ClassicalModel:
    """Return one question, in quartiles; its range is 0 to 8, 1/6 of 6 being added on each side."""
    quartiles = [0.25, 0.5, 0.75]
    return classical_model(
        [[[1, 2, 3]], [[2, 4, 7]]], [2.5], levels=quartiles, overshoot=1 / 6, cut_off=0
    )


def test_hand_sum_of_calibration_information_and_weights() -> None:
    model = by_hand()
    first, second = model.experts
    # All hits in one of four bins of 1/4: I = ln 4.
    assert (first.hits, second.hits) == ((0, 0, 1, 0), (0, 1, 0, 0))
    assert first.calibration == second.calibration == pytest.approx(chi2.sf(2 * log(4), 3))
    # Shares 1/4 on widths 1, 1, 1, 5 and 2, 2, 3, 1 of 8.
    assert first.information == pytest.approx(-log(5 / 16) / 4)
    assert first.information == pytest.approx(sum(log(2 / w) for w in (1, 1, 1, 5)) / 4)
    assert second.information == pytest.approx(sum(log(2 / w) for w in (2, 2, 3, 1)) / 4)
    shares = np.array([first.information, second.information])
    assert model.global_weights.weights[:, 0] == pytest.approx(shares / shares.sum())
    assert model.item_weights.weights == pytest.approx(model.global_weights.weights)


def test_hand_sum_of_the_equal_decision_maker() -> None:
    # F = (F1 + F2) / 2 is 3/16 at 1, 6/16 at 2, 9/16 at 3, 0.65 at 4 and 0.85 at 7.
    assert by_hand().equal.seeds[0].tolist() == pytest.approx([4 / 3, 8 / 3, 5.5])


def test_item_weights_follow_who_says_more_on_each_question() -> None:
    narrow, wide = [4, 5, 6], [1, 5, 9]
    seeds = [[narrow, wide], [wide, narrow]]
    model = classical_model(seeds, [5, 5], [[[0, 1, 2]], [[0, 5, 9]]], cut_off=0)
    by_item, by_global = model.item_weights.weights, model.global_weights.weights
    assert by_global[:, 0].tolist() == pytest.approx([0.5, 0.5])
    assert by_item[0, 0] > 0.7
    assert by_item[0, 1] < 0.3
    assert by_item[0, 2] > 0.5
    information = information_score([narrow, wide], LEVELS, 1 - 0.8, 9 + 0.8)
    assert by_item[:, 0] == pytest.approx(information / information.sum())


def test_where_nobody_says_more_than_the_background_item_weights_are_the_global_ones() -> None:
    flat = [2.5, 5, 7.5]
    model = classical_model(
        [[[1, 2, 3]], [[1, 3, 4]]], [2], [[flat], [flat]], levels=[0.25, 0.5, 0.75], overshoot=0.5,
        cut_off=0,
    )  # fmt: skip
    assert model.item_weights.weights[:, 1] == pytest.approx(model.global_weights.weights[:, 1])
    assert model.item_weights.interest[0] == pytest.approx(flat)


def test_an_answer_equal_to_a_quantile_counts_as_below_it() -> None:
    (expert,) = classical_model([[[1, 2, 3]] * 3], [1, 2, 3]).experts
    assert expert.hits == (1, 1, 1, 0)


@pytest.mark.parametrize("experts", [3, 6, 11])
def test_a_pool_of_equals_scores_like_them_where_answers_meet_quantiles(experts: int) -> None:
    rows = [[0.1 * i + 1, 0.3 * i + 2.2, 0.7 * i + 3.3] for i in range(1, 10)]
    model = classical_model([rows] * experts, [row[i % 3] for i, row in enumerate(rows)])
    for maker in schemes(model).values():
        assert maker.scores.hits == model.experts[0].hits == (3, 3, 3, 0)


def test_missing_answers_leave_the_question_to_the_others() -> None:
    gap = [nan] * 3
    seeds = np.array([[gap, [1, 2, 3], [1, 2, 3]], [[4, 5, 6], [1, 2, 4], [1, 3, 4]]])
    model = classical_model(seeds, [5, 2, 2], np.array([[[7, 8, 9]], [gap]]), cut_off=0)
    assert model.equal.weights[:, 0].tolist() == [0, 1]
    assert model.equal.weights[:, 3].tolist() == [1, 0]
    assert model.global_weights.seeds[0].tolist() == pytest.approx([4, 5, 6])
    assert model.item_weights.interest[0].tolist() == pytest.approx([7, 8, 9])
    assert model.power == 2
    assert [sum(expert.hits) for expert in model.experts] == [2, 3]
    assert model.experts[1].calibration == pytest.approx(
        calibration_score(model.experts[1].hits, LEVELS, power=2).item()
    )


def test_no_cut_off_is_taken_that_leaves_a_question_to_nobody() -> None:
    # The best calibrated expert alone would serve best, and did not answer what is asked.
    good, poor = [[1, 5, 6], [1, 3, 9]], [[6, 7, 8], [1, 2, 3]]
    interest = np.array([[[nan] * 3], [[1, 2, 3]]])
    assert classical_model([good, poor], [5.5, 2.5]).global_weights.weights[1, 0] == 0
    model = classical_model([good, poor], [5.5, 2.5], interest)
    assert model.global_weights.weights[1, 0] > 0
    assert model.global_weights.interest[0].tolist() == pytest.approx([1, 2, 3])


def test_a_given_cut_off_silences_who_stays_below_it() -> None:
    model = classical_model([A, B, C], ANSWERS, cut_off=0.4)
    assert model.global_weights.weights[:, 0].tolist() == [0, 1, 0]
    assert not model.optimised
    assert model.equal.weights[:, 0].tolist() == pytest.approx([1 / 3] * 3)


def test_results_are_frozen_and_their_arrays_read_only() -> None:
    model = classical_model([A, B, C], ANSWERS, [A[:1], B[:1], C[:1]])
    with pytest.raises(FrozenInstanceError):
        model.power = 3  # type: ignore[misc]
    for maker in schemes(model).values():
        for array in (maker.weights, maker.seeds, maker.interest):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0


WELL = [[1, 2, 3]] * 10
WELL_ANSWERS = [1.5] * 5 + [2.5] * 5


@pytest.mark.parametrize(
    ("experts", "answers", "note"),
    [
        ([WELL, [[5, 6, 7]] * 10], WELL_ANSWERS, "under global weights experts[0] alone decides"),
        ([WELL], WELL_ANSWERS, "one expert: there is nothing to weigh"),
        (
            [[[1, 2, 3]], [[1, 2, 4]]],
            [2],
            "1 seed question: below 10, calibration tells experts apart only roughly, and one "
            "answer can turn the weights",
        ),
        (
            [[[1, 2, 3]] * 12, [[1, 2, 4]] * 12],
            [9] * 12,
            "no expert is well calibrated: the best score is 1.7e-15, below 0.05",
        ),
        (
            [[[1, 2, 3]] * 12, [[1, 2, 4]] * 11 + [[nan] * 3]],
            [1.5] * 6 + [2.5] * 6,
            "not every expert answered every seed question: calibration counts each as if it had "
            "answered 11, the fewest of any",
        ),
    ],
)
def test_note_says_what_weakens_the_scores(
    experts: list[Any], answers: list[float], note: str
) -> None:
    assert note in classical_model(experts, answers).note.split("; ")


def test_a_large_answering_panel_has_no_note() -> None:
    table = np.array(panel(1, 3, 10, 2, LEVELS, 0.0)[0])[:, :10]
    answers = panel(1, 3, 10, 2, LEVELS, 0.0)[1]
    assert classical_model(table, answers, cut_off=0).note == ""


# Laws, over panels of two to four experts with two to six seeds and up to two questions asked.


@st.composite
def panels(draw: st.DrawFn) -> tuple[Floats, Floats, Floats]:
    """Draw seeds [expert, seed, q], answers [seed] and interest [expert, question, q]."""
    experts, seeds, extra = draw(st.tuples(st.integers(2, 4), st.integers(2, 6), st.integers(0, 2)))

    def quantiles() -> list[float]:
        start = draw(st.integers(-40, 40))
        steps = [draw(st.integers(1, 30)) for _ in LEVELS[1:]]
        return [float(start + sum(steps[:i])) for i in range(len(LEVELS))]

    table = np.array([[quantiles() for _ in range(seeds + extra)] for _ in range(experts)])
    answers = np.array([draw(st.integers(-50, 120)) for _ in range(seeds)])
    return table[:, :seeds] / 4, answers / 4, table[:, seeds:] / 4


law = pytest.mark.law
near = partial(pytest.approx, abs=1e-9, rel=1e-7)


@law
@given(of=panels(), data=st.data())
def test_the_order_of_experts_changes_nothing(
    of: tuple[Floats, Floats, Floats], data: st.DataObject
) -> None:
    seeds, answers, interest = of
    order = data.draw(st.permutations(range(len(seeds))))
    one = classical_model(seeds, answers, interest)
    other = classical_model(seeds[order], answers, interest[order])
    assert other.experts == tuple(one.experts[i] for i in order)
    for first, second in zip(schemes(one).values(), schemes(other).values(), strict=True):
        assert second.scores.combined == near(first.scores.combined)
        assert second.cut_off == first.cut_off
        assert second.weights == near(first.weights[order])
        assert asked(second) == near(asked(first))


@law
@given(of=panels(), data=st.data())
def test_the_order_of_questions_changes_nothing(
    of: tuple[Floats, Floats, Floats], data: st.DataObject
) -> None:
    seeds, answers, interest = of
    order = data.draw(st.permutations(range(len(answers))))
    one = classical_model(seeds, answers, interest)
    other = classical_model(seeds[:, order], answers[order], interest)
    for a, b in zip(one.experts, other.experts, strict=True):
        assert (b.hits, b.calibration) == (a.hits, a.calibration)
        assert b.information == pytest.approx(a.information)
    for first, second in zip(schemes(one).values(), schemes(other).values(), strict=True):
        assert second.seeds == near(first.seeds[order])
        assert second.interest == near(first.interest)


@law
@given(of=panels())
def test_scores_stay_in_their_ranges_and_weights_sum_to_one(
    of: tuple[Floats, Floats, Floats],
) -> None:
    model = classical_model(*of)
    for scores in (*model.experts, *(maker.scores for maker in schemes(model).values())):
        assert 0 <= scores.calibration <= 1
        assert scores.information >= 0
        assert scores.seed_information >= 0
        assert sum(scores.hits) == len(of[1])
    for maker in schemes(model).values():
        assert (maker.weights >= 0).all()
        assert maker.weights.sum(axis=0) == pytest.approx(1)


@law
@given(of=panels())
def test_the_decision_maker_lies_between_the_experts(of: tuple[Floats, Floats, Floats]) -> None:
    said = np.concatenate([of[0], of[2]], axis=1)
    for maker in schemes(classical_model(*of)).values():
        assert (asked(maker) >= said.min(axis=0) - CLOSE).all()
        assert (asked(maker) <= said.max(axis=0) + CLOSE).all()
        assert (np.diff(asked(maker)) > 0).all()


@law
@given(of=panels())
def test_experts_who_all_say_the_same_are_what_the_decision_maker_says(
    of: tuple[Floats, Floats, Floats],
) -> None:
    seeds, interest = (table[:1].repeat(3, axis=0) for table in (of[0], of[2]))
    model = classical_model(seeds, of[1], interest)
    for maker in schemes(model).values():
        assert asked(maker) == pytest.approx(np.concatenate([seeds[0], interest[0]]), abs=CLOSE)
        assert maker.scores.hits == model.experts[0].hits
        assert maker.scores.information == pytest.approx(model.experts[0].information)


@law
@given(of=panels())
def test_no_cut_off_serves_the_decision_maker_better_than_the_one_taken(
    of: tuple[Floats, Floats, Floats],
) -> None:
    best = classical_model(*of)
    for cut_off in {expert.calibration for expert in best.experts}:
        other = classical_model(*of, cut_off=cut_off)
        for mine, theirs in zip(schemes(best).values(), schemes(other).values(), strict=True):
            assert mine.scores.combined >= theirs.scores.combined * (1 - CLOSE)


@law
@given(of=panels(), scale=st.floats(0.01, 100), shift=st.floats(-100, 100))
def test_units_change_the_quantiles_of_the_decision_maker_and_nothing_else(
    of: tuple[Floats, Floats, Floats], scale: float, shift: float
) -> None:
    one = classical_model(*of, cut_off=0)
    seeds, answers, interest = (table * scale + shift for table in of)
    other = classical_model(seeds, answers, interest, cut_off=0)
    for a, b in zip(one.experts, other.experts, strict=True):
        assert b.hits == a.hits
        assert b.information == pytest.approx(a.information, abs=1e-6)
    for first, second in zip(schemes(one).values(), schemes(other).values(), strict=True):
        assert second.weights == pytest.approx(first.weights, abs=1e-6)
        assert asked(second) == pytest.approx(asked(first) * scale + shift, abs=1e-6, rel=1e-6)


@law
@given(of=panels())
def test_a_log_uniform_background_is_a_uniform_one_on_logarithms(
    of: tuple[Floats, Floats, Floats],
) -> None:
    seeds, answers, interest = (table / 10 for table in of)
    plain = classical_model(seeds, answers, interest, cut_off=0)
    logs = classical_model(
        np.exp(seeds), np.exp(answers), np.exp(interest), background="log-uniform", cut_off=0
    )
    for a, b in zip(plain.experts, logs.experts, strict=True):
        assert b.hits == a.hits
        assert b.information == pytest.approx(a.information, abs=1e-6)
    for first, second in zip(schemes(plain).values(), schemes(logs).values(), strict=True):
        assert np.log(asked(second)) == pytest.approx(asked(first), abs=1e-6)


@law
@given(of=panels(), data=st.data())
def test_under_equal_weights_a_copy_of_an_expert_counts_twice(
    of: tuple[Floats, Floats, Floats], data: st.DataObject
) -> None:
    seeds, answers, _ = of
    twice = data.draw(st.integers(0, len(seeds) - 1))
    grown = classical_model(np.vstack([seeds, seeds[twice : twice + 1]]), answers).equal
    low = np.minimum(seeds.min(axis=(0, 2)), answers)
    high = np.maximum(seeds.max(axis=(0, 2)), answers)
    ends = low - 0.1 * (high - low), high + 0.1 * (high - low)
    for i, quantiles in enumerate(grown.seeds):
        share = np.array(
            [
                np.interp(quantiles, [ends[0][i], *row, ends[1][i]], [0, *LEVELS, 1])
                for row in seeds[:, i]
            ]
        )
        # F' = (n F + F_copied) / (n + 1), read at the new quantiles.
        assert (share.sum(axis=0) + share[twice]) / (len(seeds) + 1) == pytest.approx(
            np.array(LEVELS), abs=1e-9
        )


@law
@given(
    hits=st.lists(st.integers(0, 12), min_size=4, max_size=4).filter(any),
    bins=st.permutations(range(4)),
)
def test_calibration_falls_when_an_answer_moves_to_a_bin_that_has_too_many(
    hits: list[int], bins: list[int]
) -> None:
    p = np.diff(LEVELS, prepend=0, append=1)
    scarce, full = sorted(bins[:2], key=lambda i: hits[i] / p[i])
    if hits[scarce] == 0:
        return
    moved = list(hits)
    moved[scarce] -= 1
    moved[full] += 1
    before, after = calibration_score(hits, LEVELS), calibration_score(moved, LEVELS)
    assert after < before <= 1


@law
@given(n=st.integers(1, 5))
def test_calibration_is_one_where_hits_are_as_promised_and_falls_with_misses(n: int) -> None:
    scores = [
        calibration_score([n, 9 * n - k, 9 * n, n + k], LEVELS).item() for k in range(9 * n + 1)
    ]
    assert scores[0] == pytest.approx(1)
    assert all(later < sooner for sooner, later in pairwise(scores))


@law
@given(
    hits=st.lists(st.integers(0, 9), min_size=4, max_size=4).filter(any),
    power=st.integers(1, 50),
)
def test_calibration_is_the_tail_of_the_likelihood_ratio(hits: list[int], power: int) -> None:
    p, s = (0.05, 0.45, 0.45, 0.05), np.array(hits) / sum(hits)
    information = sum(x * log(x / y) for x, y in zip(s.tolist(), p, strict=True) if x > 0)
    assert calibration_score(hits, LEVELS, power=power).item() == pytest.approx(
        float(chi2.sf(2 * power * information, 3)), abs=1e-12
    )


@law
@given(start=st.floats(-5, 5), steps=st.lists(st.floats(0.1, 9), min_size=4, max_size=4))
def test_information_falls_when_the_middle_widens_from_one_point(
    start: float, steps: list[float]
) -> None:
    q = np.cumsum([start, *steps])
    low, high = q[0], q[-1]
    inner = q[1:-1]
    narrow = low + (high - low) * (0.5 + ((inner - low) / (high - low) - 0.5) / 1000)
    assert information_score(narrow, LEVELS, low, high) > information_score(
        inner, LEVELS, low, high
    )
    assert information_score(low + (high - low) * np.array(LEVELS), LEVELS, low, high) < 1e-12


GAP = [nan] * 3


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: classical_model([A, B], ANSWERS[:4]),
            "seeds are [expert, seed, q] and answers [seed], one or more of each: shapes (2, 5, 3) "
            "and (4,) do not fit",
        ),
        (
            lambda: classical_model([A, B], ANSWERS, levels=[0.1, 0.9]),
            "there are 2 levels, but seeds hold 3 quantiles",
        ),
        (
            lambda: classical_model([A, B], ANSWERS, [A]),
            "interest is [expert, question, q] of the 2 experts and 3 levels of the seeds: shape "
            "(1, 5, 3) does not fit",
        ),
        (
            lambda: classical_model([A, B], ANSWERS, levels=[0.5, 0.05, 0.95]),
            "levels lie above 0 and below 1, in rising order: [0.5, 0.05, 0.95]",
        ),
        (
            lambda: classical_model([A, B], ANSWERS, background="log"),
            "a background is one of uniform, log-uniform: 'log'",
        ),
        (
            lambda: classical_model([A, B], ANSWERS, background=["uniform"]),
            "1 backgrounds do not fit 5 questions, seeds first",
        ),
        (
            lambda: classical_model([A, B], ANSWERS, overshoot=0),
            "the overshoot is a share of the range, above 0: 0",
        ),
        (
            lambda: classical_model([A, B], ANSWERS, cut_off=1.5),
            "a cut-off is a calibration score, between 0 and 1: 1.5",
        ),
        (
            lambda: classical_model([A, C], ANSWERS, cut_off=0.5),
            "no expert keeps a weight at the cut-off 0.5: the best calibration is 0.327, the best "
            "combined score 0.409",
        ),
        (
            lambda: classical_model(
                np.array([[[1, 3, 2], [1, 2, 3]], [[1, 2, nan], [0, 1, 2]]]),
                [nan, -1],
                [[[1, 2, 3]], [[1, 1, 2]]],
                background=["uniform", "log-uniform", "uniform"],
            ),
            "answers[0]: nan is not finite\n"
            "answers[1]: -1 is not above 0, as log-uniform needs\n"
            "seeds[0, 0]: [1.0, 3.0, 2.0] do not rise\n"
            "seeds[1, 0]: [1.0, 2.0, nan] are not all finite; leave all of them NaN where an "
            "expert did not answer\n"
            "seeds[1, 1]: [0.0, 1.0, 2.0] are not all above 0, as log-uniform needs\n"
            "interest[1, 0]: [1.0, 1.0, 2.0] do not rise",
        ),
        (
            lambda: classical_model(np.array([[GAP, GAP], [GAP, [1, 2, 3]]]), [1, 2]),
            "seeds[:, 0]: no expert answered\nseeds[0]: the expert answered none, so has no score",
        ),
        (
            lambda: classical_model(
                [[[1, 5, 6], [1, 3, 9]], [[6, 7, 8], [1, 2, 3]]],
                [5.5, 2.5],
                np.array([[GAP], [[1, 2, 3]]]),
                cut_off=0.6,
            ),
            "question 2, seed questions first and counted from 0, was answered by nobody who keeps "
            "a weight at the cut-off 0.6",
        ),
        (
            lambda: calibration_score([1, 2, 3], LEVELS),
            "hits are counts in 4 bins, not all of them 0: [1.0, 2.0, 3.0]",
        ),
        (
            lambda: information_score([1, 2, 3], LEVELS, 1, 4),
            "the 3 quantiles rise between low and high: [1.0, 2.0, 3.0]",
        ),
    ],
)
def test_what_is_no_panel_is_refused(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()
