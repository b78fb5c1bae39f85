"""Agreement of raters: laws, worked numbers of publications, and the numbers of other programs."""

import copy
import json
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass
from functools import partial
from math import isnan, nan
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from scipy.stats import friedmanchisquare

from assess.agreement import (
    Agreement,
    fleiss_kappa,
    gwet_ac,
    icc,
    kendall_w,
    krippendorff_alpha,
    mean_absolute_spread,
    r_wg,
)
from tests.goldens.make_agreement import CASES, GOLDENS, WEIGHTS, fractions, ratings

Floats = NDArray[np.float64]
Coefficient = Callable[..., Agreement]

CLOSE = 1e-9
LEVELS = ("nominal", "ordinal", "interval", "ratio")
FORMS = ("1,1", "2,1", "3,1", "1,k", "2,k", "3,k")


def alpha(level: str) -> Coefficient:
    return lambda table, **options: krippendorff_alpha(table, level=level, **options)


def gwet(weights: str) -> Coefficient:
    return lambda table, **options: gwet_ac(table, weights=weights, **options)


def icc_form(form: str) -> Coefficient:
    return lambda table, **options: icc(table, form=form, **options)


def r_wg_of_nine(table: Floats, **options: Any) -> Agreement:
    return r_wg(table, levels=9, **options)


# Every coefficient by name; 1 is perfect agreement in all but the spread.
ALPHAS = {f"alpha {level}": alpha(level) for level in LEVELS}
ACS = {f"AC {weights}": gwet(weights) for weights in WEIGHTS}
ICCS = {f"ICC({form})": icc_form(form) for form in FORMS}
KAPPAS = {"kappa": fleiss_kappa, **ACS}
MEANS: dict[str, Coefficient] = {"spread": mean_absolute_spread, "r_wg": r_wg_of_nine}
ALL: dict[str, Coefficient] = {**ALPHAS, **KAPPAS, **ICCS, "W": kendall_w, **MEANS}
BOOTSTRAPPED = {*ALPHAS, "W", *MEANS}

each = pytest.mark.parametrize("name", ALL)


def value(name: str, table: Floats, draws: int = 0) -> Agreement:
    """Return a coefficient; without draws, those that are bootstrapped have no interval."""
    return ALL[name](table, **({"draws": draws} if name in BOOTSTRAPPED else {}))


def tables(*, gaps: bool = True, raters: tuple[int, int] = (2, 5)) -> st.SearchStrategy[Floats]:
    """Draw ratings 1 to 9 [rater, unit]; two units at least are complete and differ."""
    rating = st.integers(1, 9).map(float)
    cells = st.one_of(rating, st.just(nan)) if gaps else rating
    shapes = st.tuples(st.integers(*raters), st.integers(1, 6))
    some = shapes.flatmap(lambda shape: arrays(np.float64, shape, elements=cells))

    def with_two_whole_units(table: Floats, seed: int) -> Floats:
        random = np.random.default_rng(seed)
        low, high = random.integers(1, 5, (len(table), 1)), random.integers(5, 10, (len(table), 1))
        return np.hstack([table, low, high]).astype(np.float64)

    return st.builds(with_two_whole_units, some, st.integers(0, 1000))


def orders(n: int) -> st.SearchStrategy[list[int]]:
    return st.permutations(range(n))


# Laws ---------------------------------------------------------------------------------------------


@pytest.mark.law
@each
@given(data=st.data(), table=tables())
def test_the_order_of_raters_and_units_does_not_matter(
    data: st.DataObject, table: Floats, name: str
) -> None:
    raters, units = (data.draw(orders(n)) for n in table.shape)
    same = value(name, table[raters][:, units])
    assert same == pytest.approx(value(name, table), abs=CLOSE, nan_ok=True)


@pytest.mark.law
@each
@given(table=tables())
def test_raters_and_units_without_ratings_change_nothing(table: Floats, name: str) -> None:
    padded = np.full((table.shape[0] + 1, table.shape[1] + 1), nan)
    padded[:-1, :-1] = table
    here, there = value(name, table, 50), value(name, padded, 50)
    assert there == pytest.approx(here, abs=CLOSE, nan_ok=True)
    assert (there.low, there.high) == pytest.approx((here.low, here.high), abs=CLOSE, nan_ok=True)
    assert (there.raters, there.units, there.note) == (here.raters, here.units, here.note)


@pytest.mark.law
@each
@given(table=tables(), copies=st.integers(1, 3))
def test_raters_who_agree_perfectly_have_perfect_agreement(
    table: Floats, copies: int, name: str
) -> None:
    one = np.nan_to_num(table[:1], nan=5.0)
    agreed = value(name, np.repeat(one, copies + 1, axis=0), 50)
    perfect = 0.0 if name == "spread" else 1.0
    assert agreed == pytest.approx(perfect, abs=CLOSE)
    assert (agreed.low, agreed.high) == pytest.approx((perfect, perfect), abs=CLOSE)


