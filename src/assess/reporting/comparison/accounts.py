"""How the change of every total adds up, in lines: kinds of input, then the largest ratings."""

from collections.abc import Iterator
from itertools import groupby

from assess.comparison import Comparison
from assess.decomposition import Account, RatingPart
from assess.rounding import points

LARGEST = 3
SMALLEST = 0.05  # points that read as 0.0
TITLE = "HOW THE CHANGES OF TOTALS ADD UP (points by kind of input, each figure rounded; no causes)"
_CALLED = {"rebased": "rebased (steps over mixed states without a score)"}


def account_lines(comparison: Comparison) -> Iterator[str]:
    """Yield a section on the totals that moved, or whose parts cancel; nothing where none did."""
    told = [account for account in comparison.decomposition.accounts if _parts(account)]
    if not told:
        return
    yield from ("", TITLE)
    for account in told:
        where = (
            f"{comparison.names.strategies[account.strategy]} in "
            f"{comparison.names.scenarios[account.scenario]}"
        )
        yield f"{where}: {signed(account.points)} = {', '.join(_parts(account))}."
        if largest := list(_largest(account, comparison)):
            yield f"  Largest ratings: {'; '.join(largest)}."
    yield from _reasons(told)


def _parts(account: Account) -> list[str]:
    return [
        f"{_CALLED.get(part.kind, part.kind)} {signed(part.points)}"
        for part in account.kinds
        if abs(part.points) >= SMALLEST
    ]


def _largest(account: Account, comparison: Comparison) -> Iterator[str]:
    """Yield the ratings that add most, with their levels and what they add."""
    names = comparison.names
    for part in account.ratings[:LARGEST]:
        if abs(part.points) < SMALLEST:
            return
        if not part.analyst:
            yield f"no single one {signed(part.points)}"
            continue
        yield (
            f"{names.analysts[part.analyst]} on {names.criteria[part.criterion]} "
            f"({_levels(part)}) {signed(part.points)}{_error(part)}"
        )


def _levels(part: RatingPart) -> str:
    was, now = part.earlier or "none", part.later or "none"
    return f"was {was}, is {now}" if was != now else was


def _error(part: RatingPart) -> str:
    return f" (sampled, standard error {part.error:.2g})" if part.error else ""


def _reasons(told: list[Account]) -> Iterator[str]:
    """Yield why mixed states have no score, each reason once."""
    found = sorted({reason for account in told for reason in account.rebased})
    for _, some in groupby(found, key=lambda reason: reason.split(": ", 1)[-1]):
        yield f"No score, hence rebased: {next(some)}."


def signed(value: float) -> str:
    """Return points with a sign, one decimal.

    >>> signed(1.25), signed(-0.5), signed(0.01)
    ('+1.3', '-0.5', '0.0')
    """
    text = points(value / 100, 1)
    return text if text.startswith("-") or text == "0.0" else f"+{text}"
