"""The laws that every rule keeps.

Each law takes a rule, `(values [..., criterion], weights [..., criterion]) -> [...]`, and raises
`LawBroken` with the smallest example found. What a rule may claim beyond them: `rule_claims`.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
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
    numbers,
    on_examples,
)

Rule = Callable[..., Any] | Subject

__all__ = [
    "agrees_in_single_precision",
    "always_the_same",
    "bounded",
    "broadcasts",
    "continuous",
    "idempotent",
    "leaves_its_input",
    "monotone",
    "never_swallows_nan",
    "one_score_a_strategy",
    "order_free",
    "other_strategies_irrelevant",
    "splitting_changes_nothing",
    "zero_weight_is_absence",
]

CLAIMED: tuple[str, ...] = ()

_SIZES = st.integers(1, 4)


def one_score_a_strategy(rule: Rule) -> None:
    """A rule gives one score for each strategy, a finite number, whatever the leading axes.

    shape of f(v [..., c], w [..., c]) = [...]

    References:
        Design convention C2; numpy generalised universal functions, signature (c),(c)->().
    """

    def hold(f: Applied, draw: Drawing) -> None:
        rows, n = draw(st.integers(1, 3)), draw(st.integers(1, 3))
        v, w = draw(values((2, rows, n))), draw(weights(n))
        f(v, np.broadcast_to(w, v.shape))  # what is called looks at shape and numbers by itself

    on_examples(rule, one_score_a_strategy, hold)


def bounded(rule: Rule) -> None:
    """A score lies between the worst and the best child that counts.

    min v_i <= f(v, w) <= max v_i over i with w_i > 0

    References:
        Grabisch, Marichal, Mesiar and Pap (2009), Aggregation Functions, ch. 2 (internality),
        doi:10.1017/CBO9781139644150.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        folds.bounded(f, draw, _one)

    on_examples(rule, bounded, hold)


