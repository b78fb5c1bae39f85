"""Stakeholders to whom the same children matter differently: what each says, and their shares."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from assess.model import FrozenDict, Weights, kept


@kept
def voices(held: Weights) -> Mapping[str, Weights]:
    """Return what each stakeholder says by name, as if nobody else were asked.

    Returns:
        In the order of their names; all that is said under "" where there are no stakeholders.

    >>> from assess.model import Choice
    >>> asked = {"town": {"judgements": {"a": 2.0, "b": 1.0}}, "army": {"judgements": {"a": 1.0}}}
    >>> held = Weights(method=Choice(name="points"), stakeholders=asked)
    >>> {name: dict(one.judgements) for name, one in voices(held).items()}
    {'army': {'a': 1.0}, 'town': {'a': 2.0, 'b': 1.0}}
    """
    if not held.stakeholders:
        return FrozenDict({"": held})
    found = {}
    for name in sorted(held.stakeholders):
        judged = held.stakeholders[name].judgements
        found[name] = held.model_copy(update={"judgements": judged, "stakeholders": {}})
    return FrozenDict(found)


def shares(held: Weights) -> NDArray[np.float64]:
    """Return the shares of the stakeholders [stakeholder] by the order of their names; sum 1."""
    if not held.stakeholders:
        return np.ones(1)
    given = np.array([held.stakeholders[name].share for name in sorted(held.stakeholders)])
    return np.asarray(given / given.sum())
