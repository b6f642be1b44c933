"""Finding the organisations that rows are about, and loading them for comparison: a fixed number of queries
a batch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils import timezone

from kontor.base.models import Text
from kontor.features.organisations.imports.catalogue import TRANSLATED
from kontor.features.organisations.imports.compare import Current
from kontor.features.organisations.imports.entry import Entry
from kontor.features.organisations.models import (
    ContactPerson,
    Membership,
    Organisation,
    OrganisationCode,
    Statement,
    StatementCode,
    YearFigures,
)

PROFILE = (
    "name", "short_name", "kind", "size", "language", "languages", "summary", "country", "nuts3",
    "nuts_version", "street", "postcode", "place", "latitude", "longitude", "website", "domain", "vat",
    "register_number", "pic", "external_id", "source", "tags", "listing",
)  # fmt: skip


@dataclass(slots=True)
class Known:
    """What identifies an organisation already there."""

    id: int
    key: str
    name: str
    country: str
    place: str
    domain: str
    vat: str
    pic: str
    merged_into: str
    archived: bool


_COLUMNS = (
    "id",
    "key",
    "name",
    "country",
    "place",
    "domain",
    "vat",
    "pic",
    "merged_into__key",
    "archived_at",
)


def match(entries: Sequence[Entry], *, besides: Container[int] = ()) -> dict[int, dict[str, Known]]:
    """The organisations each row fits, by criterion, surest first: key, vat, pic, register, external, name.

    Organisations in `besides` (by id) are not found. Six queries, however many rows.
    """
    found: dict[int, dict[str, Known]] = defaultdict(dict)
    for criterion, wanted, rows in _searches(entries):
        by_value: dict[Any, list[Known]] = defaultdict(list)
        for row in rows:
            by_value[row[0]].append(_known(row[1:]))
        for entry in entries:
            value = wanted(entry)
            if value is not None:
                hits = [
                    hit
                    for hit in by_value.get(value, ())
                    if hit.id not in besides and _fits(criterion, entry, hit)
                ]
                if hits:
                    found[entry.number][criterion] = min(hits, key=partial(_distance, entry))
    return found


def _known(row: Sequence[Any]) -> Known:
    pk, key, name, country, place, domain, vat, pic, merged_into, archived_at = row
    return Known(
        pk,
        key,
        name,
        country,
        place,
        domain,
        vat or "",
        pic or "",
        merged_into or "",
        archived_at is not None,
    )


def _searches(entries: Sequence[Entry]) -> Iterator[tuple[str, Any, Iterable[Any]]]:
    alive = Organisation.objects.filter(merged_into=None).order_by()
    everyone = Organisation.objects.order_by()
    simple: tuple[tuple[str, Any, str, Callable[[Entry], str | None]], ...] = (
        ("key", everyone, "key", lambda e: e.key or None),
        ("vat", alive, "vat", lambda e: e.fields.get("vat") or None),
        ("pic", alive, "pic", lambda e: e.fields.get("pic") or None),
        ("register", alive, "register_number", lambda e: e.fields.get("register_number") or None),
        ("external", alive, "external_id", lambda e: e.fields.get("external_id") or None),
        ("name", alive, "name_key", lambda e: e.name_key or None),
    )
    for criterion, rows, column, wanted in simple:
        values = {value for entry in entries if (value := wanted(entry)) is not None}
        found: Iterable[Any] = ()
        if values:
            extra = ("source",) if criterion == "external" else ()
            found = rows.filter(**{f"{column}__in": values}).values_list(column, *_COLUMNS, *extra)
        if criterion == "external":
            found = _of_source(entries, found)
        yield criterion, wanted, found


def _of_source(entries: Sequence[Entry], rows: Iterable[Any]) -> list[Any]:
    """Numbers of a source file say something only together with the source."""
    wanted = {(e.fields.get("external_id"), e.fields.get("source", "")) for e in entries}
    return [row[:-1] for row in rows if (row[0], row[-1]) in wanted]


def _fits(criterion: str, entry: Entry, hit: Known) -> bool:
    country = entry.fields.get("country")
    if criterion in {"register", "external"}:
        return not country or hit.country == country
    if criterion == "name":
        place, domain = entry.fields.get("place"), entry.fields.get("domain")
        near = (place and hit.place.casefold() == place.casefold()) or (domain and hit.domain == domain)
        # Neither side says where: the name in the country is all there is.
        bare = not (place or domain) or not (hit.place or hit.domain)
        return hit.country == country and bool(near or bare) and not _contradicts(entry, hit)
    return True


def _contradicts(entry: Entry, hit: Known) -> bool:
    """Whether row and organisation carry different numbers of the same kind: two firms of one name."""
    vat, pic = entry.fields.get("vat"), entry.fields.get("pic")
    return bool((vat and hit.vat and vat != hit.vat) or (pic and hit.pic and pic != hit.pic))


def _distance(entry: Entry, hit: Known) -> tuple[bool, bool, bool, int]:
    """Orders organisations that fit equally: the one spelt like the row first, then the oldest."""
    fields = entry.fields
    place = (fields.get("place") or "").casefold()
    return (
        hit.name != fields.get("name"),
        hit.place.casefold() != place,
        hit.domain != (fields.get("domain") or ""),
        hit.id,
    )


def editable(ids: Iterable[int], user: Any) -> set[int]:
    """Which of these the person may change; all of them where nobody in particular acts (`user` None)."""
    wanted = list(ids)
    if user is None:
        return set(wanted)
    return set(
        Organisation.objects.editable_by(user).filter(pk__in=wanted).order_by().values_list("pk", flat=True)
    )


def load(ids: Sequence[int], cluster_id: int = 0) -> dict[int, Current]:
    """Organisations with all that a row can change, for comparison. Seven queries."""
    rows = Organisation.objects.filter(pk__in=ids).order_by().values("id", "key", "revision", *PROFILE)
    found = {
        row["id"]: Current(
            row["id"], row["key"], row["revision"], row["listing"], {name: row[name] for name in PROFILE}
        )
        for row in rows
    }
    _load_parts(found)
    _load_statements(found)
    if cluster_id:
        _load_memberships(found, cluster_id)
    return found


def _load_memberships(found: dict[int, Current], cluster_id: int) -> None:
    """The membership that lasts, else the latest one that ended (`member_id` stays 0 then)."""
    today = timezone.localdate()
    rows = Membership.objects.filter(cluster_id=cluster_id, member_id__in=list(found))
    for member in sorted(rows, key=lambda row: (row.until is None, row.until)):
        current = found[member.member_id]
        current.member_id = member.pk if member.until is None or member.until >= today else 0
        dates = {"since": member.since, "until": member.until}
        current.membership = {name: day.isoformat() for name, day in dates.items() if day}


def _load_parts(found: dict[int, Current]) -> None:
    ids = list(found)
    codes = OrganisationCode.objects.filter(organisation_id__in=ids).order_by("code")
    for organisation_id, scheme, code in codes.values_list("organisation_id", "scheme", "code"):
        found[organisation_id].codes.setdefault(scheme, []).append(code)
    for figures in YearFigures.objects.filter(organisation_id__in=ids):
        values = {"staff": figures.staff, "turnover": figures.turnover, "balance": figures.balance}
        known = {name: f"{value:.2f}" for name, value in values.items() if value is not None}
        found[figures.organisation_id].figures[str(figures.year)] = known
    texts = Text.objects.filter(subject_kind="organisation", subject_id__in=ids, field__in=TRANSLATED)
    for subject_id, name, language, text in texts.values_list("subject_id", "field", "language", "text"):
        found[subject_id].texts.setdefault(name, {})[language] = text
    for contact in ContactPerson.objects.filter(organisation_id__in=ids).order_by("id"):
        found[contact.organisation_id].contacts.append(
            {
                "id": contact.pk,
                "name": contact.name,
                "email": contact.email,
                "phone": contact.phone,
                "function": contact.function,
                "language": contact.language,
                "consent_at": timezone.localdate(contact.consent_at).isoformat()
                if contact.consent_at
                else None,
                "consent_source": contact.consent_source,
                "shown": contact.may_be_shown,
            }
        )


def _load_statements(found: dict[int, Current]) -> None:
    statements: dict[int, dict[str, Any]] = {}
    for row in Statement.objects.filter(organisation_id__in=list(found), closed_at=None).order_by("id"):
        values = {
            "id": row.pk,
            "key": row.key,
            "kind": row.kind,
            "title": row.title,
            "text": row.text,
            "language": row.language,
            "teaser": row.teaser,
            "trl": row.trl,
            "visibility": row.visibility,
            "valid_until": row.valid_until.isoformat() if row.valid_until else None,
            "codes": [],
        }
        statements[row.pk] = values
        found[row.organisation_id].statements.append(values)
    codes = StatementCode.objects.filter(
        statement__organisation_id__in=list(found), statement__closed_at=None
    )
    for statement_id, scheme, code in codes.order_by("scheme", "code").values_list(
        "statement_id", "scheme", "code"
    ):
        statements[statement_id]["codes"].append(f"{scheme}:{code}")
