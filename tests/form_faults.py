"""Faults in filled forms: what is done to a sound one, and the problem that must follow, alone."""

# ruff: noqa: E501 (one fault a line)

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Change = Callable[[Any], object]
_MOVED = "rows of a form are not moved, deleted or added: undo it, or fill in a new form"
_LOCKED = "what is locked is no answer: undo it, or fill in a new form"


@dataclass(frozen=True)
class Fault:
    """One fault and what must be said of it.

    Attributes:
        name: what is wrong.
        change: does it to the workbook.
        told: every problem, to the letter.
    """

    name: str
    change: Change
    told: tuple[str, ...]


def put(cell: str, value: Any, sheet: str = "Ratings", **looks: Any) -> Change:
    """Put a value into a cell, as a text where it is one."""

    def change(book: Any) -> None:
        found = book[sheet][cell]
        found.value = value
        if isinstance(value, str) and not looks.get("formula"):
            found.data_type = looks.get("data_type", "s")
        if "number_format" in looks:
            found.number_format = looks["number_format"]

    return change


def each(*changes: Change) -> Change:
    """Make several changes."""
    return lambda book: [change(book) for change in changes]


FAULTS = (
    Fault("off the scale", put("H11", 130), ("ana.xlsx!Ratings!H11: '130' is off the scale (the scale runs from 0 to 100)",)),
    Fault("in two rows alike", each(put("H11", 130), put("H12", 130)), (
        "ana.xlsx!Ratings!H11: '130' is off the scale (the scale runs from 0 to 100)",
        "ana.xlsx!Ratings!H12: '130' is off the scale (the scale runs from 0 to 100)",
    )),
    Fault("a level nearly spelt", put("H21", "non"), ("ana.xlsx!Ratings!H21: 'non' is not a level (did you mean 'none'?)",)),
    Fault("a formula without its result", put("H12", "=50+10", formula=True), ("ana.xlsx!Ratings!H12: holds a formula without its result (type the value itself, or open the file in a spreadsheet and save it)",)),
    Fault("an error value", put("K6", "#N/A", data_type="e"), ("ana.xlsx!Ratings!K6: holds the error '#N/A' (type what is meant, or clear the cell)",)),
    Fault("a percentage", put("H12", 0.6, number_format="0%"), ("ana.xlsx!Ratings!H12: is shown in percent and holds 0.6 (make it a plain number: 60 or 0.6?)",)),
    Fault("low above high", put("G7", 600), ("ana.xlsx!Ratings!G7: low is 600, rating is 400, high is 500 (low, rating and high stand in rising order)",)),
    Fault("high below the rating", put("I7", 350), ("ana.xlsx!Ratings!I7: low is 300, rating is 400, high is 350 (low, rating and high stand in rising order)",)),
    Fault("half a range", put("I7", None), ("ana.xlsx!Ratings!G7: low is 300, rating is 400, high is empty (give low and high, or neither)",)),
    Fault("a decimal comma", put("H11", "30,5"), ("ana.xlsx!Ratings!H11: '30,5' is not a number (write a decimal point, not a comma; the scale runs from 0 to 100)",)),
    Fault("a sign beside the number", put("H11", "30 %"), ("ana.xlsx!Ratings!H11: '30 %' is not a number (write 30 without %; the scale runs from 0 to 100)",)),
    Fault("yes or no", put("H11", True), ("ana.xlsx!Ratings!H11: 'TRUE' is not a number (the scale runs from 0 to 100)",)),
    Fault("a formula as text", put("H11", "=60"), ("ana.xlsx!Ratings!H11: '=60' is not a number (the scale runs from 0 to 100)",)),
    Fault("a source without a rating", put("L13", "a report"), ("ana.xlsx!Ratings!H13: is empty (write a level, ? for unknown or withheld; or leave the row out)",)),
    Fault("a grade that is none", put("K6", "B7"), ("ana.xlsx!Ratings!K6: 'B7' is not an Admiralty grade (A to F, then 1 to 6: B2)",)),
    Fault("a confidence that is none", put("J7", "hihg"), ("ana.xlsx!Ratings!J7: 'hihg' is not a confidence (did you mean 'high'?)",)),
    Fault("a basis that is none", put("P22", "guess"), ("ana.xlsx!Ratings!P22: 'guess' is not a basis (choose from 'judgement', 'measured', 'illustrative')",)),
    Fault("a date that is none", put("N6", "30.6.2026"), ("ana.xlsx!Ratings!N6: '30.6.2026' is not a date (write it as 2026-06-30)",)),
    Fault("n/a without a reason", each(*(put(f"H{row}", "n/a") for row in (11, 12, 13))), tuple(
        f"ana.xlsx!Ratings!M{row}: n/a needs a rationale: why it does not apply" for row in (11, 12, 13)
    )),
    Fault("n/a for one strategy alone", each(put("H11", "n/a"), put("M11", "no")), (
        "ana.xlsx!Ratings!H11: n/a for one strategy alone: 'trust' is not n/a for reform, build (n/a holds for all strategies alike; write ? if the level is not known)",
    )),
    Fault("a number typed over a locked name", put("E12", 350), ("ana.xlsx!Ratings!E12: holds 350, where 'Reform' is locked (" + _LOCKED + ")",)),
    Fault("locked words changed", put("D9", "Trust in whom?"), ("ana.xlsx!Ratings!D9: the locked words on trust were changed, above or beside its rows (" + _LOCKED + ")",)),
    Fault("a row deleted", lambda book: book["Ratings"].delete_rows(12), ("ana.xlsx!Ratings!D12: the row of trust for reform is not here (" + _MOVED + ")",)),
    Fault("a row inserted", lambda book: book["Ratings"].insert_rows(7), ("ana.xlsx!Ratings!D7: the row of deaths for reform is not here (" + _MOVED + ")",)),
    Fault("a header renamed", put("H2", "score"), ("ana.xlsx!Ratings!H2: holds 'score', where the header 'rating' belongs (columns are not moved or renamed: undo it)",)),
    Fault("a column deleted", lambda book: book["Ratings"].delete_cols(9), ("ana.xlsx!Ratings!I2: holds 'confidence', where the header 'high' belongs (columns are not moved or renamed: undo it)",)),
    Fault("a note beside the table", put("R6", "see my mail"), ("ana.xlsx!Ratings!R6: holds 'see my mail', where nothing is asked (clear the cell, or write it as a rationale)",)),
    Fault("a rating beside a heading", put("M4", 12), ("ana.xlsx!Ratings!M4: holds 12, where nothing is asked (clear the cell, or write it as a rationale)",)),
    Fault("a sheet added", lambda book: book.create_sheet("My notes"), ("ana.xlsx!My notes: is no sheet of this form (write it as a rationale; delete the sheet)",)),
    Fault("a sheet deleted", lambda book: book.remove(book["Context"]), ("ana.xlsx: the sheet 'Context' is missing (fill in a new form)",)),
    Fault("the hidden sheet deleted", lambda book: book.remove(book["_meta"]), ("ana.xlsx: is no form of assess (a form is written by: assess form STUDY --analyst ID -o FILE.xlsx)",)),
    Fault("the hidden sheet cut", lambda book: book["_meta"].delete_rows(4), ("ana.xlsx: its hidden sheet _meta was changed (fill in a new form)",)),
    Fault("another format", put("B2", "2", sheet="_meta"), ("ana.xlsx: is a form of format '2'; this version reads 1 (write the form again)",)),
    Fault("another study", put("B3", "Large", sheet="_meta"), ("ana.xlsx: was made for the study 'Large' with the tree 'small' (this study is 'Small' with the tree 'small')",)),
    Fault("an analyst nobody knows", put("B5", "anna", sheet="_meta"), ("ana.xlsx: 'anna', for whom it was made, is no analyst of the study (did you mean 'ana'?)",)),
    Fault("in a sheet of its own and in another", each(put("H6", 99_999), put("H6", "much", sheet="Context")), (
        "ana.xlsx!Ratings!H6: '99999' is off the scale (the scale runs from 0 to 1000)",
        "ana.xlsx!Context!H6: 'much' is not a number (write a number with a decimal point)",
    )),
)  # fmt: skip
