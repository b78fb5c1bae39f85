"""One block of draws twice, mixed source by source: what makes shares of variance."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assess.aggregation import weighted_sum
from assess.instrument import node_rules
from assess.model import Study
from assess.rollup import Rule
from assess.simulation.block import Chance, cells, chance, folded, ratings, weighed
from assess.simulation.plan import Places, Plan, plan
from assess.variance import Sums, sobol_sums, subset_sums, walk_sums, walsh

Array = NDArray[np.float64]
Names = frozenset[str]
Pairs = tuple[Places, Places]

# Which random numbers of a block (fields of `Chance`) each source holds; together all of them.
SOURCES: Mapping[str, Names] = {
    "own": frozenset({"own"}),
    "analysts": frozenset({"order"}),
    "shared": frozenset({"halo", "leniency", "common"}),
    "weights": frozenset({"weights", "bounds", "stakeholder"}),
    "worths": frozenset({"worths"}),
    "absences": frozenset({"absent"}),
}
PARTS: Mapping[str, Names] = {name: frozenset({name}) for name in ("halo", "leniency", "common")}
# What all criteria have in common; the other numbers belong to one top criterion each.
COMMON: Mapping[str, Names] = {
    "analysts": SOURCES["analysts"],
    "weights": SOURCES["weights"],
    "leniency": PARTS["leniency"],
    "worths": SOURCES["worths"],
}
# What the worths of single ratings do not depend on.
UNRATED = SOURCES["analysts"] | SOURCES["weights"] | SOURCES["absences"]
BATCHES = 4  # of draws in one block, for the errors
MOST_EXACT = 10  # players of whom all subsets are drawn; beyond, random orders
ORDERS = 4  # random orders a batch, and each of them backwards
NUMBERS = 2**20  # in one array of subsets: 8 MB


def moving(study: Study, made: Plan, numbers: Chance) -> Names:
    """Return which random numbers of a block can change a total."""
    settings = study.method.uncertainty
    still = {name for name in PARTS if not getattr(settings.errors, name)}
    if len(made.voices) < 2 or settings.analysts == "mean":
        still.add("order")
    return frozenset(
        field.name
        for field in fields(numbers)
        if getattr(numbers, field.name).size and field.name not in still
    )


def common_players(study: Study) -> tuple[str, ...]:
    """Return what all criteria have in common, as far as it can change a total."""
    made = replace(plan(study), block=1)
    names = moving(study, made, chance(made, study.method.uncertainty.stream, 0, 0))
    return tuple(name for name, of in COMMON.items() if names & of)


@dataclass(frozen=True, eq=False)
class Top:
    """The top of the tree in one block.

    Attributes:
        scores: [child, scenario, strategy, draw], of the top criteria.
        weights: [child, scenario, draw].
        totals: [scenario, strategy, draw].
    """

    scores: Array
    weights: Array
    totals: Array


def draw_sums(study: Study, seed: int, blocks: Sequence[int], pairs: Pairs) -> tuple[Sums, Array]:
    """Draw some blocks: what one worker does at a time.

    Args:
        study: sound.
        seed: of these draws.
        blocks: numbers of blocks.
        pairs: places of the first and the second strategy of pairs.

    Returns:
        Sums of `BATCHES` batches for the Sobol indices of `SOURCES` and `PARTS` (outputs: scenario,
        then strategies and pairs), and for Shapley effects [batch, player, scenario, output].
    """
    sums, effects = _block_sums(study, seed, blocks[0], pairs)
    for block in blocks[1:]:
        more, further = _block_sums(study, seed, block, pairs)
        sums, effects = sums + more, effects + further
    return sums, effects


def _block_sums(study: Study, seed: int, block: int, pairs: Pairs) -> tuple[Sums, Array]:
    made, stream = plan(study), study.method.uncertainty.stream
    base, other = (chance(made, stream, seed, 2 * block + i) for i in (0, 1))
    names = moving(study, made, base)

    def numbers(taken: Names) -> Chance:
        return replace(base, **{name: getattr(other, name) for name in taken})

    @cache
    def rated(taken: Names) -> Array:
        return ratings(made, numbers(taken), study.method.uncertainty.errors)

    @cache
    def held(taken: Names) -> list[Array]:
        return weighed(made, numbers(taken))

    @cache
    def top(taken: Names) -> Top:
        values = cells(study, made, numbers(taken), rated(taken - UNRATED))
        return _top(study, made, held(taken & SOURCES["weights"]), values)

    begin = [made.block * i // BATCHES for i in range(BATCHES)]
    sums = sobol_sums(
        outputs(top(Names()).totals, pairs),
        outputs(top(names).totals, pairs),
        (outputs(top(names & of).totals, pairs) for of in (*SOURCES.values(), *PARTS.values())),
        begin,
    )
    return sums, _criterion_sums(study, top, names, (seed, block), pairs)


def _top(study: Study, made: Plan, held: Sequence[Array], values: Array) -> Top:
    """Fold the cells of a block up the tree, and keep what stands at the top."""
    tree, cell = study.tree, made.cell[:, :-2]
    scores = folded(study, made, held, values, cell)
    groups, leaves = list(tree.groups), list(tree.leaves)
    return Top(
        scores=np.stack(
            [
                scores[made.setting[groups.index(child)]]
                if child in groups
                else values[cell[:, :, leaves.index(child)]]
                for child in tree.children[tree.id]
            ]
        ),
        weights=held[0],
        totals=scores[made.setting[0]],
    )


def outputs(totals: Array, pairs: Pairs) -> Array:
    """Return totals and margins [..., strategy and pair, draw] of totals [..., strategy, draw]."""
    first, second = pairs
    margins = totals[..., first, :] - totals[..., second, :]
    return np.concatenate([totals, margins], axis=-2)


def _criterion_sums(
    study: Study, top: Callable[[Names], Top], names: Names, where: tuple[int, int], pairs: Pairs
) -> Array:
    """Return sums of the Shapley effects of one block [batch, player, scenario, output].

    The players are the top criteria, then what all have in common. A top criterion's score depends
    on its own numbers and on those in common alone: under each mixture of the latter, the tree is
    folded once with all criteria from A and once with all from B, and whatever mixture of criteria
    is wanted needs no more than the rule at the root.
    """
    common = [names & of for of in COMMON.values() if names & of]
    alone = names.difference(*common)
    ends = []
    for subset in range(2 ** len(common)):
        taken = Names().union(*(of for j, of in enumerate(common) if subset >> j & 1))
        ends.append((top(taken), top(taken | alone)))
    draws, rule = ends[0][0].totals.shape[-1], node_rules(study)[study.tree.id]
    edges = [draws * i // BATCHES for i in range(BATCHES + 1)]
    found = []
    for batch, (first, last) in enumerate(pairwise(edges)):
        orders = _orders((*where, batch), len(study.tree.children[study.tree.id]) + len(common))
        by_scenario = [
            _effects(Mixed.cut(rule, ends, s, slice(first, last)), orders, pairs)
            for s in range(len(study.scenarios))
        ]
        found.append(np.stack(by_scenario, axis=1))
    return np.stack(found)


@dataclass(frozen=True, eq=False)
class Mixed:
    """One scenario and some draws, before the rule at the root is applied.

    Attributes:
        rule: at the root.
        low: [common mixture, child, strategy, draw], with all criteria from sample A.
        high: the same with all criteria from sample B.
        weights: [common mixture, child, draw].
    """

    rule: Rule
    low: Array
    high: Array
    weights: Array

    @staticmethod
    def cut(rule: Rule, ends: Sequence[tuple[Top, Top]], scenario: int, draws: slice) -> "Mixed":
        """Take one scenario and some draws of a block."""
        return Mixed(
            rule,
            np.stack([low.scores[:, scenario, :, draws] for low, _ in ends]),
            np.stack([high.scores[:, scenario, :, draws] for _, high in ends]),
            np.stack([low.weights[:, scenario, draws] for low, _ in ends]),
        )

    @property
    def players(self) -> int:
        """How many there are: criteria, and what they have in common."""
        common = len(self.low).bit_length() - 1
        return len(self.low[0]) + common

    def part(self, draws: slice) -> "Mixed":
        """Return fewer of the draws."""
        return Mixed(
            self.rule, self.low[..., draws], self.high[..., draws], self.weights[..., draws]
        )

    def totals(self, which: Sequence[bool]) -> Array:
        """Return the totals [strategy, draw] with the players marked taken from sample B."""
        children = self.low.shape[1]
        mixture = sum(taken << j for j, taken in enumerate(which[children:]))
        pick = np.array(which[:children])[:, None, None]
        each = np.where(pick, self.high[mixture], self.low[mixture])
        weights = self.weights[mixture][:, None]
        return self.rule(np.moveaxis(each, 0, -1), np.moveaxis(weights, 0, -1))

    def all_totals(self) -> Array:
        """Return the totals of all subsets [subset, strategy, draw]; bit j is player j."""
        if self.rule is weighted_sum:
            each = zip(self.weights, self.low, self.high, strict=True)
            return np.concatenate([_all_sums(*of) for of in each])
        players = range(self.players)
        return np.stack(
            [
                self.totals([bool(subset >> j & 1) for j in players])
                for subset in range(2 ** len(players))
            ]
        )


def _all_sums(weights: Array, low: Array, high: Array) -> Array:
    """Return the weighted sums [subset, strategy, draw] over children taken from low or high."""
    found = np.zeros((1, *low.shape[1:]))
    for w, a, b in zip(weights, low, high, strict=True):
        found = np.concatenate([found + w * a, found + w * b])
    return found


def _effects(mixed: Mixed, orders: Sequence[Sequence[int]], pairs: Pairs) -> Array:
    """Return sums over draws of Shapley effects [player, output]; exact for few players."""
    if mixed.players > MOST_EXACT:
        walked: Array = walk_sums(lambda which: outputs(mixed.totals(which), pairs), orders)[0]
        return walked
    strategies, draws = mixed.low.shape[2:]
    step = max(NUMBERS // (2**mixed.players * (strategies + len(pairs[0]))), 1)
    found = np.zeros((mixed.players, strategies + len(pairs[0])))
    for start in range(0, draws, step):
        coefficients = walsh(mixed.part(slice(start, start + step)).all_totals())
        found += subset_sums(outputs(coefficients, pairs), (0,))[0]
    return found


def _orders(where: tuple[int, ...], players: int) -> list[list[int]]:
    """Return random orders of players, and each of them backwards; the same for the same place."""
    seed, *key = where
    sequence = np.random.SeedSequence(seed, spawn_key=(*key, players))
    draw = np.random.Generator(np.random.SFC64(sequence))
    orders: list[list[int]] = [draw.permutation(players).tolist() for _ in range(ORDERS)]
    return [*orders, *(order[::-1] for order in orders)]
