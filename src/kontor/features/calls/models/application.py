"""An application: what organisations write for a call, from the first word to the decision."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Self

from django.db import models
from django.db.models import Max, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kontor import programmes
from kontor.features.calls.models.call import Call
from kontor.features.calls.models.states import HANDED_IN, ApplicationState
from kontor.features.matching.models import Consortium
from kontor.features.matching.models.added import AddedOnly
from kontor.features.organisations.models import Organisation
from kontor.programmes.forms import Form


class ApplicationQuerySet(models.QuerySet["Application"]):
    def handed_in(self) -> Self:
        """Submitted, and not withdrawn since."""
        return self.filter(state__in=HANDED_IN)

    def with_requested(self) -> Self:
        """With `asked`, the sum of the partners' grants, in one query."""
        return self.annotate(asked=Sum("partners__grant", filter=Q(partners__removed_at=None)))

    def with_lead_region(self) -> Self:
        """With `lead_region`, the region that pays the lead of a synchronised call, in one query."""
        lead = Q(partners__role="lead", partners__removed_at=None)
        return self.annotate(lead_region=Max("partners__region", filter=lead))


class Application(models.Model):
    """`number` names it to people and tells nobody how many others there are. `lead` is the organisation that
    applies: its people write, and a person who owns it submits.

    Of several `themes`, `main_theme` is the one the applicant calls so, and `theme_shares` ({theme: percent
    as text}) how the cost is divided over them, where the programme asks for it.
    `instrument` is what it asks for where the call offers several, empty for the call's own.
    `step` is the one being written or handed in last. `revision` rises with every saved answer, so that an
    open page can ask what is new since. `receipt` and `submitted_at` are of the latest submission;
    `withdrawn_from` is the state a withdrawal may be undone to.
    """

    key = models.CharField(max_length=12, unique=True)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="applications")
    number = models.CharField(_("number"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=300, blank=True)
    lead = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="applications_led")
    consortium = models.ForeignKey(
        Consortium, null=True, blank=True, on_delete=models.SET_NULL, related_name="applications"
    )
    instrument = models.CharField(max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    themes = models.JSONField(_("themes"), default=list, blank=True)
    main_theme = models.CharField(_("main theme"), max_length=60, blank=True)
    theme_shares = models.JSONField(_("shares of the themes"), default=dict, blank=True)
    kets = models.JSONField(_("key enabling technologies"), default=list, blank=True)
    months = models.PositiveSmallIntegerField(_("duration in months"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ApplicationState.choices, default=ApplicationState.DRAFT
    )
    step = models.PositiveSmallIntegerField(_("step"), default=1)
    revision = models.PositiveIntegerField(default=1)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    receipt = models.CharField(_("receipt"), max_length=60, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_from = models.CharField(max_length=10, blank=True)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.CharField(max_length=200, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["call", "state", "number"], name="application_of_call")]

    def __str__(self) -> str:
        # the log shows this to people who may not read the application
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("calls:application", args=[self.key])

    @property
    def instrument_of_programme(self) -> programmes.Instrument:
        """What is asked for, as the version that the call rests on describes it."""
        return self.call.definition_of_programme.instrument(self.instrument or self.call.instrument)

    @property
    def questions(self) -> Form:
        """The form of what is asked for, as the call froze it."""
        return self.call.form_of(self.instrument)

    @property
    def is_draft(self) -> bool:
        return self.state == ApplicationState.DRAFT

    @property
    def is_handed_in(self) -> bool:
        return self.state in HANDED_IN

    @property
    def requested(self) -> Decimal:
        """The sum of the partners' grants; partners without one count as nothing."""
        asked = getattr(self, "asked", None)
        if asked is None:
            asked = self.partners.current().aggregate(asked=Sum("grant"))["asked"]
        return Decimal(asked or 0).quantize(Decimal("0.01"))

    @property
    def snapshot(self) -> dict[str, Any]:
        """What was handed in last, {} before: docs/formats/application.md."""
        last = self.submissions.order_by("-id").first()
        return last.snapshot if last else {}


class Submission(AddedOnly):
    """One handing in: the whole application as it stood, when by the server's clock, and the SHA-256 of its
    text (`docs/formats/application.md`). A later one of the same step replaces it; none is ever changed.
    """

    #: A name here proves who answered for public money: it stays when the person's data are erased.
    keeps_names = True

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="submissions")
    step = models.PositiveSmallIntegerField()
    receipt = models.CharField(max_length=60, unique=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)
    by_key = models.CharField(max_length=64)
    snapshot = models.JSONField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.receipt


def of_organisations(rows: Q) -> Q:
    """Applications that these organisations lead or take part in; `rows` is a condition on organisations."""
    found = Organisation.objects.filter(rows).values("pk")
    return Q(lead__in=found) | Q(partners__organisation__in=found, partners__removed_at=None)
