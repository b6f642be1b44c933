"""Letters to applicants: composed from scores and comments in their language, and checked for jargon."""

from kontor.features.decisions.letters.compose import Draft, compose, language_of, next_step
from kontor.features.decisions.letters.jargon import Finding, jargon_in

__all__ = ["Draft", "Finding", "compose", "jargon_in", "language_of", "next_step"]
