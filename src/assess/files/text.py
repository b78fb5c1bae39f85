"""Text files in, within limits: UTF-8, no line over 1 MB, no file over 2 GB."""

import codecs
from pathlib import Path

from assess.model import Problem, StudyError

LARGEST_FILE = 2_000_000_000
LONGEST_LINE = 1_000_000
_SAVE = "save it as UTF-8 (in a spreadsheet: CSV UTF-8)"


def read_text(path: Path, name: str, *, largest: int = LARGEST_FILE) -> str:
    """Read a UTF-8 file, with or without byte order mark.

    Args:
        path: of the file.
        name: what messages call it.
        largest: number of bytes beyond which it is not read.

    Raises:
        StudyError: it cannot be read, is too large or is not UTF-8; with the place.
    """
    check_file(path, name)
    if (size := path.stat().st_size) > largest:
        raise StudyError([_too_large(name, size, largest)])
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StudyError([wrong_encoding(path, name)]) from error


def check_file(path: Path, name: str) -> None:
    """Refuse what should not be read into memory at all.

    Raises:
        StudyError: says why.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise StudyError([Problem(name, (), "is not a file", place=name)])
        if size > LARGEST_FILE:
            raise StudyError([_too_large(name, size, LARGEST_FILE)])
        line, carried = 1, 0
        with path.open("rb") as file:
            if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
                raise StudyError([Problem(name, (), "is UTF-16 text", _SAVE, f"{name}:1:1")])
            file.seek(0)
            while chunk := file.read(LONGEST_LINE):
                end = chunk.find(b"\n")
                nul = chunk.find(b"\0")
                if nul >= 0:
                    line += chunk.count(b"\n", 0, nul)
                    start = chunk.rfind(b"\n", 0, nul) + 1
                    column = nul - start + 1 + (0 if start else carried)
                    raise StudyError([_wrong_byte(name, line, column, 0)])
                carried += len(chunk) if end < 0 else end
                if carried > LONGEST_LINE:
                    message = f"line is longer than {LONGEST_LINE:,} bytes"
                    hint = "is a quote left open, or are line ends lost?"
                    raise StudyError([Problem(name, (), message, hint, f"{name}:{line}:1")])
                line += chunk.count(b"\n")
                if end >= 0:
                    carried = len(chunk) - chunk.rfind(b"\n") - 1
    except OSError as error:
        problem = Problem(name, (), f"cannot be read: {error.strerror}", place=name)
        raise StudyError([problem]) from error


def wrong_encoding(path: Path, name: str) -> Problem:
    """Say on which line a file stops being UTF-8; its lines are known to be short."""
    with path.open("rb") as file:
        for line, content in enumerate(file, start=1):
            try:
                content.decode("utf-8")
            except UnicodeDecodeError as error:
                column = len(content[: error.start].decode("utf-8-sig")) + 1
                return _wrong_byte(name, line, column, content[error.start])
    return Problem(name, (), "is not UTF-8 text", _SAVE, name)


def _too_large(name: str, size: int, largest: int) -> Problem:
    message = f"is {size:,} bytes long; at most {largest:,} are read"
    return Problem(name, (), message, "split the file", name)


def _wrong_byte(name: str, line: int, column: int, byte: int) -> Problem:
    message = f"byte {byte:#04x} is not UTF-8 text"
    return Problem(name, (), message, _SAVE, f"{name}:{line}:{column}")
