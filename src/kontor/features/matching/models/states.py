"""The states of an introduction, which may follow which, and the words people choose from."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    WAITING = "waiting", _("waiting for an answer")
    AGREED = "agreed", _("both agreed")
    TALKS = "talks", _("in talks")
    RESULT = "result", _("result")
    DECLINED = "declined", _("declined")
    EXPIRED = "expired", _("expired")
    WITHDRAWN = "withdrawn", _("withdrawn")


# Every legal step. PROPOSED: nobody has answered; WAITING: one side agreed or asked for time.
TRANSITIONS: dict[str, frozenset[str]] = {
    State.PROPOSED: frozenset({State.WAITING, State.DECLINED, State.EXPIRED, State.WITHDRAWN}),
    State.WAITING: frozenset({State.PROPOSED, State.AGREED, State.DECLINED, State.EXPIRED, State.WITHDRAWN}),
    State.AGREED: frozenset({State.TALKS, State.RESULT}),
    State.TALKS: frozenset({State.RESULT}),
    # a correction in the ledger may take a result back
    State.RESULT: frozenset({State.TALKS}),
    # somebody took their own no back
    State.DECLINED: frozenset({State.PROPOSED, State.WAITING}),
    State.EXPIRED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
# Answers are still awaited.
OPEN = (State.PROPOSED, State.WAITING)
# Both sides said yes: they know each other by name.
MUTUAL = (State.AGREED, State.TALKS, State.RESULT)
# A pair in one of these is not proposed again.
BLOCKING = (*OPEN, *MUTUAL)


class Role(models.TextChoices):
    """Which side of an introduction an organisation is on."""

    ASKER = "asker", pgettext_lazy("introduction", "asks")
    PARTNER = "partner", pgettext_lazy("introduction", "is asked")


class Reply(models.TextChoices):
    NONE = "", _("no answer yet")
    YES = "yes", pgettext_lazy("introduction", "yes")
    NO = "no", pgettext_lazy("introduction", "no")
    LATER = "later", pgettext_lazy("introduction", "later")


class NoReason(models.TextChoices):
    FAR_FROM_NEED = "need", _("too far from what we need or offer")
    ALREADY_KNOWN = "known", _("we know each other already")
    ALREADY_SOLVED = "solved", _("we have a partner or a solution already")
    COMPETITOR = "competitor", _("a competitor")
    NO_TIME = "time", _("no time or money for it now")
    SIZE = "size", _("too large or too small for us")
    DISTANCE = "distance", _("too far away, or no common language")
    OUTDATED = "outdated", _("the entry is out of date")
    OTHER = "other", _("another reason")


class OutcomeKind(models.TextChoices):
    """What became of a contact, the strongest last."""

    NOTHING = "nothing", pgettext_lazy("outcome", "nothing")
    TALK = "talk", pgettext_lazy("outcome", "talks")
    PILOT = "pilot", pgettext_lazy("outcome", "a pilot")
    JOINT_BID = "joint_bid", pgettext_lazy("outcome", "a joint bid")
    CONTRACT = "contract", pgettext_lazy("outcome", "a contract")


STRENGTH: dict[str, int] = {kind: number for number, kind in enumerate(OutcomeKind.values)}


class Level(models.TextChoices):
    """How much of an organisation somebody was shown; the teaser is for everybody and never logged."""

    TEASER = "teaser", _("teaser")
    CODED = "coded", _("codes, country, size and readiness")
    NAMED = "named", _("name")
    CONTACTS = "contacts", _("name and contact persons")


class Channel(models.TextChoices):
    PAGE = "page", pgettext_lazy("where it was shown", "its page")
    LINK = "link", pgettext_lazy("where it was shown", "the page behind a mailed link")
    MAIL = "mail", pgettext_lazy("where it was shown", "a mail")
    LIST = "list", pgettext_lazy("where it was shown", "a list")
    FILE = "file", pgettext_lazy("where it was shown", "an exported file")
    API = "api", pgettext_lazy("where it was shown", "a program")
