"""The study: everything that determines the result, in one frozen value."""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, GetCoreSchemaHandler, model_validator
from pydantic_core import CoreSchema, core_schema

from assess.model.content import content_hash
from assess.model.evidence import EvidenceTable, HalfWidths, Source
from assess.model.frozen import Frozen, FrozenDict, Keyed, Share, Text
from assess.model.people import Actor, Analyst, Date, Strategy
from assess.model.problems import nearest, shown
from assess.model.ratings import Ratings
from assess.model.scenarios import Scenario
from assess.model.seeds import AnalystWeights, Performance, SeedQuestion
from assess.model.sources import filled
from assess.model.tree import Choice, ValueTree
from assess.model.uncertainty import Uncertainty


@dataclass(frozen=True)
class OwnRule:
    """A rule that a user brings: the function, and the hash of its content that a report keeps.

    Attributes:
        source: SHA-256 of what the function does: its source, and the values that it holds.
        function: `(values [..., criterion], weights [..., criterion]) -> [...]`; None in a report
            that was read back, which can be read but not computed again.
    """

    source: str
    function: Callable[..., Any] | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, function: Callable[..., Any], name: str = "") -> "OwnRule":
        """Take a function as a rule; `name` is what messages call it.

        Raises:
            ValueError: it cannot be called, or holds something whose content cannot be recorded.
        """
        if not callable(function):
            given = shown(function)
            raise ValueError(f"a rule is a function of (values, weights); {given} is none")
        return cls(content_hash(function, name), function)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _accept_rule,
            serialization=core_schema.plain_serializer_function_ser_schema(lambda own: own.source),
        )


def _accept_rule(given: Any) -> OwnRule:
    if isinstance(given, OwnRule):
        return given
    if isinstance(given, str) and re.fullmatch("[0-9a-f]{64}", given):
        return OwnRule(given)
    return OwnRule.of(given)


class Method(Frozen):
    """How ratings become scores, beyond what the tree itself says; printed in every report.

    Attributes:
        pooling: how analysts become one panel: a name in `assess.pooling`.
        coverage_floor: share of weight that must be rated before a node has a score (C4).
        half_widths: how far a rating may be off, for each confidence (C8).
        evidence: which confidence which evidence allows, and when evidence is stale (C8).
        analyst_weights: whose voice counts how much: as each analyst's `weight` says ("declared"),
            "equal", by answers to seed questions ("performance"), or by nearness to the others
            ("agreement", which punishes the correct dissenter).
        performance: how answers to seed questions become weights.
        uncertainty: what a simulation draws, and when a strategy leads (C11).
    """

    pooling: Choice = Choice(name="mean")
    coverage_floor: Share = 0.6
    half_widths: HalfWidths = HalfWidths()
    evidence: EvidenceTable = EvidenceTable()
    analyst_weights: AnalystWeights = "declared"
    performance: Performance = Performance()
    uncertainty: Uncertainty = Uncertainty()


def _as_tuple(given: Any) -> Any:
    return tuple(given) if isinstance(given, list) else given


class Study(Frozen):
    """Strategies, criteria, scenarios, analysts and their ratings: one decision problem.

    A study is plain data: it may hold mistakes. `assess.evaluate` refuses one that does, and
    `assess.check` lists them.

    Attributes:
        name: what the study is called.
        question: the question that the report answers.
        as_of: the day on which the study looks; actors that ended before it count as ended.
        horizon: the time ahead that ratings speak of.
        illustrative: says so where ratings are made up; printed wherever results show.
        tree: the value tree.
        scenarios: the first one is the report's headline.
        strategies, analysts, actors: by id.
        method: settings.
        sources: the register of evidence, by id; ratings name the ids.
        seed_questions: by id; analysts' `answers` name the ids.
        ratings: `Ratings`, or a sequence of `Rating`, columns, or a DataFrame: each analyst's last
            word on each cell.
        earlier: what analysts said in earlier rounds; rows of `ratings` that a later round of the
            same analyst and cell takes the place of are moved here.
        rules: the user's own rules by the name that the tree uses.
    """

    name: str
    question: Text = ""
    as_of: Date
    horizon: str = ""
    illustrative: Text = ""
    tree: ValueTree
    scenarios: Annotated[tuple[Scenario, ...], BeforeValidator(_as_tuple)]
    strategies: Keyed[Strategy]
    analysts: Keyed[Analyst]
    actors: Keyed[Actor] = Field(default_factory=FrozenDict)
    method: Method = Method()
    sources: Keyed[Source] = Field(default_factory=FrozenDict)
    seed_questions: Keyed[SeedQuestion] = Field(default_factory=FrozenDict)
    ratings: Ratings = Field(default_factory=Ratings)
    earlier: Ratings = Field(default_factory=Ratings)
    rules: Keyed[OwnRule] = Field(default_factory=FrozenDict)

    @model_validator(mode="after")
    def _keep_rounds_apart(self) -> "Study":
        before = self.ratings.superseded
        if before.any():  # written into a model that is still being made
            moved = self.ratings.select(before)
            self.__dict__["earlier"] = Ratings.concatenated([self.earlier, moved])
            self.__dict__["ratings"] = self.ratings.select(~before)
        return self

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the whole content: equal inputs, equal digest."""
        content = self.model_dump(mode="json")
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    @cached_property
    def evidenced(self) -> Ratings:
        """The ratings with what their registered sources say where their own cells are empty."""
        return filled(self.ratings, self.sources)

    @cached_property
    def banner(self) -> str:
        """What every output says where anything is made up; empty where nothing is."""
        made_up = int(self.evidenced.basis.matches("illustrative").sum())
        if not made_up and not self.illustrative:
            return ""
        words = ["ILLUSTRATIVE.", self.illustrative]
        if made_up:
            words.append(f"Ratings that are made up: {made_up} of {len(self.ratings)}.")
        return " ".join(filter(None, words))

    @cached_property
    def all_actors(self) -> Mapping[str, Actor]:
        """The tree's actors and the study's own, which win."""
        return FrozenDict({**self.tree.actors, **self.actors})

    @property
    def scenario_ids(self) -> tuple[str, ...]:
        """Ids of the scenarios in their order."""
        return tuple(scenario.id for scenario in self.scenarios)

    def scenario(self, key: str) -> Scenario:
        """Return a scenario by its id."""
        return next(scenario for scenario in self.scenarios if scenario.id == key)

    def label(self, strategy: str) -> str:
        """Return what reports call a strategy: its name, or its id in words."""
        return self.strategies[strategy].name or strategy.replace("_", " ")

    def only(self, scenario: str) -> "Study":
        """Return the study of one of its scenarios alone, ratings of the others left out.

        Its probability and its swing go too, because they stood beside those of the others.

        Raises:
            ValueError: the study has no such scenario; names the nearest.
        """
        if scenario not in self.scenario_ids:
            raise ValueError(f"no scenario {scenario!r} ({nearest(scenario, self.scenario_ids)})")
        source = self.scenario(scenario)
        changes: dict[str, Any] = {"probability": None, "swing": None}
        if source.weights_from in self.scenario_ids:
            lent = self.scenario(str(source.weights_from))
            changes |= {"weights": lent.weights, "endorsed": lent.endorsed}
            changes |= {"weights_from": None, "weights_of": lent.label}
        source = source.model_copy(update=changes)

        def held(ratings: Ratings) -> Ratings:
            where = ratings.scenario
            return ratings.select(where.matches("") | where.matches(scenario))

        return self.model_copy(
            update={
                "scenarios": (source,),
                "ratings": held(self.ratings),
                "earlier": held(self.earlier),
            }
        )
