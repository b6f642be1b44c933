"""What a self-check may say of several themes: which is the main one, or how they divide the cost."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kontor.base.errors import KontorError
from kontor.features.calls.models import Call
from kontor.programmes.forms import percent_of
from kontor.programmes.rules.wording import amount


def main_theme_fault(main: str, themes: Collection[str]) -> str:
    """Why it cannot be the main theme; empty where it can."""
    return "" if main in themes else _("The main theme is not among the themes you chose.")


def shares_fault(shares: Mapping[str, str], themes: Collection[str]) -> str:
    """Why they are no shares of the themes; empty where they are, and where none is said yet."""
    if not shares:
        return ""
    found = [percent_of(share) for share in shares.values()]
    if None in found:
        return _("A share is above 0 and at most 100 percent, with two decimals at most.")
    if set(shares) != set(themes):
        return _("Give each theme you chose a share, and no other.")
    total = sum((share for share in found if share is not None), Decimal(0))
    if total == 100:
        return ""
    told = amount(total, (get_language() or "en")[:2])
    return _("Together the shares make %(total)s percent; they must make 100.") % {"total": told}


def refuse_unclear(call: Call, main: str, shares: Mapping[str, str], themes: Collection[str]) -> None:
    """KontorError (422) where the programme does not ask for them, or they do not fit the themes."""
    rule = call.definition_of_programme.several_themes
    faults = (
        ("main", "main_theme", main_theme_fault(main, themes) if main else ""),
        ("stated", "theme_shares", shares_fault(shares, themes)),
    )
    said = {"main_theme": bool(main), "theme_shares": bool(shares)}
    for wanted, name, fault in faults:
        unasked = said[name] and rule != wanted
        if fault or unasked:
            raise KontorError(
                _("The programme does not ask for it.") if unasked else fault,
                code="themes-unclear",
                path=f"body.{name}",
                remedy=_("Leave it out, or correct it."),
                status=422,
            )
