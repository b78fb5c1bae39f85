"""What a block of draws needs to know of a study: cells, triangles, shared errors, weights."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assess import tables
from assess.assessment import evaluate
from assess.instrument import instrument
from assess.intervals import triangles
from assess.model import Study, Weights, kept
from assess.simulation.weights import Group, weight_groups
from assess.simulation.worths import Worths, worths

Array = NDArray[np.float64]
Places = NDArray[np.intp]
Mask = NDArray[np.bool_]

LARGEST_BLOCK = 256
NUMBERS = 2**22  # in the largest array of one block: 32 MB


@dataclass(frozen=True, eq=False)
class Plan:
    """All that a block needs to know of a study; made once.

    A cell is a strategy on a leaf with the rows in use there: scenarios in which the same rows
    hold share one cell, which is drawn once.

    Attributes:
        triangle: [3, rating], left end, mode and right end of every rating in use.
        analyst: [rating], whose it is, as a place among those with a voice.
        halo: [rating], which strategy and top criterion of which analyst it is about.
        common: [rating], which strategy, criterion and scenario it is about, whoever says it.
        voices: [analyst], weight of those with a voice.
        said: [cell, analyst], the rating of each; -1 where one gives no level.
        cell: [scenario, strategy, leaf], the cell that holds there. Two more strategies stand at
            the end: one just acceptable on every criterion, and one just good.
        worst: [cell], whether a cell without a level counts as the worst, and is not drawn.
        profiles: [cell], the worths of these two, whose cells come last; NaN where a leaf names no
            such level.
        worths: levels whose worth is drawn.
        groups: of the tree, root first.
        setting: [group, scenario], the setting of a group that holds in a scenario: scenarios share
            one, and its scores, where all weights and cells below the group are the same. Settings
            of one group stand together, in the order of the groups.
        group, where: [setting], its group, and a scenario in which it holds.
        total: [scenario, strategy], whether enough is rated for a total.
        block: how many draws are made together.
    """

    triangle: Array
    analyst: Places
    halo: Places
    common: Places
    voices: Array
    said: Places
    cell: Places
    worst: Mask
    profiles: Array
    worths: Worths
    groups: tuple[Group, ...]
    setting: Places
    group: Places
    where: Places
    total: Mask
    block: int

    @cached_property
    def heard(self) -> tuple[tuple[Places, Places, Places], ...]:
        """Cells that the same analysts rate, these analysts, and the ratings [cell, analyst]."""
        who, of = np.unique(self.said >= 0, axis=0, return_inverse=True)
        found = []
        for p, speaks in enumerate(who):
            cells, analysts = np.flatnonzero(of.reshape(-1) == p), np.flatnonzero(speaks)
            if len(analysts):
                found.append((cells, analysts, self.said[np.ix_(cells, analysts)]))
        return tuple(found)

    @cached_property
    def several(self) -> bool:
        """Whether there are stakeholders anywhere."""
        return any(len(of) > 1 for group in self.groups for of in group.settings)

    @cached_property
    def absent(self) -> Places:
        """The cells without a level that are drawn."""
        return np.flatnonzero((self.said < 0).all(axis=1) & ~self.worst)


@kept
def plan(study: Study) -> Plan:
    """Return what blocks of draws need to know of a sound study."""
    made, heard = instrument(study), np.flatnonzero(tables.analyst_weights(study) > 0)
    grid = tables.row_grid(study)[heard]
    rows, said, cell = _cells(study, grid)
    leaves = _leaf_places(study)
    profiles = np.stack([made.acceptable[0, leaves], made.good[0, leaves]])
    last = len(said) + np.arange(profiles.size).reshape(profiles.shape)
    last = np.broadcast_to(last, (len(cell), *profiles.shape))
    criterion = tables.places(study.ratings.criterion, study.tree.nodes)[rows]
    strategy = tables.places(study.ratings.strategy, study.strategies)[rows]
    scenario = tables.places(study.ratings.scenario, study.scenario_ids)[rows]
    analyst = tables.places(study.ratings.analyst, study.analysts)[rows]
    top = np.array([_top(study, node) for node in study.tree.nodes])[criterion]
    groups = weight_groups(study)
    setting, group, where = _settings(study, groups, cell)
    scores = len(where) * (len(study.strategies) + 2)
    return Plan(
        triangle=triangles(study)[:, rows],
        analyst=np.searchsorted(heard, analyst),
        halo=_alike(analyst, strategy, top),
        common=_alike(strategy, criterion, scenario),
        voices=tables.analyst_weights(study)[heard],
        said=said,
        cell=np.concatenate([cell, last], axis=1),
        worst=_worst(study, grid, said, cell),
        profiles=profiles.reshape(-1),
        worths=worths(study, rows),
        groups=groups,
        setting=setting,
        group=group,
        where=where,
        total=~np.isnan(evaluate(study).score[..., 0]),
        block=int(np.clip(NUMBERS // max(scores, len(rows)), 16, LARGEST_BLOCK)),
    )


def _leaf_places(study: Study) -> list[int]:
    return [study.tree.nodes.index(leaf) for leaf in study.tree.leaves]


def _alike(*columns: NDArray[np.integer]) -> Places:
    """Return a number for each distinct combination [row]."""
    if not len(columns[0]):
        return np.empty(0, dtype=np.intp)
    found = np.unique(np.stack(columns), axis=1, return_inverse=True)[1]
    return np.asarray(found.reshape(-1), dtype=np.intp)


def _cells(study: Study, grid: NDArray[np.int32]) -> tuple[Places, Places, Places]:
    """Return the rows in use [rating], and `said` and `cell` of the plan."""
    level = np.append(~np.isnan(tables.levels(study)["rating"].worth), False)
    grid = np.where(level[grid], grid, -1)
    worlds, strategies, leaves = grid.shape[1:]
    about = np.arange(strategies * leaves).reshape(strategies, leaves)
    about = np.broadcast_to(about, grid.shape[1:])
    columns = np.concatenate([about[None], grid]).reshape(len(grid) + 1, -1)
    distinct, inverse = np.unique(columns, axis=1, return_inverse=True)
    rows = np.unique(grid[grid >= 0]).astype(np.intp)
    held = distinct[1:].T
    said = np.where(held < 0, -1, np.searchsorted(rows, held))
    cell = inverse.reshape(worlds, strategies, leaves)
    return rows, said, np.broadcast_to(cell, (len(study.scenarios), strategies, leaves))


def _worst(study: Study, grid: NDArray[np.int32], said: Places, cell: Places) -> Mask:
    """Return which cells without a level count as the worst [cell]."""
    settings, ratings = study.method.uncertainty, study.ratings
    empty = (said < 0).all(axis=1)
    withheld = np.append(ratings.rating.matches("withheld"), False)[grid]
    spoken = (grid >= 0).any(axis=0)
    silent = np.broadcast_to((withheld | (grid < 0)).all(axis=0) & spoken, cell.shape)
    held_back = np.zeros(len(said), dtype=bool)
    held_back[cell[silent]] = True
    worst = np.where(held_back, settings.withheld == "worst", settings.unknown == "worst")
    return np.asarray(empty & worst)


def _top(study: Study, node: str) -> int:
    """Return the place of the top criterion that a node is, or is below."""
    tree = study.tree
    while node != tree.id and (above := tree.criteria[node].parent or tree.id) != tree.id:
        node = above
    return tree.nodes.index(node)


def _settings(study: Study, groups: Sequence[Group], cell: Places) -> tuple[Places, Places, Places]:
    """Return `setting`, `group` and `where` of the plan."""
    tree, worlds = study.tree, range(len(study.scenarios))
    alike = {
        leaf: _alike(*cell[:, :, c].reshape(len(worlds), -1).T)
        for c, leaf in enumerate(tree.leaves)
    }
    judged = [tables.judged(study, scenario) for scenario in study.scenarios]
    for node, group in zip(reversed(tree.groups), reversed(groups), strict=True):
        held = [_judgements(own.get(node)) for own in judged]
        weighed = _numbered((held[s], group.counts[s].tobytes()) for s in worlds)
        alike[node] = _alike(weighed, *(alike[child] for child in tree.children[node]))
    setting = np.stack([alike[node] for node in tree.groups])
    count = setting.max(axis=1) + 1
    setting += (np.cumsum(count) - count)[:, None]
    where = np.unique(setting.reshape(-1), return_index=True)[1] % len(worlds)
    return setting, np.repeat(np.arange(len(count)), count), where


def _judgements(held: Weights | None) -> Weights | None:
    """Return what draws of weights rest on: all but what is only said about them."""
    only_said = {"reason": "", "against": None, "ranges": None}
    return held.model_copy(update=only_said) if held else None


def _numbered(given: Iterable[Hashable]) -> Places:
    """Return a number for each distinct value."""
    seen: dict[Hashable, int] = {}
    return np.array([seen.setdefault(value, len(seen)) for value in given], dtype=np.intp)
