"""What makes a study sound as a whole: who is judged, by whom, how, and of what size."""

import math
from collections.abc import Iterator

from assess import aggregation, pooling
from assess.checks.choices import trial_problems
from assess.checks.few import listed
from assess.choices import bind, promise_broken
from assess.model import CONFIDENCES, GRADES, EvidenceTable, Problem, Study, at_least_as_good

LARGEST = 200_000_000


def whole_problems(study: Study) -> Iterator[Problem]:
    """Yield what is wrong with strategies, analysts, method and size."""
    for name in ("strategies", "analysts"):
        if not getattr(study, name):
            hint = f"declare each as [{name}.ID]"
            yield Problem("study", (name,), f"a study needs at least one of its {name}", hint)
    heard = [analyst for analyst in study.analysts.values() if analyst.pooled]
    if study.analysts and not heard:
        hint = "leave out pooled = false for those whose ratings make the scores"
        yield Problem("study", ("analysts",), "nobody is pooled: all analysts are red team", hint)
    elif _declared(study) and study.analysts and not any(a.weight for a in heard):
        hint = "give one of them a weight above 0"
        yield Problem("study", ("analysts",), "the weights of all analysts are 0", hint)
    baselines = [key for key, strategy in study.strategies.items() if strategy.baseline]
    if len(baselines) > 1:
        message = f"only one strategy can be the baseline; {listed(baselines)} are"
        hint = "leave out all baseline = true but one"
        yield Problem("study", ("strategies", baselines[1], "baseline"), message, hint)
    yield from _method_problems(study)
    yield from _promise_problems(study)
    for key, actor in study.all_actors.items():
        if actor.valid_from and actor.valid_to and actor.valid_from > actor.valid_to:
            message = f"began on {actor.valid_from}, after it ended on {actor.valid_to}"
            part = "study" if key in study.actors else "tree"
            yield Problem(part, ("actors", key, "valid_to"), message, "swap the two dates")
    if (cells := dense_cells(study)) > LARGEST:
        message = f"{cells:,} cells of analyst x scenario x strategy x criterion are too many"
        yield Problem("study", (), message, f"at most {LARGEST:,} are allowed: split the study")


def _declared(study: Study) -> bool:
    return study.method.analyst_weights == "declared"


def dense_cells(study: Study) -> int:
    """Return how many cells there are if every analyst rates everything in every scenario."""
    axes = (study.analysts, study.scenarios, study.strategies, study.tree.leaves)
    return math.prod(max(len(axis), 1) for axis in axes)


def _promise_problems(study: Study) -> Iterator[Problem]:
    """Yield which promise of a rule the user's functions break, as a small grid shows it."""
    own = {name: item.function for name, item in study.rules.items() if item.function}
    used = {study.tree.rule_of(node) for node in study.tree.groups}
    for choice in sorted((c for c in used if c.name in own), key=lambda c: c.text):
        try:
            broken = promise_broken(bind(choice, aggregation, own))
        except ValueError:
            continue
        if broken:
            yield Problem("study", ("rules", choice.name), f"the rule {broken}")


def _method_problems(study: Study) -> Iterator[Problem]:
    yield from trial_problems("study", ("method", "pooling"), study.method.pooling, pooling)
    for name in study.rules:
        if name in aggregation.__all__:
            message = f"{name!r} is the name of a rule of the library; choose another for your own"
            yield Problem("study", ("rules", name), message)
    widths = [getattr(study.method.half_widths, name) for name in CONFIDENCES]
    if not 0 <= widths[0] <= widths[1] <= widths[2] <= 100:
        listed = ", ".join(f"{w:g}" for w in widths)
        message = f"half-widths rise from high to low confidence within 0 to 100: {listed}"
        yield Problem("study", ("method", "half_widths"), message)
    yield from _table_problems(study.method.evidence)


def _table_problems(table: EvidenceTable) -> Iterator[Problem]:
    """Yield what is wrong with the declared table of evidence: better evidence allows no less."""
    path, listed_before = ("method", "evidence"), set[str]()
    for name, grades in (("high", table.high), ("moderate", table.moderate)):
        for place, grade in enumerate(grades):
            if grade in listed_before:
                hint = "list each grade once, for the most that it allows"
                yield Problem("study", (*path, name, place), f"{grade!r} is listed twice", hint)
            listed_before.add(grade)
    for name, grades in (("high", table.high), ("moderate", (*table.high, *table.moderate))):
        for place, grade in enumerate(getattr(table, name)):
            better = [g for g in GRADES if at_least_as_good(g, grade) and g not in grades]
            if better:
                message = (
                    f"{grade!r} allows {name} confidence, and {listed([repr(g) for g in better])} "
                    "not, at least as good in both parts"
                )
                hint = "list the better grades too, or leave this one out"
                yield Problem("study", (*path, name, place), message, hint)
