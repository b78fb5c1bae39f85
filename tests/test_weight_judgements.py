"""Judgements of weights in studies: bounds, what is refused of them, their centroid and draws."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import assess
from assess import Study, StudyError, Weights, simulate
from assess.cli import list_names
from assess.differences import Names, input_differences
from assess.files.new import new_study
from assess.model import Choice, Criterion, Stakeholder
from assess.simulation.block import chance, weighed
from assess.simulation.plan import plan
from assess.simulation.sources import variance_shares
from assess.simulation.weights import measures
from assess.summary.basis import weights as weights_section
from assess.summary.simulated import summarise_simulation
from assess.tables import node_weights
from assess.weight_bounds import allowed
from assess.weight_sets import Walk
from tests.test_simulation import flat, near

FREE = (0.0, 1.0)


def bound(judgements: Mapping[str, Any], **more: Any) -> Weights:
    """Return weights that bounds allow."""
    return Weights(method=Choice(name="bounds"), judgements=judgements, **more)


def free(count: int, **more: Any) -> Weights:
    """Return weights of so many children whose ranges say nothing."""
    return bound({f"c{i}": FREE for i in range(count)}, **more)


def studied(held: Weights) -> Study:
    """Return a study whose only node is weighed so."""
    count = len(held.judgements)
    best = {f"s{i}": tuple(100.0 * (i == j) for j in range(count)) for i in range(count)}
    return flat(best, held)


def drawn(study: Study, blocks: int = 20) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return drawn weights of the root's children [child, scenario, draw]."""
    made = plan(study)
    held = [weighed(made, chance(made, "sfc64", 3, block))[0] for block in range(blocks)]
    return np.concatenate(held, axis=-1)


# Numbers


def test_an_order_alone_counts_at_the_rank_order_centroid() -> None:
    """Barron and Barrett (1996): 11/18, 5/18, 2/18 for three."""
    held = node_weights(free(3, before=(("c1", "c0"), ("c0", "c2"))))
    assert list(held) == ["c0", "c1", "c2"]
    assert [*held.values()] == pytest.approx([5 / 18, 11 / 18, 2 / 18])


def test_a_range_of_one_of_two_counts_at_its_middle() -> None:
    assert dict(node_weights(bound({"c0": (0.2, 0.5), "c1": FREE}))) == pytest.approx(
        {"c0": 0.35, "c1": 0.65}
    )


def test_a_ratio_of_two_counts_at_the_middle_of_the_weights_it_allows() -> None:
    """Twice to four times: 2/3 to 4/5 of the whole."""
    held = node_weights(
        free(2, ratios=({"of": "c0", "to": "c1", "at_least": 2.0, "at_most": 4.0},))
    )
    assert held["c0"] == pytest.approx((2 / 3 + 4 / 5) / 2)


def test_single_numbers_fix_weights() -> None:
    assert dict(node_weights(bound({"c0": 0.5, "c1": 0.3, "c2": 0.2}))) == pytest.approx(
        {"c0": 0.5, "c1": 0.3, "c2": 0.2}
    )
    assert node_weights(bound({"c0": 1}))["c0"] == 1.0


def test_the_report_weighs_at_the_centroid() -> None:
    study = studied(free(3, before=(("c0", "c1"), ("c1", "c2"))))
    score = assess.evaluate(study).score[0, :, 0]
    np.testing.assert_allclose(score, [11 / 18, 5 / 18, 2 / 18])


def test_draws_in_an_order_have_the_moments_of_uniform_weights_in_that_order() -> None:
    """Spacings in falling order: a sum of k exponentials over (n + 1) of them, in closed form."""
    held = drawn(studied(free(3, before=(("c0", "c1"), ("c1", "c2")))), 80)[:, 0]
    near(held.mean(axis=-1), [11 / 18, 5 / 18, 2 / 18], held.shape[-1], spread=0.2)
    near((held[2] < 1 / 9).mean(), 5 / 9, held.shape[-1])  # w3 = Dirichlet share / 3


