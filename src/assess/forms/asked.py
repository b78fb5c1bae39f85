"""What a form asks: which criteria in which scenarios, how deep, and what ties it to a study."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from assess.fingerprints import fingerprints, ranges
from assess.model import COLUMNS, Study, nearest
from assess.tables import ended

Depth = Literal["leaf", "group"]
Sheets = Literal["one", "scenario"]
DEPTHS: tuple[Depth, ...] = get_args(Depth)
SHEETS: tuple[Sheets, ...] = get_args(Sheets)

FORM_KIND = "form"
FORMAT = "1"
INSTRUCTIONS_SHEET = "Instructions"
RATINGS_SHEET = "Ratings"
CONTEXT_SHEET = "Context"

KEYS = ("strategy", "scenario", "criterion")  # of a row, in hidden columns
ANSWERS = (
    "low", "rating", "high", "confidence", "grade",
    "source", "rationale", "date", "vintage", "basis",
)  # fmt: skip
HEADERS = (
    "strategy id",
    "scenario id",
    "criterion id",
    "Criterion",
    "Strategy",
    "earlier",
    *ANSWERS,
)
CRITERION_COLUMN, STRATEGY_COLUMN, EARLIER_COLUMN = 3, 4, 5
FIRST_ANSWER = 6
RATING_COLUMN = HEADERS.index("rating")
HEADER_ROW = 1
assert {*ANSWERS, *KEYS} < {*COLUMNS}


@dataclass(frozen=True)
class Part:
    """The criteria that are asked one after the other on one sheet, in one scenario.

    Attributes:
        sheet: its name.
        scenario: id of a world; empty for ratings that hold in every scenario.
        criteria: ids of leaves, groups or context criteria, in the order of the tree.
    """

    sheet: str
    scenario: str
    criteria: tuple[str, ...]


def parts(
    study: Study, *, depth: Depth, scenarios: Sequence[str], sheets: Sheets
) -> tuple[Part, ...]:
    """Return what a form asks, sheet by sheet.

    What nobody can rate is not asked: a criterion whose actors have ended, or that the scenario
    declares not applicable. What analysts found not applicable is asked of all the same, because a
    form is blind.

    Args:
        study: any without problems.
        depth: "leaf" asks every leaf; "group" one rating for each lowest group, and the leaves
            that hang under none or carry a gate.
        scenarios: ids of worlds that are asked apart, after what holds in every scenario.
        sheets: "one" for all of them, or one a "scenario".
    """
    asked = study.tree.leaves if depth == "leaf" else lowest(study)
    names = _sheet_names(study, scenarios)
    found = []
    for scenario in ("", *scenarios):
        sheet = names[scenario] if sheets == "scenario" else RATINGS_SHEET
        silent = _not_asked(study, scenario)
        criteria = (key for key in asked if not {*_stands_for(study, key)} <= silent)
        found.append(Part(sheet, scenario, tuple(criteria)))
    if depth == "leaf" and study.tree.context:
        found.append(Part(CONTEXT_SHEET, "", study.tree.context))
    return tuple(part for part in found if part.criteria)


def lowest(study: Study) -> tuple[str, ...]:
    """Return the groups that have only leaves below, and the leaves that must stand alone."""
    tree = study.tree
    children = tree.children
    whole = {
        group for group in tree.groups[1:] if not any(key in children for key in children[group])
    }
    alone = {
        leaf
        for leaf in tree.leaves
        if tree.criteria[leaf].gate or (tree.criteria[leaf].parent or tree.id) not in whole
    }
    return tuple(node for node in tree.nodes if node in whole | alone)


def _stands_for(study: Study, criterion: str) -> tuple[str, ...]:
    """Return the leaves whose level a rating of a criterion says."""
    tree = study.tree
    below = tree.below(criterion)
    return tuple(x for x in below if x == criterion or not tree.criteria[x].gate)


def _not_asked(study: Study, scenario: str) -> set[str]:
    """Return the leaves that nobody can rate in a scenario, or in any where it is empty."""
    by_scenario = [
        {leaf for key in item.not_applicable for leaf in study.tree.below(key)}
        for item in study.scenarios
        if scenario in ("", item.id)
    ]
    return {*ended(study), *set.intersection(*by_scenario)}


def _sheet_names(study: Study, scenarios: Iterable[str]) -> dict[str, str]:
    """Return a name for the sheet of each scenario that a spreadsheet accepts, each another."""
    names = {"": RATINGS_SHEET}
    taken = {name.lower() for name in (RATINGS_SHEET, CONTEXT_SHEET, INSTRUCTIONS_SHEET, "history")}
    for key in scenarios:
        plain = "".join(" " if c in "[]:*?/\\" else c for c in study.scenario(key).label)
        plain = " ".join("".join(filter(str.isprintable, plain)).split()).strip("'_ ") or key
        name, number = plain[:31].strip("' "), 1
        while name.lower() in taken:
            number += 1
            name = f"{plain[:27].strip()} {number}"
        taken.add(name.lower())
        names[key] = name
    return names


def worlds(study: Study, asked: Sequence[str] | None, sheets: Sheets) -> tuple[str, ...]:
    """Return the scenarios that a form asks apart.

    Args:
        study: whose they are.
        asked: ids; None for all worlds where each has its sheet, for none on one sheet.
        sheets: how they are laid out.

    Raises:
        ValueError: one is unknown, no world, or named twice.
    """
    known = {item.id: item for item in study.scenarios}
    if asked is None:
        every = (key for key, item in known.items() if "world" in item.kind)
        return tuple(every) if sheets == "scenario" else ()
    for key in asked:
        if key not in known:
            raise ValueError(f"no scenario {key!r} ({nearest(key, known)})")
        if "world" not in known[key].kind:
            told = "it changes weights, not ratings; only worlds are asked apart"
            raise ValueError(f"scenario {key!r} is a perspective: {told}")
    if len({*asked}) < len(asked):
        raise ValueError(f"a scenario stands twice: {', '.join(asked)}")
    return tuple(key for key in known if key in asked)


def marks(study: Study) -> Mapping[str, tuple[str, str]]:
    """Return what a rating of every criterion was measured with: fingerprint, mark of scales.

    Context criteria have no fingerprint; the mark of their unit and scale stands for it.
    """
    by_node, below = fingerprints(study), ranges(study.tree)
    found = {node: (by_node[node], below[node]) for node in study.tree.nodes}
    for key in study.tree.context:
        scale = study.tree.scale_of(key)
        content = [study.tree.criteria[key].unit, scale and scale.model_dump(mode="json")]
        found[key] = ("", hashlib.sha256(json.dumps(content).encode()).hexdigest())
    return found


def seal(texts: Iterable[str]) -> str:
    """Return a short hash of texts that nobody should change."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
