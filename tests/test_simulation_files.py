"""Simulations as files: written the same, read back whole, gone on with, refused when tampered."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import assess
from assess.json_content import digest_of, laid_out
from assess.model import Choice, Criterion, Scale, Strategy, Study, ValueTree
from assess.simulation import Simulation, more, simulate
from assess.simulation.stored import tallies_from_json, tallies_to_json
from tests import small
from tests.test_command_line import assess as command
from tests.test_simulation import flat


@pytest.fixture(scope="module")
def found() -> Simulation:
    """Return a simulation of the small study, with something missing."""
    rows = [row for row in small.rows() if (row.strategy, row.criterion) != ("build", "trust")]
    return simulate(small.study(rows), draws=1000, seed=5)


@pytest.mark.parametrize("suffix", ["json", "csv", "md", "txt"])
def test_the_same_simulation_gives_the_same_bytes(
    found: Simulation, tmp_path: Path, suffix: str
) -> None:
    again = simulate(found.study, draws=1000, seed=5)
    one, other = (
        simulation.write(tmp_path / f"{name}.{suffix}")
        for name, simulation in (("one", found), ("other", again))
    )
    assert one.read_bytes() == other.read_bytes()
    assert one.read_bytes().endswith(b"\n")
    assert not re.search(rb"\bnan\b", one.read_bytes().lower())


def test_a_simulation_read_back_is_equal_and_writes_the_same_bytes(
    found: Simulation, tmp_path: Path
) -> None:
    path = found.write(tmp_path / "one.json")
    again = Simulation.read(path)
    assert again == found
    assert again.study == found.study
    assert (again.ended, again.stopped) == (found.ended, found.stopped)
    assert again.write(tmp_path / "two.json").read_bytes() == path.read_bytes()


def test_a_simulation_read_back_can_be_gone_on_with(found: Simulation, tmp_path: Path) -> None:
    again = Simulation.read(found.write(tmp_path / "one.json"))
    assert more(again, draws=3000) == simulate(found.study, draws=3000, seed=5)


def test_an_interrupted_simulation_says_so_when_it_is_read_back(tmp_path: Path) -> None:
    def stop(done: int, of: int) -> None:
        if done > of / 2:
            raise KeyboardInterrupt

    broken = simulate(small.study(), draws=5000, seed=2, progress=stop)
    again = Simulation.read(broken.write(tmp_path / "one.json"))
    assert again.ended == "interrupted"
    assert again.stopped == broken.stopped
    assert "interrupted" in str(again)
    assert more(again, draws=5000) == simulate(small.study(), draws=5000, seed=2)


@pytest.mark.parametrize("count", [1, 2, 17])
def test_any_number_of_strategies_and_no_gates_round_trip(tmp_path: Path, count: int) -> None:
    values = {f"s{i}": (50.0, 40.0 + i) for i in range(count)}
    made = simulate(flat(values, half_width=5), draws=300, seed=1)
    assert Simulation.read(made.write(tmp_path / "one.json")) == made


def test_the_packaged_example_round_trips(tmp_path: Path) -> None:
    made = simulate(assess.load("mali"), draws=500, seed=1)
    path = made.write(tmp_path / "mali.json")
    assert Simulation.read(path) == made
    assert path.stat().st_size < 4_000_000


def test_tallies_are_whole_numbers_with_trimmed_histograms(found: Simulation) -> None:
    plain = tallies_to_json(found.tallies)
    first, counts = plain["declared"]["total"][0][1]
    assert counts[0] > 0
    assert counts[-1] > 0
    whole = np.zeros(1000, dtype=int)
    whole[first : first + len(counts)] = counts
    np.testing.assert_array_equal(whole, found.tally.total[0, 1])
    text = json.dumps(plain)
    assert "." not in text
    assert tallies_from_json(json.loads(text), found.study, found.blocks) == found.tallies


def test_results_say_what_the_simulation_says(found: Simulation, tmp_path: Path) -> None:
    content = json.loads(found.write(tmp_path / "one.json").read_text(encoding="utf-8"))
    results = content["results"]
    assert content["axes"]["strategy"] == ["keep", "reform", "build"]
    np.testing.assert_allclose(results["first"], found.first, atol=1e-6)
    np.testing.assert_allclose(results["mean_error"], found.errors.mean, atol=1e-6)
    median = np.array(results["median"])[..., content["axes"]["node"].index("trust")]
    np.testing.assert_allclose(median, found.quantile(0.5, "trust"), atol=1e-6)
    np.testing.assert_allclose(results["margin"], found.margin(0.5), atol=1e-6)
    assert content["draws"] == found.draws == 1024
    assert content["settings"]["errors"] == {"halo": 0.5, "leniency": 0.0, "common": 0.3}


# Rules of the author's own


def double(values: Any, weights: Any) -> Any:
    """Return a weighted sum, under another name."""
    return (values * weights).sum(axis=-1)


def own() -> Study:
    """Return a study with a rule of its author's."""
    tree = small.tree(rule=Choice(name="double"))
    return small.study(tree=tree, rules={"double": double})


