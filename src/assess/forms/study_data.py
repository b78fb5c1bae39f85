"""The sheets of a study's workbook to the data of its files, with the cell of every value."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assess.files import packaged, read_tree
from assess.forms.notation import id_from_name
from assess.forms.sheets import Value
from assess.forms.study_cells import Entry, Place, Sheets, WrongCellError, entries, text
from assess.forms.study_sheets import FIELDS, ID_SHEETS, REQUIRED, SHEETS, STUDY_SHEET
from assess.forms.study_told import Data, StudyBook, by_id_or_name
from assess.forms.study_tree import read_criteria, read_overlaps, read_scales
from assess.forms.study_weights import read_not_applicable, read_scenarios, read_weights
from assess.model import ID_PATTERN, shown

Rows = Mapping[str, Sequence[Entry]]
Found = list[tuple[str, Entry]]
_NAMED_BY = {"Sources": "title", "Seed questions": "question"}
_PACKAGED = "packaged tree"


def study_data(book: Sheets, file: str, *, faulty: frozenset[str] = frozenset()) -> StudyBook:
    """Read the sheets of a workbook.

    Args:
        book: the values of each sheet, row by row from the first cell.
        file: what messages call the workbook.
        faulty: cells that hold no value although something was entered; they are told elsewhere.
    """
    rows, problems = entries(book, file)
    made = StudyBook(file, problems=problems, faulty=faulty)
    (head,) = rows[STUDY_SHEET]
    found = {sheet: _ids(made, sheet, rows[sheet]) for sheet in ID_SHEETS.values()}
    _read_head(made, head)
    _name_all(made, found)
    for sheet in ("Strategies", "Analysts", "Sources", "Seed questions"):
        _read_section(made, sheet, found[sheet])
    _read_answers(made, rows["Seed answers"])
    _read_actors(made, found["Actors"])
    if _is_packaged(made):
        _refuse_sheets(made, rows)
    else:
        ordinal = read_scales(made, rows["Scales"])
        read_criteria(made, found["Criteria"], ordinal)
        read_overlaps(made, rows["Overlaps"])
    read_scenarios(made, found["Scenarios"])
    read_weights(made, rows["Weights"])
    read_not_applicable(made, rows["Not applicable"])
    _place_whole(made, file)
    return made


def _is_packaged(made: StudyBook) -> bool:
    return "tree" in made.study


def _place_whole(made: StudyBook, file: str) -> None:
    """Say where problems of whole sheets stand: in the first row below the header."""
    order = (STUDY_SHEET, *SHEETS)
    for sheet in (*REQUIRED, "Criteria"):
        part = "tree" if sheet == "Criteria" else "study"
        made.places[part, (_section(sheet),)] = Place(order.index(sheet), 1, 0, file)
    made.places.setdefault(("tree", ()), Place(0, 0, 0, file))
    made.places["study", ()] = Place(0, 0, 0, file)


def _ids(made: StudyBook, sheet: str, rows: Sequence[Entry]) -> Found:
    """Return the rows of a sheet by their ids, which may be made of names; each id once."""
    found: Found = []
    first: dict[tuple[Value, str], Place] = {}
    part = "tree" if sheet == "Criteria" else "study"
    for entry in rows:
        key, derived = _id(made, entry, part, sheet)
        if not key:
            continue
        group = entry.cells.get("belongs to", "study") if sheet == "Actors" else ""
        place = entry.at("id")
        if earlier := first.get((group, key)):
            made_of = ", made of the name," if derived else ""
            message = f"id {shown(key)}{made_of} is used already at {earlier}"
            made.tell(place, part, (_section(sheet), key), message, "write another")
            continue
        first[group, key] = place
        if sheet == "Scenarios" and not ID_PATTERN.fullmatch(key):
            made.tell(place, "study", ("scenarios", ""), *_no_id(key))
            key = f"unnamed_{len(found)}"  # which its file can be called until it is mended
        made.places.setdefault((part, (_section(sheet), key)), place)
        found.append((key, entry))
    return found


def _no_id(word: str) -> tuple[str, str]:
    """Return message and hint where an id is none."""
    hint = "use lower-case letters, digits and underscores, beginning with a letter"
    return f"{shown(word)} is not an id", hint


def _id(made: StudyBook, entry: Entry, part: str, sheet: str) -> tuple[str, bool]:
    """Return the id of a row, and whether it was made of its name; empty where there is none."""
    try:
        if "id" in entry.cells:
            return text(entry.cells["id"]).strip(), False
        name = text(entry.cells.get(_name_column(entry.sheet), ""))
    except WrongCellError as error:
        column = "id" if "id" in entry.cells else _name_column(entry.sheet)
        made.tell(entry.at(column), part, (_section(sheet), ""), str(error), error.hint)
        return "", False
    key = id_from_name(name)
    if not key:
        message = f"is empty, and no id can be made of {shown(name)}" if name else "is empty"
        made.tell(entry.at("id"), part, (_section(sheet), ""), message, _no_id("")[1])
    return key, True


def _name_column(sheet: str) -> str:
    return _NAMED_BY.get(sheet, "name")


def _section(sheet: str) -> str:
    """Return the key of what a sheet holds: seed_questions."""
    return sheet.lower().replace(" ", "_")


def _name_all(made: StudyBook, found: Mapping[str, Found]) -> None:
    """Keep which ids and names may be referred to."""
    for of, sheet in ID_SHEETS.items():
        named = [(k, str(e.cells.get(_name_column(sheet), ""))) for k, e in found[sheet]]
        written = {str(entry.cells.get("id", key)).strip(): key for key, entry in found[sheet]}
        made.ids[of] = {**by_id_or_name(named), **written}
    root = (str(made.tree.get("id", "")), str(made.tree.get("name", "")))
    named = [(key, str(entry.cells.get("name", ""))) for key, entry in found["Criteria"]]
    if _is_packaged(made):
        root, named = _packaged_names(str(made.study["tree"]))
        made.ids["criterion"] = by_id_or_name(named)
    made.ids["node"] = by_id_or_name([root, *named])


def _packaged_names(name: str) -> tuple[tuple[str, str], list[tuple[str, str]]]:
    """Return id and name of a packaged tree, and of its criteria."""
    shelf = packaged("criteria")
    if name not in shelf:
        return (name, ""), []
    tree = read_tree(shelf[name])
    return (tree.id, tree.name), [(key, item.name) for key, item in tree.criteria.items()]


def _read_head(made: StudyBook, head: Entry) -> None:
    """Read the sheet Study: the study's own fields, and those of the tree."""
    own = [field for field in FIELDS if field.key[0] != "tree"]
    made.fill(made.study, head, own, "study", ())
    of_the_tree = {f.name: replace(f, key=f.key[1:]) for f in FIELDS if f.key[0] == "tree"}
    shelf = of_the_tree.pop(_PACKAGED)
    name = made.take(head, shelf, "study", ("tree",))
    if name is not None:
        made.study["tree"] = name
        made.places["tree", ()] = head.at(_PACKAGED)
        for field in of_the_tree:
            if field in head.cells:
                message = f"the study takes the packaged tree {shown(name)}, so this stays empty"
                hint = "clear this cell, or that of the packaged tree"
                made.tell(head.at(field), "tree", ("",), message, hint)
        return
    made.fill(made.tree, head, of_the_tree.values(), "tree", ())
    if "id" not in made.tree and (key := id_from_name(made.tree.get("name", ""))):
        made.tree = {"id": key, **made.tree}
    if not ID_PATTERN.fullmatch(key := str(made.tree.get("id", "unnamed"))):
        made.tell(head.at("tree"), "tree", ("id",), *_no_id(key))
        made.tree["id"] = "unnamed"
        made.doubts.add("nodes")