def test_two_criteria_with_a_ratio_are_uniform_between_its_ends() -> None:
    """w1 uniform in [2/3, 4/5]: (1, 0) beats 0.75 of everything where w1 > 0.75."""
    ratio = {"of": "c0", "to": "c1", "at_least": 2.0, "at_most": 4.0}
    study = flat({"a": (100, 0), "b": (75, 75)}, free(2, ratios=(ratio,)))
    found = simulate(study, draws=20_000, seed=6)
    near(found.first[0], [(4 / 5 - 3 / 4) / (4 / 5 - 2 / 3), 5 / 8], found.draws)
    near(found.mean[0, 0, 0], (2 / 3 + 4 / 5) / 2, found.draws, spread=0.04)


def test_a_rank_order_by_bounds_accepts_as_often_as_one_by_ranks() -> None:
    """First where w1 > 1/2, of w1 >= w2 >= w3: the area beyond it, 3/4 of the whole."""
    values = {"a": (100.0, 0.0, 0.0), "b": (50.0, 50.0, 50.0)}
    order = free(3, before=(("c0", "c1"), ("c1", "c2")))
    ranks = Weights(method=Choice(name="rank_sum"), judgements={"c0": 1, "c1": 2, "c2": 3})
    for held in (order, ranks):
        found = simulate(flat(values, held), draws=20_000, seed=7)
        near(found.first[0], [3 / 4, 1 / 4], found.draws)


def test_many_children_in_narrow_ranges_are_drawn_by_walks_that_stay_within() -> None:
    held = bound({f"c{i}": (0.05, 0.15) for i in range(12)})
    assert isinstance(allowed(held), Walk)
    found = drawn(studied(held), 4)[:, 0]
    assert found.min() > 0.05 - 1e-9
    assert found.max() < 0.15 + 1e-9
    near(found.mean(axis=-1), 1 / 12, found.shape[-1], spread=0.05)


# Laws


@st.composite
def judgements(draw: st.DrawFn) -> Weights:
    """Draw bounds that some weights in the middle of them satisfy."""
    count = draw(st.integers(2, 5))
    points = draw(st.lists(st.integers(1, 9), min_size=count, max_size=count))
    inside = {f"c{i}": given / sum(points) for i, given in enumerate(points)}
    wide = draw(st.sampled_from([0.05, 0.3, 1.0]))
    ranges = {key: (max(w - wide, 0.0), min(w + wide, 1.0)) for key, w in inside.items()}
    first, second = draw(st.permutations(list(inside)))[:2]
    ratio = inside[first] / inside[second]
    before = ((first, second),) if draw(st.booleans()) and ratio > 1 else ()
    ends = {"at_least": 0.8 * ratio, "at_most": 1.3 * ratio}
    ratios = ({"of": first, "to": second, **ends},) if draw(st.booleans()) else ()
    return bound(ranges, before=before, ratios=ratios)


def obeys(held: Weights, weights: Mapping[str, Any]) -> bool:
    """Whether weights satisfy all that was judged of them."""
    near_by, kept = 1e-9, []
    for key, ends in held.judgements.items():
        low, high = ends if isinstance(ends, tuple) else (ends, ends)
        kept += [weights[key] >= low - near_by, weights[key] <= high + near_by]
    kept += [weights[i] >= weights[j] - near_by for i, j in held.before]
    for ratio in held.ratios:
        if ratio.at_least is not None:
            kept.append(weights[ratio.of] >= ratio.at_least * weights[ratio.to] - near_by)
        if ratio.at_most is not None:
            kept.append(weights[ratio.of] <= ratio.at_most * weights[ratio.to] + near_by)
    return bool(np.all(kept))


