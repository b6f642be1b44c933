"""Forms as a browser sends them: with the hidden fields of the page that showed them."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client


def hidden_fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def opened(client: Client, address: str) -> dict[str, str]:
    """The hidden fields of a page, and what its form is filled in with."""
    page = client.get(address)
    assert page.status_code == 200
    shown = {field.name: str(field.value() or "") for field in page.context["form"]}
    return shown | hidden_fields(page.content.decode())


def fill(client: Client, address: str, **values: Any) -> Any:
    """Open the page, change `values`, send it."""
    return client.post(address.partition("?")[0], opened(client, address) | values)
