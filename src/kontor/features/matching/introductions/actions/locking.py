"""What every change to an introduction begins and ends with."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from kontor.base.errors import KontorError
from kontor.base.events import OrganisationChanged, emit
from kontor.features.matching.models import Introduction, Side
from kontor.features.organisations.models import Organisation

LONGEST_WORDS = 1_000


def locked(introduction: Introduction) -> Introduction:
    """The row as it is now, held until the transaction ends, with both sides and organisations."""
    Introduction.objects.select_for_update().get(pk=introduction.pk)
    rows = Introduction.objects.select_related("asker", "partner")
    return rows.prefetch_related("sides__organisation", "sides__statement").get(pk=introduction.pk)


def side_of(introduction: Introduction, organisation: Organisation) -> Side:
    """Raises KontorError 404 for an organisation that is on neither side."""
    for side in introduction.sides.all():
        if side.organisation_id == organisation.pk:
            return side
    raise KontorError(
        _("This organisation is not part of the introduction."),
        code="not-found",
        path="organisation",
        remedy=_("Choose one of the two."),
        status=404,
    )


def announce_answers(introduction: Introduction) -> None:
    """The ranking of both organisations rests on what just changed."""
    emit(OrganisationChanged((introduction.asker.key, introduction.partner.key), "introduction"))


def checked_words(words: str, path: str, longest: int = LONGEST_WORDS) -> str:
    """The text without blanks around it; KontorError where it is too long."""
    words = words.strip()
    if len(words) > longest:
        raise KontorError(
            _("This text is longer than %(most)s characters.") % {"most": longest},
            code="text-too-long",
            path=path,
            remedy=_("Shorten it."),
            status=422,
        )
    return words
