"""Legal identity: VAT numbers, PICs and register numbers, brought to one form and checked. Pure.

A number that fails is refused with what is wrong and what to do (`IdentityProblem`), so that a form, an
import and the API say the same.
"""

from __future__ import annotations

import re
from types import ModuleType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum.ch import uid as ch_uid
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.gb import vat as gb_vat
from stdnum.no import mva as no_mva

# The 27 member states by their VAT prefix; Greece writes EL, Northern Ireland XI.
_EU_PREFIXES: Final = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "FR", "HR", "HU"}
    | {"IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "XI"}
)
_OTHER: Final[dict[str, ModuleType]] = {"GB": gb_vat, "CH": ch_uid, "NO": no_mva}
_PREFIX_OF_COUNTRY: Final = {"GR": "EL"}


class IdentityProblem(ValueError):
    """`message` says what is wrong, `remedy` what to do; `field` is the organisation's field."""

    def __init__(self, field: str, message: str | Promise, remedy: str | Promise) -> None:
        super().__init__(field)
        self.field = field
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}"


def vat_number(country: str, text: str) -> str | None:
    """The number with its country prefix, letters and digits only; None for an empty text.

    `country` is the ISO code of the seat; a number with another country's prefix is checked by that country's
    rule. Countries without a known rule (outside the EU, GB, CH and NO) pass unchecked. Raises
    IdentityProblem.
    """
    number = re.sub(r"[\s.\-/]", "", text).upper()
    if not number:
        return None
    prefix = _vat_prefix(country, number)
    try:
        if prefix in _EU_PREFIXES:
            return str(eu_vat.validate(number if number.startswith(prefix) else prefix + number))
        if prefix in _OTHER:
            return _checked_outside(prefix, number)
    except ValidationError as error:
        raise _vat_problem(error, prefix) from error
    if len(number) > 20 or not number.isalnum():
        raise _vat_problem(None, prefix)
    return number


def _vat_prefix(country: str, number: str) -> str:
    own = _PREFIX_OF_COUNTRY.get(country.upper(), country.upper())
    written = number[:2]
    if written == own or (written == "XI" and own == "GB"):
        return written
    return written if written in _EU_PREFIXES or written in _OTHER else own


def _checked_outside(prefix: str, number: str) -> str:
    # Switzerland: the same number carries MWST, TVA, IVA or TPV by the writer's language.
    bare = re.sub(r"(MWST|TVA|IVA|TPV)$", "", number) if prefix == "CH" else number.removeprefix(prefix)
    checked = str(_OTHER[prefix].validate(bare))
    return checked if checked.startswith(prefix) else prefix + checked


def _vat_problem(error: ValidationError | None, prefix: str) -> IdentityProblem:
    message: str | Promise
    if isinstance(error, InvalidChecksum):
        message = _("The VAT number has a wrong digit: its check digit does not fit.")
    else:
        message = _("This is not a VAT number of the country %(country)s.") % {"country": prefix}
    return IdentityProblem("vat", message, _("Copy it from an invoice, with the country letters in front."))


def pic_number(text: str) -> str | None:
    """The nine digits of a Participant Identification Code of the EU portal; None for an empty text."""
    digits = re.sub(r"\s", "", text)
    if not digits:
        return None
    if not re.fullmatch(r"\d{9}", digits):
        raise IdentityProblem(
            "pic",
            _("A PIC has nine digits."),
            _("Find it in the EU Funding and Tenders Portal, or leave it empty."),
        )
    return digits


def register_number(text: str) -> str | None:
    """The number as the national register writes it, single spaces; None for an empty text."""
    number = " ".join(text.split())
    if len(number) > 60:
        raise IdentityProblem(
            "register_number",
            _("A register number has at most 60 characters."),
            _("Write only the number and its court."),
        )
    return number or None
