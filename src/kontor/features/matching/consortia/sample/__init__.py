"""Invented consortia among the organisations of the sample."""

from kontor.features.matching.consortia.sample.load import forget_sample_files, load_consortia

__all__ = ["forget_sample_files", "load_consortia"]
