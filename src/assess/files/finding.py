"""Where the files of a study lie: packaged, or inside its folder and nowhere else."""

from contextlib import suppress
from pathlib import Path

from assess.files.packaged import Kind, packaged
from assess.model import Problem, StudyError, nearest, shown


class NotFoundError(Exception):
    """A name that leads to no file of the study; says why, and what is nearest."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


def study_file(path: Path) -> Path:
    """Return the `study.toml` of a folder, the file itself, or that of a packaged example.

    Raises:
        StudyError: there is none.
    """
    with suppress(OSError):
        for file in (path / "study.toml", path):
            if file.is_file():
                return file
    examples = packaged("examples")
    if str(path) in examples:
        return examples[str(path)] / "study.toml"
    hint = nearest(path.name, examples) if path.parent == Path() else ""
    where = str(path)[:200]
    raise StudyError([Problem(where, (), "there is no study here", hint, where)])


def find(folder: Path, name: str, kind: Kind) -> Path:
    """Return a packaged file by its bare name, or a file inside the study's folder.

    Raises:
        NotFoundError: there is none, or it lies outside.
    """
    shelf = packaged(kind)
    if name in shelf:
        return shelf[name]
    if "/" not in name and not name.endswith(".toml"):
        hint = nearest(name, shelf) + f"; a file of your own is written {kind}/NAME.toml"
        raise NotFoundError(f"there is no packaged file {shown(name)} in {kind}", hint)
    path = _inside(folder, name)
    if not path.is_file():
        hint = nearest(name, _files(folder, "*.toml"))
        raise NotFoundError(f"there is no file {shown(name)} in the study's folder", hint)
    return path


def matching(folder: Path, pattern: str) -> list[Path]:
    """Return the files inside the study's folder that match a pattern, in the order of names.

    Raises:
        NotFoundError: there is none, or one lies outside.
    """
    if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
        message = f"{shown(pattern)} leads out of the study's folder"
        raise NotFoundError(message, "copy the files into it")
    found = sorted(_glob(folder, pattern))
    if not found:
        hint = nearest(pattern, _files(folder, "*.csv"))
        raise NotFoundError(f"no file matches {shown(pattern)}", hint)
    return [_inside(folder, str(path.relative_to(folder))) for path in found]


def called(path: Path, folder: Path) -> str:
    """Return a file as messages call it: below the study's folder, or by its packaged place."""
    folder = folder.resolve()
    if path.is_relative_to(folder):
        return str(path.relative_to(folder))
    return f"{path.parent.name}/{path.name}"


def _inside(folder: Path, name: str) -> Path:
    """Return a path, refused where it leaves the study's folder."""
    whole = folder.resolve()
    try:
        path = (whole / name).resolve()
        path.is_file()
    except (ValueError, OSError, RuntimeError):
        hint = nearest(name, _files(folder, "*.toml"))
        raise NotFoundError(f"{shown(name)} is no name of a file", hint) from None
    if not path.is_relative_to(whole):
        message = f"{shown(name)} leads out of the study's folder"
        raise NotFoundError(message, "copy the file into it")
    return path


def _files(folder: Path, pattern: str) -> list[str]:
    return [str(path.relative_to(folder)) for path in sorted(folder.rglob(pattern))]


def _glob(folder: Path, pattern: str) -> list[Path]:
    """Return the files that match; none where the pattern itself is not one."""
    with suppress(ValueError, IndexError, NotImplementedError, OSError):
        return [path for path in folder.glob(pattern) if path.is_file()]
    return []
