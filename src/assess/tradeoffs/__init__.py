"""What weights imply: exchange rates between criteria in natural units, signed or not (C5)."""

from assess.tradeoffs.rates import Tradeoff, Tradeoffs, tradeoffs

__all__ = ["Tradeoff", "Tradeoffs", "tradeoffs"]
