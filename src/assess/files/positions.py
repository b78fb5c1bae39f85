"""Where each key of a TOML text stands: a scanner over text that tomllib has accepted."""

import re
from bisect import bisect_right
from collections.abc import Sequence

Path = tuple[str | int, ...]

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:\\.|(?!""").)*"{3,5}|\'\'\'(?:(?!\'\'\').)*\'{3,5}|"(?:\\.|[^"\\])*"|\'[^\']*\'', re.S
)
_SCALAR = re.compile(r"[^,\]}\n#]+")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPED = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


def positions(text: str) -> dict[Path, int]:
    r"""Return the offset of every value, and of every table's header, by its path.

    Args:
        text: TOML that tomllib accepts.

    >>> positions('[a]\nb = [1, 2]')
    {('a',): 0, ('a', 'b'): 8, ('a', 'b', 0): 9, ('a', 'b', 1): 12}
    """
    return _Scanner(text.replace("\r\n", " \n")).document()


def line_starts(text: str) -> tuple[int, ...]:
    r"""Return the offset at which each line begins.

    >>> line_starts("a\nbc\n")
    (0, 2, 5)
    """
    return (0, *(end.end() for end in re.finditer("\n", text)))


def line_and_column(starts: Sequence[int], offset: int) -> tuple[int, int]:
    """Return line and column of an offset, both from 1.

    >>> line_and_column((0, 2, 5), 3)
    (2, 2)
    """
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.found: dict[Path, int] = {}
        self.arrays: dict[Path, int] = {}

    def document(self) -> dict[Path, int]:
        table: Path = ()
        while self.skip() < len(self.text):
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)
        return self.found

    def skip(self) -> int:
        self.at = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]
        return self.at

    def header(self) -> Path:
        start, double = self.at, self.text.startswith("[[", self.at)
        self.at += 1 + double
        keys = self.keys()
        self.at = self.text.index("]", self.at) + 1 + double
        path: Path = ()
        for place, key in enumerate(keys):
            path = (*path, key)
            if double and place == len(keys) - 1:
                self.arrays[path] = self.arrays.get(path, -1) + 1
                self.found.setdefault(path, start)
            if path in self.arrays:
                path = (*path, self.arrays[path])
            self.found.setdefault(path, start)
        return path

    def pair(self, table: Path) -> None:
        start, path = self.at, table
        for key in self.keys():
            path = (*path, key)
            self.found.setdefault(path, start)
        self.at = self.text.index("=", self.at) + 1
        self.skip()
        self.found[path] = self.at
        self.value(path)

    def keys(self) -> list[str]:
        keys = []
        while True:
            self.skip()
            quoted = self.text[self.at] in "\"'"
            match = (_STRING if quoted else _BARE).match(self.text, self.at)
            assert match
            self.at = match.end()
            keys.append(_unquoted(match[0]) if quoted else match[0])
            if self.skip() >= len(self.text) or self.text[self.at] != ".":
                return keys
            self.at += 1

    def value(self, path: Path) -> None:
        opening = self.text[self.at]
        if opening in "[{":
            self.collection(path, "]" if opening == "[" else "}")
            return
        match = (_STRING if opening in "\"'" else _SCALAR).match(self.text, self.at)
        assert match
        self.at = match.end()

    def collection(self, path: Path, closing: str) -> None:
        self.at += 1
        index = 0
        while self.text[self.skip()] != closing:
            if closing == "}":
                self.pair(path)
            else:
                self.found[*path, index] = self.at
                self.value((*path, index))
                index += 1
            if self.text[self.skip()] == ",":
                self.at += 1
        self.at += 1


def _unquoted(key: str) -> str:
    if key[0] == "'":
        return key[1:-1]
    return _ESCAPE.sub(
        lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else _ESCAPED.get(m[3], m[3]),
        key[1:-1],
    )
