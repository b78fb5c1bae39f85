"""What makes scenarios sound beside one another: probabilities of worlds, and signed trade-offs."""

from collections.abc import Iterator, Mapping
from math import fsum

from assess.checks.few import listed
from assess.model import Problem, Scenario, Study, nearest

CLOSE = 1e-9
Declared = Mapping[str, frozenset[str]]


def swing_problems(study: Study, declared: Declared) -> Iterator[Problem]:
    """Yield swings of scenarios that are no worlds: there is nothing to hold them against (C13)."""
    doubt = declared.get("kinds", frozenset())
    for scenario in study.scenarios:
        if scenario.swing is not None and "world" not in scenario.kind and scenario.id not in doubt:
            message = "a perspective has no swing beside others: what would it be worth to whom?"
            hint = 'leave it out, or write kind = "world"'
            yield Problem(f"scenario {scenario.id}", ("swing",), message, hint)


def probability_problems(study: Study, declared: Declared) -> Iterator[Problem]:
    """Yield what is wrong with probabilities: all worlds have one, and they sum to 1 (C13)."""
    if not any(scenario.probability is not None for scenario in study.scenarios):
        return
    doubt = declared.get("kinds", frozenset())
    worlds = [scenario for scenario in study.scenarios if "world" in scenario.kind]
    for scenario in study.scenarios:
        part, path = f"scenario {scenario.id}", ("probability",)
        if scenario in worlds and scenario.probability is None:
            message = "this world has no probability, and others of the study have one"
            hint = "give every world one, if exactly one of them comes; otherwise none"
            yield Problem(part, path, message, hint)
        elif not (scenario in worlds or scenario.probability is None or scenario.id in doubt):
            message = "a perspective does not come about, so it has no probability"
            yield Problem(part, path, message, 'leave it out, or write kind = "world"')
    held = [(world.id, world.probability) for world in worlds if world.probability is not None]
    total = fsum(share for _, share in held)
    sure = held and len(held) == len(worlds) and not declared.get("scenarios") and not doubt
    if sure and abs(total - 1) > CLOSE:
        each = listed([f"{key} {share:g}" for key, share in held])
        message = f"probabilities of the worlds sum to 1; these sum to {total:.10g}: {each}"
        hint = "the worlds exclude one another, and one of them comes"
        yield Problem(f"scenario {held[0][0]}", ("probability",), message, hint)


def endorsement_problems(study: Study, scenario: Scenario, declared: Declared) -> Iterator[Problem]:
    """Yield what is wrong with exchange rates that somebody has signed in a scenario."""
    part, seen = f"scenario {scenario.id}", set[tuple[str, str]]()
    doubt = declared.get("criteria", frozenset()) | declared.get("trees", frozenset())
    if scenario.endorsed and scenario.weights_from:
        message = f"signs exchange rates of weights that are those of {scenario.weights_from!r}"
        yield Problem(part, ("endorsed",), message, "sign them there")
    for i, signed in enumerate(scenario.endorsed):
        path = ("endorsed", i)
        for name in ("criterion", "against"):
            key = getattr(signed, name)
            if key not in study.tree.leaves and not doubt:
                message = f"{key!r} is no scored criterion with a scale of its own"
                yield Problem(part, (*path, name), message, nearest(key, study.tree.leaves))
        pair = (signed.criterion, signed.against)
        if signed.criterion == signed.against:
            message = f"{signed.criterion!r} is held against itself"
            yield Problem(part, (*path, "against"), message, "name another criterion")
        elif pair in seen:
            message = f"{signed.criterion!r} against {signed.against!r} is signed twice"
            yield Problem(part, path, message, "keep one of the two")
        seen.add(pair)
