"""The kit of laws, put to the test itself: faults are caught by the law meant for them."""

import subprocess
import sys
from functools import partial
from typing import Any

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

import assess
from assess import aggregation, pooling, testing, weighting
from assess.model import Scale, Study
from assess.testing import LawBroken, Subject
from assess.testing.running import LAWS, Kind, claimable
from tests import faulty
from tests.faulty import Faulty

# Twenty at full length (`--hypothesis-profile=exhaustive`), the first six of them otherwise.
SEEDS = range(20 if hypothesis.settings().max_examples >= 1000 else 6)
PEAK = Scale(levels=((5, 0), (10, 0.6), (14, 1), (25, 0)))


def named(case: Faulty) -> str:
    return f"{case.law}-{getattr(case.function, '__name__', 'rule')}"


def broken_laws(check: Any, *arguments: Any, **options: Any) -> dict[str, LawBroken]:
    """Return the laws that a check finds broken."""
    try:
        check(*arguments, **options)
    except ExceptionGroup as group:
        return {error.law: error for error in group.exceptions if isinstance(error, LawBroken)}
    return {}


def law_of(kind: Kind, name: str) -> Any:
    """Return a law by its name."""
    return next(law for law in testing.laws_of(kind) if law.__name__ == name)


@pytest.mark.parametrize("case", faulty.RULES, ids=named)
def test_a_faulty_rule_is_caught_by_the_law_meant_for_it(case: Faulty) -> None:
    claims = frozenset(case.claims)
    subject = Subject(case.function, claims=claims, **dict(case.options))
    with pytest.raises(LawBroken, match=f"^{case.law}: "):
        law_of("rule", case.law)(subject)


@pytest.mark.parametrize("case", faulty.METHODS, ids=named)
def test_a_faulty_weighting_method_is_caught(case: Faulty) -> None:
    with pytest.raises(LawBroken, match=f"^{case.law}: "):
        law_of("weighting", case.law)(Subject(case.function, claims=frozenset(case.claims)))


@pytest.mark.parametrize("case", faulty.CENTRES, ids=named)
def test_a_faulty_pooling_centre_is_caught(case: Faulty) -> None:
    with pytest.raises(LawBroken, match=f"^{case.law}: "):
        law_of("pooling", case.law)(Subject(case.function, **dict(case.options)))


@pytest.mark.parametrize("case", faulty.SCALES, ids=named)
def test_a_faulty_value_function_is_caught(case: Faulty) -> None:
    with pytest.raises(LawBroken, match=f"^{case.law}: "):
        law_of("scale", case.law)(testing.Valued(PEAK, case.function))


def test_there_are_faults_for_every_law() -> None:
    caught: dict[Kind, set[str]] = {
        "rule": {case.law for case in faulty.RULES},
        "weighting": {case.law for case in faulty.METHODS},
        "pooling": {case.law for case in faulty.CENTRES},
    }
    assert len(faulty.RULES) >= 25
    for kind, laws in caught.items():
        names = {name for module in LAWS[kind] for name in module.__all__}
        missing = names - laws
        assert not missing - NOT_ALONE, f"{kind}: {missing}"


# A fault against these always breaks another law of the table as well.
NOT_ALONE = {"non_negative", "bounded", "anonymous", "monotone", "never_swallows_nan",
             "always_the_same"}  # fmt: skip


@pytest.mark.law
@pytest.mark.parametrize("seed", SEEDS)
def test_no_honest_rule_is_accused(seed: int) -> None:
    for name in aggregation.__all__:
        testing.check_rule(getattr(aggregation, name), examples=5, seed=seed)
    for name in pooling.__all__:
        testing.check_pooling(getattr(pooling, name), examples=5, seed=seed)
    for name in weighting.__all__:
        testing.check_weighting(getattr(weighting, name), examples=5, seed=seed)
    testing.check_scale(PEAK, examples=5, seed=seed)


def test_a_message_holds_the_law_the_rule_and_the_smallest_example() -> None:
    with pytest.raises(LawBroken) as caught:
        testing.rule_laws.zero_weight_is_absence(faulty.best_of_all_children)
    assert str(caught.value) == (
        "zero_weight_is_absence: best_of_all_children breaks it. A child of weight 0 changes "
        "nothing, whatever its value; an absent child arrives so.\n"
        "best_of_all_children of values (0) with weights (1) gives 0; with one more that weighs "
        "nothing, to be left out as if not there, (0.01, 0) with (0, 1), it gives 0.01 instead of 0"
    )


def test_the_smallest_example_is_the_same_at_every_run() -> None:
    told = set()
    for _ in range(2):
        with pytest.raises(LawBroken) as caught:
            testing.rule_laws.bounded(faulty.clipped_above_one)
        told.add(str(caught.value))
    assert len(told) == 1


def test_a_rule_that_raises_breaks_the_law_with_its_error() -> None:
    def three_children(values: Any, weights: Any) -> Any:
        return values[..., 0] * weights[..., 2]

    with pytest.raises(LawBroken, match="raises IndexError: index 2 is out of bounds"):
        testing.rule_laws.monotone(three_children)


def test_a_rule_that_gives_no_number_breaks_the_laws_that_look_at_its_scores() -> None:
    def nothing(values: Any, weights: Any) -> Any:
        return np.full(values.shape[:-1], np.nan) * weights.sum(axis=-1)

    for law in ("bounded", "idempotent", "monotone", "continuous", "broadcasts", "order_free"):
        with pytest.raises(LawBroken, match=r"values \(0\) and weights \(1\) gives nan|gives"):
            law_of("rule", law)(nothing)
    testing.rule_laws.never_swallows_nan(nothing)


