"""Who answers for which section, who has signed, and signing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kontor.base.actor import actor_of
from kontor.base.attachments import answer_with
from kontor.base.errors import KontorError
from kontor.base.models import Attachment
from kontor.base.permissions import allowed, policy, require
from kontor.features.calls.actions import deadline_of
from kontor.features.calls.dossier.actions import asking, owning, signing
from kontor.features.calls.dossier.facts import ground_of
from kontor.features.calls.dossier.forms import PaperForm, SignForm
from kontor.features.calls.dossier.reading import content_for, sections_shown
from kontor.features.calls.dossier.rules import (
    may_arrange,
    may_finish_section,
    may_read_papers,
    may_sign,
)
from kontor.features.calls.dossier.signing import Standing, owners_of, sections_written, standings
from kontor.features.calls.dossier.views.reading import application_of, head, language, said
from kontor.features.calls.models import Application, ApplicationPartner, SectionOwner, Signature
from kontor.features.organisations.views.problems import show_at_field
from kontor.programmes.forms import Section


@dataclass(frozen=True)
class PartnerRow:
    standing: Standing
    signs: bool
    on_paper: bool

    @property
    def titles(self) -> str:
        return _titles(self.standing.sections)

    @property
    def changed(self) -> str:
        return _titles(self.standing.changed)

    @property
    def people(self) -> str:
        return ", ".join(str(user) for user in self.standing.people)


@dataclass(frozen=True)
class SectionRow:
    section: Section
    owner: SectionOwner | None
    finishes: bool

    @property
    def title(self) -> str:
        return self.section.title.best(language())


def _titles(sections: Iterable[Section]) -> str:
    return ", ".join(section.title.best(language()) for section in sections)


@never_cache
@require_safe
@policy(may_read_papers)
def signatures(request: HttpRequest, key: str) -> HttpResponse:
    """The partners with their signatures, and the sections with who answers for them."""
    application = application_of(request, key)
    arranges = application.is_draft and allowed(request, may_arrange, application)
    rows = [_partner_row(request, application, each, arranges) for each in standings(application)]
    owners = owners_of(application)
    sections = [
        SectionRow(
            section,
            owner := owners.get(section.key),
            application.is_draft and owner is not None and allowed(request, may_finish_section, owner),
        )
        for section in sections_written(application.questions, application.step)
    ]
    context = {
        **head(request, application, "signatures"),
        "rows": rows,
        "sections": sections,
        "arranges": arranges,
        "missing": [row.standing.partner for row in rows if row.standing.is_missing],
        "late": timezone.now() >= deadline_of(application),
        "asks": arranges and any(row.standing.is_missing and row.standing.people for row in rows),
    }
    return render(request, "calls/dossier/signatures.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_sign)
def sign(request: HttpRequest, key: str, partner_key: str) -> HttpResponse:
    """Read what one stands for, and sign it."""
    application = application_of(request, key)
    partner = _partner(application, partner_key)
    require(request, may_sign, partner)
    standing = next(each for each in standings(application) if each.partner.pk == partner.pk)
    form = SignForm(request.POST or None, initial={"revision": application.revision})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            signing.sign_application(
                partner=partner, revision=data["revision"], capacity=data["capacity"], actor=actor_of(request)
            )
        except KontorError as error:
            show_at_field(form, error)
            # signing again then signs what is shown now
            form.data = {**request.POST.dict(), "revision": str(application.revision)}
        else:
            messages.success(request, _("Signed for %(name)s.") % {"name": partner.organisation.name})
            return redirect("calls:signatures", application.key)
    context = {
        **head(request, application, "signatures"),
        "form": form,
        "standing": standing,
        "changed": _titles(standing.changed),
        "sections": sections_shown(
            application.questions,
            content_for(request.user, application),
            ground_of(application, language()),
            [section.key for section in standing.sections],
        ),
    }
    return render(request, "calls/dossier/sign.html", context, status=400 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@policy(may_arrange)
def paper(request: HttpRequest, key: str, partner_key: str) -> HttpResponse:
    """Record a signature on paper for a partner that nobody owns here."""
    application = application_of(request, key)
    require(request, may_arrange, application)
    partner = _partner(application, partner_key)
    form = PaperForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            signing.sign_on_paper(
                partner=partner,
                name=data["name"],
                capacity=data["capacity"],
                upload=data["file"],
                actor=actor_of(request),
            )
        except KontorError as error:
            show_at_field(form, error)
        else:
            messages.success(request, _("The signature is recorded."))
            return redirect("calls:signatures", application.key)
    context = {**head(request, application, "signatures"), "form": form, "partner": partner}
    return render(request, "calls/dossier/paper.html", context, status=400 if form.errors else 200)


@require_safe
@policy(may_read_papers)
def scan(request: HttpRequest, key: str, signature_key: str) -> FileResponse:
    """The scan of a signature on paper."""
    application = application_of(request, key)
    signature = get_object_or_404(application.signatures, key=signature_key)
    attached = Attachment.objects.of(signature).first()
    return answer_with(attached if attached else get_object_or_404(Attachment.objects.none()))


@require_POST
@policy(may_arrange)
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """Write to those who have not signed."""
    application = application_of(request, key)
    require(request, may_arrange, application)
    with said(request):
        asked = asking.ask_for_signatures(application=application, actor=actor_of(request))
        names = ", ".join(partner.organisation.name for partner in asked)
        messages.success(request, _("Asked to sign: %(names)s.") % {"names": names})
    return redirect("calls:signatures", application.key)


@require_POST
@policy(may_read_papers)
def take_back(request: HttpRequest, key: str, signature_key: str) -> HttpResponse:
    """The signer, or whoever recorded a paper, takes it back."""
    application = application_of(request, key)
    rows = application.signatures.standing().select_related("partner__organisation")
    signature: Signature = get_object_or_404(rows, key=signature_key)
    rule, about = (may_sign, signature.partner) if signature.way == "here" else (may_arrange, application)
    require(request, rule, about)
    with said(request, _("The signature is taken back.")):
        signing.take_signature_back(signature=signature, actor=actor_of(request))
    return redirect("calls:signatures", application.key)


@require_POST
@policy(may_read_papers)
def section(request: HttpRequest, key: str, section_key: str) -> HttpResponse:
    """Say who answers for a section (`organisation`, empty for nobody), or that it is done (`done`)."""
    application = application_of(request, key)
    if "done" in request.POST:
        owner = get_object_or_404(
            SectionOwner.objects.select_related("organisation", "application__lead"),
            application=application,
            section=section_key,
        )
        require(request, may_finish_section, owner)
        with said(request):
            owning.mark_section(owner=owner, done=request.POST["done"] == "yes", actor=actor_of(request))
    else:
        require(request, may_arrange, application)
        wanted = request.POST.get("organisation", "")
        partner = _partner(application, wanted) if wanted else None
        with said(request, _("Saved.")):
            owning.assign_section(
                application=application,
                section=section_key,
                organisation=partner.organisation if partner else None,
                actor=actor_of(request),
            )
    return redirect("calls:signatures", application.key)


def _partner(application: Application, key: str) -> ApplicationPartner:
    rows = application.partners.current().select_related("organisation", "application")
    found: ApplicationPartner = get_object_or_404(rows, key=key)
    return found


def _partner_row(
    request: HttpRequest, application: Application, standing: Standing, arranges: bool
) -> PartnerRow:
    signs = application.is_draft and allowed(request, may_sign, standing.partner)
    return PartnerRow(standing, signs, arranges and standing.must_sign and not standing.people)


urlpatterns: list[Any] = [
    path("<str:key>/signatures/", signatures, name="signatures"),
    path("<str:key>/signatures/ask/", ask, name="ask-to-sign"),
    path("<str:key>/signatures/<str:signature_key>/scan/", scan, name="signature-scan"),
    path("<str:key>/signatures/<str:signature_key>/take-back/", take_back, name="signature-take-back"),
    path("<str:key>/signatures/<str:partner_key>/sign/", sign, name="sign"),
    path("<str:key>/signatures/<str:partner_key>/paper/", paper, name="sign-paper"),
    path("<str:key>/sections/<str:section_key>/", section, name="section-owner"),
]
