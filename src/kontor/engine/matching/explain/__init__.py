"""Why this one, what speaks against it, and why not another."""

from kontor.engine.matching.explain.asked import Asked
from kontor.engine.matching.explain.doubts import doubt_of
from kontor.engine.matching.explain.reasons import reasons_of
from kontor.engine.matching.explain.subject import Subject, subject_of

__all__ = ["Asked", "Subject", "doubt_of", "reasons_of", "subject_of"]
