"""Nobody handles an application that they stand for."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.errors import KontorError
from kontor.features.calls.models import Application
from kontor.features.calls.rules import own_q


def refuse_own(applications: Iterable[Application], actor: Actor) -> None:
    """KontorError (409) where the person stands for an organisation in one of the applications: they do not
    judge it, give it a score, or decide on it, whatever their role.
    """
    if getattr(actor.user, "pk", None) is None:
        return
    keys = [one.pk for one in applications]
    own = Application.objects.filter(own_q(actor.user), pk__in=keys).order_by("number").first()
    if own is not None:
        raise KontorError(
            _("You stand for an organisation in {number}.").format(number=own.number),
            code="conflict-of-interest",
            path="application",
            remedy=_("Somebody else who manages the programme decides on it."),
            status=409,
        )