def idempotent(rule: Rule) -> None:
    """Children that all do equally well give just that score.

    f((x, ..., x), w) = x

    References:
        Grabisch, Marichal, Mesiar and Pap (2009), ch. 2, doi:10.1017/CBO9781139644150.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        folds.unanimous(f, draw, _one)

    on_examples(rule, idempotent, hold)


def monotone(rule: Rule) -> None:
    """A better child never lowers the score.

    f(v', w) >= f(v, w) where v' >= v

    References:
        Grabisch, Marichal, Mesiar and Pap (2009), ch. 2, doi:10.1017/CBO9781139644150.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        folds.monotone(f, draw, _one)

    on_examples(rule, monotone, hold)


def order_free(rule: Rule) -> None:
    """The order in which children stand changes nothing.

    f(v_p, w_p) = f(v, w) for every permutation p

    References:
        Grabisch, Marichal, Mesiar and Pap (2009), ch. 2 (symmetry, weights moving along),
        doi:10.1017/CBO9781139644150.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        folds.order_free(f, draw, _one)

    on_examples(rule, order_free, hold)


def zero_weight_is_absence(rule: Rule) -> None:
    """A child of weight 0 changes nothing, whatever its value; an absent child arrives so.

    f((v, x), (w, 0)) = f(v, w)

    References:
        Design convention C4.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        folds.zero_weight_is_absence(f, draw, _one)

    on_examples(rule, zero_weight_is_absence, hold)


def splitting_changes_nothing(rule: Rule) -> None:
    """Splitting a child into two like it, which share its weight, changes nothing.

    f((v, v_n), (w_1, ..., w_n / 2, w_n / 2)) = f(v, w)

    References:
        Grabisch, Marichal, Mesiar and Pap (2009), ch. 2 (replication),
        doi:10.1017/CBO9781139644150.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        folds.halves(f, draw, _one)

    on_examples(rule, splitting_changes_nothing, hold)


def continuous(rule: Rule) -> None:
    """The smallest change of a value makes no jump in the score.

    f(v + e, w) -> f(v, w) as e -> 0

    References:
        Grabisch, Marichal, Mesiar and Pap (2009), ch. 2, doi:10.1017/CBO9781139644150.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        n = draw(_SIZES)
        v, w = draw(values(n)), 0.5 * draw(weights(n, zeros=False)) + 0.5 / n
        place = draw(st.integers(0, n - 1))
        if n > 1 and draw(st.booleans()):
            v[place] = v[(place + 1) % n]
        near = v.copy()
        near[place] = _next_to(v[place], draw(st.booleans()))
        jump = _jump(f, v, draw(values(n)), w)
        for first, second in ((v, near), *([jump] if jump else [])):
            before, after = f(first, w).item(), f(second, w).item()
            if abs(after - before) > 1e-6:
                raise Found(
                    f"{folds.said(f, first, w)} gives {before:.9g}, and {after:.9g} when values "
                    "move by the least that a number can"
                )

    on_examples(rule, continuous, hold)


def _jump(f: Applied, start: Array, end: Array, w: Array) -> tuple[Array, Array] | None:
    """Return two neighbours on the way from start to end between which the score jumps, if any.

    Each round keeps the steepest of 32 pieces, until it is flat or no number lies between its ends.
    """
    parts = np.linspace(0, 1, 33)[:, None]
    while True:
        way = start + (end - start) * parts
        way[0], way[-1] = start, end
        steps = np.abs(np.diff(f(way, np.broadcast_to(w, way.shape))))
        at = int(steps.argmax())
        if steps[at] <= 1e-6:
            return None
        nearer = way[at], way[at + 1]
        if np.array_equal(nearer[0], start) and np.array_equal(nearer[1], end):
            return nearer
        start, end = nearer


def other_strategies_irrelevant(rule: Rule) -> None:
    """The score of a strategy does not depend on which others are assessed with it.

    f(V, w)_t = f(V_t, w) for every strategy t of V

    References:
        Arrow (1951), Social Choice and Individual Values (independence of irrelevant
        alternatives); design convention C2.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        n = draw(_SIZES)
        v, w = draw(values((3, n))), draw(weights(n))
        together, alone = f(v, np.broadcast_to(w, v.shape)), f(v[:1], w[None])
        if abs(together[0] - alone[0]) > CLOSE:
            raise Found(
                f"{folds.said(f, v[0], w)} gives {alone[0]:.9g} alone, and {together[0]:.9g} "
                f"beside the strategies {numbers(v[1:])}"
            )

    on_examples(rule, other_strategies_irrelevant, hold)


def broadcasts(rule: Rule) -> None:
    """Leading axes, such as strategies and scenarios, are scored as if each stood alone.

    f(v [t, c], w [s, 1, c]) [s, t] = f(v_t, w_s)

    References:
        numpy generalised universal functions, signature (c),(c)->().
    """

    def hold(f: Applied, draw: Drawing) -> None:
        folds.broadcasts(f, draw, _two)

    on_examples(rule, broadcasts, hold)


def never_swallows_nan(rule: Rule) -> None:
    """A value that is no number gives no score: the rule raises, or returns NaN.

    f(v, w) is NaN, or an error, where some v_i is NaN and w_i > 0

    References:
        IEEE 754-2019, section 6.2; design convention C6.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        folds.never_swallows_nan(f, draw, _one)

    on_examples(rule, never_swallows_nan, hold)


def leaves_its_input(rule: Rule) -> None:
    """The arrays handed over are as they were when the rule is done.

    v and w are unchanged by f(v, w)

    References:
        Design: plain functions over frozen data.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        folds.leaves_its_input(f, draw, _one)

    on_examples(rule, leaves_its_input, hold)


def always_the_same(rule: Rule) -> None:
    """The same values and weights give the same score each time, to the bit.

    f(v, w) = f(v, w)

    References:
        Design convention C9.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        folds.always_the_same(f, draw, _one)

    on_examples(rule, always_the_same, hold)


def agrees_in_single_precision(rule: Rule) -> None:
    """Values in single precision give the score that the same values give in double precision.

    |f(float32(v), float32(w)) - f(float64(float32(v)), float64(float32(w)))| <= 1e-5

    References:
        Higham (2002), Accuracy and Stability of Numerical Algorithms, ch. 2,
        doi:10.1137/1.9780898718027.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        v, w = _one(draw)
        single = v.astype(np.float32), w.astype(np.float32)
        double = tuple(a.astype(np.float64) for a in single)
        scores = f(*single).item(), f(*double).item()
        if not abs(scores[0] - scores[1]) <= 1e-5:
            raise Found(
                f"{folds.said(f, *double)} scores {scores[1]:.9g}, and {scores[0]:.9g} in float32: "
                "compute in float64, np.asarray(values, dtype=np.float64)"
            )

    on_examples(rule, agrees_in_single_precision, hold)


def _one(draw: Drawing) -> tuple[Array, Array]:
    """Draw the values and weights of one strategy at one node."""
    n = draw(_SIZES)
    return draw(values(n)), draw(weights(n))


def _two(draw: Drawing) -> tuple[Array, Array]:
    """Draw the values of two strategies and the weights of two scenarios."""
    n = draw(_SIZES)
    return draw(values((2, n))), np.stack([draw(weights(n)), draw(weights(n))])


def _next_to(value: float, up: bool) -> float:
    """Return the number nearest to a value of [0, 1] on one side; beside 0 the least normal one."""
    if value == 0:
        return float(np.finfo(np.float64).tiny)
    near = float(np.nextafter(value, 2.0 if up else -1.0))
    return near if near <= 1 else float(np.nextafter(value, 0.0))
