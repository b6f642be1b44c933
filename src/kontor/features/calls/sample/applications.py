"""Applications of the sample with partners, answers, cases and what was decided about their eligibility."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from kontor.base.actor import Actor
from kontor.features.accounts.models import User
from kontor.features.calls.casework.choosing import choose
from kontor.features.calls.casework.problem import candidates, wanted
from kontor.features.calls.checking.actions.eligibility import LANGUAGES
from kontor.features.calls.checking.problem import recorded
from kontor.features.calls.models import (
    Answer,
    AnswerVersion,
    Application,
    ApplicationPartner,
    ApplicationState,
    Call,
    Case,
    CaseEntry,
    EligibilityDecision,
    EntryKind,
    PartnerRole,
    Verdict,
)
from kontor.features.calls.problem import eligibility
from kontor.features.calls.sample.papers import (
    ask,
    sign,
    submission_of,
    summary_of,
    write_letters,
    write_sections,
    writer_of,
)
from kontor.features.calls.sample.read import Told
from kontor.features.organisations.models import Organisation
from kontor.programmes.rules import State

ACTOR = Actor.system("sample")
#: Which text of the file answers which field of a form, the first that fits.
_TEXTS = {
    "summary": "idea",
    "innovation": "idea",
    "novelty": "idea",
    "idea": "idea",
    "market": "market",
    "benefit": "market",
    "cluster-benefit": "market",
    "cross-border": "border",
    "transregional": "border",
    "plan": "plan",
}
_REASONS = {
    Verdict.ELIGIBLE: {"en": "", "de": "", "nl": ""},
    Verdict.INELIGIBLE: {
        "en": "A rule of the call is not kept; the partners can apply again once it is.",
        "de": "Eine Regel des Aufrufs ist nicht eingehalten; danach ist ein neuer Antrag möglich.",
        "nl": "Een regel van de oproep is niet nageleefd; daarna is een nieuwe aanvraag mogelijk.",
    },
}


def write_applications(
    call: Call,
    told: Told,
    organisations: dict[str, Organisation],
    people: dict[str, tuple[User, str]],
    officer: tuple[str, str],
) -> None:
    """Those whose partners are all there; handed in and decided where the file says when. `people` own the
    organisations, with the function in which they sign; `officer` decides and asks, as key and name.
    """
    prefix = told["call"]["prefix"]
    for number, one in enumerate(told.get("application", ()), 1):
        if any(partner["organisation"] not in organisations for partner in one["partners"]):
            continue
        application = _application(call, one, f"{prefix}-{number:02d}", organisations, people)
        by = writer_of(application, people)
        handed_in = _handed_in(call, told["call"], one, number)
        _case_of(application, handed_in)
        write_letters(application, by)
        write_sections(application, organisations)
        if handed_in is not None:
            sign(application, handed_in, people)
            _hand_in(application, handed_in, by)
            if one.get("decided", True):
                _decide(application, handed_in + dt.timedelta(days=9, hours=number % 5), officer)
            ask(application, officer, by)


def write_case(call: Call, told: Told, organisations: dict[str, Organisation]) -> None:
    """A case that has no application yet."""
    at = timezone.now() - dt.timedelta(days=told["days_ago"])
    case = Case.objects.create(
        key=told["key"],
        call=call,
        title=told["title"],
        name=told["name"],
        email=told["email"],
        organisation=organisations.get(told["organisation"]),
        language=told["language"],
        region=told["region"],
        themes=told["themes"],
        opened_at=at,
    )
    _entry(case, EntryKind.FIRST, at, told["text"])
    _assign(case, at)


def _application(
    call: Call,
    told: Told,
    number: str,
    organisations: dict[str, Organisation],
    people: dict[str, tuple[User, str]],
) -> Application:
    application = Application.objects.create(
        key=told["key"],
        call=call,
        number=number,
        title=told["title"],
        lead=organisations[told["partners"][0]["organisation"]],
        instrument=told.get("instrument", ""),
        language=told["language"],
        themes=told["themes"],
        kets=told.get("kets", []),
        months=told["months"],
        is_sample=True,
        created_by=ACTOR.label,
        changed_by=ACTOR.label,
    )
    partners = [
        _partner(application, position, one, organisations[one["organisation"]])
        for position, one in enumerate(told["partners"])
    ]
    ApplicationPartner.objects.bulk_create(partners)
    _answers(application, told, partners, writer_of(application, people))
    return application


def _partner(
    application: Application, position: int, told: Told, organisation: Organisation
) -> ApplicationPartner:
    return ApplicationPartner(
        key=f"smppt{application.key[-5:]}{position:02d}",
        application=application,
        organisation=organisation,
        role=PartnerRole.PARTNER if position else PartnerRole.LEAD,
        position=position,
        region=told.get("region", ""),
        cost=Decimal(told["cost"]),
        grant=Decimal(told["grant"]),
        led_before=told.get("led_before", False),
        new=told.get("new"),
        in_difficulty=False,
    )


def _answers(
    application: Application, told: Told, partners: list[ApplicationPartner], by: tuple[str, str]
) -> None:
    """The answers, and the version of each that brings it back."""
    now, rows, versions = timezone.now(), [], []
    for field in application.questions.fields(application.step):
        value = _value(field, told, partners)
        if value in (None, "", [], {}):
            continue
        language = told["language"] if field.kind in ("text", "paragraph") else ""
        same = {"application": application, "field": field.key, "value": value, "language": language}
        rows.append(Answer(**same, revision=1, changed_at=now, changed_by=by[1], changed_by_key=by[0]))
        versions.append(AnswerVersion(**same, revision=1, at=now, actor_key=by[0], actor_label=by[1]))
    Answer.objects.bulk_create(rows)
    AnswerVersion.objects.bulk_create(versions)


def _value(field: Any, told: Told, partners: list[ApplicationPartner]) -> Any:
    """What the file says to a field, None where it says nothing."""
    if field.fills == "months":
        return str(told["months"])
    if field.fills:
        listed = told.get(field.fills)
        return listed[0] if field.kind == "choice" and listed else listed
    if field.kind == "yes-no":
        return "no"
    if field.kind == "budget":
        return {one.key: _costs([column.key for column in field.columns], one) for one in partners}
    if field.languages:
        return summary_of(told["key"], field.languages)
    if field.kind == "paragraph":
        text = told.get(_TEXTS.get(field.key, ""))
        if not field.languages:
            return text
        return {told["language"]: text} if text and told["language"] in field.languages else None
    return None


def _costs(columns: list[str], partner: ApplicationPartner) -> dict[str, str]:
    """The cost by kind, adding up to the cent: the first column takes what the others leave."""
    assert partner.cost is not None
    others = {key: (partner.cost / 5).quantize(Decimal("0.01")) for key in columns[1:]}
    first = partner.cost - sum(others.values(), Decimal(0))
    amounts = {columns[0]: first, **others, "grant": partner.grant}
    return {key: str(amount) for key, amount in amounts.items()}


def _handed_in(call: Call, wanted: Told, told: Told, number: int) -> dt.datetime | None:
    """When it was handed in: minutes before the deadline on the last day, hours on the days before."""
    if "submitted_days_ago" not in told:
        return None
    days = told["submitted_days_ago"] - wanted.get("closed_days_ago", 0)
    if "closed_days_ago" not in wanted:
        return timezone.now() - dt.timedelta(days=told["submitted_days_ago"])
    return call.closes_at - dt.timedelta(days=days, minutes=7 + 11 * number)


def _hand_in(application: Application, at: dt.datetime, by: tuple[str, str]) -> None:
    """With a receipt over everything as it stands, as the action writes it."""
    application.receipt = f"{application.number}/{application.step}"
    submission_of(application, at, by)
    application.state, application.submitted_at = ApplicationState.SUBMITTED, at
    application.save(update_fields=["state", "submitted_at", "receipt"])
    _log_step(application, "submitted", at)


def _decide(application: Application, at: dt.datetime, officer: tuple[str, str]) -> None:
    """As the rules say; the reason of a refusal in the application's language."""
    found = eligibility(application)
    verdict = Verdict.ELIGIBLE if found.state == State.YES else Verdict.INELIGIBLE
    EligibilityDecision.objects.create(
        application=application,
        number=1,
        verdict=verdict,
        reason=_REASONS[verdict].get(application.language, ""),
        computed=str(found.state),
        answers=recorded(found, LANGUAGES),
        receipt=application.receipt,
        decided_at=at,
        actor_key=officer[0],
        actor_label=officer[1],
    )
    application.state = ApplicationState(verdict)
    application.save(update_fields=["state"])
    _log_step(application, str(verdict), at)


