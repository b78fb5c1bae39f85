"""What it is worth to find out more, for studies: by quadrature, laws, and the example."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import integrate, stats

import assess
from assess.model import Rating, Study
from assess.reporting.txt import render_worth
from assess.simulation import InformationWorth, information_worth
from tests.builders import judged
from tests.test_simulation import flat
from tests.test_sureness import settled, with_rows

EQUAL = judged({"c0": 50, "c1": 50})


def one_sided(half_width: float) -> Study:
    """Return a study in which A is at 50 and 50 and B at 52 and 50, all equally unsure."""
    return flat({"a": (50, 50), "b": (52, 50)}, EQUAL, half_width=half_width)


def by_quadrature(centre: float, half_width: float, rival: float) -> float:
    """Return E max(X / 2 + 25, rival) - max(centre / 2 + 25, rival) of a triangular X."""
    low = centre - half_width
    x = stats.triang(0.5, loc=low, scale=2 * half_width)
    better = integrate.quad(
        lambda v: x.pdf(v) * max(v / 2 + 25, rival), low, low + 2 * half_width, points=[centre]
    )[0]
    return float(better - max(centre / 2 + 25, rival))


def test_a_rating_is_worth_what_quadrature_says() -> None:
    found = information_worth(one_sided(20), draws=15_000)
    assert found.choice == "b"
    for strategy, criterion, expected in (
        ("a", "c0", by_quadrature(50, 20, 51)),
        ("a", "c1", by_quadrature(50, 20, 51)),
    ):
        worth = found.ratings[strategy, criterion]
        assert 100 * worth.value == pytest.approx(expected, abs=100 * 4 * worth.error + 0.05)
    assert found.criteria["c0"].value > found.ratings["a", "c0"].value
    assert found.everything.value > found.criteria["c0"].value


def test_where_only_one_criterion_is_unsure_it_is_worth_everything() -> None:
    study = flat({"a": (50, 50), "b": (52, 50)}, EQUAL)
    rows = [
        row.model_copy(update={"low": 20.0, "high": 80.0}) if row.criterion == "c0" else row
        for row in study.ratings
    ]
    found = information_worth(with_rows(study, *rows), draws=5_000)
    assert found.everything.value > 0.01
    assert found.criteria["c0"].value == pytest.approx(found.everything.value, rel=1e-9)
    assert found.criteria["c1"].value == 0
    assert {found.ratings[key, "c1"].value for key in ("a", "b")} == {0}


def test_weights_are_preferences_and_worth_nothing_to_find_out() -> None:
    study = settled(flat({"a": (90, 10), "b": (10, 90)}), weight_spread=0.9)
    assert information_worth(study, draws=2_000).everything.value < 1e-12


def test_what_has_no_weight_is_worth_nothing() -> None:
    study = flat({"a": (50, 50), "b": (52, 50)}, judged({"c0": 100, "c1": 0}), half_width=20)
    found = information_worth(study, draws=5_000)
    assert 100 * found.criteria["c1"].value < found.criteria["c0"].value


def differing(analysts: str) -> Study:
    """Return a study on whose best strategy two analysts differ, each being sure."""
    study = flat({"a": (50,), "b": (50,)}, judged({"c0": 100}))
    said = {"ana": {"a": 80, "b": 40}, "ben": {"a": 40, "b": 60}}
    rows = [
        Rating(analyst=key, strategy=t, criterion="c0", rating=float(level))
        for key, levels in said.items()
        for t, level in levels.items()
    ]
    settings: dict[str, Any] = {"analysts": analysts}
    return settled(with_rows(study, *rows, analysts=("ana", "ben")), **settings)


def test_knowing_whose_view_is_right_is_worth_what_it_changes() -> None:
    """Half of the time ben is right, and B is 20 points better than A, the choice on average."""
    found = information_worth(differing("pool"), draws=8_000)
    assert found.choice == "a"
    assert 100 * found.view.value == pytest.approx(10, abs=400 * found.view.error)
    assert found.view.value == pytest.approx(found.everything.value, rel=1e-6)
    assert information_worth(differing("mean"), draws=1_000).view.value == 0


def test_without_a_choice_nothing_is_worth_finding_out() -> None:
    found = information_worth(flat({"a": (50, 50)}, half_width=20), draws=1_000)
    assert (found.choice, found.everything.value, dict(found.criteria)) == ("a", 0, {})
    assert list(found.table["what"]) == ["everything", "view"]


@pytest.fixture(scope="module")
def mali() -> InformationWorth:
    return information_worth(assess.load("mali"), draws=2_048)


def test_the_table_begins_with_what_is_worth_most(mali: InformationWorth) -> None:
    table = mali.table
    assert table["points"].is_monotonic_decreasing
    assert table.iloc[0]["what"] == "everything"
    assert set(table["what"]) == {"everything", "criterion", "rating", "view"}
    excluded = {"continue_as_now", "sovereign_build_up"}
    assert not excluded & set(table["strategy"])
    part = [worth.value for worth in mali.criteria.values()]
    assert max(part) < mali.everything.value
    assert min(part) >= 0


def test_the_same_study_gives_the_same_worths(mali: InformationWorth) -> None:
    again = information_worth(assess.load("mali"), draws=2_000)
    assert again.draws == mali.draws == 2_048
    assert again.criteria == mali.criteria
    assert np.array_equal(again.table["points"], mali.table["points"])


def test_a_scenario_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^there is no scenario 'budget' \("):
        information_worth(assess.load("mali"), "budget")
    with pytest.raises(ValueError, match=r"^draws are at least 1: 0$"):
        information_worth(assess.load("mali"), draws=0)


# The page


def printed(study: Study, draws: int = 2_048) -> str:
    """Return the page on one line a sentence."""
    return " ".join(render_worth(information_worth(study, draws=draws)).split())


def test_the_page_says_what_one_would_choose_and_what_it_costs_to_be_wrong() -> None:
    told = printed(differing("pool"), 8_000)
    assert "By its mean total one would choose a today." in told
    assert "that is what it costs to be wrong." in told
    assert "Knowing whose view is right, where analysts differ, would be worth" in told
    assert "C0: b" in told or "c0: b" in told
    assert "2: 40 to 60" in told


def test_the_page_names_whom_to_ask() -> None:
    study = one_sided(20)
    told = printed(with_rows(study, *study.ratings, analysts=("ana", "ben")))
    assert "1: 50; ask ben" in told


def test_where_there_is_no_choice_the_page_says_so() -> None:
    told = printed(flat({"a": (50, 50)}, half_width=20))
    assert "There is nothing to choose between" in told
    assert "CRITERIA" not in told


def test_the_command_line_says_what_to_find_out_next(tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "assess", "next", *arguments]
        return subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path)

    done = run("mali", "--draws", "512", "--scenario", "budget_squeeze")
    assert done.returncode == 0, done.stderr
    assert "WHAT IT IS WORTH TO KNOW MORE (BUDGET SQUEEZE)" in done.stdout
    assert "ILLUSTRATIVE" in done.stdout
    wrong = run("mali", "--scenario", "budget")
    assert (wrong.returncode, wrong.stdout) == (1, "")
    assert "no scenario 'budget' (" in wrong.stderr
