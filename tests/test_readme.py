"""The README: it shows the report that is printed, and its commands are the ones that run."""

import re
from pathlib import Path

import assess
from assess.reporting import render

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_report_it_shows_is_the_one_that_is_printed() -> None:
    shown = re.findall(r"```text\n(MALI.*?)```", README, re.S)
    assert len(shown) == 1
    study = assess.load(ROOT / "examples" / "mali")
    printed = render(assess.evaluate(study), "txt", assess.simulate(study))
    pieces = [piece.strip("\n") for piece in shown[0].split("\n[...]\n")]
    assert len(pieces) > 1
    for piece in pieces:
        assert piece in printed


def test_its_two_commands_do_all_their_own_setting_up_in_a_single_line() -> None:
    commands = re.findall(r"^python3 -m venv .*$", README, re.M)
    assert len(commands) == 2
    assert commands[0].endswith("assess report examples/mali")
    assert commands[1].endswith("-m pytest")


def test_ci_runs_exactly_the_second_command() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "README.md | grep '^python3 '" in script
    assert README.count("<!-- tests -->") == 1


def test_every_link_leads_to_a_file() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "CONTRIBUTING.md"):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
