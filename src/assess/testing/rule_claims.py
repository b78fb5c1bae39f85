"""The laws that a rule may claim beyond those that every rule keeps.

Each law takes a rule, `(values [..., criterion], weights [..., criterion]) -> [...]`, and raises
`LawBroken` with the smallest example found.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from assess.testing import folds
from assess.testing.strategies import values, weights
from assess.testing.subjects import (
    CLOSE,
    Applied,
    Array,
    Drawing,
    Found,
    Subject,
    as_subject,
    numbers,
    on_examples,
)

Rule = Callable[..., Any] | Subject

__all__ = [
    "compensates_no_more_than_claimed",
    "homogeneous",
    "nested_is_flat",
    "nonexpansive",
    "self_dual",
    "strictly_monotone",
    "translation_equivariant",
    "vetoes_at_zero",
]

CLAIMED = tuple(__all__)

_SIZES = st.integers(1, 4)


def strictly_monotone(rule: Rule) -> None:
    """Where claimed: a better child of some weight raises the score.

    f(v', w) > f(v, w) where v' >= v, v'_i >= v_i + 0.05, w_i >= 0.05 and v in [0.05, 1]

    References:
        Grabisch, Marichal, Mesiar and Pap (2009), ch. 2, doi:10.1017/CBO9781139644150.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        n = draw(_SIZES)
        v, w = 0.05 + 0.9 * draw(values(n)), draw(weights(n, zeros=False))
        place = draw(st.integers(0, n - 1))
        assume(w[place] >= 0.05)
        better = v.copy()
        better[place] = max(v[place] + 0.05, draw(values(1))[0])
        before, after = f(v, w).item(), f(better, w).item()
        if after <= before + 1e-13:
            raise Found(
                f"{folds.said(f, v, w)} gives {before:.9g}, and no more with the better values "
                f"{numbers(better)}: {after:.9g}"
            )

    on_examples(rule, strictly_monotone, hold, claimed=True)


def homogeneous(rule: Rule) -> None:
    """Where claimed: values that are all scaled by a factor scale the score by it.

    f(a v, w) = a f(v, w)

    References:
        Grabisch, Marichal, Mesiar and Pap (2009), ch. 2, doi:10.1017/CBO9781139644150.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        v, w = _one(draw)
        a = draw(st.sampled_from([0.5, 0.1, 0.9]))
        folds.related(f, (v, w), (a * v, w), lambda score: a * score, f"scaled by {a:g}")

    on_examples(rule, homogeneous, hold, claimed=True)


def translation_equivariant(rule: Rule) -> None:
    """Where claimed: values that all rise by the same raise the score by it.

    f(v + a, w) = f(v, w) + a

    References:
        Grabisch, Marichal, Mesiar and Pap (2009), ch. 2, doi:10.1017/CBO9781139644150.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        v, w = _one(draw)
        a, low = draw(st.sampled_from([0.5, 0.1, 0.25])), v / 2
        folds.related(f, (low, w), (low + a, w), lambda score: score + a, f"raised by {a:g}")

    on_examples(rule, translation_equivariant, hold, claimed=True)


def self_dual(rule: Rule) -> None:
    """Where claimed: scoring what is lacking gives what the score lacks.

    f(1 - v, w) = 1 - f(v, w)

    References:
        Grabisch, Marichal, Mesiar and Pap (2009), ch. 2, doi:10.1017/CBO9781139644150.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        v, w = _one(draw)
        folds.related(f, (v, w), (1 - v, w), lambda score: 1 - score, "turned round, 1 - v")

    on_examples(rule, self_dual, hold, claimed=True)


def nonexpansive(rule: Rule) -> None:
    """Where claimed: a score moves no further than the value that moved furthest.

    |f(v', w) - f(v, w)| <= max |v'_i - v_i| (Lipschitz with constant 1)

    References:
        Grabisch, Marichal, Mesiar and Pap (2009), ch. 2, doi:10.1017/CBO9781139644150.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        v, w = _one(draw)
        other = draw(values(len(v)))
        scores, furthest = (f(v, w).item(), f(other, w).item()), np.abs(other - v).max()
        if abs(scores[1] - scores[0]) > furthest + CLOSE:
            raise Found(
                f"{folds.said(f, v, w)} gives {scores[0]:.9g}, and {scores[1]:.9g} with "
                f"{numbers(other)}, though no value moved by more than {furthest:.9g}"
            )

    on_examples(rule, nonexpansive, hold, claimed=True)


def nested_is_flat(rule: Rule) -> None:
    """Where claimed: grouping children below a node of the same rule changes nothing.

    f((f(v_A, w_A / W_A), f(v_B, w_B / W_B)), (W_A, W_B)) = f(v, w), W_A the sum of w_A

    References:
        Kolmogorov (1930), Sur la notion de la moyenne (associativity); Grabisch, Marichal, Mesiar
        and Pap (2009), ch. 2, doi:10.1017/CBO9781139644150.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        n = draw(st.integers(2, 4))
        v, w = draw(values(n)), draw(weights(n, zeros=False))
        cut = draw(st.integers(1, n - 1))
        halves = [(v[:cut], w[:cut]), (v[cut:], w[cut:])]
        scores = np.array([f(vs, ws / ws.sum()).item() for vs, ws in halves])
        nested = f(scores, np.array([ws.sum() for _, ws in halves])).item()
        flat = f(v, w).item()
        if abs(nested - flat) > CLOSE:
            raise Found(
                f"{folds.said(f, v, w)} gives {flat:.9g}, and {nested:.9g} with its first {cut} "
                "children in a group of their own"
            )

    on_examples(rule, nested_is_flat, hold, claimed=True)


def vetoes_at_zero(rule: Rule) -> None:
    """Where claimed: a child at zero that has any weight brings the score to zero.

    f(v, w) = 0 where some v_i = 0 and w_i > 0

    References:
        Dujmovic (2018), Soft Computing Evaluation Logic (mandatory inputs),
        doi:10.1002/9781119256489.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        n = draw(_SIZES)
        v, w = draw(values(n)), draw(weights(n, zeros=False))
        v[draw(st.integers(0, n - 1))] = 0.0
        score = f(v, w).item()
        if abs(score) > CLOSE:
            raise Found(f"{folds.said(f, v, w)} gives {score:.9g}, although one child is at zero")

    on_examples(rule, vetoes_at_zero, hold, claimed=True)


def compensates_no_more_than_claimed(rule: Rule) -> None:
    """Where claimed: good makes up for bad as far as the rule says, measured by its orness.

    orness = (E f - E min) / (E max - E min) over two equal children, uniform on [0, 1]

    References:
        Dujmovic (1974), Weighted conjunctive and disjunctive means; Yager (1988),
        doi:10.1109/21.87068 (orness; 1 - orness is andness).
    """

    def hold(f: Applied, draw: Drawing) -> None:
        del draw
        claimed, found = subject.orness_claimed(f.arguments), orness(f)
        if claimed is not None and found > claimed + 0.005:
            raise Found(f"the orness of {f.text} is {found:.3f}; it claims at most {claimed:.3f}")

    subject = as_subject(rule)
    on_examples(rule, compensates_no_more_than_claimed, hold, claimed=True)


def orness(rule: Callable[..., Any]) -> float:
    """Return how far good makes up for bad: 0 as the weakest link, 0.5 as a mean, 1 as the best.

    orness = (E f - E min) / (E max - E min) over two equal children, uniform on [0, 1]

    Args:
        rule: `(values [..., criterion], weights [..., criterion]) -> [...]`.

    References:
        Dujmovic (1974), Weighted conjunctive and disjunctive means; Yager (1988),
        doi:10.1109/21.87068.

    >>> from assess.aggregation import weakest_link, weighted_sum
    >>> round(orness(weighted_sum), 6), round(orness(weakest_link), 6)
    (0.5, 0.0)
    """
    middle = (np.arange(128) + 0.5) / 128
    grid = np.stack(np.meshgrid(middle, middle, indexing="ij"), axis=-1)
    score = np.mean(rule(grid, np.full(grid.shape, 0.5)))
    worst, best = grid.min(axis=-1).mean(), grid.max(axis=-1).mean()
    return float((score - worst) / (best - worst))


def _one(draw: Drawing) -> tuple[Array, Array]:
    """Draw the values and weights of one strategy at one node."""
    n = draw(_SIZES)
    return draw(values(n)), draw(weights(n))
