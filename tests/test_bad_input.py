"""Bad input is refused with its place, its value and what would be right, and nothing is lost."""

import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import assess
from assess.files import read_tree
from assess.files.new import new_study
from assess.notes import notes as assess_notes
from tests.faults import (
    FAULTS,
    FILE_LIST,
    FILES,
    RATINGS,
    SCENARIO,
    SCENARIOS,
    STUDY,
    TREE,
    Fault,
    add,
    swap,
    write,
)


@cache
def sound_files() -> dict[str, bytes]:
    """Return the files of a small sound study."""
    with tempfile.TemporaryDirectory() as folder:
        new_study(Path(folder) / "study")
        return {name: (Path(folder) / "study" / name).read_bytes() for name in FILES}


def lay_out(folder: Path) -> Path:
    """Write the small sound study into a folder."""
    for name, content in sound_files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a small sound study."""
    return lay_out(tmp_path / "study")


def refused(folder: Path) -> assess.StudyError:
    """Return the error that loading a study ends in."""
    with pytest.raises(assess.StudyError) as caught:
        assess.load(folder)
    return caught.value


def places(error: assess.StudyError) -> list[str]:
    """Return the place of every problem, in their order."""
    return [problem.place for problem in error.problems]


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
    assert str(problem).isprintable()
    assert len(str(problem)) < 600


def test_the_table_names_each_of_many_kinds_once() -> None:
    names = [fault.name for fault in FAULTS]
    assert len(set(names)) == len(names) >= 150


# One that moves no line and hides no other, from every part of every file.
AT_ONCE = (
    "unknown key at the top", "text for true", "unknown pooling", "unknown key",
    "acceptable between two labels", "gate at an unknown level", "unknown kind", "stale weights",
    "unknown method", "judgement of an unknown child", "unknown kind of scenario",
    "undeclared analyst", "rating 'nan'", "low above high", "unknown grade", "date by week",
    "level '1.5' of an ordinal scale", "duplicate rating in another file",
)  # fmt: skip


def test_many_faults_at_once_are_all_reported_in_the_order_of_files_and_lines(
    folder: Path,
) -> None:
    known = {fault.name: fault for fault in FAULTS}
    for name in AT_ONCE:
        known[name].plant(folder)
    error = refused(folder)
    assert len(error.problems) == len(AT_ONCE) >= 15, str(error)
    for name in AT_ONCE:
        assert any(known[name].value in str(problem) for problem in error.problems), name
    assert str(error).startswith(f"{len(AT_ONCE)} problems:\n  study.toml:4:12: ")
    files = [place.split(":")[0] for place in places(error)]
    assert list(dict.fromkeys(files)) == [STUDY, TREE, SCENARIO, RATINGS, "more.csv"]
    for name in FILES:
        lines = [int(place.split(":")[1]) for place in places(error) if place.startswith(name)]
        assert lines == sorted(lines)


@pytest.mark.parametrize("broken", [TREE, SCENARIO, RATINGS])
def test_a_file_that_cannot_be_read_hides_no_problem_of_the_others(
    broken: str, folder: Path
) -> None:
    others = {
        STUDY: (swap(STUDY, "question =", "questoin ="), "study.toml:4:12"),
        TREE: (swap(TREE, "acceptable = 60", "acceptable = 30"), f"{TREE}:21:14"),
        SCENARIO: (swap(SCENARIO, '"swing"', '"swinng"'), f"{SCENARIO}:8:10"),
        RATINGS: (swap(RATINGS, "62,,,low", "62,,,lo"), f"{RATINGS}:7:confidence"),
    }
    del others[broken]
    for plant, _ in others.values():
        plant(folder)
    write(broken, b"]\xff")(folder)
    assert sorted(places(refused(folder))) == sorted(
        [f"{broken}:1:2", *(place for _, place in others.values())]
    )


def test_every_missing_key_of_an_empty_study_is_named(folder: Path) -> None:
    write(STUDY, b"")(folder)
    missing = [problem.path[0] for problem in refused(folder).problems]
    assert missing == ["name", "as_of", "tree", "scenarios", "strategies", "analysts"]


def test_a_criterion_under_the_root_by_mistake_is_told_twice(folder: Path) -> None:
    """An orphan group has lost its leaf, and the root has one that nobody judged: both hold."""
    swap(TREE, 'parent = "results"\n', "")(folder)
    error = refused(folder)
    assert places(error) == [f"{TREE}:12:1", f"{SCENARIO}:11:14"]
    assert "'people_protected'" in str(error)


def test_a_tree_deeper_than_twelve_is_refused_once(folder: Path) -> None:
    deep = [f'[criteria.d{i}]\nparent = "d{i - 1}"\n' for i in range(1, 2000)]
    add(TREE, "\n[criteria.d0]\nparent = 'results'\n" + "".join(deep))(folder)
    add(TREE, 'scale = "practice"\n')(folder)
    error = refused(folder)
    assert places(error) == [f"{TREE}:55:10"]
    assert "d11.parent: lies 13 levels deep; at most 12" in str(error)


def test_a_circle_below_the_root_with_ended_actors_is_one_problem(folder: Path) -> None:
    add(
        TREE,
        '[criteria.a]\nparent = "b"\nactors = ["gone"]\n[criteria.b]\nparent = "a"\n'
        "[actors.gone]\nvalid_to = 2020-01-01\n",
    )(folder)
    assert places(refused(folder)) == [f"{TREE}:32:10"]


def test_a_label_with_a_point_in_a_bare_key_is_explained(folder: Path) -> None:
    swap(TREE, "[scales.practice]", "[scales.other]\n0.4 = { worth = 0 }\n[scales.practice]")(
        folder
    )
    error = refused(folder)
    assert places(error) == [f"{TREE}:8:7"]
    assert '0.4 is read as table 0 with key 4 (quote it: "0.4")' in str(error)


@pytest.mark.parametrize(
    "before",
    [
        '"a.b".c = """\n[criteria.practice]\n"""\n',
        "x.'y z' = [\n  1, # one ]\n  [2,\n 3]]\n",
        "[[many]]\nx = 1\n[[many.more]]\n[[many]]\ny = '''\nz = {'''\n",
        '[odd]\nq = "\\" # = \\u00e9"\r\nd = 2026-01-01 08:00:00Z\n',
    ],
)
def test_places_hold_after_whatever_toml_allows(before: str, folder: Path) -> None:
    swap(STUDY, "[strategies.reform]", f"{before}[strategies.reform]")(folder)
    swap(STUDY, 'name = "Reform"', "name = 3")(folder)
    lines = before.count("\n")
    assert f"study.toml:{17 + lines}:8" in places(refused(folder))


def test_byte_order_marks_and_dos_line_ends_are_accepted_and_places_hold(folder: Path) -> None:
    sound = assess.load(folder)
    for name in FILES:
        text = (folder / name).read_bytes()
        (folder / name).write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
    assert assess.load(folder) == sound
    swap(TREE, "worst = 40", 'worst = "40"')(folder)
    swap(RATINGS, "practice,?", "practice,3")(folder)
    assert places(refused(folder)) == [f"{TREE}:20:19", f"{RATINGS}:8:rating"]


def test_what_csv_allows_is_read(folder: Path) -> None:
    swap(RATINGS, "made up", '"made, ""up"",\nquite"')(folder)
    swap(RATINGS, "first,reform,,people", '\n , ,\n"first", reform ,"",people')(folder)
    swap(RATINGS, "analyst,", '"analyst",')(folder)
    add(RATINGS, "\n\n")(folder)
    study = assess.load(folder)
    assert len(study.ratings) == 7
    assert study.ratings.cell(0, "rationale") == 'made, "up",\nquite'
    assert study.ratings.cell(2, "strategy") == "reform"


def test_a_header_alone_is_a_study_without_ratings(folder: Path) -> None:
    write(RATINGS, b"analyst,strategy,criterion,rating")(folder)
    assert len(assess.load(folder).ratings) == 0


def test_rows_with_too_many_cells_are_all_named(folder: Path) -> None:
    swap(RATINGS, "made up", "made, up", 99)(folder)
    assert places(refused(folder)) == [f"{RATINGS}:{row}" for row in range(2, 8)]


def test_rows_with_too_few_cells_are_listed_up_to_a_hundred_and_the_rest_counted(
    folder: Path,
) -> None:
    """A lost cell would move a rationale into the source, and a decimal comma would add one."""
    short, long = "first,reform,,practice,2\n", f"first,reform,,practice,2{',' * 13}\n"
    add(RATINGS, (short + long) * 60)(folder)
    error = refused(folder)
    assert places(error) == [f"{RATINGS}:{row}" for row in range(9, 110)]
    assert str(error.problems[0]) == (
        f"{RATINGS}:9: 5 cells in a row of a table with 13 columns: 'first,reform,,practice,2' "
        "(write every comma; empty cells are fine)"
    )
    assert str(error.problems[-1]) == f"{RATINGS}:109: and 20 more rows like these"


@pytest.mark.parametrize("empty", ["\n", "   \n", ",,\n", '" ",\n', f"{',' * 12}\n"])
def test_a_row_of_nothing_is_passed_over_whatever_its_width(empty: str, folder: Path) -> None:
    sound = assess.load(folder)
    swap(RATINGS, "first,reform", f"{empty}first,reform", 9)(folder)
    add(RATINGS, empty)(folder)
    assert assess.load(folder) == sound
    add(RATINGS, "first,reform\n")(folder)
    assert places(refused(folder)) == [f"{RATINGS}:12"]


def test_a_decimal_comma_in_a_row_of_full_width_is_remarked_on(folder: Path) -> None:
    """Its cells are as many as the columns: nothing is wrong but the source, which is a number."""
    rows = [
        f"{who},{what},{on},{level}\n"
        for who in ("first", "second")
        for what in ("continue_as_now", "reform")
        for on, level in (("people_protected", "70,5"), ("practice", "1,report"))
    ]
    write(RATINGS, f"analyst,strategy,criterion,rating,source\n{''.join(rows)}".encode())(folder)
    found = [note for note in assess_notes(assess.load(folder)) if "decimal comma" in note]
    assert len(found) == 1


def test_no_study_is_refused_with_the_nearest_example(tmp_path: Path) -> None:
    with pytest.raises(assess.StudyError, match=r"no study here .*did you mean 'mali'"):
        assess.load("malli")
    for path in (tmp_path / "none", tmp_path / ("x" * 5000), Path("a\0b")):
        with pytest.raises(assess.StudyError, match="no study here"):
            assess.load(path)


def test_a_file_that_is_no_study_is_called_by_its_name_and_told_what_a_study_is(
    folder: Path,
) -> None:
    what = "is not a study: a study is a folder with study.toml"
    with pytest.raises(assess.StudyError) as caught:
        assess.load(folder / RATINGS)
    expected = f"  {folder / RATINGS}: {what} (did you mean {str(folder)!r}?)"
    assert str(caught.value) == f"1 problem:\n{expected}"
    report, other = folder / "criteria" / "report.json", folder / "criteria" / "other.csv"
    for path, hint in (
        (report, " (a report is read by `assess compare`, or in Python by assess.Report.read)"),
        (other, ""),
    ):
        path.touch()
        with pytest.raises(assess.StudyError) as caught:
            assess.load(path)
        assert str(caught.value) == f"1 problem:\n  {path}: {what}{hint}"


def test_a_folder_without_a_study_is_told_what_a_study_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    for where in (folder / "criteria", Path("criteria")):
        with pytest.raises(assess.StudyError) as caught:
            assess.load(where)
        hint = "a study is a folder with study.toml"
        assert str(caught.value) == f"1 problem:\n  {where}: there is no study here ({hint})"


@pytest.mark.parametrize(("file", "what"), [(TREE, "a value tree"), (SCENARIO, "a scenario")])
def test_a_tree_or_a_scenario_in_place_of_a_study_is_one_problem(
    file: str, what: str, folder: Path
) -> None:
    with pytest.raises(assess.StudyError) as caught:
        assess.load(folder / file)
    hint = "a study is a folder with study.toml, which names its tree and scenarios"
    where = f"{Path(file).name}:1:1"
    assert str(caught.value) == f"1 problem:\n  {where}: is {what}, not a study ({hint})"


def test_a_study_under_another_name_is_called_by_that_name(folder: Path) -> None:
    swap(STUDY, "question =", "questoin =")(folder)
    (folder / STUDY).rename(folder / "later.toml")
    with pytest.raises(assess.StudyError) as caught:
        assess.load(folder / "later.toml")
    assert places(caught.value) == ["later.toml:4:12"]


def test_what_lies_behind_a_link_out_of_the_folder_is_never_named(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.csv").touch()
    (folder / "out").symlink_to(tmp_path / "outside")
    for pattern in ("out/*", "o*/*.csv", "out/secret.csv", "out/none.csv"):
        swap(STUDY, FILE_LIST, f'["ratings.csv", "{pattern}"]')(folder)
        error = refused(folder)
        assert [problem.message for problem in error.problems] == [
            f"{pattern!r} leads out of the study's folder"
        ]
        assert "secret" not in str(error).replace(pattern, "")
        swap(STUDY, f'["ratings.csv", "{pattern}"]', FILE_LIST)(folder)


def test_a_link_inside_the_folder_is_followed(folder: Path) -> None:
    (folder / RATINGS).rename(folder / "kept.csv")
    (folder / RATINGS).symlink_to(folder / "kept.csv")
    assert len(assess.load(folder).ratings) == 7


def test_a_circle_of_links_is_refused(folder: Path) -> None:
    (folder / "a.toml").symlink_to(folder / "b.toml")
    (folder / "b.toml").symlink_to(folder / "a.toml")
    swap(STUDY, TREE, "a.toml")(folder)
    swap(STUDY, SCENARIO, "./a.toml")(folder)
    assert places(refused(folder)) == ["study.toml:8:8", "study.toml:9:14"]


def test_a_rule_of_the_users_own_is_read_when_it_is_supplied(folder: Path) -> None:
    swap(TREE, 'version = "1"', 'version = "1"\nrule = "mine"')(folder)
    loaded = assess.load(folder, rules={"mine": assess.aggregation.weighted_sum})
    assert loaded.tree.rule.name == "mine"


def quickly(load: Callable[[], object]) -> None:
    """Run within 5 seconds and 50 MB."""
    tracemalloc.start()
    start = time.perf_counter()
    try:
        load()
        assert time.perf_counter() - start < 5
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


def sparse(path: Path, first: bytes, size: int) -> None:
    """Write a file that is long and takes no room."""
    with path.open("wb") as file:
        file.write(first)
        file.truncate(size)


@pytest.mark.parametrize("name", FILES)
def test_a_line_of_200_mb_is_refused_at_once_and_never_held_in_memory(
    name: str, folder: Path
) -> None:
    sparse(folder / name, b"x = 1\n" + b"x" * 2_000_000, 200_000_000)
    quickly(lambda: refused(folder))
    error = refused(folder)
    assert places(error) == [f"{name}:2:1"]
    assert "longer than 1,000,000 bytes" in str(error)


def test_200_mb_of_nothing_and_3_gb_of_anything_are_refused_at_once(folder: Path) -> None:
    sparse(folder / RATINGS, b"analyst,strategy,criterion,rating\n", 200_000_000)
    sparse(folder / TREE, b"x", 3_000_000_000)
    quickly(lambda: refused(folder))
    assert places(refused(folder)) == [TREE, f"{RATINGS}:2:1"]


def test_too_many_cells_are_refused_before_they_are_laid_out(folder: Path) -> None:
    tables = [f"[strategies.s{i}]\n[analysts.a{i}]\n" for i in range(600)]
    add(STUDY, "".join(tables))(folder)
    leaves = [f'[criteria.c{i}]\nparent = "results"\nscale = "practice"\n' for i in range(600)]
    add(TREE, "".join(leaves))(folder)
    swap(RATINGS, "practice,?", "practice,n/a")(folder)
    swap(SCENARIO, 'ranges = "34446a350336"', "")(folder)
    quickly(lambda: refused(folder))
    error = refused(folder)
    assert places(error) == ["study.toml:1:1"]
    assert "218,167,208 cells" in str(error)
    assert "at most 200,000,000" in str(error)


def test_a_hundred_faults_of_a_kind_are_listed_and_the_rest_counted(folder: Path) -> None:
    rows = [f"x{i},reform,,people_protected,y{i},,,,,,,,\n" for i in range(5_000)]
    add(RATINGS, "".join(rows))(folder)
    quickly(lambda: refused(folder))
    messages = [problem.message for problem in refused(folder).problems]
    assert len(messages) == 202
    assert messages.count("4900 more texts like the 100 before") == 2


def test_a_hundred_duplicates_and_unknown_columns_are_listed_and_the_rest_counted(
    folder: Path,
) -> None:
    add(RATINGS, "first,reform,,practice,2,,,,,,,,\n" * 150)(folder)
    messages = [problem.message for problem in refused(folder).problems]
    assert len(messages) == 101
    assert messages[-1] == "50 more rows are rated already"
    swap(RATINGS, "low,high", ",".join(f"column{i}" for i in range(150)))(folder)
    messages = [problem.message for problem in refused(folder).problems]
    assert len(messages) == 101
    assert "50 more unknown columns" in messages


def keys(count: int) -> str:
    """Write unknown keys, as many as that."""
    return "".join(f"key{i} = 1\n" for i in range(count))


def broken(count: int) -> str:
    """Write criteria with a broken scale, as many as that."""
    return "".join(
        f"[criteria.c{i}]\nparent = 'results'\nscale = {{ worst = 1, best = 1 }}\n"
        for i in range(count)
    )


def orphans(count: int) -> str:
    """Write criteria under unknown parents, as many as that."""
    return "".join(f"[criteria.c{i}]\nparent = 'x{i}'\nscale = 'practice'\n" for i in range(count))


def circle(count: int) -> str:
    """Write criteria that go round in one circle, as many as that."""
    return "".join(f"[criteria.c{i}]\nparent = 'c{(i + 1) % count}'\n" for i in range(count))


def strategies(count: int) -> str:
    """Write strategies whose names are numbers, as many as that."""
    return "".join(f"[strategies.s{i}]\nname = {i}\n" for i in range(count))


def calls(load: Callable[[], object]) -> int:
    """Return how many calls, of Python and of C, it takes to run."""
    count = 0

    def look(_frame: object, event: str, _what: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        load()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize(
    ("file", "text"),
    [(STUDY, keys), (STUDY, strategies), (TREE, broken), (TREE, orphans), (TREE, circle)],
    ids=lambda item: getattr(item, "__name__", item),
)
def test_twice_the_mistakes_take_about_twice_the_work_never_four_times(
    file: str, text: Callable[[int], str], folder: Path
) -> None:
    sound = (folder / file).read_bytes()
    work = []
    for count in (300, 600, 1200, 2400):
        write(file, sound + text(count).encode())(folder)
        work.append(calls(lambda: refused(folder)))
    steps = [later - earlier for earlier, later in pairwise(work)]
    assert steps[2] < 2.2 * steps[1]
    assert steps[1] < 2.2 * steps[0]


def test_20_000_unknown_keys_are_a_hundred_problems_and_a_count(folder: Path) -> None:
    text = (folder / STUDY).read_bytes()
    write(STUDY, keys(20_000).encode() + text)(folder)
    start = time.perf_counter()
    error = refused(folder)
    assert time.perf_counter() - start < 30
    assert len(error.problems) == 101
    assert str(error.problems[0]).startswith("study.toml:1:8: key0: unknown key 'key0' (")
    assert str(error.problems[-1]) == "study.toml:101:10: key100: and 19,900 more like these"


def test_mistakes_beyond_the_hundred_listed_cause_no_others(folder: Path) -> None:
    """What had to be left out is known, also where it is only counted."""
    add(TREE, broken(300))(folder)
    add(RATINGS, "first,reform,,c250,1,,,,,,,,\n")(folder)
    add(STUDY, strategies(300))(folder)
    add(RATINGS, "first,s250,,practice,1,,,,,,,,\n")(folder)
    messages = [problem.message for problem in refused(folder).problems]
    assert len(messages) == 202
    assert messages.count("and 200 more like these") == 2


def test_many_names_of_no_file_are_listed_up_to_a_hundred(folder: Path) -> None:
    names = ", ".join(f'"scenarios/x{i}.toml"' for i in range(150))
    swap(STUDY, SCENARIOS, f"[{names}]")(folder)
    messages = [problem.message for problem in refused(folder).problems]
    assert len(messages) == 101
    assert messages[-1] == "and 50 more like these"


def test_many_unsound_criteria_are_listed_up_to_a_hundred(folder: Path) -> None:
    add(TREE, orphans(150))(folder)
    error = refused(folder)
    assert len(error.problems) == 101
    assert str(error.problems[-1]) == (
        f"{TREE}:332:10: criteria.c100.parent: and more like these (mend these first)"
    )


def test_a_tree_of_more_than_10_mb_is_refused(folder: Path) -> None:
    write(TREE, b"# x\n" * 2_500_001)(folder)
    error = refused(folder)
    assert [problem.message for problem in error.problems] == [
        "is 10,000,004 bytes long; at most 10,000,000 are read"
    ]


@pytest.mark.parametrize(
    ("name", "message"),
    [("nothing.toml", "cannot be read: No such file or directory"), ("folder", "is not a file")],
)
def test_a_tree_that_cannot_be_opened_is_refused_with_the_reason(
    name: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(assess.StudyError) as caught:
        read_tree(tmp_path / name)
    assert str(caught.value) == f"1 problem:\n  {name}: {message}"


MUTATIONS = st.lists(
    st.tuples(
        st.sampled_from(FILES),
        st.floats(0, 1, exclude_max=True),
        st.integers(0, 12),
        st.one_of(
            st.binary(max_size=4),
            st.sampled_from([b'"', b"'", b"\n", b"\r", b",", b"[", b"]", b"=", b".", b"nan", b"0"]),
            st.sampled_from([b"results", b"practice", b"my_tree", b"n/a", b"?", b"reform", b"\0"]),
        ),
    ),
    min_size=1,
    max_size=4,
)


@given(MUTATIONS)
@settings(max_examples=50, deadline=None)
@example([(TREE, 0.4, 10, b"my_tree")])
@example([(RATINGS, 0.0, 12, b",\xc2\xb2,")])
def test_no_change_of_bytes_ends_in_anything_but_a_study_or_its_error(
    changes: list[tuple[str, float, int, bytes]],
) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = lay_out(Path(place))
        for name, where, gone, new in changes:
            content = (folder / name).read_bytes()
            at = int(where * len(content))
            (folder / name).write_bytes(content[:at] + new + content[at + gone :])
        error = error_of(folder)
        assert error is None or error.problems
        for problem in error.problems if error else ():
            assert problem.place
            assert str(problem).isprintable()


def error_of(folder: Path) -> assess.StudyError | None:
    """Return the error of a study; none where it can be assessed."""
    try:
        assess.evaluate(assess.load(folder))
    except assess.StudyError as error:
        return error
    return None