@pytest.mark.law
@given(held=judgements())
def test_every_draw_and_the_centroid_obey_the_judgements(held: Weights) -> None:
    found = drawn(studied(held), 2)[:, 0]
    assert obeys(held, dict(zip(sorted(held.judgements), found, strict=True)))
    assert obeys(held, node_weights(held))
    np.testing.assert_allclose(found.sum(axis=0), 1)
    assert (found.std(axis=1) > 0).any()


@pytest.mark.law
@given(held=judgements(), data=st.data())
def test_the_order_in_which_children_are_judged_changes_no_weight(
    held: Weights, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(list(held.judgements)))
    other = held.model_copy(update={"judgements": {key: held.judgements[key] for key in order}})
    assert dict(node_weights(other)) == dict(node_weights(held))
    np.testing.assert_array_equal(drawn(studied(other), 1), drawn(studied(held), 1))


# Scenarios


def in_scenarios(study: Study, *held: Weights | None, **of: Mapping[str, str]) -> Study:
    """Return a study with one scenario for each of these weights of its root."""
    scenarios = [
        study.scenarios[0].model_copy(
            update={"id": f"x{i}", "weights": {study.tree.id: w} if w else {}, **of}
        )
        for i, w in enumerate(held)
    ]
    return study.model_copy(update={"scenarios": scenarios})


def test_scenarios_with_the_same_bounds_draw_the_same_weights_once() -> None:
    held = free(4, before=(("c0", "c1"), ("c2", "c1")))
    again = held.model_copy(update={"reason": "the same again"})
    points = Weights(method=Choice(name="points"), judgements=dict.fromkeys(held.judgements, 1.0))
    study = in_scenarios(studied(held), held, points, again, None, points)
    assert plan(study).groups[0].alike.tolist() == [0, 1, 0, 3, 1]
    found = drawn(study, 1)
    np.testing.assert_array_equal(found[:, 0], found[:, 2])
    np.testing.assert_array_equal(found[:, 1], found[:, 4])
    for place, alone in ((1, points), (3, None)):
        only = drawn(in_scenarios(studied(held), alone), 1)
        np.testing.assert_array_equal(only[:, 0], found[:, place])


def test_a_child_that_does_not_apply_is_left_out_and_the_rest_keep_their_ratios() -> None:
    held = free(3, ratios=({"of": "c0", "to": "c1", "at_least": 2.0, "at_most": 2.0},))
    study = studied(held)
    gone = in_scenarios(study, held, not_applicable={"c2": "makes no sense"})
    found = drawn(gone, 2)[:, 0]
    assert (found[2] == 0).all()
    np.testing.assert_allclose(found[0], 2 * found[1])
    np.testing.assert_allclose(found.sum(axis=0), 1)


def test_other_studies_draw_what_they_drew_before_there_were_bounds() -> None:
    """The numbers of bounds come last in a block, and are none where there are no bounds."""
    mali = plan(assess.load("mali"))
    numbers = chance(mali, "sfc64", 0, 0)
    assert numbers.bounds.shape == (0, mali.block)
    walks = studied(bound({f"c{i}": (0.05, 0.15) for i in range(12)}))
    plain = in_scenarios(walks, None)
    base, more = (chance(plan(study), "sfc64", 0, 0) for study in (plain, walks))
    np.testing.assert_array_equal(base.weights, more.weights)
    np.testing.assert_array_equal(base.order, more.order)
    assert len(more.bounds) > 100


# Stakeholders


def asked(method: str = "points", **of: tuple[float, Mapping[str, Any]]) -> Weights:
    """Return weights of stakeholders, each with a share and judgements."""
    said = {name: Stakeholder(share=share, judgements=held) for name, (share, held) in of.items()}
    return Weights(method=Choice(name=method), stakeholders=said)


