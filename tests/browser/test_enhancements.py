"""What scripts add, and that every page does without them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from kontor.base import navigation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def entry(monkeypatch: pytest.MonkeyPatch) -> None:
    """One page in the navigation, whatever the features register."""
    monkeypatch.setattr(navigation, "_entries", {})
    navigation.register("find", "Design system", "design")


@pytest.fixture
def plain(browser: Browser, live_server: Any) -> Iterator[Page]:
    """A page in a browser that runs no scripts."""
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_menu_opens_without_a_script(plain: Page) -> None:
    plain.set_viewport_size({"width": 400, "height": 900})
    plain.goto("/design/")
    expect(plain.locator("#menu")).to_be_hidden()
    plain.locator(".menu-toggle").click()
    expect(plain.locator("#menu")).to_be_visible()
    plain.locator(".nav-close").click()
    expect(plain.locator("#menu")).to_be_hidden()


def test_menu_is_a_button_with_a_script(page: Page, visit: Callable[..., Page]) -> None:
    visit(page, "/design/", width=400)
    toggle = page.locator(".menu-toggle")
    toggle.focus()
    page.keyboard.press("Space")
    expect(page.locator("#menu")).to_be_visible()
    expect(toggle).to_have_attribute("aria-expanded", "true")
    page.locator("#menu a").nth(1).focus()
    page.keyboard.press("Escape")
    expect(page.locator("#menu")).to_be_hidden()
    expect(toggle).to_be_focused()


def test_theme_and_language_change_without_a_script(plain: Page) -> None:
    plain.goto("/design/")
    plain.locator(".topbar details").nth(1).locator("summary").click()
    plain.locator("button[name=theme][value=dark]").click()
    assert plain.url.endswith("/design/")
    expect(plain.locator("html")).to_have_attribute("data-theme", "dark")
    plain.locator(".topbar details").nth(0).locator("summary").click()
    plain.locator("button[name=language][value=de]").click()
    expect(plain.locator("html")).to_have_attribute("lang", "de")


def test_dialog_asks_and_closes(page: Page, visit: Callable[..., Page]) -> None:
    visit(page, "/design/")
    page.locator("[data-dialog]").click()
    dialog = page.locator("dialog#example-dialog")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_error_summary_takes_the_focus_and_leads_to_the_field(page: Page, visit: Callable[..., Page]) -> None:
    visit(page, "/design/")
    expect(page.locator(".error-summary")).to_be_focused()
    page.locator(".error-summary a").nth(1).click()
    assert page.evaluate("location.hash") == "#id_kind_0"
    assert page.locator("#id_kind_0").count() == 1


def test_map_comes_closer_and_goes_back(page: Page, visit: Callable[..., Page]) -> None:
    visit(page, "/design/")
    svg = page.locator("#map svg.plot")
    whole = svg.get_attribute("viewBox")
    buttons = page.locator(".map-controls button")
    buttons.nth(0).click()
    closer = svg.get_attribute("viewBox")
    assert float((closer or "").split()[2]) < float((whole or "").split()[2])
    buttons.nth(2).click()
    again = [round(float(side), 1) for side in (svg.get_attribute("viewBox") or "").split()]
    assert again == [float(side) for side in (whole or "").split()]


@pytest.mark.parametrize(("kind", "start"), [("svg", b"<svg"), ("png", b"\x89PNG")])
def test_pictures_can_be_saved(page: Page, visit: Callable[..., Page], kind: str, start: bytes) -> None:
    visit(page, "/design/")
    with page.expect_download() as waiting:
        page.locator(f"#charts figure >> nth=0 >> [data-export={kind}]").click()
    saved = Path(str(waiting.value.path())).read_bytes()
    assert saved.startswith(start)
    assert len(saved) > 1000


def test_figures_can_be_saved_without_a_script(plain: Page) -> None:
    plain.goto("/design/")
    with plain.expect_download() as waiting:
        plain.locator("#charts figure >> nth=0 >> a[download]").click()
    text = Path(str(waiting.value.path())).read_text("utf-8-sig")
    assert text.splitlines()[:2] == ["Country,Organisations", "Germany,84"]


def test_combobox_follows_the_pattern(
    page: Page, visit: Callable[..., Page], axe_check: Callable[[Page], None]
) -> None:
    answer = {
        "items": [{"code": "35.11", "label": "Electricity"}, {"code": "35.30", "label": "Steam and heat"}]
    }
    page.route("**/example-codes/**", lambda route: route.fulfill(json=answer))
    visit(page, "/design/")
    box = page.get_by_role("combobox", name="NACE codes")
    box.fill("heat")
    expect(page.locator(".combobox-list [role=option]")).to_have_count(2)
    expect(box).to_have_attribute("aria-expanded", "true")
    axe_check(page)
    box.press("ArrowDown")
    box.press("ArrowDown")
    expect(page.locator(".combobox-list [role=option]").nth(1)).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(box).to_have_attribute("aria-expanded", "false")
    assert page.locator("input[name=codes]").input_value() == "27.12, 35.30"
    page.locator(".combobox-chips button").nth(0).click()
    assert page.locator("input[name=codes]").input_value() == "35.30"
