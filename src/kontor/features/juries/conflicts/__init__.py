"""Conflicts of interest, found in the organisation graph and in what people declared."""

from kontor.features.juries.conflicts.found import Found, Kind, told
from kontor.features.juries.conflicts.search import Conflicts, assessable, conflicts_of

__all__ = ["Conflicts", "Found", "Kind", "assessable", "conflicts_of", "told"]
