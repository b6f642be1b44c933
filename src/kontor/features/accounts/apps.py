from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "kontor.features.accounts"
    label = "accounts"
