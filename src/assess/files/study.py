"""A study's folder to a `Study`: every file read, every problem of every file at once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from pydantic import Field

from assess.checks import check
from assess.checks.few import MOST
from assess.files.finding import Hint, NotFoundError, called, find, matching, study_file
from assess.files.known import Known
from assess.files.packaged import Kind
from assess.files.placing import declared, ordered, placed
from assess.files.ratings import Sheet, join, read_ratings
from assess.files.toml import Source, build, read_toml
from assess.instrument import instrument
from assess.model import (
    ID_PATTERN,
    Actor,
    Analyst,
    Frozen,
    FrozenDict,
    Method,
    OwnRule,
    Problem,
    Scenario,
    SeedQuestion,
    Strategy,
    Study,
    StudyError,
    ValueTree,
    shown,
)
from assess.model import Source as EvidenceSource
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
    sources: Keyed[EvidenceSource] = Field(default_factory=FrozenDict)
    seed_questions: Keyed[SeedQuestion] = Field(default_factory=FrozenDict)


def load(path: str | Path, *, rules: Rules | None = None) -> Study:
    """Read a study from its folder, its `study.toml`, or the name of a packaged example.

    Args:
        path: "examples/mali", "examples/mali/study.toml", or "mali" where no such folder exists.
        rules: your own rules by the name that the tree uses: `{"mine": function}`.

    Returns:
        A study without problems.

    Raises:
        StudyError: lists every problem of every file, with file, line and column.
        TypeError: the rules are no mapping.

    >>> load("mali").name  # doctest: +ELLIPSIS
    'Mali...
    """
    if rules is not None and not isinstance(rules, Mapping):
        told = "rules are a mapping from name to function"
        raise TypeError(f"{told}: load(path, rules={{'mine': function}})")
    reader = _Reader(study_file(Path(path)))
    study = reader.read(rules or {})
    if study is None or reader.problems:
        raise StudyError(ordered(reader.problems))
    instrument(study)  # made here, once, so that an evaluation costs only itself
    return study


@dataclass(frozen=True)
class StudyFiles:
    """A study and where its ratings lie.

    Attributes:
        study: without problems.
        folder: that holds its `study.toml`.
        ratings: the files or patterns that `study.toml` names.
        sheets: the ratings of each file, in the order in which the study has them.
    """

    study: Study
    folder: Path
    ratings: tuple[str, ...]
    sheets: tuple[Sheet, ...]


def load_files(path: str | Path, *, rules: Rules | None = None) -> StudyFiles:
    """Read a study as `load` does, but allow that some or all of its files of ratings are missing.

    Args:
        path: as for `load`.
        rules: as for `load`.

    Raises:
        StudyError: lists every problem of every file, with file, line and column.
    """
    reader = _Reader(study_file(Path(path)), may_lack_ratings=True)
    study = reader.read(rules or {})
    if study is None or reader.problems:
        raise StudyError(ordered(reader.problems))
    return StudyFiles(study, reader.path.parent, reader.patterns, tuple(reader.sheets))


@dataclass
class _Reader:
    """Reads one study; collects problems on the way."""

    path: Path
    may_lack_ratings: bool = False
    patterns: tuple[str, ...] = ()
    problems: list[Problem] = field(default_factory=list)
    sources: dict[str, Source] = field(default_factory=dict)
    sheets: list[Sheet] = field(default_factory=list)
    read_already: set[Path] = field(default_factory=set)
    known: Known = field(default_factory=Known)
    said: int = 0

    def read(self, rules: Rules) -> Study | None:
        source = self._toml(self.path, self.path.name, "study")
        if source and (other := _other_kind(source.data)):
            hint = "a study is a folder with study.toml, which names its tree and scenarios"
            self._add([Problem("study", (), f"is {other}, not a study", hint, source.place(()))])
            return None
        head = self._build(StudyFile, source, "study", _STUDY_STAND_INS)
        if head is None:
            return None
        tree = self._tree(head.tree)
        scenarios = [self._scenario(name, i) for i, name in enumerate(head.scenarios)]
        self._ratings(head.ratings)
        if tree is None or self.known.repeats(Problem("tree", ("id",), "")):
            tree = tree or ValueTree(id="unread", criteria={})
            named = [scenario.tree for scenario in scenarios if scenario]
            tree = tree.model_copy(update={"id": named[0]} if named else {})
        shared = {name: getattr(head, name) for name in StudyFile.model_fields}
        ratings = join(self.sheets)
        study = Study(
            **{
                **shared,
                "tree": tree,
                "scenarios": tuple(filter(None, scenarios)),
                "ratings": ratings,
                "rules": FrozenDict({name: OwnRule.of(f, name) for name, f in rules.items()}),
            }
        )
        doubt = self.problems and declared(self.problems, self.sources, head.tree, head.scenarios)
        found = [p for p in check(study, declared=doubt or None) if not self.known.repeats(p)]
        before = ratings.superseded
        rows = {"ratings": np.flatnonzero(~before), "earlier": np.flatnonzero(before)}
        self.problems += [placed(p, self.sources, self.sheets, rows) for p in found]
        return study

    def _toml(self, path: Path, name: str, part: str) -> Source | None:
        try:
            source = read_toml(path, name)
        except StudyError as error:
            self._add(error.problems)
            return None
        self.sources.setdefault(part, source)
        return source

    def _build(
        self, model: Any, source: Source | None, part: str, stand_ins: Mapping[str, Any]
    ) -> Any:
        if source is None:
            return None
        built, problems = build(model, source, part, stand_ins)
        self._add(problems)
        return built

    def _tree(self, name: str) -> ValueTree | None:
        found = self._find(name, "criteria", ("tree",))
        if found is None:
            return None
        source = self._toml(found, called(found, self.path.parent), "tree")
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
        source = self._toml(found, called(found, self.path.parent), f"scenario file {place}")
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
            self._add([Problem(part, ("id",), message, hint, here)])
            return None
        return scenario

    def _find(self, name: str, kind: Kind, key: tuple[str | int, ...]) -> Path | None:
        """Return a packaged file by its bare name, or a file inside the study's folder."""
        if self._stands_in(name, key):
            return None
        try:
            return find(self.path.parent, name, kind)
        except NotFoundError as error:
            self._say(key, error.message, error.hint)
            return None

    def _ratings(self, patterns: tuple[str, ...]) -> None:
        self.patterns = patterns
        for place, pattern in enumerate(patterns):
            for path in self._matching(pattern, ("ratings", place)):
                name = called(path, self.path.parent)
                if path in self.read_already:
                    message = f"{shown(pattern)} matches {name!r}, which is read already"
                    self._say(("ratings", place), message, "list each file once")
                    continue
                self.read_already.add(path)
                try:
                    self.sheets.append(read_ratings(path, name))
                except StudyError as error:
                    self._add(error.problems)

    def _matching(self, pattern: str, key: tuple[str | int, ...]) -> list[Path]:
        if self._stands_in(pattern, key):
            return []
        try:
            return matching(self.path.parent, pattern)
        except NotFoundError as error:
            if self.may_lack_ratings and error.nothing:
                return []
            self._say(key, error.message, error.hint)
            return []

    def _say(self, key: tuple[str | int, ...], message: str, hint: str | Hint) -> None:
        """Add a problem of `study.toml`; the hint is worked out only where it will be shown."""
        self.said += 1
        message = message if self.said <= MOST else ""
        words = (hint if isinstance(hint, str) else hint()) if message else ""
        self._add([Problem("study", key, message, words, self.sources["study"].place(key))])

    def _add(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.problems.append(problem)
            self.known.add(problem.part, problem.path)

    def _stands_in(self, name: str, key: tuple[str | int, ...]) -> bool:
        """Whether a name only fills the place of one that was left out as wrong."""
        return not name and self.known.repeats(Problem("study", key, ""))


def _other_kind(data: Mapping[str, Any]) -> str:
    """Return what else a file plainly is that was taken for a study; empty if nothing."""
    kinds = {"criteria": "a value tree", "weights": "a scenario", "weights_from": "a scenario"}
    found = (kind for key, kind in kinds.items() if key in data and "strategies" not in data)
    return next(found, "")
