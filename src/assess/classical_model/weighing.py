"""Weights from scores, the decision makers they make, and the cut-off that serves one best."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assess.classical_model.panel import Panel, panel_of
from assess.classical_model.result import ClassicalModel, DecisionMaker

__all__ = ["classical_model"]

Floats = NDArray[np.float64]
_FEW_SEEDS = 10
_POOR = 0.05
_ROUNDING = 1e-12


def classical_model(
    seeds: ArrayLike,
    answers: ArrayLike,
    interest: ArrayLike | None = None,
    *,
    levels: ArrayLike = (0.05, 0.5, 0.95),
    background: str | Sequence[str] = "uniform",
    overshoot: float = 0.1,
    cut_off: float | None = None,
) -> ClassicalModel:
    """Score experts on seed questions, and pool them by equal, global and item weights.

    An expert's weight is calibration times information: the mean over the seed questions (global),
    or that on the question at hand (item). The intrinsic range of a question holds all quantiles
    and the answer, and reaches beyond them by the overshoot on each side. Probability lies evenly
    between quantiles, on the question's background. An answer equal to a quantile counts as below.

    Args:
        seeds: [expert, seed, q], quantiles; NaN in every q where an expert did not answer.
        answers: [seed], the true values.
        interest: [expert, question, q], the same for the questions of interest, if there are any.
        levels: [q] of the quantiles, rising, above 0 and below 1.
        background: "uniform" or "log-uniform", for all questions or for each, seed questions first.
        overshoot: share of the range added on each side, above 0.
        cut_off: experts of lower calibration have no voice; None takes the experts' calibration
            that gives the decision maker its best combined score, the lowest if several do, of
            those that leave somebody with an answer to every question. The decision maker's own
            calibration may lie below it (ANDURYL drops such a cut-off).

    Raises:
        ValueError: shapes do not fit, quantiles do not rise, a number is missing or not positive
            on a logarithmic background, or no expert is left with a weight.

    References:
        Cooke (1991), Experts in Uncertainty, Oxford University Press, chapter 12.
        Colson and Cooke (2017), Cross validation for the classical model of structured expert
        judgment, doi:10.1016/j.ress.2017.02.003.

    >>> sure, wide = [[4, 5, 6], [1, 2, 3]], [[1, 5, 9], [1, 4, 9]]
    >>> model = classical_model([sure, wide], [5, 7], [[[10, 11, 12]], [[10, 20, 30]]])
    >>> [round(expert.calibration, 3) for expert in model.experts]
    [0.186, 0.936]
    >>> model.global_weights.weights[:, 0].round(3).tolist()
    [0.873, 0.127]
    >>> model.equal.interest.round(1).tolist()
    [[10.0, 11.8, 29.1]]
    """
    panel = panel_of(seeds, answers, interest, levels, background, overshoot)
    if cut_off is not None and not 0 <= cut_off <= 1:
        raise ValueError(f"a cut-off is a calibration score, between 0 and 1: {cut_off:g}")
    experts = panel.scores(panel.quantiles)
    equal = _decide(panel, "equal", 0.0)
    by_global, by_item = (_best(panel, scheme, cut_off) for scheme in ("global", "item"))
    return ClassicalModel(
        experts=experts,
        equal=equal,
        global_weights=by_global,
        item_weights=by_item,
        optimised=cut_off is None,
        power=panel.power,
        note=_note(panel, by_global.weights),
    )


def _best(panel: Panel, scheme: str, cut_off: float | None) -> DecisionMaker:
    """Return the decision maker at the cut-off, or at the one that serves it best."""
    if cut_off is not None:
        return _decide(panel, scheme, cut_off)
    able = _combined(panel) > 0
    candidates = np.unique(panel.calibration[able]).tolist() or [0.0]
    best = _decide(panel, scheme, candidates[0])
    for candidate in candidates[1:]:
        kept = able & (panel.calibration >= candidate)
        if not panel.answered[kept].any(axis=0).all():
            break
        other = _decide(panel, scheme, candidate)
        if other.scores.combined > best.scores.combined * (1 + _ROUNDING):
            best = other
    return best


def _combined(panel: Panel) -> Floats:
    return panel.calibration * panel.seed_mean(panel.information, panel.answered)


def _weights(panel: Panel, scheme: str, cut_off: float) -> Floats:
    """Return [expert, question], summing to 1 over the experts who answered and have a voice."""
    voice = panel.calibration >= cut_off
    if scheme == "equal":
        raw = np.ones_like(panel.information)
    else:
        combined = np.where(voice, _combined(panel), 0.0)
        if not (combined > 0).any():
            raise ValueError(
                f"no expert keeps a weight at the cut-off {cut_off:g}: the best calibration is "
                f"{panel.calibration.max():.3g}, the best combined score "
                f"{_combined(panel).max():.3g}"
            )
        raw = np.broadcast_to(combined[:, None], panel.information.shape)
    if scheme == "item":
        by_item = np.where(voice, panel.calibration, 0.0)[:, None] * panel.information
        # Where nobody with a voice says anything, they all say the same: any weights will do.
        raw = np.where((by_item > 0).any(axis=0), by_item, raw)
    raw = np.where(panel.answered, raw, 0.0)
    silent = ~(raw > 0).any(axis=0)
    if silent.any():
        raise ValueError(
            f"question {int(np.argmax(silent))}, seed questions first and counted from 0, was "
            f"answered by nobody who keeps a weight at the cut-off {cut_off:g}"
        )
    return np.asarray(raw / raw.sum(axis=0))


def _decide(panel: Panel, scheme: str, cut_off: float) -> DecisionMaker:
    """Return the decision maker of one scheme at one cut-off."""
    weights = _weights(panel, scheme, cut_off)
    pooled = np.array(
        [
            np.interp(panel.levels, np.einsum("e,ep->p", weights[:, i], shares), points)
            for i, (points, shares) in enumerate(panel.distributions)
        ]
    )
    quantiles = pooled.copy()
    quantiles[panel.logarithmic] = np.exp(pooled[panel.logarithmic])
    n = len(panel.answers)
    for array in (weights, quantiles):
        array.setflags(write=False)
    (scores,) = panel.scores(pooled[None])
    return DecisionMaker(scheme, cut_off, weights, quantiles[:n], quantiles[n:], scores)


def _note(panel: Panel, weights: Floats) -> str:
    """Say what weakens the scores; the weights are the global ones, [expert, question]."""
    experts, seeds = panel.quantiles.shape[0], len(panel.answers)
    said = []
    if seeds < _FEW_SEEDS:
        said.append(
            f"{seeds} seed question{'s' * (seeds != 1)}: below {_FEW_SEEDS}, calibration tells "
            "experts apart only roughly, and one answer can turn the weights"
        )
    if not panel.answered[:, :seeds].all():
        said.append(
            "not every expert answered every seed question: calibration counts each as if it had "
            f"answered {panel.power}, the fewest of any"
        )
    if panel.calibration.max() < _POOR:
        said.append(
            f"no expert is well calibrated: the best score is {panel.calibration.max():.2g}, below "
            f"{_POOR:g}"
        )
    if experts == 1:
        said.append("one expert: there is nothing to weigh")
    heard = np.flatnonzero((weights > 0).any(axis=1))
    if experts > 1 and len(heard) == 1:
        said.append(f"under global weights experts[{heard[0]}] alone decides")
    return "; ".join(said)
