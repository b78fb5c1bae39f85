"""Reports: what they say, that they say it right, and that they survive being written."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import assess
from assess.model import Analyst, Choice, Criterion, Evidence, Method, Rating, Scale
from assess.report import Report
from assess.reporting import formats, render, write
from assess.rounding import points
from assess.summary import summarise
from tests import small


def without(*cells: tuple[str, str]) -> list[Rating]:
    """Return the small study's ratings without some cells."""
    return [row for row in small.rows() if (row.strategy, row.criterion) not in cells]


def section(report: Report, title: str) -> str:
    """Return the sentences of one section of the first page."""
    found = [item for item in summarise(report).sections if item.title.startswith(title)]
    return "\n".join(found[0].lines) if found else ""


def test_a_study_worked_by_hand_comes_out() -> None:
    report = assess.evaluate(small.study())
    nodes = report.study.tree.nodes
    reform = dict(zip(nodes, report.score[0, 1], strict=True))
    assert reform["deaths"] == pytest.approx(0.6)
    assert reform["trust"] == pytest.approx(0.6)
    assert reform["results"] == pytest.approx(0.6)
    assert reform["means"] == pytest.approx(0.75)  # the weakest of 45/60 and 1
    assert reform["small"] == pytest.approx(0.6 * 2 / 3 + 0.75 / 3)


def test_the_tidy_table_has_a_row_for_every_scenario_strategy_and_node() -> None:
    report = assess.evaluate(small.study())
    frame = report.scores
    assert isinstance(frame, pd.DataFrame)
    assert len(frame) == report.score.size
    total = frame.query("strategy == 'reform' and criterion == 'small'").iloc[0]
    assert total.score == pytest.approx(65)
    assert (total["rank"], total.band, total.missing) == (1, "acceptable", 0)


def test_bands_follow_the_reference_profiles() -> None:
    report = assess.evaluate(small.study())
    acceptable = (0.6 + 0.5) / 2 * 2 / 3 + min(0.5, 0.4) / 3
    good = (0.8 + 0.75) / 2 * 2 / 3 + min(0.75, 1.0) / 3
    assert report.acceptable[0, 0] == pytest.approx(acceptable)
    assert report.good[0, 0] == pytest.approx(good)
    assert report.bands[0, :, 0].tolist() == ["weak", "acceptable", "weak"]


def test_no_band_is_given_where_a_leaf_names_no_reference_level() -> None:
    tree = small.tree()
    criteria = {
        **tree.criteria,
        "trust": tree.criteria["trust"].model_copy(update={"good": None}),
    }
    report = assess.evaluate(small.study(tree=tree.model_copy(update={"criteria": criteria})))
    assert set(report.bands[0, :, 0]) == {""}
    assert set(report.bands[0, :, report.node("means")]) != {""}


def test_a_strategy_that_fails_its_gate_is_listed_apart_and_has_no_rank() -> None:
    report = assess.evaluate(small.study())
    assert report.excluded[0].tolist() == [True, False, False]
    assert report.ranks[0, :, 0].tolist() == [0, 1, 2]
    assert "fail: Keep" in section(report, "Gates")
    assert "Excluded by a failed gate" in section(report, "Answer")


def test_a_gate_that_only_reports_excludes_nobody() -> None:
    tree = small.tree()
    gate = tree.criteria["conduct"].gate
    assert gate is not None
    conduct = tree.criteria["conduct"].model_copy(
        update={"gate": gate.model_copy(update={"consequence": "report"})}
    )
    report = assess.evaluate(
        small.study(
            tree=tree.model_copy(update={"criteria": {**tree.criteria, "conduct": conduct}})
        )
    )
    assert not report.excluded.any()
    assert "only reported" in section(report, "Gates")


def test_a_gate_on_an_absent_rating_is_undecided() -> None:
    report = assess.evaluate(small.study(without(("keep", "conduct"))))
    assert "undecided (not rated): Keep" in section(report, "Gates")
    assert not report.excluded[0, 0]


def test_no_draws_no_leader() -> None:
    text = str(assess.evaluate(small.study()))
    assert "Highest point score: Reform 65, next Build 43 (21.7 points behind)" in text
    assert "not tested against doubt" in text
    assert "leader" not in text


def test_means_and_ends_stand_beside_the_total_and_a_difference_is_said() -> None:
    levels: dict[str, dict[str, float | str]] = {
        "keep": {"deaths": 0, "trust": 100, "upkeep": 6, "conduct": "some"},
        "build": {"deaths": 900, "trust": 10, "upkeep": 60, "conduct": "all"},
    }
    report = assess.evaluate(small.study(small.rows(levels)))
    assert report.ends[0, [0, 2]] == pytest.approx([1.0, 0.1])
    assert report.means[0, [0, 2]] == pytest.approx([0.1, 1.0])
    assert "Means and ends differ" in section(report, "Answer")
    assert "effectiveness alone Keep is highest (100)" in section(report, "Answer")