@pytest.mark.law
@pytest.mark.parametrize("name", [*ALPHAS, *KAPPAS, "W", *MEANS])
@given(table=tables())
def test_an_interval_lies_within_what_is_possible(table: Floats, name: str) -> None:
    found = value(name, table, 50)
    assert isnan(found.low) or found.low <= found.high + CLOSE
    assert name == "spread" or isnan(found.high) or found.high <= 1 + CLOSE


@pytest.mark.law
@pytest.mark.parametrize("name", [*ALPHAS, *KAPPAS, "ICC(1,k)", "ICC(3,k)", *MEANS])
@given(table=tables(gaps=False))
def test_a_copy_of_every_rater_shrinks_disagreement_by_a_known_factor(
    table: Floats, name: str
) -> None:
    # Of the pairs of 2 m raters, m are a rater and the copy, and the rest are the m (m - 1) / 2
    # pairs four times: disagreement within units shrinks by f = (2 m - 2) / (2 m - 1), chance
    # stays. Alpha counts a value as no partner of itself by chance: (2 n - 1) / (2 n - 2) with n
    # ratings. Mean squares within units shrink by f, those between units double.
    m, n = len(table), table.size
    factor = (2 * m - 2) / (2 * m - 1)
    if name in ALPHAS:
        factor *= (2 * n - 1) / (2 * n - 2)
    if name in ICCS:
        factor /= 2
    # So wide a scale that r_wg is nowhere cut at 0.
    of = partial(r_wg, levels=25, draws=0) if name == "r_wg" else partial(value, name)
    before, after = of(table), of(np.vstack([table, table]))
    if name == "spread":
        assert after == pytest.approx(factor * before, abs=CLOSE)
        return
    assert 1 - after == pytest.approx(factor * (1 - before), abs=CLOSE)


@dataclass(frozen=True)
class Squares:
    """Mean squares of complete ratings as Shrout and Fleiss (1979) name them."""

    bms: float
    wms: float
    jms: float
    ems: float

    @classmethod
    def of(cls, table: Floats) -> "Squares":
        """Return the mean squares of ratings [rater, unit]."""
        (k, n), around = table.shape, table - table.mean()
        units, raters = around.mean(axis=0), around.mean(axis=1)
        left = around - units - raters[:, None]
        return cls(
            bms=k * (units**2).sum() / (n - 1),
            wms=((around - units) ** 2).sum() / (n * (k - 1)),
            jms=n * (raters**2).sum() / (k - 1),
            ems=(left**2).sum() / ((n - 1) * (k - 1)),
        )

    def iccs(self, k: int, n: int) -> dict[str, float]:
        """Return every form for k raters of n units."""
        b, w, j, e = self.bms, self.wms, self.jms, self.ems
        return {
            "1,1": (b - w) / (b + (k - 1) * w),
            "2,1": (b - e) / (b + (k - 1) * e + k * (j - e) / n),
            "3,1": (b - e) / (b + (k - 1) * e),
            "1,k": (b - w) / b,
            "2,k": (b - e) / (b + (j - e) / n),
            "3,k": (b - e) / b,
        }


@pytest.mark.law
@given(table=tables(gaps=False))
def test_a_copy_of_every_rater_moves_every_icc_by_its_mean_squares(table: Floats) -> None:
    # Of 2 m raters in pairs, mean squares between units double and all others shrink by f.
    (m, n), one = table.shape, Squares.of(table)
    f = (2 * m - 2) / (2 * m - 1)
    expected = Squares(2 * one.bms, f * one.wms, f * one.jms, f * one.ems).iccs(2 * m, n)
    found = {form: float(icc(np.vstack([table, table]), form=form)) for form in FORMS}
    assert found == pytest.approx(expected, abs=1e-7)


@pytest.mark.law
@given(table=tables(gaps=False))
def test_a_copy_of_every_unit_moves_every_icc_by_its_mean_squares(table: Floats) -> None:
    # Of 2 n units in pairs, mean squares between units and of what is left shrink by f, those
    # within units stay, those between raters double.
    (m, n), one = table.shape, Squares.of(table)
    f = (2 * n - 2) / (2 * n - 1)
    expected = Squares(f * one.bms, one.wms, 2 * one.jms, f * one.ems).iccs(m, 2 * n)
    found = {form: float(icc(np.hstack([table, table]), form=form)) for form in FORMS}
    assert found == pytest.approx(expected, abs=1e-7)


@pytest.mark.law
@pytest.mark.parametrize("name", [*ALPHAS, *KAPPAS, "W", *MEANS])
@given(table=tables())
def test_a_copy_of_every_unit_changes_what_chance_is_and_nothing_else(
    table: Floats, name: str
) -> None:
    # Alpha counts a value as no partner of itself by chance, so of n ratings that can be paired,
    # a copy moves its chance by (2 n - 1) / (2 n - 2); no other coefficient knows how many units
    # there are.
    paired = (~np.isnan(table)).sum(axis=0)
    n = paired[paired > 1].sum()
    factor = (2 * n - 1) / (2 * n - 2) if name in ALPHAS else 1.0
    before, after = value(name, table), value(name, np.hstack([table, table]))
    assert 1 - after == pytest.approx(factor * (1 - before), abs=CLOSE)


