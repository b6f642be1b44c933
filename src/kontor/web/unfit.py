"""What does not fit in a call of the API, in the reader's language: the validator itself speaks English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

#: By the validator's name of the fault; what stands in braces are its bounds.
SENTENCES: dict[str, str] = {
    "missing": gettext_noop("This value is missing."),
    "string_type": gettext_noop("This must be a text."),
    "string_too_short": gettext_noop("The text must have at least {min_length} characters."),
    "string_too_long": gettext_noop("The text must have at most {max_length} characters."),
    "string_pattern_mismatch": gettext_noop("The text must have the form {pattern}."),
    "int_type": gettext_noop("This must be a whole number."),
    "int_parsing": gettext_noop("This must be a whole number."),
    "int_parsing_size": gettext_noop("This number is too large."),
    "int_from_float": gettext_noop("This must be a whole number."),
    "float_type": gettext_noop("This must be a number."),
    "float_parsing": gettext_noop("This must be a number."),
    "decimal_type": gettext_noop("This must be a number."),
    "decimal_parsing": gettext_noop("This must be a number."),
    "decimal_max_digits": gettext_noop("The number must have at most {max_digits} digits."),
    "decimal_max_places": gettext_noop("The number must have at most {decimal_places} decimals."),
    "decimal_whole_digits": gettext_noop(
        "The number must have at most {whole_digits} digits before the point."
    ),
    "finite_number": gettext_noop("This must be a finite number."),
    "greater_than": gettext_noop("The number must be more than {gt}."),
    "greater_than_equal": gettext_noop("The number must be at least {ge}."),
    "less_than": gettext_noop("The number must be less than {lt}."),
    "less_than_equal": gettext_noop("The number must be at most {le}."),
    "bool_type": gettext_noop("This must be true or false."),
    "bool_parsing": gettext_noop("This must be true or false."),
    "literal_error": gettext_noop("This must be one of: {expected}."),
    "enum": gettext_noop("This must be one of: {expected}."),
    "date_type": gettext_noop("This must be a day such as 2027-03-01."),
    "date_parsing": gettext_noop("This must be a day such as 2027-03-01."),
    "date_from_datetime_parsing": gettext_noop("This must be a day such as 2027-03-01."),
    "date_from_datetime_inexact": gettext_noop("This must be a day such as 2027-03-01."),
    "datetime_type": gettext_noop("This must be a moment such as 2027-03-01T17:00:00Z."),
    "datetime_parsing": gettext_noop("This must be a moment such as 2027-03-01T17:00:00Z."),
    "datetime_from_date_parsing": gettext_noop("This must be a moment such as 2027-03-01T17:00:00Z."),
    "timezone_aware": gettext_noop("The moment needs its time zone, such as Z or +01:00."),
    "list_type": gettext_noop("This must be a list."),
    "tuple_type": gettext_noop("This must be a list."),
    "dict_type": gettext_noop("This must be an object."),
    "model_type": gettext_noop("This must be an object."),
    "model_attributes_type": gettext_noop("This must be an object."),
    "too_short": gettext_noop("There must be at least {min_length} entries."),
    "too_long": gettext_noop("There must be at most {max_length} entries."),
}


def sentence(fault: Mapping[str, Any]) -> str:
    """In words; what a check of ours said is translated already, any other fault keeps its own words."""
    told: dict[str, Any] = dict(fault.get("ctx") or {})
    if fault["type"] == "value_error" and told.get("error"):
        return str(told["error"])
    if "expected" in told:  # 'one', 'two' or 'three'
        told["expected"] = str(told["expected"]).replace("' or '", "', '")
    known = SENTENCES.get(str(fault["type"]))
    if known is None:
        return str(fault["msg"])
    try:
        return _(known).format(**told)
    except (KeyError, IndexError):
        return str(fault["msg"])
