"""Draws of everything uncertain: closed forms, exact geometry, laws, the same bytes anywhere."""

import pickle
from collections.abc import Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import assess
from assess.model import (
    FULL_HALO,
    INDEPENDENT,
    Analyst,
    Choice,
    Criterion,
    ErrorStructure,
    HalfWidths,
    Method,
    Rating,
    Ratings,
    Scale,
    Scenario,
    Strategy,
    Study,
    StudyError,
    Uncertainty,
    ValueTree,
    Weights,
)
from assess.simulation import Simulation, more, simulate, verdicts
from assess.simulation.block import chance, drawn, ratings
from assess.simulation.engine import draw_blocks
from assess.simulation.plan import plan
from assess.simulation.result import quantile
from assess.simulation.tally import SHARE, rank_counts, ranked
from assess.simulation.weights import weights
from tests import small
from tests import test_domain_figures as domain
from tests.builders import as_id, judged

SURE = HalfWidths(high=0, moderate=0, low=0)


def certain(**changes: Any) -> Uncertainty:
    """Return settings under which nothing but what is named is uncertain."""
    return Uncertainty(
        **{"errors": INDEPENDENT, "weight_spread": 0.0, "analysts": "mean", **changes}
    )


def flat(
    values: Mapping[str, tuple[float, ...]],
    weights: Weights | None = None,
    half_width: float = 0.0,
    **settings: Any,
) -> Study:
    """Return a study of strategies by their values in points on criteria under one root."""
    count = len(next(iter(values.values())))
    names = [f"c{i}" for i in range(count)]
    return Study(
        name="Flat",
        as_of=small.study().as_of,
        tree=ValueTree(
            id="flat", criteria={name: Criterion(scale=Scale(worst=0, best=100)) for name in names}
        ),
        scenarios=(
            Scenario(id="reference", tree="flat", weights={"flat": weights} if weights else {}),
        ),
        strategies={key: Strategy() for key in values},
        analysts={"ana": Analyst()},
        method=Method(
            half_widths=HalfWidths(high=half_width, moderate=half_width, low=half_width),
            uncertainty=certain(**settings),
        ),
        ratings=Ratings.from_rows(
            Rating(analyst="ana", strategy=key, criterion=name, rating=float(level))
            for key, levels in values.items()
            for name, level in zip(names, levels, strict=True)
        ),
    )


def under_one_top(study: Study) -> Study:
    """Return a study with all its criteria under one top criterion."""
    criteria = {
        key: item.model_copy(update={"parent": "top"}) for key, item in study.tree.criteria.items()
    }
    tree = ValueTree(id="flat", criteria={"top": Criterion(), **criteria})
    weights = study.scenarios[0].weights
    held = {"top": weights["flat"]} if weights else {}
    scenario = study.scenarios[0].model_copy(update={"weights": held})
    return study.model_copy(update={"tree": tree, "scenarios": (scenario,)})


def near(found: Any, expected: Any, draws: int, spread: float = 0.5) -> None:
    """Hold a Monte Carlo figure to a known one, within five standard errors."""
    np.testing.assert_allclose(found, expected, rtol=0, atol=5 * spread / np.sqrt(draws))


# Closed forms and exact geometry


def test_rank_acceptability_of_three_on_a_line_by_exact_geometry() -> None:
    """A = (1, 0), B = (0, 1), C = (0.6, 0.6), w1 uniform: A first for w1 > 0.6, B for w1 < 0.4."""
    study = flat({"a": (100, 0), "b": (0, 100), "c": (60, 60)})
    found = simulate(study, draws=20_000, seed=3)
    near(found.first[0], [0.4, 0.4, 0.2], found.draws)
    expected = [[0.4, 0.1, 0.5], [0.4, 0.1, 0.5], [0.2, 0.8, 0.0]]
    near(found.acceptability[0], expected, found.draws)
    near(found.central_weights[0, 0, 1:], [0.8, 0.2], found.draws)
    near(found.winning[0, 0, 1], 0.5, found.draws)


