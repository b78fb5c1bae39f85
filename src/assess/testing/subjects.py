"""What is put under a law, and how a law is held against drawn examples of it."""

import functools
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import hypothesis
import numpy as np
from hypothesis import strategies as st
from hypothesis.errors import Flaky, UnsatisfiedAssumption
from numpy.typing import NDArray

from assess.choices import options, real
from assess.model import nearest
from assess.testing.strategies import ARGUMENTS

Array = NDArray[np.float64]
CLOSE = 1e-9
EXAMPLES = 100
LONGEST = 400


class LawBroken(AssertionError):  # noqa: N818
    """A law is broken; the message holds the law, its formula and the smallest example found.

    Attributes:
        law: name of the law.
        subject: what broke it.
        example: the counter-example in words.
    """

    def __init__(self, law: str, subject: str, example: str, sentence: str = "") -> None:
        self.law, self.subject, self.example, self.sentence = law, subject, example, sentence
        super().__init__(f"{law}: {subject} breaks it. {sentence}\n{example}".rstrip())

    def __reduce__(self) -> tuple[type["LawBroken"], tuple[str, str, str, str]]:
        return LawBroken, (self.law, self.subject, self.example, self.sentence)


class Found(Exception):  # noqa: N818
    """The example at hand breaks the law; says how."""


@dataclass(frozen=True)
class Subject:
    """A function under the laws: how its arguments are drawn, what it claims, how hard to look.

    Attributes:
        function: a rule, weighting method or pooling centre.
        arguments: a Hypothesis strategy for each keyword-only argument that is to be drawn.
        claims: names of the laws it claims beyond the basic ones; or, where that depends on its
            arguments, a function of them that returns such names.
        orness: how far it claims that good makes up for bad, at most: a number, or a function of
            its arguments.
        judgements: of a weighting method: "points", "swings", "ranks" or "weights", or a function
            from a number of children to a Hypothesis strategy of as many judgements.
        liars: of a pooling centre: the share of the panel's weight that it claims may lie without
            carrying the centre beyond what the others say; a number, or a function of its
            arguments.
        examples: how many examples a law is held against.
        seed: of the examples; None gives the same ones at every run.
    """

    function: Callable[..., Any]
    arguments: Mapping[str, st.SearchStrategy[Any]] = field(default_factory=dict)
    claims: frozenset[str] | Callable[..., frozenset[str]] = frozenset()
    orness: float | Callable[..., float] | None = None
    judgements: str | Callable[[int], st.SearchStrategy[Any]] = "points"
    liars: float | Callable[..., float] = 0.0
    examples: int = EXAMPLES
    seed: int | None = None

    @property
    def name(self) -> str:
        """What messages call it: the function's name, with arguments that are filled in."""
        return name_of(self.function)

    def claimed(self, arguments: Mapping[str, Any]) -> frozenset[str]:
        """Return the laws it claims with these arguments."""
        given = {**_filled(self.function), **arguments}
        found = self.claims(**given) if callable(self.claims) else self.claims
        return found | {"bears_liars", "compensates_no_more_than_claimed"}

    def may_claim(self, law: str) -> bool:
        """Whether it claims a law with some of the arguments that are drawn for it."""
        if law == "bears_liars":
            return self.liars != 0
        if law == "compensates_no_more_than_claimed":
            return self.orness is not None
        if not callable(self.claims):
            return law in self.claims
        if options(self.function).keys() <= _filled(self.function).keys():
            return law in self.claimed({})
        drawn: list[frozenset[str]] = []
        search(lambda draw: drawn.append(self.claimed(draw(self.drawn()).arguments)), 30)
        return any(law in claims for claims in drawn)

    def orness_claimed(self, arguments: Mapping[str, Any]) -> float | None:
        """Return the orness it claims at most with these arguments."""
        given = {**_filled(self.function), **arguments}
        return self.orness(**given) if callable(self.orness) else self.orness

    def liars_claimed(self, arguments: Mapping[str, Any]) -> float:
        """Return the share of liars that it claims to bear with these arguments."""
        given = {**_filled(self.function), **arguments}
        return self.liars(**given) if callable(self.liars) else self.liars

    def __post_init__(self) -> None:
        takes = options(self.function).keys() - _filled(self.function).keys()
        for name in self.arguments:
            if name not in takes:
                hint = nearest(name, takes) if takes else "it takes none"
                raise ValueError(f"{self.name} takes no argument {name!r} ({hint})")

    def drawn(self, law: str = "") -> st.SearchStrategy["Applied"]:
        """Draw its arguments; where a law is named, only such with which it is claimed."""
        filled = _filled(self.function)
        takes = {
            name: self._strategy(name, option.default is option.empty)
            for name, option in options(self.function).items()
            if name not in filled
        }
        known = {name: drawing for name, drawing in takes.items() if drawing is not None}
        drawn = st.fixed_dictionaries(known)
        if law and callable(self.claims):
            drawn = drawn.filter(lambda given: law in self.claimed(given))
        return drawn.map(lambda given: Applied(self.function, given))

    def _strategy(self, name: str, needed: bool) -> st.SearchStrategy[Any] | None:
        found = self.arguments.get(name, ARGUMENTS.get(name))
        if found is None and needed:
            raise TypeError(
                f"{self.name} needs the argument {name!r}: say how it is drawn, "
                f"arguments={{{name!r}: hypothesis.strategies.floats(0, 1)}}, or fill it in with "
                "functools.partial"
            )
        return found


