"""Plain text: the page of a simulation, as a terminal shows it."""

from assess.reporting.txt import render_simulation, render_sources
from assess.simulation import Simulation

__all__ = ["render", "render_sources"]


def render(simulation: Simulation) -> str:
    """Return the page as plain text, 100 characters wide."""
    return render_simulation(simulation) + "\n"
