"""What a change between two reports comes to: parts by kind of input, and by single rating."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal[
    "ratings", "analysts", "evidence", "weights", "applicability", "method", "scales", "rules",
    "rebased",
]  # fmt: skip
COLUMNS = (
    "scenario", "strategy", "criterion", "kind", "analyst", "rated", "was", "is", "points",
    "error",
)  # fmt: skip


@dataclass(frozen=True)
class KindPart:
    """What one kind of input adds to a change: its Shapley value.

    Attributes:
        kind: of input; "rebased" for steps over mixed states that cannot be evaluated.
        points: later less earlier.
    """

    kind: Kind
    points: float


@dataclass(frozen=True)
class RatingPart:
    """What one changed rating adds to a change: its Winter value within the ratings.

    Attributes:
        analyst: who rated; empty for the part of the ratings that no single rating can be given.
        criterion: the leaf.
        rated: the criterion that the rating is on; a group above the leaf where that was rated.
        earlier, later: the level as it was written; empty where there is none.
        points: later less earlier.
        error: standard error where the value was sampled, else 0.
    """

    analyst: str
    criterion: str
    rated: str
    earlier: str
    later: str
    points: float
    error: float


@dataclass(frozen=True)
class Account:
    """The change of one score: the parts by kind add up to it, those of ratings to that of theirs.

    Attributes:
        scenario, strategy, criterion: ids.
        name: what reports call the criterion.
        earlier, later: scores, 0 to 100.
        kinds: a part for every kind of input that differs.
        ratings: a part for every changed rating, the largest first.
        rebased: why mixed states could not be evaluated.
    """

    scenario: str
    strategy: str
    criterion: str
    name: str
    earlier: float
    later: float
    kinds: tuple[KindPart, ...]
    ratings: tuple[RatingPart, ...]
    rebased: tuple[str, ...]

    @property
    def points(self) -> float:
        """The change in points, later less earlier."""
        return self.later - self.earlier

    def of(self, kind: Kind) -> float:
        """Return the part of one kind of input; 0 where it does not differ."""
        return sum(part.points for part in self.kinds if part.kind == kind)


@dataclass(frozen=True)
class Decomposition:
    """The changes between two reports, each taken apart; no part is called a cause.

    Attributes:
        accounts: one a scenario, strategy and criterion that has a score in both reports and is
            comparable; none where no kind of input differs.
        bridge: whether it bridges scores that do not measure the same: then scales and rules are
            kinds of input too, and every table and page says that it is a bridge (C10).
    """

    accounts: tuple[Account, ...]
    bridge: bool = False

    @property
    def table(self) -> "pd.DataFrame":
        """Every part, one a row.

        Columns: scenario, strategy, criterion, kind, analyst, rated, was, is, points, error. Rows
        of kinds have no analyst; rows of single ratings divide that of the kind "ratings", so sums
        are taken over the one or the other. A bridge has one more column, "bridge": "yes".
        """
        import pandas as pd

        rows = [row for account in self.accounts for row in _rows(account)]
        frame = pd.DataFrame(rows, columns=list(COLUMNS))
        return frame.assign(bridge="yes") if self.bridge else frame


def _rows(account: Account) -> Iterator[tuple[Any, ...]]:
    of = account.scenario, account.strategy
    for part in account.kinds:
        yield (*of, account.criterion, part.kind, "", "", "", "", part.points, 0.0)
    for one in account.ratings:
        held = one.analyst or "(rebased)", one.rated, one.earlier, one.later
        yield (*of, one.criterion, "rating", *held, one.points, one.error)
