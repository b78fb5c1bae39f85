"""The page of laws and the command that prints verdicts."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from assess import aggregation
from assess.testing.page import laws_page, library_verdicts

PAGE = Path(__file__).resolve().parents[1] / "docs" / "laws.md"
RULE = """
def mean(values, weights):
    return values.mean(axis=-1)
"""


def outcomes(page: str) -> list[list[str]]:
    """Return the cells of the tables of a page, without the numbers of counter-examples."""
    rows = [line for line in page.splitlines() if re.match(r"\| [a-z_]+ \|", line)]
    return [[re.sub(r" \(\d+\)", "", cell).strip() for cell in row.split("|")] for row in rows]


@pytest.mark.law
def test_the_page_shows_every_function_against_every_law_as_they_stand_now() -> None:
    made = PAGE.read_text(encoding="utf-8").split("<!-- made -->\n")[1]
    again = laws_page()
    assert outcomes(again) == outcomes(made)
    sentences = [line for line in again.splitlines() if line.startswith("- **")]
    assert sentences == [line for line in made.splitlines() if line.startswith("- **")]


def test_no_function_of_the_library_breaks_a_law_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8").split("<!-- made -->\n")[1]
    assert not [row for row in outcomes(page) if "breaks" in row]
    assert {name for name in aggregation.__all__ if f"`{name}" in page} == {*aggregation.__all__}


def laws(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `assess laws` in a folder."""
    command = [sys.executable, "-m", "assess", "laws", *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, cwd=folder)


@pytest.mark.law
def test_a_rule_of_ones_own_gets_its_verdicts_in_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "my_rules.py").write_text(RULE)
    for name in ("my_rules.py:mean", "my_rules:mean"):
        done = laws(name, folder=tmp_path)
        assert done.returncode == 1
        assert "zero_weight_is_absence              breaks" in done.stdout
        assert "order_free                          keeps" in done.stdout
        assert "self_dual                           claims not" in done.stdout


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("my_rules.py:men", "my_rules.py has no function 'men' (did you mean 'mean'?)"),
        ("other.py:mean", "there is no file other.py"),
        ("other:mean", "there is no module 'other': other:mean"),
        ("mean", "'mean' names no function: write MODULE:FUNCTION or FILE.py:FUNCTION"),
    ],
)
def test_a_function_that_there_is_not_is_answered(tmp_path: Path, name: str, told: str) -> None:
    (tmp_path / "my_rules.py").write_text(RULE)
    done = laws(name, folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr.strip() == told


@pytest.mark.law
def test_the_verdicts_on_the_library_are_a_line_a_law() -> None:
    lines = library_verdicts("pooling").splitlines()
    assert lines[0] == "Held against mean, median, trimmed_mean."
    assert f"{'bears_liars':<36}keeps: median, trimmed_mean" in lines
    assert f"{'unanimous':<36}keeps: all" in lines
