from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "kontor.base"
    label = "base"
