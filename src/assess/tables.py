"""Labels to arrays: ratings, weights and absences of a study, aligned on its axes.

Axes, always in this order, length 1 where there is nothing to tell apart:
`[draw, analyst, scenario, strategy, criterion]`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assess import weighting
from assess.agreement import agreement_weights
from assess.choices import bind
from assess.model import (
    ABSENCE_MARKS,
    Column,
    Ratings,
    Scenario,
    Study,
    ValueTree,
    Weights,
    kept,
)
from assess.model.frozen import fixed
from assess.performance import performance_weights
from assess.stakeholders import shares, voices
from assess.values import plain_number
from assess.weight_bounds import METHODS

Array = NDArray[np.float64]
Rows = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Levels:
    """One column of levels read on the scales of their criteria.

    Attributes:
        level: [row], a number, or the position of an ordinal label; NaN where absent or unreadable.
        worth: [row] in [0, 1], what the level is worth; NaN where there is none.
        wrong: what is wrong with a text on a criterion, by (criterion, text).
        saturated: [row], whether the level lies beyond the end of a scale that saturates.
    """

    level: Array
    worth: Array
    wrong: Mapping[tuple[str, str], str]
    saturated: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Cells:
    """The ratings of a study on its axes.

    Attributes:
        values: [1, analyst, scenario, strategy, leaf] in [0, 1]; NaN where absent. The scenario
            axis has length 1 where no rating is specific to a scenario.
        rows: [analyst, scenario, strategy, leaf], the row of `study.ratings` each is from, or -1.
        saturated: number of pooled ratings in use that lie beyond their scale.
    """

    values: Array
    rows: Rows
    saturated: int


def places(column: Column, ids: Mapping[str, Any] | tuple[str, ...]) -> Rows:
    """Return the position of each row's text among ids [row]; -1 where it is not among them."""
    position = {key: i for i, key in enumerate(ids)}
    table = np.array([position.get(label, -1) for label in column.labels], dtype=np.int32)
    return table[column.codes] if len(table) else np.empty(0, dtype=np.int32)


@kept
def levels(study: Study) -> Mapping[str, Levels]:
    """Return the columns of levels by name: rating, low and high."""
    return {name: _read(study.tree, study.ratings, name) for name in ("rating", "low", "high")}


def _read(tree: ValueTree, ratings: Ratings, column: str) -> Levels:
    """Read a column of levels, each distinct (criterion, text) once."""
    criteria, texts = ratings.criterion, getattr(ratings, column)
    scales = [tree.rating_scale(x) if x in tree.criteria else None for x in criteria.labels]
    width = max(len(texts.labels), 1)
    key = criteria.codes.astype(np.int64) * width + texts.codes
    pairs, inverse = distinct(key, max(len(scales), 1) * width)
    criterion, text = pairs // width, pairs % width

    level = np.array([_number(label) for label in texts.labels], np.float64)[text]
    lowest, highest = np.full(len(pairs), -np.inf), np.full(len(pairs), np.inf)
    refuses = np.zeros(len(pairs), dtype=bool)
    value = np.full(len(pairs), np.nan)
    ends = np.searchsorted(criterion, np.arange(len(scales) + 1))
    for scale, of in zip(scales, map(slice, ends[:-1], ends[1:]), strict=True):
        if scale is None:
            continue
        if scale.ordinal:
            position = {label: i for i, label in enumerate(scale.labels)}
            level[of] = [position.get(texts.labels[i], np.nan) for i in text[of].tolist()]
        lowest[of], highest[of], refuses[of] = scale.at[0], scale.at[-1], scale.beyond == "refuse"
        value[of] = np.interp(level[of], scale.at, scale.worths)
    beyond = (level < lowest) | (level > highest)
    refused = beyond & refuses
    written = np.array([label not in ("", *ABSENCE_MARKS) for label in texts.labels], bool)[text]

    wrong: dict[tuple[str, str], str] = {}
    for i in np.flatnonzero(refused | (np.isnan(level) & written)).tolist():
        scale = scales[criterion[i]]
        kind = "level" if scale and scale.ordinal else "number"
        mistake = "is off the scale" if refused[i] else f"is not a {kind}"
        wrong[criteria.labels[criterion[i]], texts.labels[text[i]]] = mistake
    level[refused] = value[refused] = np.nan
    return Levels(level[inverse], value[inverse], wrong, (beyond & ~refused)[inverse])


