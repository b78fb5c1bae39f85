"""Changes taken apart: parts add up, swapping turns every sign, nothing undefined is guessed."""

from collections.abc import Iterator
from itertools import permutations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import assess
from assess.decomposition import Account, decompose, winter
from assess.decomposition.mixing import KINDS, differing, mixed
from assess.model import Analyst, Choice, Method, Rating, Ratings, Scale, Study, Weights
from assess.testing import studies
from tests import small
from tests.builders import flat

EXACT = 1e-9


@st.composite
def pairs(draw: st.DrawFn, absent: bool = True) -> tuple[Study, Study]:
    """Draw two studies on one tree that differ in every kind of input."""
    earlier = draw(studies(absent=absent, floor=draw(st.sampled_from([0.0, 0.5]))))
    shape: dict[str, Any] = {
        "analysts": draw(st.integers(1, 3)),
        "strategies": draw(st.integers(2, 4)),
    }
    floor = draw(st.sampled_from([0.0, 0.7]))
    later = draw(studies(tree=earlier.tree, absent=absent, floor=floor, **shape))
    voices = draw(st.sampled_from(["declared", "equal", "agreement"]))
    method = later.method.model_copy(update={"analyst_weights": voices})
    return earlier, later.model_copy(update={"method": method})


def both(pair: tuple[Study, Study]) -> tuple[assess.Report, assess.Report]:
    """Evaluate two studies."""
    return assess.evaluate(pair[0]), assess.evaluate(pair[1])


def account(before: Study, after: Study, strategy: str = "keep", **how: Any) -> Account:
    """Return the account of one strategy in the first scenario."""
    found = decompose(*both((before, after)), **how)
    return next(a for a in found.accounts if a.strategy == strategy)


@pytest.mark.law
@given(pair=pairs())
@settings(max_examples=20)
def test_parts_add_up_to_the_change_and_single_ratings_to_the_part_of_all_ratings(
    pair: tuple[Study, Study],
) -> None:
    earlier, later = both(pair)
    found = decompose(earlier, later)
    for one in found.accounts:
        s, t = later.study.scenario_ids.index(one.scenario), list(later.study.strategies)
        score = 100 * later.score[s, t.index(one.strategy), 0]
        assert one.later == score
        assert sum(part.points for part in one.kinds) == pytest.approx(one.points, abs=EXACT)
        ratings = sum(part.points for part in one.ratings)
        assert ratings == pytest.approx(one.of("ratings"), abs=EXACT)
    changes = assess.compare(earlier, later).changes
    scored = [c for c in changes if c.criterion == pair[0].tree.id and not np.isnan(c.points)]
    assert len(found.accounts) in (0, len(scored))


@pytest.mark.law
@given(pair=pairs())
@settings(max_examples=10)
def test_swapping_the_reports_turns_every_sign(pair: tuple[Study, Study]) -> None:
    earlier, later = both(pair)
    there, back = decompose(earlier, later), decompose(later, earlier)
    by_key = {(one.scenario, one.strategy): one for one in back.accounts}
    assert len(there.accounts) == len(back.accounts)
    for one in there.accounts:
        other = by_key[one.scenario, one.strategy]
        for part in one.kinds:
            assert part.points == pytest.approx(-other.of(part.kind), abs=EXACT)
        turned = {(r.analyst, r.criterion): r for r in other.ratings}
        for rating in one.ratings:
            again = turned[rating.analyst, rating.criterion]
            assert rating.points == pytest.approx(-again.points, abs=EXACT)
            assert (rating.earlier, rating.later) == (again.later, again.earlier)


@pytest.mark.law
@given(study=studies())
@settings(max_examples=10)
def test_a_report_taken_against_itself_is_empty(study: Study) -> None:
    report = assess.evaluate(study)
    assert decompose(report, report).accounts == ()
    assert len(decompose(report, report).table) == 0


@pytest.mark.law
@given(pair=pairs())
@settings(max_examples=15)
def test_a_study_mixed_of_one_alone_scores_as_that_one(pair: tuple[Study, Study]) -> None:
    root = pair[0].tree.id
    for some, study in ((frozenset[str](), pair[0]), (frozenset(KINDS), pair[1])):
        again = assess.evaluate(mixed(*pair, some, root))
        report = assess.evaluate(study)
        for s, scenario in enumerate(study.scenario_ids):
            other_s = again.study.scenario_ids.index(scenario)
            for t, key in enumerate(study.strategies):
                other_t = list(again.study.strategies).index(key)
                np.testing.assert_allclose(
                    again.score[other_s, other_t, 0], report.score[s, t, 0], atol=EXACT
                )