def test_acceptability_over_three_criteria_by_exact_geometry() -> None:
    """Uniform weights on the simplex, each strategy best on one criterion: a third each.

    Against (1, 0, 0), a strategy worth t everywhere wins where w1 < t, with probability
    1 - (1 - t)^2.
    """
    thirds = simulate(flat({"a": (100, 0, 0), "b": (0, 100, 0), "c": (0, 0, 100)}), seed=5)
    near(thirds.first[0], [1 / 3] * 3, thirds.draws)
    against = simulate(flat({"a": (100, 0, 0), "t": (30, 30, 30)}), seed=5)
    near(against.winning[0, 1, 0], 1 - 0.7**2, against.draws)


def test_a_dominated_strategy_is_never_first_and_has_no_central_weights() -> None:
    found = simulate(flat({"a": (50, 60), "b": (40, 55)}), draws=2000, seed=1)
    assert found.first[0].tolist() == [1.0, 0.0]
    assert np.isnan(found.central_weights[0, 1]).all()


def test_mean_and_deviation_of_an_additive_score_are_those_of_its_triangles() -> None:
    """Triangular +-h has variance h^2 / 6; weights 0.75 and 0.25 known."""
    study = flat({"a": (50, 40)}, judged({"c0": 75, "c1": 25}), half_width=12)
    found = simulate(study, draws=40_000, seed=2)
    sigma = 0.12 / np.sqrt(6) * np.sqrt(0.75**2 + 0.25**2)
    near(found.mean[0, 0, 0], 0.475, found.draws, spread=sigma)
    assert found.deviation[0, 0, 0] == pytest.approx(sigma, rel=0.02)
    assert found.errors.mean[0, 0, 0] == pytest.approx(sigma / np.sqrt(found.draws), rel=0.02)


@pytest.mark.parametrize(
    ("errors", "correlation"),
    [
        (INDEPENDENT, 0.0),
        (ErrorStructure(halo=0.5), 0.5),
        (FULL_HALO, 1.0),
        (ErrorStructure(leniency=0.3), 0.3),
        (ErrorStructure(common=0.4), 0.0),
    ],
)
def test_errors_share_what_the_structure_says_and_keep_their_marginals(
    errors: ErrorStructure, correlation: float
) -> None:
    study = under_one_top(flat({"a": (50, 50)}, half_width=20))
    made = plan(study)
    blocks = [ratings(made, chance(made, "sfc64", 7, b), errors) for b in range(80)]
    values = np.concatenate(blocks, axis=1)
    normal = stats.norm.ppf(stats.triang.cdf(values, 0.5, loc=0.3, scale=0.4))
    assert np.asarray(np.corrcoef(normal))[0, 1] == pytest.approx(correlation, abs=0.04)
    assert stats.kstest(values[0], stats.triang(0.5, loc=0.3, scale=0.4).cdf).pvalue > 1e-4


def test_the_linear_pool_keeps_disagreement_and_the_mean_does_not() -> None:
    rows = small.rows() + [
        Rating(analyst="ben", strategy=key, criterion="trust", rating=level)
        for key, level in (("keep", 80), ("reform", 20), ("build", 90))
    ]
    by = {}
    for analysts in ("pool", "mean"):
        method = Method(half_widths=SURE, uncertainty=certain(analysts=analysts))
        study = small.study(
            rows, method=method, analysts={"ana": Analyst(), "ben": Analyst(weight=3)}
        )
        by[analysts] = simulate(study, draws=8000, seed=4)
    trust = by["pool"].study.tree.nodes.index("trust")
    near(by["pool"].mean[0, 0, trust], 0.25 * 0.3 + 0.75 * 0.8, 8000)
    assert by["pool"].deviation[0, 0, trust] == pytest.approx(0.5 * np.sqrt(0.25 * 0.75), rel=0.03)
    assert by["mean"].deviation[0, 0, trust] == pytest.approx(0.0, abs=1e-4)


