"""Studies built in Python are checked as those from files are."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import assess
from assess import aggregation, tables, values
from assess.files.new import new_study
from assess.fingerprints import ranges
from assess.model import (
    Analyst,
    Choice,
    Criterion,
    Level,
    Ratings,
    Scale,
    Scenario,
    Strategy,
    ValueTree,
    Weights,
)

LEAF = Criterion(scale=Scale(worst=0, best=10))


def study(**changes: Any) -> assess.Study:
    """Return a sound study with some arguments changed."""
    sound: dict[str, Any] = {
        "name": "x",
        "as_of": date(2026, 1, 1),
        "tree": ValueTree(id="t", criteria={"a": LEAF, "b": LEAF}),
        "scenarios": [Scenario(id="s", tree="t")],
        "strategies": {"reform": Strategy()},
        "analysts": {"eva": Analyst()},
    }
    return assess.Study(**{**sound, **changes})


def problems(**changes: Any) -> list[str]:
    """Return what is wrong with a study, in words."""
    return [str(problem) for problem in assess.check(study(**changes))]


def test_the_study_that_the_others_change_is_sound() -> None:
    assert problems() == []


def test_a_study_needs_a_scenario() -> None:
    assert problems(scenarios=[]) == ["study: scenarios: a study needs at least one scenario"]


def test_two_scenarios_of_one_id_are_one_problem() -> None:
    twice = [Scenario(id="s", tree="t"), Scenario(id="s", tree="t", name="again")]
    assert problems(scenarios=twice) == ["scenario s: id: scenario id 's' is given twice"]


def test_a_tree_without_scored_criteria_is_one_problem() -> None:
    found = problems(tree=ValueTree(id="t", criteria={"a": Criterion(kind="context")}))
    assert found == [
        "tree: criteria: the tree has no scored criterion under its root (declare each as "
        "[criteria.ID]; one without a parent hangs under the root)"
    ]


def test_a_rule_of_the_users_own_with_an_argument_it_lacks_is_one_problem() -> None:
    tree = ValueTree(
        id="t",
        rule={"name": "mine", "share": 0.5},  # type: ignore[arg-type]  # as files write it
        criteria={"a": LEAF, "b": LEAF},
    )
    found = problems(tree=tree, rules={"mine": lambda v, w: (v * w).sum(-1)})
    assert found == ["tree: rule.share: rule mine takes no argument 'share' (it takes none)"]


def test_a_long_circle_is_shown_by_its_beginning() -> None:
    ring = {f"c{i}": Criterion(parent=f"c{(i + 1) % 40}") for i in range(40)}
    found = problems(tree=ValueTree(id="t", criteria={"a": LEAF, **ring}))
    shown = " > ".join([*(f"c{i}" for i in range(12)), "...", "c0"])
    assert f"goes round in a circle: {shown} (choose" in found[0]


def test_many_missing_judgements_are_counted() -> None:
    tree = ValueTree(id="t", criteria={f"c{i}": LEAF for i in range(20)})
    weights = {"t": {"method": "points", "judgements": {"c0": 1.0}}}
    scenario = Scenario(id="s", tree="t", weights=weights)  # type: ignore[arg-type]  # as files write it
    found = problems(tree=tree, scenarios=[scenario])
    assert len(found) == 1
    assert "'c12' and 7 more (judge every child; 0 leaves one out)" in found[0]


def test_ordinal_levels_have_no_arithmetic() -> None:
    scale = Scale(levels={"no": Level(worth=0, anchor="x"), "yes": Level(worth=1, anchor="y")})
    with pytest.raises(ValueError, match="give the position of a label"):
        values.worth(scale, [0.5])
    assert values.worth(scale, [0, 1, np.nan])[:2].tolist() == [0, 1]


@pytest.mark.parametrize("order_weights", [[0.5, 0.4], [1.5, -0.5], [[1.0]]])
def test_order_weights_that_are_no_weights_are_refused(order_weights: Any) -> None:
    with pytest.raises(ValueError, match="order weights are non-negative and sum to 1"):
        aggregation.ordered_weighted([1.0, 0.5], [0.5, 0.5], order_weights=order_weights)


def test_exponent_0_is_the_weighted_product() -> None:
    given = ([0.9, 0.3], [0.7, 0.3])
    assert aggregation.power_mean(*given, exponent=0) == aggregation.weighted_product(*given)


def test_columns_of_ratings_are_told_apart_by_name() -> None:
    cells: dict[str, list[Any]] = {
        "analyst": ["eva"],
        "strategy": ["reform"],
        "criterion": ["a"],
        "rating": [3],
    }
    assert problems(ratings=cells) == []
    with pytest.raises(assess.StudyError, match=r"unknown column 'sorce' \(did you mean 'source'"):
        study(ratings={**cells, "sorce": ["x"]})
    with pytest.raises(assess.StudyError, match="column 'rating' is missing"):
        study(ratings={key: cell for key, cell in cells.items() if key != "rating"})
    with pytest.raises(ValueError, match="column 'rating' stands twice"):
        assess.model.ratings.check_column_names([*cells, "rating"])
    assert len(Ratings.from_columns(cells)) == 1


def test_few_and_many_possible_keys_are_told_apart_alike() -> None:
    key = np.array([7, 3, 7, 0], dtype=np.int64)
    for size in (8, 50_000_001):
        found, place = tables.distinct(key, size)
        assert found.tolist() == [0, 3, 7]
        assert place.tolist() == [2, 1, 2, 0]


def test_a_study_is_started_in_a_folder_that_is_there_and_empty(tmp_path: Path) -> None:
    new_study(tmp_path)
    assert assess.check(assess.load(tmp_path)) == ()
    with pytest.raises(assess.StudyError, match="exists and is not empty"):
        new_study(tmp_path)


def test_a_changed_scale_makes_the_weights_above_it_stale_though_the_version_stays() -> None:
    def marked(**changes: Any) -> list[str]:
        mark = ranges(study().tree)["t"]
        held = Weights(
            method=Choice(name="points"), judgements={"a": 1.0, "b": 2.0}, ranges=mark[:12]
        )
        return problems(scenarios=[Scenario(id="s", tree="t", weights={"t": held})], **changes)

    assert marked() == []
    wider = Criterion(scale=Scale(worst=0, best=20))
    (found,) = marked(tree=ValueTree(id="t", criteria={"a": wider, "b": LEAF}))
    assert found.startswith("scenario s: weights.t.ranges: elicited against other scales: ")
    assert "(elicit again, or confirm the judgements and write ranges = " in found
    ruled = ValueTree(id="t", rule=Choice(name="weakest_link"), criteria={"a": LEAF, "b": LEAF})
    assert marked(tree=ruled) == []