def test_a_study_with_a_rule_of_its_own_is_handed_over_again(tmp_path: Path) -> None:
    made = simulate(own(), draws=300, seed=1)
    path = made.write(tmp_path / "one.json")
    again = Simulation.read(path, own())
    assert again == made
    assert more(again, draws=600) == simulate(own(), draws=600, seed=1)
    with pytest.raises(ValueError, match="rests on a rule") as refused:
        Simulation.read(path)
    assert str(refused.value) == (
        f"{path} rests on a rule of its author's, and no file holds functions: "
        f"Simulation.read({str(path)!r}, assess.load(STUDY, rules={{'double': function}}))"
    )


def test_a_simulation_of_another_study_is_refused(found: Simulation, tmp_path: Path) -> None:
    path = found.write(tmp_path / "one.json")
    other = small.study()
    with pytest.raises(ValueError, match="another study") as refused:
        Simulation.read(path, other)
    assert str(refused.value) == (
        f"{path} is a simulation of another study: its digest is {found.study.digest[:12]!r}, "
        f"that of 'Small' is {other.digest[:12]!r}"
    )
    assert Simulation.read(path, found.study) == found


# What is refused


def put(*keys: str | int, value: Any) -> Callable[[dict[str, Any]], None]:
    """Return what puts a value at a place of a file's content."""

    def change(content: Any) -> None:
        for key in keys[:-1]:
            content = content[key]
        content[keys[-1]] = value

    return change


def plus(*keys: str | int, by: int = 1) -> Callable[[dict[str, Any]], None]:
    """Return what adds to a number at a place of a file's content."""

    def change(content: Any) -> None:
        for key in keys[:-1]:
            content = content[key]
        content[keys[-1]] += by

    return change


def drop(*keys: str) -> Callable[[dict[str, Any]], None]:
    """Return what takes a key out of a file's content."""

    def change(content: Any) -> None:
        for key in keys[:-1]:
            content = content[key]
        del content[keys[-1]]

    return change