def test_an_absent_rating_is_drawn_over_the_whole_scale_and_one_withheld_is_the_worst() -> None:
    rows = [row for row in small.rows() if (row.strategy, row.criterion) != ("keep", "trust")]
    for level, expected, deviation in ((None, 0.5, np.sqrt(1 / 12)), ("withheld", 0.0, 0.0)):
        said = [Rating(analyst="ana", strategy="keep", criterion="trust", rating="withheld")]
        method = Method(half_widths=SURE, uncertainty=certain())
        study = small.study([*rows, *(said if level else [])], method=method)
        found = simulate(study, draws=8000, seed=4)
        trust = study.tree.nodes.index("trust")
        near(found.mean[0, 0, trust], expected, found.draws)
        assert found.deviation[0, 0, trust] == pytest.approx(deviation, abs=0.01)


def test_weights_of_a_rank_order_lie_about_its_centroid() -> None:
    """The mean of uniform weights in rank order is the rank-order centroid (Barron 1996)."""
    ranks = Weights(method=Choice(name="rank_centroid"), judgements={"c0": 2, "c1": 1, "c2": 3})
    study = flat({"a": (100, 0, 0), "b": (0, 50, 100)}, ranks)
    made = plan(study)
    group = made.groups[0]
    held = np.concatenate(
        [weights(group, chance(made, "sfc64", 1, b).weights) for b in range(80)], -1
    )
    np.testing.assert_allclose(held[:, 0].mean(axis=-1), [5 / 18, 11 / 18, 2 / 18], atol=0.005)
    assert (held[1] >= held[0]).all()
    assert (held[0] >= held[2]).all()


def test_points_are_drawn_within_their_range_or_spread_before_they_are_divided() -> None:
    given = judged({"c0": 100, "c1": 50}).model_copy(
        update={"judgements": {"c0": 100, "c1": (20, 80)}}
    )
    study = flat({"a": (50, 50)}, given, weight_spread=0.1)
    group = plan(study).groups[0]
    assert group.low.tolist() == [[pytest.approx(90), 20]]
    assert group.high.tolist() == [[pytest.approx(110), 80]]


# The study of the domain notes


def study_of_the_notes() -> Study:
    """Return the notes' study with its confidences, in S0, leaves of equal and certain weight."""
    study = domain.whole_study().only("s0")
    leaves = {as_id(x["id"]): x["default_confidence"] for x in domain.notes("tree.json")["leaves"]}
    grades = {"high": "A1", "moderate": "C3", "low": "F6"}
    rows = [
        row.model_copy(
            update={
                "confidence": leaves[row.criterion],
                "evidence": {"grade": grades[leaves[row.criterion]], "source": "the notes"},
            }
        )
        for row in study.ratings
    ]
    alike = {
        node: judged({}).model_copy(update={"judgements": dict.fromkeys(children, (1.0, 1.0))})
        for node, children in study.tree.children.items()
        if node not in study.scenarios[0].weights
    }
    scenario = study.scenarios[0].model_copy(
        update={"weights": {**study.scenarios[0].weights, **alike}}
    )
    settings = Uncertainty(errors=INDEPENDENT, weight_spread=0.15)
    method = study.method.model_copy(update={"uncertainty": settings})
    return study.model_copy(update={"ratings": rows, "scenarios": (scenario,), "method": method})


@domain.beside_the_notes
def test_the_error_structure_decides_who_comes_first_in_the_domain_notes() -> None:
    """Section 3 of the notes: D is first in 88 % of draws with independent errors, 58 % with halo.

    Shares of A, B, C, D, their 5th and 95th percentiles and D less C, in S0; full halo within the
    top criteria. ILLUSTRATIVE. The notes say "weights +-30 %"; all of their figures come out with
    points up to 15 % off, while 30 % to either side gives D 79 % and an interval of D less C that
    is half as wide again, so that 30 % must be the whole width there.
    """
    found = simulate(study_of_the_notes(), draws=20_000, seed=20261123)
    np.testing.assert_allclose(found.first[0], [0.0, 0.01, 0.11, 0.88], atol=0.015)
    low, high = found.quantile(0.05)[0], found.quantile(0.95)[0]
    np.testing.assert_allclose(100 * low, [36.9, 54.3, 55.6, 57.5], atol=0.2)
    np.testing.assert_allclose(100 * high, [40.5, 57.9, 59.4, 61.2], atol=0.2)
    ahead = [100 * found.margin(level)[0, 3, 2] for level in (0.05, 0.5, 0.95)]
    np.testing.assert_allclose(ahead, [-0.7, 1.9, 4.4], atol=0.2)
    halo = found.tallies.halo
    assert halo is not None
    np.testing.assert_allclose(
        halo.rank[0, :, 0] / SHARE / halo.draws, [0.0, 0.14, 0.28, 0.58], atol=0.03
    )
    ahead = [100 * quantile(halo.margin, level, -1, 1)[0, 5] for level in (0.95, 0.5, 0.05)]
    np.testing.assert_allclose(-np.array(ahead), [-5.2, 1.8, 8.8], atol=0.4)
    assert verdicts(found)[0].leader == ""


