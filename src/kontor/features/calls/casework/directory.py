"""What calls do when organisations in applications are merged, leave the directory, or change."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kontor.base.actor import Actor
from kontor.base.events import OrganisationChanged, OrganisationGone, SampleRemoved, subscribe
from kontor.base.jobs import JobContext, enqueue, handler
from kontor.features.calls.casework import actions
from kontor.features.calls.models import Application, ApplicationPartner, OrganisationNotice
from kontor.features.calls.models.application import of_organisations
from kontor.features.organisations.models import Listing, Organisation

RULES = "calls.rules"
#: Kinds of changes that rules may answer otherwise after.
_COUNTING = frozenset({"profile", "figures", "membership", "import", "merge", "archived"})
_ACTOR = Actor.system("calls")


@handler(RULES, title=gettext_lazy("Ask the rules about applications anew"))
def ask_rules(job: JobContext) -> dict[str, Any]:
    """After the directory changed: whoever handles an application is told where a rule is answered worse."""
    found = list(Organisation.objects.filter(key__in=job.payload["keys"]).order_by("pk"))
    noted = 0
    for done, organisation in enumerate(found):
        job.progress(done, len(found), _("Looking at the rules of applications"))
        rows = Application.objects.filter(of_organisations(Q(pk=organisation.pk))).distinct()
        for application in rows.select_related("call__programme", "call__version"):
            noted += actions.note_rules(application=application, organisation=organisation)
    return {"notices": noted}


def on_gone(event: OrganisationGone) -> None:
    """Within the transaction: the people of a merged organisation keep their application at once."""
    rows = list(Organisation.objects.filter(key__in=event.keys).select_related("merged_into"))
    for row in rows:
        kept = row.merged_into
        if kept is not None and actions.follow_merge(gone=row, kept=kept, actor=_ACTOR):
            enqueue(RULES, {"keys": [kept.key]}, actor=_ACTOR)
    left = [row for row in rows if row.archived_at is not None or row.listing == Listing.WITHDRAWN]
    actions.note_leaving(organisations=[row for row in left if row.merged_into is None])


def on_changed(event: OrganisationChanged) -> None:
    if event.kind == "merge":
        parted = Organisation.objects.filter(
            key__in=event.keys, merged_into=None, application_notices__in=OrganisationNotice.objects.merged()
        )
        for row in parted.distinct():
            actions.part_again(gone=row, actor=_ACTOR)
    if event.kind in {"consent", "archived"}:
        actions.note_return(keys=event.keys, actor=_ACTOR)
    if event.kind in _COUNTING:
        rows = ApplicationPartner.objects.current().filter(organisation__key__in=event.keys)
        keys = sorted(set(rows.values_list("organisation__key", flat=True)))
        if keys:
            enqueue(RULES, {"keys": keys}, actor=_ACTOR)


def on_sample_removed(event: SampleRemoved) -> None:
    """Sample organisations leave applications to other calls with everything else that hangs on them."""
    Application.objects.filter(lead__is_sample=True).delete()
    ApplicationPartner.objects.filter(organisation__is_sample=True).delete()


def register() -> None:
    """Subscribe to what the directory tells."""
    subscribe(OrganisationGone, on_gone)
    subscribe(OrganisationChanged, on_changed)
    subscribe(SampleRemoved, on_sample_removed)
