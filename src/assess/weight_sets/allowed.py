"""The set of weights that judgements allow, each of its rows under the judgement it comes from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Pair = tuple[int, int]
Bound = tuple[int, int, float | None, float | None]


@dataclass(frozen=True, eq=False)
class WeightSet:
    """All weights w >= 0 that sum to 1 with rows w <= limits; exact rows hold with equality.

    Attributes:
        rows: [row, child], each scaled so that its largest entry is 1.
        limits: [row].
        exact: [row], whether a row is an equality.
        labels: [row], the judgement that a row comes from, in words.
    """

    rows: Array
    limits: Array
    exact: Mask
    labels: tuple[str, ...]

    @property
    def halves(self) -> tuple[Array, Array]:
        """Every row as an inequality, exact ones both ways, with w >= 0: [half, child], [half]."""
        both, n = self.exact, self.rows.shape[1]
        rows = [self.rows[both], -self.rows[both], -np.eye(n), self.rows[~both]]
        limits = [self.limits[both], -self.limits[both], np.zeros(n), self.limits[~both]]
        return np.concatenate(rows), np.concatenate(limits)

    def without(self, label: str) -> "WeightSet":
        """Return the set without one judgement."""
        stays = np.array([given != label for given in self.labels], dtype=bool)
        labels = tuple(given for given in self.labels if given != label)
        return WeightSet(self.rows[stays], self.limits[stays], self.exact[stays], labels)


def weight_set(
    low: ArrayLike,
    high: ArrayLike,
    *,
    before: Sequence[Pair] = (),
    ratios: Sequence[Bound] = (),
    names: Sequence[str] = (),
) -> WeightSet:
    """Return the set of weights that ranges, orders and ratios allow.

    Args:
        low: [child] in [0, 1], the least that each child weighs, as a share of 1.
        high: [child] in [0, 1], the most.
        before: places (i, j) of children: i weighs at least as much as j.
        ratios: (i, j, least, most): i weighs at least `least` and at most `most` times as much as
            j; None where one is not said.
        names: what messages call the children.

    Raises:
        ValueError: a range lies outside [0, 1] or falls.

    >>> weight_set([0, 0, 0.1], [0.5, 1, 0.1], before=[(0, 1)], names="abc").labels
    ('a at most 0.5', 'c exactly 0.1', 'a before b')
    """
    lows, highs = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
    n = len(lows)
    if not ((lows >= 0) & (lows <= highs) & (highs <= 1)).all():
        raise ValueError("a weight's range lies in 0 to 1 and does not fall")
    called = list(names) or [f"child {i + 1}" for i in range(n)]
    said: list[tuple[Array, float, bool, str]] = []
    unit = np.eye(n)
    for i, (least, most) in enumerate(zip(lows.tolist(), highs.tolist(), strict=True)):
        if least == most:
            said.append((unit[i], most, True, f"{called[i]} exactly {most:g}"))
            continue
        if least > 0:
            said.append((-unit[i], -least, False, f"{called[i]} at least {least:g}"))
        if most < 1:
            said.append((unit[i], most, False, f"{called[i]} at most {most:g}"))
    for i, j in before:
        said.append((unit[j] - unit[i], 0.0, False, f"{called[i]} before {called[j]}"))
    for i, j, floor, ceiling in ratios:
        if floor is not None and floor == ceiling:
            row, told = unit[i] - floor * unit[j], f"exactly {floor:g} times"
            said.append((row, 0.0, True, f"{called[i]} {told} {called[j]}"))
            continue
        for times, sign, word in ((floor, -1, "at least"), (ceiling, 1, "at most")):
            if times is not None:
                row = sign * (unit[i] - times * unit[j])
                said.append((row, 0.0, False, f"{called[i]} {word} {times:g} times {called[j]}"))
    rows = np.array([row for row, *_ in said]).reshape(-1, n)
    scale = np.abs(rows).max(axis=1, initial=0.0)
    scale[scale == 0] = 1.0
    return WeightSet(
        rows=rows / scale[:, None],
        limits=np.array([limit for _, limit, *_ in said]) / scale,
        exact=np.array([exact for *_, exact, _ in said], dtype=bool),
        labels=tuple(label for *_, label in said),
    )
