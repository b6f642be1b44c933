"""A letter on paper."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from kontor.base.pdf import pdf_of
from kontor.features.decisions.models import Letter

TEMPLATE = Path(__file__).with_name("letter.typ")


def pdf(letter: Letter) -> bytes:
    """In the letter's language, with the day it was sent, or today's."""
    at = letter.sent_at or timezone.now()
    lead = letter.decision.application.lead
    with override(letter.language):
        return pdf_of(
            TEMPLATE,
            {
                "to": [
                    lead.name,
                    *(part for part in (lead.street, f"{lead.postcode} {lead.place}".strip()) if part),
                ],
                "day": date_format(timezone.localtime(at), "DATE_FORMAT"),
                "body": letter.body,
                "is_draft": letter.sent_at is None,
            },
            title=letter.subject,
            language=letter.language,
            words={"draft": _("Draft, not sent")},
            site=settings.SITE_NAME,
            footer=f"{settings.SITE_NAME} · {letter.decision.application.number}",
            at=at,
        )
