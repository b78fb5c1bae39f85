"""What makes stakeholders sound: the same, with the same shares, at every node that has any."""

from collections.abc import Iterator

from assess.checks.few import listed
from assess.model import Problem, Scenario, Weights


def share_problems(part: str, node: str, held: Weights) -> Iterator[Problem]:
    """Yield what is wrong with stakeholders at one node, whatever they judge."""
    path = ("weights", node)
    if held.stakeholders and held.judgements:
        message = "has judgements of its own and those of stakeholders: not both"
        yield Problem(part, (*path, "judgements"), message, "remove one of the two")
    if held.stakeholders and not any(one.share for one in held.stakeholders.values()):
        hint = "leave the shares out, and all are equal"
        yield Problem(part, (*path, "stakeholders"), "all shares are 0", hint)


def stakeholder_problems(scenario: Scenario) -> Iterator[Problem]:
    """Yield nodes with other stakeholders, or other shares, than the first that has any."""
    asked = {
        node: held.stakeholders for node, held in scenario.weights.items() if held.stakeholders
    }
    for node in list(asked)[1:]:
        first, here = next(iter(asked)), asked[node]
        part, path = f"scenario {scenario.id}", ("weights", node, "stakeholders")
        if here.keys() != asked[first].keys():
            told = [listed([repr(name) for name in asked[x]]) for x in (node, first)]
            message = f"{told[0]} are asked here, {told[1]} at {first!r}"
            hint = "a draw takes one of them for the whole tree: name the same at both"
            yield Problem(part, path, message, hint)
            continue
        for name, one in here.items():
            share = asked[first][name].share
            if one.share != share:
                message = f"share {one.share:g} here, {share:g} at {first!r}"
                hint = "a draw takes one of them for the whole tree: write the same at both"
                yield Problem(part, (*path, name, "share"), message, hint)
