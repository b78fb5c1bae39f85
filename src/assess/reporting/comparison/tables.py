"""A comparison as CSV: every comparable score, and what its change comes to by kind of input."""

from assess.comparison import Comparison
from assess.reporting.csv import plain


def comparison_csv(comparison: Comparison) -> str:
    """Return the table of scores, with a column for each kind of input that the totals rest on.

    A text that a spreadsheet would run is quoted. Columns of kinds are empty but for totals.
    """
    frame = comparison.table
    parts = {
        (account.scenario, account.strategy, account.criterion): account
        for account in comparison.decomposition.accounts
    }
    kinds = dict.fromkeys(part.kind for account in parts.values() for part in account.kinds)
    keys = list(zip(frame["scenario"], frame["strategy"], frame["criterion"], strict=True))
    for kind in kinds:
        frame[kind] = [parts[key].of(kind) if key in parts else float("nan") for key in keys]
    frame.insert(3, "name", [plain(change.name) for change in comparison.changes])
    frame["illustrative"] = "yes" if comparison.banner else ""
    for column in ("scenario", "strategy", "criterion"):
        frame[column] = frame[column].map(plain)
    return str(frame.to_csv(index=False, lineterminator="\n"))
