"""Files are written whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from assess.atomic import write_text


def test_a_failure_leaves_the_old_file_and_no_draft(tmp_path: Path) -> None:
    target = tmp_path / "report.txt"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError):
        write_text(target, "new \ud800")
    assert target.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["report.txt"]


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="none"):
        write_text(tmp_path / "none" / "report.txt", "new")
    assert not list(tmp_path.iterdir())


def test_line_ends_are_plain_and_text_is_utf_8(tmp_path: Path) -> None:
    assert write_text(tmp_path / "a.txt", "é\n").read_bytes() == b"\xc3\xa9\n"


def test_the_permissions_of_the_old_file_are_kept_and_a_new_one_has_the_usual(
    tmp_path: Path,
) -> None:
    kept, new = tmp_path / "kept.txt", tmp_path / "new.txt"
    kept.touch()
    kept.chmod(0o640)
    before = os.umask(0o027)
    try:
        write_text(kept, "x")
        write_text(new, "x")
    finally:
        os.umask(before)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o640
    assert stat.S_IMODE(new.stat().st_mode) == 0o640
    kept.chmod(0o600)
    write_text(kept, "y")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
