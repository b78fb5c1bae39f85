"""The script that holds the laws against other libraries: what it says with and without them."""

import re
import subprocess
import sys
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "examples" / "4_peers_under_the_laws.py"
LIBRARIES = {"pymcdm": "pymcdm", "scikit-criteria": "skcriteria"}
METHODS = ("sum as is", "sum", "WPM", "WASPAS", "TOPSIS")
BASIC = {
    "agrees_in_single_precision", "always_the_same", "bounded", "broadcasts", "continuous",
    "idempotent", "leaves_its_input", "monotone", "never_swallows_nan", "one_score_a_strategy",
    "order_free", "other_strategies_irrelevant", "splitting_changes_nothing",
    "zero_weight_is_absence",
}  # fmt: skip


@cache
def printed(hidden: frozenset[str]) -> str:
    """Run the script in a process that cannot import some libraries; return what it prints."""
    code = f"""
import runpy, sys
for name in {sorted(LIBRARIES[library] for library in hidden)}:
    sys.modules[name] = None
sys.argv = ["script", "10"]
runpy.run_path({str(SCRIPT)!r}, run_name="__main__")
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True, text=True, check=False, timeout=300, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 100
    return done.stdout


def outcomes(text: str) -> dict[tuple[str, str], str]:
    """Return how each law stands with each method: "keeps", "breaks" or "no score"."""
    table = text.partition("\nlaw ")[2].partition("\n\n")[0].splitlines()[1:]
    found = {}
    for line in table:
        law, *cells = re.split(r"\s{2,}", line)
        for method, cell in zip(METHODS, cells, strict=True):
            found[law, method] = cell.partition(" (")[0]
    return found


def test_without_the_libraries_the_script_says_what_to_install() -> None:
    text = printed(frozenset(LIBRARIES))
    for library in LIBRARIES:
        assert f'\n{library} is not installed: pip install "strategy-assess[peers]"\n' in text
    assert "These methods rank the strategies of one set, on purpose." in text
    assert "\nlaw " not in text


@pytest.mark.law
@pytest.mark.parametrize("library", LIBRARIES)
def test_known_facts_about_a_library_hold(library: str) -> None:
    if find_spec(LIBRARIES[library]) is None:
        pytest.skip(f'{library} is not installed: pip install "strategy-assess[peers]"')
    text = printed(frozenset(LIBRARIES) - {library})
    assert f"\n{library} {version(library)}\n" in text
    found = outcomes(text)
    added = {"others_keep_their_scores", "others_keep_their_order"}
    assert {law for law, _ in found} == BASIC | added
    assert {found[law, "sum as is"] for law in BASIC | added} == {"keeps"}
    assert found["other_strategies_irrelevant", "TOPSIS"] in {"breaks", "no score"}
    assert found["others_keep_their_scores", "TOPSIS"] == "breaks"
    for method in ("sum", "WPM", "WASPAS"):
        assert found["other_strategies_irrelevant", method] == "breaks"
    assert found["others_keep_their_order", "WPM"] == "keeps"


@pytest.mark.law
@pytest.mark.parametrize("library", LIBRARIES)
def test_every_number_in_the_tables_has_its_counter_example(library: str) -> None:
    if find_spec(LIBRARIES[library]) is None:
        pytest.skip(f'{library} is not installed: pip install "strategy-assess[peers]"')
    text = printed(frozenset(LIBRARIES) - {library}).partition(f"\n{library} ")[2]
    tables, _, notes = text.partition("\n1. ")
    cited = {int(n) for n in re.findall(r"(?:breaks|no score|raises) \((\d+)\)", tables)}
    listed = {1, *(int(n) for n in re.findall(r"^(\d+)\. ", notes, flags=re.MULTILINE))}
    assert cited == listed
