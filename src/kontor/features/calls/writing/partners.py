"""Forms about partners."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kontor.features.calls.models import Call, PartnerRole

_YES_NO = [("", _("not known yet")), ("yes", _("yes")), ("no", _("no"))]
_FLAGS = {"yes": True, "no": False}


class PartnerForm(forms.Form):
    """What the applicant says of a partner."""

    role = forms.ChoiceField(label=_("Role"), choices=PartnerRole.choices)
    region = forms.ChoiceField(label=_("Region that pays"), required=False)
    led_before = forms.ChoiceField(label=_("Led a project before"), required=False, choices=_YES_NO)
    new = forms.ChoiceField(label=_("New to the programme"), required=False, choices=_YES_NO)
    in_difficulty = forms.ChoiceField(label=_("In difficulty"), required=False, choices=_YES_NO)

    def __init__(self, *args: Any, call: Call, lead: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        roles = [one for one in PartnerRole.choices if (one[0] == PartnerRole.LEAD) == lead]
        self._choose("role", roles)
        if lead:
            del self.fields["role"]
        if call.regions:
            named = [(one["key"], call.said(one["name"])) for one in call.regions]
            self._choose("region", [("", _("none")), *named])
        else:
            del self.fields["region"]

    def values(self) -> dict[str, Any]:
        """As `actions.change_partner` takes them."""
        told = dict(self.cleaned_data)
        for name in ("led_before", "new", "in_difficulty"):
            told[name] = _FLAGS.get(told.get(name, ""))
        return told

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class AddPartnerForm(PartnerForm):
    """The same with the organisation, chosen in the directory."""

    organisation = forms.CharField(
        label=_("Organisation"),
        help_text=_("Type a few letters of its name. It must be in the directory."),
        max_length=400,
        widget=forms.TextInput(attrs={"data-combobox": "/directory/names/"}),
    )
    field_order = ["organisation"]
