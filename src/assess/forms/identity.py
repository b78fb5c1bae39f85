"""What a form says of itself on its hidden sheet, and whether it belongs to a study."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assess.checks.few import listed
from assess.forms.asked import FORM_KIND, FORMAT
from assess.forms.sheets import KIND, META_SHEET, Book
from assess.model import Problem, Study, StudyError, nearest, shown

Marks = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Block:
    """The rows in which the strategies are rated on one criterion.

    Attributes:
        sheet: its name.
        start: the first of the rows, from 0.
        scenario, criterion: what is rated; the scenario is empty where it holds in every one.
        label: what the form calls the criterion.
        seal: hash of the locked words above and beside.
    """

    sheet: str
    start: int
    scenario: str
    criterion: str
    label: str
    seal: str


@dataclass(frozen=True)
class Form:
    """What a form says of itself.

    Attributes:
        name: of the file.
        study, tree: for which it was made.
        analyst: who fills it in.
        round: of asking.
        strategies: what the form calls each of them, by id.
        nodes: fingerprint and mark of scales that every criterion had.
        blocks: what it asks, and where.
    """

    name: str
    study: str
    tree: str
    analyst: str
    round: int
    strategies: Mapping[str, str]
    nodes: Marks
    blocks: Sequence[Block]

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the sheets that hold answers."""
        return tuple(dict.fromkeys(block.sheet for block in self.blocks))


def is_form(book: Book) -> bool:
    """Whether a workbook is a form, as its hidden sheet says."""
    return book.meta.get(KIND) == FORM_KIND


def read_form(book: Book) -> Form:
    """Return what a form says of itself, on its hidden sheet.

    Raises:
        StudyError: it is no form, or one of another version of the library.
    """
    meta = book.meta
    if not is_form(book):
        hint = "a form is written by: assess form STUDY --analyst ID -o FILE.xlsx"
        raise StudyError([_whole(book, "is no form of assess", hint)])
    if meta.get("format") != FORMAT:
        told = f"is a form of format {shown(meta.get('format', ''))}; this version reads {FORMAT}"
        raise StudyError([_whole(book, told, "write the form again")])
    try:
        rows = [[str(cell or "") for cell in row] for row in book.sheets[META_SHEET]]
        return Form(
            book.name,
            meta["study"],
            meta["tree"],
            meta["analyst"],
            int(meta["round"]),
            {row[1]: row[2] for row in rows if row[0] == "strategy"},
            {row[1]: (row[2], row[3]) for row in rows if row[0] == "node"},
            [Block(row[1], int(row[2]) - 1, *row[3:7]) for row in rows if row[0] == "block"],
        )
    except (LookupError, ValueError, TypeError) as error:
        told = f"its hidden sheet {META_SHEET} was changed"
        raise StudyError([_whole(book, told, "fill in a new form")]) from error


def _whole(book: Book, message: str, hint: str) -> Problem:
    return Problem("form", (), message, hint, book.name)


def misfits(form: Form, study: Study, now: Marks, folder: str) -> Iterator[Problem]:
    """Yield why a form does not belong to a study as it is now.

    Args:
        form: which.
        study: for which it is collected.
        now: the `marks` of its criteria.
        folder: what messages call the study.
    """
    again = f"write a new form: assess form {folder} --analyst {form.analyst}"
    if form.study != study.name or form.tree != study.tree.id:
        told = f"was made for the study {shown(form.study)} with the tree {shown(form.tree)}"
        hint = f"this study is {shown(study.name)} with the tree {shown(study.tree.id)}"
        yield Problem("form", (), told, hint, form.name)
        return
    if form.analyst not in study.analysts:
        told = f"{shown(form.analyst)}, for whom it was made, is no analyst of the study"
        yield Problem("form", (), told, nearest(form.analyst, study.analysts), form.name)
    if changed := list(_changed(form, study, now)):
        told = f"was made before the tree changed: {listed(changed)}"
        yield Problem("form", (), told, again, form.name)


def _changed(form: Form, study: Study, now: Marks) -> Iterator[str]:
    """Yield what is another since a form was made; of a group only what is its own."""
    then, tree = form.nodes, study.tree
    differs = {key for key in now if key in then and now[key][0] != then[key][0]}
    for key in now:
        if key not in then:
            yield f"{key} is new"
        elif key in tree.children:
            if key in differs and not differs & {*tree.children[key]}:
                yield f"{key} has another rule or other criteria below"
        elif key in differs:
            yield f"{key} has other levels, worths or gate"
        elif now[key] != then[key]:
            yield f"{key} has other anchors or another unit"
    yield from (f"{key} is gone" for key in then if key not in now)
