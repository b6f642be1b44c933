"""Signed links that act with one click from a mail.

Opening the link (GET) shows a page with a button; pressing it (POST) acts. Mail scanners, which open every
link, therefore do nothing. A feature registers what a purpose does with `link_action`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kontor.base.errors import KontorError


@dataclass(frozen=True)
class LinkPage:
    """What the confirm page says: a heading, a sentence on what will happen, and the button's words."""

    title: object
    text: object
    button: object


@dataclass(frozen=True)
class LinkDone:
    """What happened, and where to go then."""

    message: object
    next_path: str


@dataclass(frozen=True)
class LinkAction:
    describe: Callable[[dict[str, Any]], LinkPage]
    act: Callable[[HttpRequest, dict[str, Any]], LinkDone]


_actions: dict[str, LinkAction] = {}


def link_action(
    purpose: str,
    *,
    describe: Callable[[dict[str, Any]], LinkPage],
    act: Callable[[HttpRequest, dict[str, Any]], LinkDone],
) -> None:
    """Register what links of `purpose` do (call it in AppConfig.ready). `act` calls one action."""
    _actions[purpose] = LinkAction(describe, act)


def action_of(purpose: str) -> LinkAction:
    """The registered action; KontorError 404 for an unknown purpose."""
    if purpose not in _actions:
        raise broken_link()
    return _actions[purpose]


def make_link(
    purpose: str, payload: dict[str, Any], max_age_days: int, *, url_name: str = "base:link"
) -> str:
    """A path (without host) that carries `payload`, signed, good for `max_age_days`.

    `url_name` may name a feature's own page that takes (purpose, token) instead of the shared confirm page.
    """
    content = {"p": payload, "until": int(time.time()) + max_age_days * 86_400}
    token = signing.dumps(content, salt=f"kontor.link.{purpose}", compress=True)
    return reverse(url_name, args=[purpose, token])


def read_link(purpose: str, token: str) -> dict[str, Any]:
    """The payload. Raises KontorError `link-broken` (altered, wrong purpose) or `link-expired`."""
    try:
        content = signing.loads(token, salt=f"kontor.link.{purpose}")
    except signing.BadSignature as problem:
        raise broken_link() from problem
    if content["until"] < time.time():
        raise KontorError(
            _("This link is too old."), code="link-expired", remedy=_("Ask for a new one."), status=410
        )
    payload: dict[str, Any] = content["p"]
    return payload


def broken_link() -> KontorError:
    return KontorError(
        _("This link is not complete or not valid."),
        code="link-broken",
        remedy=_("Open it again from the mail, or copy the whole line into the address bar."),
        status=404,
    )
