"""A study's folder to a `Study`: every file read, every problem of every file at once."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from assess.checks import check
from assess.files.packaged import packaged
from assess.files.ratings import Sheet, join, read_ratings
from assess.files.toml import Source, build, read_toml
from assess.instrument import instrument
from assess.model import (
    ID_PATTERN,
    Actor,
    Analyst,
    Criterion,
    Frozen,
    FrozenDict,
    Method,
    OwnRule,
    Problem,
    Scenario,
    Strategy,
    Study,
    StudyError,
    ValueTree,
    nearest,
    shown,
)
from assess.model.frozen import Keyed, Text
from assess.model.people import Date

Rules = Mapping[str, Callable[..., Any]]

_STUDY_STAND_INS = {
    "name": "unnamed",
    "as_of": date.min,
    "tree": "",
    "scenarios": [""],
    "strategies": {},
    "analysts": {},
}
_PLACE_OF_A_CRITERION = ("parent", "kind", "scale")


class StudyFile(Frozen):
    """What `study.toml` holds: the question, who takes part, and which other files belong to it.

    A bare name of a tree or a scenario is looked up among the packaged ones; a name with a suffix
    is a file inside the study's folder.
    """

    name: str
    question: Text = ""
    as_of: Date
    horizon: str = ""
    illustrative: Text = ""
    tree: str = Field(description="a packaged tree by name, or a file: criteria/mine.toml")
    scenarios: Annotated[tuple[str, ...], Field(min_length=1)]
    ratings: tuple[str, ...] = Field(
        default=(), description="CSV files, or patterns: ratings/*.csv"
    )
    strategies: Keyed[Strategy]
    analysts: Keyed[Analyst]
    actors: Keyed[Actor] = Field(default_factory=FrozenDict)
    method: Method = Method()


def load(path: str | Path, *, rules: Rules | None = None) -> Study:
    """Read a study from its folder, its `study.toml`, or the name of a packaged example.

    Args:
        path: "examples/mali", "examples/mali/study.toml", or "mali" where no such folder exists.
        rules: your own rules by the name that the tree uses: `{"mine": function}`.

    Returns:
        A study without problems.

    Raises:
        StudyError: lists every problem of every file, with file, line and column.

    >>> load("mali").name  # doctest: +ELLIPSIS
    'Mali...
    """
    reader = _Reader(_study_file(Path(path)))
    study = reader.read(rules or {})
    if study is None or reader.problems:
        raise StudyError(reader.ordered())
    instrument(study)  # made here, once, so that an evaluation costs only itself
    return study


def _study_file(path: Path) -> Path:
    with suppress(OSError):
        for file in (path / "study.toml", path):
            if file.is_file():
                return file
    examples = packaged("examples")
    if str(path) in examples:
        return examples[str(path)] / "study.toml"
    hint = nearest(path.name, examples) if path.parent == Path() else ""
    where = str(path)[:200]
    raise StudyError([Problem(where, (), "there is no study here", hint, where)])


@dataclass
class _Reader:
    """Reads one study; collects problems on the way."""

    path: Path
    problems: list[Problem] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    sheets: list[Sheet] = field(default_factory=list)
    read_already: set[Path] = field(default_factory=set)

    def read(self, rules: Rules) -> Study | None:
        source = self._toml(self.path, "study.toml", "study")
        head = self._build(StudyFile, source, "study", _STUDY_STAND_INS)
        if head is None:
            return None
        tree = self._tree(head.tree)
        scenarios = [self._scenario(name, i) for i, name in enumerate(head.scenarios)]
        self._ratings(head.ratings)
        if tree is None or self._is_known(Problem("tree", ("id",), "")):
            tree = tree or ValueTree(id="unread", criteria={})
            named = [scenario.tree for scenario in scenarios if scenario]
            tree = tree.model_copy(update={"id": named[0]} if named else {})
        shared = {name: getattr(head, name) for name in StudyFile.model_fields}
        study = Study(
            **{
                **shared,
                "tree": tree,
                "scenarios": tuple(filter(None, scenarios)),
                "ratings": join(self.sheets),
                "rules": FrozenDict({name: OwnRule.of(f) for name, f in rules.items()}),
            }
        )
        found = check(study, declared=self._declared(head) if self.problems else None)
        self.problems += [self._placed(p) for p in found if not self._is_known(p)]
        return study

    def _toml(self, path: Path, name: str, part: str) -> Source | None:
        try:
            source = read_toml(path, name)
        except StudyError as error:
            self.problems += error.problems
            return None
        self.sources.setdefault(part, source)
        return source

    def _build(
        self, model: Any, source: Source | None, part: str, stand_ins: Mapping[str, Any]
    ) -> Any:
        if source is None:
            return None
        built, problems = build(model, source, part, stand_ins)
        self.problems += problems
        return built

    def _tree(self, name: str) -> ValueTree | None:
        found = self._find(name, "criteria", ("tree",))
        if found is None:
            return None
        source = self._toml(found, _shown(found, self.path.parent), "tree")
        version = str(source.data.get("version")) if source else ""
        stand_ins = {"id": "unread", "criteria": {}, "version": version}
        tree: ValueTree | None = self._build(ValueTree, source, "tree", stand_ins)
        return tree

    def _scenario(self, name: str, place: int) -> Scenario | None:
        found = self._find(name, "scenarios", ("scenarios", place))
        if found is None:
            return None
        if found in self.read_already:
            self._say(("scenarios", place), f"{name!r} is listed twice", "keep one of the two")
            return None
        self.read_already.add(found)
        source = self._toml(found, _shown(found, self.path.parent), f"scenario file {place}")
        if source is None:
            return None
        stand_ins = {"id": f"unnamed_{place}", "tree": "unread"}
        given = str(source.data.get("id"))
        part = f"scenario {given if ID_PATTERN.fullmatch(given) else stand_ins['id']}"
        scenario: Scenario | None = self._build(Scenario, source, part, stand_ins)
        if scenario and self.sources.setdefault(f"scenario {scenario.id}", source) is not source:
            earlier = self.sources[part].place(("id",))
            message = f"scenario id {scenario.id!r} is already used at {earlier}"
            hint, here = "rename one of the two", source.place(("id",))
            self.problems.append(Problem(part, ("id",), message, hint, here))
            return None
        return scenario

    def _find(self, name: str, kind: Any, key: tuple[str | int, ...]) -> Path | None:
        """Return a packaged file by its bare name, or a file inside the study's folder."""
        if self._stands_in(name, key):
            return None
        shelf = packaged(kind)
        if name in shelf:
            return shelf[name]
        if "/" not in name and not name.endswith(".toml"):
            hint = nearest(name, shelf) + f"; a file of your own is written {kind}/NAME.toml"
            self._say(key, f"there is no packaged file {shown(name)} in {kind}", hint)
            return None
        path = self._inside(name, key)
        if path is not None and not path.is_file():
            near = nearest(name, self._files("*.toml"))
            self._say(key, f"there is no file {shown(name)} in the study's folder", near)
            return None
        return path

    def _inside(self, name: str, key: tuple[str | int, ...]) -> Path | None:
        """Return a path, refused where it leaves the study's folder."""
        folder = self.path.parent.resolve()
        try:
            path = (folder / name).resolve()
            path.is_file()
        except (ValueError, OSError, RuntimeError):
            self._say(
                key, f"{shown(name)} is no name of a file", nearest(name, self._files("*.toml"))
            )
            return None
        if not path.is_relative_to(folder):
            self._say(
                key, f"{shown(name)} leads out of the study's folder", "copy the file into it"
            )
            return None
        return path

    def _ratings(self, patterns: tuple[str, ...]) -> None:
        for place, pattern in enumerate(patterns):
            for path in self._matching(pattern, ("ratings", place)):
                name = _shown(path, self.path.parent)
                if path in self.read_already:
                    message = f"{shown(pattern)} matches {name!r}, which is read already"
                    self._say(("ratings", place), message, "list each file once")
                    continue
                self.read_already.add(path)
                try:
                    self.sheets.append(read_ratings(path, name))
                except StudyError as error:
                    self.problems += error.problems

    def _matching(self, pattern: str, key: tuple[str | int, ...]) -> Iterator[Path]:
        folder = self.path.parent
        if self._stands_in(pattern, key):
            return
        if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
            self._say(
                key, f"{shown(pattern)} leads out of the study's folder", "copy the files into it"
            )
            return
        found = sorted(_glob(folder, pattern))
        if not found:
            near = nearest(pattern, self._files("*.csv"))
            self._say(key, f"no file matches {shown(pattern)}", near)
        for path in found:
            if (inside := self._inside(str(path.relative_to(folder)), key)) is not None:
                yield inside

    def _files(self, pattern: str) -> list[str]:
        folder = self.path.parent
        return [str(path.relative_to(folder)) for path in sorted(folder.rglob(pattern))]

    def _say(self, key: tuple[str | int, ...], message: str, hint: str) -> None:
        problem = Problem("study", key, message, hint, self.sources["study"].place(key))
        self.problems.append(problem)

    def _stands_in(self, name: str, key: tuple[str | int, ...]) -> bool:
        """Whether a name only fills the place of one that was left out as wrong."""
        return not name and self._is_known(Problem("study", key, ""))

    def _declared(self, head: StudyFile) -> dict[str, frozenset[str]]:
        """Return ids that the files do declare although something of them had to be left out."""
        declared = defaultdict[str, set[str]](set)
        for problem in self.problems:
            kind, *way = problem.path or ("",)
            if problem.part.startswith("scenario ") and kind == "kind":
                declared["kinds"].add(problem.part.removeprefix("scenario "))
            elif problem.part in ("study", "tree") and kind in ("strategies", "analysts", "actors"):
                table = self.sources[problem.part].data.get(str(kind))
                declared[str(kind)].update(table if isinstance(table, dict) else ())
            elif problem.part == "tree" and way and (kind == "scales" or _moves(way[1:])):
                declared[str(kind)].add(str(way[0]))
        for ids in declared.values():
            ids |= {key.lower() for key in ids}
        sources = [source for part, source in self.sources.items() if part.startswith("scenario")]
        declared["scenarios"] = {str(source.data.get("id")) for source in sources}
        declared["scenarios"] |= {Path(name).stem for name in head.scenarios}
        if "tree" not in self.sources or any(p.path == ("criteria",) for p in self.problems):
            declared["trees"] = {head.tree}
        return {kind: frozenset(ids) for kind, ids in declared.items()}

    def _is_known(self, problem: Problem) -> bool:
        """Whether a problem only repeats that something broken was left out."""
        return any(
            problem.part == known.part
            and all(a == b for a, b in zip(problem.path, known.path, strict=False))
            for known in self.problems
            if known.path and problem.path
        )

    def _placed(self, problem: Problem) -> Problem:
        if problem.part == "ratings" and problem.path:
            row, column = problem.path
            earlier = self._row_place(problem.earlier) if problem.earlier is not None else ""
            place = f"{self._row_place(int(row))}:{column}"
            return replace(problem, place=place, earlier_place=earlier)
        source = self.sources.get(problem.part)
        return replace(problem, place=source.place(problem.path)) if source else problem

    def _row_place(self, row: int) -> str:
        for sheet in self.sheets:
            if row < len(sheet.rows):
                return f"{sheet.name}:{sheet.rows[row]}"
            row -= len(sheet.rows)
        return "ratings"

    def ordered(self) -> list[Problem]:
        """Return all problems in the order of files and lines, none twice."""
        files = list(dict.fromkeys(_file_and_numbers(problem)[0] for problem in self.problems))

        def place(problem: Problem) -> tuple[int, list[int]]:
            name, numbers = _file_and_numbers(problem)
            return files.index(name), numbers

        return sorted({str(p): p for p in self.problems}.values(), key=place)


def _moves(way: list[str | int]) -> bool:
    """Whether what was left out of a criterion may change where it stands in the tree."""
    return not way or way[0] in _PLACE_OF_A_CRITERION or way[0] not in Criterion.model_fields


def _file_and_numbers(problem: Problem) -> tuple[str, list[int]]:
    """Return the file of a problem, and its line and column or row, to sort by."""
    name, *rest = re.split(r":(?=[0-9]{1,9}(?::|$))", problem.place)
    return name, [int(text.split(":")[0]) for text in rest]


def _glob(folder: Path, pattern: str) -> list[Path]:
    """Return the files that match; none where the pattern itself is not one."""
    with suppress(ValueError, IndexError, NotImplementedError, OSError):
        return [path for path in folder.glob(pattern) if path.is_file()]
    return []


def _shown(path: Path, folder: Path) -> str:
    """Return a file as messages call it: below the study's folder, or by its packaged place."""
    folder = folder.resolve()
    if path.is_relative_to(folder):
        return str(path.relative_to(folder))
    return f"{path.parent.name}/{path.name}"