@pytest.mark.law
@pytest.mark.parametrize("name", [*ALPHAS, *ICCS, "W", *MEANS])
@given(table=tables(), rating=st.integers(1, 9), who=st.integers(0, 1))
def test_a_unit_that_one_rater_rated_changes_nothing(
    table: Floats, rating: int, who: int, name: str
) -> None:
    lone = np.full((len(table), 1), nan)
    lone[who] = rating
    assert value(name, np.hstack([table, lone])) == pytest.approx(
        value(name, table), abs=CLOSE, nan_ok=True
    )


@pytest.mark.law
@pytest.mark.parametrize("name", [name for name in ALL if "ratio" not in name])
@given(table=tables())
def test_a_scale_may_be_turned_round(table: Floats, name: str) -> None:
    assert value(name, 10 - table) == pytest.approx(value(name, table), abs=CLOSE, nan_ok=True)


@pytest.mark.law
@given(table=tables(), turn=st.integers(1, 8))
def test_a_circle_of_categories_may_begin_anywhere(table: Floats, turn: int) -> None:
    of_nine = partial(gwet_ac, weights="circular", categories=range(1, 10))
    assert of_nine((table - 1 + turn) % 9 + 1) == pytest.approx(of_nine(table), abs=CLOSE)


@pytest.mark.law
@given(table=tables(gaps=False))
def test_a_copy_of_every_rater_leaves_concordance_as_it_is(table: Floats) -> None:
    doubled = value("W", np.vstack([table, table]))
    assert doubled == pytest.approx(value("W", table), abs=CLOSE)


@pytest.mark.law
@given(table=tables(raters=(2, 2), gaps=False))
def test_a_copy_of_one_of_two_raters_leaves_two_of_three_pairs_apart(table: Floats) -> None:
    three = value("spread", np.vstack([table, table[:1]]))
    assert three == pytest.approx(2 / 3 * value("spread", table), abs=CLOSE)


@pytest.mark.law
@pytest.mark.parametrize(
    "name",
    ["alpha interval", *ICCS, "AC linear", "AC quadratic", "AC radical", "AC bipolar"],
)
@given(table=tables(), slope=st.floats(0.1, 10), shift=st.floats(-100, 100))
def test_a_scale_of_intervals_may_have_any_zero_and_unit(
    table: Floats, slope: float, shift: float, name: str
) -> None:
    other = value(name, slope * table + shift)
    assert other == pytest.approx(value(name, table), abs=1e-7, nan_ok=True)


@pytest.mark.law
@given(table=tables(), slope=st.floats(0.1, 10), shift=st.floats(-100, 100))
def test_the_spread_keeps_the_unit_of_the_ratings(
    table: Floats, slope: float, shift: float
) -> None:
    other = value("spread", slope * table + shift)
    assert other == pytest.approx(slope * value("spread", table), abs=1e-7)


@pytest.mark.law
@given(table=tables(), slope=st.floats(0.1, 10), shift=st.floats(-100, 100))
def test_r_wg_may_have_any_unit_if_random_answers_have_the_same(
    table: Floats, slope: float, shift: float
) -> None:
    before = r_wg(table, variance=12.0, draws=0)
    after = r_wg(slope * table + shift, variance=12.0 * slope**2, draws=0)
    assert after == pytest.approx(before, abs=1e-7)


@pytest.mark.law
@pytest.mark.parametrize("name", ["alpha ratio", "AC ratio"])
@given(table=tables(), slope=st.floats(1e-6, 1e6))
def test_a_ratio_scale_may_have_any_unit(table: Floats, slope: float, name: str) -> None:
    assert value(name, slope * table) == pytest.approx(value(name, table), abs=CLOSE)


@pytest.mark.law
@pytest.mark.parametrize("name", ["alpha ordinal", "W", "AC ordinal"])
@given(table=tables())
def test_an_ordinal_scale_may_be_stretched(table: Floats, name: str) -> None:
    assert value(name, np.exp(table)) == pytest.approx(value(name, table), abs=CLOSE, nan_ok=True)


@pytest.mark.law
@pytest.mark.parametrize("name", ["alpha nominal", "kappa", "AC identity"])
@given(table=tables(), names=orders(9))
def test_categories_may_have_any_names(table: Floats, names: list[int], name: str) -> None:
    places = np.nan_to_num(table, nan=1).astype(np.int64) - 1
    renamed = np.where(np.isnan(table), nan, np.array(names)[places])
    assert value(name, renamed) == pytest.approx(value(name, table), abs=CLOSE)


@pytest.mark.law
@pytest.mark.parametrize("level", LEVELS)
@given(table=tables())
def test_alpha_is_the_sum_over_all_pairs(table: Floats, level: str) -> None:
    assert value(f"alpha {level}", table) == pytest.approx(by_pairs(table, level), abs=CLOSE)


