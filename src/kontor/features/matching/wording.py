"""The engine's sentences in the reader's language, with labels for the codes they hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from kontor import codes
from kontor.engine.core.explanation import Reason
from kontor.features.organisations.models import OrganisationKind, SizeClass

PARTS = {
    "fit": _lazy("Fit of need and offer"),
    "reciprocity": _lazy("Also the other way round"),
    "complementarity": _lazy("Adds what is missing"),
    "border": _lazy("Crosses a border"),
    "freshness": _lazy("Confirmed lately"),
    "answer_rate": _lazy("Answers requests"),
    "novelty": _lazy("Not suggested everywhere"),
}
METHODS = {
    "words": _lazy("same words"),
    "codes": _lazy("same codes"),
    "meaning": _lazy("same meaning"),
}
CONDITIONS = {
    "countries": _lazy("country"),
    "countries_excluded": _lazy("excluded country"),
    "across": _lazy("across the border"),
    "across_from": _lazy("across the border"),
    "sizes": _lazy("size"),
    "size": _lazy("size"),
    "sme": _lazy("small or medium-sized only"),
    "sme_only": _lazy("small or medium-sized only"),
    "kinds": _lazy("kind of organisation"),
    "kind": _lazy("kind of organisation"),
    "codes": _lazy("theme or code"),
    "trl": _lazy("technology readiness level"),
    "area": _lazy("region"),
    "languages": _lazy("language"),
    "excluded": _lazy("not this one"),
    "audience": _lazy("visibility"),
    "self": _lazy("the asking organisation"),
    "team": _lazy("already in the team"),
    "partners": _lazy("partner already"),
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
