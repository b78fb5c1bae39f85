"""What the first page says, in words and tables, whatever the format it is printed in."""

from assess.report import Report
from assess.summary import basis, criteria, doubt, findings, voices
from assess.summary.answer import answer
from assess.summary.findings import likelihood
from assess.summary.page import Section, Summary, Table
from assess.summary.panel import panel

__all__ = ["Section", "Summary", "Table", "likelihood", "summarise"]


def summarise(report: Report) -> Summary:
    """Return the first page of a report."""
    study = report.study
    about = [
        study.question,
        f"As of {study.as_of}" + (f", looking {study.horizon} ahead" if study.horizon else ""),
        f"Model {report.fingerprints[study.tree.id][:12]}, study {study.digest[:12]}, "
        f"assess {report.versions['assess']}",
    ]
    makers = (
        answer,
        findings.profile,
        criteria.leaves_alone,
        findings.scenarios,
        findings.gates,
        criteria.weak_spots,
        doubt.confidence,
        doubt.next_steps,
        panel,
        voices.agreement,
        voices.split,
        voices.who_decides,
        voices.first_places,
        voices.habits,
        basis.evidence,
        basis.weights,
        criteria.context,
        basis.method,
    )
    sections = tuple(section for make in makers if (section := make(report)))
    return Summary(study.name, tuple(filter(None, about)), study.banner, sections)
