from django.apps import AppConfig

from kontor.base.events import SampleLoaded, subscribe


class CallsConfig(AppConfig):
    name = "kontor.features.calls"
    label = "calls"

    def ready(self) -> None:
        from kontor.features.calls import words
        from kontor.features.calls.sample import load_calls

        words.register()
        # after programmes, whose instruments calls open: programmes stand before in INSTALLED_APPS
        subscribe(SampleLoaded, load_calls)
