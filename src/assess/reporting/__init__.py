"""The formats of a report: one module each, named by its suffix; in `simulation` those of one."""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from assess.atomic import write_text

if TYPE_CHECKING:
    from assess.report import Report


def formats() -> tuple[str, ...]:
    """Return the suffixes that a report can be written with.

    >>> formats()
    ('csv', 'json', 'md', 'txt')
    """
    return tuple(sorted(module.name for module in iter_modules(__path__) if not module.ispkg))


def render(report: "Report", suffix: str) -> str:
    """Return a report as text in one of the formats.

    Raises:
        ValueError: no format has this suffix; lists those that there are.
    """
    if suffix not in formats():
        listed = ", ".join(f".{name}" for name in formats())
        raise ValueError(f"no format has the suffix {'.' + suffix!r}; choose from {listed}")
    return str(import_module(f"{__name__}.{suffix}").render(report))


def write(report: "Report", path: str | Path) -> Path:
    """Write a report atomically in the format that the suffix names.

    Raises:
        ValueError: no format has this suffix.
        OSError: the file cannot be written.
    """
    target = Path(path)
    return write_text(target, render(report, target.suffix.removeprefix(".").lower()))
