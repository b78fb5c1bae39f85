"""The report: frozen results with the inputs they came from, as arrays and as tidy tables."""

from dataclasses import dataclass, fields
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from assess.model import FrozenDict, Study, shown
from assess.model.frozen import fixed
from assess.support import Support, support

if TYPE_CHECKING:
    import pandas as pd

    from assess.simulation import Simulation


Array = NDArray[np.float64]
Band = Literal["good", "acceptable", "weak", ""]
GateStatus = Literal["pass", "fail", "undecided", "n/a"]

TIE = 1e-12
GATE_STATUSES: tuple[GateStatus, ...] = ("pass", "fail", "undecided", "n/a")


@dataclass(frozen=True, eq=False)
class Report:
    """What `assess.evaluate` found, with the study it found it in.

    Arrays lie in [0, 1]; tables read 0 to 100. Nodes stand in the order of `study.tree.nodes`.

    Attributes:
        study: the inputs.
        score: [scenario, strategy, node]; NaN where coverage is below the study's floor.
        low, high: [scenario, strategy, node], exact bounds over what absent ratings might be.
        coverage: [scenario, strategy, node], share of weight rated; NaN where not applicable.
        acceptable, good: [scenario, node], what the reference profiles score; NaN where a leaf
            below names no such level.
        weights: [scenario, node], weight of a node within its parent; 1 for the root.
        ends, means: [scenario, strategy], the total over measures of effectiveness alone and of
            performance alone; NaN where there is none, or below the floor.
        gates: [scenario, strategy, gate], positions in `GATE_STATUSES`.
        saturated: number of ratings beyond the end of a scale that saturates.
        fingerprints: by node (C10).
        versions: of the library and what computes in it.
    """

    study: Study
    score: Array
    low: Array
    high: Array
    coverage: Array
    acceptable: Array
    good: Array
    weights: Array
    ends: Array
    means: Array
    gates: NDArray[np.int8]
    saturated: int
    fingerprints: FrozenDict[str, str]
    versions: FrozenDict[str, str]

    def __post_init__(self) -> None:
        for name in self.array_names():
            object.__setattr__(self, name, fixed(getattr(self, name)))

    @classmethod
    def array_names(cls) -> tuple[str, ...]:
        """Names of the fields that hold arrays."""
        others = ("study", "saturated", "fingerprints", "versions")
        return tuple(item.name for item in fields(cls) if item.name not in others)

    @cached_property
    def ranks(self) -> NDArray[np.int32]:
        """Ranks [scenario, strategy, node], 1 the best; ties share the best; 0 for none.

        A strategy that fails an excluding gate has no rank at the root.
        """
        score = self.score.copy()
        score[:, :, 0][self.excluded] = np.nan
        return fixed(ranks(score))

    @cached_property
    def excluded(self) -> NDArray[np.bool_]:
        """Which strategies fail a gate that excludes [scenario, strategy]."""
        gates = (self.study.tree.criteria[leaf].gate for leaf in self.gate_leaves)
        excluding = [gate is not None and gate.consequence == "exclude" for gate in gates]
        failed = self.gates == GATE_STATUSES.index("fail")
        return fixed(np.asarray((failed & np.array(excluding, dtype=bool)).any(axis=-1)))

    @cached_property
    def gate_leaves(self) -> tuple[str, ...]:
        """The leaves that carry a gate, in the order of the last axis of `gates`."""
        criteria = self.study.tree.criteria
        return tuple(leaf for leaf in self.study.tree.leaves if criteria[leaf].gate)

    @cached_property
    def missing(self) -> NDArray[np.int32]:
        """Number of absent leaves below each node [scenario, strategy, node]."""
        tree = self.study.tree
        place = {node: i for i, node in enumerate(tree.nodes)}
        absent = self.coverage == 0
        counts = [
            absent[:, :, [place[leaf] for leaf in tree.below(node)]].sum(-1) for node in tree.nodes
        ]
        return fixed(np.stack(counts, axis=-1).astype(np.int32))

    def band(self, values: Array) -> NDArray[np.str_]:
        """Return the band of values [scenario, strategy, node]: good, acceptable, weak, or none."""
        acceptable, good = self.acceptable[:, None, :], self.good[:, None, :]
        known = ~np.isnan(values) & ~np.isnan(acceptable) & ~np.isnan(good)
        return np.select(
            [~known, values >= good - TIE, values >= acceptable - TIE],
            ["", "good", "acceptable"],
            default="weak",
        )

    @cached_property
    def bands(self) -> NDArray[np.str_]:
        """Band of every score [scenario, strategy, node]; empty where there is none."""
        return fixed(self.band(self.score))

    @cached_property
    def settled(self) -> NDArray[np.bool_]:
        """Whether a band is the same at both bounds [scenario, strategy, node]."""
        return fixed(np.asarray(self.band(self.low) == self.band(self.high)))

    @cached_property
    def support(self) -> Support:
        """Share of weight that rests on measured data, corroborated judgement, bare opinion.

        Three arrays [scenario, strategy, node]; they add up to `coverage`.
        """
        return support(self.study, self.weights, ~np.isnan(self.coverage[:, 0]))

    @property
    def scores(self) -> "pd.DataFrame":
        """Every result as a tidy table, scores 0 to 100, one row a scenario, strategy and node.

        Columns: scenario, strategy, criterion, score, low, high, coverage (0 to 1), band, rank
        (0 for none), missing (number of absent ratings below), weight (within the parent); and
        measured, corroborated, opinion (0 to 1): what the weight rests on, adding up to coverage.
        """
        from assess.reporting.csv import scores_frame

        return scores_frame(self)

    def node(self, criterion: str) -> int:
        """Return the place of a criterion on the node axis."""
        return self.study.tree.nodes.index(criterion)

    def write(self, path: str | Path, simulation: "Simulation | None" = None) -> Path:
        """Write the report; the suffix says the format: .md, .json, .csv or .txt.

        Args:
            path: a file.
            simulation: draws of the same study, by `assess.simulate`: the report says how sure.

        Raises:
            ValueError: no format has this suffix, which lists those that there are; or the draws
                are of another study.
        """
        from assess.reporting import write

        return write(self, path, simulation)

    @classmethod
    def read(cls, path: str | Path) -> "Report":
        """Read a report that was written as JSON.

        Raises:
            ValueError: the file is not such a report, or does not hold together; says where.
        """
        from assess.reporting.json import read

        return read(path)

    def __str__(self) -> str:
        from assess.reporting.txt import render

        return render(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Report):
            return NotImplemented
        return (
            self.study == other.study
            and self.saturated == other.saturated
            and self.fingerprints == other.fingerprints
            and self.versions == other.versions
            and all(
                np.array_equal(getattr(self, name), getattr(other, name), equal_nan=True)
                for name in self.array_names()
            )
        )

    def __hash__(self) -> int:
        return hash(self.study.digest)

    def __repr__(self) -> str:
        return f"<Report on {self.study.name!r}, study {self.study.digest[:12]}>"


