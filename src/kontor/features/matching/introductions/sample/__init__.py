"""Invented introductions among the organisations of the sample, in every state.

They are written when the sample is, and go with its organisations. Written twice, nothing changes.
"""

from kontor.features.matching.introductions.sample.load import load_introductions

__all__ = ["load_introductions"]
