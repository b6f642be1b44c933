"""Erasing a person (GDPR article 17): where names of people stand in rows, and what takes their place.

Most rows name who wrote them by a label, beside it the key of the account (`actor_label` and `actor_key`,
`decided_by` and `decided_by_key`), some by the label alone (`changed_by`). A model whose rows the law keeps
as they are says `keeps_names = True`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from django.apps import apps
from django.db import models
from django.utils.translation import gettext

from kontor.base.models import AuditEvent

#: Where the address of somebody whose data are erased lies: nowhere.
ERASED = "erased.invalid"
_MARK = re.compile(r"#[a-z0-9]{6,12}")


def mark_of(key: str) -> str:
    """What stands in place of the name of somebody erased; pages show it in words."""
    return f"#{key}"


def in_words(label: str) -> str:
    """The name as pages show it: in words where its person is erased."""
    return gettext("erased person") if _MARK.fullmatch(label) else label


def erased_address(key: str) -> str:
    """An address that no mail ever reaches."""
    return f"{key}@{ERASED}"


def names_known(key: str, name: str) -> frozenset[str]:
    """The names under which somebody acted: the one of now, and those in the log."""
    labels = AuditEvent.objects.filter(actor_key=key).values_list("actor_label", flat=True).distinct()
    return frozenset({name, *labels})


def forget_names(key: str, names: Collection[str], mark: str) -> int:
    """Write the mark wherever a row names the person; says in how many rows. Where a row has no key beside
    the label, the label decides: a namesake's rows lose theirs too.
    """
    changed = 0
    for model in apps.get_models():
        if getattr(model, "keeps_names", False) or model is AuditEvent:
            continue
        for label, beside in _labels(model):
            wanted = models.Q(**{beside: key}) if beside else models.Q(**{f"{label}__in": list(names)})
            # plain rows: those that are only ever added to are guarded by their own manager
            changed += models.QuerySet(model).filter(wanted).update(**{label: mark})
    return changed


def _labels(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    """Fields that hold a person's name, each with the field of the key beside it, "" without one."""
    texts = {one.name for one in model._meta.local_concrete_fields if isinstance(one, models.CharField)}
    for name in sorted(texts):
        if name == "actor_label":
            yield name, "actor_key" if "actor_key" in texts else ""
        elif name == "by" or name.endswith("_by"):
            yield name, f"{name}_key" if f"{name}_key" in texts else ""
