"""JSON: the whole report, with its inputs, so that it can be read back without loss."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from assess.model import FrozenDict, Study
from assess.report import Report

FORMAT = "assess report 1"


def render(report: Report) -> str:
    """Return a report as JSON; the same report gives the same bytes."""
    content = {
        "format": FORMAT,
        "digest": report.study.digest,
        "versions": dict(report.versions),
        "fingerprints": dict(report.fingerprints),
        "nodes": list(report.study.tree.nodes),
        "saturated": report.saturated,
        "results": {name: _listed(getattr(report, name)) for name in Report.array_names()},
        "study": report.study.model_dump(mode="json"),
    }
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def read(path: str | Path) -> Report:
    """Read a report back.

    Raises:
        ValueError: the file is not a report, or its inputs are not those of its digest.
    """
    try:
        content = json.loads(_text(path))
        if content.get("format") != FORMAT:
            raise ValueError(f"format is {content.get('format')!r}, expected {FORMAT!r}")
        study = Study.model_validate_json(json.dumps(content["study"]))
        report = Report(
            study=study,
            saturated=content["saturated"],
            fingerprints=FrozenDict(content["fingerprints"]),
            versions=FrozenDict(content["versions"]),
            **{name: _array(name, content["results"][name]) for name in Report.array_names()},
        )
    except (KeyError, TypeError, AttributeError, ValidationError, json.JSONDecodeError) as error:
        raise ValueError(f"{path} is not a report written by assess: {error}") from error
    except ValueError as error:
        raise ValueError(f"{path} is not a report written by assess: {error}") from error
    if study.digest != content["digest"]:
        raise ValueError(
            f"{path}: the inputs have digest {study.digest[:12]}, but the report says "
            f"{content['digest'][:12]}: they were changed after it was written"
        )
    _check_shapes(path, report)
    return report


def _text(path: str | Path) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(getattr(error, "strerror", None) or "it is not UTF-8 text") from error


def _check_shapes(path: str | Path, report: Report) -> None:
    study = report.study
    full = (len(study.scenarios), len(study.strategies), len(study.tree.nodes))
    if report.score.shape != full:
        raise ValueError(f"{path}: scores have shape {report.score.shape}, inputs ask for {full}")


def _listed(array: Any) -> Any:
    """Return nested lists with None for NaN."""
    if array.dtype.kind != "f":
        return array.tolist()
    plain = array.astype(object)
    plain[np.isnan(array)] = None
    return plain.tolist()


def _array(name: str, nested: Any) -> Any:
    if name == "gates":
        return np.array(nested, dtype=np.int8)
    return np.array(nested, dtype=object).astype(np.float64)
