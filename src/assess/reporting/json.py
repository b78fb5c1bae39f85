"""JSON: the whole report, with its inputs, so that it can be read back without loss.

A report that is read is held together: its study is sound and is the one of `digest`; fingerprints
are worked out again from the study; every array has the shape and the range that the study asks
for; and results, fingerprints and versions are those of `results_digest`. So a file that was cut,
mixed up or edited by hand is refused. A digest is no signature, though: whoever changes results
and works out both digests again is not found out here. Only evaluating the study again shows that.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from inspect import Parameter, Signature
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from assess.aggregation import weighted_sum
from assess.checks import check
from assess.digests import input_digests
from assess.fingerprints import fingerprints
from assess.json_content import content_of, digest_of, keyed, laid_out, same, text_of
from assess.model import FrozenDict, OwnRule, Problem, Study, StudyError, shown
from assess.model.wording import readable
from assess.report import GATE_STATUSES, Report
from assess.simulation import Simulation

FORMAT = "assess report 1"
CLOSE = 1e-9
KEYS = (
    "format", "digest", "results_digest", "versions", "fingerprints", "nodes", "saturated",
    "results", "study",
)  # fmt: skip
MORE = ("inputs", "simulation")
_NAMES = {"low": "lower bounds", "high": "upper bounds", "score": "scores"}


def render(report: Report, simulation: Simulation | None = None) -> str:
    """Return a report as JSON; the same report gives the same bytes.

    Draws go along whole: `Simulation.read` takes them from the same file.
    """
    found = _found(report)
    content = {
        "format": FORMAT,
        "digest": report.study.digest,
        "results_digest": digest_of(report.study.digest, found),
        **found,
        "inputs": input_digests(report.study),
        "study": report.study.model_dump(mode="json"),
    }
    if simulation is not None:
        from assess.reporting.simulation.json import without_study

        content = {**content, "simulation": without_study(simulation)}
    return laid_out(content, depth=5)


def results_digest(study: str, content: Mapping[str, Any]) -> str:
    """Return the digest of what a file says of results, fingerprints and versions."""
    names = ("versions", "fingerprints", "nodes", "saturated", "results")
    return digest_of(study, {name: content[name] for name in names})


def _found(report: Report) -> dict[str, Any]:
    """Return all of a report but its study."""
    return {
        "versions": dict(report.versions),
        "fingerprints": dict(report.fingerprints),
        "nodes": list(report.study.tree.nodes),
        "saturated": report.saturated,
        "results": {name: _listed(getattr(report, name)) for name in Report.array_names()},
    }


def read(path: str | Path) -> Report:
    """Read a report back.

    Raises:
        ValueError: the file is not a report, or does not hold together (what that means, and what
            it does not, stands at the top of this file); says where, what was found and what was
            expected.
    """
    text = text_of(Path(path), "a report")
    try:
        return _report(content_of(text, FORMAT, KEYS, MORE))
    except (ValueError, RecursionError, OverflowError) as error:
        deep = isinstance(error, RecursionError)
        words = "lists or objects are nested too deeply" if deep else error
        raise ValueError(f"{path} is not a report written by assess: {words}") from error


def _report(content: dict[str, Any]) -> Report:
    """Return the report that a file holds, once it is known to hold together."""
    study = study_of(content["study"])
    same("digest", content["digest"], study.digest, "the inputs were changed after it was written")
    if content.get("inputs", inputs := input_digests(study)) != inputs:
        raise ValueError("inputs: these are not the digests of the parts of the study")
    check_sound(study)
    if content["nodes"] != list(study.tree.nodes):
        raise ValueError(f"nodes are {shown(content['nodes'])}, not those of the study's tree")
    _same_fingerprints(content["fingerprints"], study)
    saturated = content["saturated"]
    if type(saturated) is not int or not 0 <= saturated <= len(study.ratings):
        most = len(study.ratings)
        raise ValueError(f"saturated is {shown(saturated)}, expected a whole number up to {most}")
    results = keyed("results", content["results"], Report.array_names())
    shapes = _shapes(study)
    report = Report(
        study=study,
        saturated=saturated,
        fingerprints=FrozenDict(content["fingerprints"]),
        versions=versions_of(content["versions"]),
        **{name: _array(name, results[name], shapes[name]) for name in Report.array_names()},
    )
    digest = digest_of(study.digest, _found(report))
    told = "results, fingerprints or versions were changed after it was written"
    same("results_digest", content["results_digest"], digest, told)
    return report


def study_of(given: Any) -> Study:
    """Return the study that a file carries.

    Raises:
        ValueError: it is none.
        StudyError: it holds what no study may hold.
    """
    if not isinstance(given, dict):
        raise ValueError(f"study is {shown(given)}, expected an object")
    try:
        return Study.model_validate_json(json.dumps(given, ensure_ascii=False).encode())
    except UnicodeEncodeError as error:
        raise ValueError("study holds half a character, which no UTF-8 text can") from error
    except ValidationError as error:
        found = readable(Study, given, error)
        problems = [Problem("study", path, words, hint) for path, words, hint, _ in found]
        raise StudyError(problems) from error


def check_sound(study: Study) -> None:
    """Refuse a study that could not have been evaluated; functions of its own may be missing."""
    rules = {key: OwnRule(own.source, _StandIn.of(study, key)) for key, own in study.rules.items()}
    held = study.model_copy(update={"rules": rules}) if rules else study
    if problems := check(held):
        raise StudyError(problems)


@dataclass(frozen=True)
class _StandIn:
    """Stands in for a function that is not at hand, while the rest of a study is checked."""

    __signature__: Signature

    @classmethod
    def of(cls, study: Study, rule: str) -> "_StandIn":
        """Return one that takes every argument that the tree gives to this rule."""
        choices = {study.tree.rule_of(node) for node in study.tree.groups}
        names = sorted({key for x in choices if x.name == rule for key in x.parameters})
        optional = partial(Parameter, kind=Parameter.KEYWORD_ONLY, default=None)
        return cls(Signature([optional(name) for name in names]))

    def __call__(self, values: Any, weights: Any, **_: Any) -> Any:
        return weighted_sum(values, weights)


def _same_fingerprints(given: Any, study: Study) -> None:
    expected = fingerprints(study)
    for node, found in keyed("fingerprints", given, tuple(expected)).items():
        told = "it is not what the study's tree measures there"
        same(f"fingerprint of {node!r}", found, expected[node], told)


def versions_of(given: Any) -> FrozenDict[str, str]:
    """Return the versions that a file names.

    Raises:
        ValueError: they are no texts, or none of this library.
    """
    if not isinstance(given, dict) or not all(isinstance(x, str) and x for x in given.values()):
        raise ValueError(f"versions are {shown(given)}, expected a text for each library")
    if "assess" not in given:
        raise ValueError("versions: 'assess' is missing")
    return FrozenDict(given)


def _shapes(study: Study) -> dict[str, tuple[int, ...]]:
    """Return the shape of every array of a report on this study."""
    scenarios, strategies, nodes = map(len, (study.scenarios, study.strategies, study.tree.nodes))
    gates = sum(study.tree.criteria[leaf].gate is not None for leaf in study.tree.leaves)
    found: dict[str, tuple[int, ...]]
    found = dict.fromkeys(Report.array_names(), (scenarios, strategies, nodes))
    found |= dict.fromkeys(("acceptable", "good", "weights"), (scenarios, nodes))
    found |= dict.fromkeys(("ends", "means"), (scenarios, strategies))
    return found | {"gates": (scenarios, strategies, gates)}


def _array(name: str, nested: Any, shape: tuple[int, ...]) -> Any:
    """Return an array, once shape and values are known to be those of a report."""
    found = _shape_of(nested)
    if found != shape:
        what = _NAMES.get(name, name)
        raise ValueError(f"results.{name}: {what} have shape {found}, the study asks for {shape}")
    values = list(_values(nested, shape, f"results.{name}"))
    wrong = _wrong_status if name == "gates" else _wrong_number
    for where, value in values:
        if words := wrong(value, absent=name != "weights"):
            raise ValueError(f"{where} is {shown(value)}, expected {words}")
    kind = np.int8 if name == "gates" else np.float64
    flat = [np.nan if value is None else value for _, value in values]
    return np.array(flat, dtype=kind).reshape(shape)


def _shape_of(nested: Any) -> tuple[int, ...]:
    """Return the lengths of the first lists at every depth."""
    shape = []
    while isinstance(nested, list):
        shape.append(len(nested))
        nested = nested[0] if nested else None
    return tuple(shape)


def _values(nested: Any, shape: tuple[int, ...], where: str) -> Iterator[tuple[str, Any]]:
    """Yield every value with its place, once all lists are known to be of one length a depth."""
    if not shape:
        yield where, nested
        return
    if not isinstance(nested, list) or len(nested) != shape[0]:
        found = f"a list of {len(nested)}" if isinstance(nested, list) else shown(nested)
        raise ValueError(f"{where} is {found}, expected a list of {shape[0]}")
    for place, item in enumerate(nested):
        yield from _values(item, shape[1:], f"{where}[{place}]")


def _wrong_number(value: Any, *, absent: bool) -> str:
    number = type(value) in (int, float) and -CLOSE <= value <= 1 + CLOSE
    if number or (absent and value is None):
        return ""
    return "a number from 0 to 1" + (", or null" if absent else "")


def _wrong_status(value: Any, *, absent: bool) -> str:
    del absent  # every gate has a status
    if type(value) is int and 0 <= value < len(GATE_STATUSES):
        return ""
    return ", ".join(f"{i} ({status})" for i, status in enumerate(GATE_STATUSES))


def _listed(array: Any) -> Any:
    """Return nested lists with None for NaN."""
    if array.dtype.kind != "f":
        return array.tolist()
    plain = array.astype(object)
    plain[np.isnan(array)] = None
    return plain.tolist()
