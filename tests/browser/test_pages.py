"""Every page of the sample site, as the person sees it who works on it: accessible, never wider than the
screen, readable without scripts, usable from the keyboard.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.sample_site import SampleSite

pytestmark = pytest.mark.browser

MANAGER = "cluster-manager-nl"
CLUSTER = "smpxpq6ahw5v"
MEMBER = "smpjk4qvqmrf"
OWN = "smpfkd2ycccm"  # the organisation of owner@sample.kontor.example
CROSSING = "/programmes/cleantech-energy-crossing/"
NEED = "Wij zoeken een warmtewisselaar voor een micro-warmtekrachtinstallatie op biogas"
INTRODUCTIONS = "/matches/introductions/"
CONSORTIA = "/consortia/"
JURY = "/juries/smpjry000001/"  # on its pitch day
ROUND = "/decisions/smprnd000001/"  # of the synchronised call: decided, not published
BOARD = f"{CONSORTIA}smpcns000001/"  # of the cluster whose manager looks; two variants, both proposals
ASKED = f"/matches/?q={NEED.replace(' ', '+')}&origin=NL&across=on"

PAGES = {
    "": [
        "/",
        "/matches/",
        ASKED,
        f"{ASKED}&countries=FI&sme=on&trl_min=9",
        "/matches/?product=cleantech-energy-crossing/biogas-micro-chp&countries=AT",
        "/matches/products/",
        "/directory/",
        "/directory/?q=warmte&country=NL&sort=-changed",
        "/directory/?q=nobodyiscalledthis",
        "/directory/map/",
        f"/directory/{MEMBER}/",
        "/directory/smpqxfgbsngr/projects/",
        "/programmes/",
        CROSSING,
        f"{CROSSING}money/",
        f"{CROSSING}eligibility/",
        f"{CROSSING}products/",
        f"{CROSSING}results/",
        "/programmes/rocket/versions/1/?variant=rocket-reloaded",
        "/sign-in/",
        "/sign-in/sent/",
        "/no/such/page/",
    ],
    MANAGER: [
        "/",
        "/directory/",
        "/directory/new/",
        f"/matches/?organisation={MEMBER}&across=on&origin=NL&countries=AT",
        "/matches/saved/",
        f"/directory/{MEMBER}/",
        f"/directory/{MEMBER}/edit/",
        f"/directory/{MEMBER}/people/",
        f"/directory/{MEMBER}/contacts/new/",
        f"/directory/{MEMBER}/figures/",
        f"/directory/{MEMBER}/translations/",
        f"/directory/{MEMBER}/statements/new/?kind=need",
        f"/directory/{CLUSTER}/members/",
        f"/people/cluster/{CLUSTER}/",
        "/directory/import/",
        "/directory/import/format/",
        "/directory/duplicates/",
        "/jobs/",
        "/audit/",
        "/account/",
        "/account/password/",
        "/account/tokens/",
        "/account/tokens/new/",
        INTRODUCTIONS,
        f"{INTRODUCTIONS}?view=list&country=DE",
        "/matches/suggestions/",
        f"/matches/suggestions/?organisation={OWN}",
        "/matches/weights/",
        f"{INTRODUCTIONS}?country=PT",
        f"{INTRODUCTIONS}answers/",
        f"{INTRODUCTIONS}seen/{OWN}/",
        f"{INTRODUCTIONS}new/?with=smpqxfgbsngr&organisation={MEMBER}",
        f"{INTRODUCTIONS}not-this-one/?with=smpqxfgbsngr&organisation={MEMBER}",
        CONSORTIA,
        f"{CONSORTIA}?state=rejected",
        f"{CONSORTIA}new/",
        BOARD,
        f"{BOARD}?variant=smpvar000101",
        f"{BOARD}compare/",
        f"{BOARD}compose/",
        f"{BOARD}space/",
        f"{BOARD}history/",
        f"{BOARD}details/",
        f"{BOARD}seats/smpst0010100/?q=warm",
        f"{BOARD}variants/smpvar000101/",
    ],
    "owner": [
        "/",
        f"/directory/{OWN}/",
        f"/directory/{OWN}/people/",
        "/audit/",
        f"{INTRODUCTIONS}mine/",
        f"{INTRODUCTIONS}smpintro0001/",
        f"{INTRODUCTIONS}smpintro0001/outcome/?kind=pilot",
        f"{INTRODUCTIONS}smpintro0002/",
        f"{INTRODUCTIONS}smpintro0002/?answer=no",
        f"{INTRODUCTIONS}smpintro0002/?answer=later",
        f"{CONSORTIA}smpcns000002/",
        f"{CONSORTIA}invitations/smpst0050002/",
    ],
    "programme-manager": [
        f"{CONSORTIA}smpcns000004/",
        f"{CROSSING}money/",
        f"{CROSSING}money/commit/",
        f"{CROSSING}competences/",
        f"{CROSSING}competences/smpjy4hzfarp/micro-turbine/",
        f"{CROSSING}products/neighbourhood-battery/",
        f"{CROSSING}edit/",
        f"{CROSSING}versions/",
    ],
    # only pages that differ in structure: each costs two seconds
    "rocket-manager": [
        JURY,
        f"{JURY}assignment/",
        f"{JURY}pitches/",
        f"{JURY}visibility/",
        f"{JURY}applications/smpapp000008/consensus/",
        f"{JURY}preview/?role=juror&names=double",
        f"{JURY}results/",
        f"{JURY}settings/",
    ],
    "alps-manager": [
        ROUND,
        f"{ROUND}scenarios/",
        f"{ROUND}scenarios/new/",
        f"{ROUND}letters/",
        f"{ROUND}publish/",
        f"{ROUND}proposals/smpapp000022/",
    ],
    "brugstra": [f"{JURY}applications/smpapp000008/", f"{JURY}conflicts/declare/"],
    "administrator": ["/", "/directory/", "/roles/", "/jobs/all/", "/audit/", "/programmes/add/"],
}
EVERY_PAGE = [(who, path) for who, paths in PAGES.items() for path in paths]
READ_WITHOUT_SCRIPTS = [
    "/",
    ASKED,
    "/directory/?q=warmte",
    "/directory/map/",
    f"/directory/{MEMBER}/",
    CROSSING,
    f"{CROSSING}eligibility/",
    "/sign-in/",
]
MEMBERS_CSV = "Naam;Land;Plaats;Opmerking\nVeldhoven Warmte BV;NL;Arnhem;x\nZonder Land BV;Atlantis;;y\n"


def width_needed(page: Page) -> int:
    """The width in px that the page's content takes."""
    return int(page.evaluate("document.documentElement.scrollWidth"))


