"""What creating and changing through the API have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.utils.translation import gettext_lazy as _

from kontor.base.errors import Conflict, KontorError
from kontor.base.models import AuditEvent
from kontor.codes import canonical
from kontor.features.organisations.actions import EditConflict
from kontor.features.organisations.sealing import seal, unseal


@contextmanager
def in_body() -> Iterator[None]:
    """Name the field of a failure as the caller sent it: `name` becomes `body.name`. Where two edits meet,
    say which fields somebody else changed and what they are now.
    """
    try:
        yield
    except EditConflict as conflict:
        raise _met(conflict) from conflict
    except KontorError as problem:
        if problem.path and not problem.path.startswith("body."):
            problem.path = f"body.{problem.path}"
        raise


def _met(conflict: EditConflict) -> Conflict:
    fields = ", ".join(
        _("{field} (now {value})").format(field=row.field, value="–" if row.theirs is None else row.theirs)
        for row in conflict.joined.conflicts
    )
    return Conflict(
        _("Somebody else changed this meanwhile: {fields}.").format(fields=fields),
        code="edit_conflict",
        path=f"body.{conflict.joined.conflicts[0].field}",
        remedy=_("Read it again and repeat your change with its new version."),
    )


def version_of(values: Mapping[str, Any], about: str) -> str:
    """What a change must bring along: the values as they were read, sealed."""
    return seal(values, about)


def base_of(version: str, about: str) -> dict[str, Any]:
    """The values that a change began with. KontorError 422 for anything but the version of this thing."""
    try:
        return unseal(version, about)
    except KontorError as error:
        raise KontorError(
            _("This is no version of it."),
            code="version",
            path="version",
            remedy=_("Send the version that came with it when it was read."),
            status=422,
        ) from error


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