def two_nodes(root: Weights, below: Weights) -> Study:
    """Return a study of criteria c0 and g, which has c1 and c2 below it."""
    study = flat({"a": (100, 0, 50), "b": (0, 100, 0)}, weight_spread=0.0)
    under = dict.fromkeys(("c1", "c2"), "g")
    criteria = {
        key: item.model_copy(update={"parent": under.get(key)})
        for key, item in study.tree.criteria.items()
    }
    tree = study.tree.model_copy(update={"criteria": {**criteria, "g": Criterion()}})
    scenario = study.scenarios[0].model_copy(update={"weights": {"flat": root, "g": below}})
    return study.model_copy(update={"tree": tree, "scenarios": (scenario,)})


ROOT = asked(town=(3.0, {"c0": 3.0, "g": 1.0}), army=(1.0, {"c0": 1.0, "g": 1.0}))
BELOW = asked(army=(1.0, {"c1": 1.0, "c2": 4.0}), town=(3.0, {"c1": 1.0, "c2": 1.0}))


def test_the_weight_is_the_mean_of_the_stakeholders_weights_by_their_shares() -> None:
    assert node_weights(ROOT)["c0"] == pytest.approx((3 * 0.75 + 0.5) / 4)
    assert node_weights(BELOW)["c1"] == pytest.approx((3 * 0.5 + 0.2) / 4)
    equal = Weights(
        method=Choice(name="points"),
        stakeholders={
            "town": Stakeholder(judgements={"c0": 1.0, "g": 0.0}),
            "army": Stakeholder(judgements={"c0": 1.0, "g": 1.0}),
        },
    )
    assert dict(node_weights(equal)) == {"c0": 0.75, "g": 0.25}


def test_each_draw_takes_one_stakeholder_for_the_whole_tree() -> None:
    study = two_nodes(ROOT, BELOW)
    assert assess.check(study) == ()
    made = plan(study)
    draws = [weighed(made, chance(made, "sfc64", 3, block)) for block in range(40)]
    root, below = (np.concatenate(each, axis=-1)[0, 0] for each in zip(*draws, strict=True))
    town = np.isclose(root, 0.75)
    np.testing.assert_allclose(root[~town], 0.5)
    np.testing.assert_allclose(below[town], 0.5)
    np.testing.assert_allclose(below[~town], 0.2)
    near(town.mean(), 3 / 4, len(town))


def test_a_node_that_all_judge_alike_is_drawn_as_if_there_were_no_stakeholders() -> None:
    plain = Weights(method=Choice(name="rank_sum"), judgements={"c1": 1, "c2": 2})
    made, alone = plan(two_nodes(ROOT, plain)), plan(two_nodes(plain_root(), plain))
    mixed, only = (weighed(x, chance(x, "sfc64", 3, 0))[1] for x in (made, alone))
    np.testing.assert_array_equal(mixed, only)


def plain_root() -> Weights:
    """Return weights of the root of two nodes that nobody disputes."""
    return Weights(method=Choice(name="points"), judgements={"c0": 1.0, "g": 1.0})


def test_stakeholders_may_judge_by_bounds_and_each_draw_obeys_one_of_them() -> None:
    held = asked(
        "bounds",
        town=(1.0, {"c0": (0.7, 1.0), "c1": FREE}),
        army=(1.0, {"c0": (0.0, 0.2), "c1": FREE}),
    )
    assert node_weights(held)["c0"] == pytest.approx((0.85 + 0.1) / 2)
    study = flat({"a": (100, 0), "b": (0, 100)}, held)
    found = drawn(study)[0, 0]
    town = found > 0.5
    assert found[town].min() >= 0.7 - 1e-12
    assert found[~town].max() <= 0.2 + 1e-12
    near(town.mean(), 1 / 2, len(town))
    assert list(measures(study)) == [
        "of one of 2 stakeholders a draw, uniform over the weights that the bounds allow (exact, "
        "1 piece)"
    ]


