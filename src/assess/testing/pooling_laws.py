"""The laws of pooling centres: what every way of making one panel of its analysts keeps.

Each law takes a centre, `(values [..., analyst], weights [..., analyst]) -> [...]`, and raises
`LawBroken` with the smallest example found. `CLAIMED` are held only against those that claim them.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from assess.testing import folds
from assess.testing.strategies import values
from assess.testing.subjects import (
    CLOSE,
    Applied,
    Array,
    Drawing,
    Found,
    Subject,
    as_subject,
    on_examples,
)

__all__ = [
    "absent_analysts_say_nothing",
    "always_the_same",
    "anonymous",
    "bears_liars",
    "bounded",
    "broadcasts",
    "leaves_its_input",
    "monotone",
    "never_swallows_nan",
    "scale_free",
    "two_halves_of_an_analyst",
    "unanimous",
]

CLAIMED = ("bears_liars",)

Centre = Callable[..., Any] | Subject

# The share of liars against which a centre is held that claims to bear none.
UNCLAIMED_LIARS = 0.25

_SIZES = st.integers(1, 5)


def unanimous(centre: Centre) -> None:
    """Where all analysts say the same, so does the panel.

    c((x, ..., x), w) = x

    References:
        Aczel and Saaty (1983), Procedures for synthesizing ratio judgements,
        doi:10.1016/0022-2496(83)90028-7.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        folds.unanimous(f, draw, _panel)

    on_examples(centre, unanimous, hold)


def bounded(centre: Centre) -> None:
    """The panel lies between its lowest and its highest analyst who has a voice.

    min v_a <= c(v, w) <= max v_a over a with w_a > 0

    References:
        Genest and Zidek (1986), Combining probability distributions, doi:10.1214/ss/1177013825.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        folds.bounded(f, draw, _panel)

    on_examples(centre, bounded, hold)


def monotone(centre: Centre) -> None:
    """An analyst who rates higher never lowers the panel.

    c(v', w) >= c(v, w) where v' >= v

    References:
        Grabisch, Marichal, Mesiar and Pap (2009), ch. 2, doi:10.1017/CBO9781139644150.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        folds.monotone(f, draw, _panel)

    on_examples(centre, monotone, hold)


def anonymous(centre: Centre) -> None:
    """It does not matter who says what, only with how much weight.

    c(v_p, w_p) = c(v, w) for every permutation p

    References:
        May (1952), A set of independent necessary and sufficient conditions for simple majority
        decision, doi:10.2307/1907651.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        folds.order_free(f, draw, _panel)

    on_examples(centre, anonymous, hold)


def absent_analysts_say_nothing(centre: Centre) -> None:
    """An analyst of weight 0, who did not rate, changes nothing.

    c((v, x), (w, 0)) = c(v, w)

    References:
        Design convention C4.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        folds.zero_weight_is_absence(f, draw, _panel)

    on_examples(centre, absent_analysts_say_nothing, hold)


def two_halves_of_an_analyst(centre: Centre) -> None:
    """Two analysts who say the same count as one who has the weight of both.

    c((v, v_n), (w_1, ..., w_n / 2, w_n / 2)) = c(v, w)

    References:
        Grabisch, Marichal, Mesiar and Pap (2009), ch. 2 (replication),
        doi:10.1017/CBO9781139644150.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        folds.halves(f, draw, _panel)

    on_examples(centre, two_halves_of_an_analyst, hold)


def scale_free(centre: Centre) -> None:
    """Only the ratios of the analysts' weights count.

    c(v, a w) = c(v, w) for a > 0

    References:
        Genest and Zidek (1986), doi:10.1214/ss/1177013825.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        v, w = _panel(draw)
        factor = draw(st.sampled_from([2.0, 0.01, 30.0]))
        folds.same(f, (v, w), (v, factor * w), f"with all weights times {factor:g}")

    on_examples(centre, scale_free, hold)


def broadcasts(centre: Centre) -> None:
    """Leading axes, such as strategies and criteria, are pooled as if each stood alone.

    c(v [t, a], w [s, 1, a]) [s, t] = c(v_t, w_s)

    References:
        numpy generalised universal functions, signature (a),(a)->().
    """

    def hold(f: Applied, draw: Drawing) -> None:
        folds.broadcasts(f, draw, _two)

    on_examples(centre, broadcasts, hold)


def never_swallows_nan(centre: Centre) -> None:
    """What is no number, said by an analyst with a voice, gives no panel: an error, or NaN.

    c(v, w) is NaN, or an error, where some v_a is NaN and w_a > 0

    References:
        IEEE 754-2019, section 6.2; design convention C6.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        folds.never_swallows_nan(f, draw, _panel)

    on_examples(centre, never_swallows_nan, hold)


def leaves_its_input(centre: Centre) -> None:
    """The arrays handed over are as they were when the pooling is done.

    v and w are unchanged by c(v, w)

    References:
        Design: plain functions over frozen data.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        folds.leaves_its_input(f, draw, _panel)

    on_examples(centre, leaves_its_input, hold)


def always_the_same(centre: Centre) -> None:
    """The same values and weights give the same panel each time, to the bit.

    c(v, w) = c(v, w)

    References:
        Design convention C9.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        folds.always_the_same(f, draw, _panel)

    on_examples(centre, always_the_same, hold)


def bears_liars(centre: Centre) -> None:
    """Where claimed: liars of less than a share of the weight cannot carry the panel away.

    min v_h <= c(v, w) <= max v_h over honest h, where the others weigh less than the breakdown
    point's share of w

    References:
        Donoho and Huber (1983), The notion of breakdown point, in A Festschrift for Erich L.
        Lehmann, 157-184.
    """
    subject = as_subject(centre)
    claims = subject.may_claim(bears_liars.__name__)

    def hold(f: Applied, draw: Drawing) -> None:
        n = draw(st.integers(2, 7))
        v, w, lying = draw(values(n)), _voices(draw, n, least=1), draw(st.integers(1, n - 1))
        share = subject.liars_claimed(f.arguments) if claims else UNCLAIMED_LIARS
        assume(w[:lying].sum() < share * w.sum() * (1 - CLOSE))
        v[:lying] = draw(st.sampled_from([0.0, 1.0]))
        panel, honest = f(v, w).item(), v[lying:]
        if not honest.min() - CLOSE <= panel <= honest.max() + CLOSE:
            raise Found(
                f"{folds.said(f, v, w)} gives {panel:.9g}: the first {lying} of {n} analysts lie, "
                f"with {w[:lying].sum() / w.sum():.0%} of the weight, and carry it beyond the "
                "others"
            )

    on_examples(centre, bears_liars, hold, claimed=True)


def _voices(draw: Drawing, n: int, least: int = 0) -> Array:
    """Draw the weights of analysts: of positive sum, not necessarily 1."""
    drawn = st.lists(st.integers(least, 5), min_size=n, max_size=n).filter(any)
    return np.array(draw(drawn), dtype=np.float64)


def _panel(draw: Drawing) -> tuple[Array, Array]:
    """Draw what analysts say, and their weights."""
    n = draw(_SIZES)
    return draw(values(n)), _voices(draw, n)


def _two(draw: Drawing) -> tuple[Array, Array]:
    """Draw two cells, and two sets of analysts' weights."""
    n = draw(_SIZES)
    return draw(values((2, n))), np.stack([_voices(draw, n), _voices(draw, n)])
