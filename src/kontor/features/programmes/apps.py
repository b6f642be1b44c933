from django.apps import AppConfig

from kontor.base.events import SampleLoaded, SampleRemoved, subscribe


class ProgrammesConfig(AppConfig):
    name = "kontor.features.programmes"
    label = "programmes"

    def ready(self) -> None:
        from kontor.features.programmes import scopes, words
        from kontor.features.programmes.sample import load_programmes, remove_programmes

        scopes.register()
        words.register()
        subscribe(SampleLoaded, load_programmes)
        subscribe(SampleRemoved, remove_programmes)
