"""Planted faults: what is done to a sound study, and what the one problem must then say."""

# ruff: noqa: E501 (one fault a line)

from collections.abc import Callable
from dataclasses import dataclass
from os import mkfifo
from pathlib import Path

STUDY = "study.toml"
TREE = "criteria/my_tree.toml"
SCENARIO = "scenarios/my_scenario.toml"
RATINGS = "ratings.csv"
FILES = (STUDY, TREE, SCENARIO, RATINGS)

Plant = Callable[[Path], object]


@dataclass(frozen=True)
class Fault:
    """One fault and the problem that it must cause, alone.

    Attributes:
        name: what is wrong.
        plant: does it to the study in a folder.
        place: file, line and column; or file, row and name of the column.
        value: what the message must hold of what was given.
        hint: what message or hint must hold of what would be right.
    """

    name: str
    plant: Plant
    place: str
    value: str
    hint: str


def swap(file: str, old: str, new: str, count: int = 1) -> Plant:
    """Replace a piece of text, which must be there."""

    def plant(folder: Path) -> None:
        text = (folder / file).read_bytes().decode()
        assert old in text, old
        (folder / file).write_bytes(text.replace(old, new, count).encode())

    return plant


def add(file: str, text: str) -> Plant:
    """Append text."""

    def plant(folder: Path) -> None:
        with (folder / file).open("a", encoding="utf-8", newline="") as opened:
            opened.write(text)

    return plant


def write(file: str, content: bytes) -> Plant:
    """Put bytes in place of a file, or beside the others."""
    return lambda folder: (folder / file).write_bytes(content)


