from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "kontor.web"
    label = "web"

    def ready(self) -> None:
        from kontor.web import checks  # noqa: F401  # registers the start-up checks
