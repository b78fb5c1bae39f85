"""The formats of a report: one module each, named by its suffix; in `simulation` those of one."""

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from assess.atomic import write_text

if TYPE_CHECKING:
    from assess.report import Report
    from assess.simulation import Simulation


def formats() -> tuple[str, ...]:
    """Return the suffixes that a report can be written with.

    >>> formats()
    ('csv', 'json', 'md', 'txt')
    """
    return tuple(sorted(module.name for module in iter_modules(__path__) if not module.ispkg))


def check_suffix(suffix: str) -> None:
    """Refuse what is no format.

    Raises:
        ValueError: no format has this suffix; lists those that there are.
    """
    if suffix not in formats():
        listed = ", ".join(f".{name}" for name in formats())
        raise ValueError(f"no format has the suffix {'.' + suffix!r}; choose from {listed}")


def render(report: "Report", suffix: str, simulation: "Simulation | None" = None) -> str:
    """Return a report as text in one of the formats.

    Args:
        report: by `assess.evaluate`.
        suffix: one of `formats()`.
        simulation: draws of the same study, for a report that says how sure it is.

    Raises:
        ValueError: no format has this suffix, or the draws are of another study.
    """
    check_suffix(suffix)
    if simulation is not None and simulation.study != report.study:
        raise ValueError(
            f"the draws are of another study ({simulation.study.digest[:12]}) than the report "
            f"({report.study.digest[:12]})"
        )
    return str(import_module(f"{__name__}.{suffix}").render(report, simulation))


def write(report: "Report", path: str | Path, simulation: "Simulation | None" = None) -> Path:
    """Write a report atomically in the format that the suffix names.

    Raises:
        ValueError: no format has this suffix.
        OSError: the file cannot be written.
    """
    target = Path(path)
    return write_text(target, render(report, target.suffix.removeprefix(".").lower(), simulation))
