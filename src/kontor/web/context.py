"""What every page knows: the site, its languages and themes, and the navigation of the person who looks."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from kontor.base import navigation

THEMES = {"system": _("As on this device"), "light": _("Light"), "dark": _("Dark")}
THEME_COOKIE = "kontor_theme"

STYLE_SHEETS = tuple(
    f"kontor/css/{name}.css"
    for name in (
        "tokens",
        "base",
        "topbar",
        "layout",
        "components",
        "tables",
        "lists",
        "start",
        "forms",
        "data",
        "print",
    )
)
SCRIPTS = (
    "kontor/vendor/htmx.min.js",
    *(f"kontor/js/{name}.js" for name in ("page", "list", "combobox", "picture")),
)


def site(request: HttpRequest) -> dict[str, Any]:
    """Template context of every page. What costs something is made only where a template uses it."""
    return {
        "site_name": settings.SITE_NAME,
        "site_languages": settings.LANGUAGES,
        "sample_site": settings.SAMPLE_SITE,
        "funder_line": settings.FUNDER_LINE,
        "theme": theme_of(request),
        "site_themes": THEMES.items(),
        "style_sheets": STYLE_SHEETS,
        "scripts": SCRIPTS,
        "navigation": SimpleLazyObject(lambda: _navigation(request)),
        "account_links": SimpleLazyObject(lambda: _account_links(request)),
        "search_href": address("organisations:list"),
        "sign_in_href": address("accounts:sign-in"),
        "sign_out_href": address("accounts:sign-out"),
    }


def theme_of(request: HttpRequest) -> str:
    """The theme to draw: the cookie's, else the person's own, else the device's."""
    chosen = request.COOKIES.get(THEME_COOKIE) or getattr(getattr(request, "user", None), "theme", "")
    return chosen if chosen in THEMES else "system"


def address(name: str) -> str:
    """The address of a page without arguments, or empty where the site has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _sections(request: HttpRequest) -> tuple[navigation.Section, ...]:
    """The person's sections, worked out once for each request."""
    if not hasattr(request, "kontor_sections"):
        user = getattr(request, "user", None)
        found = navigation.sections_for(user, request.path) if user is not None else ()
        request.kontor_sections = found  # type: ignore[attr-defined]
    return request.kontor_sections  # type: ignore[attr-defined,no-any-return]


def _navigation(request: HttpRequest) -> list[navigation.Section]:
    return [section for section in _sections(request) if section.key != "account"]


def _account_links(request: HttpRequest) -> list[navigation.Link]:
    return [link for section in _sections(request) if section.key == "account" for link in section.links]
