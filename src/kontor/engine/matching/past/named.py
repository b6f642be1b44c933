"""Countries that an English text names, by the beginnings of their names and of what belongs to them.

Only countries that take part in European programmes in numbers, and only words with a capital: nobody is
German by a germane remark. A text in another language is read for the names that begin alike.
"""

from __future__ import annotations

import re

BEGINNINGS: dict[str, tuple[str, ...]] = {
    "AL": ("albania",),
    "AT": ("austria", "viennese"),
    "BA": ("bosnia",),
    "BE": ("belgi", "flemish", "flanders", "wallon"),
    "BG": ("bulgaria",),
    "CH": ("switzerland", "swiss"),
    "CY": ("cyprus", "cypriot"),
    "CZ": ("czech",),
    "DE": ("german", "bavaria"),
    "DK": ("denmark", "danish"),
    "DZ": ("algeria",),
    "EE": ("estonia",),
    "EG": ("egypt",),
    "ES": ("spain", "spanish", "catal", "basque", "andalu", "canar", "galicia"),
    "FI": ("finland", "finnish"),
    "FR": ("france", "french", "breton", "corsica"),
    "GB": ("united kingdom", "british", "england", "english channel", "scotland", "scottish", "wales"),
    "GE": ("georgia",),
    "GR": ("greece", "greek", "crete"),
    "HR": ("croatia",),
    "HU": ("hungar",),
    "IE": ("ireland", "irish"),
    "IL": ("israel",),
    "IS": ("iceland",),
    "IT": ("italy", "italian", "sicil", "sardinia"),
    "JO": ("jordan",),
    "KE": ("kenya",),
    "LB": ("lebanon", "lebanese"),
    "LT": ("lithuania",),
    "LU": ("luxembourg",),
    "LV": ("latvia",),
    "MA": ("morocc",),
    "MD": ("moldova",),
    "ME": ("montenegr",),
    "MK": ("macedonia",),
    "MT": ("malta", "maltese"),
    "NL": ("netherlands", "dutch"),
    "NO": ("norway", "norwegian"),
    "PL": ("poland", "polish "),
    "PS": ("palestin",),
    "PT": ("portug", "madeira", "azores"),
    "RO": ("romania",),
    "RS": ("serbia",),
    "SE": ("sweden", "swedish"),
    "SI": ("slovenia",),
    "SK": ("slovak",),
    "TN": ("tunisia",),
    "TR": ("turkey", "turkish", "turkiye", "türkiye"),
    "UA": ("ukrain",),
    "ZA": ("south africa",),
}

_ANY = re.compile(
    r"\b(?:"
    + "|".join(
        f"(?P<{country}>{'|'.join(re.escape(start.title()) for start in starts)})"
        for country, starts in BEGINNINGS.items()
    )
    + ")"
)


def countries_named(text: str) -> frozenset[str]:
    """ISO codes of the countries whose name, people or best-known region a text names."""
    return frozenset(found.lastgroup for found in _ANY.finditer(text) if found.lastgroup)
