"""Lock files: the digests of every input of a study, its method and the versions that compute."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assess.atomic import write_text
from assess.digests import input_digests
from assess.files import load, packaged_path
from assess.files.finding import study_file
from assess.files.inputs import input_files
from assess.files.study import Rules
from assess.json_content import content_of, text_of
from assess.model import Study, shown
from assess.verification.inputs import altered_inputs
from assess.verification.numbers import apart
from assess.verification.result import Finding
from assess.version import all_versions

FORMAT = "assess lock 1"
KEYS = ("digest", "files", "format", "inputs", "method", "study", "versions")
NAME = "assess.lock.json"


def lock(path: str | Path, *, rules: Rules | None = None) -> dict[str, Any]:
    """Return what a lock file of a study holds; the same study and versions give the same.

    Args:
        path: as for `assess.load`.
        rules: as for `assess.load`.

    Returns:
        The digest of the whole study, of every file (SHA-256 of its bytes), and of every part, row
        and column; the method in full; and the versions of the library, of Python and of what
        computes. No clock, no machine.

    Raises:
        StudyError: the study does not load; lists every problem.

    >>> lock("mali")["format"]
    'assess lock 1'
    """
    study = load(path, rules=rules)
    files = {name: _digest(file) for name, file in input_files(path).items()}
    return {
        "digest": study.digest,
        "files": files,
        "format": FORMAT,
        "inputs": input_digests(study),
        "method": study.method.model_dump(mode="json"),
        "study": study.name,
        "versions": all_versions(),
    }


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def write_lock(
    path: str | Path, target: str | Path | None = None, *, rules: Rules | None = None
) -> Path:
    """Write the lock file of a study: JSON, its keys sorted.

    Args:
        path: as for `assess.load`.
        target: the file; `assess.lock.json` in the study's folder if none is named.
        rules: as for `assess.load`.

    Raises:
        StudyError: the study does not load; lists every problem.
        ValueError: it is a packaged example, and no file is named.
        OSError: the file cannot be written.
    """
    content = lock(path, rules=rules)
    folder = study_file(Path(path)).parent
    if target is None and folder.is_relative_to(packaged_path("examples")):
        told = "is a packaged example: name the file that the lock is written to"
        raise ValueError(f"{path} {told}: assess lock {path} -o {NAME}")
    text = json.dumps(content, sort_keys=True, indent=1, ensure_ascii=False)
    return write_text(folder / NAME if target is None else target, f"{text}\n")


def read_lock(path: str | Path) -> dict[str, Any]:
    """Read a lock file back.

    Raises:
        ValueError: it is none; says where.
    """
    try:
        found = content_of(text_of(Path(path), "a lock"), FORMAT, KEYS)
        for name in ("files", "versions"):
            texts = found[name].values() if isinstance(found[name], dict) else [None]
            if not all(isinstance(text, str) for text in texts):
                raise ValueError(f"{name} are {shown(found[name])}, expected a text for each")
        return found
    except ValueError as error:
        raise ValueError(f"{path} is not a lock written by assess: {error}") from error


def held_to_lock(study: Study, locked: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what a study holds otherwise than a lock file says."""
    found = altered_inputs(locked["inputs"], study, "lock")
    yield from (one for one in found if not one.where.startswith("method"))
    for place in apart(locked["method"], study.method.model_dump(mode="json")):
        where = ".".join(map(str, ("method", *place.way)))
        message = f"the lock says {place.stated!r}, the report carries {place.found!r}"
        yield Finding("lock", where, message)
    if not found and locked["digest"] != study.digest:
        message = f"it is {shown(locked['digest'])}, that of the study is {study.digest!r}"
        yield Finding("lock", "digest", message)


def versions_apart(locked: Mapping[str, Any]) -> Iterator[str]:
    """Yield notes on versions that the lock names and that are others here."""
    here = all_versions()
    for name, version in sorted(locked["versions"].items()):
        if here.get(name, version) != version:
            yield f"locked with {name} {version}, verified with {here[name]}"