def by_pairs(table: Floats, level: str) -> float:
    """Return alpha by its definition, pair by pair."""
    table = table[:, (~np.isnan(table)).sum(axis=0) > 1]
    there = ~np.isnan(table)
    unit, v = np.nonzero(there.T)[0], table.T[there.T]
    size, n = there.sum(axis=0)[unit], len(v)
    below, same = (v[:, None] > v).sum(axis=1), (v[:, None] == v).sum(axis=1)
    ranks, both = below + same / 2, v[:, None] + v
    squared = {
        "nominal": (v[:, None] != v).astype(float),
        "ordinal": (ranks[:, None] - ranks) ** 2,
        "interval": (v[:, None] - v) ** 2,
        "ratio": np.where(both == 0, 0, (v[:, None] - v) / np.where(both == 0, 1, both)) ** 2,
    }[level]
    observed = np.where(unit[:, None] == unit, squared / (size - 1), 0).sum() / n
    return float(1 - observed / (squared.sum() / (n * (n - 1))))


@pytest.mark.parametrize(
    "table",
    [
        [[0, 1, 2, 2, 0], [0, 2, 2, 1, 0], [1, 1, nan, 2, 0]],
        [[0, 0, 0], [0, 0, 5]],
        [[1e-150, 1, 1e150], [1e-149, 5, 1e150]],
        [[0, 1e-300, 1e300, 4], [0, 1e-299, 1e300, 4]],
        [[1e9, 1e9 + 1e-5, 1e9 + 3e-5], [1e9 + 1e-5, 1e9 + 1e-5, 1e9 + 2e-5]],
    ],
    ids=["zeros", "one value above zero", "wide", "wider, with zeros", "narrow"],
)
def test_alpha_of_a_ratio_scale_is_exact_at_its_ends(table: list[list[float]]) -> None:
    found = krippendorff_alpha(table, level="ratio", draws=0)
    with np.errstate(over="ignore"):
        expected = by_pairs(np.array(table), "ratio")
    assert found == pytest.approx(expected, abs=1e-12)


@each
def test_random_ratings_agree_as_chance_would_have_it_within_four_standard_errors(
    name: str,
) -> None:
    random = np.random.default_rng(4)
    units, raters = (4000, 5) if name != "r_wg" else (50, 2000)
    table = random.integers(1, 10, (raters, units)).astype(np.float64)
    # Five raters who rank at random concur to 1 / 5; two of nine levels lie 80 / 27 apart. The
    # variance of 2000 ratings of nine levels is normal about 20 / 3 with a deviation of
    # sqrt((236 / 3 - 400 / 9) / 2000); cut at 0, its share has a mean of 1 / sqrt(2 pi) deviations.
    cut = np.sqrt((236 / 3 - 400 / 9) / 2000 / (2 * np.pi)) / (20 / 3)
    expected = {"W": 1 / raters, "spread": 80 / 27, "r_wg": cut}.get(name, 0.0)
    found = value(name, table, 200)
    error = found.standard_error
    if isnan(error):
        error = (found.high - found.low) / (2 * 1.96)
    assert 0 < error < 0.05
    assert abs(found - expected) < 4 * error


# Worked numbers -----------------------------------------------------------------------------------

# Krippendorff (2011), Computing Krippendorff's alpha-reliability, data "C"; the same ratings are
# Gwet (2014), Handbook of Inter-Rater Reliability, p. 120.
FOUR_RATERS = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, nan, nan, nan],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nan, nan],
        [nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 3],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nan],
    ]
)

# Shrout and Fleiss (1979), table 2, one column a judge there.
JUDGES = np.array([[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]])

# Wikipedia, "Fleiss' kappa": 10 subjects, 14 raters, 5 categories.
FOURTEEN_RATERS = (
    (0, 0, 0, 0, 14),
    (0, 2, 6, 4, 2),
    (0, 0, 3, 5, 6),
    (0, 3, 9, 2, 0),
    (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0),
    (3, 2, 6, 3, 0),
    (2, 5, 3, 2, 2),
    (6, 5, 2, 1, 0),
    (0, 2, 2, 3, 7),
)


def from_counts(counts: tuple[tuple[int, ...], ...]) -> Floats:
    """Return ratings [rater, unit] of which so many fall into each category, [unit, category]."""
    units = [np.repeat(np.arange(len(row)), row) for row in counts]
    return np.stack(units, axis=1).astype(np.float64)


@pytest.mark.parametrize(
    ("level", "exact", "published"),
    [
        ("nominal", 0.743421052631579, 0.743),
        ("ordinal", 0.8153875037548814, 0.815),
        ("interval", 0.8491071428571428, 0.849),
        ("ratio", 0.7974027747116121, 0.797),
    ],
)
def test_alpha_of_krippendorffs_example(level: str, exact: float, published: float) -> None:
    found = krippendorff_alpha(FOUR_RATERS, level=level)
    assert found == pytest.approx(exact, abs=CLOSE)
    assert round(found, 3) == published
    assert (found.raters, found.units, found.pairable) == (4, 11, 40)
    assert found.low < found < found.high
    assert found.note == "1 unit with one rating left out"


