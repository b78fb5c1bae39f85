"""A panel's quantiles and the true answers: checked, on one scale, with what the scores need."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assess.classical_model.result import ExpertScores
from assess.classical_model.scores import calibration_score, information_score, levels_of

__all__ = ["Panel", "panel_of"]

Floats = NDArray[np.float64]
BACKGROUNDS = ("uniform", "log-uniform")
_ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class Panel:
    """All questions, seeds first, on the scale of their background; NaN where not answered."""

    quantiles: Floats  # [expert, question, q]
    answers: Floats  # [seed]
    levels: Floats  # [q]
    logarithmic: NDArray[np.bool_]  # [question]
    low: Floats  # [question]
    high: Floats  # [question]

    @cached_property
    def answered(self) -> NDArray[np.bool_]:
        """Return [expert, question]."""
        return np.isfinite(self.quantiles[..., 0])

    @cached_property
    def power(self) -> int:
        """Return the fewest seed questions that an expert answered."""
        return int(self.answered[:, : len(self.answers)].sum(axis=1).min())

    @cached_property
    def calibration(self) -> Floats:
        """Return [expert]."""
        return calibration_score(self.hits(self.quantiles), self.levels, power=self.power)

    @cached_property
    def information(self) -> Floats:
        """Return [expert, question], 0 where not answered."""
        return self.information_of(self.quantiles)

    @cached_property
    def distributions(self) -> list[tuple[Floats, Floats]]:
        """Return for each question where distributions bend, and [expert, point] shares below."""
        return [self._distributions(question) for question in range(len(self.low))]

    def _distributions(self, question: int) -> tuple[Floats, Floats]:
        low, high = self.low[question], self.high[question]
        rows = self.quantiles[:, question]
        points = np.unique(
            np.concatenate([[low], rows[self.answered[:, question]].ravel(), [high]])
        )
        levels = np.concatenate([[0.0], self.levels, [1.0]])
        ends = (np.concatenate([[low], row, [high]]) for row in rows)
        shares = np.array([np.interp(points, knots, levels) for knots in ends])
        return points, np.where(self.answered[:, question, None], shares, 0.0)

    def hits(self, quantiles: Floats) -> NDArray[np.int64]:
        """Return [expert, bin], in how many seed questions the answer fell in each bin."""
        n = len(self.answers)
        # What differs by rounding alone is equal: a pool of equals must score like them.
        slack = _ROUNDING * (self.high - self.low)[:n, None]
        above = (self.answers[:, None] > quantiles[:, :n] + slack).sum(axis=-1)
        bins = np.arange(len(self.levels) + 1)
        here = np.isfinite(quantiles[:, :n, 0])
        return np.asarray(((above[..., None] == bins) & here[..., None]).sum(axis=1))

    def information_of(self, quantiles: Floats) -> Floats:
        """Return [expert, question], 0 where not answered."""
        found = np.zeros(quantiles.shape[:-1])
        at = np.isfinite(quantiles[..., 0])
        question = np.nonzero(at)[1]
        found[at] = information_score(
            quantiles[at], self.levels, self.low[question], self.high[question]
        )
        return found

    def seed_mean(self, information: Floats, answered: NDArray[np.bool_]) -> Floats:
        """Return [expert], the mean information on the seed questions answered."""
        n = len(self.answers)
        return np.asarray(information[:, :n].sum(axis=1) / answered[:, :n].sum(axis=1))

    def scores(self, quantiles: Floats) -> tuple[ExpertScores, ...]:
        """Return the scores of each row of quantiles [expert, question, q]."""
        answered = np.isfinite(quantiles[..., 0])
        information = self.information_of(quantiles)
        hits = self.hits(quantiles)
        rows = zip(
            hits.tolist(),
            calibration_score(hits, self.levels, power=self.power).tolist(),
            (information.sum(axis=1) / answered.sum(axis=1)).tolist(),
            self.seed_mean(information, answered).tolist(),
            strict=True,
        )
        return tuple(ExpertScores(tuple(row[0]), *row[1:]) for row in rows)


def panel_of(
    seeds: ArrayLike,
    answers: ArrayLike,
    interest: ArrayLike | None,
    levels: ArrayLike,
    background: str | Sequence[str],
    overshoot: float,
) -> Panel:
    """Return the panel, everything checked; the arguments are those of `classical_model`."""
    u = levels_of(levels)
    known, true = np.asarray(seeds, np.float64), np.asarray(answers, np.float64)
    asked = known[:, :0] if interest is None else np.asarray(interest, np.float64)
    _check_shapes(known, true, asked, len(u))
    if not (np.isfinite(overshoot) and overshoot > 0):
        raise ValueError(f"the overshoot is a share of the range, above 0: {overshoot:g}")
    quantiles = np.concatenate([known, asked], axis=1)
    logarithmic = _logarithmic(background, quantiles.shape[1])
    names = [f"seeds[{{0}}, {i}]" for i in range(len(true))]
    names += [f"interest[{{0}}, {i}]" for i in range(asked.shape[1])]
    _check_numbers(quantiles, true, logarithmic, names)
    scaled, truth = quantiles.copy(), true.copy()
    scaled[:, logarithmic] = np.log(quantiles[:, logarithmic])
    truth[logarithmic[: len(true)]] = np.log(true[logarithmic[: len(true)]])
    low, high = np.nanmin(scaled, axis=(0, 2)), np.nanmax(scaled, axis=(0, 2))
    low[: len(true)] = np.minimum(low[: len(true)], truth)
    high[: len(true)] = np.maximum(high[: len(true)], truth)
    beyond = overshoot * (high - low)
    return Panel(scaled, truth, u, logarithmic, low - beyond, high + beyond)


def _check_shapes(seeds: Floats, answers: Floats, interest: Floats, levels: int) -> None:
    if seeds.ndim != 3 or answers.shape != seeds.shape[1:2] or 0 in seeds.shape:
        raise ValueError(
            "seeds are [expert, seed, q] and answers [seed], one or more of each: shapes "
            f"{seeds.shape} and {answers.shape} do not fit"
        )
    if seeds.shape[2] != levels:
        raise ValueError(f"there are {levels} levels, but seeds hold {seeds.shape[2]} quantiles")
    if interest.ndim != 3 or (len(interest), interest.shape[2]) != (len(seeds), levels):
        raise ValueError(
            f"interest is [expert, question, q] of the {len(seeds)} experts and {levels} levels of "
            f"the seeds: shape {interest.shape} does not fit"
        )


def _logarithmic(background: str | Sequence[str], questions: int) -> NDArray[np.bool_]:
    """Return [question], whether its background is log-uniform."""
    each = [background] * questions if isinstance(background, str) else list(background)
    for name in each:
        if name not in BACKGROUNDS:
            raise ValueError(f"a background is one of {', '.join(BACKGROUNDS)}: {name!r}")
    if len(each) != questions:
        raise ValueError(f"{len(each)} backgrounds do not fit {questions} questions, seeds first")
    return np.array([name == "log-uniform" for name in each])


def _check_numbers(
    quantiles: Floats, answers: Floats, logarithmic: NDArray[np.bool_], names: list[str]
) -> None:
    """Refuse quantiles and answers that are no judgement and no truth; all are listed at once."""
    problems = [
        f"answers[{i}]: {x:g} is not {'above 0, as log-uniform needs' if log else 'finite'}"
        for i, (x, log) in enumerate(zip(answers.tolist(), logarithmic, strict=False))
        if not np.isfinite(x) or (log and x <= 0)
    ]
    for expert, question in np.ndindex(quantiles.shape[:2]):
        row = quantiles[expert, question]
        wrong = "" if np.isnan(row).all() else _wrong(row, bool(logarithmic[question]))
        if wrong:
            problems.append(f"{names[question].format(expert)}: {row.tolist()} {wrong}")
    silent = np.asarray(np.isnan(quantiles).all(axis=2))
    problems += [
        f"{names[i].format(':')}: no expert answered" for i in np.flatnonzero(silent.all(0))
    ]
    mute = np.flatnonzero(silent[:, : len(answers)].all(axis=1))
    problems += [f"seeds[{i}]: the expert answered none, so has no score" for i in mute]
    if problems:
        raise ValueError("\n".join(problems))


def _wrong(row: Floats, logarithmic: bool) -> str:
    if not np.isfinite(row).all():
        return "are not all finite; leave all of them NaN where an expert did not answer"
    if (np.diff(row) <= 0).any():
        return "do not rise"
    return "are not all above 0, as log-uniform needs" if logarithmic and row[0] <= 0 else ""
