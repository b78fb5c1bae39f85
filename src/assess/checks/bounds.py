"""What makes bounds on weights sound: shares of 1, children that exist, ratios that rise."""

from collections.abc import Iterator, Set

from assess.model import Problem, Ratio, Weights, nearest
from assess.model.wording import as_share
from assess.weight_bounds import METHODS

Path = tuple[str | int, ...]


def bound_problems(
    part: str, node: str, held: Weights, children: tuple[str, ...], doubt: Set[str]
) -> Iterator[Problem]:
    """Yield what is wrong with orders and ratios of weights, each for itself.

    Args:
        part: the scenario.
        node: whose children are weighed.
        held: the judgements, by a method that is known.
        children: of the node.
        doubt: criteria that may be children, as the tree is not known well enough.
    """
    path = ("weights", node)
    if held.method.name not in METHODS:
        for name in ("before", "ratios"):
            if getattr(held, name):
                message = f"the method {held.method.name} takes judgements alone"
                hint = 'write method = "bounds", and judgements as ranges of weights: [0, 1]'
                yield Problem(part, (*path, name), message, hint)
        return
    known = frozenset() if node in doubt else frozenset({*children, *doubt})
    for i, pair in enumerate(held.before):
        where: Path = (*path, "before", i)
        named: dict[Path, str] = {(*where, j): key for j, key in enumerate(pair)}
        yield from _children(part, node, children, known, named)
    for i, ratio in enumerate(held.ratios):
        where = (*path, "ratios", i)
        named = {(*where, "of"): ratio.of, (*where, "to"): ratio.to}
        yield from _children(part, node, children, known, named)
        yield from _ends(part, where, ratio)


def range_problems(part: str, where: Path, held: Weights) -> Iterator[Problem]:
    """Yield ranges of weights that are no shares of 1, below the place of their judgements."""
    if held.method.name not in METHODS:
        return
    for key, given in held.judgements.items():
        ends = given if isinstance(given, tuple) else (given,)
        if max(ends) > 1:
            message = f"a weight lies in 0 to 1: {', '.join(f'{end:g}' for end in ends)}"
            yield Problem(part, (*where, "judgements", key), message, as_share(*ends))


def compared(held: Weights) -> set[str]:
    """Return the children that orders and ratios name."""
    pairs = (*held.before, *((ratio.of, ratio.to) for ratio in held.ratios))
    return {child for pair in pairs for child in pair}


def _children(
    part: str, node: str, children: tuple[str, ...], known: Set[str], named: dict[Path, str]
) -> Iterator[Problem]:
    """Yield children that there are not, and one that is compared with itself.

    Nothing is known of what may be a child where `known` is empty.
    """
    strangers = {where: key for where, key in named.items() if known and key not in known}
    for where, key in strangers.items():
        message = f"{key!r} is no scored child of {node!r}"
        yield Problem(part, where, message, nearest(key, children))
    (_, first), (where, second) = named.items()
    if first == second and not strangers:
        hint = "name two children"
        yield Problem(part, where, f"{second!r} is compared with itself", hint)


def _ends(part: str, where: Path, ratio: Ratio) -> Iterator[Problem]:
    low, high = ratio.at_least, ratio.at_most
    if low is None and high is None:
        message = f"no ratio of {ratio.of!r} to {ratio.to!r}"
        yield Problem(part, where, message, "write at_least = 2, or at_most = 3, or both")
    if low is not None and high is not None and low > high:
        message = f"at_least {low:g} is above at_most {high:g}"
        yield Problem(part, (*where, "at_least"), message, "exchange the two")
