"""Markdown: the first page."""

import re

from assess.report import Report
from assess.reporting.txt import printable
from assess.simulation import Simulation
from assess.summary import Section, Summary, Table, summarise

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|!&~])")
_OPENING = re.compile(r"^([-+=]|\d{1,9}[.)](?=\s|$))")  # of a list, a line or a heading


def render(report: Report, simulation: Simulation | None = None) -> str:
    """Return the first page as Markdown."""
    return written(summarise(report, simulation))


def written(page: Summary) -> str:
    """Return a page as Markdown; nothing from the study is taken for markup."""
    blocks = [f"# {_block(page.title)}"]
    if page.banner:
        blocks.append(f"> **{_safe(page.banner)}**")
    blocks.extend(_block(line) for line in page.about)
    blocks.extend(map(written_section, page.sections))
    return "\n\n".join(blocks) + "\n"


def written_section(section: Section) -> str:
    """Return a section of a page as Markdown."""
    blocks = [f"## {_block(section.title)}", *map(_block, section.lines)]
    if section.table:
        blocks.append(table(section.table))
    return "\n\n".join(blocks)


def table(content: Table) -> str:
    """Return a table in pipes; the first column left, the others right."""
    rule = ["---", *["---:"] * (len(content.columns) - 1)]
    rows = [content.columns, tuple(rule), *content.rows]
    return "\n".join(
        "| " + " | ".join(cell if row is rows[1] else _safe(cell) for cell in row) + " |"
        for row in rows
    )


def _safe(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", printable(" ".join(text.split())))


def _block(text: str) -> str:
    return _OPENING.sub(lambda found: f"{found[0][:-1]}\\{found[0][-1]}", _safe(text))
