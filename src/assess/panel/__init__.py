"""Whose voice decides, where the panel is split, and how each of its analysts rates."""

from assess.panel.deciding import Deciding, DecidingSets, deciding_sets
from assess.panel.firsts import FirstChoices, first_choices
from assess.panel.leave_one_out import LeaveOneOut, leave_one_out
from assess.panel.split import Side, SplitCell, Splits, split_cells
from assess.panel.spread import Spread, Spreads, spreads
from assess.panel.tendencies import Tendencies, Tendency, tendencies

__all__ = [
    "Deciding",
    "DecidingSets",
    "FirstChoices",
    "LeaveOneOut",
    "Side",
    "SplitCell",
    "Splits",
    "Spread",
    "Spreads",
    "Tendencies",
    "Tendency",
    "deciding_sets",
    "first_choices",
    "leave_one_out",
    "split_cells",
    "spreads",
    "tendencies",
]
