"""Markdown: the page of a simulation."""

from assess.reporting.md import written
from assess.simulation import Simulation
from assess.summary import summarise_simulation


def render(simulation: Simulation) -> str:
    """Return the page as Markdown."""
    return written(summarise_simulation(simulation))
