"""What makes a study sound as a whole: who is judged, by whom, how, and of what size."""

from collections.abc import Iterator

from assess import aggregation, pooling
from assess.choices import bind, trial
from assess.model import CONFIDENCES, Problem, Study

LARGEST = 200_000_000


def whole_problems(study: Study) -> Iterator[Problem]:
    """Yield what is wrong with strategies, analysts, method and size."""
    for name in ("strategies", "analysts"):
        if not getattr(study, name):
            yield Problem("study", (name,), f"a study needs at least one of its {name}")
    if study.analysts and not any(analyst.weight for analyst in study.analysts.values()):
        yield Problem("study", ("analysts",), "the weights of all analysts are 0")
    baselines = [key for key, strategy in study.strategies.items() if strategy.baseline]
    if len(baselines) > 1:
        message = f"only one strategy can be the baseline; {', '.join(baselines)} are"
        yield Problem("study", ("strategies", baselines[1], "baseline"), message)
    yield from _method_problems(study)
    for key, actor in study.all_actors.items():
        if actor.valid_from and actor.valid_to and actor.valid_from > actor.valid_to:
            message = f"began on {actor.valid_from}, after it ended on {actor.valid_to}"
            part = "study" if key in study.actors else "tree"
            yield Problem(part, ("actors", key, "valid_to"), message)
    sizes = (study.analysts, study.scenarios, study.strategies, study.tree.leaves)
    dense = 1
    for axis in sizes:
        dense *= max(len(axis), 1)
    if dense > LARGEST:
        message = f"{dense:,} cells of analyst x scenario x strategy x criterion are too many"
        yield Problem("study", (), message, f"at most {LARGEST:,} are allowed: split the study")


def _method_problems(study: Study) -> Iterator[Problem]:
    try:
        trial(bind(study.method.pooling, pooling))
    except ValueError as error:
        yield Problem("study", ("method", "pooling"), f"pooling {error}")
    for name in study.rules:
        if name in aggregation.__all__:
            message = f"{name!r} is the name of a rule of the library; choose another for your own"
            yield Problem("study", ("rules", name), message)
    widths = [getattr(study.method.half_widths, name) for name in CONFIDENCES]
    if not 0 <= widths[0] <= widths[1] <= widths[2] <= 100:
        listed = ", ".join(f"{w:g}" for w in widths)
        message = f"half-widths rise from high to low confidence within 0 to 100: {listed}"
        yield Problem("study", ("method", "half_widths"), message)
