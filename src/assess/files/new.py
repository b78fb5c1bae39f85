"""A study to start from: a small one that can be assessed as it stands, or a packaged example."""

import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from assess.files.packaged import Kind, packaged
from assess.files.study import StudyFile
from assess.model import Problem, Scenario, StudyError, ValueTree, nearest

SCHEMAS: dict[str, type[BaseModel]] = {"tree": ValueTree, "scenario": Scenario, "study": StudyFile}

_STUDY = """\
#:schema schemas/study.schema.json
# The question, who takes part, and which files belong to the study.
name = "My study"
question = "Which strategy serves its purpose best over the next three years?"
as_of = 2026-01-01
horizon = "36 months"
illustrative = "A study to start from: every rating in it is made up."
tree = "criteria/my_tree.toml"
scenarios = ["scenarios/my_scenario.toml"]
ratings = ["ratings.csv"]

[strategies.continue_as_now]
name = "Continue as now"
baseline = true

[strategies.reform]
name = "Reform"

[analysts.first]
role = "analyst"
interests = "none declared"

[analysts.second]
role = "outsider"
interests = "none declared"
"""

_TREE = """\
#:schema ../schemas/tree.schema.json
# What is judged: criteria, their scales, and how they come together.
id = "my_tree"
name = "Effectiveness"
version = "1"

[scales.practice]                  # every level is anchored in words; worths are to be elicited
0 = { worth = 0.0, anchor = "absent" }
1 = { worth = 0.4, anchor = "in force in some units, partial records" }
2 = { worth = 1.0, anchor = "in force wherever required, full records" }

[criteria.results]
name = "Results"

[criteria.people_protected]
parent = "results"
question = "How many people live where the state protects them?"
unit = "% of the population"
kind = "effectiveness"
scale = { worst = 40, best = 95 }
acceptable = 60
good = 80

[criteria.practice]
name = "Practice"
question = "How far is the agreed practice in force?"
kind = "performance"
scale = "practice"
acceptable = "1"
good = "2"
"""

_SCENARIO = """\
#:schema ../schemas/scenario.schema.json
# How much the criteria matter, and why.
id = "my_scenario"
name = "Reference"
tree = "my_tree"

[weights.my_tree]
method = "swing"                   # 100 = the swing from worst to best that matters most
reason = "moving protection from 40 to 95 % would matter most; practice follows it"
against = "1"
judgements = { results = 100, practice = 50 }
ranges = "34446a350336"
"""

_RATINGS = """\
analyst,strategy,scenario,criterion,rating,low,high,confidence,grade,source,rationale,date,basis
first,continue_as_now,,people_protected,55,45,62,moderate,B2,illustrative,made up,2026-01-01,illustrative
first,continue_as_now,,practice,1,,,low,,illustrative,made up,2026-01-01,illustrative
first,reform,,people_protected,70,55,80,moderate,C3,illustrative,made up,2026-01-01,illustrative
first,reform,,practice,2,,,moderate,B2,illustrative,made up,2026-01-01,illustrative
second,continue_as_now,,people_protected,58,,,moderate,B2,illustrative,made up,2026-01-01,illustrative
second,reform,,people_protected,62,,,low,,illustrative,made up,2026-01-01,illustrative
second,reform,,practice,?,,,,,illustrative,not seen yet,2026-01-01,illustrative
"""


def new_study(folder: Path, *, example: str | None = None) -> tuple[Path, ...]:
    """Write a study into a folder that does not exist yet or is empty; all of it or nothing.

    Args:
        folder: where.
        example: name of a packaged example to copy, with the tree and scenarios it uses.

    Returns:
        The files, in the order to read them.

    Raises:
        StudyError: the folder holds something already, or there is no such example.
    """
    refuse_full(folder)
    shelf = packaged("examples")
    if example is not None and example not in shelf:
        problem = Problem("example", (), f"{example!r} is not packaged", nearest(example, shelf))
        raise StudyError([problem])
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as draft:
        made = Path(draft) / "study"
        made.mkdir()
        written = _copied(shelf[example]) if example else _started()
        names = [name for name, _ in written]
        for name, text in written:
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).write_text(text, encoding="utf-8", newline="\n")
        for kind, text in schema_texts():
            (made / "schemas").mkdir(exist_ok=True)
            (made / "schemas" / f"{kind}.schema.json").write_text(text, encoding="utf-8")
        if folder.exists():
            folder.rmdir()
        shutil.move(made, folder)
    return tuple(folder / name for name in names)


def refuse_full(folder: Path) -> None:
    """Refuse a folder that holds something already, or a file in its place.

    Raises:
        StudyError: it does.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        message = "exists and is not empty"
        raise StudyError([Problem(str(folder), (), message, "choose another folder", str(folder))])


def _started() -> list[tuple[str, str]]:
    return [
        ("study.toml", _STUDY),
        ("criteria/my_tree.toml", _TREE),
        ("scenarios/my_scenario.toml", _SCENARIO),
        ("ratings.csv", _RATINGS),
    ]


def _copied(example: Path) -> list[tuple[str, str]]:
    """Return an example's files, its packaged tree and scenarios made its own."""
    text = (example / "study.toml").read_text(encoding="utf-8")
    text = text.replace("../../schemas/", "schemas/")
    found: list[tuple[str, str]] = []
    kinds: tuple[Kind, ...] = ("criteria", "scenarios")
    for kind in kinds:
        for name, path in packaged(kind).items():
            quoted = re.compile(rf'(?<=[\[ ,=\n])"{name}"(?=[\],\n ])')
            head = text.split("[strategies", 1)[0]
            if quoted.search(head):
                text = quoted.sub(f'"{kind}/{name}.toml"', head) + text[len(head) :]
                found.append((f"{kind}/{name}.toml", path.read_text(encoding="utf-8")))
    others = [
        (str(path.relative_to(example)), path.read_text(encoding="utf-8"))
        for path in sorted(example.rglob("*"))
        if path.is_file() and path.name != "study.toml"
    ]
    return [("study.toml", text), *found, *others]


def _short(schema: Any) -> Any:
    """Return a schema whose descriptions are the first sentence alone."""
    if isinstance(schema, list):
        return [_short(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: item.split("\n\n")[0]
        if key == "description" and isinstance(item, str)
        else _short(item)
        for key, item in schema.items()
    }


def schema_texts() -> Iterator[tuple[str, str]]:
    """Yield the JSON Schema of every kind of TOML file."""
    for kind, model in SCHEMAS.items():
        schema = _short(model.model_json_schema(mode="validation"))
        yield kind, json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