def test_kappa_of_the_example_with_fourteen_raters() -> None:
    found = fleiss_kappa(from_counts(FOURTEEN_RATERS))
    assert found == pytest.approx(0.20993070442195522, abs=CLOSE)
    assert round(found, 3) == 0.210
    assert (found.raters, found.units, found.pairable) == (14, 10, 140)
    # The shares of agreeing pairs: seen, from the spread of each category, and by chance.
    table = from_counts(FOURTEEN_RATERS)
    seen = 1 - sum(mean_absolute_spread(table == k, draws=0) for k in range(5)) / 2
    by_chance = float(((np.sum(FOURTEEN_RATERS, axis=0) / 140) ** 2).sum())
    assert (seen, by_chance) == pytest.approx((0.378021978, 0.212755102), abs=CLOSE)
    assert found == pytest.approx((seen - by_chance) / (1 - by_chance), abs=CLOSE)


# The intervals of forms 1 are those of R irr 0.84.1; of forms k those of pingouin 0.7.0. R's
# psych::ICC prints the same to two digits: -0.88 to 0.91, 0.07 to 0.93, 0.68 to 0.99.
@pytest.mark.parametrize(
    ("form", "exact", "published", "low", "high"),
    [
        ("1,1", 0.16574176840547544, 0.17, -0.1329323249, 0.7225600623),
        ("2,1", 0.2897637795275591, 0.29, 0.01878651337, 0.7610843696),
        ("3,1", 0.7148407148407149, 0.71, 0.342464765, 0.94585826),
        ("1,k", 0.44279713367926865, 0.44, -0.8844421552, 0.9124154203),
        ("2,k", 0.6200505475989891, 0.62, 0.0711368153, 0.9272320402),
        ("3,k", 0.9093155423770695, 0.91, 0.6756747138, 0.9858916782),
    ],
)
def test_six_forms_of_the_icc_on_shrout_and_fleiss_judges(
    form: str, exact: float, published: float, low: float, high: float
) -> None:
    found = icc(JUDGES, form=form)
    assert found == pytest.approx(exact, abs=CLOSE)
    assert round(found, 2) == published
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-8)


def test_six_forms_come_from_the_mean_squares_of_shrout_and_fleiss() -> None:
    squares = Squares.of(JUDGES)
    published = Squares(
        bms=11.241666666666669,
        wms=6.263888888888889,
        jms=32.486111111111114,
        ems=1.0194444444444444,
    )
    assert vars(squares) == pytest.approx(vars(published), abs=CLOSE)
    found = {form: float(icc(JUDGES, form=form)) for form in FORMS}
    assert found == pytest.approx(published.iccs(k=4, n=6), abs=CLOSE)


def test_coefficients_of_gwets_example_with_gaps() -> None:
    # Documentation of the program irrCAC (of Gwet 2014, p. 120): value, standard error, interval.
    ac1, ac2 = gwet_ac(FOUR_RATERS), gwet_ac(FOUR_RATERS, weights="bipolar")
    kappa = fleiss_kappa(FOUR_RATERS)
    for found, published in (
        (ac1, (0.77544, 0.14295, 0.46081, 1)),
        (kappa, (0.76117, 0.15302, 0.42438, 1)),
        (ac2, (0.90037, 0.10582, 0.66747, 1)),
    ):
        numbers = (found.value, found.standard_error, found.low, found.high)
        assert numbers == pytest.approx(published, abs=6e-6)
    assert (ac1.raters, ac1.units, ac1.pairable) == (4, 11, 40)
    assert ac1.note == "1 unit with one rating counted towards chance agreement only"


def test_ac1_of_gwets_example_of_two_abstractors() -> None:
    # Gwet (2014), 100 pregnancies by two abstractors: 0.8493305, standard error 0.04321747. His
    # formula for a table of two raters divides by n, that for any number of raters by n - 1.
    table = ((13, 0, 0), (0, 20, 7), (0, 4, 56))
    pairs = [(i, j) for i, row in enumerate(table) for j, n in enumerate(row) for _ in range(n)]
    found = gwet_ac(np.array(pairs).T)
    assert found == pytest.approx(0.8493305, abs=5e-8)
    assert found.standard_error * np.sqrt(99 / 100) == pytest.approx(0.04321747, abs=5e-9)


def test_concordance_by_hand() -> None:
    # Rank sums 4, 6, 8, 12 about 7.5: S = 35, W = 12 * 35 / (9 * 60).
    plain = kendall_w([[1, 2, 3, 4], [2, 1, 3, 4], [1, 3, 2, 4]])
    assert plain == pytest.approx(420 / 540, abs=CLOSE)
    # Ranks 1.5, 1.5, 3 and 1, 2, 3: S = 6.5, T = 6, W = 12 * 6.5 / (4 * 24 - 2 * 6).
    tied = kendall_w([[7, 7, 9], [1, 2, 3]])
    assert tied == pytest.approx(78 / 84, abs=CLOSE)


def whole(case: tuple[int, int, int, float, int]) -> Floats:
    """Return the units of a recorded case that every rater rated [rater, unit]."""
    table = np.array(ratings(*case))
    return table[:, ~np.isnan(table).any(axis=0)]


