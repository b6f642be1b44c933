"""What an edit began with, carried through a form or an API call as one signed text: nobody edits what
somebody else is said to have seen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core import signing
from django.utils.translation import gettext_lazy as _

from kontor.base.errors import KontorError

_SALT = "kontor.organisations.edit"


def seal(values: Mapping[str, Any], about: str = "") -> str:
    """Plain values (dates and decimals too) as a signed text. `about` names the thing they belong to."""
    return signing.dumps([about, _plain(dict(values))], salt=_SALT, compress=True)


def unseal(text: str, about: str = "") -> dict[str, Any]:
    """Raises KontorError `form-broken` for anything that `seal` did not make about the same thing."""
    try:
        named, values = signing.loads(text, salt=_SALT)
    except (signing.BadSignature, ValueError) as error:
        raise _broken() from error
    if named != about:
        raise _broken()
    found: dict[str, Any] = _typed(values)
    return found


def _broken() -> KontorError:
    return KontorError(
        _("This form is not complete."),
        code="form-broken",
        remedy=_("Open the page again and repeat the change."),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, dt.date):
        return {"$date": value.isoformat()}
    return {"$decimal": str(value)} if isinstance(value, Decimal) else value


def _typed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if set(value) == {"$date"}:
        return dt.date.fromisoformat(value["$date"])
    if set(value) == {"$decimal"}:
        return Decimal(value["$decimal"])
    return {name: _typed(each) for name, each in value.items()}
