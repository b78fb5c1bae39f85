"""The laws of weighting methods: what every method keeps, and what one may claim beyond that.

Each law takes a method, `judgements [child] -> weights [child]`, and raises `LawBroken` with the
smallest example found. `CLAIMED` are held only against methods that claim them.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from hypothesis import strategies as st

from assess.testing.strategies import weights
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

__all__ = [
    "always_the_same",
    "keeps_the_order",
    "leaves_its_input",
    "non_negative",
    "order_free",
    "recovers_consistent_judgement",
    "refuses_what_is_no_judgement",
    "scale_free",
    "sums_to_one",
    "tells_apart",
]

CLAIMED = ("recovers_consistent_judgement", "scale_free", "tells_apart")

Method = Callable[..., Any] | Subject

_SIZES = st.integers(1, 5)


def _points(n: int) -> st.SearchStrategy[Array]:
    drawn = st.lists(st.integers(0, 100), min_size=n, max_size=n).filter(any)
    return drawn.map(lambda points: np.array(points, dtype=np.float64))


def _ranks(n: int) -> st.SearchStrategy[Array]:
    drawn = st.lists(st.integers(1, n), min_size=n, max_size=n)
    return drawn.map(lambda p: np.array([1.0 + sum(q < x for q in p) for x in p]))


def _swings(n: int) -> st.SearchStrategy[Array]:
    return _points(n).map(lambda points: 100 * points / points.max())


# How judgements are drawn that a method accepts, by what it asks for.
JUDGEMENTS: Mapping[str, Callable[[int], st.SearchStrategy[Array]]] = {
    "points": _points,
    "ranks": _ranks,
    "swings": _swings,
    "weights": lambda n: _points(n).map(lambda points: points / points.sum()),
}


def non_negative(method: Method) -> None:
    """No weight is negative, and each is a number.

    w_i >= 0

    References:
        Keeney and Raiffa (1976), Decisions with Multiple Objectives, ch. 3,
        doi:10.1017/CBO9781139174084.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        judged = _judged(method, draw)
        w = f(judged)
        if not (w >= 0).all():
            raise Found(f"{f.text} of {numbers(judged)} gives {numbers(w)}")

    on_examples(method, non_negative, hold)


def sums_to_one(method: Method) -> None:
    """The weights under one node sum to 1.

    sum_i w_i = 1

    References:
        Keeney and Raiffa (1976), ch. 3, doi:10.1017/CBO9781139174084.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        judged = _judged(method, draw)
        w = f(judged)
        if not abs(w.sum() - 1) <= CLOSE:
            raise Found(
                f"{f.text} of {numbers(judged)} gives {numbers(w)}, which sum to {w.sum():.9g}"
            )

    on_examples(method, sums_to_one, hold)


def keeps_the_order(method: Method) -> None:
    """What is judged to matter more never weighs less, and what matters equally weighs equally.

    w_i >= w_j where i is judged to matter at least as much as j

    References:
        Barron and Barrett (1996), Decision quality using ranked attribute weights,
        doi:10.1287/mnsc.42.11.1515.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        judged = _judged(method, draw)
        w, importance = f(judged), _importance(method, judged)
        for i, j in _pairs(len(w)):
            if importance[i] >= importance[j] and w[i] < w[j] - CLOSE:
                raise Found(
                    f"{f.text} of {numbers(judged)} gives {numbers(w)}: child {i + 1} is judged to "
                    f"matter at least as much as child {j + 1}, and weighs less"
                )

    on_examples(method, keeps_the_order, hold)


def order_free(method: Method) -> None:
    """Weights follow their judgements, in whatever order the children stand.

    w(p(j)) = p(w(j)) for every permutation p

    References:
        Stillwell, Seaver and Edwards (1981), doi:10.1016/0030-5073(81)90015-5.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        judged = _judged(method, draw)
        order = list(draw(st.permutations(range(len(judged)))))
        first, second = f(judged)[order], f(judged[order])
        if not np.allclose(first, second, rtol=0, atol=CLOSE):
            raise Found(
                f"{f.text} of {numbers(judged[order])} gives {numbers(second)}; in another order "
                f"the same judgements weigh {numbers(first)}"
            )

    on_examples(method, order_free, hold)


def leaves_its_input(method: Method) -> None:
    """The judgements handed over are as they were when the method is done.

    j is unchanged by w(j)

    References:
        Design: plain functions over frozen data.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        judged = _judged(method, draw)
        given = judged.copy()
        f(given)
        if not np.array_equal(given, judged):
            raise Found(f"{f.text} turns the judgements {numbers(judged)} into {numbers(given)}")

    on_examples(method, leaves_its_input, hold)