def orders(tree: assess.ValueTree, node: str, cells: list[tuple[str, str]]) -> Iterator[list[Any]]:
    """Yield every order of cells (analyst, leaf) in which those below a node stand together."""
    if node not in tree.children:
        yield from map(list, permutations([cell for cell in cells if cell[1] == node]))
        return
    for children in permutations(tree.children[node]):
        each = [list(orders(tree, child, cells)) for child in children]
        for parts in product(*each):
            yield [cell for part in parts for cell in part]


@pytest.mark.parametrize("rule", ["weighted_sum", "weighted_product", "weakest_link"])
def test_winter_values_are_the_mean_over_all_orders_of_evaluated_studies(rule: str) -> None:
    was: dict[str, Any] = {"deaths": 600, "trust": 30, "upkeep": 40, "conduct": "some"}
    now: dict[str, Any] = {"deaths": 300, "trust": 70, "upkeep": 10, "conduct": "all"}
    more: dict[Any, Any] = {("ben", "deaths"): (500, None), ("ben", "trust"): (None, 90)}
    steps = {("ana", leaf): (was[leaf], now[leaf]) for leaf in was} | more
    tree = small.tree(rule=Choice(name=rule))

    def study(moved: frozenset[tuple[str, str]]) -> Study:
        rows = [
            Rating(analyst=a, strategy="keep", criterion=leaf, rating=level)
            for (a, leaf), ends in steps.items()
            if (level := ends[(a, leaf) in moved]) is not None
        ]
        return small.study(rows, tree=tree, method=Method(pooling=Choice(name="median")))

    scores: dict[frozenset[tuple[str, str]], float] = {}

    def score(moved: frozenset[tuple[str, str]]) -> float:
        if moved not in scores:
            scores[moved] = 100 * float(assess.evaluate(study(moved)).score[0, 0, 0])
        return scores[moved]

    sums, every = dict.fromkeys(steps, 0.0), list(orders(tree, "small", list(steps)))
    for order in every:
        for place, cell in enumerate(order):
            so_far = frozenset(order[:place])
            sums[cell] += score(so_far | {cell}) - score(so_far)
    found = account(study(frozenset()), study(frozenset(steps)))
    assert len(found.ratings) == len(steps)
    for part in found.ratings:
        mean = sums[part.analyst, part.criterion] / len(every)
        assert part.points == pytest.approx(mean, abs=EXACT)


def test_two_kinds_share_what_they_move_together() -> None:
    """By hand: 0.5 x 20 + 0.5 x 60 = 40; 0.8 x 70 + 0.2 x 60 = 68.

    Ratings first: from 40 to 65, then weights to 68. Weights first: from 40 to 28, then ratings to
    68. Ratings: (25 + 40) / 2 = 32.5; weights: (3 - 12) / 2 = -4.5.
    """
    before = flat({"keep": [20, 60]}, {"one": 50, "two": 50})
    after = flat({"keep": [70, 60]}, {"one": 80, "two": 20})
    found = account(before, after)
    assert (found.earlier, found.later) == pytest.approx((40, 68))
    assert {part.kind: part.points for part in found.kinds} == {
        "ratings": pytest.approx(32.5), "weights": pytest.approx(-4.5),
    }  # fmt: skip
    (rating,) = found.ratings
    assert (rating.analyst, rating.criterion, rating.rated) == ("ana", "one", "one")
    assert (rating.earlier, rating.later, rating.error) == ("20", "70", 0)
    assert rating.points == pytest.approx(32.5)


def test_evidence_that_differs_is_listed_and_moves_nothing() -> None:
    before = small.study()
    columns = before.ratings.columns()
    columns["confidence"] = ["high"] * len(columns["analyst"])
    ratings = Ratings.from_columns(columns)
    after = before.model_copy(update={"ratings": ratings})
    found = account(before, after)
    assert [(part.kind, part.points) for part in found.kinds] == [("evidence", 0.0)]
    assert found.rebased == ()


def test_a_new_panel_has_no_mixed_state_and_is_rebased() -> None:
    def study(analyst: str, trust: float) -> Study:
        rows = [r.model_copy(update={"analyst": analyst}) for r in small.rows()]
        rows = [r.model_copy(update={"rating": trust}) if r.rating == 30 else r for r in rows]
        return small.study(rows, analysts={analyst: Analyst()})

    found = account(study("ana", 30), study("cora", 50))
    assert found.points != 0
    assert {part.kind: part.points for part in found.kinds} == {
        "ratings": 0.0, "analysts": 0.0, "rebased": found.points,
    }  # fmt: skip
    assert found.rebased == (
        "the later ratings with the earlier analysts: too little is rated for a score",
    )


