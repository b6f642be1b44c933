"""Links that come by mail: what they open has a button, and a browser must be able to press it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kontor.features.accounts.actions import send_sign_in_link
from kontor.features.accounts.actions import sign_in as by_mail
from kontor.features.accounts.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_mailed_link_signs_in(page: Page, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_mail, "new_secret", lambda: "told-by-mail")
    User.objects.create_user("ada@kontor.example", "Ada")
    send_sign_in_link(email="ada@kontor.example", next_path="/account/")
    page.goto("/sign-in/link/told-by-mail/")
    page.locator("main form button").click()
    expect(page).to_have_url(re.compile("/account/$"))
