"""A report rebuilt from the inputs that it carries, and held against what it says."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from assess.assessment import evaluate
from assess.files.study import Rules
from assess.json_content import content_of, digest_of, text_of
from assess.model import FrozenDict, OwnRule, Study, StudyError, shown
from assess.reporting.json import FORMAT, KEYS, MORE, render, results_digest, study_of, versions_of
from assess.reporting.simulation.json import blocks_of
from assess.simulation import Simulation
from assess.simulation.engine import draw_blocks
from assess.simulation.plan import plan
from assess.verification.inputs import altered_inputs
from assess.verification.locking import held_to_lock, read_lock, versions_apart
from assess.verification.numbers import ROUNDED, apart, place_of
from assess.verification.result import Finding, Holds, Verification
from assess.version import versions

_DIGESTS = ("digest", "results_digest")
_MOST_DRAWS = 10**8


def verify(
    path: str | Path, *, lock: str | Path | None = None, rules: Rules | None = None
) -> Verification:
    """Rebuild a report from the inputs that it carries, and say whether it still holds.

    Args:
        path: a report written as JSON, also one with draws, which are made again.
        lock: a lock file of the study, by `write_lock`, to hold the inputs against.
        rules: the study's own rules by name, which no file holds.

    Returns:
        Whether it holds byte for byte, number for number or not, and what differs: the cell of an
        altered rating, the score that the inputs do not give, the count that the draws do not.

    Raises:
        ValueError: the file is not a report written as JSON, or the lock is none.

    >>> import assess, tempfile, pathlib
    >>> report = assess.evaluate(assess.load("mali"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     found = verify(report.write(pathlib.Path(folder) / "mali.json"))
    >>> found.holds, found.findings
    ('byte for byte', ())
    """
    text = text_of(Path(path), "a report")
    try:
        content = content_of(text, FORMAT, KEYS, MORE)
    except (ValueError, RecursionError) as error:
        deep = isinstance(error, RecursionError)
        words = "lists or objects are nested too deeply" if deep else error
        raise ValueError(f"{path} is not a report written by assess: {words}") from error
    locked = read_lock(lock) if lock is not None else None
    try:
        study = study_of(content["study"])
    except ValueError as error:
        found = [Finding("inputs", "study", " ".join(str(error).split()))]
        return Verification(str(path), "no study can be read", "no", tuple(found), 0, ())
    return _verification(str(path), text, content, _with_rules(study, rules), locked)


def _with_rules(study: Study, rules: Rules | None) -> Study:
    """Return the study with the functions that its rules name, where their content is the same."""
    given = {key: OwnRule.of(function, key) for key, function in (rules or {}).items()}
    held = {key: given.get(key, own) for key, own in study.rules.items()}
    return study.model_copy(update={"rules": held}) if given else study


def _verification(
    path: str, text: str, content: dict[str, Any], study: Study, locked: Mapping[str, Any] | None
) -> Verification:
    findings, notes = list(_inputs(content, study)), list(_version_notes(content))
    if "inputs" not in content:
        notes.append("it was written without digests of its parts: an altered cell has no name")
    if locked is not None:
        findings += held_to_lock(study, locked)
        notes += versions_apart(locked)
    exact, draws = False, 0
    try:
        report = replace(evaluate(study), versions=_stated(content["versions"]))
        simulation = _simulation(content, study, findings)
        draws = simulation.draws if simulation else 0
        expected = render(report, simulation)
        exact = expected == text
        findings += _results(content, json.loads(expected), study)
    except ValueError as error:
        findings.append(Finding("inputs", "study", _words(error)))
    if not findings and not exact:
        findings += _digests(content, study)
    holds: Holds = "no" if findings else "byte for byte" if exact else "number for number"
    called = f"{study.name}, as of {study.as_of} ({study.digest[:12]})"
    return Verification(path, called, holds, tuple(findings), draws, tuple(notes))


def _words(error: ValueError) -> str:
    if isinstance(error, StudyError):
        return f"they are not sound: {'; '.join(map(str, error.problems))}"
    return f"they cannot be evaluated: {error}"


def _stated(given: Any) -> FrozenDict[str, str]:
    """Return the versions that a file names; those at hand where it names none that can be."""
    try:
        return versions_of(given)
    except ValueError:
        return FrozenDict(versions())


def _version_notes(content: Mapping[str, Any]) -> Iterator[str]:
    here = versions()
    for name, version in _stated(content["versions"]).items():
        if here.get(name, version) != version:
            yield f"computed with {name} {version}, verified with {here[name]}"


def _inputs(content: Mapping[str, Any], study: Study) -> Iterator[Finding]:
    """Yield what in the carried inputs is not as the file's own digests say."""
    found = altered_inputs(content["inputs"], study) if "inputs" in content else []
    yield from found
    if not found and content["digest"] != study.digest:
        message = f"it is {shown(content['digest'])}, and that of the inputs is {study.digest!r}"
        yield Finding("inputs", "digest", message)


def _results(content: Any, expected: Any, study: Study) -> Iterator[Finding]:
    """Yield every result that the inputs do not give, by its name."""
    for name in ("versions", "fingerprints", "nodes", "saturated", "results"):
        for place in apart(content[name], expected[name], (name,)):
            named = name == "results" and len(place.way) > 1
            where = (
                place_of(study, str(place.way[1]), place.way[2:])
                if named
                else ".".join(map(str, place.way))
            )
            yield Finding("results", where, place.message)
    stated, found = content.get("simulation"), expected.get("simulation")
    if isinstance(stated, dict) and isinstance(found, dict):
        for key in dict.fromkeys((*found, *stated)):
            close = ROUNDED if key == "results" else 0.0
            if key not in _DIGESTS and key != "versions":
                sides = stated.get(key, "nothing"), found.get(key, "nothing")
                for place in apart(*sides, ("simulation", key), close):
                    where = ".".join(map(str, place.way))
                    yield Finding("draws", where, place.message)


def _digests(content: Mapping[str, Any], study: Study) -> Iterator[Finding]:
    """Yield digests that are not those of what stands in the file, where all numbers hold."""
    expected = {"results_digest": results_digest(study.digest, content)}
    held: Mapping[str, Any] = content
    if (given := content.get("simulation")) is not None:
        rest = {key: item for key, item in given.items() if key not in ("format", *_DIGESTS)}
        expected["simulation.digest"] = study.digest
        expected["simulation.results_digest"] = digest_of(study.digest, rest)
        held = {**content, **{f"simulation.{key}": given[key] for key in _DIGESTS}}
    for name, digest in expected.items():
        if held[name] != digest:
            message = f"it is {shown(held[name])}, and that of the content is {digest!r}"
            yield Finding("digest", name, message)


def _simulation(
    content: Mapping[str, Any], study: Study, findings: list[Finding]
) -> Simulation | None:
    """Return the draws of a file made again; none where it has none, or says no draws."""
    given = content.get("simulation")
    if given is None:
        return None
    try:
        blocks, seed, size = blocks_of(given["blocks"]), given["seed"], plan(study).block
        count = sum(last - first for first, last in blocks)
        if type(seed) is not int or not 0 <= seed < 2**63:
            raise ValueError(f"seed is {shown(seed)}, expected a whole number from 0")
        if given["draws"] != count * size or count * size > _MOST_DRAWS:
            raise ValueError(f"draws are {shown(given['draws'])}, {count * size} stand in blocks")
        each = (block for pair in blocks for block in range(*pair))
        tallies = draw_blocks(study, seed, tuple(each))
        return Simulation(
            study, seed, blocks, tallies, given["stopped"], _stated(given["versions"]),
            given["ended"],
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as error:
        told = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        findings.append(Finding("draws", "simulation", told))
        return None
