"""Where the files of a study lie: packaged, or inside its folder and nowhere else."""

from collections.abc import Callable
from contextlib import suppress
from itertools import takewhile
from pathlib import Path

from assess.files.packaged import Kind, packaged
from assess.model import Problem, StudyError, nearest, shown

Hint = Callable[[], str]
_A_STUDY = "a study is a folder with study.toml"


class NotFoundError(Exception):
    """A name that leads to no file of the study; says why, and what is nearest when asked."""

    def __init__(self, message: str, hint: str | Hint, *, nothing: bool = False) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint
        self.nothing = nothing  # it leads nowhere, and not to something else or outside


def study_file(path: Path) -> Path:
    """Return the `study.toml` of a folder, the file itself, or that of a packaged example.

    Raises:
        StudyError: there is none.
    """
    is_name = path.parent == Path()
    with suppress(OSError):
        is_name = is_name and not path.is_dir()
        for file in (path / "study.toml", path):
            if file.is_file():
                return _checked(file)
    examples = packaged("examples")
    if str(path) in examples:
        return examples[str(path)] / "study.toml"
    hint = nearest(path.name, examples) if is_name else _A_STUDY
    where = str(path)[:200]
    raise StudyError([Problem(where, (), "there is no study here", hint, where)])


def _checked(file: Path) -> Path:
    """Return a file that may hold a study; refuse one that is plainly something else."""
    if file.suffix == ".toml":
        return file
    hint = ""
    if (file.parent / "study.toml").is_file():
        hint = f"did you mean {str(file.parent)!r}?"
    elif file.suffix == ".json":
        hint = "a report is read by `assess compare`, or in Python by assess.Report.read"
    where = str(file)[:200]
    raise StudyError([Problem(where, (), f"is not a study: {_A_STUDY}", hint, where)])


def find(folder: Path, name: str, kind: Kind) -> Path:
    """Return a packaged file by its bare name, or a file inside the study's folder.

    Raises:
        NotFoundError: there is none, or it lies outside.
    """
    if "/" not in name and not name.endswith(".toml"):
        shelf = packaged(kind)
        if name in shelf:
            return shelf[name]
        hint = nearest(name, shelf) + f"; a file of your own is written {kind}/NAME.toml"
        raise NotFoundError(f"there is no packaged file {shown(name)} in {kind}", hint)
    path = _inside(folder, name)
    if path.exists() and not path.is_dir() and not path.is_file():
        raise NotFoundError(f"{shown(name)} is not an ordinary file", "save a copy in its place")
    if not path.is_file():
        message = f"there is no file {shown(name)} in the study's folder"
        raise NotFoundError(message, lambda: nearest(name, _files(folder, "*.toml")))
    return path


def matching(folder: Path, pattern: str) -> list[Path]:
    """Return the files inside the study's folder that match a pattern, in the order of names.

    Raises:
        NotFoundError: there is none, or one lies outside.
    """
    outside = _leads_out(folder, pattern)
    found = [] if outside else sorted(_glob(folder, pattern))
    if outside or any(_leads_out(folder, str(path.relative_to(folder))) for path in found):
        message = f"{shown(pattern)} leads out of the study's folder"
        raise NotFoundError(message, "copy the files into it")
    files = [path.resolve() for path in found if path.is_file()]
    if found and not files:
        message = f"{shown(pattern)} is not an ordinary file"
        raise NotFoundError(message, "save a copy in its place")
    if not files:
        message = f"no file matches {shown(pattern)}"
        raise NotFoundError(
            message, lambda: nearest(pattern, _files(folder, "*.csv")), nothing=True
        )
    return files


def called(path: Path, folder: Path) -> str:
    """Return a file as messages call it: below the study's folder, or by its packaged place."""
    folder = folder.resolve()
    if path.is_relative_to(folder):
        return str(path.relative_to(folder))
    return f"{path.parent.name}/{path.name}"


def _inside(folder: Path, name: str) -> Path:
    """Return a path, refused where it leaves the study's folder."""
    path = _resolved(folder, name)
    if path is None:
        message = f"{shown(name)} is no name of a file"
        raise NotFoundError(message, lambda: nearest(name, _files(folder, "*.toml")))
    if not path.is_relative_to(folder.resolve()):
        message = f"{shown(name)} leads out of the study's folder"
        raise NotFoundError(message, "copy the file into it")
    return path


def _leads_out(folder: Path, pattern: str) -> bool:
    """Whether a pattern, as far as it is plain, lies outside the study's folder."""
    parts = Path(pattern).parts
    plain = takewhile(lambda part: not set(part) & set("*?["), parts)
    path = _resolved(folder, *plain)
    outside = path is not None and not path.is_relative_to(folder.resolve())
    return outside or ".." in parts or Path(pattern).is_absolute()


def _resolved(folder: Path, *names: str) -> Path | None:
    """Return a path with its links followed; None where it cannot be one."""
    with suppress(ValueError, OSError, RuntimeError):
        path = folder.joinpath(*names).resolve()
        path.is_file()
        return path
    return None


def _files(folder: Path, pattern: str) -> list[str]:
    found = (path for path in sorted(folder.rglob(pattern)) if path.is_file())
    return [str(path.relative_to(folder)) for path in found]


def _glob(folder: Path, pattern: str) -> list[Path]:
    """Return what matches and is no folder; nothing where the pattern itself is not one."""
    with suppress(ValueError, IndexError, NotImplementedError, OSError, RuntimeError):
        return [path for path in folder.glob(pattern) if not path.is_dir()]
    return []
