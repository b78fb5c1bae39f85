"""Which files a study is made of, for whoever wants to know whether one of them changed."""

import tomllib
from pathlib import Path

from assess.files.finding import called, find, matching, study_file


def input_files(path: str | Path) -> dict[str, Path]:
    """Return the files of a study that loads, by what messages call them.

    Args:
        path: as for `load`.

    >>> list(input_files("mali_history"))[:2]
    ['study.toml', 'criteria/defence_strategy.toml']
    """
    head = study_file(Path(path))
    folder = head.parent
    content = tomllib.loads(head.read_text(encoding="utf-8-sig"))
    found = [head, find(folder, content["tree"], "criteria")]
    found += [find(folder, name, "scenarios") for name in content["scenarios"]]
    for pattern in content.get("ratings", ()):
        found += matching(folder, pattern)
    return {called(file.resolve(), folder): file for file in found}