def test_a_state_that_is_not_sound_is_rebased_with_its_first_problem() -> None:
    """The later ratings hold a level where, as the earlier study has it, the actor had ended."""
    tree = small.tree()
    trust = tree.criteria["trust"].model_copy(update={"actors": ("mission",)})
    tree = tree.model_copy(update={"criteria": {**tree.criteria, "trust": trust}})
    rows = [row for row in small.rows() if row.criterion != "trust"]
    before = small.study(rows, tree=tree)
    after = small.study(tree=tree, actors={"mission": assess.Actor()})
    assert differing(before, after) == ("ratings", "applicability")
    found, back = account(before, after), account(after, before)
    parts = {part.kind: part.points for part in found.kinds}
    assert list(parts) == ["ratings", "applicability", "rebased"]
    assert sum(parts.values()) == pytest.approx(found.points, abs=EXACT)
    assert parts["rebased"] == pytest.approx(-back.of("rebased"), abs=EXACT)
    (reason,) = found.rebased
    assert reason.startswith(
        "the later ratings with the earlier applicability: ratings: row 1, column rating: "
    )
    page = str(assess.compare(*both((before, after))))
    assert "No score, hence rebased: the later ratings with the earlier applicability" in page


def test_ratings_that_also_give_analysts_a_voice_are_not_divided() -> None:
    method = Method(analyst_weights="agreement")
    analysts = {key: Analyst() for key in ("ana", "ben", "cora")}
    rows = [row.model_copy(update={"analyst": key}) for key in analysts for row in small.rows()]
    moved = [
        r.model_copy(update={"rating": 90})
        if (r.analyst, r.strategy, r.criterion) == ("ben", "keep", "trust")
        else r
        for r in rows
    ]
    before, after = (small.study(r, analysts=analysts, method=method) for r in (rows, moved))
    found = account(before, after)
    assert {part.kind: part.points for part in found.kinds} == {
        "ratings": pytest.approx(found.points)
    }
    (part,) = found.ratings
    assert part.analyst == ""
    assert part.points == pytest.approx(found.points)
    assert found.points > 0


def many(level: float) -> Study:
    """Return a study of 14 criteria under a rule that is not additive."""
    keys = [f"c{i}" for i in range(14)]
    levels = [level + 3 * i for i in range(14)]
    return flat({"keep": levels}, dict.fromkeys(keys, 1.0), rule="weighted_product")


def test_more_than_twelve_changed_children_are_sampled_with_an_error() -> None:
    found = account(many(10), many(40))
    assert all(part.error > 0 for part in found.ratings)
    assert sum(part.points for part in found.ratings) == pytest.approx(found.points, abs=EXACT)
    assert [repr(part) for part in found.ratings] == [
        repr(part) for part in account(many(10), many(40)).ratings
    ]


def test_sampled_values_lie_around_the_exact_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    changes = {"deaths": 300, "trust": 80, "upkeep": 50, "conduct": "all"}
    rows = [
        row.model_copy(update={"rating": changes[row.criterion]})
        if row.strategy == "keep" else row
        for row in small.rows()
    ]  # fmt: skip
    before, after = small.study(), small.study(rows)
    exact = {part.criterion: part.points for part in account(before, after).ratings}
    monkeypatch.setattr(winter, "MOST_CHILDREN", 1)
    for part in account(before, after).ratings:
        assert abs(part.points - exact[part.criterion]) <= 5 * part.error + EXACT
    assert any(part.error for part in account(before, after).ratings)


def test_a_node_on_request_is_taken_apart_where_the_total_is_not_comparable() -> None:
    tree = small.tree()
    upkeep = tree.criteria["upkeep"].model_copy(update={"scale": Scale(worst=0, best=80)})
    other = tree.model_copy(update={"criteria": {**tree.criteria, "upkeep": upkeep}})
    rows = [r.model_copy(update={"rating": 50}) if r.rating == 30 else r for r in small.rows()]
    before, after = small.study(), small.study(rows, tree=other)
    found = account(before, after, criterion="results")
    assert (found.criterion, found.name) == ("results", "Results")
    assert {part.kind: part.points for part in found.kinds} == {
        "ratings": pytest.approx(found.points)
    }
    assert [part.criterion for part in found.ratings] == ["trust"]
    with pytest.raises(ValueError, match=r"^'small' is not comparable: something below it changed"):
        decompose(*both((before, after)))
    with pytest.raises(ValueError, match=r"^no criterion 'reslts' \(did you mean 'results'\?\)$"):
        decompose(*both((before, after)), criterion="reslts")
    with pytest.raises(TypeError, match="decompose takes two Reports, not a Study"):
        decompose(before, after)  # type: ignore[arg-type]
    assert assess.compare(*both((before, after))).decomposition.accounts == ()


