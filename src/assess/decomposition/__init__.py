"""The change between two reports, taken apart into the kinds of input that differ."""

from assess.decomposition.accounts import Account, Decomposition, KindPart, RatingPart
from assess.decomposition.decomposing import decompose

__all__ = ["Account", "Decomposition", "KindPart", "RatingPart", "decompose"]
