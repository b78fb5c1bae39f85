"""The recipes of the kit: every model can be drawn, every fault stands where it was planted."""

from typing import Any

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

import assess
from assess import model, testing
from assess.testing import broken
from assess.testing.models import BY_TYPE
from tests import small


@pytest.mark.parametrize("name", list(BY_TYPE))
def test_every_model_resolves_by_its_type(name: str) -> None:
    kind: Any = getattr(model, name)
    drawn = []

    @settings(max_examples=3, database=None, derandomize=True)
    @given(st.from_type(kind))
    def draw(one: Any) -> None:
        drawn.append(one)

    draw()
    assert drawn
    assert all(isinstance(one, kind) for one in drawn)


@pytest.mark.parametrize("plant", broken.FAULTS)
@pytest.mark.parametrize("row", [0, 3])
def test_a_fault_stands_where_it_was_planted(plant: Any, row: int) -> None:
    planted = plant(small.study(), row)
    found = {(problem.part, problem.path) for problem in assess.check(planted.study)}
    assert (planted.part, planted.path) in found, planted.fault


def test_a_sound_study_is_drawn_with_what_was_asked_for() -> None:
    study = find(
        testing.studies(analysts=1, strategies=2, scenarios=3, absent=False),
        lambda _: True,
        settings=settings(database=None, derandomize=True),
    )
    assert (len(study.analysts), len(study.strategies), len(study.scenarios)) == (1, 2, 3)
    assert not study.ratings.rating.matches("?").any()
    assert assess.check(study) == ()


def test_the_simplest_study_is_small_and_short_to_read() -> None:
    study = find(
        testing.studies(), lambda _: True, settings=settings(database=None, derandomize=True)
    )
    assert len(study.tree.leaves) == 1
    assert len(repr(study)) < 800


@pytest.mark.parametrize("kind", ["numeric", "ordinal"])
@pytest.mark.parametrize("falls", [True, False])
def test_scales_of_each_sort_and_direction_are_drawn(kind: Any, falls: bool) -> None:
    scale = find(
        testing.scales(kind=kind),
        lambda scale: scale.falling if falls else not (scale.rising or scale.falling),
        settings=settings(database=None, derandomize=True, max_examples=500),
    )
    assert scale.ordinal == (kind == "ordinal")


@pytest.mark.law
def test_a_broken_study_is_drawn_with_its_fault() -> None:
    planted = find(
        testing.broken_studies(),
        lambda one: one.part == "ratings",
        settings=settings(database=None, derandomize=True),
    )
    assert assess.check(planted.study)
