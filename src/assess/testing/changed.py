"""A study with one thing changed: what the laws of whole studies hold against the original."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assess import tables
from assess.fingerprints import ranges
from assess.model import (
    ABSENCE_MARKS,
    Analyst,
    Choice,
    Criterion,
    Rating,
    Ratings,
    Scale,
    Scenario,
    Strategy,
    Study,
    ValueTree,
    Weights,
    as_text,
)

Columns = dict[str, list[str]]
NESTING = ("power_mean", "weakest_link", "weighted_product", "weighted_sum")
_EVIDENCE = ("confidence", "grade", "low", "high")


def with_best_strategy(study: Study, key: str) -> Study:
    """Return the study with one more strategy, which every analyst finds the best on every leaf."""
    rows = [
        Rating(analyst=analyst, strategy=key, criterion=leaf, rating=best_level(study.tree, leaf))
        for analyst in study.analysts
        for leaf in study.tree.leaves
        if leaf not in _outside(study)
    ]
    more = _columns(Ratings.from_rows(rows))
    given = _marked(study, key)
    return _with(
        study,
        strategies={**study.strategies, key: Strategy()},
        ratings=_joined(_columns(study.ratings), more, given),
    )


def without_strategy(study: Study, key: str) -> Study:
    """Return the study without one strategy and its ratings."""
    rest = {other: item for other, item in study.strategies.items() if other != key}
    keep = ~study.ratings.strategy.matches(key)
    return _with(study, strategies=rest, ratings=study.ratings.select(keep))


def with_clone(study: Study, of: str, key: str) -> Study:
    """Return the study with a copy of a strategy under another id."""
    copies = _columns(study.ratings.select(study.ratings.strategy.matches(of)))
    copies["strategy"] = [key] * len(copies["strategy"])
    twin = study.strategies[of].model_copy(update={"baseline": False})
    return _with(
        study,
        strategies={**study.strategies, key: twin},
        ratings=_joined(_columns(study.ratings), copies),
    )


def with_silent_analyst(study: Study, key: str) -> Study:
    """Return the study with one more analyst, who rates nothing."""
    return _with(study, analysts={**study.analysts, key: Analyst()})


def with_weightless_copy(study: Study, key: str) -> Study:
    """Return the study with a copy of its first analyst that has no weight in the panel."""
    first = next(iter(study.analysts))
    return _with_copied_analyst(study, first, key, study.analysts[first].weight, 0.0)


def with_half_analysts(study: Study, of: str, key: str) -> Study:
    """Return the study with an analyst as two, who say the same with half the weight each."""
    half = study.analysts[of].weight / 2
    return _with_copied_analyst(study, of, key, half, half)


def _with_copied_analyst(study: Study, of: str, key: str, own: float, other: float) -> Study:
    copies = _columns(study.ratings.select(study.ratings.analyst.matches(of)))
    copies["analyst"] = [key] * len(copies["analyst"])
    first = study.analysts[of].model_copy(update={"weight": own})
    second = study.analysts[of].model_copy(update={"weight": other})
    return _with(
        study,
        analysts={**study.analysts, of: first, key: second},
        ratings=_joined(_columns(study.ratings), copies),
    )


def without_analyst(study: Study, key: str) -> Study:
    """Return the study without one analyst and the ratings of that analyst."""
    rest = {other: item for other, item in study.analysts.items() if other != key}
    keep = ~study.ratings.analyst.matches(key)
    return _with(study, analysts=rest, ratings=study.ratings.select(keep))


def unrated_by(study: Study, key: str) -> NDArray[np.bool_]:
    """Return where an analyst has no part [scenario, strategy, node]: nothing rated below."""
    analyst = list(study.analysts).index(key)
    rated = tables.row_grid(study)[analyst] >= 0
    shape = (len(study.scenarios), len(study.strategies), len(study.tree.leaves))
    rated = np.broadcast_to(rated, shape)
    leaves = study.tree.leaves
    below = [[leaves.index(leaf) for leaf in study.tree.below(node)] for node in study.tree.nodes]
    return np.stack([~rated[:, :, places].any(axis=-1) for places in below], axis=-1)


def with_scenario_copy(study: Study, of: str, key: str) -> Study:
    """Return the study with a copy of a scenario, its ratings too, under another id."""
    twin = study.scenario(of).model_copy(update={"id": key})
    copies = _columns(study.ratings.select(study.ratings.scenario.matches(of)))
    copies["scenario"] = [key] * len(copies["analyst"])
    return _with(
        study,
        scenarios=(*study.scenarios, twin),
        ratings=_joined(_columns(study.ratings), copies),
    )


def renamed(study: Study, what: str) -> Study:
    """Return the study with new ids for all its strategies, analysts or scenarios."""
    ids = {"strategy": study.strategies, "analyst": study.analysts}.get(what, study.scenario_ids)
    new = {key: f"renamed_{i}" for i, key in enumerate(ids)}
    columns = _columns(study.ratings)
    if what in columns:
        columns[what] = [new.get(key, key) for key in columns[what]]
    changes: dict[str, Any] = {"ratings": _joined(columns)}
    if what == "scenario":
        changes["scenarios"] = tuple(_renamed_scenario(item, new) for item in study.scenarios)
    else:
        field = {"strategy": "strategies", "analyst": "analysts"}[what]
        changes[field] = {new[key]: item for key, item in getattr(study, field).items()}
    return _with(study, **changes)


def _renamed_scenario(scenario: Scenario, new: Mapping[str, str]) -> Scenario:
    lent = scenario.weights_from
    changes = {"id": new[scenario.id], "weights_from": new[lent] if lent else None}
    return scenario.model_copy(update=changes)


def rows_turned(study: Study) -> Study:
    """Return the study with its ratings in reverse order."""
    columns = {name: cells[::-1] for name, cells in _columns(study.ratings).items()}
    return _with(study, ratings=_joined(columns))


def other_units(study: Study, factor: float) -> Study:
    """Return the study with all numeric levels, and their scales, times a factor."""
    tree, columns = study.tree, _columns(study.ratings)
    numeric = {key for key in tree.criteria if (s := tree.scale_of(key)) and not s.ordinal}
    criteria = {
        key: _rescaled(tree, key, factor) if key in numeric else item
        for key, item in tree.criteria.items()
    }
    for name in ("rating", "low", "high"):
        if name in columns:
            columns[name] = [
                as_text(factor * float(text)) if key in numeric and _is_level(text) else text
                for key, text in zip(columns["criterion"], columns[name], strict=True)
            ]
    other = _with(study, tree=tree.model_copy(update={"criteria": criteria}))
    return _with(_confirmed(other), ratings=_joined(columns))


def _rescaled(tree: ValueTree, key: str, factor: float) -> Criterion:
    scale, criterion = tree.scale_of(key), tree.criteria[key]
    assert scale is not None
    pairs = zip(scale.at, scale.worths, strict=True)
    levels = tuple((factor * at, worth) for at, worth in pairs)
    changes: dict[str, Any] = {"scale": Scale(levels=levels, beyond=scale.beyond)}
    for name in ("acceptable", "good"):
        level = getattr(criterion, name)
        changes[name] = None if level is None else factor * level
    if criterion.gate:
        threshold = factor * float(criterion.gate.threshold)
        changes["gate"] = criterion.gate.model_copy(update={"threshold": threshold})
    return criterion.model_copy(update=changes)


def groups_that_nest(study: Study) -> list[str]:
    """Return the nodes of three children or more whose rule is one that nests."""
    tree = study.tree
    return [
        node
        for node, children in tree.children.items()
        if len(children) > 2 and tree.rule_of(node).name in NESTING
    ]


def with_group_split(study: Study, node: str, key: str) -> Study:
    """Return the study with the first two children of a node in a group of their own.

    Weights are those of the study, so that each child keeps its share of the node.
    """
    tree = study.tree
    moved, held = tree.children[node][:2], tables.weights(study)
    inner = tree.rule_of(node)
    criteria = {
        child: item.model_copy(update={"parent": key}) if child in moved else item
        for child, item in tree.criteria.items()
    }
    parent = None if node == tree.id else node
    criteria = {key: Criterion(parent=parent, rule=inner), **criteria}
    scenarios = tuple(
        item.model_copy(
            update={
                "weights": {
                    **tables.judged(study, item),
                    **_split(tree.children[node], held[node][0, 0, s, 0], node, key),
                },
                "weights_from": None,
            }
        )
        for s, item in enumerate(study.scenarios)
    )
    other = _with(study, tree=tree.model_copy(update={"criteria": criteria}), scenarios=scenarios)
    return _confirmed(other)


def _split(
    children: tuple[str, ...], w: NDArray[np.float64], node: str, key: str
) -> dict[str, Weights]:
    """Return the weights of a node and of the group that takes its first two children."""
    points = dict(zip(children, w.tolist(), strict=True))
    inner = {child: points.pop(child) for child in children[:2]}
    joint = sum(inner.values())
    inner = inner if joint > 0 else dict.fromkeys(inner, 1.0)
    return {
        node: Weights(method=Choice(name="points"), judgements={key: joint, **points}),
        key: Weights(method=Choice(name="points"), judgements=inner),
    }


def all_apply(study: Study, node: str) -> NDArray[np.bool_]:
    """Return in which scenarios all leaves below a node apply [scenario]."""
    places = [study.tree.leaves.index(leaf) for leaf in study.tree.below(node)]
    return np.asarray(tables.applicable(study)[0, 0, :, 0][:, places].all(axis=-1))


def rated_cells(study: Study) -> list[tuple[str, str]]:
    """Return the cells of strategy and leaf that someone rates, one for each in turn."""
    rows = rated_rows(study)
    cell = study.ratings.cell
    return list(dict.fromkeys((cell(r, "strategy"), cell(r, "criterion")) for r in rows))


def without_cell(study: Study, strategy: str, leaf: str) -> Study:
    """Return the study without any rating of a strategy on a leaf."""
    gone = study.ratings.strategy.matches(strategy) & study.ratings.criterion.matches(leaf)
    return _with(study, ratings=study.ratings.select(~gone))


def rated_rows(study: Study) -> list[int]:
    """Return the rows that give a level on a scored leaf."""
    leaf = study.ratings.criterion.map(lambda key: key in study.tree.leaves).astype(bool)
    level = study.ratings.rating.map(_is_level).astype(bool)
    return [int(row) for row in np.flatnonzero(leaf & level)]


def with_best_level(study: Study, row: int) -> Study:
    """Return the study with the best level in one row, without the analyst's low and high."""
    columns = _columns(study.ratings)
    columns["rating"][row] = as_text(best_level(study.tree, study.ratings.cell(row, "criterion")))
    for name in ("low", "high"):
        if name in columns:
            columns[name][row] = ""
    return _with(study, ratings=_joined(columns))


