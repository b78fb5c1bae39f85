"""Analysts' answers to a study's seed questions: scored, and made weights (the classical model)."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from assess.classical_model import ClassicalModel, classical_model
from assess.model import SeedQuestion, Study, as_text, kept
from assess.model.frozen import fixed

__all__ = ["experts", "performance", "performance_note", "performance_weights", "seed_changes"]

Array = NDArray[np.float64]


def experts(study: Study) -> tuple[str, ...]:
    """Return the ids of the analysts who are scored: all but a red team."""
    return tuple(key for key, analyst in study.analysts.items() if analyst.pooled)


@kept
def performance(study: Study) -> ClassicalModel:
    """Score the analysts of a study on its seed questions, by the classical model.

    The settings are those of `[method.performance]`. The cells of a study are no questions of the
    model, so its weights by item are there to be looked at, and the weights over cells are the
    global ones.

    Args:
        study: without problems, with seed questions that analysts have answered.

    Returns:
        Its experts are `experts(study)` in their order, its questions `study.seed_questions`; made
        once for a study.

    Raises:
        ValueError: nobody answered a question, an analyst answered none, or nobody keeps a weight.

    References:
        Cooke (1991), Experts in Uncertainty, Oxford University Press, chapter 12.

    >>> from datetime import date
    >>> from assess import Analyst, Strategy, Study, ValueTree
    >>> study = Study(
    ...     name="Two questions", as_of=date(2026, 1, 1), tree=ValueTree(id="none", criteria={}),
    ...     scenarios=[], strategies={"a": Strategy()},
    ...     seed_questions={"roads": {"question": "How many km?", "answer": 5},
    ...                     "clinics": {"question": "How many?", "answer": 7}},
    ...     analysts={"ana": Analyst(answers={"roads": [4, 5, 6], "clinics": [1, 2, 3]}),
    ...               "ben": Analyst(answers={"roads": [1, 5, 9], "clinics": [1, 4, 9]})})
    >>> [round(expert.calibration, 3) for expert in performance(study).experts]
    [0.186, 0.936]
    """
    settings, questions = study.method.performance, study.seed_questions
    silent = (np.nan,) * len(settings.levels)
    answers = [
        [study.analysts[key].answers.get(question, silent) for question in questions]
        for key in experts(study)
    ]
    return classical_model(
        answers,
        [item.answer for item in questions.values()],
        levels=settings.levels,
        background=[item.background for item in questions.values()],
        overshoot=settings.overshoot,
        cut_off=None if settings.cut_off == "optimised" else settings.cut_off,
    )


def performance_note(study: Study) -> str:
    """Return what weakens the weights by performance, analysts by name; empty if nothing does."""
    note = performance(study).note
    for i, key in enumerate(experts(study)):
        note = note.replace(f"experts[{i}]", study.analysts[key].name or key)
    return note


def performance_weights(study: Study) -> Array:
    """Return calibration times information of every analyst [analyst], made to sum to 1.

    0 for a red team, and for whoever stays below the cut-off.

    Args:
        study: as for `performance`, which says what is refused.
    """
    model = performance(study)
    found = dict.fromkeys(study.analysts, 0.0)
    for key, scores in zip(experts(study), model.experts, strict=True):
        if scores.calibration >= model.global_weights.cut_off:
            found[key] = scores.combined
    weights = np.array(list(found.values()))
    return fixed(weights / weights.sum())


def seed_changes(
    before: Study, after: Study, analysts: Mapping[str, str]
) -> Iterator[tuple[str, str, str, str]]:
    """Yield what is not the same in the seed questions of two studies, and in answers to them.

    Args:
        before: the earlier study.
        after: the later one.
        analysts: what pages call the analysts of both, by id.

    Yields:
        What it is, where, both sides, and what it is called.
    """
    old, new = before.seed_questions, after.seed_questions
    for key in dict.fromkeys((*new, *old)):
        if key not in old or key not in new:
            side = "earlier" if key in old else "later"
            yield "seed question", key, f"is only in the {side} report", key
            continue
        for name in SeedQuestion.model_fields:
            was, now = (as_text(getattr(item[key], name)) or "none" for item in (old, new))
            if was != now:
                yield "seed question", key, f"{name} was {was}, is {now}", key
    for analyst in (key for key in after.analysts if key in before.analysts):
        given = [study.analysts[analyst].answers for study in (before, after)]
        for key in (key for key in new if key in old):
            was, now = (_quantiles(answers.get(key, ())) for answers in given)
            if was != now:
                where, name = f"{analyst}.{key}", f"{analysts[analyst]} on {key}"
                yield "answer", where, f"was {was}, is {now}", name


def _quantiles(answer: tuple[float, ...]) -> str:
    return ", ".join(map(as_text, answer)) or "none"