# Laws


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 2**31), st.booleans())
def test_shares_of_ranks_sum_to_one_both_ways(seed: int, tie: bool) -> None:
    values = {"a": (50, 40), "b": (60, 35), "c": (50, 40) if tie else (55, 30)}
    found = simulate(flat(values, half_width=10), draws=500, seed=seed)
    np.testing.assert_allclose(found.acceptability.sum(axis=1), 1, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.acceptability.sum(axis=2), 1, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.winning + np.swapaxes(found.winning, 1, 2), 1, atol=1e-12)
    assert ((found.entropy >= 0) & (found.entropy <= 1)).all()


def test_ties_share_their_ranks() -> None:
    ahead, tied = ranked(np.array([[[0.5], [0.8], [0.8], [0.1]]]))
    counts = rank_counts(ahead, tied)[0] / SHARE
    assert counts.tolist() == [[0, 0, 1, 0], [0.5, 0.5, 0, 0], [0.5, 0.5, 0, 0], [0, 0, 0, 1]]


def test_however_many_tie_the_shares_of_each_sum_to_one() -> None:
    counts = rank_counts(*ranked(np.full((1, 19, 3), 0.5)))
    np.testing.assert_array_equal(counts.sum(axis=-1), 3 * SHARE)
    np.testing.assert_allclose(counts / SHARE / 3, 1 / 19, atol=1e-5)


@pytest.mark.parametrize("pooling", ["mean", "median", "trimmed_mean"])
def test_without_doubt_every_draw_is_the_report(pooling: str) -> None:
    rows = [*small.rows(), Rating(analyst="ben", strategy="keep", criterion="trust", rating=70)]
    held = {
        node: judged(dict.fromkeys(children, 50))
        for node, children in small.tree().children.items()
    }
    method = Method(
        pooling=Choice(name=pooling), half_widths=SURE, uncertainty=certain(analysts="mean")
    )
    study = small.study(rows, method=method, scenarios=(small.scenario(weights=held),))
    report, made = assess.evaluate(study), plan(study)
    one = drawn(study, made, chance(made, "sfc64", 0, 0), INDEPENDENT)
    for g, node in enumerate(study.tree.groups):
        scores = one.scores[made.setting[g]]
        expected = np.broadcast_to(report.score[..., report.node(node), None], scores.shape)
        np.testing.assert_allclose(scores, expected, rtol=0, atol=1e-12)


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 20), st.integers(1, 20))
def test_more_spread_on_a_rating_never_narrows_its_interval(width: int, more_of_it: int) -> None:
    ends = []
    for half in (width, width + more_of_it):
        study = flat({"a": (50,)}, half_width=half)
        made = plan(study)
        values = np.sort(ratings(made, chance(made, "sfc64", 3, 0), INDEPENDENT)[0])
        ends.append(values[[25, -25]])
    assert ends[1][0] <= ends[0][0] + 1e-12
    assert ends[1][1] >= ends[0][1] - 1e-12


def test_a_copy_of_a_strategy_changes_no_relation_between_the_others() -> None:
    alone = {"a": (50, 60), "b": (60, 45), "c": (45, 30)}
    study, beside = (flat(v, half_width=12) for v in (alone, {**alone, "copy": (50, 60)}))
    rows = [f"{r.strategy}" for r in beside.ratings]
    assert rows.count("copy") == 2
    made, other = plan(study), plan(beside)
    numbers = chance(other, "sfc64", 1, 0)
    np.testing.assert_array_equal(made.triangle, other.triangle[:, :6])
    assert numbers.own.shape[0] == 8
    first, second = (simulate(x, draws=20_000, seed=1) for x in (study, beside))
    near(second.winning[0, :3, :3], first.winning[0], first.draws, spread=0.75)
    by_pair = [{v for v in verdicts(x)[0].leads if "copy" not in v} for x in (first, second)]
    assert by_pair[0] == by_pair[1]


