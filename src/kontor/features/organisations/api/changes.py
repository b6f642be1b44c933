"""What creating and changing through the API have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext_lazy as _

from kontor.base.errors import Conflict, KontorError
from kontor.base.models import AuditEvent
from kontor.codes import canonical


@contextmanager
def in_body() -> Iterator[None]:
    """Name the field of a failure as the caller sent it: `name` becomes `body.name`."""
    try:
        yield
    except KontorError as problem:
        if problem.path and not problem.path.startswith("body."):
            problem.path = f"body.{problem.path}"
        raise


def check_revision(subject: Any, revision: int) -> None:
    """Raise Conflict (409) that names what was changed since, unless `revision` is the stored one."""
    if subject.revision == revision:
        return
    fields = ", ".join(_changed_since(subject, revision)) or _("something")
    raise Conflict(
        _("Somebody else changed this meanwhile: {fields}.").format(fields=fields),
        code="revision",
        path="body.revision",
        remedy=_("Read it again (revision {revision}) and repeat your change.").format(
            revision=subject.revision
        ),
    )


def _changed_since(subject: Any, revision: int) -> list[str]:
    """Names of the fields in the subject's last changes; one revision is one audit row at least."""
    events = AuditEvent.objects.filter(subject_kind=type(subject)._meta.model_name, subject_key=subject.key)
    last = events.order_by("-seq")[: max(subject.revision - revision, 1)]
    return sorted({field for event in last for field in event.changes})


def checked_codes(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of scheme and code as the lists write them; KontorError 422 for one that no list has."""
    pairs = []
    for text in codes:
        scheme, _colon, raw = text.partition(":")
        code = canonical(scheme, raw)
        if code is None:
            raise KontorError(
                _("There is no such code: {code}.").format(code=text),
                code="unknown-code",
                path="codes",
                remedy=_("Search for one under /api/v1/codes/."),
                status=422,
            )
        pairs.append((scheme, code))
    return list(dict.fromkeys(pairs))