def test_a_simulation_counts_each_stakeholder_in_as_many_draws_as_its_share() -> None:
    """The total of (1, 0, 0.5): 0.75 + 0.25 x 0.25 for the town, 0.5 + 0.5 x 0.4 for the army."""
    found = simulate(two_nodes(ROOT, BELOW), draws=20_000, seed=9)
    near(found.mean[0, 0, 0], (3 * 0.8125 + 0.7) / 4, found.draws, spread=0.05)


def test_the_order_in_which_stakeholders_are_named_changes_no_draw() -> None:
    turned = ROOT.model_copy(update={"stakeholders": dict([*ROOT.stakeholders.items()][::-1])})
    one, other = (plan(two_nodes(root, BELOW)) for root in (ROOT, turned))
    first, second = (weighed(made, chance(made, "sfc64", 3, 0))[0] for made in (one, other))
    np.testing.assert_array_equal(first, second)


def test_the_doubt_about_stakeholders_is_a_doubt_about_weights() -> None:
    shares = variance_shares(two_nodes(ROOT, BELOW), draws=512)
    assert shares.common == ("weights",)
    assert shares.largest(shares.totals) == (("weights", "weights"),)


SHARES = "a draw takes one of them for the whole tree: write the same at both"


@pytest.mark.parametrize(
    ("root", "below", "path", "message", "hint"),
    [
        (
            ROOT,
            asked(town=(3.0, {"c1": 1.0, "c2": 4.0}), navy=(1.0, {"c1": 1.0, "c2": 1.0})),
            "g.stakeholders",
            "'town', 'navy' are asked here, 'town', 'army' at 'flat'",
            "a draw takes one of them for the whole tree: name the same at both",
        ),
        (
            ROOT,
            asked(town=(2.0, {"c1": 1.0, "c2": 4.0}), army=(1.0, {"c1": 1.0, "c2": 1.0})),
            "g.stakeholders.town.share",
            "share 2 here, 3 at 'flat'",
            SHARES,
        ),
        (
            ROOT,
            asked(town=(3.0, {"c1": 1.0, "cc2": 4.0}), army=(1.0, {"c1": 1.0, "c2": 1.0})),
            "g.stakeholders.town.judgements.cc2",
            "'cc2' is no scored child of 'g'",
            "did you mean 'c2'?",
        ),
        (
            ROOT,
            asked(town=(3.0, {"c1": 1.0}), army=(1.0, {"c1": 1.0, "c2": 1.0})),
            "g.stakeholders.town.judgements",
            "no judgement for 'c2'",
            "judge every child; 0 leaves one out",
        ),
        (
            ROOT.model_copy(update={"judgements": {"c0": 1.0, "g": 1.0}}),
            BELOW,
            "flat.judgements",
            "has judgements of its own and those of stakeholders: not both",
            "remove one of the two",
        ),
        (
            asked(town=(0.0, {"c0": 1.0, "g": 1.0})),
            plain_root().model_copy(update={"judgements": {"c1": 1.0, "c2": 1.0}}),
            "flat.stakeholders",
            "all shares are 0",
            "leave the shares out, and all are equal",
        ),
        (
            asked("bounds", town=(1.0, {"c0": (0.6, 1.0), "g": (0.5, 1.0)})),
            plain_root().model_copy(update={"judgements": {"c1": 1.0, "c2": 1.0}}),
            "flat.stakeholders.town.judgements",
            "no weights satisfy c0 at least 0.6; g at least 0.5",
            "loosen one of them; without any one of them there are weights",
        ),
    ],
)
def test_faults_of_stakeholders_are_told(
    root: Weights, below: Weights, path: str, message: str, hint: str
) -> None:
    found = [
        (".".join(map(str, problem.path)), problem.message, problem.hint)
        for problem in assess.check(two_nodes(root, below))
    ]
    assert found == [(f"weights.{path}", message, hint)]