def check_narrow(page: Page, axe_check: Callable[[Page], None]) -> None:
    """400 px in the dark for a telephone, 320 px for somebody who doubled the size of the text."""
    set_theme(page, "dark")
    page.set_viewport_size({"width": 400, "height": 900})
    page.reload()
    axe_check(page)
    assert width_needed(page) <= 400
    page.set_viewport_size({"width": 320, "height": 900})
    assert width_needed(page) <= 320
    set_theme(page, "light")
    page.set_viewport_size({"width": 1440, "height": 900})


def set_theme(page: Page, theme: str) -> None:
    page.context.add_cookies([{"name": "kontor_theme", "value": theme, "url": page.url}])


def reload_until(page: Page, done: Callable[[], bool]) -> None:
    """What a job makes stands on the page after a while; fails after 20 s."""
    for _second in range(20):
        if done():
            return
        page.wait_for_timeout(1000)
        page.reload()
    pytest.fail(f"{page.url} shows no result of the job")


@pytest.mark.parametrize(("who", "path"), EVERY_PAGE)
def test_page_can_be_used_by_everybody(
    seen: SampleSite,
    axe_check: Callable[[Page], None],
    screenshot: Callable[[Page, str], None],
    who: str,
    path: str,
) -> None:
    page = seen.desk(who)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == (
        404 if path.startswith("/no/") else 403 if (who, path) == ("owner", "/audit/") else 200
    )
    screenshot(page, re.sub(r"[^a-z0-9]+", "-", f"{who or 'visitor'}{path}".lower())[:80])
    axe_check(page)
    assert width_needed(page) <= 1440
    check_narrow(page, axe_check)


def test_pages_on_the_way_of_an_import(
    seen: SampleSite, axe_check: Callable[[Page], None], tmp_path: Path
) -> None:
    page = seen.page(MANAGER)
    file = tmp_path / "leden.csv"
    file.write_text(MEMBERS_CSV, "utf-8")
    page.goto("/directory/import/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Upload and look at it").click()
    for button in ("Check the rows", "Import without the refused rows"):
        expect(page.get_by_role("button", name=button)).to_be_visible(timeout=20_000)
        axe_check(page)
        page.set_viewport_size({"width": 320, "height": 900})
        assert width_needed(page) <= 320
        page.set_viewport_size({"width": 1440, "height": 900})
        if button == "Check the rows":
            page.get_by_role("button", name=button).click()
    page.get_by_role("button", name="Drop this file").click()


