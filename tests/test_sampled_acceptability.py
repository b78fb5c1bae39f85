"""Acceptability drawn by the library: streams, laws, exact geometry, the same bytes everywhere."""

import json
import math
import re
import subprocess
import sys
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import fields, replace
from functools import reduce
from operator import add
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from assess import acceptability
from assess.acceptability import Triangles, compiled, counting, runs, sample_smaa, smaa
from assess.acceptability.prepared import Prepared, prepare
from assess.acceptability.runs import Engine
from assess.acceptability.streams import (
    STREAMS,
    Stream,
    exponentials,
    negative_log,
    rows_of_uniforms,
    starts,
    uniforms,
    words,
)
from assess.acceptability.tallies import Tally
from tests.builders import SHARED

EXACT = SHARED / "cases" / "uncertainty-smaa-exact-small"
Matrix = list[list[float]]
LINE: Matrix = [[1.0, 0.0], [0.0, 1.0], [0.6, 0.6]]
some = np.random.default_rng(20)


def triangles(*shape: int) -> Triangles:
    return Triangles(*np.sort(some.random((3, *shape)), axis=0))


def counted(prepared: Prepared, stream: Stream, blocks: range) -> tuple[Tally, Tally]:
    plain = counting.count(prepared, stream, 7, blocks)
    return plain, compiled.count(prepared, stream, 7, blocks)


# Streams


def test_words_are_those_of_the_published_generator() -> None:
    """The first five of SplitMix64 for the seed 1234567, as Rosetta Code gives them."""
    expected = [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]
    assert words(np.uint64(1234567), 0, 5).tolist() == expected
    assert words(np.uint64(1234567), 3, 2).tolist() == expected[3:]


def test_seeds_begin_elsewhere_and_weights_and_values_too() -> None:
    begun = [int(start) for seed in range(100) for start in starts(seed)]
    assert len(set(begun)) == 200


UNIFORM = uniforms(words(starts(3)[0], 0, 1_000_000)).astype(np.float64)


def test_uniform_numbers_have_the_moments_of_uniform_numbers() -> None:
    n = len(UNIFORM)
    for power in range(1, 7):
        expected, squares = 1 / (power + 1), 1 / (2 * power + 1)
        error = math.sqrt((squares - expected**2) / n)
        assert abs((UNIFORM**power).mean() - expected) < 4 * error, power
    assert 0 < UNIFORM.min() < UNIFORM.max() < 1


@pytest.mark.parametrize("lag", [1, 2, 3, 4, 7, 16, 127, 128, 256, 1024, 20480])
def test_uniform_numbers_do_not_follow_from_those_before(lag: int) -> None:
    """Lag 1 is that of the halves of one word; 1024 that of two criteria of one draw."""
    for values in (UNIFORM - 0.5, (UNIFORM - 0.5) ** 2 - 1 / 12):
        found = stats.pearsonr(values[:-lag], values[lag:]).statistic
        assert abs(found) < 4 / math.sqrt(len(values) - lag)


@pytest.mark.parametrize("bins", [16, 1000, 2**16])
def test_uniform_numbers_fill_all_bins_alike(bins: int) -> None:
    counts = np.bincount((UNIFORM * bins).astype(np.intp), minlength=bins)
    assert 0.001 < stats.chisquare(counts).pvalue < 0.999


def test_pairs_of_uniform_numbers_fill_all_squares_alike() -> None:
    for a, b in ((UNIFORM[::2], UNIFORM[1::2]), (UNIFORM[:-1024:2], UNIFORM[1024::2])):
        counts = np.histogram2d(a, b, 64, [[0, 1], [0, 1]])[0].reshape(-1)
        assert 0.001 < stats.chisquare(counts).pvalue < 0.999


def test_low_bits_of_uniform_numbers_are_as_random_as_high_ones() -> None:
    low = (UNIFORM[UNIFORM > 0.5] * 2**24).astype(np.int64) % 256
    assert 0.001 < stats.chisquare(np.bincount(low, minlength=256)).pvalue < 0.999


