"""What Python's TOML parser says of a text that is no TOML, with a template that can be translated."""

from __future__ import annotations

import re
import tomllib

from kontor.engine.core.explanation import gettext_noop
from kontor.programmes.messages import Message
from kontor.programmes.messages import message as _
from kontor.programmes.values import Problem

#: The sentences of `tomllib`; one that a later Python adds is shown as it is.
_SENTENCES = (
    gettext_noop("Invalid statement"),
    gettext_noop("Expected newline or end of document after a statement"),
    gettext_noop("Expected ']' at the end of a table declaration"),
    gettext_noop("Expected ']]' at the end of an array declaration"),
    gettext_noop("Expected '=' after a key in a key/value pair"),
    gettext_noop("Expected {what}"),
    gettext_noop("Found invalid character {what}"),
    gettext_noop("Illegal character {what}"),
    gettext_noop("Cannot declare {what} twice"),
    gettext_noop("Cannot overwrite a value"),
    gettext_noop("Cannot mutate immutable namespace {what}"),
    gettext_noop("Cannot redefine namespace {what}"),
    gettext_noop("Duplicate inline table key {what}"),
    gettext_noop("Invalid initial character for a key part"),
    gettext_noop("Unclosed array"),
    gettext_noop("Unclosed inline table"),
    gettext_noop("Unescaped '\\' in a string"),
    gettext_noop("Invalid hex value"),
    gettext_noop("Escaped character is not a Unicode scalar value"),
    gettext_noop("Unterminated string"),
    gettext_noop("Invalid date or datetime"),
    gettext_noop("Invalid value"),
)


def of_syntax(error: tomllib.TOMLDecodeError) -> Problem:
    """The fault at the line that the parser names."""
    place = re.search(r"line (\d+), column (\d+)", str(error))
    said = re.sub(r" \(at .*\)$", "", str(error))
    line = int(place[1]) if place else 1
    wrong = _("is not TOML: {reason}.", reason=_recognised(said))
    return Problem(line, "", wrong, _("Check quotes, brackets and the line before."))


def _recognised(said: str) -> str:
    for sentence in _SENTENCES:
        if found := re.fullmatch(re.escape(sentence).replace(r"\{what\}", "(?P<what>.+)"), said):
            return Message(sentence, dict(found.groupdict()))
    return said
