#!/usr/bin/env python
"""Take the pictures of the documentation anew, from a running demonstration.

KONTOR_DEMO_PASSWORD=secret kontor demo --port 8000 &
scripts/pictures.py http://localhost:8000 secret [--out docs/images]
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.browser.chromium import FLAGS, PROGRAM

NEED = (
    "Warmteopslag voor rijwoningen uit 1965: in de meterkast is 55 bij 60 cm vrij. We willen daar een "
    "warmtebuffer die een warmtepomp van 4 kW door de avondpiek helpt, zonder buitenunit op het dak."
)
ASKED = f"/matches/?q={NEED.replace(' ', '+')}&origin=NL&across=on"
MEMBERS = """Naam;Land;Plaats;Soort;Aanbod 1;Behoefte 1;Opmerking
Bietengas Polder BV;NL;Emmeloord;bedrijf;;Wij zoeken een reiniging voor ruw biogas;belt graag
Kluitwarmte Noord BV;NL;Assen;bedrijf;Warmtepompen voor oude kassen;;
Zonder Land BV;Atlantis;;bedrijf;;;
;NL;Venlo;bedrijf;;;geen naam
"""


def matches(page: Page) -> None:
    page.goto(ASKED)


def compare(page: Page) -> None:
    page.goto(ASKED)
    for number in range(2):
        page.locator("input[name=with]").nth(number).check()
    page.locator("button[form=compare-form]").click()


def directory(page: Page) -> None:
    page.goto("/directory/?country=DE&country=NL&kind=firm")


def area_map(page: Page) -> None:
    page.goto("/directory/map/")


def import_preview(page: Page) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "leden.csv"
        file.write_text(MEMBERS, "utf-8")
        page.goto("/directory/import/")
        page.locator("input[type=file]").set_input_files(file)
        page.locator("main form .button-primary").click()
        page.get_by_role("button", name="Check the rows").click()
    page.get_by_role("button", name="Import without the refused rows").wait_for()


def at(path: str) -> Callable[[Page], None]:
    """A page as it opens."""

    def show(page: Page) -> None:
        page.goto(path)

    return show


def first_of(path: str, tab: str = "") -> Callable[[Page], None]:
    """The first thing of a list, on one of its tabs."""

    def show(page: Page) -> None:
        page.goto(path)
        page.locator("main table a").first.click()
        if tab:
            page.get_by_role("link", name=tab, exact=True).click()

    return show


#: Who looks: a Dutch cluster's manager, a firm that writes, one that handed in, managers of programmes.
CLUSTER, OWNER = "cluster-manager-nl@sample.kontor.example", "owner@sample.kontor.example"
SIGNED, OFFICER = "meike@schildhaut.example", "rocket-manager@sample.kontor.example"
ALPS = "alps-manager@sample.kontor.example"
APPLICATIONS = "/calls/applications"
PICTURES: dict[str, dict[str, tuple[Callable[[Page], None], int]]] = {
    CLUSTER: {
        "matches": (matches, 960),
        "compare": (compare, 900),
        "directory": (directory, 900),
        "map": (area_map, 1010),
        "import": (import_preview, 1180),
        "composer": (at("/consortia/smpcns000001/"), 1060),
        "programme": (at("/programmes/rocket/"), 960),
        "call": (at("/calls/rocket-studies/"), 960),
    },
    OWNER: {
        "writing": (at(f"{APPLICATIONS}/smpapp000031/write/team/"), 920),
        "check": (at(f"{APPLICATIONS}/smpapp000031/check/"), 760),
    },
    SIGNED: {"signatures": (at(f"{APPLICATIONS}/smpapp000002/signatures/"), 900)},
    OFFICER: {
        "desk": (at("/calls/rocket-last-round/desk/"), 960),
        "jury": (first_of("/juries/"), 960),
    },
    ALPS: {
        "board": (first_of("/decisions/"), 1180),
        "scenarios": (first_of("/decisions/", "Scenarios"), 1160),
    },
}


def take(browser: Browser, site: str, password: str, folder: Path, wanted: list[str]) -> None:
    """Each picture 1280 px wide, in English, light."""
    for mail, offered in PICTURES.items():
        pictures = {name: how for name, how in offered.items() if not wanted or name in wanted}
        if not pictures:
            continue
        page = browser.new_page(base_url=site, color_scheme="light", reduced_motion="reduce")
        page.goto("/sign-in/")
        page.locator("main input[name=email]").fill(mail)
        page.locator("main input[type=password]").fill(password)
        page.locator("main button.button-primary").click()
        page.wait_for_url(lambda address: "/sign-in/" not in address)
        page.context.add_cookies([{"name": "django_language", "value": "en", "url": site}])
        for name, (show, height) in pictures.items():
            page.set_viewport_size({"width": 1280, "height": height})
            show(page)
            page.wait_for_load_state("networkidle")
            page.screenshot(path=folder / f"{name}.png")
            print(folder / f"{name}.png")
        page.context.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("site")
    parser.add_argument("password")
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    parser.add_argument("--only", nargs="*", default=[], help="these pictures, by name")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=PROGRAM, args=list(FLAGS))
        take(browser, given.site, given.password, given.out, given.only)
        browser.close()


if __name__ == "__main__":
    main()