@pytest.mark.parametrize("stream", STREAMS)
def test_exponential_numbers_are_exponential(stream: Stream) -> None:
    drawn = exponentials(stream, 11, range(200), 10, 1024).astype(np.float64)
    assert stats.kstest(drawn.reshape(-1), "expon").pvalue > 0.01
    for c in range(10):
        assert stats.kstest(drawn[:, c].reshape(-1), "expon").pvalue > 0.001
    together = np.asarray(np.corrcoef(drawn.transpose(1, 0, 2).reshape(10, -1)))
    assert abs(together[~np.eye(10, dtype=bool)]).max() < 4 / math.sqrt(200 * 1024)
    assert drawn.min() > 0


def test_the_logarithm_is_right_to_the_last_bit_or_two() -> None:
    u = np.concatenate([UNIFORM[:100_000], 2.0 ** -np.arange(31), 1 - 2.0 ** -np.arange(1, 25)])
    single = u.astype(np.float32)
    exact = -np.log(single.astype(np.float64))
    off = abs(negative_log(single) - exact)
    assert (off <= 2 * np.spacing(exact.astype(np.float32)).astype(np.float64)).all()


@pytest.mark.parametrize("stream", STREAMS)
def test_any_block_can_be_drawn_alone(stream: Stream) -> None:
    together = exponentials(stream, 5, range(2, 6), 3, 64)
    for block in range(2, 6):
        alone = exponentials(stream, 5, range(block, block + 1), 3, 64)
        np.testing.assert_array_equal(alone[0], together[block - 2])
    rows = {block: [*rows_of_uniforms(stream, 5, block, 2, (3, 2, 64))] for block in (0, 1)}
    drawn = {row.tobytes() for found in rows.values() for row in found}
    assert len(drawn) == 4


# Exact answers


@pytest.mark.skipif(not EXACT.is_dir(), reason="the shared cases are not beside the checkout")
@pytest.mark.parametrize("stream", STREAMS)
def test_three_strategies_on_a_line_come_out_as_exact_geometry_says(stream: Stream) -> None:
    given = json.loads((EXACT / "input.json").read_text(encoding="utf-8"))
    expected = json.loads((EXACT / "expected.json").read_text(encoding="utf-8"))
    found = sample_smaa(given["values"], draws=200_000, seed=1, stream=stream)
    ranks = np.transpose([expected[f"rank{r}"] for r in (1, 2, 3)])
    assert (abs(found.rank - ranks) <= 4 * found.error.rank + 1e-12).all()
    off = abs(found.central - expected["central_weights"])
    assert (off <= 4 * found.error.central).all()
    assert found.confidence.tolist() == expected["confidence_factor"]
    dominated = sample_smaa(given["dominated_case"]["values"], draws=20_000, stream=stream)
    assert dominated.rank.tolist() == [[1, 0], [0, 1]]
    np.testing.assert_allclose(
        dominated.central[0], 1 / 3, atol=4 * dominated.error.central[0].max()
    )
    assert np.isnan(dominated.central[1]).all()
    assert dominated.confidence[0] == 1
    assert np.isnan(dominated.confidence[1])


@pytest.mark.parametrize("stream", STREAMS)
def test_three_criteria_come_out_as_exact_geometry_says(stream: Stream) -> None:
    """Of a triangle of weights, w1 is the largest in a third, and above 1/3 in 4/9."""
    corners = sample_smaa(np.eye(3), draws=200_000, seed=2, stream=stream)
    assert (abs(corners.rank - 1 / 3) <= 4 * corners.error.rank).all()
    centre = np.full((3, 3), 7 / 36) + np.eye(3) * (11 / 18 - 7 / 36)
    assert (abs(corners.central - centre) <= 4 * corners.error.central).all()
    half = sample_smaa([[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]], draws=200_000, seed=3, stream=stream)
    assert (abs(half.rank[:, 0] - [4 / 9, 5 / 9]) <= 4 * half.error.rank[:, 0]).all()
    assert (abs(half.winning[0, 1] - 4 / 9) <= 4 * half.error.winning[0, 1]).all()
    assert (abs(half.mean - 1 / 3) <= 4 * half.error.mean).all()


