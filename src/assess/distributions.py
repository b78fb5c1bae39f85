"""Pools of analysts' whole distributions, and the way from quantiles or triangles to bins and back.

A distribution is the probabilities of bins, `[..., bin]`, on edges that all analysts share, or its
quantiles, `[..., q]`, at levels that all share. Weights `[..., analyst]` are non-negative and of
positive sum; only their ratios count. What an analyst of weight zero says is never looked at.

The linear pool keeps disagreement: two camps stay two humps. The logarithmic pool keeps what all
hold possible, and lets any one of them veto a bin. The quantile average keeps the shape, and moves
and widens it.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "bins_from_quantiles",
    "bins_from_triangle",
    "linear_pool",
    "logarithmic_pool",
    "quantile_average",
    "quantiles_from_bins",
]

Floats = NDArray[np.float64]
_SUM = 1e-9


def linear_pool(probabilities: ArrayLike, weights: ArrayLike) -> Floats:
    """Average the analysts' probabilities by weight: the mixture of their distributions.

    P_k = sum_a w_a p_ak / sum_a w_a

    Args:
        probabilities: [..., analyst, bin], at least 0 and summing to 1 over the bins.
        weights: [..., analyst], of positive sum.

    Returns:
        [..., bin], summing to 1.

    Raises:
        ValueError: the weights or the probabilities are none.

    References:
        Stone (1961), The opinion pool, doi:10.1214/aoms/1177704873.
        Genest and Zidek (1986), Combining probability distributions, doi:10.1214/ss/1177013825.

    >>> linear_pool([[0.5, 0.5, 0.0], [0.0, 0.5, 0.5]], [1, 3]).tolist()
    [0.125, 0.5, 0.375]
    """
    p, w = _distributions(probabilities, weights)
    return np.asarray(np.einsum("...a,...ak->...k", w, p))


def logarithmic_pool(probabilities: ArrayLike, weights: ArrayLike) -> Floats:
    """Average the analysts' log-probabilities by weight, and make the result sum to 1.

    P_k is proportional to prod_a p_ak ** (w_a / sum_b w_b). The exponents sum to 1, which makes the
    pool externally Bayesian: to update every analyst by one likelihood and pool is to pool and
    update once. It also makes it the same on densities and on probabilities of bins of any width.

    Args:
        probabilities: [..., analyst, bin], at least 0 and summing to 1 over the bins.
        weights: [..., analyst], of positive sum.

    Returns:
        [..., bin], summing to 1.

    Raises:
        ValueError: the weights or the probabilities are none, or there is no bin that every analyst
            with a weight holds possible.

    References:
        Genest and Zidek (1986), Combining probability distributions, doi:10.1214/ss/1177013825.

    >>> logarithmic_pool([[0.8, 0.2], [0.2, 0.8]], [1, 1]).round(12).tolist()
    [0.5, 0.5]
    """
    p, w = _distributions(probabilities, weights)
    possible = ((p > 0) | (w[..., None] == 0)).all(axis=-2)
    _refuse(
        ~possible.any(axis=-1),
        "no bin is held possible by every analyst who has a weight, so the logarithmic pool is not "
        "defined; use the linear pool, or give each analyst some probability everywhere",
    )
    logs = np.log(np.where(possible[..., None, :] & (p > 0), p, 1.0))
    pooled = np.where(possible, np.einsum("...a,...ak->...k", w, logs), -np.inf)
    raised = np.exp(pooled - pooled.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def quantile_average(quantiles: ArrayLike, weights: ArrayLike) -> Floats:
    """Average the analysts' quantiles level by level, by weight (Vincentization).

    Q(u) = sum_a w_a Q_a(u) / sum_a w_a

    Distributions that differ in location and width alone give one of the same shape, with the
    average location and width: narrower than the linear pool, which adds the disagreement.

    Args:
        quantiles: [..., analyst, q] at levels that all share, not falling along q.
        weights: [..., analyst], of positive sum.

    Returns:
        [..., q], not falling along q.

    Raises:
        ValueError: the weights are none, or an analyst's quantiles fall or are not finite.

    References:
        Ratcliff (1979), Group reaction time distributions, doi:10.1037/0033-2909.86.3.446.
        Lichtendahl, Grushka-Cockayne and Winkler (2013), Is it better to average probabilities or
        quantiles?, doi:10.1287/mnsc.1120.1667.

    >>> quantile_average([[0.0, 1.0, 2.0], [4.0, 5.0, 10.0]], [1, 1]).tolist()
    [2.0, 3.0, 6.0]
    """
    q, w = _of_voices(quantiles, weights)
    _refuse(~np.isfinite(q).all(axis=-1), "the quantiles {given} are not all finite numbers", q)
    _refuse((np.diff(q, axis=-1) < 0).any(axis=-1), "the quantiles {given} fall somewhere", q)
    # The running maximum undoes what rounding may take from equal neighbours.
    return np.maximum.accumulate(np.einsum("...a,...aq->...q", w, q), axis=-1)


def bins_from_quantiles(quantiles: ArrayLike, levels: ArrayLike, edges: ArrayLike) -> Floats:
    """Spread probability evenly between neighbouring quantiles, and give what falls in each bin.

    Of all distributions with these quantiles it is the one that adds least to the uniform.

    Args:
        quantiles: [..., q], rising along q; the first and the last are the ends of the range.
        levels: [q], rising from 0 to 1.
        edges: [bin + 1], rising; they hold the whole range between them.

    Returns:
        [..., bin], summing to 1.

    Raises:
        ValueError: the quantiles, levels or edges do not rise, the levels do not reach from 0 to 1,
            or a quantile lies outside the edges.

    References:
        Cooke (1991), Experts in Uncertainty, Oxford University Press, chapter 12.

    >>> bins_from_quantiles([0, 2, 4], [0, 0.5, 1], [0, 1, 2, 3, 4]).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    q, u, e = np.asarray(quantiles, np.float64), _rising(levels, "levels"), _rising(edges, "edges")
    if u[0] != 0 or u[-1] != 1:
        raise ValueError(f"the levels reach from 0 to 1, not from {u[0]:g} to {u[-1]:g}")
    if q.shape[-1:] != u.shape:
        raise ValueError(f"there are {len(u)} levels, but the quantiles have shape {q.shape}")
    _refuse(~(np.diff(q, axis=-1) > 0).all(axis=-1), "the quantiles {given} do not rise", q)
    outside = (q[..., 0] < e[0]) | (q[..., -1] > e[-1])
    _refuse(outside, f"the quantiles {{given}} reach beyond the edges, {e[0]:g} to {e[-1]:g}", q)
    below = [np.interp(e, row, u) for row in q.reshape(-1, len(u))]
    return np.diff(np.reshape(below, (*q.shape[:-1], len(e))), axis=-1)


