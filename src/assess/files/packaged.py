"""Where the packaged trees, scenarios and examples lie: in the wheel, or in a source checkout."""

from pathlib import Path
from typing import Literal

Kind = Literal["criteria", "scenarios", "examples"]


def packaged_path(kind: Kind) -> Path:
    """Return the folder of packaged trees, scenarios or examples.

    Raises:
        FileNotFoundError: the installation lacks its data.
    """
    here = Path(__file__).resolve()
    for folder in (here.parents[1] / "_data" / kind, here.parents[3] / kind):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"this installation of assess lacks its {kind}; install it again")


def packaged(kind: Kind) -> dict[str, Path]:
    """Return the packaged files (for examples: folders) by name.

    >>> sorted(packaged("examples"))
    ['mali', 'mali_history']
    """
    folder = packaged_path(kind)
    if kind == "examples":
        return {p.parent.name: p.parent for p in sorted(folder.glob("*/study.toml"))}
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}
