"""Invented calls with applications: a last round, a synchronised call, and one that is open now.

Amounts add up to the cent (tests say so). Written twice, nothing changes; it goes with the sample.
"""

from kontor.features.calls.sample.load import load_calls
from kontor.features.calls.sample.papers import forget_sample_papers

__all__ = ["forget_sample_papers", "load_calls"]
