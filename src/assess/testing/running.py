"""Hold laws against what users bring: all at once, one test each, or as a table of verdicts."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal

from hypothesis import strategies as st

from assess.model import Scale, Study, nearest, shown
from assess.testing import (
    convention_laws,
    pooling_laws,
    rule_claims,
    rule_laws,
    scale_laws,
    study_laws,
    weighting_laws,
)
from assess.testing.claims import pooling_subject, rule_subject, weighting_subject
from assess.testing.compared import Assessed
from assess.testing.scale_laws import Valued
from assess.testing.subjects import LawBroken, Subject, name_of

if TYPE_CHECKING:
    import pytest

Law = Callable[[Any], None]
Kind = Literal["rule", "weighting", "pooling", "scale", "study"]
Arguments = Mapping[str, st.SearchStrategy[Any]]

LAWS: Mapping[Kind, tuple[ModuleType, ...]] = {
    "rule": (rule_laws, rule_claims),
    "weighting": (weighting_laws,),
    "pooling": (pooling_laws,),
    "scale": (scale_laws,),
    "study": (study_laws, convention_laws),
}
_MAKERS: Mapping[str, Callable[..., Subject]] = {
    "rule": rule_subject,
    "weighting": weighting_subject,
    "pooling": pooling_subject,
}


@dataclass(frozen=True)
class Verdict:
    """How one law stands with one subject.

    Attributes:
        law: its name.
        outcome: "keeps", "breaks", or "claims not" where the law is not held against it.
        example: the counter-example in words, where it breaks the law.
    """

    law: str
    outcome: Literal["keeps", "breaks", "claims not"]
    example: str = ""


def laws_of(kind: Kind) -> tuple[Law, ...]:
    """Return the laws of one kind.

    >>> [law.__name__ for law in laws_of("weighting")][:3]
    ['always_the_same', 'keeps_the_order', 'leaves_its_input']
    """
    return tuple(getattr(module, name) for module in LAWS[kind] for name in module.__all__)


def claimable(kind: Kind) -> tuple[str, ...]:
    """Return the names of the laws of one kind that are held only against what claims them."""
    return tuple(name for module in LAWS[kind] for name in module.CLAIMED)


def check_rule(
    rule: Callable[..., Any],
    *,
    claims: Iterable[str] = (),
    orness: float | None = None,
    arguments: Arguments | None = None,
    examples: int = 100,
    seed: int | None = None,
) -> None:
    """Hold every law of rules against a rule, the basic ones and those it claims.

    Args:
        rule: `(values [..., criterion], weights [..., criterion]) -> [...]`, all in [0, 1].
        claims: names of laws in `rule_claims`; a rule of the library knows its own.
        orness: how far it claims that good makes up for bad, at most: 0 as the weakest link, 0.5
            as a mean.
        arguments: a Hypothesis strategy for each keyword-only argument that is to be drawn.
        examples: how many examples each law is held against.
        seed: of the examples; None gives the same ones at every run.

    Raises:
        ExceptionGroup: of a `LawBroken` for every law that is broken.

    >>> import assess
    >>> check_rule(assess.aggregation.weakest_link, examples=20)
    >>> check_rule(lambda values, weights: values.max(axis=-1), examples=20)
    Traceback (most recent call last):
    ...
    ExceptionGroup: <lambda> breaks 1 of 14 laws (1 sub-exception)
    """
    given = _claimed("rule", claims) | ({} if orness is None else {"orness": orness})
    _check("rule", rule_subject(rule, **given, **_options(arguments, examples, seed)))


def check_weighting(
    method: Callable[..., Any],
    *,
    judgements: str | Callable[[int], st.SearchStrategy[Any]] | None = None,
    claims: Iterable[str] = (),
    arguments: Arguments | None = None,
    examples: int = 100,
    seed: int | None = None,
) -> None:
    """Hold every law of weighting against a method, the basic ones and those it claims.

    Args:
        method: `judgements [child] -> weights [child]`.
        judgements: what it asks for: "points", "swings", "ranks" or "weights"; or a function from
            a number of children to a Hypothesis strategy of as many judgements.
        claims: names of laws in `weighting_laws.CLAIMED`.
        arguments: a Hypothesis strategy for each keyword-only argument that is to be drawn.
        examples: how many examples each law is held against.
        seed: of the examples; None gives the same ones at every run.

    Raises:
        ExceptionGroup: of a `LawBroken` for every law that is broken.

    >>> import assess
    >>> check_weighting(assess.weighting.swing, examples=20)
    """
    if isinstance(judgements, str) and judgements not in weighting_laws.JUDGEMENTS:
        hint = nearest(judgements, weighting_laws.JUDGEMENTS)
        raise ValueError(f"{judgements!r} is no sort of judgement ({hint})")
    given = _claimed("weighting", claims) | (
        {} if judgements is None else {"judgements": judgements}
    )
    _check("weighting", weighting_subject(method, **given, **_options(arguments, examples, seed)))


def check_pooling(
    centre: Callable[..., Any],
    *,
    liars: float | None = None,
    arguments: Arguments | None = None,
    examples: int = 100,
    seed: int | None = None,
) -> None:
    """Hold every law of pooling against a centre.

    Args:
        centre: `(values [..., analyst], weights [..., analyst]) -> [...]`, values in [0, 1].
        liars: the share of the panel's weight that it claims may lie without carrying the centre
            beyond what the others say: 0.5 for the median.
        arguments: a Hypothesis strategy for each keyword-only argument that is to be drawn.
        examples: how many examples each law is held against.
        seed: of the examples; None gives the same ones at every run.

    Raises:
        ExceptionGroup: of a `LawBroken` for every law that is broken.

    >>> import assess
    >>> check_pooling(assess.pooling.median, examples=20)
    """
    given = {} if liars is None else {"liars": liars}
    _check("pooling", pooling_subject(centre, **given, **_options(arguments, examples, seed)))


def check_scale(
    scale: Scale,
    *,
    worth: scale_laws.Worth | None = None,
    examples: int = 100,
    seed: int | None = None,
) -> None:
    """Hold every law of scales against a scale.

    Args:
        scale: the levels and their worths.
        worth: `(scale, levels [...]) -> worths [...]`; that of the library if none.
        examples: how many examples each law is held against.
        seed: of the examples; None gives the same ones at every run.

    Raises:
        ExceptionGroup: of a `LawBroken` for every law that is broken.

    >>> check_scale(Scale(worst=2000, best=0), examples=20)
    """
    if not isinstance(scale, Scale):
        raise TypeError(f"check_scale takes a Scale; {shown(scale)} is none")
    read = {} if worth is None else {"worth": worth}
    _check("scale", Valued(scale, examples=examples, seed=seed, **read))


def check_study(study: Study, *, evaluate: Callable[[Study], Any] | None = None) -> None:
    """Hold every law of whole studies against a study.

    Args:
        study: sound, so that it can be evaluated.
        evaluate: `study -> report`; that of the library if none.

    Raises:
        ExceptionGroup: of a `LawBroken` for every law that is broken.
        StudyError: the study is not sound.
    """
    if not isinstance(study, Study):
        told = "assess.testing.check_study(assess.load('mali'))"
        raise TypeError(f"check_study takes a Study: {told}; {shown(study)} is none")
    _check("study", Assessed(study) if evaluate is None else Assessed(study, evaluate))


def verdicts(kind: Kind, subject: Any, *, all_laws: bool = False) -> Iterator[Verdict]:
    """Yield how every law of a kind stands with a subject.

    Args:
        kind: of the laws.
        subject: a function, scale or study; or a `Subject` of it, with claims.
        all_laws: hold also those against it that it does not claim.
    """
    held = _subject(kind, subject)
    for law in laws_of(kind):
        if not (all_laws or _holds_for(kind, law, held)):
            yield Verdict(law.__name__, "claims not")
            continue
        try:
            law(held)
        except LawBroken as broken:
            yield Verdict(law.__name__, "breaks", broken.example)
        else:
            yield Verdict(law.__name__, "keeps")


def parametrize_with_laws(
    subjects: Sequence[Any],
    *,
    kind: Kind = "rule",
    expected_failures: Mapping[Any, Mapping[str, str]] | None = None,
) -> "pytest.MarkDecorator":
    """Return a pytest mark that makes a test of every law for every subject.

    The test takes `subject` and `law`, and calls `law(subject)`.

    Args:
        subjects: rules, weighting methods, centres, scales or studies; or a `Subject` of one.
        kind: of the subjects.
        expected_failures: for a subject, the laws that it is known to break, each with the
            reason; a law named here that is kept fails the test.

    Raises:
        ValueError: a subject or law among the expected failures is not among those tested.

    >>> import assess
    >>> @parametrize_with_laws([assess.aggregation.weighted_sum])
    ... def test_my_rules_keep_the_laws(subject, law):
    ...     law(subject)
    """
    import pytest

    expected = dict(expected_failures or {})
    for stranger in [known for known in expected if not any(known is s for s in subjects)]:
        raise ValueError(f"{name_of(stranger)} is not among the subjects")
    cases = []
    for given in subjects:
        held = _subject(kind, given)
        laws = [law for law in laws_of(kind) if _holds_for(kind, law, held)]
        reasons: Mapping[str, str] = next(
            (of for known, of in expected.items() if known is given), {}
        )
        for name, why in dict(reasons).items():
            if not why:
                raise ValueError(f"say why {held.name} breaks {name!r}: the reason is empty")
            if name not in {law.__name__ for law in laws}:
                hint = nearest(name, [law.__name__ for law in laws])
                raise ValueError(f"{held.name} is not held to a law {name!r} ({hint})")
        for law in laws:
            reason = reasons.get(law.__name__, "")
            marks = [pytest.mark.xfail(reason=reason, strict=True, raises=LawBroken)]
            cases.append(
                pytest.param(
                    held, law, id=f"{held.name}-{law.__name__}", marks=marks if reason else []
                )
            )
    return pytest.mark.parametrize(("subject", "law"), cases)


def _check(kind: Kind, subject: Any) -> None:
    broken, held = [], [law for law in laws_of(kind) if _holds_for(kind, law, subject)]
    for law in held:
        try:
            law(subject)
        except LawBroken as error:
            broken.append(error)
    if broken:
        told = f"{subject.name} breaks {len(broken)} of {len(held)} laws"
        raise ExceptionGroup(told, broken)


def _subject(kind: Kind, given: Any) -> Any:
    if kind == "scale":
        return given if isinstance(given, Valued) else Valued(given)
    if kind == "study":
        return given if isinstance(given, Assessed) else Assessed(given)
    return _MAKERS[kind](given)


def _holds_for(kind: Kind, law: Law, subject: Any) -> bool:
    """Whether a law is held against a subject: a basic one, or one that it may claim."""
    if law.__name__ not in claimable(kind):
        return True
    return isinstance(subject, Subject) and subject.may_claim(law.__name__)


def _claimed(kind: Kind, claims: Iterable[str]) -> dict[str, Any]:
    if isinstance(claims, str):
        raise TypeError(f"claims are a list of names: claims=[{claims!r}]")
    names, known = frozenset(claims), claimable(kind)
    for name in sorted(names):
        if name not in known:
            raise ValueError(f"no law {name!r} that can be claimed ({nearest(name, known)})")
    return {"claims": names} if names else {}


def _options(arguments: Arguments | None, examples: int, seed: int | None) -> dict[str, Any]:
    return {"arguments": dict(arguments or {}), "examples": examples, "seed": seed}
