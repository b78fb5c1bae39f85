"""What holds over all scenarios: decision criteria over worlds, ranks over perspectives (C13)."""

from assess.over_scenarios.drawn import Spread
from assess.over_scenarios.perspectives import Perspectives, over_perspectives
from assess.over_scenarios.world_set import WorldSet
from assess.over_scenarios.worlds import OverWorlds, over_worlds

__all__ = [
    "OverWorlds",
    "Perspectives",
    "Spread",
    "WorldSet",
    "over_perspectives",
    "over_worlds",
]