def _read_section(made: StudyBook, sheet: str, found: Found) -> None:
    """Read a sheet whose rows are keyed by id; what no study needs may be empty."""
    if not found and sheet not in REQUIRED:
        return
    table: Data = made.study.setdefault(_section(sheet), {})
    for key, entry in found:
        made.fill(
            table.setdefault(key, {}), entry, SHEETS[sheet][1:], "study", (_section(sheet), key)
        )


def _read_actors(made: StudyBook, found: Found) -> None:
    whose = {column.name: column for column in SHEETS["Actors"]}["belongs to"]
    columns = [column for column in SHEETS["Actors"][1:] if column is not whose]
    for key, entry in found:
        part = made.take(entry, whose, "study", ("actors", key)) or "study"
        if part == "tree" and _is_packaged(made):
            message = "the tree is packaged, and has its own actors"
            made.tell(entry.at("belongs to"), "study", ("actors", key), message, "write study")
            part = "study"
        holder = made.tree if part == "tree" else made.study
        table = holder.setdefault("actors", {}).setdefault(key, {})
        made.places.setdefault((part, ("actors", key)), entry.at("id"))
        made.fill(table, entry, columns, part, ("actors", key))


def _read_answers(made: StudyBook, rows: Sequence[Entry]) -> None:
    """Read the sheet Seed answers into the analysts."""
    whose, which, said = SHEETS["Seed answers"]
    for entry in rows:
        analyst = made.named(entry, whose, "study", ("analysts", "", "answers"))
        question = made.named(entry, which, "study", ("analysts", analyst or "", "answers"))
        if analyst is None or question is None:
            continue
        path = ("analysts", analyst, "answers", question)
        answers = made.study["analysts"][analyst].setdefault("answers", {})
        if question in answers:
            message = f"{question!r} is answered by {analyst!r} already"
            made.tell(entry.at(which.name), "study", path, message, "keep one of the two")
            continue
        made.places["study", path] = entry.at(said.name)
        answers[question] = made.take(entry, said, "study", path) or []


def _refuse_sheets(made: StudyBook, rows: Rows) -> None:
    """Refuse what stands on the sheets of a tree where a packaged one is taken."""
    name = made.study["tree"]
    for sheet in ("Scales", "Criteria", "Overlaps"):
        for entry in rows[sheet][:1]:
            message = f"the study takes the packaged tree {shown(name)}, so this sheet stays empty"
            hint = f"delete its rows, or clear {_PACKAGED!r} on the sheet {STUDY_SHEET}"
            made.tell(entry.start, "tree", ("",), message, hint)
