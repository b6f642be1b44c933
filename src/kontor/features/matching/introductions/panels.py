"""What the start page and an organisation's page say about introductions."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kontor.base.panels import Line, Panel, register_panel, register_section
from kontor.features.accounts.queries import organisations_of
from kontor.features.accounts.rules import is_member
from kontor.features.matching.introductions.queries import Row, mine_of
from kontor.features.matching.introductions.rules import may_read_log
from kontor.features.matching.models import Introduction
from kontor.features.matching.models.states import MUTUAL, OPEN, State
from kontor.features.organisations.models import Organisation

_LINES = 5


def register() -> None:
    register_panel("introductions", to_do, order=10)
    register_section("organisation", about)


def to_do(user: Any) -> Panel | None:
    """Introductions to answer and outcomes to report, as teasers: nothing beyond is shown here."""
    if not is_member.test(user):
        return None
    mine = mine_of(user)
    rows = [(row, _("answer")) for row in mine.to_answer] + [
        (row, _("what became of it?")) for row in mine.to_report
    ]
    if not rows:
        return None
    lines = tuple(_line(row, note) for row, note in rows[:_LINES])
    return Panel(_("Introductions"), lines, len(rows), href=reverse("matching:my-introductions"))


def _line(row: Row, note: str) -> Line:
    label = _("Introduction proposed to %(mine)s") % {"mine": row.mine.title}
    return Line(label, row.introduction.get_absolute_url(), note)


def about(user: Any, organisation: Organisation) -> Panel | None:
    """For the organisation's own people and managers: counts, and who was shown what."""
    if not may_read_log.test(user, organisation):
        return None
    counts = Introduction.objects.filter(Q(asker=organisation) | Q(partner=organisation)).aggregate(
        open=Count("id", filter=Q(state__in=OPEN)),
        agreed=Count("id", filter=Q(state__in=MUTUAL)),
        declined=Count("id", filter=Q(state=State.DECLINED)),
        expired=Count("id", filter=Q(state=State.EXPIRED)),
    )
    if not any(counts.values()):
        return None
    lines = (Line(_("Who was shown what"), reverse("matching:disclosures", args=[organisation.key])),)
    texts = [
        ngettext("%(count)s open", "%(count)s open", counts["open"]) % {"count": counts["open"]},
        _("%(count)s agreed by both") % {"count": counts["agreed"]},
        _("%(count)s declined") % {"count": counts["declined"]},
        _("%(count)s expired") % {"count": counts["expired"]},
    ]
    return Panel(_("Introductions"), lines, text=", ".join(texts), href=_list_href(user, organisation))


def _list_href(user: Any, organisation: Organisation) -> str:
    if organisation.key in organisations_of(user):
        return reverse("matching:my-introductions")
    return f"{reverse('matching:introductions')}?member={organisation.key}"
