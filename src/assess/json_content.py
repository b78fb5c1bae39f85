"""JSON that this library wrote: laid out in short lines, and read with its faults in words."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from assess.model import nearest, shown


def laid_out(content: Mapping[str, Any], depth: int = 2) -> str:
    """Return an object as JSON, so many levels of objects over lines and the rest closed up.

    >>> print(laid_out({"a": {"b": [1, 2]}, "c": {}}, depth=2), end="")
    {
     "a": {
      "b": [1,2]
     },
     "c": {}
    }
    """
    return "".join(_lines(content, depth, 1)) + "\n"


def _lines(content: Any, depth: int, level: int) -> Iterator[str]:
    if not depth or not isinstance(content, Mapping) or not content:
        yield json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return
    opening = "{\n"
    for key, value in content.items():
        yield f"{opening}{' ' * level}{json.dumps(key, ensure_ascii=False)}: "
        yield from _lines(value, depth - 1, level + 1)
        opening = ",\n"
    yield f"\n{' ' * (level - 1)}}}"


def text_of(path: Path, what: str) -> str:
    """Return the text of a file that should be JSON.

    Raises:
        ValueError: there is none, or it is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ValueError(f"{path}: there is no such file") from None
    except IsADirectoryError:
        raise ValueError(f"{path} is a folder; {what} is a file written as JSON") from None
    except (OSError, UnicodeDecodeError) as error:
        told = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ValueError(f"{path} cannot be read: {told}") from error


def content_of(
    text: str, form: str, keys: tuple[str, ...], more: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Return what a text holds, once it is known to be JSON of this form with these keys.

    Args:
        text: of a file.
        form: what its `format` says.
        keys: that it has.
        more: keys that it may have.

    Raises:
        ValueError: it is not; says where.
    """
    try:
        content = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise ValueError(f"line {error.lineno} is not JSON: {error.msg}") from error
    if isinstance(content, dict) and content.get("format", form) != form:
        raise ValueError(f"format is {shown(content['format'])}, expected {form!r}")
    held = tuple(key for key in more if isinstance(content, dict) and key in content)
    return keyed("the file", content, (*keys, *held))


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"key {shown(twice)} stands twice in one object")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON; what is not there is written null")


def keyed(where: str, given: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    """Return an object, once it is known to have just these keys.

    Raises:
        ValueError: it is no object, or its keys are others; names them all.
    """
    if not isinstance(given, dict):
        raise ValueError(f"{where} holds {shown(given)}, expected an object")
    told = [f"{key!r} is missing" for key in keys if key not in given]
    told += [f"{shown(key)} is unknown ({nearest(key, keys)})" for key in given if key not in keys]
    if told:
        raise ValueError(f"keys of {where}: {'; '.join(told)}")
    return given


def digest_of(study: str, found: Mapping[str, Any]) -> str:
    """Return the SHA-256 of results and of the digest of the study that they belong to, in hex."""
    return hashlib.sha256(json.dumps([study, found], sort_keys=True).encode()).hexdigest()


def same(name: str, given: Any, expected: str, told: str) -> None:
    """Hold a digest to what it should be.

    Raises:
        ValueError: it is another; shows the first 12 digits where they differ.
    """
    if given != expected:
        long = isinstance(given, str) and given[:12] != expected[:12]
        stated, wanted = (given[:12], expected[:12]) if long else (given, expected)
        raise ValueError(f"{name} is {shown(stated)}, expected {wanted!r}: {told}")
