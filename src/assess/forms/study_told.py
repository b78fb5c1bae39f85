"""What a study's workbook says so far: data, the cell of every value, and what is wrong."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from assess.files.known import Known
from assess.forms.study_cells import Entry, Place, WrongCellError, as_typed, read
from assess.forms.study_sheets import ID_SHEETS, Column
from assess.model import Problem, nearest, shown

Data = dict[str, Any]
Keys = tuple[str | int, ...]


@dataclass
class StudyBook:
    """What a workbook says: the data of each file, where each value stands, what is wrong.

    Attributes:
        file: what messages call the workbook.
        study: for `study.toml`; with the name of the tree where it is packaged.
        tree: for the file of the tree; empty where it is packaged.
        scenarios: for the files of scenarios, by id; None where one is packaged.
        places: the cell of every value, by the part of the study and the way to it.
        problems: found in the cells; those of the whole are found once the files are loaded.
        known: the ways to what is wrong already.
        ids: what may be written where an id belongs, and the id that it means, by kind.
        doubts: what is not known because of what is wrong: "levels", "scales", "nodes", "weights".
        faulty: cells that hold a formula without its result, or an error; told elsewhere.
    """

    file: str
    study: Data = field(default_factory=dict)
    tree: Data = field(default_factory=dict)
    scenarios: dict[str, Data | None] = field(default_factory=dict)
    places: dict[tuple[str, Keys], Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    known: Known = field(default_factory=Known)
    ids: dict[str, dict[str, str]] = field(default_factory=dict)
    doubts: set[str] = field(default_factory=set)
    faulty: frozenset[str] = frozenset()

    def tell(self, place: Place, part: str, path: Keys, message: str, hint: str = "") -> None:
        """Add a problem of a cell; a way with an empty step in it is not shown."""
        way = () if "" in path else path
        if str(place) not in self.faulty:
            self.problems.append(Problem(part, way, message, hint, str(place)))
        self.known.add(part, path)
        if part == "tree" and (path[:1] == ("scales",) or path[2:3] == ("scale",)):
            self.doubts.add("scales")

    def follows(self, problem: Problem) -> bool:
        """Whether a problem only follows from one that is told already."""
        path = problem.path
        last = str(path[-1]) if path else ""
        if self.known.repeats(problem):
            return True
        if "scales" in self.doubts and last in (
            "acceptable",
            "good",
            "gate",
            "threshold",
            "ranges",
        ):
            return True
        if "levels" in self.doubts and (last == "scale" or path[:-1] == ("scales",)):
            return True
        if not path or path[0] != "weights":
            return False
        return ("nodes" in self.doubts and len(path) == 2) or (
            "weights" in self.doubts and last in ("method", "judgements")
        )

    def place(self, part: str, path: Keys) -> Place | None:
        """Return the cell of a value, or of the nearest thing above it that has one."""
        ways = (path[:length] for length in range(len(path), -1, -1))
        return next((found for way in ways if (found := self.places.get((part, way)))), None)

    def meant(self, of: str, word: str) -> str:
        """Return the id that is meant by an id or a name; the word itself where it is neither."""
        return self.ids.get(of, {}).get(word, word)

    def take(self, entry: Entry, column: Column, part: str, path: Keys) -> Any:
        """Return the value of a cell; None where nothing stands, or what is wrong, which is told.

        Args:
            entry: the row.
            column: of the cell.
            part: of the study that the value belongs to.
            path: the way to it there.
        """
        place = entry.at(column.name)
        self.places.setdefault((part, path), place)
        if column.name not in entry.cells:
            if str(place) in self.faulty:
                self.known.add(part, path)
            return None
        try:
            value = read(column, entry.cells[column.name])
        except WrongCellError as error:
            self.tell(place, part, path, str(error), error.hint)
            return None
        if column.kind == "pairs":
            self.places.update({(part, (*path, argument)): place for argument in value})
        if column.kind == "reference":
            return self.meant(column.of, value)
        if column.kind == "references":
            return [self.meant(column.of, word) for word in value]
        return value

    def fill(
        self, table: Data, entry: Entry, columns: Iterable[Column], part: str, path: Keys
    ) -> None:
        """Put the values of a row into a table, each under the key of its column."""
        for column in columns:
            value = self.take(entry, column, part, (*path, *column.key))
            if value is None:
                continue
            holder = table
            for key in column.key[:-1]:
                holder = holder.setdefault(key, {})
            last = column.key[-1]
            if column.kind != "pairs":
                holder[last] = value
            elif last in holder:
                holder[last] = {"name": holder[last], **value}
            else:
                hint = f"choose a {column.name.removesuffix(' settings')}"
                message = "are settings of nothing"
                self.tell(entry.at(column.name), part, (*path, *column.key), message, hint)

    def once(
        self, rows: Sequence[Entry], column: Column, part: str, path: Keys, hint: str
    ) -> Entry | None:
        """Return the first of some rows in which a cell stands; another must say the same.

        Args:
            rows: of one thing.
            column: of the cell.
            part: of the study that the value belongs to.
            path: the way to it there.
            hint: how often it needs to be said.
        """
        full = [entry for entry in rows if column.name in entry.cells]
        for entry in full[1:]:
            given, first = (row.cells[column.name] for row in (entry, full[0]))
            if given != first:
                there = full[0].at(column.name)
                message = f"{as_typed(given)} differs from {as_typed(first)} at {there}"
                self.tell(entry.at(column.name), part, path, message, hint)
        return full[0] if full else None

    def ends(self, entry: Entry, columns: tuple[Column, Column], part: str, path: Keys) -> Any:
        """Return a number, or a list of the two ends of a range; None where neither stands."""
        low, high = (self.take(entry, column, part, path) for column in columns)
        lower, upper = columns
        if upper.name in entry.cells and lower.name not in entry.cells:
            hint = f"a single number stands under {lower.name!r}"
            self.tell(entry.at(lower.name), part, path, "the lower end of the range is empty", hint)
        return low if low is None or high is None else [low, high]

    def named(self, entry: Entry, column: Column, part: str, path: Keys) -> str | None:
        """Return the id that a row must name, or None and tell what is wrong.

        Args:
            entry: the row.
            column: of the id.
            part: of the study that the row belongs to.
            path: the way to what the row says.
        """
        given = self.take(entry, column, part, path)
        known = self.ids.get(column.of, {})
        place = entry.at(column.name)
        if column.name not in entry.cells:
            self.tell(place, part, path, "is empty", f"name a {column.name}")
        elif given is not None and given not in known.values():
            sheet = ID_SHEETS[column.of]
            message = f"{shown(given)} is no {column.of} of the sheet {sheet}"
            self.tell(place, part, path, message, nearest(given, known))
        else:
            return str(given) if given is not None else None
        return None


def by_id_or_name(ids: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return what ids and names mean: each id itself, each name that only one thing has, its id.

    >>> by_id_or_name([("north", "The north"), ("south", "Sahel"), ("east", "Sahel")])
    {'The north': 'north', 'north': 'north', 'south': 'south', 'east': 'east'}
    """
    pairs = list(dict.fromkeys(ids))
    times = Counter(name for _, name in pairs)
    alone = {name: key for key, name in pairs if name and times[name] == 1}
    return {**alone, **{key: key for key, _ in pairs}}