def bins_from_triangle(
    low: ArrayLike, mode: ArrayLike, high: ArrayLike, edges: ArrayLike
) -> Floats:
    """Give the probability of each bin under the triangular distribution on [low, high].

    What lies beyond the edges falls into the first and the last bin. Where low, mode and high are
    one point, its bin holds it all (a point on an edge belongs to the bin below).

    Args:
        low: [...], the smallest possible value.
        mode: [...], the likeliest.
        high: [...], the largest possible value.
        edges: [bin + 1], rising.

    Returns:
        [..., bin], summing to 1.

    Raises:
        ValueError: the edges do not rise, or not low <= mode <= high.

    >>> bins_from_triangle(0, 2, 4, [0, 1, 2, 3, 4]).tolist()
    [0.125, 0.375, 0.375, 0.125]
    """
    e = _rising(edges, "edges")
    a, m, b = np.broadcast_arrays(
        *(np.asarray(x, np.float64)[..., None] for x in (low, mode, high))
    )
    _refuse(
        ~((a <= m) & (m <= b))[..., 0],
        "low, mode and high {given} are not in rising order",
        np.concatenate([a, m, b], axis=-1),
    )
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        rising = (e - a) / (b - a) * ((e - a) / (m - a))
        falling = (b - e) / (b - a) * ((b - e) / (b - m))
    below = np.where(e < m, rising, np.where(m < b, 1 - falling, 1.0))
    below = np.where(e < a, 0.0, np.where(e >= b, 1.0, below))
    below[..., 0], below[..., -1] = 0.0, 1.0
    return np.diff(below, axis=-1)


