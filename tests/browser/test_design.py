"""The design system's page, as it is seen: every width, theme and language."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# each width, theme and language, and the narrow screen in both themes
SEEN = [(1440, "light", "en"), (1024, "dark", "de"), (400, "light", "de"), (400, "dark", "en")]


@pytest.mark.parametrize(("width", "theme", "language"), SEEN)
def test_page_is_accessible_and_never_scrolls_sideways(
    page: Page,
    visit: Callable[..., Page],
    axe_check: Callable[[Page], None],
    screenshot: Callable[[Page, str], None],
    width: int,
    theme: str,
    language: str,
) -> None:
    visit(page, "/design/", width=width, theme=theme, language=language)
    screenshot(page, f"design.{width}.{theme}.{language}")
    axe_check(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("html").get_attribute("data-theme") == theme


def test_text_can_be_twice_as_large_on_a_narrow_screen(page: Page, visit: Callable[..., Page]) -> None:
    """WCAG 1.4.10: 320 px wide, nothing is cut off and nothing scrolls sideways."""
    visit(page, "/design/", width=320)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_targets_are_large_enough(page: Page, visit: Callable[..., Page]) -> None:
    """WCAG 2.5.8: every button, summary and control measures at least 24 by 24 px."""
    visit(page, "/design/", width=400)
    small = page.evaluate(
        """[...document.querySelectorAll("button, summary, .button, input, select, nav a, .chip")]
            .map((element) => [element.outerHTML.slice(0, 80), element.getBoundingClientRect()])
            .filter(([, box]) => box.width > 1 && (box.width < 24 || box.height < 24))
            .map(([html]) => html)"""
    )
    assert small == []


def test_dark_values_are_the_same_for_chosen_and_for_device(page: Page, visit: Callable[..., Page]) -> None:
    names = ("--ground", "--ink", "--accent", "--map-5", "--series-3", "--shadow-raised", "--bad-soft")

    def values() -> list[str]:
        return [
            str(
                page.evaluate(
                    "(name) => getComputedStyle(document.documentElement).getPropertyValue(name)", name
                )
            )
            for name in names
        ]

    visit(page, "/", theme="dark")
    chosen = values()
    page.emulate_media(color_scheme="dark")
    visit(page, "/", theme="system")
    assert values() == chosen
    visit(page, "/", theme="light")
    assert values() != chosen


def test_focus_is_seen(page: Page, visit: Callable[..., Page]) -> None:
    visit(page, "/")
    page.keyboard.press("Tab")
    skip = page.locator(".skip-link")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
