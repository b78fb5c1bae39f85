"""Files to a study: TOML and CSV, with the place of every problem."""

from assess.files.packaged import packaged, packaged_path
from assess.files.study import StudyFile, load
from assess.files.toml import read_scenario, read_tree

__all__ = ["StudyFile", "load", "packaged", "packaged_path", "read_scenario", "read_tree"]
