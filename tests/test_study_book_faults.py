"""Mistakes in a study's workbook: each is refused at its cell, and nothing is written."""

from datetime import date
from pathlib import Path

import pytest

from assess.model import (
    StudyError,
)
from tests.study_books import Cells, changed, collected

# Faults: each is planted in the workbook of the study to start from, and refused at its cell


def refused(folder: Path, cells: Cells) -> list[str]:
    """Return what is said of a workbook with faults in it, and hold that nothing is written."""
    with pytest.raises(StudyError) as error:
        collected(changed(folder, cells), folder / "study")
    assert not (folder / "study").exists()
    return [str(problem) for problem in error.value.problems]


TREE_TAKEN = "the study takes the packaged tree 'defence_strategy', so this"
FAULTS: list[tuple[Cells, list[str]]] = [
    (
        {"Criteria!B3": "resuts"},
        [
            "study.xlsx!Criteria!B3: criteria.people_protected.parent: 'resuts' is no criterion "
            "(did you mean 'results'?)"
        ],
    ),
    (
        {"Criteria!I3": "4,5"},
        [
            "study.xlsx!Criteria!I3: criteria.people_protected.scale.worst: '4,5' is not a number "
            "(write a decimal point: 4.5)"
        ],
    ),
    (
        {"Criteria!G3": "efficient", "Criteria!L3": 99},
        [
            "study.xlsx!Criteria!G3: criteria.people_protected.kind: 'efficient' is not allowed "
            "here (did you mean 'effectiveness'?)",
            "study.xlsx!Criteria!L3: criteria.people_protected.acceptable: 99 is off the scale 40 "
            "to 95 (choose from 40 to 95)",
        ],
    ),
    (
        {"Criteria!H3": "practice"},
        [
            f"study.xlsx!Criteria!{column}3: criteria.people_protected.scale: 'people_protected' "
            "has a scale already, by name, beside it (clear one of the two)"
            for column in "IJ"
        ],
    ),
    (
        {"Criteria!N2": "power_mean"},
        [
            "study.xlsx!Criteria!N2: criteria.results.rule: rule power_mean needs the argument "
            "'exponent' (write exponent = ... under the settings)"
        ],
    ),
    (
        {"Criteria!N2": "power_mean", "Criteria!O2": "exponent: -1"},
        [
            "study.xlsx!Criteria!O2: criteria.results.rule: 'exponent: -1' is not written like "
            "exponent = -1, share = 0.1"
        ],
    ),
    (
        {"Criteria!O2": "exponent = -1"},
        ["study.xlsx!Criteria!O2: criteria.results.rule: are settings of nothing (choose a rule)"],
    ),
    (
        {"Criteria!T3": "army", "Criteria!U3": "a,,b", "Criteria!V3": 'a "b'},
        [
            "study.xlsx!Criteria!T3: criteria.people_protected.actors: 'army' is no actor of the "
            "tree or the study (there is none to choose from)",
            "study.xlsx!Criteria!U3: criteria.people_protected.covers: 'a,,b' has nothing before "
            "or after a comma",
            "study.xlsx!Criteria!V3: criteria.people_protected.tags: 'a \"b' holds a quote that "
            "does not enclose a whole label",
        ],
    ),
    (
        {"Study!B2": None, "Study!B4": "soon", "Study!B17": 60, "Study!B12": "weighted_sun"},
        [
            "study.xlsx!Study!B2: name: 'name' is missing",
            "study.xlsx!Study!B4: as_of: 'soon' is no date (write it as 2026-06-30)",
            "study.xlsx!Study!B12: rule: rule 'weighted_sun' is unknown (did you mean "
            "'weighted_sum'?; a rule of your own is handed over: load(..., "
            "rules={'weighted_sun': f}))",
            "study.xlsx!Study!B17: method.coverage_floor: 60 is above 1 (write 0.6)",
        ],
    ),
    (
        {"Strategies!A3": "continue_as_now", "Strategies!E2": "ja"},
        [
            "study.xlsx!Strategies!E2: strategies.continue_as_now.baseline: 'ja' is not allowed "
            "here (choose from 'yes')",
            "study.xlsx!Strategies!A3: strategies.continue_as_now: id 'continue_as_now' is used "
            "already at study.xlsx!Strategies!A2 (write another)",
        ],
    ),
    (
        {"Strategies!A3": None, "Strategies!B3": "改革"},
        [
            "study.xlsx!Strategies!A3: is empty, and no id can be made of '改革' (use lower-case "
            "letters, digits and underscores, beginning with a letter)"
        ],
    ),
    (
        {"Strategies!A3": None, "Strategies!B3": "Continue, as now!"},
        [
            "study.xlsx!Strategies!A3: strategies.continue_as_now: id 'continue_as_now', made of "
            "the name, is used already at study.xlsx!Strategies!A2 (write another)"
        ],
    ),
    (
        {"Strategies!E3": "yes"},
        [
            "study.xlsx!Strategies!E3: strategies.reform.baseline: only one strategy can be the "
            "baseline; continue_as_now, reform are (leave yes in one row)"
        ],
    ),
    (
        {cell: None for row in (2, 3) for cell in (f"Strategies!{c}{row}" for c in "ABE")},
        [
            "study.xlsx!Strategies!A2: strategies: a study needs at least one of its strategies "
            "(write each in a row of the sheet)"
        ],
    ),
    (
        {"Strategies!D2": date(2026, 1, 2)},
        [
            "study.xlsx!Strategies!D2: strategies.continue_as_now.period: 2026-01-02 is a "
            "date, where a text belongs (format the cell as text, then type it again)"
        ],
    ),
    (
        {"Analysts!E2": -1},
        ["study.xlsx!Analysts!E2: analysts.first.weight: -1 is below 0"],
    ),
    (
        {"Scales!F3": 40, "Scales!H4": None},
        [
            "study.xlsx!Scales!F3: scales.practice.1.worth: a worth lies in [0, 1], as a range "
            "with the lower end first: 40 (write 0.4)",
            "study.xlsx!Scales!H4: scales.practice.2.anchor: 'anchor' is missing",
        ],
    ),
    (
        {"Scales!E3": 0, "Scales!F4": None},
        [
            "study.xlsx!Scales!E3: scales.practice: level '0' stands already at "
            "study.xlsx!Scales!E2 (give each level another label)",
            "study.xlsx!Scales!F4: scales.practice.2.worth: the level has no worth (0 is the "
            "worst, 1 the best)",
        ],
    ),
    (
        {"Scales!B2": "practice", "Scales!A3": None},
        [
            "study.xlsx!Scales!A2: a row names a scale or a criterion, not both (clear one of the "
            "two)",
            "study.xlsx!Scales!A3: is empty (name a scale, or a criterion beside it)",
        ],
    ),
    (
        {"Scenarios!E2": "perspective, word", "Scenarios!F2": "liklely"},
        [
            "study.xlsx!Scenarios!E2: kind.1: 'word' is not allowed here (did you mean 'world'?)",
            "study.xlsx!Scenarios!F2: likelihood: 'liklely' is not allowed here (did you mean "
            "'likely'?)",
        ],
    ),
    (
        {"Weights!D2": -1, "Weights!D3": None},
        [
            "study.xlsx!Weights!D2: weights.my_tree.judgements.results: a judgement of importance "
            "cannot be negative: -1",
            "study.xlsx!Weights!D3: weights.my_tree.judgements.practice: no judgement for "
            "'practice' (judge every child; 0 leaves one out)",
        ],
    ),
    (
        {"Weights!D3": None, "Weights!E3": 70},
        [
            "study.xlsx!Weights!D3: weights.my_tree.judgements.practice: the lower end of the "
            "range is empty (a single number stands under 'judgement')"
        ],
    ),
    (
        {"Weights!C3": "prctice", "Weights!F3": "points"},
        [
            "study.xlsx!Weights!C3: weights.my_tree.judgements.prctice: 'prctice' is no scored "
            "child of 'my_tree' (did you mean 'practice'?)",
            "study.xlsx!Weights!F3: weights.my_tree.method: 'points' differs from 'swing' at "
            "study.xlsx!Weights!F2 (once for each node is enough)",
        ],
    ),
    (
        {"Weights!A2": "my_scenari"},
        [
            "study.xlsx!Weights!A2: 'my_scenari' is no scenario of the sheet Scenarios (did you "
            "mean 'my_scenario'?)"
        ],
    ),
    (
        {"Criteria!J3": 90},
        [
            "study.xlsx!Weights!J2: weights.my_tree.ranges: elicited against other scales: a "
            "level, worth or anchor below 'my_tree' has changed, and '34446a350336' is now "
            "'28a4b0b5a652' (elicit again, or confirm the judgements and write 28a4b0b5a652 under "
            "ranges)"
        ],
    ),
    (
        {"Weights!I2": 2},
        [
            "study.xlsx!Weights!I2: weights.my_tree.against: elicited against version '2' of the "
            "tree, which is now '1' (elicit again, or confirm the judgements and write 1 under "
            "against)"
        ],
    ),
    (
        {"Not applicable!A2": "my_scenario", "Not applicable!B2": "practise"},
        [
            "study.xlsx!Not applicable!C2: not_applicable.practise: is empty",
        ],
    ),
    (
        {"Overlaps!A2": "practise", "Overlaps!A3": "practice", "Overlaps!B3": "trust"},
        [
            "study.xlsx!Overlaps!A2: 'practise' is no criterion of the sheet Criteria (did you "
            "mean 'practice'?)",
            "study.xlsx!Overlaps!B3: criteria.practice.overlaps.trust: 'trust' is no criterion "
            "(choose from 'results', 'people_protected', 'practice')",
        ],
    ),
    (
        {"Study!B14": "defence_strategy", "Weights!A2": None, "Weights!A3": None},
        [
            *(
                f"study.xlsx!Study!B{row}: {TREE_TAKEN} stays empty (clear this cell, or that of "
                "the packaged tree)"
                for row in (7, 8, 9)
            ),
            *(
                f"study.xlsx!{sheet}!A2: {TREE_TAKEN} sheet stays empty (delete its rows, or clear "
                "'packaged tree' on the sheet Study)"
                for sheet in ("Scales", "Criteria")
            ),
            *(f"study.xlsx!Weights!A{row}: is empty (name a scenario)" for row in (2, 3)),
        ],
    ),
    (
        {"Scenarios!A2": "referense", "Scenarios!B2": None, "Scenarios!C2": "yes"},
        [
            "study.xlsx!Scenarios!A2: scenarios.0: there is no packaged file 'referense' in "
            "scenarios (did you mean 'reference'?)",
            *(
                f"study.xlsx!Weights!A{row}: 'my_scenario' is no scenario of the sheet Scenarios "
                "(choose from 'referense')"
                for row in (2, 3)
            ),
        ],
    ),
    (
        {"Scenarios!A2": "Bad Id", "Weights!A2": "Bad Id", "Weights!A3": "Bad Id"},
        [
            "study.xlsx!Scenarios!A2: 'Bad Id' is not an id (use lower-case letters, digits and "
            "underscores, beginning with a letter)"
        ],
    ),
    (
        {"Study!B7": "My tree"},
        [
            "study.xlsx!Study!B7: id: 'My tree' is not an id (use lower-case letters, digits and "
            "underscores, beginning with a letter)"
        ],
    ),
    (
        {"Strategies!B1": "nam", "Strategies!H2": "stray", "Study!A5": "horizont"},
        [
            "study.xlsx!Study!A5: 'horizont' is no field of a study (did you mean 'horizon'?)",
            "study.xlsx!Strategies!B1: 'nam' is no column of this sheet (did you mean 'name'?)",
            "study.xlsx!Strategies!H2: 'stray' stands under no header (clear the cell)",
        ],
    ),
    (
        {"Sources!B2": "A register", "Sources!E2": "example.org", "Study!B23": -1},
        [
            "study.xlsx!Study!B23: method.evidence.stale_after_days: -1 is below 0",
            "study.xlsx!Sources!E2: sources.a_register.link: 'example.org' is not a link: it "
            "begins with https:// or http://, or is a DOI such as doi:10.1000/182",
        ],
    ),
    (
        {
            "Seed questions!A2": "q",
            "Seed questions!D2": 3,
            "Seed answers!A2": "firts",
            "Seed answers!B2": "q",
            "Seed answers!A3": "first",
            "Seed answers!B3": "q",
            "Seed answers!C3": "1; 2; 3",
            "Seed answers!A4": "second",
            "Seed answers!B4": "q",
            "Seed answers!C4": "1, 2, 3",
            "Seed answers!A5": "second",
            "Seed answers!B5": "q",
        },
        [
            "study.xlsx!Seed answers!A2: 'firts' is no analyst of the sheet Analysts (did you mean "
            "'first'?)",
            "study.xlsx!Seed answers!C3: analysts.first.answers.q: '1; 2; 3' is not a number",
            "study.xlsx!Seed answers!B5: analysts.second.answers.q: 'q' is answered by 'second' "
            "already (keep one of the two)",
        ],
    ),
    (
        {"Actors!A2": "un", "Actors!C2": "treee", "Actors!E2": "2020-13-01"},
        [
            "study.xlsx!Actors!C2: actors.un: 'treee' is not allowed here (did you mean 'tree'?)",
            "study.xlsx!Actors!E2: actors.un.valid_to: '2020-13-01' is no date (write it as "
            "2026-06-30)",
        ],
    ),
    (
        {
            "Scales!B5": "practice",
            "Scales!E5": "low",
            "Scales!F5": 0,
            "Scales!F6": 1,
            "Scales!B6": "practice",
        },
        [
            "study.xlsx!Scales!E5: criteria.practice.scale: 'low' is not a number (or is it a "
            "label? then write the level's anchor beside it)",
            "study.xlsx!Scales!E6: criteria.practice.scale: the level is empty (write a number)",
            "study.xlsx!Criteria!H4: criteria.practice.scale: 'practice' has a scale already, at "
            "study.xlsx!Scales!B5 (clear one of the two)",
        ],
    ),
    (
        {
            "Weights!A4": "my_scenario",
            "Weights!B4": "my_tree",
            "Weights!C4": "practice",
            "Weights!D4": 3,
            "Weights!A5": "my_scenario",
            "Weights!C5": "practice",
            "Weights!A6": "my_scenario",
            "Weights!B6": "my_tree",
            "Weights!D6": 3,
        },
        [
            "study.xlsx!Weights!C4: weights.my_tree.judgements.practice: 'practice' is judged "
            "already at study.xlsx!Weights!C3 (keep one of the two)",
            "study.xlsx!Weights!B5: weights: is empty (name the criterion, or the tree, whose "
            "children are weighted)",
            "study.xlsx!Weights!C6: weights.my_tree.judgements: is empty (name the child)",
        ],
    ),
    (
        {
            f"Not applicable!{column}{row}": value
            for row in (2, 3)
            for column, value in (("A", "my_scenario"), ("B", "practice"), ("C", "made up"))
        }
        | {"Not applicable!A4": "my_scenario", "Not applicable!C4": "why"},
        [
            "study.xlsx!Not applicable!B3: not_applicable.practice: 'practice' is not applicable "
            "in 'my_scenario' already (delete the row)",
            "study.xlsx!Not applicable!B4: not_applicable: is empty (name a criterion)",
        ],
    ),
    (
        {"Study!A1": "field", "Study!A50": None, "Study!B60": "stray"},
        [
            "study.xlsx!Study!A1: the header is missing (its first row names the columns: what, "
            "value, explanation)",
            "study.xlsx!Study!B60: 'stray' stands beside no field (values stand in column B)",
        ],
    ),
    (
        {
            "Scenarios!A3": "reference",
            "Scenarios!B3": "R",
            "Scenarios!C3": "yes",
            "Weights!A4": "reference",
            "Weights!B4": "my_tree",
            "Not applicable!A2": "reference",
        },
        [
            "study.xlsx!Scenarios!A3: tree: was written for tree 'defence_strategy'; the study "
            "uses 'my_tree' (list scenarios for 'my_tree')",
            "study.xlsx!Scenarios!B3: name: the scenario 'reference' is packaged, so this stays "
            "empty (clear this cell, or the word yes)",
            "study.xlsx!Weights!A4: the scenario 'reference' is packaged, and brings this itself "
            "(delete the row, or the word yes on the sheet Scenarios)",
            "study.xlsx!Not applicable!A2: the scenario 'reference' is packaged, and brings this "
            "itself (delete the row, or the word yes on the sheet Scenarios)",
        ],
    ),
    (
        {"Strategies!A3": date(2026, 1, 2), "Analysts!A2": None, "Analysts!B2": date(2026, 1, 2)},
        [
            "study.xlsx!Strategies!A3: 2026-01-02 is a date, where a text belongs (format the cell "
            "as text, then type it again)",
            "study.xlsx!Analysts!B2: 2026-01-02 is a date, where a text belongs (format the cell "
            "as text, then type it again)",
        ],
    ),
    (
        {"Scales!C2": 0, "Scales!D2": 1, "Scales!C3": 5, "Scales!E4": None},
        [
            "study.xlsx!Scales!C3: scales.practice: 5 differs from 0 at study.xlsx!Scales!C2 (once "
            "for each scale is enough)",
            "study.xlsx!Scales!E4: scales.practice: the level is empty (write its label)",
        ],
    ),
    (
        {
            "Scales!E3": date(2026, 1, 2),
            "Criteria!L3": "sixty",
            "Criteria!M3": "8O",
            "Criteria!O2": "share = 0.1, name = 'x'",
        },
        [
            "study.xlsx!Scales!E3: scales.practice: 2026-01-02 is a date, where a text belongs "
            "(format the cell as text, then type it again)",
            "study.xlsx!Criteria!O2: criteria.results.rule: \"share = 0.1, name = 'x'\" holds a "
            "name, which stands in a cell of its own",
            "study.xlsx!Criteria!L3: criteria.people_protected.acceptable: 'sixty' is not a number",
            "study.xlsx!Criteria!M3: criteria.people_protected.good: '8O' is not a number",
        ],
    ),
    (
        {
            "Overlaps!A2": "practice",
            "Overlaps!B2": "results",
            "Overlaps!A3": "practice",
            "Overlaps!B3": "Results",
            "Overlaps!A4": "practice",
            "Overlaps!C4": "how",
        },
        [
            "study.xlsx!Overlaps!B3: criteria.practice.overlaps: 'results' stands already at "
            "study.xlsx!Overlaps!B2 (keep one of the two)",
            "study.xlsx!Overlaps!B4: criteria.practice.overlaps: is empty (name another criterion)",
        ],
    ),
    (
        {"Scales!C2": 0, "Scales!D2": 1, "Strategies!H2": 5},
        [
            "study.xlsx!Strategies!H2: 5 stands under no header (clear the cell)",
            "study.xlsx!Scales!A2: scales.practice: give either worst and best, or levels, not "
            "both",
        ],
    ),
    (
        {"Strategies!G1": "name"},
        [
            "study.xlsx!Strategies!G1: 'name' is no column of this sheet (it stands here already: "
            "keep one of the two)"
        ],
    ),
    (
        {"Criteria 2!A1": "id"},
        ["study.xlsx!Criteria 2: is no sheet of a study (did you mean 'Criteria'?; or delete it)"],
    ),
    (
        {"Analysts!D2": "bell\x07".replace("\x07", "_x0007_")},
        [
            "study.xlsx!Analysts!D2: analysts.first.interests: holds the control character "
            "'\\x07' (delete it)"
        ],
    ),
    (
        {"Study!B2": "=1+1", "Criteria!I3": "=1/0", "Weights!D2": "#N/A"},
        [
            "study.xlsx!Study!B2: holds a formula without its result (type the value itself, or "
            "open the file in a spreadsheet and save it)",
            "study.xlsx!Criteria!I3: holds a formula without its result (type the value itself, "
            "or open the file in a spreadsheet and save it)",
            "study.xlsx!Weights!D2: holds the error '#N/A' (type what is meant, or clear the cell)",
        ],
    ),
]


@pytest.mark.parametrize(("cells", "told"), FAULTS, ids=lambda item: " ".join(item)[:60])
def test_a_fault_is_refused_at_its_cell_and_nothing_is_written(
    tmp_path: Path, cells: Cells, told: list[str]
) -> None:
    assert refused(tmp_path, cells) == told
