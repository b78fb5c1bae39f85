"""The sheets of a study's workbook: their columns, what stands in each, and where it goes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from assess import aggregation, pooling, weighting
from assess.model import BASES, CONFIDENCES, GRADES
from assess.model.scenarios import Likelihood
from assess.model.seeds import AnalystWeights, Background
from assess.weight_bounds import METHODS

Kind = Literal[
    "id", "reference", "references", "labels", "text", "choice", "number", "numbers", "level",
    "date", "pairs", "list",
]  # fmt: skip
Keys = tuple[str, ...]
YES, NONE = "yes", "none"


@dataclass(frozen=True)
class Column:
    """One column of a sheet, or one row of the sheet Study.

    Attributes:
        name: as the header has it.
        kind: how a cell is read: ids are trimmed, texts are kept to the letter; "labels" and
            "references" are several with commas between; "level" is a number or a label, as the
            scale has it; "pairs" are arguments such as `exponent = -1`; "list" is one as a file of
            the study writes it.
        about: what to write, shown beside the cell.
        key: the way to the value in the table of its file.
        choices: the only words that may stand there; of a number, words in its place.
        of: what its ids are ids of.
        means: what the word yes says, where that is the only choice.
        width: of the column, in characters.
    """

    name: str
    kind: Kind
    about: str
    key: Keys = ()
    choices: tuple[str, ...] = ()
    of: str = ""
    means: bool = True
    width: int = 18


def _id(of: str) -> Column:
    about = (
        f"Short name of the {of} for other sheets: lower-case letters, digits, underscores. If "
        "empty, it is made of the name."
    )
    return Column("id", "id", about, ("id",), of=of, width=26)


def _text(name: str, about: str, *key: str, width: int = 40) -> Column:
    return Column(name, "text", about, key or (name,), width=width)


def _choice(name: str, about: str, choices: tuple[str, ...], *key: str) -> Column:
    return Column(name, "choice", about, key or (name,), choices)


def _settings(of: str, *key: str) -> Column:
    about = f"Arguments of the {of}, if it takes any: exponent = -1."
    return Column(f"{of} settings", "pairs", about, key or (of,), width=22)


def _number(name: str, about: str, *key: str) -> Column:
    return Column(name, "number", about, key or (name,), width=12)


def _name(of: str) -> Column:
    return _text("name", f"What reports call the {of}.", width=30)


_BEYOND = _choice(
    "beyond",
    "What to do with a level off the scale: refuse it (also if empty), or let it take the worth of "
    "the end (saturate).",
    ("refuse", "saturate"),
    "scale",
    "beyond",
)
_SCENARIO = Column("scenario", "reference", "Which scenario: its id or name.", of="scenario")

STUDY_SHEET = "Study"
HEADER = ("what", "value", "explanation")
FIELDS: tuple[Column, ...] = (
    _text("name", "Required: what the study is called."),
    _text("question", "The question that the report answers."),
    Column("as of", "date", "Required: the day on which the study looks, 2026-06-30.", ("as_of",)),
    _text("horizon", "The time ahead that ratings speak of: 36 months."),
    _text("illustrative", "What is made up, if anything is; printed wherever results show."),
    Column("tree", "id", "Id of the value tree, and of its root.", ("tree", "id"), of="criterion"),
    _text("tree name", "What reports call the root of the tree.", "tree", "name"),
    _text("tree version", "Weights say which version they were made for; 1 if empty.",
          "tree", "version"),
    _text("tree question", "What the whole tree asks.", "tree", "question"),
    _text("tree notes", "What a reader of the tree should know.", "tree", "notes"),
    _choice("rule", "How children become a score, where a criterion names no rule of its own: "
            "weighted_sum if empty.", tuple(aggregation.__all__), "tree", "rule"),
    _settings("rule", "tree", "rule"),
    Column("packaged tree", "reference", "Name of a tree of the library, in place of the seven "
           "lines above and of the sheets Scales, Criteria and Overlaps.", ("tree", "packaged")),
    _choice("pooling", "How analysts become one panel: mean if empty.",
            tuple(pooling.__all__), "method", "pooling"),
    _settings("pooling", "method", "pooling"),
    _number("coverage floor", "Share of weight that must be rated before there is a score: 0.6 if "
            "empty.", "method", "coverage_floor"),
    *(_number(f"half-width, {name} confidence", f"How far a rating of {name} confidence may be "
              f"off, in points of 100: {points} if empty.", "method", "half_widths", name)
      for name, points in (("high", 6), ("moderate", 12), ("low", 20))),
    *(Column(f"grades for {name} confidence", "labels", f"Admiralty grades that allow {name} "
             f"confidence, with commas between, or none: {grades} if empty.",
             ("method", "evidence", name), of="grade")
      for name, grades in (("high", "A1, A2, B1, B2"), ("moderate", "A3, B3, C1, C2, C3"))),
    _number("stale after days", "How many days before the study's day evidence may lie before it "
            "is stale: it never is if empty.", "method", "evidence", "stale_after_days"),
    _choice("stale evidence allows", "The most confidence that a rating on stale evidence may "
            "have: low if empty.", CONFIDENCES, "method", "evidence", "stale"),
    _choice("analyst weights", "Whose voice counts how much: as the sheet Analysts says (declared; "
            "also if empty), or by what else.", get_args(AnalystWeights), "method",
            "analyst_weights"),
    Column("seed quantiles", "numbers", "Levels of the quantiles that answers to seed questions "
           "give, with commas between: 0.05, 0.5, 0.95 if empty.",
           ("method", "performance", "levels")),
    Column("seed cut-off", "number", "Calibration below which an analyst has weight 0, or "
           "optimised (also if empty).", ("method", "performance", "cut_off"), ("optimised",)),
    *(_number(f"shared error, {name}", f"Share of the variance of a rating's error that it has in "
              f"common with {others}: {share:g} if all three are empty.", "method", "uncertainty",
              "errors", name)
      for name, others, share in (
          ("halo", "the other criteria under one top criterion", 0.5),
          ("leniency", "all ratings of its analyst", 0),
          ("common", "the other analysts on the same cell", 0.3))),
    _choice("drawn analysts", "Whether draws ask the analysts in random order (pool; also if "
            "empty) or take the centre of all (mean).", ("pool", "mean"), "method",
            "uncertainty", "analysts"),
    _number("spread of weights", "How far a judgement of importance that is one number may be off, "
            "as a share of it: 0.3 if empty.", "method", "uncertainty", "weight_spread"),
    *(_choice(f"drawn {name}", f"What a cell is drawn as where the level is {name}: {usual} if "
              "empty.", ("uniform", "worst"), "method", "uncertainty", name)
      for name, usual in (("unknown", "uniform"), ("withheld", "worst"))),
    _number("share to lead", "Share of draws in which a strategy must be ahead to lead another: "
            "0.8 if empty.", "method", "uncertainty", "share"),
    _number("margin to lead", "Points of 100 by which it must be ahead at the median: 2 if empty.",
            "method", "uncertainty", "margin"),
    _choice("random stream", "Which random numbers are drawn: sfc64 if empty.", ("sfc64",),
            "method", "uncertainty", "stream"),
    _number("seed overshoot", "By which share the range of a seed question reaches beyond all "
            "answers: 0.1 if empty.", "method", "performance", "overshoot"),
)  # fmt: skip

SHEETS: Mapping[str, tuple[Column, ...]] = {
    "Strategies": (
        _id("strategy"),
        _name("strategy"),
        _text("description", "What would be done.", width=60),
        _text("period", "The years it covers: 2019-2021.", width=14),
        _choice("baseline", "yes for the one strategy that continues as now.", (YES,)),
        _text("author", "Who wrote the strategy.", width=30),
    ),
    "Analysts": (
        _id("analyst"),
        _name("analyst"),
        _text("role", "What the analyst is, as far as it matters."),
        _text("interests", "Declared interests; 'none declared' if asked.", width=60),
        _number("weight", "Weight in the panel, 0 or more: 1 if empty."),
        Column("red team", "choice", "yes for a red team: reported beside the panel, never pooled.",
               ("pooled",), (YES,), means=False),
    ),
    "Actors": (
        _id("actor"),
        _name("actor"),
        _choice("belongs to", "study (also if empty), or tree: kept in the file of the tree.",
                ("study", "tree"), "of"),
        Column("valid from", "date", "First day, if it has one.", ("valid_from",)),
        Column("valid to", "date", "Last day, if it has one; a criterion all of whose actors have "
               "ended is not applicable.", ("valid_to",)),
        _text("source", "Where the dates were found."),
        _text("notes", "What a reader should know.", width=60),
    ),
    "Sources": (
        Column("id", "id", "Short name of the source, which ratings name. If empty, it is made of "
               "the title.", ("id",), of="source", width=26),
        _text("title", "What it is called; required.", width=50),
        _text("publisher", "Who published it.", width=30),
        Column("date", "date", "Day that it speaks of, or that it was published on.", ("date",)),
        _text("link", "Where it can be found: https://..."),
        _text("excerpt hash", "SHA-256 of the excerpt that was used: 64 of the digits 0 to 9 and a "
              "to f.", "sha256", width=24),
        _text("vintage", "Release of the data, if it has releases: v25.1.", width=12),
        _choice("grade", "Admiralty code of ratings that rest on it and give none.", GRADES),
        _choice("basis", "Of ratings that rest on it and say none.", BASES),
        _text("notes", "What a reader should know.", width=60),
    ),
    "Seed questions": (
        Column("id", "id", "Short name of the seed question. If empty, it is made of the "
               "question.", ("id",), of="seed question", width=26),
        _text("question", "As it was put to the analysts.", width=60),
        _text("unit", "Of the answer and of the quantiles.", width=20),
        _number("answer", "What turned out to be true; required."),
        _choice("background", "uniform (also if empty), or log-uniform for answers above 0 that "
                "may differ by orders of magnitude.", get_args(Background)),
        _text("source", "Where the answer was found."),
    ),
    "Seed answers": (
        Column("analyst", "reference", "Who answers: the id or name.", of="analyst"),
        Column("seed question", "reference", "Which question.", of="seed question", width=26),
        Column("quantiles", "numbers", "The analyst's quantiles, rising, with commas between.",
               width=30),
    ),
    "Scales": (
        Column("scale", "reference", "Id of a scale for several criteria. One row for each level, "
               "in their order.", of="scale", width=24),
        Column("criterion", "reference", "Instead of a scale's id: the one criterion that has this "
               "scale.", of="criterion", width=24),
        _number("worst", "For a straight line: the level worth 0. One row, without levels."),
        _number("best", "For a straight line: the level worth 1."),
        Column("level", "level", "A level: a number, or a label where there are anchors."),
        _number("worth", "What the level is worth, 0 to 1; the scale reaches both."),
        _number("worth to", "Upper end, where the worth is a range."),
        _text("anchor", "What an observer sees at this level, where levels are labels.", width=70),
        _BEYOND,
    ),
    "Criteria": (
        _id("criterion"),
        Column("parent", "reference", "The criterion above: its id or name; empty right under the "
               "root.", ("parent",), of="criterion", width=26),
        _name("criterion"),
        _text("question", "What the analyst answers.", width=50),
        _text("definition", "What counts and what does not.", width=50),
        _text("unit", "Unit of the levels: deaths a year.", width=20),
        _choice("kind", "effectiveness (an end), performance (a means), or context (shown, never "
                "scored).", ("effectiveness", "performance", "context")),
        Column("scale", "reference", "Id of a scale of the sheet Scales; or give worst and best.",
               ("scale",), of="scale"),
        _number("worst", "For a straight line: the level worth 0.", "scale", "worst"),
        _number("best", "For a straight line: the level worth 1; below worst where less is "
                "better.", "scale", "best"),
        _BEYOND,
        Column("acceptable", "level", "The level from which it is acceptable.", ("acceptable",),
               width=12),
        Column("good", "level", "The level from which it is good.", ("good",), width=12),
        _choice("rule", "How its children become a score; the tree's rule if empty.",
                tuple(aggregation.__all__)),
        _settings("rule"),
        Column("gate", "level", "Threshold that must be reached, if there is one.",
               ("gate", "threshold"), width=12),
        _choice("gate consequence", "What failing does: exclude (also if empty), or report.",
                ("exclude", "report"), "gate", "consequence"),
        _text("gate reason", "Why there is a gate.", "gate", "reason"),
        _text("source", "Where evidence for a rating is found."),
        Column("actors", "references", "Organisations without which it makes no sense, with commas "
               "between.", ("actors",), of="actor", width=24),
        Column("covers", "labels", "Sections of the subject that it answers, with commas between.",
               ("covers",), width=24),
        Column("tags", "labels", "Free labels, with commas between.", ("tags",), width=24),
        _text("notes", "What a reader should know.", width=60),
    ),
    "Overlaps": (
        Column("criterion", "reference", "Which criterion: its id or name.", of="criterion",
               width=28),
        Column("other", "reference", "Another that counts some of the same.", of="criterion",
               width=28),
        _text("how it is handled", "How counting twice is avoided.", width=80),
    ),
    "Scenarios": (
        _id("scenario"),
        _name("scenario"),
        _choice("packaged", "yes takes the scenario of the library with this id; then nothing else "
                "stands in the row.", (YES,)),
        _text("description", "What is looked at.", width=60),
        Column("kind", "labels", "perspective (its own weights; also if empty), world (its own "
               "ratings), or both with a comma.", ("kind",),
               ("perspective", "world", "perspective, world")),
        _choice("likelihood", "A term of ICD 203; reported, never multiplied in.",
                get_args(Likelihood)),
        _text("horizon", "The time within which the likelihood holds.", width=14),
        _number("probability", "Of worlds that exclude one another: all have one, and they sum to "
                "1."),
        _number("swing", "Of a world: what going from the worst on everything to the best is worth "
                "in it, in points beside the other worlds."),
        _text("author", "Who wrote the scenario.", width=24),
        _text("reason", "Why there is such a scenario.", width=60),
        Column("endorsed", "list", "Exchange rates that somebody signs: [{ criterion = \"a\", "
               'against = "b", by = "who", reason = "why", amount = 10 }].', ("endorsed",),
               width=30),
        Column("weights from", "reference", "The scenario whose weights hold here too.",
               ("weights_from",), of="scenario"),
        _text("weights of", "What the scenario is called that lent the weights, where it is not in "
              "the study.", "weights_of", width=20),
    ),
    "Weights": (
        _SCENARIO,
        Column("node", "reference", "Whose children are weighted: the tree, or a criterion.",
               of="node", width=26),
        Column("child", "reference", "One of its children; every one needs a row.", of="criterion",
               width=30),
        _number("judgement", "How much it matters, by the method; the lower end of a range."),
        _number("judgement to", "Upper end, where the judgement is a range."),
        _choice("method", "How judgements become weights. Once for each node is enough, in its "
                "first row; likewise what follows.", (*weighting.__all__, *METHODS)),
        _settings("method"),
        _text("reason", "Why these judgements.", width=60),
        _text("against", "Version of the tree they were made for.", width=10),
        _text("ranges", "Mark of the scales at that time (assess check STUDY --ranges).", width=16),
        Column("before", "list", "Of bounds: pairs of ids of children, the first of which weighs "
               'at least as much as the second: [["a", "b"], ["b", "c"]].', ("before",), width=24),
        Column("ratios", "list", "Of bounds: how many times as much one child weighs as another: "
               '[{ of = "a", to = "b", at_least = 2, at_most = 3 }].', ("ratios",), width=30),
        Column("stakeholder", "id", "Where several judge differently: whose judgement the row "
               "holds, as an id; the same ones at every node of the scenario that has any.",
               of="stakeholder"),
        _number("share", "Of the stakeholder's voice, in proportion to the others: 1 if empty. "
                "Once for each stakeholder of a node is enough."),
    ),
    "Not applicable": (
        _SCENARIO,
        Column("criterion", "reference", "Which criterion makes no sense there.", of="criterion",
               width=28),
        _text("reason", "Why.", width=80),
    ),
}  # fmt: skip
# Where the ids of each kind are given.
ID_SHEETS = {sheet[0].of: name for name, sheet in SHEETS.items() if sheet[0].kind == "id"}
REQUIRED = ("Strategies", "Analysts", "Scenarios")
# What stands once for each node in the sheet Weights, whichever of its rows it is in.
OF_A_NODE = ("method", "method settings", "before", "ratios", "reason", "against", "ranges")