def test_the_page_and_a_comparison_say_what_stakeholders_count() -> None:
    study = two_nodes(ROOT, BELOW)
    assert weights_section(assess.evaluate(study)).lines[1] == (
        "Stakeholders at flat, g: army 25 %, town 75 %; the mean of their weights by these shares "
        "counts."
    )
    after = two_nodes(ROOT, asked(army=(1.0, {"c1": 1, "c2": 4}), town=(3.0, {"c1": 1, "c2": 2})))
    (found,) = input_differences(study, after, Names.of(study, after))
    assert found.message == (
        "were points(army (share 1): c1 1, c2 4; town (share 3): c1 1, c2 1), are points(army "
        "(share 1): c1 1, c2 4; town (share 3): c1 1, c2 2)"
    )


def test_stakeholders_are_read_from_a_file(tmp_path: Path) -> None:
    text = """method = "points"

[weights.my_tree.stakeholders.town]
share = 3
judgements = { results = 3, practice = 1 }

[weights.my_tree.stakeholders.army]
judgements = { results = 1, practice = 1 }"""
    held = assess.load(written(tmp_path / "study", text)).scenarios[0].weights["my_tree"]
    assert node_weights(held)["results"] == pytest.approx((3 * 0.75 + 0.5) / 4)


# Files and faces

START = "[weights.my_tree]"


def written(folder: Path, weights: str) -> Path:
    """Write the study to start from with other weights of its root: results and practice."""
    new_study(folder)
    path = next((folder / "scenarios").glob("*.toml"))
    text = path.read_text(encoding="utf-8")
    head, rest = text.split(START)
    tail = rest.split("\n[", 1)[1:]
    path.write_text(f"{head}{START}\n{weights}\n" + "".join(f"\n[{t}" for t in tail), "utf-8")
    return folder


BOUNDS = """method = "bounds"
judgements = { results = [0.3, 0.8], practice = [0, 1] }
before = [["results", "practice"]]
ratios = [{ of = "results", to = "practice", at_most = 3 }]"""


def test_bounds_are_read_from_a_file(tmp_path: Path) -> None:
    study = assess.load(written(tmp_path / "study", BOUNDS))
    held = study.scenarios[0].weights["my_tree"]
    assert held.judgements == {"results": (0.3, 0.8), "practice": (0, 1)}
    assert held.before == (("results", "practice"),)
    assert held.ratios[0].at_least is None
    assert node_weights(held)["results"] == pytest.approx((0.5 + 0.75) / 2)


def refused(folder: Path, weights: str) -> list[str]:
    """Return what is said of a study with such weights, without the folder."""
    with pytest.raises(StudyError) as raised:
        assess.load(written(folder / "study", weights))
    return [str(problem).replace(f"{folder}/", "") for problem in raised.value.problems]


