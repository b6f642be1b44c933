"""The score sheet without a network: what is written stays, opens again, and arrives afterwards."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from kontor.features.juries.actions import save_fields
from kontor.features.juries.actions.reviews import Change
from kontor.features.juries.models import ReviewClash, ReviewValue
from kontor.features.juries.tests.conftest import jury, place  # noqa: F401  # fixtures
from kontor.features.organisations.tests.factories import ACTOR

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sheet(context: BrowserContext, live_server: Any, jury: SimpleNamespace) -> Page:  # noqa: F811
    """Anna's sheet of R-1, open in her browser, kept by the worker."""
    client = Client()
    client.force_login(jury.experts[0].user, backend="django.contrib.auth.backends.ModelBackend")
    name = "sessionid"
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"/juries/sheets/{jury.assignments[0].key}/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    expect(page.get_by_role("heading", name="R-1 Project 1")).to_be_visible()
    return page


def stored(field: str) -> str:
    return ReviewValue.objects.filter(field=field).values_list("value", flat=True).first() or ""


def test_written_on_the_train(sheet: Page, context: BrowserContext) -> None:
    context.set_offline(True)
    sheet.get_by_role("radiogroup", name="Innovation and key technology").get_by_label("4").check()
    sheet.get_by_label("Words for the applicants").fill("Written in a tunnel")
    state = sheet.locator("[data-state]")
    expect(state).to_contain_text("No network")
    assert stored("comment") == ""
    sheet.reload()
    expect(sheet.get_by_label("Words for the applicants")).to_have_value("Written in a tunnel")
    expect(
        sheet.get_by_role("radiogroup", name="Innovation and key technology").get_by_label("4")
    ).to_be_checked()
    sheet.get_by_role("button", name="Hand in").click()
    expect(state).to_contain_text("No network")
    context.set_offline(False)
    expect(state).to_contain_text("Saved at")
    assert (stored("comment"), stored("mark:innovation")) == ("Written in a tunnel", "4")


def test_a_second_device_is_not_written_over(
    sheet: Page,
    context: BrowserContext,
    jury: SimpleNamespace,  # noqa: F811
) -> None:
    context.set_offline(True)
    sheet.get_by_label("Words for the applicants").fill("From the train")
    save_fields(
        assignment=jury.assignments[0], changes=[Change("comment", "From the office", 0)], actor=ACTOR
    )
    context.set_offline(False)
    expect(sheet.locator("[data-state]")).to_contain_text("Another device wrote too")
    assert stored("comment") == "From the office"
    assert ReviewClash.objects.get().value == "From the train"
    sheet.reload()
    sheet.get_by_role("button", name="Take the other one").click()
    expect(sheet.get_by_label("Words for the applicants")).to_have_value("From the train")


def test_the_sheet_passes_axe_and_is_handed_in(sheet: Page, axe_check: Any) -> None:
    axe_check(sheet)
    for group in sheet.get_by_role("radiogroup").all():
        group.get_by_label("3").check()
    sheet.get_by_label("Words for the applicants").fill("Sound.")
    expect(sheet.locator("[data-state]")).to_contain_text("Saved at")
    sheet.get_by_role("button", name="Hand in").click()
    expect(sheet.get_by_text("Your sheet is handed in. Thank you.")).to_be_visible()
    expect(sheet.locator("textarea").first).to_be_disabled()
    assert re.search(r"handed in", sheet.locator(".badges").inner_text())
