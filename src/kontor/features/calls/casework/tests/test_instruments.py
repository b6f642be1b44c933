"""What a call offers: one ranking, so one set of criteria; but each instrument its own form and rules."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from kontor import programmes
from kontor.base.errors import KontorError
from kontor.features.calls.actions import begin_application, deadline_of
from kontor.features.calls.announcing.actions import add_call, publish_call, save_call
from kontor.features.calls.completeness import problems_of, state_of
from kontor.features.calls.models import Application, ApplicationPartner, Call
from kontor.features.calls.problem import eligibility
from kontor.features.organisations.tests.factories import ACTOR, organisation
from kontor.features.programmes.actions import add_programme, publish_draft
from kontor.features.programmes.models import Programme

pytestmark = pytest.mark.django_db


def rocket() -> Programme:
    made = add_programme(text=programmes.shipped_texts()["rocket"], actor=ACTOR)
    publish_draft(programme=made, actor=ACTOR)
    return made


def opened(programme: Programme, instrument: str, key: str, **values: object) -> Call:
    call = add_call(programme=programme, instrument=instrument, key=key, actor=ACTOR)
    told = {"opens_at": timezone.now() - dt.timedelta(days=1), **values}
    save_call(call=call, values=told, revision=None, actor=ACTOR)
    return publish_call(call=Call.objects.get(pk=call.pk), actor=ACTOR)


def test_each_instrument_asks_its_own_form_and_keeps_its_own_rules() -> None:
    call = opened(rocket(), "innovation-project", "both", more=["feasibility-study"])
    firm = organisation("Lumen BV", "NL", size="large", nuts3="NL221")
    begun = {
        name: begin_application(call=call, lead=firm, instrument=name, actor=ACTOR)
        for name in ("innovation-project", "feasibility-study")
    }
    project, study = begun.values()
    assert (project.instrument, study.instrument) == ("", "feasibility-study")
    assert (project.questions.key, study.questions.key) == (
        "rocket-full-application", "rocket-short-application"
    )  # fmt: skip
    broken = [one.use.key for one in eligibility(study).answers if one.state == "no"]
    assert "lead-type" in broken
    assert "lead-type" not in [one.use.key for one in eligibility(project).answers]
    with pytest.raises(KontorError, match="does not offer “pioneer-project”"):
        begin_application(call=call, lead=firm, instrument="pioneer-project", actor=ACTOR)
    assert Application.objects.count() == 2


def test_what_cannot_stand_in_one_ranking_gets_a_call_of_its_own_at_the_same_moments() -> None:
    programme = rocket()
    with pytest.raises(KontorError, match="judged by other criteria") as refused:
        opened(programme, "innovation-project", "mixed", more=["pioneer-project"])
    assert refused.value.path == "more"
    assert "both can open and close at the same moments" in str(refused.value.remedy)
    with pytest.raises(KontorError, match="named twice"):
        opened(programme, "innovation-project", "twice", more=["innovation-project"])
    times = {"closes_at": timezone.now() + dt.timedelta(days=30)}
    calls = [
        opened(programme, name, f"with-{name}", **times) for name in ("innovation-project", "pioneer-project")
    ]
    assert {one.version for one in calls} == {programme.current}
    assert len({one.closes_at for one in calls}) == 1
    assert [one.state for one in calls] == ["published", "published"]


def test_a_team_has_the_earliest_deadline_of_the_regions_that_pay_in_it() -> None:
    """The exception of one annex, as in the Innovation Express, where one country closed a month before."""
    made = add_programme(text=programmes.shipped_texts()["s3-4alpclusters"], actor=ACTOR)
    publish_draft(programme=made, actor=ACTOR)
    now = timezone.now()
    call = opened(made, "synchronised-call", "alps", closes_at=now + dt.timedelta(days=40))
    early, late = now + dt.timedelta(days=9), now + dt.timedelta(days=60)
    keys = [one["key"] for one in call.regions]
    for region, moment in zip(call.regions, (early, late), strict=False):
        region["closes_at"] = moment.isoformat()
    call.save()
    firms = [organisation(f"Firm {n}", "AT") for n in range(3)]
    application = begin_application(call=call, lead=firms[0], actor=ACTOR)
    lead = application.partners.get()

    def paid_by(partner: ApplicationPartner, region: str) -> dt.datetime:
        partner.region = region
        partner.save()
        return deadline_of(application)

    assert paid_by(lead, keys[2]) == call.closes_at
    assert paid_by(lead, keys[1]) == late, "the whole team is late where its only region is"
    second = ApplicationPartner.objects.create(key="p2", application=application, organisation=firms[1])
    assert paid_by(second, keys[2]) == call.closes_at
    third = ApplicationPartner.objects.create(key="p3", application=application, organisation=firms[2])
    assert paid_by(third, keys[0]) == early
    third.role = "associated"
    assert paid_by(third, keys[0]) == call.closes_at, "who gets no money delays nobody"
    Call.objects.filter(pk=call.pk).update(closes_at=now)
    call.refresh_from_db()
    assert (call.takes(now), call.is_open(now)) == (False, True)


def test_each_region_pays_its_own_partners_by_its_own_terms() -> None:
    """50 % of 40,000.00 is kept and a cent more is not; a public body is none of those that are paid."""
    made = add_programme(text=programmes.shipped_texts()["s3-4alpclusters"], actor=ACTOR)
    publish_draft(programme=made, actor=ACTOR)
    call = opened(made, "synchronised-call", "alps")
    first, second = call.regions[0], call.regions[1]
    first |= {"rate": "50", "ceiling": "20000.00", "kinds": ["firm", "cluster"]}
    second |= {"rate": "", "ceiling": "", "kinds": ["public"]}
    call.save()
    firm, office = organisation("Firm", "DE"), organisation("Office", "AT", kind="public")
    application = begin_application(call=call, lead=firm, actor=ACTOR)
    lead = application.partners.get()
    lead.region, lead.cost, lead.grant = first["key"], Decimal("40000.00"), Decimal("20000.00")
    lead.save()
    other = ApplicationPartner.objects.create(
        key="p2", application=application, organisation=office, region=second["key"],
        cost=Decimal("99000.00"), grant=Decimal("99000.00"),
    )  # fmt: skip

    def answers() -> dict[str, str]:
        found = eligibility(application).answers
        return {one.use.key: str(one.state) for one in found if one.use.rule.startswith("annex")}

    named = {rule: f"annex-{rule}:{first['key']}" for rule in ("kinds", "rate", "ceiling")}
    kept = dict.fromkeys((*named.values(), f"annex-kinds:{second['key']}"), "yes")
    assert answers() == kept
    ApplicationPartner.objects.filter(pk=lead.pk).update(grant=Decimal("20000.01"))
    assert answers() == {**kept, named["rate"]: "no", named["ceiling"]: "no"}
    rate = next(one for one in eligibility(application).answers if one.use.key == named["rate"])
    name = call.said(first["name"])
    assert rate.wording("en") == f"{name} pays at most 50 % of a partner's cost."
    assert rate.findings[0].reason.text("en") == (
        f"Firm asks for 20,000.01 EUR at a cost of 40,000 EUR; {name} pays at most 20,000 EUR."
    )
    told = [one.code for one in problems_of(state_of(application)) if not one.blocks]
    assert set(told) >= {named["rate"], named["ceiling"]}
    ApplicationPartner.objects.filter(pk=other.pk).update(region=first["key"])
    assert answers()[named["kinds"]] == "no"
