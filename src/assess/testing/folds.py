"""What rules and pooling centres have in common: `(values [..., n], weights [..., n]) -> [...]`.

Each function holds one law against one drawn example, and raises `Found`. `drawn` draws the values
and weights of one call.
"""

from collections.abc import Callable

import numpy as np
from hypothesis import strategies as st

from assess.testing.strategies import values
from assess.testing.subjects import CLOSE, Applied, Array, Drawing, Found, numbers

Pair = tuple[Array, Array]
Drawn = Callable[[Drawing], Pair]


def bounded(f: Applied, draw: Drawing, drawn: Drawn) -> None:
    """The result lies between the least and the greatest value that has weight."""
    v, w = drawn(draw)
    found, there = f(v, w).item(), v[w > 0]
    for beyond, words in (
        (there.min() - CLOSE - found, "below the least value that counts"),
        (found - there.max() - CLOSE, "above the greatest value that counts"),
    ):
        if beyond > 0:
            raise Found(f"{said(f, v, w)} gives {found:.9g}, {words}")


def unanimous(f: Applied, draw: Drawing, drawn: Drawn) -> None:
    """Values that are all the same give just that value."""
    (_, w), x = drawn(draw), draw(values(1))[0]
    alike = np.full(len(w), x)
    found = f(alike, w).item()
    if abs(found - x) > CLOSE:
        raise Found(f"{said(f, alike, w)} gives {found:.9g}, not {x:.9g}")


def monotone(f: Applied, draw: Drawing, drawn: Drawn) -> None:
    """A higher value never lowers the result."""
    v, w = drawn(draw)
    higher, place = v.copy(), draw(st.integers(0, len(v) - 1))
    higher[place] = max(v[place], draw(values(1))[0])
    before, after = f(v, w).item(), f(higher, w).item()
    if after < before - CLOSE:
        raise Found(
            f"{said(f, v, w)} gives {before:.9g}, and less with the higher values "
            f"{numbers(higher)}: {after:.9g}"
        )


def order_free(f: Applied, draw: Drawing, drawn: Drawn) -> None:
    """Values that stand in another order, their weights with them, give the same."""
    v, w = drawn(draw)
    order = draw(st.permutations(range(len(v))))
    same(f, (v, w), (v[order], w[order]), "in another order")


def zero_weight_is_absence(f: Applied, draw: Drawing, drawn: Drawn) -> None:
    """One more value that has no weight changes nothing."""
    v, w = drawn(draw)
    place, x = draw(st.integers(0, len(v))), draw(values(1))[0]
    more = np.insert(v, place, x), np.insert(w, place, 0.0)
    same(f, (v, w), more, "with one more that weighs nothing, to be left out as if not there")


def halves(f: Applied, draw: Drawing, drawn: Drawn) -> None:
    """The last value as two of half the weight changes nothing."""
    v, w = drawn(draw)
    split = np.append(v, v[-1]), np.append(w, w[-1] / 2)
    split[1][len(v) - 1] /= 2
    same(f, (v, w), split, "with the last one split in two halves")


def broadcasts(f: Applied, draw: Drawing, two: Callable[[Drawing], tuple[Array, Array]]) -> None:
    """What stands along leading axes is folded as if each stood alone.

    Args:
        f: the function.
        draw: an example.
        two: draws values [2, n] and weights [2, n].
    """
    v, w = two(draw)
    whole = f(*(array.copy() for array in np.broadcast_arrays(v[None], w[:, None])))
    for s in range(2):
        for t in range(2):
            alone = f(v[t], w[s]).item()
            if abs(whole[s, t] - alone) > CLOSE:
                raise Found(
                    f"{said(f, v[t], w[s])} gives {alone:.9g} alone, and {whole[s, t]:.9g} among "
                    "others along leading axes: look at the last axis alone, axis=-1"
                )


def never_swallows_nan(f: Applied, draw: Drawing, drawn: Drawn) -> None:
    """A value that is no number and has weight gives an error, or NaN."""
    v, w = drawn(draw)
    v[draw(st.sampled_from(np.flatnonzero(w > 0).tolist()))] = np.nan
    try:
        with np.errstate(all="ignore"):
            found = np.asarray(f.raw(v, w), dtype=np.float64)
    except Exception:  # an error of any kind is one of the two good answers
        return
    if not np.isnan(found).all():
        raise Found(f"{said(f, v, w)} gives {numbers(found)}, as if nan were a value")


def leaves_its_input(f: Applied, draw: Drawing, drawn: Drawn) -> None:
    """The arrays handed over are as they were when the function is done."""
    v, w = drawn(draw)
    given = v.copy(), w.copy()
    f(*given)
    for name, before, after in zip(("values", "weights"), (v, w), given, strict=True):
        if not np.array_equal(before, after):
            told = f"turns the {name} into {numbers(after)}: work on a copy"
            raise Found(f"{said(f, v, w)} {told}")


def always_the_same(f: Applied, draw: Drawing, drawn: Drawn) -> None:
    """The same values and weights give the same bits each time."""
    v, w = drawn(draw)
    found = {f(v.copy(), w.copy()).item() for _ in range(8)}
    if len(found) > 1:
        told = " and ".join(f"{value:.9g}" for value in sorted(found)[:2])
        raise Found(f"{said(f, v, w)} gives {told} at different times")


def said(f: Applied, v: Array, w: Array) -> str:
    """Return a call in words."""
    return f"{f.text} of values {numbers(v)} with weights {numbers(w)}"


def same(f: Applied, first: Pair, second: Pair, how: str) -> None:
    """Raise if two calls do not give the same."""
    related(f, first, second, lambda found: found, how)


def related(
    f: Applied, first: Pair, second: Pair, expected: Callable[[float], float], how: str
) -> None:
    """Raise if the second call does not give what is expected from the first."""
    found, other = f(*first).item(), f(*second).item()
    if abs(other - expected(found)) > CLOSE:
        raise Found(
            f"{said(f, *first)} gives {found:.9g}; {how}, {numbers(second[0])} with "
            f"{numbers(second[1])}, it gives {other:.9g} instead of {expected(found):.9g}"
        )