def _number(text: str) -> float:
    """Return a written number; NaN where the text is none."""
    try:
        return plain_number(text)
    except ValueError:
        return np.nan


def distinct(key: NDArray[np.int64], size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the distinct keys below `size`, rising, and the place of each row's key among them."""
    if size > 50_000_000:
        found, inverse = np.unique(key, return_inverse=True)
        return found, inverse
    seen = np.zeros(size, dtype=bool)
    seen[key] = True
    found = np.flatnonzero(seen)
    place = np.zeros(size, dtype=np.int64)
    place[found] = np.arange(len(found))
    return found, place[key]


def row_grid(study: Study) -> Rows:
    """Return the row that holds for each cell [analyst, scenario, strategy, leaf], or -1.

    A rating of one scenario wins over the analyst's rating that holds in every scenario. A rating
    of a group holds for every leaf below that the analyst did not rate, the nearest group first;
    leaves with a gate are left to their own ratings.
    """
    ratings, tree = study.ratings, study.tree
    groups = [group for group in reversed(tree.groups[1:]) if group in ratings.criterion.labels]
    analyst = places(ratings.analyst, study.analysts)
    scenario = places(ratings.scenario, study.scenario_ids)
    strategy = places(ratings.strategy, study.strategies)
    rated = places(ratings.criterion, (*tree.leaves, *groups))
    everywhere = ratings.scenario.matches("")
    known = (analyst >= 0) & (strategy >= 0) & (rated >= 0) & (everywhere | (scenario >= 0))
    general, specific = np.flatnonzero(known & everywhere), np.flatnonzero(known & ~everywhere)
    depth, wide = len(study.scenarios) if len(specific) else 1, len(tree.leaves) + len(groups)
    grid = np.full((len(study.analysts), depth, len(study.strategies), wide), -1, np.int32)
    grid[analyst[general], :, strategy[general], rated[general]] = general[:, None]
    grid[analyst[specific], scenario[specific], strategy[specific], rated[specific]] = specific
    return _with_groups(tree, grid, groups)


def _with_groups(tree: ValueTree, grid: Rows, groups: list[str]) -> Rows:
    """Fill leaves without a row from their groups [..., leaf], of [..., leaf and group]."""
    leaves = len(tree.leaves)
    for g, group in enumerate(groups, start=leaves):
        below = set(tree.below(group))
        open_to = [i for i, x in enumerate(tree.leaves) if x in below and not tree.criteria[x].gate]
        own, of = grid[..., open_to], grid[..., g, None]
        grid[..., open_to] = np.where(own < 0, of, own)
    return grid[..., :leaves]


def cells(study: Study) -> Cells:
    """Return the ratings of a valid study on its axes."""
    read = levels(study)["rating"]
    grid = row_grid(study)
    beyond = np.append(read.saturated, False)
    beyond[:-1] &= pooled_rows(study)
    saturated = len(np.unique(grid[beyond[grid]])) if beyond.any() else 0
    return Cells(np.append(read.worth, np.nan)[grid][None], grid, saturated)


@kept
def not_applicable(study: Study) -> Mapping[tuple[str, str], str]:
    """Return why a leaf is not applicable, by (scenario, leaf) (C4)."""
    found: dict[tuple[str, str], str] = {}
    for leaf, reason in ended(study).items():
        found.update({(scenario, leaf): reason for scenario in study.scenario_ids})
    for scenario in study.scenarios:
        for criterion, reason in scenario.not_applicable.items():
            for leaf in study.tree.below(criterion):
                found[scenario.id, leaf] = reason
    ratings = study.ratings
    for row in np.flatnonzero(ratings.rating.matches("n/a") & pooled_rows(study)).tolist():
        where = ratings.cell(row, "scenario")
        reason = ratings.cell(row, "rationale")
        for key in (where,) if where else study.scenario_ids:
            found.setdefault((key, ratings.cell(row, "criterion")), reason)
    return found


@kept
def ended(study: Study) -> Mapping[str, str]:
    """Return the leaves all of whose actors ended before the study's day, with the reason."""
    found: dict[str, str] = {}
    for key, criterion in study.tree.criteria.items():
        actors = [study.all_actors[a] for a in criterion.actors if a in study.all_actors]
        if criterion.kind == "context" or not actors or len(actors) < len(criterion.actors):
            continue
        if all(actor.ended(study.as_of) for actor in actors):
            ends = ", ".join(
                f"{study.all_actors[a].name or a} ended {study.all_actors[a].valid_to}"
                for a in criterion.actors
            )
            found.update(dict.fromkeys(study.tree.below(key), ends))
    return found


def applicable(study: Study) -> NDArray[np.bool_]:
    """Return which leaves apply [1, 1, scenario, 1, leaf]."""
    excluded = not_applicable(study)
    grid = [
        [(scenario, leaf) not in excluded for leaf in study.tree.leaves]
        for scenario in study.scenario_ids
    ]
    return np.array(grid, dtype=bool)[None, None, :, None, :]


def weights(study: Study) -> dict[str, Array]:
    """Return the weights of the children of every group [1, 1, scenario, 1, child]."""
    by_node: dict[str, Array] = {}
    held = [judged(study, scenario) for scenario in study.scenarios]
    for node, children in study.tree.children.items():
        alike = dict.fromkeys(children, 1 / len(children))
        by_child = [node_weights(own[node]) if node in own else alike for own in held]
        rows = [[found[child] for child in children] for found in by_child]
        by_node[node] = np.array(rows)[None, None, :, None, :]
    return by_node


def judged(study: Study, scenario: Scenario) -> Mapping[str, Weights]:
    """Return the judgements that hold in a scenario, its own or those of the one it names."""
    lent = scenario.weights_from
    return study.scenario(lent).weights if lent else scenario.weights


@kept
def node_weights(held: Weights) -> Mapping[str, float]:
    """Return the weight of each child of a node; a range of points counts at its midpoint.

    Of several stakeholders it is the mean of their weights, by their shares.

    Raises:
        ValueError: the method refuses the judgements.
        ArithmeticError: they bound a set of weights whose centroid was not found.
    """
    if held.stakeholders:
        each = [node_weights(one) for one in voices(held).values()]
        of = shares(held).tolist()
        return {
            child: sum(s * w[child] for s, w in zip(of, each, strict=True)) for child in each[0]
        }
    if held.method.name in METHODS:
        return METHODS[held.method.name](held)
    points = [sum(p) / 2 if isinstance(p, tuple) else p for p in held.judgements.values()]
    method: Callable[[list[float]], Array] = bind(held.method, weighting)
    return dict(zip(held.judgements, method(points).tolist(), strict=True))


@kept
def analyst_weights(study: Study) -> Array:
    """Return the weight of every analyst in the pool [analyst]; 0 for a red team.

    `Method.analyst_weights` says whether they are those that the study declares, equal, the
    classical model's, or by agreement; the last two sum to 1. Read-only, made once for a study.
    """
    scheme = study.method.analyst_weights
    if scheme == "performance":
        return performance_weights(study)
    pooled = np.array([analyst.pooled for analyst in study.analysts.values()], dtype=bool)
    held = np.ones(len(pooled))
    if scheme == "agreement":
        held[pooled] = agreement_weights(pooled_values(study).reshape(pooled.sum(), -1))
    elif scheme == "declared":
        held[:] = [analyst.weight for analyst in study.analysts.values()]
    held[~pooled] = 0.0
    return fixed(held)


def pooled_values(study: Study) -> Array:
    """Return what analysts who are pooled say where leaves apply, NaN elsewhere.

    Returns:
        [analyst, scenario, strategy, leaf] in [0, 1], without the red team.
    """
    pooled = np.array([analyst.pooled for analyst in study.analysts.values()], dtype=bool)
    found: Array = np.where(applicable(study)[0, 0], cells(study).values[0, pooled], np.nan)
    return found


def pooled_rows(study: Study) -> NDArray[np.bool_]:
    """Return which ratings are not those of a red team [row]."""
    apart = [key for key, analyst in study.analysts.items() if not analyst.pooled]
    return places(study.ratings.analyst, tuple(apart)) < 0
