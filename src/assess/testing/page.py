"""Verdicts as tables: for a terminal, and for the page that shows every rule against every law."""

import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from assess import aggregation, pooling, weighting
from assess.testing.claims import pooling_subject, rule_subject, weighting_subject
from assess.testing.running import Kind, Verdict, claimable, laws_of, verdicts
from assess.testing.subjects import Subject, formula_of, sentence_of

WIDTH = 100

# The rules that the page shows: those that take an argument stand with some values of it.
SHOWN_RULES: tuple[Callable[..., Any], ...] = (
    aggregation.weighted_sum,
    aggregation.weighted_product,
    partial(aggregation.power_mean, exponent=-1.0),
    partial(aggregation.power_mean, exponent=0.5),
    partial(aggregation.power_mean, exponent=2.0),
    aggregation.weakest_link,
    partial(aggregation.ordered_weighted, order_weights=(0.2, 0.3, 0.5)),
)


SHOWN: Mapping[Kind, str] = {
    "rule": "Rules",
    "weighting": "Weighting methods",
    "pooling": "Pooling",
}


def verdict_table(found: Iterable[Verdict]) -> str:
    """Return verdicts as a table, for a terminal 100 characters wide."""
    lines = []
    for verdict in found:
        lines.append(f"{verdict.law:<36}{verdict.outcome}")
        indent = " " * 4
        lines += [
            textwrap.fill(part, WIDTH, initial_indent=indent, subsequent_indent=indent)
            for part in verdict.example.split("\n")
            if part
        ]
    return "\n".join(lines)


def library_verdicts(kind: Kind) -> str:
    """Return how every function of the library of one kind stands with every law, in words.

    One line a law: those that keep it, and those of which it is not asked.
    """
    subjects = _subjects(kind, 30)
    names = [subject.name for subject in subjects]
    found = zip(*(list(verdicts(kind, subject)) for subject in subjects), strict=True)
    lines = [f"Held against {', '.join(names)}."]
    for law, row in zip(laws_of(kind), found, strict=True):
        outcomes = {verdict.outcome for verdict in row}
        for outcome in sorted(outcomes, reverse=True):
            who = [n for n, v in zip(names, row, strict=True) if v.outcome == outcome]
            told = "all" if len(who) == len(names) else ", ".join(who)
            lines.append(f"{law.__name__:<36}{outcome}: {told}")
    return "\n".join(lines)


def laws_page(examples: int = 30) -> str:
    """Return the tables of the page of laws: every function of the library against every law.

    Args:
        examples: how many examples each law is held against.
    """
    parts = [_part(title, kind, _subjects(kind, examples)) for kind, title in SHOWN.items()]
    return "\n".join(line for part in parts for line in part)


def _subjects(kind: Kind, examples: int) -> list[Subject]:
    """Return the functions of the library that the page shows, with what they claim."""
    if kind == "rule":
        return [rule_subject(rule, examples=examples) for rule in SHOWN_RULES]
    if kind == "weighting":
        methods = [getattr(weighting, name) for name in weighting.__all__]
        return [weighting_subject(method, examples=examples) for method in methods]
    centres = [getattr(pooling, name) for name in pooling.__all__]
    return [pooling_subject(centre, examples=examples) for centre in centres]


def _part(title: str, kind: Kind, subjects: Sequence[Subject]) -> Iterator[str]:
    """Yield one table, the counter-examples it refers to, and the laws in words."""
    found = [list(verdicts(kind, subject, all_laws=True)) for subject in subjects]
    notes: list[str] = []
    yield f"### {title}\n"
    yield f"| law | {' | '.join(f'`{subject.name}`' for subject in subjects)} |"
    yield f"|---|{'---|' * len(subjects)}"
    for law, row in zip(laws_of(kind), zip(*found, strict=True), strict=True):
        cells = [
            _cell(kind, verdict, subject, notes)
            for verdict, subject in zip(row, subjects, strict=True)
        ]
        yield f"| {law.__name__} | {' | '.join(cells)} |"
    yield ""
    yield from (f"{i}. {note}" for i, note in enumerate(notes, start=1))
    yield ""
    for law in laws_of(kind):
        claimed = "" if law.__name__ not in claimable(kind) else " (claimed by some)"
        formula = formula_of(law)
        yield f"- **{law.__name__}**{claimed}: {sentence_of(law)} `{formula}`"
    yield ""


def _cell(kind: Kind, verdict: Verdict, subject: Subject, notes: list[str]) -> str:
    """Return how one law stands with one function; a counter-example goes to the notes."""
    unclaimed = verdict.law in claimable(kind) and not subject.may_claim(verdict.law)
    if verdict.outcome != "breaks":
        return "claims not" if unclaimed else "keeps"
    notes.append(f"`{verdict.law}`: {verdict.example}")
    return f"{'claims not' if unclaimed else 'breaks'} ({len(notes)})"
