"""Where the doubt comes from: closed forms, plain mixtures, laws, the same bytes, its words."""

import re
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assess.model import (
    Choice,
    Criterion,
    ErrorStructure,
    Level,
    Method,
    Rating,
    Scale,
    Study,
    StudyError,
    Uncertainty,
)
from assess.simulation import VarianceShares, mixtures, variance_shares
from assess.simulation.block import Chance, chance, totals
from assess.simulation.mixtures import COMMON, PARTS, SOURCES
from assess.simulation.plan import Plan, plan
from assess.simulation.sources import _apart
from assess.summary import Table, doubt_sources
from assess.variance import Estimate, shapley
from tests import small
from tests.builders import judged
from tests.test_simulation import SURE, certain, flat, under_one_top

Array = NDArray[np.float64]
KNOWN = judged({"c0": 75, "c1": 25})


def by_source(shares: VarianceShares, estimate: Estimate, output: int = 0) -> dict[str, float]:
    """Return one output of the first scenario by source."""
    return dict(zip(shares.sources, estimate.value[:, 0, output].tolist(), strict=True))


def by_player(shares: VarianceShares, estimate: Estimate, output: int = 0) -> dict[str, float]:
    """Return one output of the first scenario by player."""
    return dict(zip(shares.players, estimate.value[:, 0, output].tolist(), strict=True))


def only(shares: VarianceShares, source: str) -> None:
    """Hold that one source is all there is, and the others are exactly nothing."""
    for indices in (shares.totals, shares.margins):
        for estimate in (indices.first, indices.total):
            for name in SOURCES:
                here = estimate.value[list(shares.sources).index(name)]
                if name == source:
                    np.testing.assert_allclose(here, 1, atol=0.01)
                else:
                    assert (here == 0).all()


# Closed forms


def test_an_additive_study_with_independent_errors_has_squared_weights_by_criterion() -> None:
    """Triangular +-h has variance h^2 / 6: Var of the total is sum w^2 h^2 / 6."""
    study = flat({"a": (50, 40), "b": (45, 60)}, KNOWN, half_width=12)
    shares = variance_shares(study, draws=16_384, seed=1)
    only(shares, "own")
    variance = 0.12**2 / 6 * (0.75**2 + 0.25**2)
    np.testing.assert_allclose(shares.totals.variance[0], [variance, variance], rtol=0.03)
    np.testing.assert_allclose(shares.margins.variance[0], [2 * variance], rtol=0.03)
    expected = np.array([0.75**2, 0.25**2]) / (0.75**2 + 0.25**2)
    for found in (shares.total_effects, shares.margin_effects):
        off = np.abs(found.value[:2, 0, 0] - expected)
        assert (off < 5 * found.error[:2, 0, 0]).all()
        assert off.max() < 0.02
    assert (shares.criteria, shares.common) == (("c0", "c1"), ("weights",))
    assert (shares.total_effects.value[2] == 0).all()


def test_weights_alone_are_all_the_doubt_where_ratings_are_certain() -> None:
    shares = variance_shares(flat({"a": (80, 20), "b": (30, 60)}, weight_spread=0.3), draws=8192)
    only(shares, "weights")
    assert by_player(shares, shares.margin_effects) == {"c0": 0, "c1": 0, "weights": 1}


def two_camps(**settings: Any) -> Study:
    """Return a study in which two analysts are sure, and differ."""
    rows = small.rows() + [
        Rating(analyst="ben", strategy=key, criterion="trust", rating=level)
        for key, level in (("keep", 80), ("reform", 20), ("build", 70))
    ]
    held = {
        node: judged(dict.fromkeys(children, 50))
        for node, children in small.tree().children.items()
    }
    method = Method(half_widths=SURE, uncertainty=certain(**settings))
    return small.study(rows, method=method, scenarios=(small.scenario(weights=held),))


def test_who_is_asked_is_all_the_doubt_where_analysts_are_sure_and_differ() -> None:
    shares = variance_shares(two_camps(analysts="pool"), draws=8192)
    only(shares, "analysts")
    assert by_player(shares, shares.total_effects)["analysts"] == 1
    assert {name for row in shares.largest(shares.margins) for name in row} == {"analysts"}


