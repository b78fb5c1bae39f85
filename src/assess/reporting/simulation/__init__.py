"""The formats of a simulation: one module each, named by its suffix."""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from assess.atomic import write_text

if TYPE_CHECKING:
    from assess.simulation import Simulation, VarianceShares

PAGES = ("md", "txt")  # formats for people to read, to which a section can be added


def formats() -> tuple[str, ...]:
    """Return the suffixes that a simulation can be written with.

    >>> formats()
    ('csv', 'json', 'md', 'txt')
    """
    return tuple(sorted(module.name for module in iter_modules(__path__)))


def check_suffix(suffix: str) -> None:
    """Refuse what is no format.

    Raises:
        ValueError: no format has this suffix; lists those that there are.
    """
    if suffix not in formats():
        listed = ", ".join(f".{name}" for name in formats())
        told = f"no format of a simulation has the suffix {'.' + suffix!r}"
        raise ValueError(f"{told}; choose from {listed}")


def render(simulation: "Simulation", suffix: str) -> str:
    """Return a simulation as text in one of the formats.

    Raises:
        ValueError: no format has this suffix; lists those that there are.
    """
    check_suffix(suffix)
    return str(import_module(f"{__name__}.{suffix}").render(simulation))


def render_sources(shares: "VarianceShares", suffix: str) -> str:
    """Return where the doubt comes from as a section for a page; its format is one of `PAGES`."""
    return str(import_module(f"{__name__}.{suffix}").render_sources(shares))


def write(simulation: "Simulation", path: str | Path) -> Path:
    """Write a simulation atomically in the format that the suffix names.

    Raises:
        ValueError: no format has this suffix.
        OSError: the file cannot be written.
    """
    target = Path(path)
    return write_text(target, render(simulation, target.suffix.removeprefix(".").lower()))
