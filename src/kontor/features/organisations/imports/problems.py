"""What can be wrong with a row, in plain words. Stored by code, so that each reader gets it in their own
language.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

_KEEP_ONE = _("Keep one of the two rows.")
_FILL_TEXT = _("Fill in its text or empty the other cells.")
# code -> (what is wrong, what to do). Placeholders: value, column and what `params` holds.
MESSAGES: dict[str, tuple[Words, Words]] = {
    "name_missing": (_("The organisation has no name."), _("Fill in the name.")),
    "sums_row": (
        _("This looks like a row of sums, not like an organisation."),
        _("Delete the row, or leave the refused rows out."),
    ),
    "country_missing": (
        _("The country is missing."),
        _("Fill in the country, such as NL, Netherlands or Nederland."),
    ),
    "country_unknown": (
        _("“%(value)s” is not a country Kontor knows."),
        _("Write the two-letter code or the country's name, such as NL, Netherlands or Nederland."),
    ),
    "vat_bad": (
        _("“%(value)s” is not a valid VAT number of %(country)s: its form or check digit is wrong."),
        _("Copy it again from the register or an invoice, or leave the cell empty."),
    ),
    "vat_country": (
        _("VAT number “%(value)s” belongs to %(found)s, the organisation is in %(country)s."),
        _("Correct the country or the VAT number."),
    ),
    "nace_unknown": (
        _("“%(value)s” is not a code of NACE Rev. 2.1."),
        _("Choose a code of NACE Rev. 2.1, written like 27.11 or 27."),
    ),
    "nace_old": (
        _("“%(value)s” is a code of NACE Rev. 2.0 that Rev. 2.1 (valid since 2025) no longer has."),
        _("Use the code of Rev. 2.1 instead, perhaps %(near)s."),
    ),
    "code_unknown": (
        _("“%(value)s” is not a code of %(scheme)s."),
        _("Look the code up in the code list, or leave the cell empty."),
    ),
    "nuts_unknown": (
        _("“%(value)s” is not a NUTS 3 region."),
        _("Write five characters such as DE212, or leave the cell empty: the postcode is enough."),
    ),
    "nuts_country": (
        _("NUTS region “%(value)s” is not in %(country)s."),
        _("Correct the country or the region, or leave the region empty."),
    ),
    "number_bad": (_("“%(value)s” is not a number."), _("Write digits only, such as 12 or 12.5.")),
    "number_unsure": (
        _("“%(value)s” can be read as two different numbers."),
        _("Write it without a mark between thousands, such as 1234 or 1234.50."),
    ),
    "number_about": (
        _("“%(value)s” is not exact; it was read as %(number)s."),
        _("Write the number alone where you know it."),
    ),
    "number_negative": (_("“%(value)s” is below zero."), _("Write a number that is zero or more.")),
    "number_large": (_("“%(value)s” is too large."), _("Check the unit: turnover and balance are in euro.")),
    "coordinate_bad": (
        _("“%(value)s” is no latitude or longitude."),
        _("Write degrees with a decimal point, such as 52.52."),
    ),
    "date_bad": (_("“%(value)s” is not a date."), _("Write year-month-day, such as 2026-03-09.")),
    "date_unsure": (
        _("“%(value)s” can be read as two days; it was read as %(date)s, the day before the month."),
        _("Check the date. To be sure write year-month-day."),
    ),
    "date_serial": (
        _("The number %(value)s was read as the date %(date)s, as spreadsheets store dates."),
        _("Check the date. To be sure write year-month-day."),
    ),
    "date_part": (
        _("“%(value)s” names no day; it was read as %(date)s."),
        _("Check the date. To be sure write year-month-day."),
    ),
    "dates_turned": (_("The end of the membership is before its start."), _("Correct one of the two dates.")),
    "year_bad": (_("“%(value)s” is not a year."), _("Write four digits, such as 2025.")),
    "email_bad": (_("“%(value)s” is not an e-mail address."), _("Write it like name@example.org.")),
    "email_several": (
        _("The cell holds several addresses; the first, %(first)s, is taken."),
        _("Give each person columns of their own, or add the others on the organisation's page."),
    ),
    "website_bad": (_("“%(value)s” is not a web address."), _("Write it like https://example.org.")),
    "pic_bad": (
        _("“%(value)s” is not a PIC (participant identification code)."),
        _("A PIC has nine digits."),
    ),
    "key_bad": (
        _("Kontor has no organisation with the key “%(value)s”."),
        _("Leave the key empty for a new organisation; keep it unchanged for one that was exported."),
    ),
    "kind_unknown": (
        _("“%(value)s” is not a kind of organisation."),
        _("Write one of: %(choices)s."),
    ),
    "choice_unknown": (_("“%(value)s” is not one of the choices."), _("Write one of: %(choices)s.")),
    "language_unknown": (
        _("“%(value)s” is not a language Kontor knows."),
        _("Write the two-letter code, such as de, or the language's name."),
    ),
    "trl_bad": (
        _("“%(value)s” is not a technology readiness level."),
        _("Write a whole number from 1 to 9."),
    ),
    "too_long": (
        _("The text has %(length)s characters, at most %(limit)s fit."),
        _("Shorten the text."),
    ),
    "teaser_missing": (
        _("The statement is an anonymous teaser but has no teaser text."),
        _("Add a teaser that does not name the organisation, or choose another visibility."),
    ),
    "teaser_reveals": (
        _("The teaser gives away who is behind it: “%(value)s”."),
        _("Write it so that nobody can tell the organisation from it."),
    ),
    "empty_offer": (_("Offer %(number)s has other cells filled in but no text."), _FILL_TEXT),
    "empty_need": (_("Need %(number)s has other cells filled in but no text."), _FILL_TEXT),
    "empty_competence": (_("Competence %(number)s has other cells filled in but no text."), _FILL_TEXT),
    "contact_nameless": (
        _("Contact %(number)s has no name."),
        _("Fill in the name, or empty the other cells of this contact."),
    ),
    "twice_key": (_("The same key stands in row %(row)s."), _KEEP_ONE),
    "twice_vat": (_("The same VAT number stands in row %(row)s."), _KEEP_ONE),
    "twice_pic": (_("The same PIC stands in row %(row)s."), _KEEP_ONE),
    "twice_register": (_("The same register number stands in row %(row)s."), _KEEP_ONE),
    "twice_external": (_("The same number of the source file stands in row %(row)s."), _KEEP_ONE),
    "twice_name": (_("The same name and place stand in row %(row)s."), _KEEP_ONE),
    "twice_organisation": (_("Row %(row)s is about the same organisation."), _KEEP_ONE),
    "two_matches": (
        _("The row fits two different organisations: %(first)s and %(second)s."),
        _("Correct the number that belongs to the other, or merge the two first."),
    ),
    "two_matches_hidden": (
        _("The row fits two different organisations, and you may not change both."),
        _("Check the key and the numbers; ask an administrator if both are one organisation."),
    ),
    "not_yours": (
        _("This organisation is already in the directory, and you may not change it."),
        _("Ask the organisation, its cluster or an administrator; or take the row out."),
    ),
    "withdrawn_here": (
        _("Only an organisation itself withdraws its consent; an import cannot do it."),
        _("Write listed, members or hidden, or leave the cell empty."),
    ),
    "merged_away": (
        _("The organisation with this key was merged into another."),
        _("Export again, or use the key %(kept)s."),
    ),
    "too_many_cells": (
        _("The row has %(found)s cells, the header only %(expected)s."),
        _("Look for a stray delimiter, or put the text that holds it between quotation marks."),
    ),
    "formula_without_value": (
        _("The cell holds a formula without a stored result."),
        _("Open the file in a spreadsheet program and save it again, or paste the values."),
    ),
    "cell_error": (
        _("The cell shows the error %(value)s."),
        _("Correct the formula, or write the value."),
    ),
    "control_characters": (
        _("The text holds characters that cannot be shown (code %(value)s)."),
        _("Type the text again, or paste it as plain text."),
    ),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in one cell. `fatal` refuses the row; else the row is imported and the remark shown.

    `cell` is the spreadsheet's address (D17), `column` the header in the file.
    """

    code: str
    cell: str = ""
    column: str = ""
    value: str = ""
    params: dict[str, str] = field(default_factory=dict)
    fatal: bool = True

    @property
    def message(self) -> str:
        return str(MESSAGES[self.code][0]) % self._words()

    @property
    def remedy(self) -> str:
        return str(MESSAGES[self.code][1]) % self._words()

    def _words(self) -> dict[str, str]:
        return {"value": shortened(self.value), "column": self.column, **self.params}

    def to_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "cell": self.cell,
            "column": self.column,
            "value": shortened(self.value, 200),
            "params": self.params,
            "fatal": self.fatal,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Problem:
        return cls(**data)


def shortened(text: str, limit: int = 80) -> str:
    """`text` on one line, cut at `limit` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
