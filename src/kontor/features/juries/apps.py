from django.apps import AppConfig


class JuriesConfig(AppConfig):
    name = "kontor.features.juries"
    label = "juries"

    def ready(self) -> None:
        from kontor.features.juries import words

        words.register()
