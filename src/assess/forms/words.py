"""What a form says: the sheet of instructions, the words above a criterion and beside a cell."""

from collections.abc import Iterable, Mapping

from assess.forms.asked import Depth
from assess.model import CONFIDENCES, Scale, Study, as_text

TITLE_LIMIT, MESSAGE_LIMIT = 32, 255  # characters that a spreadsheet shows beside a cell
CELL_LIMIT = 32_000
ABSENT = "? (not known), withheld (known, may not be said)"
NOT_APPLICABLE = "n/a (makes no sense here for any strategy; say why in the rationale)"

RELIABILITY = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "cannot be judged",
}
CREDIBILITY = {
    "1": "confirmed by other sources",
    "2": "probably true",
    "3": "possibly true",
    "4": "doubtful",
    "5": "improbable",
    "6": "cannot be judged",
}
BESIDE: Mapping[str, str] = {
    "low": "Your low end: one chance in ten that the true level is below it. Give both ends, or "
    "neither.",
    "high": "Your high end: one chance in ten that the true level is above it. Give both ends, or "
    "neither.",
    "confidence": "How sure you are: high, moderate or low. The evidence caps it, as the first "
    "sheet says. Empty counts as low.",
    "grade": "Source: A reliable, B usually, C fairly, D not usually, E unreliable, F cannot be "
    "judged. Information: 1 confirmed, 2 probable, 3 possible, 4 doubtful, 5 improbable, 6 cannot "
    "be judged. Grade the two apart.",
    "source": "Where you found it, so that another person finds it, too: title, publisher, page, "
    "link.",
    "rationale": "Why this evidence means this level. Needed for n/a.",
    "date": "Day of the observation: 2026-06-30.",
    "vintage": "Release of the data, if it has releases: v25.1.",
    "basis": "judgement (also if empty), measured, or illustrative: made up to show the method.",
}
_HOW = (
    "Rate what you know. An empty row is a criterion that you did not rate; it does not count "
    "against anybody.",
    "Read the words above the rows of a criterion, then rate every strategy on it, one below the "
    "other, before you go on. Click a cell to see what belongs there.",
    "Write the level in the column rating, in the unit of the criterion, with the decimal sign of "
    "your spreadsheet and without % or other signs. Choose a level in words from the list.",
    "Write low and high if you can: you would be surprised, one time in ten each, to find the true "
    "level below or above.",
    "Give the source, its grade, and why it means this level. A rating without them counts as one "
    "of low confidence.",
    "Rate what will be, not what you wish. How much a criterion matters is asked elsewhere.",
    "Formulas count at the result that is shown. Other sheets and columns are refused.",
)
_ABSENCES = (
    "Write ? if it is not known; withheld if you know it and may not say it; n/a if the criterion "
    "makes no sense in a scenario, whatever the strategy: then for every strategy, with the reason "
    "in the rationale."
)
_REGISTERED = "The study knows these; in the column source, write the id on the left."
_BLIND = (
    "This form is blind on purpose: it holds no rating of anybody else. Please rate on your own "
    "before you talk with others, because a panel is worth something only where its errors are "
    "not copies of one another. Disagreement is kept and reported, not voted away."
)
_GROUPS = (
    "This form asks for one rating of a whole group of criteria, in value points from 0 (every "
    "criterion in it at its worst level) to 100 (every criterion at its best). It stands for "
    "every criterion below that you do not rate in another form. Criteria with a threshold that "
    "must be reached are asked apart."
)
_EARLIER = (
    "This is round {round}. The column before the ratings shows what you said before. "
    "Rate again, also where nothing changes: both rounds are kept side by side."
)


def instructions(
    study: Study, analyst: str, *, depth: Depth, round_: int, scenarios: Iterable[str]
) -> list[tuple[str, str]]:
    """Return the rows of the first sheet: a heading or a word, and what is said of it."""
    who = study.analysts[analyst]
    rows = [
        (study.name, ""),
        ("Illustrative", study.illustrative),
        ("Question", study.question),
        ("For", ", ".join(filter(None, (who.name or analyst, who.role)))),
        ("Round", str(round_)),
        ("As of", study.as_of.isoformat()),
        ("Time ahead", study.horizon),
        ("Purpose", _BLIND),
        ("Whole groups", _GROUPS if depth == "group" else ""),
        ("Round before", _EARLIER.format(round=round_) if round_ > 1 else ""),
        ("How to rate", _HOW[0]),
        *(("", line) for line in _HOW[1:]),
        ("If there is no level", _ABSENCES),
        ("Confidence", ""),
        *((name, _confidence(study, name)) for name in CONFIDENCES),
        ("Grade of the source", ""),
        *RELIABILITY.items(),
        ("and of the information", ""),
        *CREDIBILITY.items(),
        *(("Registered sources", _REGISTERED),) * bool(study.sources),
        *((key, source.title or key) for key, source in study.sources.items()),
        ("Strategies", ""),
        *((study.label(key), _told(item.description, item.period))
          for key, item in study.strategies.items()),
    ]  # fmt: skip
    asked = [study.scenario(key) for key in scenarios]
    if asked:
        told = "Ratings hold in every scenario, unless you give another one for one of these:"
        rows += [("Scenarios", told), *((item.label, item.description) for item in asked)]
    headings = ("Confidence", "Grade of the source", "and of the information", "Strategies")
    kept = [row for i, row in enumerate(rows) if i == 0 or row[1] or row[0] in headings]
    return [(clipped(label, CELL_LIMIT), clipped(words, CELL_LIMIT)) for label, words in kept]


