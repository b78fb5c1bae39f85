"""What Python arguments are refused with: one problem for one mistake, and what to write."""

from collections.abc import Callable
from datetime import date

import pytest

from assess import Criterion, Rating, Scale, Scenario, Study, StudyError, ValueTree
from assess.model import Choice, Gate, Level, Method, closest, nearest


def study(**changes: object) -> Study:
    """Return a study with some arguments changed."""
    sound: dict[str, object] = {
        "name": "x",
        "as_of": date(2026, 1, 1),
        "tree": ValueTree(id="t", criteria={}),
        "scenarios": (),
        "strategies": {},
        "analysts": {},
    }
    return Study(**{**sound, **changes})  # type: ignore[arg-type]  # wrong on purpose


def rating(**more: object) -> Rating:
    """Return a rating with arguments that it may not have."""
    return Rating(analyst="a", strategy="s", criterion="c", rating=3, **more)  # type: ignore[arg-type]  # wrong on purpose


MISTAKES: dict[str, tuple[Callable[[], object], str]] = {
    "two numbers for a scale": (
        lambda: Criterion(scale=(0, 1)),  # type: ignore[arg-type]  # wrong on purpose
        "Criterion: scale: (0, 1) is not a list of pairs [level, worth] "
        "(for a straight line give worst = 0 and best = 1)",
    ),
    "numbers for levels": (
        lambda: Scale(levels=(0, 1, 2)),  # type: ignore[arg-type]  # wrong on purpose
        "Scale: (0, 1, 2) is not a list of pairs [level, worth] "
        "(write pairs of a level and its worth: [[40, 0], [95, 1]])",
    ),
    "one scenario for a list": (
        lambda: study(scenarios=Scenario(id="s", tree="t")),
        "Study: scenarios: Scenario(id='s', tree='t') is not a list "
        "(write it in a list: [Scenario(...)])",
    ),
    "another model in a list": (
        lambda: study(scenarios=[Gate(threshold=1)]),
        "Study: scenarios.0: Gate(threshold=1.0) is not a Scenario",
    ),
    "text for an analyst": (
        lambda: study(analysts={"eva": "Eva"}),
        "Study: analysts.eva: 'Eva' is not an Analyst (write Analyst(name=\"Eva\"))",
    ),
    "text for a date": (
        lambda: study(as_of="2026-01-01"),
        "Study: as_of: '2026-01-01' is not a date (write it as datetime.date(2026, 6, 30))",
    ),
    "grade beside the evidence": (
        lambda: rating(grade="B2"),
        "Rating: grade: unknown key 'grade' (write evidence=Evidence(grade='B2'))",
    ),
    "rationale, which is not a rating": (
        lambda: rating(rationale="seen"),
        "Rating: rationale: unknown key 'rationale' (write evidence=Evidence(rationale='seen'))",
    ),
    "grade for the evidence": (
        lambda: rating(evidence="B2"),
        "Rating: evidence: 'B2' is not an Evidence",
    ),
    "number for a gate": (
        lambda: Criterion(gate=50),  # type: ignore[arg-type]  # wrong on purpose
        "Criterion: gate: 50 is not a Gate (write Gate(threshold=50))",
    ),
    "text for a gate": (
        lambda: Criterion(gate="high"),  # type: ignore[arg-type]  # wrong on purpose
        "Criterion: gate: 'high' is not a Gate",
    ),
    "long text for an analyst": (
        lambda: study(analysts={"eva": "E" * 61}),
        f"Study: analysts.eva: '{'E' * 56}... is not an Analyst",
    ),
    "number for a level": (
        lambda: Scale(levels={"no": 0.5, "yes": Level(worth=1, anchor="all")}),  # type: ignore[dict-item]  # wrong on purpose
        "Scale: levels.no: 0.5 is not a Level "
        '(write Level(worth=0.5, anchor="what an observer sees"))',
    ),
    "percentage for a share": (
        lambda: Method(coverage_floor=60),
        "Method: coverage_floor: 60 is above 1 (write 0.6)",
    ),
    "a little above 1": (
        lambda: Method(coverage_floor=1.5),
        "Method: coverage_floor: 1.5 is above 1",
    ),
    "percentage for a worth": (
        lambda: Level(worth=40, anchor="some"),
        "Level: worth: a worth lies in [0, 1], as a range with the lower end first: 40 (write 0.4)",
    ),
    "negative worth": (
        lambda: Level(worth=-1, anchor="some"),
        "Level: worth: a worth lies in [0, 1], as a range with the lower end first: -1",
    ),
    "lowest exponent": (
        lambda: Choice(name="power_mean", parameters={"exponent": float("-inf")}),
        "Choice: parameters.exponent: -inf is not a finite number "
        '(the rule "weakest_link" is that limit)',
    ),
    "exponent that is none": (
        lambda: Choice(name="power_mean", parameters={"exponent": float("nan")}),
        "Choice: parameters.exponent: nan is not a finite number",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_wrong_argument_is_one_problem_that_says_what_to_write(mistake: str) -> None:
    make, message = MISTAKES[mistake]
    with pytest.raises(StudyError) as caught:
        make()
    assert str(caught.value) == f"1 problem:\n  {message}"


def test_the_nearest_of_many_names_is_found_among_those_that_begin_alike() -> None:
    names = [f"criterion_{i}" for i in range(5_000)]
    assert closest("criterion_4321x", names) == "criterion_4321"
    assert closest("criterion_4321", [*names, "criterion"]) == "criterion_4321"
    assert closest("zzz", names) is None
    assert nearest("zzz", names, most=1) == "choose from 'criterion_0' and 4999 more"
