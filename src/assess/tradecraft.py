"""The wording rules of ICD 203: one set of likelihood terms, no confidence beside a likelihood."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assess.model import LIKELIHOOD_BANDS, Study

__all__ = ["Remark", "likelihood_terms", "remarks", "study_remarks"]

# The two terms of each band stand one after the other.
SETS = (tuple(LIKELIHOOD_BANDS)[0::2], tuple(LIKELIHOOD_BANDS)[1::2])
_OTHER = {**dict(zip(*SETS, strict=True)), **dict(zip(SETS[1], SETS[0], strict=True))}
_CHANCE = "chances?|possibilit(?:y|ies)|likelihood|probability|prospects?|odds"
_IS = r"(?:\w+\s+){0,6}?(?:is|are|was|were|remains?|seems?)\s+"
_PLAIN = "|".join(
    term.replace(" ", r"\s+")
    for term in sorted(LIKELIHOOD_BANDS, key=len, reverse=True)
    if term != "remote"
)
# "Remote" says where something lies unless a chance is what is remote; "as likely as" and "more
# likely" compare, and name no band.
_TERM = re.compile(
    rf"(?<![\w-])(?:(?P<remote>remote)(?=\s+(?:{_CHANCE})\b)"
    rf"|(?:{_CHANCE})\s+{_IS}(?P<is_remote>remote)"
    rf"|(?<!\bmore\s)(?<!\bless\s)(?<!\bas\s)(?<!\bhow\s)(?<!\bmost\s)(?<!\bleast\s)"
    rf"(?P<plain>{_PLAIN}))(?![\w-])(?!\s+cause\b)",
    re.IGNORECASE,
)
# The Admiralty code words its credibility 5 with a term of ICD 203: "D5, improbable" quotes it.
_GRADE = re.compile(r"\b[A-F]?5[:,]?\s+\(?improbable\b", re.IGNORECASE)
_CONFIDENCE = re.compile(
    r"(?<![\w-])(?:(?:high|moderate|medium|low)(?:er|est)?\s+confidence|confident)(?![\w-])",
    re.IGNORECASE,
)
_END = re.compile(r"(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bcf\.)(?<=[.!?])[\"')\]]*\s+(?=\S)|\n\s*\n")


@dataclass(frozen=True)
class Remark:
    """A sentence that breaks a wording rule.

    Attributes:
        place: where it stands: the id of a scenario or strategy, or whose rating it explains.
        sentence: as written.
        advice: which rule it breaks, and what to write instead.
    """

    place: str
    sentence: str
    advice: str

    def __str__(self) -> str:
        return f'{self.place}: "{self.sentence}": {self.advice}'


def likelihood_terms(text: str) -> tuple[str, ...]:
    """Return the likelihood terms of ICD 203 that a text uses, in their order.

    Whole words alone count; "remote" only where a chance is called so, no comparison, and no quoted
    Admiralty grade.

    References:
        Office of the Director of National Intelligence (2015), Intelligence Community Directive
        203, Analytic Standards.

    >>> likelihood_terms("A very unlikely turn, and a remote chance of a truce.")
    ('very unlikely', 'remote')
    >>> likelihood_terms("Remote villages are more likely to be reached; its likelihood is open.")
    ()
    """
    found = (match.group(match.lastgroup or 0) for match in _TERM.finditer(_GRADE.sub("", text)))
    return tuple(" ".join(term.lower().split()) for term in found)


def remarks(
    passages: Iterable[tuple[str, str]], declared: Iterable[tuple[str, str]] = ()
) -> Iterator[Remark]:
    """Yield every sentence that breaks a wording rule.

    Args:
        passages: place and text.
        declared: place and likelihood term of what is stated as a term alone, such as the
            likelihood of a scenario; it counts for the set of terms.

    >>> given = [("question", "We judge with high confidence that a truce is likely.")]
    >>> print(*remarks(given))  # doctest: +ELLIPSIS
    question: "We judge with high confidence that a truce is likely.": 'likely' and 'high...
    """
    held = [(place, sentence) for place, text in passages for sentence in _sentences(text)]
    terms = [(place, text, likelihood_terms(text)) for place, text in held]
    terms += [(place, f"likelihood = {term}", (term,)) for place, term in declared]
    yield from _mixed(terms)
    for place, sentence, used in terms:
        stated = _CONFIDENCE.search(sentence)
        if used and stated:
            told = " ".join(stated.group().lower().split())
            yield Remark(
                place,
                sentence,
                f"{used[0]!r} and {told!r} stand in one sentence; write two: how likely it is, and "
                "then how sure you are and why (ICD 203)",
            )


def study_remarks(study: Study) -> Iterator[Remark]:
    """Yield the sentences of a study's prose that break a wording rule.

    Its prose is the question, descriptions, reasons and rationales.

    >>> import assess
    >>> list(study_remarks(assess.load("mali")))
    []
    """
    terms = [
        (f"scenario {scenario.id}", scenario.likelihood)
        for scenario in study.scenarios
        if scenario.likelihood
    ]
    return remarks([*_declared_prose(study), *_rationales(study)], terms)


def _mixed(found: list[tuple[str, str, tuple[str, ...]]]) -> Iterator[Remark]:
    """Yield where terms are of another set than most of them; the first set where they tie."""
    count = Counter(term in SETS[1] for _, _, terms in found for term in terms)
    if not (count[False] and count[True]):
        return
    minority = count[True] <= count[False]
    for place, sentence, terms in found:
        for term in dict.fromkeys(terms):
            if (term in SETS[1]) == minority:
                yield Remark(
                    place,
                    sentence,
                    f"{term!r} is of another set of likelihood terms than the rest of the study; "
                    f"write {_OTHER[term]!r} (ICD 203)",
                )


def _sentences(text: str) -> Iterator[str]:
    for sentence in _END.split(text):
        if words := " ".join(sentence.split()):
            yield words


def _declared_prose(study: Study) -> Iterator[tuple[str, str]]:
    """Yield place and text of what the study, its scenarios and its tree say in sentences."""
    yield "question", study.question
    for key, strategy in study.strategies.items():
        yield f"strategy {key}", strategy.description
    for scenario in study.scenarios:
        place = f"scenario {scenario.id}"
        yield place, scenario.description
        yield place, scenario.reason
        for node, held in scenario.weights.items():
            yield f"{place}, weights of {node}", held.reason
        for node, reason in scenario.not_applicable.items():
            yield f"{place}, {node} not applicable", reason
    for key, criterion in study.tree.criteria.items():
        if criterion.gate:
            yield f"gate of {key}", criterion.gate.reason


def _rationales(study: Study) -> Iterator[tuple[str, str]]:
    """Yield each rationale that holds a likelihood term once, at the first rating that gives it."""
    ratings = study.ratings
    for label in ratings.rationale.labels:
        if likelihood_terms(label):
            row = int(ratings.rationale.matches(label).argmax())
            cells = (ratings.cell(row, name) for name in ("analyst", "strategy", "criterion"))
            yield f"rating by {', '.join(cells)}", label
