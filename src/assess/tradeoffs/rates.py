"""Exchange rates between the leaves of a study and one of them, in its unit."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from assess.checks import check
from assess.instrument import instrument
from assess.model import Endorsement, Scale, Study, StudyError, nearest, shown
from assess.tradeoffs.counting import count_in, scale_of
from assess.tradeoffs.profile import (
    Point,
    additive,
    ends,
    gradient,
    level_at,
    meeting,
    point,
    straight,
)

if TYPE_CHECKING:
    import pandas as pd

NONE = float("nan")
SIGNED_WITHIN = 0.01
Kind = Literal["swing", "step", "rate"]


@dataclass(frozen=True)
class Tradeoff:
    """What one move on one criterion counts for, in the unit of another.

    Attributes:
        scenario, criterion, against: ids.
        kind: "swing" from the worst end of the scale to the best, "step" from one label of an
            ordinal scale to the next, "rate" for one unit at the point.
        start, end: levels that the criterion moves between; of a rate, the level at the point.
        times: how many swings of `against` count as much; NaN where the total does not move with
            it.
        amount: the same in its unit, from its worst end; of a rate, a size on a scale that may be
            bent. NaN where its scale is not straight and does not reach so far.
        amount_below: of a rate, what it is for a move the other way; equal where nothing is bent.
        exact: whether this holds wherever the other criteria stand; otherwise at the point alone.
        beyond: whether the amount is more than the whole scale of `against`.
        points: by how much the total moves, in points of 100, at the point; of a rate, for a unit.
        endorsed: who signed it and why, or "not endorsed"; "" for a step or a rate, which follow
            from what the swing is.
    """

    scenario: str
    criterion: str
    against: str
    kind: Kind
    start: str
    end: str
    times: float
    amount: float
    amount_below: float
    exact: bool
    beyond: bool
    points: float
    endorsed: str


@dataclass(frozen=True, eq=False)
class Tradeoffs:
    """Exchange rates that the weights of one scenario imply, against one criterion.

    Attributes:
        study: the inputs.
        scenario: id.
        against: id of the criterion in whose unit all is counted.
        at: id of the strategy that stands at the point of local rates; "" where every criterion
            stands at half of its worth.
        filled: how many of its criteria nobody rated, and stand at half.
        levels: by leaf, where it stands at the point, as text.
        rows: in the order of the tree.
    """

    study: Study
    scenario: str
    against: str
    at: str
    filled: int
    levels: dict[str, str]
    rows: tuple[Tradeoff, ...]

    @property
    def table(self) -> "pd.DataFrame":
        """One row a move, with the columns of `Tradeoff` and the unit of `against`."""
        import pandas as pd

        names = [field.name for field in fields(Tradeoff)]
        rows = [[getattr(row, name) for name in names] for row in self.rows]
        frame = pd.DataFrame(rows, columns=names)
        frame.insert(names.index("amount") + 1, "unit", self.study.tree.criteria[self.against].unit)
        return frame

    def __str__(self) -> str:
        from assess.tradeoffs.words import lines

        return "\n".join(lines(self))


def tradeoffs(
    study: Study,
    *,
    against: str | None = None,
    scenario: str | None = None,
    at: str | None = None,
) -> Tradeoffs:
    """Return what the weights imply: what moving each criterion counts for in the unit of one.

    A swing is exact where every rule below the lowest node above both criteria, and at it, is a
    weighted sum: whatever stands above that node sees no difference between the two moves. Where it
    is not, rates hold at the point alone, by finite differences of the total.

    Args:
        study: loaded by `assess.load`, or built in Python.
        against: id of a criterion with a numeric scale that only rises or only falls; the first
            such measure of effectiveness that has a unit, if none is named.
        scenario: id; the first one if none is named.
        at: id of the strategy at whose pooled values local rates are taken; the baseline if none is
            named, and half of every scale if there is none.

    Raises:
        StudyError: the study is not sound; lists every problem.
        TypeError: it is no study.
        ValueError: no such criterion, scenario or strategy, or one that cannot be counted in.

    References:
        Keeney (2002), Common mistakes in making value trade-offs, doi:10.1287/opre.50.6.935.357.

    >>> import assess
    >>> found = tradeoffs(assess.load("mali"), against="displacement")
    >>> {row.endorsed for row in found.rows if row.kind == "swing"}
    {'not endorsed'}
    """
    if not isinstance(study, Study):
        raise TypeError(f"tradeoffs takes a Study, not {shown(study)}")
    if problems := check(study):
        raise StudyError(problems)
    where = _known("scenario", scenario, study.scenario_ids) or study.scenario_ids[0]
    baseline = (key for key, item in study.strategies.items() if item.baseline)
    stands = _known("strategy", at, tuple(study.strategies)) or next(baseline, "")
    s = study.scenario_ids.index(where)
    here = point(study, s, stands)
    applies = instrument(study).applicable[s]
    leaves = [leaf for leaf, there in zip(study.tree.leaves, applies, strict=True) if there]
    counted = count_in(here, against, leaves)
    rows = [row for leaf in leaves if leaf != counted for row in _rows(here, leaf, counted)]
    levels = {leaf: _here(here, leaf) for leaf in leaves}
    return Tradeoffs(study, where, counted, stands, here.filled, levels, tuple(rows))


def _known(noun: str, asked: str | None, ids: tuple[str, ...]) -> str | None:
    if asked is not None and asked not in ids:
        raise ValueError(f"no {noun} {asked!r} ({nearest(asked, ids)})")
    return asked


def _rows(here: Point, leaf: str, against: str) -> Iterator[Tradeoff]:
    """Yield the swing of a leaf, steps of an ordinal one, and a rate where not all is straight."""
    study = here.study
    scale, other = scale_of(study, leaf), scale_of(study, against)
    node = meeting(study, leaf, against)
    exact = additive(study, leaf, node) and additive(study, against, node)
    node = node if exact else study.tree.id
    one, two = here.swing(leaf, node), here.swing(against, node)
    whole = here.swing(leaf, study.tree.id)

    def row(kind: Kind, start: str, end: str, times: float, points: float) -> Tradeoff:
        amount = _amount(other, times, exact)
        signed = _signed(study, here.s, leaf, against, amount) if kind == "swing" else ""
        return Tradeoff(
            scenario=study.scenario_ids[here.s],
            criterion=leaf,
            against=against,
            kind=kind,
            start=start,
            end=end,
            times=times,
            amount=amount,
            amount_below=amount,
            exact=exact,
            beyond=times > 1 + SIGNED_WITHIN**4,
            points=100 * points,
            endorsed=signed,
        )

    start, end = ends(scale)
    times = one / two if two > 0 else NONE
    yield row("swing", _text(scale, start), _text(scale, end), times, whole)
    if scale.ordinal and len(scale.labels) > 2:
        values = here.scores(leaf, np.array(scale.worths))
        inside = values[:, study.tree.nodes.index(node)]
        for i, (low, high) in enumerate(pairwise(scale.labels)):
            part = float(inside[i + 1] - inside[i])
            moved = float(values[i + 1, 0] - values[i, 0])
            yield row("step", low, high, part / two if two > 0 else NONE, moved)
    if not scale.ordinal and not (exact and straight(scale) and straight(other)):
        yield _rate(here, leaf, against)


def _amount(other: Scale, times: float, exact: bool) -> float:
    """Return how much of a criterion so many of its swings are, from its worst end."""
    start, end = ends(other)
    if straight(other):
        return times * abs(end - start)
    if not exact or not abs(times) <= 1:
        return NONE
    sign = 1.0 if times >= 0 else -1.0
    return sign * abs(level_at(other, abs(times)) - start)


def _rate(here: Point, leaf: str, against: str) -> Tradeoff:
    """Return what one unit of a leaf counts for at the point, on both sides of it."""
    study = here.study
    per_unit = []
    for key in (leaf, against):
        steep = gradient(scale_of(study, key), _worth(here, key))
        per_unit.append([a * b for a, b in zip(here.slope(key), steep, strict=True)])
    below, above = (one / two if two > 0 else NONE for one, two in zip(*per_unit, strict=True))
    start, end = ends(scale_of(study, against))
    level = _here(here, leaf)
    return Tradeoff(
        scenario=study.scenario_ids[here.s],
        criterion=leaf,
        against=against,
        kind="rate",
        start=level,
        end=level,
        times=above / abs(end - start),
        amount=above,
        amount_below=below,
        exact=False,
        beyond=False,
        points=100 * per_unit[0][1],
        endorsed="",
    )


def _worth(here: Point, leaf: str) -> float:
    return float(here.values[here.study.tree.leaves.index(leaf)])


def _here(here: Point, leaf: str) -> str:
    """Return the level at which a leaf stands at the point; of an ordinal one its worth."""
    scale, worth = scale_of(here.study, leaf), _worth(here, leaf)
    return f"worth {worth:.3g}" if scale.ordinal else _text(scale, level_at(scale, worth))


def _text(scale: Scale, level: float) -> str:
    return scale.labels[int(level)] if scale.ordinal else f"{level:.6g}"


def _signed(study: Study, s: int, leaf: str, against: str, amount: float) -> str:
    """Return who signed an exchange rate, and whether it is still the one that was signed."""
    scenario = study.scenarios[s]
    lent = scenario.weights_from
    held: tuple[Endorsement, ...] = (study.scenario(lent) if lent else scenario).endorsed
    for signed in held:
        if (signed.criterion, signed.against) != (leaf, against):
            continue
        if signed.amount is None or abs(amount - signed.amount) <= SIGNED_WITHIN * signed.amount:
            return f"endorsed by {signed.by}: {signed.reason}"
        now = "none that can be told" if np.isnan(amount) else f"{amount:.4g}"
        return f"not endorsed: {signed.by} signed {signed.amount:.4g}, and the weights imply {now}"
    return "not endorsed"