def _confidence(study: Study, name: str) -> str:
    """Return what a confidence counts as, and which evidence allows it, as the study declares."""
    width, table = getattr(study.method.half_widths, name), study.method.evidence
    grades = {"high": table.high, "moderate": (*table.high, *table.moderate)}.get(name)
    allowed = f"a source of grade {', '.join(grades)}" if grades else "any evidence, or none"
    age = ""
    order: list[str] = [*CONFIDENCES]
    if table.stale_after_days is not None and order.index(name) < order.index(table.stale):
        age = f", at most {table.stale_after_days} days before {study.as_of}"
    told = f"counts as about {width:g} points of 100 either way, unless low and high are given"
    return f"{told}; needs {allowed}{age}"


def _told(description: str, period: str) -> str:
    return " ".join(filter(None, (description, f"({period})" if period else ""))) or "-"


def about(study: Study, criterion: str) -> str:
    """Return the words above the rows of a criterion: question, definition, scale, evidence."""
    tree = study.tree
    item = tree.criteria[criterion]
    lines = [item.question, item.definition, *_scale_lines(study, criterion)]
    if item.source:
        lines.append(f"Evidence: {item.source}")
    return clipped("\n".join(filter(None, lines)), CELL_LIMIT)


def _scale_lines(study: Study, criterion: str) -> list[str]:
    tree = study.tree
    scale = tree.rating_scale(criterion)
    if criterion in tree.children:
        below = [
            f"{tree.label(leaf)}: {ends(scale_below)} {tree.criteria[leaf].unit}".rstrip()
            for leaf in tree.below(criterion)
            if not tree.criteria[leaf].gate and (scale_below := tree.scale_of(leaf))
        ]
        return ["0: all of these at their worst; 100: all of these at their best.", *below]
    unit = tree.criteria[criterion].unit
    if scale is None:
        return [f"A number{f', in {unit}' if unit else ''}. It is shown beside the result only."]
    if scale.ordinal:
        return [f"{label}: {anchor}" for label, anchor in anchors(scale).items()]
    beyond = ". A level beyond an end counts as that end" if scale.beyond == "saturate" else ""
    return [f"Scale: {ends(scale)}{f', {unit}' if unit else ''}{beyond}."]


def anchors(scale: Scale) -> dict[str, str]:
    """Return the anchor of every level of an ordinal scale; of another scale none."""
    levels = scale.levels if isinstance(scale.levels, Mapping) else {}
    return {label: level.anchor for label, level in levels.items()}


def ends(scale: Scale) -> str:
    """Say where a scale is worst and where best.

    >>> ends(Scale(worst=2000, best=0)), ends(Scale(levels=((5, 0), (10, 1), (14, 1), (25, 0))))
    ('2000 (worst) to 0 (best)', '5 (worst), 10 to 14 (best), 25 (worst)')
    """
    if scale.ordinal:
        return f"{scale.labels[0]} to {scale.labels[-1]}"
    at, worths = [as_text(level) for level in scale.at], scale.worths
    best = [level for level, worth in zip(at, worths, strict=True) if worth == 1]
    top = best[0] if len(best) == 1 else f"{best[0]} to {best[-1]}"
    if scale.rising or scale.falling:
        return f"{at[0 if scale.rising else -1]} (worst) to {top} (best)"
    sides = [f"{at[i]} (worst)" if worths[i] == 0 else f"{at[i]}" for i in (0, -1)]
    return f"{sides[0]}, {top} (best), {sides[1]}"


def beside_rating(study: Study, criterion: str) -> str:
    """Return what is shown beside the cell for the level: each level's anchor, or the ends."""
    tree = study.tree
    scale = tree.rating_scale(criterion)
    if scale is not None and scale.ordinal:
        return shared_out(anchors(scale))
    unit = "value points" if criterion in tree.children else tree.criteria[criterion].unit
    number = f"{ends(scale)}" if scale else "A number"
    absent = "?, withheld" if criterion in tree.children else "?, withheld, n/a (say why)"
    tail = f". Or: {absent}."
    return clipped(f"{number} {unit}".rstrip(), MESSAGE_LIMIT - len(tail)) + tail


def shared_out(levels: Mapping[str, str], limit: int = MESSAGE_LIMIT) -> str:
    r"""Return levels and anchors, the anchors cut so that each has its part of the room.

    >>> shared_out({"0": "none", "1": "some of it, here and there"}, limit=30)
    '0: none\n1: some of it, here a…'
    """
    heads = [f"{label[:20]}: " for label in levels]
    room, left = limit - sum(map(len, heads)) - len(levels) + 1, len(levels)
    lines = {}
    for place, anchor in sorted(enumerate(levels.values()), key=lambda pair: len(pair[1])):
        lines[place] = clipped(anchor, max(room // left, 1))
        room, left = room - len(lines[place]), left - 1
    return clipped("\n".join(head + lines[i] for i, head in enumerate(heads)), limit)


def clipped(text: str, limit: int) -> str:
    """Return a text of at most so many characters, with a mark where it is cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
