from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "kontor.features.organisations"
    label = "organisations"
