"""Where keys stand: the scanner finds every path that tomllib finds, and no other."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assess.files.positions import line_and_column, line_starts, positions

Keys = tuple[str | int, ...]


def paths(value: Any, path: Keys = ()) -> dict[Keys, Any]:
    """Return everything inside a value by its path."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    found: dict[Keys, Any] = {}
    for key, item in inside:
        found[*path, key] = item
        if isinstance(item, dict | list):
            found |= paths(item, (*path, key))
    return found


# A small writer of TOML: what is drawn is text, and tomllib says what it means.
LETTERS = st.sampled_from("ab1_-")
ODD = st.sampled_from(["", " ", "a.b", "#", "=", "[", "]", "é", "'", "\U0001f600", ","])
SPACES = st.sampled_from(["", " ", "\t "])
LINES = st.sampled_from(["\n", "\r\n", "\n\n", " # a comment = [x\n", '\n# \'odd\' """ ]\n'])


def quoted(text: str) -> str:
    """Write a basic string, some characters as escapes."""
    escapes = {"'": "\\u0027", "é": "\\u00e9", "\U0001f600": "\\U0001F600", "#": "\\u0023"}
    return '"' + "".join(escapes.get(c, c) for c in text) + '"'


BARE = st.text(LETTERS, min_size=1, max_size=3)
KEY = st.one_of(
    BARE,
    st.builds(quoted, ODD),
    ODD.filter(lambda text: "'" not in text).map(lambda text: f"'{text}'"),
)
STRING = st.one_of(
    st.builds(quoted, ODD),
    st.sampled_from(["''", '""', "''''''", '""""""', "'a\"b'", '"\\\\"', '"\\"]"', "'\\'"]),
    st.sampled_from(['"""a"b""c"""', '"""x""""', '"""x"""""', '"""\\""""', '"""\n[a]\nb = 1\n"""']),
    st.sampled_from(["'''a'b''c'''", "'''x''''", "'''x'''''", "'''\nc = [\n# '''"]),
    st.sampled_from(['"""\\\n   joined"""', '"""\r\nx\r\n"""', "'''\r\ny = 2'''"]),
)
SCALAR = st.one_of(
    STRING,
    st.sampled_from(["1", "0x0F", "1_000", "+0.5e-3", "inf", "-nan", "true", "false", "0b10"]),
    st.sampled_from(["2026-06-30", "2026-06-30 07:32:00Z", "2026-06-30T07:32:00.5", "07:32:00"]),
)


def listed(items: list[str], gap: str, tail: str) -> str:
    """Write an array over lines, with or without a last comma."""
    return f"[{gap}{f',{gap}'.join(items)}{tail if items else ''}{gap}]"


def inline(pairs: list[tuple[str, str]], space: str) -> str:
    """Write an inline table."""
    return "{" + space + f",{space}".join(f"{k}{space}={space}{v}" for k, v in pairs) + space + "}"


VALUE = st.recursive(
    SCALAR,
    lambda inner: st.one_of(
        st.builds(listed, st.lists(inner, max_size=3), SPACES | LINES, st.sampled_from(["", ","])),
        st.builds(inline, st.lists(st.tuples(KEY, inner), max_size=3), SPACES),
    ),
    max_leaves=6,
)
DOTTED = st.builds(
    lambda keys, space: f"{space}.{space}".join(keys),
    st.lists(KEY, min_size=1, max_size=3),
    SPACES,
)
PAIR = st.builds(lambda k, s, v: f"{s}{k}{s}={s}{v}", DOTTED, SPACES, VALUE)
HEADER = st.builds(lambda s, k: f"{s}[{s}{k}{s}]", SPACES, DOTTED)
ARRAY_HEADER = st.builds(lambda s, k: f"{s}[[{s}{k}{s}]]", SPACES, DOTTED)
LINE = st.one_of(PAIR, PAIR, PAIR, HEADER, ARRAY_HEADER)


def sound(lines: list[str], ends: list[str]) -> str:
    """Join lines to a document, leaving out each line that tomllib refuses after those before."""
    text = ""
    for line, end in zip(lines, ends, strict=False):
        try:
            tomllib.loads(text + line + end)
        except tomllib.TOMLDecodeError:
            continue
        text += line + end
    return text


DOCUMENTS = st.builds(sound, st.lists(LINE, max_size=10), st.lists(LINES, min_size=10, max_size=10))


@given(DOCUMENTS)
@settings(max_examples=50, deadline=None)
@example("")
@example("a = 1")
@example("[[a]]\nb = 1\n[[a]]\n[a.c]\nd = 2\n[[a.e]]\n[[a.e]]\nf = [{g = 1}, {}]")
@example("'a.b'.\"c\\u0020d\" = {x.y = [[1, 2], ['#']]} # z\r\n")
@example('s = """\r\n"""\r\nt = 1\r\n')
def test_the_scanner_finds_exactly_the_paths_that_tomllib_finds(text: str) -> None:
    expected = paths(tomllib.loads(text))
    found = positions(text)
    assert found.keys() == expected.keys()


@given(DOCUMENTS)
@settings(max_examples=50, deadline=None)
@example('x.y = """a"b"""""\r\nz = [1979-05-27 07:32:00Z, "\\u00e9"]')
def test_the_text_at_each_place_is_the_value(text: str) -> None:
    found = positions(text)
    for path, value in paths(tomllib.loads(text)).items():
        if isinstance(value, dict | list):
            assert text[found[path]] not in " \t\r\n#=.,]}"
        else:
            assert begins_with(text[found[path] :], value)


def begins_with(rest: str, value: Any) -> bool:
    """Whether a text begins with a value, and then with what may follow one."""
    for end in range(1, len(rest) + 1):
        if end == len(rest) or rest[end] in ", \t\r\n]}#":
            try:
                read = tomllib.loads(f"v = {rest[:end]}")["v"]
            except tomllib.TOMLDecodeError:
                continue
            if repr(read) == repr(value):
                return True
    return False


def test_a_table_stands_at_its_header_and_a_value_after_its_key() -> None:
    text = "# first\n[[a]]\n[a.b]  # here\nc.d = { e = [1,\n  2] }\n"
    starts = line_starts(text)
    places = {path: line_and_column(starts, at) for path, at in positions(text).items()}
    assert places["a",] == places["a", 0] == (2, 1)
    assert places["a", 0, "b"] == (3, 1)
    assert places["a", 0, "b", "c"] == (4, 1)
    assert places["a", 0, "b", "c", "d"] == (4, 7)
    assert places["a", 0, "b", "c", "d", "e", 1] == (5, 3)


@given(st.text(st.sampled_from("ab\n\r"), max_size=30), st.integers(0, 30))
def test_a_place_counts_the_line_ends_before_it(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    before = text[:offset].split("\n")
    assert line_and_column(line_starts(text), offset) == (len(before), len(before[-1]) + 1)


PACKAGED = sorted(Path(__file__).parents[1].glob("[ces]*/**/*.toml"))


@pytest.mark.parametrize("path", PACKAGED, ids=lambda path: path.stem)
def test_every_file_of_the_repository_is_scanned_whole(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert positions(text).keys() == paths(tomllib.loads(text)).keys()
