"""Why two records may be one, and what speaks against it, in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

REASONS = {
    "vat": _("the same VAT number"),
    "pic": _("the same PIC"),
    "register_number": _("the same register number"),
    "domain": _("the same web site"),
    "name": _("the same name"),
    "similar_name": _("a similar name"),
    "place": _("the same town"),
    "other_place": _("but another town"),
    "other_legal_number": _("but other legal numbers"),
    "other_number": _("but another figure in the name"),
}


def reasons_in_words(codes: Iterable[str]) -> list[str]:
    """One phrase for each reason of `duplicates.Pair`, in its order."""
    return [str(REASONS[code]) for code in codes if code in REASONS]