def test_a_missing_rating_is_all_the_doubt_where_all_else_is_certain() -> None:
    rows = [row for row in small.rows() if (row.strategy, row.criterion) != ("keep", "trust")]
    study = two_camps()
    study = study.model_copy(update={"ratings": small.study(rows).ratings})
    shares = variance_shares(study, draws=4096)
    found = by_source(shares, shares.totals.total)
    assert found.pop("absences") == pytest.approx(1, abs=0.02)
    assert set(found.values()) == {0}
    assert by_player(shares, shares.total_effects)["results"] == 1


def test_the_worth_of_a_level_is_all_the_doubt_where_it_is_a_range() -> None:
    scale = Scale(
        levels={
            "none": Level(worth=0, anchor="absent"),
            "some": Level(worth=(0.3, 0.6), anchor="in some units"),
            "all": Level(worth=1, anchor="in every unit"),
        }
    )
    study = flat({"a": (50, 40)}, KNOWN)
    tree = study.tree.model_copy(
        update={"criteria": {key: Criterion(scale=scale) for key in study.tree.criteria}}
    )
    rows = [
        row.model_copy(update={"rating": level})
        for row, level in zip(study.ratings, ("some", "none"), strict=True)
    ]
    study = Study(**{**dict(study), "tree": tree, "ratings": rows})
    shares = variance_shares(study, draws=4096)
    only(shares, "worths")
    assert shares.common == ("weights", "worths")
    assert by_player(shares, shares.total_effects)["worths"] == 1


def test_independent_halves_of_the_error_are_told_apart() -> None:
    """One criterion, halo 0.5: own and shared error bring the same, halo all of what is shared."""
    study = under_one_top(flat({"a": (50,)}, half_width=20, errors=ErrorStructure(halo=0.5)))
    shares = variance_shares(study, draws=16_384, seed=3)
    total = by_source(shares, shares.totals.total)
    assert total["own"] == pytest.approx(total["shared"], abs=0.02)
    assert total["shared"] == total["halo"]
    assert total["leniency"] == total["common"] == total["analysts"] == 0
    first = by_source(shares, shares.totals.first)
    assert first["own"] == pytest.approx(0.5, abs=0.03)


# The fast way equals the plain one


def test_every_random_number_of_a_block_has_one_source() -> None:
    held = [name for names in SOURCES.values() for name in names]
    assert len(held) == len(set(held))
    assert {field.name for field in fields(Chance)} <= set(held)
    assert set().union(*PARTS.values()) == SOURCES["shared"]


def rows_of(study: Study, made: Plan, name: str) -> NDArray[np.intp]:
    """Return which top criterion each row of some random numbers belongs to."""
    tree = study.tree
    tops = tree.children[tree.id]
    of_leaf = [
        next(i for i, top in enumerate(tops) if leaf == top or leaf in tree.below(top))
        for leaf in tree.leaves
    ]
    of_cell = np.full(len(made.said), -1)
    for place, top in enumerate(of_leaf):
        of_cell[np.unique(made.cell[:, :-2, place])] = top
    of_rating = np.full(len(made.analyst), -1)
    for cell, ratings in enumerate(made.said):
        of_rating[ratings[ratings >= 0]] = of_cell[cell]
    if name == "absent":
        return np.asarray(of_cell[made.absent])
    if name == "own":
        return of_rating
    shared = {"halo": made.halo, "common": made.common}[name]
    found = np.full(shared.max() + 1, -1)
    found[shared] = of_rating
    return found


