"""What it is worth to find out: of every criterion, every cell, and whose view is right."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assess.assessment import evaluate
from assess.instrument import instrument
from assess.model import FrozenDict, Study
from assess.simulation.block import cells, chance, folded, ratings
from assess.simulation.nodes import place
from assess.simulation.plan import Plan, plan
from assess.value_of_information import FOLDS, Moments, Worth, averaged, basis, left_out, losses

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Key = tuple[str, str, str]
DRAWS = 10_000
VIEW = ("view", "", "")
NOTHING = Worth(0.0, 0.0)


@dataclass(frozen=True, eq=False)
class InformationWorth:
    """What it is worth to know more before choosing by total, in one scenario.

    Worths are in [0, 1] of the total: by how much the total of the chosen strategy gets better on
    average. Weights are preferences: they are held at their points, and nothing is found out about
    them.

    Attributes:
        study: what was drawn from.
        scenario: id.
        draws, seed: what was drawn.
        choice: id of the strategy that one would choose today: highest mean total of those that
            have a total and fail no gate; empty where there is none.
        everything: what it is worth to know all true ratings.
        criteria: the same of one criterion at any level, for all strategies at once, by id.
        ratings: of one cell, by (strategy, criterion).
        view: of knowing whose view is right where analysts differ; 0 where each draw takes the
            panel's centre.
    """

    study: Study
    scenario: str
    draws: int
    seed: int
    choice: str
    everything: Worth
    criteria: FrozenDict[str, Worth]
    ratings: FrozenDict[tuple[str, str], Worth]
    view: Worth

    @cached_property
    def table(self) -> "pd.DataFrame":
        """All worths, the largest first: what, strategy, criterion, points of 100, error."""
        import pandas as pd

        rows = [("everything", "", "", self.everything)]
        rows += [("criterion", "", key, worth) for key, worth in self.criteria.items()]
        rows += [("rating", *key, worth) for key, worth in self.ratings.items()]
        rows += [("view", "", "", self.view)]
        rows.sort(key=lambda row: -row[3].value)
        return pd.DataFrame(
            [
                (what, strategy, criterion, 100 * worth.value, 100 * worth.error)
                for what, strategy, criterion, worth in rows
            ],
            columns=["what", "strategy", "criterion", "points", "error"],
        )


def information_worth(
    study: Study, scenario: str | None = None, draws: int = DRAWS, seed: int = 0
) -> InformationWorth:
    """Return what it is worth to know more before choosing by total: EVPI and EVPPI.

    Ratings, whose view holds and what is missing are drawn as in `simulate`, under the declared
    error structure. What one would expect once something is known is a regression on it, fitted on
    all draws but a twentieth at a time and judged on that twentieth.

    Args:
        study: without problems.
        scenario: id; the first if none is named.
        draws: at least so many; whole blocks, at least two.
        seed: of the random numbers.

    Raises:
        ValueError: there is no such scenario, or fewer than one draw.

    References:
        Strong, Oakley and Brennan (2014), doi:10.1177/0272989X13505910.

    >>> import assess
    >>> found = information_worth(assess.load("mali"), draws=1000)
    >>> found.choice, 0 < found.everything.value < 0.1
    ('consolidate_and_reform', True)
    """
    s = place(scenario, study.scenario_ids, "scenario") if scenario else 0
    if draws < 1:
        raise ValueError(f"draws are at least 1: {draws}")
    made, rivals = plan(study), _rivals(study, s)
    blocks = max(-(-draws // made.block), 2)
    if len(rivals) < 2:
        return _nothing(study, s, blocks * made.block, seed, rivals)
    fits, means = _fitted(study, s, seed, blocks, rivals)
    best = int(means.argmax())
    found: dict[Key, list[Array]] = {key: [] for key in fits}
    everything = []
    for block in range(blocks):
        benefits, inputs = _drawn(study, s, seed, block, rivals)
        everything.append(losses(benefits, best))
        for key, columns in inputs.items():
            found[key].append(losses(columns @ fits[key][block % FOLDS], best))
    worth = {key: averaged(np.concatenate(each)) for key, each in found.items()}
    return InformationWorth(
        study=study,
        scenario=study.scenario_ids[s],
        draws=blocks * made.block,
        seed=seed,
        choice=tuple(study.strategies)[rivals[best]],
        everything=averaged(np.concatenate(everything)),
        criteria=FrozenDict({c: x for (what, _, c), x in worth.items() if what == "criterion"}),
        ratings=FrozenDict({(t, c): x for (what, t, c), x in worth.items() if what == "rating"}),
        view=worth.get(VIEW, NOTHING),
    )


def _rivals(study: Study, s: int) -> list[int]:
    """Return the places of the strategies that one may choose: a total, and no gate failed."""
    report = evaluate(study)
    found: list[int] = np.flatnonzero(
        ~np.isnan(report.score[s, :, 0]) & ~report.excluded[s]
    ).tolist()
    return found


def _nothing(study: Study, s: int, draws: int, seed: int, rivals: list[int]) -> InformationWorth:
    """Return that nothing is worth finding out where there is no choice."""
    choice = tuple(study.strategies)[rivals[0]] if rivals else ""
    return InformationWorth(
        study,
        study.scenario_ids[s],
        draws,
        seed,
        choice,
        everything=NOTHING,
        criteria=FrozenDict(),
        ratings=FrozenDict(),
        view=NOTHING,
    )


def _fitted(
    study: Study, s: int, seed: int, blocks: int, rivals: list[int]
) -> tuple[dict[Key, list[Array]], Array]:
    """Fit benefits to every input; return coefficients by fold left out, and mean benefits."""
    parts: dict[Key, list[Moments]] = {}
    total = np.zeros(len(rivals))
    for block in range(blocks):
        benefits, inputs = _drawn(study, s, seed, block, rivals)
        total += benefits.sum(axis=0)
        for key, columns in inputs.items():
            found, moments = parts.setdefault(key, []), Moments.of(columns, benefits)
            if block < FOLDS:
                found.append(moments)
            else:
                found[block % FOLDS] += moments
    return {key: left_out(found) for key, found in parts.items()}, total


def _drawn(
    study: Study, s: int, seed: int, block: int, rivals: list[int]
) -> tuple[Array, dict[Key, Array]]:
    """Draw a block: benefits [draw, rival] and what one might find out, as columns of a fit."""
    made, settings = plan(study), study.method.uncertainty
    numbers = chance(made, settings.stream, seed, block)
    values = cells(study, made, numbers, ratings(made, numbers, settings.errors))
    scores = folded(study, made, _points(study, made), values, made.cell[:, :-2])
    inputs = dict(_inputs(study, made, s, rivals, values, scores))
    if settings.analysts == "pool" and len(made.voices) > 1:
        inputs[VIEW] = _view(made, numbers.order / made.voices[:, None])
    return scores[made.setting[0, s]][rivals].T, inputs


def _points(study: Study, made: Plan) -> list[Array]:
    """Return the weights at their points under each group [child, scenario, 1]."""
    weights, nodes = instrument(study).weights, study.tree.nodes
    children = (study.tree.children[group.node] for group in made.groups)
    return [
        np.nan_to_num(weights[:, [nodes.index(child) for child in each]]).T[..., None]
        for each in children
    ]


def _inputs(
    study: Study, made: Plan, s: int, rivals: list[int], values: Array, scores: Array
) -> Iterator[tuple[Key, Array]]:
    """Yield columns of every criterion, all strategies at once, and of every cell."""
    tree, ids = study.tree, tuple(study.strategies)
    applies = instrument(study).applies[0, s]
    for key in tree.nodes[1:]:
        if not applies[tree.nodes.index(key)]:
            continue
        if key in tree.groups:
            here = scores[made.setting[tree.groups.index(key), s]][rivals]
        else:
            here = values[made.cell[s, rivals, tree.leaves.index(key)]]
            for each, t in zip(here, rivals, strict=True):
                yield ("rating", ids[t], key), basis(each[:, None])
        yield ("criterion", "", key), basis(here.T)


def _view(made: Plan, waits: Array) -> Array:
    """Return who is heard, a column for each set of analysts who rate a cell and each of them."""
    columns = [np.ones(waits.shape[1])]
    for _, analysts, _ in made.heard:
        if len(analysts) > 1:
            first = waits[analysts].argmin(axis=0)
            columns += [first == a for a in range(len(analysts))]
    return np.column_stack(columns)
