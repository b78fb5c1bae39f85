"""What the first page says, in words and tables, whatever the format it is printed in."""

from functools import partial

from assess.model import Study
from assess.report import Report
from assess.simulation import Simulation
from assess.summary import basis, criteria, doubt, findings, voices
from assess.summary.answer import answer
from assess.summary.findings import likelihood
from assess.summary.over_scenarios import over_scenarios
from assess.summary.page import Section, Summary, Table
from assess.summary.panel import panel
from assess.summary.red_team import red_team
from assess.summary.rounds import rounds
from assess.summary.simulated import drawn_told, how_sure, stopped_told, summarise_simulation
from assess.summary.sources import doubt_sources
from assess.summary.weighing import weighed
from assess.summary.what_would_change import what_would_change
from assess.summary.worth_knowing import summarise_worth

__all__ = [
    "Section",
    "Summary",
    "Table",
    "doubt_sources",
    "likelihood",
    "summarise",
    "summarise_simulation",
    "summarise_worth",
    "what_would_change",
]


def summarise(report: Report, simulation: Simulation | None = None) -> Summary:
    """Return the first page of a report; with draws of its study, it says how sure."""
    study = report.study
    about = [
        study.question,
        f"As of {study.as_of}" + (f", looking {study.horizon} ahead" if study.horizon else ""),
        f"Model {report.fingerprints[study.tree.id][:12]}, study {study.digest[:12]}, "
        f"assess {report.versions['assess']}",
    ]
    panels = (
        panel,
        weighed,
        voices.agreement,
        voices.split,
        voices.who_decides,
        voices.first_places,
        voices.habits,
        rounds,
        red_team,
    )
    makers = (
        partial(answer, simulation=simulation),
        partial(findings.profile, simulation=simulation),
        criteria.leaves_alone,
        findings.scenarios,
        partial(over_scenarios, simulation=simulation),
        findings.gates,
        criteria.weak_spots,
        what_would_change if _at_hand(study) else _no_changes,
        doubt.confidence,
        doubt.next_steps,
        *(panels if _at_hand(study) else (panel, _not_at_hand)),
        basis.evidence,
        basis.weights,
        criteria.context,
        partial(basis.method, drawn=simulation is not None),
    )
    if simulation is not None:
        about += [drawn_told(simulation), *stopped_told(simulation)]
    sections = tuple(section for make in makers if (section := make(report)))
    if simulation is not None:
        sections = (*sections, *how_sure(simulation))
    return Summary(study.name, tuple(filter(None, about)), study.banner, sections)


def _at_hand(study: Study) -> bool:
    """Whether every rule can be computed with, so that the panel's voices can be told apart."""
    return all(own.function is not None for own in study.rules.values())


def _not_at_hand(report: Report) -> Section:
    """Say what a report that was read back without a rule of its author's leaves out."""
    line = f"What the panel's analysts say apart {_lacking(report)}: it is left out."
    return Section("Voices of the panel", (line,))


def _no_changes(report: Report) -> Section:
    """Say that what would change the answer is left out, too."""
    line = f"Which weight would change who is highest {_lacking(report)}: it is left out."
    return Section("What would change it", (line,))


def _lacking(report: Report) -> str:
    """Say which rules are not at hand."""
    lacking = [name for name, own in report.study.rules.items() if own.function is None]
    return f"needs the author's rule {', '.join(lacking)}, which is not at hand"