def test_the_streams_agree_within_their_errors() -> None:
    values = some.random((10, 20))
    one, other = (sample_smaa(values, draws=200_000, seed=4, stream=stream) for stream in STREAMS)
    error = np.hypot(one.error.rank, other.error.rank)
    assert (abs(one.rank - other.rank) <= 4.5 * error).all()


@pytest.mark.parametrize("stream", STREAMS)
def test_all_indices_are_those_of_the_plain_function_on_the_same_draws(stream: Stream) -> None:
    values = some.random((5, 4)) * 100 - 30
    found = sample_smaa(values, draws=8192, seed=6, stream=stream)
    drawn = exponentials(stream, 6, range(8), 4, 1024).astype(np.float64)
    weights = drawn.transpose(0, 2, 1).reshape(-1, 4)
    plain = smaa(values, weights / weights.sum(axis=1, keepdims=True))
    assert found.rank.tolist() == plain.rank.tolist()
    assert found.winning.tolist() == plain.winning.tolist()
    assert found.expected_rank == pytest.approx(plain.expected_rank, abs=1e-12)
    assert found.choice_entropy == pytest.approx(plain.choice_entropy, abs=1e-12)
    assert found.ranking_entropy == pytest.approx(plain.ranking_entropy, abs=1e-12)
    np.testing.assert_allclose(found.central, plain.central, rtol=0, atol=1e-6)
    np.testing.assert_allclose(found.mean, plain.mean, rtol=0, atol=1e-5)
    np.testing.assert_array_equal(found.confidence, plain.confidence)


def test_standard_errors_are_what_seeds_differ_by() -> None:
    values = some.random((4, 3))
    runs = [sample_smaa(values, draws=8192, seed=seed) for seed in range(60)]
    for name in ("rank", "winning", "mean", "central"):
        spread = np.std([getattr(run, name) for run in runs], axis=0, ddof=1)
        stated = np.sqrt(np.mean([getattr(run.error, name) ** 2 for run in runs], axis=0))
        there = stated > 1e-4
        assert there.any()
        np.testing.assert_allclose(spread[there] / stated[there], 1, atol=0.4, err_msg=name)


def test_central_weights_that_rest_on_one_block_have_no_error() -> None:
    """One of three weights is above 0.985 in 2 of 10,000 draws: few of 8 blocks hold any."""
    seldom = [[1.0, 0.0, 0.0], [0.985, 0.985, 0.985]]
    alone, shared = 0, 0
    for seed in range(30):
        found = sample_smaa(seldom, draws=8192, seed=seed)
        drawn = exponentials("splitmix64", seed, range(8), 3, 1024).astype(np.float64)
        first = np.einsum("ac,bcd->bad", seldom, drawn).argmax(axis=1) == 0
        holding = int(first.any(axis=1).sum())
        assert np.isnan(found.error.central[0]).tolist() == [holding < 2] * 3
        assert np.isfinite(found.error.central[1]).all()
        alone, shared = alone + (holding == 1), shared + (holding > 1)
    assert alone
    assert shared


# Laws

matrix = st.lists(
    st.lists(st.integers(-3, 3).map(float), min_size=3, max_size=3), min_size=1, max_size=6
)


@given(matrix, st.integers(0, 1000))
def test_shares_sum_to_one_both_ways_and_equal_rows_share(rows: Matrix, s: int) -> None:
    found = sample_smaa(rows, draws=1024, seed=s)
    np.testing.assert_allclose(found.rank.sum(axis=0), 1, atol=1e-12)
    np.testing.assert_allclose(found.rank.sum(axis=1), 1, atol=1e-12)
    np.testing.assert_allclose(found.winning + found.winning.T, 1, atol=1e-12)
    for i, one in enumerate(rows):
        for j, other in enumerate(rows):
            if one == other:
                assert found.rank[i].tolist() == found.rank[j].tolist()
                assert found.winning[i, j] == 0.5
            elif all(a >= b for a, b in zip(one, other, strict=True)):
                assert found.winning[i, j] == 1, "one that is dominated is never ahead"
                assert found.rank[j, 0] == 0