@pytest.mark.parametrize(
    "case", [case for case in CASES if case[1] > 2 and whole(case).shape[1] > 1]
)
def test_concordance_is_friedmans_test(case: tuple[int, int, int, float, int]) -> None:
    complete = whole(case)
    found, (m, n) = kendall_w(ratings(*case), draws=0), complete.shape
    friedman = friedmanchisquare(*complete.T)
    assert m * (n - 1) * found == pytest.approx(friedman.statistic, abs=CLOSE)
    assert found.p_value == pytest.approx(friedman.pvalue, abs=CLOSE)


def test_r_wg_by_hand() -> None:
    # James, Demaree and Wolf (1984): five levels have a random variance of 2; these variances are
    # 0.5, 2.3 and 0, so that r_wg is 0.75, below 0 and 1.
    table = [[4, 2, 3], [4, 3, 3], [5, 2, 3], [4, 5, 3], [3, 1, 3]]
    found = r_wg(table, levels=5)
    assert found.by_unit == pytest.approx((0.75, 0.0, 1.0), abs=CLOSE)
    assert found == pytest.approx(1.75 / 3, abs=CLOSE)
    assert found.note == "1 of 3 units with more variance than random answers: 0"
    assert found == r_wg(table, variance=2.0)


def test_spread_by_hand() -> None:
    # Pairs of 60, 70, 80 lie 10, 10 and 20 apart; 40 and 45 lie 5 apart; 90 has no partner.
    found = mean_absolute_spread([[60, 40, nan], [70, 45, nan], [80, nan, 90]])
    assert found.by_unit == pytest.approx((40 / 3, 5.0, nan), nan_ok=True)
    assert found == pytest.approx((40 / 3 + 5) / 2, abs=CLOSE)
    assert (found.raters, found.units, found.pairable) == (3, 2, 5)


# Other programs -----------------------------------------------------------------------------------

RECORDED = json.loads(GOLDENS.read_text(encoding="utf-8"))


def recorded(program: str) -> list[Any]:
    """Return pairs of a table and what a program makes of it, where it makes anything."""
    found = zip(RECORDED["cases"], RECORDED[program]["of"], strict=True)
    return [pytest.param(case, of, id=f"seed {case[0]}") for case, of in found if of]


def test_the_recorded_cases_are_those_of_the_script() -> None:
    assert [tuple(case) for case in RECORDED["cases"]] == list(CASES)


@pytest.mark.parametrize(("case", "of"), recorded("krippendorff"))
def test_alpha_is_that_of_krippendorff(case: list[Any], of: dict[str, float]) -> None:
    table = ratings(*case)
    for level, expected in of.items():
        assert krippendorff_alpha(table, level=level, draws=0) == pytest.approx(expected, abs=CLOSE)


@pytest.mark.parametrize(("case", "of"), recorded("irrCAC"))
def test_kappa_and_ac_are_those_of_irrcac(case: list[Any], of: dict[str, Any]) -> None:
    table = ratings(*case)
    found = [(fleiss_kappa(table), of["fleiss"])]
    found += [(gwet_ac(table, weights=w), numbers) for w, numbers in of["gwet"].items()]
    assert len(found) == 1 + len(WEIGHTS)
    for ours, numbers in found:
        theirs = (ours.value, ours.standard_error, ours.low, ours.high)
        assert theirs == pytest.approx(numbers, abs=CLOSE)


@pytest.mark.parametrize(("case", "of"), recorded("pingouin"))
def test_icc_and_concordance_are_those_of_pingouin(case: list[Any], of: dict[str, Any]) -> None:
    table = ratings(*case)
    assert tuple(of["icc"]) == FORMS
    for form, numbers in of["icc"].items():
        found = icc(table, form=form)
        assert (found.value, found.low, found.high) == pytest.approx(numbers, abs=CLOSE)
    ranked = kendall_w(table, draws=0)
    assert ranked == pytest.approx(of["kendall"][0], abs=CLOSE)
    assert ranked.p_value == pytest.approx(of["kendall"][1], rel=1e-9)


@pytest.mark.parametrize(("case", "of"), recorded("statsmodels"))
def test_kappa_is_that_of_statsmodels(case: list[Any], of: dict[str, float]) -> None:
    assert fleiss_kappa(ratings(*case)) == pytest.approx(of["fleiss"], abs=CLOSE)


@pytest.mark.parametrize(("case", "of"), recorded("fractions"))
def test_r_wg_and_spread_are_those_of_exact_fractions(
    case: tuple[int, int, int, float, int], of: dict[str, Any]
) -> None:
    table = ratings(*case)
    agreed, spread = r_wg(table, levels=case[4] or 101), mean_absolute_spread(table)
    for found, by_unit in ((agreed, of["r_wg"]), (spread, of["spread"])):
        numbers = [nan if number is None else number for number in by_unit]
        assert found.by_unit == pytest.approx(numbers, abs=CLOSE, nan_ok=True)
        assert found == pytest.approx(np.nanmean(numbers), abs=CLOSE)
    assert json.loads(json.dumps(fractions(table, case[3], case[4]))) == of