def recode(file: str, encoding: str) -> Plant:
    """Write a file in another encoding."""

    def plant(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8").replace("\n", "é\n", 1)
        (folder / file).write_bytes(text.encode(encoding))

    return plant


def both(*plants: Plant) -> Plant:
    """Do several things, one after another."""
    return lambda folder: [plant(folder) for plant in plants]


def weights_from(other: str) -> Plant:
    """Let the scenario take its weights from another in place of its own."""

    def plant(folder: Path) -> None:
        text = (folder / SCENARIO).read_text(encoding="utf-8").split("[weights")[0].rstrip()
        (folder / SCENARIO).write_text(f'{text}\nweights_from = "{other}"\n', encoding="utf-8")

    return plant


def add_row(cells: str) -> Plant:
    """Append a row of ratings, its last cells empty."""
    return add(RATINGS, f"{cells}{',' * (12 - cells.count(','))}\n")


def add_round(*rows: str) -> Plant:
    """Give ratings a column for the round, empty so far, and append rows: cells, then the round."""

    def plant(folder: Path) -> None:
        header, *lines = (folder / RATINGS).read_text(encoding="utf-8").splitlines()
        told = [f"{header},round", *(f"{line}," for line in lines)]
        for row in rows:
            cells, _, asked = row.rpartition(",")
            told.append(f"{cells}{',' * (13 - cells.count(','))}{asked}")
        (folder / RATINGS).write_text("\n".join(told) + "\n", encoding="utf-8")

    return plant


def rate(text: str) -> Plant:
    """Give the level of one rating, in row 7, on a scale of numbers."""
    return swap(
        RATINGS, "second,reform,,people_protected,62", f"second,reform,,people_protected,{text}"
    )


def judge(text: str) -> Plant:
    """Give the judgement of one child, in line 11."""
    return swap(SCENARIO, "practice = 50", f"practice = {text}")


SCALE = "scale = { worst = 40, best = 95 }"
TREE_PATH = '"criteria/my_tree.toml"'
SCENARIOS = '["scenarios/my_scenario.toml"]'
FILE_LIST = '["ratings.csv"]'
QUOTES = "without quotes"
ROW_7 = "second,reform,,people_protected,62,,,low,,illustrative,made up,2026-01-01,illustrative"
RULE = 'name = "Results"\nrule = '
SEEDS = (
    "[seed_questions.patrols]\nanswer = 412\n[analysts.first.answers]\npatrols = [300, 400, 600]\n"
)

TOML_FAULTS = (
    Fault("wrong TOML", swap(TREE, 'version = "1"', 'version = 1"'), f"{TREE}:5:12", 'version = 1"', "Expected newline"),
    Fault("TOML that ends too early", add(TREE, "x = [1,\n"), f"{TREE}:32:1", "Invalid value", "ends too early"),
    Fault("decimal comma in TOML", swap(TREE, "acceptable = 60", "acceptable = 60,5"), f"{TREE}:21:16", "Expected newline", "write a decimal point: 60.5"),
    Fault("decimal comma in a table", swap(TREE, "worst = 40", "worst = 40,5"), f"{TREE}:20:23", "not valid TOML", "write a decimal point: 40.5"),
    Fault("date of another land in TOML", swap(STUDY, "2026-01-01", "01/01/2026"), f"{STUDY}:5:10", "Expected newline", "write a date as 2026-01-01"),
    Fault("keys so deep that TOML itself would choke", add(STUDY, f"{'.'.join(['a'] * 400_000)} = 1\n"), f"{STUDY}:26:1", "nested", "at most 32"),
    Fault("duplicate key", swap(TREE, 'version = "1"', 'version = "1"\nversion = "2"'), f"{TREE}:6:14", 'version = "2"', "Cannot overwrite"),
    Fault("duplicate id", add(TREE, "\n[criteria.practice]\n"), f"{TREE}:32:19", "practice", "twice"),
    Fault("point in a bare key", swap(TREE, "1 = { worth", "0.4 = { worth"), f"{TREE}:9:74", "0.4 = {", "immutable namespace"),
    Fault("bare key that is not ASCII", swap(STUDY, "role =", "rôle ="), f"{STUDY}:20:2", "rôle", "Expected '='"),
    Fault("escape code in a TOML text", swap(TREE, '"Practice"', '"Pra\x1b[31mctice"'), f"{TREE}:25:12", r"\x1b[31m", "Illegal character"),
    Fault("date that does not exist", swap(STUDY, "2026-01-01", "2026-02-30"), f"{STUDY}:5:9", "2026-02-30", "Invalid date"),
    Fault("lists nested too deeply", add(STUDY, f"x = {'[' * 2000}{']' * 2000}\n"), f"{STUDY}:26:5", "nested", "too deeply"),
    Fault("keys nested too deeply", add(STUDY, f"{'.'.join(['a'] * 3000)} = 1\n"), f"{STUDY}:26:1", "nested", "at most 32"),
    Fault("number of 5000 digits", swap(TREE, "worst = 40", f"worst = {'9' * 5000}"), f"{TREE}:20:19", "digits", "too many"),
    Fault("unknown key", swap(TREE, "unit =", "untis ="), f"{TREE}:18:9", "'untis'", "did you mean 'unit'?"),
    Fault("key that belongs in a table", swap(STUDY, "horizon =", "coverage_floor = 0.5\nhorizon ="), f"{STUDY}:6:18", "unknown key 'coverage_floor'", "it belongs in the table method"),
    Fault("unknown key at the top", swap(STUDY, "question =", "questoin ="), f"{STUDY}:4:12", "'questoin'", "did you mean 'question'?"),
    Fault("unknown key in a scale", swap(TREE, "best =", "bets ="), f"{TREE}:20:30", "'bets'", "did you mean 'best'?"),
    Fault("escape code in a key", swap(STUDY, "role =", '"ro\\u001ble" ='), f"{STUDY}:20:16", r"'ro\x1ble'", "did you mean 'role'?"),
    Fault("missing key", swap(STUDY, 'name = "My study"\n', ""), f"{STUDY}:1:1", "'name'", "is missing"),
    Fault("missing tree", swap(STUDY, f"tree = {TREE_PATH}\n", ""), f"{STUDY}:1:1", "'tree'", "is missing"),
    Fault("missing id of a tree", swap(TREE, 'id = "my_tree"\n', ""), f"{TREE}:1:1", "'id'", "is missing"),
    Fault("missing method", swap(SCENARIO, 'method = "swing" ', ""), f"{SCENARIO}:7:1", "'method'", "is missing"),
    Fault("id that is none", swap(TREE, 'parent = "results"', 'parent = "Results"'), f"{TREE}:16:10", "'Results'", "use lower-case letters"),
    Fault("id with spaces round it", swap(TREE, 'parent = "results"', 'parent = " results"'), f"{TREE}:16:10", "' results'", "use lower-case letters"),
    Fault("table under an id that is none", swap(TREE, "[criteria.practice]", "[criteria.Practice]"), f"{TREE}:24:1", "'Practice'", "use lower-case letters"),
    Fault("id of a scenario that is none", swap(SCENARIO, '"my_scenario"', '"My scenario"'), f"{SCENARIO}:3:6", "'My scenario'", "use lower-case letters"),
    Fault("number in quotes", swap(TREE, "worst = 40", 'worst = "40"'), f"{TREE}:20:19", "'40' is not a number", QUOTES),
    Fault("true for a number", swap(TREE, "worst = 40", "worst = true"), f"{TREE}:20:19", "true", "is not a number"),
    Fault("text for true", swap(STUDY, "baseline = true", 'baseline = "yes"'), f"{STUDY}:14:12", "'yes'", "is not true or false"),
    Fault("number for true", swap(STUDY, "baseline = true", "baseline = 1"), f"{STUDY}:14:12", "1", "is not true or false"),
    Fault("number for a text", swap(TREE, 'version = "1"', "version = 1"), f"{TREE}:5:11", "1", "write it in quotes"),
    Fault("text for a list", swap(STUDY, FILE_LIST, '"ratings.csv"'), f"{STUDY}:10:11", "'ratings.csv' is not a list", 'write ["ratings.csv"]'),
    Fault("number for a list", swap(STUDY, FILE_LIST, "3"), f"{STUDY}:10:11", "3", "is not a list"),
    Fault("text for a table", swap(STUDY, '[strategies.reform]\nname = "Reform"', '[strategies]\nreform = "Reform"'), f"{STUDY}:17:10", "'Reform' is not a table", 'write { name = "Reform" }'),
    Fault("empty list", swap(STUDY, SCENARIOS, "[]"), f"{STUDY}:9:13", "[]", "at least 1"),
    Fault("number in a list of files", swap(STUDY, FILE_LIST, '[3, "ratings.csv"]'), f"{STUDY}:10:12", "3", "write it in quotes"),
    Fault("table for a list", swap(STUDY, "[strategies.reform]", "[[strategies.reform]]"), f"{STUDY}:16:1", "[{'name': 'Reform'}]", "is not a table"),
    Fault("date in quotes", swap(STUDY, "as_of = 2026-01-01", 'as_of = "2026-01-01"'), f"{STUDY}:5:9", "'2026-01-01'", QUOTES),
    Fault("date with a time", swap(STUDY, "as_of = 2026-01-01", "as_of = 2026-01-01T08:00:00Z"), f"{STUDY}:5:9", "2026-01-01 08:00", "such as 2026-06-30"),
    Fault("NaN in TOML", swap(TREE, "worst = 40", "worst = nan"), f"{TREE}:20:19", "nan", "finite"),
    Fault("infinity in TOML", swap(TREE, "worst = 40", "worst = -inf"), f"{TREE}:20:19", "-inf", "finite"),
    Fault("text too long", swap(TREE, "How far is", "x" * 30_000), f"{TREE}:26:12", "'xxxx", "20,000 characters"),
)  # fmt: skip

TREE_FAULTS = (
    Fault("scale that rises and falls more than once", swap(TREE, SCALE, "scale = [[40, 0], [50, 1], [60, 0], [95, 1]]"), f"{TREE}:20:9", "0, 1, 0, 1", "rise and fall once"),
    Fault("worths that do not reach 1", swap(TREE, "worth = 1.0", "worth = 0.9"), f"{TREE}:7:1", "0 to 0.9", "must reach 0 and 1"),
    Fault("worth above 1", swap(TREE, "worth = 0.4", "worth = 1.4"), f"{TREE}:9:15", "1.4", "lies in [0, 1]"),
    Fault("worth as a percentage", swap(TREE, "worth = 0.4", "worth = 40"), f"{TREE}:9:15", "with the lower end first: 40", "write 0.4"),
    Fault("range of worth as percentages", swap(TREE, "worth = 0.4", "worth = [40, 50]"), f"{TREE}:9:15", "with the lower end first: [40, 50]", "write [0.4, 0.5]"),
    Fault("range of worth the wrong way round", swap(TREE, "worth = 0.4", "worth = [0.5, 0.4]"), f"{TREE}:9:15", "[0.5, 0.4]", "the lower end first"),
    Fault("scale as two numbers", swap(TREE, SCALE, "scale = [40, 95]"), f"{TREE}:20:9", "[40, 95] is not a list of pairs", "give worst = 40 and best = 95"),
    Fault("scale as a list of numbers", swap(TREE, SCALE, "scale = [40, 0, 95, 1]"), f"{TREE}:20:9", "[40, 0, 95, 1] is not a list of pairs", "[[40, 0], [95, 1]]"),
    Fault("scale without pairs", swap(TREE, SCALE, "scale = []"), f"{TREE}:20:9", "a scale", "at least two levels"),
    Fault("decimal comma in a pair", swap(TREE, SCALE, "scale = [[40,5, 0], [95, 1]]"), f"{TREE}:20:10", "[40, 5, 0] has too many entries: at most 2", "write numbers with a decimal point, not a comma"),
    Fault("worth of three numbers", swap(TREE, "worth = 0.4", "worth = [0.1, 0.2, 0.3]"), f"{TREE}:9:15", "[0.1, 0.2, 0.3]", "at most 2"),
    Fault("level without an anchor", swap(TREE, ', anchor = "absent"', ""), f"{TREE}:8:5", "'anchor'", "is missing"),
    Fault("level with an empty anchor", swap(TREE, '"absent"', '""'), f"{TREE}:8:29", "anchor", "is empty"),
    Fault("level that is a bare worth", swap(TREE, '{ worth = 0.0, anchor = "absent" }', "0.0"), f"{TREE}:8:5", "0.0 is not a table", 'write { worth = 0.0, anchor = "what an observer sees" }'),
    Fault("level named as an absence mark", swap(TREE, "\n0 = {", '\n"?" = {'), f"{TREE}:7:1", "'?'", "absent"),
    Fault("levels not in rising order", swap(TREE, SCALE, "scale = [[95, 0], [40, 1]]"), f"{TREE}:20:9", "levels", "rising order"),
    Fault("level in quotes among numbers", swap(TREE, SCALE, 'scale = [["40", 0], [95, 1]]'), f"{TREE}:20:11", "'40'", QUOTES),
    Fault("scale of one point", swap(TREE, "best = 95", "best = 40"), f"{TREE}:20:9", "40", "must differ"),
    Fault("scale by a name that is none", swap(TREE, '"practice"', '"practise"'), f"{TREE}:28:9", "'practise'", "did you mean 'practice'?"),
    Fault("unknown parent", swap(TREE, 'parent = "results"', 'parent = "result"'), f"{TREE}:16:10", "'result'", "did you mean 'results'?"),
    Fault("its own parent", swap(TREE, 'parent = "results"', 'parent = "people_protected"'), f"{TREE}:16:10", "people_protected > people_protected", "outside it"),
    Fault("cycle", swap(TREE, "[criteria.results]", '[criteria.results]\nparent = "people_protected"'), f"{TREE}:13:10", "results > people_protected > results", "outside it"),
    Fault("leaf that hangs under a leaf", add(TREE, '\n[criteria.more]\nparent = "practice"\nscale = "practice"\n'), f"{TREE}:33:10", "'practice'", "choose another parent"),
    Fault("context as a parent", swap(TREE, 'name = "Results"', 'name = "Results"\nkind = "context"'), f"{TREE}:17:10", "'results'", "choose another parent"),
    Fault("leaf without a scale", swap(TREE, f"{SCALE}\n", ""), f"{TREE}:15:1", "neither children nor a scale", "give it a scale"),
    Fault("criterion with the id of the tree", add(TREE, '\n[criteria.my_tree]\nscale = "practice"\n'), f"{TREE}:32:1", "my_tree", "rename one"),
    Fault("unknown kind", swap(TREE, '"performance"', '"performence"'), f"{TREE}:27:8", "'performence'", "did you mean 'performance'?"),
    Fault("acceptable off the scale", swap(TREE, "acceptable = 60", "acceptable = 30"), f"{TREE}:21:14", "30", "40 to 95"),
    Fault("acceptable in quotes", swap(TREE, "acceptable = 60", 'acceptable = "60"'), f"{TREE}:21:14", "'60'", QUOTES),
    Fault("acceptable between two labels", swap(TREE, 'acceptable = "1"', "acceptable = 1.5"), f"{TREE}:29:14", "'1.5'", "'0', '1', '2'"),
    Fault("good worse than acceptable", swap(TREE, "good = 80", "good = 50"), f"{TREE}:22:8", "50", "swap"),
    Fault("gate on a scale that rises and falls", swap(TREE, SCALE, "scale = [[40, 0], [85, 1], [95, 0]]\ngate = { threshold = 60 }"), f"{TREE}:21:8", "0, 1, 0", "only rises or only falls"),
    Fault("gate at an unknown level", swap(TREE, 'good = "2"', 'good = "2"\ngate = { threshold = "3" }'), f"{TREE}:31:22", "'3'", "'0', '1', '2'"),
    Fault("gate as a bare number", swap(TREE, "good = 80", "good = 80\ngate = 50"), f"{TREE}:23:8", "50 is not a table", "write { threshold = 50 }"),
    Fault("gate as true", swap(TREE, "good = 80", "good = 80\ngate = true"), f"{TREE}:23:8", "true", "is not a table"),
    Fault("gate on a group", swap(TREE, 'name = "Results"', 'name = "Results"\ngate = { threshold = 3 }'), f"{TREE}:14:8", "'results'", "set it on a leaf"),
    Fault("unknown rule", swap(TREE, 'name = "Results"', f'{RULE}"weighted_sums"'), f"{TREE}:14:8", "'weighted_sums'", "did you mean 'weighted_sum'?"),
    Fault("rule of one's own that is not supplied", swap(TREE, 'version = "1"', 'version = "1"\nrule = "mine"'), f"{TREE}:6:8", "'mine'", "rules={'mine': f}"),
    Fault("rule without its parameter", swap(TREE, 'name = "Results"', f'{RULE}"power_mean"'), f"{TREE}:14:8", "'exponent'", "exponent = ..."),
    Fault("rule with an unknown parameter", swap(TREE, 'name = "Results"', f'{RULE}{{ name = "power_mean", exponnent = 1 }}'), f"{TREE}:14:43", "'exponnent'", "did you mean 'exponent'?"),
    Fault("text as a parameter", swap(TREE, 'name = "Results"', f'{RULE}{{ name = "power_mean", exponent = "1" }}'), f"{TREE}:14:42", "'1' is not a number", QUOTES),
    Fault("true as a parameter", swap(TREE, 'name = "Results"', f'{RULE}{{ name = "power_mean", exponent = true }}'), f"{TREE}:14:42", "true", "is not a number"),
    Fault("lowest exponent", swap(TREE, 'name = "Results"', f'{RULE}{{ name = "power_mean", exponent = -inf }}'), f"{TREE}:14:42", "-inf is not a finite number", 'the rule "weakest_link" is that limit'),
    Fault("highest exponent", swap(TREE, 'name = "Results"', f'{RULE}{{ name = "power_mean", exponent = inf }}'), f"{TREE}:14:42", "inf is not a finite number", "write a large one: 100"),
    Fault("rule without a name", swap(TREE, 'name = "Results"', f"{RULE}{{ exponent = 1 }}"), f"{TREE}:14:8", "'name'", "is missing"),
    Fault("rule of a leaf", swap(TREE, "good = 80", 'good = 80\nrule = "weighted_sum"'), f"{TREE}:23:8", "weighted_sum", "with children"),
    Fault("overlap with nothing", swap(TREE, "good = 80", 'good = 80\noverlaps = { practise = "some" }'), f"{TREE}:23:25", "'practise'", "did you mean 'practice'?"),
    Fault("unknown actor", both(swap(TREE, "good = 80", 'good = 80\nactors = ["mission"]'), add(STUDY, "[actors.misson]\n")), f"{TREE}:23:10", "'mission'", "did you mean 'misson'?"),
)  # fmt: skip

SCENARIO_FAULTS = (
    Fault("negative weight", judge("-50"), f"{SCENARIO}:11:42", "-50", "cannot be negative"),
    Fault("NaN as a weight", judge("nan"), f"{SCENARIO}:11:42", "nan", "finite"),
    Fault("weight in quotes", judge('"50"'), f"{SCENARIO}:11:42", "'50' is not a number or a list", QUOTES),
    Fault("range the wrong way round", judge("[60, 40]"), f"{SCENARIO}:11:42", "60 is above 40", "[low, high]"),
    Fault("range of one number", judge("[60]"), f"{SCENARIO}:11:42", "entry", "is missing"),
    Fault("all-zero weights", swap(SCENARIO, "{ results = 100, practice = 50 }", "{ results = 0, practice = 0 }"), f"{SCENARIO}:11:14", "results = 0", "above 0"),
    Fault("missing judgement", swap(SCENARIO, ", practice = 50", ""), f"{SCENARIO}:11:14", "'practice'", "judge every child"),
    Fault("judgement of an unknown child", swap(SCENARIO, "practice = 50", "practise = 50"), f"{SCENARIO}:11:42", "'practise'", "did you mean 'practice'?"),
    Fault("weights of an unknown node", swap(SCENARIO, "[weights.my_tree]", "[weights.my_tee]"), f"{SCENARIO}:7:1", "'my_tee'", "did you mean 'my_tree'?"),
    Fault("weights of a leaf", swap(SCENARIO, "[weights.my_tree]", "[weights.practice]"), f"{SCENARIO}:7:1", "'practice' has no children", "'my_tree'"),
    Fault("stale weights", swap(SCENARIO, 'against = "1"', 'against = "0"'), f"{SCENARIO}:10:11", "'0'", "elicit again"),
    Fault("weights made before a scale changed", swap(SCENARIO, "34446a350336", "0123456789ab"), f"{SCENARIO}:12:10", "'0123456789ab'", "elicit again"),
    Fault("mark of scales that is none", swap(SCENARIO, "34446a350336", "0123"), f"{SCENARIO}:12:10", "'0123'", "12 to 64 of the digits"),
    Fault("unknown method", swap(SCENARIO, '"swing"', '"swinng"'), f"{SCENARIO}:8:10", "'swinng'", "did you mean 'swing'?"),
    Fault("method with a parameter", swap(SCENARIO, '"swing"', '{ name = "swing", most = 1 }'), f"{SCENARIO}:8:35", "'most'", "takes none"),
    Fault("swing without 100", swap(SCENARIO, "results = 100", "results = 90"), f"{SCENARIO}:11:14", "90", "must be 100"),
    Fault("missing tree of a scenario", swap(SCENARIO, 'tree = "my_tree"\n', ""), f"{SCENARIO}:1:1", "'tree'", "is missing"),
    Fault("scenario for another tree", swap(SCENARIO, 'tree = "my_tree"', 'tree = "my_tre"'), f"{SCENARIO}:5:8", "'my_tre'", "did you mean 'my_tree'?"),
    Fault("scenario all of another tree", swap(SCENARIO, "my_tree", "their_tree", 9), f"{SCENARIO}:5:8", "was written for tree 'their_tree'", "list scenarios for 'my_tree'"),
    Fault("unknown kind of scenario", swap(SCENARIO, 'tree = "my_tree"', 'tree = "my_tree"\nkind = ["world", "perspectiv"]'), f"{SCENARIO}:6:18", "'perspectiv'", "did you mean 'perspective'?"),
    Fault("likelihood in words of one's own", swap(SCENARIO, 'tree = "my_tree"', 'tree = "my_tree"\nlikelihood = "almost sure"'), f"{SCENARIO}:6:14", "'almost sure'", "did you mean 'almost certain'?"),
    Fault("weights from an unknown scenario", weights_from("other"), f"{SCENARIO}:6:16", "'other'", "none to choose from"),
    Fault("weights from itself", weights_from("my_scenario"), f"{SCENARIO}:6:16", "'my_scenario'", "that has them"),
    Fault("weights of its own and from another", swap(SCENARIO, 'tree = "my_tree"', 'tree = "my_tree"\nweights_from = "my_scenario"'), f"{SCENARIO}:6:16", "'my_scenario'", "remove one"),
    Fault("unknown criterion not applicable", swap(SCENARIO, 'tree = "my_tree"', 'tree = "my_tree"\nnot_applicable = { practise = "no" }'), f"{SCENARIO}:6:31", "'practise'", "did you mean 'practice'?"),
    Fault("not applicable without a reason", swap(SCENARIO, 'tree = "my_tree"', 'tree = "my_tree"\nnot_applicable = { practice = "" }'), f"{SCENARIO}:6:31", "not_applicable.practice", "is empty"),
)  # fmt: skip

STUDY_FAULTS = (
    Fault("two baselines", swap(STUDY, 'name = "Reform"', 'name = "Reform"\nbaseline = true'), f"{STUDY}:18:12", "continue_as_now, reform", "leave out"),
    Fault("negative weight of an analyst", swap(STUDY, 'role = "analyst"', "weight = -1"), f"{STUDY}:20:10", "-1", "below 0"),
    Fault("no analyst has a weight", both(swap(STUDY, 'role = "analyst"', "weight = 0"), swap(STUDY, 'role = "outsider"', "weight = 0")), f"{STUDY}:19:1", "are 0", "above 0"),
    Fault("no strategies", swap(STUDY, '[strategies.continue_as_now]\nname = "Continue as now"\nbaseline = true\n\n[strategies.reform]\nname = "Reform"\n', "[strategies]\n"), f"{STUDY}:12:1", "strategies", "[strategies.ID]"),
    Fault("no file of ratings by that name", swap(STUDY, FILE_LIST, '[""]'), f"{STUDY}:10:12", "''", "'ratings.csv'"),
    Fault("unknown way to weigh analysts", add(STUDY, '[method]\nanalyst_weights = "performence"\n'), f"{STUDY}:27:19", "'performence'", "did you mean 'performance'?"),
    Fault("weights by performance without seed questions", add(STUDY, '[method]\nanalyst_weights = "performance"\n'), f"{STUDY}:27:19", "'performance'", "[seed_questions.ID]"),
    Fault("analyst without answers", both(add(STUDY, SEEDS), add(STUDY, '[method]\nanalyst_weights = "performance"\n')), f"{STUDY}:23:1", "second answered no seed question", "[analysts.second.answers]"),
    Fault("seed question that nobody answered", both(add(STUDY, SEEDS), add(STUDY, '[analysts.second.answers]\npatrols = [1, 2, 3]\n[seed_questions.more]\nanswer = 1\n[method]\nanalyst_weights = "performance"\n')), f"{STUDY}:32:1", "no analyst has answered it", "leave it out"),
    Fault("seed question without its answer", both(add(STUDY, SEEDS), swap(STUDY, "answer = 412\n", "")), f"{STUDY}:26:1", "'answer'", "is missing"),
    Fault("unknown background", both(add(STUDY, SEEDS), swap(STUDY, "answer = 412", 'answer = 412\nbackground = "log"')), f"{STUDY}:28:14", "'log'", "choose from 'uniform', 'log-uniform'"),
    Fault("answer not above 0 on a log-uniform background", both(add(STUDY, SEEDS), swap(STUDY, "answer = 412", 'answer = 0\nbackground = "log-uniform"')), f"{STUDY}:27:10", "answer 0 is not above 0", "uniform"),
    Fault("quantile not above 0 on a log-uniform background", both(add(STUDY, SEEDS), swap(STUDY, "answer = 412", 'answer = 412\nbackground = "log-uniform"'), swap(STUDY, "[300,", "[-5,")), f"{STUDY}:30:11", "[-5, 400, 600]", "smallest value"),
    Fault("quantiles that do not rise", both(add(STUDY, SEEDS), swap(STUDY, "[300, 400", "[400, 300")), f"{STUDY}:29:11", "[400, 300, 600] does not rise", "0.05, 0.5, 0.95"),
    Fault("too few quantiles", both(add(STUDY, SEEDS), swap(STUDY, "[300, 400, 600]", "[300, 600]")), f"{STUDY}:29:11", "[300, 600]", "each of 3 levels"),
    Fault("quantile in quotes", both(add(STUDY, SEEDS), swap(STUDY, "[300,", '["300",')), f"{STUDY}:29:12", "'300' is not a number", QUOTES),
    Fault("answer to an unknown question", both(add(STUDY, SEEDS), swap(STUDY, "\npatrols =", "\npatrol =")), f"{STUDY}:29:10", "'patrol'", "did you mean 'patrols'?"),
    Fault("levels that do not rise", add(STUDY, "[method.performance]\nlevels = [0.5, 0.05, 0.95]\n"), f"{STUDY}:27:10", "levels 0.5, 0.05, 0.95", "rise"),
    Fault("level above 1", add(STUDY, "[method.performance]\nlevels = [0.05, 0.5, 95]\n"), f"{STUDY}:27:22", "95", "write 0.95"),
    Fault("cut-off above 1", add(STUDY, "[method.performance]\ncut_off = 1.5\n"), f"{STUDY}:27:11", "1.5", "above 1"),
    Fault("cut-off in words of one's own", add(STUDY, '[method.performance]\ncut_off = "optimized"\n'), f"{STUDY}:27:11", "'optimized'", "did you mean 'optimised'?"),
    Fault("no overshoot", add(STUDY, "[method.performance]\novershoot = 0\n"), f"{STUDY}:27:13", "an overshoot is a share above 0", "0.1"),
    Fault("unknown pooling", add(STUDY, '[method]\npooling = "meen"\n'), f"{STUDY}:27:11", "'meen'", "did you mean 'mean'?"),
    Fault("unknown parameter of pooling", add(STUDY, '[method]\npooling = { name = "trimmed_mean", shar = 0.2 }\n'), f"{STUDY}:27:43", "'shar'", "did you mean 'share'?"),
    Fault("parameter that pooling refuses", add(STUDY, '[method]\npooling = { name = "trimmed_mean", share = 0.9 }\n'), f"{STUDY}:27:11", "0.9", "[0, 0.5)"),
    Fault("half-widths that do not rise", add(STUDY, "[method]\nhalf_widths = { high = 30 }\n"), f"{STUDY}:27:15", "30, 12, 20", "from high to low"),
    Fault("coverage floor above 1", add(STUDY, "[method]\ncoverage_floor = 1.5\n"), f"{STUDY}:27:18", "1.5", "above 1"),
    Fault("coverage floor as a percentage", add(STUDY, "[method]\ncoverage_floor = 60\n"), f"{STUDY}:27:18", "60 is above 1", "write 0.6"),
    Fault("hash of an excerpt that is none", add(STUDY, '[sources.count]\ntitle = "A count"\nsha256 = "12ab"\n'), f"{STUDY}:28:10", "'12ab' is no SHA-256", "write 64 of the digits"),
    Fault("link that is none", add(STUDY, '[sources.count]\ntitle = "A count"\nlink = "ftp://example.org/count"\n'), f"{STUDY}:28:8", "'ftp://example.org/count' is not a link", "begins with https://"),
    Fault("source without a title", add(STUDY, '[sources.count]\npublisher = "An office"\n'), f"{STUDY}:26:1", "'title'", "is missing"),
    Fault("source with an empty title", add(STUDY, '[sources.count]\ntitle = ""\n'), f"{STUDY}:27:9", "title", "is empty"),
    Fault("unknown grade of a source", add(STUDY, '[sources.count]\ntitle = "A count"\ngrade = "B7"\n'), f"{STUDY}:28:9", "'B7' is not allowed here", "A to F, then 1 to 6"),
    Fault("unknown key of a source", add(STUDY, '[sources.count]\ntitle = "A count"\nvintge = "v1"\n'), f"{STUDY}:28:10", "'vintge'", "did you mean 'vintage'?"),
    Fault("negative age of stale evidence", add(STUDY, "[method.evidence]\nstale_after_days = -1\n"), f"{STUDY}:27:20", "-1", "below 0"),
    Fault("age of stale evidence with decimals", add(STUDY, "[method.evidence]\nstale_after_days = 1.5\n"), f"{STUDY}:27:20", "1.5", "is not a number"),
    Fault("unknown confidence of stale evidence", add(STUDY, '[method.evidence]\nstale = "none"\n'), f"{STUDY}:27:9", "'none'", "choose from 'high', 'moderate', 'low'"),
    Fault("unknown grade in the table of evidence", add(STUDY, '[method.evidence]\nmoderate = ["A3", "B9"]\n'), f"{STUDY}:27:19", "'B9' is not allowed here", "A to F, then 1 to 6"),
    Fault("grade twice in the table of evidence", add(STUDY, '[method.evidence]\nmoderate = ["A3", "B1"]\n'), f"{STUDY}:27:19", "'B1' is listed twice", "list each grade once"),
    Fault("table of evidence in which a better grade allows less", add(STUDY, '[method.evidence]\nhigh = ["A1", "A2", "B2"]\nmoderate = ["B1"]\n'), f"{STUDY}:27:21", "'B2' allows high confidence, and 'B1' not", "list the better grades too"),
    Fault("actor that ended before it began", add(STUDY, "[actors.un]\nvalid_from = 2024-01-01\nvalid_to = 2023-01-01\n"), f"{STUDY}:28:12", "2024-01-01", "swap the two dates"),
    Fault("../ in a path", swap(STUDY, TREE_PATH, '"../my_tree.toml"'), f"{STUDY}:8:8", "'../my_tree.toml'", "copy the file"),
    Fault("absolute path", swap(STUDY, TREE_PATH, '"/etc/passwd"'), f"{STUDY}:8:8", "'/etc/passwd'", "copy the file"),
    Fault("../ in a pattern", swap(STUDY, FILE_LIST, '["../*.csv"]'), f"{STUDY}:10:12", "'../*.csv'", "copy the files"),
    Fault("absolute pattern", swap(STUDY, FILE_LIST, '["/etc/*.csv"]'), f"{STUDY}:10:12", "'/etc/*.csv'", "copy the files"),
    Fault("link out of the folder", both(lambda folder: (folder / "link.csv").symlink_to("/etc/passwd"), swap(STUDY, FILE_LIST, '["ratings.csv", "link.csv"]')), f"{STUDY}:10:27", "'link.csv'", "copy the file"),
    Fault("pattern through a link out of the folder", both(lambda folder: (folder / "out").symlink_to("/etc"), swap(STUDY, FILE_LIST, '["ratings.csv", "out/*"]')), f"{STUDY}:10:27", "'out/*' leads out of the study's folder", "copy the files"),
    Fault("pattern through any link out of the folder", both(lambda folder: (folder / "out").symlink_to("/etc"), swap(STUDY, FILE_LIST, '["ratings.csv", "o*t/*"]')), f"{STUDY}:10:27", "'o*t/*' leads out of the study's folder", "copy the files"),
    Fault("nothing behind a link out of the folder", both(lambda folder: (folder / "out").symlink_to("/etc"), swap(STUDY, FILE_LIST, '["ratings.csv", "out/none.csv"]')), f"{STUDY}:10:27", "'out/none.csv' leads out of the study's folder", "copy the files"),
    Fault("pipe in place of ratings", both(lambda folder: (folder / RATINGS).unlink(), lambda folder: mkfifo(folder / RATINGS)), f"{STUDY}:10:12", "'ratings.csv' is not an ordinary file", "save a copy"),
    Fault("pipe in place of a tree", both(lambda folder: (folder / TREE).unlink(), lambda folder: mkfifo(folder / TREE)), f"{STUDY}:8:8", "'criteria/my_tree.toml' is not an ordinary file", "save a copy"),
    Fault("packaged tree, nearly", swap(STUDY, TREE_PATH, '"defence_stratgy"'), f"{STUDY}:8:8", "'defence_stratgy'", "did you mean 'defence_strategy'?"),
    Fault("file of a tree, nearly", swap(STUDY, TREE_PATH, '"criteria/my_tre.toml"'), f"{STUDY}:8:8", "'criteria/my_tre.toml'", "did you mean 'criteria/my_tree.toml'?"),
    Fault("file of a scenario, nearly", swap(STUDY, SCENARIOS, '["scenarios/my_scenario.toml", "scenarios/my_scenari.toml"]'), f"{STUDY}:9:44", "'scenarios/my_scenari.toml'", "did you mean"),
    Fault("file of ratings, nearly", swap(STUDY, FILE_LIST, '["rating.csv"]'), f"{STUDY}:10:12", "'rating.csv'", "did you mean 'ratings.csv'?"),
    Fault("folder in place of ratings", swap(STUDY, FILE_LIST, '["criteria"]'), f"{STUDY}:10:12", "'criteria'", "'ratings.csv'"),
    Fault("pattern that is none", swap(STUDY, FILE_LIST, '["**x/*.csv"]'), f"{STUDY}:10:12", "'**x/*.csv'", "'ratings.csv'"),
    Fault("the folder itself as ratings", swap(STUDY, FILE_LIST, '["."]'), f"{STUDY}:10:12", "'.'", "'ratings.csv'"),
    Fault("NUL in a path", swap(STUDY, TREE_PATH, '"criteria/\\u0000.toml"'), f"{STUDY}:8:8", r"'criteria/\x00.toml'", "did you mean 'criteria/my_tree.toml'?"),
    Fault("name of a file that is too long", swap(STUDY, TREE_PATH, f'"criteria/{"x" * 5000}.toml"'), f"{STUDY}:8:8", "'criteria/xxx", "'criteria/my_tree.toml'"),
    Fault("escape code in a path", swap(STUDY, TREE_PATH, '"criteria/\\u001b[31m.toml"'), f"{STUDY}:8:8", r"'criteria/\x1b[31m.toml'", "did you mean 'criteria/my_tree.toml'?"),
    Fault("ratings listed twice", swap(STUDY, FILE_LIST, '["ratings.csv", "*.csv"]'), f"{STUDY}:10:27", "'ratings.csv'", "once"),
    Fault("scenario listed twice", swap(STUDY, SCENARIOS, '["scenarios/my_scenario.toml", "scenarios/my_scenario.toml"]'), f"{STUDY}:9:44", "listed twice", "one of the two"),
    Fault("two scenarios of one id", both(lambda folder: (folder / "scenarios/b.toml").write_bytes((folder / SCENARIO).read_bytes()), swap(STUDY, SCENARIOS, '["scenarios/my_scenario.toml", "scenarios/b.toml"]')), "scenarios/b.toml:3:6", "'my_scenario'", f"at {SCENARIO}:3:6"),
)  # fmt: skip

RATING_FAULTS = (
    *(Fault(f"rating {text!r}", rate(text), f"{RATINGS}:7:rating", text, "40 to 95") for text in ("nan", "NaN", "inf", "-Infinity", "1_000", "1 000", "0x3E", "62%", "true", "6.2.1", "62;", "62e400")),
    Fault("rating off the scale", rate("120"), f"{RATINGS}:7:rating", "'120' is off the scale", "40 to 95"),
    Fault("decimal comma in quotes", rate('"6,2"'), f"{RATINGS}:7:rating", "'6,2'", "decimal point, not a comma"),
    Fault("decimal comma", rate("6,2"), f"{RATINGS}:7", "14 cells", "decimal point"),
    Fault("escape code in a level", rate("\x1b[31m62"), f"{RATINGS}:7:rating", r"'\x1b[31m62'", "40 to 95"),
    Fault("empty rating", rate(""), f"{RATINGS}:7:rating", "is empty", "? for unknown"),
    *(Fault(f"level {text!r} of an ordinal scale", swap(RATINGS, "second,reform,,practice,?", f"second,reform,,practice,{text}"), f"{RATINGS}:8:rating", repr(text), "'0', '1', '2'") for text in ("1.5", "3", "nan", "NA", "unknown")),
    Fault("whole number of an ordinal scale with decimals", swap(RATINGS, "second,reform,,practice,?", "second,reform,,practice,2.0"), f"{RATINGS}:8:rating", "'2.0'", "did you mean '2'?"),
    Fault("percentage in place of a number", rate("55%"), f"{RATINGS}:7:rating", "'55%' is not a number", "write 55 without %; the scale runs from 40 to 95"),
    Fault("undeclared analyst", add_row("third,reform,,people_protected,62"), f"{RATINGS}:9:analyst", "'third'", "'first', 'second'"),
    Fault("unknown analyst", swap(RATINGS, ROW_7, ROW_7.replace("second", "secnd")), f"{RATINGS}:7:analyst", "'secnd'", "did you mean 'second'?"),
    Fault("escape code in an id", swap(RATINGS, ROW_7, ROW_7.replace("second", "sec\x1b[31mond")), f"{RATINGS}:7:analyst", r"'sec\x1b[31mond'", "did you mean 'second'?"),
    Fault("space inside an id", swap(RATINGS, ROW_7, ROW_7.replace("second", "sec ond")), f"{RATINGS}:7:analyst", "'sec ond'", "did you mean 'second'?"),
    Fault("unknown strategy", swap(RATINGS, ROW_7, ROW_7.replace("reform", "reforms")), f"{RATINGS}:7:strategy", "'reforms'", "did you mean 'reform'?"),
    Fault("empty strategy", swap(RATINGS, ROW_7, ROW_7.replace("reform", "")), f"{RATINGS}:7:strategy", "is empty", "name a strategy"),
    Fault("unknown scenario", swap(RATINGS, ROW_7, ROW_7.replace(",,people", ",my_scenaro,people")), f"{RATINGS}:7:scenario", "'my_scenaro'", "did you mean 'my_scenario'?"),
    Fault("rating of a perspective", swap(RATINGS, ROW_7, ROW_7.replace(",,people", ",my_scenario,people")), f"{RATINGS}:7:scenario", "'my_scenario'", "leave the scenario empty"),
    Fault("unknown criterion", swap(RATINGS, "second,reform,,practice,?", "second,reform,,practise,much"), f"{RATINGS}:8:criterion", "'practise'", "did you mean 'practice'?"),
    Fault("whole tree rated", swap(RATINGS, ROW_7, ROW_7.replace("people_protected", "my_tree")), f"{RATINGS}:7:criterion", "'my_tree' is the whole tree", "results, practice"),
    Fault("n/a of a group as a whole", add_row("second,reform,,results,n/a"), f"{RATINGS}:9:rating", "'n/a' is not said of a group", "each criterion below"),
    Fault("level of a group off the value points", add_row("second,reform,,results,120"), f"{RATINGS}:9:rating", "'120' is off the scale", "from 0 to 100"),
    Fault("round that is none", add_round("second,reform,,results,50,two"), f"{RATINGS}:9:round", "'two' is not a round", "write 1 to 9"),
    Fault("round beyond the ninth", add_round("second,reform,,results,50,10"), f"{RATINGS}:9:round", "'10' is not a round", "write 1 to 9"),
    Fault("cell rated twice in one later round", add_round("second,reform,,practice,1,2", "second,reform,,practice,2,2"), f"{RATINGS}:10:rating", "second reform practice is already rated", "keep one of the two"),
    Fault("cell rated twice in a round that is past", both(add_round("second,reform,,practice,1,1", "second,reform,,practice,2,2")), f"{RATINGS}:9:rating", "second reform practice is already rated", "keep one of the two"),
    Fault("level off the scale in a round that is past", both(rate("300"), add_round("second,reform,,people_protected,62,2")), f"{RATINGS}:7:rating", "'300' is off the scale", "from 40 to 95"),
    Fault("nobody pooled", both(*(swap(STUDY, f"[analysts.{key}]", f"[analysts.{key}]\npooled = false") for key in ("first", "second"))), f"{STUDY}:19:1", "nobody is pooled", "leave out pooled = false"),
    Fault("low above high", swap(RATINGS, "70,55,80", "70,80,55"), f"{RATINGS}:4:low", "low is 80, rating is 70, high is 55", "rising order"),
    Fault("low above the rating", swap(RATINGS, "70,55,80", "70,75,80"), f"{RATINGS}:4:low", "low is 75", "rising order"),
    Fault("high below the rating", swap(RATINGS, "70,55,80", "70,55,65"), f"{RATINGS}:4:high", "high is 65", "rising order"),
    Fault("absence mark as low", swap(RATINGS, "70,55,80", "70,?,80"), f"{RATINGS}:4:low", "'?'", "leave both ends empty"),
    Fault("word as the level of context", both(add(TREE, '[criteria.spending]\nkind = "context"\n'), add_row("first,reform,,spending,much")), f"{RATINGS}:9:rating", "'much' is not a number", "decimal point"),
    Fault("low alone", swap(RATINGS, "70,55,80", "70,55,"), f"{RATINGS}:4:low", "high is empty", "or neither"),
    Fault("high alone", swap(RATINGS, "70,55,80", "70,,80"), f"{RATINGS}:4:high", "low is empty", "or neither"),
    Fault("low off the scale", swap(RATINGS, "70,55,80", "70,5,80"), f"{RATINGS}:4:low", "'5'", "40 to 95"),
    Fault("low of an absent rating", swap(RATINGS, "practice,?,,", "practice,?,1,2"), f"{RATINGS}:8:low", "rating is ?", "absent"),
    Fault("duplicate rating", add_row("first,reform,,practice,2"), f"{RATINGS}:9:rating", f"first reform practice is already rated at {RATINGS}:5", "keep one"),
    Fault("duplicate rating in another file", both(write("more.csv", b"analyst,strategy,criterion,rating\nfirst,reform,practice,2\n"), swap(STUDY, FILE_LIST, '["ratings.csv", "more.csv"]')), "more.csv:2:rating", f"already rated at {RATINGS}:5", "keep one"),
    Fault("n/a for one strategy alone", both(swap(RATINGS, "first,reform,,practice,2", "first,reform,,practice,n/a"), swap(RATINGS, "practice,?", "practice,n/a")), f"{RATINGS}:5:rating", "continue_as_now", "write ?"),
    Fault("n/a beside a level", both(swap(RATINGS, "continue_as_now,,practice,1", "continue_as_now,,practice,n/a"), swap(RATINGS, "practice,?", "practice,n/a")), f"{RATINGS}:5:rating", "'practice' has a level", "agree"),
    Fault("n/a without a rationale", both(swap(RATINGS, "practice,1,,,low,,illustrative,made up", "practice,n/a,,,low,,illustrative,made up"), swap(RATINGS, "practice,2,,,moderate,B2,illustrative,made up", "practice,n/a,,,moderate,B2,illustrative,")), f"{RATINGS}:5:rationale", "n/a", "why it does not apply"),
    Fault("level for an ended actor", both(swap(TREE, 'good = "2"', 'good = "2"\nactors = ["mission"]'), add(STUDY, "[actors.mission]\nvalid_to = 2023-12-31\n")), f"{RATINGS}:3:rating", "mission ended 2023-12-31", "leave the row out"),
    Fault("level where the scenario says not applicable", both(swap(SCENARIO, 'tree = "my_tree"', 'tree = "my_tree"\nkind = "world"\nnot_applicable = { practice = "no" }'), swap(RATINGS, "first,reform,,practice", "first,reform,my_scenario,practice")), f"{RATINGS}:5:rating", "'practice' is not applicable (no)", "leave the row out"),
    Fault("unknown confidence", swap(RATINGS, "62,,,low", "62,,,lo"), f"{RATINGS}:7:confidence", "'lo'", "did you mean 'low'?"),
    Fault("unknown grade", swap(RATINGS, "moderate,C3", "moderate,C7"), f"{RATINGS}:4:grade", "'C7'", "A to F, then 1 to 6"),
    Fault("date of another land", swap(RATINGS, "2026-01-01", "01/02/2026"), f"{RATINGS}:2:date", "'01/02/2026'", "2026-06-30"),
    Fault("date by week", swap(RATINGS, "2026-01-01", "2026-W01-1"), f"{RATINGS}:2:date", "'2026-W01-1'", "2026-06-30"),
    Fault("unknown basis", swap(RATINGS, "2026-01-01,illustrative", "2026-01-01,mesured"), f"{RATINGS}:2:basis", "'mesured'", "did you mean 'measured'?"),
    Fault("rationale too long", swap(RATINGS, "made up", "x" * 20_001), f"{RATINGS}:2:rationale", "20,001", "at most 20,000"),
)  # fmt: skip

CSV_FAULTS = (
    Fault("missing column", swap(RATINGS, ",rating,", ",vintage,"), f"{RATINGS}:1", "'rating'", "required are analyst"),
    Fault("unknown column, nearly", swap(RATINGS, "confidence", "confidense"), f"{RATINGS}:1:confidense", "'confidense'", "did you mean 'confidence'?"),
    Fault("column in capitals", swap(RATINGS, "analyst,", "Analyst,"), f"{RATINGS}:1:Analyst", "'Analyst'", "did you mean 'analyst'?"),
    Fault("column twice", swap(RATINGS, "low,high", "low,low"), f"{RATINGS}:1:low", "'low' stands twice", "keep one"),
    Fault("column whose name is digits that int refuses", swap(RATINGS, "low,high", "low,high,²"), f"{RATINGS}:1:²", "'²'", "choose from"),
    Fault("empty file", write(RATINGS, b""), RATINGS, "is empty", "analyst, strategy, criterion, rating"),
    Fault("file without a header", write(RATINGS, b"\nfirst,reform,practice,1\n"), f"{RATINGS}:1", "first row is empty", "names columns"),
    Fault("semicolons", swap(RATINGS, ",", ";", 999), f"{RATINGS}:1", "semicolons", "save as CSV with commas"),
    Fault("tabs", swap(RATINGS, ",", "\t", 999), f"{RATINGS}:1", "tabs", "save as CSV with commas"),
    Fault("wrong encoding of ratings", recode(RATINGS, "latin-1"), f"{RATINGS}:1:97", "0xe9", "UTF-8"),
    Fault("wrong encoding of a tree", recode(TREE, "latin-1"), f"{TREE}:1:37", "0xe9", "UTF-8"),
    Fault("UTF-16", recode(RATINGS, "utf-16"), f"{RATINGS}:1:1", "UTF-16", "save it as UTF-8"),
    Fault("NUL", swap(RATINGS, "made up", "made\0up"), f"{RATINGS}:2:79", "0x00", "UTF-8"),
    Fault("workbook in place of CSV", write(RATINGS, b"PK\x03\x04\x14\x00\x06\x00"), f"{RATINGS}:1:6", "0x00", "CSV UTF-8"),
    Fault("more cells than columns", swap(RATINGS, ROW_7, ROW_7.replace("made up", "made, up")), f"{RATINGS}:7", "14 cells", "quote a cell that holds a comma"),
    Fault("fewer cells than columns", swap(RATINGS, ROW_7, ROW_7.replace("62,,,low", "62,low")), f"{RATINGS}:7", "11 cells in a row of a table with 13 columns: 'second,reform,,people", "write every comma; empty cells are fine"),
    Fault("last comma left out", swap(RATINGS, ROW_7, ROW_7.removesuffix(",illustrative")), f"{RATINGS}:7", "12 cells", "write every comma"),
    Fault("fewer cells after a comma in quotes", both(swap(RATINGS, "made up", '"made, up"'), swap(RATINGS, ROW_7, "second,reform,,people_protected,62")), f"{RATINGS}:7", "5 cells", "write every comma"),
    Fault("more cells than columns in the first row", swap(RATINGS, "made up", "made, up"), f"{RATINGS}:2", "14 cells", "quote a cell that holds a comma"),
    Fault("quote never closed", swap(RATINGS, ROW_7, ROW_7.replace("made up", '"made up')), f"{RATINGS}:7:rationale", '"made up', "close it"),
    Fault("quote closed rows later", both(swap(RATINGS, "made up", '"made up'), swap(RATINGS, ROW_7, ROW_7.replace("made up", '"made up"'))), f"{RATINGS}:2:rationale", '"made up', "close it"),
    Fault("text after a quote", swap(RATINGS, "made up", '"made" up'), f"{RATINGS}:2:rationale", '"made" up', "close it"),
    Fault("fault after empty rows", both(swap(RATINGS, "first,reform,,people", "\n,,,,\n   \nfirst,reform,,people"), rate("120")), f"{RATINGS}:10:rating", "'120'", "40 to 95"),
    Fault("fault after a cell of several lines", both(swap(RATINGS, "made up", '"made\n\nup, quite"'), rate("120")), f"{RATINGS}:7:rating", "'120'", "40 to 95"),
    Fault("more cells after a cell of several lines", both(swap(RATINGS, "made up", '"made\nup"'), swap(RATINGS, ROW_7, f"{ROW_7},x")), f"{RATINGS}:7", "14 cells", "quote a cell"),
)  # fmt: skip

FAULTS = (
    *TOML_FAULTS, *TREE_FAULTS, *SCENARIO_FAULTS, *STUDY_FAULTS, *RATING_FAULTS, *CSV_FAULTS,
)  # fmt: skip
