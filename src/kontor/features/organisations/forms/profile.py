"""The organisation's profile: the short path for firms, and all fields for managers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from kontor import codes
from kontor.base.errors import KontorError
from kontor.features.organisations.drafts import cleaned
from kontor.features.organisations.forms.codes import CodeSearchField, CodesField, CodesMixin
from kontor.features.organisations.languages import language_choices
from kontor.features.organisations.models import Listing, OrganisationKind, SizeClass
from kontor.features.organisations.queries import reader_language

LISTINGS = [
    (Listing.LISTED.value, _("Everybody: the public directory shows it")),
    (Listing.MEMBERS.value, _("Members: people signed in with a role see it")),
    (Listing.HIDDEN.value, _("Nobody: only you and your cluster managers see it")),
]


def country_choices() -> list[tuple[str, str]]:
    """Countries by name in the reader's language, after an empty line."""
    language = reader_language()
    named = [(code, str(codes.label("country", code, language))) for code in codes.scheme("country").codes()]
    return [("", "—"), *sorted(named, key=lambda pair: pair[1].casefold())]


class AddressMixin(forms.Form):
    """Checks values as they will be stored, and proposes region and map point from the address."""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for field in list(self.fields):
            if field in values:
                self._check(field, values)
        self._locate(values)
        return values

    def _check(self, field: str, values: dict[str, Any]) -> None:
        if field not in {"website", "vat", "pic", "register_number", "name", "country"}:
            return
        try:
            values[field] = cleaned({field: values[field]}, country=values.get("country", ""))[field]
        except KontorError as error:
            self.add_error(field, str(error))

    def _locate(self, values: dict[str, Any]) -> None:
        """NUTS 3 from postcode or place, unless a person chose another; the map point from the place.

        An address that the form left alone keeps its point, and a region its vintage: both may be better
        than what would be found here.
        """
        country, place = values.get("country") or "", values.get("place") or ""
        moved, same_region = self._has_moved(values), self._is_as_before("nuts3", values)
        region = "" if moved and same_region else values.get("nuts3") or ""
        hit = codes.nuts3_of(country, values.get("postcode"), place) if country and not region else None
        values["nuts3"] = hit.code if hit else region
        vintage = self.initial.get("nuts_version") if same_region else ""
        values["nuts_version"] = hit.version if hit else vintage or _latest_version(region)
        if moved:
            point = codes.place_of(country, place) if country and place else None
            values["latitude"] = point.latitude if point else None
            values["longitude"] = point.longitude if point else None
        else:
            values["latitude"] = self.initial.get("latitude")
            values["longitude"] = self.initial.get("longitude")

    def _has_moved(self, values: dict[str, Any]) -> bool:
        return not all(self._is_as_before(field, values) for field in ("country", "postcode", "place"))

    def _is_as_before(self, field: str, values: dict[str, Any]) -> bool:
        return bool((values.get(field) or "") == (self.initial.get(field) or ""))


def _latest_version(region: str) -> str:
    """The newest vintage of NUTS that has the region; "" for none."""
    return max(codes.scheme("nuts").flags(region), default="") if codes.valid("nuts", region) else ""


class PlaceForm(AddressMixin):
    """First page of the short path: who and where."""

    name = forms.CharField(label=_("Name of the organisation"), max_length=300)
    kind = forms.ChoiceField(
        label=_("What it is"), choices=OrganisationKind.choices, widget=forms.RadioSelect
    )
    country = forms.ChoiceField(label=_("Country"), choices=lazy(country_choices, list))
    postcode = forms.CharField(label=_("Postcode"), max_length=12, required=False)
    place = forms.CharField(label=_("Town"), max_length=120, required=False)
    website = forms.CharField(
        label=_("Web site"), max_length=300, required=False, help_text=_("For example www.example.eu")
    )


class CheckForm(forms.Form):
    """Last page of the short path: who may see it, and consent."""

    listing = forms.ChoiceField(label=_("Who may find it"), choices=LISTINGS, widget=forms.RadioSelect)
    consent = forms.BooleanField(
        label=_(
            "We agree that these details are stored and shown as chosen above. We can withdraw at any time."
        )
    )


class ArchiveForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False, help_text=_("Kept in the log.")
    )


class ProfileForm(CodesMixin, AddressMixin):
    """All fields of the profile. `codes` are "scheme:code" values."""

    name = forms.CharField(label=_("Name"), max_length=300)
    short_name = forms.CharField(label=_("Short name"), max_length=80, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=OrganisationKind.choices)
    size = forms.ChoiceField(
        label=_("Size class"),
        choices=SizeClass.choices,
        help_text=_("By staff, turnover and balance sheet total, as in Recommendation 2003/361/EC."),
    )
    language = forms.ChoiceField(label=_("Language of this profile"), choices=lazy(language_choices, list))
    languages = forms.MultipleChoiceField(
        label=_("Working languages"),
        choices=lazy(language_choices, list),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )
    summary = forms.CharField(label=_("Summary"), required=False, widget=forms.Textarea(attrs={"rows": 5}))
    country = forms.ChoiceField(label=_("Country"), choices=lazy(country_choices, list))
    street = forms.CharField(label=_("Street and number"), max_length=200, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=12, required=False)
    place = forms.CharField(label=_("Town"), max_length=120, required=False)
    nuts3 = forms.CharField(
        label=_("NUTS 3 region"),
        max_length=5,
        required=False,
        help_text=_("Leave it empty: it follows from the postcode or town where possible."),
    )
    website = forms.CharField(label=_("Web site"), max_length=300, required=False)
    vat = forms.CharField(
        label=_("VAT number"),
        max_length=30,
        required=False,
        help_text=_("With the country letters, for example DE136695976. Only editors and managers see it."),
    )
    register_number = forms.CharField(
        label=_("Register number"), max_length=60, required=False, help_text=_("For example HRB 12345 Bremen")
    )
    pic = forms.CharField(
        label=_("PIC"),
        max_length=12,
        required=False,
        help_text=_("Nine digits, from the EU Funding and Tenders Portal"),
    )
    codes = CodesField(label=_("Codes"), help_text=_("Tick what fits. Suggested from your texts."))
    more_codes = CodeSearchField()
    tags = forms.CharField(
        label=_("Tags"), max_length=1000, required=False, help_text=_("Your own words, separated by commas")
    )

    def clean_nuts3(self) -> str:
        code = str(self.cleaned_data["nuts3"]).strip().upper()
        if code and (len(code) != 5 or not codes.valid("nuts", code)):
            raise forms.ValidationError(_("There is no such NUTS 3 region. Leave it empty, or look it up."))
        return code

    def profile_values(self) -> dict[str, Any]:
        """The cleaned form as change_organisation takes it."""
        values = dict(self.cleaned_data)
        values["codes"] = sorted({*values["codes"], *values.pop("more_codes")})
        return values
