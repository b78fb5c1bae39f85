"""Names in files to functions: rules, weighting methods and pooling centres, with their arguments.

The module is the registry: every name in its `__all__` can be chosen, and the function's signature
says which arguments it takes.
"""

import inspect
from collections.abc import Callable, Mapping
from functools import cache, partial
from types import ModuleType
from typing import Any

import numpy as np

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
        takes = options(function)
    elif choice.name in module.__all__:
        function = getattr(module, choice.name)
        takes = _library_options(function)
    else:
        raise ValueError(
            f"{choice.name!r} is unknown ({nearest(choice.name, [*module.__all__, *own])})"
        )
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


def options(function: Callable[..., Any]) -> dict[str, inspect.Parameter]:
    """Return the keyword-only arguments of a function by name.

    >>> from assess.aggregation import power_mean
    >>> list(options(power_mean))
    ['exponent']
    """
    parameters = inspect.signature(function).parameters
    return {name: p for name, p in parameters.items() if p.kind is p.KEYWORD_ONLY}


_library_options = cache(options)