def test_a_rule_may_say_for_which_values_it_is_made() -> None:
    def harmonic(values: Any, weights: Any) -> Any:
        hypothesis.assume((values > 0).all())
        return 1 / (weights / values).sum(axis=-1)

    testing.check_rule(harmonic, examples=20)


def test_arguments_are_filled_in_drawn_or_asked_for() -> None:
    def mine(values: Any, weights: Any, *, share: float, power: float) -> Any:
        mean = aggregation.power_mean(values, weights, exponent=power)
        return share * mean + (1 - share) * aggregation.weakest_link(values, weights)

    testing.check_rule(partial(mine, share=0.5, power=2.0), examples=20)
    testing.check_rule(mine, arguments={"power": st.sampled_from([1.0, 2.0])}, examples=20)
    with pytest.raises(TypeError, match="needs the argument 'power': say how it is drawn"):
        testing.check_rule(mine)


def test_claims_that_are_no_laws_are_answered_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="did you mean 'homogeneous'"):
        testing.check_rule(aggregation.weighted_sum, claims=["homogenous"])
    with pytest.raises(ValueError, match="no law 'monotone' that can be claimed"):
        testing.check_rule(aggregation.weighted_sum, claims=["monotone"])


def test_a_plain_function_claims_nothing() -> None:
    def mine(values: Any, weights: Any) -> Any:
        return aggregation.weighted_product(values, weights)

    outcomes = {v.law: v.outcome for v in testing.verdicts("rule", Subject(mine, examples=20))}
    assert {law for law, outcome in outcomes.items() if outcome == "claims not"} == {
        *claimable("rule")
    }
    assert set(outcomes.values()) == {"keeps", "claims not"}


@testing.parametrize_with_laws(
    [aggregation.weighted_sum, Subject(faulty.product_without_weights, examples=20)],
    expected_failures=None,
)
def test_laws_become_tests(subject: Subject, law: Any) -> None:
    if subject.name == "weighted_sum":
        law(subject)
    else:
        assert callable(law)


@testing.parametrize_with_laws(
    [faulty.above_one],
    expected_failures={
        faulty.above_one: {"idempotent": "adds 0.1", "bounded": "adds 0.1"},
    },
)
def test_expected_failures_are_expected(subject: Subject, law: Any) -> None:
    law(subject)


def test_an_expected_failure_that_does_not_fail_fails_the_test(pytester: Any) -> None:
    pytester.makepyfile(
        """
        from assess import aggregation, testing

        @testing.parametrize_with_laws(
            [aggregation.weakest_link],
            expected_failures={aggregation.weakest_link: {"monotone": "it is not so"}},
        )
        def test_mine(subject, law):
            if law.__name__ == "monotone":
                law(subject)
        """
    )
    result = pytester.runpytest("-p", "no:cacheprovider", "-q")
    held = [v for v in testing.verdicts("rule", aggregation.weakest_link) if v.outcome == "keeps"]
    result.assert_outcomes(failed=1, passed=len(held) - 1)


def test_strangers_among_expected_failures_are_refused() -> None:
    rule = aggregation.weakest_link
    with pytest.raises(ValueError, match=r"not held to a law 'monoton'.*did you mean 'monotone'"):
        testing.parametrize_with_laws([rule], expected_failures={rule: {"monoton": "?"}})
    with pytest.raises(ValueError, match="weighted_sum is not among the subjects"):
        testing.parametrize_with_laws([rule], expected_failures={aggregation.weighted_sum: {}})


@pytest.mark.law
@hypothesis.given(study=testing.studies())
@hypothesis.settings(max_examples=8)
def test_drawn_studies_keep_every_law(study: Study) -> None:
    testing.check_study(study)


@pytest.mark.parametrize("name", ["mali", "mali_history"])
def test_packaged_studies_keep_every_law(name: str) -> None:
    testing.check_study(assess.load(name))


@pytest.mark.law
@hypothesis.given(planted=testing.broken_studies())
def test_a_planted_fault_is_found_where_it_is(planted: testing.Planted) -> None:
    found = {(problem.part, problem.path) for problem in assess.check(planted.study)}
    assert (planted.part, planted.path) in found, planted.fault


@pytest.mark.parametrize("law", [law for kind in LAWS for law in testing.laws_of(kind)])
def test_every_law_has_a_sentence_and_a_reference(law: Any) -> None:
    first, *rest = (law.__doc__ or "").split("\n")
    assert first.endswith("."), law.__name__
    assert "References:" in (law.__doc__ or "")
    assert any(line.strip() for line in rest)


def test_laws_are_listed_in_order_and_claims_are_laws() -> None:
    for modules in LAWS.values():
        for module in modules:
            assert list(module.__all__) == sorted(module.__all__)
            assert set(module.CLAIMED) <= set(module.__all__)


def run(code: str) -> str:
    """Run code in a fresh process and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=120
    )
    return done.stdout


@pytest.mark.parametrize(
    "first", ["import assess.testing", "import hypothesis", "from assess import testing"]
)
def test_the_kit_can_be_imported_first(first: str) -> None:
    code = f"{first}\nimport assess.testing\nprint(assess.testing.studies())"
    assert run(code).strip()


def test_the_kit_needs_no_pytest() -> None:
    code = """
import sys
sys.modules["pytest"] = None
import assess
from assess.testing import check_rule
check_rule(assess.aggregation.weakest_link, examples=5)
print("pytest" in sys.modules and sys.modules["pytest"] is None)
"""
    assert run(code).strip() == "True"


def test_without_hypothesis_the_kit_says_what_to_install() -> None:
    code = """
import sys
sys.modules["hypothesis"] = None
try:
    import assess.testing
except ModuleNotFoundError as error:
    print(error)
"""
    assert run(code).strip() == (
        'assess.testing needs Hypothesis: pip install "strategy-assess[testing]"'
    )