@given(matrix, st.randoms(use_true_random=False))
def test_the_order_of_strategies_changes_nothing(rows: Matrix, random: object) -> None:
    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]  # Hypothesis gives an object of its own
    found = sample_smaa(rows, draws=1024)
    turned = sample_smaa([rows[i] for i in order], draws=1024)
    # Strategies of the same mean swap their places in a draw where they come out equal.
    np.testing.assert_allclose(turned.rank, found.rank[order], atol=0.002)
    np.testing.assert_allclose(turned.mean, found.mean[order], atol=1e-6)


@given(matrix, st.floats(0.01, 100), st.floats(-50, 50))
def test_a_change_of_unit_changes_no_rank(rows: Matrix, by: float, to: float) -> None:
    found = sample_smaa(rows, draws=1024)
    moved = sample_smaa(np.array(rows) * by + to, draws=1024)
    np.testing.assert_allclose(moved.rank, found.rank, atol=0.002)
    np.testing.assert_allclose(moved.mean, found.mean * by + to, atol=1e-4 * by)


def test_merging_is_associative_and_blind_to_order() -> None:
    prepared = prepare(some.random((6, 3)), None)
    parts = [counting.count(prepared, "splitmix64", 1, range(b, b + 1)) for b in range(7)]
    whole = counting.count(prepared, "splitmix64", 1, range(7))
    assert reduce(add, parts) == whole
    assert reduce(add, reversed(parts)) == whole
    assert (parts[3] + parts[0]) + (parts[6] + parts[1]) + (
        parts[2] + (parts[5] + parts[4])
    ) == whole
    assert hash(reduce(add, parts)) == hash(whole)
    assert parts[0] != parts[1]


def test_a_run_that_is_continued_equals_one_long_run() -> None:
    short = sample_smaa(LINE, draws=3000, seed=9)
    long = sample_smaa(LINE, draws=20_000, seed=9)
    assert short.more(draws=20_000).tally == long.tally
    for draws in (2049, 3000, 3072):
        assert short.more(draws=draws).tally == short.tally
    assert (short.draws, long.draws, long.block) == (3072, 20_480, 1024)


@pytest.mark.parametrize("pool", [ThreadPoolExecutor, ProcessPoolExecutor])
@pytest.mark.parametrize("workers", [1, 2])
def test_any_executor_gives_the_same_bytes(
    pool: type[Executor], workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "MOST", 3)
    for values in (some.random((4, 3)), triangles(2, 3, 2)):
        alone = sample_smaa(values, draws=20_000, seed=3)
        with pool(workers) as executor:  # type: ignore[call-arg]  # both take a number of workers
            shared = sample_smaa(values, draws=20_000, seed=3, executor=executor)
        assert shared.tally == alone.tally


def test_a_worker_that_fails_is_heard() -> None:
    class Broken(ThreadPoolExecutor):
        def submit(self, *_: object, **__: object) -> object:  # type: ignore[override]
            return super().submit(int, "no number")

    with Broken(1) as executor, pytest.raises(ValueError, match="invalid literal"):
        sample_smaa(LINE, draws=100_000, executor=executor)


# Ties and precision


def test_equal_rows_share_their_ranks_and_take_none_from_others() -> None:
    values = np.vstack([LINE, [[0.3, 0.5]]])
    alone = sample_smaa(values, draws=10_000)
    cloned = sample_smaa(np.vstack([values, values[[2, 2]] + 4e-13]), draws=10_000)
    third = alone.rank[2]
    expected = [third[0], third[0] + third[1], third[0] + third[1] + third[2]]
    np.testing.assert_allclose(cloned.rank[2, :3], np.array(expected) / 3, atol=1e-12)
    assert cloned.rank[2].tolist() == cloned.rank[4].tolist() == cloned.rank[5].tolist()
    np.testing.assert_array_equal(cloned.central[[4, 5]], cloned.central[[2, 2]])
    np.testing.assert_array_equal(cloned.winning[:4, :4], alone.winning)
    assert cloned.confidence.tolist() == [
        1,
        1,
        1 / 3,
        pytest.approx(math.nan, nan_ok=True),
        1 / 3,
        1 / 3,
    ]
    assert cloned.error.winning[2, 5] == 0


