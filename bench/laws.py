"""What the kit of laws costs: drawing a study, and holding every law against one rule."""

from statistics import median

import hypothesis
from timing import Line, seconds, show

import assess
from assess.model import Study
from assess.testing import check_rule, check_study, studies

EXAMPLES = 300
ROUNDS = 5
DRAWN = 10.0
RULE = 10.0


def main() -> None:
    drawing = [1000 * seconds(draw) / EXAMPLES for _ in range(ROUNDS)]
    checking = [seconds(lambda: check_rule(assess.aggregation.power_mean)) for _ in range(ROUNDS)]
    mali = assess.load("mali")
    whole = [seconds(lambda: check_study(mali)) for _ in range(ROUNDS)]
    show(
        f"The kit of laws, median of {ROUNDS} rounds, processor time; Hypothesis "
        f"{hypothesis.__version__}",
        [
            Line("studies(): one example at default size", median(drawing), None,
                 f"at most {DRAWN:g}", median(drawing) <= DRAWN, "ms"),
            Line("check_rule(power_mean), 100 examples a law", median(checking), None,
                 f"at most {RULE:g}", median(checking) <= RULE),
            Line("check_study(mali)", median(whole)),
        ],
    )  # fmt: skip


def draw() -> None:
    """Draw studies and do nothing with them."""

    @hypothesis.settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(study=studies())
    def run(study: Study) -> None:
        del study

    run()


if __name__ == "__main__":
    main()
