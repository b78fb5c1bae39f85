"""What a user's function is, as a hash: the same in every process, another for another content."""

import dis
import functools
import hashlib
import inspect
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, is_dataclass
from datetime import date, timedelta
from pathlib import Path
from types import (
    BuiltinFunctionType,
    CodeType,
    FunctionType,
    GenericAlias,
    MemberDescriptorType,
    MethodType,
    ModuleType,
    UnionType,
)
from typing import Any

import numpy as np

_PLAIN = (type(None), type(...), bool, int, float, complex, str, bytes, range, date, timedelta)
_KNOWN = sys.stdlib_module_names | {"assess", "numpy", "scipy", "pandas"}
_WRAPPED = (staticmethod, classmethod, type(functools.lru_cache(print)))


@dataclass(frozen=True)
class _Walk:
    """A walk through what one function holds.

    Attributes:
        rule: what messages call it.
        home: the package whose functions and classes are followed, not only named.
        inside: where each thing that is being read stands on the way, by `id`.
        known: hashes of the functions that are read already, by `id`.
    """

    rule: str
    home: str
    inside: dict[int, int] = field(default_factory=dict)
    known: dict[int, str] = field(default_factory=dict)


def content_hash(function: Callable[..., Any], name: str = "") -> str:
    """Return the SHA-256 of what a function does, in hex.

    Its source counts (or, where there is none, as after `exec`, its compiled code), with defaults,
    the values that it closes over, the arguments of a `partial`, the state of a callable object,
    and the globals of its module that it names; functions among these in the same way. Functions
    of installed libraries count by their name; of a module, only the name counts.

    Args:
        function: any callable.
        name: what messages call it; its own name if none is given.

    Raises:
        ValueError: it holds something whose content cannot be recorded; names it.

    >>> def scaled(by):
    ...     return lambda values, weights: by * (values * weights).sum(axis=-1)
    >>> content_hash(scaled(0.5)) == content_hash(scaled(0.5)) != content_hash(scaled(0.6))
    True
    """
    inner = function
    while isinstance(inner, functools.partial):
        inner = inner.func
    owner = inner if hasattr(inner, "__name__") else type(inner)
    home = str(getattr(owner, "__module__", None) or "").partition(".")[0]
    walk = _Walk(name or owner.__name__, "" if home in _KNOWN else home)
    return _hashed(_facts(function, walk, ""))


def _hashed(facts: Any) -> str:
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def _facts(value: Any, walk: _Walk, where: str) -> Any:
    """Return lists of texts that hold the content of a value; `where` is what messages call it."""
    if type(value) in _PLAIN:
        return [type(value).__name__, repr(value)]
    if id(value) in walk.inside:
        return ["again", walk.inside[id(value)]]
    walk.inside[id(value)] = len(walk.inside)
    try:
        found = next((facts for facts in _kinds(value, walk, where) if facts is not None), None)
    finally:
        del walk.inside[id(value)]
    if found is None:
        raise ValueError(_refusal(value, walk, where))
    return found


def _kinds(value: Any, walk: _Walk, where: str) -> Iterator[Any]:
    """Yield the facts of a value as each kind of thing; None where it is not of that kind."""
    yield _data(value, walk, where)
    yield _by_name(value, walk)
    if isinstance(value, FunctionType):
        if id(value) not in walk.known:
            walk.known[id(value)] = _hashed(_function(value, walk))
        yield ["function", walk.known[id(value)]]
    if isinstance(value, functools.partial):
        parts = (value.func, value.args, value.keywords)
        yield ["partial", [_facts(part, walk, where or "an argument") for part in parts]]
    if isinstance(value, MethodType):
        yield ["method", [_facts(x, walk, where) for x in (value.__func__, value.__self__)]]
    if isinstance(value, _WRAPPED):
        yield [type(value).__name__, _facts(value.__wrapped__, walk, where)]
    if isinstance(value, property):
        methods = (value.fget, value.fset, value.fdel)
        yield ["property", [_facts(method, walk, where) for method in methods]]
    if isinstance(value, type):
        yield ["class", _class(value, walk)]
    elif not _of_library(type(value).__module__, walk):
        state = dict(_state(value))
        held = [[key, _facts(state[key], walk, repr(key))] for key in sorted(state)]
        yield ["object", _facts(type(value), walk, where), held]


