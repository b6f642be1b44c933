"""What the matchmaker keeps, split by noun."""

from kontor.features.matching.models.index import IndexEntry, IndexStamp
from kontor.features.matching.models.introductions import (
    Disclosure,
    Introduction,
    Outcome,
    Refusal,
    Side,
)
from kontor.features.matching.models.searches import SavedSearch, SavedSearchQuerySet
from kontor.features.matching.models.suggestions import Suggestion, SuggestionQuerySet
from kontor.features.matching.models.weights import LearnedWeights

__all__ = [
    "Disclosure",
    "IndexEntry",
    "IndexStamp",
    "Introduction",
    "LearnedWeights",
    "Outcome",
    "Refusal",
    "SavedSearch",
    "SavedSearchQuerySet",
    "Side",
    "Suggestion",
    "SuggestionQuerySet",
]
