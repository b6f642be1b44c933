"""The composer's board in a real browser: by mouse, by keyboard, in two windows at once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.sample_site import SampleSite

pytestmark = pytest.mark.browser

MANAGER = "cluster-manager-nl"
BOARD = "/consortia/smpcns000001/"
LONG = 90_000  # ms that the first search may take on a busy machine: it reads the whole index


def new_variant(page: Page, name: str) -> str:
    """An empty variant, which no proposal binds; the address of its board."""
    page.goto(BOARD)
    page.get_by_role("link", name="Variants …").click()
    page.locator("#more").fill(name)
    page.get_by_role("button", name="Add an empty variant").click()
    expect(page.locator(".cons-bar h2")).to_contain_text(name)
    return page.url


def names(page: Page) -> Locator:
    return page.locator("[data-seat] h3")


def add_seat(page: Page, task: str) -> None:
    page.get_by_label("A further seat: what for?").fill(task)
    page.get_by_role("button", name="Add a seat").click()
    expect(page.locator("[data-seat]").filter(has_text=task)).to_have_count(1)


def candidates(page: Page) -> Locator:
    """They are looked for once the board is shown."""
    found = page.locator("[data-candidate]:visible")
    expect(found.first).to_be_visible(timeout=LONG)
    return found


def test_seats_are_filled_and_moved_by_mouse(seen: SampleSite) -> None:
    page = seen.page(MANAGER)
    new_variant(page, "By mouse")
    add_seat(page, "Measures sound")
    first = candidates(page).first
    name = first.locator(".cons-name").inner_text()
    first.drag_to(page.locator(".cons-open"))
    expect(page.locator("[data-seat]")).to_have_count(1)
    expect(names(page)).to_have_text([name])

    second = candidates(page).first
    other = second.locator(".cons-name").inner_text()
    second.drag_to(page.locator(".cons-seats"), target_position={"x": 4, "y": 4})
    expect(names(page)).to_have_text([name, other])

    page.locator("[data-seat]").nth(1).drag_to(page.locator("[data-seat]").nth(0))
    expect(names(page)).to_have_text([other, name])
    page.reload()
    expect(names(page)).to_have_text([other, name])
    page.get_by_role("button", name="Take the last step back").click()
    expect(names(page)).to_have_text([name, other])


@pytest.mark.parametrize("scripts", [True, False])
def test_the_same_by_keyboard_alone(seen: SampleSite, scripts: bool) -> None:
    page = seen.page(MANAGER, scripts=scripts)
    page.goto(new_variant(page, f"By keyboard, scripts {scripts}"))
    if not scripts:
        page.goto(f"{page.url}&gaps=on")
    first = candidates(page).first
    name = first.locator(".cons-name").inner_text()
    button = first.get_by_role("button")
    button.focus()
    button.press("Enter")
    expect(names(page)).to_have_text([name])
    page.get_by_label("A further seat: what for?").fill("Measures sound")
    page.get_by_label("A further seat: what for?").press("Enter")
    expect(names(page)).to_have_text([name, "Measures sound"])
    forward = page.get_by_role("button", name="Move Measures sound forward")
    forward.focus()
    forward.press("Enter")
    expect(names(page)).to_have_text(["Measures sound", name])
    back = page.get_by_role("button", name="Move Measures sound back")
    back.focus()
    back.press("Space")
    expect(names(page)).to_have_text([name, "Measures sound"])


def test_two_windows_see_each_other_and_overwrite_nothing(seen: SampleSite) -> None:
    first, second = seen.page(MANAGER), seen.page(MANAGER)
    address = new_variant(first, "Two windows")
    second.goto(address)
    add_seat(first, "Builds the pump")
    expect(second.locator("[data-seat]").filter(has_text="Builds the pump")).to_have_count(1, timeout=LONG)
    expect(second.locator("#board [role=status]")).to_contain_text("changed the board")
    for page in (first, second):
        page.goto(address)
        page.locator("[data-seat]").get_by_role("link", name="Fill").click()
        expect(page.get_by_label("Cost in EUR")).to_be_visible(timeout=LONG)
    first.get_by_label("Cost in EUR").fill("100000.30")
    first.get_by_role("button", name="Save").click()
    expect(first.locator("[data-seat]")).to_contain_text("100,000.30")
    second.get_by_label("Cost in EUR").fill("90000")
    second.get_by_role("button", name="Save").click()
    expect(second.get_by_text("Somebody changed this while you were writing")).to_be_visible()
    expect(second.locator("main")).to_contain_text("100000.30")
    first.reload()
    expect(first.locator("[data-seat]")).to_contain_text("100,000.30")
    second.get_by_role("button", name="Save").click()
    expect(second.locator("[data-seat]")).to_contain_text("90,000.00")
