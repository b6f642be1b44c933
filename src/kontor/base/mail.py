"""Mail in the recipient's language, sent by a job after the transaction that wrote it committed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from kontor.base.actor import Actor
from kontor.base.jobs.context import JobContext
from kontor.base.jobs.handlers import handler
from kontor.base.jobs.queue import enqueue


def send(*, to: str, language: str, template: str, context: dict[str, Any]) -> None:
    """Queue `mail/<template>.txt`, whose first line is `Subject: …`, rendered in `language`.

    The template also sees `site_name` and `site_url`. Raises ValueError when the first line is no subject.
    """
    with override(language):
        text = render_to_string(
            f"mail/{template}.txt",
            {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, **context},
        )
    subject, body = _split(text, template)
    enqueue("mail.send", {"to": to, "subject": subject, "body": body}, actor=Actor.system("mail"))


def _split(text: str, template: str) -> tuple[str, str]:
    first, _line_end, body = text.lstrip().partition("\n")
    if not first.startswith("Subject: "):
        raise ValueError(f"mail/{template}.txt must begin with 'Subject: '")
    return " ".join(first.removeprefix("Subject: ").split()), body.strip() + "\n"


@handler("mail.send", title=_("Send a mail"), max_attempts=8, forget_payload=True)
def deliver(job: JobContext) -> dict[str, Any]:
    """Send one mail. Its Message-ID is the job's, so a second delivery of one job is recognised as the
    same mail.
    """
    mail = job.payload
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">")
    headers = {"Message-ID": f"<{job.key}@{domain}>", "Auto-Submitted": "auto-generated"}
    EmailMessage(mail["subject"], mail["body"], to=[mail["to"]], headers=headers).send()
    return {}
