"""What stands between an application and its submission: each problem, its place and the rule behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kontor import programmes
from kontor.features.calls.annexes import region_of
from kontor.features.calls.dossier.signing import missing_signatures
from kontor.features.calls.models import AnswerVersion, Application, ApplicationPartner, PartnerRole
from kontor.features.calls.models.answer import VersionOrigin
from kontor.features.calls.problem import assessed
from kontor.programmes.forms import Fault, Form, Payee, check, check_field, is_shown

#: What time will mend: nobody is told of it while still writing.
_NOT_YET = frozenset(
    {
        "missing",
        "missing-cell",
        "missing-language",
        "few",
        "budget-cost",
        "budget-grant",
        "budget-over",
        "shares-sum",
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. `blocks`: nobody can submit with it; otherwise one can, but the rule will count
    against the application. `href` leads to the field.
    """

    text: str
    rule: str
    section: str
    field: str
    href: str
    blocks: bool = True
    code: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """Everything of an application that is checked, read once."""

    application: Application
    form: Form
    answers: dict[str, Any]
    partners: Sequence[ApplicationPartner]
    conflicts: Sequence[AnswerVersion] = field(default=())

    @property
    def payees(self) -> list[Payee]:
        return [
            Payee(one.key, one.organisation.name)
            for one in self.partners
            if one.role != PartnerRole.ASSOCIATED
        ]


def state_of(application: Application) -> State:
    """Three queries: answers, partners, texts kept beside others."""
    return State(
        application=application,
        form=application.questions,
        answers={one.field: one.value for one in application.answers.all()},
        partners=list(application.partners.current().select_related("organisation")),
        conflicts=list(application.versions.filter(origin=VersionOrigin.PARKED, settled_at=None)),
    )


def problems_of(state: State) -> list[Problem]:
    """Faults of the answers in the form's order, then open conflicts, then the rules of the instrument."""
    currency = state.application.call.definition_of_programme.currency
    faults = check(state.form, state.answers, state.application.step, payees=state.payees, currency=currency)
    return [
        *(_of_fault(state, fault) for fault in faults),
        *_conflicts(state),
        *_signatures(state),
        *_homeless(state),
        *_rules(state),
    ]


def blocking(problems: Sequence[Problem]) -> list[Problem]:
    return [one for one in problems if one.blocks]


def shown_answers(state: State) -> dict[str, Any]:
    """The answers to what is asked: fields hidden by a condition are left out."""
    return {
        one.key: state.answers[one.key]
        for one in state.form.fields(state.application.step)
        if one.key in state.answers and is_shown(state.form, one, state.answers)
    }


def field_address(application: Application, section: str, key: str, *, told: bool = False) -> str:
    """The writing page at a field; `told`: with what is wrong beside each field."""
    page = reverse("calls:write", args=[application.key, section])
    return f"{page}{'?check' if told else ''}#{field_id(key)}"


def faults_as_typed(application: Application, values: Mapping[str, Any]) -> dict[str, str]:
    """{field: sentence} of what cannot be handed in as it was typed; what is only missing yet is no fault."""
    form, language = application.questions, (get_language() or "en")[:2]
    budgets = any(form.field(key).kind == "budget" for key in values)
    payees = state_of(application).payees if budgets else []
    currency = application.call.definition_of_programme.currency
    found: dict[str, str] = {}
    for key, value in values.items():
        faults = check_field(form.field(key), value, payees=payees, currency=currency)
        wrong = [fault for fault in faults if fault.code not in _NOT_YET]
        if wrong:
            found[key] = wrong[0].text(language)
    return found


def field_id(key: str, row: int | None = None, column: str = "") -> str:
    """The id of a field's control on the writing page."""
    parts = ["f", key, *([] if row is None else [str(row)]), *([column] if column else [])]
    return "-".join(parts)


def _of_fault(state: State, fault: Fault) -> Problem:
    language = (get_language() or "en")[:2]
    section = state.form.section_of(fault.field).key
    return Problem(
        text=fault.text(language),
        rule=fault.rule(language),
        section=section,
        field=fault.field,
        href=field_address(state.application, section, fault.field, told=True),
        code=fault.code,
    )


def _conflicts(state: State) -> list[Problem]:
    found = []
    for version in state.conflicts:
        section = state.form.section_of(version.field).key
        label = state.form.field(version.field).label.best((get_language() or "en")[:2])
        found.append(
            Problem(
                text=_("{field}: two versions stand beside each other.").format(field=label),
                rule=_("Nobody's text is dropped: decide which one is handed in."),
                section=section,
                field=version.field,
                href=field_address(state.application, section, version.field),
                code="conflict",
            )
        )
    return found


def _signatures(state: State) -> list[Problem]:
    """Partners whose authorised person has not signed what stands there now."""
    if not any(one.role == PartnerRole.PARTNER for one in state.partners):
        return []
    return [
        Problem(
            text=_("{partner} has not signed.").format(partner=partner.organisation.name),
            rule=_("Each partner's authorised person signs before the application is handed in."),
            section="",
            field="",
            href=reverse("calls:signatures", args=[state.application.key]),
            code="signature",
        )
        for partner in missing_signatures(state.application)
    ]


def _homeless(state: State) -> list[Problem]:
    """Partners with money whom no region of a synchronised call pays."""
    call = state.application.call
    if not call.regions:
        return []
    paying = [one for one in state.partners if one.role != PartnerRole.ASSOCIATED and one.grant]
    return [
        Problem(
            text=_("No region of the call pays for {partner}.").format(partner=one.organisation.name),
            rule=_("Each region funds its own partners; say which one pays for this partner."),
            section="",
            field="",
            href=reverse("calls:partner", args=[state.application.key, one.key]),
            code="region",
        )
        for one in paying
        if not region_of(one, call)
    ]


def _rules(state: State) -> list[Problem]:
    """Rules of the instrument that say no. They never block: the decision is the programme's."""
    application = state.application
    language = (get_language() or "en")[:2]
    found = []
    for answer in assessed(application, state.partners).answers:
        if answer.state != programmes.State.NO or answer.use.preference:
            continue
        reasons = [one.reason.text(language) for one in answer.findings if one.state == programmes.State.NO]
        section, key = _place(state.form, answer.use.rule)
        quoted = answer.wording(language)
        found.append(
            Problem(
                text=" ".join(reasons),
                rule=f"{quoted} ({answer.use.source})" if answer.use.source else quoted,
                section=section,
                field=key,
                href=field_address(application, section, key) if section else "",
                blocks=False,
                code=answer.use.key,
            )
        )
    return found


_ABOUT_MONEY = frozenset({"project-ceiling", "grant-ceiling", "rate", "annex-rate", "annex-ceiling"})


def _place(form: Form, rule: str) -> tuple[str, str]:
    """Where a rule's answer can be mended: duration, themes, technologies, money, else the partners."""
    wanted = {"duration": "months", "mandatory-themes": "themes", "mandatory-kets": "kets"}.get(rule)
    kind = "budget" if rule in _ABOUT_MONEY else "partners"
    for section in form.sections:
        for one in section.fields:
            if one.fills == wanted if wanted else one.kind == kind:
                return section.key, one.key
    return "", ""
