"""What the rules, weighting methods and pooling centres of the library claim beyond the basics."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from assess import aggregation, pooling, weighting
from assess.testing.subjects import Subject

Claims = frozenset[str]

_LINEAR = frozenset(
    {
        "homogeneous",
        "nested_is_flat",
        "nonexpansive",
        "self_dual",
        "strictly_monotone",
        "translation_equivariant",
    }
)
_EXTREME = frozenset({"homogeneous", "nested_is_flat", "nonexpansive", "translation_equivariant"})


def _power_mean(*, exponent: float) -> Claims:
    if exponent == 1:
        return _LINEAR
    found = {"homogeneous", "nested_is_flat"}
    if np.isinf(exponent):
        found |= _EXTREME
    else:
        found.add("strictly_monotone")
    if exponent >= 1:
        found.add("nonexpansive")
    if exponent <= 0:
        found.add("vetoes_at_zero")
    return frozenset(found)


def _power_mean_orness(*, exponent: float) -> float:
    """Return the orness of the named means, and of the next one above for those between."""
    harmonic, quadratic = 3 - 4 * np.log(2), np.arcsinh(1) / np.sqrt(2)
    known = {-np.inf: 0, -1: harmonic, 0: 1 / 3, 1: 0.5, 2: quadratic, np.inf: 1}
    return float(min(orness for at, orness in known.items() if at >= exponent))


def _ordered_weighted(*, order_weights: Sequence[float]) -> Claims:
    found = {"homogeneous", "nonexpansive", "translation_equivariant"}
    if min(order_weights) > 0:
        found.add("strictly_monotone")
    if np.allclose(order_weights, order_weights[::-1]):
        found.add("self_dual")
    return frozenset(found)


def _ordered_weighted_orness(*, order_weights: Sequence[float]) -> float:
    """Return the weight of the better of two equal children: the quantifier at one half."""
    reached = np.concatenate([[0.0], np.cumsum(order_weights)])
    return float(np.interp(0.5, np.linspace(0, 1, len(reached)), reached))


_RULES: Mapping[str, tuple[Claims | Callable[..., Claims], float | Callable[..., float]]] = {
    "ordered_weighted": (_ordered_weighted, _ordered_weighted_orness),
    "power_mean": (_power_mean, _power_mean_orness),
    "weakest_link": (_EXTREME | {"vetoes_at_zero"}, 0.0),
    "weighted_product": (
        frozenset({"homogeneous", "nested_is_flat", "strictly_monotone", "vetoes_at_zero"}),
        1 / 3,
    ),
    "weighted_sum": (_LINEAR, 0.5),
}


# How judgements are drawn for a weighting method (`weighting_laws.JUDGEMENTS`), and what it claims.
_METHODS: Mapping[str, tuple[str, Claims]] = {
    "equal": ("points", frozenset({"scale_free"})),
    "fixed": ("weights", frozenset({"recovers_consistent_judgement", "tells_apart"})),
    "points": (
        "points",
        frozenset({"recovers_consistent_judgement", "scale_free", "tells_apart"}),
    ),
    "rank_centroid": ("ranks", frozenset({"tells_apart"})),
    "rank_reciprocal": ("ranks", frozenset({"tells_apart"})),
    "rank_sum": ("ranks", frozenset({"tells_apart"})),
    "swing": ("swings", frozenset({"recovers_consistent_judgement", "tells_apart"})),
}


def _trimmed_mean_liars(*, share: float = 0.2) -> float:
    return share


# The share of the panel's weight that may lie without carrying the centre away.
_CENTRES: Mapping[str, float | Callable[..., float]] = {
    "mean": 0.0,
    "median": 0.5,
    "trimmed_mean": _trimmed_mean_liars,
}


def rule_subject(rule: Callable[..., Any] | Subject, **options: Any) -> Subject:
    """Return a rule as a subject, with the claims of the library where it is one of its own."""
    if isinstance(rule, Subject):
        return rule
    name = _name_in(aggregation.__all__, aggregation, rule)
    if name in _RULES:
        claims, orness = _RULES[name]
        options = {"claims": claims, "orness": orness} | options
    return Subject(rule, **options)


def weighting_subject(method: Callable[..., Any] | Subject, **options: Any) -> Subject:
    """Return a weighting method as a subject, with what the library says of its own."""
    if isinstance(method, Subject):
        return method
    name = _name_in(weighting.__all__, weighting, method)
    if name in _METHODS:
        judgements, claims = _METHODS[name]
        options = {"judgements": judgements, "claims": claims} | options
    return Subject(method, **options)


def pooling_subject(centre: Callable[..., Any] | Subject, **options: Any) -> Subject:
    """Return a pooling centre as a subject, with what the library says of its own."""
    if isinstance(centre, Subject):
        return centre
    name = _name_in(pooling.__all__, pooling, centre)
    if name in _CENTRES:
        options = {"liars": _CENTRES[name]} | options
    return Subject(centre, **options)


def _name_in(names: Sequence[str], module: Any, function: Callable[..., Any]) -> str:
    """Return the name under which a module lists a function; empty where it does not."""
    inner = function.func if isinstance(function, partial) else function
    return next((name for name in names if getattr(module, name) is inner), "")
