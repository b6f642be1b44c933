"""Self-checks that somebody kept, with or without an account."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from kontor.base.keys import new_key
from kontor.features.calls.models.application import Application
from kontor.features.calls.models.call import Call


def new_check_key() -> str:
    """100 random bits: whoever has the address of a check may read it, so nobody must guess it."""
    return new_key(20)


class SelfCheck(models.Model):
    """`answers` is {"title", "idea", "instrument", "language", "themes", "kets", "months", "grant", "lead",
    "partners": [..]} as docs/concepts/calls.md tells; amounts are exact, as text. `verdict` is the state of
    the rules when it was kept: yes, clarify or no. It is deleted after `forget_on`.
    """

    key = models.CharField(max_length=20, unique=True, default=new_check_key)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="self_checks")
    answers = models.JSONField(default=dict)
    verdict = models.CharField(max_length=8)
    email = models.EmailField(_("e-mail address"), blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="self_checks"
    )
    application = models.ForeignKey(
        Application, null=True, blank=True, on_delete=models.SET_NULL, related_name="self_checks"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    forget_on = models.DateField(db_index=True)

    class Meta:
        ordering = ["-changed_at", "-id"]

    def __str__(self) -> str:
        return str(self.answers.get("title") or self.key)
