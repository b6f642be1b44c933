from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from kontor.base.events import SampleLoaded, SampleRemoved, subscribe
from kontor.base.navigation import register


class ProgrammesConfig(AppConfig):
    name = "kontor.features.programmes"
    label = "programmes"

    def ready(self) -> None:
        from kontor.features.programmes import scopes, words
        from kontor.features.programmes.sample import load_programmes, remove_programmes

        register("programmes", _("Programmes"), "programmes:list", order=10)
        scopes.register()
        words.register()
        subscribe(SampleLoaded, load_programmes)
        subscribe(SampleRemoved, remove_programmes)
