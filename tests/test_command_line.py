"""The command line from outside: every command in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from assess.cli import app

ROOT = Path(__file__).resolve().parents[1]


def assess(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line in a folder."""
    command = [sys.executable, "-m", "assess", *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, check=False, encoding="utf-8"
    )


def test_a_new_study_passes_check_and_reports_as_it_stands(tmp_path: Path) -> None:
    made = assess("new", "mine", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert "mine/study.toml" in made.stdout.replace("\\", "/")
    checked = assess("check", "mine", cwd=tmp_path)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "No problems: My study" in checked.stdout
    report = assess("report", "mine", cwd=tmp_path)
    assert (report.returncode, report.stderr) == (0, "")
    assert "Median of 10,240 draws" in report.stdout
    assert "ILLUSTRATIVE" in report.stdout
    plain = assess("report", "mine", "--draws", "0", cwd=tmp_path)
    assert "Highest point score: Reform" in plain.stdout
    assert "draws" not in plain.stdout.lower()


def test_a_copied_example_gives_the_report_of_the_original(tmp_path: Path) -> None:
    assert assess("new", "copy", "--example", "mali", cwd=tmp_path).returncode == 0
    for name in ("copy", "mali"):
        done = assess("report", name, "--draws", "256", "-o", f"{name}.json", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
    copy, original = (
        json.loads((tmp_path / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("copy", "mali")
    )
    assert copy["results"] == original["results"]
    assert copy["digest"] == original["digest"]
    assert (tmp_path / "copy" / "criteria" / "defence_strategy.toml").is_file()
    first = (tmp_path / "copy" / "study.toml").read_text(encoding="utf-8").split("\n")[0]
    assert (tmp_path / "copy" / first.removeprefix("#:schema ")).is_file()


def test_new_never_writes_into_a_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "precious.txt").write_text("mine")
    refused = assess("new", "mine", cwd=tmp_path)
    assert refused.returncode == 1
    assert "mine: exists and is not empty" in refused.stderr
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["precious.txt"]


def test_new_names_the_nearest_example(tmp_path: Path) -> None:
    refused = assess("new", "mine", "--example", "malli", cwd=tmp_path)
    assert refused.returncode == 1
    assert "'malli' is not packaged (did you mean 'mali'?)" in refused.stderr


def test_check_lists_every_problem_and_exits_with_one(tmp_path: Path) -> None:
    assess("new", "mine", cwd=tmp_path)
    ratings = tmp_path / "mine" / "ratings.csv"
    ratings.write_text(
        ratings.read_text(encoding="utf-8").replace("reform,,practice,2", "reform,,practise,7"),
        encoding="utf-8",
    )
    checked = assess("check", "mine", cwd=tmp_path)
    assert (checked.returncode, checked.stdout) == (1, "")
    assert "ratings.csv:5:criterion: 'practise' is no criterion" in checked.stderr
    assert "did you mean 'practice'?" in checked.stderr


@pytest.mark.parametrize("suffix", ["csv", "json", "md", "txt"])
def test_every_format_is_written_by_its_suffix_and_printed_by_name(
    tmp_path: Path, suffix: str
) -> None:
    assess("new", "mine", cwd=tmp_path)
    written = assess("report", "mine", "--draws", "256", "-o", f"out.{suffix}", cwd=tmp_path)
    assert written.stdout.strip() == f"out.{suffix}"
    printed = assess("report", "mine", "--draws", "256", "--format", suffix, cwd=tmp_path)
    text = (tmp_path / f"out.{suffix}").read_text(encoding="utf-8")
    assert printed.stdout.strip() == text.strip()
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_an_unknown_format_is_refused_with_those_there_are(tmp_path: Path) -> None:
    assess("new", "mine", cwd=tmp_path)
    refused = assess("report", "mine", "-o", "out.pdf", cwd=tmp_path)
    assert refused.returncode == 1
    assert "no format has the suffix '.pdf'; choose from .csv, .json, .md, .txt" in refused.stderr
    assert not (tmp_path / "out.pdf").exists()


def test_one_scenario_can_be_reported_alone(tmp_path: Path) -> None:
    report = assess(
        "report", "mali", "--draws", "256", "--scenario", "porous_borders", cwd=tmp_path
    )
    assert report.returncode == 0, report.stderr
    assert "BY SCENARIO" not in report.stdout
    refused = assess("report", "mali", "--scenario", "porous_border", cwd=tmp_path)
    assert refused.returncode == 1
    assert "did you mean 'porous_borders'?" in refused.stderr


def test_explain_goes_down_to_ratings_and_evidence(tmp_path: Path) -> None:
    assess("new", "mine", cwd=tmp_path)
    done = assess("explain", "mine", "--strategy", "reform", cwd=tmp_path)
    assert done.returncode == 0
    for part in (
        "people protected",
        "first: 70 % of the population; worth 55",
        "grade C3",
        "50 % of the panel's voice",
    ):
        assert part in " ".join(done.stdout.split())
    refused = assess("explain", "mine", "--strategy", "reforms", cwd=tmp_path)
    assert refused.returncode == 1
    assert "no strategy 'reforms' (did you mean 'reform'?)" in refused.stderr


def test_two_reports_are_compared_with_their_bases(tmp_path: Path) -> None:
    assess("new", "mine", cwd=tmp_path)
    assess("report", "mine", "--draws", "256", "-o", "before.json", cwd=tmp_path)
    ratings = tmp_path / "mine" / "ratings.csv"
    ratings.write_text(
        ratings.read_text(encoding="utf-8").replace("protected,70,55,80", "protected,60,55,80"),
        encoding="utf-8",
    )
    assess("report", "mine", "--draws", "256", "-o", "after.json", cwd=tmp_path)
    done = assess("compare", "before.json", "after.json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "people protected" in done.stdout
    assert "% of 47.3" in done.stdout
    assert "not an effect of the strategy" in done.stdout
    same = assess("compare", "before.json", "before.json", cwd=tmp_path)
    assert "No comparable score moved." in same.stdout


def test_two_strategies_of_one_study_are_compared(tmp_path: Path) -> None:
    done = assess(
        "compare", "mali_history", "--strategies", "years_2019_2021", "years_2022_2024",
        cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "points" in done.stdout
    alone = assess("compare", "mali_history", cwd=tmp_path)
    assert alone.returncode == 1
    assert "--strategies EARLIER LATER" in alone.stderr


def test_a_file_that_is_no_report_is_refused(tmp_path: Path) -> None:
    for name, text in (("a.json", "{}"), ("b.json", "not json"), ("c.json", "[]")):
        (tmp_path / name).write_text(text, encoding="utf-8")
        refused = assess("compare", name, name, cwd=tmp_path)
        assert refused.returncode == 1
        assert f"{name} is not a report written by assess" in refused.stderr


def test_list_names_everything_that_can_be_chosen(tmp_path: Path) -> None:
    listed = assess("list", cwd=tmp_path)
    assert listed.returncode == 0
    for name in ("defence_strategy", "porous_borders", "mali_history", "power_mean", "swing"):
        assert f"  {name}" in listed.stdout


@pytest.mark.parametrize("command", ["new", "check", "report", "explain", "compare", "list"])
def test_every_command_explains_itself(tmp_path: Path, command: str) -> None:
    helped = assess(command, "--help", cwd=tmp_path)
    assert helped.returncode == 0
    assert "Usage:" in helped.stdout


def test_a_reader_who_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "assess",
        "explain",
        "mali",
        "--strategy",
        "regional_coalition",
    ]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith("Regional coalition in Reference")
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait() == 0


def test_a_missing_study_is_named(tmp_path: Path) -> None:
    refused = assess("report", "nowhere", cwd=tmp_path)
    assert refused.returncode == 1
    assert "nowhere: there is no study here" in refused.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a study and its report."""
    made = tmp_path_factory.mktemp("folder")
    assess("new", "mine", cwd=made)
    assert assess("report", "mine", "--draws", "256", "-o", "mine.json", cwd=made).returncode == 0
    return made


NOT_A_STUDY = "a study is a folder with study.toml"
TWO = ("compare", "mine.json", "mine.json")
WRITE_FIRST = (
    "mine is a study, and compare takes reports: write one with assess report mine -o NAME.json, "
    "or compare two strategies of the study: assess compare mine --strategies EARLIER LATER"
)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (
            ("check", "mine/ratings.csv"),
            f"mine/ratings.csv is a table of ratings; {NOT_A_STUDY} (did you mean 'mine'?)",
        ),
        (("report", "mine.json"), f"mine.json is a report; {NOT_A_STUDY}"),
        (("explain", "mine.json", "--strategy", "a"), f"mine.json is a report; {NOT_A_STUDY}"),
        (
            ("compare", "mine.json", "--strategies", "a", "b"),
            f"mine.json is a report; {NOT_A_STUDY}",
        ),
        (
            ("report", "mine", "-o", "nodir/x.md"),
            "nodir/x.md: there is no folder nodir",
        ),
        (("report", "mine", "-o", "mine.d"), "no format has the suffix '.d'"),
        (
            ("report", "mine", "-o", "x"),
            "x has no suffix to say the format: add one of .csv, .json, .md, .txt",
        ),
        (
            ("report", "mine", "-o", "x.json", "--format", "md"),
            "x.json is no .md file: leave out --format, or write x.md",
        ),
        (("report", "mine", "--format", ".pdf"), "no format has the suffix '.pdf'"),
        (
            ("report", "unread", "-o", "x.html"),
            "no format has the suffix '.html'; choose from .csv, .json, .md, .txt",
        ),
        (("report", "mine", "--scenario", ""), "no scenario '' (choose from 'my_scenario')"),
        (
            ("explain", "mine", "--strategy", "reform", "--scenario", ""),
            "no scenario '' (choose from 'my_scenario')",
        ),
        (
            ("compare", "mine", "--strategies", "reform", "reform", "--scenario", ""),
            "no scenario '' (choose from 'my_scenario')",
        ),
        (("compare", "a.json", "mine.json"), "a.json: there is no such file"),
        (("compare", "mine", "mine"), WRITE_FIRST),
        (("compare", "mine.json", "mali"), WRITE_FIRST.replace("mine", "mali")),
        (
            (*TWO, "--scenario", "nonsense"),
            "--scenario goes with --strategies: two reports are compared in every scenario that "
            "both have",
        ),
        (
            ("compare", "mine", "mine.json", "--strategies", "a", "b"),
            "--strategies compares within one study: leave out mine.json",
        ),
    ],
)
def test_a_wrong_command_is_answered_with_the_right_one(
    folder: Path, arguments: tuple[str, ...], told: str
) -> None:
    refused = assess(*arguments, cwd=folder)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith(told)
    assert len(refused.stderr.splitlines()) == 1
    assert sorted(path.name for path in folder.iterdir()) == ["mine", "mine.json"]


WHOLE = [
    (name, argument.name)
    for name in app
    if name[0] != "-"
    for argument in app[name].assemble_argument_collection()
    if argument.hint in (int, int | None)
]


def test_the_options_that_are_whole_numbers_are_found() -> None:
    assert {("form", "--round"), ("report", "--jobs"), ("simulate", "--draws")} < {*WHOLE}


@pytest.mark.parametrize(("name", "option"), WHOLE)
@pytest.mark.parametrize("number", ["1.5", "2.0"])
def test_a_number_with_a_fraction_is_refused_and_not_cut(
    tmp_path: Path, name: str, option: str, number: str
) -> None:
    rest = ("--analyst", "a", "-o", "form.xlsx") if name == "form" else ()
    refused = assess(name, "unread", *rest, option, number, cwd=tmp_path)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert f"{option} is a whole number: {number}" in refused.stderr


@pytest.mark.parametrize("name", ["md", ".md", "MD"])
def test_a_format_is_known_with_and_without_its_point(folder: Path, name: str) -> None:
    printed = assess("report", "mine", "--draws", "256", "--format", name, cwd=folder)
    assert printed.stdout.startswith("# My study"), printed.stderr


def test_help_lists_the_formats_and_says_where_rules_of_ones_own_go(folder: Path) -> None:
    helped = " ".join(assess("report", "--help", cwd=folder).stdout.replace("│", " ").split())
    assert "its suffix says the format: .csv, .json, .md, .txt" in helped
    helped = " ".join(assess("--help", cwd=folder).stdout.split())
    assert "A study whose tree names a rule of your own is assessed in Python" in helped


def test_a_study_with_a_rule_of_ones_own_says_where_rules_are_handed_over(tmp_path: Path) -> None:
    assess("new", "mine", cwd=tmp_path)
    tree = next((tmp_path / "mine" / "criteria").glob("*.toml"))
    text = tree.read_text(encoding="utf-8")
    tree.write_text(text.replace('version = "1"', 'version = "1"\nrule = "own"'), encoding="utf-8")
    refused = assess("report", "mine", cwd=tmp_path)
    assert refused.returncode == 1
    assert "rule 'own' is unknown" in refused.stderr
    assert refused.stderr.splitlines()[-1] == (
        "A study whose tree names a rule of your own is assessed in Python, because files name "
        "functions and bring none: assess.evaluate(assess.load(STUDY, rules={NAME: function}))."
    )


def test_nothing_that_a_study_says_commands_the_terminal(tmp_path: Path) -> None:
    assess("new", "mine", cwd=tmp_path)
    study = tmp_path / "mine" / "study.toml"
    text = study.read_text(encoding="utf-8")
    study.write_text(
        text.replace('name = "My study', 'name = "\\u001b[31mMy study', 1), encoding="utf-8"
    )
    checked = assess("check", "mine", cwd=tmp_path)
    assert checked.returncode == 0, checked.stderr
    assert "No problems: [31mMy study" in checked.stdout
    assert "\x1b" not in checked.stdout


def test_check_prints_the_ranges_that_weights_name(tmp_path: Path) -> None:
    assert assess("new", "mine", cwd=tmp_path).returncode == 0
    done = assess("check", "mine", "--ranges", cwd=tmp_path)
    mark = next(line.split()[0] for line in done.stdout.splitlines() if line.endswith("  my_tree"))
    scenario = tmp_path / "mine" / "scenarios" / "my_scenario.toml"
    assert f'ranges = "{mark}"' in scenario.read_text(encoding="utf-8")
    assert "do not name the ranges" not in done.stdout
    tree = tmp_path / "mine" / "criteria" / "my_tree.toml"
    text = tree.read_text(encoding="utf-8").replace("worst = 40", "worst = 30")
    tree.write_text(text, encoding="utf-8")
    stale = assess("check", "mine", cwd=tmp_path)
    assert stale.returncode == 1
    assert "elicited against other scales" in stale.stderr