def test_a_hole_leaves_a_partial_score_exact_bounds_and_coverage() -> None:
    report = assess.evaluate(small.study(without(("build", "trust"))))
    t = 2
    assert report.score[0, t, 0] == pytest.approx(0.5 * 2 / 3 + 0.4 / 3)
    assert report.low[0, t, 0] == pytest.approx(0.25 * 2 / 3 + 0.4 / 3)
    assert report.high[0, t, 0] == pytest.approx(0.75 * 2 / 3 + 0.4 / 3)
    assert report.coverage[0, t, 0] == pytest.approx(1 - 1 / 3)
    assert report.missing[0, t, 0] == 1
    assert "30 to 63" in str(report)


def test_a_verdict_that_changes_within_the_bounds_says_what_it_depends_on() -> None:
    report = assess.evaluate(small.study(without(("build", "trust"), ("build", "deaths"))))
    study = report.study.model_copy(update={"method": Method(coverage_floor=0.3)})
    text = " ".join(str(assess.evaluate(study)).split())
    told = (
        "This depends on 2 missing ratings (deaths, trust for Build), which could put Build first."
    )
    assert told in text


def test_below_the_floor_there_is_no_total_and_no_band() -> None:
    report = assess.evaluate(small.study(small.rows({"keep": {"deaths": 100}})))
    assert np.isnan(report.score[0, :, 0]).all()
    assert report.bands[0, :, 0].tolist() == ["", "", ""]
    assert report.score[0, 0, report.node("deaths")] == pytest.approx(0.9)
    assert "No total: less than 60 % of the weight is rated" in str(report)


def test_ratings_beyond_a_saturating_scale_are_counted_on_the_first_page() -> None:
    report = assess.evaluate(small.study())
    assert report.saturated == 1
    assert "Ratings beyond the end of a scale, counted as that end: 1." in str(report)


def test_not_applicable_leaves_a_criterion_out_for_all_and_says_why() -> None:
    scenario = small.scenario(not_applicable={"upkeep": "there is no equipment"})
    report = assess.evaluate(small.study(scenarios=(scenario,)))
    assert report.score[0, 1, report.node("means")] == pytest.approx(1.0)
    assert "upkeep: there is no equipment" in section(report, "Coverage")


def test_a_criterion_whose_actors_ended_is_not_applicable_by_itself() -> None:
    tree = small.tree()
    trust = tree.criteria["trust"].model_copy(update={"actors": ("mission",)})
    other = tree.model_copy(update={"criteria": {**tree.criteria, "trust": trust}})
    cells = [(key, "trust") for key in small.LEVELS]
    report = assess.evaluate(small.study(without(*cells), tree=other))
    assert "mission ended 2023-12-31" in section(report, "Coverage")
    assert report.coverage[0, 0, 0] == 1
    explained = str(assess.explain(report, strategy="keep"))
    assert "not applicable: mission ended 2023-12-31" in explained


