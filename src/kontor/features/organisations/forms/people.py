"""Contact persons, memberships, yearly figures and translations."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from kontor.base.models import TextOrigin
from kontor.features.organisations.languages import language_choices


class ContactForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    function = forms.CharField(label=_("Function"), max_length=120, required=False)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    language = forms.ChoiceField(label=_("Language for mails"), choices=lazy(language_choices, list))
    consent_source = forms.CharField(
        label=_("How the person gave consent"),
        max_length=120,
        required=False,
        help_text=_(
            "For example: “I enter myself” or “form of 3 March”. Without consent the person is not shown."
        ),
    )


class MembershipForm(forms.Form):
    """Dates of a membership; the member is picked, or named, when it is added."""

    member = forms.CharField(
        label=_("Organisation"),
        max_length=300,
        required=False,
        help_text=_("Its name, or its key: the last part of the address of its page, as 8f3k2m9q4t7x."),
        widget=forms.TextInput(attrs={"data-combobox": "/directory/names/"}),
    )
    since = forms.DateField(
        label=_("Member since"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Member until"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )


class FiguresForm(forms.Form):
    year = forms.IntegerField(label=_("Year"), min_value=1990, max_value=2100)
    staff = forms.DecimalField(
        label=_("Staff (annual work units)"), min_value=0, max_digits=10, decimal_places=2, required=False
    )
    turnover = forms.DecimalField(
        label=_("Turnover (EUR)"), min_value=0, max_digits=16, decimal_places=2, required=False
    )
    balance = forms.DecimalField(
        label=_("Balance sheet total (EUR)"), max_digits=16, decimal_places=2, required=False
    )

    def clean_year(self) -> int:
        year = int(self.cleaned_data["year"])
        if year > timezone.localdate().year:
            raise forms.ValidationError(_("This year is not over yet."))
        return year


class TranslationForm(forms.Form):
    """A text in another language. An empty text removes the translation."""

    language = forms.ChoiceField(label=_("Language"), choices=lazy(language_choices, list))
    name = forms.CharField(label=_("Name"), max_length=300, required=False)
    text = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 8}), required=False)
    origin = forms.ChoiceField(
        label=_("Translated by"),
        choices=[(TextOrigin.HUMAN.value, _("a person")), (TextOrigin.MACHINE.value, _("a machine"))],
        widget=forms.RadioSelect,
        initial=TextOrigin.HUMAN.value,
    )
