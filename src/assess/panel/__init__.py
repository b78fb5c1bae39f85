"""Whose voice decides, where the panel is split, and how each of its analysts rates."""

from assess.panel.deciding import Deciding, DecidingSets, deciding_sets
from assess.panel.firsts import FirstChoices, first_choices
from assess.panel.leave_one_out import LeaveOneOut, leave_one_out
from assess.panel.pooled_distribution import PooledDistribution, pooled_distribution
from assess.panel.red_team import RedCell, RedTeam, red_team
from assess.panel.rounds import Mover, Rounds, Shift, rounds
from assess.panel.split import Side, SplitCell, Splits, split_cells
from assess.panel.spread import Spread, Spreads, spreads
from assess.panel.tendencies import Tendencies, Tendency, tendencies
from assess.panel.weighing import Weighing, weighing

__all__ = [
    "Deciding",
    "DecidingSets",
    "FirstChoices",
    "LeaveOneOut",
    "Mover",
    "PooledDistribution",
    "RedCell",
    "RedTeam",
    "Rounds",
    "Shift",
    "Side",
    "SplitCell",
    "Splits",
    "Spread",
    "Spreads",
    "Tendencies",
    "Tendency",
    "Weighing",
    "deciding_sets",
    "first_choices",
    "leave_one_out",
    "pooled_distribution",
    "red_team",
    "rounds",
    "split_cells",
    "spreads",
    "tendencies",
    "weighing",
]
