"""What makes ratings sound: ids that exist, levels on their scales, no cell rated twice."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assess.checks.few import MOST
from assess.checks.whole import LARGEST, dense_cells
from assess.model import (
    ABSENCE_MARKS,
    BASES,
    CELL,
    CONFIDENCES,
    GRADES,
    ROUNDS,
    Column,
    Problem,
    Ratings,
    Scale,
    Study,
    ValueTree,
    as_text,
    nearest,
    parse_date,
    shown,
)
from assess.tables import Levels, distinct, ended, levels, places, pooled_rows, row_grid
from assess.values import plain_number

LONGEST_TEXT = 20_000
Mask = NDArray[np.bool_]
Declared = Mapping[str, frozenset[str]]


def ratings_problems(study: Study, declared: Declared) -> Iterator[Problem]:
    """Yield what is wrong with the ratings of a study, in the order of their rows."""
    if not len(study.ratings):
        return
    found = [
        *_row_problems(study, declared),
        *_duplicate_problems(study.ratings),
        *_absence_problems(study, levels(study)["rating"]),
    ]
    yield from sorted(found, key=_row)


def earlier_problems(study: Study, declared: Declared) -> Iterator[Problem]:
    """Yield what is wrong with the ratings of earlier rounds, in the order of their rows."""
    earlier = study.earlier
    if not len(earlier):
        return
    before = study.model_copy(update={"ratings": earlier, "earlier": Ratings()})
    words = (*CELL, "round")  # the others are long, and take no part in this
    both = [Ratings({x: getattr(part, x) for x in words}) for part in (earlier, study.ratings)]
    left = Ratings.concatenated(both).superseded
    found = [
        *(_row_problems(before, declared) if len(before.ratings) == len(earlier) else ()),
        *_duplicate_problems(earlier, _rounds(earlier)),
        *_each(
            ~left[: len(earlier)],
            "round",
            lambda row: f"{_cell_text(earlier, row)} is not rated again in a later round",
            "keep it among the ratings, or say in the later row which round it is of",
        ),
    ]
    yield from (replace(item, part="earlier") for item in sorted(found, key=_row))


def _row(problem: Problem) -> Any:
    return problem.path[0] if problem.path else -1


def _row_problems(study: Study, declared: Declared) -> Iterator[Problem]:
    """Yield what is wrong with rows by themselves."""
    read = levels(study)
    yield from _id_problems(study, declared)
    yield from _level_problems(study, read)
    yield from _range_problems(study, read)
    yield from _word_problems(study.ratings)
    yield from _world_problems(study, declared)


def _id_problems(study: Study, declared: Declared) -> Iterator[Problem]:
    tree = study.tree
    unread = declared.get("trees") or tree.id not in tree.children
    ids: dict[str, tuple[str, Iterable[str]]] = {
        "analyst": ("analysts", study.analysts),
        "strategy": ("strategies", study.strategies),
        "scenario": ("scenarios", study.scenario_ids),
        "criterion": ("criteria", () if unread else (*tree.nodes[1:], *tree.context)),
    }
    for column, (kind, choices) in ids.items():
        if not choices:
            continue  # that there is none is said where they should be declared
        known = {*choices, *declared.get(kind, ()), *([""] if column == "scenario" else [])}
        cells: Column = getattr(study.ratings, column)
        for label in (wrong := [label for label in cells.labels if label not in known])[:MOST]:
            what, hint = f"{shown(label)} is no {column} of the study", nearest(label, choices)
            if column == "criterion" and label == tree.id:
                what = f"{label!r} is the whole tree; rate what is below"
                hint = ", ".join(tree.children[label])
            elif not label:
                what, hint = "is empty", f"name a {column}"
            yield _first(cells.matches(label), column, what, hint)
        yield from _rest(cells, column, wrong)


def _level_problems(study: Study, columns: Mapping[str, Levels]) -> Iterator[Problem]:
    ratings = study.ratings
    for column, read in columns.items():
        cells: Column = getattr(ratings, column)
        wrong = [pair for pair in read.wrong if _is_read(study.tree, pair[0])]
        for criterion, text in wrong[:MOST]:
            rows = ratings.criterion.matches(criterion) & cells.matches(text)
            what = f"{shown(text)} {read.wrong[criterion, text]}"
            yield _first(rows, column, what, _level_hint(study.tree.rating_scale(criterion), text))
        yield from _rest(cells, column, [text for _, text in wrong])
    empty = ratings.rating.matches("")
    if empty.any():
        hint = "write a level, ? for unknown or withheld; or leave the row out"
        yield _first(empty, "rating", "is empty", hint)
    for column in ("low", "high"):
        for mark in ("?", "withheld", "n/a"):
            rows = getattr(ratings, column).matches(mark)
            if rows.any():
                yield _first(rows, column, f"{mark!r} is not a level", "leave both ends empty")


def _is_read(tree: ValueTree, criterion: str) -> bool:
    """Whether levels of a criterion can be judged: its scale is known, or context needs none."""
    found = tree.criteria.get(criterion)
    if found is None or tree.rating_scale(criterion) is not None:
        return found is not None
    return found.kind == "context" and found.scale is None


def _level_hint(scale: Scale | None, text: str) -> str:
    if scale is None:
        return "write a number with a decimal point"
    number = _number(text.removesuffix("%").rstrip())
    if scale.ordinal:
        return nearest(text if number is None else as_text(number), scale.labels)
    ends = f"the scale runs from {scale.at[0]:g} to {scale.at[-1]:g}"
    if number is not None and text.endswith("%"):
        return f"write {number:g} without %; {ends}"
    return f"write a decimal point, not a comma; {ends}" if "," in text else ends


def _number(text: str) -> float | None:
    try:
        return plain_number(text)
    except ValueError:
        return None


def _range_problems(study: Study, columns: Mapping[str, Levels]) -> Iterator[Problem]:
    ratings = study.ratings
    low, level, high = (columns[name].level for name in ("low", "rating", "high"))

    def said(row: int) -> str:
        parts = ((name, ratings.cell(row, name)[:60]) for name in ("low", "rating", "high"))
        return ", ".join(f"{name} is {text or 'empty'}" for name, text in parts)

    given = {name: ~getattr(ratings, name).matches("") for name in ("low", "high")}
    for name, other in (("low", "high"), ("high", "low")):
        yield from _each(given[name] & ~given[other], name, said, "give low and high, or neither")
    absent = ratings.rating.map(lambda text: text in ABSENCE_MARKS).astype(bool)
    both = given["low"] & given["high"]
    yield from _each(both & absent, "low", said, "an absent rating has no low and high")
    order = "low, rating and high stand in rising order"
    crossed = both & ~absent & (low > high)
    yield from _each(crossed, "low", said, order)
    yield from _each(both & ~crossed & (low > level), "low", said, order)
    yield from _each(both & ~crossed & (high < level), "high", said, order)


def _word_problems(ratings: Ratings) -> Iterator[Problem]:
    words: dict[str, tuple[Iterable[str], str]] = {
        "confidence": (CONFIDENCES, "a confidence"),
        "grade": (GRADES, "an Admiralty grade"),
        "basis": (BASES, "a basis"),
        "round": (ROUNDS, "a round"),
    }
    hints = {"grade": "A to F, then 1 to 6: B2", "round": "write 1 to 9, or leave it empty for 1"}
    for column, (choices, what) in words.items():
        cells: Column = getattr(ratings, column)
        wrong = [label for label in cells.labels if label and label not in choices]
        for label in wrong[:MOST]:
            hint = hints.get(column) or nearest(label, choices)
            yield _first(cells.matches(label), column, f"{shown(label)} is not {what}", hint)
        yield from _rest(cells, column, wrong)
    wrong = [label for label in ratings.date.labels if label and parse_date(label) is None]
    for label in wrong[:MOST]:
        rows = ratings.date.matches(label)
        yield _first(rows, "date", f"{shown(label)} is not a date", "write it as 2026-06-30")
    yield from _rest(ratings.date, "date", wrong)
    for column in ("source", "rationale"):
        cells = getattr(ratings, column)
        if max(map(len, cells.labels), default=0) <= LONGEST_TEXT:
            continue
        for label in [label for label in cells.labels if len(label) > LONGEST_TEXT][:MOST]:
            what = f"{shown(label)} is {len(label):,} characters long"
            yield _first(cells.matches(label), column, what, f"at most {LONGEST_TEXT:,} are kept")


def _rounds(ratings: Ratings) -> Column:
    """Return the round of every row; an empty cell is the first."""
    return Column.of(ratings.round.codes, [label or "1" for label in ratings.round.labels])


def _duplicate_problems(ratings: Ratings, *more: Column) -> Iterator[Problem]:
    """Yield the rows whose cell, and what more tells it from others, an earlier row holds."""
    key, size = np.zeros(len(ratings), dtype=np.int64), 1
    for column in (*(getattr(ratings, name) for name in CELL), *more):
        if size * len(column.labels) >= 2**62:
            kept, key = np.unique(key, return_inverse=True)
            size = len(kept)
        key, size = key * len(column.labels) + column.codes, size * len(column.labels)
    kept, place = distinct(key, size)
    if len(kept) == len(key):
        return
    first = np.full(len(kept), -1)
    first[place[::-1]] = np.arange(len(key))[::-1]
    again = np.flatnonzero(first[place] != np.arange(len(key)))
    for row in again[:MOST].tolist():
        what = _cell_text(ratings, row)
        yield Problem(
            "ratings",
            (row, "rating"),
            f"{what} is already rated",
            "keep one of the two",
            earlier=int(first[place[row]]),
        )
    if len(again) > MOST:
        rest = f"{len(again) - MOST} more rows are rated already"
        yield Problem("ratings", (int(again[MOST]), "rating"), rest, "keep one of each")


def _cell_text(ratings: Ratings, row: int) -> str:
    return " ".join(filter(None, (ratings.cell(row, name)[:64] for name in CELL)))


def _world_problems(study: Study, declared: Declared) -> Iterator[Problem]:
    for scenario in study.scenarios:
        world = "world" in scenario.kind or scenario.id in declared.get("kinds", ())
        if not world and scenario.id in study.ratings.scenario.labels:
            rows = study.ratings.scenario.matches(scenario.id)
            what = f"{scenario.id!r} is a perspective: it changes weights, not ratings"
            hint = "leave the scenario empty, or declare kind = ['perspective', 'world']"
            yield _first(rows, "scenario", what, hint)


def _absence_problems(study: Study, read: Levels) -> Iterator[Problem]:
    ratings, tree = study.ratings, study.tree
    marked, heard = ratings.rating.matches("n/a"), pooled_rows(study)
    whole = places(ratings.criterion, tree.groups) >= 0
    rated = ~np.isnan(read.level) & ~whole
    yield from _ended_problems(study, rated)
    if (marked & whole).any():
        hint = "write it for each criterion below, or declare it in the scenario"
        yield _first(marked & whole, "rating", "'n/a' is not said of a group as a whole", hint)
    marked &= ~whole
    rated &= heard
    if not marked.any() or dense_cells(study) > LARGEST:
        return
    silent = marked & ratings.rationale.matches("")
    yield from _each(silent, "rationale", lambda _: "n/a needs a rationale: why it does not apply")
    grid = row_grid(study)
    is_marked: Mask = np.append(marked & heard, False)[grid]
    is_rated: Mask = np.append(rated, False)[grid]
    anyone: Mask = np.asarray(is_marked.any(axis=0))
    partly = anyone.any(axis=1) & ~anyone.all(axis=1)
    nameless = (places(ratings.strategy, study.strategies) < 0) & marked
    for s, c in () if nameless.any() else np.argwhere(partly)[:MOST].tolist():
        row = int(grid[:, s, :, c][is_marked[:, s, :, c]].min())
        others = [t for i, t in enumerate(study.strategies) if not anyone[s, i, c]]
        more = f" and {len(others) - 5} more" if others[5:] else ""
        yield Problem(
            "ratings",
            (row, "rating"),
            f"n/a for one strategy alone: {tree.leaves[c]!r} is not n/a for "
            f"{', '.join(others[:5])}{more}",
            "n/a holds for all strategies alike; write ? if the level is not known",
        )
    beside = np.zeros(len(ratings), dtype=bool)
    beside[grid[is_rated & anyone]] = True
    yield from _each(
        beside,
        "rating",
        lambda row: f"{ratings.cell(row, 'criterion')!r} has a level here and is n/a for another",
        "agree which of the two it is",
    )


def _ended_problems(study: Study, rated: Mask) -> Iterator[Problem]:
    """A level given where the actors have ended, or for a scenario that declares it away."""
    ratings, tree, nodes = study.ratings, study.tree, set(study.tree.nodes)
    outside = [(leaf, reason, np.ones(len(ratings), bool)) for leaf, reason in ended(study).items()]
    for scenario in study.scenarios:
        named = ratings.scenario.matches(scenario.id)
        for key, reason in scenario.not_applicable.items():
            known = key in nodes
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


def _rest(cells: Column, column: str, wrong: Sequence[str]) -> Iterator[Problem]:
    """Count the texts that are not listed one by one."""
    if len(wrong) > MOST:
        what = f"{len(wrong) - MOST} more texts like the {MOST} before"
        yield Problem("ratings", (int(cells.matches(wrong[MOST]).argmax()), column), what)


def _each(
    rows: Mask, column: str, message: Callable[[int], str], hint: str = ""
) -> Iterator[Problem]:
    at = np.flatnonzero(rows)
    for row in at[:MOST].tolist():
        yield Problem("ratings", (row, column), message(row), hint)
    if len(at) > MOST:
        rest = f"{len(at) - MOST} more rows like the {MOST} before"
        yield Problem("ratings", (int(at[MOST]), column), rest, hint)
