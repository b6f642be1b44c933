"""The mails of introductions. They carry the teaser, and names only where the receiver may know them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import override

from kontor.base import mail
from kontor.base.links import make_link
from kontor.features.matching.introductions.actions.disclosing import note_disclosures
from kontor.features.matching.introductions.disclosure import Shown, reader_of_mail, show
from kontor.features.matching.models import Introduction, Side
from kontor.features.matching.models.states import Channel
from kontor.features.organisations.actions.reminders import recipients_of

ANSWER = "matching.introduction"
REPORT = "matching.outcome"
AGREED = "introduction_agreed"
# Links outlive every deadline, so that whoever comes late is told what became of it.
ANSWER_DAYS = 200
REPORT_DAYS = 200


def mail_side(introduction: Introduction, side: Side, template: str, **context: Any) -> int:
    """Mail everybody who answers for a side, each in their language; how many. What it shows is noted."""
    viewer, recipients = reader_of_mail(side.organisation), recipients_of(side.organisation)
    other = introduction.other_side(side)
    shown: Shown | None = None
    for address, language in recipients:
        with override(language):
            # contact persons are read in one mail only
            shown = show(viewer, introduction, other, in_list=template != AGREED)
        mail.send(
            to=address,
            language=language,
            template=template,
            context={
                "introduction": introduction,
                "organisation": side.organisation.name,
                "other": shown,
                "answer_url": settings.SITE_URL + answer_path(introduction, side),
                "page_url": settings.SITE_URL + introduction.get_absolute_url(),
                **context,
            },
        )
    if shown is not None:
        note_disclosures(viewer, [shown], Channel.MAIL)
    return len(recipients)


def answer_path(introduction: Introduction, side: Side) -> str:
    payload = {"introduction": introduction.key, "organisation": side.organisation.key}
    return make_link(ANSWER, payload, ANSWER_DAYS, url_name="matching:introduction-link")


def report_path(introduction: Introduction, side: Side, month: int) -> str:
    payload = {"introduction": introduction.key, "organisation": side.organisation.key, "month": month}
    return make_link(REPORT, payload, REPORT_DAYS, url_name="matching:outcome-link")


def tell_closed(introduction: Introduction, *, but: Side | None = None) -> None:
    """Tell those who said yes that nothing will come of it."""
    for side in introduction.sides.all():
        if side.reply == "yes" and (but is None or side.pk != but.pk):
            mail_side(introduction, side, "introduction_closed")