def test_equality_within_the_tolerance_is_handed_on_from_row_to_row() -> None:
    found = sample_smaa([[0.5], [0.5 + 8e-13], [0.5 + 16e-13], [0.6]], draws=1000)
    np.testing.assert_allclose(found.rank[:3, 1:], 1 / 3)
    assert found.rank[3].tolist() == [1, 0, 0, 0]


def test_rows_that_are_nearly_equal_are_told_apart() -> None:
    """Either of the first two is ahead in half of all draws, by less than single precision sees."""
    near = 1e-10
    found = sample_smaa([[0.5 + near, 0.5], [0.5, 0.5 + near], [0.0, 1.0]], draws=100_000)
    assert found.prepared.model.values.dtype == np.float64
    assert abs(found.winning[0, 1] - 0.5) < 4 * found.error.winning[0, 1]
    assert sample_smaa(LINE, draws=1).prepared.model.values.dtype == np.float32


def test_all_alike_share_everything() -> None:
    found = sample_smaa(np.full((3, 2), 7.0), draws=1000)
    np.testing.assert_allclose(found.rank, 1 / 3)
    assert found.mean.tolist() == [7, 7, 7]
    assert found.choice_entropy == pytest.approx(math.log2(3))
    assert found.ranking_entropy == 0


# Triangles


def test_a_triangle_without_width_is_a_certain_value() -> None:
    values = some.random((5, 3))
    sure = sample_smaa(Triangles(*[np.stack([values, values])] * 3), draws=5000)
    assert sure.tally == sample_smaa(values, draws=5000).tally
    assert sure.prepared.certain


@pytest.mark.parametrize("engine", get_args(Engine))
def test_the_worst_of_many_stays_last_where_analysts_agree(engine: Engine) -> None:
    """The mean of three times 0.7 lies one rounding below 0.7, the lowest value there is."""
    if engine == "numba":
        pytest.importorskip("numba", reason="the extra fast is not installed")
    values = np.array([[0.7 + 0.05 * i, 0.7 + 0.05 * i] for i in range(20)])
    assert np.mean([values[0]] * 3, axis=0).max() < 0.7
    sure = Triangles(*[np.stack([values] * 3)] * 3)
    found = sample_smaa(sure, draws=1000, engine=engine)
    assert found.prepared.single
    assert found.prepared.sorts
    assert found.rank.tolist() == np.eye(20)[::-1].tolist()


def test_values_have_the_distribution_of_their_triangle() -> None:
    """With one criterion a score is a value times a weight that all strategies share."""
    model = prepare(Triangles([[[0.0], [5.0]]], [[[2.0], [5.0]]], [[[10.0], [10.0]]]), None).model
    weights = exponentials("splitmix64", 0, range(1), 1, 1024)[0]
    drawn = np.concatenate(
        [
            counting.triangular(model, "splitmix64", 0, block, np.ones_like(weights))
            for block in range(20)
        ],
        axis=1,
    )
    for row, law in zip(drawn, (stats.triang(0, 0.5, 0.5), stats.triang(0.2)), strict=True):
        assert stats.kstest(row.astype(np.float64), law.cdf).pvalue > 0.01


@pytest.mark.parametrize("stream", STREAMS)
def test_uncertain_values_come_out_as_with_draws_of_ones_own(stream: Stream) -> None:
    given = triangles(3, 5, 4)
    found = sample_smaa(given, draws=40_000, seed=2, stream=stream)
    own = np.random.default_rng(8)
    low, mode, high = (np.asarray(x) for x in (given.low, given.mode, given.high))
    values = own.triangular(low, mode, high, (40_000, 3, 5, 4)).mean(axis=1)
    plain = smaa(values, own.dirichlet(np.ones(4), 40_000))
    for name in ("rank", "winning", "mean"):
        error = np.hypot(getattr(found.error, name), getattr(plain.error, name))
        apart = abs(getattr(found, name) - getattr(plain, name))
        assert (apart <= 4.5 * error + 1e-12).all(), name
    there = plain.rank[:, 0] > 0.01
    np.testing.assert_allclose(found.central[there], plain.central[there], atol=0.05)
    assert np.isnan(found.confidence).all()
    expected = ((low + mode + high) / 3).mean(axis=(0, 2))
    assert (abs(found.mean - expected) <= 4 * found.error.mean).all()


