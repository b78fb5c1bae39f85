"""Rules of one's own meet absent ratings as the library's rules do."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given

from assess.assessment import evaluate
from assess.choices import promise_broken
from assess.model import Choice, Study
from assess.report import Report
from assess.testing import check_rule, studies
from tests import small


def mine(values: Any, weights: Any) -> Any:
    """The weighted sum once more, as a user would write it."""
    return (np.asarray(values) * weights).sum(axis=-1)


def with_own_rule(study: Study) -> Study:
    """Return the study with a rule of the user's at every node."""
    own = Choice(name="mine")
    criteria = {
        key: item.model_copy(update={"rule": None}) for key, item in study.tree.criteria.items()
    }
    tree = study.tree.model_copy(update={"rule": own, "criteria": criteria})
    return study.model_copy(update={"tree": tree, "rules": {"mine": mine}})


@pytest.mark.law
@given(study=studies(rules=["weighted_sum"]))
def test_an_own_weighted_sum_gives_what_that_of_the_library_gives(study: Study) -> None:
    plain = study.tree.model_copy(update={"rule": Choice(name="weighted_sum")})
    report = evaluate(study.model_copy(update={"tree": plain}))
    own = evaluate(with_own_rule(study))
    for name in Report.array_names():
        pair = getattr(own, name), getattr(report, name)
        np.testing.assert_allclose(*pair, atol=1e-9)


def test_a_group_nobody_rated_and_levels_without_references_are_no_error() -> None:
    rows = [row for row in small.rows() if row.strategy != "keep" or row.criterion != "upkeep"]
    rows = [row for row in rows if row.strategy != "keep" or row.criterion != "conduct"]
    study = small.study(ratings=rows)
    criteria = {
        key: item.model_copy(update={"acceptable": None, "good": None})
        for key, item in study.tree.criteria.items()
    }
    tree = study.tree.model_copy(update={"criteria": criteria})
    report = evaluate(with_own_rule(study.model_copy(update={"tree": tree})))
    assert np.isnan(report.score[0, 0, report.node("means")])
    assert not np.isnan(report.score[0, 0, report.node("results")])


def test_a_rule_that_looks_at_other_strategies_is_refused_before_it_is_used() -> None:
    def of_the_set(values: Any, weights: Any) -> Any:
        best = values.reshape(-1, values.shape[-1]).max(axis=0)
        return (weights * values / np.where(best > 0, best, 1)).sum(axis=-1)

    assert promise_broken(of_the_set) == (
        "gives a strategy another score beside others; look at its own values alone"
    )


def test_complex_numbers_are_no_scores() -> None:
    def complex_mean(values: Any, weights: Any) -> Any:
        return (values * weights).sum(axis=-1) + 1j

    assert "complex numbers are no scores" in promise_broken(complex_mean)
    with pytest.raises(ExceptionGroup):
        check_rule(complex_mean, examples=5)