def test_a_rating_of_a_group_is_told_as_such() -> None:
    tree = small.tree()

    def study(level: float) -> Study:
        rows = [r for r in small.rows() if r.criterion not in ("deaths", "trust")]
        rows += [
            Rating(analyst="ana", strategy=key, criterion="results", rating=level)
            for key in ("keep", "reform", "build")
        ]
        return small.study(rows, tree=tree)

    found = account(study(40), study(60))
    assert {(r.criterion, r.rated, r.earlier, r.later) for r in found.ratings} == {
        ("deaths", "results", "40", "60"), ("trust", "results", "40", "60"),
    }  # fmt: skip


def test_what_only_reads_otherwise_is_no_kind_of_input() -> None:
    study = small.study()
    scenario = small.scenario(reason="other words", name="Other")
    held = study.model_copy(update={"name": "Other", "scenarios": (scenario,)})
    assert differing(study, held) == ()
    weights = {
        "small": Weights(method=Choice(name="points"), judgements={"results": 1, "means": 1})
    }
    assert differing(study, small.study(scenarios=(small.scenario(weights=weights),))) == (
        "weights",
    )


def test_the_page_says_how_totals_add_up_and_the_table_holds_every_part() -> None:
    before = flat({"keep": [20, 60]}, {"one": 50, "two": 50})
    after = flat({"keep": [70, 60]}, {"one": 80, "two": 20})
    found = assess.compare(*both((before, after)))
    page = str(found)
    assert (
        "HOW THE CHANGES OF TOTALS ADD UP (points by kind of input, each figure rounded; "
        "no causes)\n"
        "keep in reference: +28.0 = ratings +32.5, weights -4.5.\n"
        "Largest ratings: ana on one (was 20, is 70) +32.5.\n"
    ) in page
    rows = found.decomposition.table.to_dict("records")
    assert [(row["kind"], row["analyst"], row["was"], row["is"]) for row in rows] == [
        ("ratings", "", "", ""), ("weights", "", "", ""), ("rating", "ana", "20", "70"),
    ]  # fmt: skip
    assert [row["points"] for row in rows] == pytest.approx([32.5, -4.5, 32.5])
    assert "cause" not in page.replace("no causes", "").replace("because", "")


def test_a_comparison_with_itself_or_of_strategies_says_nothing_of_parts() -> None:
    report = assess.evaluate(small.study())
    assert "ADD UP" not in str(assess.compare(report, report))


def test_a_bridge_gives_scales_and_rules_their_parts_and_says_that_it_is_one() -> None:
    """By hand, weights equal: mean of 20 and 60 is 40; the weakest of 70 and 60 is 60.

    Ratings first: to the mean of 70 and 60, 65 (+25), then the rule to 60 (-5). The rule first: to
    20 (-20), then ratings to 60 (+40). Ratings: 32.5; rules: -12.5.
    """
    before = flat({"keep": [20, 60]}, {"one": 50, "two": 50})
    after = flat({"keep": [70, 60]}, {"one": 50, "two": 50}, rule="weakest_link")
    reports = both((before, after))
    with pytest.raises(ValueError, match="rule was weighted_sum, is weakest_link"):
        decompose(*reports)
    found, back = decompose(*reports, bridge=True), decompose(*reports[::-1], bridge=True)
    (one,), (other,) = found.accounts, back.accounts
    assert {part.kind: part.points for part in one.kinds} == {
        "ratings": pytest.approx(32.5), "rules": pytest.approx(-12.5),
    }  # fmt: skip
    assert {part.kind: -part.points for part in other.kinds} == {
        "ratings": pytest.approx(32.5), "rules": pytest.approx(-12.5),
    }  # fmt: skip
    assert found.bridge
    assert set(found.table["bridge"]) == {"yes"}


def test_a_bridge_over_another_scale_rebases_levels_that_are_off_it() -> None:
    before = flat({"keep": [20, 60]}, {"one": 50, "two": 50})
    wider = flat({"keep": [150, 60]}, {"one": 50, "two": 50}, scale=Scale(worst=0, best=200))
    (one,) = decompose(*both((before, wider)), bridge=True).accounts
    assert [part.kind for part in one.kinds] == ["ratings", "scales", "rebased"]
    assert sum(part.points for part in one.kinds) == pytest.approx(one.points, abs=EXACT)
    assert "off the scale" in one.rebased[0]


def test_a_bridge_of_what_is_comparable_is_an_ordinary_account() -> None:
    reports = both((flat({"keep": [20]}, {"one": 1}), flat({"keep": [70]}, {"one": 1})))
    found = decompose(*reports, bridge=True)
    assert found == decompose(*reports)
    assert not found.bridge
