"""Rows of programmes; what a programme is stands in its file, which a version keeps whole."""

from kontor.features.programmes.models.programme import Programme, ProgrammeVersion, VersionState

__all__ = ["Programme", "ProgrammeVersion", "VersionState"]