ANY = 'method = "bounds"\njudgements = { results = [0, 1], practice = [0, 1] }\n'
FILE = "scenarios/my_scenario.toml"
LOOSEN = "(loosen one of them; without any one of them there are weights)"
CASES = (
    (
        'method = "points"\njudgements = { results = 1, practice = 1 }\n'
        'before = [["results", "practice"]]',
        "10:10: weights.my_tree.before: the method points takes judgements alone (write method = "
        '"bounds", and judgements as ranges of weights: [0, 1])',
    ),
    (
        'method = "swing"\njudgements = { results = 100, practice = 1 }\n'
        'ratios = [{ of = "results", to = "practice", at_least = 2 }]',
        "10:10: weights.my_tree.ratios: the method swing takes judgements alone (write method = "
        '"bounds", and judgements as ranges of weights: [0, 1])',
    ),
    (
        ANY.replace("bounds", "bound"),
        "8:10: weights.my_tree.method: method 'bound' is unknown (did you mean 'bounds'?)",
    ),
    (
        'method = { name = "bounds", steps = 3 }\njudgements = { results = 1, practice = 0 }',
        "8:37: weights.my_tree.method.steps: method bounds takes no argument 'steps' (it takes "
        "none)",
    ),
    (
        'method = "bounds"\njudgements = { results = [30, 80], practice = [0, 1] }',
        "9:26: weights.my_tree.judgements.results: a weight lies in 0 to 1: 30, 80 (write [0.3, "
        "0.8])",
    ),
    (
        'method = "bounds"\njudgements = { results = [0.8, 0.3], practice = [0, 1] }',
        "9:26: weights.my_tree.judgements.results: a range is written [low, high]: 0.8 is above "
        "0.3",
    ),
    (
        'method = "bounds"\njudgements = { results = [0, 1] }',
        "9:14: weights.my_tree.judgements: no judgement for 'practice' (judge every child; [0, 1] "
        "allows any weight)",
    ),
    (
        ANY + 'before = [["result", "practice"]]',
        "10:12: weights.my_tree.before.0.0: 'result' is no scored child of 'my_tree' (did you mean "
        "'results'?)",
    ),
    (
        ANY + 'before = [["practice", "practice"]]',
        "10:24: weights.my_tree.before.0.1: 'practice' is compared with itself (name two children)",
    ),
    (
        ANY + 'before = [["results", "practice", "other"]]',
        "10:11: weights.my_tree.before.0: ['results', 'practice', 'other'] has too many entries: "
        "at most 2",
    ),
    (
        ANY + 'ratios = [{ of = "results", to = "xyz", at_least = 2 }]',
        "10:34: weights.my_tree.ratios.0.to: 'xyz' is no scored child of 'my_tree' (choose from "
        "'results', 'practice')",
    ),
    (
        ANY + 'ratios = [{ of = "results", to = "practice" }]',
        "10:11: weights.my_tree.ratios.0: no ratio of 'results' to 'practice' (write at_least = 2, "
        "or at_most = 3, or both)",
    ),
    (
        ANY + 'ratios = [{ of = "results", to = "practice", at_least = 0 }]',
        "10:57: weights.my_tree.ratios.0.at_least: a ratio of two weights is a number above 0: 0",
    ),
    (
        ANY + 'ratios = [{ of = "results", to = "practice", at_least = 3, at_most = 2 }]',
        "10:57: weights.my_tree.ratios.0.at_least: at_least 3 is above at_most 2 (exchange the "
        "two)",
    ),
    (
        ANY + 'ratios = [{ of = "results", to = "practice", at_leat = 3 }]',
        "10:56: weights.my_tree.ratios.0.at_leat: unknown key 'at_leat' (did you mean 'at_least'?)",
    ),
    (
        'method = "bounds"\njudgements = { results = [0.6, 1], practice = [0.5, 1] }\n'
        'before = [["results", "practice"]]',
        "9:14: weights.my_tree.judgements: no weights satisfy practice at least 0.5; results at "
        f"least 0.6 {LOOSEN}",
    ),
    (
        'method = "bounds"\njudgements = { results = [0, 0.5], practice = [0, 0.5] }',
        "9:14: weights.my_tree.judgements: only weights at the very limits satisfy practice at "
        f"most 0.5; results at most 0.5 {LOOSEN}",
    ),
    (
        ANY + 'before = [["results", "practice"], ["practice", "results"]]',
        "9:14: weights.my_tree.judgements: only weights at the very limits satisfy results before "
        f"practice; practice before results {LOOSEN}",
    ),
)


@pytest.mark.parametrize(("weights", "told"), CASES)
def test_faults_are_told_with_place_value_and_what_to_write(
    tmp_path: Path, weights: str, told: str
) -> None:
    assert refused(tmp_path, weights) == [f"{FILE}:{told}"]


def test_the_page_says_what_the_bounds_are(tmp_path: Path) -> None:
    study = assess.load(written(tmp_path / "study", BOUNDS))
    lines = weights_section(assess.evaluate(study)).lines
    assert lines[:2] == (
        "Reference: elicited at 1 of 1 nodes (bounds 1).",
        "Effectiveness: Results 30 to 80 %; Results at least as much as Practice; Results at most "
        "3 times Practice; the centroid of all weights that this allows counts.",
    )


