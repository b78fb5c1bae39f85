"""The first page says which weight would have to be what for another strategy to be highest."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import assess
from assess.model import Study
from assess.report import Report
from assess.sensitivity import reweighted
from assess.summary import summarise, what_would_change
from assess.testing import studies
from tests import small
from tests.builders import flat

CHANGE = re.compile(r"(?:^|, )([\w ]+) at or (above|below) ([\d.]+) % \(now [\d.]+ %\)")


def told(report: Report) -> tuple[str, ...]:
    """Return the lines on the scenarios."""
    found = what_would_change(report)
    return found.lines[1:] if found else ()


def test_one_line_a_scenario_names_criterion_weight_and_who_is_highest_then() -> None:
    # 10 w - 20 (1 - w) is the lead of one over two: level where w is 2/3.
    study = flat({"one": [60, 40], "two": [50, 60]}, {"roads": 80, "wells": 20})
    assert told(assess.evaluate(study)) == (
        "reference (now one): roads at or below 66 % (now 80 %), wells at or above 34 % "
        "(now 20 %): two.",
    )


def test_a_weight_at_which_both_are_only_level_is_not_named() -> None:
    study = flat({"one": [60, 40], "two": [40, 60]}, {"roads": 60, "wells": 40})
    assert told(assess.evaluate(study)) == (
        "reference (now one): roads at or below 49 % (now 60 %), wells at or above 51 % "
        "(now 40 %): two.",
    )


def test_never_is_an_answer() -> None:
    study = flat({"one": [60, 70], "two": [50, 60]}, {"roads": 80, "wells": 20})
    assert told(assess.evaluate(study)) == ("reference (now one): no weight alone.",)


def test_a_level_start_and_a_single_strategy_are_said() -> None:
    level = flat({"one": [60, 40], "two": [40, 60]}, {"roads": 50, "wells": 50})
    assert told(assess.evaluate(level)) == (
        "reference: one and two are level, any weight may decide.",
    )
    rows = [row for row in small.rows() if row.strategy != "build"]
    assert told(assess.evaluate(small.study(rows))) == (
        "reference (now Reform): no other strategy has a total and passes its gates.",
    )


def test_a_lower_weight_is_named_where_none_under_the_root_decides() -> None:
    levels: dict[str, dict[str, float | str]] = {
        "reform": {"deaths": 400, "trust": 50, "upkeep": 45, "conduct": "all"},
        "build": {"deaths": 300, "trust": 20, "upkeep": 40, "conduct": "all"},
    }
    report = assess.evaluate(small.study(small.rows(levels)))
    assert told(report) == (
        "reference (now Reform): deaths at or above 86 % (now 50 %), trust at or below 14 % "
        "(now 50 %): Build; no weight under the root alone.",
    )


def test_more_digits_are_given_where_whole_points_do_not_say_it() -> None:
    study = flat({"one": [60, 40], "two": [40.1, 60]}, {"roads": 50.2, "wells": 49.8})
    assert told(assess.evaluate(study)) == (
        "reference (now one): roads at or below 50.1 % (now 50.2 %), wells at or above 49.9 % "
        "(now 49.8 %): two.",
    )


def test_it_stands_on_the_page_after_the_weak_spots() -> None:
    page = summarise(assess.evaluate(assess.load("mali").only("reference")))
    titles = [section.title for section in page.sections]
    weak = next(i for i, title in enumerate(titles) if title.startswith("Weak spots"))
    assert titles[weak + 1] == "What would change it"


@pytest.mark.law
@given(st.data())
def test_whoever_is_named_is_highest_at_the_weight_that_is_printed(data: st.DataObject) -> None:
    study: Study = data.draw(studies(scenarios=1, floor=data.draw(st.sampled_from([0.0, 0.9]))))
    report = assess.evaluate(study)
    for line in told(report):
        for part in line.partition("): ")[2].removesuffix(".").split("; "):
            changes, _, who = part.rpartition(": ")
            for node, _, percent in CHANGE.findall(changes):
                weight = {node.replace(" ", "_"): float(percent) / 100}
                then = assess.evaluate(reweighted(study, study.scenario_ids[0], weight))
                had = ~np.isnan(report.score[0, :, 0])  # one who had no total is left out
                totals = np.where(had, then.score[0, :, 0], np.nan)
                highest = np.flatnonzero(totals >= np.nanmax(totals))
                names = [study.label(list(study.strategies)[t]) for t in highest]
                assert set(names) <= set(who.split(" and ")), line


def test_the_word_for_a_scenario_without_any_total_is_no_line() -> None:
    assert what_would_change(assess.evaluate(small.study([]))) is None
