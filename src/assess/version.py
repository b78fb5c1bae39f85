"""Which versions compute: of the library and of what it rests on."""

from functools import cache
from importlib import metadata
from platform import python_version

_installed = cache(metadata.version)


def version() -> str:
    """Return the version of the installed library."""
    return _installed("strategy-assess")


def versions() -> dict[str, str]:
    """Return the versions that a report records."""
    return {"assess": version(), "numpy": _installed("numpy")}


def all_versions() -> dict[str, str]:
    """Return the versions that a lock file records: also Python, and what reads and tabulates.

    >>> list(all_versions())
    ['assess', 'numpy', 'pandas', 'pydantic', 'python']
    """
    others = {name: _installed(name) for name in ("pandas", "pydantic")}
    return {**versions(), **others, "python": python_version()}