def plainly(study: Study, seed: int, block: int) -> tuple[tuple[str, ...], Array]:
    """Return totals of all mixtures [subset, scenario, strategy, draw], each folded up the tree."""
    made, method = plan(study), study.method.uncertainty
    a, b = (chance(made, method.stream, seed, 2 * block + i) for i in (0, 1))
    tops = study.tree.children[study.tree.id]
    common = mixtures.common_players(study)
    found = []
    for subset in range(2 ** (len(tops) + len(common))):
        numbers = a
        for j, name in enumerate(common, start=len(tops)):
            if subset >> j & 1:
                took = {x: getattr(b, x) for x in COMMON[name] if hasattr(b, x)}
                numbers = replace(numbers, **took)
        for name in ("own", "halo", "common", "absent"):
            taken = subset >> rows_of(study, made, name) & 1
            mixed = np.where(taken[:, None], getattr(b, name), getattr(numbers, name))
            numbers = replace(numbers, **{name: mixed})
        found.append(totals(study, made, numbers, method.errors))
    return (*tops, *common), np.stack(found)


def disputed(rule: str = "weighted_sum") -> Study:
    """Return a study with every source of doubt; one rating is missing."""
    rows = [row for row in small.rows() if (row.strategy, row.criterion) != ("build", "trust")]
    rows += [
        Rating(analyst="ben", strategy=key, criterion=criterion, rating=level)
        for key, criterion, level in (("keep", "trust", 70), ("reform", "deaths", 600))
    ]
    method = Method(
        uncertainty=Uncertainty(errors=ErrorStructure(halo=0.3, leniency=0.2, common=0.2))
    )
    tree = small.tree(rule=Choice(name=rule))
    return small.study(rows, method=method, tree=tree)


@pytest.mark.parametrize("rule", ["weighted_sum", "weighted_product", "weakest_link"])
def test_shapley_effects_are_those_of_mixtures_folded_up_the_whole_tree(rule: str) -> None:
    study = disputed(rule)
    size = plan(study).block
    shares = variance_shares(study, draws=size, seed=5)
    players, outputs = plainly(study, _apart(5), 0)
    assert shares.players == players == ("results", "means", "analysts", "weights", "leniency")
    expected = shapley(outputs, batches=4)
    np.testing.assert_allclose(shares.total_effects.value, expected.value, rtol=0, atol=1e-9)
    np.testing.assert_allclose(shares.total_effects.error, expected.error, rtol=0, atol=1e-9)
    first, second = outputs[:, :, [0, 0, 1]], outputs[:, :, [1, 2, 2]]
    margins = shapley(first - second, batches=4)
    np.testing.assert_allclose(shares.margin_effects.value, margins.value, rtol=0, atol=1e-9)


def test_what_cannot_move_a_total_is_left_out_and_would_have_been_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = disputed().model_copy(update={"method": Method(uncertainty=certain())})
    lean = variance_shares(study, draws=256)
    everything = frozenset(field.name for field in fields(Chance))
    monkeypatch.setattr(mixtures, "moving", lambda *_: everything)
    full = variance_shares(study, draws=256)
    np.testing.assert_array_equal(lean.totals.first.value, full.totals.first.value)
    np.testing.assert_array_equal(lean.totals.total.value, full.totals.total.value)
    places = [full.players.index(name) for name in lean.players]
    np.testing.assert_allclose(
        lean.total_effects.value, full.total_effects.value[places], rtol=0, atol=1e-12
    )
    assert set(full.players) - set(lean.players) == {"analysts", "leniency", "worths"}


def test_random_orders_stand_in_for_all_subsets_within_their_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    study = disputed()
    exact = variance_shares(study, draws=4096)
    monkeypatch.setattr(mixtures, "MOST_EXACT", 2)
    walked = variance_shares(study, draws=4096)
    one, other = exact.margin_effects, walked.margin_effects
    off = np.abs(one.value - other.value) / np.hypot(one.error, other.error)
    assert off.max() < 5
    assert (one.value != other.value).all()
    np.testing.assert_allclose(other.value.sum(axis=0), 1, rtol=0, atol=1e-12)


def test_a_dozen_criteria_are_walked_in_random_orders_to_their_squared_weights() -> None:
    points = {f"c{i}": i + 1.0 for i in range(12)}
    study = flat({"a": (50,) * 12}, judged(points), half_width=10)
    shares = variance_shares(study, draws=4096)
    assert len(shares.players) == 13
    squares = np.square(list(points.values()))
    found = shares.total_effects
    off = np.abs(found.value[:12, 0, 0] - squares / squares.sum())
    assert (off < 5 * found.error[:12, 0, 0]).all()
    assert off.max() < 0.03
    assert found.value[12, 0, 0] == 0


