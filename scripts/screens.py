#!/usr/bin/env python
"""Photograph pages of a running site, to be looked at: three widths, light and dark, English and German.

scripts/screens.py http://localhost:8000 / /design/ /directory/?q=heat [--out var/screens]
    [--widths 1440,1024,400] [--themes light,dark] [--languages en,de] [--sign-in MAIL PASSWORD]
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests.browser.chromium import FLAGS, PROGRAM


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("site", help="address of the running site, such as http://localhost:8000")
    parser.add_argument("paths", nargs="+", help="pages below it")
    parser.add_argument("--out", type=Path, default=Path("var/screens"))
    parser.add_argument("--widths", default="1440,1024,400")
    parser.add_argument("--themes", default="light,dark")
    parser.add_argument("--languages", default="en,de")
    parser.add_argument("--sign-in", nargs=2, metavar=("MAIL", "PASSWORD"))
    return parser.parse_args()


def sign_in(page: Page, site: str, mail: str, password: str) -> None:
    page.goto(f"{site}/sign-in/")
    page.locator("main input[type=email], main input[type=text]").first.fill(mail)
    page.locator("main input[type=password]").first.fill(password)
    page.locator("main input[type=password]").first.press("Enter")
    page.wait_for_load_state("networkidle")


def photograph(browser: Browser, given: argparse.Namespace) -> Iterator[Path]:
    """One picture of the page for each combination; says on standard error what scrolls sideways."""
    given.out.mkdir(parents=True, exist_ok=True)
    context = browser.new_context()
    page = context.new_page()
    if given.sign_in:
        sign_in(page, given.site, *given.sign_in)
    for language, theme in product(given.languages.split(","), given.themes.split(",")):
        context.add_cookies(
            [
                {"name": "django_language", "value": language, "url": given.site},
                {"name": "kontor_theme", "value": theme, "url": given.site},
            ]
        )
        for path, width in product(given.paths, map(int, given.widths.split(","))):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(given.site + path)
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                sys.stderr.write(f"{path} scrolls sideways at {width} px ({language}, {theme})\n")
            name = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "start"
            target = given.out / f"{name}.{width}.{theme}.{language}.png"
            page.screenshot(path=target, full_page=True)
            yield target


def main() -> None:
    given = arguments()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=PROGRAM, args=list(FLAGS))
        for picture in photograph(browser, given):
            print(picture)
        browser.close()


if __name__ == "__main__":
    main()
