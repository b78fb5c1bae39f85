"""What is drawn, and how: error structures, absences, weights, and when a strategy leads."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from assess.model.frozen import Frozen, Number, Share
from assess.model.problems import AdviceError

Points = Annotated[Number, Field(ge=0, le=100)]
Stream = Literal["sfc64"]
Heard = Literal["pool", "mean"]


class ErrorStructure(Frozen):
    """How much of a rating's error it shares with others; shares of its variance.

    Attributes:
        halo: with the other criteria under one top criterion, of one strategy and analyst.
        leniency: with all ratings of one analyst.
        common: with the other analysts who rate the same cell.
    """

    halo: Share = 0.0
    leniency: Share = 0.0
    common: Share = 0.0

    @model_validator(mode="after")
    def _check_sum(self) -> "ErrorStructure":
        total = self.halo + self.leniency + self.common
        if total > 1 + 1e-12:
            raise AdviceError(
                f"halo, leniency and common add up to {total:g}",
                "they are shares of one variance: at most 1 together",
            )
        return self

    @property
    def text(self) -> str:
        """The structure in words."""
        shares = (("halo", self.halo), ("leniency", self.leniency), ("common", self.common))
        return ", ".join(f"{name} {share:g}" for name, share in shares)


INDEPENDENT = ErrorStructure()
FULL_HALO = ErrorStructure(halo=1.0)


class Uncertainty(Frozen):
    """What a simulation draws; conventions, printed with every result, not estimates.

    Attributes:
        errors: how ratings share their errors.
        analysts: "pool": every draw asks the analysts in random order, and a cell takes the first
            who rated it (the linear opinion pool); "mean": the panel's centre of the drawn ratings.
        weight_spread: how far each judgement of importance that is one number may be off, as a
            share of it; ranges and ranks speak for themselves.
        unknown: what a cell without a level is drawn as: anything alike, or the worst.
        withheld: the same of a cell of which all who speak say that they withhold it.
        share: of paired draws in which a strategy must be ahead to lead another (C11).
        margin: points of 100 by which its median must be ahead.
        stream: of random numbers; another stream is another name.
    """

    errors: ErrorStructure = ErrorStructure(halo=0.5, common=0.3)
    analysts: Heard = "pool"
    weight_spread: Annotated[Share, Field(lt=1)] = 0.3
    unknown: Literal["uniform", "worst"] = "uniform"
    withheld: Literal["uniform", "worst"] = "worst"
    share: Annotated[Share, Field(gt=0.5)] = 0.8
    margin: Points = 2.0
    stream: Stream = "sfc64"