def test_measures_say_in_words_how_weights_are_drawn_and_where() -> None:
    order = free(4, before=(("c0", "c1"), ("c1", "c2"), ("c2", "c3")))
    keys = tuple(order.judgements)

    def by(method: str, *judged: Any) -> Weights:
        return Weights(method=Choice(name=method), judgements=dict(zip(keys, judged, strict=True)))

    study = in_scenarios(
        studied(order),
        order,
        bound({**order.judgements, "c0": (0.0, 0.5)}),
        bound(dict(zip(keys, (0.1, 0.2, 0.3, 0.4), strict=True))),
        by("rank_sum", 1, 2, 3, 4),
        by("points", 1, 2, 3, 4),
        by("points", 1, 2, 3, (4, 5)),
        by("points", *[(4, 5)] * 4),
        by("equal", 1, 1, 1, 1),
        None,
        order,
    )
    by_sum = "before they are divided by their sum"
    assert {words: [s for _, s in where] for words, where in measures(study).items()} == {
        "uniform over the weights that the bounds allow (exact, 1 piece)": ["x0", "x9"],
        "uniform over the weights that the bounds allow (exact, 3 pieces)": ["x1"],
        "the only weights that the bounds allow": ["x2"],
        "uniform over the weights that keep the order, equal ranks sharing their mean": ["x3"],
        f"points up to 0 % off {by_sum}": ["x4"],
        f"points within their ranges, single numbers up to 0 % off, {by_sum}": ["x5"],
        f"points within their ranges {by_sum}": ["x6"],
        "uniform over all weights: the method equal elicits none": ["x7"],
        "uniform over all weights: nobody elicited any": ["x8"],
    }


def test_measures_of_walks_name_their_steps_and_how_far_they_agree() -> None:
    held = bound({f"c{i}": (0.05, 0.15) for i in range(12)})
    made = allowed(held)
    assert isinstance(made, Walk)
    assert list(measures(studied(held))) == [
        "uniform over the weights that the bounds allow (hit-and-run, 55 steps, R-hat "
        f"{made.rhat:.2f})"
    ]


def test_the_page_of_a_simulation_names_the_measures_and_where_they_hold() -> None:
    study = in_scenarios(studied(free(2)), free(2), None, None)
    sections = summarise_simulation(simulate(study, draws=256)).sections
    (drawn_so,) = [section for section in sections if section.title == "What is drawn"]
    assert drawn_so.lines[1:3] == (
        "Weights under flat (1 of 3 scenarios): uniform over the weights that the bounds allow "
        "(exact, 1 piece).",
        "Weights under flat (2 of 3 scenarios): uniform over all weights: nobody elicited any.",
    )


def test_a_comparison_notices_an_order_that_was_added() -> None:
    before = studied(free(2))
    after = studied(free(2, before=(("c0", "c1"),)))
    (found,) = input_differences(before, after, Names.of(before, after))
    assert found.what == "weights"
    assert found.message == (
        "were bounds(c0 0-1, c1 0-1), are bounds(c0 0-1, c1 0-1; c0 at least as much as c1)"
    )


def test_bounds_that_are_the_same_have_the_same_content_and_others_have_not() -> None:
    one, other = free(2, before=(("c0", "c1"),)), free(2, before=(("c1", "c0"),))
    assert one == free(2, before=(("c0", "c1"),))
    assert studied(one).digest != studied(other).digest


def test_bounds_are_listed_among_the_weighting_methods(
    capsys: pytest.CaptureFixture[str],
) -> None:
    list_names()
    told = capsys.readouterr().out.split("weighting methods:")[1].split("pooling:")[0]
    line = "Weigh at the centroid of all weights that ranges, orders and ratios allow."
    assert [*told.splitlines()[-1].split(maxsplit=1)] == ["bounds", line]
