"""What a conflict is: of which kind, through whom, and a sentence that says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy


class Kind(StrEnum):
    SAME = "same"
    CLUSTER = "cluster"
    GROUP = "group"
    CONSORTIUM = "consortium"
    SUPERVISOR = "supervisor"
    EMPLOYER = "employer"
    FAMILY = "family"
    MONEY = "money"
    DOMAIN = "domain"
    DECLARED = "declared"


KINDS: dict[Kind, object] = {
    Kind.SAME: gettext_lazy("same organisation"),
    Kind.CLUSTER: gettext_lazy("same cluster"),
    Kind.GROUP: gettext_lazy("same group"),
    Kind.CONSORTIUM: gettext_lazy("joint project"),
    Kind.SUPERVISOR: gettext_lazy("supervisor"),
    Kind.EMPLOYER: gettext_lazy("worked there"),
    Kind.FAMILY: gettext_lazy("close relation"),
    Kind.MONEY: gettext_lazy("financial interest"),
    Kind.DOMAIN: gettext_lazy("mail domain"),
    Kind.DECLARED: gettext_lazy("declared"),
}
# The sentence of each kind. `who` is the applying organisation, `through` what connects.
SENTENCES: dict[Kind, object] = {
    Kind.SAME: gettext_lazy("Belongs to %(who)s, which applies."),
    Kind.CLUSTER: gettext_lazy("%(who)s is in the same cluster: %(through)s."),
    Kind.GROUP: gettext_lazy("%(who)s is of the same group as %(through)s."),
    Kind.CONSORTIUM: gettext_lazy("Worked with %(who)s in “%(through)s”."),
    Kind.SUPERVISOR: gettext_lazy("Supervises or was supervised at %(who)s: %(through)s."),
    Kind.EMPLOYER: gettext_lazy("Worked at %(who)s within the period that counts."),
    Kind.FAMILY: gettext_lazy("Close relation at %(who)s: %(through)s."),
    Kind.MONEY: gettext_lazy("Has a financial interest in %(who)s."),
    Kind.DOMAIN: gettext_lazy("Same mail domain as %(who)s: %(through)s."),
    Kind.DECLARED: gettext_lazy("Declared: %(through)s"),
}


@dataclass(frozen=True, order=True)
class Found:
    """A conflict of an expert with an application. `who`: name of the applying organisation, empty for one
    declared about the application as a whole; `through`: what connects; `mark` tells it from all others, and
    a waiver names it.
    """

    expert: int
    application: int
    kind: Kind
    who: str
    through: str
    mark: str

    @property
    def kind_label(self) -> str:
        return str(KINDS[self.kind])

    def sentence(self) -> str:
        return str(SENTENCES[self.kind]) % {"who": self.who, "through": self.through}

    def as_json(self) -> dict[str, str]:
        return {"kind": self.kind.value, "who": self.who, "through": self.through, "mark": self.mark}


def told(stored: Mapping[str, Any]) -> str:
    """The sentence of a conflict as a waiver keeps it."""
    found = Found(0, 0, Kind(stored["kind"]), stored["who"], stored["through"], stored["mark"])
    return found.sentence()