def test_pages_of_two_records_that_look_alike(seen: SampleSite, axe_check: Callable[[Page], None]) -> None:
    page = seen.page("administrator")
    page.goto("/directory/duplicates/")
    page.get_by_role("button", name="Look through the directory").click()
    pairs = page.get_by_role("link", name="Compare")
    reload_until(page, lambda: pairs.count() > 0)
    pairs.first.click()
    axe_check(page)
    check_narrow(page, axe_check)


@pytest.mark.parametrize("path", READ_WITHOUT_SCRIPTS)
def test_main_pages_read_the_same_without_scripts(seen: SampleSite, path: str) -> None:
    with_scripts, without = seen.page(), seen.page(scripts=False)
    texts = []
    for page in (with_scripts, without):
        page.goto(path)
        expect(page.locator("main h1")).to_be_visible()
        texts.append(page.locator("main h1, main h2, main h3").all_inner_texts())
    assert texts[0] == texts[1]


def test_search_and_filters_work_without_scripts(seen: SampleSite) -> None:
    page = seen.page(scripts=False)
    page.goto("/")
    page.locator("main textarea").fill(NEED)
    page.get_by_role("button", name="Find partners").click()
    expect(page.locator("article.match")).not_to_have_count(0)
    page.get_by_label("You are in").select_option("NL")
    page.get_by_label("Only partners across the border").check()
    page.get_by_role("button", name="Find partners").click()
    expect(page.locator("article.match")).not_to_have_count(0)
    assert "across=on" in page.url
    assert "Netherlands" not in " ".join(page.locator(".match-where").all_inner_texts())
    page.goto("/directory/")
    page.get_by_label("Name, place or tag").fill("warmte")
    page.get_by_role("button", name="Find", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="organisation")).to_be_visible()
    assert "q=warmte" in page.url
    assert 0 < page.locator("#organisations tbody tr").count() < 25


def tab_to(page: Page, target: str) -> None:
    """Press Tab until the focus stands on `target`, as somebody without a mouse does."""
    for _step in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("(target) => document.activeElement.matches(target)", target):
            return
    pytest.fail(f"Tab never reached {target}")


def test_from_question_to_comparison_with_the_keyboard_alone(seen: SampleSite) -> None:
    page, held, late = seen.page(), [False], list[Route]()
    page.route("**/matches/", lambda route: late.append(route) if held[0] else route.continue_())
    page.goto("/matches/")
    tab_to(page, "textarea[name=q]")
    page.keyboard.type(NEED)
    tab_to(page, ".ask-form button")
    page.keyboard.press("Enter")
    expect(page.locator("article.match")).not_to_have_count(0, timeout=20_000)  # the first question of a site
    expect(page.locator("#results.htmx-request")).to_have_count(0)
    held[0] = True
    page.keyboard.press("Enter")  # once more; the answer comes after the first partner is ticked
    expect(page.locator("#results.htmx-request")).to_have_count(1)
    tab_to(page, "a[href='#results']")
    page.keyboard.press("Enter")
    for _partner in range(2):
        tab_to(page, "input[name=with]")
        page.keyboard.press("Space")
        if held[0]:
            held[0] = False
            for answer in late:
                answer.continue_()
            expect(page.locator("#results.htmx-request")).to_have_count(0)
            expect(page.locator("input[name=with]:focus:checked")).to_have_count(1)
    assert len(late) == 1
    expect(page.locator("input[name=with]:checked")).to_have_count(2)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Compare partners")).to_be_visible()
    expect(page.locator(".compare thead th")).to_have_count(2)


def test_typing_keeps_the_focus_and_says_how_many_were_found(seen: SampleSite) -> None:
    page = seen.page()
    page.goto("/matches/")
    box = page.get_by_label("What do you look for?")
    box.press_sequentially("warmtepomp voor rijwoningen", delay=5)
    expect(page.locator("#results [role=status]")).to_contain_text("partners")
    expect(box).to_be_focused()
    assert box.evaluate("(box) => box.selectionStart") == len("warmtepomp voor rijwoningen")
    assert "w_" not in page.url, "weights that nobody moved are not the person's own"
    page.get_by_label("Only small and medium-sized firms").check()
    expect(page.locator(".chip").filter(has_text="small or medium-sized")).to_be_visible()
    expect(page.get_by_label("Only small and medium-sized firms")).to_be_focused()
    page.reload()
    expect(box).to_have_value("warmtepomp voor rijwoningen")
    expect(page.get_by_label("Only small and medium-sized firms")).to_be_checked()
