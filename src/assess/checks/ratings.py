"""What makes ratings sound: ids that exist, levels on their scales, no cell rated twice."""

from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from assess.model import (
    BASES,
    CONFIDENCES,
    GRADES,
    Problem,
    Ratings,
    Scale,
    Study,
    nearest,
    parse_date,
)
from assess.tables import Levels, distinct, ended, read_levels, row_grid

MOST = 100
Mask = NDArray[np.bool_]
Declared = Mapping[str, frozenset[str]]


def ratings_problems(study: Study, declared: Declared) -> Iterator[Problem]:
    """Yield what is wrong with the ratings of a study, in the order of their rows."""
    if not len(study.ratings):
        return
    levels = {
        name: read_levels(study.tree, study.ratings, name) for name in ("rating", "low", "high")
    }
    found = [
        *_id_problems(study, declared),
        *_level_problems(study, levels),
        *_range_problems(study, levels),
        *_word_problems(study.ratings),
        *_duplicate_problems(study.ratings),
        *_world_problems(study),
        *_absence_problems(study, levels["rating"]),
    ]
    yield from sorted(found, key=lambda problem: problem.path[0] if problem.path else -1)


def _id_problems(study: Study, declared: Declared) -> Iterator[Problem]:
    tree = study.tree
    ids: dict[str, tuple[str, Iterable[str]]] = {
        "analyst": ("analysts", study.analysts),
        "strategy": ("strategies", study.strategies),
        "scenario": ("scenarios", study.scenario_ids),
        "criterion": ("criteria", (*tree.leaves, *tree.context)),
    }
    for column, (kind, choices) in ids.items():
        known = {*choices, *declared.get(kind, ())}
        for label in getattr(study.ratings, column).labels:
            if label in known or (column == "scenario" and not label):
                continue
            what = f"{label!r} is no {column} of the study"
            hint = nearest(label, choices)
            if column == "criterion" and label in tree.children:
                what = f"{label!r} has children; rate those"
                hint = ", ".join(tree.children[label])
            elif not label:
                what, hint = "is empty", f"name a {column}"
            rows = getattr(study.ratings, column).matches(label)
            yield _first(rows, column, what, hint)


def _level_problems(study: Study, levels: Mapping[str, Levels]) -> Iterator[Problem]:
    ratings = study.ratings
    for column, read in levels.items():
        for (criterion, text), mistake in read.wrong.items():
            rows = ratings.criterion.matches(criterion) & getattr(ratings, column).matches(text)
            scale = study.tree.scale_of(criterion) if criterion in study.tree.criteria else None
            yield _first(rows, column, f"{text!r} {mistake}", _level_hint(scale, text))
    empty = ratings.rating.matches("")
    if empty.any():
        hint = "write a level, ? for unknown or withheld; or leave the row out"
        yield _first(empty, "rating", "is empty", hint)
    for column in ("low", "high"):
        for mark in ("?", "withheld", "n/a"):
            rows = getattr(ratings, column).matches(mark)
            if rows.any():
                yield _first(rows, column, f"{mark!r} is not a level", "leave both ends empty")


def _level_hint(scale: Scale | None, text: str) -> str:
    if scale is None:
        return "write a number with a decimal point"
    if scale.ordinal:
        return nearest(text, scale.labels)
    ends = f"the scale runs from {scale.at[0]:g} to {scale.at[-1]:g}"
    return f"write a decimal point, not a comma; {ends}" if "," in text else ends


def _range_problems(study: Study, levels: Mapping[str, Levels]) -> Iterator[Problem]:
    ratings = study.ratings
    low, level, high = (levels[name].level for name in ("low", "rating", "high"))
    given = [~getattr(ratings, name).matches("") for name in ("low", "high")]
    alone = given[0] != given[1]
    yield from _each(alone, "low", lambda _: "low and high come together or not at all")
    with_level = ~np.isnan(level)
    unrated = (given[0] | given[1]) & ratings.rating.map(
        lambda t: t in ("?", "withheld", "n/a")
    ).astype(bool)
    yield from _each(unrated, "low", lambda _: "an absent rating has no low and high")
    for column, wrong in (
        ("low", with_level & (low > level)),
        ("high", with_level & (high < level)),
    ):
        yield from _each(
            wrong & ~alone,
            column,
            lambda row, column=column: (  # type: ignore[misc]
                f"{ratings.cell(row, column)} is {'above' if column == 'low' else 'below'} "
                f"the rating {ratings.cell(row, 'rating')}"
            ),
            "low, rating and high stand in rising order",
        )