# Laws


widths = st.integers(0, 20)
levels = st.lists(st.integers(0, 100), min_size=6, max_size=6)


@settings(deadline=None, max_examples=15)
@given(levels, widths, st.floats(0, 0.5), st.floats(0, 0.5), st.integers(0, 2**31))
def test_shares_lie_between_nothing_and_all_within_their_error(
    rated: Sequence[int], width: int, spread: float, halo: float, seed: int
) -> None:
    study = flat(
        {"a": tuple(rated[:3]), "b": tuple(rated[3:])},
        judged({"c0": 3, "c1": 2, "c2": 1}),
        half_width=float(width),
        weight_spread=spread,
        errors=ErrorStructure(halo=halo),
    )
    shares = variance_shares(study, draws=1024, seed=seed)
    for indices, effects in (
        (shares.totals, shares.total_effects),
        (shares.margins, shares.margin_effects),
    ):
        there = indices.variance > 0
        first, total = indices.first, indices.total
        for estimate in (first, total):
            value, error = estimate.value[:, there], estimate.error[:, there]
            assert (value >= -6 * error - 0.05).all()
            assert (value <= 1 + 6 * error + 0.05).all()
            assert np.isnan(estimate.value[:, ~there]).all()
        slack = 6 * np.hypot(first.error, total.error)[:, there] + 0.05
        assert (first.value[:, there] <= total.value[:, there] + slack).all()
        np.testing.assert_allclose(effects.value.sum(axis=0)[there], 1, rtol=0, atol=1e-9)
        assert (effects.value[:, there] >= 0).all()
        assert np.isnan(effects.value[:, ~there]).all()


def test_without_doubt_there_are_no_shares() -> None:
    shares = variance_shares(flat({"a": (50, 40), "b": (60, 20)}, KNOWN), draws=300)
    assert (shares.totals.variance == 0).all()
    for estimate in (shares.totals.first, shares.margins.total, shares.margin_effects):
        assert np.isnan(estimate.value).all()
        assert np.isnan(estimate.error).all()
    assert shares.largest(shares.margins) == (("",),)


# The same bytes anywhere (C9)


def as_bytes(shares: VarianceShares) -> bytes:
    """Return all figures."""
    estimates = [
        *(
            getattr(of, name)
            for of in (shares.totals, shares.margins)
            for name in ("first", "total")
        ),
        shares.total_effects,
        shares.margin_effects,
    ]
    return b"".join(of.value.tobytes() + of.error.tobytes() for of in estimates)


def test_any_executor_gives_the_same_bytes() -> None:
    study = disputed()
    alone = as_bytes(variance_shares(study, draws=1500, seed=7))
    pools: tuple[Executor, ...] = (ThreadPoolExecutor(3), ProcessPoolExecutor(2))
    for pool in pools:
        with pool as executor:
            assert as_bytes(variance_shares(study, draws=1500, seed=7, executor=executor)) == alone
    assert as_bytes(variance_shares(study, draws=1500, seed=8)) != alone


def test_its_draws_are_none_of_those_of_a_simulation() -> None:
    made = plan(small.study())
    main = [chance(made, "sfc64", 3, block).own for block in range(4)]
    ours = [chance(made, "sfc64", _apart(3), block).own for block in range(4)]
    assert not np.intersect1d(np.stack(main), np.stack(ours)).size
    assert _apart(3) != _apart(4)


def test_progress_is_told_and_an_interruption_passes_on() -> None:
    told: list[tuple[int, int]] = []
    shares = variance_shares(small.study(), draws=1000, progress=lambda *x: told.append(x))
    assert told[-1] == (shares.draws, shares.draws)
    assert [done for done, _ in told] == sorted({done for done, _ in told})

    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt(f"{done} of {of}")

    with ThreadPoolExecutor(2) as executor, pytest.raises(KeyboardInterrupt):
        variance_shares(small.study(), draws=9000, executor=executor, progress=stop)


