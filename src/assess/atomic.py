"""Write files whole or not at all."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write_text(path: str | Path, text: str) -> Path:
    """Write a text as UTF-8 with plain line ends; a failure leaves the old file as it was.

    Raises:
        OSError: the folder does not exist or cannot be written to; says which.
    """
    return write_bytes(path, text.encode())


def write_bytes(path: str | Path, content: bytes) -> Path:
    """Write bytes; a failure leaves the old file as it was.

    Raises:
        OSError: the folder does not exist or cannot be written to; says which.
    """
    target = Path(path)
    write_all({target: content})
    return target


def write_all(contents: Mapping[Path, bytes]) -> None:
    """Write several files, all of them or none: a failure leaves every old file as it was.

    All drafts are written before the first one takes the place of its file; if that then fails for
    one of them, those before it get back what they held.

    Raises:
        OSError: a folder does not exist or cannot be written to; says which.
    """
    drafts: dict[Path, Path] = {}
    before: dict[Path, bytes | None] = {}
    try:
        for target, content in contents.items():
            drafts[target] = _draft(target, content)
        for target, draft in drafts.items():
            held = target.read_bytes() if target.exists() else None
            draft.replace(target)
            before[target] = held
    except BaseException:
        for target, held in before.items():
            if held is None:
                target.unlink()
            else:
                target.write_bytes(held)
        raise
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)


def _draft(target: Path, content: bytes) -> Path:
    """Write what a file is to hold beside it; a failure leaves nothing."""
    if not target.parent.is_dir():
        raise FileNotFoundError(f"{target}: there is no folder {target.parent}")
    if target.is_dir():
        raise IsADirectoryError(f"{target} is a folder; give the name of a file")
    try:
        handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name[:100]}.")
    except OSError as error:
        raise type(error)(f"{target} cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _like_a_new_file(draft, target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return Path(draft)


def _like_a_new_file(draft: str, target: Path) -> None:
    """Give the draft the permissions of the file it replaces, or those of a new file."""
    if target.exists():
        mode = target.stat().st_mode & 0o777
    else:
        mask = os.umask(0)
        os.umask(mask)
        mode = 0o666 & ~mask
    Path(draft).chmod(mode)
