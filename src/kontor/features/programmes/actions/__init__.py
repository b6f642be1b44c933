"""Use cases of programmes."""

from kontor.features.programmes.actions.versions import (
    add_programme,
    archive_programme,
    discard_draft,
    freeze_version,
    publish_draft,
    restore_programme,
    save_draft,
)

__all__ = [
    "add_programme",
    "archive_programme",
    "discard_draft",
    "freeze_version",
    "publish_draft",
    "restore_programme",
    "save_draft",
]
