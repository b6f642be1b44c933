"""Words of spreadsheets turned into what is stored: countries, languages and choices, in the languages of
the users.
"""

from __future__ import annotations

from functools import cache

from babel import Locale

from kontor import codes
from kontor.features.organisations.imports.catalogue import HEADER_LANGUAGES, choices, normal

# Signs of vehicles, old and everyday names.
_COUNTRY_NICKNAMES = {
    "D": "DE", "A": "AT", "B": "BE", "F": "FR", "I": "IT", "L": "LU", "E": "ES", "P": "PT", "S": "SE",
    "H": "HU", "BRD": "DE", "Holland": "NL", "The Netherlands": "NL", "Great Britain": "GB", "England": "GB",
    "Scotland": "GB", "Großbritannien": "GB", "Groot-Brittannië": "GB", "Grande-Bretagne": "GB",
    "Czech Republic": "CZ", "Tschechische Republik": "CZ", "Tsjechische Republiek": "CZ",
    "République tchèque": "CZ", "USA": "US", "Eire": "IE", "Republic of Ireland": "IE",
    "Slovak Republic": "SK", "Turkey": "TR", "Türkei": "TR",
}  # fmt: skip


@cache
def _countries() -> dict[str, str]:
    countries = codes.scheme("country")
    found = {normal(text): code for text, code in _COUNTRY_NICKNAMES.items()}
    for code in countries.codes():
        for language in countries.languages():
            found.setdefault(normal(countries.label(code, language).text), code)
    return found


@cache
def country(text: str) -> str | None:
    """The ISO 3166 code for a code (EL and UK too) or a name in any official language of the EU; None if
    unknown.
    """
    return codes.scheme("country").canonical(text) or _countries().get(normal(text))


@cache
def _languages() -> dict[str, str]:
    found: dict[str, str] = {}
    for reader in HEADER_LANGUAGES:
        names = Locale(reader).languages
        for code in known_languages():
            found.setdefault(normal(str(names[code])), code)
            found.setdefault(normal(str(Locale(code).languages[code])), code)
    return found


@cache
def known_languages() -> tuple[str, ...]:
    """Languages of Europe that Babel names, by their ISO 639-1 codes."""
    wanted = (
        "bg bs ca cs cy da de el en es et eu fi fr ga gl hr hu is it lb lt lv mk mt nb nl nn no "
        "pl pt ro ru sk sl sq sr sv tr uk"
    )
    return tuple(code for code in wanted.split() if code in Locale("en").languages)


@cache
def language(text: str) -> str | None:
    """The two-letter code for a code ("DE", "de-AT") or a language's name; None if unknown."""
    code = text.strip().lower().replace("_", "-").partition("-")[0]
    if code in known_languages():
        return code
    return _languages().get(normal(text))


@cache
def _spelt(field: str) -> dict[str, str]:
    return {normal(text): word for word, texts in choices(field).items() for text in (word, *texts)}


def choice(field: str, text: str) -> str | None:
    """The stored word for a spelling of a choice (`kind`, `size`, `listing`, `visibility`); None if
    unknown.
    """
    return _spelt(field).get(normal(text))
