"""Hold the laws of rules against methods of two other libraries, and print what each does.

Needs the extra `peers`. The number of examples a law is held against may be given: 20 if not.
"""

import platform
import re
import sys
import textwrap
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
from hypothesis import assume, reject

from assess.testing import LawBroken, Subject, Verdict, values, verdicts, weights
from assess.testing.subjects import Applied, Array, Drawing, Found, numbers, on_examples

Score = Callable[[Array, Array], Any]  # (matrix [strategy, criterion], weights [criterion])
Notes = dict[str, list[str]]  # a counter-example and the laws it is of, in the order of numbers
WIDTH, FIRST, COLUMN, LONG = 100, 30, 14, 500

READ = """\
These methods rank the strategies of one set, on purpose. The laws ask another question: whether
a score, taken alone, can be compared with a score from another set. That a law is kept or broken
says what a method does, not what it is worth for the question it was made for.

How they are wrapped: every criterion is a benefit with values in [0, 1]; a set is the second-last
axis, and leading axes are scored set by set; one strategy alone is a set of one. Each method has
the normalisation that its library pairs it with, named below; `sum as is` is the weighted sum
with none. Warnings of the libraries and of numpy are silenced inside the wrappers, for they would
drown the tables.

How to read it: only laws that every rule keeps are held, and two that this script adds, on sets of
four strategies that have scores. `above 0`: the laws are held on values above 0, since the method
gives no score to a 0, or to a criterion that is 0 throughout a set. `no score`: the method raises,
or returns nan for values that are numbers; that breaks the law at hand. Where one strategy alone
always scores 1, laws about one strategy alone are kept by that 1. Examples are drawn the same way
at every run."""

EDGES = {
    "one strategy alone": ([[0.5, 0.8]], [0.5, 0.5]),
    "two strategies alike": ([[0.5, 0.8], [0.5, 0.8]], [0.5, 0.5]),
    "two strategies that differ": ([[0.5, 0.8], [0.2, 0.9]], [0.5, 0.5]),
    "a value of 0": ([[0.5, 0.0], [0.2, 0.9]], [0.5, 0.5]),
    "a criterion with 0 for all": ([[0.5, 0.0], [0.2, 0.0]], [0.5, 0.5]),
    "all weight on one criterion": ([[0.5, 0.8], [0.2, 0.9]], [1.0, 0.0]),
    "one criterion": ([[0.5], [0.2]], [1.0]),
}


@dataclass(frozen=True)
class Peer(Subject):
    """A method of another library under the laws: how it is wrapped, and which values it takes."""

    title: str = ""
    how: str = ""
    above_zero: bool = False


def peer(library: str, title: str, score: Score, how: str, above_zero: bool = False) -> Peer:
    """Return a method that scores one set as a rule that scores leading axes set by set."""

    def rule(values: Any, weights: Any) -> Any:
        v, w = np.atleast_2d(values), np.atleast_2d(weights)
        shape = (-1, *v.shape[-2:])
        sets = zip(v.reshape(shape), w.reshape(shape), strict=True)
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            scores = [score(matrix, of[0]) for matrix, of in sets]
        return np.reshape(scores, np.shape(values)[:-1])

    rule.__name__ = f"{library} {title}"
    return Peer(rule, title=title, how=how, above_zero=above_zero)


def only_above_zero(rule: Callable[..., Any]) -> Callable[..., Any]:
    """Return a rule that is asked about values above 0 alone."""

    def asked(values: Any, weights: Any) -> Any:
        assume(bool((np.asarray(values) > 0).all()))
        return rule(values, weights)

    asked.__name__ = rule.__name__
    return asked


def pymcdm() -> list[Peer]:
    """Return the methods of pymcdm; its classes bring their normalisation as the default."""
    methods = import_module("pymcdm.methods")

    def wrapped(title: str, method: Any, how: str, above_zero: bool = True) -> Peer:
        def score(matrix: Array, weights: Array) -> Any:
            return method(matrix, weights, np.ones(len(weights)))

        return peer("pymcdm", title, score, how, above_zero)

    as_is = methods.WSM(normalization_function=lambda column, **_: column)
    return [
        wrapped("sum as is", as_is, "WSM, columns as they are", False),
        wrapped("sum", methods.WSM(), "WSM(), its default: each column by its sum"),
        wrapped("WPM", methods.WPM(), "WPM(), its default: each column by its sum"),
        wrapped("WASPAS", methods.WASPAS(), "WASPAS(), its default: each column by its maximum"),
        wrapped("TOPSIS", methods.TOPSIS(), "TOPSIS(), its default: each column min-max", False),
    ]


