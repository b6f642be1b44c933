"""What the nightly comparison of everybody with everybody suggests."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from kontor.features.matching.models.introductions import Introduction, Refusal
from kontor.features.matching.models.states import BLOCKING
from kontor.features.organisations.models import Listing, Organisation
from kontor.features.organisations.models.organisation import visible_q


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def readable_by(self, user: Any) -> Self:
        """Whose partner `user` may see today, and whose two sides still may be brought together.

        A partner that was withdrawn, hidden or merged since the last run is gone at once, and so is a pair
        of which one said no or that is introduced already.
        """
        refused = Refusal.objects.filter(lifted_at=None).filter(
            Q(by=OuterRef("organisation"), other=OuterRef("partner"))
            | Q(by=OuterRef("partner"), other=OuterRef("organisation"))
        )
        introduced = Introduction.objects.filter(state__in=BLOCKING).filter(
            Q(asker=OuterRef("organisation"), partner=OuterRef("partner"))
            | Q(asker=OuterRef("partner"), partner=OuterRef("organisation"))
        )
        listed = Q(partner__listing__in=[Listing.LISTED, Listing.MEMBERS])
        return self.filter(visible_q(user, "partner__"), listed, ~Exists(refused), ~Exists(introduced))


class Suggestion(models.Model):
    """`partner` is somebody `organisation` should meet across the border. Each run writes them anew.

    `score` is between 0 and 1. `direction`: `need` (the partner answers a need), `offer` (it needs what the
    organisation offers) or `alike`. `reasons` are the engine's codes, the strongest first; the sentences are
    made when somebody reads them, from what both say on that day.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="suggestions")
    partner = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="suggested_to")
    rank = models.PositiveSmallIntegerField(_("rank"))
    score = models.FloatField(_("score"))
    direction = models.CharField(max_length=8)
    reasons = models.JSONField(default=list)
    newcomer = models.BooleanField(default=False)
    made_at = models.DateTimeField(_("made on"))

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "partner"], name="suggestion_once"),
            models.CheckConstraint(condition=~Q(organisation=F("partner")), name="suggestion_not_self"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.rank}"