@dataclass(frozen=True)
class Applied:
    """A function with its arguments drawn."""

    function: Callable[..., Any]
    arguments: Mapping[str, Any]

    @property
    def text(self) -> str:
        """The function as one would call it, its arrays left out."""
        return name_of(functools.partial(self.function, **self.arguments))

    def raw(self, *arrays: Any) -> Any:
        """Call it, as it is."""
        return self.function(*arrays, **self.arguments)

    def __call__(self, *arrays: Any) -> Array:
        """Call it; whatever it raises breaks the law at hand."""
        names = ("values", "weights") if len(arrays) == 2 else ("judgements",)
        told = " and ".join(f"{n} {numbers(a)}" for n, a in zip(names, arrays, strict=True))
        try:
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what they warn of shows in the result
                result = real(self.raw(*arrays))
        except UnsatisfiedAssumption:  # the rule says that it is not made for these values
            raise
        except Exception as error:  # whatever the function under the law raises
            what = f"{type(error).__name__}: {error}"
            raise Found(f"{self.text} of {told[:LONGEST]} raises {what}") from error
        expected = np.shape(arrays[0])[:-1] if len(arrays) > 1 else np.shape(arrays[0])
        if result.shape != expected:
            raise Found(
                f"{self.text} gives shape {result.shape} for an array of shape "
                f"{np.shape(arrays[0])}; expected {expected}: reduce the last axis, axis=-1"
            )
        if not np.isfinite(result).all():
            raise Found(f"{self.text} of {told[:LONGEST]} gives {numbers(result)[:LONGEST]}")
        return result


Drawing = Callable[[st.SearchStrategy[Any]], Any]
Holding = Callable[[Any, Drawing], None]


def as_subject(given: Callable[..., Any] | Subject) -> Subject:
    """Return what is under the law as a `Subject`; a plain function claims nothing more."""
    return given if isinstance(given, Subject) else Subject(given)


def on_examples(
    given: Callable[..., Any] | Subject,
    law: Callable[..., None],
    hold: Holding,
    *,
    claimed: bool = False,
) -> None:
    """Hold a law against drawn examples of a function.

    Args:
        given: the function, or a `Subject`.
        law: whose docstring the message quotes.
        hold: takes the function with its arguments, and a function that draws; raises `Found`.
        claimed: whether only such arguments are drawn with which the function claims the law.

    Raises:
        LawBroken: with the smallest example found.
    """
    subject = as_subject(given)
    try:
        named = claimed and subject.may_claim(law.__name__)
        drawn = subject.drawn(law.__name__ if named else "")
        search(lambda draw: hold(draw(drawn), draw), subject.examples, subject.seed)
    except Found as found:
        raise LawBroken(law.__name__, subject.name, str(found), sentence_of(law)) from None


def search(
    hold: Callable[[Drawing], None], examples: int = EXAMPLES, seed: int | None = None
) -> None:
    """Run a function on drawn examples until one raises; then raise what its smallest one does."""

    @hypothesis.settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=seed is None,
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[p for p in hypothesis.Phase if p is not hypothesis.Phase.explain],
    )
    @hypothesis.given(data=st.data())
    def run(data: st.DataObject) -> None:
        hold(data.draw)

    try:
        (hypothesis.seed(seed)(run) if seed is not None else run)()
    except Flaky as error:
        raise Found(f"the same question does not get the same answer twice: {error}") from None


def sentence_of(law: Callable[..., None]) -> str:
    """Return the first line of a law's docstring."""
    return (law.__doc__ or "").strip().split("\n")[0]


def formula_of(law: Callable[..., None]) -> str:
    """Return the second paragraph of a law's docstring: its formula."""
    paragraphs = (law.__doc__ or "").strip().split("\n\n")
    return " ".join(paragraphs[1].split()) if len(paragraphs) > 1 else ""


def name_of(function: Callable[..., Any]) -> str:
    """Return what messages call a function.

    >>> from functools import partial
    >>> from assess.aggregation import power_mean
    >>> name_of(partial(power_mean, exponent=-1))
    'power_mean(exponent=-1)'
    """
    if isinstance(function, functools.partial):
        inside = ", ".join(f"{key}={_brief(value)}" for key, value in function.keywords.items())
        name = name_of(function.func)
        return f"{name}({inside})" if inside else name
    return str(getattr(function, "__name__", type(function).__name__))


def numbers(array: Any) -> str:
    """Return an array as messages show it.

    >>> numbers([0.5, 1]), numbers([[0, 1 / 3]])
    ('(0.5, 1)', '((0, 0.333333333))')
    """
    found = np.asarray(array)
    if found.ndim == 0:
        return _brief(found.item())
    return f"({', '.join(numbers(item) for item in found)})"


def _brief(value: Any) -> str:
    if isinstance(value, tuple | list):
        return f"({', '.join(map(_brief, value))})"
    return f"{value:.9g}" if isinstance(value, float) else repr(value)


def _filled(function: Callable[..., Any]) -> Mapping[str, Any]:
    return function.keywords if isinstance(function, functools.partial) else {}
