"""What reading and checking 1,000,000 ratings costs, beside pandas and row-by-row pydantic."""

import csv
import json
import subprocess
import sys
import tempfile
from datetime import date
from itertools import islice
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from statistics import median
from typing import Any

import pandas as pd
from made_up import columns, study, worlds
from timing import Line, ratio, seconds, show

import assess
from assess import Rating

ROUNDS = 5
ANALYSTS, STRATEGIES, WORLDS, LEAVES = 50, 50, 10, 40
SAMPLE = 50_000
SLOWEST, LARGEST, FASTEST = 2.5, 1500.0, 40.0
EVIDENCE = ("grade", "source", "rationale", "date")


def main() -> None:
    rows = ANALYSTS * STRATEGIES * WORLDS * LEAVES
    with tempfile.TemporaryDirectory() as folder:
        child("write", folder)
        size = (Path(folder) / "ratings.csv").stat().st_size / 1e6
        pairs = [(child("load", folder), child("pandas", folder)) for _ in range(ROUNDS)]
        checks = [(child("pydantic", folder), child("check", folder)) for _ in range(ROUNDS)]
    ours, bare = ([pair[i]["seconds"] for pair in pairs] for i in (0, 1))
    peak, bare_peak = (max(pair[i]["peak"] for pair in pairs) for i in (0, 1))
    by_row = [pair[0]["seconds"] * rows / SAMPLE for pair in checks]
    at_once = [pair[1]["seconds"] for pair in checks]
    slower, faster = ratio(ours, bare), ratio(by_row, at_once)
    show(
        f"{rows:,} ratings, 12 columns, {size:.0f} MB; processor time, a fresh process each run",
        [
            Line("pandas.read_csv", median(bare)),
            Line(
                "assess.load: read and check",
                median(ours),
                slower,
                f"at most {SLOWEST}",
                slower <= SLOWEST,
            ),
            Line("pandas.read_csv, peak memory of the process", bare_peak, unit="MB"),
            Line(
                "assess.load, peak memory of the process",
                peak,
                None,
                f"at most {LARGEST:.0f} MB",
                peak <= LARGEST,
                "MB",
            ),
            Line(f"pydantic, scaled up from {SAMPLE:,} rows", median(by_row)),
            Line(
                "check(study); ratio: pydantic to it",
                median(at_once),
                faster,
                f"at least {FASTEST:.0f}",
                faster >= FASTEST,
            ),
        ],
    )


def child(job: str, folder: str) -> Any:
    """Run one job in a process of its own and return what it found."""
    command = [sys.executable, __file__, job, folder]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def run(job: str, folder: Path) -> Any:
    """Do one job of a child."""
    if job == "write":
        return write(folder)
    if job == "load":
        return measured(lambda: assess.load(folder))
    if job == "pandas":
        return measured(lambda: pd.read_csv(folder / "ratings.csv"))
    if job == "check":
        loaded = assess.load(folder).model_copy()  # without what the load found out
        return measured(lambda: assess.check(loaded))
    with (folder / "ratings.csv").open(newline="") as file:
        rows = [as_row(cells) for cells in islice(csv.DictReader(file), SAMPLE)]
    return measured(lambda: validate(rows))


def measured(function: Any) -> dict[str, float]:
    """Return the time of one call, and the most memory the process ever held."""
    taken = seconds(function)
    peak = getrusage(RUSAGE_SELF).ru_maxrss  # kilobytes on Linux, bytes on macOS
    return {"seconds": taken, "peak": peak / (1e6 if sys.platform == "darwin" else 1e3)}


def validate(rows: list[dict[str, Any]]) -> None:
    """Validate row by row, keeping nothing."""
    for row in rows:
        Rating.model_validate(row)


def as_row(cells: dict[str, str]) -> dict[str, Any]:
    """Return one row as pydantic takes it: no empty cells, the evidence apart, a date as such."""
    given: dict[str, Any] = {name: text for name, text in cells.items() if text}
    given["date"] = date.fromisoformat(given["date"])
    evidence = {name: given.pop(name) for name in EVIDENCE if name in given}
    return {**given, "evidence": evidence}


def write(folder: Path) -> None:
    """Write a study of this size: `study.toml`, a file for each world, and the ratings."""
    made = study(ANALYSTS, STRATEGIES, worlds(WORLDS))
    (folder / "scenarios").mkdir()
    for scenario in made.scenarios:
        text = f'id = "{scenario.id}"\ntree = "{made.tree.id}"\nkind = "world"\n'
        (folder / "scenarios" / f"{scenario.id}.toml").write_text(text)
    files = [f"scenarios/{key}.toml" for key in made.scenario_ids]
    lines = [
        'name = "made up"',
        f"as_of = {made.as_of}",
        f'tree = "{made.tree.id}"',
        f"scenarios = {json.dumps(files)}",
        'ratings = ["ratings.csv"]',
        *(f"[strategies.{key}]" for key in made.strategies),
        *(f"[analysts.{key}]" for key in made.analysts),
    ]
    (folder / "study.toml").write_text("\n".join(lines))
    cells = columns(made, made.scenario_ids, unknown=0.03)
    with (folder / "ratings.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(cells)
        writer.writerows(zip(*cells.values(), strict=True))


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(run(sys.argv[1], Path(sys.argv[2]))))
    else:
        main()
