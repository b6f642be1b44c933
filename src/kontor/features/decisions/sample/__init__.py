"""Sample decisions, on top of the samples of calls and juries."""

from kontor.features.decisions.sample.load import forget_sample_files, load_decisions

__all__ = ["forget_sample_files", "load_decisions"]
