from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "kontor.features.matching"
    label = "matching"
