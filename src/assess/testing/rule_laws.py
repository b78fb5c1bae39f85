"""The laws of rules: what every rule keeps, and what a rule may claim beyond that.

Each law takes a rule, `(values [..., criterion], weights [..., criterion]) -> [...]`, and raises
`LawBroken` with the smallest example found. `CLAIMED` are held only against rules that claim them.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

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
    "agrees_in_single_precision",
    "always_the_same",
    "bounded",
    "broadcasts",
    "compensates_no_more_than_claimed",
    "continuous",
    "homogeneous",
    "idempotent",
    "leaves_its_input",
    "monotone",
    "nested_is_flat",
    "never_swallows_nan",
    "nonexpansive",
    "one_score_a_strategy",
    "order_free",
    "other_strategies_irrelevant",
    "self_dual",
    "splitting_changes_nothing",
    "strictly_monotone",
    "translation_equivariant",
    "vetoes_at_zero",
    "zero_weight_is_absence",
]

CLAIMED = (
    "compensates_no_more_than_claimed",
    "homogeneous",
    "nested_is_flat",
    "nonexpansive",
    "self_dual",
    "strictly_monotone",
    "translation_equivariant",
    "vetoes_at_zero",
)

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
        v, w = _one(draw)
        score, there = f(v, w).item(), v[w > 0]
        if score < there.min() - CLOSE:
            raise Found(f"{_said(f, v, w)} scores {score:.9g}, below its worst child")
        if score > there.max() + CLOSE:
            raise Found(f"{_said(f, v, w)} scores {score:.9g}, above its best child")

    on_examples(rule, bounded, hold)


def idempotent(rule: Rule) -> None:
    """Children that all do equally well give just that score.

    f((x, ..., x), w) = x

    References:
        Grabisch, Marichal, Mesiar and Pap (2009), ch. 2, doi:10.1017/CBO9781139644150.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        w, x = draw(_SIZES.flatmap(weights)), draw(values(1))[0]
        score = f(np.full(len(w), x), w).item()
        if abs(score - x) > CLOSE:
            raise Found(f"{_said(f, np.full(len(w), x), w)} scores {score:.9g}, not {x:.9g}")

    on_examples(rule, idempotent, hold)


def monotone(rule: Rule) -> None:
    """A better child never lowers the score.

    f(v', w) >= f(v, w) where v' >= v

    References:
        Grabisch, Marichal, Mesiar and Pap (2009), ch. 2, doi:10.1017/CBO9781139644150.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        v, w = _one(draw)
        better = _improved(draw, v)
        before, after = f(v, w).item(), f(better, w).item()
        if after < before - CLOSE:
            raise Found(
                f"{_said(f, v, w)} scores {before:.9g}; with the better values {numbers(better)} "
                f"it scores less: {after:.9g}"
            )

    on_examples(rule, monotone, hold)


def order_free(rule: Rule) -> None:
    """The order in which children stand changes nothing.

    f(v_p, w_p) = f(v, w) for every permutation p

    References:
        Grabisch, Marichal, Mesiar and Pap (2009), ch. 2 (symmetry, weights moving along),
        doi:10.1017/CBO9781139644150.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        v, w = _one(draw)
        order = draw(st.permutations(range(len(v))))
        _equal(f, (v, w), (v[order], w[order]), "in another order")

    on_examples(rule, order_free, hold)


