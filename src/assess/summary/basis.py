"""What it rests on: coverage and evidence, weights, method."""

from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np

from assess import tables
from assess.evidence import bases, confidences, stale, undated
from assess.model import ABSENCE_MARKS, BASES, CONFIDENCES, EvidenceTable, Study, Weights
from assess.report import Report
from assess.rounding import counted, few, points
from assess.stakeholders import shares, voices
from assess.summary.page import Section, Table
from assess.summary.shares import scored_with_level
from assess.summary.verdicts import names
from assess.support import KINDS
from assess.weight_bounds import METHODS, comparisons


def evidence(report: Report) -> Section:
    """Say what is rated, by whom, on what evidence, and what does not apply (C4)."""
    study = report.study
    ratings, cells = study.ratings, len(study.strategies) * len(study.tree.leaves)
    absent = int(report.missing[0, :, 0].sum())
    lines = [
        f"{counted(len(ratings), 'rating')} by {counted(len(study.analysts), 'analyst')}; "
        f"{absent} of {counted(cells, 'cell')} of strategy and criterion "
        f"{'is' if absent == 1 else 'are'} absent in scenario {study.scenarios[0].label}.",
        *_silence(study),
        *_grounds(study),
        *_wholes(study),
        *_ages(study),
        *_support(report),
    ]
    outside: dict[str, list[str]] = {}
    for (scenario, leaf), reason in tables.not_applicable(study).items():
        outside.setdefault(f"{study.tree.label(leaf)}: {reason}", []).append(scenario)
    for what, where in outside.items():
        everywhere = len(where) == len(study.scenarios)
        told = "everywhere" if everywhere else ", ".join(study.scenario(s).label for s in where)
        lines.append(f"Not applicable ({told}): {what.rstrip('.')}.")
    if report.saturated:
        lines.append(f"Ratings beyond the end of a scale, counted as that end: {report.saturated}.")
    return Section("Coverage and evidence", tuple(lines), _support_table(report))


def _silence(study: Study) -> Iterator[str]:
    """Say how many ratings give no level, and that a cell may have one all the same."""
    marks = {"unknown": "?", "withheld": "withheld"}
    counts = {word: int(study.ratings.rating.matches(mark).sum()) for word, mark in marks.items()}
    told = [f"{count} {word}" for word, count in counts.items() if count]
    if told:
        total = sum(counts.values())
        yield (
            f"{counted(total, 'rating')} {'gives' if total == 1 else 'give'} no level "
            f"({', '.join(told)}); where another analyst gave one, the cell is not absent."
        )


def _grounds(study: Study) -> Iterator[str]:
    """Say what the levels rest on, by basis and by the confidence that the evidence allows."""
    counted_in = scored_with_level(study)
    if not counted_in.any():
        return
    total = int(counted_in.sum())
    by_basis = np.bincount(bases(study)[counted_in], minlength=len(BASES))
    by_confidence = np.bincount(confidences(study)[counted_in], minlength=len(CONFIDENCES))
    basis = ", ".join(
        f"{name} {points(count / total)} %"
        for name, count in zip(BASES, by_basis, strict=True)
        if count
    )
    allowed = ", ".join(
        f"{name} {points(count / total)} %"
        for name, count in zip(CONFIDENCES, by_confidence, strict=True)
        if count
    )
    noun = "rating gives" if total == 1 else "ratings give"
    marks = [study.ratings.rating.matches(mark) for mark in ABSENCE_MARKS]
    context = tables.places(study.ratings.criterion, study.tree.context) >= 0
    beside = int((context & ~np.logical_or.reduce(marks)).sum())
    outside = int(study.ratings.rating.matches("n/a").sum())
    more = f", {beside:,} on a context figure" if beside else ""
    more += f", {outside:,} none as not applicable" if outside else ""
    yield (
        f"{total:,} {noun} a level on a scored criterion{more}. Basis: {basis}. Confidence that "
        f"the evidence allows: {allowed}."
    )


def _wholes(study: Study) -> Iterator[str]:
    """Say how many ratings are of a group as a whole."""
    whole = tables.places(study.ratings.criterion, study.tree.groups) >= 0
    if count := int(whole.sum()):
        verb = "rates" if count == 1 else "rate"
        yield f"{count:,} of {counted(len(whole), 'rating')} {verb} a group as a whole."


def _ages(study: Study) -> Iterator[str]:
    """Say how many ratings rest on stale evidence, and how many have no date to tell by."""
    table, given = study.method.evidence, scored_with_level(study)
    if table.stale_after_days is None or not given.any():
        return
    total, old = int(given.sum()), int((stale(study) & given).sum())
    silent = int((undated(study) & given).sum())
    yield (
        f"{old:,} of {counted(total, 'rating')} that give a level "
        f"{'rests' if old == 1 else 'rest'} on stale evidence (over {table.stale_after_days:,} "
        f"days old), {'which allows' if old == 1 else 'which allow'} at most {table.stale} "
        f"confidence; {silent:,} {'has' if silent == 1 else 'have'} no date, so that it cannot be "
        "told."
    )


