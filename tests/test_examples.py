"""The examples: the scripts run and say what they promise, the data keeps what it promises."""

import csv
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import assess
from assess.files import packaged
from assess.report import GATE_STATUSES
from tests.builders import SHARED

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = sorted((ROOT / "examples").glob("[0-9]_*.py"))
PROMISES = {
    "1_first_report": "Highest point score",
    "2_own_study_in_python": "wetlands",
    "3_own_rule": "where the weakest group",
    "4_peers_under_the_laws": "",  # tests/test_peers.py holds what it promises
}


@pytest.mark.long
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_runs_from_another_folder_without_a_warning(script: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", script, *(["1"] if script.stem.startswith("4") else [])],
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


def test_every_source_of_the_invented_register_says_that_it_is_invented() -> None:
    study = assess.load("mali")
    assert len(study.sources) >= 5
    for source in study.sources.values():
        assert source.title.startswith("Illustrative: ")
        assert (source.basis, source.sha256, source.link) == ("illustrative", "", "")
    used = {label for label in study.ratings.source.labels if label in study.sources}
    assert used == set(study.sources)


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


def test_the_example_has_gates_that_fail_pass_and_stay_open() -> None:
    report = assess.evaluate(assess.load("mali"))
    status = [GATE_STATUSES[number] for number in report.gates[0, :, 0]]
    assert set(status) == {"fail", "pass", "undecided"}
    given = [row for row in report.study.ratings if row.criterion == "conduct_of_forces"]
    assert {row.rating for row in given if row.strategy == "regional_coalition"} == {"?"}
    passing = [row for row in given if row.rating in (2, 3)]
    assert passing
    for row in passing:  # the leaf's notes: without observers with access it is "?", never 2
        assert re.search(r"observers|national commission", row.evidence.rationale.lower()), row


def test_context_stands_beside_the_rates_with_its_caveat() -> None:
    study = assess.load("mali")
    rows = [row for row in study.ratings if row.criterion in study.tree.context]
    by_leaf = {key: {r.strategy for r in rows if r.criterion == key} for key in study.tree.context}
    for leaf in ("operations_conducted", "civilians_killed_by_state_forces", "violence_footprint"):
        assert by_leaf[leaf] == set(study.strategies)
    for row in rows:
        if row.criterion == "civilians_killed_by_state_forces":
            assert "observ" in row.evidence.rationale.lower(), row


def test_history_holds_measured_figures_with_source_vintage_and_date_and_has_no_total() -> None:
    study = assess.load("mali_history")
    report = assess.evaluate(study)
    assert study.illustrative == ""
    assert study.ratings.basis.labels == ("measured",)
    for column in (study.evidenced.source, study.evidenced.vintage, study.evidenced.date):
        assert "" not in column.labels
    assert np.isnan(report.score[:, :, 0]).all()
    assert (report.coverage[:, :, 0] < study.method.coverage_floor).all()
    assert not np.isnan(report.score[0, :, report.node("displacement")]).any()
    assert "No total" in str(report)


def test_history_names_the_mirror_of_each_source_and_the_break_in_observation() -> None:
    study = assess.load("mali_history")
    assert {*study.sources} == {*READ_IN}
    for row in study.evidenced:
        mirror, vintage = READ_IN[row.evidence.source]
        source = study.sources[row.evidence.source]
        assert source.title.endswith(f"as copied in the mirror {mirror}")
        assert row.evidence.vintage == source.vintage == vintage
        later = row.strategy == "years_2022_2024"
        if later and row.criterion == "civilians_killed_by_state_forces":
            assert row.evidence.rationale.startswith("Observation break: ")
            assert "no sign of progress" in row.evidence.rationale


# Source: where its figures were read, and their release.
READ_IN = {
    "ucdp": ("Mixzpai/UCDP_Dashboard@9dc98589", "v25.1"),
    "unhcr": ("PopulationStatistics/refugees@0c16a6d0", "no release named"),
    "sipri": (
        "ThePrince949/global-military-expenditure-risk-analysis@7a25a33c",
        "1949-2025 v1.2",
    ),
}
# Three-year means of yearly figures: UCDP country-year data v25.1; UNHCR Refugee Data Finder;
# SIPRI Military Expenditure Database v1.2. One-sided violence by others is all less government.
FIGURES = {
    ("years_2019_2021", "attacks_by_all_non_state_groups"): (455 + 512 + 216 - 0 - 257 - 48) / 3,
    ("years_2022_2024", "attacks_by_all_non_state_groups"): (1461 + 505 + 619 - 275 - 204 - 29) / 3,
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


# Criterion of history: the published series whose yearly sum it is, with sign, and the divisor.
SERIES = {
    "attacks_by_all_non_state_groups": (
        {"ucdp_one_sided": 1, "ucdp_one_sided_by_government": -1},
        1,
    ),
    "civilians_killed_by_state_forces": ({"ucdp_one_sided_by_government": 1}, 1),
    "displacement": ({"idps_year_end": 1, "malian_refugees_abroad": 1}, 1000),
    "defence_share_of_spending": ({"milex_share_gov_pct": 1}, 1),
    "defence_share_of_gdp": ({"milex_share_gdp_pct": 1}, 1),
}


@pytest.mark.skipif(
    not (SHARED / "domain" / "public_figures.csv").is_file(),
    reason="the domain notes are not beside the checkout",
)
def test_the_figures_of_history_are_those_of_the_domain_notes() -> None:
    with (SHARED / "domain" / "public_figures.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    published = {(row["series"], row["year"]): float(row["value"]) for row in rows}
    assert {row["seen_in"].partition(" ")[0] for row in rows} == {m for m, _ in READ_IN.values()}
    for (strategy, criterion), figure in FIGURES.items():
        series, unit = SERIES[criterion]
        first = int(strategy.split("_")[1])
        total = sum(
            sign * published[name, str(year)]
            for name, sign in series.items()
            for year in range(first, first + 3)
        )
        assert figure == pytest.approx(total / 3 / unit)


# The subject's sections, and who it names (the domain notes, section 1).
SECTIONS = {
    "history", "challenges", "structure", "counter_terrorism", "technology", "equipment",
    "cybersecurity", "training", "budget", "diplomacy", "regional", "un_peacekeeping",
    "evaluation", "future", "closing",
}  # fmt: skip
NAMED = (
    "AQIM", "ISGS", "Ansar Dine", "Fulani", "Dogon",
    "Army", "Air Force", "Gendarmerie", "Red Berets", "Chief of Defence Staff",
    "Niger", "Burkina Faso", "Chad", "Mauritania", "G5 Sahel", "ECOWAS", "AES",
    "MINUSMA", "EUTM", "Barkhane",
)  # fmt: skip
DEATHS = (
    "civilians_killed_by_armed_groups",
    "civilians_killed_in_crossfire",
    "intercommunal_deaths",
)
STAND_INS = re.compile(
    r"^(One leaf stood for each group: [a-z_, ]+\.|Points out of 100[^.;]*[.;:])"
)
# What the domain notes hold from memory and did not verify.
FROM_MEMORY = {
    "end of Takuba": r"Takuba",
    "sanctions of 2022": r"sanctions[^.]{0,40}2022",
    "day on which the AES was founded": r"2023-09-16|16 September 2023",
    "charter of the AES": r"Liptako",
    "number of the resolution that created MINUSMA": r"\b2100\b",
    "PEFA outturn bands": r"\b(95|90|85)\s*(%|per cent)?\s*(-|to|and)\s*(105|110|115)\b",
    "interoperability regulation": r"AR 34-1",
    "evaluation criteria of OECD": r"OECD|\bDAC\b",
    "assessment of security cooperation": r"5132\.14",
    "bands of the defence integrity index": r"\b83\s*(-|to)\s*100\b",
}


def stated_from_memory(text: str) -> list[str]:
    """Return what a text states from memory in a sentence that does not call it unverified."""
    sentences = re.split(r"(?<=[.;])\s+|\n", text)
    return [
        name
        for name, pattern in FROM_MEMORY.items()
        if any(re.search(pattern, s) and "unverified" not in s for s in sentences)
    ]


def packaged_texts() -> list[Path]:
    """Return every packaged file that people wrote."""
    folders = (ROOT / kind for kind in ("criteria", "scenarios", "examples"))
    files = (path for folder in folders for path in folder.rglob("*"))
    return [path for path in files if path.suffix in (".toml", ".csv", ".py")]


def own_weights() -> list[assess.Scenario]:
    """Return the packaged scenarios that have weights of their own."""
    return [scenario for scenario in assess.load("mali").scenarios if scenario.weights]


def size(judgement: object) -> float:
    """Return the middle of a judgement, which may be a range."""
    both = judgement if isinstance(judgement, tuple) else (judgement, judgement)
    return (float(both[0]) + float(both[1])) / 2


def test_every_section_of_the_subject_is_covered_and_every_level_is_anchored() -> None:
    tree = assess.load("mali").tree
    assert {section for item in tree.criteria.values() for section in item.covers} == SECTIONS
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


@pytest.mark.parametrize("name", NAMED)
def test_who_the_subject_names_can_be_found_in_the_tree(name: str) -> None:
    tree = assess.load("mali").tree
    texts = [f"{item.definition} {item.notes}" for item in tree.criteria.values()]
    texts += [f"{actor.name} {actor.notes}" for actor in tree.actors.values()]
    assert any(re.search(rf"\b{name}\b", text) for text in texts)


def test_actors_are_those_that_criteria_name_and_every_actor_says_what_its_dates_are() -> None:
    tree = assess.load("mali").tree
    named = {actor for item in tree.criteria.values() for actor in item.actors}
    assert named == set(tree.actors)
    for key, actor in tree.actors.items():
        assert actor.source, key
        dated = (actor.valid_from or actor.valid_to) is not None
        open_end = re.search(r"Dates are left open|no end date", actor.notes)
        assert dated != bool(open_end), key


def test_an_overlap_is_declared_at_both_criteria() -> None:
    criteria = assess.load("mali").tree.criteria
    pairs = {(key, other) for key, item in criteria.items() for other in item.overlaps}
    assert {(other, key) for key, other in pairs} == pairs


def test_deaths_are_divided_without_hole_or_overlap() -> None:
    tree = assess.load("mali").tree
    division = next(line for line in tree.notes.split("\n") if line.startswith("5. "))
    for place in (*DEATHS, "conduct_of_forces"):
        assert place in division
    for one in DEATHS:  # each says of every other where the border runs
        others = set(DEATHS) - {one}
        assert others <= tree.criteria[one].overlaps.keys()
    for count in ("civilians_killed_by_state_forces", "civilians_killed_by_foreign_partners"):
        assert tree.criteria[count].kind == "context"
        assert "conduct_of_forces" in tree.criteria[count].overlaps


@pytest.mark.parametrize("scenario", own_weights(), ids=lambda scenario: scenario.id)
def test_one_death_counts_as_one_death_in_every_scenario(scenario: assess.Scenario) -> None:
    tree = assess.load("mali").tree
    points = scenario.weights["threat"].judgements
    per_death = []
    for leaf in DEATHS:
        scale = tree.scale_of(leaf)
        assert scale is not None
        assert scale.worst is not None
        per_death.append(size(points[leaf]) / scale.worst)
    assert max(per_death) / min(per_death) < 1.02


@pytest.mark.parametrize("scenario", own_weights(), ids=lambda scenario: scenario.id)
def test_what_carries_the_largest_swing_has_weights_of_its_own(scenario: assess.Scenario) -> None:
    tree = assess.load("mali").tree
    for node, held in scenario.weights.items():
        if held.method.name != "swing":
            continue
        top = max(map(size, held.judgements.values()))
        for child, judgement in held.judgements.items():
            if child in tree.children and size(judgement) == top:
                assert child in scenario.weights, f"{scenario.id}: {node}: {child}"


@pytest.mark.parametrize("scenario", own_weights(), ids=lambda scenario: scenario.id)
def test_every_judgement_has_a_reason_beyond_its_stand_in(scenario: assess.Scenario) -> None:
    tree = assess.load("mali").tree
    for node, held in scenario.weights.items():
        assert held.against == tree.version
        said = STAND_INS.sub("", held.reason)
        words = [word for word in said.split() if word.strip(".,;:") not in tree.criteria]
        assert len(words) >= 12, f"{scenario.id}: {node}: {said}"


def test_no_packaged_text_states_a_memory_as_a_fact() -> None:
    paths = packaged_texts()
    assert {path.suffix for path in paths} == {".toml", ".csv", ".py"}
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\[[MV]\]", text), path
        assert stated_from_memory(text) == [], path


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Founded with the Liptako-Gourma Charter.", ["charter of the AES"]),
        ("Founded with the Liptako-Gourma Charter (unverified).", []),
        ("Dates are unverified. valid_from = 2023-09-16", ["day on which the AES was founded"]),
        ("ECOWAS lifted its sanctions in July 2022.", ["sanctions of 2022"]),
        ("resolutions 2100 (2013)", ["number of the resolution that created MINUSMA"]),
    ],
)
def test_a_memory_is_found_unless_its_sentence_calls_it_unverified(
    text: str, found: list[str]
) -> None:
    assert stated_from_memory(text) == found
