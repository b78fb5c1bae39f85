"""What a verification found: whether a report holds, how exactly, and what differs."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assess.reporting.txt import printable
from assess.rounding import counted

if TYPE_CHECKING:
    import pandas as pd

Holds = Literal["byte for byte", "number for number", "no"]
What = Literal["inputs", "results", "draws", "digest", "lock"]
SHOWN = 20


@dataclass(frozen=True)
class Finding:
    """One thing in a report that is not what it should be.

    Attributes:
        what: "inputs" that were altered, "results" or "draws" that do not follow from the inputs,
            a "digest" that is not that of the content, or what a "lock" file says otherwise.
        where: the exact place: a cell of the ratings, a score, a count.
        message: what stands there, and what should.
    """

    what: What
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.what}: {self.where}: {self.message}"


@dataclass(frozen=True)
class Verification:
    """Whether a report still holds, when it is rebuilt from the inputs that it carries.

    Attributes:
        path: the file, as it was named.
        report: what the report is called.
        holds: "byte for byte"; "number for number", where every number is the same to 1e-9 but
            the file is not (it was laid out anew, or computed elsewhere); or "no".
        findings: what differs; none where it holds.
        draws: how many draws were made again; 0 where the report carries none.
        notes: what differs and refutes nothing: versions, parts that were not written down.
    """

    path: str
    report: str
    holds: Holds
    findings: tuple[Finding, ...]
    draws: int
    notes: tuple[str, ...]

    def __bool__(self) -> bool:
        return self.holds != "no"

    @property
    def table(self) -> "pd.DataFrame":
        """Every finding, one a row; columns: what, where, message."""
        import pandas as pd

        rows = [(found.what, found.where, found.message) for found in self.findings]
        return pd.DataFrame(rows, columns=["what", "where", "message"])

    def __str__(self) -> str:
        lines = [f"{self.path}: {self.report}", self._verdict(), *map(str, self.findings[:SHOWN])]
        if (more := len(self.findings) - SHOWN) > 0:
            lines.append(f"and {counted(more, 'more finding')}")
        lines += [f"note: {note}" for note in self.notes]
        return "\n".join(map(printable, lines))

    def _verdict(self) -> str:
        draws = f", with its {counted(self.draws, 'draw')}" if self.draws else ""
        if self.holds == "no":
            return f"It does not hold: {counted(len(self.findings), 'finding')}."
        return f"It holds {self.holds}: rebuilt from the inputs that it carries{draws}."