def _support(report: Report) -> Iterator[str]:
    """Say what the table of support shows, and between what the scenarios lie."""
    study, root = report.study, report.node(report.study.tree.id)
    first = study.scenarios[0].label
    yield (
        f"The table shows what the weight rests on in scenario {first}, in per cent: measured data "
        "with a source; judgement whose source and grade allow moderate confidence or more; bare "
        "opinion, which is all the rest; nothing."
        + (" Made-up ratings count by their grade, never as measured." if study.banner else "")
    )
    if len(study.scenarios) == 1:
        return
    told = []
    for name in KINDS:
        shares = getattr(report.support, name)[:, :, root]
        if not np.isnan(shares).all():
            low, high = (points(pick(shares)) for pick in (np.nanmin, np.nanmax))
            told.append(f"{name} {low if low == high else f'{low} to {high}'} %")
    yield f"Over all scenarios and strategies: {', '.join(told)}."


def _support_table(report: Report) -> Table:
    """Return what share of each strategy's weight rests on what, in the first scenario."""
    root = report.node(report.study.tree.id)
    rows = []
    for t, name in enumerate(names(report)):
        shares = [float(getattr(report.support, kind)[0, t, root]) for kind in KINDS]
        absent = 1.0 - float(report.coverage[0, t, root])
        rows.append((name, *(points(share) for share in (*shares, absent))))
    return Table(("strategy", *KINDS, "absent"), tuple(rows))


def weights(report: Report) -> Section:
    """Say which weights were elicited, how, and which were not (C5)."""
    study, tree = report.study, report.study.tree
    lines = []
    for scenario in study.scenarios:
        held = tables.judged(study, scenario)
        groups = [node for node in tree.groups if len(tree.children[node]) > 1]
        methods = Counter(held[node].method.name for node in groups if node in held)
        told = ", ".join(f"{name} {count}" for name, count in methods.items())
        silent = len(groups) - methods.total()
        elicited = f"elicited at {methods.total()} of {len(groups)} nodes ({told or 'none'})"
        equal = f"; equal weights that nobody elicited at {silent}" if silent else ""
        source = scenario.weights_from
        of = study.scenario(source).label if source else scenario.weights_of
        lent = f" (those of {of})" if of else ""
        lines.append(f"{scenario.label}{lent}: {elicited}{equal}.")
        if not source:
            lines += _stakeholders(report, held)
            lines += _bounds(report, held)
    others = [node for node in tree.groups if tree.rule_of(node).name != "weighted_sum"]
    if others:
        told = ", ".join(f"{tree.label(node)} ({tree.rule_of(node).text})" for node in others)
        lines.append(f"Weights are importance coefficients, not trade-offs, under: {told}.")
    return Section("What the weights rest on", tuple(lines))


def _bounds(report: Report, held: Mapping[str, Weights]) -> Iterator[str]:
    """Yield what bounds say of the weights at each node that has them, in words."""
    tree = report.study.tree
    for node, weights in held.items():
        if weights.method.name not in METHODS:
            continue
        children = tree.children[node]
        called = {child: tree.label(child) for child in children}
        for who, one in voices(weights).items():
            said = ((called[child], one.judgements[child]) for child in children)
            ranges = (f"{name} {_share(given)}" for name, given in said if given != (0, 1))
            told = "; ".join((*ranges, *comparisons(weights, called))) or "any weights"
            place = f"{tree.label(node)}, {who}" if who else tree.label(node)
            yield f"{place}: {told}; the centroid of all weights that this allows counts."


def _stakeholders(report: Report, held: Mapping[str, Weights]) -> Iterator[str]:
    """Say whose weights count how much, where there are stakeholders."""
    nodes = [node for node, weights in held.items() if weights.stakeholders]
    if nodes:
        first = held[nodes[0]]
        each = zip(voices(first), shares(first).tolist(), strict=True)
        told = ", ".join(f"{name} {points(share)} %" for name, share in each)
        where = few([report.study.tree.label(node) for node in nodes])
        yield f"Stakeholders at {where}: {told}; the mean of their weights by these shares counts."


def _share(given: float | tuple[float, float]) -> str:
    """Return the range of a weight in per cent."""
    low, high = given if isinstance(given, tuple) else (given, given)
    ends = [f"{round(100 * end, 8):g}" for end in ((low,) if low == high else (low, high))]
    return f"{' to '.join(ends)} %"


def method(report: Report, drawn: bool) -> Section:
    """Print the settings; draws depend on some that point scores do not depend on."""
    method, widths = report.study.method, report.study.method.half_widths
    depends = "the draws depend on it, no point score does" if drawn else "no score depends on it"
    lines = (
        f"Pooling: {method.pooling.text}. Rule: {report.study.tree.rule.text} unless a node names "
        f"its own. Coverage floor: {points(method.coverage_floor)} %.",
        f"A rating is taken to be off by up to {widths.high:g}, {widths.moderate:g} or "
        f"{widths.low:g} points at high, moderate or low confidence; {depends}.",
        _table_of_evidence(method.evidence),
    )
    return Section("Method", lines)


def _table_of_evidence(table: EvidenceTable) -> str:
    """Say which evidence allows which confidence, and when it is stale (C8)."""
    told = [
        f"{name} with grade{'s' if len(grades) > 1 else ''} {', '.join(grades)}"
        for name, grades in (("high", table.high), ("moderate", table.moderate))
        if grades
    ]
    rest = "low with any other, with none, or without a source"
    text = f"Confidence that evidence allows at most: {'; '.join([*told, rest])}."
    if table.stale_after_days is None:
        return f"{text} No evidence is taken to be stale."
    return f"{text} Evidence over {table.stale_after_days:,} days old allows {table.stale}."