def always_the_same(method: Method) -> None:
    """The same judgements give the same weights each time, to the bit.

    w(j) = w(j)

    References:
        Design convention C9.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        judged = _judged(method, draw)
        first = f(judged.copy())
        for _ in range(8):
            again = f(judged.copy())
            if not np.array_equal(first, again):
                raise Found(
                    f"{f.text} of {numbers(judged)} gives {numbers(first)} and {numbers(again)} at "
                    "different times"
                )

    on_examples(method, always_the_same, hold)


def refuses_what_is_no_judgement(method: Method) -> None:
    """Judgements that are negative, infinite or no number are refused with an error.

    w(j) is an error where some j_i < 0, j_i = inf or j_i is NaN

    References:
        Design convention C6.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        judged = _judged(method, draw)
        judged[draw(st.integers(0, len(judged) - 1))] = draw(
            st.sampled_from([-1.0, np.nan, np.inf])
        )
        try:
            with np.errstate(all="ignore"):
                w = np.asarray(f.raw(judged), dtype=np.float64)
        except ValueError:
            return
        except Exception as error:  # an error, but not one that says what was wrong
            raise Found(
                f"{f.text} of {numbers(judged)} raises {type(error).__name__}, not a ValueError "
                "that says what was wrong"
            ) from error
        raise Found(f"{f.text} of {numbers(judged)} gives {numbers(w)}; raise a ValueError")

    on_examples(method, refuses_what_is_no_judgement, hold)


def tells_apart(method: Method) -> None:
    """Where claimed: what is judged to matter more weighs more.

    w_i > w_j where i is judged to matter more than j

    References:
        Barron and Barrett (1996), doi:10.1287/mnsc.42.11.1515.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        judged = _judged(method, draw)
        w, importance = f(judged), _importance(method, judged)
        for i, j in _pairs(len(w)):
            if importance[i] > importance[j] and w[i] <= w[j]:
                raise Found(
                    f"{f.text} of {numbers(judged)} gives {numbers(w)}: child {i + 1} is judged to "
                    f"matter more than child {j + 1}, and does not weigh more"
                )

    on_examples(method, tells_apart, hold, claimed=True)


def scale_free(method: Method) -> None:
    """Where claimed: only the ratios of the judgements count.

    w(a j) = w(j) for a > 0

    References:
        Edwards (1977), doi:10.1109/TSMC.1977.4309720.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        judged, factor = _judged(method, draw), draw(st.sampled_from([2.0, 0.01, 30.0]))
        first, second = f(judged), f(factor * judged)
        if not np.allclose(first, second, rtol=0, atol=CLOSE):
            raise Found(
                f"{f.text} of {numbers(judged)} gives {numbers(first)}, and of the same judgements "
                f"times {factor:g} it gives {numbers(second)}"
            )

    on_examples(method, scale_free, hold, claimed=True)


def recovers_consistent_judgement(method: Method) -> None:
    """Where claimed: a judge whose judgements follow from weights gets just those weights.

    w(j(w)) = w, j(w) what a perfectly consistent judge answers

    References:
        von Winterfeldt and Edwards (1986), Decision Analysis and Behavioral Research, ch. 8.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        true = draw(_SIZES.flatmap(weights))
        kind = as_subject(method).judgements
        judged = {"points": 80 * true, "swings": 100 * true / true.max(), "weights": true}.get(
            str(kind), true
        )
        found = f(judged)
        if not np.allclose(found, true, rtol=0, atol=CLOSE):
            raise Found(
                f"{f.text} of {numbers(judged)} gives {numbers(found)}; the judge holds "
                f"{numbers(true)}"
            )

    on_examples(method, recovers_consistent_judgement, hold, claimed=True)


def _judged(method: Method, draw: Drawing) -> Array:
    """Draw judgements that the method accepts."""
    kind = as_subject(method).judgements
    drawn = JUDGEMENTS[kind] if isinstance(kind, str) else kind
    return np.array(draw(_SIZES.flatmap(drawn)), dtype=np.float64)


def _importance(method: Method, judged: Array) -> Array:
    """Return judgements so that more means that a child matters more: rank 1 matters most."""
    return -judged if as_subject(method).judgements == "ranks" else judged


def _pairs(n: int) -> list[tuple[int, int]]:
    return [(i, j) for i in range(n) for j in range(n) if i != j]
