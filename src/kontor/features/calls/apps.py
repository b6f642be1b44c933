from django.apps import AppConfig


class CallsConfig(AppConfig):
    name = "kontor.features.calls"
    label = "calls"

    def ready(self) -> None:
        from kontor.features.calls import words

        words.register()
