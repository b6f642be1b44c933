"""What must hold in a programme file beyond its form: one function a check, one list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kontor.programmes.faults import content, forms, money, references, results
from kontor.programmes.faults.fault import Check, Fault
from kontor.programmes.lines import Path
from kontor.programmes.messages import message as _
from kontor.programmes.schema import Programme

CHECKS: tuple[Check, ...] = (
    *content.CHECKS,
    *references.CHECKS,
    *money.CHECKS,
    *results.CHECKS,
    *forms.CHECKS,
)


def of_programme(programme: Programme) -> list[Fault]:
    """What every check finds, in the order of the checks."""
    return [fault for check in CHECKS for fault in check(programme)]


def of_variants(programme: Programme) -> Iterator[Fault]:
    """Programme and variants each have their own key."""
    seen = {programme.key}
    for at, variant in enumerate(programme.variants):
        if variant.key in seen:
            path: Path = ("variant", at, "key")
            yield path, _("'{key}' is taken.", key=variant.key), _("Give the variant its own key.")
        seen.add(variant.key)


def of_defaults(programme: Programme, values: dict[str, Any]) -> Iterator[Fault]:
    """What is marked as a default stands in the file: keys joined by dots, entries of lists by their own
    key.
    """
    for at, default in enumerate(programme.defaults):
        if not _leads_somewhere(values, default.path.split(".")):
            remedy = _("Write it like {example}.", example="instrument.voucher.rate, theme.envelope")
            path: Path = ("default", at, "path")
            yield path, _("'{name}' leads to no value of the file.", name=default.path), remedy


def _leads_somewhere(value: object, path: list[str]) -> bool:
    if not path:
        return True
    first, *rest = path
    if isinstance(value, dict):
        return first in value and _leads_somewhere(value[first], rest)
    if isinstance(value, list):
        named = [
            item for item in value if isinstance(item, dict) and first in (item.get("key"), item.get("rule"))
        ]
        return any(_leads_somewhere(item, rest) for item in named) or any(
            _leads_somewhere(item, path) for item in value if isinstance(item, dict)
        )
    return False


__all__ = ["CHECKS", "Fault", "of_defaults", "of_programme", "of_variants"]