DECLARED = ("tallies", "declared")
TAMPERED = [
    (put("seed", value=6), "results_digest is "),
    (put("seed", value=-6), "seed is -6, expected a whole number from 0"),
    (put("seed", value=1.0), "seed is 1.0, expected a whole number from 0"),
    (put("stream", value="pcg"), "stream: 'pcg', expected 'sfc64': that of the study"),
    (put("settings", "share", value=0.7), "settings: "),
    (
        put("block_size", value=128),
        "block_size: 128, expected 256: in which this version of assess draws the study",
    ),
    (put("draws", value=1000), "draws: 1000, expected 1024: those of `blocks`"),
    (put("draws", value=1024.0), "draws: 1024.0, expected 1024: those of `blocks`"),
    (put("blocks", value=[[0, 5]]), "draws: 1024, expected 1280: those of `blocks`"),
    (
        put("blocks", value=[[8, 12]]),
        "results_digest is ",
    ),
    (put("blocks", value=[[1, 3], [5, 7]]), "tallies.independent is {"),
    (put("blocks", value=[]), "blocks are [], expected at least one range"),
    (
        put("blocks", value=[[0, 2], [2, 4]]),
        "blocks[1] is [2, 4], expected [first, one after the last], after those before it",
    ),
    (
        put("blocks", value=4),
        "blocks[0] is 4, expected [first, one after the last], after those before it",
    ),
    (put("ended", value="done"), "ended is 'done' (choose from "),
    (put("stopped", value=None), "stopped is None, expected a text"),
    (put("stopped", value="early"), "results_digest is "),
    (put("axes", "strategy", 0, value="kept"), "axes: "),
    (put("results", "first", 0, 0, value=0.5), "results.first: it is not what the counts say"),
    (put("results", "first", 0, 0, value="a"), "results.first is no array of numbers"),
    (
        put("results", "entropy", value=[0.1, 0.2]),
        "results.entropy has shape (2,), the study asks for (1,)",
    ),
    (drop("results", "winning"), "keys of results: 'winning' is missing"),
    (put("study", "name", value="Other"), "digest is "),
    (
        put("format", value="assess simulation 2"),
        "format is 'assess simulation 2', expected 'assess simulation 1'",
    ),
    (drop("tallies"), "keys of the file: 'tallies' is missing"),
    (put("versions", value={}), "versions: 'assess' is missing"),
    (put("tallies", "halo", value=None), "tallies.halo is None, expected an object of 256 draws"),
    (drop(*DECLARED, "good"), "keys of tallies.declared: 'good' is missing"),
    (
        put(*DECLARED, "extra", value=1),
        "keys of tallies.declared: 'extra' is unknown (",
    ),
    (
        plus(*DECLARED, "order", "draws"),
        "tallies.declared.draws is 1,025, expected 1,024: those of `blocks`",
    ),
    (
        plus(*DECLARED, "order", "rank", 0, 1, 0, by=720720),
        "tallies.declared.order.rank[0][1]: shares of a strategy add up to 738,738,000, "
        "expected 738,017,280",
    ),
    (
        put(*DECLARED, "order", "ahead", 0, 1, value=2000),
        "tallies.declared.order.ahead[0][1]: 2,000 of 1,024 draws",
    ),
    (
        plus(*DECLARED, "total", 0, 1, 1, 3),
        "tallies.declared.total[0][1]: counts add up to 1,025, expected the 1,024 draws",
    ),
    (
        put(*DECLARED, "total", 0, 1, 0, value=998),
        "tallies.declared.total[0][1] holds ",
    ),
    (
        put(*DECLARED, "total", 0, 1, value=[1, 2, 3]),
        "tallies.declared.total[0][1] is [1, 2, 3], expected [first bin, [counts]]",
    ),
    (
        put(*DECLARED, "total", 0, 1, 1, 2, value=0.5),
        "tallies.declared.total[0][1][1][2] is 0.5, expected a whole number from 0",
    ),
    (
        put(*DECLARED, "total", 0, value=[]),
        "tallies.declared.total[0] is a list of 0, expected a list of 3",
    ),
    (
        put(*DECLARED, "good", 0, value=3),
        "tallies.declared.good[0] is 3, expected a list of 3",
    ),
    (
        put(*DECLARED, "good", 0, 1, value=True),
        "tallies.declared.good[0][1] is true, expected a whole number from 0",
    ),
    (
        put(*DECLARED, "passed", 0, 1, 0, value=1025),
        "tallies.declared.passed[0][1][0]: 1,025 of 1,024 draws",
    ),
    (
        plus(*DECLARED, "leaf_sums", 0, by=2**34),
        "tallies.declared.leaf_sums[0]: ",
    ),
    (
        plus(*DECLARED, "group_squares", 0, 0, by=2**34),
        "tallies.declared.group_squares[0][0]: ",
    ),
    (
        plus(*DECLARED, "central", 0, 1, 0, by=2**30),
        "tallies.declared.central[0][1]: ",
    ),
    (
        put("tallies", "missing", "clear", 0, 0, 1, value=300),
        "tallies.missing.clear[0][0][1]: 300 of 256 draws",
    ),
]


@pytest.mark.parametrize(("change", "told"), TAMPERED)
def test_a_file_that_does_not_hold_together_is_refused_in_words(
    found: Simulation, tmp_path: Path, change: Callable[[dict[str, Any]], None], told: str
) -> None:
    path = found.write(tmp_path / "one.json")
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ValueError, match="is not a simulation written by assess") as refused:
        Simulation.read(path)
    assert str(refused.value).startswith(f"{path} is not a simulation written by assess: {told}")