def zero_weight_is_absence(rule: Rule) -> None:
    """A child of weight 0 changes nothing, whatever its value; an absent child arrives so.

    f((v, x), (w, 0)) = f(v, w)

    References:
        Design convention C4.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        v, w = _one(draw)
        place, x = draw(st.integers(0, len(v))), draw(values(1))[0]
        more = np.insert(v, place, x), np.insert(w, place, 0.0)
        words = "with one more child that weighs nothing (np.where(weights > 0, ...) leaves it out)"
        _equal(f, (v, w), more, words)

    on_examples(rule, zero_weight_is_absence, hold)


def splitting_changes_nothing(rule: Rule) -> None:
    """Splitting a child into two like it, which share its weight, changes nothing.

    f((v, v_n), (w_1, ..., w_n / 2, w_n / 2)) = f(v, w)

    References:
        Grabisch, Marichal, Mesiar and Pap (2009), ch. 2 (replication),
        doi:10.1017/CBO9781139644150.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        v, w = _one(draw)
        split = np.append(v, v[-1]), np.append(w, w[-1] / 2)
        split[1][len(v) - 1] /= 2
        _equal(f, (v, w), split, "with its last child split in two halves")

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
        ends = _steepest(f, v, draw(values(n)), w)
        for first, second in ((v, near), ends):
            before, after = f(first, w).item(), f(second, w).item()
            if abs(after - before) > 1e-6:
                raise Found(
                    f"{_said(f, first, w)} scores {before:.9g}, and {after:.9g} when values move "
                    "by the least that a number can"
                )

    on_examples(rule, continuous, hold)


def _steepest(f: Applied, start: Array, end: Array, w: Array) -> tuple[Array, Array]:
    """Return two neighbours on the way from start to end between which the score moves most.

    Each round keeps the steepest of 32 pieces, until it is flat or no number lies between its ends.
    """
    parts = np.linspace(0, 1, 33)[:, None]
    while True:
        way = start + (end - start) * parts
        way[0], way[-1] = start, end
        steps = np.abs(np.diff(f(way, np.broadcast_to(w, way.shape))))
        at = int(steps.argmax())
        nearer = way[at], way[at + 1]
        same = np.array_equal(nearer[0], start) and np.array_equal(nearer[1], end)
        start, end = nearer
        if steps[at] <= 1e-6 or same:
            return start, end


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
                f"{_said(f, v[0], w)} scores {alone[0]:.9g} alone, and {together[0]:.9g} beside "
                f"the strategies {numbers(v[1:])}"
            )

    on_examples(rule, other_strategies_irrelevant, hold)


def broadcasts(rule: Rule) -> None:
    """Leading axes, such as strategies and scenarios, are scored as if each stood alone.

    f(v [t, c], w [s, 1, c]) [s, t] = f(v_t, w_s)

    References:
        numpy generalised universal functions, signature (c),(c)->().
    """

    def hold(f: Applied, draw: Drawing) -> None:
        n = draw(_SIZES)
        v = draw(values((2, n)))
        w = np.stack([draw(weights(n)), draw(weights(n))])
        whole = f(*(a.copy() for a in np.broadcast_arrays(v[None], w[:, None])))
        for s in range(2):
            for t in range(2):
                alone = f(v[t], w[s]).item()
                if abs(whole[s, t] - alone) > CLOSE:
                    raise Found(
                        f"{_said(f, v[t], w[s])} scores {alone:.9g} alone, and "
                        f"{whole[s, t]:.9g} in an array of several scenarios and strategies: look "
                        "at the last axis alone, axis=-1"
                    )

    on_examples(rule, broadcasts, hold)


def never_swallows_nan(rule: Rule) -> None:
    """A value that is no number gives no score: the rule raises, or returns NaN.

    f(v, w) is NaN, or an error, where some v_i is NaN and w_i > 0

    References:
        IEEE 754-2019, section 6.2; design convention C6.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        n = draw(_SIZES)
        v, w = draw(values(n)), draw(weights(n, zeros=False))
        v[draw(st.integers(0, n - 1))] = np.nan
        try:
            with np.errstate(all="ignore"):
                score = np.asarray(f.raw(v, w), dtype=np.float64)
        except Exception:  # an error of any kind is one of the two good answers
            return
        if not np.isnan(score).all():
            raise Found(f"{_said(f, v, w)} scores {numbers(score)}, as if nan were a value")

    on_examples(rule, never_swallows_nan, hold)


def leaves_its_input(rule: Rule) -> None:
    """The arrays handed over are as they were when the rule is done.

    v and w are unchanged by f(v, w)

    References:
        Design: plain functions over frozen data.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        v, w = _one(draw)
        given = v.copy(), w.copy()
        f(*given)
        for name, before, after in zip(("values", "weights"), (v, w), given, strict=True):
            if not np.array_equal(before, after):
                raise Found(
                    f"{_said(f, v, w)} turns the {name} into {numbers(after)}: work on a copy"
                )

    on_examples(rule, leaves_its_input, hold)


