"""The shape of the package: floors, public names, lazy imports, first lines, packaged data."""

import ast
import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import assess
from assess.files import packaged, read_scenario, read_tree
from assess.files.new import schema_texts

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "assess"

FLOORS = (
    ("model",),
    (
        "values",
        "weighting",
        "weight_sets",
        "aggregation",
        "pooling",
        "agreement",
        "acceptability",
        "robustness",
        "distributions",
        "triangles",
        "classical_model",
        "choices",
        "rounding",
        "progress",
        "atomic",
        "json_content",
        "value_of_information",
        "variance",
        "version",
    ),
    (
        "rollup",
        "fingerprints",
        "digests",
        "evidence",
        "register",
        "tradecraft",
        "performance",
        "weight_bounds",
        "stakeholders",
    ),
    ("tables",),
    ("contributions", "checks", "instrument", "intervals", "support"),
    ("files", "report"),
    ("assessment", "notes", "differences", "changes", "level_changes", "forms"),
    ("panel", "simulation", "tradeoffs", "decomposition", "sensitivity"),
    ("over_scenarios",),
    ("explanation", "comparison", "over_time", "summary"),
    ("reporting", "testing"),
    ("verification",),
    ("cli", "_hypothesis"),
    ("__init__", "__main__"),
)
LEVEL = {name: level for level, names in enumerate(FLOORS) for name in names}
# Results show and write themselves: their methods alone may reach up, to reporting.
MAY_REACH_REPORTING = {"report", "explanation", "comparison", "over_time", "simulation"}

MODULES = sorted(SOURCE.rglob("*.py"))


def unit(path: Path) -> str:
    """Return the file or package directly under `assess` that a module belongs to."""
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> list[tuple[str, bool]]:
    """Return what a module imports of the package, and whether inside a function."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    inside = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
    }
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or id(node) in typing_only:
            continue
        module = node.module or ""
        if module == "assess":
            found += [(alias.name, id(node) in inside) for alias in node.names]
        elif module.startswith("assess."):
            found.append((module.split(".")[1], id(node) in inside))
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_imports_point_down_the_floors_only(path: Path) -> None:
    here = unit(path)
    for there, inside in imports(path):
        if there == here:
            continue
        if inside and there == "reporting" and here in MAY_REACH_REPORTING:
            continue
        assert LEVEL[there] < LEVEL[here], f"{here} may not import {there}"


def test_every_file_stands_on_a_floor() -> None:
    units = {unit(path) for path in MODULES}
    assert units == set(LEVEL)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_the_first_line_says_what_a_file_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert path.read_text(encoding="utf-8").startswith('"""')


def test_public_names_are_sorted_and_all_there() -> None:
    assert list(assess.__all__) == sorted(assess.__all__)
    assert len(assess.__all__) == len(set(assess.__all__))
    for name in assess.__all__:
        assert getattr(assess, name) is not None
    assert set(assess.__all__) < set(dir(assess))
    assert assess.__version__ == "0.1.0"
    with pytest.raises(AttributeError, match="no attribute 'evalute'"):
        _ = assess.evalute


@pytest.mark.parametrize("module", [assess.aggregation, assess.weighting, assess.pooling])
def test_every_name_of_a_registry_is_a_documented_function(module: object) -> None:
    names = module.__all__  # type: ignore[attr-defined]
    assert list(names) == sorted(names)
    for name in names:
        doc = getattr(module, name).__doc__
        assert ">>>" in doc
        assert "\n\n" in doc


def run(code: str) -> str:
    """Run code in a fresh process and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT.anchor
    )
    return done.stdout


def test_importing_the_package_loads_no_heavy_library() -> None:
    heavy = ("pandas", "scipy", "rich", "cyclopts", "altair", "hypothesis", "numpy", "pydantic")
    loaded = run(f"import assess, sys; print([m for m in {heavy} if m in sys.modules])")
    assert loaded.strip() == "[]"


def test_a_study_in_python_needs_neither_pandas_nor_the_faces() -> None:
    heavy = ("pandas", "scipy", "rich", "cyclopts", "altair", "hypothesis")
    code = "import assess, sys; assess.Study; assess.evaluate; assess.StudyError"
    loaded = run(f"{code}; print([m for m in {heavy} if m in sys.modules])")
    assert loaded.strip() == "[]"


@pytest.mark.parametrize(
    "module", ["assess.reporting", "assess.files", "assess.cli", "assess.model"]
)
def test_any_module_can_be_the_first_one_imported(module: str) -> None:
    assert run(f"import {module}; print('fine')").strip() == "fine"


def test_the_library_prints_nothing_and_sets_up_no_logging() -> None:
    code = (
        "import assess, logging; assess.evaluate(assess.load('mali'));"
        "print(logging.getLogger().handlers, list(logging.Logger.manager.loggerDict)[:0])"
    )
    assert run(code).strip() == "[] []"


@pytest.mark.parametrize("kind", ["tree", "scenario", "study"])
def test_schemas_are_those_of_the_models(kind: str) -> None:
    stored = (ROOT / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8")
    assert stored == dict(schema_texts())[kind], "write the schemas again: see CONTRIBUTING.md"


def test_every_packaged_file_names_its_schema_first_and_loads() -> None:
    for path in packaged("criteria").values():
        assert path.read_text(encoding="utf-8").startswith("#:schema ../schemas/tree.schema.json\n")
        assert read_tree(path).id == path.stem
    for path in packaged("scenarios").values():
        first = path.read_text(encoding="utf-8").split("\n")[0]
        assert first == "#:schema ../schemas/scenario.schema.json"
        assert read_scenario(path).id == path.stem
    for folder in packaged("examples").values():
        first = (folder / "study.toml").read_text(encoding="utf-8").split("\n")[0]
        assert first == "#:schema ../../schemas/study.schema.json"
        assert assess.check(assess.load(folder)) == ()


def described(kind: str, path: Path) -> list[str]:
    """Return what a JSON Schema finds wrong in a TOML file."""
    schema = json.loads((ROOT / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8"))
    content = json.loads(json.dumps(tomllib.loads(path.read_text(encoding="utf-8")), default=str))
    return [error.message for error in Draft202012Validator(schema).iter_errors(content)]


def test_schemas_accept_every_packaged_file() -> None:
    for kind, paths in (
        ("tree", packaged("criteria").values()),
        ("scenario", packaged("scenarios").values()),
        ("study", [folder / "study.toml" for folder in packaged("examples").values()]),
    ):
        for path in paths:
            assert described(kind, path) == [], path


def test_schemas_refuse_an_unknown_key_and_a_wrong_word(tmp_path: Path) -> None:
    path = tmp_path / "tree.toml"
    path.write_text('id = "a"\n[criteria.b]\nkind = "sort of"\nunits = "m"\n', encoding="utf-8")
    told = " ".join(described("tree", path))
    assert "'units' was unexpected" in told
    assert "'sort of' is not" in told


def test_the_wheel_holds_the_data_at_the_top_of_the_repository() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    assert included == {k: f"assess/_data/{k}" for k in ("criteria", "scenarios", "examples")}
