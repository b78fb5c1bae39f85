"""What pages say of reports that are held against each other, or in a row: as text and as CSV."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assess.comparison import Comparison
    from assess.over_time import History

FORMATS = ("csv", "txt")


def render(found: "Comparison | History", suffix: str) -> str:
    """Return a comparison or a history as text in one of the formats.

    Raises:
        ValueError: no format has this suffix; lists those that there are.
    """
    from assess.over_time import History
    from assess.reporting.comparison.history import render_csv
    from assess.reporting.comparison.tables import comparison_csv

    if suffix not in FORMATS:
        listed = ", ".join(f".{name}" for name in FORMATS)
        told = f"no format of a comparison has the suffix {'.' + suffix!r}"
        raise ValueError(f"{told}; choose from {listed}")
    if suffix == "txt":
        return str(found)
    return render_csv(found) if isinstance(found, History) else comparison_csv(found)
