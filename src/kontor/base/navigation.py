"""The left navigation: features register their entries, each person sees those they may use.

register("find", _("Directory"), "organisations:list", order=10)     # in AppConfig.ready
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from rules.predicates import Predicate

from kontor.base.permissions import PUBLIC

# Shown in this order. "account" is the menu at the top right, not a part of the left navigation.
SECTIONS: dict[str, object] = {
    "find": _("Partners"),
    "programmes": _("Programmes"),
    "members": _("Members' data"),
    "site": _("Running the site"),
    "account": _("Your account"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One registered line. `label` may be a lazy translation; `url_name` takes no arguments. Pages below the
    address of `covers` belong to it too, where no entry of their own is nearer.
    """

    section: str
    label: object
    url_name: str
    predicate: Predicate
    order: int
    covers: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A line as one person sees it. `current` is "page" on the page itself, "true" below it, else empty."""

    label: str
    href: str
    current: str


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    label: str
    links: tuple[Link, ...]


_entries: dict[tuple[str, str], Entry] = {}


def register(
    section: str,
    label: object,
    url_name: str,
    predicate: Predicate = PUBLIC,
    order: int = 100,
    *,
    covers: str = "",
) -> None:
    """Offer a page in the navigation. Registering the same page again replaces its entry."""
    if section not in SECTIONS:
        raise ValueError(f"section {section!r} is none of {', '.join(SECTIONS)}")
    _entries[section, url_name] = Entry(section, label, url_name, predicate, order, covers)


def sections_for(user: Any, path: str) -> tuple[Section, ...]:
    """The sections with an entry that `user` may use, in order, marking the page `path` belongs to."""
    visible = [(entry, href) for entry in _sorted() if (href := _href(entry, user))]
    here = _nearest(visible, path)
    sections = []
    for key, label in SECTIONS.items():
        links = tuple(
            Link(str(entry.label), href, _current(href, here, path))
            for entry, href in visible
            if entry.section == key
        )
        if links:
            sections.append(Section(key, str(label), links))
    return tuple(sections)


def _nearest(visible: list[tuple[Entry, str]], path: str) -> str:
    """The address of the entry that `path` belongs to, empty where it is another, hidden one.

    Of entries for the same pages the one that lies there goes first, then one that covers them.
    """
    claims = [(href, 2, href) for _entry, href in visible]
    claims += [(address, 1, href) for entry, href in visible if (address := _address(entry.covers))]
    claims += [(address, 0, "") for entry in _sorted() if (address := _address(entry.url_name))]
    fitting = [(len(address), rank, href) for address, rank, href in claims if path.startswith(address)]
    return max(fitting, default=(0, 0, ""))[2]


def _sorted() -> list[Entry]:
    return sorted(_entries.values(), key=lambda entry: (entry.order, entry.url_name))


def _href(entry: Entry, user: Any) -> str:
    """The entry's address, or nothing where the person may not open it or the site has no such page."""
    return _address(entry.url_name) if entry.predicate.test(user, None) else ""


def _address(url_name: str) -> str:
    try:
        return reverse(url_name) if url_name else ""
    except NoReverseMatch:
        return ""


def _current(href: str, here: str, path: str) -> str:
    if href != here:
        return ""
    return "page" if href == path else "true"
