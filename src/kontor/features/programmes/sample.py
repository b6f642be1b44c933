"""The programmes of the library, published beside the sample directory."""

from __future__ import annotations

from django.db import transaction

from kontor import programmes
from kontor.base.actor import Actor
from kontor.base.audit import record
from kontor.base.events import SampleLoaded, SampleRemoved
from kontor.features.programmes.actions import add_programme, publish_draft
from kontor.features.programmes.models import Programme

_ACTOR = Actor.system("sample")


def load_programmes(event: SampleLoaded) -> None:
    """Write those that are missing; what is there stays as people changed it."""
    known = set(Programme.objects.values_list("key", flat=True))
    for key, text in programmes.shipped_texts().items():
        if key not in known:
            programme = add_programme(text=text, actor=_ACTOR, is_sample=True)
            publish_draft(programme=programme, actor=_ACTOR)


@transaction.atomic
def remove_programmes(event: SampleRemoved) -> None:
    """Delete sample programmes with all that hangs on them."""
    for programme in Programme.objects.filter(is_sample=True):
        record(actor=_ACTOR, verb="sample.removed", subject=programme, changes={"is_sample": [True, None]})
        programme.delete()
