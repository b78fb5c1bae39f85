"""What `import assess` costs, in whole processes beside the imports it cannot do without."""

import subprocess
import sys
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

from timing import Line, ratio, show

PAIRS = 21
GOAL = 1.6
LAZY = ("pandas", "scipy", "rich", "cyclopts")
BASELINE = """
import numpy
from pydantic import BaseModel

class Three(BaseModel, frozen=True):
    name: str
    count: int
    share: float
"""
OURS = "import assess; assess.Study"
LOADED = f"{OURS}; import sys; print(*(name for name in {LAZY} if name in sys.modules))"


def main() -> None:
    for code in (BASELINE, OURS):
        process_seconds(code)
    pairs = [(process_seconds(OURS), process_seconds(BASELINE)) for _ in range(PAIRS)]
    ours, baseline = zip(*pairs, strict=True)
    found = ratio(ours, baseline)
    run = subprocess.run([sys.executable, "-c", LOADED], check=True, capture_output=True, text=True)
    loaded = run.stdout.split()
    show(
        f"Import, {PAIRS} pairs of whole processes, processor time",
        [
            Line("import numpy, define one frozen pydantic model", median(baseline)),
            Line(OURS, median(ours), found, f"at most {GOAL}", found <= GOAL),
            Line(f"of {', '.join(LAZY)}: loaded", len(loaded), None, "none", not loaded, ""),
        ],
    )


def process_seconds(code: str) -> float:
    """Return the processor time of a fresh interpreter that runs this code."""
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], check=True)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


if __name__ == "__main__":
    main()
