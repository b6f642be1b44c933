"""The directory in memory: columns to filter by, codes to scan, postings to search."""

from kontor.engine.matching.index.index import Index, Place
from kontor.engine.matching.index.segment import Segment

__all__ = ["Index", "Place", "Segment"]