def test_the_users_own_rule_is_used_where_the_tree_names_it() -> None:
    def halfway(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
        worst = np.where(weights > 0, values, 1.0).min(axis=-1)
        mean = (values * weights).sum(axis=-1)
        return np.asarray((worst + mean) / 2)

    tree = small.tree(rule=Choice(name="halfway"))
    report = assess.evaluate(small.study(tree=tree, rules={"halfway": halfway}))
    results, means = 0.6, 0.75
    by_hand = (min(results, means) + results * 2 / 3 + means / 3) / 2
    assert report.score[0, 1, 0] == pytest.approx(by_hand)


def worst_counted(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Forget that a child of weight 0 is not there."""
    return np.asarray(values.min(axis=-1) + 0 * weights.sum(axis=-1))


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (lambda values, _: values, "reduce the last axis"),
        (lambda values, _: values.sum(axis=-1), "gives 0 to 2; a score lies in"),
        (lambda values, _: values.sum(axis=-1) * np.nan, "gives nan to nan"),
        (lambda values, _: 1 - values.min(axis=-1), "gives less for a better child"),
        (lambda values: values, "cannot be applied"),
        (worst_counted, "a child of weight 0 changes its score"),
    ],
)
def test_a_rule_that_breaks_its_promise_is_refused_before_it_is_used(
    rule: object, words: str
) -> None:
    study = small.study(tree=small.tree(rule=Choice(name="mine")), rules={"mine": rule})
    with pytest.raises(assess.StudyError, match=words) as caught:
        assess.evaluate(study)
    assert "mine" in str(caught.value)


@pytest.mark.parametrize(
    ("result", "words"),
    [(lambda v: v, "aggregate along the last axis"), (lambda v: v.sum(-1) + 1, "a score lies in")],
)
def test_a_rule_that_breaks_its_promise_later_is_named_with_the_node(
    result: Callable[[np.ndarray], np.ndarray], words: str
) -> None:
    def sly(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
        fair = np.asarray((values * weights).sum(axis=-1))
        return result(values) if values.ndim > 3 else fair

    study = small.study(tree=small.tree(rule=Choice(name="sly")), rules={"sly": sly})
    with pytest.raises(ValueError, match=f"rule 'sly' at .*{words}"):
        assess.evaluate(study)


def test_a_report_with_an_own_rule_reads_but_does_not_compute_again(tmp_path: Path) -> None:
    def mine(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
        return np.asarray((values * weights).sum(axis=-1))

    rows = [*small.rows(), Rating(analyst="ben", strategy="keep", criterion="trust", rating=90)]
    report = assess.evaluate(
        small.study(rows, tree=small.tree(rule=Choice(name="mine")), rules={"mine": mine})
    )
    again = Report.read(report.write(tmp_path / "report.json"))
    assert again == report
    full, read = (str(of).partition("\nAGREEMENT") for of in (report, again))
    changes = re.compile(r"\nWHAT WOULD CHANGE IT\n.*?\n\n", re.DOTALL)
    assert changes.sub("", read[0]).startswith(changes.sub("", full[0]).rstrip())
    left_out = "who is highest needs the author's rule mine, which is not at hand: it is left out."
    assert left_out in " ".join(read[0].split())
    assert left_out not in " ".join(full[0].split())
    told = "needs the author's rule mine, which is not at hand: it is left out."
    assert told in " ".join(read[0].split())
    assert not read[1]
    with pytest.raises(ValueError, match="is not at hand"):
        assess.evaluate(again.study)


@pytest.mark.parametrize("pooling", ["mean", "median", "trimmed_mean"])
def test_analysts_are_pooled_by_the_centre_the_study_names(pooling: str) -> None:
    more = [*small.rows(), Rating(analyst="ben", strategy="reform", criterion="trust", rating=90)]
    report = assess.evaluate(small.study(more, method=Method(pooling=Choice(name=pooling))))
    assert report.score[0, 1, report.node("trust")] == pytest.approx(0.75)


def test_an_analyst_of_weight_zero_is_heard_by_nobody() -> None:
    more = [*small.rows(), Rating(analyst="ben", strategy="reform", criterion="trust", rating=90)]
    analysts = {"ana": Analyst(), "ben": Analyst(weight=0)}
    report = assess.evaluate(small.study(more, analysts=analysts))
    assert report == assess.evaluate(report.study)
    assert report.score[0, 1, report.node("trust")] == pytest.approx(0.6)


def test_a_rating_for_a_world_wins_there_alone() -> None:
    worlds = (small.scenario(), small.scenario("flood", kind=("perspective", "world")))
    more = [
        *small.rows(),
        Rating(analyst="ana", strategy="reform", scenario="flood", criterion="trust", rating=10),
    ]
    report = assess.evaluate(small.study(more, scenarios=worlds))
    assert report.score[:, 1, report.node("trust")] == pytest.approx([0.6, 0.1])
    alone = assess.evaluate(report.study.only("flood"))
    np.testing.assert_array_equal(alone.score[0], report.score[1])
    with pytest.raises(ValueError, match="did you mean 'flood'"):
        report.study.only("floods")


def test_weights_can_be_those_of_another_scenario_also_alone() -> None:
    lent = small.scenario("flood", weights={}, weights_from="reference", kind="world")
    study = small.study(scenarios=(small.scenario(), lent))
    report = assess.evaluate(study)
    np.testing.assert_array_equal(report.score[0], report.score[1])
    np.testing.assert_array_equal(assess.evaluate(study.only("flood")).score, report.score[1:])


def test_equal_weights_that_nobody_elicited_are_called_so() -> None:
    assert "elicited at 1 of 3 nodes (swing 1); equal weights that nobody elicited at 2" in section(
        assess.evaluate(small.study()), "What the weights rest on"
    )


def test_context_is_shown_and_never_scored() -> None:
    spent = Rating(
        analyst="ana", strategy="keep", criterion="spending", rating=4.2,
        evidence=Evidence(source="budget law", basis="measured"),
    )  # fmt: skip
    report = assess.evaluate(small.study([*small.rows(), spent]))
    np.testing.assert_array_equal(report.score, assess.evaluate(small.study()).score)
    assert "4.2 % of GDP" in str(report)
    assert "budget law" in str(report)


@pytest.mark.parametrize("suffix", formats())
def test_the_same_report_gives_the_same_bytes_and_leaves_no_draft(
    tmp_path: Path, suffix: str
) -> None:
    report = assess.evaluate(small.study())
    first = write(report, tmp_path / f"a.{suffix}").read_bytes()
    assert write(assess.evaluate(small.study()), tmp_path / f"b.{suffix}").read_bytes() == first
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"a.{suffix}", f"b.{suffix}"]


MADE_UP = Rating(
    analyst="ben",
    strategy="keep",
    criterion="trust",
    rating=1,
    evidence=Evidence(basis="illustrative"),
)


@pytest.mark.parametrize(
    ("study", "words"),
    [
        (small.study(illustrative="Nothing was measured."), "ILLUSTRATIVE. Nothing was measured."),
        (small.study([*small.rows(), MADE_UP]), "ILLUSTRATIVE. Ratings that are made up: 1 of 13."),
    ],
)
def test_illustrative_data_says_so_wherever_it_shows(study: assess.Study, words: str) -> None:
    report = assess.evaluate(study)
    shown = (str(report), str(assess.explain(report, strategy="keep")),
             str(assess.compare(report, report)), render(report, "md"))  # fmt: skip
    for text in shown:
        assert words in text
    lines = render(report, "csv").splitlines()
    assert all(line.endswith(",yes") for line in lines[1:])
    assert all(line.endswith(",") for line in render(real(), "csv").splitlines()[1:])


def real() -> Report:
    """Return a report in which nothing is made up."""
    return assess.evaluate(small.study())


def test_json_loses_nothing(tmp_path: Path) -> None:
    report = assess.evaluate(small.study(without(("build", "trust"))))
    again = Report.read(report.write(tmp_path / "report.json"))
    assert again == report
    assert hash(again) == hash(report)
    assert again.study == report.study
    assert assess.evaluate(again.study) == report
    assert report != assess.evaluate(small.study())
    assert report != "report"


def test_a_report_whose_inputs_were_changed_is_refused(tmp_path: Path) -> None:
    path = assess.evaluate(small.study()).write(tmp_path / "report.json")
    path.write_text(path.read_text(encoding="utf-8").replace('"600"', '"100"'), encoding="utf-8")
    with pytest.raises(ValueError, match="were changed after it was written"):
        Report.read(path)


def test_a_report_of_the_wrong_shape_is_refused(tmp_path: Path) -> None:
    import json

    path = assess.evaluate(small.study()).write(tmp_path / "report.json")
    content = json.loads(path.read_text(encoding="utf-8"))
    content["results"]["score"] = content["results"]["score"][0]
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ValueError, match="scores have shape"):
        Report.read(path)


HOSTILE = ["=cmd|' /C calc'!A0", "</script><img src=x onerror=alert(1)>", "a|b\n# c", "\x1b[31mred"]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_carried_as_text_in_every_format(name: str) -> None:
    tree = small.tree()
    criteria = {**tree.criteria, "results": Criterion(name=name)}
    study = small.study(tree=tree.model_copy(update={"criteria": criteria}), name=name)
    report = assess.evaluate(study)
    assert "\x1b" not in str(report)
    markdown = render(report, "md")
    assert not re.search(r"(?<!\\)<", markdown)
    tables = [block.split("\n") for block in markdown.split("\n\n") if block.startswith("| ")]
    assert len(tables) >= 2
    for rows in tables:
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) == 1
    for line in render(report, "csv").split("\n"):
        assert not any(cell.startswith("=") for cell in line.split(","))
    assert "\x1b" not in str(assess.explain(report, strategy="keep"))


def test_every_array_of_a_report_is_read_only() -> None:
    report = assess.evaluate(small.study())
    for name in Report.array_names():
        with pytest.raises(ValueError, match="read-only"):
            getattr(report, name)[...] = 0


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(0.5, 0, "50"), (0.005, 0, "1"), (0.285, 0, "29"), (0.125, 1, "12.5"), (-0.00001, 0, "0"),
     (-0.005, 0, "-1"), (float("nan"), 0, "-")],
)  # fmt: skip
def test_points_are_rounded_half_away_from_zero(value: float, digits: int, text: str) -> None:
    assert points(value, digits) == text


def test_an_ordinal_scale_at_the_root_and_a_single_leaf_work() -> None:
    tree = assess.ValueTree(id="one", criteria={"only": Criterion(scale=Scale(worst=0, best=10))})
    scenario = assess.Scenario(id="reference", tree="one")
    row = Rating(analyst="ana", strategy="keep", criterion="only", rating=7)
    report = assess.evaluate(small.study([row], tree=tree, scenarios=(scenario,)))
    assert report.score[0, 0].tolist() == pytest.approx([0.7, 0.7])
    assert np.isnan(report.score[0, 1]).all()
