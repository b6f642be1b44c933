"""What the matchmaker keeps, split by noun."""

from kontor.features.matching.models.consortia import (
    BoardStep,
    Comment,
    Composition,
    Consortium,
    Override,
    Seat,
    TeamVariant,
)
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
    "BoardStep",
    "Comment",
    "Composition",
    "Consortium",
    "Disclosure",
    "IndexEntry",
    "IndexStamp",
    "Introduction",
    "LearnedWeights",
    "Outcome",
    "Override",
    "Refusal",
    "SavedSearch",
    "SavedSearchQuerySet",
    "Seat",
    "Side",
    "Suggestion",
    "SuggestionQuerySet",
    "TeamVariant",
]
