"""Invented juries for the sample directory's calls."""

from kontor.features.juries.sample.load import load_juries

__all__ = ["load_juries"]
