"""What makes a study sound: every problem in it, found without computing a score."""

from collections.abc import Mapping

from assess.checks.few import few
from assess.checks.ratings import earlier_problems, ratings_problems
from assess.checks.scenarios import scenario_problems
from assess.checks.seeds import seed_problems
from assess.checks.tree import doubtful, tree_problems
from assess.checks.whole import whole_problems
from assess.model import Problem, Study, kept

__all__ = ["check"]

Declared = Mapping[str, frozenset[str]]


def check(study: Study, *, declared: Declared | None = None) -> tuple[Problem, ...]:
    """Return every problem in a study; none means that it can be evaluated.

    Args:
        study: as built or loaded.
        declared: ids that the inputs do declare although the study lacks them, by kind
            ("criteria", "scales", "actors", "strategies", "analysts", "scenarios",
            "seed_questions"; "kinds" for scenarios whose kind is not known, "trees" for a tree that
            could not be read): a loader that had to leave out something broken names it here, so
            that it is not reported as unknown as well.

    Returns:
        The problems, tree first, then scenarios, the whole, and ratings in the order of rows; of
        each the first hundred, and that there are more.
    """
    return _with_doubt(study, declared) if declared else _problems(study)


@kept
def _problems(study: Study) -> tuple[Problem, ...]:
    return _with_doubt(study, {})


def _with_doubt(study: Study, declared: Declared) -> tuple[Problem, ...]:
    known = {**declared, "criteria": doubtful(study.tree, declared)}
    tree = tuple(few(tree_problems(study, known)))
    return (
        *tree,
        *scenario_problems(study, known, sound_tree=not tree and not declared),
        *few(whole_problems(study)),
        *few(seed_problems(study, declared)),
        *ratings_problems(study, known),
        *earlier_problems(study, known),
    )