def best_level(tree: ValueTree, leaf: str) -> str | float:
    """Return the first level of a leaf that is worth 1."""
    scale = tree.scale_of(leaf)
    assert scale is not None
    place = scale.worths.index(1.0)
    return scale.labels[place] if scale.ordinal else scale.at[place]


def single_voices(study: Study) -> Iterator[tuple[int, int, str, str]]:
    """Yield scenario, strategy, leaf and level of the cells that one analyst alone rates."""
    grid = tables.row_grid(study)
    shape = (len(study.analysts), len(study.scenarios), *grid.shape[2:])
    rows = np.broadcast_to(grid, shape)
    levels = np.append(study.ratings.rating.map(_is_level).astype(bool), False)
    weighty = tables.analyst_weights(study) > 0
    speaks = levels[rows] & weighty[:, None, None, None]
    applies = tables.applicable(study)[0, 0, :, 0]
    for s, t, c in np.argwhere(speaks.sum(axis=0) == 1):
        if applies[s, c]:
            row = int(rows[int(speaks[:, s, t, c].argmax()), s, t, c])
            yield int(s), int(t), study.tree.leaves[c], study.ratings.cell(row, "rating")


def rows_of_ordinal_leaves(study: Study) -> list[int]:
    """Return the rows that give a level on a scale of labels."""
    tree, cell = study.tree, study.ratings.cell
    return [
        row
        for row in rated_rows(study)
        if (scale := tree.scale_of(cell(row, "criterion"))) and scale.ordinal
    ]


