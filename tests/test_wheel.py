"""What a wheel holds: the package, its data and its types, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Build a wheel and return the names of its files."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "-w",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(command, check=True, capture_output=True, text=True)
    (wheel,) = folder.glob("strategy_assess-*.whl")
    with zipfile.ZipFile(wheel) as file:
        return set(file.namelist())


def test_every_module_and_the_mark_of_types_are_in_the_wheel(names: set[str]) -> None:
    source = ROOT / "src"
    modules = {path.relative_to(source).as_posix() for path in source.rglob("*.py")}
    assert modules | {"assess/py.typed"} <= names


@pytest.mark.parametrize(
    ("folder", "pattern"),
    [("criteria", "*.toml"), ("scenarios", "*.toml"), ("examples", "*/study.toml"),
     ("examples", "*/ratings/*.csv")],
)  # fmt: skip
def test_every_packaged_file_is_in_the_wheel(names: set[str], folder: str, pattern: str) -> None:
    packed = {
        f"assess/_data/{path.relative_to(ROOT).as_posix()}"
        for path in (ROOT / folder).glob(pattern)
    }
    assert packed
    assert packed <= names


def test_nothing_else_is_in_the_wheel(names: set[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    assert {top.split("-")[0] for top in tops} == {"assess", "strategy_assess"}
    assert not [name for name in names if name.startswith("assess/tests") or "__pycache__" in name]
