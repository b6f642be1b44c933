"""What one place of a programme file names must stand in another."""

from __future__ import annotations

from collections.abc import Iterator

from kontor import codes
from kontor.programmes.faults.fault import Check, Fault, unknown
from kontor.programmes.lines import Path
from kontor.programmes.messages import Message
from kontor.programmes.messages import message as _
from kontor.programmes.rules import REGISTRY, TYPES, Type
from kontor.programmes.schema import Programme, RuleUse


def rules_name_what_exists(programme: Programme) -> Iterator[Fault]:
    """Parameters of rules: areas, sides, themes of this file; countries, technologies and types of the
    lists.
    """
    for use in _uses(programme):
        rule = REGISTRY[use.rule]
        for parameter in rule.parameters:
            value = use.values.get(parameter.name)
            words = (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
            known, table = _known(programme, parameter.type)
            for word in words:
                if known is not None:
                    yield from unknown((*use.path, parameter.name), word, known, table)


def rules_stand_once(programme: Programme) -> Iterator[Fault]:
    """Two uses of one rule in an instrument need a key each; a ceiling is stated as key or as rule, not
    as both.
    """
    for instrument in programme.instruments:
        seen: dict[str, RuleUse] = {}
        for use in instrument.rules:
            if use.key in seen:
                message = _("'{key}' stands twice for '{of}'.", key=use.key, of=instrument.key)
                yield use.path, message, _("Give one of them a key of its own, or take it out.")
            seen[use.key] = use


def rules_can_be_kept(programme: Programme) -> Iterator[Fault]:
    """Least and most contradict each other nowhere; rules about sides need at least two of them."""
    for instrument in programme.instruments:
        counts = {use.rule: use for use in instrument.rules}
        least, most = counts.get("minimum-partners"), counts.get("maximum-partners")
        if least and most and _count(least, "minimum") > _count(most, "maximum"):
            message = _("is more than the most, {most}.", most=_count(most, "maximum"))
            yield (*least.path, "minimum"), message, _("Lower it.")
    for use in _uses(programme):
        if use.rule == "smes-per-side" and len(programme.sides) < 2:
            yield use.path, _("needs sides of a border."), _("Add two [[side]].")
        if use.rule == "duration" and _count(use, "minimum") > _count(use, "maximum"):
            yield use.path, _("asks for more months than it allows."), _("Lower the minimum.")


def instruments_name_what_exists(programme: Programme) -> Iterator[Fault]:
    parts = [part.key for part in programme.parts]
    roles = [role.key for role in programme.roles]
    for at, instrument in enumerate(programme.instruments):
        path: Path = ("instrument", at)
        yield from unknown((*path, "part"), instrument.part, parts, "part")
        for number, phase in enumerate(instrument.phases):
            yield from unknown((*path, "phase", number, "role"), phase.role, roles, "role")


def envelopes_name_what_exists(programme: Programme) -> Iterator[Fault]:
    known = {
        "part": [part.key for part in programme.parts],
        "theme": [theme.key for theme in programme.themes],
        "instrument": [instrument.key for instrument in programme.instruments],
    }
    for at, envelope in enumerate(programme.envelopes):
        for table, keys in known.items():
            yield from unknown(("envelope", at, table), getattr(envelope, table), keys, table)


def countries_exist(programme: Programme) -> Iterator[Fault]:
    listed = codes.scheme("country").codes()
    for at, side in enumerate(programme.sides):
        for code in side.countries:
            if code not in listed:
                yield ("side", at, "countries"), *_no_country(code)
    for at, financier in enumerate(programme.financing):
        if financier.country and financier.country not in listed:
            yield ("financing", at, "country"), *_no_country(financier.country)


def _no_country(code: str) -> tuple[Message, Message]:
    return _("'{code}' is no country code.", code=code), _("Take one like DE or NL.")


def _uses(programme: Programme) -> Iterator[RuleUse]:
    """Every use of a rule that stands in the file, once."""
    found = {use.path: use for instrument in programme.instruments for use in instrument.rules}
    yield from found.values()


def _known(programme: Programme, kind: Type) -> tuple[tuple[str, ...] | None, str]:
    match kind:
        case Type.AREA:
            return tuple(dict.fromkeys(area.key for area in programme.areas)), "area"
        case Type.SIDES:
            return tuple(side.key for side in programme.sides), "side"
        case Type.THEMES:
            return tuple(theme.key for theme in programme.themes), "theme"
        case Type.TYPES:
            return TYPES, ""
        case Type.KETS:
            return codes.scheme("ket").codes(), ""
        case Type.COUNTRIES:
            return codes.scheme("country").codes(), ""
    return None, ""


def _count(use: RuleUse, name: str) -> int:
    value = use.values.get(name, 0)
    return value if isinstance(value, int) else 0


CHECKS: tuple[Check, ...] = (
    rules_name_what_exists,
    rules_stand_once,
    rules_can_be_kept,
    instruments_name_what_exists,
    envelopes_name_what_exists,
    countries_exist,
)
