"""Bad input is refused with its place, its value and what would be right, and nothing follows."""

from pathlib import Path

import pytest

import assess
from assess.files.new import new_study
from tests import faults
from tests.faults import FAULTS, Fault


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a small sound study."""
    new_study(tmp_path / "study")
    return tmp_path / "study"


def refused(folder: Path) -> assess.StudyError:
    """Return the error that loading a study ends in."""
    with pytest.raises(assess.StudyError) as caught:
        assess.load(folder)
    return caught.value


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_planted_fault_is_the_one_problem_with_place_value_and_hint(
    fault: Fault, folder: Path
) -> None:
    fault.plant(folder)
    error = refused(folder)
    assert len(error.problems) == 1, str(error)
    problem = error.problems[0]
    assert problem.place == fault.place
    assert fault.value in str(problem)
    assert fault.hint in str(problem)
    assert all(character.isprintable() for character in str(problem))
