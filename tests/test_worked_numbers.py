"""Worked numbers from publications and peer libraries, and sums done again another way.

The figures stand here with their sources; nothing is read from outside the repo. "From memory"
marks inputs that whoever collected them did not read again in the source.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import permutations, product
from math import factorial, prod

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import trim_mean

import assess
from assess import aggregation, pooling, values, weighting
from assess.contributions import MOST_CHILDREN, contributions
from assess.model import LIKELIHOOD_BANDS, Criterion, Scale, Scenario, StudyError, ValueTree
from assess.rollup import Rule
from tests.builders import flat, totals

Array = NDArray[np.float64]

# Weights from ranks: Stillwell, Seaver and Edwards (1981), doi:10.1016/0030-5073(81)90015-5;
# Edwards and Barron (1994), doi:10.1006/obhd.1994.1087. By exact rational arithmetic, and equal
# to pyDecision for 2 to 9 criteria. One row for 2, 3, ... 12 criteria, run together.
RANK_TABLES = {
    "rank_centroid": """
        0.75 0.25 0.6111111111111112 0.2777777777777778 0.1111111111111111 0.5208333333333334
        0.2708333333333333 0.14583333333333334 0.0625 0.45666666666666667 0.25666666666666665
        0.15666666666666668 0.09 0.04 0.4083333333333333 0.24166666666666667 0.15833333333333333
        0.10277777777777777 0.06111111111111111 0.027777777777777776 0.3704081632653061
        0.22755102040816327 0.15612244897959185 0.10850340136054422 0.0727891156462585
        0.04421768707482993 0.02040816326530612 0.33973214285714287 0.21473214285714284
        0.15223214285714284 0.11056547619047619 0.07931547619047619 0.05431547619047619
        0.033482142857142856 0.015625 0.31432980599647264 0.20321869488536154 0.147663139329806
        0.11062610229276897 0.08284832451499118 0.060626102292768956 0.04210758377425044
        0.026234567901234566 0.012345679012345678 0.2928968253968254 0.1928968253968254
        0.14289682539682538 0.10956349206349206 0.08456349206349206 0.06456349206349206
        0.047896825396825396 0.03361111111111111 0.021111111111111112 0.01 0.27453430407975865
        0.1836252131706677 0.13817066771612227 0.10786763741309195 0.08514036468581923
        0.06695854650400104 0.0518070313524859 0.038820018365472914 0.027456382001836546
        0.017355371900826446 0.008264462809917356 0.25860088985088986 0.17526755651755652
        0.13360088985088986 0.10582311207311207 0.08498977873977874 0.06832311207311208
        0.05443422318422318 0.04252946127946128 0.032112794612794614 0.022853535353535355
        0.01452020202020202 0.006944444444444444
    """,
    "rank_sum": """
        0.6666666666666666 0.3333333333333333 0.5 0.3333333333333333 0.16666666666666666 0.4 0.3
        0.2 0.1 0.3333333333333333 0.26666666666666666 0.2 0.13333333333333333 0.06666666666666667
        0.2857142857142857 0.23809523809523808 0.19047619047619047 0.14285714285714285
        0.09523809523809523 0.047619047619047616 0.25 0.21428571428571427 0.17857142857142858
        0.14285714285714285 0.10714285714285714 0.07142857142857142 0.03571428571428571
        0.2222222222222222 0.19444444444444445 0.16666666666666666 0.1388888888888889
        0.1111111111111111 0.08333333333333333 0.05555555555555555 0.027777777777777776 0.2
        0.17777777777777778 0.15555555555555556 0.13333333333333333 0.1111111111111111
        0.08888888888888889 0.06666666666666667 0.044444444444444446 0.022222222222222223
        0.18181818181818182 0.16363636363636364 0.14545454545454545 0.12727272727272726
        0.10909090909090909 0.09090909090909091 0.07272727272727272 0.05454545454545454
        0.03636363636363636 0.01818181818181818 0.16666666666666666 0.15151515151515152
        0.13636363636363635 0.12121212121212122 0.10606060606060606 0.09090909090909091
        0.07575757575757576 0.06060606060606061 0.045454545454545456 0.030303030303030304
        0.015151515151515152 0.15384615384615385 0.14102564102564102 0.1282051282051282
        0.11538461538461539 0.10256410256410256 0.08974358974358974 0.07692307692307693
        0.0641025641025641 0.05128205128205128 0.038461538461538464 0.02564102564102564
        0.01282051282051282
    """,
    "rank_reciprocal": """
        0.6666666666666666 0.3333333333333333 0.5454545454545454 0.2727272727272727
        0.18181818181818182 0.48 0.24 0.16 0.12 0.43795620437956206 0.21897810218978103
        0.145985401459854 0.10948905109489052 0.08759124087591241 0.40816326530612246
        0.20408163265306123 0.1360544217687075 0.10204081632653061 0.08163265306122448
        0.06802721088435375 0.3856749311294766 0.1928374655647383 0.1285583103764922
        0.09641873278236915 0.07713498622589532 0.0642791551882461 0.05509641873278237
        0.3679369250985545 0.18396846254927726 0.12264564169951818 0.09198423127463863
        0.0735873850197109 0.06132282084975909 0.052562417871222074 0.045992115637319315
        0.3534857623790153 0.17674288118950765 0.11782858745967176 0.08837144059475383
        0.07069715247580306 0.05891429372983588 0.05049796605414504 0.04418572029737691
        0.039276195819890586 0.3414171521474055 0.17070857607370274 0.1138057173824685
        0.08535428803685137 0.0682834304294811 0.05690285869123425 0.04877387887820078
        0.042677144018425685 0.0379352391274895 0.03414171521474055 0.3311392767975535
        0.16556963839877675 0.11037975893251784 0.08278481919938838 0.0662278553595107
        0.05518987946625892 0.04730561097107907 0.04139240959969419 0.03679325297750594
        0.03311392767975535 0.03010357061795941 0.32224689320049754 0.16112344660024877
        0.10741563106683252 0.08056172330012439 0.06444937864009952 0.05370781553341626
        0.046035270457213937 0.04028086165006219 0.035805210355610836 0.03222468932004976
        0.029295172109136142 0.02685390776670813
    """,
}


def rank_table(method: str) -> dict[int, list[float]]:
    """Return the weights of one method for each number of criteria."""
    numbers = iter(map(float, RANK_TABLES[method].split()))
    return {n: [next(numbers) for _ in range(n)] for n in range(2, 13)}


@pytest.mark.parametrize("method", RANK_TABLES)
def test_weights_from_ranks_equal_the_published_tables_for_2_to_12_criteria(method: str) -> None:
    for n, expected in rank_table(method).items():
        weigh = getattr(weighting, method)
        assert weigh(list(range(1, n + 1))).tolist() == pytest.approx(expected, abs=1e-12)
        falling = list(range(n, 0, -1))
        assert weigh(falling).tolist() == pytest.approx(expected[::-1], abs=1e-12)


# Goodwin and Wright, Decision Analysis for Management Judgment, ch. 3: an office to move to. The
# swings, the rounded weights, Addison Square and its 80.8 were read in the source; the other
# offices' values are from memory, and their totals calculated from them independently.
SWINGS: Mapping[str, float] = {
    "closeness": 100,
    "visibility": 80,
    "image": 70,
    "size": 30,
    "comfort": 20,
    "parking": 10,
}
ROUNDED_PERCENT = (32, 26, 23, 10, 6, 3)
OFFICES: Mapping[str, tuple[float, ...]] = {
    "addison_square": (100, 60, 100, 75, 0, 90),
    "bilton_village": (20, 80, 10, 30, 100, 30),
    "carlisle_walk": (80, 70, 0, 0, 10, 100),
    "denver_street": (70, 50, 30, 55, 30, 90),
    "elton_street": (40, 60, 90, 100, 60, 70),
    "filton_village": (0, 0, 70, 0, 80, 0),
    "gorton_square": (60, 100, 20, 50, 50, 80),
}


def test_swings_of_the_office_example_give_its_weights() -> None:
    """Goodwin and Wright: swings out of 310."""
    expected = [
        0.3225806451612903,
        0.25806451612903225,
        0.22580645161290322,
        0.0967741935483871,
        0.06451612903225806,
        0.03225806451612903,
    ]
    assert weighting.swing(list(SWINGS.values())).tolist() == pytest.approx(expected, abs=1e-9)


def test_exact_swing_weights_give_the_benefits_of_the_office_example() -> None:
    """Goodwin and Wright, with weights as they come."""
    report = assess.evaluate(flat(OFFICES, SWINGS, method="swing"))
    assert totals(report) == pytest.approx(
        {
            "addison_square": 80.48387096774194,
            "bilton_village": 39.67741935483871,
            "carlisle_walk": 47.74193548387097,
            "denver_street": 52.41935483870968,
            "elton_street": 64.51612903225806,
            "filton_village": 20.967741935483872,
            "gorton_square": 60.32258064516129,
        },
        abs=1e-9,
    )


def test_rounded_weights_give_the_published_80_8_of_the_office_example() -> None:
    """Goodwin and Wright, with the weights that the book prints in whole per cent."""
    rounded = {key: p / 100 for key, p in zip(SWINGS, ROUNDED_PERCENT, strict=True)}
    report = assess.evaluate(flat(OFFICES, rounded, method="fixed"))
    assert totals(report) == pytest.approx(
        {
            "addison_square": 80.8,
            "bilton_village": 39.4,
            "carlisle_walk": 47.4,
            "denver_street": 52.3,
            "elton_street": 64.8,
            "filton_village": 20.9,
            "gorton_square": 60.2,
        },
        abs=1e-9,
    )


@pytest.mark.parametrize(
    ("exponent", "x", "w", "expected"),
    [
        (1, (2.5, 4.0, 1.6, 9.0), (3, 1, 2, 4), 5.07),
        (0, (2.5, 4.0, 1.6, 9.0), (3, 1, 2, 4), 4.00045143082373),
        (-1, (2.5, 4.0, 1.6, 9.0), (3, 1, 2, 4), 3.18021201413428),
        (2, (2.5, 4.0, 1.6, 9.0), (3, 1, 2, 4), 6.03216379087969),
        (-2, (2.5, 4.0, 1.6, 9.0), (3, 1, 2, 4), 2.69863247715692),
        (0.5, (2.5, 4.0, 1.6, 9.0), (3, 1, 2, 4), 4.52550681314844),
        (0, (1, 2, 3), (1, 1, 1), 1.8171205928321397),
        (0, (1, 2, 3), (1, 1, 2), 2.0597671439071177),
        (-1, (1, 2, 3), (2, 1, 1), 1.4117647058823528),
    ],
)
def test_power_means_equal_those_of_coinr(
    exponent: float, x: Sequence[float], w: Sequence[float], expected: float
) -> None:
    """COINr 1.1.14 (2024), a_amean, a_gmean, a_hmean and a_genmean; the last three from its tests.

    COINr normalises weights itself. Its values lie outside [0, 1]; the rules are homogeneous.
    """
    shares = np.array(w) / sum(w)
    assert aggregation.power_mean(x, shares, exponent=exponent).item() == pytest.approx(
        expected, abs=1e-9
    )
    if exponent == 1:
        assert aggregation.weighted_sum(x, shares).item() == pytest.approx(expected, abs=1e-9)
    if exponent == 0:
        assert aggregation.weighted_product(x, shares).item() == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("x", "order_weights", "expected"),
    [
        pytest.param((0.7, 1.0, 0.3, 0.6), (0.4, 0.3, 0.2, 0.1), 0.76, id="Yager 1988"),
        pytest.param((1, 5, 3, 9, 7), (0.25, 0.1, 0.1, 0.35, 0.2), 4.7, id="montoguequiz.com"),
        pytest.param((0.3, 0.4, 0.8, 0.2), (0.4, 0.35, 0.2, 0.05), 0.53, id="R package wowa"),
    ],
)
def test_ordered_weighted_averages_equal_the_published_ones(
    x: Sequence[float], order_weights: Sequence[float], expected: float
) -> None:
    """Yager (1988), doi:10.1109/21.87068 (from memory); Montogue, OWA problems; wowa.OWA (R)."""
    equal = [1 / len(x)] * len(x)
    found = aggregation.ordered_weighted(x, equal, order_weights=order_weights)
    assert found.item() == pytest.approx(expected, abs=1e-9)


# The textbook table of the weighted sum and product models, Triantaphyllou (2000), Multi-Criteria
# Decision Making Methods, doi:10.1007/978-1-4757-3157-6 (from memory; checked in scikit-criteria).
TEXTBOOK: Mapping[str, tuple[float, ...]] = {
    "a1": (25, 20, 15, 30),
    "a2": (10, 30, 20, 30),
    "a3": (30, 10, 30, 10),
}
TEXTBOOK_WEIGHTS = {"c1": 0.20, "c2": 0.15, "c3": 0.40, "c4": 0.25}


def test_the_textbook_sums_tie_and_share_the_best_rank() -> None:
    """Triantaphyllou (2000): A2 and A3 are equal but for binary rounding."""
    report = assess.evaluate(flat(TEXTBOOK, TEXTBOOK_WEIGHTS, method="fixed"))
    assert totals(report) == pytest.approx({"a1": 21.5, "a2": 22.0, "a3": 22.0}, abs=1e-9)
    assert report.ranks[0, :, 0].tolist() == [3, 1, 1]


def test_the_textbook_products_break_the_tie_in_the_published_ratios() -> None:
    """Triantaphyllou (2000): ratios 1.007, 1.067 and 1.059."""
    study = flat(TEXTBOOK, TEXTBOOK_WEIGHTS, method="fixed", rule="weighted_product")
    report = assess.evaluate(study)
    found = totals(report)
    assert found == pytest.approx(
        {"a1": 20.628104288716166, "a2": 20.476725110792195, "a3": 19.331820449317632}, abs=1e-9
    )
    assert found["a1"] / found["a2"] == pytest.approx(1.0073927435712944, abs=1e-9)
    assert found["a1"] / found["a3"] == pytest.approx(1.0670544112902873, abs=1e-9)
    assert found["a2"] / found["a3"] == pytest.approx(1.0592238410488122, abs=1e-9)
    assert report.ranks[0, :, 0].tolist() == [1, 2, 3]


Points = tuple[tuple[float, float], ...]
FALLING: Points = ((50, 1.0), (75, 0.8), (90, 0.5), (100, 0.0))


@pytest.mark.parametrize(
    ("levels", "x", "expected"),
    [
        (((-0.15, 0.0), (0.35, 1.0)), (0.35, -0.15, 0.1), (1, 0, 0.5)),
        (((50, 1.0), (100, 0.0)), (50, 100, 75), (1, 0, 0.5)),
        (
            ((-0.15, 0.0), (0.0, 0.1), (0.25, 0.9), (0.35, 1.0)),
            (0.35, -0.15, 0, 0.25, 0.1),
            (1, 0, 0.1, 0.9, 0.42),
        ),
        (FALLING, (50, 60, 75, 90, 100), (1, 0.92, 0.8, 0.5, 0)),
    ],
)
def test_piecewise_linear_worths_equal_those_of_smaa_inside_the_scale(
    levels: Points, x: Sequence[float], expected: Sequence[float]
) -> None:
    """R package smaa (van Valkenhoef), tests/pvf.R; mcda-elicitation-web, partialValue.R."""
    found = values.worth(Scale(levels=levels), x)
    assert found.tolist() == pytest.approx(expected, abs=1e-12)


def test_what_smaa_clips_beyond_the_scale_saturates() -> None:
    """R package smaa, tests/pvf.R, out of bounds "clip"."""
    scale = Scale(levels=FALLING, beyond="saturate")
    assert values.worth(scale, [10, 40, 101, 120]).tolist() == [1, 1, 0, 0]


@pytest.mark.parametrize("level", [10, 40, 101, 120])
def test_what_smaa_extrapolates_to_1_32_or_minus_1_is_refused(level: float) -> None:
    """R package smaa, tests/pvf.R, out of bounds "extrapolate": 1.32, 1.08, -0.05, -1."""
    with pytest.raises(ValueError, match=f"level {level:g} is off the scale 50 to 100"):
        values.worth(Scale(levels=FALLING), [level])


# Distance to target and goalposts: COINr 1.1.14 (2024), tests/testthat/test-normalise.R.
@pytest.mark.parametrize(
    ("worst", "target", "x", "expected"),
    [(0, 10, (0, 5, 11), (0, 0.5, 1)), (10, 0, (-1, 1, 10), (1, 0.9, 0))],
)
def test_capped_distances_to_target_are_scales_that_saturate(
    worst: float, target: float, x: Sequence[float], expected: Sequence[float]
) -> None:
    """COINr: "worst" is the farthest of the set at hand; here it is part of the scale."""
    scale = Scale(worst=worst, best=target, beyond="saturate")
    assert values.worth(scale, x).tolist() == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("worst", "target", "overshoot"), [(0.0, 10.0, 11.0), (10.0, 0.0, -1.0)])
def test_overshooting_a_target_is_refused_rather_than_worth_1_1(
    worst: float, target: float, overshoot: float
) -> None:
    """COINr gives 1.1 where it does not cap."""
    scale = Scale(worst=worst, best=target, beyond="refuse")
    with pytest.raises(ValueError, match=f"level {overshoot:g} is off the scale 0 to 10"):
        values.worth(scale, [overshoot])
    with pytest.raises(StudyError, match=f"'{overshoot:g}' is off the scale"):
        assess.evaluate(flat({"a": [overshoot]}, {"reach": 1.0}, scale=scale))


@pytest.mark.parametrize(
    ("worst", "best", "x", "expected"),
    [
        (0, 10, 1, 0.1),
        (0, 10, 11, 1),
        (0, 10, -1, 0),
        (10, 0, 1, 0.9),
        (10, 0, -1, 1),
        (10, 0, 11, 0),
    ],
)
def test_goalposts_are_the_ends_of_a_scale_that_saturates(
    worst: float, best: float, x: float, expected: float
) -> None:
    """COINr: goalposts 0 and 10 in both directions."""
    scale = Scale(worst=worst, best=best, beyond="saturate")
    assert values.worth(scale, x).item() == pytest.approx(expected, abs=1e-12)


def test_likelihood_terms_have_the_bands_of_icd_203() -> None:
    """Office of the Director of National Intelligence (2015), ICD 203, Analytic Standards."""
    published = {
        ("almost no chance", "remote"): (1, 5),
        ("very unlikely", "highly improbable"): (5, 20),
        ("unlikely", "improbable"): (20, 45),
        ("roughly even chance", "roughly even odds"): (45, 55),
        ("likely", "probable"): (55, 80),
        ("very likely", "highly probable"): (80, 95),
        ("almost certain", "nearly certain"): (95, 99),
    }
    assert {term: band for terms, band in published.items() for term in terms} == LIKELIHOOD_BANDS


@pytest.mark.parametrize("term", LIKELIHOOD_BANDS)
def test_a_scenario_takes_every_likelihood_term_that_has_a_band(term: str) -> None:
    scenario = Scenario.model_validate({"id": "s", "tree": "t", "likelihood": term})
    assert scenario.likelihood == term


def panel(n: int) -> tuple[Array, NDArray[np.int64]]:
    """Return values [row, analyst] and whole weights [row, analyst] of made-up panels."""
    random = np.random.default_rng(n)
    return random.random((20, n)), random.integers(1, 6, (20, n))


@pytest.mark.parametrize("n", [1, 2, 3, 4, 7, 10])
def test_the_mean_panel_is_the_weighted_average_of_numpy(n: int) -> None:
    v, w = panel(n)
    expected = np.average(v, axis=-1, weights=w)
    np.testing.assert_allclose(pooling.mean(v, w), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("n", [1, 2, 3, 4, 7, 10])
def test_the_median_panel_is_the_median_of_numpy(n: int) -> None:
    v, w = panel(n)
    plain = pooling.median(v, np.ones(n))
    np.testing.assert_allclose(plain, np.median(v, axis=-1), rtol=0, atol=1e-12)
    repeated = [np.median(np.repeat(row, often)) for row, often in zip(v, w, strict=True)]
    np.testing.assert_allclose(pooling.median(v, w), repeated, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("n", "share"),
    [(1, 0.0), (4, 0.25), (5, 0.2), (7, 0.0), (8, 0.125), (10, 0.1), (10, 0.3), (10, 0.4)],
)
def test_the_trimmed_panel_is_the_trimmed_mean_of_scipy(n: int, share: float) -> None:
    """Where the share cuts whole analysts; scipy cuts fewer elsewhere, not part of one."""
    v, w = panel(n)
    found = pooling.trimmed_mean(v, np.ones(n), share=share)
    np.testing.assert_allclose(found, trim_mean(v, share, axis=-1), rtol=0, atol=1e-12)
    tenfold = [np.repeat(row, 40 * often) for row, often in zip(v, w, strict=True)]
    repeated = [trim_mean(row, share) for row in tenfold]
    found = pooling.trimmed_mean(v, w, share=share)
    np.testing.assert_allclose(found, repeated, rtol=0, atol=1e-12)


# Contributions: Winter (1989), doi:10.1007/BF01268161; Owen (1977),
# doi:10.1007/978-3-642-45494-3_7. Below, a tree is a nest of branches, worked without the library.
Branch = tuple[str, tuple["Node", ...]]
Node = str | Branch
Weigh = Callable[[Sequence[float], Sequence[float]], float]

BY_HAND: Mapping[str, Weigh] = {
    "weighted_sum": lambda v, w: sum(a * b for a, b in zip(v, w, strict=True)),
    "weighted_product": lambda v, w: prod(a**b for a, b in zip(v, w, strict=True)),
    "harmonic": lambda v, w: 1 / sum(b / a for a, b in zip(v, w, strict=True)),
    "weakest_link": lambda v, _: min(v),
}
RULES: Mapping[str, Rule] = {
    "weighted_sum": aggregation.weighted_sum,
    "weighted_product": aggregation.weighted_product,
    "harmonic": partial(aggregation.power_mean, exponent=-1),
    "weakest_link": aggregation.weakest_link,
}
TWO_LEVELS: Branch = ("root", (("b1", ("p", "q")), ("b2", ("r", "s", "t")), "u"))
THREE_LEVELS: Branch = ("root", (("b1", (("c1", ("p", "q")), "r")), ("b2", ("s", "t")), "u"))
WORTHS = {"p": 0.9, "q": 0.35, "r": 0.2, "s": 0.75, "t": 0.6, "u": 0.45}
REFERENCE = 0.5


def branches(node: Node) -> Iterator[Branch]:
    """Yield every branch, each before those below it."""
    if not isinstance(node, str):
        yield node
        for child in node[1]:
            yield from branches(child)


def key(node: Node) -> str:
    """Return the id of a node."""
    return node if isinstance(node, str) else node[0]


def as_tree(root: Branch) -> ValueTree:
    """Return the nest as a value tree."""
    criteria = {
        key(child): Criterion(
            parent=None if parent == "root" else parent,
            scale=Scale(worst=0, best=1) if isinstance(child, str) else None,
        )
        for parent, children in branches(root)
        for child in children
    }
    return ValueTree(id="root", criteria=criteria)


def uneven_weights(root: Branch) -> dict[str, list[float]]:
    """Return weights in proportion to 3, 4, 5, ... at every branch."""
    return {
        name: [(3 + i) / sum(range(3, 3 + len(children))) for i in range(len(children))]
        for name, children in branches(root)
    }


def score_by_hand(
    node: Node,
    at: Mapping[str, float],
    weights: Mapping[str, Sequence[float]],
    rules: Mapping[str, str],
) -> float:
    """Return the score of a node from the values of the leaves."""
    if isinstance(node, str):
        return at[node]
    name, children = node
    below = [score_by_hand(child, at, weights, rules) for child in children]
    return BY_HAND[rules[name]](below, weights[name])


def consistent_orders(node: Node) -> list[tuple[str, ...]]:
    """Return all orders of the leaves in which those under one node stand together."""
    if isinstance(node, str):
        return [(node,)]
    parts = [consistent_orders(child) for child in node[1]]
    return [
        tuple(leaf for part in arranged for leaf in part)
        for chosen in product(*parts)
        for arranged in permutations(chosen)
    ]


def winter_by_hand(
    root: Branch, weights: Mapping[str, Sequence[float]], rules: Mapping[str, str]
) -> dict[str, float]:
    """Return the mean step of every leaf over all consistent orders."""
    orders = consistent_orders(root)
    steps = dict.fromkeys(WORTHS, 0.0)
    for order in orders:
        at = dict.fromkeys(WORTHS, REFERENCE)
        before = score_by_hand(root, at, weights, rules)
        for leaf in order:
            at[leaf] = WORTHS[leaf]
            after = score_by_hand(root, at, weights, rules)
            steps[leaf] += after - before
            before = after
    return {leaf: step / len(orders) for leaf, step in steps.items()}


@pytest.mark.parametrize("root", [TWO_LEVELS, THREE_LEVELS], ids=["two levels", "three levels"])
def test_contributions_in_an_additive_tree_are_weight_times_distance(root: Branch) -> None:
    tree, weights = as_tree(root), uneven_weights(root)
    share = {"root": 1.0}
    for name, children in branches(root):
        for child, weight in zip(children, weights[name], strict=True):
            share[key(child)] = share[name] * weight
    found = contributions(
        tree,
        np.array([WORTHS[leaf] for leaf in tree.leaves]),
        {name: np.array(w) for name, w in weights.items()},
        dict.fromkeys(tree.groups, aggregation.weighted_sum),
    )
    expected = [share[leaf] * (WORTHS[leaf] - REFERENCE) for leaf in tree.leaves]
    assert found.by_leaf.tolist() == pytest.approx(expected, abs=1e-12)
    assert not found.error.any()


@pytest.mark.parametrize("below", ["weighted_sum", "weakest_link", "harmonic"])
@pytest.mark.parametrize("top", ["harmonic", "weakest_link", "weighted_product", "weighted_sum"])
@pytest.mark.parametrize("root", [TWO_LEVELS, THREE_LEVELS], ids=["two levels", "three levels"])
def test_contributions_are_the_mean_step_over_all_consistent_orders(
    root: Branch, top: str, below: str
) -> None:
    tree, weights = as_tree(root), uneven_weights(root)
    rules = {name: top if name == "root" else below for name in tree.groups}
    found = contributions(
        tree,
        np.array([WORTHS[leaf] for leaf in tree.leaves]),
        {name: np.array(w) for name, w in weights.items()},
        {name: RULES[rule] for name, rule in rules.items()},
    )
    expected = winter_by_hand(root, weights, rules)
    by_leaf = dict(zip(tree.leaves, found.by_leaf.tolist(), strict=True))
    assert by_leaf == pytest.approx(expected, abs=1e-12)
    total = score_by_hand(root, WORTHS, weights, rules)
    start = score_by_hand(root, dict.fromkeys(WORTHS, REFERENCE), weights, rules)
    assert (found.total, found.start) == pytest.approx((total, start), abs=1e-12)
    assert not found.error.any()


def shapley_of_the_weakest(worths: Array) -> Array:
    """Return the exact Shapley values of the weakest of several, over all sets that have moved."""
    n = len(worths)
    moved = np.array(list(product((False, True), repeat=n)))
    score = np.where(moved, worths, REFERENCE).min(axis=1)
    chance = np.array([factorial(k) * factorial(n - 1 - k) / factorial(n) for k in range(n)])
    found = np.empty(n)
    for leaf in range(n):
        without = np.flatnonzero(~moved[:, leaf])
        joined = without + 2 ** (n - 1 - leaf)
        found[leaf] = (chance[moved[without].sum(axis=1)] * (score[joined] - score[without])).sum()
    return found


@pytest.mark.parametrize(
    "worths",
    [
        np.linspace(0.05, 0.95, MOST_CHILDREN + 1),
        np.linspace(0.45, 0.1, MOST_CHILDREN + 2),
        np.linspace(0.6, 0.9, MOST_CHILDREN + 1),
    ],
    ids=["on both sides", "all below", "all above"],
)
def test_sampled_contributions_lie_within_4_standard_errors_of_the_exact_ones_and_add_up(
    worths: Array,
) -> None:
    n = len(worths)
    leaves = {f"leaf_{i:02}": Criterion(scale=Scale(worst=0, best=1)) for i in range(n)}
    tree = ValueTree(id="root", criteria=leaves)
    found = contributions(
        tree, worths, {"root": np.full(n, 1 / n)}, {"root": aggregation.weakest_link}
    )
    off = np.abs(found.by_leaf - shapley_of_the_weakest(worths))
    assert found.error.any()
    assert (off <= 4 * found.error + 1e-12).all()
    assert (found.start, found.total) == (REFERENCE, worths.min())
    assert found.by_leaf.sum() == pytest.approx(found.total - found.start, abs=1e-12)