def always_the_same(rule: Rule) -> None:
    """The same values and weights give the same score each time, to the bit.

    f(v, w) = f(v, w)

    References:
        Design convention C9.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        v, w = _one(draw)
        scores = {f(v.copy(), w.copy()).item() for _ in range(8)}
        if len(scores) > 1:
            told = " and ".join(f"{score:.9g}" for score in sorted(scores)[:2])
            raise Found(f"{_said(f, v, w)} scores {told} at different times")

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
                f"{_said(f, *double)} scores {scores[1]:.9g}, and {scores[0]:.9g} in float32: "
                "compute in float64, np.asarray(values, dtype=np.float64)"
            )

    on_examples(rule, agrees_in_single_precision, hold)


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
                f"{_said(f, v, w)} scores {before:.9g}, and no more with the better values "
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
        _related(f, (v, w), (a * v, w), lambda score: a * score, f"scaled by {a:g}")

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
        _related(f, (low, w), (low + a, w), lambda score: score + a, f"raised by {a:g}")

    on_examples(rule, translation_equivariant, hold, claimed=True)


def self_dual(rule: Rule) -> None:
    """Where claimed: scoring what is lacking gives what the score lacks.

    f(1 - v, w) = 1 - f(v, w)

    References:
        Grabisch, Marichal, Mesiar and Pap (2009), ch. 2, doi:10.1017/CBO9781139644150.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        v, w = _one(draw)
        _related(f, (v, w), (1 - v, w), lambda score: 1 - score, "turned round, 1 - v")

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
                f"{_said(f, v, w)} scores {scores[0]:.9g}, and {scores[1]:.9g} with "
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
                f"{_said(f, v, w)} scores {flat:.9g}, and {nested:.9g} with its first {cut} "
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
            raise Found(f"{_said(f, v, w)} scores {score:.9g}, although one child is at zero")

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


def _improved(draw: Drawing, v: Array) -> Array:
    """Draw values of which one is better, and none worse."""
    better, place = v.copy(), draw(st.integers(0, len(v) - 1))
    better[place] = max(v[place], draw(values(1))[0])
    return better


def _next_to(value: float, up: bool) -> float:
    """Return the number nearest to a value of [0, 1] on one side; beside 0 the least normal one."""
    if value == 0:
        return float(np.finfo(np.float64).tiny)
    near = float(np.nextafter(value, 2.0 if up else -1.0))
    return near if near <= 1 else float(np.nextafter(value, 0.0))


def _said(f: Applied, v: Array, w: Array) -> str:
    return f"{f.text} of values {numbers(v)} with weights {numbers(w)}"


def _equal(f: Applied, first: tuple[Array, Array], second: tuple[Array, Array], how: str) -> None:
    _related(f, first, second, lambda score: score, how)


def _related(
    f: Applied,
    first: tuple[Array, Array],
    second: tuple[Array, Array],
    expected: Callable[[float], float],
    how: str,
) -> None:
    score, other = f(*first).item(), f(*second).item()
    if not abs(other - expected(score)) <= CLOSE:
        raise Found(
            f"{_said(f, *first)} scores {score:.9g}; {how}, {numbers(second[0])} with "
            f"{numbers(second[1])}, it scores {other:.9g} instead of {expected(score):.9g}"
        )
