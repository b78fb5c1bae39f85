"""Names in files to functions: rules, weighting methods and pooling centres, with their arguments.

The module is the registry: every name in its `__all__` can be chosen, and the function's signature
says which arguments it takes.
"""

import inspect
from collections.abc import Callable, Mapping
from functools import cache, partial
from types import FunctionType, ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assess.model import Choice, nearest


def bind(
    choice: Choice, module: ModuleType, own: Mapping[str, Callable[..., Any]] | None = None
) -> Callable[..., Any]:
    """Return the function that a choice names, with its arguments filled in.

    Args:
        choice: a name and keyword arguments.
        module: whose `__all__` lists the functions.
        own: the user's functions by name.

    Raises:
        ValueError: the name or an argument is unknown, missing or refused by the function.

    >>> from assess import aggregation
    >>> bind(Choice(name="power_mean", parameters={"exponent": 1.0}), aggregation)([1.0], [1.0])
    array(1.)
    """
    own = own or {}
    if choice.name in own:
        function = own[choice.name]
    elif choice.name in module.__all__:
        function = getattr(module, choice.name)
    else:
        raise ValueError(
            f"{choice.name!r} is unknown ({nearest(choice.name, [*module.__all__, *own])})"
        )
    takes = options(function)
    for name in choice.parameters:
        if name not in takes:
            hint = nearest(name, takes) if takes else "it takes none"
            raise ValueError(f"{choice.name} takes no argument {name!r} ({hint})")
    for name, option in takes.items():
        if option.default is option.empty and name not in choice.parameters:
            raise ValueError(f"{choice.name} needs the argument {name!r}")
    return partial(function, **choice.parameters) if choice.parameters else function


def trial(function: Callable[..., Any]) -> None:
    """Call a bound rule or pooling centre once, so that it can refuse its arguments now.

    Raises:
        ValueError: what the function says.
    """
    try:
        function(np.array([0.25, 0.75]), np.array([0.5, 0.5]))
    except TypeError as error:
        raise ValueError(f"an argument has the wrong type: {error}") from error


def promise_broken(function: Callable[..., Any]) -> str:
    """Say which promise of a rule a function breaks, on a small grid; empty where none is seen.

    A rule gives one score in [0, 1] a strategy, never less for a better child, and a child of
    weight 0 (so arrives one that is absent) changes nothing.

    >>> promise_broken(lambda values, weights: values.min(axis=-1))
    'a child of weight 0 changes its score; leave it out: np.where(weights > 0, values, 1)'
    """
    steps = np.linspace(0, 1, 5)
    grid = np.stack(np.meshgrid(steps, steps, indexing="ij"), axis=-1)
    half = np.full(grid.shape, 0.5)
    try:
        scores = real(function(grid.copy(), half.copy()))
        alone = real(function(grid.copy(), np.array(np.broadcast_to([1.0, 0.0], grid.shape))))
        rows = [real(function(row[None].copy(), half[:1].copy())) for row in grid]
    except Exception as error:  # whatever a user's function raises
        return f"cannot be applied to values [..., criterion]: {error}"
    if scores.shape != grid.shape[:-1]:
        return f"gives shape {scores.shape} for values of shape {grid.shape}; reduce the last axis"
    inside = (scores >= -1e-9) & (scores <= 1 + 1e-9)
    falls = max(-np.diff(scores, axis=axis).min() for axis in (0, 1))
    found = (
        (not inside.all(), f"gives {scores.min():g} to {scores.max():g}; a score lies in [0, 1]"),
        (
            np.abs(np.concatenate(rows) - scores).max() > 1e-9,
            "gives a strategy another score beside others; look at its own values alone",
        ),
        (falls > 1e-9, "gives less for a better child; a rule never falls"),
        (
            np.ptp(alone, axis=1).max() > 1e-9,
            "a child of weight 0 changes its score; leave it out: np.where(weights > 0, values, 1)",
        ),
    )
    return next((told for broken, told in found if broken), "")


def real(result: Any) -> NDArray[np.float64]:
    """Return what a function gives as real numbers.

    Raises:
        ValueError: it gives complex ones, whose imaginary part must not be dropped unseen.

    >>> real([0.5, 1]).tolist()
    [0.5, 1.0]
    """
    found = np.asarray(result)
    if np.iscomplexobj(found):
        raise ValueError("complex numbers are no scores")
    return found.astype(np.float64)


def options(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """Return the keyword-only arguments of a function by name.

    >>> from assess.aggregation import power_mean
    >>> list(options(power_mean))
    ['exponent']
    """
    return _known(function) if isinstance(function, FunctionType) else _keyword_only(function)


def _keyword_only(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    parameters = inspect.signature(function).parameters
    return {name: p for name, p in parameters.items() if p.kind is p.KEYWORD_ONLY}


_known = cache(_keyword_only)