def test_a_dominated_strategy_in_every_draw_is_never_first() -> None:
    found = simulate(flat({"a": (80, 80), "b": (40, 40)}, half_width=15), draws=3000, seed=9)
    assert found.first[0].tolist() == [1.0, 0.0]
    (verdict,) = verdicts(found)
    assert (verdict.leader, verdict.leads) == ("a", (("a", "b"),))


# Verdicts (C11)


def test_a_leader_must_be_ahead_by_the_margin_too() -> None:
    close = {"a": (51.5, 51.5), "b": (50, 50)}
    assert verdicts(simulate(flat(close), draws=300, seed=1))[0].leader == ""
    assert verdicts(simulate(flat(close, margin=1.0), draws=300, seed=1))[0].leader == "a"


def test_the_least_favourable_error_structure_decides() -> None:
    """Six criteria: independent errors cancel, one shared error does not."""
    values = {"a": (57,) * 6, "b": (50,) * 6}
    study = flat(values, judged({f"c{i}": 10 for i in range(6)}), half_width=12)
    study = under_one_top(study)
    found = simulate(study, draws=4000, seed=1)
    assert found.winning[0, 0, 1] > 0.95
    assert verdicts(found)[0].leader == "a"
    strict = found.study.method.uncertainty.model_copy(update={"share": 0.95})
    again = study.model_copy(
        update={"method": study.method.model_copy(update={"uncertainty": strict})}
    )
    verdict = verdicts(simulate(again, draws=4000, seed=1))[0]
    assert (verdict.leader, verdict.leading) == ("", ("a", "b"))


def test_who_fails_a_gate_cannot_lead_and_whose_gate_is_undecided_is_not_named() -> None:
    (verdict,) = verdicts(simulate(small.study(), draws=500, seed=1))
    assert verdict.failed == ("keep",)
    assert "keep" not in verdict.leading
    rows = [row for row in small.rows() if (row.strategy, row.criterion) != ("reform", "conduct")]
    found = simulate(small.study(rows), draws=500, seed=1)
    assert 0.5 < found.passes[0, 1, 0] < 0.7
    assert verdicts(found)[0].leader != "reform"


# The same bytes anywhere (C9)


