"""What makes seed questions sound: answers that are quantiles, and weights that follow."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from assess.model import Analyst, Problem, Study, as_text, nearest
from assess.performance import experts, performance

Declared = Mapping[str, frozenset[str]]
_WEIGHTS = ("method", "analyst_weights")


def seed_problems(study: Study, declared: Declared) -> Iterator[Problem]:
    """Yield what is wrong with seed questions, with answers to them, and with their weights."""
    found = [*_setting_problems(study), *_truth_problems(study)]
    if not found:
        for key, analyst in study.analysts.items():
            found += _answer_problems(study, key, analyst, declared)
    yield from found
    if study.method.analyst_weights == "performance" and not found:
        yield from _performance_problems(study, declared)


def _setting_problems(study: Study) -> Iterator[Problem]:
    levels = study.method.performance.levels
    if study.method.performance.overshoot == 0:
        hint = "the range of a question reaches beyond all answers to it: 0.1"
        path = ("method", "performance", "overshoot")
        yield Problem("study", path, "an overshoot is a share above 0", hint)
    if not levels or not _rising((0.0, *levels, 1.0)):
        message = f"levels {_listed(levels) or 'of which there are none'}"
        hint = "levels of quantiles rise, above 0 and below 1: [0.05, 0.5, 0.95]"
        yield Problem("study", ("method", "performance", "levels"), message, hint)


def _truth_problems(study: Study) -> Iterator[Problem]:
    for key, item in study.seed_questions.items():
        if item.background == "log-uniform" and item.answer <= 0:
            message = f"answer {as_text(item.answer)} is not above 0, as a log-uniform one must be"
            hint = 'write background = "uniform"'
            yield Problem("study", ("seed_questions", key, "answer"), message, hint)


def _answer_problems(
    study: Study, key: str, analyst: Analyst, declared: Declared
) -> Iterator[Problem]:
    """Yield what is wrong with the answers of one analyst."""
    questions, levels = study.seed_questions, study.method.performance.levels
    for question, answer in analyst.answers.items():
        path, told = ("analysts", key, "answers", question), f"[{_listed(answer)}]"
        if question not in questions:
            if question not in declared.get("seed_questions", ()):
                hint = f"declare it as [seed_questions.{question}]"
                hint = nearest(question, questions) if questions else hint
                message = f"{question!r} is no seed question of the study"
                yield Problem("study", path, message, hint)
        elif len(answer) != len(levels):
            message = f"{told} does not hold one quantile for each of {len(levels)} levels"
            yield Problem("study", path, message, f"the levels are {_listed(levels)}")
        elif not _rising(answer):
            hint = f"the quantiles at {_listed(levels)}, each above the one before"
            yield Problem("study", path, f"{told} does not rise", hint)
        elif questions[question].background == "log-uniform" and answer[0] <= 0:
            message = f"{told} is not all above 0, as the log-uniform background needs"
            yield Problem("study", path, message, "write the smallest value that can be")


def _performance_problems(study: Study, declared: Declared) -> Iterator[Problem]:
    """Yield why sound answers give no weights."""
    if not study.seed_questions:
        if not declared.get("seed_questions"):
            hint = "declare each as [seed_questions.ID], with its answer"
            yield Problem("study", _WEIGHTS, "'performance' rests on seed questions", hint)
        return
    heard = experts(study)
    silent = [key for key in heard if not study.analysts[key].answers]
    for key in silent:
        message = f"{key} answered no seed question, so 'performance' gives no weight"
        hint = f"add [analysts.{key}.answers], or choose other analyst_weights"
        yield Problem("study", ("analysts", key, "answers"), message, hint)
    answered = {question for key in heard for question in study.analysts[key].answers}
    unasked = [key for key in study.seed_questions if key not in answered]
    for key in unasked if answered else ():
        hint = "leave it out until somebody has"
        yield Problem("study", ("seed_questions", key), "no analyst has answered it", hint)
    if heard and not silent and not unasked and not declared:
        yield from _trial(study)


def _trial(study: Study) -> Iterator[Problem]:
    """Yield why nobody would have a weight, once the model has been tried."""
    try:
        performance(study)
    except ValueError as error:
        given = study.method.performance.cut_off != "optimised"
        path = ("method", "performance", "cut_off") if given else _WEIGHTS
        yield Problem("study", path, str(error), 'lower it, or write "optimised"' if given else "")


def _rising(numbers: Sequence[float]) -> bool:
    return all(low < high for low, high in pairwise(numbers))


def _listed(numbers: Sequence[float]) -> str:
    return ", ".join(map(as_text, numbers))
