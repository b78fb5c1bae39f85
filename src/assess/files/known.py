"""What is known to be wrong, by part and path: whatever only follows from it is no news."""

from dataclasses import dataclass, field

from assess.model import Problem
from assess.model.wording import Keys


@dataclass
class Known:
    """Paths at which something is wrong, and the paths above them.

    Both are kept as sets, so that asking costs the depth of a path, however much is wrong.

    >>> known = Known()
    >>> known.add("tree", ("criteria", "threat", "scale"))
    >>> known.at_or_above("tree", ("criteria", "threat", "scale", 0))
    True
    >>> known.below("tree", ("criteria", "threat")), known.below("tree", ("criteria", "borders"))
    (True, False)
    """

    ends: set[tuple[str, Keys]] = field(default_factory=set)
    above: set[tuple[str, Keys]] = field(default_factory=set)

    def add(self, part: str, path: Keys) -> None:
        """Keep one more path."""
        self.ends.add((part, path))
        self.above.update((part, path[:length]) for length in range(len(path) + 1))

    def at_or_above(self, part: str, path: Keys) -> bool:
        """Whether something is wrong at this path, or with what holds it."""
        return any((part, path[:length]) in self.ends for length in range(len(path) + 1))

    def below(self, part: str, path: Keys) -> bool:
        """Whether something is wrong at this path, or inside it."""
        return (part, path) in self.above

    def repeats(self, problem: Problem) -> bool:
        """Whether a problem only repeats that something broken was left out."""
        part, path = problem.part, problem.path
        inside = any((part, path[:length]) in self.ends for length in range(1, len(path) + 1))
        return bool(path) and (inside or (part, path) in self.above)
