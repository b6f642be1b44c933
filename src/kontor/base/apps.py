from django.apps import AppConfig


class BaseConfig(AppConfig):
    name = "kontor.base"
    label = "base"

    def ready(self) -> None:
        from kontor.base import mail  # noqa: F401  # registers the job that sends
