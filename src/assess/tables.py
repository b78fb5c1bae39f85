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
from assess.choices import bind
from assess.model import ABSENCE_MARKS, Column, Ratings, Scale, Scenario, Study, ValueTree, Weights
from assess.values import level_of, plain_number, worth

Array = NDArray[np.float64]
Rows = NDArray[np.int32]


@dataclass(frozen=True)
class Levels:
    """One column of levels read on the scales of their criteria.

    Attributes:
        level: [row], a number, or the position of an ordinal label; NaN where absent or unreadable.
        wrong: what is wrong with a text on a criterion, by (criterion, text).
        saturated: [row], whether the level lies beyond the end of a scale that saturates.
    """

    level: Array
    wrong: Mapping[tuple[str, str], str]
    saturated: NDArray[np.bool_]


@dataclass(frozen=True)
class Cells:
    """The ratings of a study on its axes.

    Attributes:
        values: [1, analyst, scenario, strategy, leaf] in [0, 1]; NaN where absent. The scenario
            axis has length 1 where no rating is specific to a scenario.
        rows: [analyst, scenario, strategy, leaf], the row of `study.ratings` each is from, or -1.
        saturated: number of ratings in use that lie beyond their scale.
    """

    values: Array
    rows: Rows
    saturated: int


def places(column: Column, ids: Mapping[str, Any] | tuple[str, ...]) -> Rows:
    """Return the position of each row's text among ids [row]; -1 where it is not among them."""
    position = {key: i for i, key in enumerate(ids)}
    table = np.array([position.get(label, -1) for label in column.labels], dtype=np.int32)
    return table[column.codes] if len(table) else np.empty(0, dtype=np.int32)


def read_levels(tree: ValueTree, ratings: Ratings, column: str = "rating") -> Levels:
    """Read a column of levels, each distinct (criterion, text) once."""
    criteria, texts = ratings.criterion, getattr(ratings, column)
    scales = [tree.scale_of(key) if key in tree.criteria else None for key in criteria.labels]
    width = max(len(texts.labels), 1)
    key = criteria.codes.astype(np.int64) * width + texts.codes
    pairs, inverse = distinct(key, max(len(scales), 1) * width)
    criterion, text = pairs // width, pairs % width

    level = np.array([_number(label) for label in texts.labels], np.float64)[text]
    for code, scale in enumerate(scales):
        if scale and scale.ordinal:
            of = np.flatnonzero(criterion == code)
            position = {label: i for i, label in enumerate(scale.labels)}
            level[of] = [position.get(texts.labels[i], np.nan) for i in text[of].tolist()]
    lowest = np.array([scale.at[0] if scale else -np.inf for scale in scales], np.float64)
    highest = np.array([scale.at[-1] if scale else np.inf for scale in scales], np.float64)
    refuses = np.array([scale is not None and scale.beyond == "refuse" for scale in scales], bool)
    beyond = (level < lowest[criterion]) | (level > highest[criterion])
    refused = beyond & refuses[criterion]
    written = np.array([label not in ("", *ABSENCE_MARKS) for label in texts.labels], bool)[text]

    wrong: dict[tuple[str, str], str] = {}
    for i in np.flatnonzero(refused | (np.isnan(level) & written)).tolist():
        scale = scales[criterion[i]]
        kind = "level" if scale and scale.ordinal else "number"
        mistake = "is off the scale" if refused[i] else f"is not a {kind}"
        wrong[criteria.labels[criterion[i]], texts.labels[text[i]]] = mistake
    level[refused] = np.nan
    return Levels(level[inverse], wrong, (beyond & ~refused)[inverse])


def _number(text: str) -> float:
    """Return a written number; NaN where the text is none."""
    try:
        return plain_number(text)
    except ValueError:
        return np.nan


def read_one(scale: Scale, text: str) -> float:
    """Return a valid written level as a number; NaN where absent."""
    return np.nan if not text or text in ABSENCE_MARKS else level_of(scale, text)


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


