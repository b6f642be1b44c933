from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "kontor.features.accounts"
    label = "accounts"

    def ready(self) -> None:
        from kontor.base import navigation
        from kontor.base.permissions import SIGNED_IN
        from kontor.features.accounts.rules import is_administrator

        navigation.register("account", _("Your account"), "accounts:account", SIGNED_IN, order=10)
        navigation.register("account", _("Tokens for programs"), "accounts:tokens", SIGNED_IN, order=20)
        navigation.register("site", _("Roles"), "accounts:roles", is_administrator, order=10)