# Its size, its tables, and what is refused


def test_of_many_strategies_those_that_score_most_have_margins() -> None:
    study = flat({f"s{i:02}": (i, i + 3) for i in range(40)}, KNOWN, half_width=5)
    shares = variance_shares(study, draws=64)
    assert len(shares.pairs) == 32 * 31 // 2
    assert {key for pair in shares.pairs for key in pair} == {f"s{i:02}" for i in range(8, 40)}
    assert shares.totals.total.value.shape == (9, 1, 40)


def test_the_tables_name_every_figure() -> None:
    shares = variance_shares(disputed(), draws=300)
    table = shares.table.set_index(["scenario", "strategy", "against", "source"])
    row = table.xs(("reference", "keep", "build", "weights"))
    place = shares.pairs.index(("keep", "build"))
    source = shares.sources.index("weights")
    assert row["first"] == shares.margins.first.value[source, 0, place]
    assert row["total_high"] == shares.margins.total.interval()[1][source, 0, place]
    assert len(table) == 9 * (3 + 3)
    effects = shares.criterion_table.set_index(["scenario", "strategy", "against", "player"])
    means = effects.xs(("reference", "reform", "", "means"))
    assert means["effect"] == shares.total_effects.value[1, 0, 1]
    assert repr(shares) == f"<VarianceShares of 'Small', {shares.draws:,} draws, seed 0>"


@pytest.mark.parametrize(
    ("changes", "error", "told"),
    [
        ({"draws": 0}, ValueError, "draws lies between 1 and 10,000,000: 0"),
        ({"draws": "9"}, TypeError, "draws is a whole number, not '9'"),
        ({"seed": -1}, ValueError, "seed lies between 0 and 9,223,372,036,854,775,807: -1"),
    ],
)
def test_wrong_numbers_are_refused_in_words(
    changes: dict[str, Any], error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=f"^{re.escape(told)}$"):
        variance_shares(small.study(), **changes)


def test_what_is_no_sound_study_is_refused() -> None:
    with pytest.raises(TypeError, match=r"^variance_shares takes a Study, not 'mali'$"):
        variance_shares("mali")  # type: ignore[arg-type]  # that is what is tested
    with pytest.raises(StudyError):
        variance_shares(small.study(analysts={}))


# In words


def test_the_section_says_which_source_dominates_and_what_would_reduce_it() -> None:
    study = flat({"a": (60, 40), "b": (45, 60)}, KNOWN, half_width=12)
    section = doubt_sources(variance_shares(study, draws=4096, seed=1))
    assert section.title == "Where the doubt comes from (reference)"
    assert section.lines[:2] == (
        "Shares of the variance of how far a is ahead of b, in 4,096 draws. First-order: what "
        "would vanish on average if this alone were known; total: with all that it does together "
        "with others; 90 % intervals.",
        "The most doubt comes from each analyst's own error. What would reduce it: firmer evidence "
        "for the ratings narrows it.",
    )
    assert re.fullmatch(
        r"By top criterion, beside what all criteria have in common \(Shapley effects, which add "
        r"up to 100 %\): c0 9\d % \(8\d to 9\d\), c1 1\d % \(\d+ to 1\d\)\.",
        section.lines[2],
    )
    assert isinstance(section.table, Table)
    nothing = ("nothing", "", "nothing", "")
    assert section.table.columns == ("", "first-order", "interval", "total", "interval")
    assert section.table.rows == (
        ("within analysts (own error)", "100 %", "100 to 100", "100 %", "100 to 100"),
        ("between analysts", *nothing),
        ("shared error", *nothing),
        ("weights", *nothing),
        ("worths of levels", *nothing),
        ("missing ratings", *nothing),
    )


