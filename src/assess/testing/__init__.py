"""The laws of scoring as a kit: hold them against rules, weights, panels, scales and studies.

    from assess.testing import check_rule

    check_rule(my_rule)        # an ExceptionGroup of every law that is broken, each with an example

It needs Hypothesis: `pip install "strategy-assess[testing]"`. Hypothesis calls a recipe by which
examples are drawn a strategy; the strategies that a study assesses are something else.
"""

try:
    import hypothesis as _hypothesis
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        'assess.testing needs Hypothesis: pip install "strategy-assess[testing]"', name=error.name
    ) from error

from assess.testing import (
    convention_laws,
    pooling_laws,
    rule_claims,
    rule_laws,
    scale_laws,
    study_laws,
    weighting_laws,
)
from assess.testing.broken import Planted, broken_studies
from assess.testing.compared import Assessed
from assess.testing.rule_claims import orness
from assess.testing.running import (
    Verdict,
    check_pooling,
    check_rule,
    check_scale,
    check_study,
    check_weighting,
    laws_of,
    parametrize_with_laws,
    verdicts,
)
from assess.testing.scale_laws import Valued
from assess.testing.strategies import (
    ratings,
    scales,
    scenarios,
    studies,
    trees,
    values,
    weights,
)
from assess.testing.subjects import LawBroken, Subject

__all__ = [
    "Assessed",
    "LawBroken",
    "Planted",
    "Subject",
    "Valued",
    "Verdict",
    "broken_studies",
    "check_pooling",
    "check_rule",
    "check_scale",
    "check_study",
    "check_weighting",
    "convention_laws",
    "laws_of",
    "orness",
    "parametrize_with_laws",
    "pooling_laws",
    "ratings",
    "rule_claims",
    "rule_laws",
    "scale_laws",
    "scales",
    "scenarios",
    "studies",
    "study_laws",
    "trees",
    "values",
    "verdicts",
    "weighting_laws",
    "weights",
]

del _hypothesis