def test_a_strategy_that_is_sure_to_be_worse_never_leads_in_any_unit() -> None:
    low = np.array([[[0.0, 0.0], [2.0, 2.0]]])
    found = sample_smaa(Triangles(low * 1e6, (low + 0.5) * 1e6, (low + 1) * 1e6), draws=5000)
    assert found.rank.tolist() == [[0, 1], [1, 0]]
    assert found.mean == pytest.approx([0.5e6, 2.5e6], rel=0.01)


# Engines

MODELS = {
    "few": prepare(some.random((10, 20)), None),
    "one criterion": prepare(some.random((5, 1)), None),
    "clones": prepare(np.vstack([some.random((4, 3)), np.ones((2, 3)), np.ones((3, 3))]), None),
    "whole orders": prepare(some.random((6, 5)), None),
    "no winning": prepare(some.random((6, 7)), False),
    "many": prepare(some.random((120, 6)), None),
    "many pairs": prepare(some.random((40, 6)), True),
    "triangles": prepare(triangles(3, 4, 5), None),
    "many triangles": prepare(triangles(2, 30, 3), None),
    "small blocks": replace(prepare(some.random((20, 3)), None), block=16),
}
_wide = some.random((24, 5))
_wide[7] = _wide[3] + 1e-6 * some.random(5)
_ends = np.sort(some.random((3, 2, 20, 3)), axis=0)
_ends[:, :, 4] = _ends[:, :1, 5] = _ends[1, :, 5] = 0.5
_ends[:, :, 5] = 0.5 + 1e-7
DOUBLE = {
    "double pairs": prepare(_wide[:9], None),
    "double sorted": prepare(_wide, None),
    "double triangles": prepare(Triangles(*_ends[:, :, :8]), None),
    "double triangles sorted": prepare(Triangles(*_ends), None),
}


def test_the_models_to_compare_are_what_their_names_say() -> None:
    single = {name: made.model.values.dtype for name, made in MODELS.items()}
    double = {name: made.model.values.dtype for name, made in DOUBLE.items()}
    assert set(single.values()) == {np.dtype(np.float32)}
    assert set(double.values()) == {np.dtype(np.float64)}
    sorted_ones = {name for name, made in (MODELS | DOUBLE).items() if made.sorts}
    assert sorted_ones == {
        "many",
        "many triangles",
        "small blocks",
        "double sorted",
        "double triangles sorted",
    }


