"""Weights that ranges, orders and ratios bound: all that they allow, and the centroid of these."""

from collections.abc import Callable, Mapping

from assess.model import FrozenDict, Ratio, Weights, kept
from assess.weight_sets import Uniform, mean_weights, uniform, weight_set


def bounds(held: Weights) -> Mapping[str, float]:
    """Weigh at the centroid of all weights that ranges, orders and ratios allow.

    Raises:
        ConflictError: they allow none, or none but on the very limits of some.
        ValueError: a range lies outside [0, 1].
        ArithmeticError: the set takes walks, and they do not come to one distribution.

    >>> from assess.model import Choice
    >>> held = {"people": (0.0, 1.0), "places": (0.0, 1.0)}
    >>> order = [("people", "places")]
    >>> dict(bounds(Weights(method=Choice(name="bounds"), judgements=held, before=order)))
    {'people': 0.75, 'places': 0.25}
    """
    found = dict(zip(by_id(held), mean_weights(allowed(held)).tolist(), strict=True))
    return FrozenDict({child: found[child] for child in held.judgements})


# What files can name beside the methods of `weighting`: they take more than a judgement a child.
METHODS: Mapping[str, Callable[[Weights], Mapping[str, float]]] = {"bounds": bounds}


def comparisons(held: Weights, called: Mapping[str, str]) -> tuple[str, ...]:
    """Return the orders and ratios in words.

    Args:
        held: the judgements.
        called: what children are called, by id; others by their id.

    >>> from assess.model import Choice
    >>> held = Weights(method=Choice(name="bounds"), judgements={"a": (0, 1), "b": 0.25},
    ...                before=[("a", "b")], ratios=[{"of": "a", "to": "b", "at_most": 4.0}])
    >>> comparisons(held, {"a": "People", "b": "Places"})
    ('People at least as much as Places', 'People at most 4 times Places')
    """

    def name(child: str) -> str:
        return called.get(child, child)

    orders = (f"{name(i)} at least as much as {name(j)}" for i, j in held.before)
    ratios = (f"{name(r.of)} {_times(r)} times {name(r.to)}" for r in held.ratios)
    return (*orders, *ratios)


def _times(ratio: Ratio) -> str:
    low, high = ratio.at_least, ratio.at_most
    if high is None:
        return f"at least {low:g}"
    if low is None:
        return f"at most {high:g}"
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def by_id(held: Weights) -> tuple[str, ...]:
    """Return the children that are judged, in the order of their ids."""
    return tuple(sorted(held.judgements))


@kept
def allowed(held: Weights) -> Uniform:
    """Return all weights that bounds allow, of the children in the order of their ids.

    The order in which a file names the children changes nothing.

    Raises:
        ConflictError: there are none, or none but on the very limits of some bounds.
        ValueError: a range lies outside [0, 1].
        ArithmeticError: the set takes walks, and they do not come to one distribution.
    """
    names = by_id(held)
    place = {child: i for i, child in enumerate(names)}
    said = [held.judgements[child] for child in names]
    ends = [given if isinstance(given, tuple) else (given, given) for given in said]
    return uniform(
        weight_set(
            [low for low, _ in ends],
            [high for _, high in ends],
            before=[(place[first], place[second]) for first, second in held.before],
            ratios=[(place[r.of], place[r.to], r.at_least, r.at_most) for r in held.ratios],
            names=names,
        )
    )
