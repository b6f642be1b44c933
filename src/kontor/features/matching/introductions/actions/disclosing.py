"""Noting who was shown what."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from kontor.features.matching.introductions.disclosure import Shown, Viewer
from kontor.features.matching.models import Disclosure


def note_disclosures(viewer: Viewer, shown: Iterable[Shown], channel: str) -> None:
    """One row for each side shown beyond its teaser; of lists and files one a day. One query, or none."""
    now = timezone.now()
    Disclosure.objects.bulk_create(
        [
            Disclosure(
                introduction_id=each.side.introduction_id,
                about_id=each.side.organisation_id,
                level=each.level,
                channel=channel,
                viewer_key=viewer.key,
                viewer_label=viewer.label,
                at=now,
                on=timezone.localdate(now),
            )
            for each in shown
            if each.logged
        ],
        ignore_conflicts=True,
    )
