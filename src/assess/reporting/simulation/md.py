"""Markdown: the page of a simulation."""

from assess.reporting.md import written, written_section
from assess.simulation import Simulation, VarianceShares
from assess.summary import doubt_sources, summarise_simulation


def render(simulation: Simulation) -> str:
    """Return the page as Markdown."""
    return written(summarise_simulation(simulation))


def render_sources(shares: VarianceShares) -> str:
    """Return where the doubt comes from as a section for the page."""
    return written_section(doubt_sources(shares))
