"""Code lists in the reader's language: countries, NUTS, NACE 2.1, CPV, key enabling technologies, themes."""

from kontor.codes.find import find
from kontor.codes.model import CodesError, Found, Label, NutsHit, Place, SchemeName
from kontor.codes.places import nuts3_of, place_of
from kontor.codes.schemes import SCHEMES, Scheme, canonical, children, label, parents, scheme, valid
from kontor.codes.suggest import suggest

__all__ = [
    "SCHEMES",
    "CodesError",
    "Found",
    "Label",
    "NutsHit",
    "Place",
    "Scheme",
    "SchemeName",
    "canonical",
    "children",
    "find",
    "label",
    "nuts3_of",
    "parents",
    "place_of",
    "scheme",
    "suggest",
    "valid",
]
