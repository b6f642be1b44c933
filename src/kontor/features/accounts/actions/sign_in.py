"""The one-time link that signs a person in."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base import mail
from kontor.base.errors import KontorError
from kontor.features.accounts.models import SignInLink, User
from kontor.features.accounts.secrets import digest_of, new_secret

# so that nobody's letter box is filled by others typing the address
LINKS_PER_HOUR = 5


@transaction.atomic
def send_sign_in_link(*, email: str, next_path: str) -> None:
    """Mail a link to the person with this address, if there is one; tells the caller nothing either way."""
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    hour_ago = timezone.now() - dt.timedelta(hours=1)
    if user is None or user.sign_in_links.filter(created_at__gt=hour_ago).count() >= LINKS_PER_HOUR:
        return
    secret = new_secret()
    minutes = settings.SIGN_IN_LINK_MINUTES
    SignInLink.objects.create(
        user=user,
        digest=digest_of(secret),
        expires_at=timezone.now() + dt.timedelta(minutes=minutes),
        next_path=next_path[:300],
    )
    link = settings.SITE_URL + reverse("accounts:sign-in-link", args=[secret])
    context = {"name": user.name, "link": link, "minutes": minutes}
    mail.send(to=user.email, language=user.language, template="sign_in", context=context)


def find_sign_in_link(secret: str) -> SignInLink:
    """The link, if it still works. Raises KontorError `sign-in-link-unusable` for used, old and unknown
    ones.
    """
    link = SignInLink.objects.select_related("user").filter(digest=digest_of(secret)).first()
    if link is None or link.used_at or link.expires_at < timezone.now() or not link.user.is_active:
        raise KontorError(
            _("This sign-in link has been used or is too old."),
            code="sign-in-link-unusable",
            remedy=_("Ask for a new one on the sign-in page."),
            status=410,
        )
    return link


@transaction.atomic
def use_sign_in_link(*, secret: str) -> SignInLink:
    """Burn the link, and every other one of the person. The caller signs the link's user in."""
    link = find_sign_in_link(secret)
    now = timezone.now()
    burnt = SignInLink.objects.filter(pk=link.pk, used_at=None).update(used_at=now)
    if not burnt:
        return find_sign_in_link(secret)
    SignInLink.objects.filter(user=link.user, used_at=None).update(used_at=now)
    return link
