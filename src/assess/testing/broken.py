"""Studies with one planted fault, and where it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from assess.model import Study
from assess.testing import changed
from assess.testing.strategies import studies

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Planted:
    """A study with one fault.

    Attributes:
        study: no longer sound; `assess.check` finds the fault.
        fault: what is wrong, in words.
        part: which input holds it, as a problem names it.
        path: the way to it inside that part.
    """

    study: Study
    fault: str
    part: str
    path: Path


def _rating(text: str, fault: str, column: str = "rating") -> Callable[[Study, int], Planted]:
    def plant(study: Study, row: int) -> Planted:
        return Planted(changed.with_cell(study, row, column, text), fault, "ratings", (row, column))

    return plant


def _twice(study: Study, row: int) -> Planted:
    del row
    place = len(study.ratings)
    return Planted(
        changed.with_row_twice(study), "a cell rated twice", "ratings", (place, "rating")
    )


def _parent(study: Study, row: int) -> Planted:
    del row
    key = next(iter(study.tree.criteria))
    tree = _criterion(study, key, parent="nowhere")
    return Planted(tree, "a parent that is none", "tree", ("criteria", key, "parent"))


def _own_parent(study: Study, row: int) -> Planted:
    del row
    key = next(iter(study.tree.criteria))
    tree = _criterion(study, key, parent=key)
    return Planted(tree, "a criterion under itself", "tree", ("criteria", key, "parent"))


def _no_scale(study: Study, row: int) -> Planted:
    del row
    key = study.tree.leaves[0]
    tree = _criterion(study, key, scale=None)
    return Planted(tree, "a leaf without a scale", "tree", ("criteria", key))


def _rule(study: Study, row: int) -> Planted:
    del row
    tree = study.tree.model_copy(update={"rule": "weighted_summ"})
    study = study.model_copy(update={"tree": tree})
    return Planted(study, "a rule that there is not", "tree", ("rule",))


def _no_weights(study: Study, row: int) -> Planted:
    del row
    node = study.tree.id
    zeros = dict.fromkeys(study.tree.children[node], 0.0)
    return _judged(study, {"method": "points", "judgements": zeros}, "weights that are all zero",
                   ("weights", node, "judgements"))  # fmt: skip


def _stale(study: Study, row: int) -> Planted:
    del row
    node = study.tree.id
    ones = dict.fromkeys(study.tree.children[node], 1.0)
    held = {"method": "points", "judgements": ones, "against": "0"}
    return _judged(study, held, "weights made for another version", ("weights", node, "against"))


def _judged(study: Study, held: dict[str, Any], fault: str, path: Path) -> Planted:
    first, *rest = study.scenarios
    weights = {**first.weights, study.tree.id: held}
    first = first.model_copy(update={"weights": weights})
    study = study.model_copy(update={"scenarios": (first, *rest)})
    return Planted(study, fault, f"scenario {first.id}", path)


def _criterion(study: Study, key: str, **changes: Any) -> Study:
    criteria = {**study.tree.criteria, key: study.tree.criteria[key].model_copy(update=changes)}
    tree = study.tree.model_copy(update={"criteria": criteria})
    return study.model_copy(update={"tree": tree})


FAULTS: tuple[Callable[[Study, int], Planted], ...] = (
    _rating("nan", "a level that is no number"),
    _rating("1e999", "an infinite level"),
    _rating("", "an empty level"),
    _rating("nobody", "an analyst who is none", "analyst"),
    _rating("nothing", "a strategy that is none", "strategy"),
    _rating("nowhere", "a scenario that is none", "scenario"),
    _rating("nil", "a criterion that is none", "criterion"),
    _twice,
    _parent,
    _own_parent,
    _no_scale,
    _rule,
    _no_weights,
    _stale,
)


@st.composite
def broken_studies(draw: st.DrawFn, /, **arguments: Any) -> Planted:
    """Draw a study with one planted fault.

    Args:
        draw: given by Hypothesis.
        arguments: of `studies`, from which the sound study is drawn.

    Returns:
        The study, what is wrong with it, and where.
    """
    sound = draw(studies(**arguments).filter(lambda study: len(study.ratings) > 0))
    plant = draw(st.sampled_from(FAULTS))
    return plant(sound, draw(st.integers(0, len(sound.ratings) - 1)))
