"""Directories from files: the documented format (JSON or CSV), CORDIS extracts, keep.eu exports."""

from kontor.engine.matching.read.cordis import read_cordis
from kontor.engine.matching.read.keep import read_keep
from kontor.engine.matching.read.model import Details, Directory, EarlierProject, Problem
from kontor.engine.matching.read.own import read_directory
from kontor.engine.matching.read.schema import directory_schema

__all__ = [
    "Details",
    "Directory",
    "EarlierProject",
    "Problem",
    "directory_schema",
    "read_cordis",
    "read_directory",
    "read_keep",
]