def with_cell(study: Study, row: int, column: str, text: str) -> Study:
    """Return the study with another text in one cell of its ratings."""
    columns = _columns(study.ratings)
    columns[column][row] = text
    return _with(study, ratings=_joined(columns))


def with_row_twice(study: Study) -> Study:
    """Return the study with its first rating given twice."""
    first = _columns(study.ratings.select(np.arange(len(study.ratings)) == 0))
    return _with(study, ratings=_joined(_columns(study.ratings), first))


def names_a_version(study: Study) -> bool:
    """Whether any weights name the version of the tree they were made for."""
    return any(held.against for item in study.scenarios for held in item.weights.values())


def with_ranges_named(study: Study) -> Study:
    """Return the study with weights of the root that name the ranges below it."""
    node = study.tree.id
    marked = Weights(
        method=Choice(name="points"),
        judgements=dict.fromkeys(study.tree.children[node], 1.0),
        ranges=ranges(study.tree)[node],
    )
    first, *rest = study.scenarios
    changes = {"weights": {**first.weights, node: marked}, "weights_from": None}
    return _with(study, scenarios=(first.model_copy(update=changes), *rest))


def newer_tree(study: Study) -> Study:
    """Return the study with the tree of a later version."""
    tree = study.tree.model_copy(update={"version": f"{study.tree.version}_later"})
    return _with(study, tree=tree)


