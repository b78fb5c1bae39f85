"""Which versions compute: of the library and of what it rests on."""

from functools import cache
from importlib import metadata

_installed = cache(metadata.version)


def version() -> str:
    """Return the version of the installed library."""
    return _installed("strategy-assess")


def versions() -> dict[str, str]:
    """Return the versions that a report records."""
    return {"assess": version(), "numpy": _installed("numpy")}