def scikit_criteria() -> list[Peer]:
    """Return the methods of scikit-criteria, in pipelines with the scaler its examples use."""
    make, simple = import_module("skcriteria").mkdm, import_module("skcriteria.agg.simple")
    pipe = import_module("skcriteria.pipelines").mkpipe
    wsm, wpm = simple.WeightedSumModel(), simple.WeightedProductModel()
    topsis = import_module("skcriteria.agg.topsis").TOPSIS()
    waspas = import_module("skcriteria.agg.waspas").WASPAS()

    def wrapped(title: str, scaler: str, method: Any, how: str, above_zero: bool = True) -> Peer:
        scalers = import_module("skcriteria.preprocessing.scalers")
        whole = pipe(getattr(scalers, scaler)(target="matrix"), method) if scaler else method

        def score(matrix: Array, weights: Array) -> Any:
            found = whole.evaluate(make(matrix, [max] * len(weights), weights=weights)).e_
            scores = np.atleast_1d(found.similarity if method is topsis else found.score)
            return 10.0**scores if method is wpm else scores

        return peer("scikit-criteria", title, score, how, above_zero)

    as_power = "SumScaler, WeightedProductModel(), 10 ** score, as the score is a logarithm"
    return [
        wrapped("sum as is", "", wsm, "WeightedSumModel() alone", False),
        wrapped("sum", "SumScaler", wsm, "SumScaler, WeightedSumModel()"),
        wrapped("WPM", "SumScaler", wpm, as_power),
        wrapped("WASPAS", "MaxAbsScaler", waspas, "MaxAbsScaler, WASPAS()"),
        wrapped("TOPSIS", "VectorScaler", topsis, "VectorScaler, TOPSIS()", False),
    ]


def others_keep_their_scores(rule: Subject) -> None:
    """A strategy that is added to a set changes no score of the others.

    f(V, w)_t is the same for V with and without its last strategy
    """

    def hold(f: Applied, draw: Drawing) -> None:
        v, w, before, after = four(f, draw)
        moved = np.argwhere(np.abs(after[:3] - before) > 1e-6)
        if len(moved):
            raise Found(told(f, v, w, before, after, moved[0]))

    on_examples(rule, others_keep_their_scores, hold)


def others_keep_their_order(rule: Subject) -> None:
    """A strategy that is added to a set never turns round which of two others is ahead.

    f(V, w)_i > f(V, w)_j for V with its last strategy where it is so without

    References:
        Belton and Gear (1983), On a short-coming of Saaty's method of analytic hierarchies,
        doi:10.1016/0305-0483(83)90047-6.
    """

    def hold(f: Applied, draw: Drawing) -> None:
        v, w, before, after = four(f, draw)
        ahead, later = (np.subtract.outer(scores[:3], scores[:3]) for scores in (before, after))
        turned = np.argwhere((ahead > 1e-6) & (later < -1e-6))
        if len(turned):
            raise Found(told(f, v, w, before, after, turned[0]))

    on_examples(rule, others_keep_their_order, hold)


def four(f: Applied, draw: Drawing) -> tuple[Array, Array, Array, Array]:
    """Draw a set of four strategies and weights, and score its first three and all of it."""
    v, w = draw(values((4, 2))), draw(weights(2))
    of = np.broadcast_to(w, v.shape)
    try:
        before, after = f.raw(v[:3], of[:3]), f.raw(v, of)
    except ValueError:  # no scores to compare; the other laws say so
        reject()
    assume(bool(np.isfinite(before).all() and np.isfinite(after).all()))
    return v, w, before, after