def test_the_section_names_both_sources_that_draws_cannot_tell_apart() -> None:
    study = under_one_top(flat({"a": (50,)}, half_width=20, errors=ErrorStructure(halo=0.5)))
    (_, told, _) = doubt_sources(variance_shares(study, draws=256)).lines
    assert told in (
        "The most doubt comes from each analyst's own error and errors that ratings share, which "
        "these draws cannot tell apart. What would reduce it: firmer evidence for the ratings "
        "narrows it; ask more analysts, who rate apart from one another, on other sources, and one "
        "criterion at a time across all strategies.",
        "The most doubt comes from errors that ratings share and each analyst's own error, which "
        "these draws cannot tell apart. What would reduce it: ask more analysts, who rate apart "
        "from one another, on other sources, and one criterion at a time across all strategies; "
        "firmer evidence for the ratings narrows it.",
    )


def test_the_parts_of_the_shared_error_are_told_apart_where_there_are_several() -> None:
    section = doubt_sources(variance_shares(disputed(), draws=256))
    assert section.table is not None
    names = [row[0] for row in section.table.rows]
    assert names[2:6] == ["shared error", "- halo", "- leniency", "- common"]
    assert section.lines[0].startswith("Shares of the variance of how far Reform is ahead of Build")


def test_the_section_says_where_there_is_no_doubt_and_where_nobody_is_left() -> None:
    sure = variance_shares(flat({"a": (50, 40), "b": (60, 20)}, KNOWN), draws=64)
    assert doubt_sources(sure).lines == (
        "Nothing is in doubt about how far b is ahead of a: every draw gives the same.",
    )
    one = variance_shares(flat({"a": (50, 40)}, KNOWN), draws=64)
    assert doubt_sources(one).lines == (
        "Nothing is in doubt about the total of a: every draw gives the same.",
    )
    rows = [row for row in small.rows() if row.strategy == "keep"]
    failed = small.study(rows, strategies={"keep": small.study().strategies["keep"]})
    assert doubt_sources(variance_shares(failed, draws=64)).lines == (
        "No strategy has a total and passes its gates.",
    )


def test_shares_print_themselves_as_their_section() -> None:
    shares = variance_shares(disputed(), draws=256)
    text = str(shares)
    assert text.startswith("WHERE THE DOUBT COMES FROM (REFERENCE)\nShares of the variance of ")
    assert "\nwithin analysts (own error)" in text


def assess(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line in a folder."""
    command = [sys.executable, "-m", "assess", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, check=False, encoding="utf-8"
    )


@pytest.mark.parametrize(
    ("suffix", "heading", "row"),
    [
        ("txt", "WHERE THE DOUBT COMES FROM (", "\nwithin analysts (own error)  "),
        ("md", "## Where the doubt comes from (", "\n| within analysts (own error) | "),
    ],
)
def test_the_command_line_says_it_after_the_page_where_it_is_asked(
    tmp_path: Path, suffix: str, heading: str, row: str
) -> None:
    page = ("simulate", "mine", "--draws", "200", "--quiet")
    file = tmp_path / f"page.{suffix}"
    assess("new", "mine", cwd=tmp_path)
    plain = assess(*page, "--format", suffix, cwd=tmp_path).stdout
    asked = assess(*page, "--format", suffix, "--sources", cwd=tmp_path).stdout
    assert heading not in plain
    assert asked.startswith(plain)
    assert asked.removeprefix(plain).startswith(f"\n{heading}")
    assert row in asked
    written = assess(*page, "-o", file.name, "--sources", cwd=tmp_path)
    assert (written.returncode, written.stdout) == (0, f"{file.name}\n")
    assert file.read_text(encoding="utf-8") == asked


@pytest.mark.parametrize("suffix", ["csv", "json"])
@pytest.mark.parametrize("option", ["--format", "-o"])
def test_the_command_line_refuses_it_at_once_where_there_is_no_page(
    tmp_path: Path, suffix: str, option: str
) -> None:
    named = f"page.{suffix}" if option == "-o" else suffix
    refused = assess("simulate", "unread", "--sources", option, named, cwd=tmp_path)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        f"--sources adds a section to a page, and .{suffix} has none: choose .md or .txt, or leave "
        "out --sources\n"
    )
