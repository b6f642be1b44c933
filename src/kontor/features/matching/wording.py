"""The engine's sentences in the reader's language, with labels for the codes they hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.dateformat import format as date_format
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from kontor import codes
from kontor.base.components.dates import day_format
from kontor.engine.core.explanation import Reason
from kontor.features.organisations.models import OrganisationKind, SizeClass

PARTS = {
    "fit": gettext_lazy("Fit of need and offer"),
    "reciprocity": gettext_lazy("Also the other way round"),
    "complementarity": gettext_lazy("Adds what is missing"),
    "border": gettext_lazy("Crosses a border"),
    "freshness": gettext_lazy("Confirmed lately"),
    "answer_rate": gettext_lazy("Answers requests"),
    "novelty": gettext_lazy("Not suggested everywhere"),
    "past": gettext_lazy("Known from earlier projects"),
    "projects": gettext_lazy("Took part in projects close to this"),
    "works": gettext_lazy("Its projects together use the words"),
    "ties": gettext_lazy("Has worked with you or your partners"),
    "popularity": gettext_lazy("Takes part in many projects"),
    "lands": gettext_lazy("Its country is in such projects"),
    "beside": gettext_lazy("Its country often works with yours"),
    "regions": gettext_lazy("Its region is in such projects"),
    "home": gettext_lazy("Is in your region"),
    "named": gettext_lazy("The question names its country"),
    "name": gettext_lazy("The question holds words of its name"),
    "alike": gettext_lazy("Its name is like those in such projects"),
    "kin": gettext_lazy("Somebody of nearly its name took part"),
}
METHODS = {
    "words": gettext_lazy("same words"),
    "codes": gettext_lazy("same codes"),
    "meaning": gettext_lazy("same meaning"),
}
CONDITIONS = {
    "countries": gettext_lazy("country"),
    "countries_excluded": gettext_lazy("excluded country"),
    "across": gettext_lazy("across the border"),
    "across_from": gettext_lazy("across the border"),
    "sizes": gettext_lazy("size"),
    "size": gettext_lazy("size"),
    "sme": gettext_lazy("small or medium-sized only"),
    "sme_only": gettext_lazy("small or medium-sized only"),
    "kinds": gettext_lazy("kind of organisation"),
    "kind": gettext_lazy("kind of organisation"),
    "codes": gettext_lazy("theme or code"),
    "trl": gettext_lazy("technology readiness level"),
    "area": gettext_lazy("region"),
    "languages": gettext_lazy("language"),
    "excluded": gettext_lazy("not this one"),
    "among": gettext_lazy("one of those asked about"),
    "audience": gettext_lazy("visibility"),
    "self": gettext_lazy("the asking organisation"),
    "team": gettext_lazy("already in the team"),
    "partners": gettext_lazy("partner already"),
}


def sentence(reason: Reason) -> str:
    """The reason as a sentence in the active language."""
    params = {name: _worded(name, value) for name, value in reason.params.items()}
    return _(reason.template) % params


def part_label(name: str) -> str:
    return str(PARTS.get(name, name))


def method_label(name: str) -> str:
    return str(METHODS.get(name, name))


def condition_label(name: str) -> str:
    return str(CONDITIONS.get(name, name))


def kind_label(code: str) -> str:
    return _choice(OrganisationKind, code)


def country_label(code: str) -> str:
    return str(codes.label("country", code, _language())) if code else ""


def language_label(code: str) -> str:
    """The name of a language, as `Dutch`; the code where there is none."""
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale(_language()).languages.get(code, code))
    except UnknownLocaleError:
        return code


def code_label(text: str) -> str:
    """`nace:28.11` as `NACE 28.11 Manufacture of engines …`; themes and KETs by their name alone."""
    scheme, _sep, code = text.partition(":")
    if scheme not in codes.SCHEMES:
        return text
    label = codes.label(scheme, code, _language())
    return str(label) if scheme in {"theme", "ket", "country"} else f"{scheme.upper()} {code} {label}"


def _language() -> str:
    return get_language() or "en"


def _worded(name: str, value: Any) -> Any:
    if isinstance(value, tuple | list):
        return ", ".join(str(_worded(name, item)) for item in value)
    words: Mapping[str, Any] = {
        "country": country_label,
        "countries": country_label,
        "codes": code_label,
        "code": code_label,
        "language": language_label,
        "languages": language_label,
        "condition": condition_label,
        "conditions": condition_label,
        "method": method_label,
        "part": part_label,
        "date": lambda item: date_format(dt.date.fromisoformat(item), day_format()),
        "kind": lambda item: _choice(OrganisationKind, item),
        "size": lambda item: _choice(SizeClass, item),
    }
    return words[name](value) if name in words and isinstance(value, str) else value


def _choice(kind: Any, value: str) -> str:
    known = {
        "sme": _("small or medium-sized"),
        "need": pgettext("statement", "need"),
        "offer": pgettext("statement", "offer"),
        "competence": pgettext("statement", "competence"),
    }
    if value in kind.values:
        return str(kind(value).label)
    return known.get(value, value)
