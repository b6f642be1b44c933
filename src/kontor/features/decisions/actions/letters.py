"""Writing, changing and sending letters. What is sent is kept as it was sent."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kontor.base.actor import Actor
from kontor.base.audit import changed_fields, record
from kontor.base.errors import Conflict, KontorError
from kontor.base.keys import new_key
from kontor.base.mail import send
from kontor.features.accounts.queries import keepers_of_all
from kontor.features.accounts.scopes import ScopeKind
from kontor.features.calls.models import Application
from kontor.features.decisions.actions.publishing import undecided
from kontor.features.decisions.actions.rounds import locked_round
from kontor.features.decisions.grounds import names_of
from kontor.features.decisions.letters import compose
from kontor.features.decisions.models import Decision, Letter, Round
from kontor.features.decisions.queries import findings_of
from kontor.features.decisions.scores import NOTHING, standings
from kontor.features.juries.actions import note_applicants_informed

FIELDS = ("language", "subject", "body", "accepted")


@transaction.atomic
def prepare_letters(
    *, round: Round, decisions: Iterable[Decision] | None = None, actor: Actor
) -> list[Letter]:
    """A letter for every decision that holds and has none, composed anew from what is known now. Named
    `decisions` are composed again where their letter is not sent: what somebody changed in it is lost then.
    """
    row = locked_round(round)
    wanted = None if decisions is None else {one.pk for one in decisions}
    held = Decision.objects.live().filter(round=row).select_related("application__lead", "letter")
    names, judged = names_of(row), standings(row)
    sender = f"{row.call.programme.name}\n{settings.SITE_NAME}"
    made = []
    for decision in held.order_by("application__number"):
        known = getattr(decision, "letter", None)
        if (known is not None and (wanted is None or known.sent_at)) or (
            wanted is not None and decision.pk not in wanted
        ):
            continue
        decision.round = row
        draft = compose(decision, judged.get(decision.application.key, NOTHING), names, sender)
        if known is not None:
            # held from here on: what somebody sends meanwhile is kept as it was sent
            known = Letter.objects.select_for_update().get(pk=known.pk)
            if known.sent_at is not None:
                continue
        letter = known or Letter(key=new_key(), decision=decision, prepared_by=actor.label[:200])
        letter.language, letter.subject, letter.body = draft.language, draft.subject[:300], draft.body
        letter.accepted, letter.changed_by = False, actor.label[:200]
        letter.revision += 1 if known else 0
        letter.save()
        changes = {"letter": [None, letter.key], "language": [None, letter.language]}
        record(actor=actor, verb="letter.prepared", subject=decision.application, changes=changes)
        made.append(letter)
    return made


@transaction.atomic
def change_letter(
    *, letter: Letter, subject: str, body: str, accepted: bool, revision: int | None, actor: Actor
) -> Letter:
    """Change what is not sent yet. `accepted`: what the check found stands, knowingly. Conflict where
    somebody changed it since `revision`.
    """
    row = (
        Letter.objects.select_for_update(of=("self",))
        .select_related("decision__application")
        .get(pk=letter.pk)
    )
    if row.sent_at is not None:
        raise _sent()
    if revision is not None and revision != row.revision:
        raise Conflict(
            _("Somebody else changed this letter in the meantime."),
            path="revision",
            remedy=_("Load the page again, and enter your change once more."),
        )
    for path, text in (("subject", subject), ("body", body)):
        if not text.strip():
            raise KontorError(
                _("The letter is empty."),
                code="letter-empty",
                path=path,
                remedy=_("Write what is to be said."),
            )
    before = {name: getattr(row, name) for name in FIELDS}
    row.subject, row.body = " ".join(subject.split())[:300], body.strip().replace("\r\n", "\n")
    row.accepted = accepted
    changes = changed_fields(before, {name: getattr(row, name) for name in FIELDS})
    if changes:
        row.revision += 1
        row.changed_by = actor.label[:200]
        row.save()
        if "body" in changes:  # the log tells that it changed; the text is in the letter
            changes["body"] = [len(before["body"]), len(row.body)]
        record(actor=actor, verb="letter.changed", subject=row.decision.application, changes=changes)
    return row


def _sent() -> KontorError:
    return KontorError(
        _("This letter is sent already."),
        code="letter-sent",
        remedy=_("What was sent is kept as it was. Take a new decision, or write a mail."),
        status=409,
    )


@transaction.atomic
def send_letters(*, letters: Iterable[Letter], actor: Actor) -> int:
    """Send each to the people who answer for the lead's profile, in one transaction; how many went out.
    KontorError (409) where a decision is not published, where what the check found is not accepted, where
    the lead has nobody, and where one was sent already: then none goes out.
    """
    keys = [one.key for one in letters]
    rows = (
        Letter.objects.select_for_update(of=("self",))
        .filter(key__in=keys)
        .select_related(
            "decision__application__lead", "decision__round__call__programme", "decision__publication"
        )
        .order_by("pk")
    )
    count, calls = 0, {}
    for row in rows:
        _check(row)
        calls[row.decision.round.call_id] = row.decision.round
        addresses = recipients_of(row.decision.application)
        if not addresses:
            raise KontorError(
                _("{organisation} has nobody on the site who could get the letter.").format(
                    organisation=row.decision.application.lead
                ),
                code="nobody-to-write-to",
                path=row.key,
                remedy=_("Invite one of its people as owner first."),
                status=409,
            )
        for address in addresses:
            send(
                to=address,
                language=row.language,
                template="decision_letter",
                context={"subject": row.subject, "body": row.body},
            )
        row.sent_at, row.sent_by, row.sent_to = timezone.now(), actor.label[:200], addresses
        row.save(update_fields=["sent_at", "sent_by", "sent_to"])
        changes = {"letter": [None, row.key], "sent_to": [0, len(addresses)]}
        record(actor=actor, verb="letter.sent", subject=row.decision.application, changes=changes)
        count += 1
    for told in calls.values():
        _close_juries(told, actor)
    return count


def _close_juries(round: Round, actor: Actor) -> None:
    """Juries of the call are over once everything is decided and every letter has gone out."""
    held = Decision.objects.live().filter(round=round)
    if undecided(round) or held.filter(Q(letter=None) | Q(letter__sent_at=None)).exists():
        return
    note_applicants_informed(call=round.call, actor=actor)


def _check(row: Letter) -> None:
    if row.sent_at is not None:
        raise _sent()
    if row.decision.publication_id is None or row.decision.ended_at is not None:
        raise KontorError(
            _("The decision on {number} is not published.").format(number=row.decision.application.number),
            code="not-published",
            path=row.key,
            remedy=_("Publish the decisions first."),
            status=409,
        )
    found = findings_of(row)
    if found and not row.accepted:
        raise KontorError(
            _("The letter on {number} has words that its reader may not know: {words}.").format(
                number=row.decision.application.number, words=", ".join(one.quote for one in found[:3])
            ),
            code="letter-unchecked",
            path=row.key,
            remedy=_("Change them, or say in the letter that they stand."),
            status=409,
        )


def recipients_of(application: Application) -> list[str]:
    """Mail addresses of those who own or edit the lead's profile."""
    return recipients_by_lead([application])[application.lead_id]


def recipients_by_lead(applications: Iterable[Application]) -> dict[int, list[str]]:
    """The same by the lead's id; one query."""
    leads = {one.lead.key: one.lead_id for one in applications}
    found: dict[int, list[str]] = {pk: [] for pk in leads.values()}
    for held in keepers_of_all(ScopeKind.ORGANISATION, leads):
        found[leads[held.scope_key]].append(held.user.email)
    return {pk: sorted(set(addresses)) for pk, addresses in found.items()}