@pytest.mark.parametrize(
    ("program", "key"),
    [
        ("krippendorff", "ratio"),
        ("irrCAC", "gwet"),
        ("pingouin", "icc"),
        ("pingouin", "kendall"),
        ("fractions", "r_wg"),
    ],
)
def test_every_coefficient_has_numbers_of_another_program_on_ratings_with_gaps(
    program: str, key: str
) -> None:
    cases = zip(RECORDED["cases"], RECORDED[program]["of"], strict=True)
    assert sum(case[3] > 0 and key in of for case, of in cases) >= 4


# What cannot be told ------------------------------------------------------------------------------


@each
@pytest.mark.parametrize(
    "table",
    [[[1, 2, 3]], [[nan, nan], [nan, nan]], [[1, nan], [nan, 2]], np.empty((0, 0))],
    ids=["one rater", "no ratings", "no pair", "nothing"],
)
def test_ratings_without_a_pair_are_refused(name: str, table: Any) -> None:
    with pytest.raises(ValueError, match=r"two raters"):
        ALL[name](table)


@each
@pytest.mark.parametrize(
    ("table", "told"),
    [
        ([1, 2, 3], "have two axes; given: 1"),
        ([[1, 2], [3, np.inf]], r"given: ratings\[1, 1\] = inf"),
        ([[1, -np.inf], [3, np.inf]], r"ratings\[0, 1\] = -inf, and 1 more"),
        ([["a", "b"], ["a", "c"]], "could not convert"),
    ],
)
def test_what_is_no_table_of_ratings_is_refused_with_the_place(
    name: str, table: Any, told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        ALL[name](table)


@pytest.mark.parametrize("name", ["alpha ratio", "AC ratio"])
def test_a_ratio_scale_has_no_negative_ratings(name: str) -> None:
    with pytest.raises(ValueError, match="no negative ratings"):
        ALL[name]([[1, 2], [3, -1]])


@pytest.mark.parametrize("name", [*ALPHAS, *KAPPAS, *ICCS, "W"])
def test_ratings_without_variation_give_no_number_and_the_reason(name: str) -> None:
    found = ALL[name](np.full((3, 4), 0.1))
    reason = {"W": "no rater tells", **dict.fromkeys(ICCS, "do not differ")}
    reason |= dict.fromkeys(ACS, "one category alone")
    assert isnan(found)
    assert isnan(found.low)
    assert reason.get(name, "all ratings are the same") in found.note
    assert repr(found).startswith("nan (")
    assert (found.raters, found.units) == (3, 4)


def test_ac_of_one_category_among_declared_ones_is_perfect() -> None:
    found = gwet_ac(np.full((3, 4), 2), categories=[1, 2, 3])
    assert (found.value, found.low, found.high) == (1, 1, 1)


def test_declared_categories_count_even_if_nobody_used_them() -> None:
    # With three categories p_e = (1 / 2) 2 (1 / 2)^2 = 1 / 4 in place of 1 / 2, and p_a = 1 / 2.
    table = [[1, 2, 1, 2], [1, 2, 2, 1]]
    assert gwet_ac(table) == pytest.approx(0, abs=CLOSE)
    assert gwet_ac(table, categories=[1, 2, 3]) == pytest.approx(1 / 3, abs=CLOSE)
    with pytest.raises(ValueError, match=r"one of the categories 1, 3; given: 2"):
        gwet_ac(table, categories=[1, 3])


def test_means_of_units_that_do_not_differ_have_no_icc() -> None:
    table = [[1, 2], [2, 1]]
    assert icc(table, form="1,1") == pytest.approx(-1)
    assert icc(table, form="3,1") == pytest.approx(-1)
    for form in ("1,k", "2,k", "3,k"):
        assert "differ" in icc(table, form=form).note


def test_one_unit_has_a_value_and_no_interval() -> None:
    one = [[1.0], [2.0], [2.0]]
    for found in (krippendorff_alpha(one), mean_absolute_spread(one), fleiss_kappa(one)):
        assert not isnan(found)
        assert isnan(found.low)
        assert isnan(found.high)
        assert "no interval: one unit" in found.note
    # All disagreement is within the only unit: alpha is at chance.
    assert krippendorff_alpha(one) == pytest.approx(0, abs=CLOSE)


@pytest.mark.parametrize("name", ["W", *ICCS])
def test_units_that_not_all_raters_rated_are_left_out_and_counted(name: str) -> None:
    table = np.array([[1, 2, 5, 4], [2, 2, 4, nan], [1, 3, 4, 4]])
    found = ALL[name](table)
    assert found == ALL[name](table[:, :3])
    assert (found.raters, found.units, found.pairable) == (3, 3, 9)
    assert found.note.split("; ")[0] == "1 of 4 units not rated by every rater left out"


@pytest.mark.parametrize("name", ["W", *ICCS])
def test_two_complete_units_are_needed_where_all_raters_count(name: str) -> None:
    with pytest.raises(ValueError, match="given: 2 raters with ratings, 1 complete unit"):
        ALL[name]([[1, 2, nan], [1, nan, 2]])


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda t: krippendorff_alpha(t, level="intervall"), "did you mean 'interval'"),
        (lambda t: gwet_ac(t, weights="quadratik"), "did you mean 'quadratic'"),
        (lambda t: icc(t, form="2,2"), "form is one of 1,1, 2,1"),
        (lambda t: krippendorff_alpha(t, confidence=95), "between 0 and 1: 95"),
        (lambda t: fleiss_kappa(t, confidence=0), "between 0 and 1: 0"),
        (lambda t: icc(t, confidence=1), "between 0 and 1: 1"),
        (lambda t: kendall_w(t, draws=-1), "draws is 0"),
        (r_wg, "either the levels of the scale or the random variance"),
        (lambda t: r_wg(t, levels=5, variance=2), "either the levels"),
        (lambda t: r_wg(t, levels=1), "at least 2 levels: 1"),
        (lambda t: r_wg(t, variance=0), "above 0: 0"),
        (lambda t: r_wg(t, levels=3), "3 levels one apart span 2; the ratings span 4"),
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        wrong([[1, 2, 5], [1, 3, 4]])