def wanted(function: str, given: object) -> str:
    """Say what a function that takes reports was given, and what to write instead."""
    what = f"{function} takes {'a Report' if function == 'explain' else 'two Reports'}"
    more = "strategy=..." if function == "explain" else "..."
    name = str(given)
    if isinstance(given, Study):
        return f"{what}, not a Study: assess.{function}(assess.evaluate(study), {more})"
    if isinstance(given, str | PathLike):
        read = "evaluate(assess.load({!r}))", "Report.read({!r})"
        call = read[name.endswith(".json")].format(name)
        return f"{what}, not a name: assess.{function}(assess.{call}, {more})"
    return f"{what}, not {shown(given)}"


def ranks(scores: Array) -> NDArray[np.int32]:
    """Return ranks over strategies [scenario, strategy, node]; 1 + how many are ahead, 0 for none.

    Scores within 1e-12 are equal and share the best rank.

    >>> ranks(np.array([[[0.5], [0.8], [0.8], [np.nan]]])).ravel().tolist()
    [3, 1, 1, 0]
    """
    last = np.moveaxis(scores, 1, -1)
    found = np.zeros(last.shape, dtype=np.int32)
    for place in np.ndindex(last.shape[:-1]):
        row = last[place]
        there = ~np.isnan(row)
        rising = np.sort(row[there])
        ahead = len(rising) - np.searchsorted(rising, row[there] + TIE, side="right")
        found[place][there] = 1 + ahead
    return np.moveaxis(found, -1, 1)
