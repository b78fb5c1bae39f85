"""The sheet Read me of a study's workbook: what to fill in, and in which order."""

from assess.forms.study_sheets import SHEETS, STUDY_SHEET

READ_ME_SHEET = "Read me"
_STEPS = {
    STUDY_SHEET: "The question, the day, the value tree as a whole, and settings of the method.",
    "Strategies": "What is judged, one row each.",
    "Analysts": "Who judges, one row each, with declared interests.",
    "Actors": "Organisations that criteria name; may stay empty.",
    "Sources": "The register of evidence, which ratings may name; may stay empty.",
    "Seed questions": "Questions whose answers are known, to see how analysts do; may stay empty.",
    "Seed answers": "What analysts answered to them, one row an answer; may stay empty.",
    "Scales": "Levels and what each is worth, one row a level; a straight line may stand in the "
    "sheet Criteria instead.",
    "Criteria": "The value tree, one row a node: a group has children, a leaf has a scale.",
    "Overlaps": "Pairs of criteria that count some of the same; may stay empty.",
    "Scenarios": "Perspectives and worlds; the first one is the headline.",
    "Weights": "How much the children of a node matter in a scenario, one row a child; nodes "
    "without rows weigh their children equally, and the report says that nobody elicited that.",
    "Not applicable": "Criteria that make no sense in a scenario; may stay empty.",
}
_RULES = (
    "The first row of each sheet names its columns. Click a cell to see what belongs there.",
    "An id is the short name by which other sheets mean a thing: lower-case letters, digits and "
    "underscores, beginning with a letter. If it is left empty, it is made of the name: Continue "
    "as now becomes continue_as_now. Where an id belongs, the name may stand, too, if only one "
    "thing has it.",
    "The order of rows is the order in reports. Rows of blank cells are passed over.",
    "Columns and sheets may be moved, but neither renamed nor added: nothing is left unread.",
    "Formulas are refused where the workbook does not hold their result, and so are error values.",
    "Ratings do not stand here: analysts give them in forms of their own.",
)
_AFTER = (
    "assess collect DIR {name}    makes the files of the study in the folder DIR, or lists every "
    "mistake with its cell and writes nothing",
    "assess check DIR    says what the study still lacks",
    "assess form DIR --analyst ID -o FILE.xlsx    makes the form in which an analyst rates",
)


def guide(name: str, made_up: str, file: str = "study.xlsx") -> list[tuple[str, str]]:
    """Return the rows of the sheet Read me: a heading or a sheet, and what is said of it.

    Args:
        name: of the study.
        made_up: what of it is made up; empty if nothing is.
        file: what the workbook is called in the commands.
    """
    steps = [(f"{i}. {sheet}", _STEPS[sheet]) for i, sheet in enumerate(_STEPS, start=1)]
    assert [*_STEPS] == [STUDY_SHEET, *SHEETS]
    return [
        (name, ""),
        *([("Illustrative", made_up)] if made_up else []),
        ("Fill in the sheets in this order", ""),
        *steps,
        ("Rules", ""),
        *(("", rule) for rule in _RULES),
        ("Then, at the command line", ""),
        *(("", command.format(name=file)) for command in _AFTER),
    ]
