"""The parts of a first page: tables, sections, and the page itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """Rows of text under a header; every column but the first holds figures."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """A heading, sentences, and at most one table."""

    title: str
    lines: tuple[str, ...] = ()
    table: Table | None = None


@dataclass(frozen=True)
class Summary:
    """The first page: what it is about, a banner where anything is illustrative, and sections."""

    title: str
    about: tuple[str, ...]
    banner: str
    sections: tuple[Section, ...]