def without_evidence(study: Study) -> Study:
    """Return the study without confidence, grades, and the analysts' own low and high."""
    columns = {k: cells for k, cells in _columns(study.ratings).items() if k not in _EVIDENCE}
    return _with(study, ratings=_joined(columns))


def with_other_names(study: Study) -> Study:
    """Return the study with other names for the tree and everything in it."""
    criteria = {
        key: item.model_copy(update={"name": f"Named {i}", "notes": "other notes"})
        for i, (key, item) in enumerate(study.tree.criteria.items())
    }
    tree = study.tree.model_copy(update={"name": "Named", "criteria": criteria})
    return _with(study, tree=tree, name="named")


def with_other_scale(study: Study, *, confirmed: bool = True) -> Study:
    """Return the study with no ratings, and the first leaf on another scale.

    Args:
        study: as it is.
        confirmed: whether its weights are confirmed for the tree that it has then.
    """
    tree = study.tree
    first = tree.leaves[0]
    plain = {"scale": Scale(worst=-0.123, best=1.0), "gate": None, "acceptable": None, "good": None}
    criteria = {**tree.criteria, first: tree.criteria[first].model_copy(update=plain)}
    other = _with(study, tree=tree.model_copy(update={"criteria": criteria}))
    return _with(_confirmed(other) if confirmed else other, ratings=Ratings())


def with_plain_names(study: Study) -> Study:
    """Return the study with names and sentences that say nothing, which no page may echo."""
    strategies = {
        key: item.model_copy(update={"name": f"Strategy {i}"})
        for i, (key, item) in enumerate(study.strategies.items())
    }
    columns = _columns(study.ratings)
    for name in ("source", "rationale"):
        texts = columns.get(name, [""] * len(study.ratings))
        columns[name] = ["said" if text else "" for text in texts]
    return _with(
        with_other_names(study),
        question="",
        illustrative="",
        strategies=strategies,
        ratings=_joined(columns),
    )


def with_likelihood(study: Study, likelihood: str) -> Study:
    """Return the study with one likelihood for every scenario."""
    changes = {"likelihood": likelihood, "horizon": "12 months"}
    scenarios = tuple(item.model_copy(update=changes) for item in study.scenarios)
    return _with(study, scenarios=scenarios)


def kinds_turned(study: Study) -> Study:
    """Return the study with measures of effectiveness and of performance exchanged."""
    turned = {"effectiveness": "performance", "performance": "effectiveness"}
    criteria = {
        key: item.model_copy(update={"kind": turned.get(str(item.kind), item.kind)})
        for key, item in study.tree.criteria.items()
    }
    return _with(study, tree=study.tree.model_copy(update={"criteria": criteria}))


def _confirmed(study: Study) -> Study:
    """Return the study with its weights confirmed for the tree as it is: no ranges named."""
    scenarios = tuple(
        item.model_copy(
            update={
                "weights": {
                    node: held.model_copy(update={"ranges": None})
                    for node, held in item.weights.items()
                }
            }
        )
        for item in study.scenarios
    )
    return _with(study, scenarios=scenarios)


def _outside(study: Study) -> set[str]:
    """Return the leaves that do not apply in some scenario."""
    return {leaf for _, leaf in tables.not_applicable(study)}


def _marked(study: Study, key: str) -> Columns:
    """Return the marks of what is rated as not applicable, for one more strategy."""
    marked = study.ratings.select(study.ratings.rating.matches("n/a"))
    columns = _columns(marked)
    columns["strategy"] = [key] * len(marked)
    cells = list(zip(*(columns[k] for k in ("scenario", "criterion", "analyst")), strict=True))
    first = [cells.index(cell) == i for i, cell in enumerate(cells)]
    return {
        name: [text for text, keep in zip(texts, first, strict=True) if keep]
        for name, texts in columns.items()
    }


def _columns(ratings: Ratings) -> Columns:
    """Return all columns that say something, and that of scenarios."""
    return {"scenario": [""] * len(ratings), **ratings.columns()}


def _joined(*tables_of_rows: Columns) -> Ratings:
    """Return ratings of several tables, one after the other."""
    names = list(dict.fromkeys(name for columns in tables_of_rows for name in columns))
    joined: Columns = {name: [] for name in names}
    for columns in tables_of_rows:
        rows = len(columns["analyst"])
        for name in names:
            joined[name].extend(columns.get(name, [""] * rows))
    return Ratings.from_columns(joined)


def _is_level(text: str) -> bool:
    return bool(text) and text not in ABSENCE_MARKS


def _with(study: Study, **changes: Any) -> Study:
    return study.model_copy(update={"earlier": Ratings(), **changes})