def test_compiled_loops_give_the_bytes_of_numpy() -> None:
    pytest.importorskip("numba", reason="the extra fast is not installed")
    for stream in STREAMS:
        for name, prepared in MODELS.items():
            plain, fast = counted(prepared, stream, range(2, 8))
            for field in fields(plain):
                np.testing.assert_array_equal(
                    getattr(plain, field.name),
                    getattr(fast, field.name),
                    err_msg=f"{field.name} of {name}, {stream}",
                )
            assert plain == fast


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize("name", MODELS)
def test_the_loops_give_the_bytes_of_numpy_before_they_are_compiled(
    name: str, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernels = pytest.importorskip("assess.acceptability.kernels", reason="needs the extra fast")
    for loop in kernels.__all__:
        monkeypatch.setattr(kernels, loop, getattr(kernels, loop).py_func)
    prepared = replace(MODELS[name], block=16)
    with np.errstate(over="ignore"):  # whole numbers of 64 bits wrap on purpose
        plain, looped = counted(prepared, stream, range(2, 4))
    assert plain == looped


def test_forcing_an_engine_changes_no_byte_and_needs_it_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("numba", reason="the extra fast is not installed")
    values = some.random((10, 20))
    plain, fast = (sample_smaa(values, draws=5000, engine=e) for e in ("numpy", "numba"))
    assert plain.tally == fast.tally
    monkeypatch.setattr(runs, "find_spec", lambda _: None)
    with pytest.raises(ImportError) as told:
        sample_smaa(values, engine="numba")
    assert str(told.value) == (
        "the engine numba needs the extra: pip install 'strategy-assess[fast]'"
    )
    assert runs.chosen(prepare(values, None), 10**6, "splitmix64", None) == "numpy"


def test_compiled_loops_are_chosen_where_they_repay() -> None:
    pytest.importorskip("numba", reason="the extra fast is not installed")
    few, uncertain = MODELS["few"], MODELS["triangles"]
    assert runs.chosen(few, 10, "splitmix64", None) == "numpy"
    assert runs.chosen(few, 10_000, "splitmix64", None) == "numba"
    assert runs.chosen(few, 10_000, "sfc64", None) == "numba"
    assert runs.chosen(uncertain, 10_000, "splitmix64", None) == "numba"
    assert runs.chosen(uncertain, 10_000, "sfc64", None) == "numpy"


def test_importing_and_small_runs_load_no_numba() -> None:
    code = (
        "import sys, assess; from assess.acceptability import sample_smaa;"
        "sample_smaa([[1, 0], [0, 1]], draws=1000); print('numba' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# Bad input


@pytest.mark.parametrize(
    ("values", "given", "told"),
    [
        ([1.0, 2.0], {}, "values of shape (2,) do not have 2 axes, none empty"),
        ([[1.0, math.nan]], {}, "values hold nan; numbers are needed"),
        (np.zeros((10_001, 1)), {}, "there are 10001 strategies; at most 10000 can be ranked"),
        (LINE, {"draws": 0}, "draws is from 1 to 1000000000, not 0"),
        (LINE, {"seed": -1}, "seed is at least 0, not -1"),
        (LINE, {"stream": "splitmix"}, "there is no stream 'splitmix'; did you mean 'splitmix64'?"),
        (LINE, {"stream": "x"}, "there is no stream 'x'; there are sfc64 and splitmix64"),
        (LINE, {"engine": "cuda"}, "there is no engine 'cuda'; there are numba and numpy"),
        (
            Triangles([[[0.0]]], [[[1.0, 2.0]]], [[[3.0]]]),
            {},
            "low, mode and high have the shapes (1, 1, 1), (1, 1, 2) and (1, 1, 1); they have one",
        ),
        (
            Triangles([[[0.0, 2.0]]], [[[1.0, 1.0]]], [[[3.0, 3.0]]]),
            {},
            "low, mode and high are not in rising order: 2, 1, 3; "
            "analyst 0, strategy 0, criterion 1 (from 0)",
        ),
    ],
)
def test_what_is_wrong_is_said(values: object, given: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(told)}$"):
        sample_smaa(values, **given)  # type: ignore[arg-type]  # wrong on purpose


def test_numbers_that_are_not_whole_are_refused() -> None:
    with pytest.raises(TypeError, match=r"^draws is a whole number, not 10.0$"):
        sample_smaa(LINE, draws=10.0)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(TypeError, match=r"^seed is a whole number, not True$"):
        sample_smaa(LINE, seed=True)
    with pytest.raises(ValueError, match=r"^there are 2048 draws already, more than 1000$"):
        sample_smaa(LINE, draws=2000).more(draws=1000)


def test_results_cannot_be_changed() -> None:
    found = sample_smaa(LINE, draws=1000)
    for array in (found.rank, found.central, found.winning, found.mean, found.error.rank):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    assert set(acceptability.__all__) >= {"SampledAcceptability", "Triangles", "sample_smaa"}


def test_what_is_not_counted_with_many_strategies_is_nan_and_can_be_asked_for() -> None:
    values = some.random((19, 3))
    found = sample_smaa(values, draws=2000)
    asked = sample_smaa(values, draws=2000, winning=True)
    assert np.isnan(found.winning).all()
    assert math.isnan(found.ranking_entropy)
    assert found.rank.tolist() == asked.rank.tolist()
    np.testing.assert_allclose(asked.winning.sum(axis=1) - 0.5, 19 - asked.expected_rank)