def quantiles_from_bins(probabilities: ArrayLike, edges: ArrayLike, levels: ArrayLike) -> Floats:
    """Read quantiles off bins, with probability spread evenly inside each.

    Where an empty bin leaves a choice, it is the smallest value that reaches the level.

    Args:
        probabilities: [..., bin], at least 0 and summing to 1.
        edges: [bin + 1], rising.
        levels: [q], rising, above 0 and below 1.

    Returns:
        [..., q].

    Raises:
        ValueError: the probabilities are none, the edges or levels do not rise, or a level is not
            between 0 and 1.

    >>> quantiles_from_bins([0.5, 0.0, 0.5], [0, 1, 2, 3], [0.25, 0.5, 0.75]).tolist()
    [0.5, 1.0, 2.5]
    """
    p, e, u = np.asarray(probabilities, np.float64), _rising(edges, "edges"), _levels(levels)
    if p.shape[-1:] != (len(e) - 1,):
        raise ValueError(
            f"{len(e)} edges fit probabilities [..., {len(e) - 1}], not those of shape {p.shape}"
        )
    _check_probabilities(p)
    running = np.cumsum(p, axis=-1)
    running /= running[..., -1:]
    bin_of = (running[..., None, :] < u[:, None]).sum(axis=-1)
    inside = np.take_along_axis(np.diff(running, prepend=0.0, axis=-1), bin_of, axis=-1)
    left = u - (np.take_along_axis(running, bin_of, axis=-1) - inside)
    return np.asarray(e[bin_of] + np.clip(left / inside, 0, 1) * np.diff(e)[bin_of])


def _distributions(probabilities: ArrayLike, weights: ArrayLike) -> tuple[Floats, Floats]:
    """Return both as float64, checked; weights sum to 1, who has none gives 0 everywhere."""
    p, w = _of_voices(probabilities, weights)
    _check_probabilities(p, skip=w == 0)
    return p, w


def _of_voices(values: ArrayLike, weights: ArrayLike) -> tuple[Floats, Floats]:
    """Return values, 0 where the weight is, and weights that sum to 1."""
    v, w = np.asarray(values, np.float64), np.asarray(weights, np.float64)
    if v.ndim < 2 or w.ndim < 1 or v.shape[-2] != w.shape[-1] or v.shape[-1] == 0:
        raise ValueError(
            f"distributions are [..., analyst, bin] and weights [..., analyst]: shapes {v.shape} "
            f"and {w.shape} do not fit"
        )
    shape = np.broadcast_shapes(v.shape[:-1], w.shape)
    _refuse(~np.isfinite(w).all(axis=-1), "the weights {given} are not all finite numbers", w)
    _refuse((w < 0).any(axis=-1), "the weights {given} are not all at least 0", w)
    _refuse(~(w > 0).any(axis=-1), "the weights {given} leave no analyst a voice", w)
    # Divided by the largest first, so that tiny or huge weights keep their ratios.
    w = w / w.max(axis=-1, keepdims=True)
    w = np.broadcast_to(w / w.sum(axis=-1, keepdims=True), shape)
    return np.where(w[..., None] == 0, 0.0, np.broadcast_to(v, (*shape, v.shape[-1]))), w


def _check_probabilities(probabilities: Floats, skip: ArrayLike = False) -> None:
    """Refuse what is no distribution over bins, except where it is to be skipped."""
    p, heard = probabilities, ~np.asarray(skip)
    _refuse(heard & ~np.isfinite(p).all(axis=-1), "{given} are not all finite numbers", p)
    _refuse(heard & (p < 0).any(axis=-1), "{given} are not all at least 0", p)
    off = np.abs(p.sum(axis=-1) - 1) > _SUM
    _refuse(heard & off, "{given} sum to {total:.10g}; the bins of a distribution sum to 1", p)


def _rising(values: ArrayLike, what: str) -> Floats:
    v = np.asarray(values, np.float64)
    if v.ndim != 1 or len(v) < 2 or not (np.isfinite(v).all() and (np.diff(v) > 0).all()):
        raise ValueError(
            f"the {what} are finite numbers in rising order, two or more: {v.tolist()}"
        )
    return v


def _levels(levels: ArrayLike) -> Floats:
    u = np.atleast_1d(np.asarray(levels, np.float64))
    if u.ndim != 1 or not ((u > 0) & (u < 1)).all() or not (np.diff(u) > 0).all():
        raise ValueError(f"levels lie above 0 and below 1, in rising order: {u.tolist()}")
    return u


def _refuse(wrong: ArrayLike, message: str, given: Floats | None = None) -> None:
    """Raise for the first place [...] that is wrong, with its position and what stands there."""
    if not np.any(wrong):
        return
    at = tuple(int(i) for i in np.argwhere(wrong)[0])
    row = np.zeros(0) if given is None else given[at]
    place = f"at {list(at)}: " if at else ""
    raise ValueError(place + message.format(given=row.tolist(), total=row.sum()))