def _word_problems(ratings: Ratings) -> Iterator[Problem]:
    words: dict[str, tuple[Iterable[str], str]] = {
        "confidence": (CONFIDENCES, "a confidence"),
        "grade": (GRADES, "an Admiralty grade"),
        "basis": (BASES, "a basis"),
    }
    for column, (choices, what) in words.items():
        for label in getattr(ratings, column).labels:
            if label and label not in choices:
                rows = getattr(ratings, column).matches(label)
                hint = "A to F, then 1 to 6: B2" if column == "grade" else nearest(label, choices)
                yield _first(rows, column, f"{label!r} is not {what}", hint)
    for label in ratings.date.labels:
        if label and parse_date(label) is None:
            rows = ratings.date.matches(label)
            yield _first(rows, "date", f"{label!r} is not a date", "write it as 2026-06-30")


def _duplicate_problems(ratings: Ratings) -> Iterator[Problem]:
    key, size = np.zeros(len(ratings), dtype=np.int64), 1
    for column in (ratings.analyst, ratings.strategy, ratings.scenario, ratings.criterion):
        key, size = key * len(column.labels) + column.codes, size * len(column.labels)
    kept, place = distinct(key, size)
    if len(kept) == len(key):
        return
    first = np.full(len(kept), -1)
    first[place[::-1]] = np.arange(len(key))[::-1]
    again = first[place] != np.arange(len(key))
    cell = ("analyst", "strategy", "scenario", "criterion")
    for row in np.flatnonzero(again)[:MOST].tolist():
        what = " ".join(filter(None, (ratings.cell(row, name) for name in cell)))
        yield Problem(
            "ratings",
            (row, "rating"),
            f"{what} is already rated",
            "keep one of the two",
            earlier=int(first[place[row]]),
        )


def _world_problems(study: Study) -> Iterator[Problem]:
    for scenario in study.scenarios:
        if "world" not in scenario.kind and scenario.id in study.ratings.scenario.labels:
            rows = study.ratings.scenario.matches(scenario.id)
            what = f"{scenario.id!r} is a perspective: it changes weights, not ratings"
            hint = "leave the scenario empty, or declare kind = ['perspective', 'world']"
            yield _first(rows, "scenario", what, hint)


def _absence_problems(study: Study, levels: Levels) -> Iterator[Problem]:
    ratings, tree = study.ratings, study.tree
    marked = ratings.rating.matches("n/a")
    rated = ~np.isnan(levels.level)
    yield from _ended_problems(study, rated)
    if not marked.any():
        return
    silent = marked & ratings.rationale.matches("")
    yield from _each(silent, "rationale", lambda _: "n/a needs a rationale: why it does not apply")
    grid = row_grid(study)
    is_marked: Mask = np.append(marked, False)[grid]
    is_rated: Mask = np.append(rated, False)[grid]
    anyone: Mask = np.asarray(is_marked.any(axis=0))
    level: Mask = np.asarray(is_rated.any(axis=0))
    partly = anyone.any(axis=1) & ~anyone.all(axis=1)
    for s, c in np.argwhere(partly).tolist():
        row = int(grid[:, s, :, c][is_marked[:, s, :, c]].min())
        others = [t for i, t in enumerate(study.strategies) if not anyone[s, i, c]]
        yield Problem(
            "ratings",
            (row, "rating"),
            f"n/a for one strategy alone: {tree.leaves[c]!r} is not n/a for {', '.join(others)}",
            "n/a holds for all strategies alike; write ? if the level is not known",
        )
    for s, t, c in np.argwhere(anyone & level).tolist():
        row = int(grid[:, s, t, c][is_rated[:, s, t, c]].min())
        what = f"{tree.leaves[c]!r} has a level here and is n/a for another analyst"
        yield Problem("ratings", (row, "rating"), what, "agree which of the two it is")


def _ended_problems(study: Study, rated: Mask) -> Iterator[Problem]:
    """A level given where the actors have ended, or for a scenario that declares it away."""
    ratings, tree = study.ratings, study.tree
    outside = [(leaf, reason, np.ones(len(ratings), bool)) for leaf, reason in ended(study).items()]
    for scenario in study.scenarios:
        named = ratings.scenario.matches(scenario.id)
        for key, reason in scenario.not_applicable.items():
            known = key in tree.nodes
            outside += [(leaf, reason, named) for leaf in (tree.below(key) if known else ())]
    for leaf, reason, where in outside:
        rows = ratings.criterion.matches(leaf) & rated & where
        if rows.any():
            what = f"{leaf!r} is not applicable ({reason}), so it cannot have a level"
            yield _first(rows, "rating", what, "leave the row out")


def _first(rows: Mask, column: str, message: str, hint: str = "") -> Problem:
    at = np.flatnonzero(rows)
    more = f", and in {len(at) - 1} more rows" if len(at) > 1 else ""
    return Problem("ratings", (int(at[0]), column), message + more, hint)


def _each(
    rows: Mask, column: str, message: Callable[[int], str], hint: str = ""
) -> Iterator[Problem]:
    at = np.flatnonzero(rows)
    for row in at[:MOST].tolist():
        yield Problem("ratings", (row, column), message(row), hint)
    if len(at) > MOST:
        rest = f"{len(at) - MOST} more rows like the {MOST} before"
        yield Problem("ratings", (int(at[MOST]), column), rest, hint)
