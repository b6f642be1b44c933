"""Everyone against everyone: for each organisation those it should meet across the border."""

from kontor.engine.matching.suggest.model import Suggested, Suggestion, SuggestParams
from kontor.engine.matching.suggest.run import suggest

__all__ = ["SuggestParams", "Suggested", "Suggestion", "suggest"]
