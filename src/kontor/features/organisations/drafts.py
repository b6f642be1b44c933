"""What people typed about an organisation, brought into the form that is stored. No database.

Forms, imports, the API and sample data all pass through `cleaned`, so one value has one spelling.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kontor.base.errors import KontorError
from kontor.features.organisations import identity, names
from kontor.features.organisations.models import Listing, Organisation, OrganisationKind, SizeClass

# Fields that people fill in; the rest is derived or set by actions of their own (consent, merge, archive).
TEXT_FIELDS = (
    "name", "short_name", "kind", "size", "language", "summary", "country", "nuts3", "nuts_version", "street",
    "postcode", "place", "website", "external_id", "listing",
)  # fmt: skip
NULL_FIELDS = ("vat", "register_number", "pic")
SET_FIELDS = ("languages", "tags")
NUMBER_FIELDS = ("latitude", "longitude")
PROFILE_FIELDS = (*TEXT_FIELDS, *NULL_FIELDS, *SET_FIELDS, *NUMBER_FIELDS)
_CHOICES: dict[str, Iterable[str]] = {
    "kind": OrganisationKind.values,
    "size": SizeClass.values,
    # Consent is withdrawn by an action of its own.
    "listing": [Listing.LISTED, Listing.MEMBERS, Listing.HIDDEN],
}


def cleaned(values: Mapping[str, Any], *, country: str = "") -> dict[str, Any]:
    """`values` (a subset of PROFILE_FIELDS) as they are stored, with `domain` where the web site is
    among them.

    `country` is the country to check a VAT number against where `values` has none. Raises
    KontorError with the field as `path`, the first problem found.
    """
    result: dict[str, Any] = {}
    country = str(values.get("country", country) or "").strip().upper()
    for field, value in values.items():
        if field not in PROFILE_FIELDS:
            raise KontorError(_("An organisation has no such field."), code="unknown_field", path=field)
        result[field] = _clean_field(field, value, country)
    if "website" in result:
        result["domain"] = names.domain(result["website"])
    return result


def derived(values: Mapping[str, Any]) -> dict[str, str]:
    """`name_key` and `search_text` of a complete organisation given as a mapping with name, place
    and tags."""
    name, short, place = (values.get(field) or "" for field in ("name", "short_name", "place"))
    return {
        "name_key": names.name_key(name),
        "search_text": names.search_text(name, short, place, values.get("tags") or ()),
    }


def _clean_field(field: str, value: Any, country: str) -> Any:
    if field in SET_FIELDS:
        return _clean_set(value)
    if field in NUMBER_FIELDS:
        return None if value in (None, "") else float(value)
    text = "" if value is None else str(value).replace("\x00", "").strip()
    try:
        return _clean_text(field, text, country)
    except identity.IdentityProblem as problem:
        raise KontorError(
            problem.message, code=f"bad_{field}", path=field, remedy=problem.remedy
        ) from problem


def _clean_text(field: str, text: str, country: str) -> str | None:
    if field == "vat":
        return identity.vat_number(country, text)
    if field == "pic":
        return identity.pic_number(text)
    if field == "register_number":
        return identity.register_number(text)
    if field == "website":
        return _clean_website(text)
    if field == "country":
        return _clean_country(text)
    if field in _CHOICES and text not in _CHOICES[field]:
        raise KontorError(_("This is none of the choices."), code="bad_choice", path=field)
    text = text if field == "summary" else " ".join(text.split())
    return _fitting(field, text)


def _fitting(field: str, text: str) -> str:
    if field == "name" and not text:
        raise KontorError(
            _("The name is missing."),
            code="required",
            path="name",
            remedy=_("Write the organisation's full name."),
        )
    limit = Organisation._meta.get_field(field).max_length  # type: ignore[union-attr]
    if limit and len(text) > limit:
        message = _("This is longer than %(limit)s characters.") % {"limit": limit}
        raise KontorError(message, code="too_long", path=field, remedy=_("Shorten it."))
    return text


def _clean_website(text: str) -> str:
    try:
        return _fitting("website", names.website(text))
    except ValueError as error:
        raise KontorError(
            _("This is not the address of a web site."),
            code="bad_website",
            path="website",
            remedy=_("Write it like www.example.eu."),
        ) from error


def _clean_country(text: str) -> str:
    code = {"EL": "GR", "UK": "GB"}.get(text.upper(), text.upper())
    if len(code) != 2 or not code.isascii() or not code.isalpha():
        raise KontorError(
            _("The country is missing or unknown."),
            code="bad_country",
            path="country",
            remedy=_("Choose a country, or write its two letters."),
        )
    return code


def _clean_set(value: Any) -> list[str]:
    """A list of words, each once, in the order given; a text is split at commas and line ends."""
    items = value.replace("\n", ",").split(",") if isinstance(value, str) else value or ()
    return list(dict.fromkeys(text[:60] for item in items if (text := " ".join(str(item).split()))))
