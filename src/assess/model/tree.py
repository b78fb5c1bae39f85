"""The value tree: criteria under criteria, scales at the leaves, a rule at every node."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal

from pydantic import Field, GetJsonSchemaHandler, model_serializer, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from assess.model.frozen import Frozen, FrozenDict, Id, Keyed, Labelled, Number, Text
from assess.model.people import Actor
from assess.model.scales import Scale

Parameter = bool | Number | str | tuple[Number, ...]


class Choice(Frozen):
    """A function named in a file, with its keyword arguments.

    Written as a name, or as a table: `rule = { name = "power_mean", exponent = -1 }`.

    >>> Choice(name="power_mean", parameters={"exponent": -1}).text
    'power_mean(exponent=-1)'
    """

    name: str
    parameters: Labelled[Parameter] = Field(default_factory=FrozenDict)

    @model_validator(mode="before")
    @classmethod
    def _accept_short_forms(cls, given: Any) -> Any:
        if isinstance(given, str):
            return {"name": given}
        if isinstance(given, Mapping) and "parameters" not in given:
            name = {"name": given["name"]} if "name" in given else {}
            return {**name, "parameters": {k: v for k, v in given.items() if k != "name"}}
        return given

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        table = {
            "type": "object",
            "properties": {"name": {"type": "string"}},
            "required": ["name"],
            "additionalProperties": {"type": ["number", "string", "boolean", "array"]},
        }
        return {"title": "Choice", "anyOf": [{"type": "string"}, table]}

    @model_serializer
    def _flat(self) -> dict[str, Any] | str:
        return {"name": self.name, **self.parameters} if self.parameters else self.name

    @property
    def text(self) -> str:
        """The choice as one would call it."""
        inside = ", ".join(
            f"{key}={value:g}" if isinstance(value, float) else f"{key}={value!r}"
            for key, value in self.parameters.items()
        )
        return f"{self.name}({inside})" if inside else self.name


VALUE_POINTS = Scale(worst=0.0, best=100.0)  # on which a group is rated as a whole


class Gate(Frozen):
    """A threshold that a strategy must reach on this criterion, whatever else it scores (C14)."""

    threshold: Number | str
    consequence: Literal["exclude", "report"] = Field(
        default="exclude", description="a strategy that fails cannot lead, or is only reported"
    )
    reason: Text = ""


class Criterion(Frozen):
    """A node of the value tree: it has children, or a scale, or is context that earns no value.

    Attributes:
        parent: id of the criterion above; none hangs it under the root.
        name: what reports call it; the id in words where none is given.
        question: what the analyst answers.
        definition: what counts and what does not.
        unit: unit of the levels, for example "deaths a year".
        kind: measure of "effectiveness" (ends), of "performance" (means), or "context": rated and
            shown beside the result, never scored.
        scale: a `Scale`, or the name of one of the tree's scales.
        acceptable: level from which a strategy is acceptable on this criterion.
        good: level from which it is good.
        rule: how the children of this criterion become its score; the tree's rule if none.
        gate: threshold that must be reached.
        source: where evidence for a rating is found.
        actors: organisations without which the criterion makes no sense.
        overlaps: other criteria that count some of the same, and how that is handled.
        covers: sections of the subject that this criterion answers.
        tags: free labels, for example a DOTMLPF-I element.
        notes: what a reader of the tree should know.
    """

    parent: Id | None = None
    name: str = ""
    question: Text = ""
    definition: Text = ""
    unit: str = ""
    kind: Literal["effectiveness", "performance", "context"] | None = None
    scale: str | Scale | None = Field(default=None, union_mode="left_to_right")
    acceptable: Number | str | None = None
    good: Number | str | None = None
    rule: Choice | None = None
    gate: Gate | None = None
    source: Text = ""
    actors: tuple[Id, ...] = ()
    overlaps: Keyed[Text] = Field(default_factory=FrozenDict)
    covers: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    notes: Text = ""


class ValueTree(Frozen):
    """Criteria, their scales, rules and gates: the instrument that strategies are measured with.

    Attributes:
        id: also the id of the root, whose children are the criteria without a parent.
        version: weights say which version they were elicited against.
        rule: how children become a score, wherever a criterion names no rule of its own.
        scales: scales with a name, for several criteria.
        criteria: every criterion by its id.
        actors: organisations that criteria name.

    >>> tree = ValueTree(id="defence", criteria={
    ...     "security": Criterion(),
    ...     "deaths": Criterion(parent="security", scale=Scale(worst=2000, best=0)),
    ...     "upkeep": Criterion(scale=Scale(worst=0, best=60))})
    >>> tree.nodes, tree.leaves
    (('defence', 'security', 'deaths', 'upkeep'), ('deaths', 'upkeep'))
    """

    id: Id
    name: str = ""
    version: str = "1"
    question: Text = ""
    notes: Text = ""
    rule: Choice = Choice(name="weighted_sum")
    scales: Keyed[Scale] = Field(default_factory=FrozenDict)
    criteria: Keyed[Criterion]
    actors: Keyed[Actor] = Field(default_factory=FrozenDict)

    @cached_property
    def children(self) -> Mapping[str, tuple[str, ...]]:
        """The scored children of every node that has some, in the order written."""
        found: dict[str, list[str]] = {}
        for key, criterion in self.criteria.items():
            if criterion.kind != "context" and key != self.id:
                found.setdefault(criterion.parent or self.id, []).append(key)
        return FrozenDict({key: tuple(below) for key, below in found.items()})

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """The root and every scored criterion below it, each before its children."""
        ordered: list[str] = []
        waiting = [self.id]
        while waiting:
            node = waiting.pop()
            ordered.append(node)
            waiting.extend(reversed(self.children.get(node, ())))
        return tuple(ordered)

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """The scored criteria without children."""
        return tuple(node for node in self.nodes if node not in self.children)

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The nodes with children, root first."""
        return tuple(node for node in self.nodes if node in self.children)

    @cached_property
    def context(self) -> tuple[str, ...]:
        """The criteria that are rated and shown but never scored."""
        return tuple(key for key, item in self.criteria.items() if item.kind == "context")

    def scale_of(self, criterion: str) -> Scale | None:
        """Return the scale of a criterion, looked up by name where it names one."""
        scale = self.criteria[criterion].scale
        return self.scales.get(scale) if isinstance(scale, str) else scale

    def rating_scale(self, criterion: str) -> Scale | None:
        """Return the scale on which a criterion is rated: its own, or value points for a group."""
        return VALUE_POINTS if criterion in self.children else self.scale_of(criterion)

    def level_in_words(self, criterion: str, level: str) -> str:
        """Return a level as one reads it, with its unit, "level" where it is ordinal."""
        if criterion in self.children:
            return f"{level} value points for {self.label(criterion)} as a whole"
        scale = self.scale_of(criterion)
        if scale is not None and scale.ordinal:
            return f"level {level}"
        return f"{level} {self.criteria[criterion].unit}".strip()

    def rule_of(self, node: str) -> Choice:
        """Return the rule that makes this node's score from its children."""
        own = None if node == self.id else self.criteria[node].rule
        return own or self.rule

    def label(self, node: str) -> str:
        """Return what reports call a node: its name, or its id in words."""
        given = self.name if node == self.id else self.criteria[node].name
        return given or node.replace("_", " ")

    def below(self, node: str) -> tuple[str, ...]:
        """Return the leaves under a node, or the node itself where it is a leaf."""
        found, waiting, seen = [], [node], set[str]()
        while waiting:
            here = waiting.pop()
            under = () if here in seen else self.children.get(here)
            seen.add(here)
            if under is None:
                found.append(here)
            else:
                waiting.extend(reversed(under))
        return tuple(found)
