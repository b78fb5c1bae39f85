"""What makes the choice of a function sound: a name that exists, and arguments that it takes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

from assess.checks.few import few
from assess.choices import bind, options, trial
from assess.model import Choice, Problem, closest, nearest, shown

Functions = Mapping[str, Callable[..., Any]]
Path = tuple[str | int, ...]
_KINDS: Mapping[Any, tuple[type, str]] = {
    float: (float, "a number"),
    Sequence[float]: (tuple, "a list of numbers"),
}


def choice_problems(
    part: str,
    path: Path,
    choice: Choice,
    module: ModuleType,
    own: Functions | None = None,
    besides: Functions | None = None,
) -> Iterator[Problem]:
    """Yield what is wrong with a function that a file names, all but what it says when called.

    Args:
        part: which input names it.
        path: the way to it inside that part; the last key says what the function is for.
        choice: its name and arguments.
        module: whose `__all__` lists the functions.
        own: the user's functions by name; None where there can be none.
        besides: more functions of the library by name.
    """
    more = {**(own or {}), **(besides or {})}
    what, names = path[-1], [*module.__all__, *more]
    if choice.name not in names:
        hint = nearest(choice.name, names)
        if own is not None:
            hint += f"; a rule of your own is handed over: load(..., rules={{{choice.name!r}: f}})"
        yield Problem(part, path, f"{what} {shown(choice.name)} is unknown", hint)
        return
    takes = options(more.get(choice.name) or getattr(module, choice.name))
    for name, given in choice.parameters.items():
        if name not in takes:
            message = f"{what} {choice.name} takes no argument {shown(name)}"
            hint = nearest(name, takes) if takes else "it takes none"
            yield Problem(part, (*path, name), message, hint)
            continue
        kind, wanted = _KINDS.get(takes[name].annotation, (object, ""))
        if not isinstance(given, kind):
            message = f"{shown(given)} is not {wanted}"
            hint = "write it without quotes" if isinstance(given, str) else ""
            yield Problem(part, (*path, name), message, hint)
    known = {*choice.parameters, *(closest(name, takes) for name in choice.parameters)}
    for name, option in takes.items():
        if option.default is option.empty and name not in known:
            message = f"{what} {choice.name} needs the argument {name!r}"
            hint = f"write {what} = {{ name = {choice.name!r}, {name} = ... }}".replace("'", '"')
            yield Problem(part, path, message, hint)


def trial_problems(
    part: str, path: Path, choice: Choice, module: ModuleType, own: Functions | None = None
) -> Iterator[Problem]:
    """Yield what is wrong with a rule or a pooling centre; those of the library are called once."""
    found = list(few(choice_problems(part, path, choice, module, own)))
    yield from found
    if found or choice.name in (own or {}):
        return
    try:
        trial(bind(choice, module))
    except ValueError as error:
        yield Problem(part, path, f"{path[-1]} {choice.text} cannot be used: {error}")