@pytest.mark.parametrize("name", KAPPAS)
def test_a_scale_of_numbers_is_no_set_of_categories(name: str) -> None:
    with pytest.raises(ValueError, match="9000 categories are too many for 9000 units"):
        ALL[name](np.tile(np.arange(9000.0), (2, 1)))


# Results ------------------------------------------------------------------------------------------


def test_a_result_is_a_number_that_carries_its_interval() -> None:
    found = krippendorff_alpha(FOUR_RATERS, level="nominal", seed=3)
    assert isinstance(found, float)
    assert found == found.value == 0.743421052631579
    assert hash(found) == hash(found.value)
    assert 0.7 < found < 0.8
    assert f"{found:.2f}" == "0.74"
    assert np.mean([found, found]) == pytest.approx(found.value)
    assert json.dumps(found) == json.dumps(found.value)
    assert str(found) == f"0.743 (95 % interval {found.low:.2f} to {found.high:.2f}; " + (
        "4 raters, 11 units)"
    )
    assert found.method == "Krippendorff's alpha, nominal"
    assert found.interval == "percentile bootstrap over units, 1000 draws, seed 3"


def test_a_result_is_frozen_and_survives_pickling_and_copying() -> None:
    found = mean_absolute_spread(FOUR_RATERS)
    with pytest.raises(FrozenInstanceError):
        cast(Any, found).low = 0.0
    for again in (pickle.loads(pickle.dumps(found)), copy.copy(found), copy.deepcopy(found)):
        assert type(again) is Agreement
        assert again == found
        assert repr(again) == repr(found)
        assert again.by_unit[:-1] == found.by_unit[:-1]


@pytest.mark.parametrize("name", sorted(BOOTSTRAPPED))
def test_bootstrap_intervals_are_those_of_the_seed(name: str) -> None:
    table = np.array(ratings(*CASES[5]))
    first, again, other = (ALL[name](table, seed=seed) for seed in (1, 1, 2))
    assert (first.low, first.high) == (again.low, again.high)
    assert (first.low, first.high) != (other.low, other.high)
    assert (first.low, first.high) == pytest.approx((other.low, other.high), abs=0.15)
    none = ALL[name](table, draws=0)
    assert (none, none.interval, none.note) == (first, "", first.note)
    assert isnan(none.low)
    wide, narrow = ALL[name](table, confidence=0.99), ALL[name](table, confidence=0.5)
    assert wide.low < narrow.low < narrow.high < wide.high


@pytest.mark.parametrize("level", LEVELS)
def test_a_draw_of_units_has_the_alpha_of_a_table_with_these_units(level: str) -> None:
    table = np.array(ratings(*CASES[1]))
    table = table[:, (~np.isnan(table)).sum(axis=0) > 1]
    random = np.random.Generator(np.random.PCG64(np.random.SeedSequence(5)))
    drawn = random.integers(table.shape[1], size=table.shape[1])
    found = krippendorff_alpha(table, level=level, draws=1, seed=5)
    expected = krippendorff_alpha(table[:, drawn], level=level, draws=0)
    assert (found.low, found.high) == pytest.approx((expected, expected), abs=CLOSE)


def test_draws_without_variation_are_left_out_and_counted() -> None:
    found = krippendorff_alpha([[1, 1, 2], [1, 1, 1]], draws=200)
    assert found.note.endswith("of 200 draws without variation left out")
    assert not isnan(found.low)


@pytest.mark.parametrize("level", ["interval", "nominal", "ordinal", "ratio"])
def test_many_different_values_need_no_table_of_pairs(level: str) -> None:
    # 40,000 values all different: a table of their pairs would take 12 GB.
    random = np.random.default_rng(1)
    table = 1 + random.random(2000) + 0.2 * random.random((20, 2000))
    found = krippendorff_alpha(table, level=level, draws=0)
    assert (found > 0.5) == (level != "nominal")
