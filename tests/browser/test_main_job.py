"""The main job in a real browser: from a spreadsheet to a shared list of partners. Two people, one record."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.sample_site import SampleSite

pytestmark = pytest.mark.browser

MANAGER = "cluster-manager-nl"
MEMBER = "smp023s3r20z"  # Stilwind Akoestiek B.V., a member of this manager's cluster
NEW_MEMBER = "Bietengas Polder BV"
SPREADSHEET = f"""Naam;Land;Plaats;Soort;Wat zoeken zij
{NEW_MEMBER};NL;Emmeloord;bedrijf;Wij zoeken een reiniging voor ruw biogas uit bietenpulp, zonder zwavel
Kluitwarmte Noord BV;NL;Assen;bedrijf;Gezocht: een stille warmtepomp voor oude kassen
"""
LONG = 30_000  # ms that a job may take on a busy machine


def upload(page: Page, folder: Path) -> None:
    """Send the member list and say what its last column holds, which no header list knows."""
    file = folder / "leden.csv"
    file.write_bytes(SPREADSHEET.encode("cp1252"))
    page.goto("/")
    page.get_by_role("link", name="Imports").click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Upload and look at it").click()
    column = page.get_by_label("Column Wat zoeken zij holds")
    column.select_option(label="Need 1")
    expect(column).to_have_value(re.compile("need"))
    page.get_by_role("button", name="Check the rows").click()


def confirm(page: Page) -> None:
    """Nothing is written before this; the page follows the work by itself."""
    button = page.get_by_role("button", name="Import now")
    expect(button).to_be_visible(timeout=LONG)
    expect(page.locator("main")).to_contain_text("To be created: 2, to be changed: 0.")
    button.click()
    expect(page.get_by_role("button", name="Take this import back")).to_be_visible(timeout=LONG)


def test_from_a_spreadsheet_to_a_shared_list_of_partners(seen: SampleSite, tmp_path: Path) -> None:
    page = seen.page(MANAGER)
    upload(page, tmp_path)
    confirm(page)

    # The new member's page leads to its partners across the border.
    page.get_by_role("link", name="Directory").first.click()
    page.get_by_label("Name, place or tag").fill("Bietengas")
    page.get_by_role("link", name=NEW_MEMBER).click()
    page.locator("main").get_by_role("link", name="Find partners").click()
    expect(page.get_by_role("heading", name=f"Partners for {NEW_MEMBER}")).to_be_visible()
    page.get_by_label("You are in").select_option("NL")
    page.get_by_label("Only partners across the border").check()
    expect(page.locator(".chip").filter(has_text="Netherlands")).to_be_visible()
    best = page.locator("article.match").first
    assert best.locator(".reasons > li:not(.doubt, .proof)").count() == 3
    expect(best.locator(".doubt")).to_have_count(1)
    best.get_by_text("Where this comes from").click()
    expect(best.locator("blockquote, details p").first).to_be_visible()

    # The same in Dutch: the question stays as it is.
    asked = page.url
    page.locator(".topbar details").nth(0).locator("summary").click()
    page.locator("button[name=language][value=nl]").click()
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    assert page.url == asked

    expect(page.locator("article.match")).not_to_have_count(0)
    names = page.locator("article.match h3").all_inner_texts()[:2]
    for number in range(2):
        page.locator("input[name=with]").nth(number).check()
    page.locator("button[form=compare-form]").click()
    expect(page.locator(".compare thead th")).to_have_text(names)

    page.locator(".breadcrumb a").click()
    page.locator("#save-name").fill("Zwavel uit biogas")
    page.locator(".save-search button").click()
    expect(page.locator("main h1")).to_have_text("Zwavel uit biogas")
    visitor = seen.page()
    assert visitor.goto(page.url).status == 404  # type: ignore[union-attr]
    page.locator("form:has(input[value=share]) button").click()
    link = page.locator(".copyable").inner_text()
    assert visitor.goto(link).status == 200  # type: ignore[union-attr]
    expect(visitor.locator("main h1")).to_have_text("Zwavel uit biogas")
    # A visitor reads less than a member, so other partners may come first.
    expect(visitor.locator("article.match")).not_to_have_count(0)
    expect(visitor.locator("input[value=delete]")).to_have_count(0)


def test_two_people_at_one_record_lose_nothing(seen: SampleSite) -> None:
    """The second sees what the first changed; what only one touched is kept without a question."""
    first, second = seen.page(MANAGER), seen.page("administrator")
    for page in (first, second):
        page.goto(f"/directory/{MEMBER}/edit/")
    first.get_by_label("Town").fill("Hengelo")
    first.get_by_label("Summary").fill("Maakt meetmicrofoons voor woonstraten.")
    first.get_by_role("button", name="Save").click()
    expect(first.locator("main h1")).to_contain_text("Stilwind")

    mine = "Measures how loud heat pumps are in real streets."
    second.get_by_label("Summary").fill(mine)
    second.get_by_role("button", name="Save").click()
    expect(
        second.get_by_role("heading", name="Somebody else changed this while you were writing")
    ).to_be_visible()
    expect(second.locator("main")).to_contain_text("Jelle Oostrum-Vaart")
    expect(second.locator("main")).to_contain_text("Maakt meetmicrofoons voor woonstraten.")
    expect(second.locator("main")).to_contain_text(mine)
    second.get_by_label(mine).check()
    second.get_by_role("button", name="Save with these choices").click()
    expect(second.locator("main")).to_contain_text(mine)
    expect(second.locator("main")).to_contain_text("Hengelo")
