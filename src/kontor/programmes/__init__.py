"""Programmes as data: one TOML file each, and nothing else names them."""

from kontor.programmes.read import ProgrammeError, check, parse, read, shipped
from kontor.programmes.schema import Area, Competence, Default, Product, Programme, Texts, Theme
from kontor.programmes.values import Problem

__all__ = [
    "Area",
    "Competence",
    "Default",
    "Problem",
    "Product",
    "Programme",
    "ProgrammeError",
    "Texts",
    "Theme",
    "check",
    "parse",
    "read",
    "shipped",
]
