"""Use cases of programmes."""

from kontor.features.programmes.actions.money import commit_money, reallocate, release_commitment
from kontor.features.programmes.actions.products import (
    move_product,
    state_competence,
    state_competences,
)
from kontor.features.programmes.actions.results import add_reading, bring_reading_back, remove_reading
from kontor.features.programmes.actions.versions import (
    LONGEST,
    add_programme,
    archive_programme,
    discard_draft,
    freeze_version,
    publish_draft,
    restore_programme,
    save_draft,
)

__all__ = [
    "LONGEST",
    "add_programme",
    "add_reading",
    "archive_programme",
    "bring_reading_back",
    "commit_money",
    "discard_draft",
    "freeze_version",
    "move_product",
    "publish_draft",
    "reallocate",
    "release_commitment",
    "remove_reading",
    "restore_programme",
    "save_draft",
    "state_competence",
    "state_competences",
]