def _case_of(application: Application, handed_in: dt.datetime | None) -> None:
    """The first contact some weeks before the application, a meeting in between."""
    began = (handed_in or timezone.now()) - dt.timedelta(days=31, hours=application.pk % 6)
    case = Case.objects.create(
        key=f"smpcs{application.key[-7:]}",
        call=application.call,
        title=application.title,
        organisation=application.lead,
        application=application,
        language=application.language,
        region=application.lead.nuts3,
        themes=application.themes,
        opened_at=began,
    )
    _entry(case, EntryKind.FIRST, began)
    _assign(case, began)
    _entry(case, EntryKind.STEP, began + dt.timedelta(days=3), details={"to": "begun"}, shared=True)
    Application.objects.filter(pk=application.pk).update(created_at=began + dt.timedelta(days=3))


def _assign(case: Case, at: dt.datetime) -> None:
    found = choose(wanted(case), candidates(case.call, timezone.localdate()))
    contact = case.call.contacts.filter(pk=found.key).first() if found else None
    Case.objects.filter(pk=case.pk).update(contact=contact)
    details = {"to": str(contact) if contact else "", "why": list(found.why) if found else []}
    _entry(case, EntryKind.ASSIGNED, at, details=details, shared=True)


def _log_step(application: Application, to: str, at: dt.datetime) -> None:
    _entry(application.case, EntryKind.STEP, at, details={"to": to}, shared=True)


def _entry(
    case: Case,
    kind: EntryKind,
    at: dt.datetime,
    text: str = "",
    details: dict[str, Any] | None = None,
    shared: bool = False,
) -> None:
    CaseEntry.objects.create(
        case=case,
        at=at,
        kind=kind,
        text=text,
        shared=shared,
        details=details or {},
        actor_key=ACTOR.key,
        actor_label=ACTOR.label,
    )
