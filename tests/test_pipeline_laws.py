"""Laws that the whole pipeline keeps, on drawn studies with every rule and pooling centre."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assess import tables
from assess.assessment import evaluate
from assess.contributions import contributions
from assess.explanation import explain
from assess.instrument import node_rules
from assess.model import Criterion, Rating, Scale, Study
from assess.report import Report
from assess.testing import studies
from assess.values import level_of, worth

pytestmark = pytest.mark.law

CLOSE = 1e-9


def assert_close(left: Any, right: Any) -> None:
    np.testing.assert_allclose(left, right, atol=CLOSE)


def with_rows(study: Study, rows: list[Rating]) -> Study:
    """Return the study with other ratings."""
    return study.model_copy(update={"ratings": type(study.ratings).from_rows(rows)})


@given(study=studies())
def test_removing_a_strategy_never_changes_the_score_of_another(study: Study) -> None:
    keep = dict(list(study.strategies.items())[1:])
    rows = [row for row in study.ratings if row.strategy in keep]
    fewer = with_rows(study, rows).model_copy(update={"strategies": keep})
    for name in ("score", "low", "high", "coverage", "ends", "means"):
        assert_close(getattr(evaluate(fewer), name), getattr(evaluate(study), name)[:, 1:])


@given(study=studies())
def test_a_clone_of_a_strategy_scores_as_its_original_and_changes_nothing(study: Study) -> None:
    twin = {**study.strategies, "twin": study.strategies["s0"]}
    rows = list(study.ratings)
    rows += [row.model_copy(update={"strategy": "twin"}) for row in rows if row.strategy == "s0"]
    cloned = evaluate(with_rows(study, rows).model_copy(update={"strategies": twin}))
    report = evaluate(study)
    assert_close(cloned.score[:, :-1], report.score)
    assert_close(cloned.score[:, -1], report.score[:, 0])
    assert (cloned.ranks[:, -1] == cloned.ranks[:, 0]).all()


@given(study=studies(), random=st.randoms(use_true_random=False))
def test_the_order_of_rows_never_changes_a_result(study: Study, random: Any) -> None:
    rows = list(study.ratings)
    random.shuffle(rows)
    mixed, report = evaluate(with_rows(study, rows)), evaluate(study)
    for name in Report.array_names():
        assert np.array_equal(getattr(mixed, name), getattr(report, name), equal_nan=True), name


@given(study=studies())
def test_the_names_of_ids_never_change_a_result(study: Study) -> None:
    def renamed(key: str) -> str:
        return f"other_{key}"

    def keys(table: Mapping[str, Any]) -> dict[str, Any]:
        return {renamed(key): value for key, value in table.items()}

    tree = study.tree.model_copy(
        update={
            "criteria": {
                renamed(key): item.model_copy(
                    update={"parent": renamed(item.parent) if item.parent else None}
                )
                for key, item in study.tree.criteria.items()
            }
        }
    )
    tree = type(tree).model_validate(tree.model_dump())
    scenarios = tuple(
        item.model_copy(
            update={
                "id": renamed(item.id),
                "weights": {
                    node if node == tree.id else renamed(node): held.model_copy(
                        update={"judgements": keys(held.judgements)}
                    )
                    for node, held in item.weights.items()
                },
            }
        )
        for item in study.scenarios
    )
    rows = [
        row.model_copy(
            update={
                name: renamed(getattr(row, name))
                for name in ("analyst", "strategy", "criterion", "scenario")
                if getattr(row, name)
            }
        )
        for row in study.ratings
    ]
    other = with_rows(study, rows).model_copy(
        update={
            "tree": tree,
            "scenarios": scenarios,
            "strategies": keys(study.strategies),
            "analysts": keys(study.analysts),
        }
    )
    report, again = evaluate(study), evaluate(other)
    for name in ("score", "low", "high", "coverage", "ends", "means", "weights"):
        assert np.array_equal(getattr(again, name), getattr(report, name), equal_nan=True), name
    assert list(again.fingerprints.values()) == list(report.fingerprints.values())


@given(study=studies(), factor=st.sampled_from([0.001, 60.0, 1024.0]))
def test_a_change_of_unit_never_changes_a_result(study: Study, factor: float) -> None:
    def rescaled(criterion: Criterion) -> Criterion:
        scale = criterion.scale
        if not isinstance(scale, Scale) or scale.ordinal:
            return criterion
        levels = tuple((factor * at, w) for at, w in zip(scale.at, scale.worths, strict=True))
        return criterion.model_copy(update={"scale": Scale(levels=levels, beyond="saturate")})

    tree = study.tree.model_copy(
        update={"criteria": {key: rescaled(item) for key, item in study.tree.criteria.items()}}
    )
    rows = [
        row.model_copy(update={"rating": factor * float(row.rating)})
        if isinstance(row.rating, float | int)
        else row
        for row in study.ratings
    ]
    other = with_rows(study, rows).model_copy(update={"tree": tree})
    assert_close(evaluate(other).score, evaluate(study).score)


@given(study=studies())
def test_bounds_are_exact_where_nothing_is_missing(study: Study) -> None:
    report = evaluate(study)
    assert (report.low <= report.high + CLOSE).all()
    whole = report.missing == 0
    assert_close(report.low[whole], report.score[whole])
    assert_close(report.high[whole], report.score[whole])


@given(study=studies(analysts=1), best=st.booleans())
def test_any_level_in_the_absent_cells_gives_a_score_within_the_bounds(
    study: Study, best: bool
) -> None:
    report, filled = evaluate(study), evaluate(with_rows(study, completed(study, best)))
    assert (filled.missing == 0).all()
    assert (filled.score >= report.low - CLOSE).all()
    assert (filled.score <= report.high + CLOSE).all()


@given(study=studies(analysts=1), best=st.booleans())
def test_the_bounds_are_reached_by_the_worst_and_the_best_levels(study: Study, best: bool) -> None:
    report, filled = evaluate(study), evaluate(with_rows(study, completed(study, best)))
    assert_close(filled.score, report.high if best else report.low)


def rated(study: Study) -> list[Rating]:
    """Return the rows that give a level."""
    return [row for row in study.ratings if row.rating != "?"]


def end_level(study: Study, leaf: str, best: bool) -> str | float:
    """Return the worst or the best level of a leaf."""
    scale = study.tree.scale_of(leaf)
    assert scale is not None
    place = int(np.argmax(scale.worths) if best else np.argmin(scale.worths))
    return scale.labels[place] if scale.ordinal else scale.at[place]


def completed(study: Study, best: bool) -> list[Rating]:
    """Return the ratings of a study of one analyst with an end level in every absent cell."""
    rows = [
        row
        if row.rating != "?"
        else row.model_copy(update={"rating": end_level(study, row.criterion, best)})
        for row in study.ratings
    ]
    have = {(row.strategy, row.criterion) for row in rows if not row.scenario}
    return rows + [
        Rating(analyst="a0", strategy=key, criterion=leaf, rating=end_level(study, leaf, best))
        for key in study.strategies
        for leaf in study.tree.leaves
        if (key, leaf) not in have
    ]


@given(study=studies(), data=st.data())
def test_emptying_a_cell_never_narrows_the_bounds_at_any_node(
    study: Study, data: st.DataObject
) -> None:
    """A cell is a strategy on a criterion: all its ratings go, of every analyst and scenario.

    Removing one of several ratings of a cell is no such case: the pooled value moves, and the
    bounds with it, either way.
    """
    rows = list(study.ratings)
    assume(rows)
    gone = data.draw(st.sampled_from(rows))
    cell = (gone.strategy, gone.criterion)
    fewer = [row for row in rows if (row.strategy, row.criterion) != cell]
    report, bare = evaluate(study), evaluate(with_rows(study, fewer))
    assert (bare.low <= report.low + CLOSE).all()
    assert (bare.high >= report.high - CLOSE).all()


@given(study=studies(), data=st.data())
def test_improving_a_rating_by_any_step_never_lowers_a_score(
    study: Study, data: st.DataObject
) -> None:
    rows = rated(study)
    assume(rows)
    place = data.draw(st.integers(0, len(rows) - 1))
    scale = study.tree.scale_of(rows[place].criterion)
    assert scale is not None
    level = data.draw(levels(scale))
    assume(worth_of(scale, level) >= worth_of(scale, rows[place].rating))
    better = [row if i != place else row.model_copy(update={"rating": level})
              for i, row in enumerate(rows)]  # fmt: skip
    before, after = evaluate(with_rows(study, rows)), evaluate(with_rows(study, better))
    known = ~np.isnan(before.score)
    assert (after.score[known] >= before.score[known] - CLOSE).all()
    assert (after.low >= before.low - CLOSE).all()
    assert (after.high >= before.high - CLOSE).all()


def levels(scale: Scale) -> st.SearchStrategy[str | float]:
    """Draw any level of a scale, its best among them."""
    best = int(np.argmax(scale.worths))
    if scale.ordinal:
        return st.sampled_from(scale.labels)
    return st.just(scale.at[best]) | st.floats(scale.at[0], scale.at[-1])


def worth_of(scale: Scale, level: str | float) -> float:
    """Return what a level as written is worth."""
    return float(worth(scale, level_of(scale, str(level))))


@given(study=studies(floor=0.0))
def test_contributions_add_up_to_the_score(study: Study) -> None:
    report = evaluate(study)
    for scenario in study.scenario_ids:
        for strategy in study.strategies:
            found = explain(report, strategy=strategy, scenario=scenario)
            if np.isnan(found.total):
                continue
            leaves = [p for p in found.parts if p.criterion in study.tree.leaves]
            parts = [part.contribution for part in leaves]
            assert found.start + sum(parts) == pytest.approx(found.total, abs=1e-7)


@given(study=studies(absent=False, rules=["weighted_sum"]))
def test_contributions_to_a_weighted_sum_are_weight_times_distance(study: Study) -> None:
    report, tree = evaluate(study), study.tree
    weights = {node: w[0, 0, 0, 0] for node, w in tables.weights(study).items()}
    values = report.score[0, 0, [report.node(leaf) for leaf in tree.leaves]]
    found = contributions(tree, values, weights, node_rules(study))
    for i, leaf in enumerate(tree.leaves):
        share, node = 1.0, leaf
        while node != tree.id:
            share *= report.weights[0, report.node(node)]
            node = tree.criteria[node].parent or tree.id
        assert found.by_leaf[i] == pytest.approx(share * (values[i] - 0.5), abs=CLOSE)


@given(study=studies(rules=["weighted_sum"]))
def test_coverage_is_the_share_of_weight_that_is_rated(study: Study) -> None:
    report, tree = evaluate(study), study.tree
    share = np.ones((len(study.scenarios), len(tree.leaves)))
    for i, leaf in enumerate(tree.leaves):
        node = leaf
        while node != tree.id:
            share[:, i] *= report.weights[:, report.node(node)]
            node = tree.criteria[node].parent or tree.id
    rated_leaves = report.coverage[:, :, [report.node(leaf) for leaf in tree.leaves]]
    assert_close((rated_leaves * share[:, None]).sum(-1), report.coverage[:, :, 0])


@given(study=studies(floor=1.0))
def test_nothing_below_the_coverage_floor_has_a_score_a_band_or_a_rank(study: Study) -> None:
    report = evaluate(study)
    below = report.coverage < 1 - CLOSE
    assert np.isnan(report.score[below]).all()
    assert (report.bands[below] == "").all()
    assert (report.ranks[below] == 0).all()


@given(study=studies())
def test_equal_inputs_have_equal_digests_and_results(study: Study) -> None:
    again = Study.model_validate_json(study.model_dump_json())
    assert again == study
    assert hash(again) == hash(study)
    assert again.digest == study.digest
    assert evaluate(again) == evaluate(study)


@given(study=studies())
def test_evaluating_twice_gives_the_same_bits(study: Study) -> None:
    first, second = evaluate(study), evaluate(study)
    for name in Report.array_names():
        assert getattr(first, name).tobytes() == getattr(second, name).tobytes()
