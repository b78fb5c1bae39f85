"""Run the Python in the Markdown files as tests: README, GLOSSARY, CONTRIBUTING and docs."""

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from sybil import Example, Sybil
from sybil.integration.pytest import SybilItem
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

pytest_plugins = ["pytester"]


def enter(namespace: dict[str, Any]) -> None:
    """Begin a document: no names, in an empty folder of its own that its examples may fill."""
    namespace.clear()
    namespace["_folder"] = tempfile.TemporaryDirectory()
    namespace["_before"] = Path.cwd()
    namespace["_done"] = set()
    os.chdir(namespace["_folder"].name)


def leave(namespace: dict[str, Any]) -> None:
    """End a document: back to where the tests were started."""
    os.chdir(namespace["_before"])
    namespace["_folder"].cleanup()
    namespace.clear()


def _catch_up(example: Example) -> None:
    """Run what stands above an example, so that each one is a test that can run by itself."""
    done = example.namespace["_done"]
    for other in example.document.examples():
        if other.start < example.start and other.start not in done:
            done.add(other.start)
            other.evaluate()
    done.add(example.start)


@pytest.hookimpl(trylast=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let the examples of one document be shared out among processes."""
    if isinstance(item, SybilItem):
        _catch_up(item.example)


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()], pattern="*.md", setup=enter, teardown=leave
).pytest()
