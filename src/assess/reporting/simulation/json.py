"""JSON: a whole simulation, with its study, so that it can be read back and gone on with.

`tallies` holds the counts, whole numbers alone; `results` what they say, to six decimals, for
people and other programs to read. A file that is read is held together: its study is sound and is
the one of `digest`; every count has the shape that the study asks for, and counts add up to the
draws of `blocks`; `results` are what the counts say; and all but the study is that of
`results_digest`. A digest is no signature, though: whoever makes up counts that add up, and works
out the digests again, is not found out here. Only drawing again shows that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from assess.json_content import content_of, digest_of, keyed, laid_out, same, text_of
from assess.model import Study, nearest, shown
from assess.reporting.json import FORMAT as REPORT
from assess.reporting.json import KEYS as REPORT_KEYS
from assess.reporting.json import MORE as REPORT_MORE
from assess.reporting.json import check_sound, study_of, versions_of
from assess.simulation import Simulation
from assess.simulation.plan import plan
from assess.simulation.stored import tallies_from_json, tallies_to_json
from assess.simulation.target import Ended

FORMAT = "assess simulation 1"
DECIMALS = 6
CLOSE = 2e-6
_KEYS = (
    "format", "digest", "results_digest", "versions", "seed", "stream", "settings", "block_size",
    "blocks", "draws", "ended", "stopped", "axes", "results", "tallies", "study",
)  # fmt: skip


def render(simulation: Simulation) -> str:
    """Return a simulation as JSON; the same simulation gives the same bytes."""
    content = {**without_study(simulation), "study": simulation.study.model_dump(mode="json")}
    return laid_out(content, depth=4)


def without_study(simulation: Simulation) -> dict[str, Any]:
    """Return all of a simulation but its study, as plain data for a file that carries both."""
    found, study = _found(simulation), simulation.study
    return {
        "format": FORMAT,
        "digest": study.digest,
        "results_digest": digest_of(study.digest, found),
        **found,
    }


def _found(simulation: Simulation) -> dict[str, Any]:
    """Return all of a simulation but its study."""
    study = simulation.study
    return {
        "versions": dict(simulation.versions),
        "seed": simulation.seed,
        "stream": study.method.uncertainty.stream,
        "settings": study.method.uncertainty.model_dump(mode="json"),
        "block_size": plan(study).block,
        "blocks": [list(pair) for pair in simulation.blocks],
        "draws": simulation.draws,
        "ended": simulation.ended,
        "stopped": simulation.stopped,
        "axes": _axes(simulation),
        "results": {name: _listed(array) for name, array in _results(simulation).items()},
        "tallies": tallies_to_json(simulation.tallies),
    }


def _axes(simulation: Simulation) -> dict[str, list[str]]:
    study = simulation.study
    return {
        "scenario": list(study.scenario_ids),
        "strategy": list(study.strategies),
        "node": list(study.tree.nodes),
        "gate": list(simulation.gates),
        "band": ["weak", "acceptable", "good"],
    }


def _results(simulation: Simulation) -> dict[str, NDArray[np.float64]]:
    """Return what the counts say, each figure with its standard error; scores in [0, 1]."""
    errors, found = simulation.errors, dict[str, NDArray[np.float64]]()
    names = (
        "first", "acceptability", "expected_rank", "entropy", "winning", "mean", "deviation",
        "skewness", "bands", "passes", "central_weights",
    )  # fmt: skip
    for name in names:
        found[name] = getattr(simulation, name)
        found[f"{name}_error"] = getattr(errors, name)
    nodes = simulation.study.tree.nodes
    for name, level in (("low", 0.1), ("median", 0.5), ("high", 0.9)):
        for key, source in ((name, simulation), (f"{name}_error", errors)):
            found[key] = np.stack([source.quantile(level, node) for node in nodes], axis=-1)
    found["margin"], found["margin_error"] = simulation.margin(0.5), errors.margin(0.5)
    for order in (1, 2):
        found[f"dominance_gap_{order}"] = simulation.dominance_gap(order)
        found[f"dominance_gap_{order}_error"] = errors.dominance_gap(order)
    return found


def _listed(array: NDArray[np.float64]) -> Any:
    """Return nested lists of rounded numbers, with None for NaN and no minus before 0."""
    plain = (np.round(array, DECIMALS) + 0.0).astype(object)
    plain[np.isnan(array)] = None
    return plain.tolist()


def read(path: str | Path, study: Study | None = None) -> Simulation:
    """Read a simulation back.

    Args:
        path: the file.
        study: what it was drawn from, where that has rules of its own.

    Raises:
        ValueError: the file is not a simulation, does not hold together (what that means, and what
            it does not, stands at the top of this file), or is of another study.
    """
    text = text_of(Path(path), "a simulation")
    with _told(path):
        content = _content(text)
        carried = study_of(content["study"])
        told = "the inputs were changed after it was written"
        same("digest", content["digest"], carried.digest, told)
        check_sound(carried)
    held = _with_rules(path, carried, study)
    with _told(path):
        return _simulation(content, held)


def _content(text: str) -> dict[str, Any]:
    """Return a simulation that a file holds alone, or within a report."""
    if f'"format": "{REPORT}"' not in text[:100]:
        return content_of(text, FORMAT, _KEYS)
    report = content_of(text, REPORT, REPORT_KEYS, REPORT_MORE)
    if "simulation" not in report:
        raise ValueError("it is a report without draws: simulation is missing")
    return keyed("simulation", {**report["simulation"], "study": report["study"]}, _KEYS)


@contextmanager
def _told(path: str | Path) -> Iterator[None]:
    """Say which file it is that does not hold together."""
    try:
        yield
    except (ValueError, RecursionError, OverflowError) as error:
        deep = isinstance(error, RecursionError)
        words = "lists or objects are nested too deeply" if deep else error
        raise ValueError(f"{path} is not a simulation written by assess: {words}") from error


def _with_rules(path: str | Path, carried: Study, given: Study | None) -> Study:
    """Return the study with the functions of its own rules."""
    if given is not None and given.digest != carried.digest:
        raise ValueError(
            f"{path} is a simulation of another study: its digest is {carried.digest[:12]!r}, "
            f"that of {given.name!r} is {given.digest[:12]!r}"
        )
    study = carried if given is None else given
    if lacking := [name for name, own in study.rules.items() if own.function is None]:
        rules = ", ".join(f"{name!r}: function" for name in lacking)
        raise ValueError(
            f"{path} rests on a rule of its author's, and no file holds functions: "
            f"Simulation.read({str(path)!r}, assess.load(STUDY, rules={{{rules}}}))"
        )
    return study


def _simulation(content: dict[str, Any], study: Study) -> Simulation:
    """Return the simulation that a file holds, once it is known to hold together."""
    settings = study.method.uncertainty
    size, blocks = plan(study).block, blocks_of(content["blocks"])
    draws = size * sum(last - first for first, last in blocks)
    _exactly("stream", content["stream"], settings.stream, "that of the study")
    _exactly("settings", content["settings"], settings.model_dump(mode="json"), "the study's")
    told = "in which this version of assess draws the study"
    _exactly("block_size", content["block_size"], size, told)
    _exactly("draws", content["draws"], draws, "those of `blocks`")
    seed, ended, stopped = content["seed"], content["ended"], content["stopped"]
    if type(seed) is not int or not 0 <= seed < 2**63:
        raise ValueError(f"seed is {shown(seed)}, expected a whole number from 0")
    if ended not in get_args(Ended):
        raise ValueError(f"ended is {shown(ended)} ({nearest(ended, get_args(Ended))})")
    if not isinstance(stopped, str):
        raise ValueError(f"stopped is {shown(stopped)}, expected a text")
    simulation = Simulation(
        study=study,
        seed=seed,
        blocks=blocks,
        tallies=tallies_from_json(content["tallies"], study, blocks),
        stopped=stopped,
        versions=versions_of(content["versions"]),
        ended=ended,
    )
    _exactly("axes", content["axes"], _axes(simulation), "those of the study")
    _check_results(content["results"], simulation)
    told = "counts, results, blocks, seed or versions were changed after it was written"
    found = {key: content[key] for key in _found(simulation)}
    same("results_digest", content["results_digest"], digest_of(study.digest, found), told)
    return simulation


def _exactly(name: str, given: Any, expected: Any, told: str) -> None:
    if type(given) is not type(expected) or given != expected:
        raise ValueError(f"{name}: {shown(given)}, expected {shown(expected)}: {told}")


def blocks_of(given: Any) -> tuple[tuple[int, int], ...]:
    """Return ranges of blocks, once they are known to rise and to stand apart.

    Raises:
        ValueError: they are no such ranges; says which.
    """
    found, end = [], -1
    for place, pair in enumerate(given if isinstance(given, list) else [given]):
        match pair:
            case [int(first), int(last)] if end < first < last < 2**31 and not _truth(pair):
                found.append((first, last))
                end = last
            case _:
                told = "expected [first, one after the last], after those before it"
                raise ValueError(f"blocks[{place}] is {shown(pair)}, {told}")
    if not found:
        raise ValueError("blocks are [], expected at least one range")
    return tuple(found)


def _truth(values: list[Any]) -> bool:
    return any(isinstance(value, bool) for value in values)


def _check_results(given: Any, simulation: Simulation) -> None:
    """Refuse results that the counts do not give; the last digits may differ between machines."""
    expected = _results(simulation)
    for name, part in keyed("results", given, tuple(expected)).items():
        try:
            found = np.array(part, dtype=np.float64)
        except (TypeError, ValueError):
            raise ValueError(f"results.{name} is no array of numbers") from None
        if found.shape != expected[name].shape:
            told = f"has shape {found.shape}, the study asks for {expected[name].shape}"
            raise ValueError(f"results.{name} {told}")
        if not np.allclose(found, expected[name], rtol=0, atol=CLOSE, equal_nan=True):
            raise ValueError(f"results.{name}: it is not what the counts say")