def row_worths(tree: ValueTree, ratings: Ratings, levels: Levels) -> Array:
    """Return what each row is worth on its criterion's scale [row]; NaN where absent."""
    found = np.full(len(ratings), np.nan)
    for code, criterion in enumerate(ratings.criterion.labels):
        scale = tree.scale_of(criterion) if criterion in tree.criteria else None
        if scale is not None:
            of = ratings.criterion.codes == code
            found[of] = worth(scale, levels.level[of])
    return found


def row_grid(study: Study) -> Rows:
    """Return the row that holds for each cell [analyst, scenario, strategy, leaf], or -1.

    A rating of one scenario wins over the analyst's rating that holds in every scenario.
    """
    ratings, leaves = study.ratings, study.tree.leaves
    analyst = places(ratings.analyst, study.analysts)
    scenario = places(ratings.scenario, study.scenario_ids)
    strategy = places(ratings.strategy, study.strategies)
    leaf = places(ratings.criterion, leaves)
    everywhere = ratings.scenario.matches("")
    known = (analyst >= 0) & (strategy >= 0) & (leaf >= 0) & (everywhere | (scenario >= 0))
    general, specific = np.flatnonzero(known & everywhere), np.flatnonzero(known & ~everywhere)
    depth = len(study.scenarios) if len(specific) else 1
    grid = np.full((len(study.analysts), depth, len(study.strategies), len(leaves)), -1, np.int32)
    for s in range(depth):
        grid[analyst[general], s, strategy[general], leaf[general]] = general
    grid[analyst[specific], scenario[specific], strategy[specific], leaf[specific]] = specific
    return grid


def cells(study: Study) -> Cells:
    """Return the ratings of a valid study on its axes."""
    levels = read_levels(study.tree, study.ratings)
    worths = np.append(row_worths(study.tree, study.ratings, levels), np.nan)
    grid = row_grid(study)
    beyond = np.append(levels.saturated, False)
    saturated = len(np.unique(grid[beyond[grid]]))
    return Cells(worths[grid][None], grid, saturated)


def not_applicable(study: Study) -> dict[tuple[str, str], str]:
    """Return why a leaf is not applicable, by (scenario, leaf) (C4)."""
    found: dict[tuple[str, str], str] = {}
    for leaf, reason in ended(study).items():
        found.update({(scenario, leaf): reason for scenario in study.scenario_ids})
    for scenario in study.scenarios:
        for criterion, reason in scenario.not_applicable.items():
            for leaf in study.tree.below(criterion):
                found[scenario.id, leaf] = reason
    ratings = study.ratings
    for row in np.flatnonzero(ratings.rating.matches("n/a")).tolist():
        where = ratings.cell(row, "scenario")
        reason = ratings.cell(row, "rationale")
        for key in (where,) if where else study.scenario_ids:
            found.setdefault((key, ratings.cell(row, "criterion")), reason)
    return found


def ended(study: Study) -> dict[str, str]:
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
    sources = [scenario.weights_from or scenario.id for scenario in study.scenarios]
    judgements = {key: study.scenario(key).weights for key in sources}
    for node, children in study.tree.children.items():
        alike = weighting.equal(np.ones(len(children)))
        rows = {
            key: node_weights(held[node], children) if node in held else alike
            for key, held in judgements.items()
        }
        by_node[node] = np.array([rows[key] for key in sources])[None, None, :, None, :]
    return by_node


def judged(study: Study, scenario: Scenario) -> Mapping[str, Weights]:
    """Return the judgements that hold in a scenario, its own or those of the one it names."""
    lent = scenario.weights_from
    return study.scenario(lent).weights if lent else scenario.weights


def node_weights(held: Weights, children: tuple[str, ...]) -> Array:
    """Return weights [child] from the judgements of one node; a range counts at its midpoint."""
    judgements = [held.judgements[child] for child in children]
    points = [sum(p) / 2 if isinstance(p, tuple) else p for p in judgements]
    method: Callable[[list[float]], Array] = bind(held.method, weighting)
    return method(points)


def analyst_weights(study: Study) -> Array:
    """Return the weight of every analyst [analyst]."""
    return np.array([analyst.weight for analyst in study.analysts.values()])
