"""Reasons of the engine and of the site as sentences, with names instead of keys, in any language."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from kontor.codes import label
from kontor.features.calls.models import Call
from kontor.features.decisions.models import DecisionKind, Round
from kontor.features.programmes.templatetags.programme_words import cents, reader

LISTS = {"proposals", "criteria", "short"}


class Names:
    """What keys of a round are called: applications by number, envelopes, criteria."""

    def __init__(
        self, of: Round, numbers: Mapping[str, str], envelopes: Mapping[str, Mapping[str, str]]
    ) -> None:
        self.call: Call = of.call
        self.numbers = numbers
        self.envelopes = envelopes

    def application(self, key: str) -> str:
        return self.numbers.get(key, key)

    def envelope(self, key: str) -> str:
        if key == "balancing":
            return _("balancing pot")
        if key == "*":
            return _("common pot")
        return self.call.said(dict(self.envelopes.get(key, {}))) or key

    def criterion(self, key: str) -> str:
        assessment = self.call.instrument_of_programme.assessment
        found = (
            (one.name.best(reader()) for one in assessment.criteria if one.key == key) if assessment else ()
        )
        return next(iter(found), key)


def said(reason: Mapping[str, Any], names: Names, language: str = "") -> str:
    """A stored reason in the reader's language, or in `language`."""
    if language:
        with override(language):
            return said(reason, names)
    if not reason:
        return ""
    params = {name: _value(name, value, names) for name, value in reason["params"].items()}
    return str(_(reason["template"]) % params)


def _value(name: str, value: Any, names: Names) -> str:
    if name == "short":
        return ", ".join(_lacking(one, names) for one in value)
    if name == "criteria":
        return ", ".join(names.criterion(one) for one in value)
    if isinstance(value, list):
        return ", ".join(names.application(one) for one in value)
    if name in ("proposal", "other"):
        return names.application(value)
    if name == "envelope":
        return names.envelope(value)
    if name == "amount":
        return cents(Decimal(value))
    if name in ("score", "least_score"):
        return points(Decimal(value))
    if name == "country":
        return str(label("country", value, reader()))
    if name == "decision":
        return str(DecisionKind(value).label)
    return value if name != "least" else points(Decimal(value))


def _lacking(told: str, names: Names) -> str:
    """`slovenia 20000.00` as `Slovenia 20,000.00`."""
    key, _space, amount = told.rpartition(" ")
    return f"{names.envelope(key)} {cents(Decimal(amount))}"


def points(value: Decimal) -> str:
    """A score without needless zeros, as the reader writes decimals."""
    text = f"{value.normalize():f}"
    return text if reader() == "en" else text.replace(".", ",")
