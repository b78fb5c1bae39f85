"""A study's folder to a `Study`: every file read, every problem of every file at once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from assess.checks import check
from assess.files.packaged import packaged
from assess.files.ratings import Sheet, join, read_ratings
from assess.files.toml import Source, build, read_toml
from assess.model import (
    Actor,
    Analyst,
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
)
from assess.model.frozen import Keyed, Text
from assess.model.people import Date

Rules = Mapping[str, Callable[..., Any]]


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
    return study


def _study_file(path: Path) -> Path:
    for file in (path / "study.toml", path):
        if file.is_file():
            return file
    examples = packaged("examples")
    if str(path) in examples:
        return examples[str(path)] / "study.toml"
    hint = nearest(path.name, examples) if path.parent == Path() else ""
    where = str(path)
    raise StudyError([Problem(where, (), "there is no study here", hint, where)])


@dataclass
class _Reader:
    """Reads one study; collects problems on the way."""

    path: Path
    problems: list[Problem] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    sheets: list[Sheet] = field(default_factory=list)

    def read(self, rules: Rules) -> Study | None:
        source = self._toml(self.path, "study.toml", "study")
        head = self._build(StudyFile, source, "study", {"name": "unnamed", "as_of": date.min})
        if source is None or head is None:
            return None
        tree = self._tree(head.tree)
        scenarios = [self._scenario(name, i) for i, name in enumerate(head.scenarios)]
        self._ratings(head.ratings)
        if tree is None:
            return None
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
        found = check(study, declared=self._declared())
        self.problems += [self._placed(problem) for problem in found if not self._known(problem)]
        return study

    def _toml(self, path: Path, name: str, part: str) -> Source | None:
        try:
            source = read_toml(path, name)
        except StudyError as error:
            self.problems += error.problems
            return None
        self.sources[part] = source
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
        tree: ValueTree | None = self._build(ValueTree, source, "tree", {"id": found.stem})
        return tree

    def _scenario(self, name: str, place: int) -> Scenario | None:
        found = self._find(name, "scenarios", ("scenarios", place))
        if found is None:
            return None
        source = self._toml(found, _shown(found, self.path.parent), f"scenario file {place}")
        if source is None:
            return None
        part = f"scenario {source.data.get('id', found.stem)}"
        self.sources.setdefault(part, source)
        scenario: Scenario | None = self._build(Scenario, source, part, {"id": found.stem})
        return scenario

    def _find(self, name: str, kind: Any, key: tuple[str | int, ...]) -> Path | None:
        """Return a packaged file by its bare name, or a file inside the study's folder."""
        shelf = packaged(kind)
        if name in shelf:
            return shelf[name]
        if "/" not in name and not name.endswith(".toml"):
            hint = nearest(name, shelf) + f"; a file of your own is written {kind}/{name}.toml"
            self._say(key, f"there is no packaged file {name!r} in {kind}", hint)
            return None
        path = self._inside(name, key)
        if path is not None and not path.is_file():
            near = nearest(Path(name).name, [p.name for p in path.parent.glob("*.toml")])
            self._say(key, f"there is no file {name!r} in the study's folder", near)
            return None
        return path

    def _inside(self, name: str, key: tuple[str | int, ...]) -> Path | None:
        """Return a path, refused where it leaves the study's folder."""
        folder = self.path.parent.resolve()
        path = (folder / name).resolve()
        if not path.is_relative_to(folder):
            self._say(key, f"{name!r} leads out of the study's folder", "copy the file into it")
            return None
        return path

    def _ratings(self, patterns: tuple[str, ...]) -> None:
        for place, pattern in enumerate(patterns):
            for path in self._matching(pattern, ("ratings", place)):
                try:
                    self.sheets.append(read_ratings(path, _shown(path, self.path.parent)))
                except StudyError as error:
                    self.problems += error.problems

    def _matching(self, pattern: str, key: tuple[str | int, ...]) -> Iterator[Path]:
        folder = self.path.parent
        if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
            self._say(key, f"{pattern!r} leads out of the study's folder", "copy the files into it")
            return
        found = sorted(folder.glob(pattern)) if pattern else []
        if not found:
            near = nearest(pattern, [str(p.relative_to(folder)) for p in folder.rglob("*.csv")])
            self._say(key, f"no file matches {pattern!r}", near)
        for path in found:
            if (inside := self._inside(str(path.relative_to(folder)), key)) is not None:
                yield inside

    def _say(self, key: tuple[str | int, ...], message: str, hint: str) -> None:
        place = self.sources["study"].place(key)
        self.problems.append(Problem("study", key, message, hint, place))

    def _declared(self) -> dict[str, frozenset[str]]:
        """Return ids in files of which something had to be left out."""
        broken = {problem.part for problem in self.problems}
        declared: dict[str, frozenset[str]] = {}
        for part, kind in (("tree", "criteria"), ("study", "strategies"), ("study", "analysts")):
            table = self.sources[part].data.get(kind, {}) if part in self.sources else {}
            if part in broken and isinstance(table, dict):
                declared[kind] = frozenset(table)
        scenarios = {
            str(source.data.get("id", Path(source.name).stem))
            for part, source in self.sources.items()
            if part.startswith("scenario")
        }
        listed = self.sources["study"].data.get("scenarios", [])
        declared["scenarios"] = frozenset(scenarios | {Path(str(name)).stem for name in listed})
        return declared

    def _known(self, problem: Problem) -> bool:
        """Whether a problem only repeats that something broken was left out."""
        return any(
            problem.part == known.part
            and problem.path[:2] == known.path[:2]
            and len(known.path) > 1
            for known in self.problems
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
        files = list(dict.fromkeys(problem.place.split(":")[0] for problem in self.problems))

        def place(problem: Problem) -> tuple[int, list[int]]:
            name, *numbers = problem.place.split(":")
            return files.index(name), [int(n) for n in numbers if n.isdigit()]

        return sorted({str(p): p for p in self.problems}.values(), key=place)


def _shown(path: Path, folder: Path) -> str:
    """Return a file as messages call it: below the study's folder, or by its packaged place."""
    folder = folder.resolve()
    if path.is_relative_to(folder):
        return str(path.relative_to(folder))
    return f"{path.parent.name}/{path.name}"