def test_counts_that_do_not_give_the_results_are_refused_whatever_the_digest(
    found: Simulation, tmp_path: Path
) -> None:
    """One draw moves between two bins, and the digest is worked out again."""
    path = found.write(tmp_path / "one.json")
    content = json.loads(path.read_text(encoding="utf-8"))
    bins = content["tallies"]["declared"]["total"][0][1][1]
    place = int(np.argmax(np.cumsum(bins) >= 512))
    bins[0] += 5
    bins[place] -= 5
    keys = set(content) - {"format", "digest", "results_digest", "study"}
    content["results_digest"] = digest_of(
        content["digest"], {key: content[key] for key in content if key in keys}
    )
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ValueError, match=r"results\.\w+: it is not what the counts say"):
        Simulation.read(path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "line 1 is not JSON: "),
        ("[]", "the file holds [], expected an object"),
        ('{"seed": NaN}', "NaN is no number of JSON; what is not there is written null"),
        ('{"seed": 1, "seed": 2}', "key 'seed' stands twice in one object"),
        ("[" * 100_000, "lists or objects are nested too deeply"),
    ],
)
def test_what_is_no_such_json_is_refused(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "one.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="is not a simulation") as refused:
        Simulation.read(path)
    assert str(refused.value).startswith(f"{path} is not a simulation written by assess: {told}")


def test_a_report_is_not_read_as_a_simulation_nor_the_other_way_round(
    found: Simulation, tmp_path: Path
) -> None:
    path = assess.evaluate(found.study).write(tmp_path / "report.json")
    with pytest.raises(ValueError, match="a report without draws: simulation is missing"):
        Simulation.read(path)
    path = found.write(tmp_path / "one.json")
    with pytest.raises(ValueError, match="format is 'assess simulation 1', expected 'assess rep"):
        assess.Report.read(path)
    with pytest.raises(ValueError, match="a simulation is a file written as JSON"):
        Simulation.read(tmp_path)
    with pytest.raises(ValueError, match="there is no such file"):
        Simulation.read(tmp_path / "none.json")


def test_a_suffix_without_a_format_is_refused(found: Simulation, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no format") as refused:
        found.write(tmp_path / "one.xml")
    assert str(refused.value) == (
        "no format of a simulation has the suffix '.xml'; choose from .csv, .json, .md, .txt"
    )
    assert not list(tmp_path.iterdir())


# CSV and pages


def test_csv_holds_each_figure_beside_its_error_and_runs_no_formula(tmp_path: Path) -> None:
    tree = ValueTree(id="flat", criteria={"c0": Criterion(scale=Scale(worst=0, best=100))})
    study = flat({"a": (60,), "b": (40,)}, half_width=5).model_copy(
        update={
            "tree": tree,
            "strategies": {"a": Strategy(name="=1+1"), "b": Strategy(name="Plain, with a comma")},
            "illustrative": "Made up for this test.",
        }
    )
    made = simulate(study, draws=300, seed=1)
    text = made.write(tmp_path / "one.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["name"] for row in rows] == ["'=1+1", "Plain, with a comma"]
    assert [row["illustrative"] for row in rows] == ["yes", "yes"]
    assert [row["first"] for row in rows] == ["1.0", "0.0"]
    assert float(rows[0]["mean"]) == pytest.approx(100 * made.mean[0, 0, 0])
    assert float(rows[0]["mean_error"]) == pytest.approx(100 * made.errors.mean[0, 0, 0])
    assert float(rows[1]["high"]) == pytest.approx(100 * made.quantile(0.9)[0, 1])
    assert rows[0]["good"] == rows[0]["good_error"] == ""
    assert list(made.table.columns) == [
        key for key in rows[0] if key not in ("name", "illustrative")
    ]


def test_the_page_as_markdown_takes_nothing_of_the_study_for_markup(tmp_path: Path) -> None:
    study = flat({"a": (60,), "b": (40,)}).model_copy(
        update={"strategies": {"a": Strategy(name="*bold* | x"), "b": Strategy()}}
    )
    text = simulate(study, draws=300).write(tmp_path / "one.md").read_text(encoding="utf-8")
    assert text.startswith("# Flat: how sure\n")
    assert r"\*bold\* \| x" in text
    assert "| ---" in text
    assert "512 draws, seed 0" in text


def test_shares_on_the_page_show_as_many_digits_as_their_error_supports() -> None:
    found = simulate(flat({"a": (55, 45), "b": (48, 52)}, half_width=12), draws=500, seed=1)
    share, error = found.first[0, 0], found.errors.first[0, 0]
    assert 0.01 < error < 0.03
    assert f" {share * 100:.0f} %" in str(found)
    assert f"{share * 100:.1f} %" not in str(found)


# The layout


def test_json_is_laid_out_in_short_lines_and_says_the_same() -> None:
    content = {"a": {"b": {"c": [1, {"d": None}], "é": "x"}, "e": {}}, "f": 1.5, "g": []}
    for depth in range(1, 5):
        assert json.loads(laid_out(content, depth)) == content
    assert laid_out(content, 1) == (
        '{\n "a": {"b":{"c":[1,{"d":null}],"é":"x"},"e":{}},\n "f": 1.5,\n "g": []\n}\n'
    )


# From outside


def test_the_command_writes_what_the_library_writes(tmp_path: Path) -> None:
    made = simulate(assess.load("mali"), draws=300, seed=4)
    expected = made.write(tmp_path / "expected.json").read_bytes()
    asked = ("simulate", "mali", "--draws", "300", "--seed", "4")
    done = command(*asked, "-o", "out.json", cwd=tmp_path)
    assert (done.returncode, done.stdout.strip()) == (0, "out.json"), done.stderr
    assert (tmp_path / "out.json").read_bytes() == expected
    shown = command(*asked, "--format", "csv", cwd=tmp_path)
    assert shown.stdout == made.write(tmp_path / "expected.csv").read_text(encoding="utf-8")


def test_the_command_refuses_a_format_before_it_draws(tmp_path: Path) -> None:
    done = command("simulate", "mali", "--draws", "900000000", "-o", "out.xml", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "no format of a simulation has the suffix '.xml'; choose from .csv, .json, .md, .txt"
    )
    done = command("simulate", "mali", "-o", "out.csv", "--format", "json", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "out.csv is no .json file: leave out --format, or write out.json"
    )
