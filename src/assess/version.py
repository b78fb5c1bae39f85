"""Which versions compute: of the library and of what it rests on."""

from importlib import metadata


def version() -> str:
    """Return the version of the installed library."""
    return metadata.version("strategy-assess")


def versions() -> dict[str, str]:
    """Return the versions that a report records."""
    return {"assess": version(), "numpy": metadata.version("numpy")}