class Failing(Executor):
    """Runs tasks at once, and fails each the first time."""

    def __init__(self) -> None:
        self.seen: set[tuple[int, ...]] = set()

    def submit(self, function: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        """Fail what is seen for the first time."""
        future: Future[Any] = Future()
        task = arguments[-1]
        if task in self.seen:
            future.set_result(function(*arguments, **named))
        else:
            self.seen.add(task)
            future.set_exception(OSError("a worker died"))
        return future


def test_any_executor_and_any_number_of_workers_give_the_same() -> None:
    study = assess.load("mali").only("reference")
    alone = simulate(study, draws=3000, seed=11)
    with ThreadPoolExecutor(3) as threads:
        assert simulate(study, draws=3000, seed=11, executor=threads) == alone
    with ProcessPoolExecutor(2) as processes:
        assert simulate(study, draws=3000, seed=11, executor=processes) == alone


def test_a_failed_task_is_tried_again_and_never_counted_twice() -> None:
    study = small.study()
    found = simulate(study, draws=5000, seed=11, executor=Failing())
    assert found == simulate(study, draws=5000, seed=11)


class Broken(Executor):
    """Does a few tasks, and then is no more."""

    left = 3

    def submit(self, function: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        """Do what is asked while it can."""
        if not self.left:
            raise RuntimeError("the pool is gone")
        self.left -= 1
        future: Future[Any] = Future()
        future.set_result(function(*arguments, **named))
        return future


def test_a_pool_that_breaks_leaves_a_sound_result_that_can_be_continued() -> None:
    study = small.study()
    broken = simulate(study, draws=20_000, seed=2, executor=Broken())
    assert broken.stopped.startswith("stopped after ")
    assert broken.stopped.endswith(": the pool is gone")
    assert 0 < broken.draws < 20_000
    assert more(broken, draws=20_000) == simulate(study, draws=20_000, seed=2)


def test_an_interruption_leaves_a_sound_result() -> None:
    def stop(done: int, of: int) -> None:
        if done > of / 2:
            raise KeyboardInterrupt

    found = simulate(small.study(), draws=8000, seed=2, progress=stop)
    assert found.stopped.endswith(" draws: interrupted")
    assert found == more(simulate(small.study(), draws=1000, seed=2), draws=found.draws)


def test_a_simulation_continued_equals_one_long_run() -> None:
    study = small.study()
    short = simulate(study, draws=1000, seed=8)
    assert more(more(short, draws=3000), draws=7000) == simulate(study, draws=7000, seed=8)


def test_tallies_add_up_to_the_same_in_any_order() -> None:
    study = small.study()
    a, b, c = (draw_blocks(study, 4, (block,)) for block in range(3))
    assert (a + b) + c == a + (b + c) == c + (b + a)


def test_draws_depend_on_the_seed() -> None:
    study = small.study()
    assert simulate(study, draws=500, seed=1) != simulate(study, draws=500, seed=2)


def test_a_simulation_survives_being_pickled() -> None:
    found = simulate(small.study(), draws=500, seed=1)
    again = pickle.loads(pickle.dumps(found))
    assert isinstance(again, Simulation)
    assert again == found


# What is refused


@pytest.mark.parametrize(
    ("changes", "error", "told"),
    [
        ({"draws": 0}, ValueError, "draws lies between 1 and 1,000,000,000: 0"),
        ({"draws": 2.5}, TypeError, "draws is a whole number, not 2.5"),
        ({"seed": -1}, ValueError, "seed lies between 0 and 9,223,372,036,854,775,807: -1"),
        ({"seed": True}, TypeError, "seed is a whole number, not true"),
    ],
)
def test_wrong_numbers_are_refused_in_words(
    changes: dict[str, Any], error: type[Exception], told: str
) -> None:
    with pytest.raises(error) as refused:
        simulate(small.study(), **changes)
    assert str(refused.value) == told


def test_what_is_no_sound_study_is_refused() -> None:
    with pytest.raises(TypeError, match="simulate takes a Study, not 'mali'"):
        simulate("mali")  # type: ignore[arg-type]  # that is what is tested
    with pytest.raises(StudyError):
        simulate(small.study(analysts={}))
    with pytest.raises(ValueError, match="there are 1,024 draws already, more than 100"):
        more(simulate(flat({"a": (1,)}), draws=1000), draws=100)


def test_shares_of_error_beyond_one_are_refused() -> None:
    with pytest.raises(StudyError, match=r"halo, leniency and common add up to 1\.3"):
        ErrorStructure(halo=0.8, common=0.5)


def test_quantiles_are_read_off_bins_by_hand() -> None:
    counts = np.array([2, 0, 6, 2])
    assert [quantile(counts, x, 0.0, 1.0).item() for x in (0.1, 0.5, 0.9)] == pytest.approx(
        [0.125, 0.625, 0.875]
    )
    with pytest.raises(ValueError, match="a quantile lies between 0 and 1: 1"):
        quantile(counts, 1, 0.0, 1.0)


def test_the_table_and_the_margins_read_as_they_say() -> None:
    found = simulate(flat({"a": (60,), "b": (50,)}), draws=300, seed=1)
    table = found.table.set_index("strategy")
    assert table.loc["a", "mean"] == pytest.approx(60, abs=1e-6)
    assert table.loc["a", "median"] == pytest.approx(60, abs=0.1)
    assert table["expected_rank"].tolist() == [1, 2]
    assert found.margin(0.5)[0, 0, 1] == pytest.approx(0.1, abs=0.0025)
    assert found.margin(0.5)[0, 1, 0] == -found.margin(0.5)[0, 0, 1]
    assert repr(found) == "<Simulation of 'Flat', 512 draws, seed 1>"
