"""Text files in, within limits: UTF-8, no line over 1 MB, no file over 2 GB."""

from pathlib import Path

from assess.model import Problem, StudyError

LARGEST_FILE = 2_000_000_000
LONGEST_LINE = 1_000_000


def read_text(path: Path, name: str) -> str:
    """Read a UTF-8 file, with or without byte order mark.

    Raises:
        StudyError: it cannot be read, is too large or is not UTF-8; with the place.
    """
    check_file(path, name)
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
            message = f"is {size:,} bytes long; at most {LARGEST_FILE:,} are read"
            raise StudyError([Problem(name, (), message, "split the file", name)])
        line, carried = 1, 0
        with path.open("rb") as file:
            while chunk := file.read(LONGEST_LINE):
                if b"\0" in chunk:
                    raise StudyError([wrong_encoding(path, name)])
                end = chunk.find(b"\n")
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
    """Say on which line a file stops being UTF-8."""
    hint = "save it as UTF-8 (in a spreadsheet: CSV UTF-8)"
    with path.open("rb") as file:
        for line, content in enumerate(file, start=1):
            try:
                bad = content.index(b"\0") if b"\0" in content else None
                content.decode("utf-8")
            except UnicodeDecodeError as error:
                bad = error.start
            if bad is not None:
                message = f"byte {content[bad]:#04x} is not UTF-8 text"
                return Problem(name, (), message, hint, f"{name}:{line}:{bad + 1}")
    return Problem(name, (), "is not UTF-8 text", hint, name)
