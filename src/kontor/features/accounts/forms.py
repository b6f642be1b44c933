"""Forms of the account pages."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.utils.translation import gettext_lazy as _

from kontor.base.api import SCOPES
from kontor.features.accounts.models import User
from kontor.features.accounts.scopes import KIND_OF, ROLES_IN, Role, Scope, ScopeKind, is_known

THEMES = [("system", _("As on this device")), ("light", _("Light")), ("dark", _("Dark"))]


class SignInForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        error_messages={"required": _("Write your e-mail address.")},
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        help_text=_("Leave it empty and we send you a mail with a link that signs you in."),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class ProfileForm(forms.ModelForm[User]):
    language = forms.ChoiceField(label=_("Language"), help_text=_("Of the pages and of mails to you."))
    theme = forms.ChoiceField(label=_("Light or dark"), choices=THEMES)
    time_zone = forms.ChoiceField(label=_("Time zone"))

    class Meta:
        model = User
        fields = ["name", "language", "time_zone", "theme"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]
        zones = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
        self.fields["time_zone"].choices = [("UTC", "UTC"), *((zone, zone) for zone in zones)]  # type: ignore[attr-defined]


class PasswordForm(forms.Form):
    """Set or change the password. Who has one shows it first; who has none signed in by a mailed link."""

    current = forms.CharField(
        label=_("Current password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["new"].help_text = password_validators_help_text_html()
        if not user.has_usable_password():
            del self.fields["current"]

    def clean_current(self) -> str:
        current: str = self.cleaned_data["current"]
        if not self.user.check_password(current):
            raise forms.ValidationError(_("This is not your current password."))
        return current

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        validate_password(new, self.user)
        return new


class TokenForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("Which program will use it?"))
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one thing the program may do.")},
    )
    days = forms.TypedChoiceField(
        label=_("Good for"),
        choices=[(90, _("90 days")), (365, _("one year")), (0, _("until you revoke it"))],
        coerce=int,
        initial=90,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [(scope, scope) for scope in sorted(SCOPES)]  # type: ignore[attr-defined]


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, scope: Scope, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(role.value, role.label) for role in ROLES_IN[scope.kind]]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]


class AcceptForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )


class GrantForm(forms.Form):
    """An administrator gives any role in any scope to somebody who has an account."""

    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    scope_key = forms.CharField(
        label=_("Key of the programme, cluster or organisation"),
        required=False,
        max_length=60,
        help_text=_("The last part of its address. Leave it empty for a role on the whole site."),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if "role" not in values or "scope_key" not in values:
            return values
        values["scope"] = scope = Scope(KIND_OF[values["role"]], values["scope_key"].strip())
        if scope.kind == ScopeKind.SITE:
            if scope.key:
                self.add_error("scope_key", _("This is a role on the whole site. Leave the key empty."))
        elif not scope.key:
            self.add_error(
                "scope_key", _("Say where: this role is held in one programme, cluster or organisation.")
            )
        elif not is_known(scope):
            self.add_error(
                "scope_key", _("There is nothing with this key. Copy it from the address of its page.")
            )
        return values
