"""Keys, products, codes, regions and dates of a programme file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Protocol

from kontor import codes
from kontor.programmes.faults.fault import Check, Fault, one_of, stands_often
from kontor.programmes.lines import Path
from kontor.programmes.messages import message as _
from kontor.programmes.schema import Programme


class Keyed(Protocol):
    """An entry with a key."""

    @property
    def key(self) -> str: ...


def keys_are_unique(programme: Programme) -> Iterator[Fault]:
    """Entries of one list each have a key of their own; areas share one across NUTS vintages."""
    for name, entries in _lists(programme):
        yield from _repeated(name, [entry.key for entry in entries])
    yield from _repeated("area", [f"{area.key} {area.version}" for area in programme.areas], at="version")
    for at, product in enumerate(programme.products):
        yield from _repeated("competence", [c.key for c in product.competences], ("product", at))
    for at, instrument in enumerate(programme.instruments):
        above: Path = ("instrument", at)
        yield from _repeated("phase", [phase.key for phase in instrument.phases], above)
        yield from _repeated("call", [call.key for call in instrument.calls], above)
        if instrument.assessment:
            criteria = [criterion.key for criterion in instrument.assessment.criteria]
            yield from _repeated("criterion", criteria, (*above, "assessment"))


def _lists(programme: Programme) -> Iterator[tuple[str, Sequence[Keyed]]]:
    yield "theme", programme.themes
    yield "side", programme.sides
    yield "part", programme.parts
    yield "envelope", programme.envelopes
    yield "financing", programme.financing
    yield "role", programme.roles
    yield "instrument", programme.instruments
    yield "product", programme.products
    yield "indicator", programme.indicators


def products_have_a_theme(programme: Programme) -> Iterator[Fault]:
    known = [theme.key for theme in programme.themes]
    for at, product in enumerate(programme.products):
        if product.theme not in known:
            yield ("product", at, "theme"), _("is {value}.", value=repr(product.theme)), one_of(known)


def products_need_competences(programme: Programme) -> Iterator[Fault]:
    """A product without a required competence cannot be matched with anybody."""
    for at, product in enumerate(programme.products):
        if not any(competence.required for competence in product.competences):
            yield (
                ("product", at),
                _("has no required competence."),
                _("Add a [[{table}]].", table="product.competence"),
            )


def codes_exist(programme: Programme) -> Iterator[Fault]:
    """Every NACE 2.1, CPV, KET and theme code is in the lists that Kontor ships."""
    for at, theme in enumerate(programme.themes):
        yield from _unknown([("theme", code) for code in theme.codes], ("theme", at, "codes"))
    for at, product in enumerate(programme.products):
        for number, competence in enumerate(product.competences):
            path: Path = ("product", at, "competence", number)
            for scheme, key in _CODE_KEYS.items():
                own = [pair for pair in competence.codes() if pair[0] == scheme]
                yield from _unknown(own, (*path, key))


_CODE_KEYS = {"nace": "nace", "cpv": "cpv", "ket": "ket", "theme": "themes"}


def area_exists(programme: Programme) -> Iterator[Fault]:
    """Codes of a vintage whose list Kontor has (2021, 2024) are in it; older ones need the right form."""
    nuts = codes.scheme("nuts")
    vintages = {flag for code in nuts.codes() for flag in nuts.flags(code)}
    for at, area in enumerate(programme.areas):
        for code in area.nuts:
            listed = nuts.valid(code) and area.version in nuts.flags(code)
            formed = 2 <= len(code) <= 5 and code.isalnum() and code == code.upper()
            if not (listed if area.version in vintages else formed):
                path: Path = ("area", at, "nuts")
                message = _("'{code}' is no NUTS {version} code.", code=code, version=area.version)
                yield path, message, _("Check the code and the version.")


def dates_run_forward(programme: Programme) -> Iterator[Fault]:
    if programme.starts and programme.ends and programme.ends < programme.starts:
        yield ("ends",), _("is before the start."), _("Give a day after it.")
    for at, instrument in enumerate(programme.instruments):
        for number, call in enumerate(instrument.calls):
            path: Path = ("instrument", at, "call", number)
            if call.closes < call.opens:
                yield (*path, "closes"), _("is before the opening."), _("Give a day after it.")
            if call.jury and call.jury < call.closes:
                yield (*path, "jury"), _("is before the end of the call."), _("Give a day after it.")


CHECKS: tuple[Check, ...] = (
    keys_are_unique,
    products_have_a_theme,
    products_need_competences,
    codes_exist,
    area_exists,
    dates_run_forward,
)


def _repeated(name: str, keys: list[str], above: Path = (), at: str = "key") -> Iterator[Fault]:
    for key, times in Counter(keys).items():
        if times > 1:
            last = len(keys) - 1 - keys[::-1].index(key)
            yield (*above, name, last, at), *stands_often(key, times)


def _unknown(pairs: list[tuple[str, str]], path: Path) -> Iterator[Fault]:
    for scheme, code in pairs:
        if not codes.valid(scheme, code):
            near = codes.canonical(scheme, code)
            close = codes.find(scheme, code.replace("-", " "), "en", 3)
            options = [near] if near else [found.code for found in close]
            remedy = _("Look it up in the directory's code search.")
            if options:
                remedy = _("Did you mean {names}?", names=" / ".join(options))
            yield path, _("'{code}' is no {scheme} code.", code=code, scheme=scheme), remedy