def _data(value: Any, walk: _Walk, where: str) -> Any:
    """Return the facts of plain data: arrays by their bytes, collections by what they hold."""
    if isinstance(value, np.generic) or type(value) is np.ndarray:
        array = np.asarray(value)
        digest = hashlib.sha256(array.tobytes()).hexdigest()
        return None if array.dtype.hasobject else [str(array.dtype), list(array.shape), digest]
    if isinstance(value, tuple | list):
        return [type(value).__name__, [_facts(item, walk, where) for item in value]]
    if isinstance(value, set | frozenset):
        return ["set", sorted(json.dumps(_facts(item, walk, where)) for item in value)]
    if isinstance(value, dict):
        return ["dict", [[_facts(x, walk, where) for x in pair] for pair in value.items()]]
    if isinstance(value, slice | GenericAlias | UnionType) or type(value).__module__ == "typing":
        return ["notation", repr(value)]
    return ["module", value.__name__] if isinstance(value, ModuleType) else None


def _by_name(value: Any, walk: _Walk) -> Any:
    """Return the name of a library's function or class, where that name leads to no other."""
    module = getattr(value, "__module__", None) or type(value).__module__
    name = getattr(value, "__qualname__", None) or getattr(value, "__name__", None)
    if not isinstance(module, str) or not isinstance(name, str):
        return None
    if not (_of_library(module, walk) or isinstance(value, BuiltinFunctionType)):
        return None
    found: Any = sys.modules.get(module)
    for part in name.split("."):
        found = getattr(found, part, None)
    return ["named", f"{module}.{name}"] if found is value else None


def _of_library(module: str, walk: _Walk) -> bool:
    """Whether a module is installed, so that its name and version stand for its content."""
    top = module.partition(".")[0]
    if top == walk.home:
        return False
    file = getattr(sys.modules.get(top), "__file__", None)
    return top in _KNOWN or bool({"site-packages", "dist-packages"} & {*Path(file or "").parts})


def _function(function: FunctionType, walk: _Walk) -> Any:
    code, names = function.__code__, sorted({*_names(function.__code__)})
    cells = zip(code.co_freevars, function.__closure__ or (), strict=True)
    around = function.__globals__
    return [
        _source(code, walk),
        _facts(function.__defaults__, walk, "a default value"),
        _facts(function.__kwdefaults__, walk, "a default value"),
        [[name, *(_facts(x, walk, repr(name)) for x in _inside(cell))] for name, cell in cells],
        [[name, _facts(around[name], walk, repr(name))] for name in names if name in around],
    ]


def _inside(cell: Any) -> tuple[Any, ...]:
    try:
        return (cell.cell_contents,)
    except ValueError:  # nothing was put into it yet
        return ()


def _source(code: CodeType, walk: _Walk) -> Any:
    """Return the source of a function; its compiled code too where the source is not its alone."""
    try:
        source = "" if code.co_filename in ("<string>", "<stdin>") else inspect.getsource(code)
    except (OSError, TypeError, SyntaxError):
        source = ""
    if source and source.count("lambda") < 2:
        return ["source", source]
    return ["code", source, _code(code, walk)]


def _code(code: CodeType, walk: _Walk) -> Any:
    constants = [
        _code(item, walk) if isinstance(item, CodeType) else _facts(item, walk, "a constant")
        for item in code.co_consts
    ]
    names = [*code.co_names, "|", *code.co_varnames, "|", *code.co_freevars, *code.co_cellvars]
    return [code.co_code.hex(), code.co_argcount, code.co_kwonlyargcount, names, constants]


def _names(code: CodeType) -> Iterator[str]:
    """Yield the names that a code looks up outside itself, and the functions inside it, too."""
    for step in dis.get_instructions(code):
        if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            yield str(step.argval)
    for item in code.co_consts:
        if isinstance(item, CodeType):
            yield from _names(item)


def _class(kind: type, walk: _Walk) -> Any:
    """Return the bases of a class and what it defines; not what Python or a metaclass adds."""
    bases = [_facts(base, walk, base.__name__) for base in kind.__bases__]
    defined = []
    for name, item in sorted(vars(kind).items()):
        if isinstance(item, FunctionType):
            made = is_dataclass(kind) and item.__code__.co_filename == "<string>"
            counts = not (made and name.startswith("__"))
        else:
            added = name.startswith("__") or name == "_abc_impl"
            counts = not added and not isinstance(item, MemberDescriptorType)
        if counts:
            defined.append([name, _facts(item, walk, repr(name))])
    return [bases, defined]


def _state(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the attributes that an object holds itself."""
    yield from getattr(value, "__dict__", {}).items()
    for kind in type(value).__mro__:
        slots = [k for k, v in vars(kind).items() if isinstance(v, MemberDescriptorType)]
        yield from ((name, getattr(value, name)) for name in slots if hasattr(value, name))


def _refusal(value: Any, walk: _Walk, where: str) -> str:
    kind = type(value).__name__
    held = f"holds {where}, a {kind}," if where else f"is a {kind},"
    hint = "pass it as a keyword argument in the tree" if where else "write it as a function"
    return f"rule {walk.rule!r} {held} whose content cannot be recorded; {hint}"