def told(f: Applied, v: Array, w: Array, before: Array, after: Array, which: Any) -> str:
    """Return a set, what is added to it, and the scores of some of it before and after."""
    scores = (f"{numbers(v[t])} at {before[t]:.6g}, then {after[t]:.6g}" for t in which)
    return (
        f"{f.text} of the strategies {numbers(v[:3])} with weights {numbers(w)}, then with "
        f"{numbers(v[3])} added, scores {' and '.join(scores)}"
    )


def main(examples: int) -> None:
    """Print what is held against what, and each library in turn, or what to install for it."""
    own = map(with_version, ("strategy-assess", "hypothesis", "numpy"))
    print(f"Python {platform.python_version()}, {', '.join(own)}")
    print(f"{examples} examples a law, {10 * examples} for the two added ones\n\n{READ}")
    for library, methods in (("pymcdm", pymcdm), ("scikit-criteria", scikit_criteria)):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                peers = methods()
        except ModuleNotFoundError:
            print(f'\n{library} is not installed: pip install "strategy-assess[peers]"')
            continue
        print(f"\n{with_version(library)}\n")
        print("\n".join(page([replace(one, examples=examples) for one in peers])))


def with_version(package: str) -> str:
    """Return a package's name and version; "from source" where it is run without installing."""
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} from source"


def page(peers: Sequence[Peer]) -> Iterator[str]:
    """Yield how the methods of a library are wrapped, what they give, and how the laws stand."""
    notes: Notes = {}
    for one in peers:
        yield f"{one.title:<12}{one.how}{', above 0' if one.above_zero else ''}"
    yield "\n" + line("scores of a set", [one.title for one in peers])
    for edge, (matrix, of) in EDGES.items():
        yield line(edge, [given(one, matrix, of, notes) for one in peers])
    yield "\n" + line("law", [one.title for one in peers])
    for row in zip(*([*held(one)] for one in peers), strict=True):
        yield line(row[0].law, [cell(verdict, notes) for verdict in row])
    yield ""
    for i, (example, laws) in enumerate(notes.items(), start=1):
        text = f"{i}. {', '.join(dict.fromkeys(laws))}: {' '.join(example.split())}"
        if len(text) > LONG:
            text = f"{text[: LONG // 2]} ... {text[-LONG // 4 :]}"
        yield textwrap.fill(text, WIDTH, subsequent_indent="   ", break_on_hyphens=False)


def held(one: Peer) -> Iterator[Verdict]:
    """Yield how the laws that every rule keeps stand with a method, and those of this script."""
    if one.above_zero:
        one = replace(one, function=only_above_zero(one.function))
    yield from (verdict for verdict in verdicts("rule", one) if verdict.outcome != "claims not")
    for law in (others_keep_their_scores, others_keep_their_order):
        try:
            law(replace(one, examples=10 * one.examples))
        except LawBroken as broken:
            yield Verdict(law.__name__, "breaks", broken.example)
        else:
            yield Verdict(law.__name__, "keeps")


def given(one: Peer, matrix: Any, of: Any, notes: Notes) -> str:
    """Return the scores that a method gives a set, or the number of the note with its error."""
    try:
        scores = one.function(np.array(matrix), np.broadcast_to(of, np.shape(matrix)))
    except Exception as error:  # whatever the method raises is what is shown
        words = f"{one.name} of {numbers(matrix)} and {numbers(of)} raises"
        return (
            f"raises ({note(f'{words} {type(error).__name__}: {error}', 'scores of a set', notes)})"
        )
    return ", ".join(f"{score:.3g}" for score in scores)


def cell(verdict: Verdict, notes: Notes) -> str:
    """Return how a law stands with a method, with the number of its counter-example."""
    if verdict.outcome != "breaks":
        return verdict.outcome
    none = re.search(r" raises \w+: | gives \(*(nan|-?inf)", verdict.example)
    return f"{'no score' if none else 'breaks'} ({note(verdict.example, verdict.law, notes)})"


def note(example: str, law: str, notes: Notes) -> int:
    """Keep a counter-example and the law it is of, and return its number."""
    notes.setdefault(example, []).append(law)
    return list(notes).index(example) + 1


def line(first: str, cells: Sequence[str]) -> str:
    """Return one line of a table."""
    return f"{first:<{FIRST}}{''.join(f'{cell:<{COLUMN}}' for cell in cells)}".rstrip()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
