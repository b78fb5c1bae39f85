"""The examples: the scripts run and say what they promise, the data keeps what it promises."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import assess
from assess.files import packaged

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = sorted((ROOT / "examples").glob("[0-9]_*.py"))
PROMISES = {
    "1_first_report": "Highest point score",
    "2_own_study_in_python": "wetlands",
    "3_own_rule": "where the weakest group",
}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_runs_from_another_folder_without_a_warning(script: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", script],
        capture_output=True, text=True, cwd=tmp_path, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert PROMISES[script.stem] in done.stdout


def test_there_are_scripts_to_read_in_order() -> None:
    assert [path.stem for path in SCRIPTS] == list(PROMISES)


@pytest.mark.parametrize("scenario", list(packaged("scenarios")))
def test_every_packaged_scenario_can_be_run_alone(scenario: str) -> None:
    whole = assess.evaluate(assess.load("mali"))
    alone = assess.evaluate(whole.study.only(scenario))
    s = whole.study.scenario_ids.index(scenario)
    np.testing.assert_allclose(alone.score[0], whole.score[s], atol=1e-12)


def test_every_made_up_rating_says_so_and_every_rating_says_why() -> None:
    ratings = assess.load("mali").ratings
    assert ratings.basis.labels == ("illustrative",)
    for column in (ratings.rationale, ratings.source, ratings.date):
        assert "" not in column.labels


def test_the_example_shows_what_a_real_panel_shows() -> None:
    study = assess.load("mali")
    report = assess.evaluate(study)
    assert len(study.analysts) >= 3
    assert len({analyst.role for analyst in study.analysts.values()}) == len(study.analysts)
    assert [key for key, item in study.strategies.items() if item.baseline] == ["continue_as_now"]
    assert len({label for label in study.ratings.scenario.labels if label}) >= 2
    assert report.missing[0, :, 0].sum() > 0
    assert report.excluded[0].any()
    assert {"?", "withheld", "n/a"} <= set(study.ratings.rating.labels)
    assert set(study.ratings.confidence.labels) >= {"high", "moderate", "low"}


def test_history_holds_measured_figures_with_source_vintage_and_date_and_has_no_total() -> None:
    study = assess.load("mali_history")
    report = assess.evaluate(study)
    assert study.illustrative == ""
    assert study.ratings.basis.labels == ("measured",)
    for column in (study.ratings.source, study.ratings.vintage, study.ratings.date):
        assert "" not in column.labels
    assert np.isnan(report.score[:, :, 0]).all()
    assert (report.coverage[:, :, 0] < study.method.coverage_floor).all()
    assert not np.isnan(report.score[0, :, report.node("displacement")]).any()
    assert "No total" in str(report)


# Three-year means of yearly figures: UCDP country-year data v25.1; UNHCR Refugee Data Finder;
# SIPRI Military Expenditure Database v1.2. One-sided violence by others is all less government.
FIGURES = {
    ("years_2019_2021", "civilians_killed_by_armed_groups"): (455 + 512 + 216 - 0 - 257 - 48) / 3,
    ("years_2022_2024", "civilians_killed_by_armed_groups"): (1461 + 505 + 619 - 275 - 204 - 29)
    / 3,
    ("years_2019_2021", "civilians_killed_by_state_forces"): (0 + 257 + 48) / 3,
    ("years_2022_2024", "civilians_killed_by_state_forces"): (275 + 204 + 29) / 3,
    ("years_2019_2021", "displacement"): ((207751 + 332957 + 350110) + (164466 + 164588 + 183392))
    / 3000,
    ("years_2022_2024", "displacement"): ((379932 + 354739 + 360591) + (225726 + 249046 + 354075))
    / 3000,
    ("years_2019_2021", "defence_share_of_spending"): (11.89 + 13.02 + 12.57) / 3,
    ("years_2022_2024", "defence_share_of_spending"): (12.38 + 14.92 + 16.59) / 3,
    ("years_2019_2021", "defence_share_of_gdp"): (2.75 + 3.40 + 3.38) / 3,
    ("years_2022_2024", "defence_share_of_gdp"): (3.09 + 3.85 + 4.25) / 3,
}


def test_the_figures_of_history_are_the_means_of_the_published_ones() -> None:
    found = {
        (row.strategy, row.criterion): row.rating
        for row in assess.load("mali_history").ratings
        if row.rating != "?"
    }
    assert set(found) == set(FIGURES)
    for cell, figure in FIGURES.items():
        decimals = len(str(found[cell]).partition(".")[2])
        assert float(found[cell]) == pytest.approx(figure, abs=0.5 * 10**-decimals + 1e-9)


def test_every_section_of_the_subject_is_covered_and_every_level_is_anchored() -> None:
    tree = assess.load("mali").tree
    sections = {section for item in tree.criteria.values() for section in item.covers}
    assert len(sections) == 15
    assert tree.children[tree.id] == (
        "operational_success",
        "branch_interoperability",
        "partnership_impact",
        "budget_sustainability",
    )
    for leaf in tree.leaves:
        item = tree.criteria[leaf]
        assert item.unit, leaf
        assert item.kind, leaf
        assert item.source, leaf
        assert item.question, leaf
        assert None not in (item.acceptable, item.good), leaf
    for scenario in assess.load("mali").scenarios:
        assert all(held.reason for held in scenario.weights.values()), scenario.id
        assert all(held.against == tree.version for held in scenario.weights.values())


def test_no_packaged_text_states_a_memory_as_a_fact() -> None:
    for kind in ("criteria", "scenarios"):
        for path in packaged(kind).values():
            assert not re.search(r"\[[MV]\]", path.read_text(encoding="utf-8"))
